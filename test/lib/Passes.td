//===- Passes.td - Passes for tests ------------------------*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TEST_PASSES
#define TEST_PASSES

include "mlir/Pass/PassBase.td"

def InterpretPass : Pass<"interpret", "::mlir::ModuleOp"> {
  let summary = "Run functions without arguments, for tests";
  let description = [{
    Replaces what a function without arguments returns by its value, so that
    tests of lowerings can check numbers in IR.

    ```mlir
    func.func @sum() -> tensor<2xi32> {
      %a = arith.constant dense<[1, 2]> : tensor<2xi32>
      %init = tensor.empty() : tensor<2xi32>
      %sum = nn.map parallel [2] ins(%a, %a : ...) ...
      return %sum : tensor<2xi32>
    }
    // becomes
    func.func @sum() -> tensor<2xi32> {
      %0 = arith.constant dense<[2, 4]> : tensor<2xi32>
      return %0 : tensor<2xi32>
    }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::tenon::nn::NnDialect"];
}

def SetTargetPass : Pass<"set-target", "::mlir::ModuleOp"> {
  let summary = "Put a row of the target table on the module";
  let options = [
    Option<"name", "name", "std::string", /*default=*/"",
           "The name of the target">
  ];
  let dependentDialects = ["::tenon::kernel::KernelDialect"];
}

#endif // TEST_PASSES
