//===- Algebra.td - Identities that make programs simpler --*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What holds for real numbers, and rounds no worse: both sides are equal, or
// the right one rounds less often. What is about one operation alone (x + 0,
// x * 1, -(-x)) is upstream's to fold; what is about regions or maps of layers
// is C++ (docs/decisions.md).
//
//===----------------------------------------------------------------------===//

#ifndef SIMPLIFY_ALGEBRA
#define SIMPLIFY_ALGEBRA

include "dialects/nn/NnOps.td"
include "mlir/Dialect/Arith/IR/ArithOps.td"
include "mlir/Dialect/Math/IR/MathOps.td"
include "mlir/IR/PatternBase.td"

class Number<string value>
    : AttrConstraint<CPred<"isNumber($_self, " # value # ")">, value>;
def HasExactInverse
    : AttrConstraint<CPred<"getExactInverse($_self)">, "a power of two">;
def ExactInverse : NativeCodeCall<"getExactInverse($0)">;
def RadicandOfPower
    : NativeCodeCall<"getRadicandOfPower($_builder, $_loc, $0)">;
def IsNoDouble : Constraint<CPred<"!$0.getType().isF64()">, "is not f64">;
def HasOneUse : Constraint<CPred<"$0.hasOneUse()">, "has one use">;

//===----------------------------------------------------------------------===//
// Powers
//===----------------------------------------------------------------------===//

// x^1 = x
def PowerOne : Pat<
  (Math_PowFOp $x, (Arith_ConstantOp Number<"1.0">:$one), $flags),
  (replaceWithValue $x)>;

// x^2 = x * x
def PowerTwo : Pat<
  (Math_PowFOp $x, (Arith_ConstantOp Number<"2.0">:$two), $flags),
  (Arith_MulFOp $x, $x, $flags)>;

// x^3 = x * x * x
def PowerThree : Pat<
  (Math_PowFOp $x, (Arith_ConstantOp Number<"3.0">:$three), $flags),
  (Arith_MulFOp (Arith_MulFOp $x, $x, $flags), $x, $flags)>;

// x^(1/2) = sqrt(x), but for -inf^(1/2) = inf and -0^(1/2) = 0. Not of f64, of
// which all targets have the power but not all the root.
def PowerHalf : Pat<
  (Math_PowFOp $x, (Arith_ConstantOp Number<"0.5">:$half), $flags),
  (Math_SqrtOp (RadicandOfPower $x), $flags), [(IsNoDouble $x)]>;

// |x| * |x| = x * x
def SquareOfMagnitude : Pat<
  (Arith_MulFOp (Math_AbsFOp $x, $inner), (Math_AbsFOp $x, $same), $flags),
  (Arith_MulFOp $x, $x, $flags)>;

//===----------------------------------------------------------------------===//
// Signs
//===----------------------------------------------------------------------===//

// x + (-y) = x - y
def AddNegated : Pat<
  (Arith_AddFOp $x, (Arith_NegFOp $y, $inner), $flags),
  (Arith_SubFOp $x, $y, $flags)>;

// (-x) + y = y - x
def NegatedAdd : Pat<
  (Arith_AddFOp (Arith_NegFOp $x, $inner), $y, $flags),
  (Arith_SubFOp $y, $x, $flags)>;

// x - (-y) = x + y
def SubtractNegated : Pat<
  (Arith_SubFOp $x, (Arith_NegFOp $y, $inner), $flags),
  (Arith_AddFOp $x, $y, $flags)>;

//===----------------------------------------------------------------------===//
// Quotients
//===----------------------------------------------------------------------===//

// x / c = x * (1 / c), where 1 / c is exact
def DivideByPowerOfTwo : Pat<
  (Arith_DivFOp $x, (Arith_ConstantOp HasExactInverse:$c), $flags),
  (Arith_MulFOp $x, (Arith_ConstantOp (ExactInverse $c)), $flags)>;

// x * (1 / y) = x / y
def MultiplyByReciprocal : Pat<
  (Arith_MulFOp $x,
    (Arith_DivFOp:$quotient (Arith_ConstantOp Number<"1.0">:$one), $y, $inner),
    $flags),
  (Arith_DivFOp $x, $y, $flags), [(HasOneUse $quotient)]>;

// (1 / x) * y = y / x
def ReciprocalTimes : Pat<
  (Arith_MulFOp
    (Arith_DivFOp:$quotient (Arith_ConstantOp Number<"1.0">:$one), $x, $inner),
    $y, $flags),
  (Arith_DivFOp $y, $x, $flags), [(HasOneUse $quotient)]>;

//===----------------------------------------------------------------------===//
// Bounds
//===----------------------------------------------------------------------===//

// max(max(x, c), d) = max(x, max(c, d)), of which constants fold
def MaximumOfMaximum : Pat<
  (Arith_MaximumFOp
    (Arith_MaximumFOp $x, (Arith_ConstantOp:$c $cValue), $inner),
    (Arith_ConstantOp:$d $dValue), $flags),
  (Arith_MaximumFOp $x, (Arith_MaximumFOp $c, $d, $flags), $flags)>;

// min(min(x, c), d) = min(x, min(c, d))
def MinimumOfMinimum : Pat<
  (Arith_MinimumFOp
    (Arith_MinimumFOp $x, (Arith_ConstantOp:$c $cValue), $inner),
    (Arith_ConstantOp:$d $dValue), $flags),
  (Arith_MinimumFOp $x, (Arith_MinimumFOp $c, $d, $flags), $flags)>;

//===----------------------------------------------------------------------===//
// Shapes
//===----------------------------------------------------------------------===//

// reshape(reshape(x)) = reshape(x)
def ReshapeOfReshape : Pat<(Nn_ReshapeOp (Nn_ReshapeOp $x)), (Nn_ReshapeOp $x)>;

#endif // SIMPLIFY_ALGEBRA
