// RUN: tenon-opt %s --split-input-file | tenon-opt --split-input-file | FileCheck %s

// CHECK: kernel.global @bias = dense<{{.*}}> : tensor<2xf32>
kernel.global @bias = dense<[1.0, -2.0]> : tensor<2xf32>

// CHECK-LABEL: func @weight_prints_as_its_symbol
// CHECK: %{{.*}} = nn.weight @bias : tensor<2xf32>
func.func @weight_prints_as_its_symbol() -> tensor<2xf32> {
  %0 = nn.weight @bias : tensor<2xf32>
  return %0 : tensor<2xf32>
}

// -----

kernel.global @bias = dense<[1.0, -2.0]> : tensor<2xf32>

// CHECK-LABEL: func @weight_may_have_another_shape
// CHECK: nn.weight @bias : tensor<1x2xf32>
func.func @weight_may_have_another_shape() -> tensor<1x2xf32> {
  %0 = nn.weight @bias : tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}
