// sqrt where the target has no instruction, rounded correctly, so that all targets give the same bits; and 1/sqrt.
// x = m 4^e with 1 <= m < 4. 1/sqrt(m) by a guess from the bits and two Newton steps (coefficients of L. Moroz et al.,
// "Fast calculation of inverse square root with the use of magic constant", 2018: 6.5e-4, then 6e-7). The root's 24 bits
// S are then corrected by the exact residual of integers modulo 2^32.

func.func @math.sqrt.nosqrt(%x: f32) -> f32 {
  %zero = arith.constant 0.0 : f32
  %infinity = arith.constant 0x7F800000 : f32
  %nan = arith.constant 0x7FC00000 : f32
  %one = arith.constant 1 : i32
  %twenty_three = arith.constant 23 : i32
  %mantissa_mask = arith.constant 0x007FFFFF : i32
  %implicit = arith.constant 0x00800000 : i32

  // A denormal x is scaled by 2^24, its root by 2^-12.
  %smallest_normal = arith.constant 1.17549435e-38 : f32
  %scale = arith.constant 16777216.0 : f32
  %root_scale = arith.constant 2.44140625e-4 : f32
  %unit = arith.constant 1.0 : f32
  %denormal = arith.cmpf olt, %x, %smallest_normal : f32
  %scaled = arith.mulf %x, %scale : f32
  %normal = arith.select %denormal, %scaled, %x : f32
  %back = arith.select %denormal, %root_scale, %unit : f32

  // m has the biased exponent 127 where that of x is odd, and 128 where it is even.
  %bits = arith.bitcast %normal : f32 to i32
  %exponent = arith.shrui %bits, %twenty_three : i32
  %odd = arith.andi %exponent, %one : i32
  %fraction = arith.andi %bits, %mantissa_mask : i32
  %bias = arith.constant 128 : i32
  %m_exponent = arith.subi %bias, %odd : i32
  %m_exponent_bits = arith.shli %m_exponent, %twenty_three : i32
  %m_bits = arith.ori %fraction, %m_exponent_bits : i32
  %m = arith.bitcast %m_bits : i32 to f32

  %guess = arith.constant 0x5F1FFFF9 : i32
  %halved = arith.shrui %m_bits, %one : i32
  %y0_bits = arith.subi %guess, %halved : i32
  %y0 = arith.bitcast %y0_bits : i32 to f32
  %a1 = arith.constant 1.68191393 : f32
  %b1 = arith.constant 0.703952253 : f32
  %a2 = arith.constant 1.5 : f32
  %b2 = arith.constant 0.5 : f32
  %m1 = arith.mulf %m, %b1 : f32
  %m1y = arith.mulf %m1, %y0 : f32
  %m1yy = arith.mulf %m1y, %y0 : f32
  %factor1 = arith.subf %a1, %m1yy : f32
  %y1 = arith.mulf %y0, %factor1 : f32
  %m2 = arith.mulf %m, %b2 : f32
  %m2y = arith.mulf %m2, %y1 : f32
  %m2yy = arith.mulf %m2y, %y1 : f32
  %factor2 = arith.subf %a2, %m2yy : f32
  %y2 = arith.mulf %y1, %factor2 : f32
  %s = arith.mulf %m, %y2 : f32

  // S = s 2^23. With N = m 2^46, sqrt(N) - S = (N - S^2) / 2S, nearly.
  %s_bits = arith.bitcast %s : f32 to i32
  %s_fraction = arith.andi %s_bits, %mantissa_mask : i32
  %s_int = arith.ori %s_fraction, %implicit : i32
  %m_fraction = arith.ori %fraction, %implicit : i32
  %twenty_four = arith.constant 24 : i32
  %shift0 = arith.subi %twenty_four, %odd : i32
  %below_width = arith.constant 31 : i32
  %shift = arith.andi %shift0, %below_width : i32
  %n = arith.shli %m_fraction, %shift : i32
  %square = arith.muli %s_int, %s_int : i32
  %residual = arith.subi %n, %square : i32
  %residual_float = arith.sitofp %residual : i32 to f32
  %half_ulp = arith.constant 5.96046448e-8 : f32
  %inverse = arith.mulf %y2, %half_ulp : f32
  %correction = arith.mulf %residual_float, %inverse : f32
  // Rounded a little low, so that what is left to do is to add one or nothing.
  %low = arith.constant -0.001 : f32
  %correction_low = arith.addf %correction, %low : f32
  %magic_even = arith.constant 12582912.0 : f32
  %sum = arith.addf %correction_low, %magic_even : f32
  %sum_bits = arith.bitcast %sum : f32 to i32
  %magic_bits = arith.constant 0x4B400000 : i32
  %step = arith.subi %sum_bits, %magic_bits : i32
  %root0 = arith.addi %s_int, %step : i32
  // N > S^2 + S: the root is nearer to S + 1.
  %square0 = arith.muli %root0, %root0 : i32
  %residual0 = arith.subi %n, %square0 : i32
  %up = arith.cmpi sgt, %residual0, %root0 : i32
  %no = arith.constant 0 : i32
  %more = arith.select %up, %one, %no : i32
  %root = arith.addi %root0, %more : i32

  // The implicit bit of the root adds one to the exponent.
  %exponent_bias = arith.constant 125 : i32
  %exponent_sum = arith.addi %exponent, %exponent_bias : i32
  %root_exponent = arith.shrui %exponent_sum, %one : i32
  %root_exponent_bits = arith.shli %root_exponent, %twenty_three : i32
  %root_bits = arith.addi %root, %root_exponent_bits : i32
  %root_float = arith.bitcast %root_bits : i32 to f32
  %positive = arith.mulf %root_float, %back : f32

  %finite = arith.cmpf olt, %x, %infinity : f32
  %r0 = arith.select %finite, %positive, %x : f32
  %is_zero = arith.cmpf oeq, %x, %zero : f32
  %r1 = arith.select %is_zero, %x, %r0 : f32
  %negative = arith.cmpf olt, %x, %zero : f32
  %r = arith.select %negative, %nan, %r1 : f32
  return %r : f32
}

// Bound: 1.5 ulp.
func.func @math.rsqrt(%x: f32) -> f32 {
  %one = arith.constant 1.0 : f32
  %root = math.sqrt %x : f32
  %y = arith.divf %one, %root : f32
  return %y : f32
}
