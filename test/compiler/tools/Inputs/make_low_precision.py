#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Cases of narrow types by what ONNX Runtime computes: make_low_precision.py FOLDER

Products with quantized weights of each width, and numbers quantized and back: a scale for all, for a row and for a block.
"""

import pathlib
import sys

import ml_dtypes
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

rng = np.random.default_rng(1)
INTEGERS = {"int2": (-2, 2), "uint2": (0, 4), "int4": (-8, 8), "uint4": (0, 16), "int8": (-128, 128), "int16": (-3000, 3000)}


def save(folder, nodes, x, weights, reference=False):
    info = helper.make_tensor_value_info("x", TensorProto.FLOAT, x.shape)
    tensors = [numpy_helper.from_array(np.asarray(array), name) for name, array in weights.items()]
    graph = helper.make_graph(nodes, "g", [info], [helper.make_empty_tensor_value_info("y")], tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 25)], ir_version=11)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    if reference:
        session = ReferenceEvaluator(model)
    else:
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    data = folder / "test_data_set_0"
    data.mkdir(parents=True)
    onnx.save(model, folder / "model.onnx")
    for kind, array in (("input", x), ("output", session.run(None, {"x": x})[0])):
        (data / f"{kind}_0.pb").write_bytes(numpy_helper.from_array(array).SerializeToString())


def numbers(shape, low, high):
    return rng.uniform(low, high, shape).astype(np.float32)


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, (low, high) in INTEGERS.items():
        kind = getattr(ml_dtypes, name, None) or np.dtype(name)
        w = rng.integers(low, high, (64, 12)).astype(np.int32).astype(kind)
        for mode, shape, attributes in (("all", (), {}), ("row", (12,), {"axis": 1}), ("block", (4, 12), {"axis": 0, "block_size": 16})):
            zero = np.full(shape, (low + high) // 2, np.int32).astype(kind)
            nodes = [helper.make_node("DequantizeLinear", ["w", "s", "z"], ["f"], **attributes), helper.make_node("MatMul", ["x", "f"], ["y"])]
            save(folder / f"product_{name}_{mode}", nodes, numbers((5, 64), -1, 1), {"w": w, "s": numbers(shape, 0.01, 0.05), "z": zero})
    for name in (*INTEGERS, "uint16", "float8e4m3fn", "float8e5m2"):
        for mode, shape, attributes in (("row", (4,), {"axis": 0}), ("block", (4, 4), {"axis": 1, "block_size": 8})):
            nodes = [
                helper.make_node("QuantizeLinear", ["x", "s"], ["q"], output_dtype=getattr(TensorProto, name.upper()), **attributes),
                helper.make_node("DequantizeLinear", ["q", "s"], ["y"], **attributes),
            ]
            save(folder / f"quantize_{name}_{mode}", nodes, numbers((4, 32), -3, 3), {"s": numbers(shape, 0.1, 0.5)})
    # ONNX Runtime does not know these.
    signs = np.array([1, -1], np.float32)[:, None]
    casts = [("float4e2m1", mode, {}) for mode in ("nearest",)]
    casts += [("float8e8m0", mode, {"round_mode": mode, "saturate": saturate}) for mode in ("up", "down", "nearest") for saturate in (0, 1)]
    for name, mode, attributes in casts:
        nodes = [
            helper.make_node("Cast", ["x"], ["q"], to=getattr(TensorProto, name.upper()), **attributes),
            helper.make_node("Cast", ["q"], ["y"], to=TensorProto.FLOAT),
        ]
        x = np.arange(0, 7, 0.125, np.float32) if name == "float4e2m1" else np.array([0, 1e-40, 6e-39, 1.2e-38, 1, 1.25, 1.5, 1.75, 2, 3e38, np.inf], np.float32)
        save(folder / f"cast_{name}_{mode}_{attributes.get('saturate', 1)}", nodes, signs * x, {}, reference=True)


if __name__ == "__main__":
    main()
