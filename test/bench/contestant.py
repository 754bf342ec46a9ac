#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Tenon as a contestant of the peer benchmark (its README has the protocol):

    compare_peers.py MODEL_DIR... --contestants ort,openvino \\
        --extra "tenon=test/bench/contestant.py {model} {threads}"

Prepares by compiling the model to an archive for the host and linking it with the harness' driver.c; runs that program.
TENON names the compiler (default build/bin/tenon), TENON_FLAGS adds options, BENCH the harness' folder.
"""
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TENON = os.environ.get("TENON", os.path.join(ROOT, "build/bin/tenon"))
BENCH = os.environ.get("BENCH", os.path.join(ROOT, "../shared/bench"))
SIZES = {"float32": 4, "float64": 8, "int64": 8, "int32": 4, "int16": 2, "uint16": 2, "float16": 2, "int8": 1, "uint8": 1, "bool": 1}


def prepare(model, work):
    out = os.path.join(work, "out")
    subprocess.check_call([TENON, "compile", model, "-o", out, "--emit=lib", "--target=host", "--name=model",
                           *os.environ.get("TENON_FLAGS", "").split()])
    io = json.load(open(os.path.join(os.environ["PEER_IO"], "io.json")))

    def count(value):
        size = SIZES[value["dtype"]]
        for dim in value["shape"]:
            size *= dim
        return size

    arguments = [f"in[{k}]" for k in range(len(io["inputs"]))] + [f"out[{k}]" for k in range(len(io["outputs"]))]
    with open(os.path.join(work, "call.h"), "w") as f:
        f.write(f"""#include "out/model.h"
#define N_IN {len(io["inputs"])}
#define N_OUT {len(io["outputs"])}
static const long in_size[] = {{{", ".join(str(count(i)) for i in io["inputs"])}}};
static const long out_size[] = {{{", ".join(str(count(o)) for o in io["outputs"])}}};
static unsigned char arena[MODEL_ARENA_SIZE + 1] __attribute__((aligned(MODEL_ARENA_ALIGN)));
#define MODEL_CALL(in, out) model_run({", ".join(arguments)}, arena)
#define MODEL_ABOUT "tenon single-threaded"
""")
    archive = next(os.path.join(out, f) for f in os.listdir(out) if f.endswith(".a"))
    subprocess.check_call(["cc", "-O2", "-w", f"-I{work}", f"-I{BENCH}", os.path.join(BENCH, "driver.c"), archive,
                           "-o", os.path.join(work, "contestant")])


if __name__ == "__main__":
    if os.environ.get("PEER_PREPARE"):
        prepare(sys.argv[1], os.environ["PEER_WORK"])
    else:
        program = os.path.join(os.environ["PEER_WORK"], "contestant")
        os.execv(program, [program])
