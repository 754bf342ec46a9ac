// log(x) = k ln 2 + log(1 + f), sqrt(1/2) <= 1 + f < sqrt(2), found by integer arithmetic on the bits.
// log(1 + f) = f - f^2/2 + f^3 q(f), coefficients by Sollya's fpminimax (relative error 2^-27). The product of k and
// the high part of ln 2 (nine bits) is exact, with FMA and without.
// Bound: 1.5 ulp, denormal arguments included. log(0) = -inf, NaN below.

func.func @math.log(%x: f32) -> f32 {
  %zero = arith.constant 0.0 : f32
  %infinity = arith.constant 0x7F800000 : f32
  %minus_infinity = arith.constant 0xFF800000 : f32
  %nan = arith.constant 0x7FC00000 : f32

  // Denormal numbers are scaled by 2^23.
  %smallest_normal = arith.constant 1.17549435e-38 : f32
  %scale = arith.constant 8388608.0 : f32
  %minus_23 = arith.constant -23.0 : f32
  %denormal = arith.cmpf olt, %x, %smallest_normal : f32
  %scaled = arith.mulf %x, %scale : f32
  %normal = arith.select %denormal, %scaled, %x : f32
  %k0 = arith.select %denormal, %minus_23, %zero : f32

  %k1, %f = call @log_split(%normal) : (f32) -> (f32, f32)
  %k = arith.addf %k1, %k0 : f32
  %y = call @log_sum(%k, %f) : (f32, f32) -> f32

  %finite = arith.cmpf olt, %x, %infinity : f32
  %y1 = arith.select %finite, %y, %x : f32
  %negative = arith.cmpf olt, %x, %zero : f32
  %y2 = arith.select %negative, %nan, %y1 : f32
  %is_zero = arith.cmpf oeq, %x, %zero : f32
  %y3 = arith.select %is_zero, %minus_infinity, %y2 : f32
  return %y3 : f32
}

// log(1 + x) = log(u) + c/u with u = 1 + x as rounded and c the rounding error. Where u needs no scaling, f + c is x.
// Bound: 2 ulp. log1p(-1) = -inf, NaN below.
func.func @math.log1p(%x: f32) -> f32 {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %infinity = arith.constant 0x7F800000 : f32
  %minus_infinity = arith.constant 0xFF800000 : f32
  %nan = arith.constant 0x7FC00000 : f32
  %u = arith.addf %x, %one : f32
  %back = arith.subf %u, %one : f32
  %c = arith.subf %x, %back : f32
  %k, %f0 = call @log_split(%u) : (f32) -> (f32, f32)

  // c 2^-k as c/2 * 2^(1-k), whose exponent is in range for every finite u.
  %k_int = call @log_exponent(%u) : (f32) -> i32
  %half = arith.constant 0.5 : f32
  %twenty_three = arith.constant 23 : i32
  %bias = arith.constant 128 : i32
  %reversed = arith.subi %bias, %k_int : i32
  %scale_bits = arith.shli %reversed, %twenty_three : i32
  %scale = arith.bitcast %scale_bits : i32 to f32
  %half_c = arith.mulf %c, %half : f32
  %f = math.fma %half_c, %scale, %f0 : f32
  %y = call @log_sum(%k, %f) : (f32, f32) -> f32

  %finite = arith.cmpf olt, %x, %infinity : f32
  %y1 = arith.select %finite, %y, %x : f32
  %negative = arith.cmpf olt, %u, %zero : f32
  %y2 = arith.select %negative, %nan, %y1 : f32
  %is_zero = arith.cmpf oeq, %u, %zero : f32
  %y3 = arith.select %is_zero, %minus_infinity, %y2 : f32
  return %y3 : f32
}

// k and f of x = 2^k (1 + f)
func.func private @log_split(%x: f32) -> (f32, f32) {
  %sqrt_half_bits = arith.constant 0x3F3504F3 : i32
  %mantissa_mask = arith.constant 0x007FFFFF : i32
  %one = arith.constant 1.0 : f32
  %bits = arith.bitcast %x : f32 to i32
  %offset = arith.subi %bits, %sqrt_half_bits : i32
  %mantissa = arith.andi %offset, %mantissa_mask : i32
  %m_bits = arith.addi %mantissa, %sqrt_half_bits : i32
  %m = arith.bitcast %m_bits : i32 to f32
  %f = arith.subf %m, %one : f32
  %k_int = call @log_exponent(%x) : (f32) -> i32
  %k = arith.sitofp %k_int : i32 to f32
  return %k, %f : f32, f32
}

func.func private @log_exponent(%x: f32) -> i32 {
  %sqrt_half_bits = arith.constant 0x3F3504F3 : i32
  %twenty_three = arith.constant 23 : i32
  %bits = arith.bitcast %x : f32 to i32
  %offset = arith.subi %bits, %sqrt_half_bits : i32
  %k = arith.shrsi %offset, %twenty_three : i32
  return %k : i32
}

// k ln 2 + log(1 + f)
func.func private @log_sum(%k: f32, %f: f32) -> f32 {
  %c10 = arith.constant -7.28602111e-2 : f32
  %c9 = arith.constant 0.1256588995 : f32
  %c8 = arith.constant -0.13212356 : f32
  %c7 = arith.constant 0.142389074 : f32
  %c6 = arith.constant -0.166212067 : f32
  %c5 = arith.constant 0.1999899 : f32
  %c4 = arith.constant -0.2500084043 : f32
  %c3 = arith.constant 0.3333337307 : f32
  %c2 = arith.constant -0.5 : f32
  %ln2_high = arith.constant 0.693359375 : f32
  %ln2_low = arith.constant -2.12194442e-4 : f32
  %f2 = arith.mulf %f, %f : f32
  %q9 = math.fma %c10, %f, %c9 : f32
  %q8 = math.fma %q9, %f, %c8 : f32
  %q7 = math.fma %q8, %f, %c7 : f32
  %q6 = math.fma %q7, %f, %c6 : f32
  %q5 = math.fma %q6, %f, %c5 : f32
  %q4 = math.fma %q5, %f, %c4 : f32
  %q3 = math.fma %q4, %f, %c3 : f32
  %q2 = math.fma %q3, %f, %c2 : f32
  %low = arith.mulf %k, %ln2_low : f32
  %s = math.fma %f2, %q2, %low : f32
  %log1p = arith.addf %f, %s : f32
  %y = math.fma %k, %ln2_high, %log1p : f32
  return %y : f32
}
