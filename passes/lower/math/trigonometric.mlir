// sin, cos and tan: x = n pi + r (Cody and Waite), then one odd polynomial in r, coefficients by Sollya's fpminimax.
// Whole multiples of pi, so that there is one polynomial on |r| <= pi/2 and no selection: (-1)^n is put on the sign bit.
// That polynomial is fitted a fifth of an ulp low at pi/2, so that no result comes out above 1.
// Bound: 2 ulp for sin and cos, 3 ulp for tan, for |x| <= 1.3e7 with FMA and |x| <= 25000 without. Further on without FMA
// the absolute error grows as |x| 2^-24. Beyond 1.3e7 the result is NaN.

func.func @math.sin(%x: f32) -> f32 {
  %inverse_pi = arith.constant 0.318309873 : f32
  %magic = arith.constant 12582912.0 : f32
  %t = math.fma %x, %inverse_pi, %magic : f32
  %n = arith.subf %t, %magic : f32
  %y = call @sin_of_remainder(%x, %n, %t) : (f32, f32, f32) -> f32
  return %y : f32
}

// cos(x) = (-1)^(n+1) sin(r) with x = (n + 1/2) pi + r
func.func @math.cos(%x: f32) -> f32 {
  %inverse_pi = arith.constant 0.318309873 : f32
  %magic = arith.constant 12582912.0 : f32
  // An odd number more, for the sign.
  %next_magic = arith.constant 12582913.0 : f32
  %half = arith.constant 0.5 : f32
  %minus_half = arith.constant -0.5 : f32
  %turns = math.fma %x, %inverse_pi, %minus_half : f32
  %t = arith.addf %turns, %next_magic : f32
  %n0 = arith.subf %t, %next_magic : f32
  %n = arith.addf %n0, %half : f32
  %y = call @sin_of_remainder(%x, %n, %t) : (f32, f32, f32) -> f32
  return %y : f32
}

// sin(x - n pi), negated where the last bit of %t is set.
func.func private @sin_of_remainder(%x: f32, %n: f32, %t: f32) -> f32 {
  %r = call @minus_n_pi(%x, %n) : (f32, f32) -> f32
  %c11 = arith.constant -2.55124899e-08 : f32
  %c9 = arith.constant 2.76284823e-06 : f32
  %c7 = arith.constant -0.000198431735 : f32
  %c5 = arith.constant 0.00833335053 : f32
  %c3 = arith.constant -0.166666672 : f32
  %u = arith.mulf %r, %r : f32
  %p9 = math.fma %c11, %u, %c9 : f32
  %p7 = math.fma %p9, %u, %c7 : f32
  %p5 = math.fma %p7, %u, %c5 : f32
  %p3 = math.fma %p5, %u, %c3 : f32
  %r3 = arith.mulf %r, %u : f32
  %s = math.fma %p3, %r3, %r : f32

  %thirty_one = arith.constant 31 : i32
  %t_bits = arith.bitcast %t : f32 to i32
  %sign = arith.shli %t_bits, %thirty_one : i32
  %s_bits = arith.bitcast %s : f32 to i32
  %signed_bits = arith.xori %s_bits, %sign : i32
  %signed = arith.bitcast %signed_bits : i32 to f32
  %y = call @nan_beyond_range(%signed, %x) : (f32, f32) -> f32
  return %y : f32
}

func.func @math.tan(%x: f32) -> f32 {
  %two_over_pi = arith.constant 0.636619747 : f32
  %magic = arith.constant 12582912.0 : f32
  %half = arith.constant 0.5 : f32
  %t = math.fma %x, %two_over_pi, %magic : f32
  %quarters = arith.subf %t, %magic : f32
  %n = arith.mulf %quarters, %half : f32
  %r = call @minus_n_pi(%x, %n) : (f32, f32) -> f32
  %c15 = arith.constant 4.36991639e-3 : f32
  %c13 = arith.constant 1.03685146e-4 : f32
  %c11 = arith.constant 1.08233662e-2 : f32
  %c9 = arith.constant 2.12876592e-2 : f32
  %c7 = arith.constant 5.40586710e-2 : f32
  %c5 = arith.constant 0.133326769 : f32
  %c3 = arith.constant 0.333333492 : f32
  %u = arith.mulf %r, %r : f32
  %p13 = math.fma %c15, %u, %c13 : f32
  %p11 = math.fma %p13, %u, %c11 : f32
  %p9 = math.fma %p11, %u, %c9 : f32
  %p7 = math.fma %p9, %u, %c7 : f32
  %p5 = math.fma %p7, %u, %c5 : f32
  %p3 = math.fma %p5, %u, %c3 : f32
  %r3 = arith.mulf %r, %u : f32
  %s = math.fma %p3, %r3, %r : f32

  // At an odd multiple of pi/2: -1 / tan(r).
  %one = arith.constant 1 : i32
  %zero = arith.constant 0 : i32
  %t_bits = arith.bitcast %t : f32 to i32
  %parity = arith.andi %t_bits, %one : i32
  %odd = arith.cmpi ne, %parity, %zero : i32
  %minus_one = arith.constant -1.0 : f32
  %reciprocal = arith.divf %minus_one, %s : f32
  %y0 = arith.select %odd, %reciprocal, %s : f32
  %y = call @nan_beyond_range(%y0, %x) : (f32, f32) -> f32
  return %y : f32
}

func.func private @nan_beyond_range(%y: f32, %x: f32) -> f32 {
  %limit = arith.constant 1.3e+07 : f32
  %nan = arith.constant 0x7FC00000 : f32
  %a = math.absf %x : f32
  %beyond = arith.cmpf ogt, %a, %limit : f32
  %result = arith.select %beyond, %nan, %y : f32
  return %result : f32
}

// x - n pi for n = k/2, |k| < 2^23: the first product and sum are exact together, the others round at the result's size.
func.func private @minus_n_pi(%x: f32, %n: f32) -> f32 {
  %minus_pi1 = arith.constant -3.14159274 : f32
  %minus_pi2 = arith.constant 8.74227766e-8 : f32
  %minus_pi3 = arith.constant 3.43024902e-15 : f32
  %r1 = math.fma %n, %minus_pi1, %x : f32
  %r2 = math.fma %n, %minus_pi2, %r1 : f32
  %r = math.fma %n, %minus_pi3, %r2 : f32
  return %r : f32
}

// Without FMA: parts of ten bits, so that each product with up to 14 bits is exact, and so are the first two
// differences. What the third one rounds off is carried on. Where r is tiny, all but the last step are exact.
func.func private @minus_n_pi.nofma(%x: f32, %n: f32) -> f32 {
  %pi1 = arith.constant 3.140625 : f32
  %pi2 = arith.constant 9.67979431e-4 : f32
  %pi3 = arith.constant -3.25962901e-7 : f32
  %pi4 = arith.constant 1.21644916e-10 : f32
  %pi5 = arith.constant -1.02906229e-13 : f32
  %m1 = arith.mulf %n, %pi1 : f32
  %m2 = arith.mulf %n, %pi2 : f32
  %m3 = arith.mulf %n, %pi3 : f32
  %m4 = arith.mulf %n, %pi4 : f32
  %m5 = arith.mulf %n, %pi5 : f32
  %r1 = arith.subf %x, %m1 : f32
  %r2 = arith.subf %r1, %m2 : f32
  %r3 = arith.subf %r2, %m3 : f32
  %taken = arith.subf %r2, %r3 : f32
  %rest = arith.subf %taken, %m3 : f32
  %low = arith.subf %rest, %m4 : f32
  %r4 = arith.addf %r3, %low : f32
  %r = arith.subf %r4, %m5 : f32
  return %r : f32
}
