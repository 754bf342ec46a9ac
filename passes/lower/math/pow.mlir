// x^y = 2^(y log2|x|), the logarithm and the product in pairs of floats (high, low).
// log2(m) = 2/ln2 s (1 + P(s^2)) with s = (m - 1) / (m + 1), |s| <= 0.172: what P contributes is small enough for one float.
// Signs, zeros, infinities and NaN are those of C's pow: x^0 = 1, 1^y = 1, NaN for negative x and a fractional y.
// Bound: 4 ulp.

func.func @math.powf(%x: f32, %y: f32) -> f32 {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %infinity = arith.constant 0x7F800000 : f32
  %nan = arith.constant 0x7FC00000 : f32
  %a = math.absf %x : f32
  %log_high, %log_low = call @log2_pair(%a) : (f32) -> (f32, f32)

  // No finite logarithm but 0 is below 2^-24: with |y| limited, all products are finite, and as large as they need be.
  %y_high = arith.constant 1.0e+12 : f32
  %y_low = arith.constant -1.0e+12 : f32
  %y1 = arith.minnumf %y, %y_high : f32
  %y2 = arith.maxnumf %y1, %y_low : f32
  %z, %z_rest = call @two_product(%y2, %log_high) : (f32, f32) -> (f32, f32)
  %z_low = math.fma %y2, %log_low, %z_rest : f32
  %magnitude0 = call @exp2_pair(%z, %z_low) : (f32, f32) -> f32

  // 0 and infinity, and their inverses
  %is_zero = arith.cmpf oeq, %a, %zero : f32
  %is_infinite = arith.cmpf oeq, %a, %infinity : f32
  %y_negative = arith.cmpf olt, %y, %zero : f32
  %to_infinity_0 = arith.select %y_negative, %infinity, %zero : f32
  %to_infinity_1 = arith.select %y_negative, %zero, %infinity : f32
  %magnitude1 = arith.select %is_zero, %to_infinity_0, %magnitude0 : f32
  %magnitude2 = arith.select %is_infinite, %to_infinity_1, %magnitude1 : f32

  // A negative x: the sign is that of (-1)^y. Where y/2 is fractional and y is not, y is odd.
  %half = arith.constant 0.5 : f32
  %b = math.absf %y : f32
  %b_integer = call @round_magnitude(%b) : (f32) -> f32
  %h = arith.mulf %b, %half : f32
  %h_integer = call @round_magnitude(%h) : (f32) -> f32
  %fractional = arith.cmpf one, %b_integer, %b : f32
  %h_fractional = arith.cmpf one, %h_integer, %h : f32
  %negated = arith.negf %magnitude2 : f32
  %odd = arith.select %h_fractional, %negated, %magnitude2 : f32
  %finite_base = arith.cmpf olt, %a, %infinity : f32
  %nonzero = arith.cmpf ogt, %a, %zero : f32
  %ordinary = arith.andi %finite_base, %nonzero : i1
  %no_root = arith.select %ordinary, %nan, %magnitude2 : f32
  %of_negative = arith.select %fractional, %no_root, %odd : f32
  %sign_bit = arith.constant 0x80000000 : i32
  %no_bits = arith.constant 0 : i32
  %x_bits = arith.bitcast %x : f32 to i32
  %x_sign = arith.andi %x_bits, %sign_bit : i32
  %x_negative = arith.cmpi ne, %x_sign, %no_bits : i32
  %r0 = arith.select %x_negative, %of_negative, %magnitude2 : f32

  %x_nan = arith.cmpf uno, %x, %y : f32
  %r1 = arith.select %x_nan, %nan, %r0 : f32
  %x_one = arith.cmpf oeq, %x, %one : f32
  %y_zero = arith.cmpf oeq, %y, %zero : f32
  %is_one = arith.ori %x_one, %y_zero : i1
  %r = arith.select %is_one, %one, %r1 : f32
  return %r : f32
}

// log2 of a positive finite number as a pair
func.func private @log2_pair(%a: f32) -> (f32, f32) {
  %zero = arith.constant 0.0 : f32
  %smallest_normal = arith.constant 1.17549435e-38 : f32
  %scale = arith.constant 8388608.0 : f32
  %minus_23 = arith.constant -23.0 : f32
  %denormal = arith.cmpf olt, %a, %smallest_normal : f32
  %scaled = arith.mulf %a, %scale : f32
  %normal = arith.select %denormal, %scaled, %a : f32
  %k0 = arith.select %denormal, %minus_23, %zero : f32
  %k1, %f = call @log_split(%normal) : (f32) -> (f32, f32)
  %k = arith.addf %k1, %k0 : f32

  // s = f / (f + 2) as a pair
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %d = arith.addf %f, %two : f32
  %d_back = arith.subf %d, %two : f32
  %d_low = arith.subf %f, %d_back : f32
  %inverse = arith.divf %one, %d : f32
  %s = arith.mulf %f, %inverse : f32
  %sd, %sd_low = call @two_product(%s, %d) : (f32, f32) -> (f32, f32)
  %missing0 = arith.subf %f, %sd : f32
  %missing1 = arith.subf %missing0, %sd_low : f32
  %minus_s = arith.negf %s : f32
  %missing = math.fma %minus_s, %d_low, %missing1 : f32
  %s_low = arith.mulf %missing, %inverse : f32

  // atanh(s) / s - 1
  %c9 = arith.constant 0.120146044 : f32
  %c7 = arith.constant 0.142550707 : f32
  %c5 = arith.constant 0.200004250 : f32
  %c3 = arith.constant 0.333333313 : f32
  %u0 = arith.mulf %s, %s : f32
  %twice_s = arith.addf %s, %s : f32
  %u = math.fma %twice_s, %s_low, %u0 : f32
  %p7 = math.fma %c9, %u, %c7 : f32
  %p5 = math.fma %p7, %u, %c5 : f32
  %p3 = math.fma %p5, %u, %c3 : f32
  %p = arith.mulf %p3, %u : f32

  %factor = arith.constant 2.88539004 : f32
  %factor_low = arith.constant 3.8519261e-8 : f32
  %t, %t_rest = call @two_product(%s, %factor) : (f32, f32) -> (f32, f32)
  %t_low0 = math.fma %s, %factor_low, %t_rest : f32
  %t_low1 = math.fma %s_low, %factor, %t_low0 : f32
  %t_low = math.fma %t, %p, %t_low1 : f32

  // k + t + t_low; k is 0 or the larger.
  %sum = arith.addf %k, %t : f32
  %sum_back = arith.subf %sum, %k : f32
  %sum_rest = arith.subf %t, %sum_back : f32
  %low0 = arith.addf %sum_rest, %t_low : f32
  %high = arith.addf %sum, %low0 : f32
  %high_back = arith.subf %high, %sum : f32
  %low = arith.subf %low0, %high_back : f32
  return %high, %low : f32, f32
}

// 2^(z + z_low), |z_low| << 1
func.func private @exp2_pair(%z: f32, %z_low: f32) -> f32 {
  %zero = arith.constant 0.0 : f32
  %high = arith.constant 130.0 : f32
  %low = arith.constant -151.0 : f32
  %above = arith.cmpf ogt, %z, %high : f32
  %z1 = arith.select %above, %high, %z : f32
  %below = arith.cmpf olt, %z1, %low : f32
  %z2 = arith.select %below, %low, %z1 : f32
  // The low part belongs to the product, not to the limit.
  %limited = arith.ori %above, %below : i1
  %rest = arith.select %limited, %zero, %z_low : f32
  %magic = arith.constant 12583166.0 : f32
  %t = arith.addf %z2, %magic : f32
  %n = arith.subf %t, %magic : f32
  %r0 = arith.subf %z2, %n : f32
  %r = arith.addf %r0, %rest : f32
  %c6 = arith.constant 1.52412846e-4 : f32
  %c5 = arith.constant 1.33913022e-3 : f32
  %c4 = arith.constant 9.61883367e-3 : f32
  %c3 = arith.constant 5.55035882e-2 : f32
  %c2 = arith.constant 0.240226448 : f32
  %c1 = arith.constant 0.693147182 : f32
  %c0 = arith.constant 1.0 : f32
  %p5 = math.fma %c6, %r, %c5 : f32
  %p4 = math.fma %p5, %r, %c4 : f32
  %p3 = math.fma %p4, %r, %c3 : f32
  %p2 = math.fma %p3, %r, %c2 : f32
  %p1 = math.fma %p2, %r, %c1 : f32
  %p = math.fma %p1, %r, %c0 : f32
  %y = call @scale_by_bits(%p, %t) : (f32, f32) -> f32
  return %y : f32
}

// A magnitude rounded to an integer
func.func private @round_magnitude(%a: f32) -> f32 {
  %integral = arith.constant 8388608.0 : f32
  %sum = arith.addf %a, %integral : f32
  %rounded = arith.subf %sum, %integral : f32
  %has_fraction = arith.cmpf olt, %a, %integral : f32
  %y = arith.select %has_fraction, %rounded, %a : f32
  return %y : f32
}

// a b as the rounded product and what it rounds off
func.func private @two_product(%a: f32, %b: f32) -> (f32, f32) {
  %product = arith.mulf %a, %b : f32
  %minus = arith.negf %product : f32
  %rest = math.fma %a, %b, %minus : f32
  return %product, %rest : f32, f32
}

// Without FMA (Dekker 1971): halves of 12 bits, whose products are exact.
func.func private @two_product.nofma(%a: f32, %b: f32) -> (f32, f32) {
  %product = arith.mulf %a, %b : f32
  %a1, %a2 = call @halves(%a) : (f32) -> (f32, f32)
  %b1, %b2 = call @halves(%b) : (f32) -> (f32, f32)
  %p11 = arith.mulf %a1, %b1 : f32
  %p12 = arith.mulf %a1, %b2 : f32
  %p21 = arith.mulf %a2, %b1 : f32
  %p22 = arith.mulf %a2, %b2 : f32
  %rest0 = arith.subf %p11, %product : f32
  %rest1 = arith.addf %rest0, %p12 : f32
  %rest2 = arith.addf %rest1, %p21 : f32
  %rest = arith.addf %rest2, %p22 : f32
  return %product, %rest : f32, f32
}

func.func private @halves(%a: f32) -> (f32, f32) {
  %mask = arith.constant 0xFFFFF000 : i32
  %bits = arith.bitcast %a : f32 to i32
  %high_bits = arith.andi %bits, %mask : i32
  %high = arith.bitcast %high_bits : i32 to f32
  %low = arith.subf %a, %high : f32
  return %high, %low : f32, f32
}
