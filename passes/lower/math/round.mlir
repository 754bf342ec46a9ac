// Rounding to an integral float. Adding and taking away 2^23 rounds half to even, and is exact from there on. All of
// these are exact, keep the sign of zero, and pass infinity and NaN.

func.func @math.roundeven(%x: f32) -> f32 {
  %a = math.absf %x : f32
  %integral = arith.constant 8388608.0 : f32
  %sum = arith.addf %a, %integral : f32
  %rounded = arith.subf %sum, %integral : f32
  %has_fraction = arith.cmpf olt, %a, %integral : f32
  %magnitude = arith.select %has_fraction, %rounded, %a : f32
  %y = call @with_sign(%magnitude, %x) : (f32, f32) -> f32
  return %y : f32
}

func.func @math.trunc(%x: f32) -> f32 {
  %a = math.absf %x : f32
  %magnitude = call @truncate_magnitude(%a) : (f32) -> f32
  %y = call @with_sign(%magnitude, %x) : (f32, f32) -> f32
  return %y : f32
}

func.func @math.floor(%x: f32) -> f32 {
  %one = arith.constant 1.0 : f32
  %rounded = math.roundeven %x : f32
  %up = arith.cmpf ogt, %rounded, %x : f32
  %lower = arith.subf %rounded, %one : f32
  %y = arith.select %up, %lower, %rounded : f32
  return %y : f32
}

// The sign of zero comes right through the negation: ceil(-0.3) is -0.
func.func @math.ceil(%x: f32) -> f32 {
  %negative = arith.negf %x : f32
  %floor = math.floor %negative : f32
  %y = arith.negf %floor : f32
  return %y : f32
}

// Half away from zero. The largest float below a half, so that 0.49999997 stays zero.
func.func @math.round(%x: f32) -> f32 {
  %a = math.absf %x : f32
  %almost_half = arith.constant 0.49999997 : f32
  %integral = arith.constant 8388608.0 : f32
  %sum = arith.addf %a, %almost_half : f32
  %rounded = call @truncate_magnitude(%sum) : (f32) -> f32
  %has_fraction = arith.cmpf olt, %a, %integral : f32
  %magnitude = arith.select %has_fraction, %rounded, %a : f32
  %y = call @with_sign(%magnitude, %x) : (f32, f32) -> f32
  return %y : f32
}

func.func private @truncate_magnitude(%a: f32) -> f32 {
  %integral = arith.constant 8388608.0 : f32
  %one = arith.constant 1.0 : f32
  %sum = arith.addf %a, %integral : f32
  %rounded = arith.subf %sum, %integral : f32
  %up = arith.cmpf ogt, %rounded, %a : f32
  %lower = arith.subf %rounded, %one : f32
  %truncated = arith.select %up, %lower, %rounded : f32
  %has_fraction = arith.cmpf olt, %a, %integral : f32
  %y = arith.select %has_fraction, %truncated, %a : f32
  return %y : f32
}

// The sign of %from on a magnitude whose sign bit is clear.
func.func private @with_sign(%magnitude: f32, %from: f32) -> f32 {
  %sign_mask = arith.constant 0x80000000 : i32
  %bits = arith.bitcast %magnitude : f32 to i32
  %from_bits = arith.bitcast %from : f32 to i32
  %sign = arith.andi %from_bits, %sign_mask : i32
  %signed = arith.ori %bits, %sign : i32
  %y = arith.bitcast %signed : i32 to f32
  return %y : f32
}
