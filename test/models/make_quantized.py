#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One small model as ONNX Runtime's quantizer writes it in each of its forms, with what ONNX Runtime computes of it.

    make_quantized.py FOLDER          cases for `tenon verify`
"""

import logging
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from onnx import numpy_helper
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static

MODEL = """<ir_version: 8, opset_import: ["" : 17]>
g (float[1,4,12,12] x) => (float[1,5] y, float[1,8,24,24] z) {
  c1 = Conv <kernel_shape = [3, 3], pads = [1, 1, 1, 1]> (x, w1, b1)
  r1 = Relu (c1)
  c2 = Conv <kernel_shape = [3, 3], pads = [1, 1, 1, 1], group = 8> (r1, w2, b2)
  l2 = LeakyRelu <alpha = 0.1> (c2)
  s2 = Sigmoid (l2)
  m2 = Mul (l2, s2)
  a2 = Add (m2, r1)
  p2 = MaxPool <kernel_shape = [2, 2], strides = [2, 2]> (a2)
  q2 = AveragePool <kernel_shape = [2, 2], strides = [2, 2]> (a2)
  cc = Concat <axis = 1> (p2, q2)
  c3 = Clip (cc, low, high)
  ga = GlobalAveragePool (c3)
  fl = Flatten (ga)
  g1 = Gemm <transB = 1> (fl, w3, b3)
  mm = MatMul (g1, w4)
  sm = Softmax (mm)
  y = Identity (sm)
  z = Resize <mode = "nearest", coordinate_transformation_mode = "asymmetric", nearest_mode = "floor"> (a2, , sizes)
}"""
rng = np.random.default_rng(0)


def numbers(*shape):
    return rng.uniform(-0.5, 0.5, shape).astype(np.float32)


class Samples(CalibrationDataReader):
    def __init__(self):
        self.rest = [{"x": 4 * numbers(1, 4, 12, 12)} for _ in range(4)]

    def get_next(self):
        return self.rest.pop() if self.rest else None


def add_data(folder):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    path = str(folder / "model.onnx")
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    x = 4 * numbers(1, 4, 12, 12)
    data = folder / "test_data_set_0"
    data.mkdir()
    for name, array in (("input_0", x), *((f"output_{i}", array) for i, array in enumerate(session.run(None, {"x": x})))):
        (data / f"{name}.pb").write_bytes(numpy_helper.from_array(array).SerializeToString())


def main():
    logging.disable(logging.WARNING)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True)
    model = onnx.parser.parse_model(MODEL)
    weights = {"w1": numbers(8, 4, 3, 3), "b1": numbers(8), "w2": numbers(8, 1, 3, 3), "b2": numbers(8)}
    weights |= {"w3": numbers(10, 16), "b3": numbers(10), "w4": numbers(10, 5)}
    weights |= {"low": np.float32(-0.3), "high": np.float32(2), "sizes": np.array([1, 1, 2, 2], np.float32)}
    model.graph.initializer.extend(numpy_helper.from_array(np.asarray(array), name) for name, array in weights.items())
    source = str(folder / "float.onnx")
    onnx.save(model, source)
    operators, pairs = QuantFormat.QOperator, QuantFormat.QDQ
    contrib = {"extra_options": {"UseQDQContribOps": True}}
    for name, form, activations, kind, options in (
        ("operators_uint8", operators, "QUInt8", "QUInt8", {}),
        ("operators_channels", operators, "QUInt8", "QInt8", {"per_channel": True}),
        ("operators_int8", operators, "QInt8", "QInt8", {}),
        ("pairs_uint8", pairs, "QUInt8", "QUInt8", {}),
        ("pairs_channels", pairs, "QInt8", "QInt8", {"per_channel": True}),
        ("pairs_uint16", pairs, "QUInt16", "QInt8", contrib),
        ("pairs_int16", pairs, "QInt16", "QInt8", contrib),
        ("pairs_int4", pairs, "QUInt8", "QInt4", contrib),
        ("dynamic_uint8", None, None, "QUInt8", {}),
        ("dynamic_int8", None, None, "QInt8", {}),
    ):
        case = folder / name
        case.mkdir()
        target, options = str(case / "model.onnx"), {"weight_type": QuantType[kind], **options}
        if form is None:
            quantize_dynamic(source, target, **options)
        else:
            quantize_static(source, target, Samples(), quant_format=form, activation_type=QuantType[activations], **options)
        add_data(case)


if __name__ == "__main__":
    main()
