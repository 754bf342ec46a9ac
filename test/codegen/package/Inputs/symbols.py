"""symbols.py NM FILE MODEL: fails on symbols that emitted code may not have."""

import re
import subprocess
import sys

nm, path, model = sys.argv[1:]
lines = subprocess.run([nm, "--no-sort", path], check=True, capture_output=True, text=True).stdout.splitlines()
symbols = [match.groups() for line in lines if (match := re.match(r"[0-9a-f ]* (\w) (\S+)$", line))]
defined = [name for kind, name in symbols if kind == "T"]
assert sorted(defined) == [f"{model}_describe", f"{model}_run", f"{model}_run_ex"], defined
for kind, name in symbols:
    if kind == "U":
        assert name in ("memcpy", "memset", "memmove"), f"{name} is undefined"
    # Text, constants, and the local names of either.
    assert kind in "UTtRr", f"{name} is of kind {kind}"
    assert kind.islower() or kind == "U" or name.startswith(model + "_"), name
