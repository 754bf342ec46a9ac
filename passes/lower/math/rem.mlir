// The remainder of truncating division, with the sign of a: exact where |a/b| < 2^24, NaN beyond.
// The quotient as rounded is right or one too large; the remainder it leaves is exact, and so is the correction.

func.func @arith.remf(%a: f32, %b: f32) -> f32 {
  %zero = arith.constant 0.0 : f32
  %limit = arith.constant 16777216.0 : f32
  %infinity = arith.constant 0x7F800000 : f32
  %nan = arith.constant 0x7FC00000 : f32
  %x = math.absf %a : f32
  %d = math.absf %b : f32
  %ratio = arith.divf %x, %d : f32
  %q = math.trunc %ratio : f32
  %p, %p_low = call @two_product(%q, %d) : (f32, f32) -> (f32, f32)
  %r0 = arith.subf %x, %p : f32
  %r1 = arith.subf %r0, %p_low : f32
  %r1_up = arith.addf %r1, %d : f32
  %negative = arith.cmpf olt, %r1, %zero : f32
  %r2 = arith.select %negative, %r1_up, %r1 : f32
  %fits = arith.cmpf olt, %ratio, %limit : f32
  %r3 = arith.select %fits, %r2, %nan : f32
  // The remainder by infinity is a itself.
  %by_infinity = arith.cmpf oeq, %d, %infinity : f32
  %finite = arith.cmpf olt, %x, %infinity : f32
  %itself = arith.andi %by_infinity, %finite : i1
  %r4 = arith.select %itself, %x, %r3 : f32
  %r = call @with_sign(%r4, %a) : (f32, f32) -> f32
  return %r : f32
}
