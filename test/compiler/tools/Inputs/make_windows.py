# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Cases for `tenon verify`: convolutions at random, padded, of weights that are padded too.

    make_windows.py FOLDER COUNT SEED
"""

import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def conv(x, w, pads, stride, dilation):
    """The definition, as sums of shifted products."""
    x = np.pad(x, ((0, 0), (0, 0), (pads[0], pads[2]), (pads[1], pads[3])))
    height, width = ((x.shape[a] - (w.shape[a] - 1) * dilation - 1) // stride + 1 for a in (2, 3))
    y = np.zeros((1, w.shape[0], height, width), np.float32)
    for i in range(w.shape[2]):
        for j in range(w.shape[3]):
            top, left = i * dilation, j * dilation
            part = x[0, :, top : top + (height - 1) * stride + 1 : stride, left : left + (width - 1) * stride + 1 : stride]
            y[0] += np.einsum("oc,chw->ohw", w[:, :, i, j], part)
    return y


def make_case(folder, rng):
    def pick(*values):
        return int(rng.choice(values))

    size, stride, dilation = pick(1, 2, 3), pick(1, 1, 2), pick(1, 1, 2)
    around = [pick(0, 1, 2) for _ in range(4)]  # of the weights: top, left, bottom, right
    pads = [pick(0, 1, 2) for _ in range(4)]
    # At least as large as the largest window, (3 + 2 + 2 - 1) * 2 + 1.
    x = rng.standard_normal((1, pick(1, 2, 3), pick(13, 14), pick(13, 15))).astype(np.float32)
    w = rng.standard_normal((pick(1, 2, 4), x.shape[1], size, size)).astype(np.float32)
    padded = np.pad(w, ((0, 0), (0, 0), (around[0], around[2]), (around[1], around[3])))
    y = conv(x, padded, pads, stride, dilation)
    amounts = np.array([0, 0, *around[:2], 0, 0, *around[2:]], np.int64)
    nodes = [
        helper.make_node("Pad", ["w", "amounts"], ["padded"]),
        helper.make_node("Conv", ["x", "padded"], ["y"], pads=pads, strides=[stride] * 2, dilations=[dilation] * 2),
    ]
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, data.shape) for name, data in (("x", x), ("w", w), ("y", y))]
    graph = helper.make_graph(nodes, "g", values[:2], values[2:], [numpy_helper.from_array(amounts, "amounts")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    data = folder / "test_data_set_0"
    data.mkdir(parents=True)
    onnx.save(model, folder / "model.onnx")
    for file, array in (("input_0", x), ("input_1", w), ("output_0", y)):
        (data / f"{file}.pb").write_bytes(numpy_helper.from_array(array).SerializeToString())


def main():
    folder, count, seed = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    rng = np.random.default_rng(seed)
    for number in range(count):
        make_case(folder / f"windows_{number}", rng)


if __name__ == "__main__":
    main()
