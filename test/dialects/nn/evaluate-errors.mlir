// RUN: tenon-opt %s -interpret -split-input-file -verify-diagnostics

// expected-error @+1 {{nn.gather: an index of operand 0 outside its dimension}}
func.func @index_outside() -> tensor<1xi32> {
  %table = arith.constant dense<[1, 2, 3]> : tensor<3xi32>
  %at = arith.constant dense<-1> : tensor<1xi64>
  %init = tensor.empty() : tensor<1xi32>
  %y = nn.gather parallel [1] ins(%table : tensor<3xi32>) indices(%at : tensor<1xi64>) outs(%init : tensor<1xi32>)
      maps [affine_map<(i)[at] -> (at)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%x: i32):
    nn.yield %x : i32
  } -> tensor<1xi32>
  return %y : tensor<1xi32>
}

// -----

// expected-error @+1 {{nn.map: a division by zero}}
func.func @division_by_zero() -> tensor<1xi32> {
  %a = arith.constant dense<0> : tensor<1xi32>
  %init = tensor.empty() : tensor<1xi32>
  %y = nn.map parallel [1] ins(%a : tensor<1xi32>) outs(%init : tensor<1xi32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%x: i32):
    %0 = arith.remui %x, %x : i32
    nn.yield %0 : i32
  } -> tensor<1xi32>
  return %y : tensor<1xi32>
}

// -----

// expected-error @+1 {{nn.map: a tensor without contents}}
func.func @empty_input() -> tensor<1xi32> {
  %init = tensor.empty() : tensor<1xi32>
  %y = nn.map parallel [1] ins(%init : tensor<1xi32>) outs(%init : tensor<1xi32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%x: i32):
    nn.yield %x : i32
  } -> tensor<1xi32>
  return %y : tensor<1xi32>
}

// -----

// expected-error @+1 {{nn.map: the evaluator does not know values of type vector<1xf32>}}
func.func @unknown_type() -> tensor<1xf32> {
  %a = arith.constant dense<0.0> : tensor<1xf32>
  %init = tensor.empty() : tensor<1xf32>
  %y = nn.map parallel [1] ins(%a : tensor<1xf32>) outs(%init : tensor<1xf32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%x: f32):
    %v = vector.broadcast %x : f32 to vector<1xf32>
    %0 = vector.extract %v[0] : f32 from vector<1xf32>
    nn.yield %0 : f32
  } -> tensor<1xf32>
  return %y : tensor<1xf32>
}

// -----

// expected-error @+1 {{nn.map: the evaluator does not know scf.if}}
func.func @unknown_operation() -> tensor<1xf32> {
  %m = arith.constant dense<true> : tensor<1xi1>
  %a = arith.constant dense<0.0> : tensor<1xf32>
  %init = tensor.empty() : tensor<1xf32>
  %y = nn.map parallel [1] ins(%m, %a : tensor<1xi1>, tensor<1xf32>) outs(%init : tensor<1xf32>)
      maps [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>, affine_map<(i) -> (i)>] body {
  ^bb0(%c: i1, %x: f32):
    %0 = scf.if %c -> f32 {
      scf.yield %x : f32
    } else {
      scf.yield %x : f32
    }
    nn.yield %0 : f32
  } -> tensor<1xf32>
  return %y : tensor<1xf32>
}

// -----

// expected-error @+1 {{nn.map: an index of a dimension that the layer has not}}
func.func @index_of_no_dimension() -> tensor<index> {
  %init = tensor.empty() : tensor<index>
  %y = nn.map parallel [] outs(%init : tensor<index>) maps [affine_map<() -> ()>] body {
    %0 = nn.index 0
    nn.yield %0 : index
  } -> tensor<index>
  return %y : tensor<index>
}

// -----

func.func private @source() -> tensor<1xf32>

// expected-error @+1 {{func.call: the evaluator does not know it}}
func.func @call() -> tensor<1xf32> {
  %y = func.call @source() : () -> tensor<1xf32>
  return %y : tensor<1xf32>
}
