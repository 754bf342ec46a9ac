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

#include "dialects/kernel/Interface.h"
#include "dialects/kernel/LayerRecord.h"
#include "dialects/nn/Constants.h"
#include "dialects/nn/Locations.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "passes/lower/KernelBuilder.h"
#include "passes/lower/PackWeights.h"
#include "passes/lower/Passes.h"
#include "passes/lower/SubByte.h"

namespace tenon {
#define GEN_PASS_DEF_LOWERLAYERSPASS
#include "passes/lower/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;

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
/// A layer on its way to a function.
struct Kernel {
  nn::LayerOpInterface layer;
  Nest nest;
  KernelSchedule schedule;
  /// The flat memory that each operand is a view of.
  SmallVector<Value> bases;
  /// Operands whose constant data were packed.
  SmallVector<unsigned> packed;
  /// What the function takes: each distinct memory once. Of each operand: which
  /// argument.
  SmallVector<Value> arguments;
  SmallVector<unsigned> positions;
};

struct LowerLayersPass
    : public tenon::impl::LowerLayersPassBase<LowerLayersPass> {
  using LowerLayersPassBase::LowerLayersPassBase;
  void runOnOperation() override;

private:
  LogicalResult lower(nn::LayerOpInterface layer, kernel::TargetAttr target,
                      SymbolTable &symbols);

  /// Of the layers of the model, in order.
  SmallVector<std::string> tiles;
};
} // namespace

/// Constant operands of contractions can be packed. The schedule tiles along no
/// dimension that would select among the panels.
static SmallVector<unsigned> getPackable(const Kernel &kernel) {
  SmallVector<unsigned> packable;
  if (isa<nn::ContractOp>(kernel.layer))
    for (const NestAccess &access : kernel.nest.inputs)
      if (kernel.bases[access.operand].getDefiningOp<kernel::ConstantOp>())
        packable.push_back(access.operand);
  return packable;
}

/// Whether the kernel reads an operand element by element: not in vectors, nor
/// as weights of which several are loaded at once.
static bool isReadByElement(const Kernel &kernel, const NestAccess &access) {
  const KernelSchedule &schedule = kernel.schedule;
  const DotSchedule &dot = schedule.dot;
  if ((dot || dot.share > 1) &&
      access.operand == kernel.nest.inputs[dot.weights].operand)
    return false;
  return schedule.lanes == 1 || access.strides[*schedule.vectorDim] == 0;
}

/// A global with these data, of `type` in the model and `element` in memory,
/// which is new, or the one that exists.
static Value createConstant(OpBuilder &builder, SymbolTable &symbols,
                            kernel::ConstantOp origin, Type type, Type element,
                            std::vector<char> bytes) {
  auto data = std::make_shared<std::vector<char>>(std::move(bytes));
  int64_t count = data->size() / kernel::getElementBytes(element);
  nn::Buffer buffer{RankedTensorType::get({count}, type), *data,
                    std::shared_ptr<char>(data, data->data())};
  auto global = symbols.lookup<kernel::GlobalOp>(origin.getGlobal());
  kernel::GlobalOp packed =
      nn::getOrCreateGlobal(global.getLoc(), symbols, buffer);
  return builder.create<kernel::ConstantOp>(
      origin.getLoc(), MemRefType::get({count}, element),
      FlatSymbolRefAttr::get(packed.getSymNameAttr()));
}

/// The data of `constant` in the order in which the kernel reads them, and in
/// the fewest bytes: a global that is new, or the one that exists.
static Value pack(Kernel &kernel, NestAccess &access, bool isPackable,
                  kernel::ConstantOp constant, SymbolTable &symbols) {
  const KernelSchedule &schedule = kernel.schedule;
  auto global = symbols.lookup<kernel::GlobalOp>(constant.getGlobal());
  auto tensor = cast<ShapedType>(global.getValue().getType());
  Type type = tensor.getElementType();
  std::optional<unsigned> dim = schedule.vectorDim;
  bool hasPanels = isPackable && dim && !kernel.nest.dims[*dim].reduction &&
                   access.strides[*dim] != 0;
  // Places of elements are computed at 32 bits.
  bool isShort = tensor.getNumElements() <= std::numeric_limits<int32_t>::max();
  int64_t share =
      isReadByElement(kernel, access) && isShort ? getShare(type) : 1;
  if (!hasPanels && share == 1)
    return constant;
  OpBuilder builder(kernel.layer);
  Type element = access.elementType;
  std::vector<char> bytes = kernel::getData(global);
  if (hasPanels) {
    bytes = packBytes(kernel.nest, schedule, access, bytes,
                      kernel::getElementBytes(element));
    kernel.packed.push_back(access.operand);
    if (schedule.dot)
      element = builder.getIntegerType(8 * schedule.dot.getPackedBytes());
  }
  if (share > 1) {
    bytes = shareBytes(bytes, share);
    access.subByte = cast<IntegerType>(type);
  }
  return createConstant(builder, symbols, constant, element, element,
                        std::move(bytes));
}

/// Constants of epilogues are read in vectors, too.
static void orderExtras(Kernel &kernel, SymbolTable &symbols) {
  OpBuilder builder(kernel.layer);
  for (NestAccess &access : kernel.nest.extras) {
    Value &base = kernel.bases[access.operand];
    auto constant = base.getDefiningOp<kernel::ConstantOp>();
    if (!constant)
      continue;
    auto global = symbols.lookup<kernel::GlobalOp>(constant.getGlobal());
    unsigned bytes = kernel::getElementBytes(access.elementType);
    Type type = cast<ShapedType>(global.getValue().getType()).getElementType();
    if (auto ordered =
            orderExtra(kernel.nest, access, kernel::getData(global), bytes))
      base = createConstant(builder, symbols, constant, type,
                            access.elementType, std::move(*ordered));
  }
}

static void packConstants(Kernel &kernel, ArrayRef<unsigned> packable,
                          SymbolTable &symbols) {
  for (auto *list : {&kernel.nest.inputs, &kernel.nest.extras})
    for (NestAccess &access : *list) {
      Value &base = kernel.bases[access.operand];
      if (auto constant = base.getDefiningOp<kernel::ConstantOp>())
        base =
            pack(kernel, access, llvm::is_contained(packable, access.operand),
                 constant, symbols);
    }
}

/// A vector is read from neighbours.
static LogicalResult checkVectors(Kernel &kernel) {
  if (kernel.schedule.lanes == 1)
    return success();
  for (const NestAccess &access : kernel.nest.inputs)
    if (!llvm::is_contained(kernel.packed, access.operand) &&
        access.strides[*kernel.schedule.vectorDim] > 1)
      return kernel.layer.emitOpError()
             << "operand " << access.operand
             << " would be read as a vector across a stride: a bug of "
                "chooseSchedule";
  return success();
}

static void collectArguments(Kernel &kernel) {
  for (Value base : kernel.bases) {
    auto found = llvm::find(kernel.arguments, base);
    kernel.positions.push_back(found - kernel.arguments.begin());
    if (found == kernel.arguments.end())
      kernel.arguments.push_back(base);
  }
}

/// Runs the kernel if all indices are inside of their operands, and returns
/// whether they are.
static void buildCheckedBody(OpBuilder &builder, Location loc,
                             const Kernel &kernel, ArrayRef<Value> buffers) {
  Value valid = buildIndexCheck(builder, loc, kernel.nest, buffers);
  builder.create<scf::IfOp>(loc, valid, [&](OpBuilder &b, Location loc) {
    buildKernel(b, loc, kernel.nest, kernel.schedule, buffers, kernel.packed);
    b.create<scf::YieldOp>(loc);
  });
  auto status = [&](kernel::Status value) -> Value {
    return builder.create<arith::ConstantIntOp>(loc, static_cast<int>(value),
                                                32);
  };
  Value ok = status(kernel::Status::Ok), bad = status(kernel::Status::Index);
  Value result = builder.create<arith::SelectOp>(loc, valid, ok, bad);
  builder.create<func::ReturnOp>(loc, result);
}

/// The function of a layer, with its body.
static func::FuncOp createFunction(const Kernel &kernel, SymbolTable &symbols) {
  nn::LayerOpInterface layer = kernel.layer;
  Location loc = layer.getLoc();
  OpBuilder builder(layer);
  bool checks = needsIndexCheck(kernel.nest);
  bool takesRange = kernel.schedule.rangeDim.has_value();
  SmallVector<Type> results, types(ValueRange(kernel.arguments).getTypes());
  if (checks)
    results.push_back(builder.getI32Type());
  if (takesRange)
    types.append(2, builder.getIndexType());
  auto func = func::FuncOp::create(loc, nn::getSymbolName(loc),
                                   builder.getFunctionType(types, results));
  func.setPrivate();
  nameArguments(func, layer, kernel.positions);
  symbols.insert(func, Block::iterator(layer->getParentOfType<func::FuncOp>()));
  Block *entry = func.addEntryBlock();
  builder.setInsertionPointToStart(entry);
  SmallVector<Value> buffers;
  for (unsigned position : kernel.positions)
    buffers.push_back(entry->getArgument(position));
  if (checks) {
    buildCheckedBody(builder, loc, kernel, buffers);
    return func;
  }
  KernelRange range;
  if (takesRange) {
    unsigned first = kernel.arguments.size();
    range = {entry->getArgument(first), entry->getArgument(first + 1)};
    for (auto [position, name] : {std::pair(0, "begin"), std::pair(1, "end")})
      func.setArgAttr(first + position, kernel::kNameAttrName,
                      builder.getStringAttr(name));
  }
  buildKernel(builder, loc, kernel.nest, kernel.schedule, buffers,
              kernel.packed, range);
  builder.create<func::ReturnOp>(loc);
  return func;
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
                                     kernel::TargetAttr target,
                                     SymbolTable &symbols) {
  FailureOr<Nest> nest = Nest::get(layer);
  if (failed(nest))
    return failure();
  Kernel kernel;
  kernel.layer = layer;
  kernel.nest = std::move(*nest);
  for (Value operand : layer->getOperands()) {
    kernel.bases.push_back(getBase(operand));
    if (!kernel.bases.back())
      return layer.emitOpError() << "expected operands that view flat memory";
  }
  SmallVector<unsigned> packable = getPackable(kernel);
  orderExtras(kernel, symbols);
  kernel.schedule = chooseSchedule(kernel.nest, target, packable, forSize);
  if (kernel.schedule.dot || kernel.schedule.dot.share > 1)
    groupReduction(kernel.nest, kernel.schedule.dot);
  if (layer->getParentOfType<func::FuncOp>().isPublic())
    tiles.push_back(kernel.schedule.getText());
  packConstants(kernel, packable, symbols);
  if (failed(checkVectors(kernel)))
    return failure();
  collectArguments(kernel);
  if (parallel && kernel.nest.indices.empty())
    chooseRange(kernel.nest, kernel.schedule);
  func::FuncOp func = createFunction(kernel, symbols);
  OpBuilder builder(layer);
  buildCall(builder, func, kernel.arguments,
            kernel.schedule.rangeDim ? kernel.schedule.getRange(kernel.nest)
                                     : 0);
  layer.erase();
  return success();
}

/// The function of the model returns an error code.
static void returnStatus(func::FuncOp func) {
  auto ret = cast<func::ReturnOp>(func.front().getTerminator());
  if (ret.getNumOperands() != 0)
    return;
  OpBuilder builder(ret);
  Value ok = builder.create<arith::ConstantIntOp>(ret.getLoc(), 0, 32);
  ret.getOperandsMutable().assign(ok);
  func.setFunctionType(builder.getFunctionType(func.front().getArgumentTypes(),
                                               builder.getI32Type()));
}

/// The originals of what was packed.
static void eraseUnusedConstants(ModuleOp module) {
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

/// Adds them to what `record-layers` recorded.
static void recordTiles(ModuleOp module, ArrayRef<std::string> tiles) {
  std::vector<kernel::LayerRecord> layers = kernel::getLayers(module);
  if (layers.empty() || layers.size() != tiles.size())
    return;
  for (auto [layer, tile] : llvm::zip(layers, tiles))
    layer.tile = tile;
  kernel::setLayers(module, layers);
}

void LowerLayersPass::runOnOperation() {
  ModuleOp module = getOperation();
  auto target =
      module->getAttrOfType<kernel::TargetAttr>(kernel::kTargetAttrName);
  if (!target) {
    module.emitError("expected a kernel.target on the module");
    return signalPassFailure();
  }
  SymbolTable symbols(module);
  SmallVector<func::FuncOp> functions(module.getOps<func::FuncOp>());
  for (func::FuncOp func : functions) {
    if (func.isExternal())
      continue;
    flattenArguments(func);
    SmallVector<nn::LayerOpInterface> layers;
    func.walk([&](nn::LayerOpInterface layer) { layers.push_back(layer); });
    for (nn::LayerOpInterface layer : layers)
      if (failed(lower(layer, target, symbols)))
        return signalPassFailure();
    // Views are in the indices now; rows are copied from and to flat ones.
    SmallVector<memref::ReinterpretCastOp> views;
    func.walk([&](memref::ReinterpretCastOp view) { views.push_back(view); });
    for (memref::ReinterpretCastOp view : llvm::reverse(views)) {
      Value base = getBase(view);
      if (base && base.getType() == view.getType())
        view.replaceAllUsesWith(base);
      if (view->use_empty())
        view.erase();
    }
    if (!layers.empty())
      returnStatus(func);
  }
  recordTiles(module, tiles);
  eraseUnusedConstants(module);
}
