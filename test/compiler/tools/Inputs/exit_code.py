# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""exit_code.py CODE PROGRAM ARGUMENT...: runs it, prints what it printed, fails if it ended with another code."""

import subprocess
import sys

result = subprocess.run(sys.argv[2:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
sys.stdout.write(result.stdout)
if result.returncode != int(sys.argv[1]):
    sys.exit(f"ended with {result.returncode}, expected {sys.argv[1]}")
