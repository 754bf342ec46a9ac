//===- Kernel.h - The kernel dialect ----------------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_KERNEL_KERNEL_H
#define TENON_DIALECTS_KERNEL_KERNEL_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

#include "dialects/kernel/KernelDialect.h.inc"
#include "dialects/kernel/KernelEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/kernel/KernelTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/kernel/KernelAttributes.h.inc"

#define GET_OP_CLASSES
#include "dialects/kernel/KernelOps.h.inc"

namespace tenon::kernel {
/// The name of the module attribute that holds the `#kernel.target`.
inline constexpr llvm::StringLiteral kTargetAttrName = "kernel.target";

/// Attributes of function arguments. Of a memref: the function and what it
/// calls only read it (`const` in C++); nothing else that the function uses
/// overlaps it. Of any argument: its name in emitted C++.
inline constexpr llvm::StringLiteral kReadOnlyAttrName = "kernel.readonly";
inline constexpr llvm::StringLiteral kNoAliasAttrName = "kernel.noalias";
inline constexpr llvm::StringLiteral kNameAttrName = "kernel.name";

/// Of a memref of a public function: the C type of what it points to, where
/// that is not the plain element type.
inline constexpr llvm::StringLiteral kCTypeAttrName = "kernel.ctype";

/// What `legalize-for-cpp` leaves for the printer: the names of the values that
/// an operation defines; that the operation is written inside of its user.
inline constexpr llvm::StringLiteral kNamesAttrName = "kernel.names";
inline constexpr llvm::StringLiteral kInlineAttrName = "kernel.inline";

/// Of a global whose data lie in the weights file: the byte there.
inline constexpr llvm::StringLiteral kFileOffsetAttrName = "kernel.file_offset";

/// The context's members, in order: each has the size of a pointer.
/// runtime-stubs/helpers.h has its C text.
enum class ContextMember { User, Parallel, Profile, Weights, WeightsSize };

/// The size in memory of one element of a type, in bytes: i1 takes one.
unsigned getElementBytes(mlir::Type type);

/// The width of the lanes whose comparison gave a vector of i1, found through
/// logic and selections; 0 where it is none.
unsigned getMaskBits(mlir::Value mask);

/// The name of the ONNX node that a location holds; empty if it holds none.
llvm::StringRef getNodeName(mlir::Location loc);

/// The bytes of a dense or resource attribute, little-endian, row-major;
/// one element for a splat; empty where the blob of a resource is missing.
llvm::ArrayRef<char> getRawBytes(mlir::ElementsAttr value);

/// The elements of a constant as they lie in memory: splats repeated, i1 in a
/// byte each.
std::vector<char> getData(GlobalOp global);

/// What makes the constants of a program fewer: "hint: ...".
std::string getConstantsHint(mlir::ModuleOp module);

/// The alignment of a constant: its own, or the target's.
uint64_t getConstantAlignment(GlobalOp global);

/// Where in the weights file the data of a global lie; none where they are part
/// of the program.
std::optional<uint64_t> getFileOffset(GlobalOp global);

/// A function of the module's own that works on memory: a layer, not a helper.
/// It stays a function in emitted code, where it has all registers for itself.
bool isKernel(mlir::FunctionOpInterface function);

/// The kind of instructions that has one for an operation, at its type: the
/// target's, or the DSP extension beside MVE; None without one. Helpers of
/// emitted C++ are named after them (`dot_shorts_dsp`).
DotKind getInstructions(WidenOp op);
DotKind getInstructions(DotShortsOp op);
DotKind getInstructions(DotBytesOp op);
DotKind getInstructions(DotLanesOp op);

/// The target of the module around `op`; null where the module names none.
TargetAttr getTarget(mlir::Operation *op);
} // namespace tenon::kernel

#endif // TENON_DIALECTS_KERNEL_KERNEL_H
