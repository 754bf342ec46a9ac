#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models at random, with what ONNX Runtime computes of them: cases for `tenon verify`.

    graphs.py FOLDER COUNT SEED [--nodes N] [--quantized]

A model grows node by node. ONNX Runtime runs each new node on the values so far; what it refuses, or what gives numbers that
are not finite or too many, is dropped. So nothing here needs to know shapes: attributes may be as odd as they come.
Quantized models (quantized.py) are chains of quantized tensors; where ONNX Runtime adds floats, it may be a step away.
"""

import argparse
import pathlib

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

OPSET = 21
MAX_ELEMENTS = 20000
onnxruntime.set_default_logger_severity(4)


def run(graph, feeds):
    """The outputs of the graph by ONNX Runtime, as it stands: nothing fused."""
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return model, session.run(None, feeds)


def get_info(name, array):
    return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)


class Graph:
    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)
        self.nodes, self.weights = [], {}
        self.values = {}  # what a node may read
        for shape in ((1, 6, 9, 8), (2, 3, 5, 7), (4, 12)):
            self.values[f"x{len(self.values)}"] = self.numbers(shape)
        self.arrays = dict(self.values)  # all there is
        self.inputs = list(self.values)

    def pick(self, *choices):
        return choices[self.rng.integers(len(choices))]

    def ints(self, count, *choices):
        return [int(self.pick(*choices)) for _ in range(count)]

    def numbers(self, shape, low=-1.0, high=1.0):
        return self.rng.uniform(low, high, shape).astype(np.float32)

    def value(self, rank=None):
        """The name of a value; a new one more often than an old one."""
        names = [name for name, array in self.values.items() if rank is None or array.ndim == rank] or list(self.values)
        return str(self.pick(*names, *names[-4:]))

    def shape(self, name):
        return self.arrays[name].shape

    def weight(self, array):
        name = f"w{len(self.weights)}"
        self.weights[name] = self.arrays[name] = np.asarray(array)
        return name

    def add(self, op, inputs, outputs=1, **attributes):
        """Whether the node became part of the graph."""
        names = [f"{op}_{len(self.nodes)}_{i}" for i in range(outputs)]
        node = helper.make_node(op, inputs, names, name=f"node{len(self.nodes)}", **attributes)
        known = {name: self.arrays[name] for name in inputs if name}
        infos = [get_info(name, array) for name, array in known.items()]
        graph = helper.make_graph([node], "g", infos, [helper.make_empty_tensor_value_info(name) for name in names])
        try:
            _, results = run(graph, known)
        except Exception:  # ONNX Runtime has a class of errors for each kind
            return False
        good = all(0 < r.size <= MAX_ELEMENTS and np.isfinite(r).all() and abs(r).max() < 1e4 for r in results)
        if good:
            self.nodes.append(node)
            self.values.update(zip(names, results))
            self.arrays.update(zip(names, results))
        return good

    def grow(self):
        self.pick(*STEPS)(self)

    def get_outputs(self):
        used = {name for node in self.nodes for name in node.input}
        return [name for name in self.values if name not in used and name not in self.inputs]


def convolution(g):
    x = g.value(4)
    channels = g.shape(x)[1]
    groups = int(g.pick(1, 1, channels, *(n for n in range(1, channels + 1) if channels % n == 0)))
    size = g.ints(2, 1, 1, 2, 3, 5)
    common = dict(strides=g.ints(2, 1, 1, 2, 3), dilations=g.ints(2, 1, 1, 2), group=groups, pads=g.ints(4, 0, 0, 1, 2))
    if g.pick(True, True, False):
        outputs = groups * int(g.pick(1, 2, 3, 4, 17))
        w = g.numbers([outputs, channels // groups, *size])
        return g.add("Conv", [x, g.weight(w), g.weight(g.numbers([outputs]))][: int(g.pick(2, 3))], **common)
    w = g.numbers([channels, int(g.pick(1, 2, 5)), *size])
    return g.add("ConvTranspose", [x, g.weight(w)], output_padding=g.ints(2, 0, 0, 1), **common)


def pool(g):
    common = dict(kernel_shape=g.ints(2, 1, 2, 3), strides=g.ints(2, 1, 2, 3), pads=g.ints(4, 0, 0, 1), ceil_mode=int(g.pick(0, 0, 1)))
    if g.pick(True, False):
        return g.add("MaxPool", [g.value(4)], dilations=g.ints(2, 1, 1, 2), **common)
    return g.add("AveragePool", [g.value(4)], count_include_pad=int(g.pick(0, 1)), **common)


def pad(g):
    x, mode = g.value(), str(g.pick("constant", "constant", "constant", "edge", "reflect", "wrap"))
    # What is repeated of an axis that is cut at its other end, ONNX leaves open.
    least = -1 if mode == "constant" else 0
    pads = np.array(g.ints(2 * len(g.shape(x)), least, 0, 0, 0, 1, 2), np.int64)
    fill = [g.weight(np.float32(0.5))] if g.pick(True, False, False) else []
    return g.add("Pad", [x, g.weight(pads), *fill], mode=mode)


def unary(g):
    return g.add(str(g.pick("Relu", "Sigmoid", "Tanh", "LeakyRelu", "Elu", "Softplus", "Abs", "Neg", "Erf", "HardSwish", "Sin", "Floor")), [g.value()])


def binary(g):
    x = g.value()
    shape = [int(g.pick(size, 1)) for size in g.shape(x)][int(g.pick(0, 0, len(g.shape(x)) // 2)) :]
    y = g.pick(g.value(), g.weight(g.numbers(shape, 0.5, 2.0)))
    inputs = [x, str(y)] if g.pick(True, False) else [str(y), x]
    return g.add(str(g.pick("Add", "Add", "Mul", "Sub", "Div", "Max", "Min", "Mean")), inputs)


def concat(g):
    return g.add("Concat", [g.value(), g.value(), g.value()][: int(g.pick(2, 3))], axis=int(g.pick(-1, 0, 1)))


def split(g):
    return g.add("Split", [g.value()], outputs=2, axis=int(g.pick(-1, 0, 1)), num_outputs=2)


def cut(g):
    x = g.value()
    axis = int(g.rng.integers(len(g.shape(x)) or 1))
    start, step = int(g.pick(-3, -1, 0, 1, 2)), int(g.pick(-2, -1, 1, 1, 1, 2))
    end = int(g.pick(-1, 3, 100) if step > 0 else -100)
    return g.add("Slice", [x, *(g.weight(np.array([n], np.int64)) for n in (start, end, axis, step))])


def transpose(g):
    x = g.value()
    if not g.shape(x):
        return False
    return g.add("Transpose", [x], perm=[int(n) for n in g.rng.permutation(len(g.shape(x)))])


def reshape(g):
    x = g.value()
    sizes = list(g.shape(x))
    if len(sizes) > 1 and g.pick(True, False):
        at = int(g.rng.integers(len(sizes) - 1))
        sizes[at : at + 2] = [sizes[at] * sizes[at + 1]]
    else:
        sizes.insert(int(g.rng.integers(len(sizes) + 1)), 1)
    return g.add("Reshape", [x, g.weight(np.array(sizes, np.int64))])


def reduce(g):
    x = g.value()
    axes = [int(n) for n in g.rng.permutation(len(g.shape(x)))[: int(g.pick(1, 1, 2))]]
    op = str(g.pick("ReduceSum", "ReduceMean", "ReduceMax", "ReduceL2", "ReduceLogSumExp", "ReduceSumSquare"))
    return g.add(op, [x, g.weight(np.array(axes, np.int64))], keepdims=int(g.pick(0, 1)))


def product(g):
    x = g.value()
    columns = g.shape(x)[-1] if g.shape(x) else 1
    y = g.pick(g.value(), g.weight(g.numbers([columns, int(g.pick(1, 3, 16, 33))])))
    return g.add("MatMul", [x, str(y)])


def normalize(g):
    x = g.value()
    channels = g.shape(x)[1] if len(g.shape(x)) > 1 else 1
    if g.pick(True, False):
        return g.add(str(g.pick("Softmax", "LogSoftmax")), [x], axis=int(g.pick(-1, 0, 1)))
    parameters = [g.weight(g.numbers([channels], 0.5, 2.0)) for _ in range(4)]
    return g.add("BatchNormalization", [x, *parameters])


def gather(g):
    x = g.value()
    indices = np.array(g.ints(int(g.pick(1, 2, 4)), -1, 0, 1), np.int64)
    return g.add("Gather", [x, g.weight(indices)], axis=int(g.pick(-1, 0, 1)))


STEPS = [convolution, convolution, pool, pad, unary, binary, binary, concat, split, cut, transpose, reshape, reduce, product, normalize, gather]


def make_case(folder, g, count):
    """Whether there is one."""
    for _ in range(20 * count):
        if len(g.nodes) < count:
            g.grow()
    outputs = g.get_outputs()
    used = {name for node in g.nodes for name in node.input}
    inputs = [name for name in g.inputs if name in used]
    weights = [numpy_helper.from_array(array, name) for name, array in g.weights.items() if name in used]
    infos = [[get_info(name, g.arrays[name]) for name in names] for names in (inputs, outputs)]
    try:
        model, results = run(helper.make_graph(g.nodes, "g", *infos, weights), {name: g.arrays[name] for name in inputs})
    except Exception:  # what one node may do, inference may not know of the whole (pools with ceil_mode)
        return False
    data = folder / "test_data_set_0"
    data.mkdir(parents=True)
    onnx.save(model, folder / "model.onnx")
    for kind, arrays in (("input", [g.arrays[name] for name in inputs]), ("output", results)):
        for number, array in enumerate(arrays):
            (data / f"{kind}_{number}.pb").write_bytes(numpy_helper.from_array(array).SerializeToString())
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("count", type=int)
    parser.add_argument("seed", type=int)
    parser.add_argument("--nodes", type=int, default=12)
    parser.add_argument("--quantized", action="store_true")
    arguments = parser.parse_args()
    make = Graph
    if arguments.quantized:
        from quantized import QuantizedGraph as make
    seed = arguments.seed
    for _ in range(arguments.count):
        while not make_case(arguments.folder / f"graph_{seed}", make(seed), arguments.nodes):
            seed += 1
        seed += 1


if __name__ == "__main__":
    main()
