//===- PlanMemory.cpp - Put every value into memory -----------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// From tensors to memrefs. Inputs and results of the function are the caller's
// buffers, weights are constants, everything else lies in an arena:
//
//     func.func @f(%x: tensor<8xf32>) -> tensor<8xf32> {
//       %e = tensor.empty() : tensor<8xf32>
//       %a = nn.map ... ins(%x) outs(%e) ... -> tensor<8xf32>
//       %b = nn.reduce ... ins(%a) outs(%e) ... -> tensor<8xf32>
//       return %b : tensor<8xf32>
//     }
//
// becomes
//
//     func.func @f(%x: memref<8xf32>, %y: memref<8xf32>, %arena: memref<32xi8>)
//     {
//       %a = kernel.slice %arena, 0 : memref<32xi8> to memref<8xf32>
//       nn.map ... ins(%x) outs(%a)
//       nn.reduce ... ins(%a) outs(%y)
//       return
//     }
//
// Which values share memory is decided in Aliasing.cpp, offsets in Packing.cpp,
// and EmitPlan.cpp writes the function. VerifyPlan.cpp then replays it: a
// mistake here is a wrong answer there.
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Interface.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "passes/schedule/Passes.h"
#include "passes/schedule/Plan.h"

namespace tenon {
#define GEN_PASS_DEF_PLANMEMORYPASS
#include "passes/schedule/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

/// What is returned must be written to the caller's buffer: what exists before
/// or is returned twice is copied there.
static void copyReturnedValues(func::FuncOp func) {
  llvm::DenseSet<Value> returned;
  for (OpOperand &operand : func.front().getTerminator()->getOpOperands()) {
    Value value = operand.get(), root = value;
    while (auto reshape = root.getDefiningOp<nn::ReshapeOp>())
      root = reshape.getInput();
    Operation *op = root.getDefiningOp();
    bool computed =
        op && isa<nn::LayerOpInterface, nn::BandsOp, nn::AssembleOp>(op);
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type || !type.hasStaticShape() ||
        (computed && returned.insert(root).second))
      continue;
    OpBuilder builder(func.getContext());
    builder.setInsertionPointAfterValue(value);
    Location loc = value.getLoc();
    Value empty = builder.create<tensor::EmptyOp>(loc, type.getShape(),
                                                  type.getElementType());
    AffineMap identity = builder.getMultiDimIdentityMap(type.getRank());
    auto copy = builder.create<nn::MapOp>(
        loc, type, type.getShape(),
        builder.getAffineMapArrayAttr({identity, identity}), value, empty);
    Block *block = builder.createBlock(&copy.getBody());
    builder.create<nn::YieldOp>(
        loc, Value(block->addArgument(nn::getScalarType(type.getElementType()),
                                      loc)));
    operand.set(copy.getResult(0));
  }
}

namespace {
struct PlanMemoryPass : public tenon::impl::PlanMemoryPassBase<PlanMemoryPass> {
  using PlanMemoryPassBase::PlanMemoryPassBase;

  void runOnOperation() override {
    if (failed(run()))
      signalPassFailure();
  }

private:
  LogicalResult run() {
    ModuleOp module = getOperation();
    FailureOr<func::FuncOp> func = getNetworkFunction(module);
    if (failed(func))
      return failure();
    copyReturnedValues(*func);
    FailureOr<Network> network = buildNetwork(*func, getOperations(*func));
    if (failed(network))
      return failure();
    PlanOptions options = getPlanOptions(module);
    options.aliasing.outputsAsScratch = outputsAsScratch;
    options.aliasing.inPlace = inPlace;
    options.aliasing.ioInArena = ioInArena;
    options.avoidCopies = avoidCopies;
    Plan plan = planMemory(std::move(*network), options);
    int64_t maxBytes = getMaxBytes(module);
    if (plan.arenaBytes > maxBytes) {
      SmallVector<StringRef> peak = plan.getPeakLayers();
      auto diag = mlir::emitError(UnknownLoc::get(&getContext()));
      if (!peak.empty())
        diag << "node '" << peak.front() << "': ";
      return diag << "an arena of " << plan.arenaBytes
                  << " bytes, where the target holds " << maxBytes
                  << " at most";
    }
    report(plan);
    FailureOr<func::FuncOp> planned = emitPlan(plan);
    if (failed(planned))
      return failure();
    if (failed(verifyPlan(*func, *planned)))
      return planned->emitError() << "has a wrong plan: a bug of plan-memory";
    if (!keepReference) {
      func->erase();
      return success();
    }
    std::string name = (func->getName() + "_tensors").str();
    SymbolTable symbols(module);
    while (symbols.lookup(name))
      name += "_";
    func->setName(name);
    func->setPrivate();
    (*planned)->setAttr(kReferenceAttrName,
                        FlatSymbolRefAttr::get(&getContext(), name));
    return success();
  }

  void report(const Plan &plan) {
    ModuleOp module = getOperation();
    Builder builder(&getContext());
    SmallVector<StringRef> peak = plan.getPeakLayers();
    module->setAttr(kernel::kArenaSizeAttrName,
                    builder.getI64IntegerAttr(plan.arenaBytes));
    module->setAttr(kernel::kArenaBoundAttrName,
                    builder.getI64IntegerAttr(plan.boundBytes));
    module->setAttr(kernel::kPeakLayersAttrName, builder.getStrArrayAttr(peak));
    if (printPlan)
      schedule::printPlan(llvm::errs(), plan);
    if (!remarks)
      return;
    func::FuncOp func = plan.network.func;
    InFlightDiagnostic remark = func.emitRemark()
                                << "needs an arena of " << plan.arenaBytes
                                << " bytes, at least " << plan.boundBytes;
    for (auto [index, name] : llvm::enumerate(peak)) {
      std::string escaped;
      llvm::raw_string_ostream(escaped).write_escaped(name);
      remark << (index ? ", " : ", for ") << escaped;
    }
  }
};
} // namespace
