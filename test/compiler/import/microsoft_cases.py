#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""One node of each operator of com.microsoft that the importer defines, with what ONNX Runtime computes of it.

    microsoft_cases.py FOLDER         cases for `tenon verify`, in folders by how near the results are

Inputs are random, and weights, scales and zero points are constants, as the quantizer writes them. Each case draws its numbers
from its own name: a case more changes no other.
"""

import pathlib
import sys
import zlib

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper


def f32(*shape, low=-1.0, high=1.0):
    """An array that `case` draws."""
    return lambda rng: rng.uniform(low, high, shape).astype(np.float32)


def integers(low, high, shape, kind):
    return lambda rng: rng.integers(low, high, shape).astype(kind)


def u8(*shape):
    return integers(0, 256, shape, np.uint8)


def i8(*shape):
    return integers(-128, 128, shape, np.int8)


def scale(number):
    return np.float32(number)


def zero(number, kind=np.uint8):
    return kind(number)


def case(folder, path, op, inputs, outputs=1, constants=(), domain="com.microsoft", **attributes):
    """`inputs` are arrays, drawn or given, None for one that is omitted; those at `constants` are initializers."""
    path = path if "/" in path else f"same/{path}"
    name = pathlib.Path(path).name
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    inputs = [array(rng) if callable(array) else array for array in inputs]
    names = ["" if array is None else f"i{number}" for number, array in enumerate(inputs)]
    arrays = {names[number]: np.asarray(array) for number, array in enumerate(inputs) if array is not None}
    fixed = {f"i{number}" for number in constants}
    results = [f"o{number}" for number in range(outputs)]
    node = helper.make_node(op, names, results, name=name, domain=domain, **attributes)
    infos = [
        helper.make_tensor_value_info(key, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)
        for key, array in arrays.items()
        if key not in fixed
    ]
    weights = [numpy_helper.from_array(array, key) for key, array in arrays.items() if key in fixed]
    empty = [helper.make_empty_tensor_value_info(key) for key in results]
    graph = helper.make_graph([node], "g", infos, empty, weights)
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    feeds = {key: array for key, array in arrays.items() if key not in fixed}
    values = session.run(None, feeds)
    data = folder / path / "test_data_set_0"
    data.mkdir(parents=True)
    onnx.save(model, folder / path / "model.onnx")
    for kind, list_ in (("input", feeds.values()), ("output", values)):
        for number, array in enumerate(list_):
            (data / f"{kind}_{number}.pb").write_bytes(numpy_helper.from_array(np.asarray(array)).SerializeToString())


def quantized(folder):
    def add(name, op, inputs, **attributes):
        constants = [number for number, array in enumerate(inputs) if isinstance(array, np.generic)]
        case(folder, name, op, inputs, constants=constants, **attributes)

    xs, xz, ys, yz = scale(0.02), zero(120), scale(0.03), zero(131)
    s8 = zero(-3, np.int8)
    for op in ("QLinearAdd", "QLinearMul"):
        add(op, op, [u8(2, 3, 8), xs, xz, u8(3, 8), ys, yz, scale(0.05), zero(99)])
        add(f"{op}_int8", op, [i8(2, 3, 8), xs, s8, i8(1, 8), ys, s8, scale(0.05), s8])
    add("QLinearSigmoid", "QLinearSigmoid", [u8(4, 9), xs, xz, scale(1 / 256), zero(0)])
    add("QLinearLeakyRelu", "QLinearLeakyRelu", [i8(4, 9), xs, s8, ys, s8], alpha=0.1)
    condition = integers(0, 2, (4, 1), bool)
    add("QLinearWhere", "QLinearWhere", [condition, u8(4, 5), xs, xz, u8(5), ys, yz, scale(0.04), zero(1)])
    add("QLinearConcat", "QLinearConcat", [ys, yz, u8(2, 3), xs, xz, u8(2, 4), scale(0.01), zero(3)], axis=1)
    add("QLinearSoftmax", "QLinearSoftmax", [u8(3, 10), scale(0.05), xz, scale(1 / 256), zero(0)], axis=-1, opset=13)
    add("QLinearSoftmax_11", "QLinearSoftmax", [u8(3, 2, 5), scale(0.05), xz, scale(1 / 256), zero(0)], axis=1, opset=11)
    window = dict(kernel_shape=[3, 2], strides=[2, 1], pads=[1, 0, 1, 1])
    # Where windows reach over borders, each is divided by its own count, in floats; ONNX Runtime's two kernels round elsewhere.
    add("step/QLinearAveragePool", "QLinearAveragePool", [u8(1, 4, 7, 6), xs, xz, xs, xz], **window)
    add("step/QLinearAveragePool_nhwc", "QLinearAveragePool", [u8(1, 7, 6, 4), xs, xz, ys, yz], channels_last=1, **window)
    add("QLinearGlobalAveragePool", "QLinearGlobalAveragePool", [u8(2, 4, 7, 6), xs, xz, ys, yz])
    add("QLinearGlobalAveragePool_nhwc", "QLinearGlobalAveragePool", [i8(1, 7, 6, 4), xs, s8, ys, s8], channels_last=1)
    quantized = [xs, xz, u8(8, 4, 3, 2), ys, yz, scale(0.5), zero(99)]
    add("QLinearConv", "QLinearConv", [u8(1, 7, 6, 4), *quantized], channels_last=1, **window)
    add("NhwcMaxPool", "NhwcMaxPool", [u8(1, 7, 6, 4)], **window)
    add("QuantizeLinear_uint16", "QuantizeLinear", [f32(4, 5, high=40), scale(0.001), zero(7, np.uint16)])
    add("DequantizeLinear_int16", "DequantizeLinear", [integers(-9999, 9999, (3, 4), np.int16), xs, zero(-5, np.int16)])


def blocks_of_bits(folder, bits, name, rows, k, block, zeros):
    blocks = -(-k // block)
    packed = [u8(rows, -(-blocks * bits // 8))] if zeros else []
    inputs = [f32(2, 5, k), u8(rows, blocks, block * bits // 8), f32(rows, blocks, low=0.01, high=0.1), *packed]
    case(folder, f"MatMulNBits_{bits}{name}", "MatMulNBits", inputs, constants=range(1, 4), K=k, N=rows, bits=bits, block_size=block)


def products(folder):
    columns = f32(6, low=0.001, high=0.01)
    xs, xz = scale(0.02), zero(120)
    bias = integers(-5000, 5000, 6, np.int32)
    tail = [scale(0.3), zero(128)]
    weights = range(1, 9)
    case(folder, "QGemm", "QGemm", [u8(5, 8), xs, xz, i8(8, 6), columns, np.zeros(6, np.int8), bias, *tail], constants=weights)
    case(folder, "QGemm_float", "QGemm", [u8(8, 5), xs, xz, u8(6, 8), scale(0.01), xz, bias], constants=range(1, 7), transA=1, transB=1, alpha=0.5)
    for name, a, az, b, bz in (("", u8, zero(7), u8, zero(9)), ("_int8", i8, None, i8, None)):
        inputs = [a(2, 5, 8), b(8, 6), xs, columns, az, None if bz is None else np.full(6, bz), f32(6)]
        case(folder, f"MatMulIntegerToFloat{name}", "MatMulIntegerToFloat", inputs, constants=range(1, 7))
        inputs = [f32(2, 5, 8), b(8, 6), columns, None if bz is None else np.full(6, bz), f32(6)]
        case(folder, f"DynamicQuantizeMatMul{name}", "DynamicQuantizeMatMul", inputs, constants=range(1, 5))
    # ONNX Runtime quantizes what a step multiplies; here, weights are integers and all else are numbers.
    size, hidden = 5, 4
    lstm = [f32(3, 2, size), i8(1, size, 4 * hidden), i8(1, hidden, 4 * hidden), f32(1, 8 * hidden), None, None, None, None]
    case(folder, "dynamic/DynamicQuantizeLSTM", "DynamicQuantizeLSTM", [*lstm, f32(1, low=0.001, high=0.01), np.zeros(1, np.int8), f32(1, low=0.001, high=0.01), np.zeros(1, np.int8)], outputs=3, constants=range(1, 12), hidden_size=hidden)
    both = [f32(3, 2, size), u8(2, size, 4 * hidden), u8(2, hidden, 4 * hidden), f32(2, 8 * hidden), None, None, None, None]
    each = [f32(2, 4 * hidden, low=0.001, high=0.01), np.full((2, 4 * hidden), 128, np.uint8)]
    case(folder, "dynamic/DynamicQuantizeLSTM_both", "DynamicQuantizeLSTM", [*both, *each, *each], outputs=3, constants=range(1, 12), hidden_size=hidden, direction="bidirectional")
    for bits in (4, 8, 2):
        blocks_of_bits(folder, bits, "", 6, 64, 32, False)
        blocks_of_bits(folder, bits, "_zeros", 6, 96, 32, True)
        blocks_of_bits(folder, bits, "_odd", 6, 40, 16, True)


def fused(folder):
    x, w = f32(1, 4, 7, 6), f32(8, 4, 3, 3)
    conv = dict(kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    case(folder, "FusedConv", "FusedConv", [x, w, f32(8)], constants=(1, 2), activation="Relu", **conv)
    case(folder, "FusedConv_sum", "FusedConv", [x, w, f32(8), f32(1, 8, 7, 6)], constants=(1, 2), activation="Clip", activation_params=[-0.5, 1.5], **conv)
    case(folder, "FusedConv_leaky", "FusedConv", [x, w], constants=(1,), activation="LeakyRelu", activation_params=[0.01], **conv)
    case(folder, "FusedGemm", "FusedGemm", [f32(5, 8), f32(6, 8), f32(6)], constants=(1, 2), transB=1, activation="LeakyRelu", activation_alpha=0.1)
    case(folder, "FusedMatMul", "FusedMatMul", [f32(2, 8, 5), f32(2, 8, 6)], transA=1, alpha=0.25)
    case(folder, "FusedMatMul_batch", "FusedMatMul", [f32(5, 2, 3, 8), f32(2, 3, 6, 8)], transBatchA=1, transB=1)
    case(folder, "Gelu", "Gelu", [f32(3, 7, low=-4, high=4)])
    case(folder, "BiasGelu", "BiasGelu", [f32(3, 7), f32(7)])
    case(folder, "FastGelu", "FastGelu", [f32(3, 7, low=-4, high=4)])
    case(folder, "FastGelu_bias", "FastGelu", [f32(3, 7), f32(7)])
    case(folder, "QuickGelu", "QuickGelu", [f32(3, 7)], alpha=1.5)


def transformers(folder):
    x, skip, norm = f32(2, 5, 16), f32(2, 5, 16), [f32(16), f32(16)]
    case(folder, "SkipLayerNormalization", "SkipLayerNormalization", [x, skip, *norm, f32(16)], constants=(2, 3, 4), epsilon=1e-5)
    case(folder, "SkipLayerNormalization_plain", "SkipLayerNormalization", [x, skip, norm[0]], constants=(2,), epsilon=1e-5)
    case(folder, "SkipSimplified", "SkipSimplifiedLayerNormalization", [x, skip, norm[0]], constants=(2,), epsilon=1e-5)
    ids, segments = integers(0, 9, (2, 5), np.int32), integers(0, 2, (2, 5), np.int32)
    mask = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]], np.int32)
    embeddings = [f32(9, 16), f32(8, 16), f32(2, 16), *norm]
    case(folder, "EmbedLayerNormalization", "EmbedLayerNormalization", [ids, segments, *embeddings, mask], outputs=2, constants=range(2, 7))
    case(folder, "EmbedLayerNormalization_words", "EmbedLayerNormalization", [ids, None, *embeddings[:2], None, *norm], outputs=2, constants=(2, 3, 5, 6))
    weights = [f32(16, 48), f32(48)]
    case(folder, "Attention", "Attention", [x, *weights], constants=(1, 2), num_heads=4)
    case(folder, "Attention_mask", "Attention", [x, *weights, mask], constants=(1, 2), num_heads=2)
    bias = f32(2, 2, 5, 5)
    case(folder, "Attention_bias", "Attention", [x, *weights, np.stack([mask] * 5, 1), None, bias], constants=(1, 2), num_heads=2)
    case(folder, "Attention_causal", "Attention", [x, *weights], constants=(1, 2), num_heads=2, unidirectional=1, scale=0.3)
    case(folder, "MultiHeadAttention", "MultiHeadAttention", [x, f32(2, 7, 16), f32(2, 7, 16), f32(48)], constants=(3,), num_heads=4)
    quantized = [u8(2, 5, 16), i8(16, 48), f32(48), scale(0.01), scale(0.005), mask, zero(120), zero(0, np.int8)]
    case(folder, "QAttention", "QAttention", quantized, constants=(1, 2, 3, 4, 6, 7), num_heads=4)


def large(folder):
    """Weights of over a kilobyte lie outside of the attributes that hold them."""
    for bits in (4, 8, 2):
        blocks_of_bits(folder, bits, "_large", 160, 64, 32, False)


def main():
    folder = pathlib.Path(sys.argv[1])
    for add in (quantized, products, fused, transformers, large):
        add(folder)


if __name__ == "__main__":
    main()
