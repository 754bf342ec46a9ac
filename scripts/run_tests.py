#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Runs lit over build/test and closes with one line that says how many tests passed and failed."""

import collections
import json
import os
import subprocess
import sys
import tempfile

OUTCOME = {
    "PASS": "passed",
    "FLAKYPASS": "passed",
    "XFAIL": "passed",  # fails as the test says it must
    "UNSUPPORTED": "skipped",
    "SKIPPED": "skipped",
    "EXCLUDED": "skipped",
}


def main():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    build = os.environ.get("TENON_BUILD", os.path.join(root, "build"))
    lit = os.path.join(os.path.dirname(sys.executable), "lit")
    with tempfile.TemporaryDirectory() as folder:
        results = os.path.join(folder, "results.json")
        suites = [os.path.join(build, "test"), os.path.join(build, "test", "unit")]
        # A hung test must not take the whole run with it.
        options = ["-sv", "--timeout=600", "--no-progress-bar", "-o", results]
        code = subprocess.run([lit, *options, *sys.argv[1:], *suites]).returncode
        try:
            with open(results) as file:
                tests = json.load(file)["tests"]
        except (OSError, ValueError, KeyError):
            tests = []

    count = collections.Counter(OUTCOME.get(test["code"], "failed") for test in tests)
    slowest = sorted(tests, key=lambda test: -(test.get("elapsed") or 0))[:5]
    print("slowest:", ", ".join(f"{test['name']} {test.get('elapsed') or 0:.1f} s" for test in slowest))
    for test in tests:
        if test["code"] not in OUTCOME:
            print(f"{test['code']}: {test['name']}")
    print(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped", flush=True)
    sys.exit(code or (1 if count["failed"] or not count["passed"] else 0))


if __name__ == "__main__":
    main()
