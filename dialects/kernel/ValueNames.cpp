//===- ValueNames.cpp - The names of values in emitted C++ ----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/ValueNames.h"

#include "dialects/kernel/Kernel.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace tenon;

SmallVector<Value> tenon::kernel::getNamedValues(Operation *op) {
  SmallVector<Value> values;
  for (Region &region : op->getRegions())
    for (Block &block : region)
      llvm::append_range(values, block.getArguments());
  llvm::append_range(values, op->getResults());
  return values;
}

StringAttr tenon::kernel::getValueName(Value value) {
  Operation *op = value.getDefiningOp();
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    op = argument.getOwner()->getParentOp();
    if (auto function = dyn_cast<FunctionOpInterface>(op))
      return function.getArgAttrOfType<StringAttr>(argument.getArgNumber(),
                                                   kNameAttrName);
  }
  auto names = op->getAttrOfType<ArrayAttr>(kNamesAttrName);
  SmallVector<Value> values = getNamedValues(op);
  if (!names || names.size() != values.size())
    return {};
  return dyn_cast<StringAttr>(
      names[llvm::find(values, value) - values.begin()]);
}
