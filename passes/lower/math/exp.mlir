// exp(x) = 2^n * e^r with n = round(x / ln 2), |r| <= ln 2 / 2 (Cody and Waite 1980, chapter 6).
// n is found by adding 1.5 * 2^23, which leaves it in the low bits of the sum: no conversion. The product of n and the
// high part of ln 2 (nine bits) is exact, with FMA and without. e^r = 1 + r + r^2 q(r), coefficients by Sollya's
// fpminimax (relative error 2^-28). 2^n is applied as two factors, so that results are right where they are denormal
// and overflow to infinity only where they must.
// Bound: 1 ulp, everywhere.

func.func @math.exp(%x: f32) -> f32 {
  %magic = arith.constant 12583166.0 : f32
  %y = call @exp_scaled(%x, %magic) : (f32, f32) -> f32
  return %y : f32
}

// e^x 2^(m - 254) where m is what %magic has beyond 1.5 * 2^23
func.func private @exp_scaled(%x: f32, %magic: f32) -> f32 {
  // Beyond these arguments the result is infinity or zero anyway; NaN passes both selections.
  %high = arith.constant 90.0 : f32
  %low = arith.constant -104.0 : f32
  %above = arith.cmpf ogt, %x, %high : f32
  %x1 = arith.select %above, %high, %x : f32
  %below = arith.cmpf olt, %x1, %low : f32
  %x2 = arith.select %below, %low, %x1 : f32

  // The low bits of %t are n + m: with m = 254, n and twice the exponent's bias.
  %log2e = arith.constant 1.44269502 : f32
  %t = math.fma %x2, %log2e, %magic : f32
  %n = arith.subf %t, %magic : f32
  %minus_ln2_high = arith.constant -0.693359375 : f32
  %minus_ln2_low = arith.constant 2.12194442e-4 : f32
  %r1 = math.fma %n, %minus_ln2_high, %x2 : f32
  %r = math.fma %n, %minus_ln2_low, %r1 : f32
  %p = call @exp_polynomial(%r) : (f32) -> f32

  %y = call @scale_by_bits(%p, %t) : (f32, f32) -> f32
  return %y : f32
}

// p 2^(b - 254), where b is what %t has beyond 1.5 * 2^23
func.func private @scale_by_bits(%p: f32, %t: f32) -> f32 {
  %one = arith.constant 1 : i32
  %twenty_three = arith.constant 23 : i32
  %bits = arith.bitcast %t : f32 to i32
  %half = arith.shrui %bits, %one : i32
  %rest = arith.subi %bits, %half : i32
  %scale1_bits = arith.shli %half, %twenty_three : i32
  %scale2_bits = arith.shli %rest, %twenty_three : i32
  %scale1 = arith.bitcast %scale1_bits : i32 to f32
  %scale2 = arith.bitcast %scale2_bits : i32 to f32
  %y1 = arith.mulf %p, %scale1 : f32
  %y = arith.mulf %y1, %scale2 : f32
  return %y : f32
}

// e^r for |r| <= ln 2 / 2
func.func private @exp_polynomial(%r: f32) -> f32 {
  %c6 = arith.constant 1.37824647e-3 : f32
  %c5 = arith.constant 8.36867001e-3 : f32
  %c4 = arith.constant 4.16689627e-2 : f32
  %c3 = arith.constant 0.166665211 : f32
  %c2 = arith.constant 0.499999911 : f32
  %c1 = arith.constant 1.0 : f32
  %p5 = math.fma %c6, %r, %c5 : f32
  %p4 = math.fma %p5, %r, %c4 : f32
  %p3 = math.fma %p4, %r, %c3 : f32
  %p2 = math.fma %p3, %r, %c2 : f32
  %p1 = math.fma %p2, %r, %c1 : f32
  %p = math.fma %p1, %r, %c1 : f32
  return %p : f32
}

// The same number of operations where there is no FMA, and one rounding less at the size of the result.
func.func private @exp_polynomial.nofma(%r: f32) -> f32 {
  %c6 = arith.constant 1.37824647e-3 : f32
  %c5 = arith.constant 8.36867001e-3 : f32
  %c4 = arith.constant 4.16689627e-2 : f32
  %c3 = arith.constant 0.166665211 : f32
  %c2 = arith.constant 0.499999911 : f32
  %c1 = arith.constant 1.0 : f32
  %p5 = math.fma %c6, %r, %c5 : f32
  %p4 = math.fma %p5, %r, %c4 : f32
  %p3 = math.fma %p4, %r, %c3 : f32
  %p2 = math.fma %p3, %r, %c2 : f32
  %r2 = arith.mulf %r, %r : f32
  %p1 = math.fma %p2, %r2, %r : f32
  %p = arith.addf %p1, %c1 : f32
  return %p : f32
}
