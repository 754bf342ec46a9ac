//===- LowerLayers.cpp - Each layer becomes a function of loops -----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Outlines every layer into a private function over flat memory, named after
// the layer's ONNX node, whose body the kernel builder writes:
//
//     nn.map ... ins(%x : memref<2x4xf32>) outs(%y : memref<2x4xf32>) ...
//
// becomes
//
//     call @relu(%x, %y) : (memref<8xf32>, memref<8xf32>) -> ()
//     func.func private @relu(%x: memref<8xf32>, %y: memref<8xf32>) {
//       scf.for %i = ... { memref.load, arith.maximumf, memref.store }
//     }
//
// Constant operands of contractions are rearranged into the order in which the
// kernel reads them. A layer that reads at data-dependent places checks all
// indices first, and its call is followed by `kernel.fail`. With `parallel`, a
// layer with much work takes the part that a call computes:
//
//     kernel.parallel @conv(%x, %w, %y) range(56) context %context
//     func.func private @conv(%x, %w, %y, %begin: index, %end: index) { ... }
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Constants.h"
#include "dialects/nn/Locations.h"
#include "passes/lower/KernelBuilder.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "passes/lower/PackWeights.h"
#include "passes/lower/Passes.h"

namespace tenon {
#define GEN_PASS_DEF_LOWERLAYERSPASS
#include "passes/lower/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;

/// What a function returns when an index of a gather is out of range.
static constexpr int64_t kIndexError = 3;

/// The flat memory that `value` is a view of; null when there is none.
static Value getBase(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    if (auto cast = dyn_cast<memref::ReinterpretCastOp>(op))
      value = cast.getSource();
    else
      break;
  }
  auto type = dyn_cast<MemRefType>(value.getType());
  return type && type.getRank() == 1 && type.getLayout().isIdentity() ? value
                                                                      : Value();
}

/// memref<2x3xf32> arguments become memref<6xf32>, seen through casts.
static void flattenArguments(func::FuncOp func) {
  OpBuilder builder = OpBuilder::atBlockBegin(&func.front());
  for (BlockArgument arg : func.getArguments()) {
    auto type = dyn_cast<MemRefType>(arg.getType());
    if (!type || (type.getRank() == 1 && type.getLayout().isIdentity()))
      continue;
    auto flat = MemRefType::get({type.getNumElements()}, type.getElementType());
    // (Those of MLIR are unknown where there are no elements.)
    SmallVector<int64_t> strides = computeStrides(type.getShape());
    auto view = builder.create<memref::ReinterpretCastOp>(
        arg.getLoc(), type, arg, /*offset=*/0, type.getShape(), strides);
    arg.replaceAllUsesExcept(view, view);
    arg.setType(flat);
  }
  func.setFunctionType(builder.getFunctionType(func.front().getArgumentTypes(),
                                               func.getResultTypes()));
}

/// x, w and b are read, y is written.
static void nameArguments(func::FuncOp func, nn::LayerOpInterface layer,
                          ArrayRef<unsigned> positions) {
  unsigned numInputs = layer.getInputs().size();
  unsigned numRead =
      numInputs + layer.getExtras().size() + layer.getIndices().size();
  bool hasWeights = isa<nn::ContractOp>(layer);
  // An output that lies over an operand is called y.
  for (auto [operand, position] : llvm::enumerate(positions)) {
    StringRef name = operand >= numRead           ? "y"
                     : operand >= numInputs       ? "b"
                     : hasWeights && operand == 1 ? "w"
                                                  : "x";
    func.setArgAttr(position, kernel::kNameAttrName,
                    StringAttr::get(func.getContext(), name));
  }
}

namespace {
struct LowerLayersPass
    : public tenon::impl::LowerLayersPassBase<LowerLayersPass> {
  using LowerLayersPassBase::LowerLayersPassBase;
  void runOnOperation() override;

private:
  LogicalResult lower(nn::LayerOpInterface layer, kernel::TargetAttr target);
  Value pack(OpBuilder &builder, const Nest &nest,
             const KernelSchedule &schedule, const NestAccess &access,
             kernel::ConstantOp constant);
};
} // namespace

/// A new global with the packed data of `constant`, or the one that exists.
Value LowerLayersPass::pack(OpBuilder &builder, const Nest &nest,
                            const KernelSchedule &schedule,
                            const NestAccess &access,
                            kernel::ConstantOp constant) {
  SymbolTable symbols(getOperation());
  auto global = symbols.lookup<kernel::GlobalOp>(constant.getGlobal());
  unsigned bytes =
      llvm::divideCeil(access.elementType.getIntOrFloatBitWidth(), 8);
  ArrayRef<char> source = global.getRawBytes();
  std::vector<char> expanded;
  if (global.isSplat()) {
    int64_t count = cast<MemRefType>(constant.getType()).getNumElements();
    for (int64_t i = 0; i < count; ++i)
      expanded.insert(expanded.end(), source.begin(), source.begin() + bytes);
    source = expanded;
  }
  auto data = std::make_shared<std::vector<char>>(
      packBytes(nest, schedule, access, source, bytes));
  int64_t count = data->size() / bytes;
  nn::Buffer buffer{RankedTensorType::get({count}, access.elementType), *data,
                    std::shared_ptr<char>(data, data->data())};
  kernel::GlobalOp packed =
      nn::getOrCreateGlobal(global.getLoc(), symbols, buffer);
  return builder.create<kernel::ConstantOp>(
      constant.getLoc(), MemRefType::get({count}, access.elementType),
      FlatSymbolRefAttr::get(packed.getSymNameAttr()));
}

/// Calls the function of a layer: by the caller's threads where it takes a part
/// of `range` units, and followed by a test of the status that it returns.
static void buildCall(OpBuilder &builder, func::FuncOp func,
                      ArrayRef<Value> arguments, int64_t range) {
  Location loc = func.getLoc();
  if (range == 0) {
    auto call = builder.create<func::CallOp>(loc, func, arguments);
    if (call.getNumResults() != 0)
      builder.create<kernel::FailOp>(loc, call.getResult(0));
    return;
  }
  // `make-interface` puts the caller's context in its place.
  Value context = builder.create<kernel::NullOp>(
      loc, kernel::ContextType::get(builder.getContext()));
  builder.create<kernel::ParallelOp>(loc, func.getSymName(), arguments, range,
                                     context);
}

LogicalResult LowerLayersPass::lower(nn::LayerOpInterface layer,
                                     kernel::TargetAttr target) {
  FailureOr<Nest> nest = Nest::get(layer);
  if (failed(nest))
    return failure();
  SmallVector<Value> bases;
  for (Value operand : layer->getOperands()) {
    bases.push_back(getBase(operand));
    if (!bases.back())
      return layer.emitOpError() << "expected operands that view flat memory";
  }

  // Constant operands of contractions are packed. The schedule tiles along no
  // dimension that would select among the panels.
  SmallVector<unsigned> packable, packed;
  if (isa<nn::ContractOp>(layer))
    for (const NestAccess &access : nest->inputs)
      if (bases[access.operand].getDefiningOp<kernel::ConstantOp>())
        packable.push_back(access.operand);
  KernelSchedule schedule = chooseSchedule(*nest, target, packable, forSize);
  OpBuilder builder(layer);
  for (const NestAccess &access : nest->inputs) {
    if (!llvm::is_contained(packable, access.operand) || !schedule.vectorDim ||
        nest->dims[*schedule.vectorDim].reduction ||
        access.strides[*schedule.vectorDim] == 0)
      continue;
    packed.push_back(access.operand);
    bases[access.operand] =
        pack(builder, *nest, schedule, access,
             bases[access.operand].getDefiningOp<kernel::ConstantOp>());
  }

  // A vector is read from neighbours.
  for (const NestAccess &access : nest->inputs)
    if (schedule.lanes > 1 && !llvm::is_contained(packed, access.operand) &&
        access.strides[*schedule.vectorDim] > 1)
      return layer.emitOpError() << "operand " << access.operand
                                 << " would be read as a vector across a "
                                    "stride: a bug of chooseSchedule";

  // The function takes each distinct buffer once.
  SmallVector<Value> arguments;
  SmallVector<unsigned> positions;
  for (Value base : bases) {
    auto found = llvm::find(arguments, base);
    positions.push_back(found - arguments.begin());
    if (found == arguments.end())
      arguments.push_back(base);
  }
  bool checks = !nest->indices.empty();
  if (parallel && !checks)
    chooseRange(*nest, schedule);
  Location loc = layer.getLoc();
  SmallVector<Type> results, types(ValueRange(arguments).getTypes());
  if (checks)
    results.push_back(builder.getI32Type());
  if (schedule.rangeDim)
    types.append(2, builder.getIndexType());
  auto func = func::FuncOp::create(loc, nn::getSymbolName(loc),
                                   builder.getFunctionType(types, results));
  func.setPrivate();
  nameArguments(func, layer, positions);
  SymbolTable(getOperation())
      .insert(func, Block::iterator(layer->getParentOfType<func::FuncOp>()));
  Block *entry = func.addEntryBlock();
  builder.setInsertionPointToStart(entry);
  SmallVector<Value> buffers;
  for (unsigned position : positions)
    buffers.push_back(entry->getArgument(position));
  if (checks) {
    Value valid = buildIndexCheck(builder, loc, *nest, buffers);
    builder.create<scf::IfOp>(loc, valid, [&](OpBuilder &b, Location loc) {
      buildKernel(b, loc, *nest, schedule, buffers, packed);
      b.create<scf::YieldOp>(loc);
    });
    Value ok = builder.create<arith::ConstantIntOp>(loc, 0, 32);
    Value bad = builder.create<arith::ConstantIntOp>(loc, kIndexError, 32);
    Value status = builder.create<arith::SelectOp>(loc, valid, ok, bad);
    builder.create<func::ReturnOp>(loc, status);
  } else {
    KernelRange range;
    if (schedule.rangeDim) {
      range = {entry->getArgument(arguments.size()),
               entry->getArgument(arguments.size() + 1)};
      for (auto [position, name] : {std::pair(0, "begin"), std::pair(1, "end")})
        func.setArgAttr(arguments.size() + position, kernel::kNameAttrName,
                        builder.getStringAttr(name));
    }
    buildKernel(builder, loc, *nest, schedule, buffers, packed, range);
    builder.create<func::ReturnOp>(loc);
  }
  builder.setInsertionPoint(layer);
  buildCall(builder, func, arguments,
            schedule.rangeDim ? schedule.getRange(*nest) : 0);
  layer.erase();
  return success();
}

void LowerLayersPass::runOnOperation() {
  ModuleOp module = getOperation();
  auto target =
      module->getAttrOfType<kernel::TargetAttr>(kernel::kTargetAttrName);
  if (!target) {
    module.emitError("expected a kernel.target on the module");
    return signalPassFailure();
  }
  SmallVector<func::FuncOp> functions(module.getOps<func::FuncOp>());
  for (func::FuncOp func : functions) {
    if (func.isExternal())
      continue;
    flattenArguments(func);
    SmallVector<nn::LayerOpInterface> layers;
    func.walk([&](nn::LayerOpInterface layer) { layers.push_back(layer); });
    for (nn::LayerOpInterface layer : layers)
      if (failed(lower(layer, target)))
        return signalPassFailure();
    // Views are in the indices now.
    func.walk([](memref::ReinterpretCastOp view) {
      if (view->use_empty())
        view.erase();
    });
    // The function of the model returns an error code.
    auto ret = cast<func::ReturnOp>(func.front().getTerminator());
    if (layers.empty() || ret.getNumOperands() != 0)
      continue;
    OpBuilder builder(ret);
    Value ok = builder.create<arith::ConstantIntOp>(ret.getLoc(), 0, 32);
    ret.getOperandsMutable().assign(ok);
    func.setFunctionType(builder.getFunctionType(
        func.front().getArgumentTypes(), builder.getI32Type()));
  }
  // Unpacked originals.
  SmallVector<kernel::ConstantOp> constants;
  module.walk([&](kernel::ConstantOp op) {
    if (op->use_empty())
      constants.push_back(op);
  });
  for (kernel::ConstantOp op : constants)
    op.erase();
  for (auto global :
       llvm::make_early_inc_range(module.getOps<kernel::GlobalOp>()))
    if (SymbolTable::symbolKnownUseEmpty(global, module))
      global.erase();
}
