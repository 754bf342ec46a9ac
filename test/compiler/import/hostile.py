#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads broken and hostile model files: each must end in a clear error.

    hostile.py FOLDER [CASE...]

Writes each model of the table into FOLDER and compiles it. A case passes if `tenon`
ends within 10 s with exit code 1, in bounded memory, and its message matches. Models
that are legal, and merely ask for much, must compile within the same bounds. The last
line says how many passed.
"""

import os
import re
import struct
import subprocess
import sys
import tempfile
import threading

from onnx import ModelProto

import hostile_graphs  # noqa: F401: registers its cases
import hostile_sizes  # noqa: F401: registers its cases
import hostile_values  # noqa: F401: registers its cases
from hostile_case import CASES

SECONDS = 10
MEGABYTES = 1500  # of resident memory; the largest file has 40 MB


def write(folder, name, content, extension):
    path = os.path.join(folder, f"{name}.{extension}")
    if isinstance(content, ModelProto):
        content = content.SerializeToString()
    if isinstance(content, str):
        content = content.encode()
    with open(path, "wb") as file:
        file.write(content)
    return path


def run(folder, path, options):
    """Exit code (None: too long), messages, megabytes."""
    with tempfile.TemporaryFile() as messages:
        output = os.path.join(folder, "out", "")
        command = ["tenon", "compile", path, "-o", output, "--name=m", "--emit=obj", *options]
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=messages)
        timer = threading.Timer(SECONDS, child.kill)
        timer.start()
        _, status, usage = os.wait4(child.pid, 0)
        timed_out = not timer.is_alive()
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        messages.seek(0)
        text = messages.read().decode(errors="replace")
        return None if timed_out else child.returncode, text, usage.ru_maxrss // 1024


def main():
    folder, *names = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "data.bin"), "wb") as file:
        file.write(struct.pack("16f", *range(16)))
    link = os.path.join(folder, "link")
    if not os.path.lexists(link):
        os.symlink("/etc/passwd", link)

    failures = 0
    for name in names or CASES:
        make, pattern, extension, options = CASES[name]
        path = write(folder, name, make(), extension)
        code, messages, megabytes = run(folder, path, options)
        prefix = f"error: {path}: "
        if code is None:
            why = f"ran for more than {SECONDS} s"
        elif code != (1 if pattern else 0):
            why = f"exit code {code}, expected {1 if pattern else 0}"
        elif pattern and (prefix not in messages or not re.search(pattern, messages)):
            why = "no message matches " + repr(pattern)
        elif len(messages) > 100_000:
            why = f"{len(messages)} bytes of messages"
        elif megabytes > MEGABYTES and "ASAN_OPTIONS" not in os.environ:
            why = f"took {megabytes} MB"
        else:
            messages = messages or "compiles"
            print(f"PASS {name}: {messages.splitlines()[0].split(prefix, 1)[-1][:120]}")
            continue
        failures += 1
        print(f"FAIL {name}: {why}\n{messages[:2000]}")
    total = len(names or CASES)
    print(f"{total - failures} of {total} hostile files done right")
    sys.exit(failures != 0)


if __name__ == "__main__":
    main()
