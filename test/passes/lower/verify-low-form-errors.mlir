// RUN: tenon-opt %s --split-input-file --verify-low-form -verify-diagnostics

// expected-error @+1 {{the module names no target}}
module {}

// -----

#v3 = #kernel.target<name = "v3", lanes = 8, fma = true, sqrt = true, indexBits = 64>
module attributes {kernel.target = #v3} {
  func.func @operation_outside_of_the_list(%x: f32) -> f32 {
    // expected-error @+1 {{'math.exp' is not in the low form}}
    %y = math.exp %x : f32
    return %y : f32
  }

  func.func @all_faults_are_reported(%x: f32) -> f32 {
    // expected-error @+1 {{'arith.maximumf' is not in the low form}}
    %y = arith.maximumf %x, %x : f32
    // expected-error @+1 {{'arith.addf' has fast-math flags}}
    %z = arith.addf %y, %y fastmath<contract> : f32
    return %z : f32
  }

  func.func @overflow_flags(%x: i32) -> i32 {
    // expected-error @+1 {{'arith.addi' has overflow flags}}
    %y = arith.addi %x, %x overflow<nsw> : i32
    return %y : i32
  }

  func.func @shift_by_anything(%x: i32) -> i32 {
    // expected-error @+1 {{'arith.shli' shifts by an amount that is not proven to be below the width}}
    %y = arith.shli %x, %x : i32
    return %y : i32
  }

  func.func @shift_by_the_width(%x: i32) -> i32 {
    %c32 = arith.constant 32 : i32
    // expected-error @+1 {{not proven to be below the width}}
    %y = arith.shrui %x, %c32 : i32
    return %y : i32
  }

  func.func @divisor_may_be_zero(%x: i32) -> i32 {
    // expected-error @+1 {{'arith.divui' divides by what is not proven to be other than 0}}
    %y = arith.divui %x, %x : i32
    return %y : i32
  }

  func.func @divisor_may_be_minus_one(%x: i32) -> i32 {
    %c = arith.constant -1 : i32
    // expected-error @+1 {{'arith.divsi' divides by what is not proven to be neither 0 nor -1}}
    %y = arith.divsi %x, %c : i32
    return %y : i32
  }

  func.func @memref_of_rank_2(%x: memref<2x2xf32>, %i: index) -> f32 {
    // expected-error @-1 {{'func.func' has the type 'memref<2x2xf32>', which is not in the low form of v3}}
    // expected-error @+1 {{'memref.load' has the type 'memref<2x2xf32>'}}
    %y = memref.load %x[%i, %i] : memref<2x2xf32>
    return %y : f32
  }

  func.func @half_precision(%x: f32) -> f16 {
    // expected-error @+1 {{'arith.truncf' has the type 'f16'}}
    %y = arith.truncf %x : f32 to f16
    // expected-error @+1 {{'func.return' has the type 'f16'}}
    return %y : f16
  }

  func.func @vector_is_wider_than_a_register(%x: memref<64xf32>, %i: index) {
    // expected-error @+1 {{'vector.load' has the type 'vector<16xf32>', which is not in the low form of v3}}
    %y = vector.load %x[%i] : memref<64xf32>, vector<16xf32>
    return
  }

  func.func @memory_of_ones_own() {
    // expected-error @+1 {{'memref.alloca' is not in the low form}}
    %y = memref.alloca() : memref<4xf32>
    return
  }

  func.func @masks_of_different_width(%a: vector<4xf32>, %b: vector<4xi8>) {
    // expected-error @-1 {{@masks_of_different_width is public and takes a vector}}
    %0 = arith.cmpf olt, %a, %a : vector<4xf32>
    %1 = arith.cmpi slt, %b, %b : vector<4xi8>
    // expected-error @+1 {{'arith.andi' has vectors of i1 that come from comparisons of different width}}
    %2 = arith.andi %0, %1 : vector<4xi1>
    // expected-error @+1 {{'arith.select' selects lanes of another width than was compared}}
    %3 = arith.select %1, %a, %a : vector<4xi1>, vector<4xf32>
    return
  }

  func.func private @a(%x: f32) {
    func.call @b(%x) : (f32) -> ()
    return
  }
  func.func private @b(%x: f32) {
    // expected-error @+1 {{'func.call' calls @a, which leads back here}}
    func.call @a(%x) : (f32) -> ()
    return
  }

  func.func @two_results(%x: f32) -> (f32, f32) {
    // expected-error @-1 {{@two_results may return one scalar or vector, not 'f32', 'f32'}}
    return %x, %x : f32, f32
  }

  // expected-error @+1 {{@declared_elsewhere does not have a body of one block}}
  func.func private @declared_elsewhere(f32)
}

// -----

#m0 = #kernel.target<name = "m0", lanes = 1, indexBits = 32>
module attributes {kernel.target = #m0} {
  func.func @fma_without_the_instruction(%x: f32) -> f32 {
    // expected-error @+1 {{'math.fma' needs an instruction that the target lacks}}
    %y = math.fma %x, %x, %x : f32
    return %y : f32
  }

  func.func @vectors_without_registers(%x: memref<4xf32>, %i: index) {
    // expected-error @+1 {{'vector.load' has the type 'vector<4xf32>', which is not in the low form of m0}}
    %y = vector.load %x[%i] : memref<4xf32>, vector<4xf32>
    return
  }
}

// -----

#m4 = #kernel.target<name = "m4", lanes = 1, fma = true, sqrt = true, indexBits = 32>
module attributes {kernel.target = #m4} {
  func.func @double_on_a_single_precision_unit(%x: f64) -> f64 {
    // expected-error @+2 {{sqrt of f64 is not supported for m4}}
    // expected-note @+1 {{hint: cast to float before it: there is sqrt of f32}}
    %y = math.sqrt %x : f64
    return %y : f64
  }
}
