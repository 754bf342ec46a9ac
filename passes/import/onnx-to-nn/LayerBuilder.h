//===- LayerBuilder.h - Building layers in a line or two --------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A layer is a nest of loops, one access per operand, and a scalar expression:
//
//   // y[i][j] = a[i] * b[j]
//   Value y = b.map(b.over(type), {{a, {b.d(0)}}, {b_, {b.d(1)}}},
//                   [](auto x) { return x[0] * x[1]; });
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_IMPORT_ONNXTONN_LAYERBUILDER_H
#define TENON_PASSES_IMPORT_ONNXTONN_LAYERBUILDER_H

#include "passes/import/onnx-to-nn/Scalar.h"

#include "dialects/nn/Nn.h"
#include "llvm/ADT/StringMap.h"

#include <optional>

namespace tenon::lowering {

using Exprs = mlir::SmallVector<mlir::AffineExpr>;
using Ints = mlir::SmallVector<int64_t>;
using Scalars = mlir::ArrayRef<Scalar>;
/// What a region yields: one scalar or several.
struct Yield : mlir::SmallVector<Scalar> {
  Yield(Scalar scalar) : SmallVector({scalar}) {}
  Yield(std::initializer_list<Scalar> scalars) : SmallVector(scalars) {}
  explicit Yield(Scalars scalars) : SmallVector(scalars) {}
};

using OptionalInts = std::optional<mlir::ArrayRef<int64_t>>;

/// The type of a value that the pass has found to be a static tensor.
mlir::RankedTensorType getType(mlir::Value value);
mlir::ArrayRef<int64_t> getShape(mlir::Value value);
mlir::Type getElement(mlir::Value value);
int64_t getRank(mlir::Value value);
mlir::RankedTensorType withShape(mlir::Value value,
                                 mlir::ArrayRef<int64_t> shape);
mlir::RankedTensorType withElement(mlir::Value value, mlir::Type elementType);

/// An operand, and the index of the element that is read at a point.
struct Access {
  mlir::Value value;
  Exprs index;
  /// Stays an operand even where all its elements are equal.
  bool isKept = false;
};

/// The loops of a layer, and what they write: d0.. are the parallel dimensions,
/// then come those of the reduction.
struct Loops {
  mlir::RankedTensorType type;
  Ints parallel;
  Ints reduction;
  Exprs output; // index of the element that is written
  /// What is there already, if the layer writes only a part.
  mlir::Value into;
};

/// An accumulator of a reduction: its type (an unsigned one says so) and first
/// value.
struct Accumulator {
  mlir::Type elementType;
  mlir::TypedAttr init;
};

class LayerBuilder : public mlir::ImplicitLocOpBuilder {
public:
  /// `symbols` is the table of the module.
  explicit LayerBuilder(mlir::SymbolTable &symbols)
      : ImplicitLocOpBuilder(symbols.getOp()->getLoc(),
                             symbols.getOp()->getContext()),
        symbols(symbols) {}

  using Body = llvm::function_ref<Yield(Scalars)>;
  using Combine =
      llvm::function_ref<Yield(Scalars inputs, Scalars accumulators)>;
  using Finish =
      llvm::function_ref<Yield(Scalars accumulators, Scalars extras)>;

  //===--------------------------------------------------------------------===//
  // Refusals and constants
  //===--------------------------------------------------------------------===//

  /// Says why the operation cannot be lowered.
  llvm::LogicalResult refuse(const llvm::Twine &why) {
    reason = why.str();
    return llvm::failure();
  }
  /// -1 counts from the end; refuses what is out of range.
  llvm::FailureOr<int64_t> normalizeAxis(int64_t axis, int64_t rank);
  llvm::FailureOr<Ints> normalizeAxes(mlir::ArrayRef<int64_t> axes,
                                      int64_t rank);
  /// Before the lowering of `op`, which replaces it.
  void start(mlir::Operation *op) {
    setLoc(op->getLoc());
    setInsertionPoint(op);
    reason.clear();
  }
  /// What the last refusal since then said; never empty.
  std::string getReason() const;

  /// The elements of a constant; none where `value` is null or no constant.
  mlir::DenseElementsAttr getConstant(mlir::Value value);
  std::optional<Ints> getInts(mlir::Value value);
  std::optional<llvm::SmallVector<double>> getFloats(mlir::Value value);

  /// A constant tensor: a dense constant if small, else a weight.
  mlir::Value constant(mlir::DenseElementsAttr values);
  mlir::Value ints(mlir::ArrayRef<int64_t> values);
  /// Of any type; one number makes a splat.
  mlir::Value numbers(mlir::RankedTensorType type,
                      mlir::ArrayRef<double> values);

  /// Replaces a layer, reshape or assemble of constants by its value if that is
  /// small, and erases it; false where it stays.
  bool fold(mlir::Operation *op);
  /// A value that was just made; a constant if it is made of constants. So a
  /// table needs one formula, whether the program computes it or not.
  mlir::Value folded(mlir::Value value);

  //===--------------------------------------------------------------------===//
  // Nests and accesses
  //===--------------------------------------------------------------------===//

  mlir::AffineExpr d(unsigned dim) { return getAffineDimExpr(dim); }
  mlir::AffineExpr s(unsigned index) { return getAffineSymbolExpr(index); }
  mlir::AffineExpr c(int64_t value) { return getAffineConstantExpr(value); }
  /// d(first), ..., `count` of them.
  Exprs dims(unsigned count, unsigned first = 0);

  /// A point for each element of `type`.
  Loops over(mlir::RankedTensorType type,
             mlir::ArrayRef<int64_t> reduction = {});
  /// The element at the point itself.
  Access all(mlir::Value value) { return {value, dims(getRank(value))}; }
  /// `value` under ONNX's broadcasting to a tensor of `shape`, whose indices
  /// are `dims`.
  Access broadcast(mlir::Value value, mlir::ArrayRef<int64_t> shape,
                   mlir::ArrayRef<mlir::AffineExpr> dims);
  Access broadcast(mlir::Value value, mlir::ArrayRef<int64_t> shape) {
    return broadcast(value, shape, dims(shape.size()));
  }

  //===--------------------------------------------------------------------===//
  // Layers
  //===--------------------------------------------------------------------===//

  mlir::Value map(const Loops &nest, mlir::ArrayRef<Access> inputs, Body body);
  /// A map of one access without computation.
  mlir::Value move(const Loops &nest, Access input);
  /// A map of inputs that are broadcast to `type`.
  mlir::Value elementwise(mlir::RankedTensorType type, mlir::ValueRange inputs,
                          Body body);
  /// Element i of `inputs` is read with s(i) for the element of index i.
  mlir::Value gather(const Loops &nest, mlir::ArrayRef<Access> inputs,
                     mlir::ArrayRef<Access> indices, Body body = nullptr);
  /// Sum of products, accumulated at the type of arithmetic on the result.
  mlir::Value contract(const Loops &nest, Access lhs, Access rhs,
                       mlir::ArrayRef<Access> extras = {},
                       Finish finish = nullptr);
  /// Results have the shape of the nest's type; their number and element types
  /// are those of `elementTypes`.
  mlir::SmallVector<mlir::Value>
  reduce(const Loops &nest, mlir::TypeRange elementTypes,
         mlir::ArrayRef<Access> inputs,
         mlir::ArrayRef<Accumulator> accumulators, Combine combine,
         mlir::ArrayRef<Access> extras = {}, Finish finish = nullptr);
  /// With one accumulator, which has the type of arithmetic on the result.
  mlir::Value reduce(const Loops &nest, mlir::ArrayRef<Access> inputs,
                     double init, Combine combine,
                     mlir::ArrayRef<Access> extras = {},
                     Finish finish = nullptr);
  /// The index of the point in dimension `dim`, inside a region.
  Scalar index(unsigned dim);

  //===--------------------------------------------------------------------===//
  // Moves
  //===--------------------------------------------------------------------===//

  mlir::Value reshape(mlir::Value value, mlir::ArrayRef<int64_t> shape);
  mlir::Value transpose(mlir::Value value, mlir::ArrayRef<int64_t> permutation);
  /// value[start + i * step] along `axis`.
  mlir::Value slice(mlir::Value value, int64_t axis, int64_t start,
                    int64_t size, int64_t step = 1);
  mlir::Value broadcastTo(mlir::Value value, mlir::ArrayRef<int64_t> shape);
  mlir::Value cast(mlir::Value value, mlir::Type elementType);
  mlir::Value concat(mlir::RankedTensorType type, mlir::ValueRange parts,
                     int64_t axis);

private:
  /// Opens a block of `region` with arguments for `elementTypes`, and closes it
  /// with what `body` yields, converted to `results`.
  void fillRegion(mlir::Region &region, mlir::TypeRange elementTypes,
                  mlir::TypeRange results, Body body);
  /// Constants for the results of `op`; none where its operands are not.
  std::optional<mlir::SmallVector<mlir::Value>> evaluate(mlir::Operation *op);
  mlir::ArrayAttr getMaps(const Loops &nest, mlir::ArrayRef<Access> accesses,
                          unsigned outputs, unsigned symbols);
  mlir::Value getInit(const Loops &nest, mlir::Type elementType);

  mlir::SymbolTable &symbols;
  std::string reason;
};

/// first, ..., end - 1
Ints range(int64_t first, int64_t end);

} // namespace tenon::lowering

#endif // TENON_PASSES_IMPORT_ONNXTONN_LAYERBUILDER_H
