//===- Matmul.cpp - Products of matrices ----------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   y[i, j] = sum over k of a[i, k] * b[k, j]
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

/// numpy's matmul: leading dimensions are broadcast, a vector is a matrix of
/// one row (as `lhs`) or column (as `rhs`) whose dimension is left out.
Value lowering::buildMatmul(LayerBuilder &b, RankedTensorType type, Value lhs,
                            Value rhs) {
  int64_t lhsRank = getRank(lhs), rhsRank = getRank(rhs), rank = type.getRank();
  bool hasRow = lhsRank > 1, hasColumn = rhsRank > 1;
  int64_t batch = rank - hasRow - hasColumn;
  AffineExpr k = b.d(rank);
  // Batch dimensions by broadcasting, then the two of the matrix.
  auto access = [&](Value value, int64_t own, Exprs matrix) {
    Access result{value, {}};
    ArrayRef<int64_t> shape = getShape(value);
    for (int64_t dim = 0; dim < own; ++dim) {
      int64_t at = batch - own + dim;
      result.index.push_back(shape[dim] == 1 || at < 0 ? b.c(0) : b.d(at));
    }
    llvm::append_range(result.index, matrix);
    return result;
  };
  Exprs row = hasRow ? Exprs{b.d(batch), k} : Exprs{k};
  Exprs column = hasColumn ? Exprs{k, b.d(rank - 1)} : Exprs{k};
  return b.contract(b.over(type, getShape(lhs).back()),
                    access(lhs, std::max<int64_t>(lhsRank - 2, 0), row),
                    access(rhs, std::max<int64_t>(rhsRank - 2, 0), column));
}

static Lowered lowerMatMul(onnx::MatMulOp op, LayerBuilder &b) {
  if (getRank(op.getA()) == 0 || getRank(op.getB()) == 0)
    return b.refuse("has an operand without dimensions");
  return buildMatmul(b, getType(op.getY()), op.getA(), op.getB());
}

/// alpha * A * B + beta * C, with A and B possibly transposed.
static Lowered lowerGemm(onnx::GemmOp op, LayerBuilder &b) {
  auto type = getType(op.getY());
  if (type.getRank() != 2 || getRank(op.getA()) != 2 || getRank(op.getB()) != 2)
    return b.refuse("expects matrices");
  AffineExpr i = b.d(0), j = b.d(1), k = b.d(2);
  double alpha = op.getAlpha().convertToDouble(),
         beta = op.getBeta().convertToDouble();
  SmallVector<Access> extras;
  if (op.getC() && beta != 0)
    extras.push_back(b.broadcast(op.getC(), type.getShape()));
  return b.contract(b.over(type, getShape(op.getA())[op.getTransA() ? 0 : 1]),
                    {op.getA(), op.getTransA() ? Exprs{k, i} : Exprs{i, k}},
                    {op.getB(), op.getTransB() ? Exprs{j, k} : Exprs{k, j}},
                    extras, [&](Scalars acc, Scalars c) {
                      auto scale = [](Scalar x, double by) {
                        return by == 1 ? x
                               : x.isFloat()
                                   ? x * by
                                   : (x.cast(x.getBuilder().getF64Type()) * by)
                                         .cast(x.getType());
                      };
                      Scalar product = scale(acc[0], alpha);
                      return c.empty() ? product : product + scale(c[0], beta);
                    });
}

void lowering::populateMatmul(LoweringTable &table) {
  table.add(lowerMatMul);
  table.add(lowerGemm);
}
