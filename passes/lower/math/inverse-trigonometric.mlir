// asin, acos and atan. Coefficients by Sollya's fpminimax. Bound: 2 ulp.

// asin(a) = s + s z P(z) with z = a^2, s = a up to 1/2; beyond it asin(a) = pi/2 - 2 asin(sqrt((1 - a) / 2)).
func.func @math.asin(%x: f32) -> f32 {
  %a, %large, %p = call @asin_core(%x) : (f32) -> (f32, i1, f32)
  // pi/2 - 2p, rounded once: the difference from pi/4 is all but exact.
  %two = arith.constant 2.0 : f32
  %quarter_pi = arith.constant 0.785398185 : f32
  %half_pi_rest = arith.constant -4.37113883e-8 : f32
  %half = arith.subf %quarter_pi, %p : f32
  %from_half_pi = math.fma %half, %two, %half_pi_rest : f32
  %magnitude = arith.select %large, %from_half_pi, %p : f32
  %y = call @with_sign(%magnitude, %x) : (f32, f32) -> f32
  return %y : f32
}

// pi/2 - asin(x) up to 1/2 in magnitude; beyond it 2 asin(...) for positive x, pi - 2 asin(...) for negative.
func.func @math.acos(%x: f32) -> f32 {
  %a, %large, %p = call @asin_core(%x) : (f32) -> (f32, i1, f32)
  %zero = arith.constant 0.0 : f32
  %half_pi = arith.constant 1.57079637 : f32
  %half_pi_rest = arith.constant -4.37113883e-8 : f32
  %pi = arith.constant 3.14159274 : f32
  %pi_rest = arith.constant -8.74227766e-8 : f32
  %negative = arith.cmpf olt, %x, %zero : f32
  %far = arith.select %negative, %pi, %zero : f32
  %far_rest = arith.select %negative, %pi_rest, %zero : f32
  %base = arith.select %large, %far, %half_pi : f32
  %rest = arith.select %large, %far_rest, %half_pi_rest : f32
  %twice = arith.addf %p, %p : f32
  %part = arith.select %large, %twice, %p : f32
  // The part is taken away where x is large and negative, or small and positive.
  %minus = arith.negf %part : f32
  %positive = arith.cmpf ogt, %x, %zero : f32
  %take = arith.select %large, %negative, %positive : i1
  %signed = arith.select %take, %minus, %part : f32
  %low = arith.addf %signed, %rest : f32
  %y = arith.addf %base, %low : f32
  return %y : f32
}

func.func private @asin_core(%x: f32) -> (f32, i1, f32) {
  %half = arith.constant 0.5 : f32
  %minus_half = arith.constant -0.5 : f32
  %a = math.absf %x : f32
  %large = arith.cmpf ogt, %a, %half : f32
  %square = arith.mulf %a, %a : f32
  %complement = math.fma %a, %minus_half, %half : f32
  %z = arith.select %large, %complement, %square : f32
  %root = math.sqrt %z : f32
  %s = arith.select %large, %root, %a : f32
  %c11 = arith.constant 4.2157013e-2 : f32
  %c9 = arith.constant 2.41855029e-2 : f32
  %c7 = arith.constant 4.54690196e-2 : f32
  %c5 = arith.constant 7.49531016e-2 : f32
  %c3 = arith.constant 0.166667521 : f32
  %p9 = math.fma %c11, %z, %c9 : f32
  %p7 = math.fma %p9, %z, %c7 : f32
  %p5 = math.fma %p7, %z, %c5 : f32
  %p3 = math.fma %p5, %z, %c3 : f32
  %sz = arith.mulf %s, %z : f32
  %p = math.fma %p3, %sz, %s : f32
  return %a, %large, %p : f32, i1, f32
}

// atan(a) = t + t^3 P(t^2) up to 1; beyond it pi/2 - atan(1/a).
func.func @math.atan(%x: f32) -> f32 {
  %one = arith.constant 1.0 : f32
  %a = math.absf %x : f32
  %large = arith.cmpf ogt, %a, %one : f32
  %inverse = arith.divf %one, %a : f32
  %t = arith.select %large, %inverse, %a : f32
  %c17 = arith.constant 2.92020338e-3 : f32
  %c15 = arith.constant -1.63660031e-2 : f32
  %c13 = arith.constant 4.32087593e-2 : f32
  %c11 = arith.constant -7.55195171e-2 : f32
  %c9 = arith.constant 0.106658801 : f32
  %c7 = arith.constant -0.142110229 : f32
  %c5 = arith.constant 0.199937686 : f32
  %c3 = arith.constant -0.333331525 : f32
  %u = arith.mulf %t, %t : f32
  %p15 = math.fma %c17, %u, %c15 : f32
  %p13 = math.fma %p15, %u, %c13 : f32
  %p11 = math.fma %p13, %u, %c11 : f32
  %p9 = math.fma %p11, %u, %c9 : f32
  %p7 = math.fma %p9, %u, %c7 : f32
  %p5 = math.fma %p7, %u, %c5 : f32
  %p3 = math.fma %p5, %u, %c3 : f32
  %t3 = arith.mulf %t, %u : f32
  %p = math.fma %p3, %t3, %t : f32
  %half_pi = arith.constant 1.57079637 : f32
  %half_pi_rest = arith.constant 4.37113883e-8 : f32
  %p_rest = arith.addf %p, %half_pi_rest : f32
  %from_half_pi = arith.subf %half_pi, %p_rest : f32
  %magnitude = arith.select %large, %from_half_pi, %p : f32
  %y = call @with_sign(%magnitude, %x) : (f32, f32) -> f32
  return %y : f32
}
