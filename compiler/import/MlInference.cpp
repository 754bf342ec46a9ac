//===- MlInference.cpp - Shapes of ai.onnx.ml's operators -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A third of the operators of ai.onnx.ml have no inference in ONNX's library:
// each has a row in the table below. The result has the shape of the input, or
// it is N x C for N rows of the input, where C follows from attributes.
// (ArrayFeatureExtractor has some: not for an input of rank 1, whose result has
// rank 2.)
//
//===----------------------------------------------------------------------===//

#include "compiler/import/Inference.h"

#include "compiler/import/Types.h"

using namespace mlir;
using ::onnx::AttributeProto;
using ::onnx::NodeProto;
using ::onnx::TensorProto;

static const AttributeProto *findAttribute(const NodeProto &node,
                                           StringRef name) {
  for (const AttributeProto &attribute : node.attribute())
    if (attribute.name() == name)
      return &attribute;
  return nullptr;
}

static int64_t getInteger(const NodeProto &node, StringRef name) {
  const AttributeProto *attribute = findAttribute(node, name);
  return attribute ? attribute->i() : 1;
}

static int64_t getSum(const NodeProto &node, StringRef name) {
  const AttributeProto *attribute = findAttribute(node, name);
  int64_t sum = 0;
  for (int i = 0; attribute && i < attribute->ints_size(); ++i)
    if (llvm::AddOverflow(sum, attribute->ints(i), sum))
      return ShapedType::kDynamic;
  return attribute ? sum : ShapedType::kDynamic;
}

static RankedTensorType getTensorType(ArrayRef<Value> inputs, unsigned index) {
  return index < inputs.size() && inputs[index]
             ? dyn_cast<RankedTensorType>(inputs[index].getType())
             : RankedTensorType();
}

static int64_t countElements(RankedTensorType type) {
  return type && type.hasStaticShape() ? type.getNumElements()
                                       : ShapedType::kDynamic;
}

static int64_t countClasses(const NodeProto &node) {
  for (const char *name : {"classlabels_strings", "classlabels_int64s"})
    if (const AttributeProto *attribute = findAttribute(node, name))
      return attribute->strings_size() + attribute->ints_size();
  return ShapedType::kDynamic;
}

/// A row for each row of the input; null where the number of columns makes no
/// sense.
static Type getRows(RankedTensorType input, int64_t columns) {
  if (columns < 0 && !ShapedType::isDynamic(columns))
    return {};
  int64_t rows = input.getRank() > 1 ? input.getDimSize(0) : 1;
  return RankedTensorType::get({rows, columns},
                               Float32Type::get(input.getContext()));
}

static Type getFloats(const NodeProto &, RankedTensorType input,
                      ArrayRef<Value>) {
  return input.clone(Float32Type::get(input.getContext()));
}

static Type getExtracted(const NodeProto &, RankedTensorType input,
                         ArrayRef<Value> inputs) {
  if (input.getRank() != 1)
    return {};
  return RankedTensorType::get({1, countElements(getTensorType(inputs, 1))},
                               input.getElementType());
}

namespace {
struct Row {
  StringLiteral op;
  /// The number of the output, and its type; null where it is not known.
  unsigned output;
  Type (*infer)(const NodeProto &node, RankedTensorType input,
                ArrayRef<Value> inputs);
};
} // namespace

static constexpr Row kRows[] = {
    {"ArrayFeatureExtractor", 0, getExtracted},
    {"FeatureVectorizer", 0,
     [](const NodeProto &node, RankedTensorType input, ArrayRef<Value>) {
       return getRows(input, getSum(node, "inputdimensions"));
     }},
    {"Imputer", 0,
     [](const NodeProto &, RankedTensorType input, ArrayRef<Value>) -> Type {
       return input;
     }},
    {"LinearRegressor", 0,
     [](const NodeProto &node, RankedTensorType input, ArrayRef<Value>) {
       return getRows(input, getInteger(node, "targets"));
     }},
    {"Normalizer", 0, getFloats},
    {"SVMRegressor", 0,
     [](const NodeProto &, RankedTensorType input, ArrayRef<Value>) {
       return getRows(input, 1);
     }},
    {"Scaler", 0, getFloats},
    {"TreeEnsembleClassifier", 1,
     [](const NodeProto &node, RankedTensorType input, ArrayRef<Value>) {
       return getRows(input, countClasses(node));
     }},
    {"TreeEnsembleRegressor", 0,
     [](const NodeProto &node, RankedTensorType input, ArrayRef<Value>) {
       return getRows(input, getInteger(node, "n_targets"));
     }},
};

void tenon::importer::inferMl(const NodeProto &node, ArrayRef<Value> inputs,
                              MutableArrayRef<Type> outputs) {
  RankedTensorType input = getTensorType(inputs, 0);
  if (node.domain() != "ai.onnx.ml" || !input)
    return;
  for (const Row &row : kRows)
    if (row.op == node.op_type() && row.output < outputs.size())
      if (Type type = row.infer(node, input, inputs))
        outputs[row.output] = type;
}
