#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Makes the files of a new pass: new_pass.py STAGE Name text-name "Summary in the imperative"

    scripts/new_pass.py simplify FoldPad fold-pad "Fold padding into the window of its user"

writes passes/simplify/FoldPad.cpp, test/passes/simplify/fold-pad.mlir, and an entry in passes/simplify/Passes.td, and says
what is left to do. The test fails until it is filled in.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# What a pass of the stage runs on, and the dialect whose operations it makes.
STAGES = {
    "import": ("func::FuncOp", "nn::NnDialect"),
    "simplify": ("func::FuncOp", "nn::NnDialect"),
    "schedule": ("ModuleOp", "kernel::KernelDialect"),
    "lower": ("ModuleOp", "kernel::KernelDialect"),
}

ENTRY = """def {name}Pass : Pass<"{text}", "::mlir::{operation}"> {{
  let summary = "{summary}";
  let description = [{{
    TODO: what it promises. See {name}.cpp.
  }}];
  let dependentDialects = ["::tenon::{dialect}"];
}}

"""

SOURCE = """//===- {name}.cpp - {short}===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// {summary}.
//
// TODO: what it does and why, the paper and section if there is one:
//
//     TODO: before
// becomes
//     TODO: after
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Kernel.h"
#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "passes/{stage}/Passes.h"

using namespace mlir;
using namespace tenon;

namespace tenon {{
#define GEN_PASS_DEF_{upper}PASS
#include "passes/{stage}/Passes.h.inc"
}} // namespace tenon

namespace {{
struct {name}Pass : tenon::impl::{name}PassBase<{name}Pass> {{
  void runOnOperation() override {{
    RewritePatternSet patterns(&getContext());
    // TODO: patterns.add<...>(&getContext());
    if (failed(
            applyPatternsAndFoldGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }}
}};
}} // namespace
"""

TEST = """// RUN: tenon-opt %s --{text} | FileCheck %s

// {summary}.

// CHECK-LABEL: func @case_in_words
// CHECK: TODO
func.func @case_in_words() {{
  return
}}

// The negative twin: all is as above but for one thing, and nothing may change.

// CHECK-LABEL: func @no_case_in_words_because
// CHECK: TODO
func.func @no_case_in_words_because() {{
  return
}}
"""


def main():
    arguments = sys.argv[1:]
    root = ROOT
    if arguments[:1] == ["--root"] and len(arguments) > 1:  # another tree: for tests
        root = pathlib.Path(arguments[1])
        arguments = arguments[2:]
    if len(arguments) != 4:
        sys.exit(__doc__)
    stage, name, text, summary = arguments
    summary = summary.rstrip(".")
    if stage not in STAGES:
        sys.exit(f"error: no stage {stage}: there are {', '.join(STAGES)}")
    definitions = root / "passes" / stage / "Passes.td"
    if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name) or name.endswith("Pass"):
        sys.exit(f"error: expected a name such as FoldPad, got {name}")
    if not re.fullmatch(r"[a-z][a-z0-9-]*", text):
        sys.exit(f"error: expected a text name such as fold-pad, got {text}")

    kebab = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()
    source = root / "passes" / stage / f"{name}.cpp"
    test = root / "test" / "passes" / stage / f"{kebab}.mlir"
    for file in (source, test):
        if file.exists():
            sys.exit(f"error: {file.relative_to(root)} exists")

    short = (summary + " ").ljust(80 - len(f"//===- {name}.cpp - ===//"), "-")
    operation, dialect = STAGES[stage]
    fields = dict(stage=stage, name=name, text=text, summary=summary, short=short, upper=name.upper())
    fields |= dict(operation=operation, dialect=dialect)
    entries = definitions.read_text()
    head, end, tail = entries.rpartition("#endif")
    definitions.write_text(head + ENTRY.format(**fields) + end + tail)
    source.write_text(SOURCE.format(**fields))
    test.parent.mkdir(parents=True, exist_ok=True)
    test.write_text(TEST.format(**fields))
    for file in (source, test, definitions):
        print(file.relative_to(root))
    print("next: fill in the template; give the pass its place in compiler/pipeline/Pipeline.cpp; scripts/reference.py --update")


if __name__ == "__main__":
    main()
