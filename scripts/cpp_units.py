# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Cuts C++ in LLVM's style into what it defines at namespace scope: functions, classes, constants.

No parser: comments, strings and preprocessor lines are made blank, then braces tell.
"""

import re
import sys


class Unit:
    def __init__(self, path, code, text, begin, end):
        self.path = path
        self.code = code[begin:end]  # without comments
        self.text = text[begin:end]
        self.line = code.count("\n", 0, begin) + 1
        self.lines = count_lines(self.code)
        self.head = re.split(r"[={]", re.sub(r"operator\s*[^\s\w(]+", "operator_", self.code))[0]
        self.name = get_name(self.head)
        self.identifiers = set(re.findall(r"[A-Za-z_]\w*", self.code))


    def is_external(self):
        """A function that other files may call."""
        return "(" in self.head and not re.search(r"\bstatic\b|\b[A-Z]\w*::\w+\s*\(", self.head)


def count_lines(code):
    """Lines that are not empty."""
    return sum(1 for line in code.split("\n") if line.strip())


def get_name(head):
    """What the unit defines; for a member of a class, the class."""
    head = re.sub(r"^\s*template\s*<(?:[^<>]|<[^<>]*>)*>", "", head)
    match = re.match(r"\s*(?:struct|class|enum class|enum|union|using)\s+(\w+)(?!\w|::)", head)
    if match:
        return match[1] if match[1] != "namespace" else ""
    function = re.search(r"((?:\w+::)*)(~?\w+)\s*\(", head)
    if not function:
        variable = re.search(r"(\w+)\s*(?:\[[^\]]*\])?\s*;?\s*$", head)
        return variable[1] if variable else ""
    classes = re.findall(r"\b[A-Z]\w*(?=::)", function[1])
    return classes[0] if classes else function[2]


def blank(text):
    """The text with comments, insides of strings and preprocessor lines made spaces; positions stay."""
    pattern = r"""
        ^[A-Z][A-Z0-9_]+\([^\n]*\)[^\n;]*$          # a macro that stands for declarations
      | ^[ \t]*\#(?:[^\n]*\\\n)*[^\n]*
      | //[^\n]* | /\*.*?\*/
      | (?P<string>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])')"""

    def space(match):
        spaces = re.sub(r"[^\n]", " ", match[0])
        return match[0][0] + spaces[1:-1] + match[0][-1] if match["string"] else spaces

    return re.sub(pattern, space, text, flags=re.S | re.M | re.X)


def find_end(code, at=0):
    """One past the end of the statement or definition that begins at `at`, or of the block around it."""
    start, depth = at, 0
    while at < len(code):
        depth += (code[at] in "({[") - (code[at] in ")}]")
        if depth < 0:
            return at
        at += 1
        if depth == 0 and code[at - 1] == ";":
            return at
        if depth == 0 and code[at - 1] == "}":
            head = re.sub(r"operator\s*[^\s\w(]+|\([^{]*\)", "", code[start:at].split("{")[0])
            if "=" not in head and not code[at:].lstrip().startswith((";", "else")):
                return at
    return None


def split_statements(body):
    """(position, text) of each statement of a block's inside."""
    at = 0
    while body[at:].strip():
        at += len(body[at:]) - len(body[at:].lstrip())
        end = find_end(body, at) or len(body)
        yield at, body[at:end]
        at = end


def get_units(root, path):
    text = (root / path).read_text()
    code = blank(text)
    namespace = re.compile(r'(?:inline\s+)?(?:namespace[\w:\s]*|extern\s*"[^"]*"\s*)\{|[};\s]')
    units, at = [], 0
    while at < len(code):
        match = namespace.match(code, at)
        if match:
            at = match.end()
            continue
        end = find_end(code, at)
        if not end or end == at:
            sys.exit(f"error: {path}:{code.count(chr(10), 0, at) + 1}: cannot cut this into functions")
        units.append(Unit(path, code, text, at, end))
        at = end
    return units
