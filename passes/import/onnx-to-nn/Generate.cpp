//===- Generate.cpp - Tensors from shapes, numbers and positions ----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Shapes are static here, so Shape, Size and ConstantOfShape are constants.
// What depends on the place of an element is a map that asks for its index:
//
//     Trilu, upper = 0     y[i][j] = j <= i + k ? x[i][j] : 0
//
// OneHot is one too, and no scatter: each output knows whether it is the hot
// one.
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

static Lowered lowerShape(onnx::ShapeOp op, LayerBuilder &b) {
  ArrayRef<int64_t> shape = getShape(op.getData());
  int64_t rank = shape.size(), start = op.getStart();
  int64_t end = op.getEnd() ? int64_t(*op.getEnd()) : rank;
  start = std::clamp<int64_t>(start < 0 ? start + rank : start, 0, rank);
  end = std::clamp<int64_t>(end < 0 ? end + rank : end, start, rank);
  return b.ints(shape.slice(start, end - start));
}

static Lowered lowerSize(onnx::SizeOp op, LayerBuilder &b) {
  return b.numbers(getType(op.getSize()),
                   double(getType(op.getData()).getNumElements()));
}

static Lowered lowerConstant(onnx::ConstantOp op, LayerBuilder &b) {
  auto type = getType(op.getOutput());
  if (auto value = dyn_cast_or_null<DenseElementsAttr>(op.getValueAttr()))
    return b.constant(value);
  if (auto value = op.getValueFloatAttr())
    return b.constant(DenseElementsAttr::get(type, value.getValue()));
  if (auto value = op.getValueIntAttr())
    return b.constant(DenseElementsAttr::get(type, value.getInt()));
  if (auto values = op.getValueFloatsAttr())
    return b.constant(DenseElementsAttr::get(type, values.asArrayRef()));
  if (auto values = op.getValueIntsAttr())
    return b.constant(DenseElementsAttr::get(type, values.asArrayRef()));
  return b.refuse("has a value that is sparse or a string");
}

/// Larger ones are computed: a program does not store a number so often.
static constexpr int64_t kMaxStoredElements = 1024 * 1024;

static Lowered lowerConstantOfShape(onnx::ConstantOfShapeOp op,
                                    LayerBuilder &b) {
  auto type = getType(op.getOutput());
  bool isStored = type.getNumElements() <= kMaxStoredElements;
  auto given = dyn_cast_or_null<DenseElementsAttr>(op.getValueAttr());
  if (given && given.getNumElements() != 1)
    return b.refuse("expects a value of one element");
  auto first =
      isStored ? type : RankedTensorType::get({}, type.getElementType());
  Value value = given && first.getNumElements() != 0
                    ? b.constant(given.resizeSplat(first))
                    : b.numbers(first, 0.0);
  return isStored ? value : b.broadcastTo(value, type.getShape());
}

//===----------------------------------------------------------------------===//
// Positions
//===----------------------------------------------------------------------===//

static Lowered lowerRange(onnx::RangeOp op, LayerBuilder &b) {
  auto type = getType(op.getOutput());
  return b.elementwise(type, {op.getStart(), op.getDelta()}, [&](Scalars x) {
    return x[0] + b.index(0).cast(getComputeType(type.getElementType())) * x[1];
  });
}

static Lowered lowerEyeLike(onnx::EyeLikeOp op, LayerBuilder &b) {
  auto type = getType(op.getOutput());
  if (type.getRank() != 2)
    return b.refuse("expects a matrix");
  return b.map(b.over(type), {}, [&](Scalars) {
    Scalar row = b.index(0).cast(b.getI64Type()),
           column = b.index(1).cast(b.getI64Type());
    return (row + row.likeInt(op.getK()) == column).cast(type.getElementType());
  });
}

static Lowered lowerTrilu(onnx::TriluOp op, LayerBuilder &b) {
  auto type = getType(op.getOutput());
  int64_t rank = type.getRank();
  if (rank < 2)
    return b.refuse("expects a matrix or a batch of them");
  SmallVector<Value> inputs = {op.getInput()};
  if (op.getK())
    inputs.push_back(b.reshape(op.getK(), {}));
  return b.elementwise(type, inputs, [&](Scalars x) {
    Scalar row = b.index(rank - 2).cast(b.getI64Type());
    Scalar column = b.index(rank - 1).cast(b.getI64Type());
    Scalar diagonal = x.size() == 2 ? row + x[1] : row;
    return select(op.getUpper() ? column >= diagonal : column <= diagonal, x[0],
                  0);
  });
}

static Lowered lowerOneHot(onnx::OneHotOp op, LayerBuilder &b) {
  auto type = getType(op.getOutput());
  FailureOr<int64_t> axis = b.normalizeAxis(op.getAxis(), type.getRank());
  if (failed(axis))
    return failure();
  if (getRank(op.getValues()) != 1 ||
      getRank(op.getIndices()) + 1 != type.getRank())
    return b.refuse("expects two values, and one more dimension in the result");
  Access indices{op.getIndices(), b.dims(type.getRank())};
  indices.index.erase(indices.index.begin() + *axis);
  Access off{op.getValues(), {b.c(0)}}, on{op.getValues(), {b.c(1)}};
  return b.map(b.over(type), {indices, off, on}, [&](Scalars x) {
    Scalar index = x[0].cast(b.getI64Type());
    index =
        select(index < 0, index + index.likeInt(type.getDimSize(*axis)), index);
    return select(index == b.index(*axis).cast(b.getI64Type()), x[2], x[1]);
  });
}

/// The places between -1 and 1 of all elements, mapped by `theta`.
static Lowered lowerAffineGrid(onnx::AffineGridOp op, LayerBuilder &b) {
  Value theta = op.getTheta();
  auto type = getType(op.getGrid());
  int64_t dims = type.getRank() - 2;
  if (dims < 1 || getRank(theta) != 3 || getShape(theta)[2] != dims + 1)
    return b.refuse("expects one matrix per image");
  AffineExpr component = b.d(type.getRank() - 1);
  SmallVector<Access> factors;
  for (int64_t column = 0; column <= dims; ++column)
    factors.push_back({theta, {b.d(0), component, b.c(column)}});
  return b.map(b.over(type), factors, [&](Scalars x) {
    Scalar sum = x.back();
    for (int64_t column = 0; column < dims; ++column) {
      // x, the first column, is of the last dimension.
      int64_t dim = dims - column;
      double size = type.getDimSize(dim);
      Scalar at = b.index(dim).cast(getComputeType(sum.getType()));
      Scalar place = op.getAlignCorners()
                         ? at * (2 / std::max(size - 1, 1.0)) - 1.0
                         : (at * 2.0 + 1.0) / size - 1.0;
      sum = sum + x[column] * place;
    }
    return sum;
  });
}

void lowering::populateGenerate(LoweringTable &table) {
  table.add(lowerShape);
  table.add(lowerSize);
  table.add(lowerConstant);
  table.add(lowerConstantOfShape);
  table.add(lowerRange);
  table.add(lowerEyeLike);
  table.add(lowerTrilu);
  table.add(lowerOneHot);
  table.add(lowerAffineGrid);
}
