//===- Constants.h - Constant tensors, read and made ------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A constant tensor has one of two forms. Up to 1 KiB, and splats of any size,
// are `arith.constant dense`, which upstream folders understand. All others
// are `nn.weight` of a `kernel.global`, which they must not see. Passes that
// read or make constants go through here and need not know which it is.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_NN_CONSTANTS_H
#define TENON_DIALECTS_NN_CONSTANTS_H

#include "dialects/nn/Nn.h"
#include "mlir/IR/AsmState.h"
#include <memory>

namespace tenon::nn {

/// Constants of more bytes than this are symbols, unless they are splats.
inline constexpr int64_t kMaxDenseBytes = 1024;

/// The elements of a tensor: row-major, little-endian, one byte for an i1 (or
/// another integer of less than a byte). Cheap to copy.
struct Buffer {
  mlir::RankedTensorType type;
  llvm::ArrayRef<char> bytes;
  /// Keeps `bytes` alive; null where someone else does.
  std::shared_ptr<char> storage;

  /// Zeros; fails where the type is dynamic or takes more than 4 GiB.
  static mlir::FailureOr<Buffer> allocate(mlir::RankedTensorType type);
  char *getData() { return storage.get(); }
};

/// The bytes that the elements take in a buffer; none where the shape is
/// dynamic, the size overflows, or elements are no integers or floats.
std::optional<int64_t> getByteSize(mlir::ShapedType type);

/// All elements have the same bytes (a tensor without elements is no splat).
bool isSplat(const Buffer &buffer);

/// The value of a dense or resource attribute; none where its blob is missing
/// or has another size.
std::optional<Buffer> getBuffer(mlir::ElementsAttr value);

/// The value of an `arith.constant` or `nn.weight`; none where `value` is
/// neither. `symbols` saves the search for the global.
std::optional<Buffer> getConstant(mlir::Value value,
                                  mlir::SymbolTable *symbols = nullptr);

/// `value` is an `arith.constant` or `nn.weight`.
bool isConstant(mlir::Value value);

/// `buffer` as a dense attribute, which copies it.
mlir::DenseElementsAttr getDenseAttr(const Buffer &buffer);

/// The global that holds `buffer`, made if there is none yet. Its name is the
/// hash of the bytes: data of equal bytes and element type is stored once,
/// whatever its shape.
kernel::GlobalOp getOrCreateGlobal(mlir::Location loc,
                                   mlir::SymbolTable &symbols,
                                   const Buffer &buffer);

/// A weight of the same global, for data in any form: `getValue` makes the
/// attribute where the data are new.
mlir::Value createWeight(
    mlir::OpBuilder &builder, mlir::Location loc, mlir::SymbolTable &symbols,
    mlir::ShapedType type, llvm::ArrayRef<char> bytes,
    llvm::function_ref<mlir::ElementsAttr(llvm::StringRef name)> getValue);

/// A constant of this value, in the form that its size wants. The storage of
/// `buffer` is kept, not copied; where it is null, the bytes must live as long
/// as the context does (a mapped file).
mlir::Value createConstant(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::SymbolTable &symbols, const Buffer &buffer);

} // namespace tenon::nn

#endif // TENON_DIALECTS_NN_CONSTANTS_H
