//===- CppMemory.cpp - How memory and vectors are written in C++ ----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppPrinter.h"

#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::cpp;

static Type getElement(Value memref) {
  return cast<MemRefType>(memref.getType()).getElementType();
}

/// `pointer + index`.
static std::string getAddress(CppPrinter &p, Value memref, Value index,
                              Prec least = Prec::Ternary) {
  if (matchPattern(index, m_Zero()))
    return p.get(memref, least);
  std::string text = p.get(memref, Prec::Add) + " + " + p.get(index, Prec::Add);
  return least > Prec::Add ? "(" + text + ")" : text;
}

/// What a load or store accesses: `x[i]`, or a vector, which in memory is as
/// aligned as its elements only.
static std::string getAccess(CppPrinter &p, Type type, Value memref,
                             Value index, StringRef constness) {
  if (!isa<VectorType>(type))
    return p.get(memref, Prec::Postfix) + "[" + p.get(index) + "]";
  return ("*(" + constness + p.getMemoryType(type) + " *)").str() +
         getAddress(p, memref, index, Prec::Unary);
}

static Expr load(CppPrinter &p, Operation *op) {
  Type type = op->getResult(0).getType();
  return {getAccess(p, type, op->getOperand(0), op->getOperand(1), "const "),
          isa<VectorType>(type) ? Prec::Unary : Prec::Postfix};
}

static LogicalResult store(CppPrinter &p, Operation *op) {
  Value value = op->getOperand(0);
  p.os() << getAccess(p, value.getType(), op->getOperand(1), op->getOperand(2),
                      "")
         << " = " << p.get(value) << ";\n";
  return success();
}

static Expr loadLanes(CppPrinter &p, kernel::LoadOp op) {
  return {p.useHelper("load", op.getType(), op.getCount()) + "(" +
          getAddress(p, op.getSource(), op.getIndex()) + ")"};
}

static LogicalResult storeLanes(CppPrinter &p, kernel::StoreOp op) {
  p.os() << p.useHelper("store", op.getValue().getType(), op.getCount()) << "("
         << getAddress(p, op.getTarget(), op.getIndex()) << ", "
         << p.get(op.getValue()) << ");\n";
  return success();
}

/// Unless the slice begins at a multiple of the source's elements and has the
/// same type, the offset is counted in bytes.
static Expr slice(CppPrinter &p, kernel::SliceOp op) {
  Type from = getElement(op.getSource()), to = getElement(op);
  uint64_t offset = op.getOffset(), size = kernel::getElementBytes(from);
  if (from == to && offset == 0)
    return {p.get(op.getSource(), Prec::Postfix)};
  if (from == to && offset % size == 0)
    return {p.get(op.getSource(), Prec::Add) + " + " +
                std::to_string(offset / size),
            Prec::Add};
  auto cast = [&](Type element) {
    return std::string(p.isReadOnly(op.getSource()) ? "(const " : "(") +
           p.getMemoryType(element) + " *)";
  };
  std::string base = p.get(op.getSource(), Prec::Unary);
  if (offset != 0)
    base = "(" + (size == 1 ? "" : cast(IntegerType::get(op.getContext(), 8))) +
           base + " + " + std::to_string(offset) + ")";
  return {cast(to) + base, Prec::Unary};
}

static Expr weights(CppPrinter &p, kernel::WeightsOp op) {
  std::string at = p.get(op.getHooks(), Prec::Postfix) + "->weights";
  return {"(const " + p.getType(getElement(op)) + " *)" + at, Prec::Unary};
}

static Expr weightsSize(CppPrinter &p, kernel::WeightsSizeOp op) {
  return {p.get(op.getHooks(), Prec::Postfix) + "->weights_size"};
}

static Expr misaligned(CppPrinter &p, kernel::MisalignedOp op) {
  return {p.useHelper("is_misaligned", Type()) + "(" + p.get(op.getSource()) +
          ", " + std::to_string(op.getAlignment()) + ")"};
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

/// A number of elements in bytes.
static std::string getByteCount(CppPrinter &p, Value count, Value memref) {
  uint64_t size = kernel::getElementBytes(getElement(memref));
  APInt constant;
  if (matchPattern(count, m_ConstantInt(&constant)))
    return std::to_string(constant.getZExtValue() * size);
  return "(size_t)" + p.get(count, Prec::Unary) +
         (size == 1 ? "" : " * " + std::to_string(size));
}

static LogicalResult copy(CppPrinter &p, kernel::CopyOp op) {
  p.os() << "__builtin_memcpy("
         << getAddress(p, op.getTarget(), op.getTargetIndex()) << ", "
         << getAddress(p, op.getSource(), op.getSourceIndex()) << ", "
         << getByteCount(p, op.getCount(), op.getSource()) << ");\n";
  return success();
}

/// The byte of which the value consists, if it is a constant of equal bytes.
static std::optional<uint64_t> getRepeatedByte(Value value) {
  Attribute attr;
  if (!matchPattern(value, m_Constant(&attr)))
    return std::nullopt;
  APInt bits = isa<FloatAttr>(attr)
                   ? cast<FloatAttr>(attr).getValue().bitcastToAPInt()
                   : cast<IntegerAttr>(attr).getValue();
  if (bits.getBitWidth() % 8 != 0 || !bits.isSplat(8))
    return std::nullopt;
  return bits.extractBitsAsZExtValue(8, 0);
}

static LogicalResult fill(CppPrinter &p, kernel::FillOp op) {
  std::string target = getAddress(p, op.getTarget(), op.getIndex());
  if (auto byte = getRepeatedByte(op.getValue()))
    p.os() << "__builtin_memset(" << target << ", " << *byte << ", "
           << getByteCount(p, op.getCount(), op.getTarget()) << ");\n";
  else
    p.os() << p.useHelper("fill", getElement(op.getTarget())) << "(" << target
           << ", " << p.get(op.getCount()) << ", " << p.get(op.getValue())
           << ");\n";
  return success();
}

//===----------------------------------------------------------------------===//
// Lanes
//===----------------------------------------------------------------------===//

static Expr splat(CppPrinter &p, Operation *op) {
  return {p.useHelper("splat", op->getResult(0).getType()) + "(" +
          p.get(op->getOperand(0)) + ")"};
}

static Expr extract(CppPrinter &p, vector::ExtractOp op) {
  return {p.get(op.getVector(), Prec::Postfix) + "[" +
          std::to_string(op.getStaticPosition()[0]) + "]"};
}

static Expr insert(CppPrinter &p, vector::InsertOp op) {
  return {p.useHelper("insert", op.getType(), op.getStaticPosition()[0]) + "(" +
          p.get(op.getDest()) + ", " + p.get(op.getSource()) + ")"};
}

static Expr shuffle(CppPrinter &p, vector::ShuffleOp op) {
  std::string text = "__builtin_shufflevector(" + p.getList(op.getOperands());
  for (APInt lane : op.getMask().getAsValueRange<IntegerAttr>())
    text += ", " + std::to_string(lane.getZExtValue());
  return {text + ")"};
}

static Expr dot(CppPrinter &p, kernel::DotOp op) {
  bool isBytes = getElementTypeOrSelf(op.getLhs().getType()).isInteger(8);
  return {p.useHelper(isBytes ? "dot_i8" : "dot_i16", op.getType()) + "(" +
          p.getList(op.getOperands()) + ")"};
}

void cpp::addMemoryEntries(EntryTable &t) {
  t.expression<memref::LoadOp>(load);
  t.expression<vector::LoadOp>(load);
  t.expression<kernel::LoadOp>(loadLanes);
  t.statement<memref::StoreOp>(store);
  t.statement<vector::StoreOp>(store);
  t.statement<kernel::StoreOp>(storeLanes);
  t.statement<kernel::CopyOp>(copy);
  t.statement<kernel::FillOp>(fill);
  t.expression<kernel::SliceOp>(slice);
  t.expression<kernel::ConstantOp>(getConstant);
  t.expression<kernel::WeightsOp>(weights);
  t.expression<kernel::WeightsSizeOp>(weightsSize);
  t.expression<kernel::MisalignedOp>(misaligned);
  t.expression<vector::BroadcastOp>(splat);
  t.expression<vector::SplatOp>(splat);
  t.expression<vector::ExtractOp>(extract);
  t.expression<vector::InsertOp>(insert);
  t.expression<vector::ShuffleOp>(shuffle);
  t.expression<kernel::DotOp>(dot);
}
