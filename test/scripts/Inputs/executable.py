# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finds scripts that begin with #! and cannot be run: executable.py ROOT"""

import os
import pathlib
import sys

root = pathlib.Path(sys.argv[1])
files = [file for room in (".ci", "examples", "scripts", "test") for file in sorted((root / room).rglob("*")) if file.is_file()]
faults = [file for file in files if file.read_bytes().startswith(b"#!") and not os.access(file, os.X_OK)]
for file in faults:
    print(f"{file.relative_to(root)}: not executable")
sys.exit(1 if faults else 0)
