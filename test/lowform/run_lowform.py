#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Pushes every entry of the low form through GCC and Clang, as C++ and as C, and LLVM for several targets and compares the bytes.

    PATH=build/bin:$PATH run_lowform.py            everything: about five minutes on two cores
    run_lowform.py --build build                   the same
    run_lowform.py --targets portable,cortex-m0 --levels O2 --emitters gcc,object
    run_lowform.py --only 'cmpf_ult.*' --dump      the functions of a name, with what they write
    run_lowform.py --print cortex-m4               the MLIR that a target gets

A function must write the same bytes for every emitter, level and target (any NaN is the same NaN).
"""

import argparse
import concurrent.futures
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "targets"))
import machines
from machines import TARGETS, Failure, run

COUNT = 512  # elements that a map reads and writes; the driver fills as many

OBJECT_LEVELS = {"O0": "none", "O2": "balanced", "O3": "speed", "Os": "size"}


# The entries -----------------------------------------------------------------------------------------------------------------


def read_groups(path):
    """(attributes, names to values, lines) of each group of a .lowform file."""
    head, lines = None, []
    for line in open(path):
        if line.startswith("["):
            if head is not None:
                yield head, lines
            head, lines = line.strip("[]\n"), []
        elif line.strip() and not line.startswith("#"):
            lines.append(line.rstrip())
    yield head, lines


def parse_head(head):
    words, values = set(), {}
    for part in filter(None, (p.strip() for p in head.split(";"))):
        if "=" in part:
            name, text = part.split("=")
            values[name] = text.split(",")
        else:
            words |= set(part.replace("needs ", "").split())
    return words, values


def lanes_of(text, lanes):
    if text.isdigit():
        return int(text)
    if text.endswith("L"):
        return int(text[:-1] or 1) * lanes
    return lanes // int(text[2:])


def extremes(type_name):
    bits = int(type_name[1:])
    return {"MIN": -(1 << bits - 1), "MAX": (1 << bits - 1) - 1}


def lists_of(n):
    return {
        "INTERLEAVE": ", ".join(str(i // 2 + i % 2 * n) for i in range(n)),
        "REVERSE": ", ".join(str(n - 1 - i) for i in range(n)),
        "LOWHALF": ", ".join(str(i) for i in range(n // 2)),
        "HIGHHALF": ", ".join(str(i) for i in range(n // 2, n)),
        "COUNTING": ", ".join(str(i * 3 - 1) for i in range(n)),
        "N/2": n // 2,
    }


def make_map(name, inputs, result, body, lanes):
    """A loop around the body of an entry; lanes is 0 for scalars."""
    args = [f"%in{i}: memref<{COUNT}x{t}> {{kernel.readonly}}" for i, t in enumerate(inputs)]
    args.append(f"%out: memref<{COUNT}x{result}>")
    text = [f"func.func @{name}({', '.join(args)}) {{", "  %begin = arith.constant 0 : index",
            f"  %end = arith.constant {COUNT} : index", f"  %step = arith.constant {lanes or 1} : index",
            "  scf.for %i = %begin to %end step %step {"]
    dialect = "vector" if lanes else "memref"
    for i, t in enumerate(inputs):
        vector = f", vector<{lanes}x{t}>" if lanes else ""
        text.append(f"    %{'abc'[i]} = {dialect}.load %in{i}[%i] : memref<{COUNT}x{t}>{vector}")
    text += ["  " + line for line in body]
    vector = f", vector<{lanes}x{result}>" if lanes else ""
    text += [f"    {dialect}.store %r, %out[%i] : memref<{COUNT}x{result}>{vector}", "  }", "  return", "}"]
    return "\n".join(text)


def expand_maps(path, target):
    for head, lines in read_groups(path):
        words, values = parse_head(head)
        is_vector = "vector" in words
        if not (words - {"vector", "lanes"}) <= target.has or (is_vector and "vectors" not in target.has):
            continue
        for choice in itertools.product(*values.values()):
            known = dict(zip(values, choice))
            lanes = lanes_of(known["N"], target.lanes) if "N" in known else 0
            if lanes > target.lanes and known["N"].isdigit():
                continue
            signature = lines[0]
            for key, value in known.items():
                signature = signature.replace("{" + key + "}", value.replace("/", ""))
            name, inputs, result = re.match(r"(\w+): (.*) -> (\w+)$", signature).groups()
            if "lanes" in words:
                name += f"_x{lanes}"
            known.update(extremes(known["T"]) if re.match(r"i\d+$", known.get("T", "")) else {})
            if lanes:
                known.update(lists_of(lanes), N=lanes)
            body = list(lines[1:])
            for key, value in known.items():
                body = [line.replace("{" + key + "}", str(value)) for line in body]
            yield name, make_map(name, inputs.split(", "), result, body, lanes)


def read_functions(path, target):
    """The parts of functions.mlir.in that the target has what they need for."""
    for part in open(path).read().split("\n\n"):
        needs = set(re.findall(r"^// NEEDS: (.*)$", part, re.M))
        if needs - {"context"} <= target.has:
            yield re.sub(r"(?<=vector<)L(?=x)|(?<=_x)L\b", str(target.lanes), part)


def make_module(target, only):
    parts = list(read_functions(os.path.join(HERE, "functions.mlir.in"), target))
    for name in ("scalar", "vector"):
        parts += [text for _, text in expand_maps(os.path.join(HERE, name + ".lowform"), target)]
    if only:
        parts = [p for p in parts if not re.search(r"func\.func @\w", p) or re.search(rf"func\.func @({only})\(", p)]
    return "\n\n".join(parts) + "\n"


# The table that the driver reads ---------------------------------------------------------------------------------------------


def make_table(module):
    lines, calls = [], []
    pattern = re.compile(r"(// NEEDS: context\n)?func\.func @(\w+)\((.*?)\)( -> i32)? \{")
    for needs_context, name, args, status in pattern.findall(module):
        kinds, parameters, has_context = [], [], False
        for arg in args.split(", "):
            if "!kernel.context" in arg:
                has_context = True
                parameters.append("const struct context *")
                continue
            count, element = re.search(r"memref<(\d+)x(\w+)>", arg).groups()
            kinds.append(f"{{{element.upper()}, {int('kernel.readonly' not in arg)}, {count}}}")
            parameters.append("void *")
        returned = "int" if status else "void"
        lines.append(f"{returned} {name}({', '.join(parameters)});")
        buffers = [f"buffers[{i}]" for i in range(len(kinds))]
        calls.append(f"  {{\n    static const struct arg args[] = {{{', '.join(kinds)}}};")
        contexts = ["no_hooks", "hooks"] if needs_context else ["", "no_hooks", "hooks"]
        for context in contexts if has_context else [None]:
            given = [f"&{context}" if context else "0"] if context is not None else []
            suffix = f"/{context or 'null'}" if context is not None else ""
            call = f"{name}({', '.join(buffers + given)})"
            reset = f"    marks = 0;\n    prepare(args, {len(kinds)});\n"
            run = f"    int status = {call};" if status else f"    {call};"
            result = "status * 100000 + marks" if status else "0"
            calls.append(f"    {{\n{reset}{run}\n    report(\"{name}{suffix}\", args, {len(kinds)}, {result});\n    }}")
        calls.append("  }")
    return "\n".join(lines) + "\nstatic void run_all(void) {\n" + "\n".join(calls) + "\n}\n"


# Building and running --------------------------------------------------------------------------------------------------------


def build_and_run(target, emitter, level, folder, tools, dump, sanitize):
    base = os.path.join(folder, f"{emitter}-{level}")
    flags = machines.SANITIZE if sanitize else []
    if emitter == "object":
        run([tools("tenon-translate"), "--low-to-object", f"--object-opt={OBJECT_LEVELS[level]}", f"{folder}/low.mlir", "-o",
             base + ".o"])
    else:
        machines.compile_source(target.machine, emitter, level, f"{folder}/low.cpp", base + ".o", *flags)
    if not sanitize:
        machines.check_symbols(target.machine.name, [base + ".o"])
    # Clang's runtime of the sanitizers is not GCC's: what compiled the object links it.
    linker = machines.get_compiler(target.machine, emitter, "c")[0] if sanitize else None
    flags = [*flags, "-I", folder] + (["-DDUMP"] if dump else [])
    command = machines.link(target.machine, [os.path.join(HERE, "driver.c")], [base + ".o"], base + ".elf", flags, linker)
    output = run(command, timeout=120)
    if not output.endswith("done\n"):
        raise Failure(f"{' '.join(command)} ended early: {output[-200:]}")
    return dict(line.split(" ", 1) for line in output.split("\n") if " " in line and not line.startswith(" ")), output


def prepare(target, folder, tools, only):
    os.makedirs(folder, exist_ok=True)
    module = make_module(target, only)
    with open(f"{folder}/source.mlir", "w") as f:
        f.write(module)
    with open(f"{folder}/table.inc", "w") as f:
        f.write(make_table(module))
    run([tools("tenon-opt"), f"--pass-pipeline=builtin.module(set-target{{name={target.name}}},verify-low-form)",
         f"{folder}/source.mlir", "-o", f"{folder}/low.mlir"])
    run([tools("tenon-opt"), "--legalize-for-cpp", f"{folder}/low.mlir", "-o", f"{folder}/legal.mlir"])
    run([tools("tenon-translate"), "--low-to-cpp", f"{folder}/legal.mlir", "-o", f"{folder}/low.cpp"])


def can_run(target):
    return machines.can_run(target.machine) and machines.has_x86_level(target.name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", default=os.environ.get("TENON_BUILD", ""), help="build folder; else tools on the PATH")
    parser.add_argument("--targets", default=",".join(t.name for t in TARGETS))
    parser.add_argument("--emitters", default="gcc,clang,gcc-c,clang-c,object")
    parser.add_argument("--levels", default="O0,O2,O3,Os")
    parser.add_argument("--every", type=int, default=1, help="only every Nth of the programs, so that all kinds occur")
    parser.add_argument("--sanitize", action="store_true",
                        help="C++ under AddressSanitizer and UndefinedBehaviorSanitizer, on this machine's targets")
    parser.add_argument("--only", help="regular expression of function names")
    parser.add_argument("--dump", action="store_true", help="print what the functions write")
    parser.add_argument("--print", metavar="TARGET", help="print the MLIR for a target")
    parser.add_argument("--work", help="folder to keep files in")
    parser.add_argument("-j", type=int, default=os.cpu_count())
    args = parser.parse_args()

    def tools(name):
        return os.path.join(args.build, "bin", name) if args.build else name

    if args.print:
        print(make_module(next(t for t in TARGETS if t.name == args.print), args.only))
        return 0
    work = args.work or tempfile.mkdtemp(prefix="lowform-")
    targets = [t for t in TARGETS if t.name in args.targets.split(",")]
    if args.sanitize:
        targets = [t for t in targets if not t.machine.cross]
        args.emitters = args.emitters.replace(",object", "")
    skipped = [t.name for t in targets if not can_run(t)]
    targets = [t for t in targets if can_run(t)]
    failures, expected, programs = [], {}, 0
    with concurrent.futures.ThreadPoolExecutor(args.j) as pool:
        prepared = {t.name: pool.submit(prepare, t, os.path.join(work, t.name), tools, args.only) for t in targets}
        runs, chosen = [], 0
        for target in targets:
            try:
                prepared[target.name].result()
            except Failure as failure:
                failures.append(f"{target.name}: {failure}")
                continue
            for emitter, level in itertools.product(args.emitters.split(","), args.levels.split(",")):
                if machines.is_c(emitter) and target.lanes > 1:
                    continue
                chosen += 1
                if chosen % args.every:
                    continue
                runs.append((f"{target.name} {emitter} -{level}", pool.submit(
                    build_and_run, target, emitter, level, os.path.join(work, target.name), tools, args.dump,
                    args.sanitize)))
        for title, future in runs:
            try:
                results, output = future.result()
            except (Failure, subprocess.TimeoutExpired) as failure:
                failures.append(f"{title}: {failure}")
                continue
            programs += 1
            if args.dump:
                print(f"== {title}\n{output}")
            for name, value in results.items():
                first = expected.setdefault(name, (value, title))
                if first[0] != value or "OUTSIDE" in value:
                    failures.append(f"{title}: {name} gives {value}, {first[1]} gives {first[0]}")
    for failure in failures:
        print("FAIL", failure)
    if skipped:
        print("skipped (no tools or no such machine):", ", ".join(skipped))
    print(f"{programs} programs, {len(expected)} functions, {len(failures)} failures")
    if not args.work and not failures:
        shutil.rmtree(work)
    return 1 if failures or not programs else 0


if __name__ == "__main__":
    sys.exit(main())
