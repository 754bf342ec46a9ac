// RUN: tenon-opt %s --convert-onnx-to-nn --canonicalize --record-interface=name=m | FileCheck %s

// Floats that MLIR lacks are codes in memory, f32 between, and what they are at the interface.
// CHECK: kernel.inputs = [{{.*}}type = tensor<4x!onnx.f4E2M1FN>
// CHECK-SAME: kernel.outputs = [{{.*}}type = tensor<4x!onnx.f8E8M0FNU>
// CHECK: func.func @m(%[[X:.*]]: tensor<4xui4>) -> tensor<4xui8>
// CHECK: nn.map {{.*}} ins(%[[X]] : tensor<4xui4>) outs(%{{.*}} : tensor<4xf32>)
// CHECK: nn.map {{.*}} outs(%[[Y:.*]] : tensor<4xui8>)
// CHECK-NOT: unrealized_conversion_cast
func.func @m(%x: tensor<4x!onnx.f4E2M1FN>) -> tensor<4x!onnx.f8E8M0FNU> {
  %f = onnx.Cast(%x) {to = 1 : i64} : (tensor<4x!onnx.f4E2M1FN>) -> (tensor<4xf32>)
  %y = onnx.Cast(%f) {to = 24 : i64} : (tensor<4xf32>) -> (tensor<4x!onnx.f8E8M0FNU>)
  return %y : tensor<4x!onnx.f8E8M0FNU>
}
