# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Random graphs of graphs.py between quantized tensors: DequantizeLinear, an operator or two, QuantizeLinear."""

import graphs
import numpy as np

KINDS = (np.int8, np.int8, np.uint8, np.uint8, np.int16, np.uint16)
# What gives the same floats here as there: results may be compared exactly.
STEPS = (graphs.pool, graphs.pad, graphs.unary, graphs.binary, graphs.concat, graphs.cut, graphs.transpose, graphs.reshape)


class QuantizedGraph(graphs.Graph):
    def __init__(self, seed):
        super().__init__(seed)
        self.integers = {}  # of values that DequantizeLinear gives: name, scale, zero point
        for name in list(self.values):
            self.quantize(name)

    def quantize(self, name):
        """Puts integers and what they stand for in the value's place."""
        array, kind = self.arrays[name], self.pick(*KINDS)
        low, high = min(array.min(), 0), max(array.max(), 0)
        info = np.iinfo(kind)
        scale = np.float32(max(high - low, 1e-3) * self.rng.uniform(0.8, 1.1) / (int(info.max) - int(info.min)))
        zero = kind(np.clip(np.rint(info.min - low / scale), info.min, info.max))
        parameters = [self.weight(scale), self.weight(zero)]
        if not self.add("QuantizeLinear", [name, *parameters]):
            return
        self.dequantize(self.take(), parameters)
        del self.values[name]

    def dequantize(self, name, parameters):
        if self.add("DequantizeLinear", [name, *parameters]):
            self.integers[list(self.values)[-1]] = (name, *parameters)

    def value(self, rank=None):
        names = [name for name in self.integers if rank is None or self.arrays[name].ndim == rank]
        return str(self.pick(*names, *names[-3:])) if names else super().value(rank)

    def weights_of(self, shape, axis):
        """Integers, dequantized by one scale or one an index of the axis."""
        kind = self.pick(np.int8, np.int8, np.uint8)
        count = shape[axis] if self.pick(True, False) else None
        scale = np.asarray(self.rng.uniform(0.002, 0.02, count), np.float32)
        zero = np.full(scale.shape, 128 if kind == np.uint8 else 0, kind)
        info = np.iinfo(kind)
        integers = self.rng.integers(info.min, info.max + 1, shape).astype(kind)
        name = self.weight(integers)
        good = self.add("DequantizeLinear", [name, self.weight(scale), self.weight(zero)], axis=axis)
        return (self.take(), scale) if good else (None, scale)

    def take(self):
        """The newest value, for one reader."""
        name = list(self.values)[-1]
        del self.values[name]
        return name

    def bias_of(self, x, scale, count):
        scale = np.float32(self.weights[self.integers[x][1]]) * np.broadcast_to(scale, [count])
        bias = self.weight(self.rng.integers(-3000, 3000, count).astype(np.int32))
        self.add("DequantizeLinear", [bias, self.weight(scale.astype(np.float32))], axis=0)
        return self.take()

    def grow(self):
        before = set(self.values)
        step = self.pick(convolution, convolution, product, integer_move, *STEPS)
        if not step(self):
            return
        for name in [name for name in self.values if name not in before]:
            if name in self.integers:
                continue
            if self.pick(True, False, False) and self.add("Relu", [name]):
                del self.values[name]
                name = list(self.values)[-1]
            if name not in self.integers:
                self.quantize(name)

    def get_outputs(self):
        """Integers, where nobody reads the numbers."""
        outputs = []
        for name in super().get_outputs():
            if name in self.integers:
                self.nodes = [node for node in self.nodes if name not in node.output]
                outputs.append(self.integers[name][0])
            else:
                outputs.append(name)
        return list(dict.fromkeys(outputs))


def convolution(g):
    x = g.value(4)
    if x not in g.integers or len(g.shape(x)) != 4:
        return False
    channels = g.shape(x)[1]
    groups = int(g.pick(1, 1, channels))
    outputs = groups * int(g.pick(1, 2, 3, 8))
    w, scale = g.weights_of([outputs, channels // groups, *g.ints(2, 1, 2, 3)], 0)
    bias = [g.bias_of(x, scale, outputs)] if w and g.pick(True, False) else []
    common = dict(strides=g.ints(2, 1, 1, 2), dilations=g.ints(2, 1, 1, 2), group=groups, pads=g.ints(4, 0, 0, 1, 2))
    return bool(w) and g.add("Conv", [x, w, *bias], **common)


def product(g):
    x = g.value()
    if x not in g.integers or len(g.shape(x)) < 2:
        return False
    w, _ = g.weights_of([g.shape(x)[-1], int(g.pick(1, 3, 16))], 1)
    return bool(w) and g.add("MatMul", [x, w])


def integer_move(g):
    """Of the integers themselves."""
    x = g.value()
    if x not in g.integers:
        return False
    integers, *parameters = g.integers[x]
    rank = len(g.shape(x))
    if g.pick(True, False):
        good = g.add("Transpose", [integers], perm=[int(n) for n in g.rng.permutation(rank)])
    else:
        good = g.add("Concat", [integers, integers], axis=int(g.pick(0, rank - 1)))
    if good:
        g.dequantize(g.take(), parameters)
    return good
