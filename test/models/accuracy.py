#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The accuracy of compiled models on labelled data, beside ONNX Runtime's on the same inputs in the same run.

    accuracy.py ../shared/models                 every model below that the folder has
    accuracy.py ../shared/models --only 'ic01.*' --target x86-64-v2 --emit cpp

A model is compiled into a shared object and called through its C interface, one sample at a time. A line a model says how both
do, on how many samples they decide otherwise, and how far apart their outputs are. Fails if a figure differs.
"""

import argparse
import ctypes
import json
import os
import re
import subprocess
import sys
import tempfile

import numpy as np
import onnxruntime

# What the labelled arrays become -----------------------------------------------------------------------------------------------


def cast(array, dtype, scale=1):
    return array.astype(dtype) / np.dtype(dtype).type(scale) if scale != 1 else array.astype(dtype)


def as_they_are(data):
    return [data["x"]], data["y"] if "y" in data else None


def images(scale=1):
    return lambda data: ([cast(data["x"], np.float32, scale)], data["y"])


def recode(dtype, offset=0):
    return lambda data: ([(data["x"].astype(np.int32) + offset).astype(dtype)], data["y"])


def sentences(data):
    names = ("input_ids", "attention_mask", "token_type_ids")
    return [data[name].astype(np.int64) for name in names], data["y"]


def impressions(data):
    return [data["user"].astype(np.int64), data["item"].astype(np.int64), data["context"]], data["y"]


# How outputs are judged: (figure, decisions) -------------------------------------------------------------------------------------


def percent(decisions, labels):
    return f"{np.sum(decisions == labels)} of {len(labels)} right, {100 * np.mean(decisions == labels):.2f} %", decisions


def top1(outputs, labels, inputs):
    return percent(np.array([np.argmax(out[0]) for out in outputs]), labels)


def first_output(outputs, labels, inputs):
    return percent(np.array([out[0].ravel()[0] for out in outputs]), labels)


def above_half(outputs, labels, inputs):
    return percent(np.array([out[0].item() > 0.5 for out in outputs]), labels == 1)


def get_auc(scores, labels):
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.bincount(inverse, ranks) / counts)[inverse]  # ties share theirs
    positive = labels == 1
    n = positive.sum()
    return (ranks[positive].sum() - n * (n + 1) / 2) / (n * (len(labels) - n))


def auc(outputs, labels, inputs):
    scores = np.array([out[0].item() for out in outputs])
    return f"ROC AUC {get_auc(scores, labels):.4f}", scores > 0.5


def similarity(outputs, labels, inputs):
    """Pairs of sentences by the cosine of their embeddings."""
    vectors = np.array([out[1].ravel() / np.linalg.norm(out[1]) for out in outputs])
    scores = np.sum(vectors[0::2] * vectors[1::2], axis=1)
    return f"ROC AUC {get_auc(scores, labels):.4f}", scores > 0.5


def reconstruction(scale_in=1.0, zero_in=0, scale_out=1.0, zero_out=0):
    def measure(outputs, labels, inputs):
        x = (inputs[0].astype(np.float64) - zero_in) * scale_in
        y = (np.array([out[0].ravel() for out in outputs]).astype(np.float64) - zero_out) * scale_out
        errors = np.mean((x - y) ** 2, axis=1)
        return f"mean error {errors.mean():.4f}", errors > errors.mean()

    return measure


# The models: whose data, what it becomes, the measure, and sizes of open dimensions
MODELS = {
    "ad01_fp32": ("ad01_fp32", as_they_are, reconstruction()),
    "ad01_int8": ("ad01_int8", as_they_are, reconstruction(0.391015, 89, 0.364498, 96)),
    "bilstm_vowels": ("bilstm_vowels", as_they_are, top1, "time=29"),
    "cancer_gbt": ("cancer_gbt", as_they_are, first_output),
    "cancer_scaler_logreg": ("cancer_scaler_logreg", as_they_are, first_output),
    "digits_mlp": ("digits_mlp", as_they_are, first_output),
    "face_cnn_simple": ("face_cnn_simple", images(255), above_half),
    "face_cnn_better": ("face_cnn_simple", images(255), above_half),
    "face_resnet_teacher": ("face_cnn_simple", images(255), above_half),
    "ic01_fp32": ("ic01_fp32", images(), top1),
    "ic01_fp16": ("ic01_fp32", recode(np.float16), top1),
    "ic01_int8": ("ic01_fp32", recode(np.int8, -128), top1),
    "ic01_ort_qdq": ("ic01_fp32", images(), top1),
    "ic01_ort_qoperator": ("ic01_fp32", images(), top1),
    "kws01_fp32": ("kws01_fp32", as_they_are, top1),
    "kws01_int8": ("kws01_int8", lambda data: ([data["inputs"]], data["labels"]), top1),
    "magika": ("magika", recode(np.int32), top1),
    "minilm_l6_fp32": ("minilm_l6_fp32", sentences, similarity, "sequence=14"),
    "mnist_cnn": ("mnist_cnn", images(255), top1),
    "mnist_cnn_ort_dynamic": ("mnist_cnn", images(255), top1),
    "mnist_jax": ("mnist_jax", images(255), top1),
    "mnist_vit": ("mnist_vit", images(255), top1),
    "recsys_wide_deep": ("recsys_wide_deep", impressions, auc),
    "tcn_stream": ("tcn_stream", as_they_are, top1),
    "vww01_fp32": ("vww01_fp32", images(255), top1),
    "vww01_int8": ("vww01_int8", as_they_are, top1),
}
# Inputs that the output of this name gives in the step before; the first input is fed in pieces along its last axis.
STREAMS = {"tcn_stream": "{}_out"}


# The two that run models -----------------------------------------------------------------------------------------------------


class Refused(Exception):
    pass


class Tenon:
    """A model as a shared object."""

    def __init__(self, path, folder, args, dims):
        command = [args.tenon, "compile", path, "-o", folder, f"--emit={'shared' if args.emit == 'shared' else 'cpp'}",
                   f"--target={args.target}", "--name=model", "--quiet", *(f"--dim={dim}" for dim in dims)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Refused(done.stderr.strip().split("\n")[0])
        library = os.path.join(folder, "libmodel.so")
        if args.emit == "cpp":
            sources = [file for file in os.listdir(folder) if file.endswith((".cpp", ".S"))]
            subprocess.run([args.cxx, "-O2", "-fPIC", "-shared", *sources, "-o", library], cwd=folder, check=True)
        with open(os.path.join(folder, "model.json")) as file:
            report = json.load(file)
        self.function = ctypes.CDLL(library).model_run
        self.inputs, self.outputs = report["inputs"], report["outputs"]
        self.input_names = [port["name"] for port in self.inputs]
        self.output_names = [port["name"] for port in self.outputs]
        memory = np.zeros(report["arena"]["bytes"] + report["arena"]["alignment"], np.uint8)
        start = -memory.ctypes.data % report["arena"]["alignment"]
        self.arena = memory[start:]

    def run(self, arrays):
        arrays = [np.asarray(array, order="C") for array in arrays]
        for array, port in zip(arrays, self.inputs, strict=True):
            assert array.dtype.name == port["dtype"] and list(array.shape) == port["shape"], (port, array.dtype, array.shape)
        results = [np.empty(port["shape"], port["dtype"]) for port in self.outputs]
        pointers = [ctypes.c_void_p(array.ctypes.data) for array in [*arrays, *results, self.arena]]
        status = self.function(*pointers)
        if status:
            raise Refused(f"error code {status}")
        return results


class OnnxRuntime:
    def __init__(self, path):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        self.input_names = [port.name for port in self.session.get_inputs()]
        self.output_names = [port.name for port in self.session.get_outputs()]
        self.shapes = [port.shape for port in self.session.get_inputs()]

    def run(self, arrays):
        return self.session.run(None, dict(zip(self.input_names, arrays)))


def run_samples(runner, arrays, limit):
    return [runner.run([array[i:i + 1] for array in arrays]) for i in range(min(len(arrays[0]), limit))]


def run_streams(runner, arrays, limit, pattern, shapes):
    """Each sample in pieces, from states of zeros; the outputs of the last piece, at its last step."""
    results = []
    states = [runner.output_names.index(pattern.format(name)) for name in runner.input_names[1:]]
    for i in range(min(len(arrays[0]), limit)):
        state = [np.zeros(shape, np.float32) for shape in shapes[1:]]
        for begin in range(0, arrays[0].shape[2], shapes[0][2]):
            outputs = runner.run([arrays[0][i:i + 1, :, begin:begin + shapes[0][2]], *state])
            state = [outputs[k] for k in states]
        results.append([outputs[0][:, :, -1], *state])
    return results


# -----------------------------------------------------------------------------------------------------------------------------


def compare(name, args, work):
    """(whether both figures agree, a line about it)"""
    data_folder, convert, measure, *dims = MODELS[name]
    path = os.path.join(args.models, name, "model.onnx")
    tenon, reference = Tenon(path, os.path.join(work, name), args, dims), OnnxRuntime(path)
    with np.load(os.path.join(args.models, data_folder, args.data)) as data:
        arrays, labels = convert(data)
    arrays = [array[:args.limit] for array in arrays]
    if labels is not None:
        labels = labels[:len(arrays[0]) // 2 if measure is similarity else len(arrays[0])]
    if name in STREAMS:
        results = [run_streams(runner, arrays, args.limit, STREAMS[name], reference.shapes) for runner in (tenon, reference)]
    else:
        results = [run_samples(runner, arrays, args.limit) for runner in (tenon, reference)]
    figures, decisions = zip(*(measure(outputs, labels, arrays) for outputs in results))
    otherwise = int(np.sum(decisions[0] != decisions[1]))
    distance = max(np.abs(a.astype(np.float64) - b.astype(np.float64)).max() for a, b in zip(
        (out for outputs in results[0] for out in outputs), (out for outputs in results[1] for out in outputs)))
    line = f"{name:22} {figures[0]} (ONNX Runtime: {figures[1]}); {otherwise} decided otherwise, outputs within {distance:.2g}"
    return figures[0] == figures[1], line


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", help="folder of the models and their labelled.npz")
    parser.add_argument("--tenon", default="build/bin/tenon")
    parser.add_argument("--target", default="host")
    parser.add_argument("--emit", choices=["shared", "cpp"], default="shared")
    parser.add_argument("--cxx", default=os.environ.get("CXX", "c++"))
    parser.add_argument("--only", default=".*", help="regular expression of names")
    parser.add_argument("--data", default="labelled.npz")
    parser.add_argument("--limit", type=int, default=sys.maxsize, help="samples of a model")
    args = parser.parse_args()
    args.tenon, args.models = os.path.abspath(args.tenon), os.path.abspath(args.models)

    equal = different = refused = 0
    with tempfile.TemporaryDirectory() as work:
        for name in MODELS:
            if not re.fullmatch(args.only, name) or not os.path.exists(os.path.join(args.models, name)):
                continue
            try:
                same, line = compare(name, args, work)
            except Refused as refusal:
                refused += 1
                print(f"{name:22} refused: {refusal}", flush=True)
                continue
            equal += same
            different += not same
            print(line if same else f"{line} DIFFERS", flush=True)
    print(f"{equal} equal, {different} different, {refused} refused")
    return 1 if different or not equal else 0


if __name__ == "__main__":
    sys.exit(main())
