#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Proves the integer emulation of nn.requantize against floats: round_product.py [STRIDE | all]

The function of passes/lower/math/requantize.mlir goes through the C++ emitter; round_product.cpp compares it on every
STRIDE-th input (and all near a tie) by factors of every exponent, or on all 2^32 inputs by a few factors, in minutes.
"""
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
MODULE = """
module attributes {kernel.target = #kernel.target<name = "t", lanes = 1, indexBits = 32>} {
  func.func @rounded(%a: i32, %factor: i32) -> i32 {
    %0 = nn.round_product %a by %factor
    return %0 : i32
  }
}
"""


def run(command, **options):
    return subprocess.run([str(word) for word in command], check=True, text=True, stdout=subprocess.PIPE, **options).stdout


def main():
    low = run(["tenon-opt", "--expand-math", "--canonicalize", "--cse", "--legalize-for-cpp"], input=MODULE)
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work)
        (folder / "rounded.cpp").write_text(run(["tenon-translate", "--low-to-cpp"], input=low))
        sources = [HERE / "round_product.cpp", folder / "rounded.cpp"]
        run(["clang++-19", "-std=c++17", "-O2", "-ffp-contract=off", "-fno-math-errno", *sources, "-o", folder / "compare"])
        done = subprocess.run([folder / "compare", *(sys.argv[1:] or ["10007"])])
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
