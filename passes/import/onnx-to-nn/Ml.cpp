//===- Ml.cpp - Operators of ai.onnx.ml -----------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What scikit-learn exports: scalers, encoders, linear models (trees are in
// TreeEnsemble.cpp). Their tables are attributes, and become constants here; a
// linear model is a contract with one row of coefficients a result. A
// classifier picks a label by one reduction that carries two values,
//
//     (score, label) = better than the best so far ? this one : the best so far
//
// so that the first of equal scores wins. Labels that are strings are refused.
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

/// A constant of an attribute's floats; an absent one is empty.
static Value getTable(LayerBuilder &b, std::optional<ArrayRef<float>> values,
                      ArrayRef<int64_t> shape) {
  auto type = RankedTensorType::get(shape, b.getF32Type());
  return b.constant(
      DenseElementsAttr::get(type, values.value_or(ArrayRef<float>())));
}

//===----------------------------------------------------------------------===//
// Elementwise
//===----------------------------------------------------------------------===//

/// (x - offset) * scale, by column or with one value for all.
static Lowered lowerScaler(onnx::MlScalerOp op, LayerBuilder &b) {
  auto type = getType(op.getY());
  SmallVector<Value> inputs = {op.getX()};
  auto add = [&](std::optional<ArrayRef<float>> values) {
    int64_t size = values ? values->size() : 0;
    if (size != 1 && (type.getRank() == 0 || size != type.getShape().back()))
      return false;
    inputs.push_back(getTable(b, values, size));
    return true;
  };
  if (!add(op.getOffset()) || !add(op.getScale()))
    return b.refuse("expects an offset and a scale for each column");
  return b.elementwise(type, inputs, [&](Scalars x) {
    return (x[0].cast(b.getF32Type()) - x[1]) * x[2];
  });
}

static Lowered lowerNormalizer(onnx::MlNormalizerOp op, LayerBuilder &b) {
  Value x = op.getX();
  int64_t rank = getRank(x);
  if (rank == 0)
    return b.refuse("expects columns");
  StringRef norm = op.getNorm();
  // Of each row.
  Access input = b.all(x);
  input.index.back() = b.d(rank);
  Ints shape(getShape(x));
  shape.back() = 1;
  auto type = RankedTensorType::get(shape, b.getF32Type());
  Value size = b.reduce(
      b.over(type, getShape(x).back()), input, 0,
      [&](Scalars x, Scalars acc) {
        Scalar element = x[0].cast(b.getF32Type());
        return norm == "MAX"  ? max(acc[0], abs(element))
               : norm == "L1" ? acc[0] + abs(element)
                              : acc[0] + element * element;
      },
      {},
      [&](Scalars acc, Scalars) {
        return max(norm == "L2" ? sqrt(acc[0]) : acc[0], 1e-30);
      });
  return b.elementwise(getType(op.getY()), {x, size}, [&](Scalars x) {
    return x[0].cast(b.getF32Type()) / x[1];
  });
}

/// The value of the last key that equals the element, or the default.
static Lowered lowerLabelEncoder(onnx::MlLabelEncoderOp op, LayerBuilder &b) {
  auto type = getType(op.getY());
  DenseElementsAttr keys, values;
  auto get = [&](auto floats, auto ints,
                 ElementsAttr tensor) -> DenseElementsAttr {
    if (floats)
      return DenseElementsAttr::get(
          RankedTensorType::get(int64_t(floats->size()), b.getF32Type()),
          *floats);
    if (ints)
      return DenseElementsAttr::get(
          RankedTensorType::get(int64_t(ints->size()), b.getI64Type()), *ints);
    return dyn_cast_or_null<DenseElementsAttr>(tensor);
  };
  keys = get(op.getKeysFloats(), op.getKeysInt64s(), op.getKeysTensorAttr());
  values =
      get(op.getValuesFloats(), op.getValuesInt64s(), op.getValuesTensorAttr());
  if (!keys || !values || keys.getNumElements() != values.getNumElements() ||
      keys.getElementType() != getElement(op.getX()) ||
      values.getElementType() != type.getElementType())
    return b.refuse("has keys or values that are no numbers of its types");
  auto initial = dyn_cast_or_null<DenseElementsAttr>(op.getDefaultTensorAttr());
  TypedAttr fallback;
  if (initial && initial.getNumElements() == 1)
    fallback = initial.getSplatValue<TypedAttr>();
  else if (isa<FloatType>(type.getElementType()))
    fallback = getNumber(type.getElementType(),
                         op.getDefaultFloat().convertToDouble());
  else
    fallback = b.getIntegerAttr(type.getElementType(), op.getDefaultInt64());
  int64_t count = keys.getNumElements(), rank = type.getRank();
  auto table = [&](DenseElementsAttr attr) {
    auto flat = RankedTensorType::get(count, attr.getElementType());
    return Access{b.constant(attr.reshape(flat)), {b.d(rank)}};
  };
  Type element = type.getElementType();
  return b.reduce(b.over(type, count), element,
                  {b.all(op.getX()), table(keys), table(values)},
                  Accumulator{element, fallback}, [](Scalars x, Scalars acc) {
                    return select(x[0] == x[1], x[2], acc[0]);
                  });
}

/// Columns of x, by their numbers.
static Lowered lowerArrayFeatureExtractor(onnx::MlArrayFeatureExtractorOp op,
                                          LayerBuilder &b) {
  auto type = getType(op.getZ());
  int64_t count = getType(op.getY()).getNumElements(),
          rank = getRank(op.getX());
  if (rank == 0 || type.getRank() != std::max<int64_t>(rank, 2))
    return b.refuse("expects columns");
  Value indices = b.reshape(op.getY(), count);
  Access input{op.getX(), b.dims(rank - 1)};
  input.index.push_back(b.s(0));
  return b.gather(b.over(type), input,
                  Access{indices, {b.d(type.getRank() - 1)}});
}

//===----------------------------------------------------------------------===//
// Linear models
//===----------------------------------------------------------------------===//

/// x * coefficients^T + intercepts, with one row of coefficients a result.
static FailureOr<Value> buildLinear(LayerBuilder &b, Value x,
                                    ArrayRef<float> coefficients,
                                    std::optional<ArrayRef<float>> intercepts) {
  int64_t features = getRank(x) == 2 ? getShape(x)[1] : 0;
  if (features == 0 || coefficients.empty() ||
      coefficients.size() % features != 0)
    return b.refuse(
        "expects a matrix, and coefficients for each of its columns");
  int64_t rows = coefficients.size() / features;
  if (intercepts && !intercepts->empty() && int64_t(intercepts->size()) != rows)
    return b.refuse("expects one intercept per row of coefficients");
  SmallVector<Access> extras;
  if (intercepts && !intercepts->empty())
    extras.push_back({getTable(b, intercepts, rows), {b.d(1)}});
  auto type = RankedTensorType::get({getShape(x)[0], rows}, b.getF32Type());
  Value table = getTable(b, coefficients, {rows, features});
  return b.contract(
      b.over(type, features), {b.cast(x, b.getF32Type()), {b.d(0), b.d(2)}},
      {table, {b.d(1), b.d(2)}}, extras, [](Scalars acc, Scalars x) {
        return x.empty() ? acc[0] : acc[0] + x[0];
      });
}

static Lowered lowerLinearRegressor(onnx::MlLinearRegressorOp op,
                                    LayerBuilder &b) {
  if (op.getPostTransform() != "NONE" || !op.getCoefficients())
    return b.refuse("has no coefficients, or a transform other than NONE");
  FailureOr<Value> result =
      buildLinear(b, op.getX(), *op.getCoefficients(), op.getIntercepts());
  if (failed(result))
    return failure();
  return *result;
}

/// `scores` after `transform`, along dimension 1.
static FailureOr<Value> transformScores(LayerBuilder &b, Value scores,
                                        StringRef transform) {
  auto type = getType(scores);
  if (transform == "NONE")
    return scores;
  if (transform == "LOGISTIC")
    return b.elementwise(type, scores, [](Scalars x) { return sigmoid(x[0]); });
  if (transform == "SOFTMAX")
    return buildSoftmax(b, type, scores, 1);
  return b.refuse("has the transform " + transform);
}

Lowered lowering::buildClassifier(LayerBuilder &b, Value scores,
                                  StringRef transform,
                                  ArrayRef<int64_t> labels) {
  FailureOr<Value> transformed = transformScores(b, scores, transform);
  if (failed(transformed))
    return failure();
  Type f32 = b.getF32Type(), i64 = b.getI64Type();
  int64_t rows = getShape(scores)[0], classes = labels.size();
  Value label = b.reduce(
      b.over(RankedTensorType::get(rows, i64), classes), i64,
      {{*transformed, {b.d(0), b.d(1)}}, {b.ints(labels), {b.d(1)}}},
      {{f32, getLowest(f32)}, {i64, b.getI64IntegerAttr(labels[0])}},
      [](Scalars x, Scalars acc) -> Yield {
        Scalar better = x[0] > acc[0];
        return {select(better, x[0], acc[0]), select(better, x[1], acc[1])};
      },
      {}, [](Scalars acc, Scalars) { return acc[1]; })[0];
  return {label, *transformed};
}

static Lowered lowerLinearClassifier(onnx::MlLinearClassifierOp op,
                                     LayerBuilder &b) {
  if (!op.getClasslabelsInts())
    return b.refuse("has no labels that are integers");
  ArrayRef<int64_t> labels = *op.getClasslabelsInts();
  FailureOr<Value> linear =
      buildLinear(b, op.getX(), op.getCoefficients(), op.getIntercepts());
  if (failed(linear))
    return failure();
  Value scores = *linear;
  int64_t classes = labels.size();
  auto type =
      RankedTensorType::get({getShape(scores)[0], classes}, b.getF32Type());
  // One score of two classes is that of the second.
  if (classes == 2 && getShape(scores)[1] == 1)
    scores =
        b.map(b.over(type), Access{scores, {b.d(0), b.c(0)}}, [&](Scalars x) {
          return select(b.index(1).cast(b.getI64Type()) == 0, -x[0], x[0]);
        });
  if (getType(scores) != type || classes < 2)
    return b.refuse("expects one row of coefficients per class");
  return buildClassifier(b, scores, op.getPostTransform(), labels);
}

void lowering::populateMl(LoweringTable &table) {
  table.add(lowerScaler);
  table.add(lowerNormalizer);
  table.add(lowerLabelEncoder);
  table.add(lowerArrayFeatureExtractor);
  table.add(lowerLinearRegressor);
  table.add(lowerLinearClassifier);
  table.map<onnx::MlBinarizerOp>([](onnx::MlBinarizerOp op, Scalar x) {
    return (x > op.getThreshold().convertToDouble()).cast(x.getType());
  });
}
