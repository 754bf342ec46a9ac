// RUN: tenon-opt %s --convert-onnx-to-nn --interpret | FileCheck %s

// The numbers are those of the reference evaluator of ONNX; where it has none or computes at f32, of numpy by the definition.

// CHECK-LABEL: @abs
// CHECK: dense<[2.500000e+00, 5.000000e-01, 0.000000e+00, 5.000000e-01, 1.500000e+00]> : tensor<5xf32>
func.func @abs() -> tensor<5xf32> {
  %x = arith.constant dense<[-2.5, -0.5, 0.0, 0.5, 1.5]> : tensor<5xf32>
  %r = onnx.Abs(%x) : (tensor<5xf32>) -> (tensor<5xf32>)
  return %r : tensor<5xf32>
}

// CHECK-LABEL: @neg
// CHECK: dense<[2.500000e+00, 5.000000e-01, -0.000000e+00, -5.000000e-01, -1.500000e+00]> : tensor<5xf32>
func.func @neg() -> tensor<5xf32> {
  %x = arith.constant dense<[-2.5, -0.5, 0.0, 0.5, 1.5]> : tensor<5xf32>
  %r = onnx.Neg(%x) : (tensor<5xf32>) -> (tensor<5xf32>)
  return %r : tensor<5xf32>
}

// CHECK-LABEL: @ceil
// CHECK: dense<[-2.000000e+00, -0.000000e+00, 0.000000e+00, 1.000000e+00, 2.000000e+00]> : tensor<5xf32>
func.func @ceil() -> tensor<5xf32> {
  %x = arith.constant dense<[-2.5, -0.5, 0.0, 0.5, 1.5]> : tensor<5xf32>
  %r = onnx.Ceil(%x) : (tensor<5xf32>) -> (tensor<5xf32>)
  return %r : tensor<5xf32>
}

// CHECK-LABEL: @floor
// CHECK: dense<[-3.000000e+00, -1.000000e+00, 0.000000e+00, 0.000000e+00, 1.000000e+00]> : tensor<5xf32>
func.func @floor() -> tensor<5xf32> {
  %x = arith.constant dense<[-2.5, -0.5, 0.0, 0.5, 1.5]> : tensor<5xf32>
  %r = onnx.Floor(%x) : (tensor<5xf32>) -> (tensor<5xf32>)
  return %r : tensor<5xf32>
}

// Halves go to the even neighbour.
// CHECK-LABEL: @round
// CHECK: dense<[-2.000000e+00, -0.000000e+00, 0.000000e+00, 2.000000e+00, 3.000000e+00]> : tensor<5xf32>
func.func @round() -> tensor<5xf32> {
  %x = arith.constant dense<[-2.5, -0.5, 0.5, 1.5, 2.75]> : tensor<5xf32>
  %r = onnx.Round(%x) : (tensor<5xf32>) -> (tensor<5xf32>)
  return %r : tensor<5xf32>
}

// CHECK-LABEL: @sign
// CHECK: dense<[-1.000000e+00, -1.000000e+00, 0.000000e+00, 1.000000e+00, 1.000000e+00]> : tensor<5xf32>
func.func @sign() -> tensor<5xf32> {
  %x = arith.constant dense<[-2.5, -0.5, 0.0, 0.5, 1.5]> : tensor<5xf32>
  %r = onnx.Sign(%x) : (tensor<5xf32>) -> (tensor<5xf32>)
  return %r : tensor<5xf32>
}

// CHECK-LABEL: @relu
// CHECK: dense<[0.000000e+00, 0.000000e+00, 0.000000e+00, 5.000000e-01, 1.500000e+00]> : tensor<5xf32>
func.func @relu() -> tensor<5xf32> {
  %x = arith.constant dense<[-2.5, -0.5, 0.0, 0.5, 1.5]> : tensor<5xf32>
  %r = onnx.Relu(%x) : (tensor<5xf32>) -> (tensor<5xf32>)
  return %r : tensor<5xf32>
}

// CHECK-LABEL: @identity
// CHECK: dense<[-2.500000e+00, -5.000000e-01, 0.000000e+00, 5.000000e-01, 1.500000e+00]> : tensor<5xf32>
func.func @identity() -> tensor<5xf32> {
  %x = arith.constant dense<[-2.5, -0.5, 0.0, 0.5, 1.5]> : tensor<5xf32>
  %r = onnx.Identity(%x) : (tensor<5xf32>) -> (tensor<5xf32>)
  return %r : tensor<5xf32>
}

// CHECK-LABEL: @leaky_relu
// CHECK: dense<[-6.250000e-01, -1.250000e-01, 0.000000e+00, 5.000000e-01, 1.500000e+00]> : tensor<5xf32>
func.func @leaky_relu() -> tensor<5xf32> {
  %x = arith.constant dense<[-2.5, -0.5, 0.0, 0.5, 1.5]> : tensor<5xf32>
  %r = onnx.LeakyRelu(%x) {alpha = 0.25 : f32} : (tensor<5xf32>) -> (tensor<5xf32>)
  return %r : tensor<5xf32>
}

// CHECK-LABEL: @prelu
// CHECK{LITERAL}: dense<[[-1.000000e+00, 4.000000e+00], [-3.000000e+00, 8.000000e+00]]> : tensor<2x2xf32>
func.func @prelu() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[-2.0, 4.0], [-6.0, 8.0]]> : tensor<2x2xf32>
  %y = arith.constant dense<[0.5, 0.25]> : tensor<2xf32>
  %r = onnx.PRelu(%x, %y) : (tensor<2x2xf32>, tensor<2xf32>) -> (tensor<2x2xf32>)
  return %r : tensor<2x2xf32>
}

// CHECK-LABEL: @thresholded_relu
// CHECK: dense<[0.000000e+00, 0.000000e+00, 0.000000e+00, 0.000000e+00, 1.500000e+00]> : tensor<5xf32>
func.func @thresholded_relu() -> tensor<5xf32> {
  %x = arith.constant dense<[-2.5, -0.5, 0.0, 0.5, 1.5]> : tensor<5xf32>
  %r = onnx.ThresholdedRelu(%x) {alpha = 0.5 : f32} : (tensor<5xf32>) -> (tensor<5xf32>)
  return %r : tensor<5xf32>
}

// CHECK-LABEL: @hard_sigmoid
// CHECK: dense<[1.250000e-01, 6.250000e-01, 7.500000e-01, 8.750000e-01, 1.000000e+00]> : tensor<5xf32>
func.func @hard_sigmoid() -> tensor<5xf32> {
  %x = arith.constant dense<[-2.5, -0.5, 0.0, 0.5, 1.5]> : tensor<5xf32>
  %r = onnx.HardSigmoid(%x) {alpha = 0.25 : f32, beta = 0.75 : f32} : (tensor<5xf32>) -> (tensor<5xf32>)
  return %r : tensor<5xf32>
}

// CHECK-LABEL: @hard_swish
// CHECK: dense<[-0.000000e+00, -3.750000e-01, 0.000000e+00, 1.125000e+00, 4.000000e+00]> : tensor<5xf32>
func.func @hard_swish() -> tensor<5xf32> {
  %x = arith.constant dense<[-4.0, -1.5, 0.0, 1.5, 4.0]> : tensor<5xf32>
  %r = onnx.HardSwish(%x) : (tensor<5xf32>) -> (tensor<5xf32>)
  return %r : tensor<5xf32>
}

// CHECK-LABEL: @shrink
// CHECK: dense<[-2.250000e+00, 0.000000e+00, 0.000000e+00, 0.000000e+00, 1.250000e+00]> : tensor<5xf32>
func.func @shrink() -> tensor<5xf32> {
  %x = arith.constant dense<[-2.5, -0.5, 0.0, 0.5, 1.5]> : tensor<5xf32>
  %r = onnx.Shrink(%x) {lambd = 1.0 : f32, bias = 0.25 : f32} : (tensor<5xf32>) -> (tensor<5xf32>)
  return %r : tensor<5xf32>
}

// CHECK-LABEL: @clip
// CHECK: dense<[-1.000000e+00, -5.000000e-01, 0.000000e+00, 5.000000e-01, 1.250000e+00]> : tensor<5xf32>
func.func @clip() -> tensor<5xf32> {
  %x = arith.constant dense<[-2.5, -0.5, 0.0, 0.5, 1.5]> : tensor<5xf32>
  %y = arith.constant dense<-1.0> : tensor<f32>
  %z = arith.constant dense<1.25> : tensor<f32>
  %r = onnx.Clip(%x, %y, %z) : (tensor<5xf32>, tensor<f32>, tensor<f32>) -> (tensor<5xf32>)
  return %r : tensor<5xf32>
}

// CHECK-LABEL: @dropout
// CHECK: dense<[-2.500000e+00, -5.000000e-01, 0.000000e+00, 5.000000e-01, 1.500000e+00]> : tensor<5xf32>
func.func @dropout() -> tensor<5xf32> {
  %x = arith.constant dense<[-2.5, -0.5, 0.0, 0.5, 1.5]> : tensor<5xf32>
  %r = onnx.Dropout(%x) : (tensor<5xf32>) -> (tensor<5xf32>)
  return %r : tensor<5xf32>
}

// CHECK-LABEL: @softsign
// CHECK: dense<[-7.500000e-01, -5.000000e-01, 0.000000e+00, 5.000000e-01, 7.500000e-01]> : tensor<5xf32>
func.func @softsign() -> tensor<5xf32> {
  %x = arith.constant dense<[-3.0, -1.0, 0.0, 1.0, 3.0]> : tensor<5xf32>
  %r = onnx.Softsign(%x) : (tensor<5xf32>) -> (tensor<5xf32>)
  return %r : tensor<5xf32>
}

// CHECK-LABEL: @reciprocal
// CHECK: dense<[-2.500000e-01, 2.000000e+00, 1.250000e-01]> : tensor<3xf32>
func.func @reciprocal() -> tensor<3xf32> {
  %x = arith.constant dense<[-4.0, 0.5, 8.0]> : tensor<3xf32>
  %r = onnx.Reciprocal(%x) : (tensor<3xf32>) -> (tensor<3xf32>)
  return %r : tensor<3xf32>
}

// CHECK-LABEL: @sqrt
// CHECK: dense<[5.000000e-01, 1.500000e+00, 4.000000e+00]> : tensor<3xf32>
func.func @sqrt() -> tensor<3xf32> {
  %x = arith.constant dense<[0.25, 2.25, 16.0]> : tensor<3xf32>
  %r = onnx.Sqrt(%x) : (tensor<3xf32>) -> (tensor<3xf32>)
  return %r : tensor<3xf32>
}

// CHECK-LABEL: @pow
// CHECK: dense<[-8.000000e+00, 9.000000e+00, 4.000000e+00, 1.000000e+00]> : tensor<4xf32>
func.func @pow() -> tensor<4xf32> {
  %x = arith.constant dense<[-2.0, 3.0, 0.5, 4.0]> : tensor<4xf32>
  %y = arith.constant dense<[3, 2, -2, 0]> : tensor<4xi64>
  %r = onnx.Pow(%x, %y) : (tensor<4xf32>, tensor<4xi64>) -> (tensor<4xf32>)
  return %r : tensor<4xf32>
}

// CHECK-LABEL: @where
// CHECK: dense<[1.000000e+00, 4.000000e+00, 3.000000e+00]> : tensor<3xf32>
func.func @where() -> tensor<3xf32> {
  %x = arith.constant dense<[true, false, true]> : tensor<3xi1>
  %y = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %z = arith.constant dense<[4.0]> : tensor<1xf32>
  %r = onnx.Where(%x, %y, %z) : (tensor<3xi1>, tensor<3xf32>, tensor<1xf32>) -> (tensor<3xf32>)
  return %r : tensor<3xf32>
}

// CHECK-LABEL: @add
// CHECK{LITERAL}: dense<[[1.100000e+01, 2.200000e+01], [1.300000e+01, 2.400000e+01]]> : tensor<2x2xf32>
func.func @add() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %y = arith.constant dense<[10.0, 20.0]> : tensor<2xf32>
  %r = onnx.Add(%x, %y) : (tensor<2x2xf32>, tensor<2xf32>) -> (tensor<2x2xf32>)
  return %r : tensor<2x2xf32>
}

// CHECK-LABEL: @sub
// CHECK{LITERAL}: dense<[[-9.000000e+00, -8.000000e+00], [-1.700000e+01, -1.600000e+01]]> : tensor<2x2xf32>
func.func @sub() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
  %y = arith.constant dense<[[10.0], [20.0]]> : tensor<2x1xf32>
  %r = onnx.Sub(%x, %y) : (tensor<2x2xf32>, tensor<2x1xf32>) -> (tensor<2x2xf32>)
  return %r : tensor<2x2xf32>
}

// CHECK-LABEL: @mul
// CHECK: dense<[-2.000000e+00, 1.000000e+00, 1.200000e+01]> : tensor<3xf32>
func.func @mul() -> tensor<3xf32> {
  %x = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf32>
  %y = arith.constant dense<[-2.0, 0.5, 4.0]> : tensor<3xf32>
  %r = onnx.Mul(%x, %y) : (tensor<3xf32>, tensor<3xf32>) -> (tensor<3xf32>)
  return %r : tensor<3xf32>
}

// Integers are divided towards zero.
// CHECK-LABEL: @div
// CHECK: dense<[3, -3, -2]> : tensor<3xi32>
func.func @div() -> tensor<3xi32> {
  %x = arith.constant dense<[7, -7, 9]> : tensor<3xi32>
  %y = arith.constant dense<[2, 2, -4]> : tensor<3xi32>
  %r = onnx.Div(%x, %y) : (tensor<3xi32>, tensor<3xi32>) -> (tensor<3xi32>)
  return %r : tensor<3xi32>
}

// The sign is that of the divisor.
// CHECK-LABEL: @mod
// CHECK: dense<[3, 1, -1, -3]> : tensor<4xi32>
func.func @mod() -> tensor<4xi32> {
  %x = arith.constant dense<[7, -7, 7, -7]> : tensor<4xi32>
  %y = arith.constant dense<[4, 4, -4, -4]> : tensor<4xi32>
  %r = onnx.Mod(%x, %y) : (tensor<4xi32>, tensor<4xi32>) -> (tensor<4xi32>)
  return %r : tensor<4xi32>
}

// The sign is that of the dividend.
// CHECK-LABEL: @fmod
// CHECK: dense<[3.500000e+00, -3.500000e+00, 3.500000e+00]> : tensor<3xf32>
func.func @fmod() -> tensor<3xf32> {
  %x = arith.constant dense<[7.5, -7.5, 7.5]> : tensor<3xf32>
  %y = arith.constant dense<[4.0, 4.0, -4.0]> : tensor<3xf32>
  %r = onnx.Mod(%x, %y) {fmod = 1 : i64} : (tensor<3xf32>, tensor<3xf32>) -> (tensor<3xf32>)
  return %r : tensor<3xf32>
}

// CHECK-LABEL: @max
// CHECK: dense<[4.000000e+00, 6.000000e+00, 3.500000e+00]> : tensor<3xf32>
func.func @max() -> tensor<3xf32> {
  %x = arith.constant dense<[1.0, 5.0, 3.0]> : tensor<3xf32>
  %y = arith.constant dense<[4.0, 2.0, 3.5]> : tensor<3xf32>
  %z = arith.constant dense<[0.0, 6.0, 0.0]> : tensor<3xf32>
  %r = onnx.Max(%x, %y, %z) : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<3xf32>)
  return %r : tensor<3xf32>
}

// CHECK-LABEL: @min
// CHECK: dense<[1.000000e+00, 2.000000e+00, 0.000000e+00]> : tensor<3xf32>
func.func @min() -> tensor<3xf32> {
  %x = arith.constant dense<[1.0, 5.0, 3.0]> : tensor<3xf32>
  %y = arith.constant dense<[4.0, 2.0, 3.5]> : tensor<3xf32>
  %z = arith.constant dense<[2.0, 6.0, 0.0]> : tensor<3xf32>
  %r = onnx.Min(%x, %y, %z) : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<3xf32>)
  return %r : tensor<3xf32>
}

// CHECK-LABEL: @sum
// CHECK: dense<[7.000000e+00, 1.300000e+01, 6.500000e+00]> : tensor<3xf32>
func.func @sum() -> tensor<3xf32> {
  %x = arith.constant dense<[1.0, 5.0, 3.0]> : tensor<3xf32>
  %y = arith.constant dense<[4.0, 2.0, 3.5]> : tensor<3xf32>
  %z = arith.constant dense<[2.0, 6.0, 0.0]> : tensor<3xf32>
  %r = onnx.Sum(%x, %y, %z) : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<3xf32>)
  return %r : tensor<3xf32>
}

// CHECK-LABEL: @mean
// CHECK: dense<[3.000000e+00, 3.000000e+00, 2.000000e+00]> : tensor<3xf32>
func.func @mean() -> tensor<3xf32> {
  %x = arith.constant dense<[1.0, 5.0, 3.0]> : tensor<3xf32>
  %y = arith.constant dense<[4.0, 2.0, 3.0]> : tensor<3xf32>
  %z = arith.constant dense<[4.0, 5.0, 0.0]> : tensor<3xf32>
  %a = arith.constant dense<[3.0, 0.0, 2.0]> : tensor<3xf32>
  %r = onnx.Mean(%x, %y, %z, %a) : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<3xf32>)
  return %r : tensor<3xf32>
}

// Of 40 inputs, in two layers.
// CHECK-LABEL: @mean_of_many
// CHECK: dense<[2.000000e+00, 5.000000e+00, 2.500000e+00]> : tensor<3xf32>
func.func @mean_of_many() -> tensor<3xf32> {
  %x = arith.constant dense<[1.0, 5.0, 3.0]> : tensor<3xf32>
  %y = arith.constant dense<[41.0, 5.0, -17.0]> : tensor<3xf32>
  %r = onnx.Mean(%x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %x, %y) : (tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>, tensor<3xf32>) -> (tensor<3xf32>)
  return %r : tensor<3xf32>
}

// CHECK-LABEL: @exp
// CHECK: dense<[0.4723665{{[0-9]*}}, 0.7788007{{[0-9]*}}, 1.648721{{[0-9]*}}]> : tensor<3xf64>
func.func @exp() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Exp(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @log
// CHECK: dense<[-1.386294{{[0-9]*}}, -0.2876820{{[0-9]*}}, 1.098612{{[0-9]*}}]> : tensor<3xf64>
func.func @log() -> tensor<3xf64> {
  %x = arith.constant dense<[0.25, 0.75, 3.0]> : tensor<3xf64>
  %r = onnx.Log(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @sin
// CHECK: dense<[-0.6816387{{[0-9]*}}, -0.2474039{{[0-9]*}}, 0.4794255{{[0-9]*}}]> : tensor<3xf64>
func.func @sin() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Sin(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @cos
// CHECK: dense<[0.7316888{{[0-9]*}}, 0.9689124{{[0-9]*}}, 0.8775825{{[0-9]*}}]> : tensor<3xf64>
func.func @cos() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Cos(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @tan
// CHECK: dense<[-0.9315964{{[0-9]*}}, -0.2553419{{[0-9]*}}, 0.5463024{{[0-9]*}}]> : tensor<3xf64>
func.func @tan() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Tan(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @asin
// CHECK: dense<[-0.8480620{{[0-9]*}}, -0.2526802{{[0-9]*}}, 0.5235987{{[0-9]*}}]> : tensor<3xf64>
func.func @asin() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Asin(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @acos
// CHECK: dense<[2.418858{{[0-9]*}}, 1.823476{{[0-9]*}}, 1.047197{{[0-9]*}}]> : tensor<3xf64>
func.func @acos() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Acos(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @atan
// CHECK: dense<[-0.6435011{{[0-9]*}}, -0.2449786{{[0-9]*}}, 0.4636476{{[0-9]*}}]> : tensor<3xf64>
func.func @atan() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Atan(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @sinh
// CHECK: dense<[-0.8223167{{[0-9]*}}, -0.2526123{{[0-9]*}}, 0.5210953{{[0-9]*}}]> : tensor<3xf64>
func.func @sinh() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Sinh(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @cosh
// CHECK: dense<[1.294683{{[0-9]*}}, 1.031413{{[0-9]*}}, 1.127625{{[0-9]*}}]> : tensor<3xf64>
func.func @cosh() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Cosh(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @tanh
// CHECK: dense<[-0.6351489{{[0-9]*}}, -0.2449186{{[0-9]*}}, 0.4621171{{[0-9]*}}]> : tensor<3xf64>
func.func @tanh() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Tanh(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @asinh
// CHECK: dense<[-0.6931471{{[0-9]*}}, -0.2474664{{[0-9]*}}, 0.4812118{{[0-9]*}}]> : tensor<3xf64>
func.func @asinh() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Asinh(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @acosh
// CHECK: dense<[0.6931471{{[0-9]*}}, 1.316957{{[0-9]*}}, 1.762747{{[0-9]*}}]> : tensor<3xf64>
func.func @acosh() -> tensor<3xf64> {
  %x = arith.constant dense<[1.25, 2.0, 3.0]> : tensor<3xf64>
  %r = onnx.Acosh(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @atanh
// CHECK: dense<[-0.9729550{{[0-9]*}}, -0.2554128{{[0-9]*}}, 0.5493061{{[0-9]*}}]> : tensor<3xf64>
func.func @atanh() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Atanh(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @erf
// CHECK: dense<[-0.7111556{{[0-9]*}}, -0.2763263{{[0-9]*}}, 0.5204998{{[0-9]*}}]> : tensor<3xf64>
func.func @erf() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Erf(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @sigmoid
// CHECK: dense<[0.3208213{{[0-9]*}}, 0.4378234{{[0-9]*}}, 0.6224593{{[0-9]*}}]> : tensor<3xf64>
func.func @sigmoid() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Sigmoid(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @softplus
// CHECK: dense<[0.3868710{{[0-9]*}}, 0.5759394{{[0-9]*}}, 0.9740769{{[0-9]*}}]> : tensor<3xf64>
func.func @softplus() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Softplus(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @mish
// CHECK: dense<[-0.2764947{{[0-9]*}}, -0.1299269{{[0-9]*}}, 0.3752452{{[0-9]*}}]> : tensor<3xf64>
func.func @mish() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Mish(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @gelu
// CHECK: dense<[-0.1699705{{[0-9]*}}, -0.1003234{{[0-9]*}}, 0.3457312{{[0-9]*}}]> : tensor<3xf64>
func.func @gelu() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Gelu(%x) : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @gelu_tanh
// CHECK: dense<[-0.1700394{{[0-9]*}}, -0.1003246{{[0-9]*}}, 0.3457140{{[0-9]*}}]> : tensor<3xf64>
func.func @gelu_tanh() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Gelu(%x) {approximate = "tanh"} : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @elu
// CHECK: dense<[-1.055266{{[0-9]*}}, -0.4423984{{[0-9]*}}, 5.000000e-01]> : tensor<3xf64>
func.func @elu() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Elu(%x) {alpha = 2.0 : f32} : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @celu
// CHECK: dense<[-0.3884349{{[0-9]*}}, -0.1967346{{[0-9]*}}, 5.000000e-01]> : tensor<3xf64>
func.func @celu() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Celu(%x) {alpha = 0.5 : f32} : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @selu
// CHECK: dense<[-1.582900{{[0-9]*}}, -0.6635976{{[0-9]*}}, 1.000000e+00]> : tensor<3xf64>
func.func @selu() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Selu(%x) {alpha = 1.5 : f32, gamma = 2.0 : f32} : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}

// CHECK-LABEL: @swish
// CHECK: dense<[-0.3055000{{[0-9]*}}, -0.1171976{{[0-9]*}}, 0.2810882{{[0-9]*}}]> : tensor<3xf64>
func.func @swish() -> tensor<3xf64> {
  %x = arith.constant dense<[-0.75, -0.25, 0.5]> : tensor<3xf64>
  %r = onnx.Swish(%x) {alpha = 0.5 : f32} : (tensor<3xf64>) -> (tensor<3xf64>)
  return %r : tensor<3xf64>
}
