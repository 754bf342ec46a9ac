# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""layers.py FILE: a convolution, whose weights are read at each of 64 places, and a dense layer."""

import sys

import numpy as np
import onnx
from onnx import helper, numpy_helper

random = np.random.default_rng(1)
weights = {name: numpy_helper.from_array(random.normal(size=shape).astype(np.float32), name)
           for name, shape in {"conv_w": (4, 2, 3, 3), "dense_w": (256, 8)}.items()}
nodes = [
    helper.make_node("Conv", ["x", "conv_w"], ["c"], "conv", pads=[1, 1, 1, 1]),
    helper.make_node("Flatten", ["c"], ["f"], "flat"),
    helper.make_node("MatMul", ["f", "dense_w"], ["y"], "dense"),
]
graph = helper.make_graph(nodes, "layers", [helper.make_tensor_value_info("x", 1, [1, 2, 8, 8])],
                          [helper.make_tensor_value_info("y", 1, [1, 8])], list(weights.values()))
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10), sys.argv[1])
