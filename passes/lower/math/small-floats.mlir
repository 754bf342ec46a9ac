// f16 and bf16 by their bits. All exact: to f32 always, from f32 rounded to nearest even, with denormals, infinities, and
// a quiet NaN for every NaN. (What is left is a bit cast between the small float and an integer of 16 bits.)

func.func @arith.extf.bf16(%x: bf16) -> f32 {
  %sixteen = arith.constant 16 : i32
  %bits = arith.bitcast %x : bf16 to i16
  %wide = arith.extui %bits : i16 to i32
  %shifted = arith.shli %wide, %sixteen : i32
  %y = arith.bitcast %shifted : i32 to f32
  return %y : f32
}

func.func @arith.truncf.bf16(%x: f32) -> bf16 {
  %sixteen = arith.constant 16 : i32
  %one = arith.constant 1 : i32
  %almost_half = arith.constant 0x7FFF : i32
  %quiet_nan = arith.constant 0x7FC0 : i32
  %bits = arith.bitcast %x : f32 to i32
  // Half to even: half is added to an odd number, a little less to an even one.
  %high = arith.shrui %bits, %sixteen : i32
  %odd = arith.andi %high, %one : i32
  %up0 = arith.addi %bits, %almost_half : i32
  %up = arith.addi %up0, %odd : i32
  %rounded = arith.shrui %up, %sixteen : i32
  %nan = arith.cmpf uno, %x, %x : f32
  %result = arith.select %nan, %quiet_nan, %rounded : i32
  %narrow = arith.trunci %result : i32 to i16
  %y = arith.bitcast %narrow : i16 to bf16
  return %y : bf16
}

func.func @arith.extf.f16(%x: f16) -> f32 {
  %sixteen = arith.constant 16 : i32
  %thirteen = arith.constant 13 : i32
  %sign_mask = arith.constant 0x8000 : i32
  %magnitude_mask = arith.constant 0x7FFF : i32
  %bits = arith.bitcast %x : f16 to i16
  %wide = arith.extui %bits : i16 to i32
  %sign16 = arith.andi %wide, %sign_mask : i32
  %sign = arith.shli %sign16, %sixteen : i32
  %magnitude = arith.andi %wide, %magnitude_mask : i32
  %shifted = arith.shli %magnitude, %thirteen : i32

  // The exponent's bias grows by 112, for infinity and NaN by as much again.
  %bias = arith.constant 0x38000000 : i32
  %infinity = arith.constant 0x7C00 : i32
  %normal = arith.addi %shifted, %bias : i32
  %special = arith.addi %normal, %bias : i32
  %is_special = arith.cmpi uge, %magnitude, %infinity : i32
  %finite = arith.select %is_special, %special, %normal : i32

  // A denormal number: with the exponent of 2^-14 put on, 2^-14 has to be taken away.
  %smallest_bits = arith.constant 0x38800000 : i32
  %smallest = arith.constant 6.10351562e-5 : f32
  %smallest16 = arith.constant 0x0400 : i32
  %above_bits = arith.addi %shifted, %smallest_bits : i32
  %above = arith.bitcast %above_bits : i32 to f32
  %denormal = arith.subf %above, %smallest : f32
  %denormal_bits = arith.bitcast %denormal : f32 to i32
  %is_denormal = arith.cmpi ult, %magnitude, %smallest16 : i32
  %all = arith.select %is_denormal, %denormal_bits, %finite : i32
  %signed = arith.ori %all, %sign : i32
  %y = arith.bitcast %signed : i32 to f32
  return %y : f32
}

func.func @arith.truncf.f16(%x: f32) -> f16 {
  %sixteen = arith.constant 16 : i32
  %thirteen = arith.constant 13 : i32
  %one = arith.constant 1 : i32
  %magnitude_mask = arith.constant 0x7FFFFFFF : i32
  %sign_mask = arith.constant 0x8000 : i32
  %bits = arith.bitcast %x : f32 to i32
  %magnitude = arith.andi %bits, %magnitude_mask : i32
  %high = arith.shrui %bits, %sixteen : i32
  %sign = arith.andi %high, %sign_mask : i32

  // Half to even as for bf16, and 112 off the exponent's bias. From 65520 on the carry makes infinity.
  %almost_half_less_bias = arith.constant 0xC8000FFF : i32
  %shifted = arith.shrui %magnitude, %thirteen : i32
  %odd = arith.andi %shifted, %one : i32
  %up0 = arith.addi %magnitude, %almost_half_less_bias : i32
  %up = arith.addi %up0, %odd : i32
  %normal = arith.shrui %up, %thirteen : i32

  // Below 2^-14: the sum with 1/2 rounds at 2^-24, the unit of f16's denormal numbers, and has them in its low bits.
  %half = arith.constant 0.5 : f32
  %half_bits = arith.constant 0x3F000000 : i32
  %smallest = arith.constant 0x38800000 : i32
  %a = arith.bitcast %magnitude : i32 to f32
  %sum = arith.addf %a, %half : f32
  %sum_bits = arith.bitcast %sum : f32 to i32
  %denormal = arith.subi %sum_bits, %half_bits : i32
  %is_denormal = arith.cmpi ult, %magnitude, %smallest : i32
  %finite = arith.select %is_denormal, %denormal, %normal : i32

  // 2^16 and more
  %limit = arith.constant 0x47800000 : i32
  %infinity = arith.constant 0x7C00 : i32
  %quiet_nan = arith.constant 0x7E00 : i32
  %is_large = arith.cmpi uge, %magnitude, %limit : i32
  %bounded = arith.select %is_large, %infinity, %finite : i32
  %nan = arith.cmpf uno, %x, %x : f32
  %result = arith.select %nan, %quiet_nan, %bounded : i32
  %signed = arith.ori %result, %sign : i32
  %narrow = arith.trunci %signed : i32 to i16
  %y = arith.bitcast %narrow : i16 to f16
  return %y : f16
}
