//===- FunctionOperators.cpp - Operators defined by ONNX's ----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/import/FunctionOperators.h"

#include "compiler/import/onnx_library.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

using namespace tenon::importer;
using ::onnx::AttributeProto;
using ::onnx::NodeProto;
using ::onnx::TensorProto;
using ::onnx::TypeProto;

//===----------------------------------------------------------------------===//
// Signatures
//===----------------------------------------------------------------------===//

static llvm::SmallVector<llvm::StringRef> splitList(llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef> items;
  text.split(items, ',', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef &item : items)
    item = item.trim();
  return items;
}

/// "axis: int = 1"
static Signature::Attribute parseAttribute(llvm::StringRef text) {
  auto [name, rest] = text.split(':');
  auto [type, value] = rest.split('=');
  type = type.trim(), value = value.trim();
  Signature::Attribute result;
  result.isRequired = type.consume_back("!");
  result.hasDefault = !value.empty();
  AttributeProto &proto = result.proto;
  proto.set_name(name.trim().str());
  if (type == "int") {
    proto.set_type(AttributeProto::INT);
    if (int64_t number; !value.getAsInteger(10, number))
      proto.set_i(number);
  } else if (type == "float") {
    proto.set_type(AttributeProto::FLOAT);
    if (double number; !value.getAsDouble(number))
      proto.set_f(float(number));
  } else if (type == "string") {
    proto.set_type(AttributeProto::STRING);
    proto.set_s(value.str());
  } else {
    proto.set_type(type == "ints"     ? AttributeProto::INTS
                   : type == "floats" ? AttributeProto::FLOATS
                                      : AttributeProto::STRINGS);
  }
  return result;
}

static std::vector<Signature::Parameter> parseParameters(llvm::StringRef text) {
  std::vector<Signature::Parameter> parameters;
  for (llvm::StringRef item : splitList(text)) {
    auto kind = item.consume_back("...") ? Signature::Variadic
                : item.consume_back("?") ? Signature::Optional
                                         : Signature::Single;
    parameters.push_back({item.str(), kind});
  }
  return parameters;
}

Signature::Signature(llvm::StringRef text) {
  auto [head, results] = text.split("=>");
  auto [front, operands] = head.split('(');
  auto [title, list] = front.split('<');
  name = title.trim().str();
  for (llvm::StringRef item : splitList(list.rtrim().drop_back(!list.empty())))
    attributes.push_back(parseAttribute(item));
  inputs = parseParameters(operands.rtrim().drop_back());
  outputs = parseParameters(results.trim().drop_front().drop_back());
}

//===----------------------------------------------------------------------===//
// What a node has
//===----------------------------------------------------------------------===//

Call::Call(const FunctionOperator &op, const NodeProto &node,
           std::vector<TypeProto> types)
    : op(op), node(node), signature(op.signature), types(std::move(types)) {
  for (const Signature::Parameter &input : signature.inputs)
    if (input.kind != Signature::Variadic)
      formals.push_back(input.name);
    else
      for (unsigned i = 0, e = getNumVariadic(); i < e; ++i)
        formals.push_back(input.name + std::to_string(i));
  this->types.resize(std::max<size_t>(this->types.size(), formals.size()));
}

unsigned Call::getNumVariadic() const {
  int others = int(signature.inputs.size()) - 1;
  return std::max(node.input_size() - others, 0);
}

std::optional<unsigned> Call::findInput(llvm::StringRef name) const {
  auto it = llvm::find(formals, name);
  unsigned index = it - formals.begin();
  if (it == formals.end() || index >= unsigned(node.input_size()) ||
      node.input(index).empty())
    return std::nullopt;
  return index;
}

bool Call::has(llvm::StringRef input) const {
  return findInput(input).has_value();
}

int Call::getElementType(llvm::StringRef input) const {
  std::optional<unsigned> index = findInput(input);
  return index ? types[*index].tensor_type().elem_type()
               : int(TensorProto::UNDEFINED);
}

std::optional<std::vector<int64_t>>
Call::getShape(llvm::StringRef input) const {
  std::optional<unsigned> index = findInput(input);
  if (!index || !types[*index].tensor_type().has_shape())
    return std::nullopt;
  std::vector<int64_t> shape;
  for (const auto &dim : types[*index].tensor_type().shape().dim())
    shape.push_back(dim.has_dim_value() ? dim.dim_value() : -1);
  return shape;
}

const AttributeProto *Call::findAttribute(llvm::StringRef name) const {
  for (const AttributeProto &attribute : node.attribute())
    if (attribute.name() == name)
      return &attribute;
  return nullptr;
}

int64_t Call::getInt(llvm::StringRef attribute) const {
  const AttributeProto *value = findAttribute(attribute);
  return value ? value->i() : 0;
}

float Call::getFloat(llvm::StringRef attribute) const {
  const AttributeProto *value = findAttribute(attribute);
  return value ? value->f() : 0;
}

llvm::ArrayRef<float> Call::getFloats(llvm::StringRef attribute) const {
  const AttributeProto *value = findAttribute(attribute);
  if (!value)
    return {};
  return {value->floats().data(), size_t(value->floats_size())};
}

llvm::StringRef Call::getString(llvm::StringRef attribute) const {
  const AttributeProto *value = findAttribute(attribute);
  return value ? llvm::StringRef(value->s()) : "";
}

//===----------------------------------------------------------------------===//
// The text of the function
//===----------------------------------------------------------------------===//

std::string Call::refuse(const llvm::Twine &why) {
  reason = why.str();
  return "";
}

static llvm::StringRef getTypeName(AttributeProto::AttributeType type) {
  switch (type) {
  case AttributeProto::INT:
    return "int";
  case AttributeProto::FLOAT:
    return "float";
  case AttributeProto::STRING:
    return "string";
  case AttributeProto::INTS:
    return "ints";
  case AttributeProto::FLOATS:
    return "floats";
  default:
    return "strings";
  }
}

/// Puts references to attributes in place of each `Op <@>`.
static std::string handOn(llvm::StringRef nodes, const Signature &signature) {
  std::string text;
  for (;;) {
    auto [before, after] = nodes.split("<@>");
    text += before;
    if (before.size() == nodes.size())
      return text;
    llvm::StringRef op = before.rtrim();
    op = op.drop_front(op.find_last_of(" =\n") + 1);
    std::string list;
    for (const Signature::Attribute &attribute : signature.attributes) {
      const std::string &name = attribute.proto.name();
      if (library::hasAttribute("", op, name))
        list += (list.empty() ? "" : ", ") + name + ": " +
                getTypeName(attribute.proto.type()).str() + " = @" + name;
    }
    if (!list.empty())
      text += "<" + list + ">";
    nodes = after;
  }
}

std::optional<std::string> Call::getText() {
  std::string nodes = op.build ? op.build(*this) : op.nodes;
  if (!reason.empty())
    return std::nullopt;
  std::vector<std::string> results;
  for (const Signature::Parameter &output : signature.outputs)
    results.push_back(output.name);
  return "<opset_import: [\"\" : " +
         std::to_string(library::getNewestOpset("")) + "], domain: \"" +
         node.domain() + "\">\n" + signature.name + " (" +
         llvm::join(formals, ", ") + ") => (" + llvm::join(results, ", ") +
         ") {\n" + handOn(nodes, signature) + "\n}";
}
