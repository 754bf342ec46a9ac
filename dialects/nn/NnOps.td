//===- NnOps.td - Operations of the nn dialect -------------*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NN_OPS
#define NN_OPS

include "dialects/nn/NnDialect.td"
include "dialects/nn/NnInterfaces.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/DestinationStyleOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Nn_Op<string mnemonic, list<Trait> traits = []>
    : Op<Nn_Dialect, mnemonic, traits>;

def Nn_WeightOp : Nn_Op<"weight", [Pure,
    DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "A constant tensor of the model, by symbol";
  let description = [{
    The elements of the `kernel.global` of this name, which may have another
    shape: equal data is stored once. It is not
    `ConstantLike`: upstream folders must not see it, since they skip resources
    or crash on them.

    ```mlir
    %w = nn.weight @w_3f2a : tensor<16x3x3x3xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$global);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "$global attr-dict `:` type($result)";
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

def Nn_Data : AnyTypeOf<[AnyRankedTensor, AnyMemRef]>;

class Nn_LayerOp<string mnemonic, list<string> layerMethods = []>
    : Nn_Op<mnemonic, [AttrSizedOperandSegments, 
        DeclareOpInterfaceMethods<DestinationStyleOpInterface, ["getDpsInitsMutable"]>,
        DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
        DeclareOpInterfaceMethods<Nn_LayerOpInterface, layerMethods>]> {
  let results = (outs Variadic<AnyRankedTensor>:$results);
  let hasVerifier = 1;
}

def Nn_ContractOp : Nn_LayerOp<"contract", ["getInitialValues", "getEpilogueOrNull"]> {
  let summary = "Sum of products: matrix products and convolutions of every kind";
  let description = [{
    `combine` is `acc + lhs * rhs`, where an operand of another element type is
    first converted to the accumulator's (int8 weights with float
    activations). The accumulator's type is that of the epilogue's first
    argument; it starts at zero. The epilogue gets the sum and the extras
    (bias, residual, per-channel factors), and yields what is stored.

    Quantized inputs count from their `zero_points`: `combine` is then
    `acc + (lhs - zero_points[0]) * (rhs - zero_points[1])`, and a point outside
    of an input adds nothing.

    In memory, which knows neither small floats nor signs, `elements` says what
    the bits of the two inputs are, where their types do not.

    A 3x3 convolution with padding 1, bias and ReLU, [H][W][C]:

    ```mlir
    %y = nn.contract parallel [8, 8, 16] reduction [3, 3, 4]
        ins(%x, %w : tensor<8x8x4xf32>, tensor<16x3x3x4xf32>)
        extras(%b : tensor<16xf32>) outs(%init : tensor<8x8x16xf32>)
        maps [affine_map<(h, w, o, kh, kw, c) -> (h + kh - 1, w + kw - 1, c)>,
              affine_map<(h, w, o, kh, kw, c) -> (o, kh, kw, c)>,
              affine_map<(h, w, o, kh, kw, c) -> (o)>,
              affine_map<(h, w, o, kh, kw, c) -> (h, w, o)>] epilogue {
    ^bb0(%acc: f32, %bias: f32):
      %sum = arith.addf %acc, %bias : f32
      %zero = arith.constant 0.0 : f32
      %relu = arith.maximumf %sum, %zero : f32
      nn.yield %relu : f32
    } -> tensor<8x8x16xf32>
    ```
  }];
  let arguments = (ins DenseI64ArrayAttr:$parallel, DenseI64ArrayAttr:$reduction,
      AffineMapArrayAttr:$maps, OptionalAttr<TypeArrayAttr>:$elements,
      OptionalAttr<DenseI64ArrayAttr>:$zero_points,
      Variadic<Nn_Data>:$inputs, Variadic<Nn_Data>:$extras,
      Variadic<Nn_Data>:$outputs);
  let regions = (region SizedRegion<1>:$epilogue);
  let assemblyFormat = [{
    `parallel` $parallel `reduction` $reduction `ins` `(` $inputs `:` type($inputs) `)`
    (`extras` `(` $extras^ `:` type($extras) `)`)?
    `outs` `(` $outputs `:` type($outputs) `)` `maps` $maps attr-dict
    `epilogue` $epilogue (`->` type($results)^)?
  }];
  let extraClassDeclaration = [{
    ::mlir::Type getAccumulatorType() { return getEpilogue().getArgument(0).getType(); }
    /// What is multiplied: the element type of the tensor that `input` is, or
    /// was before it became memory.
    ::mlir::Type getElementType(unsigned input);
    /// 0 where there is none.
    int64_t getZeroPoint(unsigned input) {
      return getZeroPoints() ? (*getZeroPoints())[input] : 0;
    }
  }];
}

def Nn_ReduceOp : Nn_LayerOp<"reduce", ["getInitialValues", "getEpilogueOrNull"]> {
  let summary = "Any other reduction: sums, pooling, arg max";
  let description = [{
    `combine` is a region from the inputs and the accumulators, in this order,
    to the new accumulators; `init` are their initial values. Windows are in
    the maps, as for `nn.contract`, so that pooling needs no operation of its
    own.

    ```mlir
    %y = nn.reduce parallel [4, 4, 16] reduction [2, 2]
        ins(%x : tensor<8x8x16xf32>) outs(%init : tensor<4x4x16xf32>)
        maps [affine_map<(h, w, c, kh, kw) -> (h * 2 + kh, w * 2 + kw, c)>,
              affine_map<(h, w, c, kh, kw) -> (h, w, c)>]
        init [0xFF800000 : f32] combine {
    ^bb0(%in: f32, %acc: f32):
      %max = arith.maximumf %in, %acc : f32
      nn.yield %max : f32
    } epilogue {
    ^bb0(%acc: f32):
      nn.yield %acc : f32
    } -> tensor<4x4x16xf32>
    ```
  }];
  let arguments = (ins DenseI64ArrayAttr:$parallel, DenseI64ArrayAttr:$reduction,
      AffineMapArrayAttr:$maps, ArrayAttr:$init, Variadic<Nn_Data>:$inputs,
      Variadic<Nn_Data>:$extras, Variadic<Nn_Data>:$outputs);
  let regions = (region SizedRegion<1>:$combine, SizedRegion<1>:$epilogue);
  let assemblyFormat = [{
    `parallel` $parallel `reduction` $reduction `ins` `(` $inputs `:` type($inputs) `)`
    (`extras` `(` $extras^ `:` type($extras) `)`)?
    `outs` `(` $outputs `:` type($outputs) `)` `maps` $maps `init` $init attr-dict
    `combine` $combine `epilogue` $epilogue (`->` type($results)^)?
  }];
}

def Nn_MapOp : Nn_LayerOp<"map"> {
  let summary = "Elementwise computation, and affine data movement";
  let description = [{
    A region from the elements of the inputs to the values stored. With a
    region that only yields its argument it is a move: a transpose, slice,
    broadcast, or any other affine rearrangement, by its maps.

    ```mlir
    %y = nn.map parallel [8, 4] ins(%x : tensor<4x8xf32>)
        outs(%init : tensor<8x4xf32>)
        maps [affine_map<(i, j) -> (j, i)>, affine_map<(i, j) -> (i, j)>] body {
    ^bb0(%in: f32):
      nn.yield %in : f32
    } -> tensor<8x4xf32>
    ```
  }];
  let arguments = (ins DenseI64ArrayAttr:$parallel, AffineMapArrayAttr:$maps,
      Variadic<Nn_Data>:$inputs, Variadic<Nn_Data>:$outputs);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `parallel` $parallel (`ins` `(` $inputs^ `:` type($inputs) `)`)?
    `outs` `(` $outputs `:` type($outputs) `)` `maps` $maps attr-dict
    `body` $body (`->` type($results)^)?
  }];
  let extraClassDeclaration = [{
    /// The body only yields its arguments, in order.
    bool isMove();
  }];
}

def Nn_GatherOp : Nn_LayerOp<"gather"> {
  let summary = "A map whose inputs are read at places that data decide";
  let description = [{
    Symbol `i` in the map of an input stands for the element of index operand
    `i` at the point. An index outside its input's dimension makes the program
    return an error code; negative indices are normalized before.

    ```mlir
    %y = nn.gather parallel [5, 8] ins(%table : tensor<100x8xf32>)
        indices(%ids : tensor<5xi64>) outs(%init : tensor<5x8xf32>)
        maps [affine_map<(i, j)[id] -> (id, j)>, affine_map<(i, j) -> (i)>,
              affine_map<(i, j) -> (i, j)>] body {
    ^bb0(%in: f32):
      nn.yield %in : f32
    } -> tensor<5x8xf32>
    ```
  }];
  let arguments = (ins DenseI64ArrayAttr:$parallel, AffineMapArrayAttr:$maps,
      Variadic<Nn_Data>:$inputs, Variadic<Nn_Data>:$indices,
      Variadic<Nn_Data>:$outputs);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `parallel` $parallel `ins` `(` $inputs `:` type($inputs) `)`
    `indices` `(` $indices `:` type($indices) `)`
    `outs` `(` $outputs `:` type($outputs) `)` `maps` $maps attr-dict
    `body` $body (`->` type($results)^)?
  }];
}

def Nn_YieldOp : Nn_Op<"yield", [Pure, Terminator]> {
  let summary = "Ends a scalar region of a layer";
  let description = [{
    Its operands are what the region computes: new accumulators of a combiner,
    else the elements to store, one an output.

    ```mlir
    nn.yield %max : f32
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def Nn_IndexOp : Nn_Op<"index", [Pure]> {
  let summary = "The value of an iteration dimension, inside a region of a layer";
  let description = [{
    Dimensions are numbered through, parallel ones first.

    ```mlir
    %row = nn.index 0
    ```
  }];
  let arguments = (ins ConfinedAttr<I64Attr, [IntNonNegative]>:$dim);
  let results = (outs Index:$result);
  let assemblyFormat = "$dim attr-dict";
}

//===----------------------------------------------------------------------===//
// Views and assembly
//===----------------------------------------------------------------------===//

def Nn_ReshapeOp : Nn_Op<"reshape", [Pure]> {
  let summary = "The same elements, in row-major order, under another shape";
  let description = [{
    Never moves data: the result is another view of the operand's memory.

    ```mlir
    %y = nn.reshape %x : tensor<1x4x4x8xf32> -> tensor<1x128xf32>
    ```
  }];
  let arguments = (ins AnyStaticShapeTensor:$input);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Nn_AssembleOp : Nn_Op<"assemble", [Pure]> {
  let summary = "A tensor put together from parts: concatenation and padding";
  let description = [{
    Each part lies in the result at its offsets; parts do not overlap. What no
    part covers holds `fill`, which is absent where parts cover everything.
    The planner lets producers write their part in place.

    ```mlir
    %cat = nn.assemble (%a at [0, 0], %b at [0, 4])
        : (tensor<2x4xf32>, tensor<2x3xf32>) -> tensor<2x7xf32>
    %pad = nn.assemble (%a at [1, 1]) fill 0.0 : f32
        : (tensor<2x4xf32>) -> tensor<4x6xf32>
    ```
  }];
  let arguments = (ins Variadic<AnyStaticShapeTensor>:$parts,
      TypedArrayAttrBase<DenseI64ArrayAttr, "offsets of each part">:$offsets,
      OptionalAttr<TypedAttrInterface>:$fill);
  let results = (outs AnyStaticShapeTensor:$result);
  let assemblyFormat = [{
    custom<Parts>($parts, $offsets) (`fill` $fill^)? attr-dict
    `:` functional-type($parts, $result)
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
  let extraClassDeclaration = [{
    ::llvm::ArrayRef<int64_t> getPartOffsets(unsigned part) {
      return ::llvm::cast<::mlir::DenseI64ArrayAttr>(getOffsets()[part]).asArrayRef();
    }
  }];
}

include "dialects/nn/NnBandsOps.td"
include "dialects/nn/NnQuantizationOps.td"

#endif // NN_OPS
