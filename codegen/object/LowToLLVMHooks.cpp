//===- LowToLLVMHooks.cpp - Failing and the caller's hooks in LLVM --------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/object/LowToLLVM.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace tenon;

// The same three functions that the C++ printer writes. `$index` stands for the
// integer of a pointer's size. Names hold a dot: no function of a model does.

/// Calls `context->profile(context->user, layer, end)` if there is one.
static constexpr StringLiteral kMarkLayer = R"(
llvm.func internal @tenon.mark_layer(%context: !llvm.ptr, %layer: i32, %end: i32) {
  %null = llvm.mlir.zero : !llvm.ptr
  %given = llvm.icmp "ne" %context, %null : !llvm.ptr
  llvm.cond_br %given, ^look, ^done
^look:
  %member = llvm.getelementptr inbounds %context[2] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  %profile = llvm.load %member : !llvm.ptr -> !llvm.ptr
  %hooked = llvm.icmp "ne" %profile, %null : !llvm.ptr
  llvm.cond_br %hooked, ^call, ^done
^call:
  %user = llvm.load %context : !llvm.ptr -> !llvm.ptr
  llvm.call %profile(%user, %layer, %end) : !llvm.ptr, (!llvm.ptr, i32, i32) -> ()
  llvm.br ^done
^done:
  llvm.return
}
)";

/// Calls `context->parallel(context->user, task, args)` if there is one, else
/// `task(args, 0, 1)`.
static constexpr StringLiteral kRunParallel = R"(
llvm.func internal @tenon.run_parallel(%context: !llvm.ptr, %task: !llvm.ptr, %args: !llvm.ptr) {
  %null = llvm.mlir.zero : !llvm.ptr
  %zero = llvm.mlir.constant(0 : i32) : i32
  %one = llvm.mlir.constant(1 : i32) : i32
  %given = llvm.icmp "ne" %context, %null : !llvm.ptr
  llvm.cond_br %given, ^look, ^alone
^look:
  %member = llvm.getelementptr inbounds %context[1] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  %parallel = llvm.load %member : !llvm.ptr -> !llvm.ptr
  %hooked = llvm.icmp "ne" %parallel, %null : !llvm.ptr
  llvm.cond_br %hooked, ^call, ^alone
^call:
  %user = llvm.load %context : !llvm.ptr -> !llvm.ptr
  llvm.call %parallel(%user, %task, %args) : !llvm.ptr, (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> ()
  llvm.return
^alone:
  llvm.call %task(%args, %zero, %one) : !llvm.ptr, (!llvm.ptr, i32, i32) -> ()
  llvm.return
}
)";

/// Where a part of the range 0..range begins.
static constexpr StringLiteral kPartBegin = R"(
llvm.func internal @tenon.part_begin(%range: $index, %part: $index, %parts: $index) -> $index {
  %whole = llvm.sdiv %range, %parts : $index
  %rest = llvm.srem %range, %parts : $index
  %begin = llvm.mul %whole, %part : $index
  %fewer = llvm.intr.smin(%part, %rest) : ($index, $index) -> $index
  %sum = llvm.add %begin, %fewer : $index
  llvm.return %sum : $index
}
)";

static LogicalResult addFunction(ModuleOp module, StringRef text) {
  kernel::TargetAttr target = kernel::getTarget(module);
  std::string index = "i" + std::to_string(target ? target.getIndexBits() : 64);
  std::string source;
  for (size_t at = text.find("$index"); at != StringRef::npos;
       at = text.find("$index")) {
    source += text.take_front(at).str() + index;
    text = text.drop_front(at + StringRef("$index").size());
  }
  source += text;
  OwningOpRef<ModuleOp> parsed =
      parseSourceString<ModuleOp>(source, module.getContext());
  if (!parsed)
    return emitError(module.getLoc(), "cannot parse a built-in function");
  Operation *function = &parsed->getBody()->front();
  function->remove();
  module.push_back(function);
  return success();
}

LogicalResult tenon::addHookFunctions(ModuleOp module) {
  bool marks = false, splits = false;
  module.walk([&](Operation *op) {
    marks |= isa<kernel::MarkOp>(op);
    splits |= isa<kernel::ParallelOp>(op);
  });
  if (marks && failed(addFunction(module, kMarkLayer)))
    return failure();
  if (splits && (failed(addFunction(module, kRunParallel)) ||
                 failed(addFunction(module, kPartBegin))))
    return failure();
  return success();
}

static Value getI32(OpBuilder &builder, Location loc, int32_t value) {
  return builder.create<LLVM::ConstantOp>(loc, builder.getI32Type(),
                                          builder.getI32IntegerAttr(value));
}

namespace {
struct NullPattern : ConvertOpToLLVMPattern<kernel::NullOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(kernel::NullOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOpWithNewOp<LLVM::ZeroOp>(
        op, LLVM::LLVMPointerType::get(getContext()));
    return success();
  }
};

struct FailPattern : ConvertOpToLLVMPattern<kernel::FailOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(kernel::FailOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Block *before = rewriter.getInsertionBlock();
    Block *after = rewriter.splitBlock(before, op->getIterator());
    Block *failed = rewriter.createBlock(after);
    rewriter.create<LLVM::ReturnOp>(loc, adaptor.getStatus());
    rewriter.setInsertionPointToEnd(before);
    Value isFailure = rewriter.create<LLVM::ICmpOp>(
        loc, LLVM::ICmpPredicate::ne, adaptor.getStatus(),
        getI32(rewriter, loc, 0));
    rewriter.create<LLVM::CondBrOp>(loc, isFailure, failed, after);
    rewriter.eraseOp(op);
    return success();
  }
};

struct MarkPattern : ConvertOpToLLVMPattern<kernel::MarkOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(kernel::MarkOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    Value layer = getI32(rewriter, loc, op.getLayer());
    Value end = getI32(rewriter, loc, int32_t(op.getKind()));
    rewriter.create<LLVM::CallOp>(loc, TypeRange(), "tenon.mark_layer",
                                  ValueRange{adaptor.getHooks(), layer, end});
    rewriter.eraseOp(op);
    return success();
  }
};

/// The arguments travel in a structure on the stack; a task, one a callee,
/// unpacks them and finds its part of the range.
struct ParallelPattern : ConvertOpToLLVMPattern<kernel::ParallelOp> {
  using ConvertOpToLLVMPattern::ConvertOpToLLVMPattern;
  LogicalResult
  matchAndRewrite(kernel::ParallelOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    SmallVector<Type> members(adaptor.getArgs().getTypes());
    members.push_back(getIndexType());
    auto type = LLVM::LLVMStructType::getLiteral(getContext(), members);
    std::string task = ("tenon.task." + op.getCallee()).str();
    auto module = op->getParentOfType<ModuleOp>();
    if (!module.lookupSymbol(task))
      createTask(rewriter, module, op, task, type);

    Type pointer = LLVM::LLVMPointerType::get(getContext());
    Value args;
    {
      // In the entry block, so that a loop does not use up the stack.
      OpBuilder::InsertionGuard guard(rewriter);
      Region *body = rewriter.getInsertionBlock()->getParent();
      rewriter.setInsertionPointToStart(&body->front());
      args = rewriter.create<LLVM::AllocaOp>(loc, pointer, type,
                                             getI32(rewriter, loc, 1));
    }
    SmallVector<Value> values(adaptor.getArgs());
    values.push_back(rewriter.create<LLVM::ConstantOp>(
        loc, getIndexType(),
        rewriter.getIntegerAttr(getIndexType(), op.getRange())));
    for (auto [i, value] : llvm::enumerate(values))
      rewriter.create<LLVM::StoreOp>(loc, value,
                                     getMember(rewriter, loc, type, args, i));
    Value function = rewriter.create<LLVM::AddressOfOp>(
        loc, pointer, FlatSymbolRefAttr::get(getContext(), task));
    rewriter.create<LLVM::CallOp>(
        loc, TypeRange(), "tenon.run_parallel",
        ValueRange{adaptor.getHooks(), function, args});
    rewriter.eraseOp(op);
    return success();
  }

  static Value getMember(OpBuilder &builder, Location loc, Type type,
                         Value pointer, int32_t index) {
    return builder.create<LLVM::GEPOp>(loc, pointer.getType(), type, pointer,
                                       ArrayRef<LLVM::GEPArg>{0, index}, true);
  }

  void createTask(ConversionPatternRewriter &rewriter, ModuleOp module,
                  kernel::ParallelOp op, StringRef name,
                  LLVM::LLVMStructType type) const {
    OpBuilder::InsertionGuard guard(rewriter);
    Location loc = op.getLoc();
    rewriter.setInsertionPointToEnd(module.getBody());
    Type pointer = LLVM::LLVMPointerType::get(getContext());
    Type i32 = rewriter.getI32Type(), index = getIndexType();
    auto task = rewriter.create<LLVM::LLVMFuncOp>(
        loc, name,
        LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(getContext()),
                                    {pointer, i32, i32}),
        LLVM::Linkage::Internal);
    Block *body = task.addEntryBlock(rewriter);
    rewriter.setInsertionPointToStart(body);
    SmallVector<Value> values;
    for (auto [i, member] : llvm::enumerate(type.getBody()))
      values.push_back(rewriter.create<LLVM::LoadOp>(
          loc, member,
          getMember(rewriter, loc, type, body->getArgument(0), i)));
    Value range = values.pop_back_val();
    auto toIndex = [&](Value value) -> Value {
      if (index == i32)
        return value;
      return rewriter.create<LLVM::SExtOp>(loc, index, value);
    };
    Value part = body->getArgument(1), parts = toIndex(body->getArgument(2));
    Value next =
        rewriter.create<LLVM::AddOp>(loc, part, getI32(rewriter, loc, 1));
    for (Value which : {part, next})
      values.push_back(
          rewriter
              .create<LLVM::CallOp>(loc, TypeRange{index}, "tenon.part_begin",
                                    ValueRange{range, toIndex(which), parts})
              .getResult());
    rewriter.create<LLVM::CallOp>(loc, TypeRange(), op.getCallee(), values);
    rewriter.create<LLVM::ReturnOp>(loc, ValueRange());
  }
};
} // namespace

void tenon::populateHookPatterns(LLVMTypeConverter &converter,
                                 RewritePatternSet &patterns) {
  patterns.add<NullPattern, FailPattern, MarkPattern, ParallelPattern>(
      converter);
}
