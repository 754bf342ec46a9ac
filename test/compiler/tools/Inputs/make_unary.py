# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""make_unary.py OPERATOR TYPE FILE: a model of one operator on nine elements."""

import sys

import onnx
from onnx import helper

operator, kind, path = sys.argv[1:]
kind = onnx.TensorProto.DataType.Value(kind)
values = [helper.make_tensor_value_info(name, kind, [9]) for name in "xy"]
node = helper.make_node(operator, ["x"], ["y"], name=operator + "_1")
graph = helper.make_graph([node], "graph", values[:1], values[1:])
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)]), path)
