//===- onnx_functions.cpp - Operators by functions, without exceptions ----===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiled with exceptions, as onnx_library.cpp is.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/FunctionOperators.h"
#include "compiler/import/onnx_guard.h"
#include "compiler/import/onnx_library.h"
#include "onnx/defs/parser.h"
#include "onnx/defs/schema.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

#include <mutex>

using namespace tenon::importer;
using namespace tenon::importer::library;
using ::onnx::OpSchema;
using ::onnx::OpSchemaRegistry;
using ::onnx::TypeProto;

//===----------------------------------------------------------------------===//
// Operators of other domains
//===----------------------------------------------------------------------===//

static OpSchema::FormalParameterOption getOption(Signature::Kind kind) {
  switch (kind) {
  case Signature::Single:
    return OpSchema::Single;
  case Signature::Optional:
    return OpSchema::Optional;
  case Signature::Variadic:
    return OpSchema::Variadic;
  }
  llvm_unreachable("unknown kind of parameter");
}

static OpSchema makeSchema(llvm::StringRef domain, const FunctionOperator &op) {
  Signature signature(op.signature);
  OpSchema schema;
  schema.SetName(signature.name).SetDomain(domain.str()).SinceVersion(1);
  for (const Signature::Attribute &attribute : signature.attributes) {
    const ::onnx::AttributeProto &proto = attribute.proto;
    schema.Attr(attribute.hasDefault
                    ? OpSchema::Attribute(proto.name(), "", proto)
                    : OpSchema::Attribute(proto.name(), "", proto.type(),
                                          attribute.isRequired));
  }
  auto getParameter = [](const Signature::Parameter &parameter) {
    return OpSchema::FormalParameter(parameter.name, "", "T",
                                     getOption(parameter.kind),
                                     /*is_homogeneous=*/false,
                                     /*min_arity=*/1);
  };
  for (auto [index, input] : llvm::enumerate(signature.inputs))
    schema.Input(int(index), getParameter(input));
  for (auto [index, output] : llvm::enumerate(signature.outputs))
    schema.Output(int(index), getParameter(output));
  schema.TypeConstraint("T", OpSchema::all_tensor_types_ir14(), "");
  return schema;
}

void library::registerOperators() {
  static std::once_flag flag;
  std::call_once(flag, [] {
    llvm::cantFail(guard([] {
      OpSchemaRegistry::DomainToVersionRange::Instance().AddDomainToVersion(
          kMicrosoftDomain.str(), 1, 1);
      for (auto table : {getQuantizedOperators(), getFusedOperators(),
                         getTransformerOperators()})
        for (const FunctionOperator &op : table)
          ::onnx::RegisterSchema(makeSchema(kMicrosoftDomain, op));
    }));
  });
}

static const FunctionOperator *findOperator(llvm::StringRef domain,
                                            llvm::StringRef opType) {
  static const auto rows = [] {
    llvm::StringMap<const FunctionOperator *> rows;
    for (auto table : {getQuantizedOperators(), getFusedOperators(),
                       getTransformerOperators()})
      for (const FunctionOperator &op : table)
        rows[Signature(op.signature).name] = &op;
    return rows;
  }();
  return domain == kMicrosoftDomain ? rows.lookup(opType) : nullptr;
}

/// The function that defines a node of such an operator.
static llvm::Expected<::onnx::FunctionProto>
buildFunction(const FunctionOperator &op, const ::onnx::NodeProto &node,
              const std::vector<TypeProto> &inputTypes) {
  Call call(op, node, inputTypes);
  std::optional<std::string> text = call.getText();
  if (!text)
    return makeError(call.getReason());
  ::onnx::FunctionProto function;
  std::string message;
  if (auto error = guard([&] {
        ::onnx::OnnxParser parser(text->c_str());
        auto status = parser.Parse(function);
        if (!status.IsOK())
          message = status.ErrorMessage();
      }))
    return error;
  if (!message.empty())
    return makeError(message);
  return function;
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

bool library::hasFunction(llvm::StringRef domain, llvm::StringRef opType) {
  const OpSchema *schema = OpSchemaRegistry::Schema(
      opType.str(), getNewestOpset(domain), domain.str());
  return findOperator(domain, opType) ||
         (schema &&
          (schema->HasFunction() || schema->HasContextDependentFunction()));
}

llvm::Expected<std::optional<::onnx::FunctionProto>>
library::getFunction(::onnx::NodeProto &node,
                     const std::vector<TypeProto> &inputTypes) {
  std::optional<::onnx::FunctionProto> body;
  int opset = getNewestOpset(node.domain());
  const OpSchema *schema =
      OpSchemaRegistry::Schema(node.op_type(), opset, node.domain());
  if (!schema)
    return body;
  for (const auto &[name, attribute] : schema->attributes()) {
    bool isGiven =
        llvm::any_of(node.attribute(), [&, key = &name](const auto &given) {
          return given.name() == *key;
        });
    if (!isGiven && attribute.default_value.has_name())
      *node.add_attribute() = attribute.default_value;
  }
  if (const FunctionOperator *op = findOperator(node.domain(), node.op_type()))
    return buildFunction(*op, node, inputTypes);
  if (auto error = guard([&] {
        ::onnx::FunctionProto built;
        if (const auto *fixed =
                schema->GetFunction(opset, /*validate=*/false)) {
          body = *fixed;
        } else if (schema->HasContextDependentFunction()) {
          ::onnx::FunctionBodyBuildContextImpl context(node, inputTypes);
          if (schema->BuildContextDependentFunction(context, built, opset))
            body = std::move(built);
        }
      }))
    return error;
  return body;
}
