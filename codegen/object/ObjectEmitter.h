//===- ObjectEmitter.h - Low form to machine code ---------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every function takes a module in the low form and leaves it as it is. Errors
// are diagnostics of the module.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_OBJECT_OBJECTEMITTER_H
#define TENON_CODEGEN_OBJECT_OBJECTEMITTER_H

#include "codegen/object/OptLevel.h"
#include "dialects/kernel/Kernel.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LogicalResult.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"

namespace tenon {

/// LLVM's machine for the module's `#kernel.target`; null, with a diagnostic,
/// where LLVM knows no such machine.
std::unique_ptr<llvm::TargetMachine> createTargetMachine(mlir::ModuleOp module,
                                                         OptLevel level);

/// The low form in the LLVM dialect: bare pointers, hooks as calls. The
/// constants have no data yet.
mlir::OwningOpRef<mlir::ModuleOp>
convertToLLVMDialect(mlir::ModuleOp module, llvm::StringRef dataLayout);

/// The module as LLVM IR, not optimized yet.
std::unique_ptr<llvm::Module> translateToLLVM(mlir::ModuleOp module,
                                              llvm::LLVMContext &context,
                                              OptLevel level);

/// LLVM's pipeline, without anything that changes the result of a float
/// operation.
void optimize(llvm::Module &module, llvm::TargetMachine &machine,
              OptLevel level);

mlir::LogicalResult emitObject(mlir::ModuleOp module,
                               llvm::raw_pwrite_stream &os, OptLevel level);

/// A static archive of one object, without dates or owners.
mlir::LogicalResult emitArchive(mlir::ModuleOp module, llvm::raw_ostream &os,
                                llvm::StringRef memberName, OptLevel level);

/// Symbols that the object may leave undefined on a target: mem* and the
/// compiler's own support routines.
bool isAllowedUndefined(llvm::StringRef symbol, kernel::TargetAttr target);

/// Links the objects and archives of `inputs` into a shared object, by LLD, or
/// with sources into an executable, by the command `gcc`.
mlir::LogicalResult linkShared(mlir::Location loc,
                               llvm::ArrayRef<std::string> inputs,
                               llvm::StringRef output,
                               kernel::TargetAttr target);
mlir::LogicalResult linkExecutable(mlir::Location loc,
                                   llvm::ArrayRef<std::string> inputs,
                                   llvm::StringRef output, llvm::StringRef gcc,
                                   llvm::StringRef gccFlags);

} // namespace tenon

#endif // TENON_CODEGEN_OBJECT_OBJECTEMITTER_H
