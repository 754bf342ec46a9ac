//===- LayerSpec.h - The parts of a layer, to be changed --------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_NN_LAYERSPEC_H
#define TENON_DIALECTS_NN_LAYERSPEC_H

#include "dialects/nn/Nn.h"

namespace tenon::nn {

/// An operand of a layer with its map.
struct MappedOperand {
  mlir::Value value;
  mlir::AffineMap map;
};

/// Iteration space, operands and maps of a layer as plain values: rewrites take
/// it apart, change it and make a new layer. It lacks regions, a contraction's
/// `elements`, and attributes that are not the operation's own.
struct LayerSpec {
  llvm::SmallVector<int64_t> parallel, reduction;
  llvm::SmallVector<MappedOperand> inputs, extras, indices, outputs;
  /// Initial values of a reduce.
  mlir::ArrayAttr init;
  /// Of a contract; null where all are 0.
  mlir::DenseI64ArrayAttr zeroPoints;

  static LayerSpec get(LayerOpInterface layer);

  /// The sizes of all dimensions.
  llvm::SmallVector<int64_t> getBounds() const;

  /// Calls `function` on every operand.
  void forEachOperand(llvm::function_ref<void(MappedOperand &)> function);

  /// Splits dimensions until all maps are linear; false, and unchanged, where
  /// that is not possible. Layers whose regions read an index are left alone.
  bool makeLinear(LayerOpInterface layer);

  /// A layer of the kind of `like`, with copies of its regions.
  LayerOpInterface create(mlir::OpBuilder &builder, mlir::Location loc,
                          LayerOpInterface like) const;

  /// A layer of kind `name`, whose regions are yet to be filled.
  LayerOpInterface create(mlir::OpBuilder &builder, mlir::Location loc,
                          mlir::OperationName name) const;
};

/// A region of a layer while its operands change with it: the arguments from
/// `firstArgument` on stand for `operands`, a list of the spec from which the
/// next layer is made, with copies of the regions.
struct LayerRegion {
  LayerRegion(LayerOpInterface layer, mlir::Region &region, LayerSpec &spec);

  mlir::Block &block;
  llvm::SmallVector<MappedOperand> &operands;
  unsigned firstArgument;

  /// What `value` is an element of; null where it is no such argument.
  MappedOperand *getOperand(mlir::Value value);
  /// The argument for one more operand.
  mlir::BlockArgument addOperand(MappedOperand operand, mlir::Location loc);
  /// Erases operations without effect or use, and operands that nobody reads.
  void eraseUnused();
};

/// A map over the elements of `type`, which `body` computes from those of
/// `inputs`; their maps are over the same dimensions.
mlir::Value buildElementwise(
    mlir::OpBuilder &builder, mlir::Location loc, mlir::RankedTensorType type,
    llvm::ArrayRef<MappedOperand> inputs,
    llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::ValueRange)> body);

/// A reduction to the elements of `type`, over further dimensions of the sizes
/// `reduction`: `combine` gives the next accumulator, from elements of `inputs`
/// and the one before; `epilogue` the result from the last.
mlir::Value buildReduction(
    mlir::OpBuilder &builder, mlir::Location loc, mlir::RankedTensorType type,
    llvm::ArrayRef<int64_t> reduction, llvm::ArrayRef<MappedOperand> inputs,
    mlir::TypedAttr init,
    llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::ValueRange,
                                   mlir::Value)>
        combine,
    llvm::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Value)> epilogue);

/// No point of `bounds` reads outside of the operand, a tensor.
bool staysInside(const MappedOperand &operand, llvm::ArrayRef<int64_t> bounds);

/// The one location of two fused layers; names stay in order of `locs`.
mlir::Location fuseLocations(llvm::ArrayRef<mlir::Location> locs);

} // namespace tenon::nn

#endif // TENON_DIALECTS_NN_LAYERSPEC_H
