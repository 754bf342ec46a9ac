//===- Inference.cpp - ONNX's inference over MLIR values ------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/import/Inference.h"

#include "compiler/import/Limits.h"
#include "compiler/import/Types.h"
#include "compiler/import/onnx_library.h"
#include "dialects/nn/Constants.h"
#include "dialects/onnx/Schema.h"

using namespace mlir;
using namespace tenon::importer;
using ::onnx::NodeProto;
using ::onnx::TensorProto;
using ::onnx::TensorShapeProto;
using ::onnx::TypeProto;

static llvm::Error makeError(const Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

bool tenon::importer::getConstantData(Value value, TensorProto &tensor) {
  auto constant = value.getDefiningOp<arith::ConstantOp>();
  if (!constant)
    return false;
  auto elements = dyn_cast<DenseElementsAttr>(constant.getValue());
  Type type = elements ? elements.getElementType() : Type();
  if (!elements || !type.isIntOrFloat() || type.getIntOrFloatBitWidth() < 8 ||
      elements.getNumElements() > tenon::nn::kMaxDenseBytes)
    return false;
  tensor.set_data_type(getDataType(type));
  for (int64_t dim : elements.getType().getShape())
    tensor.add_dims(dim);
  ArrayRef<char> bytes = elements.getRawData();
  std::string data(bytes.data(), bytes.size());
  if (elements.isSplat())
    for (int64_t i = 1; i < elements.getNumElements(); ++i)
      data.append(bytes.data(), bytes.size());
  tensor.set_raw_data(std::move(data));
  return tensor.data_type() != TensorProto::UNDEFINED;
}

//===----------------------------------------------------------------------===//
// Known integers
//===----------------------------------------------------------------------===//

void Inference::remember(Value value, std::optional<TensorShapeProto> shape) {
  if (!shape || numKnown + shape->dim_size() > kMaxKnownIntegers)
    return;
  numKnown += shape->dim_size();
  known[value] = std::move(*shape);
}

std::optional<SmallVector<int64_t>> Inference::getKnown(Value value) const {
  auto it = known.find(value);
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (it == known.end() || !type || !type.hasStaticShape() ||
      type.getNumElements() != it->second.dim_size())
    return std::nullopt;
  SmallVector<int64_t> elements;
  for (const auto &dim : it->second.dim()) {
    if (!dim.has_dim_value())
      return std::nullopt;
    elements.push_back(dim.dim_value());
  }
  return elements;
}

//===----------------------------------------------------------------------===//
// Inference
//===----------------------------------------------------------------------===//

/// The most negative dimension of a tensor; 0 if there is none.
static int64_t getNegativeDim(const TypeProto &type) {
  int64_t least = 0;
  for (const auto &dim : type.tensor_type().shape().dim())
    least = std::min(least, dim.dim_value());
  return least;
}

llvm::Expected<Inference::Result>
Inference::infer(const NodeProto &node, ArrayRef<Value> inputs,
                 SubgraphFunction inferSubgraph) {
  return infer(node, inputs, inferSubgraph, /*hasShapes=*/true);
}

llvm::Expected<Inference::Result>
Inference::inferWithoutShapes(const NodeProto &node, ArrayRef<Value> inputs,
                              SubgraphFunction inferSubgraph) {
  return infer(node, inputs, inferSubgraph, /*hasShapes=*/false);
}

llvm::Expected<Inference::Result>
Inference::infer(const NodeProto &node, ArrayRef<Value> inputs,
                 SubgraphFunction inferSubgraph, bool hasShapes) {
  const tenon::onnx::Schema *schema =
      tenon::onnx::getSchema(node.domain(), node.op_type());
  if (!schema)
    return makeError("operator is unknown");
  library::NodeInference inference;
  inference.node = &node;
  inference.opset = schema->sinceVersion;

  std::vector<std::unique_ptr<TypeProto>> types;
  std::vector<std::unique_ptr<TensorProto>> data;
  for (Value input : inputs) {
    types.push_back(std::make_unique<TypeProto>());
    data.push_back(std::make_unique<TensorProto>());
    bool hasType = input && getTypeProto(input.getType(), *types.back());
    bool hasData = input && hasShapes && getConstantData(input, *data.back());
    // ONNX's own function bodies give Range one-element vectors for scalars.
    if (hasData && node.op_type() == "Range" && data.back()->dims_size() == 1 &&
        data.back()->dims(0) == 1)
      data.back()->clear_dims();
    auto it = input && hasShapes ? known.find(input) : known.end();
    if (!hasShapes)
      types.back()->mutable_tensor_type()->clear_shape();
    inference.inputTypes.push_back(hasType ? types.back().get() : nullptr);
    inference.inputData.push_back(hasData ? data.back().get() : nullptr);
    inference.inputValues.push_back(it != known.end() ? &it->second : nullptr);
  }
  inference.outputTypes.resize(node.output_size());
  inference.outputValues.resize(node.output_size());

  inference.inferSubgraph = [&](StringRef attribute,
                                ArrayRef<const TypeProto *> inputTypes)
      -> llvm::Expected<std::vector<TypeProto>> {
    SmallVector<Type> arguments;
    for (const TypeProto *type : inputTypes) {
      auto argument =
          type ? getType(*type, context) : llvm::Expected<Type>(Type());
      if (!argument)
        return argument.takeError();
      arguments.push_back(*argument);
    }
    auto outputs = inferSubgraph(attribute, arguments);
    if (!outputs)
      return outputs.takeError();
    std::vector<TypeProto> result(outputs->size());
    for (auto [output, proto] : llvm::zip_equal(*outputs, result))
      if (!output || !getTypeProto(output, proto))
        return makeError("an output of the subgraph has no type");
    return result;
  };
  if (auto error = library::inferNode(inference))
    return error;

  Result result;
  for (auto [type, value] :
       llvm::zip_equal(inference.outputTypes, inference.outputValues)) {
    if (int64_t dim = getNegativeDim(type); dim && hasShapes)
      return makeError("its output has dimension " + Twine(dim));
    auto output = getType(type, context);
    if (!output)
      return output.takeError();
    result.types.push_back(*output);
    result.values.push_back(std::move(value));
  }
  inferMl(node, inputs, result.types);
  return result;
}

//===----------------------------------------------------------------------===//
// Merging
//===----------------------------------------------------------------------===//

static std::string toString(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  return text;
}

llvm::Expected<Type> tenon::importer::mergeTypes(Type inferred, Type declared) {
  if (!inferred || !declared || inferred == declared)
    return inferred ? inferred : declared;
  auto fail = [&] {
    return makeError("is " + toString(inferred) + ", but the model says " +
                     toString(declared));
  };
  auto a = dyn_cast<TensorType>(inferred), b = dyn_cast<TensorType>(declared);
  if (!a && !b)
    return inferred; // containers: the elements may differ in shape
  if (!a || !b || a.getElementType() != b.getElementType())
    return fail();
  if (!a.hasRank() || !b.hasRank())
    return Type(a.hasRank() ? a : b);
  if (a.getRank() != b.getRank())
    return fail();
  SmallVector<int64_t> dims;
  for (auto [x, y] : llvm::zip_equal(a.getShape(), b.getShape())) {
    if (!ShapedType::isDynamic(x) && !ShapedType::isDynamic(y) && x != y)
      return fail();
    dims.push_back(ShapedType::isDynamic(x) ? y : x);
  }
  return Type(RankedTensorType::get(dims, a.getElementType()));
}
