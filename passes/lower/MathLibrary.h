//===- MathLibrary.h - The math functions in MLIR text ----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_LOWER_MATHLIBRARY_H
#define TENON_PASSES_LOWER_MATHLIBRARY_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/StringMap.h"

#include <memory>

namespace tenon {

/// The functions of passes/lower/math/, by the operation they stand for.
///
/// `@math.exp` is the body of `math.exp`. A further part of the name says when
/// it applies, and the first one in the file that does is taken:
///   `.nofma`, `.nosqrt`  the target has no such instruction
///   `.number`            the last operand is a constant other than NaN
/// any other part only tells functions of different types apart.
/// A function that branches is of scalars alone, and called, not inlined.
class MathLibrary {
public:
  /// What the target can do by itself.
  struct Target {
    bool fma = false;
    bool sqrt = false;
    /// Both for f64 too: a core without vectors may have a float unit for f32
    /// alone.
    bool hasDoubles = true;
  };

  /// Parses the library; null, with a diagnostic, if it is broken.
  static std::shared_ptr<MathLibrary> load(mlir::MLIRContext *context);

  /// The function that stands for `op` at its element types; null if none does.
  mlir::func::FuncOp lookup(mlir::Operation *op, Target target) const;

  /// Replaces `op`, for which there is a function, by the body of it, or a
  /// call.
  void expand(mlir::RewriterBase &rewriter, mlir::Operation *op,
              Target target) const;

  mlir::MLIRContext *getContext() const;

private:
  /// Calls the copy of `function` in the module of `op`, made if there is none.
  void call(mlir::RewriterBase &rewriter, mlir::Operation *op,
            mlir::func::FuncOp function) const;

  /// Clones the body of `function` with each value at `shape` (null: scalar).
  llvm::SmallVector<mlir::Value>
  inlineAt(mlir::OpBuilder &builder, mlir::Location loc,
           mlir::func::FuncOp function, mlir::ValueRange operands,
           mlir::VectorType shape, Target target) const;

  mlir::OwningOpRef<mlir::ModuleOp> module;
  llvm::StringMap<llvm::SmallVector<mlir::func::FuncOp>> functions;
};

} // namespace tenon

#endif // TENON_PASSES_LOWER_MATHLIBRARY_H
