# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finds hand-written files that are too long: file_sizes.py ROOT"""

import pathlib
import re
import sys

ROOMS = ["cmake", "codegen", "compiler", "dialects", "docs", "examples", "passes", "runtime-stubs", "scripts", "test"]
TEXT = {".c", ".cmake", ".cpp", ".h", ".in", ".inc", ".lowform", ".md", ".mlir", ".py", ".sh", ".td", ".test", ".txt"}
LIMIT, PRINTER_LIMIT = 600, 1499


def count(file):
    return file.read_bytes().count(b"\n")


def is_generated(file):
    """What a script writes says so in its first lines: `scripts/operators.py --update`."""
    return bool(re.search(r"\w\.py --update\b", "".join(file.open().readlines()[:4])))


def main():
    root, faults = pathlib.Path(sys.argv[1]), []
    for room in ROOMS:
        for file in sorted((root / room).rglob("*")):
            if file.suffix in TEXT and file.is_file() and count(file) > LIMIT:
                if not is_generated(file):
                    faults.append(f"{file.relative_to(root)}: {count(file)} lines; at most {LIMIT}")
    printer = sum(count(file) for file in (root / "codegen" / "cpp").iterdir() if file.suffix in (".cpp", ".h"))
    if printer > PRINTER_LIMIT:
        faults.append(f"codegen/cpp: {printer} lines; at most {PRINTER_LIMIT}")
    print("\n".join(faults) or f"the printer has {printer} lines")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
