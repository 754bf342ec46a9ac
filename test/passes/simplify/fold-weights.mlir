// RUN: tenon-opt %s -fold-weights -split-input-file | FileCheck %s

// CHECK-LABEL: @small_result_is_a_dense_constant
// CHECK-NEXT: %[[SUM:.*]] = arith.constant dense<[11, 22]> : tensor<2xi32>
// CHECK-NEXT: return %[[SUM]]
func.func @small_result_is_a_dense_constant() -> tensor<2xi32> {
  %a = arith.constant dense<[1, 2]> : tensor<2xi32>
  %b = arith.constant dense<[10, 20]> : tensor<2xi32>
  %init = tensor.empty() : tensor<2xi32>
  %sum = nn.map parallel [2] ins(%a, %b : tensor<2xi32>, tensor<2xi32>) outs(%init : tensor<2xi32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%x: i32, %y: i32):
    %0 = arith.addi %x, %y : i32
    nn.yield %0 : i32
  } -> tensor<2xi32>
  return %sum : tensor<2xi32>
}

// -----

// A chain leaves one constant, and no global of what is between. Equal data is
// one global.

// CHECK-LABEL: @large_result_is_a_global
// CHECK-NEXT: %[[A:.*]] = nn.weight @[[NAME:w_[0-9a-f]+]] : tensor<300xi32>
// CHECK-NEXT: %[[B:.*]] = nn.weight @[[NAME]] : tensor<30x10xi32>
// CHECK-NEXT: return %[[A]], %[[B]]
// CHECK: kernel.global @[[NAME]] = dense_resource<[[NAME]]> : tensor<300xi32>
// CHECK-NOT: kernel.global @raw
kernel.global @raw = dense<1> : tensor<300xi32>

func.func @large_result_is_a_global() -> (tensor<300xi32>, tensor<30x10xi32>) {
  %w = nn.weight @raw : tensor<300xi32>
  %init = tensor.empty() : tensor<300xi32>
  %sum = nn.map parallel [300] ins(%w : tensor<300xi32>) outs(%init : tensor<300xi32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%x: i32):
    %i = nn.index 0
    %n = arith.index_cast %i : index to i32
    %0 = arith.addi %x, %n : i32
    nn.yield %0 : i32
  } -> tensor<300xi32>
  %reversed = nn.map parallel [300] ins(%sum : tensor<300xi32>) outs(%init : tensor<300xi32>)
      maps [affine_map<(i) -> (299 - i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%x: i32):
    nn.yield %x : i32
  } -> tensor<300xi32>
  %again = nn.reshape %reversed : tensor<300xi32> -> tensor<30x10xi32>
  return %reversed, %again : tensor<300xi32>, tensor<30x10xi32>
}

// -----

// CHECK-LABEL: @operand_that_is_no_constant_stays
// CHECK: nn.map
func.func @operand_that_is_no_constant_stays(%a: tensor<2xi32>) -> tensor<2xi32> {
  %b = arith.constant dense<[10, 20]> : tensor<2xi32>
  %init = tensor.empty() : tensor<2xi32>
  %sum = nn.map parallel [2] ins(%a, %b : tensor<2xi32>, tensor<2xi32>) outs(%init : tensor<2xi32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%x: i32, %y: i32):
    %0 = arith.addi %x, %y : i32
    nn.yield %0 : i32
  } -> tensor<2xi32>
  return %sum : tensor<2xi32>
}

// -----

// CHECK-LABEL: @broadcast_that_blows_up_stays
// CHECK-NEXT: arith.constant dense<[1, 2]>
// CHECK: nn.map
func.func @broadcast_that_blows_up_stays() -> tensor<2x10000xi32> {
  %a = arith.constant dense<[1, 2]> : tensor<2xi32>
  %init = tensor.empty() : tensor<2x10000xi32>
  %wide = nn.map parallel [2, 10000] ins(%a : tensor<2xi32>) outs(%init : tensor<2x10000xi32>)
      maps [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%x: i32):
    nn.yield %x : i32
  } -> tensor<2x10000xi32>
  return %wide : tensor<2x10000xi32>
}

// -----

// The broadcast of a scalar is a splat, which takes no room.

// CHECK-LABEL: @broadcast_of_a_scalar_is_a_splat
// CHECK-NEXT: arith.constant dense<7> : tensor<2x10000xi32>
// CHECK-NEXT: return
func.func @broadcast_of_a_scalar_is_a_splat() -> tensor<2x10000xi32> {
  %a = arith.constant dense<7> : tensor<i32>
  %init = tensor.empty() : tensor<2x10000xi32>
  %wide = nn.map parallel [2, 10000] ins(%a : tensor<i32>) outs(%init : tensor<2x10000xi32>)
      maps [affine_map<(i, j) -> ()>, affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%x: i32):
    nn.yield %x : i32
  } -> tensor<2x10000xi32>
  return %wide : tensor<2x10000xi32>
}

// -----

// A broadcast that stays is still known: its sum is small again.

// CHECK-LABEL: @sum_of_a_broadcast_folds
// CHECK-NEXT: arith.constant dense<[10000, 20000]> : tensor<2xi32>
// CHECK-NEXT: return
func.func @sum_of_a_broadcast_folds() -> tensor<2xi32> {
  %a = arith.constant dense<[1, 2]> : tensor<2xi32>
  %init = tensor.empty() : tensor<2x10000xi32>
  %wide = nn.map parallel [2, 10000] ins(%a : tensor<2xi32>) outs(%init : tensor<2x10000xi32>)
      maps [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%x: i32):
    nn.yield %x : i32
  } -> tensor<2x10000xi32>
  %out = tensor.empty() : tensor<2xi32>
  %sum = nn.reduce parallel [2] reduction [10000] ins(%wide : tensor<2x10000xi32>) outs(%out : tensor<2xi32>)
      maps [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>] init [0 : i32] combine {
  ^bb0(%x: i32, %acc: i32):
    %0 = arith.addi %x, %acc : i32
    nn.yield %0 : i32
  } epilogue {
  ^bb0(%acc: i32):
    nn.yield %acc : i32
  } -> tensor<2xi32>
  return %sum : tensor<2xi32>
}

// -----

// CHECK-LABEL: @index_outside_does_not_fold
// CHECK: nn.gather
func.func @index_outside_does_not_fold() -> tensor<1xi32> {
  %table = arith.constant dense<[1, 2, 3]> : tensor<3xi32>
  %at = arith.constant dense<3> : tensor<1xi64>
  %init = tensor.empty() : tensor<1xi32>
  %y = nn.gather parallel [1] ins(%table : tensor<3xi32>) indices(%at : tensor<1xi64>) outs(%init : tensor<1xi32>)
      maps [affine_map<(i)[at] -> (at)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%x: i32):
    nn.yield %x : i32
  } -> tensor<1xi32>
  return %y : tensor<1xi32>
}

// -----

// CHECK-LABEL: @division_by_zero_does_not_fold
// CHECK: nn.map
func.func @division_by_zero_does_not_fold() -> tensor<2xi32> {
  %a = arith.constant dense<[1, 0]> : tensor<2xi32>
  %init = tensor.empty() : tensor<2xi32>
  %y = nn.map parallel [2] ins(%a : tensor<2xi32>) outs(%init : tensor<2xi32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%x: i32):
    %0 = arith.divsi %x, %x : i32
    nn.yield %0 : i32
  } -> tensor<2xi32>
  return %y : tensor<2xi32>
}

// -----

// CHECK-LABEL: @chain_across_a_branch_folds
// CHECK: scf.if
// CHECK-NEXT: %[[Y:.*]] = arith.constant dense<[3, 4]> : tensor<2xi32>
// CHECK-NEXT: scf.yield %[[Y]]
func.func @chain_across_a_branch_folds(%cond: i1, %other: tensor<2xi32>) -> tensor<2xi32> {
  %a = arith.constant dense<[[3], [4]]> : tensor<2x1xi32>
  %0 = scf.if %cond -> tensor<2xi32> {
    %y = nn.reshape %a : tensor<2x1xi32> -> tensor<2xi32>
    scf.yield %y : tensor<2xi32>
  } else {
    scf.yield %other : tensor<2xi32>
  }
  return %0 : tensor<2xi32>
}

// -----

// CHECK-LABEL: @large_dense_constant_becomes_a_weight
// CHECK-NEXT: nn.weight @w_{{[0-9a-f]+}} : tensor<257xi32>
func.func @large_dense_constant_becomes_a_weight() -> (tensor<257xi32>, tensor<1000xi32>) {
  %a = arith.constant dense_resource<numbers> : tensor<257xi32>
  // CHECK-NEXT: arith.constant dense<5> : tensor<1000xi32>
  %b = arith.constant dense<5> : tensor<1000xi32>
  return %a, %b : tensor<257xi32>, tensor<1000xi32>
}

{-#
  dialect_resources: {
    builtin: {
      numbers: "0x04000000000000000100000002000000030000000400000005000000060000000700000008000000090000000A0000000B0000000C0000000D0000000E0000000F000000100000001100000012000000130000001400000015000000160000001700000018000000190000001A0000001B0000001C0000001D0000001E0000001F000000200000002100000022000000230000002400000025000000260000002700000028000000290000002A0000002B0000002C0000002D0000002E0000002F000000300000003100000032000000330000003400000035000000360000003700000038000000390000003A0000003B0000003C0000003D0000003E0000003F000000400000004100000042000000430000004400000045000000460000004700000048000000490000004A0000004B0000004C0000004D0000004E0000004F000000500000005100000052000000530000005400000055000000560000005700000058000000590000005A0000005B0000005C0000005D0000005E0000005F000000600000006100000062000000630000006400000065000000660000006700000068000000690000006A0000006B0000006C0000006D0000006E0000006F000000700000007100000072000000730000007400000075000000760000007700000078000000790000007A0000007B0000007C0000007D0000007E0000007F000000800000008100000082000000830000008400000085000000860000008700000088000000890000008A0000008B0000008C0000008D0000008E0000008F000000900000009100000092000000930000009400000095000000960000009700000098000000990000009A0000009B0000009C0000009D0000009E0000009F000000A0000000A1000000A2000000A3000000A4000000A5000000A6000000A7000000A8000000A9000000AA000000AB000000AC000000AD000000AE000000AF000000B0000000B1000000B2000000B3000000B4000000B5000000B6000000B7000000B8000000B9000000BA000000BB000000BC000000BD000000BE000000BF000000C0000000C1000000C2000000C3000000C4000000C5000000C6000000C7000000C8000000C9000000CA000000CB000000CC000000CD000000CE000000CF000000D0000000D1000000D2000000D3000000D4000000D5000000D6000000D7000000D8000000D9000000DA000000DB000000DC000000DD000000DE000000DF000000E0000000E1000000E2000000E3000000E4000000E5000000E6000000E7000000E8000000E9000000EA000000EB000000EC000000ED000000EE000000EF000000F0000000F1000000F2000000F3000000F4000000F5000000F6000000F7000000F8000000F9000000FA000000FB000000FC000000FD000000FE000000FF00000000010000"
    }
  }
#-}
