//===- OpInference.cpp - ONNX's inference for operations ------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ONNX's inference reads a NodeProto, so each operation becomes one for as long
// as it is looked at. The names in it stand for what is there and what is not.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/OpInference.h"

#include "compiler/import/Inference.h"
#include "compiler/import/Types.h"
#include "dialects/onnx/Inference.h"
#include "dialects/onnx/Onnx.h"

using namespace mlir;
using namespace tenon::importer;
namespace onnxir = tenon::onnx; // ::onnx is the library
using ::onnx::AttributeProto;
using ::onnx::NodeProto;

//===----------------------------------------------------------------------===//
// Operation to node
//===----------------------------------------------------------------------===//

/// Sets the value of `proto`; false where inference can do without it.
static bool setAttribute(Attribute value, AttributeProto &proto) {
  auto type = AttributeProto::UNDEFINED;
  if (auto integer = dyn_cast<IntegerAttr>(value)) {
    type = AttributeProto::INT;
    proto.set_i(integer.getValue().getSExtValue());
  } else if (auto real = dyn_cast<FloatAttr>(value)) {
    type = AttributeProto::FLOAT;
    proto.set_f(real.getValue().convertToFloat());
  } else if (auto text = dyn_cast<StringAttr>(value)) {
    type = AttributeProto::STRING;
    proto.set_s(text.getValue().str());
  } else if (auto integers = dyn_cast<DenseI64ArrayAttr>(value)) {
    type = AttributeProto::INTS;
    for (int64_t item : integers.asArrayRef())
      proto.add_ints(item);
  } else if (auto reals = dyn_cast<DenseF32ArrayAttr>(value)) {
    type = AttributeProto::FLOATS;
    for (float item : reals.asArrayRef())
      proto.add_floats(item);
  } else if (auto array = dyn_cast<ArrayAttr>(value)) {
    type = AttributeProto::STRINGS;
    for (Attribute item : array)
      if (auto text = dyn_cast<StringAttr>(item))
        proto.add_strings(text.getValue().str());
  } else if (auto elements = dyn_cast<ElementsAttr>(value)) {
    type = AttributeProto::TENSOR;
    proto.mutable_t()->set_data_type(getDataType(elements.getElementType()));
    for (int64_t dim : elements.getShapedType().getShape())
      proto.mutable_t()->add_dims(dim);
  } else if (auto typeAttr = dyn_cast<TypeAttr>(value)) {
    type = AttributeProto::TYPE_PROTO;
    if (!getTypeProto(typeAttr.getValue(), *proto.mutable_tp()))
      return false;
  }
  proto.set_type(type);
  return type != AttributeProto::UNDEFINED;
}

/// Positions in a node's list: the value's name, or empty where it is omitted.
template <typename Add>
static void addNames(ArrayRef<int32_t> segments, Add add) {
  for (int32_t size : segments) {
    if (size == 0)
      add("");
    for (int32_t i = 0; i < size; ++i)
      add("v");
  }
}

/// The region of a subgraph attribute.
static Region *getRegion(Operation *op, const onnxir::Schema &schema,
                         StringRef name) {
  unsigned index = 0;
  for (const auto &formal : schema.attributes) {
    if (formal.kind != onnxir::SchemaAttribute::Graph)
      continue;
    if (formal.name == name)
      return index < op->getNumRegions() ? &op->getRegion(index) : nullptr;
    ++index;
  }
  return nullptr;
}

/// Inputs and outputs of a subgraph: some inferences look at no more.
static void declareGraph(Block &block, ::onnx::GraphProto &graph) {
  auto declare = [](Value value, ::onnx::ValueInfoProto &info) {
    info.set_name("v");
    getTypeProto(value.getType(), *info.mutable_type());
  };
  for (Value argument : block.getArguments())
    declare(argument, *graph.add_input());
  if (auto yield = dyn_cast_if_present<onnxir::YieldOp>(
          block.mightHaveTerminator() ? block.getTerminator() : nullptr))
    for (Value output : yield.getOperands())
      declare(output, *graph.add_output());
}

static NodeProto getNode(Operation *op, const onnxir::Schema &schema) {
  NodeProto node;
  node.set_op_type(schema.opType.str());
  node.set_domain(schema.domain.str());
  addNames(onnxir::getOperandSegments(op),
           [&](const char *name) { node.add_input(name); });
  addNames(onnxir::getResultSegments(op),
           [&](const char *name) { node.add_output(name); });
  // Trailing omitted ones are not listed: some inferences count.
  while (node.input_size() && node.input(node.input_size() - 1).empty())
    node.mutable_input()->RemoveLast();
  while (node.output_size() && node.output(node.output_size() - 1).empty())
    node.mutable_output()->RemoveLast();
  for (const auto &formal : schema.attributes) {
    AttributeProto proto;
    proto.set_name(formal.name.str());
    Attribute value = op->getAttr(formal.name);
    if (formal.kind == onnxir::SchemaAttribute::Graph) {
      Region *region = getRegion(op, schema, formal.name);
      if (!region || region->empty())
        continue;
      proto.set_type(AttributeProto::GRAPH);
      declareGraph(region->front(), *proto.mutable_g());
    } else if (!value || !setAttribute(value, proto)) {
      continue;
    }
    *node.add_attribute() = std::move(proto);
  }
  return node;
}

//===----------------------------------------------------------------------===//
// The interface
//===----------------------------------------------------------------------===//

namespace {
class Session : public onnxir::InferenceSession {
public:
  explicit Session(MLIRContext *context) : inference(context) {}

  llvm::Expected<SmallVector<Type>>
  infer(Operation *op, onnxir::VisitRegion visitRegion) override {
    auto fail = [](const Twine &message) {
      return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
    };
    const onnxir::Schema *schema = onnxir::getSchema(op);
    if (!schema)
      return fail("is no operator of ONNX");
    NodeProto node = getNode(op, *schema);
    SmallVector<Value> inputs;
    for (int i = 0, next = 0; i < node.input_size(); ++i)
      inputs.push_back(node.input(i).empty() ? Value()
                                             : op->getOperand(next++));
    llvm::SmallPtrSet<Region *, 2> visited;
    auto visit =
        [&](StringRef attribute,
            ArrayRef<Type> types) -> llvm::Expected<SmallVector<Type>> {
      Region *region = getRegion(op, *schema, attribute);
      if (!region || region->empty())
        return fail("has no subgraph " + attribute);
      visited.insert(region);
      return visitRegion(*region, types);
    };
    auto inferred = inference.infer(node, inputs, visit);
    if (!inferred)
      return inferred.takeError();
    for (Region &region : op->getRegions()) {
      if (region.empty() || visited.contains(&region))
        continue;
      auto types = visitRegion(region, {});
      if (!types)
        return types.takeError();
    }

    SmallVector<Type> types;
    unsigned next = 0;
    for (int i = 0; i < node.output_size(); ++i) {
      if (node.output(i).empty())
        continue;
      Value result = op->getResult(next++);
      auto type = mergeTypes(inferred->types[i], result.getType());
      if (!type)
        return type.takeError();
      types.push_back(*type);
      inference.remember(result, std::move(inferred->values[i]));
    }
    return types;
  }

  std::optional<SmallVector<int64_t>> getKnown(Value value) const override {
    return inference.getKnown(value);
  }

private:
  Inference inference;
};

class Interface : public onnxir::InferenceInterface {
public:
  using InferenceInterface::InferenceInterface;
  std::unique_ptr<onnxir::InferenceSession> start() const override {
    return std::make_unique<Session>(getContext());
  }
};
} // namespace

void tenon::registerOnnxInference(DialectRegistry &registry) {
  registry.insert<onnxir::OnnxDialect>();
  registry.addExtension(+[](MLIRContext *, onnxir::OnnxDialect *dialect) {
    dialect->addInterfaces<Interface>();
  });
}

void tenon::registerOnnxInference(MLIRContext &context) {
  auto *dialect = context.getOrLoadDialect<onnxir::OnnxDialect>();
  if (!dialect->getRegisteredInterface<onnxir::InferenceInterface>())
    dialect->addInterfaces<Interface>();
}
