//===- KernelOps.td - Operations of the kernel dialect -----*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef KERNEL_OPS
#define KERNEL_OPS

include "dialects/kernel/KernelDialect.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Kernel_Attr<string name, string attrMnemonic> : AttrDef<Kernel_Dialect, name> {
  let mnemonic = attrMnemonic;
}

class Kernel_Type<string name, string typeMnemonic> : TypeDef<Kernel_Dialect, name> {
  let mnemonic = typeMnemonic;
}

class Kernel_Op<string mnemonic, list<Trait> traits = []>
    : Op<Kernel_Dialect, mnemonic, traits>;

//===----------------------------------------------------------------------===//
// The target
//===----------------------------------------------------------------------===//

def Kernel_TargetAttr : Kernel_Attr<"Target", "target"> {
  let summary = "The row of the target table that a module is compiled for";
  let description = [{
    Sits on the module as `kernel.target`; passes and emitters read it, and
    nothing else, to learn what the target can do.

    - `lanes`: f32 lanes of one vector register; 1 where there are no vectors.
    - `registers`: architectural registers that may hold f32 accumulators.
    - `fma`, `sqrt`: the target has a fused multiply-add, a square root.
    - `indexBits`: width of `index`, that is of a pointer.
    - `alignment`: bytes to which the arena and constants are aligned.
    - `features`: LLVM's feature string; `pragma`: the same for the
      file-level target pragma of GCC and Clang in emitted C++ (empty: none).
  }];
  let parameters = (ins
    StringRefParameter<>:$name, StringRefParameter<>:$triple,
    StringRefParameter<>:$cpu, StringRefParameter<>:$features,
    StringRefParameter<>:$pragma,
    "unsigned":$lanes, "unsigned":$registers, "bool":$fma, "bool":$sqrt,
    "unsigned":$indexBits, "unsigned":$alignment);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Kernel_ContextType : Kernel_Type<"Context", "context"> {
  let summary = "A pointer to the caller's `<model>_context`, possibly null";
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

def Kernel_GlobalOp : Kernel_Op<"global", [Symbol]> {
  let summary = "A constant of the program: weights and tables";
  let description = [{
    Defines constant data under a symbol whose name is derived from its
    content, so that equal data is stored once. `value` is a dense array or a
    resource blob over the mapped model file; it is never printed when it is a
    blob or long: the type, a hash and the range of the values stand for it.

    ```mlir
    kernel.global @w_3f2a : tensor<16x3x3x3xf32> = dense_resource<w_3f2a>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, ElementsAttr:$value,
                       OptionalAttr<I64Attr>:$alignment);
  let assemblyFormat = "$sym_name attr-dict `=` $value";
  let extraClassDeclaration = [{
    /// The bytes of the value, little-endian, row-major; one element for a splat.
    ::llvm::ArrayRef<char> getRawBytes();
    bool isSplat();
  }];
}

#endif // KERNEL_OPS
