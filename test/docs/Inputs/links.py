# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Finds links and `paths` in Markdown that lead nowhere: links.py ROOT PAGE..."""

import pathlib
import re
import sys

ROOMS = "cmake|codegen|compiler|dialects|docs|examples|passes|runtime-stubs|scripts|test"


def main():
    root, dead = pathlib.Path(sys.argv[1]), 0
    for page in map(pathlib.Path, sys.argv[2:]):
        text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.S | re.M)
        targets = [page.parent / link for link in re.findall(r"\]\((?!\w+:)([^)#]+)", text)]
        targets += [root / path for path in re.findall(rf"`((?:{ROOMS})/[\w./-]*)`", text)]
        for target in targets:
            if not target.exists():
                print(f"{page.name}: {target.name}: no such file")
                dead += 1
    sys.exit(1 if dead else 0)


if __name__ == "__main__":
    main()
