// RUN: tenon-opt %s --split-input-file --plan-memory --expand-bands --canonicalize --cse | FileCheck %s

#window = affine_map<(h, c, k) -> (h + k - 1, c)>
#weights = affine_map<(h, c, k) -> (k, c)>
#out = affine_map<(h, c, k) -> (h, c)>

// One row of %a ahead of one of %b: round 0 makes row 0 of %a alone. The buffer of %a keeps two rows, that of %b none; it
// lies where the rows of %x were.
// CHECK: #[[WINDOW:.*]] = affine_map<(d0, d1, d2) -> (d0 + d2, d1)>
// CHECK-LABEL: func.func @two_windows
// CHECK-SAME: (%[[X:.*]]: memref<12x8xf32> {{.*}}, %[[W:.*]]: memref<3x8xf32> {{.*}}, %[[Y:.*]]: memref<12x8xf32> {{.*}}, %[[ARENA:.*]]: memref<192xi8>
// CHECK-DAG: %[[XROWS:.*]] = kernel.slice %[[ARENA]], 0 : memref<192xi8> to memref<24xf32>
// CHECK-DAG: %[[AROWS:.*]] = kernel.slice %[[ARENA]], 96 : memref<192xi8> to memref<24xf32>
// CHECK-DAG: %[[BROWS:.*]] = kernel.slice %[[ARENA]], 0 : memref<192xi8> to memref<8xf32>
// CHECK: kernel.fill %[[AROWS]][%c0], %c24, %[[ZERO:.*]] : memref<24xf32>
// CHECK: scf.for %[[ROUND:.*]] = %c0 to %c13 step %c1 {
// CHECK:   %[[FLATX:.*]] = memref.reinterpret_cast %[[X]] to offset: [0], sizes: [96]
// CHECK:   kernel.copy %[[FLATX]][%{{.*}}], %[[XROWS]][%{{.*}}], %{{.*}}
// CHECK:   kernel.fill %[[XROWS]]
// CHECK:   kernel.fill %[[XROWS]]
// CHECK:   kernel.copy %[[AROWS]][%c8], %[[AROWS]][%c0], %c8
// CHECK:   kernel.copy %[[AROWS]][%c16], %[[AROWS]][%c8], %c8
// CHECK:   %[[HAS:.*]] = arith.cmpi slt, %[[ROUND]], %c12
// CHECK:   scf.if %[[HAS]] {
// CHECK:     nn.contract parallel [1, 8] reduction [3] ins(%{{.*}}, %[[W]] : memref<3x8xf32>, memref<3x8xf32>) outs(%{{.*}} : memref<1x8xf32, strided<[8, 1], offset: 16>>) maps [#[[WINDOW]], {{.*}}] {nn.runs = 12 : i64}
// CHECK:   kernel.fill %[[AROWS]]
// CHECK:   %[[HAS2:.*]] = arith.cmpi sgt
// CHECK:   scf.if %[[HAS2]] {
// CHECK:     nn.contract parallel [1, 8] reduction [3] ins(%{{.*}}, %[[W]] : memref<3x8xf32>, memref<3x8xf32>) outs(%{{.*}} : memref<1x8xf32>)
// CHECK:     kernel.copy %[[BROWS]][%{{.*}}], %{{.*}} : memref<8xf32>, memref<96xf32>
func.func @two_windows(%x: tensor<12x8xf32>, %w: tensor<3x8xf32>) -> tensor<12x8xf32> {
  %y = tensor.empty() : tensor<12x8xf32>
  %s = tensor.empty() : tensor<192xi8>
  %r:2 = nn.bands height 1 ins(%x, %w : tensor<12x8xf32>, tensor<3x8xf32>) outs(%y, %s : tensor<12x8xf32>, tensor<192xi8>) body {
  ^bb0(%in: tensor<12x8xf32>, %v: tensor<3x8xf32>):
    %e = tensor.empty() : tensor<12x8xf32>
    %a = nn.contract parallel [12, 8] reduction [3] ins(%in, %v : tensor<12x8xf32>, tensor<3x8xf32>) outs(%e : tensor<12x8xf32>) maps [#window, #weights, #out] epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } -> tensor<12x8xf32>
    %b = nn.contract parallel [12, 8] reduction [3] ins(%a, %v : tensor<12x8xf32>, tensor<3x8xf32>) outs(%e : tensor<12x8xf32>) maps [#window, #weights, #out] epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } -> tensor<12x8xf32>
    nn.yield %b : tensor<12x8xf32>
  } -> tensor<12x8xf32>, tensor<192xi8>
  return %r#0 : tensor<12x8xf32>
}

// -----

#id = affine_map<(h, c) -> (h, c)>
#in = affine_map<(c, h) -> (h, c)>
#sum = affine_map<(c, h) -> (c)>

// A sum over all rows goes on from the accumulators: of integers, it is added to them, ...
// CHECK-LABEL: func.func @sum_of_integers
// CHECK: kernel.fill %[[SUMS:.*]][%c0], %c8, %c0_i32
// CHECK: scf.for
// CHECK:   nn.map parallel [3, 8]
// CHECK:   nn.reduce parallel [8] reduction [3] ins(%{{.*}} : memref<3x8xi32>) extras(%[[OLD:.*]] : memref<8xi32>) outs(%[[OLD]] : memref<8xi32>) {{.*}} init [0 : i32] {nn.runs = 4 : i64}
// CHECK:   epilogue
// CHECK:     arith.addi
// CHECK: nn.map parallel [8] ins(%[[SUMS2:.*]] : memref<8xi32>)
func.func @sum_of_integers(%x: tensor<12x8xi32>) -> tensor<8xi32> {
  %y = tensor.empty() : tensor<8xi32>
  %s = tensor.empty() : tensor<224xi8>
  %r:2 = nn.bands height 3 ins(%x : tensor<12x8xi32>) outs(%y, %s : tensor<8xi32>, tensor<224xi8>) body {
  ^bb0(%rows: tensor<12x8xi32>):
    %e = tensor.empty() : tensor<12x8xi32>
    %o = tensor.empty() : tensor<8xi32>
    %a = nn.map parallel [12, 8] ins(%rows : tensor<12x8xi32>) outs(%e : tensor<12x8xi32>) maps [#id, #id] body {
    ^bb0(%v: i32):
      %n = arith.muli %v, %v : i32
      nn.yield %n : i32
    } -> tensor<12x8xi32>
    %b = nn.reduce parallel [8] reduction [12] ins(%a : tensor<12x8xi32>) outs(%o : tensor<8xi32>) maps [#in, #sum] init [0 : i32] combine {
    ^bb0(%v: i32, %acc: i32):
      %n = arith.addi %acc, %v : i32
      nn.yield %n : i32
    } epilogue {
    ^bb0(%acc: i32):
      nn.yield %acc : i32
    } -> tensor<8xi32>
    nn.yield %b : tensor<8xi32>
  } -> tensor<8xi32>, tensor<224xi8>
  return %r#0 : tensor<8xi32>
}

// -----

#id = affine_map<(h, c) -> (h, c)>
#in = affine_map<(c, h) -> (h, c)>
#sum = affine_map<(c, h) -> (c)>

// ... of floats, whose order matters, it starts there.
// CHECK-LABEL: func.func @sum_of_floats
// CHECK: nn.reduce parallel [8] reduction [3] ins(%{{.*}}, %[[OLD:.*]] : memref<3x8xf32>, memref<8xf32>) outs(%[[OLD]] : memref<8xf32>)
// CHECK: ^bb0(%[[V:.*]]: f32, %[[BEFORE:.*]]: f32, %[[ACC:.*]]: f32):
// CHECK:   %[[ROW:.*]] = nn.index 1
// CHECK:   %[[FIRST:.*]] = arith.cmpi eq, %[[ROW]], %c0
// CHECK:   %[[START:.*]] = arith.select %[[FIRST]], %[[BEFORE]], %[[ACC]] : f32
// CHECK:   arith.addf %[[START]], %[[V]]
func.func @sum_of_floats(%x: tensor<12x8xf32>) -> tensor<8xf32> {
  %y = tensor.empty() : tensor<8xf32>
  %s = tensor.empty() : tensor<224xi8>
  %r:2 = nn.bands height 3 ins(%x : tensor<12x8xf32>) outs(%y, %s : tensor<8xf32>, tensor<224xi8>) body {
  ^bb0(%rows: tensor<12x8xf32>):
    %e = tensor.empty() : tensor<12x8xf32>
    %o = tensor.empty() : tensor<8xf32>
    %a = nn.map parallel [12, 8] ins(%rows : tensor<12x8xf32>) outs(%e : tensor<12x8xf32>) maps [#id, #id] body {
    ^bb0(%v: f32):
      %n = arith.negf %v : f32
      nn.yield %n : f32
    } -> tensor<12x8xf32>
    %b = nn.reduce parallel [8] reduction [12] ins(%a : tensor<12x8xf32>) outs(%o : tensor<8xf32>) maps [#in, #sum] init [0.0 : f32] combine {
    ^bb0(%v: f32, %acc: f32):
      %n = arith.addf %acc, %v : f32
      nn.yield %n : f32
    } epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } -> tensor<8xf32>
    nn.yield %b : tensor<8xf32>
  } -> tensor<8xf32>, tensor<224xi8>
  return %r#0 : tensor<8xf32>
}

// -----

#window = affine_map<(h, c, k) -> (h + k - 1, c)>
#weights = affine_map<(h, c, k) -> (k, c)>
#out = affine_map<(h, c, k) -> (h, c)>

// Nobody else wants the memory of the rows from outside: two of three are kept, of which there are some before round 0.
// CHECK-LABEL: func.func @kept_rows_from_outside
// CHECK-DAG: %[[ROWS:.*]] = kernel.slice %{{.*}}, 0 : memref<128xi8> to memref<24xf32>
// CHECK: kernel.fill %[[ROWS]][%c0], %c24
// CHECK: kernel.copy %[[X:.*]][%{{.*}}], %[[ROWS]][%{{.*}}], %{{.*}} : memref<96xf32>, memref<24xf32>
// CHECK: scf.for
// CHECK:   kernel.copy %[[ROWS]][%c8], %[[ROWS]][%c0], %c8
// CHECK:   kernel.copy %[[ROWS]][%c16], %[[ROWS]][%c8], %c8
// CHECK:   kernel.copy %{{.*}}, %[[ROWS]][%c16]
// CHECK:   kernel.fill %[[ROWS]]
// CHECK-NOT: scf.if
// CHECK:   nn.contract parallel [1, 8] reduction [3]
func.func @kept_rows_from_outside(%x: tensor<12x8xf32>, %w: tensor<3x8xf32>) -> tensor<12x8xf32> {
  %y = tensor.empty() : tensor<12x8xf32>
  %s = tensor.empty() : tensor<128xi8>
  %r:2 = nn.bands height 1 ins(%x, %w : tensor<12x8xf32>, tensor<3x8xf32>) outs(%y, %s : tensor<12x8xf32>, tensor<128xi8>) body {
  ^bb0(%in: tensor<12x8xf32>, %u: tensor<3x8xf32>):
    %e = tensor.empty() : tensor<12x8xf32>
    %a = nn.contract parallel [12, 8] reduction [3] ins(%in, %u : tensor<12x8xf32>, tensor<3x8xf32>) outs(%e : tensor<12x8xf32>) maps [#window, #weights, #out] epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } -> tensor<12x8xf32>
    nn.yield %a : tensor<12x8xf32>
  } -> tensor<12x8xf32>, tensor<128xi8>
  return %r#0 : tensor<12x8xf32>
}
