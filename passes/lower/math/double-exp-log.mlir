// exp, log and pow on f64: the algorithms of exp.mlir, log.mlir and pow.mlir with longer polynomials, by Sollya's
// fpminimax. Bounds: exp 1.5 ulp, log 1 ulp, pow 24 ulp.

// Relative error of the polynomial: 2^-57.
func.func @math.exp.f64(%x: f64) -> f64 {
  %high = arith.constant 720.0 : f64
  %low = arith.constant -750.0 : f64
  %above = arith.cmpf ogt, %x, %high : f64
  %x1 = arith.select %above, %high, %x : f64
  %below = arith.cmpf olt, %x1, %low : f64
  %x2 = arith.select %below, %low, %x1 : f64
  // 1.5 * 2^52 and twice the exponent's bias
  %magic = arith.constant 6755399441057790.0 : f64
  %log2e = arith.constant 1.4426950408889634 : f64
  %t = math.fma %x2, %log2e, %magic : f64
  %n = arith.subf %t, %magic : f64
  // The high part has 32 bits: the product is exact.
  %minus_ln2_high = arith.constant -0.69314718060195446 : f64
  %minus_ln2_low = arith.constant 4.2009150726810846e-11 : f64
  %r1 = math.fma %n, %minus_ln2_high, %x2 : f64
  %r = math.fma %n, %minus_ln2_low, %r1 : f64
  %c11 = arith.constant 2.5030340348600488e-08 : f64
  %c10 = arith.constant 2.763148473570849e-07 : f64
  %c9 = arith.constant 2.755749012915804e-06 : f64
  %c8 = arith.constant 2.480148930223958e-05 : f64
  %c7 = arith.constant 0.00019841269615290398 : f64
  %c6 = arith.constant 0.0013888888947740925 : f64
  %c5 = arith.constant 0.008333333333443589 : f64
  %c4 = arith.constant 0.04166666666651194 : f64
  %c3 = arith.constant 0.16666666666666494 : f64
  %c2 = arith.constant 0.5000000000000013 : f64
  %p10 = math.fma %c11, %r, %c10 : f64
  %p9 = math.fma %p10, %r, %c9 : f64
  %p8 = math.fma %p9, %r, %c8 : f64
  %p7 = math.fma %p8, %r, %c7 : f64
  %p6 = math.fma %p7, %r, %c6 : f64
  %p5 = math.fma %p6, %r, %c5 : f64
  %p4 = math.fma %p5, %r, %c4 : f64
  %p3 = math.fma %p4, %r, %c3 : f64
  %q = math.fma %p3, %r, %c2 : f64
  %r2 = arith.mulf %r, %r : f64
  %s = math.fma %q, %r2, %r : f64
  %one = arith.constant 1.0 : f64
  %p = arith.addf %s, %one : f64
  %y = call @scale_by_bits.f64(%p, %t) : (f64, f64) -> f64
  return %y : f64
}

// p 2^(b - 2046), where b is what %t has beyond 1.5 * 2^52
func.func private @scale_by_bits.f64(%p: f64, %t: f64) -> f64 {
  %one = arith.constant 1 : i64
  %fifty_two = arith.constant 52 : i64
  %bits = arith.bitcast %t : f64 to i64
  %half = arith.shrui %bits, %one : i64
  %rest = arith.subi %bits, %half : i64
  %scale1_bits = arith.shli %half, %fifty_two : i64
  %scale2_bits = arith.shli %rest, %fifty_two : i64
  %scale1 = arith.bitcast %scale1_bits : i64 to f64
  %scale2 = arith.bitcast %scale2_bits : i64 to f64
  %y1 = arith.mulf %p, %scale1 : f64
  %y = arith.mulf %y1, %scale2 : f64
  return %y : f64
}

// log(1 + f) = f - (f^2/2 - s (f^2/2 + R(s^2))), s = f / (2 + f): FreeBSD's e_log.c. Absolute error of R: 2^-58.
func.func @math.log.f64(%x: f64) -> f64 {
  %zero = arith.constant 0.0 : f64
  %half = arith.constant 0.5 : f64
  %two = arith.constant 2.0 : f64
  %infinity = arith.constant 0x7FF0000000000000 : f64
  %minus_infinity = arith.constant 0xFFF0000000000000 : f64
  %nan = arith.constant 0x7FF8000000000000 : f64
  %k, %f = call @log_split_any.f64(%x) : (f64) -> (f64, f64)
  %d = arith.addf %two, %f : f64
  %s = arith.divf %f, %d : f64
  %z = arith.mulf %s, %s : f64
  %c7 = arith.constant 0.14798987327982632 : f64
  %c6 = arith.constant 0.15313766873120024 : f64
  %c5 = arith.constant 0.18183574579518835 : f64
  %c4 = arith.constant 0.22222198393385667 : f64
  %c3 = arith.constant 0.2857142874394941 : f64
  %c2 = arith.constant 0.39999999999408653 : f64
  %c1 = arith.constant 0.6666666666666735 : f64
  %p6 = math.fma %c7, %z, %c6 : f64
  %p5 = math.fma %p6, %z, %c5 : f64
  %p4 = math.fma %p5, %z, %c4 : f64
  %p3 = math.fma %p4, %z, %c3 : f64
  %p2 = math.fma %p3, %z, %c2 : f64
  %r = math.fma %p2, %z, %c1 : f64
  %R = arith.mulf %r, %z : f64
  %half_f = arith.mulf %half, %f : f64
  %h = arith.mulf %half_f, %f : f64
  %ln2_high = arith.constant 0.69314718060195446 : f64
  %minus_ln2_low = arith.constant 4.2009150726810846e-11 : f64
  %hR = arith.addf %h, %R : f64
  %low = arith.mulf %k, %minus_ln2_low : f64
  %minus_low = arith.negf %low : f64
  %shR = math.fma %s, %hR, %minus_low : f64
  %rest = arith.subf %h, %shR : f64
  %log1p = arith.subf %f, %rest : f64
  %y = math.fma %k, %ln2_high, %log1p : f64
  %finite = arith.cmpf olt, %x, %infinity : f64
  %y1 = arith.select %finite, %y, %x : f64
  %negative = arith.cmpf olt, %x, %zero : f64
  %y2 = arith.select %negative, %nan, %y1 : f64
  %is_zero = arith.cmpf oeq, %x, %zero : f64
  %y3 = arith.select %is_zero, %minus_infinity, %y2 : f64
  return %y3 : f64
}

// k and f of x = 2^k (1 + f), sqrt(1/2) <= 1 + f < sqrt(2). Denormal numbers are scaled by 2^52.
func.func private @log_split_any.f64(%x: f64) -> (f64, f64) {
  %zero = arith.constant 0.0 : f64
  %one = arith.constant 1.0 : f64
  %smallest_normal = arith.constant 2.2250738585072014e-308 : f64
  %scale = arith.constant 4503599627370496.0 : f64
  %minus_52 = arith.constant -52.0 : f64
  %denormal = arith.cmpf olt, %x, %smallest_normal : f64
  %scaled = arith.mulf %x, %scale : f64
  %normal = arith.select %denormal, %scaled, %x : f64
  %k0 = arith.select %denormal, %minus_52, %zero : f64
  %sqrt_half_bits = arith.constant 0x3FE6A09E667F3BCD : i64
  %mantissa_mask = arith.constant 0x000FFFFFFFFFFFFF : i64
  %fifty_two = arith.constant 52 : i64
  %bits = arith.bitcast %normal : f64 to i64
  %offset = arith.subi %bits, %sqrt_half_bits : i64
  %mantissa = arith.andi %offset, %mantissa_mask : i64
  %m_bits = arith.addi %mantissa, %sqrt_half_bits : i64
  %m = arith.bitcast %m_bits : i64 to f64
  %f = arith.subf %m, %one : f64
  %k_wide = arith.shrsi %offset, %fifty_two : i64
  %k_int = arith.trunci %k_wide : i64 to i32
  %k1 = arith.sitofp %k_int : i32 to f64
  %k = arith.addf %k1, %k0 : f64
  return %k, %f : f64, f64
}

func.func @math.powf.f64(%x: f64, %y: f64) -> f64 {
  %zero = arith.constant 0.0 : f64
  %one = arith.constant 1.0 : f64
  %infinity = arith.constant 0x7FF0000000000000 : f64
  %nan = arith.constant 0x7FF8000000000000 : f64
  %a = math.absf %x : f64
  %log_high, %log_low = call @log2_pair.f64(%a) : (f64) -> (f64, f64)

  // No finite logarithm but 0 is below 2^-53: with |y| limited, all products are finite, and as large as they need be.
  %y_high = arith.constant 1.0e+20 : f64
  %y_low = arith.constant -1.0e+20 : f64
  %y1 = arith.minnumf %y, %y_high : f64
  %y2 = arith.maxnumf %y1, %y_low : f64
  %z, %z_rest = call @two_product.f64(%y2, %log_high) : (f64, f64) -> (f64, f64)
  %z_low = math.fma %y2, %log_low, %z_rest : f64
  %magnitude0 = call @exp2_pair.f64(%z, %z_low) : (f64, f64) -> f64

  // 0 and infinity, and their inverses
  %is_zero = arith.cmpf oeq, %a, %zero : f64
  %is_infinite = arith.cmpf oeq, %a, %infinity : f64
  %y_negative = arith.cmpf olt, %y, %zero : f64
  %to_infinity_0 = arith.select %y_negative, %infinity, %zero : f64
  %to_infinity_1 = arith.select %y_negative, %zero, %infinity : f64
  %magnitude1 = arith.select %is_zero, %to_infinity_0, %magnitude0 : f64
  %magnitude2 = arith.select %is_infinite, %to_infinity_1, %magnitude1 : f64

  // A negative x: the sign is that of (-1)^y. Where y/2 is fractional and y is not, y is odd.
  %half = arith.constant 0.5 : f64
  %b = math.absf %y : f64
  %b_integer = call @round_magnitude.f64(%b) : (f64) -> f64
  %h = arith.mulf %b, %half : f64
  %h_integer = call @round_magnitude.f64(%h) : (f64) -> f64
  %fractional = arith.cmpf one, %b_integer, %b : f64
  %h_fractional = arith.cmpf one, %h_integer, %h : f64
  %negated = arith.negf %magnitude2 : f64
  %odd = arith.select %h_fractional, %negated, %magnitude2 : f64
  %finite_base = arith.cmpf olt, %a, %infinity : f64
  %nonzero = arith.cmpf ogt, %a, %zero : f64
  %ordinary = arith.andi %finite_base, %nonzero : i1
  %no_root = arith.select %ordinary, %nan, %magnitude2 : f64
  %of_negative = arith.select %fractional, %no_root, %odd : f64
  %sign_bit = arith.constant 0x8000000000000000 : i64
  %no_bits = arith.constant 0 : i64
  %x_bits = arith.bitcast %x : f64 to i64
  %x_sign = arith.andi %x_bits, %sign_bit : i64
  %x_negative = arith.cmpi ne, %x_sign, %no_bits : i64
  %r0 = arith.select %x_negative, %of_negative, %magnitude2 : f64

  %x_nan = arith.cmpf uno, %x, %y : f64
  %r1 = arith.select %x_nan, %nan, %r0 : f64
  %x_one = arith.cmpf oeq, %x, %one : f64
  %y_zero = arith.cmpf oeq, %y, %zero : f64
  %is_one = arith.ori %x_one, %y_zero : i1
  %r = arith.select %is_one, %one, %r1 : f64
  return %r : f64
}

func.func private @log2_pair.f64(%a: f64) -> (f64, f64) {
  %k, %f = call @log_split_any.f64(%a) : (f64) -> (f64, f64)

  // s = f / (f + 2) as a pair
  %one = arith.constant 1.0 : f64
  %two = arith.constant 2.0 : f64
  %d = arith.addf %f, %two : f64
  %d_back = arith.subf %d, %two : f64
  %d_low = arith.subf %f, %d_back : f64
  %inverse = arith.divf %one, %d : f64
  %s = arith.mulf %f, %inverse : f64
  %sd, %sd_low = call @two_product.f64(%s, %d) : (f64, f64) -> (f64, f64)
  %missing0 = arith.subf %f, %sd : f64
  %missing1 = arith.subf %missing0, %sd_low : f64
  %minus_s = arith.negf %s : f64
  %missing = math.fma %minus_s, %d_low, %missing1 : f64
  %s_low = arith.mulf %missing, %inverse : f64

  // atanh(s) / s - 1
  %u0 = arith.mulf %s, %s : f64
  %twice_s = arith.addf %s, %s : f64
  %u = math.fma %twice_s, %s_low, %u0 : f64
  %c8 = arith.constant 0.0664398369392484 : f64
  %c7 = arith.constant 0.06623280317391163 : f64
  %c6 = arith.constant 0.07693609898665468 : f64
  %c5 = arith.constant 0.09090886810314808 : f64
  %c4 = arith.constant 0.11111111328295552 : f64
  %c3 = arith.constant 0.14285714284584236 : f64
  %c2 = arith.constant 0.20000000000002663 : f64
  %c1 = arith.constant 0.3333333333333333 : f64
  %p7 = math.fma %c8, %u, %c7 : f64
  %p6 = math.fma %p7, %u, %c6 : f64
  %p5 = math.fma %p6, %u, %c5 : f64
  %p4 = math.fma %p5, %u, %c4 : f64
  %p3 = math.fma %p4, %u, %c3 : f64
  %p2 = math.fma %p3, %u, %c2 : f64
  %p0 = math.fma %p2, %u, %c1 : f64
  %p = arith.mulf %p0, %u : f64

  %factor = arith.constant 2.8853900817779268 : f64
  %factor_low = arith.constant 4.0710547481862066e-17 : f64
  %t, %t_rest = call @two_product.f64(%s, %factor) : (f64, f64) -> (f64, f64)
  %t_low0 = math.fma %s, %factor_low, %t_rest : f64
  %t_low1 = math.fma %s_low, %factor, %t_low0 : f64
  %t_low = math.fma %t, %p, %t_low1 : f64

  // k + t + t_low; k is 0 or the larger.
  %sum = arith.addf %k, %t : f64
  %sum_back = arith.subf %sum, %k : f64
  %sum_rest = arith.subf %t, %sum_back : f64
  %low0 = arith.addf %sum_rest, %t_low : f64
  %high = arith.addf %sum, %low0 : f64
  %high_back = arith.subf %high, %sum : f64
  %low = arith.subf %low0, %high_back : f64
  return %high, %low : f64, f64
}

func.func private @exp2_pair.f64(%z: f64, %z_low: f64) -> f64 {
  %zero = arith.constant 0.0 : f64
  %high = arith.constant 1030.0 : f64
  %low = arith.constant -1080.0 : f64
  %above = arith.cmpf ogt, %z, %high : f64
  %z1 = arith.select %above, %high, %z : f64
  %below = arith.cmpf olt, %z1, %low : f64
  %z2 = arith.select %below, %low, %z1 : f64
  // The low part belongs to the product, not to the limit.
  %limited = arith.ori %above, %below : i1
  %rest = arith.select %limited, %zero, %z_low : f64
  %magic = arith.constant 6755399441057790.0 : f64
  %t = arith.addf %z2, %magic : f64
  %n = arith.subf %t, %magic : f64
  %r0 = arith.subf %z2, %n : f64
  %r = arith.addf %r0, %rest : f64
  %c12 = arith.constant 2.6650672118750236e-11 : f64
  %c11 = arith.constant 4.4658865751085847e-10 : f64
  %c10 = arith.constant 7.054227685473006e-09 : f64
  %c9 = arith.constant 1.0177983417954406e-07 : f64
  %c8 = arith.constant 1.321548860954043e-06 : f64
  %c7 = arith.constant 1.5252734041790688e-05 : f64
  %c6 = arith.constant 0.00015403530391192144 : f64
  %c5 = arith.constant 0.0013333558146159854 : f64
  %c4 = arith.constant 0.00961812910762961 : f64
  %c3 = arith.constant 0.05550410866482295 : f64
  %c2 = arith.constant 0.2402265069591007 : f64
  %c1 = arith.constant 0.6931471805599453 : f64
  %c0 = arith.constant 1.0 : f64
  %p11 = math.fma %c12, %r, %c11 : f64
  %p10 = math.fma %p11, %r, %c10 : f64
  %p9 = math.fma %p10, %r, %c9 : f64
  %p8 = math.fma %p9, %r, %c8 : f64
  %p7 = math.fma %p8, %r, %c7 : f64
  %p6 = math.fma %p7, %r, %c6 : f64
  %p5 = math.fma %p6, %r, %c5 : f64
  %p4 = math.fma %p5, %r, %c4 : f64
  %p3 = math.fma %p4, %r, %c3 : f64
  %p2 = math.fma %p3, %r, %c2 : f64
  %p1 = math.fma %p2, %r, %c1 : f64
  %p = math.fma %p1, %r, %c0 : f64
  %y = call @scale_by_bits.f64(%p, %t) : (f64, f64) -> f64
  return %y : f64
}

func.func private @round_magnitude.f64(%a: f64) -> f64 {
  %integral = arith.constant 4503599627370496.0 : f64
  %sum = arith.addf %a, %integral : f64
  %rounded = arith.subf %sum, %integral : f64
  %has_fraction = arith.cmpf olt, %a, %integral : f64
  %y = arith.select %has_fraction, %rounded, %a : f64
  return %y : f64
}
