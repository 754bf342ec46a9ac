#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Classifies the held-out images with ONNX Runtime and prints the accuracy: evaluate.py face.onnx test_images.bin"""

import sys

import numpy as np
import onnxruntime

model, images = sys.argv[1:]
records = np.fromfile(images, np.uint8).reshape(-1, 1 + 32 * 32 * 3)
labels = records[:, 0] == 1
pixels = records[:, 1:].reshape(-1, 32, 32, 3).astype(np.float32) / np.float32(255)

session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
name = session.get_inputs()[0].name
scores = np.array([session.run(None, {name: image[None]})[0].item() for image in pixels])
correct = int(np.sum((scores > 0.5) == labels))
print(f"ONNX Runtime: {correct} of {len(labels)} images right, accuracy {100 * correct / len(labels):.2f} %")
