# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models with weights of four and two bits, one layer each, with what ONNX Runtime computes of them.

    int4.py make FOLDER                  same/ and near/: models and data as `tenon verify` wants them
    int4.py check FOLDER TENON TARGET    prints what integers take in flash
    int4.py bench FOLDER                 the larger models of docs/performance.md

The scales of what is in same/ are powers of two, so that floats are as exact as integers there.
"""

import pathlib
import re
import subprocess
import sys

import numpy as np

HALF = np.float32(0.5)
SIZES = {"i2": 1, "i4": 1, "ui4": 1, "i8": 1, "i32": 4, "f32": 0}


class Model:
    def __init__(self, seed=5):
        self.nodes, self.weights, self.rng = [], {}, np.random.default_rng(seed)

    def weight(self, array, kind=None):
        """A constant; of the type `kind` where numpy has none."""
        from onnx import helper, numpy_helper

        name = f"w{len(self.weights)}"
        array = np.asarray(array)
        self.weights[name] = (
            helper.make_tensor(name, kind, array.shape, array.flatten()) if kind else numpy_helper.from_array(array, name)
        )
        return name

    def add(self, kind, inputs, domain="", **attributes):
        from onnx import helper

        name = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], name, domain=domain, **attributes))
        return name

    def uniform(self, *shape, low=-1.0, high=1.0):
        return self.rng.uniform(low, high, shape).astype(np.float32)

    def dequantized(self, shape, bits=4, signed=True, axis=0, scales=None, zeros=None, block=None):
        """Weights of a few bits, as floats."""
        from onnx import TensorProto

        low = -(1 << bits - 1) if signed else 0
        integers = self.rng.integers(low, low + (1 << bits), shape)
        kind = getattr(TensorProto, f"{'' if signed else 'U'}INT{bits}")
        scales = HALF if scales is None else scales
        inputs = [self.weight(integers, kind), self.weight(scales)]
        if zeros is not None:
            inputs.append(self.weight(np.broadcast_to(zeros, np.shape(scales)), kind))
        return self.add("DequantizeLinear", inputs, axis=axis, **({"block_size": block} if block else {}))

    def quantized(self, x, scale=0.5, zero=-3):
        pair = [self.weight(np.float32(scale)), self.weight(np.int8(zero))]
        return self.add("DequantizeLinear", [self.add("QuantizeLinear", [x, *pair]), *pair])

    def nbits(self, k, n, bits, block, zeros):
        """The inputs of MatMulNBits but the first one, and its attributes."""
        blocks = -(-k // block)
        integers = [self.rng.integers(0, 256, (n, blocks, block * bits // 8)).astype(np.uint8)]
        scales = self.uniform(n, blocks, low=0.01, high=0.1)
        if zeros:
            integers.append(self.rng.integers(0, 256, (n, -(-blocks * bits // 8))).astype(np.uint8))
        inputs = [self.weight(array) for array in (integers[0], scales, *integers[1:])]
        return inputs, dict(K=k, N=n, bits=bits, block_size=block, domain="com.microsoft")

    def save(self, folder, x, last):
        import onnx
        import onnxruntime
        from onnx import TensorProto, helper, numpy_helper

        if self.nodes[-1].op_type == "DequantizeLinear":  # the integers before it
            self.nodes, last = self.nodes[:-1], self.nodes[-1].input[0]
        info = helper.make_tensor_value_info("x", helper.np_dtype_to_tensor_dtype(x.dtype), x.shape)
        results = [helper.make_empty_tensor_value_info(last)]
        graph = helper.make_graph(self.nodes, "g", [info], results, list(self.weights.values()))
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=10)
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        (value,) = session.run(None, {"x": x})
        data = folder / "test_data_set_0"
        data.mkdir(parents=True)
        onnx.save(model, folder / "model.onnx")
        for kind, array in (("input", x), ("output", value)):
            (data / f"{kind}_0.pb").write_bytes(numpy_helper.from_array(array).SerializeToString())


def make_convolutions(folder):
    """Between quantized tensors: sums of integers."""
    cases = {
        "conv": dict(shape=(10, 8, 3, 3), pads=[1, 1, 1, 1]),
        "conv_unsigned": dict(shape=(10, 8, 3, 3), signed=False, zeros=7, pads=[1, 1, 1, 1]),
        "conv_channels": dict(shape=(12, 16, 3, 3), scales=np.exp2(np.arange(-6, 6), dtype=np.float32)),
        "conv_odd": dict(shape=(5, 7, 2, 2), zeros=-2),
        "conv_first": dict(shape=(9, 3, 3, 3), strides=[2, 2]),
        "conv_long": dict(shape=(6, 32, 3, 3), signed=False, zeros=8),
        "conv_depthwise": dict(shape=(12, 1, 3, 3), pads=[1, 1, 1, 1], group=12),
    }
    for name, options in cases.items():
        model = Model()
        window = {key: options.pop(key) for key in ("pads", "strides", "group") if key in options}
        shape = options["shape"]
        x = model.uniform(1, 9, 8, shape[1] * window.get("group", 1), low=-60, high=60)
        channels = model.add("Transpose", [model.quantized("x")], perm=[0, 3, 1, 2])  # innermost in memory
        y = model.quantized(model.add("Conv", [channels, model.dequantized(**options)], **window), 32.0, 5)
        model.save(folder / "same" / name, x, model.add("Transpose", [y], perm=[0, 2, 3, 1]))


def make_products(folder):
    for rows in (1, 6):
        model = Model()
        y = model.add("MatMul", [model.quantized("x", zero=0), model.dequantized((72, 20), axis=1)])
        model.save(folder / "same" / f"matmul_{rows}", model.uniform(rows, 72, low=-60, high=60), model.quantized(y, 16.0, 5))
    for name, block, zeros in (("whole", None, False), ("blocks", 32, False), ("blocks_zeros", 16, True)):
        model = Model()
        options = {}
        if block:
            options = dict(scales=model.uniform(96 // block, 20, low=0.01, high=0.1), block=block)
        if zeros:
            options.update(zeros=model.rng.integers(0, 16, (96 // block, 20)), signed=False)
        y = model.add("MatMul", ["x", model.dequantized((96, 20), **options)])
        model.save(folder / "near" / f"floats_{name}", model.uniform(3, 96), y)
    shapes = (("", 64, 24, 32, False), ("_zeros", 96, 40, 32, True), ("_odd", 40, 7, 16, True), ("_wide", 256, 33, 128, False))
    for bits in (4, 8, 2):
        for name, k, n, block, zeros in shapes:
            for rows in (1, 5):
                model = Model()
                inputs, attributes = model.nbits(k, n, bits, block, zeros)
                y = model.add("MatMulNBits", ["x", *inputs], **attributes)
                model.save(folder / "near" / f"nbits{bits}{name}_{rows}", model.uniform(rows, k), y)


def make_others(folder):
    """What reads weights element by element."""
    for bits, signed in ((4, True), (4, False)):
        model = Model()
        y = model.add("Gather", [model.dequantized((19, 5), bits, signed), "x"])
        model.save(folder / "same" / f"gather_{'' if signed else 'u'}int{bits}", np.array([3, 0, 18, 7, 7], np.int64), y)
    model = Model()
    y = model.add("Add", ["x", model.dequantized((7, 5))])
    model.save(folder / "same" / "add", model.uniform(2, 7, 5), y)


def make_bench(folder):
    shapes = {"nbits4": (2048, 4, False), "nbits4_zeros": (2048, 4, True), "nbits8_zeros": (2048, 8, True), "nbits4_256": (256, 4, True)}
    for name, (size, bits, zeros) in shapes.items():
        model = Model()
        inputs, attributes = model.nbits(size, size, bits, 32, zeros)
        y = model.add("MatMulNBits", ["x", *inputs], **attributes)
        model.save(folder / name, model.uniform(1, size), y)
    model = Model(3)
    x = model.uniform(1, 16, 16, 16, low=-60, high=60)
    y = model.add("Transpose", [model.quantized("x")], perm=[0, 3, 1, 2])
    for layer, (outputs, inputs, size) in enumerate(((32, 16, 3), (64, 32, 1), (32, 64, 3), (32, 32, 1))):
        weights = model.dequantized((outputs, inputs, size, size))
        y = model.add("Conv", [y, weights], pads=[size // 2] * 4)
        y = model.quantized(y, 2.0 ** (3 * layer + 1), 5)
    model.save(folder / "convolutions", x, model.add("Transpose", [y], perm=[0, 2, 3, 1]))


def count_bytes(model):
    """Of the weights as the file packs them: of INT4 and the like, and of MatMulNBits."""
    from onnx import TensorProto

    packed = {name for node in model.graph.node if node.op_type == "MatMulNBits" for name in (node.input[1], *node.input[3:])}
    bits = {TensorProto.INT4: 4, TensorProto.UINT4: 4}
    sizes = [int(np.prod(array.dims)) * bits.get(array.data_type, 8 * (array.name in packed)) for array in model.graph.initializer]
    return -(-sum(sizes) // 8)


def check(folder, tenon, target):
    """Bytes of integers in flash beside those of the model."""
    import onnx

    for path in sorted(folder.glob("*/*/model.onnx")):
        command = [tenon, "compile", str(path), f"--target={target}", "--emit=mlir", "-o", "-", "--quiet"]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        held = re.findall(r"kernel\.global @(?!description)[^\n]*tensor<([\dx]+)x(\w+)>", text)
        flash = sum(int(np.prod([int(n) for n in shape.split("x")])) * SIZES[kind] for shape, kind in held)
        arena = re.search(r"kernel.arena_size = (\d+)", text)
        print(f"{path.parent.name}: {count_bytes(onnx.load(path))} bytes in the model, {flash} in flash, arena {arena[1] if arena else 0}")


def main():
    command, folder, *rest = sys.argv[1:]
    folder = pathlib.Path(folder)
    if command == "make":
        make_convolutions(folder)
        make_products(folder)
        make_others(folder)
    elif command == "check":
        check(folder, *rest)
    else:
        make_bench(folder)


main()
