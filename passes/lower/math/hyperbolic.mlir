// sinh and cosh by exp and expm1, and the inverse functions by log1p.

// e^x - 1 = 2^n q(r) + (2^n - 1), q(r) = e^r - 1 = r + r^2 h(r): nothing is lost near zero. Bound: 1.5 ulp.
func.func @math.expm1(%x: f32) -> f32 {
  %four = arith.constant 4.0 : f32
  %quarter = call @expm1_quarter(%x) : (f32) -> f32
  %y = arith.mulf %quarter, %four : f32
  return %y : f32
}

// (e^x - 1) / 4: at a quarter, 2^n does not overflow before the function does. (A denormal x loses two bits.)
func.func private @expm1_quarter(%x: f32) -> f32 {
  %high = arith.constant 89.5 : f32
  %low = arith.constant -18.0 : f32
  %above = arith.cmpf ogt, %x, %high : f32
  %x1 = arith.select %above, %high, %x : f32
  %below = arith.cmpf olt, %x1, %low : f32
  %x2 = arith.select %below, %low, %x1 : f32

  // The low bits of %t are n + 125, and make 2^(n - 2).
  %log2e = arith.constant 1.44269502 : f32
  %magic = arith.constant 12583037.0 : f32
  %t = math.fma %x2, %log2e, %magic : f32
  %n = arith.subf %t, %magic : f32
  %minus_ln2_high = arith.constant -0.693359375 : f32
  %minus_ln2_low = arith.constant 2.12194442e-4 : f32
  %r1 = math.fma %n, %minus_ln2_high, %x2 : f32
  %r = math.fma %n, %minus_ln2_low, %r1 : f32
  %twenty_three = arith.constant 23 : i32
  %t_bits = arith.bitcast %t : f32 to i32
  %scale_bits = arith.shli %t_bits, %twenty_three : i32
  %scale = arith.bitcast %scale_bits : i32 to f32

  %c6 = arith.constant 1.38645305e-3 : f32
  %c5 = arith.constant 8.36653356e-3 : f32
  %c4 = arith.constant 4.16675024e-2 : f32
  %c3 = arith.constant 0.166665435 : f32
  %c2 = arith.constant 0.49999997 : f32
  %h5 = math.fma %c6, %r, %c5 : f32
  %h4 = math.fma %h5, %r, %c4 : f32
  %h3 = math.fma %h4, %r, %c3 : f32
  %h2 = math.fma %h3, %r, %c2 : f32
  %r2 = arith.mulf %r, %r : f32
  %q = math.fma %r2, %h2, %r : f32
  %quarter = arith.constant 0.25 : f32
  %offset = arith.subf %scale, %quarter : f32
  %y = math.fma %scale, %q, %offset : f32
  return %y : f32
}

// sinh(a) = (E + E / (E + 1)) / 2 with E = e^a - 1, a = |x|. Bound: 2.5 ulp.
func.func @math.sinh(%x: f32) -> f32 {
  %one = arith.constant 1.0 : f32
  %a = math.absf %x : f32
  %quarter = call @expm1_quarter(%a) : (f32) -> f32
  %half = arith.addf %quarter, %quarter : f32
  %whole = arith.addf %half, %half : f32
  %denominator = arith.addf %whole, %one : f32
  // Where e^a - 1 overflows, its half may not, and its quarter does not.
  %two = arith.constant 2.0 : f32
  %part = arith.divf %quarter, %denominator : f32
  %magnitude = math.fma %part, %two, %half : f32
  %y = call @with_sign(%magnitude, %x) : (f32, f32) -> f32
  return %y : f32
}

// cosh(a) = h + 1/(4h) with h = e^a / 2. Bound: 2 ulp.
func.func @math.cosh(%x: f32) -> f32 {
  %quarter = arith.constant 0.25 : f32
  // One less than exp's: half of the result.
  %magic = arith.constant 12583165.0 : f32
  %a = math.absf %x : f32
  %h = call @exp_scaled(%a, %magic) : (f32, f32) -> f32
  %inverse = arith.divf %quarter, %h : f32
  %y = arith.addf %h, %inverse : f32
  return %y : f32
}

// asinh(a) = log1p(a + a^2 / (1 + sqrt(a^2 + 1))); where a^2 might overflow, log1p(a) + ln 2. Bound: 3 ulp.
func.func @math.asinh(%x: f32) -> f32 {
  %one = arith.constant 1.0 : f32
  %a = math.absf %x : f32
  %square = arith.mulf %a, %a : f32
  %sum = arith.addf %square, %one : f32
  %root = math.sqrt %sum : f32
  %denominator = arith.addf %root, %one : f32
  %fraction = arith.divf %square, %denominator : f32
  %t = arith.addf %a, %fraction : f32
  %magnitude = call @log1p_or_log_double(%t, %a) : (f32, f32) -> f32
  %y = call @with_sign(%magnitude, %x) : (f32, f32) -> f32
  return %y : f32
}

// acosh(x) = log1p(t + sqrt(t (t + 2))), t = x - 1. Bound: 3 ulp. NaN below 1.
func.func @math.acosh(%x: f32) -> f32 {
  %one = arith.constant 1.0 : f32
  %two = arith.constant 2.0 : f32
  %nan = arith.constant 0x7FC00000 : f32
  %t = arith.subf %x, %one : f32
  %t2 = arith.addf %t, %two : f32
  %product = arith.mulf %t, %t2 : f32
  %root = math.sqrt %product : f32
  %argument = arith.addf %t, %root : f32
  %y0 = call @log1p_or_log_double(%argument, %x) : (f32, f32) -> f32
  %below = arith.cmpf olt, %x, %one : f32
  %y = arith.select %below, %nan, %y0 : f32
  return %y : f32
}

// log1p(t), or log(2 a) where a is large
func.func private @log1p_or_log_double(%t: f32, %a: f32) -> f32 {
  %limit = arith.constant 1.0e+09 : f32
  %zero = arith.constant 0.0 : f32
  %ln2 = arith.constant 0.693147182 : f32
  %large = arith.cmpf ogt, %a, %limit : f32
  %argument = arith.select %large, %a, %t : f32
  %more = arith.select %large, %ln2, %zero : f32
  %log = math.log1p %argument : f32
  %y = arith.addf %log, %more : f32
  return %y : f32
}

// atanh(a) = log1p(2 a / (1 - a)) / 2. Bound: 3 ulp. Infinite at 1, NaN beyond.
func.func @math.atanh(%x: f32) -> f32 {
  %one = arith.constant 1.0 : f32
  %half = arith.constant 0.5 : f32
  %a = math.absf %x : f32
  %twice = arith.addf %a, %a : f32
  %complement = arith.subf %one, %a : f32
  %ratio = arith.divf %twice, %complement : f32
  %log = math.log1p %ratio : f32
  %magnitude = arith.mulf %log, %half : f32
  %y = call @with_sign(%magnitude, %x) : (f32, f32) -> f32
  return %y : f32
}
