// erf(t) = 1 - e^-z(t) for t = |x|, where z = -log(erfc(t)) is smooth: z = t + t P(t), one polynomial up to 3.93, from
// where the result is 1. (N. Juffa proposed the form for large t; evaluating 1 - e^-z as an expm1 carries it to zero.)
// z = n ln 2 + r, and 1 - e^-z = (1 - 2^-n) + 2^-n (1 - e^-r). P by a weighted minimax fit (2^-27 of the result).
// Bound: 2 ulp.

func.func @math.erf(%x: f32) -> f32 {
  %t0 = math.absf %x : f32
  %saturated = arith.constant 3.93 : f32
  %above = arith.cmpf ogt, %t0, %saturated : f32
  %t = arith.select %above, %saturated, %t0 : f32

  %a8 = arith.constant -9.38907579e-06 : f32
  %a7 = arith.constant 0.000118868738 : f32
  %a6 = arith.constant -0.000637381803 : f32
  %a5 = arith.constant 0.00167569728 : f32
  %a4 = arith.constant -0.000169514911 : f32
  %a3 = arith.constant -0.0191478208 : f32
  %a2 = arith.constant 0.102776304 : f32
  %a1 = arith.constant 0.636619568 : f32
  %a0 = arith.constant 0.128379166 : f32
  %p7 = math.fma %a8, %t, %a7 : f32
  %p6 = math.fma %p7, %t, %a6 : f32
  %p5 = math.fma %p6, %t, %a5 : f32
  %p4 = math.fma %p5, %t, %a4 : f32
  %p3 = math.fma %p4, %t, %a3 : f32
  %p2 = math.fma %p3, %t, %a2 : f32
  %p1 = math.fma %p2, %t, %a1 : f32
  %p = math.fma %p1, %t, %a0 : f32
  %z = math.fma %t, %p, %t : f32

  // The low bits of %s are 127 - n.
  %minus_log2e = arith.constant -1.44269502 : f32
  %magic = arith.constant 12583039.0 : f32
  %s = math.fma %z, %minus_log2e, %magic : f32
  %minus_n = arith.subf %s, %magic : f32
  %ln2 = arith.constant 0.693147182 : f32
  %r = math.fma %minus_n, %ln2, %z : f32
  %twenty_three = arith.constant 23 : i32
  %s_bits = arith.bitcast %s : f32 to i32
  %scale_bits = arith.shli %s_bits, %twenty_three : i32
  %scale = arith.bitcast %scale_bits : i32 to f32

  // 1 - e^-r = r + r^2 h(r)
  %c6 = arith.constant -0.00138699578 : f32
  %c5 = arith.constant 0.00836625323 : f32
  %c4 = arith.constant -0.0416674428 : f32
  %c3 = arith.constant 0.166665465 : f32
  %c2 = arith.constant -0.49999997 : f32
  %h5 = math.fma %c6, %r, %c5 : f32
  %h4 = math.fma %h5, %r, %c4 : f32
  %h3 = math.fma %h4, %r, %c3 : f32
  %h2 = math.fma %h3, %r, %c2 : f32
  %r2 = arith.mulf %r, %r : f32
  %q = math.fma %r2, %h2, %r : f32

  %one = arith.constant 1.0 : f32
  %offset = arith.subf %one, %scale : f32
  %magnitude = math.fma %scale, %q, %offset : f32
  %y = call @with_sign(%magnitude, %x) : (f32, f32) -> f32
  return %y : f32
}
