//===- LowToLLVMHooks.cpp - Failing and the caller's hooks in LLVM --------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The caller may give a context with hooks, or none. What to do then takes
// branches, so it is in functions, the same three that the C++ printer writes.
// They are text in the LLVM dialect, which reads better than calls of a
// builder. An operation of the low form becomes a call:
//
//     kernel.parallel @conv(%x, %y) range(32) context %context
//
//     args = {x, y, 32} on the stack
//     tenon.run_parallel(context, tenon.task.conv, args)
//
// and a task, one a callee, computes its part of the range from args.
//
//===----------------------------------------------------------------------===//

#include "codegen/object/LowToLLVM.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Parser/Parser.h"

using namespace mlir;
using namespace tenon;

// `$index` stands for the integer of a pointer's size. Names hold a dot: no
// function of a model does.

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

static void lowerNull(kernel::NullOp op, kernel::NullOp::Adaptor,
                      LowBuilder &b) {
  b.rewriter.replaceOpWithNewOp<LLVM::ZeroOp>(op, b.getPointerType());
}

static void lowerFail(kernel::FailOp op, kernel::FailOp::Adaptor adaptor,
                      LowBuilder &b) {
  Block *before = b.rewriter.getInsertionBlock();
  Block *after = b.rewriter.splitBlock(before, op->getIterator());
  Block *failed = b.rewriter.createBlock(after);
  b.create<LLVM::ReturnOp>(adaptor.getStatus());
  b.rewriter.setInsertionPointToEnd(before);
  Value isFailure = b.create<LLVM::ICmpOp>(LLVM::ICmpPredicate::ne,
                                           adaptor.getStatus(), b.getI32(0));
  b.create<LLVM::CondBrOp>(isFailure, failed, after);
  b.rewriter.eraseOp(op);
}

static void lowerMark(kernel::MarkOp op, kernel::MarkOp::Adaptor adaptor,
                      LowBuilder &b) {
  Value layer = b.getI32(op.getLayer()), end = b.getI32(int32_t(op.getKind()));
  b.create<LLVM::CallOp>(TypeRange(), "tenon.mark_layer",
                         ValueRange{adaptor.getHooks(), layer, end});
  b.rewriter.eraseOp(op);
}

/// Unpacks the arguments of `op` from `type`, and calls with a part of the
/// range.
static void createTask(kernel::ParallelOp op, StringRef name,
                       LLVM::LLVMStructType type, LowBuilder &b) {
  OpBuilder::InsertionGuard guard(b.rewriter);
  b.rewriter.setInsertionPointToEnd(op->getParentOfType<ModuleOp>().getBody());
  Type i32 = b.rewriter.getI32Type(), index = b.getIndexType();
  auto task = b.create<LLVM::LLVMFuncOp>(
      name,
      LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(op.getContext()),
                                  {b.getPointerType(), i32, i32}),
      LLVM::Linkage::Internal);
  Block *body = task.addEntryBlock(b.rewriter);
  b.rewriter.setInsertionPointToStart(body);
  SmallVector<Value> values;
  for (auto [i, member] : llvm::enumerate(type.getBody()))
    values.push_back(b.create<LLVM::LoadOp>(
        member, b.getMember(type, body->getArgument(0), {0, int32_t(i)})));
  Value range = values.pop_back_val();
  auto toIndex = [&](Value value) -> Value {
    return index == i32 ? value : b.create<LLVM::SExtOp>(index, value);
  };
  Value part = body->getArgument(1), parts = toIndex(body->getArgument(2));
  Value next = b.create<LLVM::AddOp>(part, b.getI32(1));
  for (Value which : {part, next})
    values.push_back(
        b.create<LLVM::CallOp>(TypeRange{index}, "tenon.part_begin",
                               ValueRange{range, toIndex(which), parts})
            .getResult());
  b.create<LLVM::CallOp>(TypeRange(), op.getCallee(), values);
  b.create<LLVM::ReturnOp>(ValueRange());
}

/// The arguments travel in a structure on the stack; a task, one a callee,
/// unpacks them and finds its part of the range.
static void lowerParallel(kernel::ParallelOp op,
                          kernel::ParallelOp::Adaptor adaptor, LowBuilder &b) {
  SmallVector<Type> members(adaptor.getArgs().getTypes());
  members.push_back(b.getIndexType());
  auto type = LLVM::LLVMStructType::getLiteral(op.getContext(), members);
  std::string task = ("tenon.task." + op.getCallee()).str();
  if (!op->getParentOfType<ModuleOp>().lookupSymbol(task))
    createTask(op, task, type, b);

  Value args;
  {
    // In the entry block, so that a loop does not use up the stack.
    OpBuilder::InsertionGuard guard(b.rewriter);
    Region *body = b.rewriter.getInsertionBlock()->getParent();
    b.rewriter.setInsertionPointToStart(&body->front());
    args = b.create<LLVM::AllocaOp>(b.getPointerType(), type, b.getI32(1));
  }
  SmallVector<Value> values(adaptor.getArgs());
  values.push_back(b.getInteger(b.getIndexType(), op.getRange()));
  for (auto [i, value] : llvm::enumerate(values))
    b.create<LLVM::StoreOp>(value, b.getMember(type, args, {0, int32_t(i)}));
  Value function = b.create<LLVM::AddressOfOp>(
      b.getPointerType(), FlatSymbolRefAttr::get(op.getContext(), task));
  b.create<LLVM::CallOp>(TypeRange(), "tenon.run_parallel",
                         ValueRange{adaptor.getHooks(), function, args});
  b.rewriter.eraseOp(op);
}

void tenon::populateHookPatterns(LLVMTypeConverter &converter,
                                 RewritePatternSet &patterns) {
  addLowering(patterns, converter, lowerNull);
  addLowering(patterns, converter, lowerFail);
  addLowering(patterns, converter, lowerMark);
  addLowering(patterns, converter, lowerParallel);
}
