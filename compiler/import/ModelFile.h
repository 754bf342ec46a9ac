//===- ModelFile.h - Reads a model, leaves its weights ----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_IMPORT_MODELFILE_H
#define TENON_COMPILER_IMPORT_MODELFILE_H

#include "compiler/import/Diagnostics.h"
#include "onnx/onnx_pb.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/MemoryBuffer.h"

#include <memory>

namespace tenon::importer {

/// Bytes that stay valid as long as their owner.
struct SharedBytes {
  llvm::ArrayRef<char> bytes;
  std::shared_ptr<llvm::MemoryBuffer> owner;
};

/// A large constant: type and dims without data, and the data as in
/// `raw_data`, in the mapped file or in memory.
struct Weight {
  ::onnx::TensorProto tensor;
  SharedBytes data;
};

/// A model whose large initializers are taken out. In `proto` they are inputs
/// of the main graph, which is what ONNX's library takes them for.
struct Model {
  ::onnx::ModelProto proto;
  llvm::StringMap<Weight> weights;
};

/// Maps and parses the file `path`. Errors go to `diagnostics`.
mlir::LogicalResult readModel(llvm::StringRef path, Model &model,
                              FileDiagnostics &diagnostics);

/// The bytes of a tensor with `data_location` EXTERNAL; `folder` is the
/// model's, which the data may not leave.
llvm::Expected<SharedBytes> readExternalData(const ::onnx::TensorProto &tensor,
                                             llvm::StringRef folder);

/// A dense tensor with the values of a sparse one.
llvm::Expected<::onnx::TensorProto>
expandSparse(const ::onnx::SparseTensorProto &sparse);

/// Bits of one element in `raw_data`; 0 where the type has no fixed size.
unsigned getElementBits(int32_t dataType);

/// Bytes that `raw_data` of the tensor has; an error for a shape that is
/// negative, too large, or of a type without fixed size.
llvm::Expected<uint64_t> getRawSize(const ::onnx::TensorProto &tensor);

/// The values of a tensor as in `raw_data`, whichever field they are in.
llvm::Expected<std::string> getRawData(const ::onnx::TensorProto &tensor);

} // namespace tenon::importer

#endif // TENON_COMPILER_IMPORT_MODELFILE_H
