# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""check_warnings.py CLANG FOLDER: emitted C++ and C of models of one operator have no warning.

In a larger model, one layer may use a helper function that another leaves unused.
"""

import pathlib
import subprocess
import sys

import onnx
from onnx import helper

FLOAT, INT8 = onnx.TensorProto.FLOAT, onnx.TensorProto.INT8
UNARY = "Sqrt Exp Tanh Asin Round IsInf Softmax Cast".split()
WARNINGS = "-fsyntax-only -Wall -Wextra -Wpedantic -Wunused-function -Werror".split()

clang, folder = sys.argv[1], pathlib.Path(sys.argv[2])


def make_model(operator):
    kind = {"IsInf": onnx.TensorProto.BOOL, "Cast": INT8}.get(operator, FLOAT)
    attributes = {"to": INT8} if operator == "Cast" else {}
    x, y = helper.make_tensor_value_info("x", FLOAT, [3, 19]), helper.make_tensor_value_info("y", kind, [3, 19])
    graph = helper.make_graph([helper.make_node(operator, ["x"], ["y"], **attributes)], "graph", [x], [y])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)])


folder.mkdir(parents=True, exist_ok=True)
for operator in UNARY:
    onnx.save(make_model(operator), folder / "m.onnx")
    for target, language in (("portable", "c++"), ("host", "c++"), ("scalar", "c")):
        source = folder / ("m.c" if language == "c" else "m.cpp")
        options = ["--opt=size", "--quiet", f"--target={target}", "-o", source]
        subprocess.run(["tenon", "compile", folder / "m.onnx", *options], check=True)
        if subprocess.run([clang, f"-std={language}11", "-x", language, *WARNINGS, source]).returncode:
            sys.exit(f"{operator} for {target}")
