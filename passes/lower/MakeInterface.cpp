//===- MakeInterface.cpp - The functions of the emitted C interface -------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns the model's function into the functions that run it, after
// `record-interface` told what they take:
//
//     func.func @face(%image: memref<3072xf32>, %score: memref<1xf32>,
//                     %arena: memref<32768xi8>) -> i32 { BODY }
//
// becomes
//
//     func.func @face_run_ex(%image, %score, %arena,
//                            %context: !kernel.context) -> i32 {
//       null pointers: kernel.fail 1; alignment: kernel.fail 2; BODY
//     }
//     func.func @face_run(%image, %score, %arena) -> i32 {
//       return @face_run_ex(%image, %score, %arena, kernel.null)
//     }
//
// Where inputs and outputs lie in the arena, it is the only argument, and says
// where: `nn.input_offsets`, `nn.output_offsets` go to the module's attributes.
//
// With `profile`, calls of layers stand between `kernel.mark`s, which number
// them in the order of the program.
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Interface.h"
#include "passes/lower/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_MAKEINTERFACEPASS
#include "passes/lower/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;

/// If `condition`, the function returns `status`.
static void buildFail(OpBuilder &builder, Location loc, Value condition,
                      kernel::Status status) {
  if (!condition)
    return;
  Value bad =
      builder.create<arith::ConstantIntOp>(loc, static_cast<int>(status), 32);
  Value ok = builder.create<arith::ConstantIntOp>(loc, 0, 32);
  builder.create<kernel::FailOp>(
      loc, builder.create<arith::SelectOp>(loc, condition, bad, ok));
}

/// Tests what a caller gets wrong most easily. A tensor without elements may
/// be null.
static void buildChecks(OpBuilder &builder, Location loc, func::FuncOp func,
                        ArrayRef<kernel::Port> ports, BlockArgument arena,
                        unsigned arenaAlignment) {
  auto any = [&](Value all, Value one) -> Value {
    return all ? builder.create<arith::OrIOp>(loc, all, one) : one;
  };
  auto misaligned = [&](Value pointer, unsigned alignment) -> Value {
    return builder.create<kernel::MisalignedOp>(loc, builder.getI1Type(),
                                                pointer, alignment);
  };
  Value isNull = misaligned(arena, 1);
  Value isMisaligned = misaligned(arena, arenaAlignment);
  for (auto [port, arg] : llvm::zip(ports, func.getArguments())) {
    if (port.getCount() == 0)
      continue;
    isNull = any(isNull, misaligned(arg, 1));
    if (port.getElement().bytes > 1)
      isMisaligned =
          any(isMisaligned, misaligned(arg, port.getElement().bytes));
  }
  buildFail(builder, loc, isNull, kernel::Status::Null);
  buildFail(builder, loc, isMisaligned, kernel::Status::Alignment);
}

/// Where the arena says where inputs and outputs lie in it, they are no
/// arguments; the interface gets to know their places.
static bool placePorts(func::FuncOp func, kernel::Interface &interface) {
  if (func.getNumArguments() != 1)
    return false;
  Builder builder(func.getContext());
  auto place = [&](SmallVectorImpl<kernel::Port> &ports, StringRef from,
                   StringRef to) {
    auto offsets = func.getArgAttrOfType<DenseI64ArrayAttr>(0, from);
    if (!offsets || size_t(offsets.size()) != ports.size())
      return false;
    SmallVector<Attribute> attrs;
    for (auto [port, offset] : llvm::zip_equal(ports, offsets.asArrayRef())) {
      port.offset = offset;
      attrs.push_back(port.getAttr());
    }
    func->getParentOfType<ModuleOp>()->setAttr(to, builder.getArrayAttr(attrs));
    return true;
  };
  return place(interface.inputs, "nn.input_offsets", kernel::kInputsAttrName) &&
         place(interface.outputs, "nn.output_offsets",
               kernel::kOutputsAttrName);
}

namespace {
struct MakeInterfacePass
    : public tenon::impl::MakeInterfacePassBase<MakeInterfacePass> {
  using MakeInterfacePassBase::MakeInterfacePassBase;
  void runOnOperation() override;

private:
  void makeRun(func::FuncOp runEx, const kernel::Interface &interface);
  void addMarks(func::FuncOp runEx, Value context);
};
} // namespace

void MakeInterfacePass::addMarks(func::FuncOp runEx, Value context) {
  SmallVector<Operation *> calls;
  runEx.walk([&](Operation *op) {
    if (isa<func::CallOp, kernel::ParallelOp>(op))
      calls.push_back(op);
  });
  for (auto [index, call] : llvm::enumerate(calls)) {
    OpBuilder builder(call);
    builder.create<kernel::MarkOp>(call->getLoc(), context, index,
                                   kernel::MarkKind::Begin);
    builder.setInsertionPointAfter(call);
    builder.create<kernel::MarkOp>(call->getLoc(), context, index,
                                   kernel::MarkKind::End);
  }
}

void MakeInterfacePass::makeRun(func::FuncOp runEx,
                                const kernel::Interface &interface) {
  OpBuilder builder(runEx);
  builder.setInsertionPointAfter(runEx);
  Location loc = UnknownLoc::get(&getContext());
  ArrayRef<Type> types = runEx.getArgumentTypes().drop_back();
  auto run = builder.create<func::FuncOp>(
      loc, interface.name + "_run",
      builder.getFunctionType(types, runEx.getResultTypes()));
  for (unsigned i = 0; i < types.size(); ++i)
    run.setArgAttrs(i, runEx.getArgAttrDict(i));
  Block *body = run.addEntryBlock();
  builder.setInsertionPointToStart(body);
  SmallVector<Value> operands(body->getArguments());
  operands.push_back(builder.create<kernel::NullOp>(
      loc, kernel::ContextType::get(&getContext())));
  auto call = builder.create<func::CallOp>(loc, runEx, operands);
  builder.create<func::ReturnOp>(loc, call.getResults());
}

void MakeInterfacePass::runOnOperation() {
  ModuleOp module = getOperation();
  FailureOr<kernel::Interface> interface = kernel::getInterface(module);
  if (failed(interface))
    return signalPassFailure();
  auto func = module.lookupSymbol<func::FuncOp>(interface->name);
  size_t portCount = interface->inputs.size() + interface->outputs.size();
  if (func && placePorts(func, *interface))
    portCount = 0;
  if (!func || func.isExternal() || func.getNumArguments() != portCount + 1 ||
      func.getNumResults() != 1 || !func.getResultTypes()[0].isInteger(32) ||
      !llvm::all_of(func.getArgumentTypes(),
                    [](Type type) { return isa<MemRefType>(type); })) {
    module.emitError() << "expected a function '" << interface->name
                       << "' that takes the " << portCount
                       << " tensors of the interface and the arena as memrefs, "
                          "and returns i32";
    return signalPassFailure();
  }

  SmallVector<kernel::Port> ports;
  if (portCount != 0) {
    llvm::append_range(ports, interface->inputs);
    llvm::append_range(ports, interface->outputs);
  }
  Builder builder(&getContext());
  auto setName = [&](unsigned index, StringRef name) {
    func.setArgAttr(index, kernel::kNameAttrName, builder.getStringAttr(name));
  };
  for (auto [index, port] : llvm::enumerate(ports)) {
    setName(index, port.ident);
    func.setArgAttr(index, kernel::kCTypeAttrName,
                    builder.getStringAttr(port.getElement().ctype));
    if (index < interface->inputs.size())
      func.setArgAttr(index, kernel::kReadOnlyAttrName, builder.getUnitAttr());
  }
  setName(portCount, "arena");
  func.setArgAttr(portCount, kernel::kCTypeAttrName,
                  builder.getStringAttr("void"));

  func.setName(interface->name + "_run_ex");
  // The name of the graph says less than that of the function.
  func->setLoc(UnknownLoc::get(&getContext()));
  func.insertArgument(portCount + 1, kernel::ContextType::get(&getContext()),
                      builder.getDictionaryAttr({}), func.getLoc());
  setName(portCount + 1, "context");
  // Calls of layers were built without one.
  func.walk([&](kernel::NullOp none) {
    none.replaceAllUsesWith(func.getArguments().back());
    none.erase();
  });
  if (profile)
    addMarks(func, func.getArguments().back());
  OpBuilder body = OpBuilder::atBlockBegin(&func.front());
  buildChecks(body, func.getLoc(), func, ports, func.getArgument(portCount),
              interface->arenaAlignment);
  makeRun(func, *interface);
}
