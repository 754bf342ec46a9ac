// The exact functions of bits.mlir, round.mlir and rem.mlir on f64: 2^52 takes the place of 2^23, and a remainder is NaN
// from a quotient of 2^53 on.

func.func @math.copysign.f64(%x: f64, %from: f64) -> f64 {
  %mask = arith.constant 0x7fffffffffffffff : i64
  %sign_mask = arith.constant 0x8000000000000000 : i64
  %bits = arith.bitcast %x : f64 to i64
  %from_bits = arith.bitcast %from : f64 to i64
  %magnitude = arith.andi %bits, %mask : i64
  %sign = arith.andi %from_bits, %sign_mask : i64
  %signed = arith.ori %magnitude, %sign : i64
  %y = arith.bitcast %signed : i64 to f64
  return %y : f64
}

func.func @arith.maximumf.number.f64(%x: f64, %c: f64) -> f64 {
  %less = arith.cmpf ogt, %c, %x : f64
  %y = arith.select %less, %c, %x : f64
  return %y : f64
}

func.func @arith.minimumf.number.f64(%x: f64, %c: f64) -> f64 {
  %more = arith.cmpf olt, %c, %x : f64
  %y = arith.select %more, %c, %x : f64
  return %y : f64
}

func.func @arith.maximumf.f64(%a: f64, %b: f64) -> f64 {
  %more = arith.cmpf ogt, %a, %b : f64
  %larger = arith.select %more, %a, %b : f64  // %b where either is NaN
  %nan = arith.cmpf uno, %a, %a : f64
  %y = arith.select %nan, %a, %larger : f64
  return %y : f64
}

func.func @arith.minimumf.f64(%a: f64, %b: f64) -> f64 {
  %less = arith.cmpf olt, %a, %b : f64
  %smaller = arith.select %less, %a, %b : f64
  %nan = arith.cmpf uno, %a, %a : f64
  %y = arith.select %nan, %a, %smaller : f64
  return %y : f64
}

func.func @arith.maxnumf.number.f64(%x: f64, %c: f64) -> f64 {
  %more = arith.cmpf ogt, %x, %c : f64
  %y = arith.select %more, %x, %c : f64
  return %y : f64
}

func.func @arith.minnumf.number.f64(%x: f64, %c: f64) -> f64 {
  %less = arith.cmpf olt, %x, %c : f64
  %y = arith.select %less, %x, %c : f64
  return %y : f64
}

func.func @arith.maxnumf.f64(%a: f64, %b: f64) -> f64 {
  %more = arith.cmpf ogt, %a, %b : f64
  %larger = arith.select %more, %a, %b : f64
  %nan = arith.cmpf uno, %b, %b : f64
  %y = arith.select %nan, %a, %larger : f64
  return %y : f64
}

func.func @arith.minnumf.f64(%a: f64, %b: f64) -> f64 {
  %less = arith.cmpf olt, %a, %b : f64
  %smaller = arith.select %less, %a, %b : f64
  %nan = arith.cmpf uno, %b, %b : f64
  %y = arith.select %nan, %a, %smaller : f64
  return %y : f64
}

func.func @math.roundeven.f64(%x: f64) -> f64 {
  %a = math.absf %x : f64
  %integral = arith.constant 4503599627370496.0 : f64
  %sum = arith.addf %a, %integral : f64
  %rounded = arith.subf %sum, %integral : f64
  %has_fraction = arith.cmpf olt, %a, %integral : f64
  %magnitude = arith.select %has_fraction, %rounded, %a : f64
  %y = call @with_sign.f64(%magnitude, %x) : (f64, f64) -> f64
  return %y : f64
}

func.func @math.trunc.f64(%x: f64) -> f64 {
  %a = math.absf %x : f64
  %magnitude = call @truncate_magnitude.f64(%a) : (f64) -> f64
  %y = call @with_sign.f64(%magnitude, %x) : (f64, f64) -> f64
  return %y : f64
}

func.func @math.floor.f64(%x: f64) -> f64 {
  %one = arith.constant 1.0 : f64
  %rounded = math.roundeven %x : f64
  %up = arith.cmpf ogt, %rounded, %x : f64
  %lower = arith.subf %rounded, %one : f64
  %y = arith.select %up, %lower, %rounded : f64
  return %y : f64
}

func.func @math.ceil.f64(%x: f64) -> f64 {
  %negative = arith.negf %x : f64
  %floor = math.floor %negative : f64
  %y = arith.negf %floor : f64
  return %y : f64
}

func.func @math.round.f64(%x: f64) -> f64 {
  %a = math.absf %x : f64
  %almost_half = arith.constant 0.49999999999999994 : f64
  %integral = arith.constant 4503599627370496.0 : f64
  %sum = arith.addf %a, %almost_half : f64
  %rounded = call @truncate_magnitude.f64(%sum) : (f64) -> f64
  %has_fraction = arith.cmpf olt, %a, %integral : f64
  %magnitude = arith.select %has_fraction, %rounded, %a : f64
  %y = call @with_sign.f64(%magnitude, %x) : (f64, f64) -> f64
  return %y : f64
}

func.func private @truncate_magnitude.f64(%a: f64) -> f64 {
  %integral = arith.constant 4503599627370496.0 : f64
  %one = arith.constant 1.0 : f64
  %sum = arith.addf %a, %integral : f64
  %rounded = arith.subf %sum, %integral : f64
  %up = arith.cmpf ogt, %rounded, %a : f64
  %lower = arith.subf %rounded, %one : f64
  %truncated = arith.select %up, %lower, %rounded : f64
  %has_fraction = arith.cmpf olt, %a, %integral : f64
  %y = arith.select %has_fraction, %truncated, %a : f64
  return %y : f64
}

func.func private @with_sign.f64(%magnitude: f64, %from: f64) -> f64 {
  %sign_mask = arith.constant 0x8000000000000000 : i64
  %bits = arith.bitcast %magnitude : f64 to i64
  %from_bits = arith.bitcast %from : f64 to i64
  %sign = arith.andi %from_bits, %sign_mask : i64
  %signed = arith.ori %bits, %sign : i64
  %y = arith.bitcast %signed : i64 to f64
  return %y : f64
}

func.func @arith.remf.f64(%a: f64, %b: f64) -> f64 {
  %zero = arith.constant 0.0 : f64
  %limit = arith.constant 9007199254740992.0 : f64
  %infinity = arith.constant 0x7FF0000000000000 : f64
  %nan = arith.constant 0x7FF8000000000000 : f64
  %x = math.absf %a : f64
  %d = math.absf %b : f64
  %ratio = arith.divf %x, %d : f64
  %q = math.trunc %ratio : f64
  %p, %p_low = call @two_product.f64(%q, %d) : (f64, f64) -> (f64, f64)
  %r0 = arith.subf %x, %p : f64
  %r1 = arith.subf %r0, %p_low : f64
  %r1_up = arith.addf %r1, %d : f64
  %negative = arith.cmpf olt, %r1, %zero : f64
  %r2 = arith.select %negative, %r1_up, %r1 : f64
  %fits = arith.cmpf olt, %ratio, %limit : f64
  %r3 = arith.select %fits, %r2, %nan : f64
  // The remainder by infinity is a itself.
  %by_infinity = arith.cmpf oeq, %d, %infinity : f64
  %finite = arith.cmpf olt, %x, %infinity : f64
  %itself = arith.andi %by_infinity, %finite : i1
  %r4 = arith.select %itself, %x, %r3 : f64
  %r = call @with_sign.f64(%r4, %a) : (f64, f64) -> f64
  return %r : f64
}

func.func private @two_product.f64(%a: f64, %b: f64) -> (f64, f64) {
  %product = arith.mulf %a, %b : f64
  %minus = arith.negf %product : f64
  %rest = math.fma %a, %b, %minus : f64
  return %product, %rest : f64, f64
}

func.func private @two_product.nofma.f64(%a: f64, %b: f64) -> (f64, f64) {
  %product = arith.mulf %a, %b : f64
  %a1, %a2 = call @halves.f64(%a) : (f64) -> (f64, f64)
  %b1, %b2 = call @halves.f64(%b) : (f64) -> (f64, f64)
  %p11 = arith.mulf %a1, %b1 : f64
  %p12 = arith.mulf %a1, %b2 : f64
  %p21 = arith.mulf %a2, %b1 : f64
  %p22 = arith.mulf %a2, %b2 : f64
  %rest0 = arith.subf %p11, %product : f64
  %rest1 = arith.addf %rest0, %p12 : f64
  %rest2 = arith.addf %rest1, %p21 : f64
  %rest = arith.addf %rest2, %p22 : f64
  return %product, %rest : f64, f64
}

// Without FMA: halves of 26 bits and a sign, whose products are exact. (Rounded, since 27 bits would be left of 53;
// cut off where rounding would overflow.)
func.func private @halves.f64(%a: f64) -> (f64, f64) {
  %half = arith.constant 0x4000000 : i64
  %mask = arith.constant 0xFFFFFFFFF8000000 : i64
  %infinity = arith.constant 0x7FF0000000000000 : f64
  %bits = arith.bitcast %a : f64 to i64
  %up = arith.addi %bits, %half : i64
  %rounded_bits = arith.andi %up, %mask : i64
  %rounded = arith.bitcast %rounded_bits : i64 to f64
  %cut_bits = arith.andi %bits, %mask : i64
  %cut = arith.bitcast %cut_bits : i64 to f64
  %magnitude = math.absf %rounded : f64
  %fits = arith.cmpf olt, %magnitude, %infinity : f64
  %high = arith.select %fits, %rounded, %cut : f64
  %low = arith.subf %a, %high : f64
  return %high, %low : f64, f64
}
