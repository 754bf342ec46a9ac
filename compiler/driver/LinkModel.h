//===- LinkModel.h - Shared objects and programs of models ------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_DRIVER_LINKMODEL_H
#define TENON_COMPILER_DRIVER_LINKMODEL_H

#include "compiler/driver/Compiler.h"

namespace tenon {

enum class Linked { Shared, Program };

/// Compiles a module in the low form to an object in a temporary folder and
/// links it into the file `path`: alone, or with a main program around it. LLD
/// forgets all options of the command line. 0, or the exit code after an error
/// was printed.
int linkModel(mlir::ModuleOp module, const CompileOptions &options,
              Linked linked, const std::string &path);

} // namespace tenon

#endif // TENON_COMPILER_DRIVER_LINKMODEL_H
