#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes docs/operators.md: which operators are supported, where, and how many lines each takes.

    scripts/operators.py             prints the page
    scripts/operators.py --update    writes it
    scripts/operators.py --check     fails where the page is old, a limit is exceeded, or a lowering or refusal has no test
    scripts/operators.py --root DIR ...     of another tree: for tests

What an operator takes: the row of its family's table; of the lowerings every function, class and constant that this row
reaches and no other operator's row does; and elsewhere in the importer what is there for this operator alone. What
several operators share is listed apart.
"""

import argparse
import collections
import difflib
import functools
import pathlib
import re
import sys

import cpp_units
import onnx
import onnx.defs

LOWERINGS = "passes/import/onnx-to-nn"
ELSEWHERE = ["compiler/import", "passes/import"]
MECHANISM = {"CodedFloats", "Constants", "Families", "Fold", "LayerBuilder", "Lowering", "Scalar", "Window"}  # of all lowerings
FUNCTIONS = [f"compiler/import/Microsoft{kind}.cpp" for kind in ("Quantized", "Fusions", "Transformers")]  # of com.microsoft
FUNCTION_CASES = "test/compiler/import/microsoft_cases.py"
MEAN_LIMIT, PERCENTILE_LIMIT = 25, 80


class Operator:
    def __init__(self, schema):
        self.schema = schema
        self.row = 0  # lines; 0: it has none
        self.path = None  # of the lowering
        self.function = ""  # that the row names, if any
        self.reached = set()  # units
        self.own = set()  # those of them that no other operator reaches
        self.elsewhere = collections.defaultdict(set)  # numbers of lines by path and function or class
        self.body = None  # operators by which ONNX defines it

    def get_lines(self):
        return self.row + sum(unit.lines for unit in self.own) + sum(map(len, self.elsewhere.values()))


# ----------------------------------------------------------------------------------------------------------------------
# Schemas
# ----------------------------------------------------------------------------------------------------------------------


def get_operators():
    """{name of the class in C++ without Op: operator} of the newest schemas of both domains."""
    operators = {}
    for schema in onnx.defs.get_all_schemas():
        if schema.domain in ("", "ai.onnx.ml"):
            operators[("Ml" if schema.domain else "") + schema.name] = Operator(schema)
    return operators


def get_body(schema):
    """The operators by which ONNX defines this one, for a node with its required inputs of 4x4x4x4."""
    if schema.has_function:
        return {node.op_type for node in schema.function_body.node}
    if not schema.has_context_dependent_function:
        return None
    optional = onnx.defs.OpSchema.FormalParameterOption.Optional
    node, types = onnx.NodeProto(op_type=schema.name, domain=schema.domain), []
    for formal in schema.inputs:
        if formal.option == optional:
            break
        elements = [name for name in ("FLOAT", "INT64", "INT32", "BOOL") if f"tensor({name.lower()})" in formal.types]
        if not elements:
            return None
        node.input.append(formal.name)
        element = onnx.TensorProto.DataType.Value(elements[0])
        types.append(onnx.helper.make_tensor_type_proto(element, [4] * 4).SerializeToString())
    node.output.extend(formal.name for formal in schema.outputs if formal.option != optional)
    for name, attribute in schema.attributes.items():
        if attribute.default_value.name:
            node.attribute.append(attribute.default_value)
        elif attribute.required:
            node.attribute.append(onnx.helper.make_attribute(name, 1))
    body = schema.get_context_dependent_function(node.SerializeToString(), types)
    return {node.op_type for node in onnx.FunctionProto.FromString(body).node}


# ----------------------------------------------------------------------------------------------------------------------
# Rows of the tables, and what they reach
# ----------------------------------------------------------------------------------------------------------------------


def get_file(unit):
    return pathlib.Path(unit.path).stem


def get_classes(code):
    return set(re.findall(r"\bonnx::(\w+)Op\b", code))


def add_rows(operators, units):
    """Returns {name: identifiers of its row}."""
    functions = {(unit.path, unit.name): unit for unit in reversed(units)}
    rows = {}
    for unit in units:
        if not unit.name.startswith("populate") or "{" not in unit.code:
            continue
        begin = unit.code.index("{") + 1
        for position, statement in cpp_units.split_statements(unit.code[begin : unit.code.rindex("}")]):
            line = unit.line + unit.code.count("\n", 0, begin + position)
            used = re.findall(r"[A-Za-z_]\w*", re.sub(r"\btable\.(add|map)\b", "", statement))
            if used[0].startswith("populate"):
                continue
            target = next((functions[unit.path, name] for name in used if (unit.path, name) in functions), None)
            # In table.add(lowerFoo) the operator is that of its argument.
            names = get_classes(statement) or get_classes(target.head if target else "")
            if len(names) != 1 or not names <= set(operators):
                sys.exit(f"error: {unit.path}:{line}: expected a row of one operator")
            name = names.pop()
            operator = operators[name]
            operator.row, operator.path = cpp_units.count_lines(statement), unit.path
            operator.function = target.name if target and target.name.startswith("lower") else ""
            rows[name] = used
    return rows


def add_lowerings(root, operators):
    """Returns {unit: names of the operators that reach it}."""
    files = sorted(file.name for file in (root / LOWERINGS).iterdir() if file.suffix in (".cpp", ".h"))
    units = [unit for name in files for unit in cpp_units.get_units(root, f"{LOWERINGS}/{name}")]

    @functools.cache
    def get_headers(path):
        included = re.findall(rf'^#include "({LOWERINGS}/[^"]*)"', (root / path).read_text(), flags=re.M)
        return {path}.union(*map(get_headers, included))

    local, shared = collections.defaultdict(list), collections.defaultdict(list)
    for unit in units:
        if unit.name.startswith("populate"):
            continue
        if unit.path.endswith(".h") or unit.is_external():
            shared[unit.name].append(unit)
        else:
            local[unit.path, unit.name].append(unit)

    users = collections.defaultdict(set)
    for name, used in add_rows(operators, units).items():
        reached = operators[name].reached
        work = [(operators[name].path, identifier) for identifier in used]
        while work:
            path, identifier = work.pop()
            for unit in local.get((path, identifier), []) + shared.get(identifier, []):
                is_visible = unit.path.endswith(".cpp") or unit.path in get_headers(path)
                if is_visible and unit not in reached:
                    reached.add(unit)
                    users[unit].add(name)
                    work += [(unit.path, identifier) for identifier in unit.identifiers]
    for unit in units:
        if unit not in users and unit.name and not unit.name.startswith("populate") and get_file(unit) not in MECHANISM:
            sys.exit(f"error: {unit.path}:{unit.line}: {unit.name} counts for no operator: no row reaches it")
    for operator in operators.values():
        operator.own = {unit for unit in operator.reached if len(users[unit]) == 1}
    return users


def add_elsewhere(root, operators):
    """A function whose name or type says that it is for one operator; else the statements that name one."""
    by_type = {operator.schema.name: name for name, operator in operators.items()}
    for folder in ELSEWHERE:
        for file in sorted((root / folder).glob("*.cpp")):
            if f"{folder}/{file.name}" in FUNCTIONS:
                continue
            for unit in cpp_units.get_units(root, f"{folder}/{file.name}"):
                compared = set(re.findall(r'[!=]= "(\w+)"', unit.text)) & set(by_type)
                owners = get_classes(unit.head) & set(operators)
                owners |= {by_type[name] for name in compared if name in unit.name}
                if len(owners) == 1:
                    add_lines(operators[owners.pop()], unit, 0, len(unit.code))
                else:
                    add_statements(operators, by_type, unit)


def add_lines(operator, unit, begin, end):
    """Statements may lie within each other: a line counts once."""
    first = unit.line + unit.code.count("\n", 0, begin)
    lines = unit.code[begin:end].split("\n")
    operator.elsewhere[unit.path, unit.name] |= {first + i for i, line in enumerate(lines) if line.strip()}


def add_statements(operators, by_type, unit):
    at = 0
    for text in unit.text.split("\n"):
        line = unit.code[at : at + len(text)]
        names = get_classes(line) & set(operators)
        named = re.findall(r'[!=]= "(\w+)"|^ *\{"(\w+)", ', text)  # compared, or a row of a table
        names |= {by_type[name] for name in map("".join, named) if name in by_type}
        for name in names:
            add_lines(operators[name], unit, at, cpp_units.find_end(unit.code, at))
        at += len(text) + 1


# ----------------------------------------------------------------------------------------------------------------------
# The page
# ----------------------------------------------------------------------------------------------------------------------

TEXT = """# Operators

Written by `scripts/operators.py --update`; a test compares. ONNX {version}: {supported} of {total} operators are supported,
{rows} by a lowering of their own.

Lines a lowering: **mean {mean:.1f}** (at most {mean_limit}), **90th percentile {percentile}** (at most {percentile_limit}).
With what several operators share divided among all: mean {spread:.1f}.

Counted are lines of C++ that are neither empty nor comment alone: the row of the table, every function, class and constant
that the row reaches and no other operator's row does, and what the importer has for this operator alone. All operators with
an axis refuse one that is out of range.

## ai.onnx

{onnx}

## ai.onnx.ml

{ml}

## Defined by others

Where a model has one of these, ONNX's own definition is imported.

{composed}

## com.microsoft

What ONNX Runtime's quantizer and optimizer add to models. A row of a table defines each by operators of ONNX.

{microsoft}

## Resolved before lowering

{resolved}

## Refused

{refused}

## What several operators share

Apart from what all lowerings use ({mechanism}).

{shared}
"""


def link(path, name=""):
    return f"[{pathlib.Path(path).name}](../{path})" + (f" `{name}`" if name else "")


def get_refusals(units):
    """What `b.refuse(...)` says; `...` stands for what is computed."""
    messages = []
    for unit in sorted(units, key=lambda unit: (unit.path, unit.line)):
        for match in re.finditer(r"\brefuse(?=\()", unit.code):
            argument = unit.text[match.end() + 1 : cpp_units.find_end(unit.code, match.end() + 1)]
            parts = re.findall(r'"((?:\\.|[^"])*)"|(\+)', argument)
            message = re.sub("\0+", "...", "".join(text or "\0" for text, _ in parts))
            messages += [message] if message else []
    return list(dict.fromkeys(messages))


def get_functions(root):
    """{path: names of the operators of com.microsoft that it defines}."""
    files = [(path, root / path) for path in FUNCTIONS if (root / path).exists()]
    return {path: sorted(re.findall(r'^      \{"(\w+) [<(]', file.read_text(), flags=re.M)) for path, file in files}


def find_untested(root, users, rows):
    """What the tests of lowerings lack: refusals that none expects, operators whose numbers none computes."""
    tests = [file.read_text() for file in sorted((root / "test" / LOWERINGS).glob("*.mlir"))]
    computed = "".join(test for test in tests if re.search("^// RUN:.*interpret", test, flags=re.M))
    names = [f"onnx.{'ml.' if operator.schema.domain else ''}{operator.schema.name}" for operator in rows]
    lacking = [f"computes {name}" for name in names if f"{name}(" not in computed]
    for text in get_refusals(users):
        if not all(part.strip() in "".join(tests) for part in text.split("...")):
            lacking.append(f"expects: {text}")
    cases = root / FUNCTION_CASES
    text = cases.read_text() if cases.exists() else ""
    lacking += [f"runs {name}" for names in get_functions(root).values() for name in names if f'"{name}"' not in text]
    return lacking


def make_table(operators):
    lines = ["| operator | lowering | lines | refuses what |", "| --- | --- | --: | --- |"]
    for operator in sorted(operators, key=lambda operator: operator.schema.name):
        cells = [operator.schema.name, link(operator.path, operator.function), str(operator.get_lines())]
        cells.append("; ".join(get_refusals(operator.reached)).replace("|", "\\|"))
        lines.append(f"| {' | '.join(cells)} |".replace("  |", " |"))
    return "\n".join(lines)


def make_shared(users):
    lines = ["| helper | lines | operators |", "| --- | --: | --- |"]
    grouped = collections.defaultdict(list)
    for unit in users:
        grouped[get_file(unit), unit.name].append(unit)
    for units in sorted(grouped.values(), key=lambda units: (units[0].path, units[0].name)):
        names = sorted(set.union(*(users[unit] for unit in units)))
        used = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
        lines.append(f"| {link(units[0].path, units[0].name)} | {sum(unit.lines for unit in units)} | {used} |")
    return "\n".join(lines)


def make_page(root):
    """The page, the mean, the 90th percentile, what has no test."""
    operators = get_operators()
    users = add_lowerings(root, operators)
    add_elsewhere(root, operators)
    rows = [operator for operator in operators.values() if operator.row]
    rest = sorted((item for item in operators.items() if not item[1].row), key=lambda item: item[0])
    for _, operator in rest:
        operator.body = get_body(operator.schema)

    def is_supported(name):
        operator = operators.get(name)
        return bool(operator and (operator.row or operator.body and all(map(is_supported, operator.body))))

    composed = [name for name, _ in rest if is_supported(name)]
    resolved = [(name, o) for name, o in rest if name not in composed and any(path.startswith("passes/") for path, _ in o.elsewhere)]
    refused = [(name, o) for name, o in rest if name not in composed and (name, o) not in resolved]
    counts = sorted(operator.get_lines() for operator in rows)
    mean, percentile = sum(counts) / len(counts), counts[-(-len(counts) * 9 // 10) - 1]
    shared = {u: names for u, names in users.items() if len(names) > 1 and get_file(u) not in MECHANISM}

    def join(items):
        plain = [o.schema.name + (" (deprecated)" if o.schema.deprecated else "") for _, o in items if not o.schema.domain]
        return ", ".join(plain) + ".\n\nai.onnx.ml: " + ", ".join(o.schema.name for _, o in items if o.schema.domain) + "."

    page = TEXT.format(
        version=onnx.__version__,
        supported=len(rows) + len(composed) + len(resolved),
        total=len(operators),
        rows=len(rows),
        mean=mean,
        mean_limit=MEAN_LIMIT,
        percentile=percentile,
        percentile_limit=PERCENTILE_LIMIT,
        spread=mean + sum(unit.lines for unit in shared) / len(rows),
        onnx=make_table(operator for operator in rows if not operator.schema.domain),
        ml=make_table(operator for operator in rows if operator.schema.domain),
        composed="\n".join(f"- {name}: {', '.join(sorted(operators[name].body))}" for name in composed),
        microsoft="\n".join(f"- {link(path)}: {', '.join(names)}" for path, names in get_functions(root).items()),
        resolved="\n".join(
            f"- {name}: {'; '.join(link(*place) for place in o.elsewhere)}; {o.get_lines()} lines" for name, o in resolved
        ),
        refused=join(refused),
        mechanism=", ".join(sorted(MECHANISM)),
        shared=make_shared(shared),
    )
    return page, mean, percentile, find_untested(root, users, rows)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    page, mean, percentile, untested = make_page(arguments.root)
    file = arguments.root / "docs" / "operators.md"
    if arguments.update:
        file.write_text(page)
    elif arguments.check:
        old = file.read_text() if file.exists() else ""
        if old != page:
            sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), page.splitlines(True), "checked in", "now", n=0))
            sys.exit("error: docs/operators.md is old: run scripts/operators.py --update")
        if mean > MEAN_LIMIT or percentile > PERCENTILE_LIMIT:
            sys.exit(f"error: lines an operator: mean {mean:.1f}, 90th percentile {percentile}")
        if untested:
            sys.exit(f"error: no test in test/{LOWERINGS} " + "; ".join(untested))
    else:
        print(page, end="")
        return
    print(f"lines an operator: mean {mean:.1f}, 90th percentile {percentile}")


if __name__ == "__main__":
    main()
