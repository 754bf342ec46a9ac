// Floats of 8 bits, by their bits, as APFloat converts them: to f32 exactly, from f32 rounded to nearest even. What is
// too large becomes infinity, or NaN where the type has none. FNUZ types have neither infinity nor -0, whose bits are
// their only NaN. (E4M3FN and E5M2: arXiv 2209.05433; FNUZ: arXiv 2206.02915.)

// The number whose exponent and mantissa are %magnitude: %shift is how many bits f32's mantissa is longer, %bias what
// f32's exponent is biased more, %smallest the smallest normal number.
func.func private @from_float8(%magnitude: i32, %shift: i32, %bias: i32, %smallest: f32) -> f32 {
  %twenty_three = arith.constant 23 : i32
  %shifted = arith.shli %magnitude, %shift : i32
  %bias_bits = arith.shli %bias, %twenty_three : i32
  %normal_bits = arith.addi %shifted, %bias_bits : i32
  %normal = arith.bitcast %normal_bits : i32 to f32
  // A denormal number: with the exponent of the smallest normal one put on, that one has to be taken away.
  %smallest_bits = arith.bitcast %smallest : f32 to i32
  %above_bits = arith.addi %shifted, %smallest_bits : i32
  %above = arith.bitcast %above_bits : i32 to f32
  %denormal = arith.subf %above, %smallest : f32
  %is_denormal = arith.cmpf olt, %normal, %smallest : f32
  %y = arith.select %is_denormal, %denormal, %normal : f32
  return %y : f32
}

func.func private @float8_sign(%bits: i32) -> i32 {
  %mask = arith.constant 0x80 : i32
  %twenty_four = arith.constant 24 : i32
  %sign = arith.andi %bits, %mask : i32
  %y = arith.shli %sign, %twenty_four : i32
  return %y : i32
}

func.func private @float8_magnitude(%bits: i32) -> i32 {
  %mask = arith.constant 0x7F : i32
  %y = arith.andi %bits, %mask : i32
  return %y : i32
}

// %y, or NaN, with the sign of %bits.
func.func private @from_float8_end(%y: f32, %bits: i32, %is_nan: i1) -> f32 {
  %quiet_nan = arith.constant 0x7FC00000 : i32
  %sign = call @float8_sign(%bits) : (i32) -> i32
  %y_bits = arith.bitcast %y : f32 to i32
  %all = arith.select %is_nan, %quiet_nan, %y_bits : i32
  %signed = arith.ori %all, %sign : i32
  %result = arith.bitcast %signed : i32 to f32
  return %result : f32
}

func.func @arith.extf.f8E4M3FN(%x: f8E4M3FN) -> f32 {
  %shift = arith.constant 20 : i32
  %bias = arith.constant 120 : i32
  %smallest = arith.constant 0.015625 : f32
  %nan = arith.constant 0x7F : i32
  %narrow = arith.bitcast %x : f8E4M3FN to i8
  %bits = arith.extui %narrow : i8 to i32
  %magnitude = call @float8_magnitude(%bits) : (i32) -> i32
  %number = call @from_float8(%magnitude, %shift, %bias, %smallest) : (i32, i32, i32, f32) -> f32
  %is_nan = arith.cmpi eq, %magnitude, %nan : i32
  %y = call @from_float8_end(%number, %bits, %is_nan) : (f32, i32, i1) -> f32
  return %y : f32
}

func.func @arith.extf.f8E4M3FNUZ(%x: f8E4M3FNUZ) -> f32 {
  %shift = arith.constant 20 : i32
  %bias = arith.constant 119 : i32
  %smallest = arith.constant 0.0078125 : f32
  %nan = arith.constant 0x80 : i32
  %narrow = arith.bitcast %x : f8E4M3FNUZ to i8
  %bits = arith.extui %narrow : i8 to i32
  %magnitude = call @float8_magnitude(%bits) : (i32) -> i32
  %number = call @from_float8(%magnitude, %shift, %bias, %smallest) : (i32, i32, i32, f32) -> f32
  %is_nan = arith.cmpi eq, %bits, %nan : i32
  %y = call @from_float8_end(%number, %bits, %is_nan) : (f32, i32, i1) -> f32
  return %y : f32
}

func.func @arith.extf.f8E5M2(%x: f8E5M2) -> f32 {
  %shift = arith.constant 21 : i32
  %bias = arith.constant 112 : i32
  %smallest = arith.constant 6.10351562e-5 : f32
  %infinity = arith.constant 0x7C : i32
  %infinity32 = arith.constant 0x7F800000 : f32
  %narrow = arith.bitcast %x : f8E5M2 to i8
  %bits = arith.extui %narrow : i8 to i32
  %magnitude = call @float8_magnitude(%bits) : (i32) -> i32
  %finite = call @from_float8(%magnitude, %shift, %bias, %smallest) : (i32, i32, i32, f32) -> f32
  %is_infinite = arith.cmpi eq, %magnitude, %infinity : i32
  %number = arith.select %is_infinite, %infinity32, %finite : f32
  %is_nan = arith.cmpi ugt, %magnitude, %infinity : i32
  %y = call @from_float8_end(%number, %bits, %is_nan) : (f32, i32, i1) -> f32
  return %y : f32
}

func.func @arith.extf.f8E5M2FNUZ(%x: f8E5M2FNUZ) -> f32 {
  %shift = arith.constant 21 : i32
  %bias = arith.constant 111 : i32
  %smallest = arith.constant 3.05175781e-5 : f32
  %nan = arith.constant 0x80 : i32
  %narrow = arith.bitcast %x : f8E5M2FNUZ to i8
  %bits = arith.extui %narrow : i8 to i32
  %magnitude = call @float8_magnitude(%bits) : (i32) -> i32
  %number = call @from_float8(%magnitude, %shift, %bias, %smallest) : (i32, i32, i32, f32) -> f32
  %is_nan = arith.cmpi eq, %bits, %nan : i32
  %y = call @from_float8_end(%number, %bits, %is_nan) : (f32, i32, i1) -> f32
  return %y : f32
}

// |x| in the format of %shift, %bias (as above) and %smallest: half to even as for f16. Below the smallest normal number,
// the sum with %magic rounds at the unit of the denormal ones, and has them in its low bits.
func.func private @to_float8(%x: f32, %shift: i32, %bias: i32, %smallest: f32, %magic: f32) -> i32 {
  %one = arith.constant 1 : i32
  %twenty_three = arith.constant 23 : i32
  %a = math.absf %x : f32
  %magnitude = arith.bitcast %a : f32 to i32
  %shifted = arith.shrui %magnitude, %shift : i32
  %odd = arith.andi %shifted, %one : i32
  %unit = arith.shli %one, %shift : i32
  %half = arith.shrui %unit, %one : i32
  %bias_bits = arith.shli %bias, %twenty_three : i32
  %up0 = arith.subi %half, %one : i32
  %up1 = arith.subi %up0, %bias_bits : i32
  %up2 = arith.addi %up1, %odd : i32
  %up = arith.addi %magnitude, %up2 : i32
  %normal = arith.shrui %up, %shift : i32
  %sum = arith.addf %a, %magic : f32
  %sum_bits = arith.bitcast %sum : f32 to i32
  %magic_bits = arith.bitcast %magic : f32 to i32
  %denormal = arith.subi %sum_bits, %magic_bits : i32
  %is_denormal = arith.cmpf olt, %a, %smallest : f32
  %y = arith.select %is_denormal, %denormal, %normal : i32
  return %y : i32
}

// %finite, or %large from |x| = %limit on, or %nan, with the sign of %x.
func.func private @to_float8_end(%x: f32, %finite: i32, %limit: f32, %large: i32, %nan: i32) -> i32 {
  %twenty_four = arith.constant 24 : i32
  %sign_mask = arith.constant 0x80 : i32
  %a = math.absf %x : f32
  %is_large = arith.cmpf oge, %a, %limit : f32
  %bounded = arith.select %is_large, %large, %finite : i32
  %is_nan = arith.cmpf uno, %x, %x : f32
  %all = arith.select %is_nan, %nan, %bounded : i32
  %bits = arith.bitcast %x : f32 to i32
  %high = arith.shrui %bits, %twenty_four : i32
  %sign = arith.andi %high, %sign_mask : i32
  %y = arith.ori %all, %sign : i32
  return %y : i32
}

// The same where -0 is NaN, and there is no infinity.
func.func private @to_float8_fnuz_end(%x: f32, %finite: i32, %limit: f32) -> i32 {
  %zero = arith.constant 0 : i32
  %nan = arith.constant 0x80 : i32
  %signed = call @to_float8_end(%x, %finite, %limit, %nan, %nan) : (f32, i32, f32, i32, i32) -> i32
  %is_zero = arith.cmpi eq, %finite, %zero : i32
  %a = math.absf %x : f32
  %is_small = arith.cmpf olt, %a, %limit : f32
  %is_zero_number = arith.andi %is_zero, %is_small : i1
  %y = arith.select %is_zero_number, %zero, %signed : i32
  return %y : i32
}

func.func @arith.truncf.f8E4M3FN(%x: f32) -> f8E4M3FN {
  %shift = arith.constant 20 : i32
  %bias = arith.constant 120 : i32
  %smallest = arith.constant 0.015625 : f32
  %magic = arith.constant 16384.0 : f32
  // Half way between 448 and NaN, where 480 would be, is 448: it is even.
  %limit = arith.constant 464.000031 : f32
  %nan = arith.constant 0x7F : i32
  %finite = call @to_float8(%x, %shift, %bias, %smallest, %magic) : (f32, i32, i32, f32, f32) -> i32
  %bits = call @to_float8_end(%x, %finite, %limit, %nan, %nan) : (f32, i32, f32, i32, i32) -> i32
  %narrow = arith.trunci %bits : i32 to i8
  %y = arith.bitcast %narrow : i8 to f8E4M3FN
  return %y : f8E4M3FN
}

func.func @arith.truncf.f8E4M3FNUZ(%x: f32) -> f8E4M3FNUZ {
  %shift = arith.constant 20 : i32
  %bias = arith.constant 119 : i32
  %smallest = arith.constant 0.0078125 : f32
  %magic = arith.constant 8192.0 : f32
  // Half way between 240 and 256, which is even.
  %limit = arith.constant 248.0 : f32
  %finite = call @to_float8(%x, %shift, %bias, %smallest, %magic) : (f32, i32, i32, f32, f32) -> i32
  %bits = call @to_float8_fnuz_end(%x, %finite, %limit) : (f32, i32, f32) -> i32
  %narrow = arith.trunci %bits : i32 to i8
  %y = arith.bitcast %narrow : i8 to f8E4M3FNUZ
  return %y : f8E4M3FNUZ
}

func.func @arith.truncf.f8E5M2(%x: f32) -> f8E5M2 {
  %shift = arith.constant 21 : i32
  %bias = arith.constant 112 : i32
  %smallest = arith.constant 6.10351562e-5 : f32
  %magic = arith.constant 128.0 : f32
  // Half way between 57344 and 65536, which is even.
  %limit = arith.constant 61440.0 : f32
  %infinity = arith.constant 0x7C : i32
  %nan = arith.constant 0x7E : i32
  %finite = call @to_float8(%x, %shift, %bias, %smallest, %magic) : (f32, i32, i32, f32, f32) -> i32
  %bits = call @to_float8_end(%x, %finite, %limit, %infinity, %nan) : (f32, i32, f32, i32, i32) -> i32
  %narrow = arith.trunci %bits : i32 to i8
  %y = arith.bitcast %narrow : i8 to f8E5M2
  return %y : f8E5M2
}

func.func @arith.truncf.f8E5M2FNUZ(%x: f32) -> f8E5M2FNUZ {
  %shift = arith.constant 21 : i32
  %bias = arith.constant 111 : i32
  %smallest = arith.constant 3.05175781e-5 : f32
  %magic = arith.constant 64.0 : f32
  %limit = arith.constant 61440.0 : f32
  %finite = call @to_float8(%x, %shift, %bias, %smallest, %magic) : (f32, i32, i32, f32, f32) -> i32
  %bits = call @to_float8_fnuz_end(%x, %finite, %limit) : (f32, i32, f32) -> i32
  %narrow = arith.trunci %bits : i32 to i8
  %y = arith.bitcast %narrow : i8 to f8E5M2FNUZ
  return %y : f8E5M2FNUZ
}
