//===- MlInference.cpp - Shapes of ai.onnx.ml's operators -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A third of the operators of ai.onnx.ml have no inference in ONNX's library.
// The result has the shape of the input, or it is N x C for N rows of the
// input, where C follows from attributes. (ArrayFeatureExtractor has some: not
// for an input of rank 1, whose result has rank 2.)
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

/// A row: how many columns the result has.
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

static int64_t countElements(ArrayRef<Value> inputs, unsigned index) {
  auto type = index < inputs.size() && inputs[index]
                  ? dyn_cast<RankedTensorType>(inputs[index].getType())
                  : RankedTensorType();
  return type && type.hasStaticShape() ? type.getNumElements()
                                       : ShapedType::kDynamic;
}

static int64_t countClasses(const NodeProto &node) {
  for (const char *name : {"classlabels_strings", "classlabels_int64s"})
    if (const AttributeProto *attribute = findAttribute(node, name))
      return attribute->strings_size() + attribute->ints_size();
  return ShapedType::kDynamic;
}

void tenon::importer::inferMl(const NodeProto &node, ArrayRef<Value> inputs,
                              MutableArrayRef<Type> outputs) {
  auto input = inputs.empty() || !inputs[0]
                   ? RankedTensorType()
                   : dyn_cast<RankedTensorType>(inputs[0].getType());
  if (node.domain() != "ai.onnx.ml" || !input || outputs.empty())
    return;
  StringRef op = node.op_type();
  Type f32 = Float32Type::get(input.getContext());
  int64_t rows = input.getRank() > 1 ? input.getDimSize(0) : 1;
  auto setRows = [&](unsigned index, int64_t columns) {
    if (index < outputs.size() &&
        (columns >= 0 || ShapedType::isDynamic(columns)))
      outputs[index] = RankedTensorType::get({rows, columns}, f32);
  };
  if (op == "Scaler" || op == "Normalizer")
    outputs[0] = input.clone(f32);
  else if (op == "Imputer")
    outputs[0] = input;
  else if (op == "LinearRegressor")
    setRows(0, getInteger(node, "targets"));
  else if (op == "TreeEnsembleRegressor")
    setRows(0, getInteger(node, "n_targets"));
  else if (op == "SVMRegressor")
    setRows(0, 1);
  else if (op == "FeatureVectorizer")
    setRows(0, getSum(node, "inputdimensions"));
  else if (op == "ArrayFeatureExtractor" && input.getRank() == 1)
    outputs[0] = RankedTensorType::get({1, countElements(inputs, 1)},
                                       input.getElementType());
  else if (op == "TreeEnsembleClassifier")
    setRows(1, countClasses(node));
}
