// Functions on the bits of a number: sign, minimum and maximum, fused multiply-add where there is none. All exact.

func.func @math.absf(%x: f32) -> f32 {
  %mask = arith.constant 0x7fffffff : i32
  %bits = arith.bitcast %x : f32 to i32
  %magnitude = arith.andi %bits, %mask : i32
  %y = arith.bitcast %magnitude : i32 to f32
  return %y : f32
}

func.func @math.absf.f64(%x: f64) -> f64 {
  %mask = arith.constant 0x7fffffffffffffff : i64
  %bits = arith.bitcast %x : f64 to i64
  %magnitude = arith.andi %bits, %mask : i64
  %y = arith.bitcast %magnitude : i64 to f64
  return %y : f64
}

func.func @math.copysign(%x: f32, %from: f32) -> f32 {
  %mask = arith.constant 0x7fffffff : i32
  %sign_mask = arith.constant 0x80000000 : i32
  %bits = arith.bitcast %x : f32 to i32
  %from_bits = arith.bitcast %from : f32 to i32
  %magnitude = arith.andi %bits, %mask : i32
  %sign = arith.andi %from_bits, %sign_mask : i32
  %signed = arith.ori %magnitude, %sign : i32
  %y = arith.bitcast %signed : i32 to f32
  return %y : f32
}

// Two roundings where the target has no fused multiply-add: the functions of this library keep their bounds then too.
func.func @math.fma.nofma(%a: f32, %b: f32, %c: f32) -> f32 {
  %product = arith.mulf %a, %b : f32
  %sum = arith.addf %product, %c : f32
  return %sum : f32
}

func.func @math.fma.nofma.f64(%a: f64, %b: f64, %c: f64) -> f64 {
  %product = arith.mulf %a, %b : f64
  %sum = arith.addf %product, %c : f64
  return %sum : f64
}

// maximumf and minimumf give NaN where either operand is NaN. Of two zeros either may come out.
// With a constant on the right, one comparison does it, and that is what x86's MAXPS and MINPS compute.
func.func @arith.maximumf.number(%x: f32, %c: f32) -> f32 {
  %less = arith.cmpf ogt, %c, %x : f32
  %y = arith.select %less, %c, %x : f32
  return %y : f32
}

func.func @arith.minimumf.number(%x: f32, %c: f32) -> f32 {
  %more = arith.cmpf olt, %c, %x : f32
  %y = arith.select %more, %c, %x : f32
  return %y : f32
}

func.func @arith.maximumf(%a: f32, %b: f32) -> f32 {
  %more = arith.cmpf ogt, %a, %b : f32
  %larger = arith.select %more, %a, %b : f32  // %b where either is NaN
  %nan = arith.cmpf uno, %a, %a : f32
  %y = arith.select %nan, %a, %larger : f32
  return %y : f32
}

func.func @arith.minimumf(%a: f32, %b: f32) -> f32 {
  %less = arith.cmpf olt, %a, %b : f32
  %smaller = arith.select %less, %a, %b : f32
  %nan = arith.cmpf uno, %a, %a : f32
  %y = arith.select %nan, %a, %smaller : f32
  return %y : f32
}

// maxnumf and minnumf take the other operand where one is NaN.
func.func @arith.maxnumf.number(%x: f32, %c: f32) -> f32 {
  %more = arith.cmpf ogt, %x, %c : f32
  %y = arith.select %more, %x, %c : f32
  return %y : f32
}

func.func @arith.minnumf.number(%x: f32, %c: f32) -> f32 {
  %less = arith.cmpf olt, %x, %c : f32
  %y = arith.select %less, %x, %c : f32
  return %y : f32
}

func.func @arith.maxnumf(%a: f32, %b: f32) -> f32 {
  %more = arith.cmpf ogt, %a, %b : f32
  %larger = arith.select %more, %a, %b : f32
  %nan = arith.cmpf uno, %b, %b : f32
  %y = arith.select %nan, %a, %larger : f32
  return %y : f32
}

func.func @arith.minnumf(%a: f32, %b: f32) -> f32 {
  %less = arith.cmpf olt, %a, %b : f32
  %smaller = arith.select %less, %a, %b : f32
  %nan = arith.cmpf uno, %b, %b : f32
  %y = arith.select %nan, %a, %smaller : f32
  return %y : f32
}
