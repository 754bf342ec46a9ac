// RUN: tenon-opt %s --convert-onnx-to-nn | FileCheck %s

// CHECK-DAG: #[[SWAP:.*]] = affine_map<(d0, d1) -> (d1, d0)>
// CHECK-DAG: #[[BACK:.*]] = affine_map<(d0) -> (-d0 + 3)>
// CHECK-DAG: #[[MOD:.*]] = affine_map<(d0) -> (d0 mod 4)>

// CHECK-LABEL: @transpose
func.func @transpose(%x: tensor<4x8xf32>) -> tensor<8x4xf32> {
  // CHECK: nn.map parallel [8, 4] {{.*}} maps [#[[SWAP]]
  %y = onnx.Transpose(%x) : (tensor<4x8xf32>) -> (tensor<8x4xf32>)
  return %y : tensor<8x4xf32>
}

// CHECK-LABEL: @slice_backwards
func.func @slice_backwards(%x: tensor<4xf32>) -> tensor<4xf32> {
  // CHECK: nn.map parallel [4] {{.*}} maps [#[[BACK]]
  %start = arith.constant dense<-1> : tensor<1xi64>
  %end = arith.constant dense<-9> : tensor<1xi64>
  %axis = arith.constant dense<0> : tensor<1xi64>
  %y = onnx.Slice(%x, %start, %end, %axis, %start) : (tensor<4xf32>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>, tensor<1xi64>) -> (tensor<4xf32>)
  return %y : tensor<4xf32>
}

// The shape that a reshape states is not looked at.
// CHECK-LABEL: @reshape_by_its_result
func.func @reshape_by_its_result(%x: tensor<4x8xf32>, %shape: tensor<2xi64>) -> tensor<2x16xf32> {
  // CHECK: nn.reshape %{{.*}} : tensor<4x8xf32> -> tensor<2x16xf32>
  %y = onnx.Reshape(%x, %shape) : (tensor<4x8xf32>, tensor<2xi64>) -> (tensor<2x16xf32>)
  return %y : tensor<2x16xf32>
}

// CHECK-LABEL: @tile
func.func @tile(%x: tensor<4xf32>, %n: tensor<1xi64>) -> tensor<12xf32> {
  // CHECK: nn.map parallel [12] {{.*}} maps [#[[MOD]]
  %y = onnx.Tile(%x, %n) : (tensor<4xf32>, tensor<1xi64>) -> (tensor<12xf32>)
  return %y : tensor<12xf32>
}

// CHECK-LABEL: @concat_then_split
func.func @concat_then_split(%a: tensor<2x1xf32>, %b: tensor<2x3xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>) {
  // CHECK: nn.assemble (%{{.*}} at [0, 0], %{{.*}} at [0, 1])
  // CHECK-COUNT-2: nn.map parallel [2, 2]
  %x = onnx.Concat(%a, %b) {axis = 1 : i64} : (tensor<2x1xf32>, tensor<2x3xf32>) -> (tensor<2x4xf32>)
  %y:2 = onnx.Split(%x) {axis = 1 : i64, num_outputs = 2 : i64} : (tensor<2x4xf32>) -> (tensor<2x2xf32>, tensor<2x2xf32>)
  return %y#0, %y#1 : tensor<2x2xf32>, tensor<2x2xf32>
}

// CHECK-LABEL: @pad_by_reflection
func.func @pad_by_reflection(%x: tensor<3xf32>) -> tensor<7xf32> {
  // CHECK: %[[TABLE:.*]] = arith.constant dense<[2, 1, 0, 1, 2, 1, 0]>
  // CHECK: nn.gather parallel [7] {{.*}} indices(%[[TABLE]]
  %pads = arith.constant dense<2> : tensor<2xi64>
  %y = onnx.Pad(%x, %pads) {mode = "reflect"} : (tensor<3xf32>, tensor<2xi64>) -> (tensor<7xf32>)
  return %y : tensor<7xf32>
}

// CHECK-LABEL: @pad_cuts_and_fills
func.func @pad_cuts_and_fills(%x: tensor<3xf32>) -> tensor<4xf32> {
  // CHECK: %[[PART:.*]] = nn.map parallel [2]
  // CHECK: nn.assemble (%[[PART]] at [0]) fill 1.0
  %pads = arith.constant dense<[-1, 2]> : tensor<2xi64>
  %one = arith.constant dense<1.0> : tensor<f32>
  %y = onnx.Pad(%x, %pads, %one) : (tensor<3xf32>, tensor<2xi64>, tensor<f32>) -> (tensor<4xf32>)
  return %y : tensor<4xf32>
}

// CHECK-LABEL: @slice_at_computed_places_is_a_gather
func.func @slice_at_computed_places_is_a_gather(%x: tensor<4xf32>, %start: tensor<1xi64>) -> tensor<2xf32> {
  // CHECK: %[[START:.*]] = nn.reduce parallel [] reduction [1] ins(%arg1
  // CHECK: %[[INDEX:.*]] = nn.map parallel [2] ins(%[[START]]
  // CHECK: nn.gather parallel [2] ins(%arg0 {{.*}} indices(%[[INDEX]]
  %y = onnx.Slice(%x, %start, %start) : (tensor<4xf32>, tensor<1xi64>, tensor<1xi64>) -> (tensor<2xf32>)
  return %y : tensor<2xf32>
}
