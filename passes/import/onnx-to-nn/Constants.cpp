//===- Constants.cpp - Constants that lowerings read and make -------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Axes, pads and repeats are operands in ONNX and must be numbers here.
// `getInts` reads one where it is a constant, dense or a weight; where it is
// none, the lowering refuses. What is computed from constants and small counts
// as one: Fold.cpp has replaced it by then. Constants that lowerings make get
// the form that their size wants.
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/LayerBuilder.h"

#include "dialects/nn/Constants.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

DenseElementsAttr LayerBuilder::getConstant(Value value) {
  std::optional<nn::Buffer> buffer;
  if (value)
    buffer = nn::getConstant(value, &symbols);
  return buffer ? nn::getDenseAttr(*buffer) : DenseElementsAttr();
}

std::optional<Ints> LayerBuilder::getInts(Value value) {
  auto dense = dyn_cast_or_null<DenseIntElementsAttr>(getConstant(value));
  if (!dense)
    return std::nullopt;
  Type element = dense.getElementType();
  bool isUnsigned = element.isUnsignedInteger() || element.isInteger(1);
  return llvm::map_to_vector<6>(
      dense.getValues<APInt>(), [&](const APInt &value) {
        return isUnsigned ? int64_t(value.getZExtValue())
                          : value.getSExtValue();
      });
}

std::optional<SmallVector<double>> LayerBuilder::getFloats(Value value) {
  auto dense = dyn_cast_or_null<DenseFPElementsAttr>(getConstant(value));
  if (!dense)
    return std::nullopt;
  SmallVector<double> result;
  for (APFloat element : dense.getValues<APFloat>()) {
    bool losesInfo;
    element.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                    &losesInfo);
    result.push_back(element.convertToDouble());
  }
  return result;
}

Value LayerBuilder::constant(DenseElementsAttr values) {
  // One number says it all; a buffer may be too large to be.
  if (values.isSplat())
    return create<arith::ConstantOp>(values);
  std::optional<nn::Buffer> buffer = nn::getBuffer(values);
  return nn::createConstant(*this, getLoc(), symbols, *buffer);
}

Value LayerBuilder::ints(ArrayRef<int64_t> values) {
  auto type = RankedTensorType::get(int64_t(values.size()), getI64Type());
  return constant(DenseElementsAttr::get(type, values));
}

Value LayerBuilder::numbers(RankedTensorType type, ArrayRef<double> values) {
  Type element = type.getElementType();
  auto elements = llvm::map_to_vector(values, [&](double value) -> Attribute {
    if (isa<FloatType>(element))
      return getFloatAttr(element, value);
    return getIntegerAttr(element, int64_t(value));
  });
  if (type.getNumElements() == 0)
    elements.clear();
  return constant(DenseElementsAttr::get(type, elements));
}
