// RUN: tenon-opt %s --set-target=name=portable --tenon-import --tenon-simplify --tenon-schedule --tenon-lower | FileCheck %s --check-prefix=LOW
// RUN: tenon-opt %s --set-target=name=portable --tenon-import --tenon-simplify --tenon-schedule --tenon-lower --tenon-emit | FileCheck %s --check-prefix=CPP

// The stages of the compiler on a text.
// LOW: func.func private @activate
// LOW: vector.store
// LOW-LABEL: func.func @net_run_ex
// LOW-NOT: kernel.names
// CPP: kernel.names
func.func @net(%x: tensor<1x8xf32> {onnx.name = "x"}) -> (tensor<1x8xf32> {onnx.name = "y"}) {
  %y = onnx.Relu(%x) : (tensor<1x8xf32>) -> (tensor<1x8xf32>) loc("activate")
  return %y : tensor<1x8xf32>
}
