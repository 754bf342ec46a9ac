# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What of each type a compiled model keeps in flash: floats are at most one factor an output channel. The object has what the low
form has, and no more.

    flash.py TENON LLVM_SIZE TARGET MODEL...
"""

import collections
import re
import subprocess
import sys
import tempfile

import numpy as np
import onnx
from onnx import numpy_helper

SIZES = {"i8": 1, "i32": 4, "f32": 4}


def main():
    tenon, size, target, *models = sys.argv[1:]
    for model in models:
        arrays = [numpy_helper.to_array(i) for i in onnx.load(f"{model}/model.onnx").graph.initializer]
        integers = sum(a.size for a in arrays if a.itemsize == 1 and a.ndim > 1)
        channels = sum(a.size for a in arrays if a.dtype == np.int32 and a.ndim == 1 and a.any())  # one bias each
        command = [tenon, "compile", f"{model}/model.onnx", f"--target={target}", "--emit=mlir", "-o", "-", "--quiet"]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        held = collections.Counter()
        for count, kind in re.findall(r"kernel\.global [^\n]*(?:tensor|memref)<(\d+)x(\w+)>", text):
            held[kind] += int(count) * SIZES[kind]
        assert 0 < integers <= sum(held.values()), f"{model}: {dict(held)}, {integers} bytes of weights"
        with tempfile.NamedTemporaryFile(suffix=".o") as file:
            subprocess.run([*command[:-4], "--emit=obj", "-o", file.name, "--quiet"], check=True)
            sections = subprocess.run([size, "-A", file.name], check=True, capture_output=True, text=True).stdout
        data = sum(int(bytes) for bytes in re.findall(r"^\.(?:ro)?data\S*\s+(\d+)", sections, re.M))
        assert integers <= data <= sum(held.values()) + 512, f"{model}: {data} bytes in the object, {sum(held.values())} in the low form"
        good = held["f32"] <= 4 * channels and sum(held.values()) <= integers + 8 * channels + 8192
        print(f"{model}: {'integers only' if good else 'too much'}: {dict(held)}, {channels} channels")


main()
