#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Each layer of a quantized model alone, beside ONNX Runtime and beside the definition, on the same inputs.

    quantized_layers.py ../shared/models/kws01_int8 ...       labelled data where accuracy.py knows some, else the test data
    quantized_layers.py ../shared/models/ic01_ort_qdq --limit 20 --only '.*conv.*' --emit cpp

A layer is what lies between DequantizeLinear and QuantizeLinear, or a quantized operator. ONNX Runtime runs the whole model
with graph optimizations off; its tensors are the layer's inputs. The definition (docs/decisions.md, 18) is that of
definition.py, which has none of functions such as softmax. Fails where a result is not the definition's, is more than
a step from ONNX Runtime's, or where more than one element of 100,000 of a model is a step away from it, averages aside.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import sys
import tempfile

import definition
import numpy as np
import onnx
import onnxruntime
from accuracy import MODELS, Refused, Tenon
from onnx import helper, numpy_helper

QUANTIZED = re.compile("QuantizeLinear|DynamicQuantizeLinear|QLinear.*|QGemm|ConvInteger|MatMulInteger")
SHARE = 1e-5  # of the elements that may be a step from ONNX Runtime's


class Layer:
    def __init__(self, node, producers, constants):
        """The node, and what is between it and the quantized tensors before."""
        nodes, work = {id(node): node}, [node]
        while work:
            for name in work.pop().input:
                before = producers.get(name)
                if before is None or name in constants or QUANTIZED.fullmatch(before.op_type):
                    continue
                if node.op_type == "QuantizeLinear" and not self.is_boundary(name, nodes, producers):
                    nodes[id(before)] = before
                    work.append(before)
        self.name = node.name or node.output[0]
        self.nodes = [item for item in producers.values() if id(item) in nodes]
        self.nodes = list({id(item): item for item in self.nodes}.values())
        made = {name for item in self.nodes for name in item.output}
        used = list(dict.fromkeys(name for item in self.nodes for name in item.input if name))
        self.inputs = [name for name in used if name not in made and name not in constants]
        self.constants = {name: constants[name] for name in used if name in constants}
        self.outputs = [name for name in node.output if name]

    @staticmethod
    def is_boundary(name, nodes, producers):
        """What a node of the layer dequantizes is quantized, whatever moved it."""
        return any(item.op_type == "DequantizeLinear" and name == item.input[0] for item in nodes.values())

    def make_model(self, model, values):
        def get_info(name):
            array = values[name]
            return helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape)

        weights = [numpy_helper.from_array(array, name) for name, array in self.constants.items()]
        infos = [list(map(get_info, names)) for names in (self.inputs, self.outputs)]
        graph = helper.make_graph(self.nodes, "layer", *infos, weights)
        return helper.make_model(graph, opset_imports=model.opset_import, ir_version=model.ir_version)


def find_layers(model):
    constants = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    for node in model.graph.node:
        if node.op_type == "Constant" and node.attribute[0].name == "value":
            constants[node.output[0]] = numpy_helper.to_array(node.attribute[0].t)
    producers = {name: node for node in model.graph.node for name in node.output if node.op_type != "Constant"}
    # Quantized weights are constants, too.
    layers = []
    for node in model.graph.node:
        if QUANTIZED.fullmatch(node.op_type):
            layer = Layer(node, producers, constants)
            if layer.inputs:
                layers.append(layer)
    return layers


def get_samples(folder, names, limit):
    """Lists of the model's inputs."""
    labelled, convert = None, None
    if folder.name in MODELS:
        data, convert, *_ = MODELS[folder.name]
        labelled = folder.parent / data / "labelled.npz"
    if labelled and labelled.exists():
        with np.load(labelled) as data:
            arrays, _ = convert(data)
        return [[array[i : i + 1] for array in arrays] for i in range(min(limit, len(arrays[0])))]
    samples = []
    for data in sorted(folder.glob("test_data_set_*"))[:limit]:
        files = [data / f"input_{number}.pb" for number in range(len(names))]
        samples.append([numpy_helper.to_array(onnx.TensorProto.FromString(file.read_bytes())) for file in files])
    return samples


def run_reference(model, layers, folder, limit):
    """For each sample the tensors that layers read and write, by ONNX Runtime as the model stands."""
    given = {port.name for port in model.graph.input} - {tensor.name for tensor in model.graph.initializer}
    wanted = {name for layer in layers for name in (*layer.inputs, *layer.outputs)} - given
    whole = onnx.ModelProto()
    whole.CopyFrom(model)
    del whole.graph.output[:]
    whole.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in sorted(wanted))
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    session = onnxruntime.InferenceSession(whole.SerializeToString(), options, providers=["CPUExecutionProvider"])
    names = [port.name for port in session.get_inputs()]
    for sample in get_samples(folder, names, limit):
        feeds = dict(zip(names, sample))
        yield feeds | dict(zip(sorted(wanted), session.run(None, feeds)))


class Count:
    """Elements of a layer, and how many are off."""

    def __init__(self):
        self.elements = self.steps = self.far = self.undefined = 0
        self.is_defined = True

    def add(self, got, reference, defined):
        distance = np.abs(got.astype(np.float64) - reference.astype(np.float64))
        exact = got.dtype.kind in "iu"
        # Scales of a dynamic quantization are floats.
        self.steps += int(np.sum((distance > 0) & (distance <= 1))) if exact else 0
        self.far += int(np.sum(distance > 1 if exact else distance > 1e-6 * np.abs(reference)))
        self.elements += got.size
        if defined is None:
            self.is_defined = False
        else:
            self.undefined += int(np.sum(defined != got))

    def __str__(self):
        defined = self.undefined if self.is_defined else "-"
        return f"{self.elements:9} elements, off ONNX Runtime {self.steps} by one step, {self.far} by more; off the definition {defined}"


def check_layer(layer, model, samples, args):
    count = Count()
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "layer.onnx")
        onnx.save(layer.make_model(model, samples[0]), path)
        tenon = Tenon(path, os.path.join(work, "out"), args, [])
        for values in samples:
            results = tenon.run([values[name] for name in layer.inputs])
            defined = definition.compute(layer.nodes, layer.constants | {name: values[name] for name in layer.inputs})
            for name, got in zip(layer.outputs, results):
                count.add(got, values[name], defined.get(name) if defined is not None else None)
    return count


def check_model(folder, args):
    model = onnx.load(folder / "model.onnx")
    layers = find_layers(model)
    samples = list(run_reference(model, layers, folder, args.limit))
    layers = [layer for layer in layers if re.fullmatch(args.only, layer.name)][:: args.every]
    good, total = True, Count()
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for layer, future in [(layer, pool.submit(check_layer, layer, model, samples, args)) for layer in layers]:
            try:
                count = future.result()
            except Refused as refusal:
                good = False
                print(f"{layer.name[-40:]:40} refused: {refusal}", flush=True)
                continue
            good &= not count.far and not count.undefined
            kinds = [node.op_type for node in layer.nodes if node.op_type not in ("DequantizeLinear", "QuantizeLinear")]
            if not args.quiet:
                print(f"{layer.name[-40:]:40} {count}  {'+'.join(kinds)}", flush=True)
            # ONNX Runtime adds floats where averages are of integers.
            if count.is_defined and not any("Average" in kind for kind in kinds):
                total.elements += count.elements
                total.steps += count.steps
            total.far += count.far
            total.undefined += count.undefined
    good &= total.steps <= SHARE * max(total.elements, 1)
    print(f"{folder.name}: {len(layers)} layers, {len(samples)} samples, {total}{'' if good else ' WRONG'}", flush=True)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+", type=pathlib.Path, help="folders of models")
    parser.add_argument("--tenon", default="build/bin/tenon")
    parser.add_argument("--target", default="host")
    parser.add_argument("--emit", choices=["shared", "cpp"], default="shared")
    parser.add_argument("--cxx", default=os.environ.get("CXX", "c++"))
    parser.add_argument("--only", default=".*", help="regular expression of names of layers")
    parser.add_argument("--every", type=int, default=1, help="one layer of so many")
    parser.add_argument("--limit", type=int, default=10, help="samples of a model")
    parser.add_argument("-j", "--jobs", type=int, default=2)
    parser.add_argument("--quiet", action="store_true", help="no line a layer")
    args = parser.parse_args()
    args.tenon = os.path.abspath(args.tenon)
    return 0 if all([check_model(folder.resolve(), args) for folder in args.models]) else 1


if __name__ == "__main__":
    sys.exit(main())
