//===- FunctionBody.h - What an operator is made of -------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_IMPORT_FUNCTIONBODY_H
#define TENON_COMPILER_IMPORT_FUNCTIONBODY_H

#include "onnx/onnx_pb.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <vector>

namespace tenon::importer {

/// The function that defines the operator of `node`, with the attributes and
/// omitted inputs of `node`; none where ONNX defines it by words. Types of
/// inputs, in the order of the node, are not set where they are unknown.
llvm::Expected<std::optional<::onnx::FunctionProto>>
getFunctionBody(::onnx::NodeProto node,
                const std::vector<::onnx::TypeProto> &inputTypes);

} // namespace tenon::importer

#endif // TENON_COMPILER_IMPORT_FUNCTIONBODY_H
