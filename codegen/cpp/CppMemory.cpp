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

static Expr store(CppPrinter &p, Operation *op) {
  Value value = op->getOperand(0), target = op->getOperand(1);
  return {getAccess(p, value.getType(), target, op->getOperand(2), "") + " = " +
          p.get(value)};
}

static Expr loadLanes(CppPrinter &p, kernel::LoadOp op) {
  return getCall(p.useHelper("load", op.getType(), op.getCount()),
                 getAddress(p, op.getSource(), op.getIndex()));
}

static Expr storeLanes(CppPrinter &p, kernel::StoreOp op) {
  Value value = op.getValue();
  return getCall(p.useHelper("store", value.getType(), op.getCount()),
                 getAddress(p, op.getTarget(), op.getIndex()) + ", " +
                     p.get(value));
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
  return getCall(p.useHelper("is_misaligned", Type()),
                 p.get(op.getSource()) + ", " +
                     std::to_string(op.getAlignment()));
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

static Expr copy(CppPrinter &p, kernel::CopyOp op) {
  return getCall("__builtin_memcpy",
                 getAddress(p, op.getTarget(), op.getTargetIndex()) + ", " +
                     getAddress(p, op.getSource(), op.getSourceIndex()) + ", " +
                     getByteCount(p, op.getCount(), op.getSource()));
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

static Expr fill(CppPrinter &p, kernel::FillOp op) {
  std::string target = getAddress(p, op.getTarget(), op.getIndex()) + ", ";
  if (auto byte = getRepeatedByte(op.getValue()))
    return getCall("__builtin_memset",
                   target + std::to_string(*byte) + ", " +
                       getByteCount(p, op.getCount(), op.getTarget()));
  return getCall(p.useHelper("fill", getElement(op.getTarget())),
                 target + p.getList({op.getCount(), op.getValue()}));
}

//===----------------------------------------------------------------------===//
// Lanes
//===----------------------------------------------------------------------===//

static Expr splat(CppPrinter &p, Operation *op) {
  return getCall(p.useHelper("splat", op->getResult(0).getType()),
                 p.get(op->getOperand(0)));
}

static Expr extract(CppPrinter &p, vector::ExtractOp op) {
  return {p.get(op.getVector(), Prec::Postfix) + "[" +
          std::to_string(op.getStaticPosition()[0]) + "]"};
}

static Expr insert(CppPrinter &p, vector::InsertOp op) {
  return getCall(p.useHelper("insert", op.getType(), op.getStaticPosition()[0]),
                 p.getList({op.getDest(), op.getSource()}));
}

static Expr shuffle(CppPrinter &p, vector::ShuffleOp op) {
  std::string lanes;
  for (APInt lane : op.getMask().getAsValueRange<IntegerAttr>())
    lanes += ", " + std::to_string(lane.getZExtValue());
  return getCall("__builtin_shufflevector",
                 p.getList(op.getOperands()) + lanes);
}

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

static Expr loadWord(CppPrinter &p, kernel::LoadWordOp op) {
  std::string section = "load_word" + std::to_string(op.getCount());
  return getCall(p.useHelper(section, getElement(op.getSource())),
                 getAddress(p, op.getSource(), op.getIndex()));
}

/// The helper around the target's own instruction, where it has one.
template <typename OpT, typename... Kinds>
static Expr callOnWords(CppPrinter &p, OpT op, std::string section,
                        Kinds... kinds) {
  kernel::DotKind kind = kernel::getInstructions(op);
  if (kind != kernel::DotKind::None)
    section += "_" + stringifyDotKind(kind).str();
  return getCall(p.useHelper(section, op->getOperand(0).getType(), kinds...),
                 p.getList(op->getOperands()));
}

static Expr widen(CppPrinter &p, kernel::WidenOp op) {
  return callOnWords(p, op, "widen", op.getOdd() ? 8u : 0u,
                     IntegerType::get(op.getContext(), 8), op.getIsUnsigned());
}

static Expr dotShorts(CppPrinter &p, kernel::DotShortsOp op) {
  return callOnWords(p, op, "dot_shorts");
}

static Expr dotBytes(CppPrinter &p, kernel::DotBytesOp op) {
  return callOnWords(p, op, "dot_bytes", kNone,
                     IntegerType::get(op.getContext(), 8), op.getIsUnsigned());
}

static Expr dotLanes(CppPrinter &p, kernel::DotLanesOp op) {
  return callOnWords(p, op, "dot_lanes");
}

void cpp::addMemoryEntries(EntryTable &t) {
  t.add<memref::LoadOp>(load);
  t.add<vector::LoadOp>(load);
  t.add<kernel::LoadOp>(loadLanes);
  t.add<memref::StoreOp>(store);
  t.add<vector::StoreOp>(store);
  t.add<kernel::StoreOp>(storeLanes);
  t.add<kernel::CopyOp>(copy);
  t.add<kernel::FillOp>(fill);
  t.add<kernel::SliceOp>(slice);
  t.add<kernel::ConstantOp>(getConstant);
  t.add<kernel::WeightsOp>(weights);
  t.add<kernel::WeightsSizeOp>(weightsSize);
  t.add<kernel::MisalignedOp>(misaligned);
  t.add<vector::BroadcastOp>(splat);
  t.add<vector::SplatOp>(splat);
  t.add<vector::ExtractOp>(extract);
  t.add<vector::InsertOp>(insert);
  t.add<vector::ShuffleOp>(shuffle);
  t.add<kernel::LoadWordOp>(loadWord);
  t.add<kernel::WidenOp>(widen);
  t.add<kernel::DotShortsOp>(dotShorts);
  t.add<kernel::DotBytesOp>(dotBytes);
  t.add<kernel::DotLanesOp>(dotLanes);
}
