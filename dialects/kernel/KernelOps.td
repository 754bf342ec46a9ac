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
include "mlir/IR/CommonTypeConstraints.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/ViewLikeInterface.td"

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

def Kernel_DotKind : I32EnumAttr<"DotKind", "instructions that sum products of small integers", [
    I32EnumAttrCase<"None", 0, "none">,
    // SMLAD and SXTAB16 of the DSP extension of Armv7E-M and Armv8-M: two
    // products of shorts in a general register.
    I32EnumAttrCase<"Dsp", 1, "dsp">,
    // VPDPBUSD of AVX-VNNI and of AVX-512 VNNI: four products of unsigned by
    // signed bytes a lane.
    I32EnumAttrCase<"Vnni", 2, "vnni">,
    // SDOT of Armv8.2-A: four products of signed bytes a lane.
    I32EnumAttrCase<"Dotprod", 3, "dotprod">,
    // SMULL, ADDP and SADALP of AArch64: four products of signed bytes a lane,
    // of which those of the weights are not -128.
    I32EnumAttrCase<"Neon", 6, "neon">,
    // PMADDWD of SSE2, AVX2 and AVX-512: two products of shorts a lane.
    I32EnumAttrCase<"Maddwd", 5, "maddwd">,
    // VMLADAVA of Armv8.1-M: sixteen products of bytes into a general register.
    // Such a target has the DSP extension, too.
    I32EnumAttrCase<"Mve", 4, "mve">]> {
  let cppNamespace = "::tenon::kernel";
}

def Kernel_TargetAttr : Kernel_Attr<"Target", "target"> {
  let summary = "The row of the target table that a module is compiled for";
  let description = [{
    Sits on the module as `kernel.target`; passes and emitters read it, and
    nothing else, to learn what the target can do.

    - `lanes`: f32 lanes of one vector register; 1 where there are no vectors.
    - `reductionLanes`: partial sums of a reduction that is written with
      several; targets that agree here give the same bits.
    - `registers`: architectural registers that may hold f32 accumulators.
    - `fma`, `sqrt`: the target has a fused multiply-add, a square root.
    - `dot`: its instructions for sums of products of bytes or shorts.
    - `indexBits`: width of `index`, that is of a pointer.
    - `alignment`: bytes to which the arena and constants are aligned.
    - `triple`, `cpu`, `features`, `abi`: LLVM's names; `abi` is `hard` or
      `soft` where the float ABI must be chosen, else empty.
    - `pragma`: the features for the file-level target pragma of GCC and Clang
      in emitted C++ (empty: none); where they have other words for them, GCC's,
      a bar, Clang's.

    Only `name`, `lanes` and `indexBits` have no default.
  }];
  let parameters = (ins
    StringRefParameter<>:$name,
    StringRefParameter<"", [{""}]>:$triple,
    StringRefParameter<"", [{""}]>:$cpu,
    StringRefParameter<"", [{""}]>:$features,
    StringRefParameter<"", [{""}]>:$abi,
    StringRefParameter<"", [{""}]>:$pragma,
    "unsigned":$lanes,
    DefaultValuedParameter<"unsigned", "4">:$reductionLanes,
    DefaultValuedParameter<"unsigned", "16">:$registers,
    DefaultValuedParameter<"bool", "false">:$fma,
    DefaultValuedParameter<"bool", "false">:$sqrt,
    DefaultValuedParameter<"::tenon::kernel::DotKind", "::tenon::kernel::DotKind::None">:$dot,
    "unsigned":$indexBits,
    DefaultValuedParameter<"unsigned", "16">:$alignment);
  let assemblyFormat = "`<` struct(params) `>`";
  let extraClassDeclaration = [{
    /// Bits of a vector register; 0 where there are no vectors. Those of MVE
    /// hold bytes only.
    unsigned getVectorBits() const {
      if (getDot() == DotKind::Mve)
        return 128;
      return getLanes() > 1 ? getLanes() * 32 : 0;
    }

    /// Whether floats are computed by instructions. A scalar float unit, of any
    /// target, can fuse; `scalar`, for any machine, relies on none.
    bool hasFloatUnit() const { return getLanes() > 1 || getFma(); }
  }];
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
    With `kernel.file_offset`, the data are no part of the program, but lie
    there in the weights file (`map-weights`).
    With `kernel.section`, the linker puts them there (`place-in-regions`).

    ```mlir
    kernel.global @w_3f2a : tensor<16x3x3x3xf32> = dense_resource<w_3f2a>
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, ElementsAttr:$value,
                       OptionalAttr<I64Attr>:$alignment);
  let assemblyFormat = "$sym_name attr-dict `=` $value";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The bytes of the value, little-endian, row-major; one element for a splat.
    ::llvm::ArrayRef<char> getRawBytes();
    bool isSplat();
  }];
}


def Kernel_PowerOf2 : AttrConstraint<
    CPred<"::llvm::isPowerOf2_64(::llvm::cast<::mlir::IntegerAttr>($_self).getInt())">,
    "that is a power of two">;

def Kernel_Element : AnyTypeOf<[AnySignlessInteger, F32, F64]>;
def Kernel_MemRef : MemRefRankOf<[Kernel_Element], [1]>;
def Kernel_Vector : VectorOfRankAndType<[1], [Kernel_Element]>;

def Kernel_ConstantOp : Kernel_Op<"constant",
    [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "The address of a constant";
  let description = [{
    The data of the `kernel.global` of this name, row-major. The global may
    have any rank; its number of elements and their size must be those of the
    memref. Elements that are no type of the low form are read as integers of
    their size: `i1` as `i8`, `f16` and `bf16` as `i16`.

    ```mlir
    %w = kernel.constant @w_3f2a : memref<432xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$global);
  let results = (outs Kernel_MemRef:$result);
  let assemblyFormat = "$global attr-dict `:` type($result)";
}

def Kernel_WeightsSizeOp : Kernel_Op<"weights_size", [Pure]> {
  let summary = "How many bytes of mapped weights the caller gives";
  let description = [{
    The `weights_size` of the context, which must not be null.

    ```mlir
    %bytes = kernel.weights_size %context
    ```
  }];
  let arguments = (ins Kernel_ContextType:$hooks);
  let results = (outs Index:$result);
  let assemblyFormat = "$hooks attr-dict";
}

def Kernel_WeightsOp : Kernel_Op<"weights", [Pure]> {
  let summary = "The caller's mapped weights";
  let description = [{
    The `weights` pointer of the context: the bytes of the weight file, mapped
    by the caller. The context must not be null.

    ```mlir
    %file = kernel.weights %context : memref<4096xi8>
    %w = kernel.slice %file, 64 : memref<4096xi8> to memref<432xf32>
    ```
  }];
  let arguments = (ins Kernel_ContextType:$hooks);
  let results = (outs MemRefRankOf<[I8], [1]>:$result);
  let assemblyFormat = "$hooks attr-dict `:` type($result)";
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

def Kernel_SliceOp : Kernel_Op<"slice",
    [Pure, DeclareOpInterfaceMethods<ViewLikeOpInterface>]> {
  let summary = "A view at a fixed byte offset, of any element type";
  let description = [{
    The memory that begins `offset` bytes after the start of `source`, seen as
    elements of the result's type: how a buffer gets its place in the arena.

    ```mlir
    %conv1 = kernel.slice %arena, 4096 : memref<32768xi8> to memref<1024xf32>
    ```
  }];
  let arguments = (ins Kernel_MemRef:$source,
                       ConfinedAttr<I64Attr, [IntNonNegative]>:$offset);
  let results = (outs Kernel_MemRef:$result);
  let assemblyFormat = "$source `,` $offset attr-dict `:` type($source) `to` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Kernel_LoadOp : Kernel_Op<"load"> {
  let summary = "Loads the first lanes of a vector";
  let description = [{
    Loads `count` elements, fewer than the vector has, into its first lanes;
    the other lanes are zero. No other element is touched, so that the edge of
    a buffer needs no padding.

    ```mlir
    %v = kernel.load %m[%i], 3 : memref<11xf32>, vector<8xf32>
    ```
  }];
  let arguments = (ins Arg<Kernel_MemRef, "", [MemRead]>:$source, Index:$index,
                       ConfinedAttr<I64Attr, [IntPositive]>:$count);
  let results = (outs Kernel_Vector:$result);
  let assemblyFormat = [{
    $source `[` $index `]` `,` $count attr-dict `:` type($source) `,` type($result)
  }];
  let hasVerifier = 1;
}

def Kernel_StoreOp : Kernel_Op<"store"> {
  let summary = "Stores the first lanes of a vector";
  let description = [{
    Stores the first `count` lanes, fewer than the vector has, and touches no
    other element.

    ```mlir
    kernel.store %v, %m[%i], 3 : memref<11xf32>, vector<8xf32>
    ```
  }];
  let arguments = (ins Kernel_Vector:$value, Arg<Kernel_MemRef, "", [MemWrite]>:$target,
                       Index:$index, ConfinedAttr<I64Attr, [IntPositive]>:$count);
  let assemblyFormat = [{
    $value `,` $target `[` $index `]` `,` $count attr-dict `:` type($target) `,` type($value)
  }];
  let hasVerifier = 1;
}

def Kernel_CopyOp : Kernel_Op<"copy"> {
  let summary = "Copies elements between buffers that do not overlap";
  let description = [{
    Copies `count` elements, possibly none: `memcpy`. Source and target have
    the same element type and do not overlap.

    ```mlir
    kernel.copy %src[%i], %dst[%j], %count : memref<64xf32>, memref<128xf32>
    ```
  }];
  let arguments = (ins Arg<Kernel_MemRef, "", [MemRead]>:$source, Index:$sourceIndex,
                       Arg<Kernel_MemRef, "", [MemWrite]>:$target, Index:$targetIndex,
                       Index:$count);
  let assemblyFormat = [{
    $source `[` $sourceIndex `]` `,` $target `[` $targetIndex `]` `,` $count attr-dict
    `:` type($source) `,` type($target)
  }];
  let hasVerifier = 1;
}

def Kernel_FillOp : Kernel_Op<"fill", [
    TypesMatchWith<"value has the element type of the target", "target", "value",
                   "::llvm::cast<::mlir::MemRefType>($_self).getElementType()">]> {
  let summary = "Sets elements to one value";
  let description = [{
    Sets `count` elements, possibly none: `memset` where the bytes of a
    constant value are equal, else a loop.

    ```mlir
    kernel.fill %dst[%i], %count, %zero : memref<128xf32>
    ```
  }];
  let arguments = (ins Arg<Kernel_MemRef, "", [MemWrite]>:$target, Index:$index,
                       Index:$count, Kernel_Element:$value);
  let assemblyFormat = "$target `[` $index `]` `,` $count `,` $value attr-dict `:` type($target)";
}

def Kernel_MisalignedOp : Kernel_Op<"misaligned", [Pure]> {
  let summary = "Tests whether a caller's pointer is null or misaligned";
  let description = [{
    ```mlir
    %wrong = kernel.misaligned %arena, 64 : memref<32768xi8>
    %none = kernel.misaligned %context, 1 : !kernel.context
    ```
  }];
  let arguments = (ins AnyTypeOf<[Kernel_MemRef, Kernel_ContextType]>:$source,
                       ConfinedAttr<I64Attr, [Kernel_PowerOf2]>:$alignment);
  let results = (outs I1:$result);
  let assemblyFormat = "$source `,` $alignment attr-dict `:` type($source)";
}

//===----------------------------------------------------------------------===//
// Arithmetic that upstream dialects lack
//===----------------------------------------------------------------------===//

// A word is 32 bits that hold four bytes or two shorts, the first in the lowest
// bits; a vector of words is as many of them side by side.

def Kernel_Word : AnyTypeOf<[I32, VectorOfRankAndType<[1], [I32]>]>;

def Kernel_LoadWordOp : Kernel_Op<"load_word"> {
  let summary = "Loads four bytes as a word";
  let description = [{
    The bytes may lie anywhere. With `count`, only so many of them, one to
    three, are touched; the others are zero.

    ```mlir
    %w = kernel.load_word %m[%i] : memref<11xi8>
    %r = kernel.load_word %m[%i], 3 : memref<11xi8>
    ```
  }];
  let arguments = (ins Arg<MemRefRankOf<[I8], [1]>, "", [MemRead]>:$source, Index:$index,
                       DefaultValuedAttr<ConfinedAttr<I64Attr, [IntMinValue<1>, IntMaxValue<4>]>, "4">:$count);
  let results = (outs I32:$result);
  let assemblyFormat = "$source `[` $index `]` (`,` $count^)? attr-dict `:` type($source)";
}

def Kernel_WidenOp : Kernel_Op<"widen", [SameOperandsAndResultType, Pure]> {
  let summary = "Two bytes of each word as shorts, plus those of an addend";
  let description = [{
    Bytes 0 and 2 of each word (`even`) or 1 and 3 (`odd`), extended by sign, or
    with `unsigned` by zeros, plus the shorts of the addend; the sums wrap. Both
    halves of a word take part in products with the halves of another one that
    was widened the same way.

    ```mlir
    %even = kernel.widen even %x, %minus_zero : i32
    %odd = kernel.widen odd unsigned %x, %minus_zero : vector<8xi32>
    ```
  }];
  let arguments = (ins UnitAttr:$odd, UnitAttr:$isUnsigned, Kernel_Word:$word, Kernel_Word:$addend);
  let results = (outs Kernel_Word:$result);
  let assemblyFormat = [{
    (`odd` $odd^):(`even`)? (`unsigned` $isUnsigned^)? $word `,` $addend attr-dict
    `:` type($result)
  }];
}

def Kernel_DotShortsOp : Kernel_Op<"dot_shorts", [SameOperandsAndResultType, Pure]> {
  let summary = "Adds the two products of the shorts of words";
  let description = [{
    The shorts are signed; the sum wraps.

    ```mlir
    %sum = kernel.dot_shorts %x, %w, %acc : i32
    ```
  }];
  let arguments = (ins Kernel_Word:$lhs, Kernel_Word:$rhs, Kernel_Word:$acc);
  let results = (outs Kernel_Word:$result);
  let assemblyFormat = "$lhs `,` $rhs `,` $acc attr-dict `:` type($result)";
}

def Kernel_DotBytesOp : Kernel_Op<"dot_bytes", [SameOperandsAndResultType, Pure]> {
  let summary = "Adds the four products of the bytes of words";
  let description = [{
    The bytes are signed, those of `lhs` with `unsigned` not; the sum wraps.
    With `narrow`, no byte of `rhs` is -128, so that two products of signed
    bytes fit 16 bits.

    ```mlir
    %sum = kernel.dot_bytes unsigned %x, %w, %acc : vector<16xi32>
    ```
  }];
  let arguments = (ins UnitAttr:$isUnsigned, UnitAttr:$isNarrow, Kernel_Word:$lhs,
                       Kernel_Word:$rhs, Kernel_Word:$acc);
  let results = (outs Kernel_Word:$result);
  let assemblyFormat = [{
    (`unsigned` $isUnsigned^)? (`narrow` $isNarrow^)? $lhs `,` $rhs `,` $acc attr-dict
    `:` type($result)
  }];
}

def Kernel_DotLanesOp : Kernel_Op<"dot_lanes", [AllTypesMatch<["lhs", "rhs"]>,
                                               AllTypesMatch<["acc", "result"]>, Pure]> {
  let summary = "Adds the products of all lanes of two vectors of bytes";
  let description = [{
    The bytes are signed; the sum wraps.

    ```mlir
    %sum = kernel.dot_lanes %x, %w, %acc : vector<16xi8>
    ```
  }];
  let arguments = (ins VectorOfRankAndType<[1], [I8]>:$lhs, VectorOfRankAndType<[1], [I8]>:$rhs,
                       I32:$acc);
  let results = (outs I32:$result);
  let assemblyFormat = "$lhs `,` $rhs `,` $acc attr-dict `:` type($lhs)";
}

//===----------------------------------------------------------------------===//
// Control and the caller's hooks
//===----------------------------------------------------------------------===//

def Kernel_FailOp : Kernel_Op<"fail"> {
  let summary = "Returns an error code, if there is one";
  let description = [{
    If `status` is not zero, the function returns it at once. Stands directly
    in the body of a function that returns an `i32` and nothing else.

    ```mlir
    kernel.fail %status : i32
    ```
  }];
  let arguments = (ins I32:$status);
  let assemblyFormat = "$status attr-dict `:` type($status)";
  let hasVerifier = 1;
}

def Kernel_NullOp : Kernel_Op<"null", [Pure]> {
  let summary = "No context";
  let description = [{
    ```mlir
    %context = kernel.null : !kernel.context
    ```
  }];
  let results = (outs Kernel_ContextType:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
}

def Kernel_MarkBegin : I32EnumAttrCase<"Begin", 0, "begin">;
def Kernel_MarkEnd : I32EnumAttrCase<"End", 1, "end">;
def Kernel_MarkKind : I32EnumAttr<"MarkKind", "where a layer's time begins or ends",
    [Kernel_MarkBegin, Kernel_MarkEnd]> {
  let cppNamespace = "::tenon::kernel";
}

def Kernel_MarkOp : Kernel_Op<"mark"> {
  let summary = "Calls the profile hook, if there is one";
  let description = [{
    Calls `context->profile(context->user, layer, end)` where neither the
    context nor the hook is null.

    ```mlir
    kernel.mark %context, 3, begin
    ```
  }];
  let arguments = (ins Kernel_ContextType:$hooks,
                       ConfinedAttr<I32Attr, [IntNonNegative]>:$layer,
                       Kernel_MarkKind:$kind);
  let assemblyFormat = "$hooks `,` $layer `,` $kind attr-dict";
}

def Kernel_ParallelOp : Kernel_Op<"parallel",
    [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Runs a function on the parts of a range, on the caller's threads";
  let description = [{
    The callee takes the arguments, then two of type `index`, the begin and the
    end of its part, and returns nothing. Where the context and its `parallel`
    hook are not null, the range `0..N` is split into contiguous parts, one a
    call of the hook's task, in any order and at the same time; else the callee
    is called once, with `0` and `N`. The result may not depend on the split.

    ```mlir
    kernel.parallel @conv1(%x, %y) range(56) context %context
      : memref<9408xf32>, memref<50176xf32>
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<AnyType>:$args,
                       ConfinedAttr<I64Attr, [IntPositive]>:$range,
                       Kernel_ContextType:$hooks);
  let assemblyFormat = [{
    $callee `(` $args `)` `range` `(` $range `)` `context` $hooks attr-dict
    (`:` type($args)^)?
  }];
}

#endif // KERNEL_OPS
