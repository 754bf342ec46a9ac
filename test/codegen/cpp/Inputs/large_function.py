# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Prints a function of the low form with as many values of each kind of name as the argument says."""

import sys

PART = """
  %buffer{i} = kernel.slice %arena, {offset} : memref<{arena}xf32> to memref<8xf32> loc("/encoder/Conv_{i}/Relu")
  %p{i} = memref.load %image[%c{k}] : memref<8xf32>
  %q{i} = memref.load %buffer{i}[%c{k}] : memref<8xf32>
  memref.store %p{i}, %buffer{i}[%c0] : memref<8xf32>
  %square{i} = arith.mulf %q{i}, %q{i} : f32
  %named{i} = arith.addf %square{i}, %square{i} {{kernel.name = "mean"}} : f32
  memref.store %named{i}, %image[%c1] : memref<8xf32>
  %larger{i} = arith.cmpf ogt, %named{i}, %square{i} : f32
  %place{i} = arith.addi %n, %c{k} : index
  %sum{i}, %number{i} = scf.for %a{i} = %c0 to %c8 step %c1 iter_args(%s{i} = %named{i}, %m{i} = %zero) -> (f32, i32) {{
    %row{i} = scf.for %b{i} = %c0 to %c8 step %c1 iter_args(%t{i} = %s{i}) -> f32 {{
      %r{i} = memref.load %buffer{i}[%b{i}] : memref<8xf32>
      %u{i} = arith.addf %t{i}, %r{i} : f32
      memref.store %r{i}, %image[%b{i}] : memref<8xf32>
      scf.yield %u{i} : f32
    }} {{kernel.name = "kx"}}
    %w{i} = arith.addi %m{i}, %one : i32
    scf.yield %row{i}, %w{i} : f32, i32
  }} {{kernel.name = "ky"}}
  %chosen{i} = scf.if %larger{i} -> f32 {{
    memref.store %sum{i}, %buffer{i}[%place{i}] : memref<8xf32>
    scf.yield %square{i} : f32
  }} else {{
    memref.store %sum{i}, %buffer{i}[%c1] : memref<8xf32>
    scf.yield %sum{i} : f32
  }}
  memref.store %chosen{i}, %buffer{i}[%place{i}] : memref<8xf32>
  memref.store %number{i}, %counts[%place{i}] : memref<8xi32>"""


def main():
    count = int(sys.argv[1])
    arena = 8 * count
    print(f"""func.func @run(%image: memref<8xf32> {{kernel.name = "image"}}, %counts: memref<8xi32> {{kernel.name = "counts"}},
    %arena: memref<{arena}xf32> {{kernel.name = "arena"}}, %n: index {{kernel.name = "n"}}) {{
  %zero = arith.constant 0 : i32
  %one = arith.constant 1 : i32
  %c8 = arith.constant 8 : index""")
    for k in range(8):
        print(f"  %c{k} = arith.constant {k} : index")
    for i in range(count):
        print(PART.format(i=i, k=i % 8, offset=32 * i, arena=arena))
    print("  return\n}")


main()
