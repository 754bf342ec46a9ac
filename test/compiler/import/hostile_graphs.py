# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Hostile files: bytes, versions, operators, names and order."""

from onnx import ModelProto, TensorProto, helper

from hostile_case import *  # noqa: F403: the vocabulary of a table

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
