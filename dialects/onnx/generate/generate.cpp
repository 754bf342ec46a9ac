//===- generate.cpp - Writes the onnx dialect from ONNX's schemas ---------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs during the build, before mlir-tblgen. From the newest schema of each
// operator it writes
//
//   OnnxSchemas.td   def Onnx_ConvOp : Onnx_Op<"Conv", [Pure]> { ... }
//   OnnxSchemas.inc  the table behind dialects/onnx/Schema.h
//
//===----------------------------------------------------------------------===//

#include "onnx/defs/schema.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

using onnx::AttributeProto;
using onnx::OpSchema;
using onnx::OpSchemaRegistry;
using Parameter = OpSchema::FormalParameter;

namespace {

//===----------------------------------------------------------------------===//
// Names and text
//===----------------------------------------------------------------------===//

/// "ml." for ai.onnx.ml, "" for the default domain.
std::string getPrefix(const OpSchema &schema) {
  const std::string root = "ai.onnx.";
  const std::string &domain = schema.domain();
  if (domain.empty())
    return "";
  return (domain.rfind(root, 0) == 0 ? domain.substr(root.size()) : domain) +
         ".";
}

std::string getMnemonic(const OpSchema &schema) {
  return getPrefix(schema) + schema.Name();
}

/// "PreviewTrainingAdamOp" for preview.training.Adam.
std::string getClassName(const OpSchema &schema) {
  std::string name;
  bool upper = true;
  for (char c : getMnemonic(schema)) {
    if (c == '.') {
      upper = true;
      continue;
    }
    name += upper ? static_cast<char>(std::toupper(c)) : c;
    upper = false;
  }
  return name + "Op";
}

std::string quote(const std::string &text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      result += '\\';
    result += c;
  }
  return result + "\"";
}

/// The first paragraph of an operator's documentation, on one line.
std::string getFirstParagraph(const OpSchema &schema) {
  std::istringstream doc(schema.doc() ? schema.doc() : "");
  std::string paragraph, word, line;
  while (std::getline(doc, line)) {
    std::istringstream words(line);
    if (!(words >> word)) {
      if (!paragraph.empty())
        break;
      continue;
    }
    do
      paragraph += (paragraph.empty() ? "" : " ") + word;
    while (words >> word);
  }
  for (size_t at; (at = paragraph.find("}]")) != std::string::npos;)
    paragraph.insert(at + 1, " "); // would end the TableGen string
  return paragraph;
}

std::string getSummary(const std::string &paragraph, const OpSchema &schema) {
  std::string summary = paragraph.substr(0, paragraph.find(". "));
  if (!summary.empty() && (summary.back() == '.' || summary.back() == ':'))
    summary.pop_back();
  return summary.empty() || summary.size() > 160 ? schema.Name() : summary;
}

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

/// TableGen's constraint for ONNX's name of an element type.
std::string getElementType(const std::string &name) {
  static const std::map<std::string, std::string> types = {
      {"bool", "I1"},
      {"int2", "I<2>"},
      {"int4", "I<4>"},
      {"int8", "I8"},
      {"int16", "I16"},
      {"int32", "I32"},
      {"int64", "I64"},
      {"uint2", "UI<2>"},
      {"uint4", "UI<4>"},
      {"uint8", "UI8"},
      {"uint16", "UI16"},
      {"uint32", "UI32"},
      {"uint64", "UI64"},
      {"float4e2m1", "Onnx_F4E2M1"},
      {"float6e2m3", "Onnx_F6E2M3"},
      {"float6e3m2", "Onnx_F6E3M2"},
      {"float8e4m3fn", "F8E4M3FN"},
      {"float8e4m3fnuz", "F8E4M3FNUZ"},
      {"float8e5m2", "F8E5M2"},
      {"float8e5m2fnuz", "F8E5M2FNUZ"},
      {"float8e8m0", "Onnx_F8E8M0"},
      {"float16", "F16"},
      {"bfloat16", "BF16"},
      {"float", "F32"},
      {"double", "F64"},
      {"complex64", "Complex<F32>"},
      {"complex128", "Complex<F64>"},
      {"string", "Onnx_String"},
  };
  auto it = types.find(name);
  if (it == types.end()) {
    std::cerr << "error: element type '" << name
              << "' of ONNX's schemas is unknown to the onnx dialect\n";
    std::exit(1);
  }
  return it->second;
}

/// The constraint for the types that a parameter may have: the tensors by
/// element type, the others by their outermost kind.
std::string getConstraint(const Parameter &parameter) {
  std::set<std::string> elements, others;
  for (onnx::DataType type : parameter.GetTypes()) {
    const std::string tensor = "tensor(";
    if (type->rfind(tensor, 0) == 0)
      elements.insert(getElementType(
          type->substr(tensor.size(), type->size() - tensor.size() - 1)));
    else if (type->rfind("seq(", 0) == 0)
      others.insert("Onnx_Sequence");
    else if (type->rfind("optional(", 0) == 0)
      others.insert("Onnx_Optional");
    else if (type->rfind("map(", 0) == 0)
      others.insert("Onnx_Map");
    else if (type->rfind("sparse_tensor(", 0) == 0)
      others.insert("Onnx_SparseTensor");
    else
      others.insert("AnyType");
  }
  std::string tensors;
  for (const std::string &element : elements)
    tensors += (tensors.empty() ? "" : ", ") + element;
  if (!elements.empty())
    others.insert("TensorOf<[" + tensors + "]>");
  if (others.empty())
    return "AnyType";
  if (others.size() == 1)
    return *others.begin();
  std::string list;
  for (const std::string &other : others)
    list += (list.empty() ? "" : ", ") + other;
  return "AnyTypeOf<[" + list + "]>";
}

/// Gives each distinct constraint a name, so that records stay short.
class ConstraintNames {
public:
  std::string get(const Parameter &parameter) {
    std::string text = getConstraint(parameter);
    if (text.find('<') == std::string::npos)
      return text;
    auto [it, isNew] =
        names.insert({text, "Onnx_Types" + std::to_string(names.size())});
    if (isNew)
      defs << "def " << it->second << " : Constrained<" << text << ">;\n";
    return it->second;
  }
  std::string getDefs() const { return defs.str(); }

private:
  std::map<std::string, std::string> names;
  std::ostringstream defs;
};

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

std::string getAttributeType(AttributeProto::AttributeType type) {
  switch (type) {
  case AttributeProto::FLOAT:
    return "F32Attr";
  case AttributeProto::INT:
    return "I64Attr";
  case AttributeProto::STRING:
    return "StrAttr";
  case AttributeProto::TENSOR:
    return "ElementsAttr";
  case AttributeProto::FLOATS:
    return "DenseF32ArrayAttr";
  case AttributeProto::INTS:
    return "DenseI64ArrayAttr";
  case AttributeProto::STRINGS:
    return "StrArrayAttr";
  case AttributeProto::TYPE_PROTO:
    return "TypeAttr";
  default:
    return "AnyAttr";
  }
}

std::string getFloat(float value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  std::string result = text;
  if (result.find_first_of(".en") == std::string::npos)
    result += ".0";
  return result + "f";
}

/// The default value as the C++ text that TableGen wants; empty: none.
std::string getDefault(const OpSchema::Attribute &attribute) {
  const AttributeProto &value = attribute.default_value;
  std::string list;
  auto append = [&](const std::string &item) {
    list += (list.empty() ? "" : ", ") + item;
  };
  switch (value.type()) {
  case AttributeProto::FLOAT:
    return getFloat(value.f());
  case AttributeProto::INT:
    return std::to_string(value.i());
  case AttributeProto::STRING:
    return quote(value.s());
  case AttributeProto::INTS:
    for (int64_t item : value.ints())
      append(std::to_string(item));
    return "{" + list + "}";
  case AttributeProto::FLOATS:
    for (float item : value.floats())
      append(getFloat(item));
    return "{" + list + "}";
  case AttributeProto::STRINGS:
    for (const std::string &item : value.strings())
      append(quote(item));
    return "$_builder.getStrArrayAttr({" + list + "})";
  default:
    return "";
  }
}

std::string getAttributeConstraint(const OpSchema::Attribute &attribute) {
  std::string type = getAttributeType(attribute.type);
  if (attribute.required)
    return type;
  std::string value = getDefault(attribute);
  // The default of a list of strings has no C++ literal: the table has it.
  if (value.empty() || attribute.type == AttributeProto::STRINGS)
    return "OptionalAttr<" + type + ">";
  return "DefaultValuedOptionalAttr<" + type + ", " + quote(value) + ">";
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

using Attributes = std::map<std::string, const OpSchema::Attribute *>;

Attributes getSortedAttributes(const OpSchema &schema) {
  Attributes sorted;
  for (const auto &[name, attribute] : schema.attributes())
    sorted[name] = &attribute;
  return sorted;
}

std::string getParameter(ConstraintNames &names, const Parameter &parameter) {
  std::string type = names.get(parameter);
  if (parameter.GetOption() == OpSchema::Optional)
    type = "Optional<" + type + ">";
  else if (parameter.GetOption() == OpSchema::Variadic)
    type = "Variadic<" + type + ">";
  return type + ":$" + parameter.GetName();
}

bool needsSegments(const std::vector<Parameter> &parameters) {
  return std::count_if(parameters.begin(), parameters.end(),
                       [](const Parameter &parameter) {
                         return parameter.GetOption() != OpSchema::Single;
                       }) > 1;
}

void writeList(std::ostream &os, const char *name, const char *head,
               const std::vector<std::string> &items) {
  if (items.empty())
    return;
  os << "  let " << name << " = (" << head;
  for (size_t i = 0; i < items.size(); ++i)
    os << (i ? ",\n    " : "\n    ") << items[i];
  os << ");\n";
}

void writeOp(std::ostream &os, ConstraintNames &names, const OpSchema &schema) {
  std::vector<std::string> arguments, results, regions;
  for (const Parameter &parameter : schema.inputs())
    arguments.push_back(getParameter(names, parameter));
  for (const Parameter &parameter : schema.outputs())
    results.push_back(getParameter(names, parameter));
  for (const auto &[name, attribute] : getSortedAttributes(schema)) {
    if (attribute->type == AttributeProto::GRAPH)
      regions.push_back(
          std::string(attribute->required ? "SizedRegion<1>" : "AnyRegion") +
          ":$" + name);
    else
      arguments.push_back(getAttributeConstraint(*attribute) + ":$" + name);
  }

  // An operator with subgraphs has the effects of what it contains. Those
  // that draw random numbers have unknown effects: they are neither merged
  // nor dropped.
  std::string traits;
  if (!regions.empty())
    traits = "RecursiveMemoryEffects";
  else if (schema.GetNodeDeterminism() !=
           OpSchema::NodeDeterminism::NonDeterministic)
    traits = "Pure";
  auto addTrait = [&](const char *trait) {
    traits += (traits.empty() ? "" : ", ") + std::string(trait);
  };
  if (needsSegments(schema.inputs()))
    addTrait("AttrSizedOperandSegments");
  if (needsSegments(schema.outputs()))
    addTrait("AttrSizedResultSegments");

  std::string paragraph = getFirstParagraph(schema);
  os << "def Onnx_" << getClassName(schema) << " : Onnx_Op<"
     << quote(getMnemonic(schema)) << ", [" << traits << "]> {\n"
     << "  let summary = [{" << getSummary(paragraph, schema) << "}];\n"
     << "  let description = [{\n    " << paragraph << "\n  }];\n";
  // TableGen derives the class name from the record's; a dotted mnemonic is
  // no hindrance.
  writeList(os, "arguments", "ins", arguments);
  writeList(os, "results", "outs", results);
  writeList(os, "regions", "region", regions);
  os << "}\n\n";
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

void writeParameters(std::ostream &os, const std::string &name,
                     const std::vector<Parameter> &parameters) {
  if (parameters.empty())
    return;
  os << "static const SchemaParameter " << name << "[] = {\n";
  for (const Parameter &parameter : parameters)
    os << "    {" << quote(parameter.GetName()) << ", SchemaParameter::"
       << (parameter.GetOption() == OpSchema::Single     ? "Single"
           : parameter.GetOption() == OpSchema::Optional ? "Optional"
                                                         : "Variadic")
       << ", " << parameter.GetMinArity() << "},\n";
  os << "};\n";
}

void writeTable(std::ostream &os, const std::vector<OpSchema> &schemas) {
  int newest = OpSchemaRegistry::DomainToVersionRange::Instance()
                   .Map()
                   .at(onnx::ONNX_DOMAIN)
                   .second;
  os << "const int tenon::onnx::kNewestOpset = " << newest << ";\n\n";
  std::ostringstream rows;
  for (const OpSchema &schema : schemas) {
    std::string name = getClassName(schema);
    writeParameters(os, name + "Inputs", schema.inputs());
    writeParameters(os, name + "Outputs", schema.outputs());
    Attributes attributes = getSortedAttributes(schema);
    if (!attributes.empty()) {
      os << "static const SchemaAttribute " << name << "Attributes[] = {\n";
      for (const auto &[attributeName, attribute] : attributes)
        os << "    {" << quote(attributeName) << ", SchemaAttribute::Kind("
           << static_cast<int>(attribute->type) << "), "
           << (attribute->required ? "true" : "false") << "},\n";
      os << "};\n";
    }
    auto list = [&](bool isEmpty, const char *suffix) {
      return isEmpty ? std::string("{}") : name + suffix;
    };
    rows << "    {" << quote("onnx." + getMnemonic(schema)) << ", "
         << quote(schema.domain()) << ", " << quote(schema.Name()) << ", "
         << schema.SinceVersion() << ", "
         << list(schema.inputs().empty(), "Inputs") << ", "
         << list(schema.outputs().empty(), "Outputs") << ", "
         << list(attributes.empty(), "Attributes") << "},\n";
  }
  os << "\nstatic const Schema schemaTable[] = {\n" << rows.str() << "};\n";
}

/// The newest schema of each operator that is not a mere note of deprecation:
/// models that use a deprecated operator can still be shown and refused.
std::vector<OpSchema> getNewestSchemas() {
  std::vector<OpSchema> all = OpSchemaRegistry::get_all_schemas_with_history();
  std::map<std::string, const OpSchema *> newest;
  for (const OpSchema &schema : all) {
    if (schema.Deprecated())
      continue;
    const OpSchema *&slot = newest[getMnemonic(schema)];
    if (!slot || slot->SinceVersion() < schema.SinceVersion())
      slot = &schema;
  }
  std::vector<OpSchema> schemas;
  for (const auto &[name, schema] : newest)
    schemas.push_back(*schema);
  return schemas;
}

} // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    std::cerr << "usage: " << argv[0] << " OnnxSchemas.td OnnxSchemas.inc\n";
    return 1;
  }
  std::vector<OpSchema> schemas = getNewestSchemas();
  ConstraintNames names;
  std::ostringstream ops;
  for (const OpSchema &schema : schemas)
    writeOp(ops, names, schema);

  std::ofstream td(argv[1]), table(argv[2]);
  const char *head = "// Written by dialects/onnx/generate from the schemas of "
                     "the ONNX library.\n\n";
  td << head
     << "class Constrained<Type type>\n    : Type<type.predicate, "
        "type.summary, type.cppClassName>;\n"
     << names.getDefs() << "\n"
     << ops.str();
  table << head;
  writeTable(table, schemas);
  td.close();
  table.close();
  return td && table ? 0 : 1;
}
