//===- TreeEnsemble.cpp - Decision trees ----------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// All rows and trees go down together, a level at a time. A leaf leads to
// itself, so that trees of different depths are no special case:
//
//   feature[n, t] = features[node[n, t]]
//   node[n, t]    = x[n, feature[n, t]] <= value[node[n, t]] ? yes[node[n, t]]
//                                                            : no[node[n, t]]
//   y[n, c]       = sum over t of weights[node[n, t], c]
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

/// Elements of the table of weights, one a node and target.
static constexpr int64_t kMaxWeights = 1 << 24;

namespace {
enum Mode { LessOrEqual, Less, GreaterOrEqual, Greater, Equal, NotEqual, Leaf };

/// The nodes of all trees.
struct Forest {
  Ints features, yes, no, roots;
  SmallVector<int64_t> modes;
  SmallVector<float> values;
  SmallVector<bool> missingIsYes;
  SmallVector<float> weights; // [node][target]
  int64_t depth = 0;

  int64_t size() const { return features.size(); }
};
} // namespace

static std::optional<Mode> getMode(StringRef name) {
  return llvm::StringSwitch<std::optional<Mode>>(name)
      .Case("BRANCH_LEQ", LessOrEqual)
      .Case("BRANCH_LT", Less)
      .Case("BRANCH_GTE", GreaterOrEqual)
      .Case("BRANCH_GT", Greater)
      .Case("BRANCH_EQ", Equal)
      .Case("BRANCH_NEQ", NotEqual)
      .Case("LEAF", Leaf)
      .Default(std::nullopt);
}

/// Levels below the roots; none where a path leads in a circle.
static std::optional<int64_t> getDepth(const Forest &forest) {
  Ints level = forest.roots;
  for (int64_t depth = 0; depth <= forest.size(); ++depth) {
    llvm::DenseSet<int64_t> next;
    for (int64_t node : level)
      if (forest.modes[node] != Leaf) {
        next.insert(forest.yes[node]);
        next.insert(forest.no[node]);
      }
    if (next.empty())
      return depth;
    level.assign(next.begin(), next.end());
  }
  return std::nullopt;
}

/// The nodes that the attributes of a classifier or regressor state, with
/// weights for `targets` (their numbers, nodes and trees are the lists given).
template <typename OpT>
static FailureOr<Forest> getForest(OpT op, LayerBuilder &b, int64_t targets,
                                   OptionalInts ids, OptionalInts nodes,
                                   OptionalInts trees,
                                   std::optional<ArrayRef<float>> weights) {
  auto modes = op.getNodesModes();
  OptionalInts treeIds = op.getNodesTreeids(), nodeIds = op.getNodesNodeids();
  OptionalInts yes = op.getNodesTruenodeids(), no = op.getNodesFalsenodeids();
  OptionalInts features = op.getNodesFeatureids(),
               missing = op.getNodesMissingValueTracksTrue();
  auto values = op.getNodesValues();
  if (!modes || !treeIds || !nodeIds || !yes || !no || !features || !values ||
      !ids || !nodes || !trees || !weights)
    return b.refuse("lacks nodes or weights");
  size_t count = modes->size();
  for (size_t size : {treeIds->size(), nodeIds->size(), yes->size(), no->size(),
                      features->size(), values->size()})
    if (size != count)
      return b.refuse("has lists of different lengths");
  if (nodes->size() != ids->size() || trees->size() != ids->size() ||
      weights->size() != ids->size() || int64_t(count) * targets > kMaxWeights)
    return b.refuse(
        "has lists of weights of different lengths, or too long ones");

  Forest forest;
  llvm::DenseMap<std::pair<int64_t, int64_t>, int64_t> numbers;
  llvm::DenseSet<int64_t> rooted;
  for (size_t node = 0; node < count; ++node) {
    numbers[{(*treeIds)[node], (*nodeIds)[node]}] = node;
    if (rooted.insert((*treeIds)[node]).second) // a tree's first node
      forest.roots.push_back(node);
  }
  auto find = [&](int64_t tree, int64_t node) {
    auto found = numbers.find({tree, node});
    return found == numbers.end() ? int64_t(-1) : found->second;
  };
  int64_t columns = getShape(op.getX())[1];
  for (size_t node = 0; node < count; ++node) {
    std::optional<Mode> mode =
        getMode(cast<StringAttr>((*modes)[node]).getValue());
    bool isLeaf = mode == Leaf;
    int64_t self = node, tree = (*treeIds)[node];
    forest.modes.push_back(mode.value_or(Leaf));
    forest.features.push_back(isLeaf ? 0 : (*features)[node]);
    forest.values.push_back((*values)[node]);
    forest.yes.push_back(isLeaf ? self : find(tree, (*yes)[node]));
    forest.no.push_back(isLeaf ? self : find(tree, (*no)[node]));
    forest.missingIsYes.push_back(missing && node < missing->size() &&
                                  (*missing)[node]);
    if (!mode || forest.yes.back() < 0 || forest.no.back() < 0 ||
        forest.features.back() < 0 || forest.features.back() >= columns)
      return b.refuse(
          "has a node whose mode, feature or branches do not exist");
  }
  forest.weights.assign(count * targets, 0);
  for (size_t i = 0; i < ids->size(); ++i) {
    int64_t node = find((*trees)[i], (*nodes)[i]), target = (*ids)[i];
    if (node < 0 || target < 0 || target >= targets)
      return b.refuse("has a weight for a node or target that does not exist");
    forest.weights[node * targets + target] += (*weights)[i];
  }
  std::optional<int64_t> depth = getDepth(forest);
  if (!depth)
    return b.refuse("has a tree that leads in a circle");
  forest.depth = *depth;
  return forest;
}

/// Whether the branch is taken; nodes whose mode is another one are compared
/// too, since that is cheaper than to choose.
static Scalar compare(int64_t mode, Scalar x, Scalar value) {
  switch (mode) {
  case Less:
    return x < value;
  case GreaterOrEqual:
    return x >= value;
  case Greater:
    return x > value;
  case Equal:
    return x == value;
  case NotEqual:
    return x != value;
  default:
    return x <= value;
  }
}

/// Sums of the leaves' weights, [rows][targets].
static Value buildForest(LayerBuilder &b, const Forest &forest, Value x,
                         int64_t targets) {
  int64_t rows = getShape(x)[0], trees = forest.roots.size(),
          size = forest.size();
  Type f32 = b.getF32Type(), i64 = b.getI64Type();
  auto floats = [&](ArrayRef<float> values, ArrayRef<int64_t> shape) {
    return b.constant(
        DenseElementsAttr::get(RankedTensorType::get(shape, f32), values));
  };
  auto flags = [&](auto isSet) {
    SmallVector<bool> values;
    for (int64_t node = 0; node < size; ++node)
      values.push_back(isSet(node));
    return b.constant(DenseElementsAttr::get(
        RankedTensorType::get(size, b.getI1Type()), values));
  };
  // Modes that occur besides the first have a table of flags each.
  SmallVector<int64_t> modes;
  for (int64_t mode : forest.modes)
    if (mode != Leaf && !llvm::is_contained(modes, mode))
      modes.push_back(mode);
  if (modes.empty())
    modes.push_back(LessOrEqual);
  Value features = b.ints(forest.features), yes = b.ints(forest.yes),
        no = b.ints(forest.no);
  Value values = floats(forest.values, size);
  SmallVector<Value> tables = {values, yes, no};
  for (int64_t mode : ArrayRef(modes).drop_front())
    tables.push_back(
        flags([&](int64_t node) { return forest.modes[node] == mode; }));
  bool hasMissing = llvm::is_contained(forest.missingIsYes, true);
  if (hasMissing)
    tables.push_back(
        flags([&](int64_t node) { return forest.missingIsYes[node]; }));

  auto places = RankedTensorType::get({rows, trees}, i64);
  Value node = b.move(b.over(places), {b.ints(forest.roots), {b.d(1)}});
  for (int64_t level = 0; level < forest.depth; ++level) {
    Value feature =
        b.gather(b.over(places), Access{features, {b.s(0)}}, b.all(node));
    SmallVector<Access> inputs = {{x, {b.d(0), b.s(1)}}};
    for (Value table : tables)
      inputs.push_back({table, {b.s(0)}});
    node = b.gather(
        b.over(places), inputs, {b.all(node), b.all(feature)}, [&](Scalars in) {
          Scalar element = in[0].cast(f32),
                 taken = compare(modes[0], element, in[1]);
          for (auto [index, mode] :
               llvm::enumerate(ArrayRef(modes).drop_front()))
            taken = select(in[4 + index], compare(mode, element, in[1]), taken);
          if (hasMissing)
            taken = taken | (in.back() & isNaN(element));
          return select(taken, in[2], in[3]);
        });
  }
  auto all = RankedTensorType::get({rows, trees, targets}, f32);
  Value weights = b.gather(
      b.over(all),
      Access{floats(forest.weights, {size, targets}), {b.s(0), b.d(2)}},
      Access{node, {b.d(0), b.d(1)}});
  return b.reduce(b.over(RankedTensorType::get({rows, targets}, f32), trees),
                  Access{weights, {b.d(0), b.d(2), b.d(1)}}, 0,
                  [](Scalars x, Scalars acc) { return acc[0] + x[0]; });
}

/// Adds base values, one a target or one for all.
static FailureOr<Value> addBase(LayerBuilder &b, Value scores,
                                std::optional<ArrayRef<float>> base) {
  if (!base || base->empty())
    return scores;
  int64_t count = base->size();
  if (count != 1 && count != getShape(scores)[1])
    return b.refuse("expects a base value a target");
  Value values = b.constant(DenseElementsAttr::get(
      RankedTensorType::get(count, b.getF32Type()), *base));
  return b.elementwise(getType(scores), {scores, values},
                       [](Scalars x) { return x[0] + x[1]; });
}

static Lowered lowerRegressor(onnx::MlTreeEnsembleRegressorOp op,
                              LayerBuilder &b) {
  StringRef aggregate = op.getAggregateFunction();
  int64_t targets = op.getNTargets() ? int64_t(*op.getNTargets()) : 1;
  if (getRank(op.getX()) != 2 || targets < 1 ||
      op.getPostTransform() != "NONE" ||
      (aggregate != "SUM" && aggregate != "AVERAGE"))
    return b.refuse("expects a matrix, sums or averages, and no transform");
  auto forest =
      getForest(op, b, targets, op.getTargetIds(), op.getTargetNodeids(),
                op.getTargetTreeids(), op.getTargetWeights());
  if (failed(forest))
    return failure();
  Value sums = buildForest(b, *forest, op.getX(), targets);
  if (aggregate == "AVERAGE")
    sums = b.elementwise(getType(sums), sums, [&](Scalars x) {
      return x[0] * (1.0 / forest->roots.size());
    });
  FailureOr<Value> result = addBase(b, sums, op.getBaseValues());
  if (failed(result))
    return failure();
  return *result;
}

static Lowered lowerClassifier(onnx::MlTreeEnsembleClassifierOp op,
                               LayerBuilder &b) {
  if (getRank(op.getX()) != 2 || !op.getClasslabelsInt64s() ||
      !op.getClassIds() || op.getClasslabelsInt64s()->size() < 2 ||
      op.getClassIds()->empty())
    return b.refuse("expects a matrix, and labels that are integers");
  ArrayRef<int64_t> labels = *op.getClasslabelsInt64s();
  // Weights for one class of two are those of the second.
  bool isBinary = labels.size() == 2 && llvm::all_equal(*op.getClassIds());
  Ints ids(op.getClassIds()->begin(), op.getClassIds()->end());
  if (isBinary)
    ids.assign(ids.size(), 0);
  int64_t targets = isBinary ? 1 : labels.size();
  auto forest = getForest(op, b, targets, ArrayRef(ids), op.getClassNodeids(),
                          op.getClassTreeids(), op.getClassWeights());
  if (failed(forest))
    return failure();
  FailureOr<Value> sums = addBase(
      b, buildForest(b, *forest, op.getX(), targets), op.getBaseValues());
  if (failed(sums))
    return failure();
  if (!isBinary)
    return buildClassifier(b, *sums, op.getPostTransform(), labels);
  // Probabilities add up to 1; other scores are opposites.
  bool isProbability =
      op.getPostTransform() == "NONE" &&
      llvm::all_of(*op.getClassWeights(), [](float w) { return w >= 0; });
  auto pair = RankedTensorType::get({getShape(*sums)[0], 2}, b.getF32Type());
  Value both =
      b.map(b.over(pair), Access{*sums, {b.d(0), b.c(0)}}, [&](Scalars x) {
        Scalar other = isProbability ? 1.0 - x[0] : -x[0];
        return select(b.index(1).cast(b.getI64Type()) == 0, other, x[0]);
      });
  return buildClassifier(b, both, op.getPostTransform(), labels);
}

void lowering::populateTreeEnsemble(LoweringTable &table) {
  table.add(lowerRegressor);
  table.add(lowerClassifier);
}
