#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Models with and without row bands (`--max-ram`) give the same bits.

    bands.py MODEL.onnx|FOLDER...       these models, and those below a folder
    bands.py --random COUNT SEED        networks at random: convolutions, pools and sums, half of them quantized
             [--emit object|cpp] [--target NAME] [--io caller|arena] [--budgets N] [--keep FOLDER]

For each model, N arenas from the least that bands reach on, on inputs at random; with --io=arena, where inputs may be
overwritten, compared with a model that has the caller's. A line a model, then a summary; fails where bits differ or an arena is
larger than was asked for.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Network:
    """Grows layer by layer; shapes are known, as each layer is chosen by them."""

    def __init__(self, rng, quantized):
        self.rng, self.quantized = rng, quantized
        self.nodes, self.weights, self.count = [], [], 0
        self.shape = [self.pick(1, 1, 1, 2), self.pick(1, 3, 4), self.pick(12, 17, 23, 30), self.pick(5, 8, 11)]
        self.input, self.value = list(self.shape), "x"

    def pick(self, *choices):
        return choices[self.rng.integers(len(choices))]

    def name(self):
        self.count += 1
        return f"v{self.count}"

    def constant(self, array):
        name = self.name()
        self.weights.append(numpy_helper.from_array(array, name))
        return name

    def node(self, operator, inputs, **attributes):
        result = self.name()
        self.nodes.append(helper.make_node(operator, inputs, [result], name=f"{operator}_{result}", **attributes))
        return result

    def quantize(self, value, scale, zero):
        """The value as 8-bit integers, and back."""
        if not self.quantized:
            return value
        zero = self.pick(np.int8(zero), np.uint8(zero + 128))
        parameters = [self.constant(np.float32(scale)), self.constant(zero)]
        return self.node("DequantizeLinear", [self.node("QuantizeLinear", [value, *parameters]), *parameters])

    def activation(self, value):
        operator = self.pick("Relu", "Relu", None) if self.quantized else self.pick("Relu", "Sigmoid", "Tanh", None)
        return self.quantize(self.node(operator, [value]) if operator else value, self.pick(0.02, 0.05), self.pick(-128, -3, 10))

    def window(self, size):
        """Attributes of a window, and the sizes that it makes."""
        strides = [self.pick(1, 1, 1, 2, 3), self.pick(1, 1, 2)]
        pads = [int(self.rng.integers(0, s)) for s in (*size, *size)]
        dilations = [self.pick(1, 1, 1, 2) if s > 1 else 1 for s in size]
        sizes = [
            (self.shape[2 + d] + pads[d] + pads[2 + d] - (size[d] - 1) * dilations[d] - 1) // strides[d] + 1 for d in (0, 1)
        ]
        return {"strides": strides, "pads": pads, "dilations": dilations}, sizes

    def conv(self):
        size = [self.pick(1, 1, 2, 3, 3, 5), self.pick(1, 3)]
        attributes, sizes = self.window(size)
        channels = self.shape[1]
        group = self.pick(1, channels)
        outputs = channels if group > 1 else self.pick(1, 4, 6, 8)
        if min(sizes) < 2:
            return
        if self.rng.integers(4) == 0:  # as it was: for sums
            attributes, sizes = {"pads": [s // 2 for s in size] * 2}, self.shape[2:]
            size, outputs = [2 * (s // 2) + 1 for s in size], channels
        shape = (outputs, channels // group, *size)
        w = self.rng.uniform(-1, 1, shape).astype(np.float32)
        if self.quantized:
            scale, zero = self.constant(np.float32(1 / 127)), self.constant(np.int8(0))
            w = self.node("DequantizeLinear", [self.constant(np.round(w * 127).astype(np.int8)), scale, zero])
        else:
            w = self.constant(w)
        value = self.node("Conv", [self.value, w, self.constant(self.rng.uniform(-1, 1, outputs).astype(np.float32))],
                          group=group, kernel_shape=size, **attributes)
        self.set(self.activation(value), [self.shape[0], outputs, *sizes])

    def pool(self):
        size = [self.pick(1, 2, 3), self.pick(1, 2, 3)]
        attributes, sizes = self.window(size)
        operator = self.pick("MaxPool", "MaxPool", "AveragePool")
        if min(sizes) < 2:
            return
        value = self.node(operator, [self.value], kernel_shape=size, **attributes)
        self.set(self.quantize(value, 0.05, -3), [*self.shape[:2], *sizes])

    def set(self, value, shape):
        self.value, self.shape = value, [int(size) for size in shape]

    def pad(self):
        pads = [int(self.rng.integers(0, 3)) for _ in range(4)]
        amounts = self.constant(np.array([0, 0, *pads[:2], 0, 0, *pads[2:]], np.int64))
        value = self.node("Pad", [self.value, amounts, self.constant(np.float32(self.pick(0, 0.25, 0.25)))])
        sizes = [self.shape[2 + d] + pads[d] + pads[2 + d] for d in (0, 1)]
        self.set(self.quantize(value, 0.05, -3), [*self.shape[:2], *sizes])

    def residual(self):
        before, shape = self.value, list(self.shape)
        for _ in range(self.pick(1, 2)):
            self.conv()
        if self.shape == shape and self.value != before:
            self.set(self.activation(self.node("Add", [self.value, before])), shape)

    def make(self):
        self.value = self.quantize(self.value, 0.02, 5)
        for _ in range(self.pick(3, 4, 6)):
            self.pick(self.conv, self.conv, self.pool, self.pad, self.residual, self.residual)()
        end = self.pick("GlobalAveragePool", "GlobalMaxPool", None)
        if end:
            self.set(self.quantize(self.node(end, [self.value]), 0.05, -3), [*self.shape[:2], 1, 1])
        values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
                  for name, shape in (("x", self.input), (self.value, self.shape))]
        graph = helper.make_graph(self.nodes, "g", values[:1], values[1:], self.weights)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)


def tenon(*arguments):
    return subprocess.run(["tenon", *map(str, arguments)], capture_output=True, text=True)


def run(model, args, *options):
    """The bytes of the outputs; an error message otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        done = tenon("run", model, "--quiet", f"--emit={args.emit}", *args.targets, "--output-dir", folder, *options)
        if done.returncode:
            return done.stderr
        return b"".join(file.read_bytes() for file in sorted(pathlib.Path(folder).iterdir()))


def get_arena(model, args, *options):
    done = tenon("compile", model, "-o", "-", "--emit=mlir", *(args.targets or ["--target=host"]), *options)
    found = re.search(r"kernel.arena_size = (\d+)", done.stdout)
    return int(found.group(1)) if found else None, done.stderr


def check(model, args):
    """Builds that were compared; None where the model is none for bands."""
    io = f"--io={args.io}"
    base, error = get_arena(model, args, io)
    if base is None:
        print(f"{model}: not compiled: {error.strip().splitlines()[0] if error else ''}")
        return None
    least = re.search(r"it fits into (\d+) bytes", get_arena(model, args, "--max-ram=1", io)[1])
    if not least:
        return None
    least, wanted, wrong = int(least.group(1)), run(model, args), []
    budgets = sorted({base} if args.io == "arena" else {}) + sorted({least + (base - 1 - least) * k // max(args.budgets - 1, 1) for k in range(args.budgets)})
    for budget in budgets:
        arena, error = get_arena(model, args, f"--max-ram={budget}", io)
        found = run(model, args, f"--max-ram={budget}", io)
        if arena is None or arena > budget or found != wanted:
            wrong.append(f"--max-ram={budget}: " + (error or (found if isinstance(found, str) else f"arena {arena}, other bits")))
    print(f"{model}: arena {base}, in bands {least}" + "".join(f"\n  WRONG {text}" for text in wrong), flush=True)
    return len(budgets), len(wrong)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", type=pathlib.Path)
    parser.add_argument("--random", nargs=2, type=int, metavar=("COUNT", "SEED"))
    parser.add_argument("--emit", default="object")
    parser.add_argument("--target")
    parser.add_argument("--io", default="caller")
    parser.add_argument("--budgets", type=int, default=3)
    parser.add_argument("--keep", type=pathlib.Path, help="where random models go")
    args = parser.parse_args()
    args.targets = [f"--target={args.target}"] if args.target else []
    models = [model for path in args.models for model in ([path] if path.is_file() else sorted(path.rglob("model.onnx")))]
    with tempfile.TemporaryDirectory() as folder:
        folder = args.keep or pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(args.random[0] if args.random else 0):
            rng = np.random.default_rng([args.random[1], number])
            models.append(folder / f"random_{number}.onnx")
            onnx.save(Network(rng, number % 2).make(), models[-1])
        results = [result for model in models if (result := check(model, args))]
    builds, wrong = (sum(column) for column in zip(*results)) if results else (0, 0)
    print(f"{len(results)} of {len(models)} models in bands, {builds} builds, {wrong} wrong")
    return wrong != 0


if __name__ == "__main__":
    sys.exit(main())
