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
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tenon;

// `$index` stands for the integer of a pointer's size, `$find` for the text
// that finds a hook. Names hold a dot: no function of a model does.

/// Goes on at ^call with the member of the context that is a hook, or at ^none.
static constexpr StringLiteral kFindHook = R"(
  %null = llvm.mlir.zero : !llvm.ptr
  %given = llvm.icmp "ne" %context, %null : !llvm.ptr
  llvm.cond_br %given, ^look, ^none
^look:
  %member = llvm.getelementptr inbounds %context[$member] : (!llvm.ptr) -> !llvm.ptr, !llvm.ptr
  %hook = llvm.load %member : !llvm.ptr -> !llvm.ptr
  %hooked = llvm.icmp "ne" %hook, %null : !llvm.ptr
  llvm.cond_br %hooked, ^call, ^none
^call:
  %user = llvm.load %context : !llvm.ptr -> !llvm.ptr
)";

/// Calls `context->profile(context->user, layer, end)` if there is one.
static constexpr StringLiteral kMarkLayer = R"(
llvm.func internal @tenon.mark_layer(%context: !llvm.ptr, %layer: i32, %end: i32) {
  $find
  llvm.call %hook(%user, %layer, %end) : !llvm.ptr, (!llvm.ptr, i32, i32) -> ()
  llvm.br ^none
^none:
  llvm.return
}
)";

/// Calls `context->parallel(context->user, task, args)` if there is one, else
/// `task(args, 0, 1)`.
static constexpr StringLiteral kRunParallel = R"(
llvm.func internal @tenon.run_parallel(%context: !llvm.ptr, %task: !llvm.ptr, %args: !llvm.ptr) {
  $find
  llvm.call %hook(%user, %task, %args) : !llvm.ptr, (!llvm.ptr, !llvm.ptr, !llvm.ptr) -> ()
  llvm.return
^none:
  %zero = llvm.mlir.constant(0 : i32) : i32
  %one = llvm.mlir.constant(1 : i32) : i32
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

/// `text` with `by` in place of each `name`.
static std::string substitute(StringRef text, StringRef name, StringRef by) {
  SmallVector<StringRef> parts;
  text.split(parts, name);
  return llvm::join(parts, by);
}

/// `hook` is the member of the context that `$find` looks at.
static LogicalResult addFunction(ModuleOp module, StringRef text,
                                 kernel::ContextMember hook = {}) {
  kernel::TargetAttr target = kernel::getTarget(module);
  unsigned bits = target ? target.getIndexBits() : 64;
  std::string source = substitute(text, "$find", kFindHook);
  source = substitute(source, "$member", llvm::utostr(unsigned(hook)));
  source = substitute(source, "$index", "i" + llvm::utostr(bits));
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
  using kernel::ContextMember;
  if (marks && failed(addFunction(module, kMarkLayer, ContextMember::Profile)))
    return failure();
  if (splits &&
      (failed(addFunction(module, kRunParallel, ContextMember::Parallel)) ||
       failed(addFunction(module, kPartBegin))))
    return failure();
  return success();
}

static void lowerNull(kernel::NullOp op, kernel::NullOp::Adaptor,
                      LowBuilder &b) {
  b.replace<LLVM::ZeroOp>(op, b.getPointerType());
}

static void lowerFail(kernel::FailOp op, kernel::FailOp::Adaptor adaptor,
                      LowBuilder &b) {
  Block *before = b.rewriter.getInsertionBlock();
  Block *after = b.rewriter.splitBlock(before, op->getIterator());
  Block *failed = b.rewriter.createBlock(after);
  b.create<LLVM::ReturnOp>(adaptor.getStatus());
  b.rewriter.setInsertionPointToEnd(before);
  Value isFailure =
      b.compare(LLVM::ICmpPredicate::ne, adaptor.getStatus(), b.getI32(0));
  b.create<LLVM::CondBrOp>(isFailure, failed, after);
  b.rewriter.eraseOp(op);
}

static void lowerMark(kernel::MarkOp op, kernel::MarkOp::Adaptor adaptor,
                      LowBuilder &b) {
  Value layer = b.getI32(op.getLayer()), end = b.getI32(int32_t(op.getKind()));
  b.call("tenon.mark_layer", {adaptor.getHooks(), layer, end});
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
  b.call(op.getCallee(), values);
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
  b.call("tenon.run_parallel", {adaptor.getHooks(), function, args});
  b.rewriter.eraseOp(op);
}

void tenon::populateHookPatterns(LLVMTypeConverter &converter,
                                 RewritePatternSet &patterns) {
  auto add = [&](auto lower) { addLowering(patterns, converter, lower); };
  add(lowerNull);
  add(lowerFail);
  add(lowerMark);
  add(lowerParallel);
}
