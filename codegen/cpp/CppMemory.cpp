//===- CppMemory.cpp - How memory is read and written in C++ --------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppPrinter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::cpp;

static MemRefType getMemRef(Value value) {
  return cast<MemRefType>(value.getType());
}

static unsigned getElementBytes(Value memref) {
  return kernel::getElementBytes(getMemRef(memref).getElementType());
}

static Expr load(memref::LoadOp op, CppPrinter &p) {
  return {p.getElement(op.getMemRef(), op.getIndices()[0])};
}

static LogicalResult store(memref::StoreOp op, CppPrinter &p) {
  p.os() << p.getElement(op.getMemRef(), op.getIndices()[0]) << " = "
         << p.get(op.getValue()) << ";\n";
  return success();
}

/// Unless the slice begins at a multiple of the source's elements and has the
/// same type, the offset is counted in bytes.
static Expr slice(kernel::SliceOp op, CppPrinter &p) {
  MemRefType from = getMemRef(op.getSource()), to = op.getType();
  uint64_t offset = op.getOffset(), size = getElementBytes(op.getSource());
  if (from.getElementType() == to.getElementType() && offset % size == 0)
    return {p.get(op.getSource(), Prec::Add) + " + " +
                std::to_string(offset / size),
            Prec::Add};
  std::string constness = p.isReadOnly(op.getSource()) ? "const " : "";
  auto cast = [&](Type element) {
    return "(" + constness + p.getMemoryType(element) + " *)";
  };
  std::string base = p.get(op.getSource(), Prec::Unary);
  if (offset != 0) {
    Type byte = IntegerType::get(op.getContext(), 8);
    if (size != 1)
      base = cast(byte) + base;
    base = "(" + base + " + " + std::to_string(offset) + ")";
  }
  return {cast(to.getElementType()) + base, Prec::Unary};
}

/// A constant by its name, or by its place in the blob; cast where it is
/// defined with another type.
static Expr constant(kernel::ConstantOp op, CppPrinter &p) {
  return p.getConstant(op);
}

static Expr weights(kernel::WeightsOp op, CppPrinter &p) {
  return {"(const " + p.getMemoryType(op.getType().getElementType()) + " *)" +
              p.get(op.getHooks(), Prec::Postfix) + "->weights",
          Prec::Unary};
}

static LogicalResult copy(kernel::CopyOp op, CppPrinter &p) {
  unsigned size = getElementBytes(op.getSource());
  p.os() << "__builtin_memcpy("
         << p.getAddress(op.getTarget(), op.getTargetIndex(), Prec::Ternary)
         << ", "
         << p.getAddress(op.getSource(), op.getSourceIndex(), Prec::Ternary)
         << ", " << p.getByteCount(op.getCount(), size) << ");\n";
  return success();
}

/// The byte of which the value consists, if it is a constant of equal bytes.
static std::optional<unsigned> getRepeatedByte(Value value) {
  Attribute attr;
  if (!matchPattern(value, m_Constant(&attr)))
    return std::nullopt;
  APInt bits;
  if (auto integer = dyn_cast<IntegerAttr>(attr))
    bits = integer.getValue();
  else if (auto number = dyn_cast<FloatAttr>(attr))
    bits = number.getValue().bitcastToAPInt();
  if (bits.getBitWidth() % 8 != 0 || !bits.isSplat(8))
    return std::nullopt;
  return bits.extractBitsAsZExtValue(8, 0);
}

static LogicalResult fill(kernel::FillOp op, CppPrinter &p) {
  if (auto byte = getRepeatedByte(op.getValue())) {
    p.os() << "__builtin_memset("
           << p.getAddress(op.getTarget(), op.getIndex(), Prec::Ternary) << ", "
           << *byte << ", "
           << p.getByteCount(op.getCount(), getElementBytes(op.getTarget()))
           << ");\n";
    return success();
  }
  Type element = getMemRef(op.getTarget()).getElementType();
  p.os() << p.useHelper("fill", element) << "("
         << p.getAddress(op.getTarget(), op.getIndex(), Prec::Ternary) << ", "
         << p.get(op.getCount()) << ", " << p.get(op.getValue()) << ");\n";
  return success();
}

static Expr misaligned(kernel::MisalignedOp op, CppPrinter &p) {
  return {p.useHelper("is_misaligned", Type()) + "(" + p.get(op.getSource()) +
          ", " + std::to_string(op.getAlignment()) + ")"};
}

void cpp::addMemoryEntries(EntryTable &table) {
  table.expression<memref::LoadOp>(load);
  table.statement<memref::StoreOp>(store);
  table.expression<kernel::SliceOp>(slice);
  table.expression<kernel::ConstantOp>(constant);
  table.expression<kernel::WeightsOp>(weights);
  table.statement<kernel::CopyOp>(copy);
  table.statement<kernel::FillOp>(fill);
  table.expression<kernel::MisalignedOp>(misaligned);
}
