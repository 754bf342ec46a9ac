# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What quantized layers are defined to compute (docs/decisions.md, 18), in numpy: sums of products of integers, converted to
f32, times f32(scale of the sum / scale of the result), rounded half to even, plus the zero point, clamped."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from onnx import helper

f32, f64 = np.float32, np.float64


class NotDefined(Exception):
    """As integers."""


class Quantized:
    """(integers less zero point) * scale, and bounds of the product."""

    def __init__(self, integers, scale, bounds=()):
        self.integers, self.scale, self.bounds = integers.astype(np.int64), np.asarray(scale, f64), tuple(bounds)

    def get_numbers(self):
        numbers = self.integers.astype(f32) * self.scale.astype(f32)
        for bound in self.bounds:
            numbers = bound(numbers)
        return numbers


def along(parameter, rank, axis):
    """One for all, or one an index of the axis."""
    if parameter is None or parameter.size == 1:
        return parameter if parameter is None else parameter.reshape(())
    shape = [1] * rank
    shape[axis] = -1
    return parameter.reshape(shape)


def dequantize(x, scale, zero=None, axis=1):
    scale, zero = along(np.asarray(scale), x.ndim, axis), along(zero, x.ndim, axis)
    return Quantized(x.astype(np.int64) - (0 if zero is None else zero.astype(np.int64)), scale)


def quantize(x, scale, zero):
    low, high = np.iinfo(zero.dtype).min, np.iinfo(zero.dtype).max

    def finish(numbers):
        return np.clip(np.rint(numbers) + zero.astype(f32), low, high).astype(zero.dtype)

    if not isinstance(x, Quantized):
        return finish(x / f32(scale))
    factor = (x.scale / f64(scale)).astype(f32)
    result = finish(x.integers.astype(f32) * factor)
    for bound in x.bounds:  # of what, is no matter: quantizing is monotone
        ends = [finish(bound(np.array(end, f32)) / f32(scale)) for end in (-np.inf, np.inf)]
        result = np.clip(result, *ends)
    return result


def windows(x, kernel, strides, dilations):
    """[..., outputs, kernel] of the last dimensions of x."""
    rank = len(kernel)
    spans = [(k - 1) * d + 1 for k, d in zip(kernel, dilations)]
    view = sliding_window_view(x, spans, axis=tuple(range(x.ndim - rank, x.ndim)))
    index = (Ellipsis, *(slice(None, None, s) for s in strides), *(slice(None, None, d) for d in dilations))
    return view[index]


def get_pads(attributes, sizes, kernel, strides, dilations):
    rank, mode = len(kernel), attributes.get("auto_pad", b"NOTSET").decode()
    if mode in ("NOTSET", "VALID"):
        pads = attributes.get("pads", [0] * 2 * rank)
        return list(zip(pads[:rank], pads[rank:]))
    totals = [max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0) for n, k, s, d in zip(sizes, kernel, strides, dilations)]
    small = [total // 2 for total in totals]
    large = [total - half for total, half in zip(totals, small)]
    return list(zip(small, large) if mode == "SAME_UPPER" else zip(large, small))


def convolve(x, w, attributes):
    """Sums of products of integers, which f64 holds."""
    kernel = list(w.shape[2:])
    strides, dilations = (attributes.get(name, [1] * len(kernel)) for name in ("strides", "dilations"))
    groups = attributes.get("group", 1)
    pads = get_pads(attributes, x.shape[2:], kernel, strides, dilations)
    view = windows(np.pad(x.astype(f64), [(0, 0), (0, 0), *pads]), kernel, strides, dilations)
    batch, channels, *rest = view.shape
    view = view.reshape(batch, groups, channels // groups, *rest)
    parts = []
    for group in range(groups):
        weights = w.reshape(groups, -1, *w.shape[1:])[group].astype(f64)
        axes = [1, *range(2 + len(kernel), 2 + 2 * len(kernel))]
        parts.append(np.tensordot(view[:, group], weights, (axes, range(1, weights.ndim))))
    return np.moveaxis(np.concatenate(parts, axis=-1), -1, 1).astype(np.int64)


# Operators: of what nodes give, and their attributes -----------------------------------------------------------------------------


def check_integers(*values):
    if not all(isinstance(value, Quantized) and not value.bounds for value in values):
        raise NotDefined


def add(a, b, attributes=None):
    if isinstance(a, Quantized) and isinstance(b, Quantized) and not a.bounds and not b.bounds:
        same = np.broadcast_to(a.scale, np.broadcast_shapes(a.scale.shape, b.scale.shape))
        if np.all(np.abs(same - b.scale) <= 2.0**-22 * np.abs(same)) and max(np.abs(b.integers).max(), np.abs(a.integers).max()) > 255:
            return Quantized(a.integers + b.integers, a.scale)  # a sum and its bias
    return sum((value.get_numbers() if isinstance(value, Quantized) else value) for value in (a, b))


def conv(x, w, b=None, attributes=None):
    check_integers(x, w)
    scale = x.scale * w.scale.reshape(-1)
    shape = (1, -1, *[1] * (x.integers.ndim - 2))
    total = Quantized(convolve(x.integers, w.integers, attributes), scale.reshape(shape) if scale.size > 1 else scale.reshape(()))
    return total if b is None else Quantized(total.integers + b.integers.reshape(shape), total.scale)


def matmul(a, b, attributes=None):
    check_integers(a, b)
    product = np.matmul(a.integers.astype(f64), b.integers.astype(f64))
    return Quantized(product.astype(np.int64), a.scale * b.scale)


def gemm(a, b, c=None, attributes=None):
    check_integers(a, b)
    if attributes.get("transA") or attributes.get("alpha", 1) != 1 or attributes.get("beta", 1) != 1:
        raise NotDefined
    if attributes.get("transB"):
        b = Quantized(b.integers.T, b.scale.T)
    total = matmul(a, b)
    return total if c is None else Quantized(total.integers + c.integers, total.scale)


def bound(x, function):
    return Quantized(x.integers, x.scale, (*x.bounds, function)) if isinstance(x, Quantized) else function(x)


def relu(x, attributes=None):
    return bound(x, lambda numbers: np.maximum(numbers, f32(0)))


def clip(x, low=None, high=None, attributes=None):
    return bound(x, lambda numbers: np.clip(numbers, low, high))


def move(x, function):
    """Of one scale, such as moves of elements."""
    if not isinstance(x, Quantized):
        return function(x)
    if x.scale.size > 1 or x.bounds:
        raise NotDefined
    return Quantized(function(x.integers), x.scale)


def transpose(x, attributes):
    return move(x, lambda array: np.transpose(array, attributes.get("perm")))


def reshape(x, shape, attributes):
    def apply(array):
        return array.reshape([size or array.shape[dim] for dim, size in enumerate(shape)])

    return move(x, apply)


def mean(x, sum_of, count):
    check_integers(x)
    return Quantized(sum_of(x.integers), x.scale / count)


def average_pool(x, attributes):
    kernel = attributes["kernel_shape"]
    strides = attributes.get("strides", [1] * len(kernel))
    if any(attributes.get("pads", [])) or attributes.get("ceil_mode") or attributes.get("auto_pad", b"NOTSET") not in (b"NOTSET", b"VALID"):
        raise NotDefined
    axes = tuple(range(-len(kernel), 0))
    return mean(x, lambda q: windows(q, kernel, strides, [1] * len(kernel)).sum(axes), int(np.prod(kernel)))


def global_average_pool(x, attributes):
    axes = tuple(range(2, x.integers.ndim))
    return mean(x, lambda q: q.sum(axes, keepdims=True), int(np.prod(x.integers.shape[2:])))


def q_conv(x, xs, xz, w, ws, wz, ys, yz, b=None, attributes=None):
    w = dequantize(w, ws, wz, 0)
    bias = None if b is None else dequantize(b, np.asarray(xs) * np.asarray(ws), None, 0)
    return quantize(conv(dequantize(x, xs, xz), w, bias, attributes), ys, yz)


def q_matmul(a, as_, az, b, bs, bz, ys, yz, attributes):
    return quantize(matmul(dequantize(a, as_, az), dequantize(b, bs, bz, b.ndim - 1)), ys, yz)


def q_gemm(a, as_, az, b, bs, bz, c=None, ys=None, yz=None, attributes=None):
    if ys is None:
        raise NotDefined
    b = dequantize(b, bs, bz, 0 if attributes.get("transB") else 1)
    c = None if c is None else dequantize(c, np.asarray(as_) * np.asarray(bs), None, c.ndim - 1)
    return quantize(gemm(dequantize(a, as_, az), b, c, attributes), ys, yz)


def q_add(a, as_, az, b, bs, bz, cs, cz, attributes):
    return quantize(dequantize(a, as_, az).get_numbers() + dequantize(b, bs, bz).get_numbers(), cs, cz)


def q_average_pool(x, xs, xz, ys, yz, attributes):
    if attributes.get("channels_last"):
        raise NotDefined
    return quantize(average_pool(dequantize(x, xs, xz), attributes), ys, yz)


def dynamic_quantize(x, attributes):
    low, high = min(x.min(), f32(0)), max(x.max(), f32(0))
    scale = (high - low) / f32(255)
    zero = np.clip(np.rint(-low / scale), 0, 255).astype(np.uint8)
    return quantize(x, scale, zero), scale, zero


def conv_integer(x, w, xz=None, wz=None, attributes=None):
    return convolve(dequantize(x, f32(1), xz).integers, dequantize(w, f32(1), wz, 0).integers, attributes).astype(np.int32)


def matmul_integer(a, b, az=None, bz=None, attributes=None):
    return matmul(dequantize(a, f32(1), az, a.ndim - 2), dequantize(b, f32(1), bz, b.ndim - 1)).integers.astype(np.int32)


OPERATORS = {
    "DequantizeLinear": lambda x, scale, zero=None, attributes=None: dequantize(x, scale, zero, attributes.get("axis", 1)),
    "QuantizeLinear": lambda x, scale, zero, attributes: quantize(x, scale, zero),
    "Add": add,
    "Conv": conv,
    "MatMul": matmul,
    "Gemm": gemm,
    "Relu": relu,
    "Reshape": reshape,
    "Transpose": transpose,
    "Clip": clip,
    "AveragePool": average_pool,
    "GlobalAveragePool": global_average_pool,
    "QLinearConv": q_conv,
    "QLinearMatMul": q_matmul,
    "QGemm": q_gemm,
    "QLinearAdd": q_add,
    "QLinearAveragePool": q_average_pool,
    "DynamicQuantizeLinear": dynamic_quantize,
    "ConvInteger": conv_integer,
    "MatMulInteger": matmul_integer,
}


def compute(nodes, values):
    """All values of the layer by name; None where it is not defined by integers."""
    values = dict(values)
    for node in nodes:
        attributes = {item.name: helper.get_attribute_value(item) for item in node.attribute}
        operator = OPERATORS.get(node.op_type)
        try:
            if operator is None:
                raise NotDefined
            results = operator(*(values[name] if name else None for name in node.input), attributes=attributes)
            values.update(zip(node.output, results if isinstance(results, tuple) else (results,)))
        except NotDefined:
            return None
    return values
