//===- SetTarget.cpp - Put a row of the target table on the module --------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the compiler's driver does, so that a test names a target in place of
// spelling out its row:
//
//     module {}
// becomes, with `name=cortex-m0`
//     module attributes {kernel.target = #kernel.target<name = "cortex-m0",
//         triple = "thumbv6m-unknown-none-eabi", ...>} {}
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/Targets.h"
#include "test/lib/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_SETTARGETPASS
#include "test/lib/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;

namespace {
struct SetTargetPass : tenon::impl::SetTargetPassBase<SetTargetPass> {
  using SetTargetPassBase::SetTargetPassBase;

  void runOnOperation() override {
    const Target *target = lookupTarget(name);
    if (!target) {
      getOperation().emitError() << "unknown target '" << name << "'";
      return signalPassFailure();
    }
    getOperation()->setAttr(kernel::kTargetAttrName,
                            getTargetAttr(&getContext(), *target));
  }
};
} // namespace
