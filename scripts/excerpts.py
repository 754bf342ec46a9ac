#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes what the compiler prints into a page, where the page asks for it.

    scripts/excerpts.py PAGE             fails where an excerpt of docs/architecture.md, say, is not what the compiler prints
    scripts/excerpts.py PAGE --update    writes the excerpts

A comment in the page names the model and options of what follows; another one stands before each fenced block:

    <!-- compile examples/face/face.onnx --target=cortex-m4 -->
    <!-- excerpt simplify | nn.contract | -> tensor -->

The block then holds the lines that stage `simplify` prints, from the first that matches `nn.contract` to the next that
matches `-> tensor` (none: that line alone; several fields before the last: each is searched for behind the one before).
A stage is what --print-ir-after takes, a file of the package (`face.cpp`), `inspect`, what `compile` says (`summary`), or the
`symbols` of the object. Maps are written out, long lists of numbers cut, long lines folded.
"""

import argparse
import difflib
import functools
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
WIDTH = 100
EXCERPT = re.compile(r"<!-- compile (?P<compile>.*?) -->|(<!-- excerpt (.*?) -->\n```\w*\n)(.*?)(^```$)", flags=re.S | re.M)


class Compiler:
    def __init__(self, tenon, arguments, folder):
        self.tenon, self.arguments, self.folder = tenon, arguments, folder

    def run(self, *more):
        command = [self.tenon, "compile", *self.arguments, *more]
        return subprocess.run(command, check=True, text=True, capture_output=True, cwd=ROOT).stderr

    @functools.cache
    def print_stage(self, stage):
        """The lines that the compiler writes for a stage."""
        if stage == "inspect":
            command = [self.tenon, "inspect", *(text for text in self.arguments if not re.match("--(target|opt)", text))]
            return subprocess.run(command, check=True, text=True, capture_output=True, cwd=ROOT).stdout.split("\n")
        if stage == "summary":
            return re.sub(r" -> .*", "", self.run("-o", f"{self.folder}/package")).split("\n")
        if "." in stage:
            self.run("-o", f"{self.folder}/package")
            return pathlib.Path(self.folder, "package", stage).read_text().split("\n")
        if stage == "symbols":
            self.run("--emit=obj", "-o", f"{self.folder}/model.o")
            nm = shutil.which("llvm-nm", path=os.environ["PATH"] + os.pathsep + "/usr/lib/llvm-19/bin")
            return subprocess.run([nm, "model.o"], check=True, text=True, capture_output=True, cwd=self.folder).stdout.split("\n")
        text = self.run(f"--print-ir-after={stage}", "--emit=mlir", "-o", f"{self.folder}/low.mlir")
        aliases = dict(re.findall(r"^(#\w+) = (affine_map<.*>)$", text, flags=re.M))
        text = re.sub(r"#map\d*\b", lambda match: aliases.get(match[0], match[0]), text)
        text = re.sub(r"dense<\[([^],]*),[^]]{24,}\]>", r"dense<[\1, ...]>", text)
        return text.split("\n")


def select(lines, patterns):
    """From the line of the last but one pattern to that of the last; an empty last one: that line alone."""
    *ways, last = patterns if len(patterns) > 1 else [*patterns, ""]
    at = -1
    for pattern in ways:
        at = next((i for i in range(at + 1, len(lines)) if re.search(pattern, lines[i])), None)
        if at is None:
            return None
    end = next((i for i in range(at, len(lines)) if re.search(last, lines[i]) and (not last or i > at)), None)
    return None if end is None else lines[at : end + 1]


def fold(lines):
    """Long lines are cut where a reader would, and only there, if that is enough."""
    folded = []
    for line in textwrap.dedent("\n".join(lines)).split("\n"):
        indent = " " * (len(line) - len(line.lstrip()) + 4)
        parts = [line]
        if len(line) > WIDTH:
            parts = re.split(r" (?=ins\(|outs\(|extras\(|maps \[|init \[|iter_args\(|: \()|(?<=>,) (?=affine_map)", line)
        for i, part in enumerate(parts):
            hang = indent + ("      " if part.startswith("affine_map") else "")
            wrapped = textwrap.wrap(
                part,
                WIDTH,
                initial_indent=hang if i else "",
                subsequent_indent=hang + "    ",
                break_long_words=False,
                break_on_hyphens=False,
            )
            folded += wrapped or [""]
    return "".join(line + "\n" for line in folded)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("page", type=pathlib.Path)
    parser.add_argument("--tenon", default="tenon")
    parser.add_argument("--update", action="store_true")
    arguments = parser.parse_args()
    page = arguments.page.read_text()
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        compiler = None

        def replace(match):
            nonlocal compiler
            if match["compile"]:
                compiler = Compiler(arguments.tenon, match["compile"].split(), folder)
                return match[0]
            stage, *patterns = [field.strip() for field in match[3].split(" | ")]
            lines = select(compiler.print_stage(stage), patterns)
            if lines is None:
                faults.append(f"nothing in {stage} matches {' | '.join(patterns)}")
                return match[0]
            return match[2] + fold(lines) + match[5]

        new = EXCERPT.sub(replace, page)
    if new != page and arguments.update:
        arguments.page.write_text(new)
    elif new != page:
        sys.stdout.writelines(difflib.unified_diff(page.splitlines(True), new.splitlines(True), "the page", "the compiler", n=1))
        faults.append(f"{arguments.page.name} is old: run scripts/excerpts.py {arguments.page.name} --update")
    for fault in faults:
        print(f"error: {fault}", file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
