# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The table of hostile.py, and what its models are built from."""

from onnx import TensorProto, helper

CASES = {}

# In place of a message: the model is legal, and must compile.
COMPILES = None


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
