//===- NnInterfaces.td - The one interface of layers -------*- tablegen -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef NN_INTERFACES
#define NN_INTERFACES

include "mlir/IR/OpBase.td"

def Nn_LayerOpInterface
    : OpInterface<"LayerOpInterface"> {
  let cppNamespace = "::tenon::nn";
  let description = [{
    A layer is a perfect loop nest over a rectangular iteration space:

        for p in parallel bounds:
          acc = initial accumulators
          for r in reduction bounds, in row-major order:
            if every input access is inside its operand:
              acc = combine(inputs[map(p, r)], acc)
          outputs[map(p)] = finish(acc, extras[map(p)])

    Dimensions are numbered through: parallel ones first. Each operand has one
    affine map from the iteration space to its indices. A point at which an
    input of a reducing layer would be read outside (a padded window) is
    skipped, which is the same as reading the identity of the combiner; all
    other accesses are inside by construction, and verified to be.

    Outputs are written once a parallel point (maps of outputs are injective on
    the parallel dimensions), so that parallel points may run in any order, in
    tiles, and at once.
  }];
  let methods = [
    InterfaceMethod<"Sizes of the parallel dimensions",
      "::llvm::ArrayRef<int64_t>", "getParallel">,
    InterfaceMethod<"Sizes of the reduction dimensions",
      "::llvm::ArrayRef<int64_t>", "getReduction", (ins), "",
      "return {};">,
    InterfaceMethod<"One map per operand: inputs, extras, indices, outputs",
      "::mlir::ArrayAttr", "getMaps">,
    InterfaceMethod<"Operands that `combine` reads",
      "::mlir::OperandRange", "getInputs">,
    InterfaceMethod<"Operands that `finish` reads",
      "::mlir::OperandRange", "getExtras", (ins), "",
      "return $_op.getOutputs().take_front(0);">,
    InterfaceMethod<"Operands that are written",
      "::mlir::OperandRange", "getOutputs">,
    InterfaceMethod<[{
        Operands whose elements are index values: symbol i of an input's map
        stands for the element of operand i at the point (gather).
      }], "::mlir::OperandRange", "getIndices", (ins), "",
      "return $_op.getOutputs().take_front(0);">,
    InterfaceMethod<"Initial values of the accumulators; empty for a map",
      "::llvm::SmallVector<::mlir::TypedAttr>", "getInitialValues", (ins), "", "return {};">,
    InterfaceMethod<[{
        Builds the combiner for one point, at the element types of the inputs
        or vectors of them, and returns the new accumulators (for a layer
        without reduction: the values to store). `index` gives the value of an
        iteration dimension, for `nn.index`.
      }], "::llvm::SmallVector<::mlir::Value>", "buildCombine",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::Location":$loc,
           "::mlir::ValueRange":$inputs, "::mlir::ValueRange":$accumulators,
           "::llvm::function_ref<::mlir::Value(unsigned)>":$index)>,
    InterfaceMethod<[{
        The region from final accumulators and extras to the stored values;
        null where the layer has none.
      }], "::mlir::Region *", "getEpilogueOrNull", (ins), "", "return nullptr;">
  ];
  let extraClassDeclaration = [{
    /// The points that each result sums over; the largest number there is where
    /// it is larger.
    int64_t getNumTerms();
    /// The region that gives the stored values: the epilogue, or the only one.
    ::mlir::Region &getLastRegion();
    /// The operand whose elements an argument of a region stands for; null for
    /// an accumulator.
    ::mlir::OpOperand *getOperandOf(::mlir::BlockArgument argument);
    /// The argument of a region that stands for elements of an operand; null
    /// where there is none: for an output, an index, an input of a contraction.
    ::mlir::BlockArgument getArgumentOf(::mlir::OpOperand &operand);
  }];
  let extraSharedClassDeclaration = [{
    unsigned getNumParallel() { return $_op.getParallel().size(); }
    unsigned getNumDims() {
      return $_op.getParallel().size() + $_op.getReduction().size();
    }
    /// Sizes of all dimensions, parallel ones first.
    ::llvm::SmallVector<int64_t> getBounds() {
      ::llvm::SmallVector<int64_t> bounds($_op.getParallel());
      ::llvm::append_range(bounds, $_op.getReduction());
      return bounds;
    }
    /// The number of the first operand that is written; all after it are, too.
    unsigned getFirstOutput() {
      return $_op->getNumOperands() - $_op.getOutputs().size();
    }
    /// The map of the operand at `index`, counted over inputs, extras, indices
    /// and outputs in the order of the operands.
    ::mlir::AffineMap getMap(unsigned index) {
      return ::llvm::cast<::mlir::AffineMapAttr>($_op.getMaps()[index]).getValue();
    }
    ::mlir::AffineMap getMap(::mlir::OpOperand &operand) {
      return getMap(operand.getOperandNumber());
    }
  }];
}

#endif // NN_INTERFACES
