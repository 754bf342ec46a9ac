#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Instructions, stack, RAM and flash of models on an emulated Cortex-M, against the published harness.

    cortex_m.py MODEL_DIR... [--tenon build/bin/tenon] [--harness ../shared/qemu-cortex-m] [--board m4]
                [--target cortex-m4] [--emit cpp,lib] [--opt balanced,size] [--json FILE] [--options=--max-ram=6500]

Compiles each model, links it with the harness' start-up code, runs test_data_set_0 under QEMU and prints a line a build:
instructions (millions), arena (bytes), peak stack (bytes), code and tables (bytes: flash without weights), weights (bytes),
a hash of the outputs, and the largest difference to the reference outputs (of int8: in steps). Exits 1 when a build fails, a float is off by more than
rtol 1e-3 / atol 1e-4, or an integer at all (by more than --steps). With --options=--io=arena, the arena counts inputs and outputs, too, and the
instructions the copy of the inputs into it.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile

import numpy as np
import onnx
from onnx import numpy_helper


def sh(*cmd, **kw):
    done = subprocess.run([str(c) for c in cmd], capture_output=True, text=True, **kw)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, cmd))}\n{done.stdout}{done.stderr}")
    return done.stdout


def tensors(folder, kind):
    found = []
    while os.path.exists(path := os.path.join(folder, f"{kind}_{len(found)}.pb")):
        proto = onnx.TensorProto()
        proto.ParseFromString(open(path, "rb").read())
        found.append(numpy_helper.to_array(proto))
    return found


def c_array(name, values, kind):
    text = ",".join(f"{v!r}f" if kind == "float" else str(v) for v in values.ravel().tolist())
    return f"static const {kind} {name}[] = {{{text}}};\n"


KINDS = {"float32": "float", "int8": "signed char", "uint8": "unsigned char", "int32": "int", "int64": "long long"}


def hook(name, inputs, outputs, empty, offsets):
    """The harness' hook: copies inputs to RAM, runs the model, compares outputs. `offsets`: where in the arena inputs, then outputs, lie."""
    upper = name.upper()
    text = f"""#include "bench.h"
#include "{name}.h"
#include <string.h>
const char bench_name[] = "{name}";
static unsigned char arena[{upper}_ARENA_SIZE + 1] __attribute__((aligned({upper}_ARENA_ALIGN)));
"""
    arguments = []

    def place(tensor, kind, size):
        arguments.append(tensor)
        if not offsets:
            return f"{kind} {tensor}[{size}];\n"
        return f"#define {tensor} (({kind} *)(arena + {offsets[len(arguments) - 1]}))\n"

    for k, x in enumerate(inputs):
        kind = KINDS[x.dtype.name]
        text += c_array(f"given_{k}", x, kind) + place(f"in_{k}", kind, x.size)
    for k, y in enumerate(outputs):
        kind = KINDS[y.dtype.name]
        text += c_array(f"want_{k}", y, kind) + place(f"out_{k}", kind, y.size)
    if offsets:
        arguments.clear()
    fill = "".join(f"  memcpy(in_{k}, given_{k}, sizeof given_{k});\n" for k in range(len(inputs)))
    run = "0" if empty else f"{name}_run({', '.join([*arguments, 'arena'])})"
    # A run overwrites inputs that lie in the arena.
    text += f"int bench_setup(void) {{\n{'' if offsets else fill}  return 0;\n}}\n"
    text += f"int bench_run(void) {{\n{fill if offsets else ''}  return {run};\n}}\nint bench_check(void) {{\n"
    for k, y in enumerate(outputs):
        if y.dtype == np.float32:
            text += f"  bench_compare_f32(out_{k}, want_{k}, {y.size});\n"
            text += f"  for (int i = 0; i < {y.size}; ++i) {{ union {{ float f; unsigned u; }} b = {{out_{k}[i]}}; bits = bits * 31 + b.u; }}\n"
        else:
            text += f"  for (int i = 0; i < {y.size}; ++i) bits = bits * 31 + (unsigned)out_{k}[i];\n"
        if y.dtype == np.int8:
            text += f"  bench_compare_i8(out_{k}, want_{k}, {y.size});\n"
    text += '  bench_put_key("bits", bits);\n  return arena[0] == 77;\n}\n'
    return text.replace("int bench_check", "static unsigned bits;\nint bench_check", 1)


def measure(model, emit, opt, args, work):
    name = re.sub(r"\W", "_", os.path.basename(model.rstrip("/")))
    out = os.path.join(work, f"{name}_{emit}_{opt}")
    sh(args.tenon, "compile", os.path.join(model, "model.onnx"), "-o", out, f"--target={args.target}",
       f"--emit={emit}", f"--opt={opt}", f"--name={name}", *args.options.split())
    data = os.path.join(model, "test_data_set_0")
    inputs, outputs = tensors(data, "input"), tensors(data, "output")
    sources = [f for f in (os.path.join(out, f) for f in sorted(os.listdir(out))) if f.endswith((".cpp", ".S", ".a", ".o"))]
    header = open(os.path.join(out, f"{name}.h")).read()
    offsets = re.findall(r"\b(\w+_OFFSET) =", header)
    elf = {}
    for kind in ("base", "full"):
        hook_c = os.path.join(out, f"hook_{kind}.c")
        open(hook_c, "w").write(hook(name, inputs, outputs, kind == "base", offsets))
        elf[kind] = os.path.join(out, f"{kind}.elf")
        env = dict(os.environ, CFLAGS=f"-I{out}", LIMIT=str(args.limit), **({"NORUN": "1"} if kind == "base" else {}))
        text = sh(os.path.join(args.harness, "run.sh"), args.board, args.level, elf[kind], hook_c, *sources, env=env, cwd=out)
    result = json.loads(text.strip().splitlines()[-1])
    foot = json.loads(sh(sys.executable, os.path.join(args.harness, "footprint.py"), elf["full"], elf["base"],
                         "--weights", args.weights))
    arena = int(re.search(r"_ARENA_SIZE\s*=\s*(\d+)", header).group(1))
    tolerance = max((1e-4 + 1e-3 * float(np.abs(y).max()) for y in outputs if y.dtype == np.float32), default=0)
    off = result.get("max_abs_err_1e-9", 0) * 1e-9
    steps = result.get("max_steps_off", 0)
    return {"model": name, "emit": emit, "opt": opt, "instructions": result["instructions"], "arena": arena,
            "stack": result["stack"], "code": foot["code"], "weights": foot["weights"], "flash": foot["flash"],
            "data": foot["data"] + foot["bss"], "error": off + steps, "bits": result["bits"],
            "ok": result.get("rc") == 0 and off <= tolerance and steps <= args.steps}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("models", nargs="+")
    p.add_argument("--tenon", default="build/bin/tenon")
    p.add_argument("--harness", default="../shared/qemu-cortex-m")
    p.add_argument("--board", default="m4")
    p.add_argument("--target", default="cortex-m4")
    p.add_argument("--emit", default="cpp,lib")
    p.add_argument("--opt", default="balanced,size")
    p.add_argument("--weights", default=r"^(?!given_|want_).*[wp]_[0-9a-f]{16}$", help="symbols that hold weights")
    p.add_argument("--limit", type=int, default=600, help="seconds for one run")
    p.add_argument("--level", default="-O2", help="at which emitted C++ is compiled")
    p.add_argument("--options", default="", help="of tenon compile, for all builds")
    p.add_argument("--steps", type=int, default=0, help="by which int8 outputs may be off")
    p.add_argument("--json")
    args = p.parse_args()
    args.tenon, args.harness = os.path.abspath(args.tenon), os.path.abspath(args.harness)
    args.models = [os.path.abspath(m) for m in args.models]
    rows, failed = [], False
    print(f"{'model':20} {'emit':5} {'opt':9} {'Minstr':>9} {'arena':>8} {'stack':>6} {'code':>7} {'weights':>8} {'bits':>8}  error")
    with tempfile.TemporaryDirectory() as work:
        for model in args.models:
            for emit in args.emit.split(","):
                for opt in args.opt.split(","):
                    try:
                        r = measure(model, emit, opt, args, work)
                    except (RuntimeError, ValueError, KeyError) as e:
                        print(f"{os.path.basename(model.rstrip('/')):20} {emit:5} {opt:9} FAILED: {str(e)[-600:]}")
                        failed = True
                        continue
                    rows.append(r)
                    failed |= not r["ok"]
                    print(f"{r['model']:20} {emit:5} {opt:9} {r['instructions'] / 1e6:9.3f} {r['arena']:8} {r['stack']:6} "
                          f"{r['code']:7} {r['weights']:8} {r['bits']:08x}  {r['error']:.1e}{'' if r['ok'] else '  WRONG'}", flush=True)
    if args.json:
        json.dump(rows, open(args.json, "w"), indent=1)
    return failed


if __name__ == "__main__":
    sys.exit(main())
