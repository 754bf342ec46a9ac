#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs ONNX's backend test cases of single operators by `tenon verify` and compares with passes.txt, which may only grow.

    conformance.py                    all cases, by both emitters (about six minutes of processor time)
    conformance.py --emit=object      by one (one minute); --emit=c: as C for the scalar target
    conformance.py --sample=40        every 40th case
    conformance.py --update           also adds new passes to passes.txt

It fails when a listed case does not pass, a case passes that is not listed, one fails that differs.txt does not explain, a
refusal has no reason, or the emitters disagree. The cases are those of the installed onnx package; --cases=DIR keeps them.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PASSES, DIFFERS = HERE / "passes.txt", HERE / "differs.txt"


def read_lines(path):
    lines = path.read_text().splitlines() if path.exists() else []
    return [line for line in lines if line and not line.startswith("#")]


def verify(tenon, folder, emitter, jobs):
    """The outcome and the reason of each case."""
    with tempfile.TemporaryDirectory() as temporary:
        report = pathlib.Path(temporary) / "report.json"
        command = [tenon, "verify", folder, f"--emit={emitter}", f"-j{jobs}", f"--json={report}", "--quiet"]
        subprocess.run([str(word) for word in command], stdout=subprocess.DEVNULL)
        if not report.exists():
            sys.exit(f"error: tenon verify --emit={emitter} wrote no report")
        return {case["name"]: (case["outcome"], case["reason"]) for case in json.loads(report.read_text())["cases"]}


def compare(emitter, results, listed, differs, names):
    """What is wrong, and the new passes."""
    wrong, new = [], []
    for name in sorted(names):
        outcome, reason = results.get(name, ("MISSING", ""))
        told = f"{emitter}: {name}: {outcome} {reason}".rstrip()
        if outcome == "PASS" and name not in listed:
            new.append(name)
        elif outcome != "PASS" and name in listed:
            wrong.append(f"{told} (it passed before)")
        elif outcome == "PASS" and name in differs:
            wrong.append(f"{told}: take it out of differs.txt")
        elif outcome not in ("PASS", "UNSUPPORTED") and name not in differs:
            wrong.append(told)
        elif outcome == "UNSUPPORTED" and (not reason or name in differs):
            wrong.append(f"{told}: no reason, or in differs.txt")
    return wrong, new


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--emit", choices=["object", "cpp", "c"], action="append")
    parser.add_argument("--cases", type=pathlib.Path)
    parser.add_argument("--sample", type=int, default=1)
    parser.add_argument("--also", action="append", default=[], help="one more than the sample")
    parser.add_argument("--tenon", default="tenon")
    parser.add_argument("--list", type=pathlib.Path, default=PASSES)
    parser.add_argument("-j", "--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    import generate  # needs the onnx package

    with tempfile.TemporaryDirectory() as temporary:
        folder = options.cases or pathlib.Path(temporary)
        cases = generate.collect()
        names = sorted(set(sorted(cases)[:: options.sample]) | set(options.also))
        generate.write_all(cases, names, folder)
        listed, differs = set(read_lines(options.list)), {line.split(":")[0] for line in read_lines(DIFFERS)}
        wrong = [f"{name} is listed and is no case" for name in sorted((listed | differs) - set(cases))]
        passes = []
        for emitter in options.emit or ["object", "cpp"]:
            results = verify(options.tenon, folder, emitter, options.jobs)
            faults, new = compare(emitter, results, listed, differs, names)
            wrong += faults
            passes.append(set(new))
            counts = [sum(results.get(name, "?")[0] == outcome for name in names) for outcome in ("PASS", "FAIL", "UNSUPPORTED")]
            print(f"{emitter}: {counts[0]} passed, {counts[1]} failed, {counts[2]} unsupported of {len(names)}")
    for name in sorted(set.union(*passes) - set.intersection(*passes)):
        wrong.append(f"{name} passes by one emitter only")
    new = sorted(set.intersection(*passes))
    if options.update and new:
        header = [line for line in options.list.read_text().splitlines() if line.startswith("#")] if options.list.exists() else []
        options.list.write_text("\n".join(header + sorted(listed | set(new))) + "\n")
        print(f"{len(new)} new in {options.list}")
    elif new:
        wrong += [f"{name} passes and is not listed: run conformance.py --update" for name in new]
    for line in wrong:
        print(f"error: {line}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
