#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes ONNX's backend test cases of single operators as folders: generate.py DIR [NAME...]

DIR/NAME/model.onnx and DIR/NAME/test_data_set_0/{input,output}_*.pb, for every case of the installed onnx package (1,884 in
ONNX 1.23) or for the named ones.
"""
import os
import sys
import warnings

import numpy as np
from onnx import TensorProto, numpy_helper
from onnx.backend.test.case.node import collect_testcases


def to_proto(value, info):
    kind = info.type.WhichOneof("value")
    if isinstance(value, TensorProto):
        return value
    if kind == "map_type":
        return numpy_helper.from_dict(value, info.name)
    if kind == "sequence_type":
        return numpy_helper.from_list(value, info.name)
    if kind == "optional_type":
        return numpy_helper.from_optional(value, info.name)
    return numpy_helper.from_array(np.asarray(value), info.name)


def write(case, folder):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "model.onnx"), "wb") as f:
        f.write(case.model.SerializeToString())
    graph = case.model.graph
    for k, (inputs, outputs) in enumerate(case.data_sets):
        data = os.path.join(folder, f"test_data_set_{k}")
        os.makedirs(data, exist_ok=True)
        for name, values, infos in (("input", inputs, graph.input), ("output", outputs, graph.output)):
            for j, value in enumerate(values):
                with open(os.path.join(data, f"{name}_{j}.pb"), "wb") as f:
                    f.write(to_proto(value, infos[j]).SerializeToString())


def collect():
    """All cases by name, without what NumPy says of the infinities in them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {case.name: case for case in collect_testcases(None)}


def write_all(cases, names, out):
    """Writes what is not there yet."""
    for name in names:
        if not os.path.exists(os.path.join(out, name)):
            write(cases[name], os.path.join(out, name))


def main():
    out, names = sys.argv[1], sys.argv[2:]
    cases = collect()
    for name in names or cases:
        write(cases[name], os.path.join(out, name))
    print(f"{len(names or cases)} cases")


if __name__ == "__main__":
    main()
