//===- Nn.cpp - The nn dialect --------------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Nn.h"
#include "dialects/nn/Quantization.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

#include "dialects/nn/NnDialect.cpp.inc"
#include "dialects/nn/NnEnums.cpp.inc"

#include "dialects/nn/NnInterfaces.cpp.inc"

static ParseResult
parseParts(OpAsmParser &parser,
           SmallVectorImpl<OpAsmParser::UnresolvedOperand> &parts,
           ArrayAttr &offsets);
static void printParts(OpAsmPrinter &printer, AssembleOp op, OperandRange parts,
                       ArrayAttr offsets);

#define GET_OP_CLASSES
#include "dialects/nn/NnOps.cpp.inc"

void NnDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/nn/NnOps.cpp.inc"
      >();
}

LogicalResult WeightOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto global =
      symbols.lookupNearestSymbolFrom<kernel::GlobalOp>(*this, getGlobalAttr());
  if (!global)
    return emitOpError() << "names no kernel.global: " << getGlobalAttr();
  auto from = cast<ShapedType>(global.getValue().getType());
  auto to = cast<ShapedType>(getType());
  if (from.getElementType() != to.getElementType() ||
      from.getNumElements() != to.getNumElements())
    return emitOpError() << "expected the element type and number of elements "
                            "of the global, "
                         << from << ", got " << to;
  return success();
}

//===----------------------------------------------------------------------===//
// Reshape
//===----------------------------------------------------------------------===//

LogicalResult ReshapeOp::verify() {
  auto from = cast<RankedTensorType>(getInput().getType());
  auto to = cast<RankedTensorType>(getType());
  if (from.getElementType() != to.getElementType())
    return emitOpError() << "expected element type " << from.getElementType()
                         << ", got " << to.getElementType();
  if (from.getNumElements() != to.getNumElements())
    return emitOpError() << "expected " << from.getNumElements()
                         << " elements, got " << to.getNumElements();
  return success();
}

OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (getInput().getType() == getType())
    return getInput();
  return {};
}

//===----------------------------------------------------------------------===//
// Assemble
//===----------------------------------------------------------------------===//

static ParseResult
parseParts(OpAsmParser &parser,
           SmallVectorImpl<OpAsmParser::UnresolvedOperand> &parts,
           ArrayAttr &offsets) {
  SmallVector<Attribute> all;
  auto parsePart = [&]() -> ParseResult {
    SmallVector<int64_t> offset;
    if (parser.parseOperand(parts.emplace_back()) ||
        parser.parseKeyword("at") ||
        parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Square, [&] {
          return parser.parseInteger(offset.emplace_back());
        }))
      return failure();
    all.push_back(parser.getBuilder().getDenseI64ArrayAttr(offset));
    return success();
  };
  if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Paren, parsePart))
    return failure();
  offsets = parser.getBuilder().getArrayAttr(all);
  return success();
}

static void printParts(OpAsmPrinter &printer, AssembleOp op, OperandRange parts,
                       ArrayAttr offsets) {
  printer << "(";
  for (auto [index, part] : llvm::enumerate(parts)) {
    printer << (index ? ", " : "") << part << " at [";
    llvm::interleaveComma(op.getPartOffsets(index), printer);
    printer << "]";
  }
  printer << ")";
}

LogicalResult AssembleOp::verify() {
  auto type = cast<RankedTensorType>(getType());
  if (getOffsets().size() != getParts().size())
    return emitOpError() << "expected offsets for " << getParts().size()
                         << " parts, got " << getOffsets().size();
  int64_t covered = 0;
  for (auto [index, part] : llvm::enumerate(getParts())) {
    auto partType = cast<RankedTensorType>(part.getType());
    ArrayRef<int64_t> offset = getPartOffsets(index);
    if (partType.getElementType() != type.getElementType() ||
        partType.getRank() != type.getRank() ||
        int64_t(offset.size()) != type.getRank())
      return emitOpError()
             << "expected part " << index
             << " to have the rank and element type of the result";
    for (int64_t dim = 0; dim < type.getRank(); ++dim)
      if (offset[dim] < 0 ||
          offset[dim] + partType.getDimSize(dim) > type.getDimSize(dim))
        return emitOpError()
               << "part " << index << " leaves the result in dimension " << dim;
    covered += partType.getNumElements();
  }
  if (!getFill() && covered != type.getNumElements())
    return emitOpError() << "parts cover " << covered << " of "
                         << type.getNumElements()
                         << " elements, and there is no fill";
  return success();
}

OpFoldResult AssembleOp::fold(FoldAdaptor) {
  if (getParts().size() == 1 && getParts()[0].getType() == getType())
    return getParts()[0];
  return {};
}
