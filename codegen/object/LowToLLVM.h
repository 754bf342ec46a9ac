//===- LowToLLVM.h - Patterns from the low form to LLVM ---------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_OBJECT_LOWTOLLVM_H
#define TENON_CODEGEN_OBJECT_LOWTOLLVM_H

#include "dialects/kernel/Kernel.h"
#include "mlir/Conversion/LLVMCommon/Pattern.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace tenon {

/// Functions, calls and returns with bare pointers.
void populateFuncPatterns(mlir::LLVMTypeConverter &converter,
                          mlir::RewritePatternSet &patterns);
/// Everything that touches memory, and what of `arith` and `vector` is not as
/// upstream has it.
void populateMemoryPatterns(mlir::LLVMTypeConverter &converter,
                            mlir::RewritePatternSet &patterns);
/// Bytes and shorts in words.
void populateWordPatterns(mlir::LLVMTypeConverter &converter,
                          mlir::RewritePatternSet &patterns);
/// `fail` and the caller's hooks.
void populateHookPatterns(mlir::LLVMTypeConverter &converter,
                          mlir::RewritePatternSet &patterns);
/// The functions that the patterns of hooks call, added where they are used.
mlir::LogicalResult addHookFunctions(mlir::ModuleOp module);

/// Builds LLVM operations in place of one of the low form.
struct LowBuilder {
  mlir::ConversionPatternRewriter &rewriter;
  const mlir::LLVMTypeConverter &types;
  mlir::Location loc;

  template <typename Op, typename... Args> Op create(Args &&...args) {
    return rewriter.create<Op>(loc, std::forward<Args>(args)...);
  }
  template <typename Op, typename... Args>
  void replace(mlir::Operation *op, Args &&...args) {
    rewriter.replaceOpWithNewOp<Op>(op, std::forward<Args>(args)...);
  }
  mlir::Type getIndexType() const { return types.getIndexType(); }
  mlir::Type getPointerType();
  mlir::Value getInteger(mlir::Type type, int64_t value);
  mlir::Value getI32(int32_t value);
  mlir::Value compare(mlir::LLVM::ICmpPredicate predicate, mlir::Value lhs,
                      mlir::Value rhs);
  /// Calls a function that returns nothing.
  void call(llvm::StringRef callee, mlir::ValueRange arguments);
  /// `pointer[index]`, as a pointer; `pointer` is one to elements.
  mlir::Value getElement(mlir::Type element, mlir::Value pointer,
                         mlir::Value index);
  /// The same for indices that are known, into structures too.
  mlir::Value getMember(mlir::Type type, mlir::Value pointer,
                        mlir::ArrayRef<mlir::LLVM::GEPArg> indices);
};

/// A pattern that is a function; it never fails.
template <typename Op>
class LowPattern : public mlir::ConvertOpToLLVMPattern<Op> {
public:
  using Lower = void (*)(Op op, typename Op::Adaptor adaptor, LowBuilder &b);
  LowPattern(mlir::LLVMTypeConverter &converter, Lower lower,
             mlir::PatternBenefit benefit)
      : mlir::ConvertOpToLLVMPattern<Op>(converter, benefit), lower(lower) {}

  llvm::LogicalResult
  matchAndRewrite(Op op, typename Op::Adaptor adaptor,
                  mlir::ConversionPatternRewriter &rewriter) const override {
    LowBuilder b{rewriter, *this->getTypeConverter(), op.getLoc()};
    lower(op, adaptor, b);
    return llvm::success();
  }

private:
  Lower lower;
};

template <typename Op, typename Adaptor>
void addLowering(mlir::RewritePatternSet &patterns,
                 mlir::LLVMTypeConverter &converter,
                 void (*lower)(Op, Adaptor, LowBuilder &),
                 mlir::PatternBenefit benefit = 1) {
  patterns.add<LowPattern<Op>>(converter, lower, benefit);
}

} // namespace tenon

#endif // TENON_CODEGEN_OBJECT_LOWTOLLVM_H
