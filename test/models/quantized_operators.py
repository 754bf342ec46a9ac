# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Quantized models of one operator each, in the QDQ form, between two convolutions; ONNX Runtime says what is right.

    quantized_operators.py make FOLDER          models and data as `tenon verify` wants them
    quantized_operators.py check FOLDER TENON   no layer computes in floats but those of FLOATS
"""

import json
import pathlib
import subprocess
import sys

import numpy as np

SHAPE = (1, 4, 8, 8)
A, B = (0.04, -5), (0.06, 2)  # scale and zero point
# Operators that compute in floats, and the reasons that are given.
FLOATS = {
    "attention": {"exp is computed of floats", "the model does not quantize its result", "the model does not quantize what it reads"},
}


class Model:
    def __init__(self):
        self.nodes, self.weights, self.rng = [], {}, np.random.default_rng(7)
        self.shape = SHAPE

    def weight(self, array):
        self.weights[f"w{len(self.weights)}"] = np.asarray(array)
        return f"w{len(self.weights) - 1}"

    def add(self, kind, inputs, outputs=1, **attributes):
        from onnx import helper

        names = [f"{kind.lower()}{len(self.nodes)}_{i}" for i in range(outputs)]
        inputs = [x if isinstance(x, str) else self.weight(x) for x in inputs]
        self.nodes.append(helper.make_node(kind, inputs, names, names[0], **attributes))
        return names[0] if outputs == 1 else names

    def quantized(self, x, parameters):
        scale, zero = self.weight(np.float32(parameters[0])), self.weight(np.int8(parameters[1]))
        return self.add("DequantizeLinear", [self.add("QuantizeLinear", [x, scale, zero]), scale, zero])

    def weights_of(self, shape, scales=None):
        integers = self.rng.integers(-127, 128, shape).astype(np.int8)
        scale = np.asarray(self.rng.uniform(0.002, 0.01, scales), np.float32)
        return self.add("DequantizeLinear", [integers, scale, np.zeros(scale.shape, np.int8)], axis=0)

    def conv(self, x, inputs, outputs, parameters=A):
        y = self.add("Conv", [x, self.weights_of((outputs, inputs, 3, 3), outputs)], pads=[1, 1, 1, 1])
        return self.quantized(y, parameters) if parameters else y

    def save(self, folder, last):
        import onnx
        import onnxruntime
        from onnx import TensorProto, helper, numpy_helper

        nodes, last = (self.nodes[:-1], self.nodes[-1].input[0])  # the integers before the last DequantizeLinear
        weights = [numpy_helper.from_array(array, name) for name, array in self.weights.items()]
        x = helper.make_tensor_value_info("x", TensorProto.FLOAT, self.shape)
        y = helper.make_tensor_value_info(last, TensorProto.INT8, None)
        graph = helper.make_graph(nodes, folder.name, [x], [y], weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 19)], ir_version=9)
        data = folder / "test_data_set_0"
        data.mkdir(parents=True, exist_ok=True)
        onnx.save(onnx.shape_inference.infer_shapes(model), folder / "model.onnx")
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        array = self.rng.uniform(-6, 6, self.shape).astype(np.float32)
        result = session.run(None, {"x": array})[0]
        assert len(np.unique(result)) > 3, f"{folder.name} shows nothing"
        for name, value in (("input_0", array), ("output_0", result)):
            (data / f"{name}.pb").write_bytes(numpy_helper.from_array(value).SerializeToString())


def between(*chain, channels=4, parameters=A):
    """A convolution, operators of one input with QDQ after each, a convolution."""

    def make(m):
        x = m.conv(m.quantized("x", (0.05, 3)), 4, 4)
        for kind, inputs, attributes in chain:
            x = m.quantized(m.add(kind, [x, *inputs], **attributes), parameters)
        return m.conv(x, channels, 4, (0.3, 1))

    return make


def joined(kind, relu=False, parameters=B, quantized=True, channels=4, **attributes):
    """Two convolutions and an operator of two inputs."""

    def make(m):
        x = m.quantized("x", (0.05, 3))
        y = m.add(kind, [m.conv(x, 4, 4, A if quantized else None), m.conv(x, 4, 4, B if quantized else None)], **attributes)
        y = m.quantized(m.add("Relu", [y]) if relu else y, parameters)
        return m.conv(y, channels, 4, (0.3, 1))

    return make


def split(m):
    a, b = m.add("Split", [m.conv(m.quantized("x", (0.05, 3)), 4, 8)], outputs=2, axis=1, num_outputs=2)
    a = m.conv(m.quantized(a, A), 4, 4, (0.1, 0))
    return m.quantized(m.add("Concat", [a, m.quantized(b, A)], axis=1), (0.1, 0))


def read_twice(m):
    x = m.quantized("x", (0.05, 3))
    a = m.conv(x, 4, 4)
    c = m.quantized(m.add("Concat", [a, m.conv(a, 4, 4, B)], axis=1), B)
    c = m.quantized(m.add("Concat", [c, m.conv(c, 8, 4, (0.05, 1))], axis=1), (0.07, 2))
    return m.conv(c, 12, 4, (0.3, 1))


def reshape_product(m):
    x = m.quantized(m.add("Reshape", [m.conv(m.quantized("x", (0.05, 3)), 4, 4), np.array([1, -1])]), A)
    return m.quantized(m.add("MatMul", [x, m.weights_of((256, 10))]), (0.3, 1))


def attention(m):
    m.shape = (1, 6, 8)
    x = m.quantized("x", (0.05, 3))
    a, b, c = (m.quantized(m.add("MatMul", [x, m.weights_of((8, 8))]), p) for p in ((0.05, 1), B, A))
    s = m.quantized(m.add("MatMul", [a, m.quantized(m.add("Transpose", [b], perm=[0, 2, 1]), B)]), (0.1, 4))
    p = m.quantized(m.add("Softmax", [s], axis=-1), (1 / 256, -128))
    return m.quantized(m.add("MatMul", [p, c]), A)


POOL = ("MaxPool", [], dict(kernel_shape=[2, 2], strides=[2, 2]))
PADS = np.array([0, 0, 1, 1, 0, 0, 1, 1])
SLICE = ("Slice", [np.array([1, 2]), np.array([7, 6]), np.array([2, 3])], {})
TRANSPOSE = ("Transpose", [], dict(perm=[0, 1, 3, 2]))
SHUFFLE = [("Reshape", [np.array([1, 2, 2, 8, 8])], {}), ("Transpose", [], dict(perm=[0, 2, 1, 3, 4])), ("Reshape", [np.array([1, 4, 8, 8])], {})]
MODELS = {
    "add": joined("Add", relu=True, parameters=(0.07, -128)),
    "attention": attention,
    "channel_shuffle": between(*SHUFFLE),
    "clip": between(("Clip", [np.float32(0), np.float32(6)], {}), parameters=(0.0235, -128)),
    "concat": joined("Concat", channels=8, axis=1),
    "concat_of_floats": joined("Concat", quantized=False, channels=8, axis=1),
    "concat_relu": joined("Concat", relu=True, parameters=(0.06, -128), channels=8, axis=1),
    "depth_to_space": between(("DepthToSpace", [], dict(blocksize=2)), channels=1),
    "gather": between(("Gather", [np.array([3, 1, 0, 2])], dict(axis=1))),
    "max_pool": between(POOL),
    "max_pool_pads": between(("MaxPool", [], dict(kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1]))),
    "max_pool_scale": between(POOL, parameters=B),
    "pad": between(("Pad", [PADS], {})),
    "pad_pool": between(("Pad", [PADS], {}), POOL),
    "pad_reflect": between(("Pad", [PADS], dict(mode="reflect"))),
    "pad_value": between(("Pad", [PADS, np.float32(0.333)], {})),
    "read_twice": read_twice,
    "relu": between(("Relu", [], {}), parameters=(0.02, -128)),
    "reshape": between(("Reshape", [np.array([1, 16, 4, 4])], {}), channels=16),
    "reshape_product": reshape_product,
    "resize": between(("Resize", ["", np.array([1, 1, 2, 2], np.float32)], dict(mode="nearest"))),
    "resize_fraction": between(("Resize", ["", np.array([1, 1, 1.5, 1.5], np.float32)], dict(mode="nearest"))),
    "slice": between(SLICE),
    "slice_scale": between(SLICE, parameters=B),
    "split": split,
    "transpose": between(TRANSPOSE),
    "transpose_scale": between(TRANSPOSE, parameters=B),
}


def check(folder, tenon):
    for name in MODELS:
        subprocess.run([tenon, "compile", folder / name / "model.onnx", "--quiet", "-o", folder / name / "out"], check=True)
        report = json.loads((folder / name / "out" / f"{name}.json").read_text())
        known = {"an input of the model is in floats"} | FLOATS.get(name, set())
        for layer in report["layers"]:
            if "float_because" in layer and layer["float_because"] not in known:
                print(f"{name}: {' '.join(layer['nodes'])}: {layer['float_because']}")
    print(f"{len(MODELS)} models")


def main():
    command, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    if command == "check":
        return check(folder, sys.argv[3])
    for name, make in MODELS.items():
        model = Model()
        model.save(folder / name, make(model))


main()
