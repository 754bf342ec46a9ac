# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Hostile files: small models that ask for much, legal and not, compiled to the end."""

from onnx import TensorProto, helper

from hostile_case import *  # noqa: F403: the vocabulary of a table


def ints(name, items, dims=None):
    return helper.make_tensor(name, TensorProto.INT64, [len(items)] if dims is None else dims, items)


def node(op, inputs, outputs=("y",), **attributes):
    return helper.make_node(op, list(inputs), list(outputs), name="node", **attributes)


def anything(dtype=TensorProto.FLOAT):
    return [value("y", None, dtype)]


# --- What ONNX's inference does not bear -----------------------------------------


def slice_with_step(step, opset=21):
    bounds = [-1, -(2**63)] if step < 0 else [0, 2**63 - 1]
    operands = [ints("a", bounds[:1]), ints("b", bounds[1:]), ints("c", [0]), ints("d", [step])]
    return model([node("Slice", "xabcd")], outputs=anything(), initializers=operands, opset=opset)


@case(COMPILES)
def slice_with_the_largest_step():
    return slice_with_step(2**63 - 1)


@case(COMPILES)
def slice_with_the_smallest_step():
    return slice_with_step(-(2**63))


@case(COMPILES)
def slice_with_a_step_that_wraps():
    return slice_with_step(2**31 - 1)


@case(COMPILES)
def slice_of_an_old_model():
    return slice_with_step(-(2**62), opset=12)


def split(count, outputs=2, opset=21):
    names = ["y"] + [f"y{i}" for i in range(1, outputs)]
    return model([node("Split", ["x"], names, num_outputs=count)], opset=opset)


@case("node 'node': num_outputs is 8589934592, but there are 2 outputs")
def split_into_billions():
    return split(2**33)


@case("node 'node': num_outputs is 1, but there are 500 outputs")
def split_with_too_many_outputs():
    return split(1, 500)


@case("node 'node': num_outputs is 8589934592, but there are 2 outputs")
def split_of_an_old_model():
    return split(2**33, opset=18)


def doubled(count, dtype):
    """x, then twice as long with each of `count` nodes."""
    return [helper.make_node("Concat", [f"t{i}" if i else "x"] * 2, [f"t{i+1}" if i + 1 < count else "y"], axis=0)
            for i in range(count)], [value("x", [4], dtype)]


@case("Concat_t35': has dimension")
def doubled_beyond_all_bounds():
    nodes, inputs = doubled(60, TensorProto.FLOAT)
    return model(nodes, inputs, anything())


@case(COMPILES)
def shape_doubled_twenty_times():
    nodes, inputs = doubled(20, TensorProto.INT64)
    return model(nodes, inputs, anything(TensorProto.INT64))


@case(COMPILES)
def shape_gathered_a_thousand_times():
    nodes = [helper.make_node("Gather", [f"t{i}" if i else "s", "s"], [f"t{i+1}" if i < 999 else "y"]) for i in range(1000)]
    return model(nodes, outputs=anything(TensorProto.INT64), initializers=[ints("s", list(range(128)))])


# --- Much to compute or to store -------------------------------------------------


@case("node 'node': reduce takes more than 2\\^48 steps")
def product_of_twenty_matrices():
    letters = "abcdefghijklmnopqrstu"
    equation = ",".join(letters[i : i + 2] for i in range(20)) + "->"
    return model([node("Einsum", ["x"] * 20, equation=equation)], [value("x", [30, 30])], anything())


@case("reduce takes more than 2\\^48 steps")
def running_sum_of_billions():
    pads, axis = ints("p", [10**9, 10**9]), ints("k", [0], [])
    nodes = [helper.make_node("Pad", ["x", "p"], ["t"]), node("CumSum", ["t", "k"])]
    return model(nodes, outputs=anything(), initializers=[pads, axis])


def sum_of_zeros(*shape, between=()):
    nodes = [helper.make_node("ConstantOfShape", ["s"], ["t"]), *between, node("ReduceSum", ["u" if between else "t"])]
    return model(nodes, inputs=[], outputs=anything(), initializers=[ints("s", list(shape))])


@case(COMPILES)
def sum_of_ten_billion_zeros():
    return sum_of_zeros(100_000, 100_000)


@case(COMPILES)
def sum_of_a_billion_zeros():
    return sum_of_zeros(30_000, 30_000)


@case(COMPILES)
def sum_of_a_product_of_zeros():
    return sum_of_zeros(2_000, 2_000, between=[helper.make_node("MatMul", ["t", "t"], ["u"])])


@case(COMPILES)
def diagonal_beyond_the_matrix():
    return sum_of_zeros(100_000, 100_000, between=[helper.make_node("EyeLike", ["t"], ["u"], k=2**62)])


@case(COMPILES)
def sum_of_billions_of_numbers():
    numbers = [ints("a", [0], []), ints("b", [2 * 10**9], []), ints("c", [1], [])]
    nodes = [helper.make_node("Range", ["a", "b", "c"], ["t"]), node("ReduceSum", ["t"])]
    return model(nodes, inputs=[], outputs=anything(TensorProto.INT64), initializers=numbers)


@case(COMPILES)
def exponentials_of_a_constant_repeated():
    tensor, repeats = helper.make_tensor("w", TensorProto.FLOAT, [2, 2], [1, 2, 3, 4]), ints("r", [20_000, 20_000])
    nodes = [helper.make_node("Tile", ["w", "r"], ["t"]), helper.make_node("Exp", ["t"], ["u"]), node("ReduceSum", ["u"])]
    return model(nodes, inputs=[], outputs=anything(), initializers=[tensor, repeats])


@case("node 'node': batch_dims -2147483649 is out of range")
def batch_dimensions_of_64_bits():
    return model([node("GatherND", ["x", "i"], batch_dims=-(2**31) - 1)], outputs=anything(), initializers=[ints("i", [0])])


def transposed_convolution(**attributes):
    taps = helper.make_tensor("w", TensorProto.FLOAT, [1, 1, 2, 2], [1, 2, 3, 4])
    return model([node("ConvTranspose", ["x", "w"], **attributes)], [value("x", [1, 1, 4, 4])], anything(), [taps])


@case("node 'node': ConvTranspose has strides that take more than 4096 phases")
def transposed_convolution_of_many_phases():
    return transposed_convolution(strides=[4096, 4096])


@case(COMPILES)
def transposed_convolution_padded_by_billions():
    return transposed_convolution(strides=[2, 2], output_padding=[2**31, 0])


@case(COMPILES)
def columns_of_a_tall_matrix():
    inputs = [value("x", [2**28, 1]), value("z", [2**28, 1])]
    return model([node("Concat", ["x", "z"], axis=1)], inputs, anything())


# --- Values that many read -------------------------------------------------------


def diamonds(size, function=None, levels=60):
    """A byte doubled again and again (or x + f(x)): a walk that visits a value once for each path to it does not end."""
    nodes = [helper.make_node("DequantizeLinear", ["x", "s", "z"], ["t0"])]
    for i in range(levels):
        if function:
            nodes.append(helper.make_node(function, [f"t{i}"], [f"f{i}"]))
        nodes.append(helper.make_node("Add", [f"t{i}", f"f{i}" if function else f"t{i}"], [f"t{i + 1}"]))
    nodes.append(helper.make_node("QuantizeLinear", [f"t{levels}", "s", "z"], ["y"]))
    scale = [helper.make_tensor("s", TensorProto.FLOAT, [], [0.1]), helper.make_tensor("z", TensorProto.INT8, [], [3])]
    byte = TensorProto.INT8
    return model(nodes, [value("x", [size], byte)], [value("y", [size], byte)], scale)


@case(COMPILES, options=["--target=portable"])
def doubled_bytes():
    return diamonds(16)


@case(COMPILES, options=["--target=cortex-m4"])
def doubled_bytes_without_vectors():
    return diamonds(16)


@case(COMPILES, options=["--target=cortex-m4"])
def doubled_bytes_as_a_table():
    return diamonds(64)


@case(COMPILES, options=["--target=cortex-m4"])
def doubled_bytes_with_a_function():
    return diamonds(64, "Tanh")


@case(COMPILES, options=["--target=portable"])
def doubled_bytes_with_a_bound():
    return diamonds(16, "Relu")
