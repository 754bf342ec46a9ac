// RUN: tenon-opt %s --convert-onnx-to-nn -verify-diagnostics

func.func @softmax_axis(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{Softmax has an axis out of range}}
  %r0 = onnx.Softmax(%x) {axis = 2 : i64} : (tensor<2x4xf32>) -> (tensor<2x4xf32>)
  return %r0 : tensor<2x4xf32>
}

func.func @logsoftmax_axis(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{LogSoftmax has an axis out of range}}
  %r0 = onnx.LogSoftmax(%x) {axis = 2 : i64} : (tensor<2x4xf32>) -> (tensor<2x4xf32>)
  return %r0 : tensor<2x4xf32>
}

func.func @hardmax_axis(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{Hardmax has an axis out of range}}
  %r0 = onnx.Hardmax(%x) {axis = 2 : i64} : (tensor<2x4xf32>) -> (tensor<2x4xf32>)
  return %r0 : tensor<2x4xf32>
}

func.func @batch_normalization_of_a_vector(%x: tensor<4xf32>, %y: tensor<4xf32>, %z: tensor<4xf32>, %w: tensor<4xf32>, %u: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{BatchNormalization expects an input of 2 dimensions or more}}
  %r0 = onnx.BatchNormalization(%x, %y, %z, %w, %u) : (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>)
  return %r0 : tensor<4xf32>
}

func.func @running_statistics_without_training(%x: tensor<1x4x2xf32>, %y: tensor<4xf32>, %z: tensor<4xf32>, %w: tensor<4xf32>, %u: tensor<4xf32>) -> (tensor<1x4x2xf32>, tensor<4xf32>, tensor<4xf32>) {
  // expected-error @+1 {{BatchNormalization has running statistics outside training mode}}
  %r0, %r1, %r2 = onnx.BatchNormalization(%x, %y, %z, %w, %u) : (tensor<1x4x2xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<1x4x2xf32>, tensor<4xf32>, tensor<4xf32>)
  return %r0, %r1, %r2 : tensor<1x4x2xf32>, tensor<4xf32>, tensor<4xf32>
}

func.func @instance_normalization_of_a_matrix(%x: tensor<1x4xf32>, %y: tensor<4xf32>, %z: tensor<4xf32>) -> tensor<1x4xf32> {
  // expected-error @+1 {{InstanceNormalization expects an input of 3 dimensions or more}}
  %r0 = onnx.InstanceNormalization(%x, %y, %z) : (tensor<1x4xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<1x4xf32>)
  return %r0 : tensor<1x4xf32>
}

func.func @groups_do_not_divide(%x: tensor<1x4x2xf32>, %y: tensor<4xf32>, %z: tensor<4xf32>) -> tensor<1x4x2xf32> {
  // expected-error @+1 {{GroupNormalization expects channels that the groups divide, and a scale for each}}
  %r0 = onnx.GroupNormalization(%x, %y, %z) {num_groups = 3 : i64} : (tensor<1x4x2xf32>, tensor<4xf32>, tensor<4xf32>) -> (tensor<1x4x2xf32>)
  return %r0 : tensor<1x4x2xf32>
}

func.func @scales_of_groups(%x: tensor<1x4x2xf32>, %y: tensor<2xf32>, %z: tensor<2xf32>) -> tensor<1x4x2xf32> {
  // expected-error @+1 {{GroupNormalization expects channels that the groups divide, and a scale for each}}
  %r0 = onnx.GroupNormalization(%x, %y, %z) {num_groups = 2 : i64} : (tensor<1x4x2xf32>, tensor<2xf32>, tensor<2xf32>) -> (tensor<1x4x2xf32>)
  return %r0 : tensor<1x4x2xf32>
}

func.func @lrn_of_size_zero(%x: tensor<1x4x2x2xf32>) -> tensor<1x4x2x2xf32> {
  // expected-error @+1 {{LRN expects an input of 2 dimensions or more, and a size}}
  %r0 = onnx.LRN(%x) {size = 0 : i64} : (tensor<1x4x2x2xf32>) -> (tensor<1x4x2x2xf32>)
  return %r0 : tensor<1x4x2x2xf32>
}

func.func @layer_normalization_axis(%x: tensor<2x4xf32>, %y: tensor<4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{LayerNormalization has an axis out of range}}
  %r0 = onnx.LayerNormalization(%x, %y) {axis = -3 : i64} : (tensor<2x4xf32>, tensor<4xf32>) -> (tensor<2x4xf32>)
  return %r0 : tensor<2x4xf32>
}

func.func @rms_normalization_axis(%x: tensor<2x4xf32>, %y: tensor<4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{RMSNormalization has an axis out of range}}
  %r0 = onnx.RMSNormalization(%x, %y) {axis = 2 : i64} : (tensor<2x4xf32>, tensor<4xf32>) -> (tensor<2x4xf32>)
  return %r0 : tensor<2x4xf32>
}

func.func @norm_of_order_three(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{LpNormalization expects p to be 1 or 2}}
  %r0 = onnx.LpNormalization(%x) {p = 3 : i64} : (tensor<2x4xf32>) -> (tensor<2x4xf32>)
  return %r0 : tensor<2x4xf32>
}

func.func @lp_normalization_axis(%x: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-error @+1 {{LpNormalization has an axis out of range}}
  %r0 = onnx.LpNormalization(%x) {axis = 2 : i64} : (tensor<2x4xf32>) -> (tensor<2x4xf32>)
  return %r0 : tensor<2x4xf32>
}
