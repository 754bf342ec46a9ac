#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Compares what sums are scaled by with NumPy: requantize_arithmetic.py exact | fixed

exact: nn.requantize, as it is written for a target with floats and for one without, by factors from 2^-40 to 2^10.
fixed: requantize{fixed-point}, with TensorFlow Lite's MultiplyByQuantizedMultiplier in Python's integers.
"""
import math
import re
import subprocess
import sys

import numpy as np

LOW, HIGH, ZERO = -128, 127, -7
MAP = """func.func @f{index}() -> tensor<{n}xi8> {{
  %x = arith.constant dense<"0x{data}"> : tensor<{n}x{kind}>
  %e = tensor.empty() : tensor<{n}xi8>
  %y = nn.map parallel [{n}] ins(%x : tensor<{n}x{kind}>) outs(%e : tensor<{n}xi8>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {{
  ^bb0(%a: {kind}):
    %zero = arith.constant {zero} : i32
{body}
    nn.yield %q : i8
  }} -> tensor<{n}xi8>
  return %y : tensor<{n}xi8>
}}
"""
EXACT = """    %factor = arith.constant 0x{bits:08X} : f32
{widen}    %q = nn.requantize {input} by %factor zero %zero in [-128, 127] -> i8"""
FIXED = """    %from = arith.constant {scale!r} : f64
    %to = arith.constant {target!r} : f32
    %n = nn.dequantize %a scale %from : i32, f64 -> f32
    %q = nn.quantize %n scale %to zero %zero in [-128, 127] : f32, f32 -> i8"""


def interpret(cases, *passes):
    """The results of (sums, body)s, which are functions of one module."""
    text = "".join(
        MAP.format(index=index, n=len(sums), data=sums.tobytes().hex().upper(), kind=f"i{sums.dtype.itemsize * 8}", zero=ZERO, body=body)
        for index, (sums, body) in enumerate(cases)
    )
    done = subprocess.run(["tenon-opt", *passes, "--interpret"], input=text, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    results = []
    for (sums, _), (data, splat) in zip(cases, re.findall(r'dense<(?:"0x([0-9A-F]+)"|(-?[0-9]+))>', done.stdout), strict=True):
        results.append(np.frombuffer(bytes.fromhex(data), np.int8) if data else np.full(len(sums), int(splat), np.int8))
    return results


def compare(title, factors, cases, wanted, *passes):
    wrong = 0
    for factor, (sums, _), want, got in zip(factors, cases, wanted, interpret(cases, *passes)):
        if not np.array_equal(got, want):
            wrong += 1
            at = np.flatnonzero(got != want)[0]
            print(f"{title}: {sums[at]} by {float(factor).hex()} is {got[at]}, not {want[at]}")
    return wrong


def near_ties(factor, limit):
    ties = np.floor((np.arange(-260, 260) + 0.5) / factor)
    around = np.concatenate([ties + k for k in (-1, 0, 1, 2)])
    return around[np.abs(around) < limit].astype(np.int64)


def get_sums(factor, bits, random):
    limit = 2 ** (bits - 1)
    powers = np.array([2**k + d for k in range(bits - 1) for d in (-1, 0, 1)])
    sums = np.concatenate([powers, -powers, near_ties(factor, limit), random.integers(-limit, limit, 1000), [-limit, limit - 1]])
    return np.clip(sums, -limit, limit - 1).astype(f"int{bits}")


def exact():
    random = np.random.default_rng(1)
    factors, cases, wanted = [], [], []
    for exponent in range(-40, 11):
        for mantissa in (0x800000, 0x800001, 0xFFFFFF, int(random.integers(0x800000, 0x1000000))):
            factor = np.float32(math.ldexp(mantissa, exponent - 23))
            for bits in (32, 16, 8):
                sums = get_sums(float(factor), bits, random)
                result = np.rint(sums.astype(np.float32) * factor).astype(np.float64) + ZERO
                wanted.append(np.clip(result, LOW, HIGH).astype(np.int8))
                widen = "" if bits == 32 else f"    %w = arith.extsi %a : i{bits} to i32\n"
                cases.append((sums, EXACT.format(bits=factor.view(np.uint32), widen=widen, input="%w" if widen else "%a")))
                factors.append(factor)
    return sum(
        compare(target, factors, cases, wanted, f"--set-target=name={target}", "--expand-quantization")
        for target in ("x86-64-v3", "cortex-m0")
    )


def quantize_multiplier(factor):
    fraction, shift = math.frexp(factor)
    multiplier = math.floor(fraction * 2**31 + 0.5)
    if multiplier == 2**31:
        multiplier, shift = multiplier // 2, shift + 1
    return (0, 0) if shift < -31 else (multiplier, shift)


def wrap(x):
    return (x + 2**31) % 2**32 - 2**31


def multiply(x, multiplier, shift):
    """MultiplyByQuantizedMultiplier of tensorflow/lite/kernels/internal/common.cc, and what it calls in gemmlowp."""
    product = wrap(x * 2 ** max(shift, 0)) * multiplier
    nudge = 2**30 if product >= 0 else 1 - 2**30
    high = abs(product + nudge) // 2**31 * (1 if product + nudge >= 0 else -1)  # C's division
    exponent = max(-shift, 0)
    mask = 2**exponent - 1
    threshold = (mask >> 1) + (1 if high < 0 else 0)
    return (high >> exponent) + (1 if (high & mask) > threshold else 0)


def fixed():
    random = np.random.default_rng(2)
    factors = [2.0**k for k in range(-40, 11, 5)] + [math.nextafter(1.0, 0.0), 0.1, 1 / 3]
    factors += [m * 2.0**k for m, k in zip(random.uniform(0.5, 1, 40).tolist(), random.integers(-34, 8, 40).tolist())]
    cases, wanted = [], []
    for factor in factors:
        target = float(np.float32(random.uniform(0.01, 1)))
        scale = factor * target
        sums = get_sums(factor, 32, random)
        multiplier, shift = quantize_multiplier(scale / target)
        wanted.append(np.array([min(max(multiply(int(x), multiplier, shift) + ZERO, LOW), HIGH) for x in sums], np.int8))
        cases.append((sums, FIXED.format(scale=scale, target=target)))
    return compare("fixed", factors, cases, wanted, "--requantize=fixed-point")


if __name__ == "__main__":
    failed = {"exact": exact, "fixed": fixed}[sys.argv[1]]()
    print(f"{failed} factors wrong")
    sys.exit(failed != 0)
