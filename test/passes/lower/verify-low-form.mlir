// What the low form holds passes unchanged; test/lowform/ has all of it.
//
// RUN: tenon-opt %s --verify-low-form | FileCheck %s

module attributes {kernel.target = #kernel.target<name = "v2", lanes = 4, sqrt = true, indexBits = 64>} {
  kernel.global @w = dense<1.0> : tensor<4xf32>

  // CHECK-LABEL: @proven_shifts_and_divisors
  func.func @proven_shifts_and_divisors(%x: i32, %y: i32) -> i32 {
    %c1 = arith.constant 1 : i32
    %c31 = arith.constant 31 : i32
    %by = arith.andi %y, %c31 : i32
    %0 = arith.shli %x, %by : i32
    %divisor = arith.maxsi %y, %c1 : i32
    // CHECK: arith.divsi
    %1 = arith.divsi %0, %divisor : i32
    %few = arith.minui %y, %c31 : i32
    // CHECK: arith.shrui
    %2 = arith.shrui %1, %few : i32
    return %2 : i32
  }

  // CHECK-LABEL: @masks_of_one_width
  func.func @masks_of_one_width(%m: memref<4xf32>, %i: index) {
    %a = vector.load %m[%i] : memref<4xf32>, vector<4xf32>
    %n = arith.bitcast %a : vector<4xf32> to vector<4xi32>
    %0 = arith.cmpf olt, %a, %a : vector<4xf32>
    %1 = arith.cmpi slt, %n, %n : vector<4xi32>
    // CHECK: arith.andi
    %2 = arith.andi %0, %1 : vector<4xi1>
    %3 = arith.select %2, %a, %a : vector<4xi1>, vector<4xf32>
    vector.store %3, %m[%i] : memref<4xf32>, vector<4xf32>
    return
  }
}
