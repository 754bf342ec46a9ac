//===- DescribeInterface.cpp - The function that says what a model is -----===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Adds what a caller can ask at run time, after everything that it says is
// known: a constant with names, types and sizes, and
//
//     func.func @face_describe() -> memref<416xi8> {
//       return kernel.constant @description
//     }
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Interface.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/lower/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_DESCRIBEINTERFACEPASS
#include "passes/lower/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;

namespace {
struct DescribeInterfacePass
    : public tenon::impl::DescribeInterfacePassBase<DescribeInterfacePass> {
  using DescribeInterfacePassBase::DescribeInterfacePassBase;
  void runOnOperation() override;
};
} // namespace

void DescribeInterfacePass::runOnOperation() {
  ModuleOp module = getOperation();
  FailureOr<kernel::Interface> interface = kernel::getInterface(module);
  if (failed(interface))
    return signalPassFailure();
  kernel::InfoRecord record = kernel::buildInfoRecord(*interface);
  OpBuilder builder(&getContext());
  Location loc = UnknownLoc::get(&getContext());
  int64_t size = record.bytes.size();
  auto global = builder.create<kernel::GlobalOp>(
      loc, "description",
      DenseElementsAttr::getFromRawBuffer(
          RankedTensorType::get({size}, builder.getI8Type()), record.bytes),
      builder.getI64IntegerAttr(8));
  // Its name is taken where a weight or function has that one.
  SymbolTable(module).insert(global, module.getBody()->begin());

  auto type = MemRefType::get({size}, builder.getI8Type());
  builder.setInsertionPointToEnd(module.getBody());
  auto describe = builder.create<func::FuncOp>(
      loc, interface->name + "_describe", builder.getFunctionType({}, {type}));
  describe.setResultAttr(0, kernel::kCTypeAttrName,
                         builder.getStringAttr(interface->name + "_info"));
  builder.setInsertionPointToStart(describe.addEntryBlock());
  Value address = builder.create<kernel::ConstantOp>(
      loc, type, FlatSymbolRefAttr::get(global.getSymNameAttr()));
  builder.create<func::ReturnOp>(loc, address);
}
