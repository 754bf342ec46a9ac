//===- Access.h - Where a layer touches memory ------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_ACCESS_H
#define TENON_PASSES_SCHEDULE_ACCESS_H

#include "dialects/nn/Nn.h"
#include "passes/schedule/Layout.h"

namespace tenon::schedule {

/// The byte that an operand's element has at a point of the iteration space,
/// as a linear function of the point. Coefficients of dimensions that take one
/// value only are 0, so that equal functions have equal numbers.
struct Access {
  int64_t constant = 0;
  llvm::SmallVector<int64_t> coefficients;
  int64_t elementBytes = 1;

  bool operator==(const Access &other) const {
    return constant == other.constant && coefficients == other.coefficients &&
           elementBytes == other.elementBytes;
  }
};

/// None where `map` is not linear.
std::optional<Access> getAccess(mlir::AffineMap map,
                                llvm::ArrayRef<int64_t> bounds,
                                const Layout &layout);

/// The layout of a tensor of `shape` that, through `map`, has this access:
/// the inverse of `getAccess`. None where `map` is more than a choice and
/// shift of dimensions, the access does not determine all strides, or elements
/// would overlap.
std::optional<Layout> getLayout(mlir::AffineMap map,
                                llvm::ArrayRef<int64_t> bounds,
                                const Access &access,
                                llvm::ArrayRef<int64_t> shape);

/// An operand may be overwritten by an output of the same layer: the layer
/// reads it once for each output element, when it finishes this element.
bool isReadWhenFinished(nn::LayerOpInterface layer, unsigned operand);

/// Through these layouts, the layer reads the operand exactly where it then
/// writes the output, element by element.
bool isSameElement(nn::LayerOpInterface layer, unsigned operand,
                   const Layout &operandLayout, unsigned output,
                   const Layout &outputLayout);

/// The smallest box of the operand's elements that holds all that the layer
/// reads or writes through it.
Box getTouched(nn::LayerOpInterface layer, unsigned operand);

/// The output's elements that the layer writes are all there are.
bool coversOutput(nn::LayerOpInterface layer, unsigned output);

/// A map that only copies a box of its input, in the input's order and with
/// neighbours staying neighbours: its output could be a view.
bool isSlice(mlir::Operation *op);

/// The value that a map without inputs stores everywhere; null where there is
/// none.
mlir::TypedAttr getFillOrNull(mlir::Operation *op);

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_ACCESS_H
