# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""make_cases.py FOLDER: small test cases, as ONNX's backend tests have them, that pass and that fail."""

import os
import sys

import numpy as np
import onnx
from onnx import helper, numpy_helper

root = sys.argv[1]
X = np.array([1, 2, 3, 4], np.float32)


def model(nodes, output=onnx.TensorProto.FLOAT, shape=(4,)):
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", output, shape)],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def save(name, model, *data_sets):
    folder = os.path.join(root, name)
    os.makedirs(folder)
    onnx.save(model, os.path.join(folder, "model.onnx"))
    for i, (x, y) in enumerate(data_sets):
        data = os.path.join(folder, f"test_data_set_{i}")
        os.makedirs(data)
        for kind, value in (("input", x), ("output", y)):
            with open(os.path.join(data, f"{kind}_0.pb"), "wb") as file:
                file.write(value if isinstance(value, bytes) else numpy_helper.from_array(value).SerializeToString())


double = model([helper.make_node("Add", ["x", "x"], ["y"])])
save("good", double, (X, 2 * X), (-X, -2 * X))
save("loose", double, (X, 2 * X * np.float32(1.05)))
save("shape", double, (X, (2 * X).reshape(2, 2)))
save("type", double, (X, (2 * X).astype(np.float64)))
save("broken_data", double, (b"\xff\xff\xff", 2 * X))
nan = np.array([np.nan, np.inf, -np.inf, 0], np.float32)
save("sub/nan.folder", double, (nan, nan))
# Each data set gives the open dimension another value.
save("open", model([helper.make_node("Add", ["x", "x"], ["y"])], shape=("n",)), (X, 2 * X), (X[:3], 2 * X[:3]))
sequence = model([
    helper.make_node("SequenceConstruct", ["x", "x"], ["s"], name="make"),
    helper.make_node("SequenceAt", ["s", "i"], ["y"], name="take"),
])
sequence.graph.initializer.append(numpy_helper.from_array(np.array(1), "i"))
save("sequence", sequence, (X, X))
broken = model([helper.make_node("NoSuchOperator", ["x"], ["y"])])
save("broken_model", broken, (X, X))
