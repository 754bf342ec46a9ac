#!/usr/bin/env python3
"""Imports broken and hostile model files: each must end in a clear error.

    hostile.py FOLDER TOOL [CASE...]

Writes each model of the table into FOLDER and runs TOOL --import-onnx on it. A case
passes if the tool ends within 10 s with exit code 1, in bounded memory, and its
message matches. The last line says how many passed.
"""

import os
import re
import struct
import subprocess
import sys
import tempfile
import threading

from onnx import AttributeProto, FunctionProto, ModelProto, TensorProto, TypeProto, helper

SECONDS = 10
MEGABYTES = 1500  # of resident memory; the largest file has 40 MB
CASES = {}


def case(message, extension="onnx", options=()):
    """Registers a function that returns a model, or bytes, or text."""

    def register(function):
        name = function.__name__.replace("_", "-")
        CASES[name] = (function, message, extension, list(options))
        return function

    return register


# --- Building blocks -------------------------------------------------------------


def value(name, shape=(4,), dtype=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, dtype, shape)


def model(nodes, inputs=None, outputs=None, initializers=(), opset=21, **keywords):
    inputs = [value("x")] if inputs is None else inputs
    outputs = [value("y")] if outputs is None else outputs
    graph = helper.make_graph(nodes, "g", inputs, outputs, list(initializers))
    imports = [helper.make_opsetid("", opset), helper.make_opsetid("local", 1)]
    return helper.make_model(graph, opset_imports=imports, ir_version=10, **keywords)


def relu(x="x", y="y", name="node"):
    return helper.make_node("Relu", [x], [y], name=name)


def weight(name, dims, data, dtype=TensorProto.FLOAT):
    tensor = TensorProto(name=name, data_type=dtype, raw_data=data)
    tensor.dims.extend(dims)
    return tensor


def external(name, dims, **entries):
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL)
    tensor.dims.extend(dims)
    for key, text in entries.items():
        tensor.external_data.add(key=key, value=str(text))
    return tensor


def adds(initializer, dims=(4,)):
    return model([helper.make_node("Add", ["x", "w"], ["y"], name="node")], [value("x", dims)], [value("y", dims)], [initializer])


# --- Bytes that are no model -----------------------------------------------------


@case("is empty")
def empty_file():
    return b""


@case("is no ONNX model")
def text_instead_of_a_model():
    return b"<html><body>404 Not Found</body></html>"


@case("is no ONNX model")
def zeros():
    return bytes(1 << 20)


@case("is no ONNX model")
def ones():
    return b"\xff" * (1 << 20)


@case("is no ONNX model")
def truncated_in_a_weight():
    return adds(weight("w", [1000], bytes(4000)), [1000]).SerializeToString()[:-2500]


@case("is no ONNX model|has no graph")
def truncated_after_the_header():
    return model([relu()]).SerializeToString()[:20]


@case("is no ONNX model")
def length_beyond_the_file():
    return b"\x3a\xff\xff\xff\xff\x07" + b"abc"


@case("is no ONNX model")
def varint_without_end():
    return b"\x08" + b"\xff" * 11


@case("is no ONNX model")
def group_of_the_wire_format():
    return b"\x3b\x08\x01\x3c"


@case("is no ONNX model: it has no graph")
def no_graph():
    return ModelProto(ir_version=10, opset_import=[helper.make_opsetid("", 21)])


@case("has more than 8388608 parts")
def millions_of_empty_nodes():
    graph = b"\x0a\x00" * 10_000_000  # a NodeProto takes 100 times its two bytes
    return b"\x3a" + varint(len(graph)) + graph


@case("has more than 8388608 parts")
def millions_of_empty_dimensions():
    shape = b"\x0a\x00" * 10_000_000
    message = shape
    for tag in (b"\x12", b"\x0a", b"\x12", b"\x5a", b"\x3a"):
        message = tag + varint(len(message)) + message
    return message


def varint(number):
    result = b""
    while number >= 0x80:
        result += bytes([number & 0x7F | 0x80])
        number >>= 7
    return result + bytes([number])


@case("is no ONNX model")
def deep_nesting_on_the_wire():
    graph = b""
    for _ in range(2000):  # node { attribute { g { ... } } }
        for tag in (b"\x32", b"\x2a", b"\x0a"):
            graph = tag + varint(len(graph)) + graph
    return b"\x3a" + varint(len(graph)) + graph


# --- Versions --------------------------------------------------------------------


@case("version 99 of the operators of ONNX's domain; the newest known is")
def operator_set_of_the_future():
    return model([relu()], opset=99)


@case("version -5 of ONNX's domain")
def negative_operator_set():
    return model([relu()], opset=-5)


@case("version 1000 of the file format")
def file_format_of_the_future():
    result = model([relu()])
    result.ir_version = 1000
    return result


@case("names no version of ONNX's operators")
def no_operator_set():
    result = model([relu()])
    del result.opset_import[:]
    return result


@case("names two versions")
def two_versions_of_a_domain():
    result = model([relu()])
    result.opset_import.append(helper.make_opsetid("ai.onnx", 9))
    return result


@case("node 'node': its operator 'Abs' has changed since operator set 5")
def operator_set_that_is_too_old():
    return model([helper.make_node("Abs", ["x"], ["y"], name="node")], opset=5)


# --- Operators -------------------------------------------------------------------


@case(r"node 'a': operator 'Foo' is unknown[\s\S]*node 'b': operator 'com.bar.Baz' is unknown")
def unknown_operators_are_all_listed():
    return model([helper.make_node("Foo", ["x"], ["t"], name="a"), helper.make_node("Baz", ["t"], ["y"], name="b", domain="com.bar")])


@case("node 'node': operator 'Gelu' is not in operator set 13")
def operator_that_came_later():
    return model([helper.make_node("Gelu", ["x"], ["y"], name="node")], opset=13)


@case("node 'node': operator 'Upsample' was removed")
def operator_that_was_removed():
    return model([helper.make_node("Upsample", ["x", "x"], ["y"], name="node")])


@case("more errors")
def thousands_of_unknown_operators():
    return model([helper.make_node("Foo", ["x"], [f"y{i}"]) for i in range(5000)], outputs=[value("y0")])


@case("node 'node'.*names no version of the domain of 'ai.onnx.ml.Scaler'")
def domain_without_a_version():
    return model([helper.make_node("Scaler", ["x"], ["y"], name="node", domain="ai.onnx.ml")])


@case("node 'node'.*input size 2 not in range")
def too_many_inputs():
    return model([helper.make_node("Relu", ["x", "x"], ["y"], name="node")])


@case("node 'node'.*input size 1 not in range")
def too_few_inputs():
    return model([helper.make_node("Add", ["x"], ["y"], name="node")])


@case("node 'node'.*attribute: surprise")
def unknown_attribute():
    return model([helper.make_node("Relu", ["x"], ["y"], name="node", surprise=1)])


@case("node 'node'.*alpha")
def attribute_of_the_wrong_type():
    return model([helper.make_node("LeakyRelu", ["x"], ["y"], name="node", alpha="text")])


@case("node 'node'.*attribute 'to' is missing")
def required_attribute_is_missing():
    return model([helper.make_node("Cast", ["x"], ["y"], name="node")])


@case("node 'node'.*type")
def cast_to_an_unknown_type():
    return model([helper.make_node("Cast", ["x"], ["y"], name="node", to=1000)])


@case("node")
def node_without_operator():
    return model([helper.make_node("", ["x"], ["y"], name="node")])


# --- Names and order -------------------------------------------------------------


@case("node '[ab]': is part of a cycle")
def cycle():
    return model([helper.make_node("Add", ["x", "t"], ["y"], name="a"), relu("y", "t", "b")])


@case("node 'a': is part of a cycle")
def node_that_needs_itself():
    return model([helper.make_node("Add", ["x", "y"], ["y"], name="a")])


@case("is part of a cycle")
def long_cycle():
    return model([helper.make_node("Relu", [f"v{(i + 1) % 50000}"], [f"v{i}"]) for i in range(50000)], outputs=[value("v0")])


@case("is part of a cycle")
def cycle_through_a_subgraph():
    body = helper.make_graph([relu("y", "t")], "body", [], [value("t")])
    condition = helper.make_tensor("c", TensorProto.BOOL, [], [True])
    return model([helper.make_node("If", ["c"], ["y"], name="a", then_branch=body, else_branch=body)], initializers=[condition])


@case("node 'node': its input 'nowhere' is defined nowhere")
def undefined_input():
    return model([relu("nowhere")])


@case("its input 'w' is defined nowhere")
def missing_initializer():
    return model([helper.make_node("Add", ["x", "w"], ["y"], name="node")])


@case("output 'y' is computed by no node")
def output_that_nobody_computes():
    return model([relu("x", "t")])


@case("node 'b': its output 'y' is defined before")
def output_defined_twice():
    return model([relu(name="a"), relu(name="b")])


@case("input 'x' is there twice")
def input_defined_twice():
    return model([relu()], [value("x"), value("x")])


@case("initializer 'w' is there twice")
def initializer_defined_twice():
    result = adds(weight("w", [1000], bytes(4000)), [1000])
    result.graph.initializer.append(result.graph.initializer[0])
    return result


@case(r"node '\\0A\*/ system\(\\22rm -rf /\\22\); //': its input")
def name_that_is_code():
    return model([relu("nowhere", name='\n*/ system("rm -rf /"); //')])


@case(r"\(500000 bytes\)': its input .* is defined nowhere")
def names_of_half_a_megabyte():
    return model([relu("n" * 500_000, name="a" * 500_000)])


@case(r"defined nowhere")
def names_that_are_no_text():
    data = model([relu("NNNN", name="MMMM")]).SerializeToString()
    return data.replace(b"NNNN", b"\xff\xfe\x00\x01").replace(b"MMMM", b"\x1b[2J")


# --- Shapes and types ------------------------------------------------------------


@case(r"input 'x' has no size for dimension 'h'[\s\S]*--dim \"h=N\"[\s\S]*dimension 'x\[2\]'")
def symbolic_dimensions_are_all_listed():
    return model([relu()], [value("x", ["n", "h", None])], [value("y", None)])


@case("no size for dimension 'x\\[0\\]'")
def negative_dimension():
    return model([relu()], [value("x", [-4])], [value("y", [-4])])


@case("no input has a dimension 'zzz'", options=["--dim", "zzz=4"])
def dimension_that_no_input_has():
    return model([relu()])


@case("dimension 'n' cannot be -1", options=["--dim", "n=-1"])
def negative_option():
    return model([relu()], [value("x", [2, "n"])], [value("y", [2, "n"])])


@case("is 4 in the file and cannot be 5", options=["--dim", "x[0]=5"])
def option_that_contradicts_the_file():
    return model([relu()])


@case("has no shape in the file")
def input_without_rank():
    return model([relu()], [value("x", None)], [value("y", None)])


@case("rank 1000")
def rank_of_thousand():
    return model([relu()], [value("x", [1] * 1000)], [value("y", None)])


@case("dimension|elements|bytes")
def huge_dimension():
    return model([relu()], [value("x", [2**62])], [value("y", [2**62])])


@case("elements|bytes")
def product_that_overflows():
    return model([relu()], [value("x", [2**31, 2**31, 2**31])], [value("y", None)])


@case("elements|bytes")
def huge_intermediate():
    shape = helper.make_tensor("s", TensorProto.INT64, [3], [2**20, 2**20, 4])
    return model([helper.make_node("Expand", ["x", "s"], ["y"], name="node")], outputs=[value("y", None)], initializers=[shape])


@case("node 'node'")
def huge_pads():
    pads = helper.make_tensor("p", TensorProto.INT64, [2], [2**62, 2**62])
    return model([helper.make_node("Pad", ["x", "p"], ["y"], name="node")], outputs=[value("y", None)], initializers=[pads])


@case("node 'node'")
def huge_repeats():
    repeats = helper.make_tensor("r", TensorProto.INT64, [1], [2**62])
    return model([helper.make_node("Tile", ["x", "r"], ["y"], name="node")], outputs=[value("y", None)], initializers=[repeats])


@case("node 'node'")
def kernel_larger_than_the_input():
    return model([helper.make_node("MaxPool", ["x"], ["y"], name="node", kernel_shape=[9, 9])],
                 [value("x", [1, 1, 4, 4])], [value("y", [1, 1, 1, 1])])


@case("node 'node'")
def strides_of_zero():
    return model([helper.make_node("MaxPool", ["x"], ["y"], name="node", kernel_shape=[2, 2], strides=[0, 0])],
                 [value("x", [1, 1, 4, 4])], [value("y", None)])


@case("node 'node'")
def axis_out_of_range():
    return model([helper.make_node("Concat", ["x", "x"], ["y"], name="node", axis=7)], outputs=[value("y", None)])


@case("node 'node'")
def shapes_that_do_not_broadcast():
    return model([helper.make_node("Add", ["x", "w"], ["y"], name="node")], [value("x", [3]), value("w", [4])], [value("y", None)])


@case("node 'node'.*its output 'y' is tensor<4xf32>, but the model says tensor<5xf32>")
def output_of_another_shape():
    return model([relu()], outputs=[value("y", [5])])


@case("node 'node'.*tensor<4xf32>, but the model says tensor<4xi32>")
def output_of_another_type():
    return model([relu()], outputs=[value("y", [4], TensorProto.INT32)])


@case("node 'node'")
def operands_of_different_types():
    return model([helper.make_node("Add", ["x", "w"], ["y"], name="node")], [value("x"), value("w", [4], TensorProto.INT64)])


@case("node 'node'")
def strings_in_arithmetic():
    return model([helper.make_node("Relu", ["x"], ["y"], name="node")], [value("x", [4], TensorProto.STRING)], [value("y", [4], TensorProto.STRING)])


@case("type")
def input_without_type():
    result = model([relu()])
    result.graph.input[0].ClearField("type")
    return result


@case("element type|elem_type|type")
def unknown_element_type():
    return model([relu()], [value("x", [4], 77)], [value("y", [4], 77)])


@case("opaque|type")
def opaque_type():
    result = model([relu()])
    result.graph.input[0].type.opaque_type.name = "thing"
    return result


# --- Tensors ---------------------------------------------------------------------


@case("initializer 'w' has 3000 bytes of data, expected 4000")
def too_little_data():
    return adds(weight("w", [1000], bytes(3000)), [1000])


@case("initializer 'w' has 5000 bytes of data, expected 4000")
def too_much_data():
    return adds(weight("w", [1000], bytes(5000)), [1000])


@case("bytes")
def too_little_data_in_a_small_tensor():
    return adds(weight("w", [4], bytes(15)))


@case("bytes|value field|data")
def no_data():
    return adds(weight("w", [1000], b""), [1000])


@case("initializer 'w'.*dimension -8|negative")
def negative_dimension_of_a_weight():
    return adds(weight("w", [-8, -125], bytes(4000)), [1000])


@case("initializer 'w' has more than")
def weight_whose_size_overflows():
    return adds(weight("w", [2**40, 2**40], bytes(4000)))


@case("initializer 'w' has element type 99|type")
def weight_of_unknown_type():
    return adds(weight("w", [1000], bytes(4000), 99), [1000])


@case("two|one and only one|bytes|value field")
def data_in_two_fields():
    tensor = weight("w", [4], bytes(16))
    tensor.float_data.extend([1, 2, 3, 4])
    return adds(tensor)


@case("tensor 'w' is sparse, with index 1000000000 out of bounds")
def sparse_index_out_of_bounds():
    values = helper.make_tensor("w", TensorProto.FLOAT, [1], [1.0])
    indices = helper.make_tensor("i", TensorProto.INT64, [1], [10**9])
    result = model([helper.make_node("Add", ["x", "w"], ["y"], name="node")])
    result.graph.sparse_initializer.append(helper.make_sparse_tensor(values, indices, [4]))
    return result


@case("tensor 'w' has more than .* bytes as a dense tensor")
def sparse_tensor_of_a_terabyte():
    values = helper.make_tensor("w", TensorProto.FLOAT, [1], [1.0])
    indices = helper.make_tensor("i", TensorProto.INT64, [1], [0])
    result = model([helper.make_node("Add", ["x", "w"], ["y"], name="node")])
    result.graph.sparse_initializer.append(helper.make_sparse_tensor(values, indices, [2**32, 4]))
    return result


@case("have more than .* bytes as dense tensors")
def thousands_of_sparse_tensors():
    indices = helper.make_tensor("i", TensorProto.INT64, [1], [0])
    result = model([relu()])
    for i in range(1000):
        values = helper.make_tensor(f"w{i}", TensorProto.FLOAT, [1], [1.0])
        result.graph.sparse_initializer.append(helper.make_sparse_tensor(values, indices, [2**20, 16]))
    return result


@case("tensor 'c' is sparse")
def sparse_constant_whose_indices_do_not_fit():
    values = helper.make_tensor("c", TensorProto.FLOAT, [2], [1.0, 2.0])
    indices = helper.make_tensor("i", TensorProto.INT64, [1], [0])
    return model([helper.make_node("Constant", [], ["y"], name="node", sparse_value=helper.make_sparse_tensor(values, indices, [4]))])


# --- External data ---------------------------------------------------------------


@case("outside the model's folder: '/etc/passwd'")
def external_data_at_an_absolute_path():
    return adds(external("w", [4], location="/etc/passwd"))


@case("outside the model's folder")
def external_data_above_the_folder():
    return adds(external("w", [4], location="../../../../etc/passwd"))


@case("outside the model's folder")
def external_data_through_a_link():
    return adds(external("w", [4], location="link"))


@case("cannot open its external data 'nothing.bin'")
def external_data_that_is_missing():
    return adds(external("w", [4], location="nothing.bin"))


@case("names no file for its external data")
def external_data_without_a_location():
    return adds(external("w", [4], offset=0))


@case("is no file")
def external_data_in_a_folder():
    return adds(external("w", [4], location="."))


@case("wants bytes 16 to 4016 of 'data.bin', which has 64")
def external_data_beyond_the_file():
    return adds(external("w", [1000], location="data.bin", offset=16), [1000])


@case("wants bytes|offset")
def external_offset_that_overflows():
    return adds(external("w", [4], location="data.bin", offset=2**64 - 8))


@case("with offset '-16'")
def negative_external_offset():
    return adds(external("w", [4], location="data.bin", offset=-16))


@case("has 32 bytes of external data, expected 16")
def external_length_that_contradicts_the_shape():
    return adds(external("w", [4], location="data.bin", length=32))


@case("outside the model's folder: '/etc/passwd'")
def external_data_of_an_attribute():
    return model([helper.make_node("Constant", [], ["w"], name="c", value=external("w", [4], location="/etc/passwd")),
                  helper.make_node("Add", ["x", "w"], ["y"])])


# --- Subgraphs and functions -----------------------------------------------------


@case("nested|no ONNX model")
def deep_subgraphs():
    body = helper.make_graph([relu("x", "t0")], "b", [], [value("t0")])
    for depth in range(1, 24):
        node = helper.make_node("If", ["c"], [f"t{depth}"], then_branch=body, else_branch=body)
        body = helper.make_graph([node], "b", [], [value(f"t{depth}")])
        if depth > 4:  # a tree of 2^24 branches would be no small file
            node.attribute[1].g.CopyFrom(helper.make_graph([relu("x", f"t{depth}e")], "e", [], [value(f"t{depth}e")]))
            body = helper.make_graph([node], "b", [], [value(f"t{depth}")])
    condition = helper.make_tensor("c", TensorProto.BOOL, [], [True])
    return model([helper.make_node("If", ["c"], ["y"], then_branch=body, else_branch=body)], initializers=[condition])


def function(name, nodes, inputs=("a",), outputs=("b",)):
    return helper.make_function("local", name, list(inputs), list(outputs), nodes,
                                [helper.make_opsetid("", 21), helper.make_opsetid("local", 1)])


def call(name, x, y):
    return helper.make_node(name, [x], [y], domain="local")


@case("calls itself")
def function_that_calls_itself():
    return model([call("F", "x", "y")], functions=[function("F", [call("F", "a", "b")])])


@case("calls itself")
def functions_that_call_each_other():
    return model([call("F", "x", "y")], functions=[function("F", [call("G", "a", "b")]), function("G", [call("F", "a", "b")])])


@case("nodes or .* bytes when its functions are inlined")
def billion_laughs():
    functions = [function("F0", [relu("a", "b")])]
    for i in range(1, 12):
        nodes = [call(f"F{i-1}", "a" if k == 0 else f"t{k}", "b" if k == 9 else f"t{k+1}") for k in range(10)]
        functions.append(function(f"F{i}", nodes))
    return model([call("F11", "x", "y")], functions=functions)


@case("bytes when its functions are inlined")
def functions_with_a_large_constant():
    data = helper.make_node("Constant", [], ["c"], value=weight("c", [1 << 18], bytes(1 << 20)))
    functions = [function("F0", [data, relu("a", "b")])]
    for i in range(1, 5):
        nodes = [call(f"F{i-1}", "a" if k == 0 else f"t{k}", "b" if k == 9 else f"t{k+1}") for k in range(10)]
        functions.append(function(f"F{i}", nodes))
    return model([call("F4", "x", "y")], functions=functions)


@case("call each other more than")
def long_chain_of_functions():
    functions = [function("F0", [relu("a", "b")])] + [function(f"F{i}", [call(f"F{i-1}", "a", "b")]) for i in range(1, 20000)]
    return model([relu()], functions=functions)


@case("function 'F' is there twice")
def function_defined_twice():
    return model([call("F", "x", "y")], functions=[function("F", [relu("a", "b")])] * 2)


@case("node 'node'.*subgraph 'body' has 1 inputs, expected 3")
def loop_with_a_body_of_other_inputs():
    body = helper.make_graph([relu("i", "t")], "body", [value("i")], [value("t")])
    count = helper.make_tensor("m", TensorProto.INT64, [], [2**62])
    condition = helper.make_tensor("c", TensorProto.BOOL, [], [True])
    return model([helper.make_node("Loop", ["m", "c", "x"], ["y"], name="node", body=body)], initializers=[count, condition])


@case("node 'node'.*branch' is missing")
def if_without_branches():
    condition = helper.make_tensor("c", TensorProto.BOOL, [], [True])
    return model([helper.make_node("If", ["c"], ["y"], name="node")], initializers=[condition])


# --- ONNX's textual syntax -------------------------------------------------------


@case("hostile|Parse|parse|Error|error", extension="onnxtxt")
def text_that_is_no_model():
    return '<ir_version: 10, opset_import: ["" : 21]> g (float[4] x) => (float[4] y) { y = '


@case("nested too deeply", extension="onnxtxt")
def text_nested_deeply():
    return '<ir_version: 10, opset_import: ["" : 21]> g (float[4] x) => (float[4] y) { y = ' + "If <then_branch = g {" * 100000


# --- Running ---------------------------------------------------------------------


def write(folder, name, content, extension):
    path = os.path.join(folder, f"{name}.{extension}")
    if isinstance(content, ModelProto):
        content = content.SerializeToString()
    if isinstance(content, str):
        content = content.encode()
    with open(path, "wb") as file:
        file.write(content)
    return path


def run(tool, path, options):
    """Exit code (None: too long), messages, megabytes."""
    with tempfile.TemporaryFile() as messages:
        command = [tool, "--import-onnx", path, "-o", os.devnull, *options]
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=messages)
        timer = threading.Timer(SECONDS, child.kill)
        timer.start()
        _, status, usage = os.wait4(child.pid, 0)
        timed_out = not timer.is_alive()
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        messages.seek(0)
        text = messages.read().decode(errors="replace")
        return None if timed_out else child.returncode, text, usage.ru_maxrss // 1024


def main():
    folder, tool, *names = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "data.bin"), "wb") as file:
        file.write(struct.pack("16f", *range(16)))
    link = os.path.join(folder, "link")
    if not os.path.lexists(link):
        os.symlink("/etc/passwd", link)

    failures = 0
    for name in names or CASES:
        make, pattern, extension, options = CASES[name]
        path = write(folder, name, make(), extension)
        code, messages, megabytes = run(tool, path, options)
        prefix = f"error: {path}: "
        if code is None:
            why = f"ran for more than {SECONDS} s"
        elif code != 1:
            why = f"exit code {code}, expected 1"
        elif prefix not in messages or not re.search(pattern, messages):
            why = "no message matches " + repr(pattern)
        elif len(messages) > 100_000:
            why = f"{len(messages)} bytes of messages"
        elif megabytes > MEGABYTES and "ASAN_OPTIONS" not in os.environ:
            why = f"took {megabytes} MB"
        else:
            print(f"PASS {name}: {messages.splitlines()[0].split(prefix, 1)[-1][:120]}")
            continue
        failures += 1
        print(f"FAIL {name}: {why}\n{messages[:2000]}")
    total = len(names or CASES)
    print(f"{total - failures} of {total} hostile files refused")
    sys.exit(failures != 0)


if __name__ == "__main__":
    main()
