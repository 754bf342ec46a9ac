#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compiles models in every way for every target, runs them, and compares the bytes of their outputs.

    bit_identity.py MODEL...                            all builds: about 450 a model, minutes to an hour
    bit_identity.py MODEL... --every 17                 a sample in which each target, compiler and level occurs
    bit_identity.py MODEL... --targets cortex-m0,portable --emitters gcc,object --levels O0,Os
    bit_identity.py MODEL... --sanitize                 C++ and C under the sanitizers

A MODEL is a folder with model.onnx and test_data_set_*, or a model file, which gets random inputs. A target's builds are C++
and, where it has no vectors, C by GCC and Clang at every level, objects at every --opt, and all with layers in several parts;
those of `portable` and `scalar` run on every kind of machine. machines.py says which targets give the same bits. Each build is
compiled with warnings as errors, has no symbol that its machine's list lacks, defines no variable, writes nowhere but into its
memory, refuses a missing or misaligned arena, and comes near the reference where there is one.

Prints a line a build and a summary; fails if any build does.
"""

import argparse
import array
import collections
import concurrent.futures
import hashlib
import itertools
import json
import math
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile

import machines
from machines import TARGETS, Failure, run

HERE = os.path.dirname(os.path.abspath(__file__))
# `portable` and `scalar` are for any machine: one of each kind.
ALL = ["x86-64", "aarch64", "cortex-m4", "cortex-m0"]
Build = collections.namedtuple("Build", "target machine emitter opt level threads")
OPTS = ["speed", "balanced", "size"]
THREADS = 3


def list_builds(args):
    for target in TARGETS:
        if target.name not in args.targets.split(","):
            continue
        is_for_all = target.name in ("portable", "scalar")
        for name, emitter in itertools.product(ALL if is_for_all else [target.machine.name], args.emitters.split(",")):
            machine = machines.get_machine(name)
            if args.machines and name not in args.machines.split(","):
                continue
            if machines.is_c(emitter) and target.lanes > 1:
                continue
            if emitter == "object":
                # Objects of these are for the machine that compiles.
                if not is_for_all or not machine.cross:
                    yield from (Build(target, machine, emitter, opt, "", 1) for opt in OPTS)
                    yield Build(target, machine, emitter, "speed", "", THREADS)
                continue
            yield from (Build(target, machine, emitter, "speed", level, 1) for level in args.levels.split(","))
            yield Build(target, machine, emitter, "size", "Os", 1)
            yield Build(target, machine, emitter, "speed", "O2", THREADS)


# Models and their data -------------------------------------------------------------------------------------------------------


def read_tensors(folder, kind):
    """The bytes and values of input_0.pb, input_1.pb ... or of the outputs."""
    import onnx
    from onnx import numpy_helper

    found = []
    while os.path.exists(path := os.path.join(folder, f"{kind}_{len(found)}.pb")):
        with open(path, "rb") as file:
            found.append(numpy_helper.to_array(onnx.TensorProto.FromString(file.read())))
    return found


def make_random(port, seed):
    """Numbers from 0 to 1/4 for floats, which saturate no sigmoid; 0 and 1 for integers."""
    source = random.Random(seed)
    if port["dtype"] in ("float32", "float64"):
        kind = "f" if port["dtype"] == "float32" else "d"
        count = port["bytes"] // struct.calcsize(kind)
        return array.array(kind, [source.random() / 4 for _ in range(count)]).tobytes()
    size = {"int64": 8, "uint64": 8, "int32": 4, "uint32": 4, "int16": 2, "uint16": 2}.get(port["dtype"], 1)
    return b"".join(source.randrange(2).to_bytes(size, "little") for _ in range(port["bytes"] // size))


class Model:
    """A model, its inputs, and the outputs that they should give."""

    def __init__(self, path, work, max_sets):
        is_folder = os.path.isdir(path)
        self.file = os.path.join(path, "model.onnx") if is_folder else path
        self.title = os.path.basename(os.path.normpath(path))
        self.folder = os.path.join(work, self.title)
        self.sets, self.expected = [], []
        while is_folder and os.path.isdir(data := os.path.join(path, f"test_data_set_{len(self.sets)}")) and len(self.sets) < max_sets:
            self.sets.append([tensor.tobytes() for tensor in read_tensors(data, "input")])
            self.expected.append(read_tensors(data, "output"))

    def describe(self, report):
        """Takes the interface from a report of the compiler."""
        self.name, self.inputs, self.outputs = report["model"], report["inputs"], report["outputs"]
        if not self.sets:
            self.sets = [[make_random(port, f"{self.title} {k}") for k, port in enumerate(self.inputs)]]
        for tensors in self.sets:
            if [len(tensor) for tensor in tensors] != [port["bytes"] for port in self.inputs]:
                raise Failure(f"{self.title}: its test inputs have other sizes than the compiled model's")

    def write_inputs(self, folder):
        """data.S, and model.inc for run_model.c."""
        offsets, data = [], b""
        for tensor in self.sets[0]:
            offsets.append(len(data))
            data += tensor + bytes(-len(tensor) % 64)
        data = b"".join(tensor + bytes(-len(tensor) % 64) for tensors in self.sets for tensor in tensors)
        with open(os.path.join(folder, "data.bin"), "wb") as file:
            file.write(data)
        with open(os.path.join(folder, "data.S"), "w") as file:
            file.write('.section .rodata\n.globl data\n.balign 64\ndata:\n.incbin "data.bin"\n'
                       "#ifdef __linux__\n.section .note.GNU-stack\n#endif\n")
        pointers = [f"inputs + {offset}" for offset in offsets] + [f"out_{k} + GUARD" for k in range(len(self.outputs))]
        upper = self.name.upper()
        lines = [f'#include "{self.name}.h"', f"typedef {self.name}_context model_context;",
                 f"enum {{ ARENA_SIZE = {upper}_ARENA_SIZE, ARENA_ALIGN = {upper}_ARENA_ALIGN, OUTPUTS = {len(self.outputs)} }};",
                 f"#define SETS {len(self.sets)}\n#define SET_BYTES {len(data) // len(self.sets)}"]
        lines += [f"static unsigned char out_{k}[{port['bytes']} + 2 * GUARD] __attribute__((aligned(64)));"
                  for k, port in enumerate(self.outputs)]
        lines.append("static const struct output outputs[] = {")
        lines += [f'    {{"{port["ident"]}", out_{k}, {port["bytes"]}}},' for k, port in enumerate(self.outputs)]
        lines.append("};\nstatic int run(const unsigned char *inputs, void *arena, const model_context *context) {")
        call = ", ".join(f"(void *)({pointer})" for pointer in pointers)
        lines.append(f"  return context ? {self.name}_run_ex({call}, arena, context) : {self.name}_run({call}, arena);\n}}\n")
        with open(os.path.join(folder, "model.inc"), "w") as file:
            file.write("\n".join(lines))

    def compare_with_reference(self, results):
        """Text about the first output that is not near the expected one."""
        for number, tensors in enumerate(self.expected):
            for port, expected in zip(self.outputs, tensors):
                kind = {"float32": "f", "float64": "d"}.get(port["dtype"])
                actual = results[f"{port['ident']}/{number}"]
                if not kind:
                    if actual != expected.tobytes():
                        return f"{port['ident']} of set {number} is not as expected"
                    continue
                for a, e in zip(array.array(kind, actual), expected.ravel().tolist()):
                    if not (abs(a - e) <= 1e-4 + 1e-3 * abs(e) or a == e or (math.isnan(a) and math.isnan(e))):
                        return f"{port['ident']} of set {number} has {a} for {e}"
        return ""


def without_nan_payloads(port, data):
    """Any NaN equals any NaN."""
    kind = {"float32": "f", "float64": "d"}.get(port["dtype"])
    if not kind or not any(x != x for x in array.array(kind, data)):
        return data
    return array.array(kind, [math.nan if x != x else x for x in array.array(kind, data)]).tobytes()


# Builds ----------------------------------------------------------------------------------------------------------------------


def get_package(build):
    """What a package depends on."""
    emit = "obj" if build.emitter == "object" else "c" if machines.is_c(build.emitter) else "cpp"
    return build.target.name, emit, build.opt, build.threads


def compile_model(model, package, tenon, dims):
    """A package of the model; compiled once, used by many builds."""
    target, emit, opt, threads = package
    folder = os.path.join(model.folder, f"{target}-{emit}-{opt}-{threads}")
    run([tenon, "compile", model.file, "-o", folder, f"--target={target}", f"--emit={emit}", f"--opt={opt}", f"--threads={threads}",
         "--quiet", *(f"--dim={dim}" for dim in dims)])
    report = next(name for name in os.listdir(folder) if name.endswith(".json"))
    with open(os.path.join(folder, report)) as file:
        model.describe(json.load(file))
    model.write_inputs(folder)
    return folder


def build_and_run(model, build, folder, timeout, sanitize):
    title = f"{build.machine.name}-{build.emitter}-{build.level}"
    flags = list(machines.SANITIZE) if sanitize else []
    base = os.path.join(folder, title)
    if build.emitter == "object":
        objects = [os.path.join(folder, model.name + ".o")]
    else:
        objects = []
        flags.append(f'-DWEIGHTS_FILE="{folder}/{model.name}.weights"')
        for end in (".cpp", "_weights.cpp", ".c", "_weights.c"):
            source = os.path.join(folder, model.name + end)
            if os.path.exists(source):
                objects.append(machines.compile_source(build.machine, build.emitter, build.level, source, base + end + ".o",
                                                       *flags))
    if not sanitize:
        machines.check_symbols(build.machine.name, objects, model.name)
    sources = [os.path.join(HERE, "run_model.c"), os.path.join(folder, "data.S")]
    # What instrumented the objects links its runtime.
    linker = machines.get_compiler(build.machine, build.emitter, "c")[0] if sanitize else None
    flags = [*flags, "-DSANITIZE"] if sanitize else []
    command = machines.link(build.machine, sources, objects, base + ".elf", ["-I", folder, f"-Wa,-I,{folder}", *flags], linker)
    lines = run(command, timeout=timeout).split("\n")
    if lines[-2:] != ["done", ""] or any(" " not in line for line in lines[:-2]):
        raise Failure(f"{title} says: {' '.join(line[:80] for line in lines[-4:])}")
    texts = dict(line.split(" ") for line in lines[:-2])
    ports = {f"{port['ident']}/{k}": port for port in model.outputs for k in range(len(model.sets))}
    if texts.keys() != ports.keys():
        raise Failure(f"{title} says: {' '.join(line[:80] for line in lines if line.split(' ')[0] not in ports)}")
    return {name: without_nan_payloads(ports[name], bytes.fromhex(text)) for name, text in texts.items()}


class Judge:
    """Compares each build with the first one that should have the same bits."""

    def __init__(self):
        self.first, self.failures, self.count = {}, 0, 0

    def judge(self, model, build, future):
        title = " ".join(filter(None, (model.title, build.target.name, "on", build.machine.name, build.emitter,
                                       build.level and "-" + build.level, f"--opt={build.opt}",
                                       f"--threads={build.threads}" if build.threads > 1 else "")))
        self.count += 1
        try:
            results = future.result()
        except (Failure, subprocess.TimeoutExpired) as failure:
            return self.fail(title, failure)
        first, its_title = self.first.setdefault((model.title, build.target.bits), (results, title))
        for name, data in results.items():
            if data != first[name]:
                differing = sum(a != b for a, b in zip(data, first[name]))
                return self.fail(title, f"{name} differs in {differing} of {len(data)} bytes from {its_title}")
        problem = model.compare_with_reference(results)
        if problem:
            return self.fail(title, problem)
        digest = hashlib.sha256(b"".join(results[name] for name in sorted(results))).hexdigest()[:12]
        print(f"ok {title}: {digest}", flush=True)

    def fail(self, title, why):
        self.failures += 1
        print(f"FAIL {title}: {why}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--tenon", default=shutil.which("tenon") or "build/bin/tenon")
    parser.add_argument("--targets", default=",".join(target.name for target in TARGETS))
    parser.add_argument("--machines", default="", help="only these")
    parser.add_argument("--emitters", default="gcc,clang,gcc-c,clang-c,object")
    parser.add_argument("--levels", default="O0,O2,O3,Os")
    parser.add_argument("--every", type=int, default=1, help="only every Nth build")
    parser.add_argument("--sets", type=int, default=1, help="at most so many data sets (default 1, at most 10)")
    parser.add_argument("--dim", action="append", default=[], help="given to tenon compile")
    parser.add_argument("--timeout", type=float, default=600, help="seconds for one run")
    parser.add_argument("--sanitize", action="store_true",
                        help="sources under AddressSanitizer and UndefinedBehaviorSanitizer, on this machine")
    parser.add_argument("--work", help="folder to keep files in")
    parser.add_argument("-j", type=int, default=os.cpu_count())
    args = parser.parse_args()
    if args.sanitize:
        args.machines, args.emitters = "x86-64", args.emitters.replace(",object", "")

    work = args.work or tempfile.mkdtemp(prefix="bits-")
    judge, skipped = Judge(), collections.Counter()
    for path in args.models:
        model = Model(path, work, min(args.sets, 10))
        builds = []
        for number, build in enumerate(list_builds(args)):
            if number % args.every:
                continue
            if machines.can_run(build.machine) and machines.has_x86_level(build.target.name):
                builds.append(build)
            else:
                skipped[f"{build.target.name} on {build.machine.name}"] += 1
        with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
            packages = {}
            for package in dict.fromkeys(map(get_package, builds)):
                packages[package] = pool.submit(compile_model, model, package, args.tenon, args.dim)

            def work_on(build):
                return build_and_run(model, build, packages[get_package(build)].result(), args.timeout, args.sanitize)

            concurrent.futures.wait(packages.values())
            futures = [(build, pool.submit(work_on, build)) for build in builds]
            for build, future in futures:
                judge.judge(model, build, future)
        if not args.work:
            shutil.rmtree(model.folder, ignore_errors=True)
    for name, count in skipped.items():
        print(f"skipped {name}: {count} builds (no tools or no such machine)")
    print(f"{len(args.models)} models, {judge.count} builds, {judge.failures} failures")
    return 1 if judge.failures or not judge.count else 0


if __name__ == "__main__":
    sys.exit(main())
