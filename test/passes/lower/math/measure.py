#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Measures the error of every function of passes/lower/math/ against double libm, with and without FMA.

    measure.py                      a sample of every function; fails when a bound is exceeded
    measure.py exp tanh             some functions
    measure.py --exhaustive         all 2^32 floats (hours for all, minutes a function)
    measure.py --emitters           the same bits by both emitters, with GCC and Clang
    measure.py --doc                also writes the table into docs/math.md
    measure.py --check-doc          measures nothing: the table of docs/math.md has the functions, bounds and operations of today

Each function is expanded by `tenon-opt --expand-math`, brought to LLVM IR by upstream passes, and compiled by Clang at four lanes and as a scalar, which must agree to the bit.
"""

import argparse
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[3]

INF = "INFINITY"
# name: (operation, reference in C++, lowest and highest argument, bound in ulp with FMA, without)
UNARY = {
    "exp": ("math.exp", "std::exp(x)", f"-{INF}", INF, 1, 1),
    "log": ("math.log", "std::log(x)", f"-{INF}", INF, 1.5, 1.5),
    "log1p": ("math.log1p", "std::log1p(x)", f"-{INF}", INF, 2, 2),
    "tanh": ("math.tanh", "std::tanh(x)", f"-{INF}", INF, 2, 2),
    "erf": ("math.erf", "std::erf(x)", f"-{INF}", INF, 2, 2),
    "expm1": ("math.expm1", "std::expm1(x)", f"-{INF}", INF, 2, 2),
    "sin": ("math.sin", "std::sin(x)", "-25000", "25000", 2, 2),
    "cos": ("math.cos", "std::cos(x)", "-25000", "25000", 2, 2),
    "tan": ("math.tan", "std::tan(x)", "-25000", "25000", 3, 3),
    "asin": ("math.asin", "std::asin(x)", f"-{INF}", INF, 2, 2),
    "acos": ("math.acos", "std::acos(x)", f"-{INF}", INF, 2, 2),
    "atan": ("math.atan", "std::atan(x)", f"-{INF}", INF, 2, 2),
    "sinh": ("math.sinh", "std::sinh(x)", f"-{INF}", INF, 2.5, 2.5),
    "cosh": ("math.cosh", "std::cosh(x)", f"-{INF}", INF, 2, 2),
    "asinh": ("math.asinh", "std::asinh(x)", f"-{INF}", INF, 3, 3),
    "acosh": ("math.acosh", "std::acosh(x)", f"-{INF}", INF, 3, 3),
    "atanh": ("math.atanh", "std::atanh(x)", f"-{INF}", INF, 3, 3),
    "sqrt": ("math.sqrt", "std::sqrt(x)", f"-{INF}", INF, 0.5, 0.5),
    "rsqrt": ("math.rsqrt", "1 / std::sqrt(x)", f"-{INF}", INF, 1.5, 1.5),
    "floor": ("math.floor", "std::floor(x)", f"-{INF}", INF, 0, 0),
    "ceil": ("math.ceil", "std::ceil(x)", f"-{INF}", INF, 0, 0),
    "trunc": ("math.trunc", "std::trunc(x)", f"-{INF}", INF, 0, 0),
    "round": ("math.round", "std::round(x)", f"-{INF}", INF, 0, 0),
    "roundeven": ("math.roundeven", "std::nearbyint(x)", f"-{INF}", INF, 0, 0),
    "abs": ("math.absf", "std::fabs(x)", f"-{INF}", INF, 0, 0),
}
# There and back through a smaller type
THROUGH = {
    "f16": ("arith.truncf", "(double)(_Float16)(float)x", f"-{INF}", INF, 0, 0),
    "bf16": ("arith.truncf", "bfloat16((float)x)", f"-{INF}", INF, 0, 0),
    "f8E4M3FN": ("arith.truncf", "float8(x, 3, 7, 448, NAN)", f"-{INF}", INF, 0, 0),
    "f8E4M3FNUZ": ("arith.truncf", "float8(x, 3, 8, 240, NAN) + 0.0", f"-{INF}", INF, 0, 0),
    "f8E5M2": ("arith.truncf", "float8(x, 2, 15, 57344, INFINITY)", f"-{INF}", INF, 0, 0),
    "f8E5M2FNUZ": ("arith.truncf", "float8(x, 2, 16, 57344, NAN) + 0.0", f"-{INF}", INF, 0, 0),
}
UNARY |= THROUGH
BINARY = {
    "pow": ("math.powf", "std::pow(x, y)", 4, 4),
    "maximum": ("arith.maximumf", "std::isnan(x) || std::isnan(y) ? NAN : std::fmax(x, y)", 0, 0),
    "minimum": ("arith.minimumf", "std::isnan(x) || std::isnan(y) ? NAN : std::fmin(x, y)", 0, 0),
    "maxnum": ("arith.maxnumf", "std::fmax(x, y)", 0, 0),
    "minnum": ("arith.minnumf", "std::fmin(x, y)", 0, 0),
    "rem": ("arith.remf", "std::fabs(x) < 16777216.0 * std::fabs(y) || !std::isfinite(x) ? std::fmod(x, y) : NAN", 0, 0),
    "copysign": ("math.copysign", "std::copysign(x, y)", 0, 0),
}
# The same of doubles, as scalars.
UNARY64 = {
    "exp64": ("math.exp", "expl(x)", 1.5, 1.5),
    "log64": ("math.log", "logl(x)", 1, 1),
    "floor64": ("math.floor", "floorl(x)", 0, 0),
    "ceil64": ("math.ceil", "ceill(x)", 0, 0),
    "trunc64": ("math.trunc", "truncl(x)", 0, 0),
    "round64": ("math.round", "roundl(x)", 0, 0),
    "roundeven64": ("math.roundeven", "nearbyintl(x)", 0, 0),
    "abs64": ("math.absf", "fabsl(x)", 0, 0),
}
BINARY64 = {
    "pow64": ("math.powf", "powl(x, y)", 24, 24),
    "maximum64": ("arith.maximumf", "std::isnan(x) || std::isnan(y) ? NAN : fmaxl(x, y)", 0, 0),
    "minimum64": ("arith.minimumf", "std::isnan(x) || std::isnan(y) ? NAN : fminl(x, y)", 0, 0),
    "maxnum64": ("arith.maxnumf", "fmaxl(x, y)", 0, 0),
    "minnum64": ("arith.minnumf", "fminl(x, y)", 0, 0),
    "rem64": ("arith.remf", "(double)fabsl(x) / (double)fabsl(y) < 0x1p53 || !std::isfinite(x) ? fmodl(x, y) : NAN", 0, 0),
    "copysign64": ("math.copysign", "copysignl(x, y)", 0, 0),
}
ALL = UNARY | BINARY | UNARY64 | BINARY64


def takes_two(name):
    return name in BINARY or name in BINARY64


def is_double(name):
    return name in UNARY64 or name in BINARY64


def target(fma):
    flag = "true" if fma else "false"
    triple = platform.machine() + "-unknown-linux-gnu"
    cpu = ("x86-64-v3" if fma else "x86-64") if platform.machine() == "x86_64" else "generic"
    return (
        f'#kernel.target<name = "math", triple = "{triple}", cpu = "{cpu}", features = "", pragma = "", lanes = 4, '
        f"registers = 16, fma = {flag}, sqrt = {flag}, indexBits = 64, alignment = 16>"
    )


def module(names, fma):
    text = [f"module attributes {{kernel.target = {target(fma)}}} {{"]
    for name in names:
        operation, arguments = ALL[name][0], ["%x", "%y"] if takes_two(name) else ["%x"]
        for suffix, kind in [("s", "f64")] if is_double(name) else [("v", "vector<4xf32>"), ("s", "f32")]:
            signature = ", ".join(f"{argument}: {kind}" for argument in arguments)
            text.append(f"  func.func @{name}_{suffix}({signature}) -> {kind} {{")
            if name in THROUGH:
                small = kind.replace("f32", name)
                text.append(f"    %small = arith.truncf %x : {kind} to {small}")
                text.append(f"    %0 = arith.extf %small : {small} to {kind}")
            else:
                text.append(f"    %0 = {operation} {', '.join(arguments)} : {kind}")
            text.append(f"    return %0 : {kind}\n  }}")
    return "\n".join(text + ["}\n"])


def run(command, **options):
    return subprocess.run([str(word) for word in command], check=True, text=True, **options).stdout


def expand(names, fma):
    return run(["tenon-opt", "--expand-math", "--expand-types", "--canonicalize", "--cse"], input=module(names, fma), stdout=subprocess.PIPE)


def count_operations(names, fma):
    """Operations of the scalar form, constants and bit casts apart."""
    count = {}
    for name, body in re.findall(r"func\.func @(\w+)_s\(.*?\{\n(.*?)return", expand(names, fma), re.S):
        count[name] = sum(1 for line in body.splitlines() if " = " in line and not re.search(r"arith\.(constant|bitcast)", line))
    return count


def has_fma():
    return re.search(r"\b(fma|asimd)\b", pathlib.Path("/proc/cpuinfo").read_text()) is not None


def through_upstream(low, folder):
    """By MLIR's own conversion to LLVM IR, which knows nothing of Tenon."""
    passes = ["arith", "math", "vector", "func"]
    low = re.sub(r"^module attributes \{.*?\} \{", "module {", low, flags=re.S | re.M)
    llvm = run(["mlir-opt", *(f"--convert-{name}-to-llvm" for name in passes), "--reconcile-unrealized-casts"], input=low, stdout=subprocess.PIPE)
    (folder / "functions.ll").write_text(run(["mlir-translate", "--mlir-to-llvmir"], input=llvm, stdout=subprocess.PIPE))
    return folder / "functions.ll"


def through_cpp(low, folder):
    legal = run(["tenon-opt", "--legalize-for-cpp"], input=low, stdout=subprocess.PIPE)
    (folder / "functions.cpp").write_text(run(["tenon-translate", "--low-to-cpp"], input=legal, stdout=subprocess.PIPE))
    return folder / "functions.cpp"


def through_object(low, folder):
    run(["tenon-translate", "--low-to-object", "-o", folder / "functions.o"], input=low)
    return folder / "functions.o"


def build_driver(names, folder):
    lines = []
    for name in names:
        if name in UNARY:
            # Ties of f16 have twelve low bits clear.
            step = "0x1000" if name in THROUGH else "0x10000"
            lines.append(f"UNARY({name}, ({UNARY[name][1]}), {UNARY[name][2]}, {UNARY[name][3]}, {step})")
        else:
            kind = "BINARY" if name in BINARY else "UNARY64" if name in UNARY64 else "BINARY64"
            lines.append(f"{kind}({name}, ({ALL[name][1]}))")
    (folder / "functions.inc").write_text("\n".join(lines) + "\n")
    run(["clang++-19", "-O2", "-ffp-contract=off", "-I", folder, "-c", HERE / "accuracy.cpp", "-o", folder / "driver.o"])
    return folder / "driver.o"


def measure(names, fma, stride, driver, through=through_upstream, compiler="clang++-19", level="-O2"):
    folder = driver.parent
    functions = through(expand(names, fma), folder)
    if functions.suffix != ".o":
        # A machine without FMA takes fmaf of libm: slow, and the same bits.
        flags = ["-mfma"] if fma and has_fma() and platform.machine() == "x86_64" else []
        flags += ["-Wno-override-module"] if functions.suffix == ".ll" else []
        run([compiler, level, "-ffp-contract=off", *flags, "-c", functions, "-o", folder / "functions.o"])
    program = folder / "accuracy"
    run(["clang++-19", driver, folder / "functions.o", "-o", program, "-lm"])
    return {entry["name"]: entry for entry in map(json.loads, run([program, stride], stdout=subprocess.PIPE).splitlines())}


def compare_emitters(names, stride, driver):
    failed = 0
    for fma in (True, False):
        if fma and not has_fma():
            print("skipped: this machine has no FMA")
            continue
        results = {}
        for title, options in {
            "upstream, clang -O2": {},
            "object": {"through": through_object},
            "C++, g++ -O2": {"through": through_cpp, "compiler": "g++"},
            "C++, g++ -O0": {"through": through_cpp, "compiler": "g++", "level": "-O0"},
            "C++, clang++ -O3": {"through": through_cpp, "level": "-O3"},
        }.items():
            results[title] = measure(names, fma, stride, driver, **options)
        for name in names:
            hashes = {title: entries[name]["hash"] for title, entries in results.items()}
            bad = len(set(hashes.values())) > 1 or any(entries[name]["scalar_differs"] for entries in results.values())
            failed += bad
            print("FAIL" if bad else "ok  ", name, "fma" if fma else "nofma", hashes if bad else hashes["object"])
    return failed


DOC = ROOT / "docs" / "math.md"
BEGIN, END = "<!-- measured -->\n", "<!-- end -->\n"


def domain(name):
    if name in ("rem", "rem64"):
        return "\\|x / y\\| < 2^53" if is_double(name) else "\\|x / y\\| < 2^24"
    if name not in UNARY:
        return "all"
    low, high = UNARY[name][2:4]
    return "all" if high == INF else f"\\|x\\| <= {high}"


def row(name, bounds, operations, measured):
    exact = bounds == (0, 0)
    cells = [f"`{ALL[name][0]}`" + (f" and `arith.extf` ({name})" if name in THROUGH else " (f64)" if is_double(name) else ""), domain(name)]
    cells += ["exact", ""] if exact else [f"{bound:g}" for bound in bounds]
    cells += ["", ""] if exact else [f"{ulp:.3f}" for ulp in measured]
    return "| " + " | ".join(cells + [str(count) for count in operations]) + " |\n"


def write_doc(results, stride):
    text = DOC.read_text()
    head, tail = text.split(BEGIN)[0], text.split(END)[1]
    table = ALL
    lines = [
        f"Measured on {'every float' if stride == 1 else f'one float in {stride}'} of the domain, and on special values.\n\n",
        "| operation | domain | bound, ulp | without FMA | measured | without FMA | operations | without FMA |\n",
        "| --- | --- | --- | --- | --- | --- | --- | --- |\n",
    ]
    for name in table:
        entries = [results[fma][name] for fma in (True, False)]
        lines.append(row(name, table[name][-2:], [e["operations"] for e in entries], [e["ulp"] for e in entries]))
    DOC.write_text(head + BEGIN + "".join(lines) + END + tail)


def check_doc():
    """The rows of today, whatever was measured, are those of the document."""
    hide = lambda line: re.sub(r"[0-9]+\.[0-9]{3} ", "", line)
    table = ALL
    operations = {fma: count_operations(list(table), fma) for fma in (True, False)}
    now = [row(name, table[name][-2:], [operations[fma][name] for fma in (True, False)], [0, 0]) for name in table]
    then = [line for line in DOC.read_text().split(BEGIN)[1].split(END)[0].splitlines(True) if line.startswith("| `")]
    for old, new in zip(then + [""] * len(now), now + [""] * len(then)):
        if hide(old) != hide(new):
            sys.exit(f"error: docs/math.md says\n  {old}and should say\n  {new}run measure.py --doc")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--stride", type=int, default=10007)
    parser.add_argument("--exhaustive", action="store_true")
    parser.add_argument("--doc", action="store_true")
    parser.add_argument("--emitters", action="store_true")
    parser.add_argument("--check-doc", action="store_true")
    options = parser.parse_args()
    if options.check_doc:
        return check_doc()
    table = ALL
    names = options.names or list(table)
    stride = 1 if options.exhaustive else options.stride
    with tempfile.TemporaryDirectory() as folder:
        driver = build_driver(names, pathlib.Path(folder))
        if options.emitters:
            sys.exit(1 if compare_emitters(names, stride, driver) else 0)
        results = {fma: measure(names, fma, stride, driver) for fma in (True, False)}
    failed = 0
    for fma in (True, False):
        operations = count_operations(names, fma)
        for name in names:
            entry = results[fma][name]
            entry["operations"] = operations[name]
            bound = table[name][-2 if fma else -1]
            bad = entry["ulp"] > bound or entry["scalar_differs"]
            failed += bool(bad)
            where = f"at {entry['x']}" + (f", {entry['y']}" if takes_two(name) else "")
            print(
                f"{'FAIL' if bad else 'ok  '} {name:8} {'fma  ' if fma else 'nofma'} {entry['ulp']:8.4f} ulp (bound {bound}) {where}: "
                f"{entry['value']}, expected {entry['expected']}; {entry['operations']} operations, {entry['samples']} samples"
                + (f", {entry['scalar_differs']} SCALAR RESULTS DIFFER" if entry["scalar_differs"] else ""),
                flush=True,
            )
    if options.doc:
        write_doc(results, stride)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
