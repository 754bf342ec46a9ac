//===- ReplayRows.cpp - What happens to memory row by row -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/ReplayRows.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

//===----------------------------------------------------------------------===//
// Chains in bands
//===----------------------------------------------------------------------===//

/// Rows `first` to `end` - 1 of what lies at `layout`, as far as there are any.
static Layout getRows(const Layout &layout, unsigned dim, int64_t first,
                      int64_t end) {
  int64_t size = layout.shape[dim];
  first = std::clamp<int64_t>(first, 0, size);
  end = std::clamp<int64_t>(end, first, size);
  SmallVector<int64_t> offsets(layout.shape.size()), shape(layout.shape);
  offsets[dim] = first;
  shape[dim] = end - first;
  return getBox(layout, offsets, shape);
}

bool schedule::readsRowsInTime(nn::BandsOp bands, unsigned index,
                               const Layout &from, const Layout &to) {
  FailureOr<SmallVector<BandLayer>> layers = getBandLayers(bands);
  if (failed(layers))
    return false;
  std::optional<BandLayout> layout = getBandLayout(*layers, bands.getHeight());
  if (!layout)
    return false;
  BlockArgument argument = bands.getBody().getArgument(index);
  for (BandLayer &member : *layers)
    for (OpOperand &operand : member.layer->getOpOperands())
      if (operand.get() == argument &&
          llvm::none_of(member.rows.windows, [&](const RowWindow &window) {
            return window.operand == operand.getOperandNumber();
          }))
        return false;
  // The result of a layer that takes all rows is written in the end.
  if (layers->back().rows.reducesRows)
    return true;
  const BandBuffer &result = layout->buffers.back();
  auto hasRead = [&](unsigned buffer, int64_t round, const Layout &written) {
    const BandBuffer &rows = layout->buffers[buffer];
    int64_t first = layout->getFirstLoaded(buffer, round),
            end = rows.first + (round + 1) * rows.height;
    return rows.value != argument ||
           !mayOverlap(getRows(from, rows.dim, first, end), written);
  };
  for (int64_t round = 1; round < layout->rounds; ++round) {
    Layout written = getRows(to, result.dim, 0, round * result.height);
    for (unsigned buffer = 0; buffer < layout->numOutside; ++buffer)
      if (!hasRead(buffer, round, written))
        return false;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Copies in loops
//===----------------------------------------------------------------------===//

namespace {
class CopyReplay {
public:
  using Visit = llvm::function_ref<LogicalResult(kernel::CopyOp, int64_t,
                                                 int64_t, int64_t)>;
  explicit CopyReplay(Visit visit) : visit(visit) {}

  LogicalResult run(scf::ForOp loop) {
    std::optional<int64_t> first = getNumber(loop.getLowerBound()),
                           end = getNumber(loop.getUpperBound()),
                           step = getNumber(loop.getStep());
    if (!first || !end || !step || *step <= 0 || loop.getNumResults() != 0)
      return loop.emitError() << "is no loop that copies rows";
    for (int64_t at = *first; at < *end; at += *step) {
      indices[loop.getInductionVar()] = at;
      for (Operation &op : loop.getBody()->without_terminator()) {
        if (auto inner = dyn_cast<scf::ForOp>(op)) {
          if (failed(run(inner)))
            return failure();
          continue;
        }
        auto copy = dyn_cast<kernel::CopyOp>(op);
        if (!copy && isPure(&op))
          continue;
        if (!copy)
          return op.emitError() << "is no copy of rows";
        std::optional<int64_t> source = getNumber(copy.getSourceIndex()),
                               target = getNumber(copy.getTargetIndex()),
                               count = getNumber(copy.getCount());
        if (!source || !target || !count)
          return op.emitError() << "copies rows that are not known";
        if (failed(visit(copy, *source, *target, *count)))
          return failure();
      }
    }
    return success();
  }

private:
  std::optional<int64_t> getNumber(Value value) {
    APInt constant;
    if (matchPattern(value, m_ConstantInt(&constant)))
      return constant.getSExtValue();
    if (auto found = indices.find(value); found != indices.end())
      return found->second;
    Operation *op = value.getDefiningOp();
    if (!isa_and_nonnull<arith::AddIOp, arith::MulIOp>(op))
      return std::nullopt;
    std::optional<int64_t> a = getNumber(op->getOperand(0)),
                           b = getNumber(op->getOperand(1));
    if (!a || !b)
      return std::nullopt;
    return isa<arith::AddIOp>(op) ? *a + *b : *a * *b;
  }

  Visit visit;
  DenseMap<Value, int64_t> indices;
};
} // namespace

LogicalResult schedule::replayCopies(scf::ForOp loop, CopyReplay::Visit visit) {
  return CopyReplay(visit).run(loop);
}
