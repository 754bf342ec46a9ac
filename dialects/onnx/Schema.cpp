//===- Schema.cpp - What ONNX's schemas say, at run time ------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A node lists inputs by position and may leave some out; an operation has no
// empty operands. How many belong to each formal input says which are there:
//
//     Clip(x, "", max)     onnx.Clip(%x, _, %max), segments [1, 0, 1]
//
// The segments are an attribute only where the number of operands does not
// decide. Building, parsing and printing read the table of schemas: one
// function each for all operators.
//
//===----------------------------------------------------------------------===//

#include "dialects/onnx/Schema.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/ErrorHandling.h"

#include <numeric>

using namespace mlir;
using namespace tenon::onnx;

#include "dialects/onnx/OnnxSchemas.inc"

static constexpr StringLiteral kOperandSegments = "operandSegmentSizes";
static constexpr StringLiteral kResultSegments = "resultSegmentSizes";

//===----------------------------------------------------------------------===//
// Lookup
//===----------------------------------------------------------------------===//

ArrayRef<Schema> tenon::onnx::getSchemas() { return schemaTable; }

const SchemaAttribute *Schema::getAttribute(StringRef name) const {
  const SchemaAttribute *it = llvm::lower_bound(
      attributes, name, [](const SchemaAttribute &attribute, StringRef name) {
        return attribute.name < name;
      });
  return it != attributes.end() && it->name == name ? it : nullptr;
}

static const Schema *findSchema(StringRef name) {
  static const llvm::StringMap<const Schema *> index = [] {
    llvm::StringMap<const Schema *> index;
    for (const Schema &schema : schemaTable)
      index[schema.name] = &schema;
    return index;
  }();
  return index.lookup(name);
}

const Schema *tenon::onnx::getSchema(OperationName name) {
  return findSchema(name.getStringRef());
}

const Schema *tenon::onnx::getSchema(Operation *op) {
  return getSchema(op->getName());
}

const Schema *tenon::onnx::getSchema(StringRef domain, StringRef opType) {
  static const auto index = [] {
    llvm::DenseMap<std::pair<StringRef, StringRef>, const Schema *> index;
    for (const Schema &schema : schemaTable)
      index[{schema.domain, schema.opType}] = &schema;
    return index;
  }();
  return index.lookup({domain, opType});
}

//===----------------------------------------------------------------------===//
// Segments
//===----------------------------------------------------------------------===//

/// Formal parameter of the slot `index` of a node's list.
static unsigned getFormal(ArrayRef<SchemaParameter> formals, size_t index) {
  return std::min<size_t>(index, formals.size() - 1);
}

/// Counts the slots that are present, by formal parameter.
static llvm::Expected<SmallVector<int32_t>>
distribute(ArrayRef<SchemaParameter> formals, ArrayRef<bool> present,
           StringRef what) {
  SmallVector<int32_t> segments(formals.size(), 0);
  auto fail = [](const Twine &message) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
  };
  for (auto [index, isPresent] : llvm::enumerate(present)) {
    if (!isPresent)
      continue;
    bool isVariadic =
        !formals.empty() && formals.back().kind == SchemaParameter::Variadic;
    if (index >= formals.size() && !isVariadic)
      return fail("takes at most " + Twine(formals.size()) + " " + what +
                  "s, got " + Twine(present.size()));
    ++segments[getFormal(formals, index)];
  }
  for (auto [formal, count] : llvm::zip_equal(formals, segments)) {
    if (formal.kind == SchemaParameter::Single && count == 0)
      return fail(what + " '" + formal.name + "' is missing");
    if (formal.kind == SchemaParameter::Variadic &&
        count < static_cast<int32_t>(formal.minArity))
      return fail(what + " '" + formal.name + "' expects at least " +
                  Twine(formal.minArity) + " values, got " + Twine(count));
  }
  return segments;
}

/// Only an op with several optional or variadic parameters keeps segments.
static bool hasSegments(ArrayRef<SchemaParameter> formals) {
  return llvm::count_if(formals, [](const SchemaParameter &formal) {
           return formal.kind != SchemaParameter::Single;
         }) > 1;
}

static SmallVector<int32_t> getSegments(Operation *op,
                                        ArrayRef<SchemaParameter> formals,
                                        StringRef attrName, unsigned total) {
  if (hasSegments(formals)) {
    auto sizes = op->getAttrOfType<DenseI32ArrayAttr>(attrName);
    return sizes ? SmallVector<int32_t>(sizes.asArrayRef())
                 : SmallVector<int32_t>();
  }
  unsigned singles = llvm::count_if(formals, [](const SchemaParameter &formal) {
    return formal.kind == SchemaParameter::Single;
  });
  SmallVector<int32_t> segments;
  for (const SchemaParameter &formal : formals)
    segments.push_back(formal.kind == SchemaParameter::Single ? 1
                       : total > singles                      ? total - singles
                                                              : 0);
  return segments;
}

SmallVector<int32_t> tenon::onnx::getOperandSegments(Operation *op) {
  const Schema *schema = getSchema(op);
  if (!schema)
    return {};
  return getSegments(op, schema->inputs, kOperandSegments,
                     op->getNumOperands());
}

SmallVector<int32_t> tenon::onnx::getResultSegments(Operation *op) {
  const Schema *schema = getSchema(op);
  if (!schema)
    return {};
  return getSegments(op, schema->outputs, kResultSegments, op->getNumResults());
}

/// Position of the formal parameter `index` among the values present.
static std::optional<unsigned> getPosition(ArrayRef<int32_t> segments,
                                           unsigned index) {
  if (segments.empty())
    return std::nullopt;
  unsigned formal = std::min<unsigned>(index, segments.size() - 1);
  unsigned offset = index - formal;
  if (offset >= static_cast<unsigned>(segments[formal]))
    return std::nullopt;
  return std::accumulate(segments.begin(), segments.begin() + formal, offset);
}

Value tenon::onnx::getInput(Operation *op, unsigned index) {
  auto position = getPosition(getOperandSegments(op), index);
  return position ? op->getOperand(*position) : Value();
}

Value tenon::onnx::getOutput(Operation *op, unsigned index) {
  auto position = getPosition(getResultSegments(op), index);
  return position ? op->getResult(*position) : Value();
}

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

/// Notes in `state` which operands or results are there.
static llvm::Error addSegments(OperationState &state,
                               ArrayRef<SchemaParameter> formals,
                               ArrayRef<bool> present, StringRef what,
                               StringRef attrName) {
  auto segments = distribute(formals, present, what);
  if (!segments)
    return segments.takeError();
  if (hasSegments(formals))
    state.addAttribute(attrName,
                       DenseI32ArrayAttr::get(state.getContext(), *segments));
  return llvm::Error::success();
}

template <typename T> static SmallVector<bool> getPresent(ArrayRef<T> list) {
  return llvm::map_to_vector(list, [](T item) { return bool(item); });
}

llvm::Error tenon::onnx::addOperandsAndResults(OperationState &state,
                                               ArrayRef<Value> operands,
                                               ArrayRef<Type> results) {
  const Schema *schema = getSchema(state.name);
  if (!schema)
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   "is no operator of ONNX");
  if (auto error = addSegments(state, schema->inputs, getPresent(operands),
                               "input", kOperandSegments))
    return error;
  if (auto error = addSegments(state, schema->outputs, getPresent(results),
                               "output", kResultSegments))
    return error;
  for (Value operand : operands)
    if (operand)
      state.operands.push_back(operand);
  for (Type result : results)
    if (result)
      state.types.push_back(result);
  return llvm::Error::success();
}

void tenon::onnx::buildOnnxOp(OperationState &state, ArrayRef<Type> results,
                              ArrayRef<Value> operands,
                              ArrayRef<NamedAttribute> attributes) {
  state.addAttributes(attributes);
  if (auto error = addOperandsAndResults(state, operands, results))
    llvm::report_fatal_error(std::move(error)); // the caller's mistake
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

/// Calls `print(value)` or prints `_` for each slot of a node's list.
template <typename Range, typename Print>
static void printSlots(OpAsmPrinter &printer, Range values,
                       ArrayRef<int32_t> segments, Print print) {
  unsigned next = 0, omitted = 0;
  bool isFirst = true;
  auto separate = [&] {
    if (!std::exchange(isFirst, false))
      printer << ", ";
  };
  for (int32_t size : segments) {
    omitted += size == 0;
    if (size == 0)
      continue;
    for (; omitted; --omitted) {
      separate();
      printer << '_';
    }
    for (int32_t i = 0; i < size && next < values.size(); ++i) {
      separate();
      print(values[next++]);
    }
  }
}

static SmallVector<StringRef> getRegionNames(const Schema *schema) {
  SmallVector<StringRef> names;
  for (const SchemaAttribute &attribute :
       schema ? schema->attributes : ArrayRef<SchemaAttribute>())
    if (attribute.kind == SchemaAttribute::Graph)
      names.push_back(attribute.name);
  return names;
}

void tenon::onnx::printOnnxOp(Operation *op, OpAsmPrinter &printer) {
  SmallVector<int32_t> operandSegments = getOperandSegments(op);
  SmallVector<int32_t> resultSegments = getResultSegments(op);
  printer << '(';
  printSlots(printer, op->getOperands(), operandSegments,
             [&](Value value) { printer << value; });
  printer << ')';
  for (auto [name, region] :
       llvm::zip(getRegionNames(getSchema(op)), op->getRegions())) {
    if (region.empty())
      continue;
    printer << ' ' << name << ' ';
    printer.printRegion(region);
  }
  printer.printOptionalAttrDict(op->getAttrs(),
                                {kOperandSegments, kResultSegments});
  printer << " : (";
  llvm::interleaveComma(op->getOperandTypes(), printer);
  printer << ") -> (";
  printSlots(printer, op->getResultTypes(), resultSegments,
             [&](Type type) { printer << type; });
  printer << ')';
}

ParseResult tenon::onnx::parseOnnxOp(OpAsmParser &parser,
                                     OperationState &result) {
  SMLoc start = parser.getCurrentLocation();
  SmallVector<OpAsmParser::UnresolvedOperand> operands;
  SmallVector<Type> operandTypes;
  SmallVector<bool> hasOperand, hasResult;

  // The operands, `_` for an omitted one.
  if (parser.parseCommaSeparatedList(
          OpAsmParser::Delimiter::Paren, [&]() -> ParseResult {
            hasOperand.push_back(failed(parser.parseOptionalKeyword("_")));
            if (!hasOperand.back())
              return success();
            return parser.parseOperand(operands.emplace_back());
          }))
    return failure();

  // The regions, by the names of the attributes that they are in ONNX.
  const Schema *schema = getSchema(result.name);
  if (!schema)
    return parser.emitError(start, "is no operator of ONNX");
  SmallVector<StringRef> names = getRegionNames(schema);
  for (size_t i = 0; i < names.size(); ++i)
    result.addRegion();
  StringRef name;
  SMLoc nameLoc = parser.getCurrentLocation();
  while (succeeded(parser.parseOptionalKeyword(&name))) {
    auto *it = llvm::find(names, name);
    if (it == names.end())
      return parser.emitError(nameLoc) << "has no subgraph '" << name << "'";
    Region &region = *result.regions[it - names.begin()];
    if (!region.empty())
      return parser.emitError(nameLoc) << "has two subgraphs '" << name << "'";
    if (parser.parseRegion(region))
      return failure();
    nameLoc = parser.getCurrentLocation();
  }
  if (parser.parseOptionalAttrDict(result.attributes) || parser.parseColon() ||
      parser.parseCommaSeparatedList(
          OpAsmParser::Delimiter::Paren,
          [&] { return parser.parseType(operandTypes.emplace_back()); }) ||
      parser.parseArrow() ||
      parser.parseCommaSeparatedList(
          OpAsmParser::Delimiter::Paren, [&]() -> ParseResult {
            hasResult.push_back(failed(parser.parseOptionalKeyword("_")));
            if (!hasResult.back())
              return success();
            return parser.parseType(result.types.emplace_back());
          }))
    return failure();

  if (auto error = addSegments(result, schema->inputs, hasOperand, "input",
                               kOperandSegments))
    return parser.emitError(start, llvm::toString(std::move(error)));
  if (auto error = addSegments(result, schema->outputs, hasResult, "output",
                               kResultSegments))
    return parser.emitError(start, llvm::toString(std::move(error)));
  return parser.resolveOperands(operands, operandTypes, start, result.operands);
}
