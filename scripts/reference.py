#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the reference pages, docs/passes.md and docs/dialects/*.md, from TableGen and the heads of the passes' sources.

    scripts/reference.py --update    writes them
    scripts/reference.py --check     fails where one is old, a pass or operation lacks an example, a pass lacks a test

    scripts/reference.py --root DIR ...     of another tree: for tests
"""

import argparse
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import textwrap

LLVM = "/usr/lib/llvm-19"
STAGES = {stage: f"passes/{stage}" for stage in ("import", "simplify", "schedule", "lower")} | {"for tests": "test/lib"}
DIALECTS = {"nn": "dialects/nn/NnOps.td", "kernel": "dialects/kernel/KernelOps.td"}
NOTE = "Written by `scripts/reference.py --update`; a test compares.\n"


class Reference:
    def __init__(self, root):
        self.root = root
        self.faults = []

    def read(self, path):
        return (self.root / path).read_text()

    def tblgen(self, *arguments):
        tool = shutil.which("mlir-tblgen", path=os.environ["PATH"] + os.pathsep + LLVM + "/bin")
        include = [f"-I{folder}" for folder in (self.root, LLVM + "/include")]
        return subprocess.run([tool, *include, *arguments], check=True, text=True, stdout=subprocess.PIPE).stdout

    def find_files(self, folder, *suffixes):
        return [file for file in sorted((self.root / folder).rglob("*")) if file.suffix in suffixes]

    # Passes ----------------------------------------------------------------------------------------------------------

    def make_passes(self):
        """In the order in which the pipeline runs them; those that it does not run come last."""
        run = re.findall(r"create(\w+)Pass\(", self.read("compiler/pipeline/Pipeline.cpp"))
        lines = ["# Passes", "", NOTE]
        for stage, folder in STAGES.items():
            path = f"{folder}/Passes.td"
            names = dict(re.findall(r'def (\w+)Pass\b[^"{]*"([^"]+)"', self.read(path)))
            texts = self.tblgen("-gen-pass-doc", str(self.root / path))
            entries = {entry.split("`")[0]: entry for entry in re.split(r"^### `-", texts, flags=re.M)[1:]}
            lines.append(f"## {stage}\n")
            for name in sorted(names, key=lambda name: run.index(name) if name in run else len(run)):
                lines.append(self.make_pass(folder, name, names[name], entries[names[name]]))
        return "\n".join(lines)

    def make_pass(self, folder, name, text_name, entry):
        body = entry.split("\n", 1)[1].strip()
        source = self.find_source(folder, name, body)
        body = re.sub(r"\s*See\s+\w+\.cpp\.", "", body)
        if "```mlir" not in body:
            summary, _, rest = body.partition("\n\n")
            _, mark, options = rest.partition("#### ")
            body = f"{summary}\n\n{self.get_head(source)}\n\n{mark}{options}"
        if "```mlir" not in body:
            self.faults.append(f"{text_name}: no example, neither in Passes.td nor at the top of {source.name}")
        tests = self.find_tests(text_name)
        if not tests:
            self.faults.append(f"{text_name}: no lit test runs it")
        links = ", ".join(self.link(file) for file in [source, *tests])
        return f"### {text_name}\n\n{body.strip()}\n\n{links}\n"

    def find_source(self, folder, name, description):
        """The file that the description names, or that defines the pass."""
        named = re.search(r"See\s+(\w+\.cpp)\.", description)
        for file in self.find_files(folder, ".cpp"):
            if file.name == named[1] if named else f"GEN_PASS_DEF_{name.upper()}PASS" in file.read_text():
                return file
        sys.exit(f"error: {name}Pass: no source")

    def find_tests(self, text_name):
        """Tests that run the pass, those of its name if there are any; where many do, their folder."""
        run = re.compile(rf"^// RUN:.*[-(, ]{text_name}(?![-\w])", flags=re.M)
        tests = [file for file in self.find_files("test", ".mlir", ".test") if run.search(file.read_text())]
        tests = [file for file in tests if file.name.startswith(text_name)] or tests
        return tests if len(tests) <= 3 else [pathlib.Path(os.path.commonpath(tests))]

    def link(self, file):
        return f"[{file.name}](../{file.relative_to(self.root)})"

    @staticmethod
    def get_head(source):
        """The comment at the top of a source; what is indented in it is code."""
        lines = []
        for line in source.read_text().splitlines()[1:]:
            if not line.startswith("//"):
                break
            if not line.startswith("//===") and not re.search(r"Part of the Tenon project|SPDX-License|^// Exceptions\.", line):
                lines.append(line[3:])
        text, code = [], []
        for line in [*"\n".join(lines).strip("\n").split("\n"), "end"]:
            if line.startswith("  ") or (code and not line):
                code.append(line)
                continue
            if code:
                block = textwrap.dedent("\n".join(code)).strip("\n")
                text += ([""] if text and text[-1] else []) + ["```mlir", block, "```", ""]
                code = []
            text.append(line)
        return "\n".join(text[:-1]).strip("\n")

    # Dialects --------------------------------------------------------------------------------------------------------

    def make_dialect(self, name):
        text = self.tblgen("-gen-dialect-doc", f"-dialect={name}", str(self.root / DIALECTS[name]))
        text = re.sub(r"<!--.*?-->\n|\[TOC\]\n", "", text)
        text = re.sub(rf"# '{name}' Dialect\n\n(.*)\n", rf"# {name}\n\n{NOTE}\n_\1._\n\n", text)
        # Traits and the tables of operands say less than the syntax and the example.
        text = re.sub(r"^(Traits|Interfaces|Effects): .*\n\n?", "", text, flags=re.M)
        text = re.sub(r"^#### (Operands|Results|Attributes|Parameters):\n\n(?:[|<].*\n)+\n?", "", text, flags=re.M)
        text = re.sub(r"^(### `[^`]*`) \(.*\)$", r"\1", text, flags=re.M)
        for operation in re.split(r"^### `", text.split("## Operations")[1].split("\n## ")[0], flags=re.M)[1:]:
            if "```mlir" not in operation:
                self.faults.append(f"{operation.split('`')[0]}: no example in its description")
        return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"

    def make_pages(self):
        pages = {"docs/passes.md": self.make_passes()}
        pages.update((f"docs/dialects/{name}.md", self.make_dialect(name)) for name in DIALECTS)
        return pages


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--update", action="store_true")
    group.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    reference = Reference(arguments.root)
    pages = reference.make_pages()
    for path, page in pages.items():
        file = arguments.root / path
        if arguments.update:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(page)
            continue
        old = file.read_text() if file.exists() else ""
        if old != page:
            sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), page.splitlines(True), f"{path}", "now", n=0))
            reference.faults.append(f"{path} is old: run scripts/reference.py --update")
    for fault in reference.faults:
        print(f"error: {fault}", file=sys.stderr)
    sys.exit(1 if reference.faults else 0)


if __name__ == "__main__":
    main()
