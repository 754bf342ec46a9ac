//===- LowToLLVM.cpp - The low form in the LLVM dialect -------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Upstream's conversions do scf, arith, math and most of vector; memrefs are
// bare pointers here, so that whatever touches them has a pattern of its own.
//
//===----------------------------------------------------------------------===//

#include "codegen/object/LowToLLVM.h"

#include "codegen/object/ObjectEmitter.h"
#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/LLVMCommon/ConversionTarget.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/MathToLLVM/MathToLLVM.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Conversion/VectorToLLVM/ConvertVectorToLLVM.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlowOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;
using namespace tenon;

//===----------------------------------------------------------------------===//
// Building
//===----------------------------------------------------------------------===//

Type LowBuilder::getPointerType() {
  return LLVM::LLVMPointerType::get(rewriter.getContext());
}

Value LowBuilder::getInteger(Type type, int64_t value) {
  return create<LLVM::ConstantOp>(type, rewriter.getIntegerAttr(type, value));
}

Value LowBuilder::getI32(int32_t value) {
  return getInteger(rewriter.getI32Type(), value);
}

Value LowBuilder::compare(LLVM::ICmpPredicate predicate, Value lhs, Value rhs) {
  return create<LLVM::ICmpOp>(predicate, lhs, rhs);
}

void LowBuilder::call(StringRef callee, ValueRange arguments) {
  create<LLVM::CallOp>(TypeRange(), callee, arguments);
}

Value LowBuilder::getElement(Type element, Value pointer, Value index) {
  return create<LLVM::GEPOp>(getPointerType(), element, pointer,
                             ValueRange{index}, /*inbounds=*/true);
}

Value LowBuilder::getMember(Type type, Value pointer,
                            ArrayRef<LLVM::GEPArg> indices) {
  return create<LLVM::GEPOp>(getPointerType(), type, pointer, indices,
                             /*inbounds=*/true);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

namespace {
struct FuncPattern : ConvertOpToLLVMPattern<func::FuncOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult
  matchAndRewrite(func::FuncOp function, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    FunctionType type = function.getFunctionType();
    TypeConverter::SignatureConversion signature(type.getNumInputs());
    for (auto [i, input] : llvm::enumerate(type.getInputs()))
      if (failed(typeConverter->convertSignatureArg(i, input, signature)))
        return rewriter.notifyMatchFailure(function, "argument type");
    Type result = LLVM::LLVMVoidType::get(getContext());
    if (type.getNumResults() > 1)
      return rewriter.notifyMatchFailure(function, "more than one result");
    if (type.getNumResults() == 1)
      result = typeConverter->convertType(type.getResult(0));
    auto converted = rewriter.create<LLVM::LLVMFuncOp>(
        function.getLoc(), function.getName(),
        LLVM::LLVMFunctionType::get(result, signature.getConvertedTypes()),
        function.isPrivate() && !function.isExternal()
            ? LLVM::Linkage::Internal
            : LLVM::Linkage::External);
    for (unsigned i = 0, e = type.getNumInputs(); i < e; ++i)
      copyArgAttributes(function, converted, i);
    if (kernel::isKernel(function))
      converted.setPassthroughAttr(rewriter.getStrArrayAttr({"noinline"}));
    if (!function.isExternal()) {
      rewriter.inlineRegionBefore(function.getBody(), converted.getBody(),
                                  converted.end());
      if (failed(rewriter.convertRegionTypes(&converted.getBody(),
                                             *typeConverter, &signature)))
        return failure();
    }
    rewriter.eraseOp(function);
    return success();
  }

  /// What the C++ printer says by `const` and `__restrict`.
  static void copyArgAttributes(func::FuncOp from, LLVM::LLVMFuncOp to,
                                unsigned index) {
    auto unit = UnitAttr::get(from.getContext());
    if (!isa<MemRefType>(from.getArgumentTypes()[index]))
      return;
    if (from.getArgAttr(index, kernel::kReadOnlyAttrName))
      to.setArgAttr(index, LLVM::LLVMDialect::getReadonlyAttrName(), unit);
    if (from.getArgAttr(index, kernel::kNoAliasAttrName))
      to.setArgAttr(index, LLVM::LLVMDialect::getNoAliasAttrName(), unit);
  }
};

struct CallPattern : ConvertOpToLLVMPattern<func::CallOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult
  matchAndRewrite(func::CallOp call, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    SmallVector<Type> results;
    if (call.getNumResults() > 1 ||
        failed(typeConverter->convertTypes(call.getResultTypes(), results)))
      return rewriter.notifyMatchFailure(call, "result types");
    rewriter.replaceOpWithNewOp<LLVM::CallOp>(
        call, results, call.getCalleeAttr(), adaptor.getOperands());
    return success();
  }
};

struct ReturnPattern : ConvertOpToLLVMPattern<func::ReturnOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;

  LogicalResult
  matchAndRewrite(func::ReturnOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<LLVM::ReturnOp>(op, adaptor.getOperands());
    return success();
  }
};
} // namespace

void tenon::populateFuncPatterns(LLVMTypeConverter &converter,
                                 RewritePatternSet &patterns) {
  patterns.add<FuncPattern, CallPattern, ReturnPattern>(converter);
}

//===----------------------------------------------------------------------===//
// The module
//===----------------------------------------------------------------------===//

/// Index arithmetic never overflows: a rule of the low form that LLVM should
/// know, as the C++ compiler does of signed integers.
static void markIndexArithmetic(ModuleOp module) {
  auto flags = arith::IntegerOverflowFlagsAttr::get(
      module.getContext(), arith::IntegerOverflowFlags::nsw);
  module.walk([&](Operation *op) {
    if (isa<arith::AddIOp, arith::SubIOp, arith::MulIOp>(op) &&
        isa<IndexType>(op->getResult(0).getType()))
      op->setAttr("overflowFlags", flags);
  });
}

namespace {
struct LowToLLVMPass
    : public PassWrapper<LowToLLVMPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(LowToLLVMPass)

  StringRef getArgument() const final { return "low-to-llvm"; }
  void getDependentDialects(DialectRegistry &registry) const final {
    registry.insert<LLVM::LLVMDialect, cf::ControlFlowDialect>();
  }

  void runOnOperation() final {
    ModuleOp module = getOperation();
    MLIRContext *context = &getContext();
    kernel::TargetAttr target = kernel::getTarget(module);
    LowerToLLVMOptions options(context);
    options.overrideIndexBitwidth(target ? target.getIndexBits() : 64);
    LLVMTypeConverter converter(context, options);
    auto pointer = LLVM::LLVMPointerType::get(context);
    converter.addConversion([=](MemRefType) { return pointer; });
    converter.addConversion([=](kernel::ContextType) { return pointer; });

    RewritePatternSet patterns(context);
    populateFuncPatterns(converter, patterns);
    populateMemoryPatterns(converter, patterns);
    populateWordPatterns(converter, patterns);
    populateHookPatterns(converter, patterns);
    arith::populateArithToLLVMConversionPatterns(converter, patterns);
    cf::populateControlFlowToLLVMConversionPatterns(converter, patterns);
    populateMathToLLVMConversionPatterns(converter, patterns);
    populateVectorToLLVMConversionPatterns(converter, patterns);
    LLVMConversionTarget legal(*context);
    legal.addLegalOp<ModuleOp>();
    if (failed(addHookFunctions(module)) ||
        failed(applyFullConversion(module, legal, std::move(patterns))))
      signalPassFailure();
  }
};
} // namespace

OwningOpRef<ModuleOp> tenon::convertToLLVMDialect(ModuleOp module,
                                                  StringRef dataLayout) {
  OwningOpRef<ModuleOp> clone = module.clone();
  markIndexArithmetic(*clone);
  PassManager passes(module.getContext());
  passes.addPass(createConvertSCFToCFPass());
  passes.addPass(std::make_unique<LowToLLVMPass>());
  if (failed(passes.run(*clone)))
    return nullptr;
  MLIRContext *context = module.getContext();
  (*clone)->setAttr(LLVM::LLVMDialect::getDataLayoutAttrName(),
                    StringAttr::get(context, dataLayout));
  if (kernel::TargetAttr target = kernel::getTarget(module)) {
    (*clone)->setAttr(LLVM::LLVMDialect::getTargetTripleAttrName(),
                      StringAttr::get(context, target.getTriple()));
    (*clone)->removeAttr(kernel::kTargetAttrName);
  }
  return clone;
}
