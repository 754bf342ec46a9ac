// tanh(a) = F / (F + 1) with F = (e^2a - 1) / 2, a = |x|. F comes as 2^n q(r) + (2^n - 1)/2, which loses nothing near
// zero. There the rounding of F + 1 would cost 1 ulp: F - F y takes it back to half. Beyond 9.02 the result is 1.
// Bound: 2 ulp.

func.func @math.tanh(%x: f32) -> f32 {
  %a0 = math.absf %x : f32
  %saturated = arith.constant 9.02 : f32
  %above = arith.cmpf ogt, %a0, %saturated : f32
  %a = arith.select %above, %saturated, %a0 : f32

  // a = n ln 2 / 2 + r; the low bits of %t are n + 127, so that a shift makes 2^n of them.
  %two_log2e = arith.constant 2.88539008 : f32
  %magic = arith.constant 12583039.0 : f32
  %t = math.fma %a, %two_log2e, %magic : f32
  %n = arith.subf %t, %magic : f32
  %minus_half_ln2_high = arith.constant -0.3466796875 : f32
  %minus_half_ln2_low = arith.constant 1.06097221e-4 : f32
  %r1 = math.fma %n, %minus_half_ln2_high, %a : f32
  %r = math.fma %n, %minus_half_ln2_low, %r1 : f32
  %twenty_three = arith.constant 23 : i32
  %t_bits = arith.bitcast %t : f32 to i32
  %scale_bits = arith.shli %t_bits, %twenty_three : i32
  %scale = arith.bitcast %scale_bits : i32 to f32

  // (e^2r - 1) / 2 = r + r^2 h(r), coefficients by fpminimax for e^r - 1, scaled.
  %c6 = arith.constant 0.0443664975 : f32
  %c5 = arith.constant 0.133864537 : f32
  %c4 = arith.constant 0.333340019 : f32
  %c3 = arith.constant 0.666661739 : f32
  %c2 = arith.constant 0.99999994 : f32
  %h5 = math.fma %c6, %r, %c5 : f32
  %h4 = math.fma %h5, %r, %c4 : f32
  %h3 = math.fma %h4, %r, %c3 : f32
  %h2 = math.fma %h3, %r, %c2 : f32
  %r2 = arith.mulf %r, %r : f32
  %q = math.fma %r2, %h2, %r : f32

  %half = arith.constant 0.5 : f32
  %minus_half = arith.constant -0.5 : f32
  %offset = math.fma %scale, %half, %minus_half : f32
  %f = math.fma %scale, %q, %offset : f32
  %one = arith.constant 1.0 : f32
  %denominator = arith.addf %f, %one : f32
  %y0 = arith.divf %f, %denominator : f32

  %small = arith.constant 0.5 : f32
  %product = arith.mulf %f, %y0 : f32
  %y1 = arith.subf %f, %product : f32
  %is_small = arith.cmpf olt, %f, %small : f32
  %y2 = arith.select %is_small, %y1, %y0 : f32
  %y = call @with_sign(%y2, %x) : (f32, f32) -> f32
  return %y : f32
}
