# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""check_arduino.py LIBRARY COMPILER...: a library is as Arduino's specification wants it (rev. 2.2), and compiles.

Everything in src/ is compiled by what its name ends in, with src/ and the core's folder as include paths, and so is the sketch.
"""

import pathlib
import re
import subprocess
import sys

CATEGORIES = ["Display", "Communication", "Signal Input/Output", "Sensors", "Device Control", "Timing", "Data Storage",
              "Data Processing", "Other"]
TOKENS = {"KEYWORD1", "KEYWORD2", "KEYWORD3", "LITERAL1", "LITERAL2"}

library, compiler = pathlib.Path(sys.argv[1]), sys.argv[2:]
core = pathlib.Path(__file__).parent / "arduino"
properties = dict(line.split("=", 1) for line in (library / "library.properties").read_text().splitlines())
for key in "name version author maintainer sentence paragraph category url architectures includes".split():
    assert key in properties, key
name = properties["name"]
assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _.-]*", name), name
assert re.fullmatch(r"\d+\.\d+\.\d+", properties["version"]), properties["version"]
assert properties["category"] in CATEGORIES
assert all((library / "src" / header).exists() for header in properties["includes"].split(","))
for line in (library / "keywords.txt").read_text().splitlines():
    fields = line.split("\t")
    assert len(fields) == 2 and fields[1] in TOKENS, line


def compile_file(source, *flags):
    command = [*compiler, *flags, "-Wall", "-Wextra", "-Werror", "-I", library / "src", "-I", core, "-fsyntax-only", source]
    subprocess.run([str(word) for word in command], check=True)


for source in (library / "src").iterdir():
    if source.suffix == ".c":
        compile_file(source, "-std=gnu11", "-x", "c")
    elif source.suffix == ".cpp":
        compile_file(source, "-std=gnu++11")
sketch = library / "examples" / name / (name + ".ino")
compile_file(sketch, "-std=gnu++11", "-x", "c++", "-include", core / "Arduino.h")
print(f"{name}: a library")
