# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares what `tenon targets --json` says (a file) with the targets of machines.py: compare_targets.py FILE."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import machines

table = {row["name"]: row for row in json.loads(pathlib.Path(sys.argv[1]).read_text())}
listed = {row.name: row for row in machines.TARGETS}
faults = [f"{name}: is not in machines.py" for name in table.keys() - listed.keys() - machines.NOT_RUN.keys()]
faults += [f"{name}: is no target" for name in (listed.keys() | machines.NOT_RUN.keys()) - table.keys()]
faults += [f"{name}: is run and not run" for name in listed.keys() & machines.NOT_RUN.keys()]
for name in listed.keys() & table.keys():
    row, lanes = listed[name], table[name]["lanes"]
    if lanes != row.lanes:
        faults.append(f"{name}: has {lanes} lanes, not {row.lanes}")
    if table[name]["fma"] != ("fma" in row.has):
        faults.append(f"{name}: `fma` is {table[name]['fma']}")
    if name.startswith("x86") and name not in machines.X86_FLAGS:
        faults.append(f"{name}: machines.py does not say what it needs of a processor")
print("\n".join(sorted(faults)))
sys.exit(1 if faults else 0)
