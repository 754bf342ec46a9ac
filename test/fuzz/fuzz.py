#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles models that are a little wrong, and looks for crashes.

    fuzz.py TENON MODEL...                       200 mutants over the models, in turn
    fuzz.py TENON MODEL... --count 5000 --seed 7 --keep found/ --jobs 2

A MODEL is a file or a folder that is searched for model.onnx. A mutant differs from its model in one to three places: an
attribute's number or list, a dimension, an element type, an operand, a name, a constant's data or shape, the opset, or bytes of
the file. It passes if `tenon compile` writes code (0) or prints an error (1) within the time limit; anything else, above all a
signal or a sanitizer's report, fails. A failing mutant is kept, and the seed and the number give it again.
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import onnx

NUMBERS = [0, 1, -1, 2, 3, -2, 7, 255, -128, 2**31 - 1, -(2**31), 2**62, -(2**63), 2**63 - 1]
FLOATS = [0.0, -1.0, 1e-30, 1e38, float("inf"), float("-inf"), float("nan")]
TEXTS = [b"", b"SAME_UPPER", b"NOTSET", b"linear", b"\xff\xfe", b"*/", b"a" * 5000, b"reflect", b"%s%n"]


def graphs(graph):
    yield graph
    for node in graph.node:
        for attribute in node.attribute:
            for inner in [attribute.g] if attribute.HasField("g") else attribute.graphs:
                yield from graphs(inner)


def pick(rng, items):
    return rng.choice(list(items)) if len(items) else None


def change_list(rng, values, pool):
    """Another value, one more, one less, or all turned around."""
    choice = rng.randrange(4)
    if choice == 0 and len(values):
        values[rng.randrange(len(values))] = rng.choice(pool)
    elif choice == 1:
        values.append(rng.choice(pool))
    elif choice == 2 and len(values):
        del values[rng.randrange(len(values))]
    else:
        turned = list(values)[::-1]
        del values[:]
        values.extend(turned)


def change_attribute(rng, graph):
    node = pick(rng, graph.node)
    attribute = node and pick(rng, node.attribute)
    if not attribute:
        return
    kind = onnx.AttributeProto
    if attribute.type == kind.INT:
        attribute.i = rng.choice(NUMBERS)
    elif attribute.type == kind.FLOAT:
        attribute.f = rng.choice(FLOATS)
    elif attribute.type == kind.STRING:
        attribute.s = rng.choice(TEXTS)
    elif attribute.type == kind.INTS:
        change_list(rng, attribute.ints, NUMBERS)
    elif attribute.type == kind.FLOATS:
        change_list(rng, attribute.floats, FLOATS)
    elif attribute.type == kind.STRINGS:
        change_list(rng, attribute.strings, TEXTS)
    elif attribute.type == kind.TENSOR:
        change_tensor(rng, attribute.t)


def add_attribute(rng, graph):
    """One that the operator has and the node does not set."""
    node = pick(rng, graph.node)
    if not node or not onnx.defs.has(node.op_type, node.domain):
        return
    schema = onnx.defs.get_schema(node.op_type, node.domain)
    name = pick(rng, sorted(set(schema.attributes) - {a.name for a in node.attribute}))
    if not name:
        return
    kind = schema.attributes[name].type
    values = {
        onnx.defs.OpSchema.AttrType.INT: rng.choice(NUMBERS),
        onnx.defs.OpSchema.AttrType.FLOAT: rng.choice(FLOATS),
        onnx.defs.OpSchema.AttrType.STRING: rng.choice(TEXTS),
        onnx.defs.OpSchema.AttrType.INTS: [rng.choice(NUMBERS) for _ in range(rng.randint(1, 4))],
        onnx.defs.OpSchema.AttrType.FLOATS: [rng.choice(FLOATS) for _ in range(rng.randint(1, 4))],
    }
    if kind in values:
        node.attribute.append(onnx.helper.make_attribute(name, values[kind]))


def remove_attribute(rng, graph):
    node = pick(rng, graph.node)
    if node and node.attribute:
        del node.attribute[rng.randrange(len(node.attribute))]


def change_tensor(rng, tensor):
    choice = rng.randrange(4)
    if choice == 0:
        change_list(rng, tensor.dims, NUMBERS)
    elif choice == 1:
        tensor.data_type = rng.randrange(26)
    elif choice == 2 and tensor.raw_data:
        data = bytearray(tensor.raw_data)
        data[rng.randrange(len(data))] = rng.randrange(256)
        tensor.raw_data = bytes(data[: rng.choice([len(data), len(data) - 1])])
    elif choice == 3:
        for field in (tensor.int64_data, tensor.float_data, tensor.int32_data):
            if len(field):
                change_list(rng, field, FLOATS if field is tensor.float_data else [0, 1, -1, 127, -128, 2**31 - 1])


def change_constant(rng, graph):
    tensor = pick(rng, graph.initializer)
    if tensor:
        change_tensor(rng, tensor)


def change_type(rng, graph):
    value = pick(rng, list(graph.input) + list(graph.output) + list(graph.value_info))
    if not value or not value.type.HasField("tensor_type"):
        return
    tensor = value.type.tensor_type
    choice = rng.randrange(5)
    if choice == 0:
        tensor.elem_type = rng.randrange(26)
    elif choice == 1 and tensor.shape.dim:
        tensor.shape.dim[rng.randrange(len(tensor.shape.dim))].dim_value = rng.choice(NUMBERS)
    elif choice == 2 and tensor.shape.dim:
        tensor.shape.dim[rng.randrange(len(tensor.shape.dim))].dim_param = "n"
    elif choice == 3 and tensor.shape.dim:
        del tensor.shape.dim[rng.randrange(len(tensor.shape.dim))]
    else:
        tensor.shape.dim.add().dim_value = rng.choice([0, 1, 2, 3])


def change_operand(rng, graph):
    node = pick(rng, graph.node)
    if not node:
        return
    names = [name for other in graph.node for name in list(other.input) + list(other.output)] + ["", "nothing"]
    change_list(rng, node.input if rng.random() < 0.8 else node.output, names)


def change_operator(rng, graph):
    node = pick(rng, graph.node)
    if node:
        node.op_type = rng.choice(onnx.defs.get_all_schemas()).name


def change_constness(rng, graph):
    """An input becomes a constant, or a constant an input."""
    value = pick(rng, graph.input)
    if value and rng.random() < 0.5:
        dims = [d.dim_value for d in value.type.tensor_type.shape.dim]
        count = 1
        for dim in dims:
            count *= dim
        if 0 < count <= 4096 and value.type.tensor_type.elem_type == onnx.TensorProto.INT64:
            values = [rng.choice(NUMBERS) for _ in range(count)]
            graph.initializer.append(onnx.helper.make_tensor(value.name, onnx.TensorProto.INT64, dims, values))
            graph.input.remove(value)
    elif graph.initializer:
        tensor = pick(rng, graph.initializer)
        graph.input.append(onnx.helper.make_tensor_value_info(tensor.name, tensor.data_type, list(tensor.dims)))
        graph.initializer.remove(tensor)


def remove_node(rng, graph):
    if graph.node:
        del graph.node[rng.randrange(len(graph.node))]


def repeat_node(rng, graph):
    if graph.node:
        graph.node.insert(rng.randrange(len(graph.node) + 1), pick(rng, graph.node))


MUTATIONS = [change_attribute, change_attribute, add_attribute, remove_attribute, change_constant, change_constness]
MUTATIONS += [change_type, change_type, change_operand, change_operator, remove_node, repeat_node]


def mutate(rng, data):
    if rng.random() < 0.1:
        data = bytearray(data)
        for _ in range(rng.randint(1, 8)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        return bytes(data)
    model = onnx.ModelProto.FromString(data)
    for _ in range(rng.randint(1, 3)):
        try:
            rng.choice(MUTATIONS)(rng, rng.choice(list(graphs(model.graph))))
        except (ValueError, TypeError, OverflowError):  # Protobuf refuses a value of another width.
            pass
    if model.opset_import and rng.random() < 0.05:
        model.opset_import[0].version = rng.choice([0, 1, 6, 7, 9, 11, 13, 17, 26, 1000])
    return model.SerializeToString()


def run_one(args, paths, number):
    """None, or what went wrong with mutant `number`."""
    rng = random.Random(f"{args.seed}:{number}")
    path = paths[number % len(paths)]
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "mutant.onnx")
        data = mutate(rng, path.read_bytes())
        pathlib.Path(file).write_bytes(data)
        command = [args.tenon, "compile", file, "-o", os.path.join(folder, "out"), "--quiet"] + args.options.split()
        try:
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=args.limit)
            code, text = done.returncode, done.stderr
        except subprocess.TimeoutExpired:
            code, text = "timeout", ""
        if code == 0 or (code == 1 and "error:" in text):
            return code, None
        if args.keep:
            os.makedirs(args.keep, exist_ok=True)
            pathlib.Path(args.keep, f"{args.seed}-{number}.onnx").write_bytes(data)
        return code, f"{number} of {path}: exit code {code}\n{text[-1500:]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tenon")
    parser.add_argument("models", nargs="+", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="the number of the first mutant")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--limit", type=float, default=20, help="seconds a mutant")
    parser.add_argument("--options", default="--emit=obj", help="of tenon compile")
    parser.add_argument("--keep", help="a folder for failing mutants")
    args = parser.parse_args()
    paths = [p for model in args.models for p in ([model] if model.is_file() else sorted(model.glob("**/model.onnx")))]
    if not paths:
        sys.exit("no model found")

    numbers = range(args.first, args.first + args.count)
    codes = collections.Counter()
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for code, failure in pool.map(lambda number: run_one(args, paths, number), numbers):
            if failure:
                failures += 1
                print(failure, flush=True)
            else:
                codes[code] += 1
    print(f"{args.count} mutants: {codes[0]} compiled, {codes[1]} refused, {failures} failed")
    sys.exit(failures > 0)


if __name__ == "__main__":
    main()
