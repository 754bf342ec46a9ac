//===- FunctionBody.cpp - What an operator is made of ---------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/import/FunctionBody.h"

#include "compiler/import/onnx_library.h"
#include "llvm/ADT/StringSet.h"

using namespace tenon::importer;
using ::onnx::AttributeProto;
using ::onnx::NodeProto;

namespace {
/// What a call of the function binds.
struct Call {
  llvm::StringMap<const AttributeProto *> attributes;
  llvm::StringSet<> omitted; // formal inputs
};
} // namespace

/// Puts the call's attributes in place of references to them; a reference to
/// one that is not given goes away, and so does an input that is omitted.
static void bind(NodeProto &node, const Call &call) {
  for (std::string &input : *node.mutable_input())
    if (call.omitted.contains(input))
      input.clear();
  ::google::protobuf::RepeatedPtrField<AttributeProto> attributes;
  for (AttributeProto &attribute : *node.mutable_attribute()) {
    if (!attribute.ref_attr_name().empty()) {
      const AttributeProto *given =
          call.attributes.lookup(attribute.ref_attr_name());
      if (!given)
        continue;
      std::string name = attribute.name();
      attribute = *given;
      attribute.set_name(name);
    } else if (attribute.has_g()) {
      for (NodeProto &inner : *attribute.mutable_g()->mutable_node())
        bind(inner, call);
    }
    *attributes.Add() = std::move(attribute);
  }
  node.mutable_attribute()->Swap(&attributes);
}

llvm::Expected<std::optional<::onnx::FunctionProto>>
tenon::importer::getFunctionBody(
    NodeProto node, const std::vector<::onnx::TypeProto> &inputTypes) {
  auto body = library::getFunction(node, inputTypes);
  if (!body || !*body)
    return body;
  Call call;
  for (const AttributeProto &attribute : node.attribute())
    call.attributes[attribute.name()] = &attribute;
  for (int i = 0; i < (*body)->input_size(); ++i)
    if (i >= node.input_size() || node.input(i).empty())
      call.omitted.insert((*body)->input(i));
  for (NodeProto &inner : *(*body)->mutable_node())
    bind(inner, call);
  return body;
}
