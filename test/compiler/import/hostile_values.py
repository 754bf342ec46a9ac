# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Hostile files: shapes, tensors, external data, subgraphs and functions."""

from onnx import TensorProto, helper

from hostile_case import *  # noqa: F403: the vocabulary of a table

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


@case("dimension 'n' cannot be 4611686018427387904", options=["--dim", "n=4611686018427387904"])
def huge_option():
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


def function(name, nodes, inputs=("a",), outputs=("b",), opset=21, attributes=()):
    return helper.make_function("local", name, list(inputs), list(outputs), nodes,
                                [helper.make_opsetid("", opset), helper.make_opsetid("local", 1)], list(attributes))


def call(name, x, y, **attributes):
    return helper.make_node(name, [x], [y], domain="local", **attributes)


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


@case("node 'node'.*subgraph 'body' has 1 input, expected 3")
def loop_with_a_body_of_other_inputs():
    body = helper.make_graph([relu("i", "t")], "body", [value("i")], [value("t")])
    count = helper.make_tensor("m", TensorProto.INT64, [], [2**62])
    condition = helper.make_tensor("c", TensorProto.BOOL, [], [True])
    return model([helper.make_node("Loop", ["m", "c", "x"], ["y"], name="node", body=body)], initializers=[count, condition])


def old_normalization(x, y):
    """Nodes of operator set 17, which the version converter works on, and the one that has the axis."""
    scale = helper.make_node("Constant", [], ["w"], value=weight("w", [4], bytes(16)))
    normalize = helper.make_node("LayerNormalization", [x, "w"], ["t", "mean"], name="node", axis=2**63 - 1)
    return [scale, normalize, helper.make_node("ReduceMean", ["t"], [y], axes=[0])], normalize


@case("node 'node'.*axis 9223372036854775807 is out of range")
def axis_of_64_bits():
    nodes, _ = old_normalization("x", "y")
    return model(nodes[:2], outputs=[value("t")])


@case("node 'node'.*axis 9223372036854775807 is out of range")
def axis_of_64_bits_in_an_old_model():
    return model(old_normalization("x", "y")[0], opset=17)


@case("node 'node'.*axis 9223372036854775807 is out of range")
def axis_of_64_bits_in_an_old_function():
    return model([call("F", "x", "y")], functions=[function("F", old_normalization("a", "b")[0], opset=17)])


@case("axis 9223372036854775807 is out of range")
def axis_of_64_bits_given_to_an_old_function():
    nodes, normalize = old_normalization("a", "b")
    normalize.attribute[0].ClearField("i")
    normalize.attribute[0].ref_attr_name = "k"
    return model([call("F", "x", "y", k=2**63 - 1)], functions=[function("F", nodes, opset=17, attributes=["k"])])


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
