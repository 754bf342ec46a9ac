//===- CppVector.cpp - How vectors are written in C++ ---------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppPrinter.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::cpp;

/// Vectors in memory are as aligned as their elements only.
static std::string access(CppPrinter &p, VectorType type, Value memref,
                          Value index, bool isConst) {
  return std::string("*(") + (isConst ? "const " : "") + p.getMemoryType(type) +
         " *)" + p.getAddress(memref, index, Prec::Unary);
}

static Expr load(vector::LoadOp op, CppPrinter &p) {
  return {access(p, op.getVectorType(), op.getBase(), op.getIndices()[0], true),
          Prec::Unary};
}

static LogicalResult store(vector::StoreOp op, CppPrinter &p) {
  p.os() << access(p, op.getVectorType(), op.getBase(), op.getIndices()[0],
                   false)
         << " = " << p.get(op.getValueToStore()) << ";\n";
  return success();
}

static Expr loadLanes(kernel::LoadOp op, CppPrinter &p) {
  return {p.useHelper("load" + std::to_string(op.getCount()), op.getType()) +
          "(" + p.getAddress(op.getSource(), op.getIndex(), Prec::Ternary) +
          ")"};
}

static LogicalResult storeLanes(kernel::StoreOp op, CppPrinter &p) {
  p.os() << p.useHelper("store" + std::to_string(op.getCount()),
                        op.getValue().getType())
         << "(" << p.getAddress(op.getTarget(), op.getIndex(), Prec::Ternary)
         << ", " << p.get(op.getValue()) << ");\n";
  return success();
}

static Expr broadcast(vector::BroadcastOp op, CppPrinter &p) {
  return {p.useHelper("splat", op.getType()) + "(" + p.get(op.getSource()) +
          ")"};
}

static Expr splat(vector::SplatOp op, CppPrinter &p) {
  return {p.useHelper("splat", op.getType()) + "(" + p.get(op.getInput()) +
          ")"};
}

static Expr extract(vector::ExtractOp op, CppPrinter &p) {
  return {p.get(op.getVector(), Prec::Postfix) + "[" +
          std::to_string(op.getStaticPosition()[0]) + "]"};
}

static Expr insert(vector::InsertOp op, CppPrinter &p) {
  return {p.useHelper("insert" + std::to_string(op.getStaticPosition()[0]),
                      op.getType()) +
          "(" + p.get(op.getDest()) + ", " + p.get(op.getSource()) + ")"};
}

static Expr shuffle(vector::ShuffleOp op, CppPrinter &p) {
  std::string text =
      "__builtin_shufflevector(" + p.get(op.getV1()) + ", " + p.get(op.getV2());
  for (Attribute lane : op.getMask())
    text += ", " + std::to_string(cast<IntegerAttr>(lane).getInt());
  return {text + ")"};
}

static Expr dot(kernel::DotOp op, CppPrinter &p) {
  VectorType from = cast<VectorType>(op.getLhs().getType());
  std::string base = "dot_" + p.getShortName(from.getElementType());
  p.getType(from);
  return {p.useHelper(base, op.getType()) + "(" + p.get(op.getLhs()) + ", " +
          p.get(op.getRhs()) + ", " + p.get(op.getAcc()) + ")"};
}

void cpp::addVectorEntries(EntryTable &table) {
  table.expression<vector::LoadOp>(load);
  table.statement<vector::StoreOp>(store);
  table.expression<kernel::LoadOp>(loadLanes);
  table.statement<kernel::StoreOp>(storeLanes);
  table.expression<vector::BroadcastOp>(broadcast);
  table.expression<vector::SplatOp>(splat);
  table.expression<vector::ExtractOp>(extract);
  table.expression<vector::InsertOp>(insert);
  table.expression<vector::ShuffleOp>(shuffle);
  table.expression<kernel::DotOp>(dot);
}
