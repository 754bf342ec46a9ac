# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Every scalar operation of the evaluator against numpy and Python's math.

scalars.py write FILE        writes the functions, one an operation
scalars.py check FILE        compares what interpret made of them
"""

import math
import re
import sys
from fractions import Fraction

import numpy as np

FLOATS = {"f16": np.float16, "f32": np.float32, "f64": np.float64}
INTEGERS = {"i8": np.int8, "i16": np.int16, "i32": np.int32, "i64": np.int64}
TYPES = {**FLOATS, **INTEGERS, "i1": np.bool_}
COUNT = 300  # more than one chunk of lanes
random = np.random.default_rng(3)


def make_data(name):
    """Random numbers of all magnitudes, and the special ones."""
    dtype = TYPES[name]
    if name in FLOATS:
        special = [0.0, -0.0, np.inf, -np.inf, np.nan, 1, -1, 2.5, -2.5, 0.5, 1.5, 3.5, -0.5]
        numbers = random.standard_normal(COUNT) * 10 ** random.uniform(-3, 3, COUNT)
    else:
        low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
        special = [low, high, 0, 1, -1, 2, low, high, 3, -3] + [1] * 20
        numbers = random.integers(low, high, COUNT, dtype=dtype, endpoint=True)
    data = numbers.astype(dtype)
    data[: len(special)] = special
    random.shuffle(data)
    return data


def in_double(function):
    """`function` of Python's floats, NaN where it has no value."""

    def one(*args):
        try:
            return function(*args)
        except ValueError:
            return math.nan
        except OverflowError:
            return -math.inf if function is math.sinh and args[0] < 0 else math.inf

    return lambda *columns: np.array([one(*map(float, row)) for row in zip(*columns)])


def wrapping(name, function):
    """`function` of Python's integers, wrapped to the type."""
    bits = np.iinfo(TYPES[name]).bits

    def one(*args):
        return (int(function(*map(int, args))) + 2 ** (bits - 1)) % 2**bits - 2 ** (bits - 1)

    return lambda *columns: np.array([one(*row) for row in zip(*columns)], dtype=object)


def saturating(low, high):
    def one(x):
        return 0 if math.isnan(x) else high if x >= high else low if x <= low else int(x)

    return lambda column: [one(float(x)) for x in column]


def fused(dtype):
    """a * b + c, rounded once: of the floats around it the nearest, even if tied."""

    def one(a, b, c):
        if not all(map(math.isfinite, (a, b, c))) or a * b + c == 0:
            return a * b + c
        exact = Fraction(a) * Fraction(b) + Fraction(c)
        near = dtype(float(exact))
        if not np.isfinite(near):
            return near
        around = [near, np.nextafter(near, dtype(np.inf)), np.nextafter(near, dtype(-np.inf))]
        even = lambda x: int(x.view(f"u{x.itemsize}")) % 2
        return min(filter(np.isfinite, around), key=lambda x: (abs(Fraction(float(x)) - exact), even(x)))

    return lambda *columns: np.array([one(*map(float, row)) for row in zip(*columns)])


def unsigned(column):
    return column.view("u" + column.dtype.name)


def float_cases(t):
    dtype = FLOATS[t]
    binary = {"add": np.add, "sub": np.subtract, "mul": np.multiply, "div": np.divide, "rem": np.fmod,
              "maximum": np.maximum, "minimum": np.minimum, "maxnum": np.fmax, "minnum": np.fmin}
    for op, f in binary.items():
        yield f"arith.{op}f %a, %b : {t}", [t, t], t, f
    unary = {"absf": np.abs, "ceil": np.ceil, "floor": np.floor, "roundeven": np.rint, "trunc": np.trunc,
             "sqrt": np.sqrt}
    for op, f in unary.items():
        yield f"math.{op} %a : {t}", [t], t, f
    away = lambda a: np.copysign(np.floor(np.abs(a.astype(np.float64)) + 0.5), a)
    yield f"math.round %a : {t}", [t], t, away
    yield f"arith.negf %a : {t}", [t], t, np.negative
    yield f"math.copysign %a, %b : {t}", [t, t], t, np.copysign
    yield f"math.fma %a, %b, %c : {t}", [t, t, t], t, fused(dtype)
    for op in "acos acosh asin asinh atan cos cosh erf exp expm1 sin sinh tan tanh".split():
        yield f"math.{op} %a : {t}", [t], t, in_double(getattr(math, op))
    numpys = {"exp2": np.exp2, "log": np.log, "log10": np.log10, "log1p": np.log1p, "log2": np.log2,
              "cbrt": np.cbrt, "atanh": np.arctanh, "rsqrt": lambda x: 1 / np.sqrt(x)}
    for op, f in numpys.items():
        yield f"math.{op} %a : {t}", [t], t, lambda a, f=f: f(a.astype(np.float64))
    for op, f in {"atan2": np.arctan2, "powf": np.power}.items():
        yield f"math.{op} %a, %b : {t}", [t, t], t, lambda a, b, f=f: f(a.astype(float), b.astype(float))
    nan = lambda a, b: np.isnan(a) | np.isnan(b)
    for op, f in {"eq": np.equal, "gt": np.greater, "ge": np.greater_equal, "lt": np.less,
                  "le": np.less_equal, "ne": lambda a, b: (a < b) | (a > b)}.items():
        yield f"arith.cmpf o{op}, %a, %b : {t}", [t, t], "i1", f
        yield f"arith.cmpf u{op}, %a, %b : {t}", [t, t], "i1", lambda a, b, f=f: f(a, b) | nan(a, b)
    yield f"arith.cmpf ord, %a, %b : {t}", [t, t], "i1", lambda a, b: ~nan(a, b)
    yield f"arith.cmpf uno, %a, %b : {t}", [t, t], "i1", nan
    for i, integer in INTEGERS.items():
        info = np.iinfo(integer)
        yield f"arith.sitofp %a : {i} to {t}", [i], t, lambda a: a
        yield f"arith.uitofp %a : {i} to {t}", [i], t, unsigned
        yield f"arith.fptosi %a : {t} to {i}", [t], i, saturating(int(info.min), int(info.max))
        natural = saturating(0, 2**info.bits - 1)
        yield f"arith.fptoui %a : {t} to {i}", [t], i, lambda a, i=i, n=natural: wrapping(i, int)(n(a))


def integer_cases(t):
    bits = np.iinfo(TYPES[t]).bits
    mask = 2**bits - 1
    quotient = lambda a, b: abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
    binary = {
        "addi": lambda a, b: a + b, "subi": lambda a, b: a - b, "muli": lambda a, b: a * b,
        "andi": lambda a, b: a & b, "ori": lambda a, b: a | b, "xori": lambda a, b: a ^ b,
        "maxsi": max, "minsi": min,
        "maxui": lambda a, b: max(a & mask, b & mask), "minui": lambda a, b: min(a & mask, b & mask),
        "divsi": quotient, "remsi": lambda a, b: a - b * quotient(a, b),
        "divui": lambda a, b: (a & mask) // (b & mask), "remui": lambda a, b: (a & mask) % (b & mask),
        "floordivsi": lambda a, b: a // b, "ceildivsi": lambda a, b: -(-a // b),
        "ceildivui": lambda a, b: -(-(a & mask) // (b & mask)),
    }
    for op, f in binary.items():
        yield f"arith.{op} %a, %b : {t}", [t, t], t, wrapping(t, f)
    unary = {"absi": abs, "ctpop": lambda a: bin(a & mask).count("1"),
             "ctlz": lambda a: bits - (a & mask).bit_length(),
             "cttz": lambda a: (a & -a).bit_length() - 1 if a else bits}
    for op, f in unary.items():
        yield f"math.{op} %a : {t}", [t], t, wrapping(t, f)
    for op, f in {"eq": np.equal, "ne": np.not_equal}.items():
        yield f"arith.cmpi {op}, %a, %b : {t}", [t, t], "i1", f
    for op, f in {"lt": np.less, "le": np.less_equal, "gt": np.greater, "ge": np.greater_equal}.items():
        yield f"arith.cmpi s{op}, %a, %b : {t}", [t, t], "i1", f
        yield f"arith.cmpi u{op}, %a, %b : {t}", [t, t], "i1", lambda a, b, f=f: f(unsigned(a), unsigned(b))
    for by in (0, 1, bits - 1):
        yield f"arith.shli %a, %k{by} : {t}", [t], t, wrapping(t, lambda a, by=by: a << by)
        yield f"arith.shrsi %a, %k{by} : {t}", [t], t, wrapping(t, lambda a, by=by: a >> by)
        yield f"arith.shrui %a, %k{by} : {t}", [t], t, wrapping(t, lambda a, by=by: (a & mask) >> by)


def conversion_cases():
    same = lambda a: a
    for op, to in (("extf", "f32 to f64"), ("extf", "f16 to f32"), ("truncf", "f32 to f16"),
                   ("truncf", "f64 to f32"), ("truncf", "f64 to f16"), ("extsi", "i8 to i32"),
                   ("trunci", "i32 to i8")):
        yield f"arith.{op} %a : {to}", [to.split()[0]], to.split()[2], same
    yield "arith.extui %a : i8 to i32", ["i8"], "i32", unsigned
    yield "arith.bitcast %a : f32 to i32", ["f32"], "i32", lambda a: a.view(np.int32)
    yield "arith.bitcast %a : i16 to f16", ["i16"], "f16", lambda a: a.view(np.float16)


def all_cases():
    for t in FLOATS:
        yield from float_cases(t)
    for t in INTEGERS:
        yield from integer_cases(t)
    yield from conversion_cases()


def prepared():
    """(operation, operand types, result type, operands, expected result)"""
    for op, types, result, function in all_cases():
        operands = [make_data(t) for t in types]
        if re.search("div|rem[su]i", op) and types[0] in INTEGERS:
            operands[1][operands[1] == 0] = 3
        with np.errstate(all="ignore"):
            yield op, types, result, operands, np.asarray(function(*operands)).astype(TYPES[result])


def write(path):
    with open(path, "w") as file:
        for number, (op, types, result, operands, _) in enumerate(prepared()):
            tensors = [f"tensor<{COUNT}x{t}>" for t in types]
            to = f"tensor<{COUNT}x{result}>"
            file.write(f"func.func @f{number}() -> {to} {{\n")
            for n, (tensor, data) in enumerate(zip(tensors, operands)):
                file.write(f'  %x{n} = arith.constant dense<"0x{data.tobytes().hex().upper()}"> : {tensor}\n')
            names = ", ".join(f"%x{n}" for n in range(len(types)))
            maps = ", ".join(["affine_map<(i) -> (i)>"] * (len(types) + 1))
            arguments = ", ".join(f"%{'abc'[n]}: {t}" for n, t in enumerate(types))
            shift = re.search(r"%(k(\d+))", op)
            constant = f"%{shift[1]} = arith.constant {shift[2]} : {types[0]}\n    " if shift else ""
            file.write(f"""  %init = tensor.empty() : {to}
  %y = nn.map parallel [{COUNT}] ins({names} : {", ".join(tensors)}) outs(%init : {to}) maps [{maps}] body {{
  ^bb0({arguments}):
    {constant}%r = {op}
    nn.yield %r : {result}
  }} -> {to}
  return %y : {to}
}}
""")


def parse(text, result):
    if not text.startswith('"0x'):  # a splat
        return np.full(COUNT, {"true": True, "false": False}.get(text) if result == "i1" else float(text))
    data = np.frombuffer(bytes.fromhex(text[3:-1]), np.uint8)
    if result == "i1":
        return np.unpackbits(data, bitorder="little")[:COUNT].astype(bool)
    values = data.view(TYPES[result])
    return np.repeat(values, COUNT) if len(values) == 1 else values


def check(path):
    with open(path) as file:
        outputs = re.findall(r"arith.constant dense<(.*?)> : tensor", file.read())
    cases = list(prepared())
    failures = abs(len(cases) - len(outputs))
    for (op, types, result, operands, expected), text in zip(cases, outputs):
        got = parse(text, result)
        same = got == expected
        if result in FLOATS:
            # Python's library and the host's may differ in the last bits of a double.
            near = np.isclose(got, expected, rtol=1e-14, atol=0) if op.startswith("math.") and result == "f64" else same
            same = (same | near) & (np.signbit(got) == np.signbit(expected)) | np.isnan(got) & np.isnan(expected)
        if not same.all():
            failures += 1
            at = int(np.argmin(same))
            print(f"{op}: of {[x[at] for x in operands]}: got {got[at]}, expected {expected[at]}")
    print(f"{len(outputs)} operations, {failures} failures")
    return failures


if __name__ == "__main__":
    sys.exit(write(sys.argv[2]) if sys.argv[1] == "write" else check(sys.argv[2]))
