//===- TabulateMaps.cpp - Functions of one byte become tables -------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What maps make of one tensor of bytes, element by element, and store as bytes
// again, has 256 values, which the evaluator computes:
//
//     %x = nn.map ins(%q : i8) body { nn.dequantize %0 scale 0.1 zero 3 }
//     %t = nn.map ins(%x) body { math.tanh %0 }
//     %y = nn.map ins(%t) body { nn.quantize %0 scale 0.008 in [-128, 127] }
// becomes
//     %y = nn.gather ins(%table : tensor<256xi8>) indices(%q)
//
// That is for functions that cost more than a lookup on the target, by a rough
// count; what requantizes and clips is left to integer arithmetic. An
// activation that multiplies its input by a function of it (x * sigmoid(x))
// becomes one table, too, after its part did.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Evaluate.h"
#include "dialects/nn/LayerSpec.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "passes/simplify/Passes.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"

namespace tenon {
#define GEN_PASS_DEF_TABULATEMAPSPASS
#include "passes/simplify/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

static constexpr int64_t kBytes = 256;
/// Below this many elements, the table is not worth its bytes.
static constexpr int64_t kLeastElements = 64;
/// Of a chain that is looked at; so that time is linear, however many of a
/// model's maps share another.
static constexpr unsigned kMostMaps = 256;
/// Instructions an element: index, table, store, and a pass of its own.
static constexpr double kLookupCost = 8;
/// Of an operation on floats where each is a call.
static constexpr double kSoftCost = 40;

static RankedTensorType getType(Value value) {
  return cast<RankedTensorType>(value.getType());
}

static bool isOfBytes(Value value) {
  auto integer = dyn_cast<IntegerType>(getType(value).getElementType());
  return integer && integer.getWidth() == 8;
}

/// One element for all points.
static bool isNumber(Value value) {
  return isConstant(value) && getType(value).getNumElements() == 1;
}

/// Each element of the result is a function of those of the operands at its
/// place.
static bool isElementwise(MapOp map) {
  LayerSpec spec = LayerSpec::get(map);
  auto isInPlace = [&](const MappedOperand &operand) {
    return operand.map.isIdentity() &&
           getType(operand.value).getShape() == ArrayRef(spec.parallel);
  };
  return map->getNumResults() == 1 && isInPlace(spec.outputs[0]) &&
         llvm::all_of(spec.inputs,
                      [&](const MappedOperand &input) {
                        return isNumber(input.value) || isInPlace(input);
                      }) &&
         !map.getBody()
              .walk([](IndexOp) { return WalkResult::interrupt(); })
              .wasInterrupted();
}

/// What a lookup made by this pass reads; null where `value` is none.
static Value getTabulated(Value value) {
  auto gather = value.getDefiningOp<GatherOp>();
  if (!gather || gather.getIndices().size() != 1 ||
      !isOfBytes(gather.getIndices()[0]))
    return {};
  return gather.getIndices()[0];
}

namespace {
/// The maps between a tensor of bytes and another one.
class Chain {
public:
  /// False where there is none that ends in `last`.
  bool find(MapOp last);
  double getCost(bool hasFloatUnit) const;
  /// More than what stays in integers anyway.
  bool isFunction() const;
  FailureOr<Buffer> evaluate() const;
  Value getRoot() const { return leaves.front(); }
  void erase();

private:
  bool visit(Value value);
  bool expandLookups();

  /// Operands before users; maps, and lookups of what a map reads beside the
  /// root.
  llvm::SetVector<Operation *> layers;
  llvm::SetVector<Value> leaves;
  unsigned numVisited = 0;
};
} // namespace

bool Chain::visit(Value value) {
  if (isOfBytes(value)) {
    leaves.insert(value);
    return true;
  }
  auto map = value.getDefiningOp<MapOp>();
  if (map && layers.contains(map))
    return true;
  if (!map || ++numVisited > kMostMaps || !isElementwise(map))
    return false;
  for (Value input : map.getInputs())
    if (!isNumber(input) && !visit(input))
      return false;
  layers.insert(map);
  return true;
}

/// Of several tensors of bytes, some may be functions of another one.
bool Chain::expandLookups() {
  SmallVector<Operation *> lookups;
  SmallVector<Value> all(leaves.getArrayRef());
  for (Value leaf : all)
    if (Value root = getTabulated(leaf); root && leaves.contains(root)) {
      lookups.push_back(leaf.getDefiningOp());
      leaves.remove(leaf);
    }
  llvm::SetVector<Operation *> maps = std::move(layers);
  layers = {};
  layers.insert(lookups.begin(), lookups.end());
  layers.insert(maps.begin(), maps.end());
  return leaves.size() == 1;
}

bool Chain::find(MapOp last) {
  if (last->getNumResults() != 1 || !isOfBytes(last->getResult(0)) ||
      getType(last->getResult(0)).getNumElements() < kLeastElements ||
      !isElementwise(last))
    return false;
  for (Value input : last.getInputs())
    if (!isNumber(input) && !visit(input))
      return false;
  layers.insert(last);
  return leaves.size() == 1 || (leaves.size() > 1 && expandLookups());
}

static bool isOnFloats(Operation &op) {
  return llvm::any_of(op.getOperandTypes(), llvm::IsaPred<FloatType>) ||
         llvm::any_of(op.getResultTypes(), llvm::IsaPred<FloatType>);
}

double Chain::getCost(bool hasFloatUnit) const {
  double cost = 0;
  for (Operation *layer : layers)
    for (Operation &op : layer->getRegion(0).front().without_terminator()) {
      double operations =
          llvm::TypeSwitch<Operation *, double>(&op)
              .Case<arith::ConstantOp>([](auto) { return 0; })
              .Case<DequantizeOp>([](auto) { return 3; })
              .Case<QuantizeOp>([](auto) { return 10; })
              .Case<arith::DivFOp>([](auto) { return 8; })
              .Default([](Operation *op) {
                return isa<math::MathDialect>(op->getDialect()) ? 32 : 1;
              });
      cost +=
          !hasFloatUnit && isOnFloats(op) ? operations * kSoftCost : operations;
    }
  return cost;
}

bool Chain::isFunction() const {
  return llvm::any_of(layers, [](Operation *layer) {
    return llvm::any_of(
        layer->getRegion(0).front().without_terminator(), [](Operation &op) {
          return isOnFloats(op) &&
                 !isa<arith::ConstantOp, DequantizeOp, QuantizeOp, RequantizeOp,
                      arith::MaximumFOp, arith::MinimumFOp>(op);
        });
  });
}

FailureOr<Buffer> Chain::evaluate() const {
  std::string reason;
  DenseMap<Value, Buffer> known;
  auto getBytes = [&](Value like) {
    return Buffer::allocate(
        RankedTensorType::get({kBytes}, getType(like).getElementType()));
  };
  FailureOr<Buffer> all = getBytes(getRoot());
  for (int64_t i = 0; i < kBytes; ++i)
    all->getData()[i] = char(i);
  known[getRoot()] = *all;
  for (Operation *layer : layers) {
    Value value = layer->getResult(0);
    FailureOr<Buffer> result = failure();
    if (auto map = dyn_cast<MapOp>(layer)) {
      SmallVector<Buffer> inputs;
      for (Value input : map.getInputs())
        inputs.push_back(isNumber(input) ? *getConstant(input)
                                         : known.lookup(input));
      result = evaluateElementwise(map, inputs, kBytes, reason);
    } else if (std::optional<Buffer> table =
                   getConstant(layer->getOperand(0))) {
      result = getBytes(value);
      llvm::copy(table->bytes, result->getData());
    }
    if (failed(result))
      return failure();
    known[value] = *result;
  }
  return known[layers.back()->getResult(0)];
}

void Chain::erase() {
  for (Operation *layer : llvm::reverse(layers))
    if (layer->use_empty())
      layer->erase();
}

static Value buildLookup(OpBuilder &builder, Location loc, Value table,
                         Value bytes, RankedTensorType type) {
  unsigned rank = type.getRank();
  AffineMap identity = builder.getMultiDimIdentityMap(rank);
  LayerSpec spec;
  spec.parallel = llvm::to_vector(type.getShape());
  spec.inputs.push_back(
      {table, AffineMap::get(rank, 1, builder.getAffineSymbolExpr(0))});
  spec.indices.push_back({bytes, identity});
  spec.outputs.push_back({builder.create<tensor::EmptyOp>(
                              loc, type.getShape(), type.getElementType()),
                          identity});
  LayerOpInterface gather = spec.create(
      builder, loc,
      OperationName(GatherOp::getOperationName(), builder.getContext()));
  OpBuilder::InsertionGuard guard(builder);
  Block *block = builder.createBlock(&gather->getRegion(0));
  Value element = block->addArgument(getScalarType(type.getElementType()), loc);
  builder.create<YieldOp>(loc, element);
  return gather->getResult(0);
}

/// False where nothing changes.
static bool tabulate(MapOp last, bool hasFloatUnit, unsigned lanes) {
  Chain chain;
  if (!chain.find(last) || !chain.isFunction() ||
      chain.getCost(hasFloatUnit) / lanes < kLookupCost)
    return false;
  FailureOr<Buffer> table = chain.evaluate();
  if (failed(table))
    return false;
  OpBuilder builder(last);
  Value constant =
      builder.create<arith::ConstantOp>(last.getLoc(), getDenseAttr(*table));
  last->getResult(0).replaceAllUsesWith(
      buildLookup(builder, last.getLoc(), constant, chain.getRoot(),
                  getType(last->getResult(0))));
  chain.erase();
  return true;
}

namespace {
struct TabulateMapsPass : tenon::impl::TabulateMapsPassBase<TabulateMapsPass> {
  void runOnOperation() override {
    kernel::TargetAttr target = kernel::getTarget(getOperation());
    unsigned lanes = target ? target.getLanes() : 4;
    bool hasFloatUnit = !target || target.hasFloatUnit();
    SmallVector<MapOp> maps;
    getOperation()->walk([&](MapOp map) { maps.push_back(map); });
    // From operands to users: no map of a chain is the last of a later one.
    for (MapOp map : maps)
      tabulate(map, hasFloatUnit, lanes);
  }
};
} // namespace
