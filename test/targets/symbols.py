#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fails on symbols that a compiled model may not have.

    symbols.py TARGET MODEL OBJECT_OR_ARCHIVE...
    symbols.py all MODEL.onnx FOLDER                compiles the model for every target
"""

import pathlib
import sys

import machines


def check_all(model, folder):
    targets = [target.name for target in machines.TARGETS] + list(machines.NOT_RUN)
    name = pathlib.Path(model).stem
    for target in targets:
        path = f"{folder}/{target}/{name}.o"
        machines.run(["tenon", "compile", model, "--emit=obj", f"--target={target}", "-o", path, "--quiet"])
        machines.check_symbols(target, [path], name)
    print(f"objects for {len(targets)} targets have the symbols that they may have")


try:
    if sys.argv[1] == "all":
        check_all(*sys.argv[2:])
    else:
        machines.check_symbols(sys.argv[1], sys.argv[3:], sys.argv[2])
except machines.Failure as failure:
    sys.exit(f"error: {failure}")
