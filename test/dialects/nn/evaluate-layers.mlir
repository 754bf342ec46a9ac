// RUN: tenon-opt %s -interpret | FileCheck %s

// Layers on constant data; the expectations are numpy's.

// CHECK-LABEL: @convolution_with_stride_padding_bias_and_relu
// CHECK{LITERAL}: dense<[[[3.000000e+01, 3.000000e+01, 0.000000e+00], [0.000000e+00, 5.000000e+00, 2.500000e+00], [0.000000e+00, 0.000000e+00, 6.500000e+00]], [[1.600000e+01, 2.000000e+01, 0.000000e+00], [0.000000e+00, 0.000000e+00, 5.000000e-01], [1.000000e+01, 0.000000e+00, 0.000000e+00]], [[0.000000e+00, 0.000000e+00, 9.500000e+00], [4.900000e+01, 2.000000e+01, 0.000000e+00], [0.000000e+00, 0.000000e+00, 7.500000e+00]]]> : tensor<3x3x3xf32>
func.func @convolution_with_stride_padding_bias_and_relu() -> tensor<3x3x3xf32> {
  %x = arith.constant dense<[[[4.0, 1.0], [2.0, 4.0], [1.0, 2.0], [3.0, -2.0], [-4.0, -2.0], [-2.0, 3.0]], [[4.0, -4.0], [0.0, 3.0], [-3.0, 3.0], [-3.0, 0.0], [3.0, -2.0], [-1.0, -2.0]], [[2.0, -2.0], [4.0, 0.0], [0.0, 0.0], [1.0, 0.0], [0.0, 4.0], [3.0, 3.0]], [[2.0, 1.0], [-1.0, 4.0], [0.0, -3.0], [3.0, -3.0], [3.0, 1.0], [-3.0, -4.0]], [[0.0, -4.0], [-3.0, 0.0], [4.0, 0.0], [3.0, 4.0], [3.0, 1.0], [-1.0, 0.0]]]> : tensor<5x6x2xf32>
  %w = arith.constant dense<[[[[-2.0, 0.0], [-1.0, -2.0], [3.0, -3.0]], [[-3.0, -2.0], [3.0, 1.0], [3.0, -2.0]], [[2.0, -1.0], [0.0, -3.0], [1.0, 2.0]]], [[[1.0, -2.0], [0.0, -2.0], [3.0, 3.0]], [[-2.0, 0.0], [3.0, 2.0], [1.0, 1.0]], [[-3.0, 2.0], [0.0, -3.0], [-2.0, 0.0]]], [[[2.0, 0.0], [1.0, 3.0], [1.0, -1.0]], [[1.0, 1.0], [-3.0, -3.0], [1.0, -1.0]], [[1.0, -1.0], [-2.0, -2.0], [-1.0, 2.0]]]]> : tensor<3x3x3x2xf32>
  %b = arith.constant dense<[1.0, -2.0, 0.5]> : tensor<3xf32>
  %init = tensor.empty() : tensor<3x3x3xf32>
  %y = nn.contract parallel [3, 3, 3] reduction [3, 3, 2]
      ins(%x, %w : tensor<5x6x2xf32>, tensor<3x3x3x2xf32>) extras(%b : tensor<3xf32>) outs(%init : tensor<3x3x3xf32>)
      maps [affine_map<(h, w, o, kh, kw, c) -> (h * 2 + kh - 1, w * 2 + kw - 1, c)>,
            affine_map<(h, w, o, kh, kw, c) -> (o, kh, kw, c)>,
            affine_map<(h, w, o, kh, kw, c) -> (o)>,
            affine_map<(h, w, o, kh, kw, c) -> (h, w, o)>] epilogue {
  ^bb0(%acc: f32, %bias: f32):
    %sum = arith.addf %acc, %bias : f32
    %zero = arith.constant 0.0 : f32
    %relu = arith.maximumf %sum, %zero : f32
    nn.yield %relu : f32
  } -> tensor<3x3x3xf32>
  return %y : tensor<3x3x3xf32>
}

// CHECK-LABEL: @product_of_bytes_sums_in_words
// CHECK{LITERAL}: dense<[[-575, 3886, -20613], [229, 2056, 5415]]> : tensor<2x3xi32>
func.func @product_of_bytes_sums_in_words() -> tensor<2x3xi32> {
  %a = arith.constant dense<[[-26, -31, 19, 122, -28], [23, -16, 26, -14, 35]]> : tensor<2x5xi8>
  %b = arith.constant dense<[[12, 45, 116], [-90, 15, -16], [-37, -67, -115], [-25, 83, -104], [-25, 119, 115]]> : tensor<5x3xi8>
  %init = tensor.empty() : tensor<2x3xi32>
  %y = nn.contract parallel [2, 3] reduction [5] ins(%a, %b : tensor<2x5xi8>, tensor<5x3xi8>) outs(%init : tensor<2x3xi32>)
      maps [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>,
            affine_map<(i, j, k) -> (i, j)>] epilogue {
  ^bb0(%acc: i32):
    nn.yield %acc : i32
  } -> tensor<2x3xi32>
  return %y : tensor<2x3xi32>
}

// CHECK-LABEL: @bytes_without_sign_stay_positive
// CHECK{LITERAL}: dense<[[6208, 29551, 16106], [-31188, 32391, 35116]]> : tensor<2x3xi32>
func.func @bytes_without_sign_stay_positive() -> tensor<2x3xi32> {
  %a = arith.constant dense<[[55, 1, 171, 3, 76], [127, 223, 23, 169, 136]]> : tensor<2x5xui8>
  %b = arith.constant dense<[[-95, 88, 88], [-5, 113, 27], [103, 117, 17], [-57, -91, 16], [-79, 64, 109]]> : tensor<5x3xi8>
  %init = tensor.empty() : tensor<2x3xi32>
  %y = nn.contract parallel [2, 3] reduction [5] ins(%a, %b : tensor<2x5xui8>, tensor<5x3xi8>) outs(%init : tensor<2x3xi32>)
      maps [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>,
            affine_map<(i, j, k) -> (i, j)>] epilogue {
  ^bb0(%acc: i32):
    nn.yield %acc : i32
  } -> tensor<2x3xi32>
  return %y : tensor<2x3xi32>
}

// CHECK-LABEL: @max_pooling_skips_padding
// CHECK{LITERAL}: dense<[[[-1.300000e+01], [-3.000000e+00]], [[-1.900000e+01], [-3.000000e+00]]]> : tensor<2x2x1xf32>
func.func @max_pooling_skips_padding() -> tensor<2x2x1xf32> {
  %x = arith.constant dense<[[[-13.0], [-28.0], [-3.0], [-9.0]], [[-19.0], [-44.0], [-48.0], [-32.0]], [[-29.0], [-28.0], [-3.0], [-19.0]], [[-49.0], [-21.0], [-11.0], [-12.0]]]> : tensor<4x4x1xf32>
  %init = tensor.empty() : tensor<2x2x1xf32>
  %y = nn.reduce parallel [2, 2, 1] reduction [3, 3] ins(%x : tensor<4x4x1xf32>) outs(%init : tensor<2x2x1xf32>)
      maps [affine_map<(h, w, c, kh, kw) -> (h * 2 + kh - 1, w * 2 + kw - 1, c)>,
            affine_map<(h, w, c, kh, kw) -> (h, w, c)>] init [0xFF800000 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %max = arith.maximumf %in, %acc : f32
    nn.yield %max : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<2x2x1xf32>
  return %y : tensor<2x2x1xf32>
}

// CHECK-LABEL: @average_pooling_counts_what_is_inside
// CHECK{LITERAL}: dense<[[[1.440000e+02], [1.980000e+02]], [[1.080000e+02], [1.600000e+02]]]> : tensor<2x2x1xf32>
func.func @average_pooling_counts_what_is_inside() -> tensor<2x2x1xf32> {
  %x = arith.constant dense<[[[216.0], [36.0], [288.0], [288.0]], [[180.0], [144.0], [252.0], [180.0]], [[144.0], [108.0], [144.0], [252.0]], [[36.0], [36.0], [216.0], [108.0]]]> : tensor<4x4x1xf32>
  %init = tensor.empty() : tensor<2x2x1xf32>
  %y = nn.reduce parallel [2, 2, 1] reduction [3, 3] ins(%x : tensor<4x4x1xf32>) outs(%init : tensor<2x2x1xf32>)
      maps [affine_map<(h, w, c, kh, kw) -> (h * 2 + kh - 1, w * 2 + kw - 1, c)>,
            affine_map<(h, w, c, kh, kw) -> (h, w, c)>] init [0.0 : f32, 0 : i32] combine {
  ^bb0(%in: f32, %acc: f32, %count: i32):
    %sum = arith.addf %in, %acc : f32
    %one = arith.constant 1 : i32
    %next = arith.addi %count, %one : i32
    nn.yield %sum, %next : f32, i32
  } epilogue {
  ^bb0(%acc: f32, %count: i32):
    %n = arith.sitofp %count : i32 to f32
    %mean = arith.divf %acc, %n : f32
    nn.yield %mean : f32
  } -> tensor<2x2x1xf32>
  return %y : tensor<2x2x1xf32>
}

// CHECK-LABEL: @arg_max_takes_the_first_of_equals
// CHECK{LITERAL}: dense<[1, 0, 0]> : tensor<3xi64>
func.func @arg_max_takes_the_first_of_equals() -> tensor<3xi64> {
  %x = arith.constant dense<[[3.0, 9.0, 1.0, 9.0], [7.0, 2.0, 7.0, 0.0], [-1.0, -5.0, -1.0, -1.0]]> : tensor<3x4xf32>
  %init = tensor.empty() : tensor<3xi64>
  %y = nn.reduce parallel [3] reduction [4] ins(%x : tensor<3x4xf32>) outs(%init : tensor<3xi64>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      init [0xFF800000 : f32, 0 : i64] combine {
  ^bb0(%in: f32, %max: f32, %at: i64):
    %k = nn.index 1
    %here = arith.index_cast %k : index to i64
    %better = arith.cmpf ogt, %in, %max : f32
    %value = arith.select %better, %in, %max : f32
    %place = arith.select %better, %here, %at : i64
    nn.yield %value, %place : f32, i64
  } epilogue {
  ^bb0(%max: f32, %at: i64):
    nn.yield %at : i64
  } -> tensor<3xi64>
  return %y : tensor<3xi64>
}

// CHECK-LABEL: @sums_add_in_order
// CHECK{LITERAL}: dense<1.000000e+00> : tensor<1xf32>
func.func @sums_add_in_order() -> tensor<1xf32> {
  %x = arith.constant dense<[[100000000.0, 1.0, -100000000.0, 1.0]]> : tensor<1x4xf32>
  %init = tensor.empty() : tensor<1xf32>
  %y = nn.reduce parallel [1] reduction [2, 2] ins(%x : tensor<1x4xf32>) outs(%init : tensor<1xf32>)
      maps [affine_map<(i, j, k) -> (i, j * 2 + k)>, affine_map<(i, j, k) -> (i)>]
      init [0.0 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %sum = arith.addf %acc, %in : f32
    nn.yield %sum : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<1xf32>
  return %y : tensor<1xf32>
}

// CHECK-LABEL: @rows_of_a_table_of_unsigned_bytes
// CHECK{LITERAL}: dense<[[27, 168, 186], [205, 7, 232], [109, 20, 134]]> : tensor<3x3xui8>
func.func @rows_of_a_table_of_unsigned_bytes() -> tensor<3x3xui8> {
  %t = arith.constant dense<[[205, 7, 232], [31, 106, 247], [27, 168, 186], [109, 20, 134]]> : tensor<4x3xui8>
  %ids = arith.constant dense<[2, 0, 3]> : tensor<3xi64>
  %init = tensor.empty() : tensor<3x3xui8>
  %y = nn.gather parallel [3, 3] ins(%t : tensor<4x3xui8>) indices(%ids : tensor<3xi64>) outs(%init : tensor<3x3xui8>)
      maps [affine_map<(i, j)[id] -> (id, j)>, affine_map<(i, j) -> (i)>,
            affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%in: i8):
    nn.yield %in : i8
  } -> tensor<3x3xui8>
  return %y : tensor<3x3xui8>
}

// CHECK-LABEL: @unsigned_bytes_dequantize
// CHECK{LITERAL}: dense<[-6.400000e+01, -6.350000e+01, -5.000000e-01, 0.000000e+00, 6.350000e+01]> : tensor<5xf32>
func.func @unsigned_bytes_dequantize() -> tensor<5xf32> {
  %t = arith.constant dense<[0, 1, 127, 128, 255]> : tensor<5xui8>
  %init = tensor.empty() : tensor<5xf32>
  %y = nn.map parallel [5] ins(%t : tensor<5xui8>) outs(%init : tensor<5xf32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%in: i8):
    %wide = arith.extui %in : i8 to i32
    %zero = arith.constant 128 : i32
    %moved = arith.subi %wide, %zero : i32
    %float = arith.sitofp %moved : i32 to f32
    %scale = arith.constant 0.5 : f32
    %value = arith.mulf %float, %scale : f32
    nn.yield %value : f32
  } -> tensor<5xf32>
  return %y : tensor<5xf32>
}

// CHECK-LABEL: @transpose
// CHECK{LITERAL}: dense<[[[-2, -8, 6], [0, 8, -4]], [[6, 1, -3], [4, -7, -9]], [[3, -4, 7], [5, -2, 1]], [[-3, 3, 0], [7, 7, 4]]]> : tensor<4x2x3xi32>
func.func @transpose() -> tensor<4x2x3xi32> {
  %x = arith.constant dense<[[[-2, 6, 3, -3], [-8, 1, -4, 3], [6, -3, 7, 0]], [[0, 4, 5, 7], [8, -7, -2, 7], [-4, -9, 1, 4]]]> : tensor<2x3x4xi32>
  %init = tensor.empty() : tensor<4x2x3xi32>
  %y = nn.map parallel [4, 2, 3] ins(%x : tensor<2x3x4xi32>) outs(%init : tensor<4x2x3xi32>)
      maps [affine_map<(i, j, k) -> (j, k, i)>, affine_map<(i, j, k) -> (i, j, k)>] body {
  ^bb0(%in: i32):
    nn.yield %in : i32
  } -> tensor<4x2x3xi32>
  return %y : tensor<4x2x3xi32>
}

// CHECK-LABEL: @map_with_divisions
// CHECK{LITERAL}: dense<[[0, 1, 4, 5], [2, 3, 6, 7], [8, 9, 12, 13], [10, 11, 14, 15]]> : tensor<4x4xi32>
func.func @map_with_divisions() -> tensor<4x4xi32> {
  %x = arith.constant dense<[[[0, 1, 2, 3], [4, 5, 6, 7]], [[8, 9, 10, 11], [12, 13, 14, 15]]]> : tensor<2x2x4xi32>
  %init = tensor.empty() : tensor<4x4xi32>
  %y = nn.map parallel [4, 4] ins(%x : tensor<2x2x4xi32>) outs(%init : tensor<4x4xi32>)
      maps [affine_map<(i, j) -> (i floordiv 2, j floordiv 2, (i mod 2) * 2 + j mod 2)>,
            affine_map<(i, j) -> (i, j)>] body {
  ^bb0(%in: i32):
    nn.yield %in : i32
  } -> tensor<4x4xi32>
  return %y : tensor<4x4xi32>
}

// CHECK-LABEL: @what_is_not_written_stays
// CHECK{LITERAL}: dense<[0, 50, 2, 3, 4, 60, 6, 7]> : tensor<8xi32>
func.func @what_is_not_written_stays() -> tensor<8xi32> {
  %x = arith.constant dense<[50, 60]> : tensor<2xi32>
  %base = arith.constant dense<[0, 1, 2, 3, 4, 5, 6, 7]> : tensor<8xi32>
  %y = nn.map parallel [2] ins(%x : tensor<2xi32>) outs(%base : tensor<8xi32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i * 4 + 1)>] body {
  ^bb0(%in: i32):
    nn.yield %in : i32
  } -> tensor<8xi32>
  return %y : tensor<8xi32>
}

// CHECK-LABEL: @region_reads_a_constant_around_it
// CHECK{LITERAL}: dense<[41, 42]> : tensor<2xi32>
func.func @region_reads_a_constant_around_it() -> tensor<2xi32> {
  %x = arith.constant dense<[1, 2]> : tensor<2xi32>
  %c = arith.constant 40 : i32
  %init = tensor.empty() : tensor<2xi32>
  %y = nn.map parallel [2] ins(%x : tensor<2xi32>) outs(%init : tensor<2xi32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%in: i32):
    %sum = arith.addi %in, %c : i32
    nn.yield %sum : i32
  } -> tensor<2xi32>
  return %y : tensor<2xi32>
}

// CHECK-LABEL: @map_without_inputs
// CHECK{LITERAL}: dense<[[0, 1, 2, 3], [10, 11, 12, 13], [20, 21, 22, 23]]> : tensor<3x4xi64>
func.func @map_without_inputs() -> tensor<3x4xi64> {
  %init = tensor.empty() : tensor<3x4xi64>
  %y = nn.map parallel [3, 4] outs(%init : tensor<3x4xi64>) maps [affine_map<(i, j) -> (i, j)>] body {
    %i = nn.index 0
    %j = nn.index 1
    %ten = arith.constant 10 : index
    %row = arith.muli %i, %ten : index
    %sum = arith.addi %row, %j : index
    %value = arith.index_cast %sum : index to i64
    nn.yield %value : i64
  } -> tensor<3x4xi64>
  return %y : tensor<3x4xi64>
}

// CHECK-LABEL: @high_halves_of_products
// CHECK{LITERAL}: dense<[[1073741824, -1, -1, 1], [1073741824, 2147483646, 2, 1]]> : tensor<2x4xi32>
func.func @high_halves_of_products() -> tensor<2x4xi32> {
  %a = arith.constant dense<[-2147483648, 2147483647, -5, 7]> : tensor<4xi32>
  %b = arith.constant dense<[-2147483648, -1, 3, 1073741824]> : tensor<4xi32>
  %init = tensor.empty() : tensor<4xi32>
  %h:2 = nn.map parallel [4] ins(%a, %b : tensor<4xi32>, tensor<4xi32>) outs(%init, %init : tensor<4xi32>, tensor<4xi32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%in: i32, %in2: i32):
    %low, %high = arith.mulsi_extended %in, %in2 : i32
    %ulow, %uhigh = arith.mului_extended %in, %in2 : i32
    nn.yield %high, %uhigh : i32, i32
  } -> tensor<4xi32>, tensor<4xi32>
  %s = nn.reshape %h#0 : tensor<4xi32> -> tensor<1x4xi32>
  %u = nn.reshape %h#1 : tensor<4xi32> -> tensor<1x4xi32>
  %y = nn.assemble (%s at [0, 0], %u at [1, 0]) : (tensor<1x4xi32>, tensor<1x4xi32>) -> tensor<2x4xi32>
  return %y : tensor<2x4xi32>
}

// CHECK-LABEL: @concatenation
// CHECK{LITERAL}: dense<[[0.000000e+00, 1.000000e+00, 2.000000e+00, 3.000000e+00, -1.000000e+00, -2.000000e+00, -3.000000e+00], [4.000000e+00, 5.000000e+00, 6.000000e+00, 7.000000e+00, -4.000000e+00, -5.000000e+00, -6.000000e+00]]> : tensor<2x7xf32>
func.func @concatenation() -> tensor<2x7xf32> {
  %a = arith.constant dense<[[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]]> : tensor<2x4xf32>
  %b = arith.constant dense<[[-1.0, -2.0, -3.0], [-4.0, -5.0, -6.0]]> : tensor<2x3xf32>
  %y = nn.assemble (%a at [0, 0], %b at [0, 4]) : (tensor<2x4xf32>, tensor<2x3xf32>) -> tensor<2x7xf32>
  return %y : tensor<2x7xf32>
}

// CHECK-LABEL: @padding_with_a_value
// CHECK{LITERAL}: dense<[[7.500000e+00, 7.500000e+00, 7.500000e+00, 7.500000e+00, 7.500000e+00, 7.500000e+00], [7.500000e+00, -1.000000e+00, -2.000000e+00, -3.000000e+00, 7.500000e+00, 7.500000e+00], [7.500000e+00, -4.000000e+00, -5.000000e+00, -6.000000e+00, 7.500000e+00, 7.500000e+00]]> : tensor<3x6xf32>
func.func @padding_with_a_value() -> tensor<3x6xf32> {
  %b = arith.constant dense<[[-1.0, -2.0, -3.0], [-4.0, -5.0, -6.0]]> : tensor<2x3xf32>
  %y = nn.assemble (%b at [1, 1]) fill 7.5 : f32 : (tensor<2x3xf32>) -> tensor<3x6xf32>
  return %y : tensor<3x6xf32>
}

// CHECK-LABEL: @padding_and_reshaping_of_booleans
// CHECK{LITERAL}: dense<[[true, false], [true, true], [true, true]]> : tensor<3x2xi1>
func.func @padding_and_reshaping_of_booleans() -> tensor<3x2xi1> {
  %m = arith.constant dense<[[true, false], [true, true]]> : tensor<2x2xi1>
  %pad = nn.assemble (%m at [0, 0]) fill true : (tensor<2x2xi1>) -> tensor<2x3xi1>
  %y = nn.reshape %pad : tensor<2x3xi1> -> tensor<3x2xi1>
  return %y : tensor<3x2xi1>
}

// CHECK-LABEL: @booleans_select
// CHECK{LITERAL}: dense<[1.000000e+00, -2.000000e+00, 3.000000e+00]> : tensor<3xf64>
func.func @booleans_select() -> tensor<3xf64> {
  %m = arith.constant dense<[true, false, true]> : tensor<3xi1>
  %a = arith.constant dense<[1.0, 2.0, 3.0]> : tensor<3xf64>
  %init = tensor.empty() : tensor<3xf64>
  %y = nn.map parallel [3] ins(%m, %a : tensor<3xi1>, tensor<3xf64>) outs(%init : tensor<3xf64>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%cond: i1, %in: f64):
    %minus = arith.negf %in : f64
    %value = arith.select %cond, %in, %minus : f64
    nn.yield %value : f64
  } -> tensor<3xf64>
  return %y : tensor<3xf64>
}

// CHECK-LABEL: @sum_of_nothing_is_the_initial_value
// CHECK{LITERAL}: dense<0.000000e+00> : tensor<2xf32>
func.func @sum_of_nothing_is_the_initial_value() -> tensor<2xf32> {
  %x = arith.constant dense<> : tensor<2x0xf32>
  %init = tensor.empty() : tensor<2xf32>
  %y = nn.reduce parallel [2] reduction [0] ins(%x : tensor<2x0xf32>) outs(%init : tensor<2xf32>)
      maps [affine_map<(i, k) -> (i, k)>, affine_map<(i, k) -> (i)>]
      init [0.0 : f32] combine {
  ^bb0(%in: f32, %acc: f32):
    %sum = arith.addf %acc, %in : f32
    nn.yield %sum : f32
  } epilogue {
  ^bb0(%acc: f32):
    nn.yield %acc : f32
  } -> tensor<2xf32>
  return %y : tensor<2xf32>
}
