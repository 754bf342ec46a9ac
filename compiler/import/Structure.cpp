//===- Structure.cpp - Checks names, operators, order ---------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// ONNX's library checks, inlines and infers by recursion and trusts the
// structure. A small file can ask for much: twenty functions, each of which
// calls the next one twice, inline to half a million nodes. So what inlining
// would make is added up before, a function at a time, in numbers that
// saturate.
//
// Nodes are sorted by Kahn's algorithm ("Topological sorting of large
// networks", 1962), always taking the first node that is ready: a sorted graph
// stays as it is, and what is left over is on a cycle or behind one.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/Structure.h"

#include "compiler/import/Limits.h"
#include "compiler/import/onnx_library.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MathExtras.h"

#include <queue>

using namespace mlir;
using namespace tenon::importer;
using ::onnx::FunctionProto;
using ::onnx::GraphProto;
using ::onnx::ModelProto;
using ::onnx::NodeProto;
using Nodes = google::protobuf::RepeatedPtrField<NodeProto>;
using OpsetIds = google::protobuf::RepeatedPtrField<::onnx::OperatorSetIdProto>;

namespace {

/// What inlining a function adds.
struct Cost {
  uint64_t nodes = 0;
  uint64_t bytes = 0;
  unsigned depth = 0;
};

/// The names of a graph; the graph around it is the parent.
struct Scope {
  const Scope *parent = nullptr;
  llvm::StringMap<int> producers; // index of the node; -1: input, initializer

  bool sees(StringRef name) const {
    for (const Scope *scope = this; scope; scope = scope->parent)
      if (scope->producers.contains(name))
        return true;
    return false;
  }
};

class StructureChecker {
public:
  StructureChecker(ModelProto &model, FileDiagnostics &diagnostics,
                   tenon::Survey *survey)
      : model(model), diagnostics(diagnostics), survey(survey) {}

  LogicalResult check();

private:
  void clearDefaultDomains(Nodes &nodes, unsigned depth);
  llvm::StringMap<int> readOpsets(OpsetIds &ids, const Twine &owner);
  void checkOperator(const NodeProto &node, const llvm::StringMap<int> &opsets);
  void checkGraph(GraphProto &graph, const Scope *parent, unsigned depth,
                  const llvm::StringMap<int> &opsets,
                  std::vector<std::string> &captured);
  void checkNodes(Nodes &nodes, Scope &scope, unsigned depth,
                  const llvm::StringMap<int> &opsets,
                  std::vector<std::string> &captured);
  void sortNodes(Nodes &nodes, ArrayRef<SmallVector<int>> uses);
  void checkFunctions();
  Cost getCost(const Nodes &nodes, const llvm::StringMap<Cost> &functions,
               SmallVectorImpl<std::string> *calls, unsigned depth);

  static std::string getKey(StringRef domain, StringRef name,
                            StringRef overload) {
    return (domain + ":" + name + ":" + overload).str();
  }

  ModelProto &model;
  FileDiagnostics &diagnostics;
  tenon::Survey *survey;
  llvm::StringMap<FunctionProto *> functions;
  uint64_t nodeCount = 0;
};

} // namespace

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

/// "ai.onnx" is another name of the default domain: no one behind this file
/// meets it.
template <typename Proto> static void clearDefaultDomain(Proto &proto) {
  if (proto.domain() == "ai.onnx")
    proto.clear_domain();
}

void StructureChecker::clearDefaultDomains(Nodes &nodes, unsigned depth) {
  if (depth > kMaxSubgraphDepth)
    return; // getCost reports it
  for (NodeProto &node : nodes) {
    clearDefaultDomain(node);
    for (auto &attribute : *node.mutable_attribute()) {
      if (attribute.has_g())
        clearDefaultDomains(*attribute.mutable_g()->mutable_node(), depth + 1);
      for (GraphProto &graph : *attribute.mutable_graphs())
        clearDefaultDomains(*graph.mutable_node(), depth + 1);
    }
  }
}

llvm::StringMap<int> StructureChecker::readOpsets(OpsetIds &ids,
                                                  const Twine &owner) {
  llvm::StringMap<int> opsets;
  for (auto &id : ids) {
    clearDefaultDomain(id);
    std::string domain = id.domain().empty()
                             ? "ONNX's domain"
                             : "domain " + quoteName(id.domain());
    int newest = library::getNewestOpset(id.domain());
    if (id.version() < 1)
      diagnostics.error(owner + "has version " + Twine(id.version()) + " of " +
                        domain);
    else if (newest && id.version() > newest)
      diagnostics.error(owner + "wants version " + Twine(id.version()) +
                        " of the operators of " + domain +
                        "; the newest known is " + Twine(newest));
    int version = std::min<int64_t>(id.version(), INT32_MAX);
    if (!opsets.try_emplace(id.domain(), version).second &&
        opsets[id.domain()] != version)
      diagnostics.error(owner + "names two versions of " + domain);
  }
  return opsets;
}

void StructureChecker::checkOperator(const NodeProto &node,
                                     const llvm::StringMap<int> &opsets) {
  if (functions.contains(
          getKey(node.domain(), node.op_type(), node.overload())))
    return;
  std::string name = node.domain().empty()
                         ? node.op_type()
                         : node.domain() + "." + node.op_type();
  name = quoteName(name);
  auto opset = opsets.find(node.domain());
  using library::OperatorStatus;
  // The domain's import may be missing only where nothing is known of it.
  int version = opset == opsets.end() ? 0 : opset->second;
  switch (library::getOperatorStatus(node.domain(), node.op_type(),
                                     version ? version : INT32_MAX)) {
  case OperatorStatus::Unknown:
    if (survey) {
      survey->unknown.push_back("node " + quoteName(getNodeName(node)) +
                                ": operator " + name + " is unknown");
      return;
    }
    return diagnostics.error(node, "operator " + name + " is unknown");
  case OperatorStatus::NotYet:
    return diagnostics.error(
        node, "operator " + name + " is not in operator set " + Twine(version));
  case OperatorStatus::Deprecated:
    return diagnostics.error(node, "operator " + name +
                                       " was removed before operator set " +
                                       Twine(version));
  case OperatorStatus::Known:
    if (!version)
      diagnostics.error(node,
                        "the model names no version of the domain of " + name);
  }
}

//===----------------------------------------------------------------------===//
// Names and order
//===----------------------------------------------------------------------===//

void StructureChecker::checkGraph(GraphProto &graph, const Scope *parent,
                                  unsigned depth,
                                  const llvm::StringMap<int> &opsets,
                                  std::vector<std::string> &captured) {
  if (graph.name().empty())
    graph.set_name("graph"); // ONNX's checker insists on one
  Scope scope{parent, {}};
  auto define = [&](const std::string &name, const char *what) {
    if (name.empty())
      diagnostics.error(Twine("an ") + what + " has no name");
    else if (!scope.producers.try_emplace(name, -1).second)
      diagnostics.error(Twine(what) + " " + quoteName(name) +
                        " is there twice");
  };
  for (const auto &input : graph.input())
    define(input.name(), "input");
  for (const auto &tensor : graph.initializer())
    define(tensor.name(), "initializer");

  checkNodes(*graph.mutable_node(), scope, depth, opsets, captured);
  for (const auto &output : graph.output())
    if (!scope.producers.contains(output.name()))
      diagnostics.error("output " + quoteName(output.name()) +
                        " is computed by no node");
}

void StructureChecker::checkNodes(Nodes &nodes, Scope &scope, unsigned depth,
                                  const llvm::StringMap<int> &opsets,
                                  std::vector<std::string> &captured) {
  nodeCount += nodes.size();
  if (depth > kMaxSubgraphDepth || nodeCount > kMaxNodes)
    return; // getCost reports it
  for (int i = 0, e = nodes.size(); i < e; ++i) {
    for (const std::string &output : nodes[i].output()) {
      if (output.empty())
        continue;
      if (scope.sees(output))
        diagnostics.error(nodes[i], "its output " + quoteName(output) +
                                        " is defined before, too");
      scope.producers.try_emplace(output, i);
    }
  }

  // Who uses whom, through subgraphs, too.
  std::vector<SmallVector<int>> uses(nodes.size());
  for (int i = 0, e = nodes.size(); i < e; ++i) {
    NodeProto &node = nodes[i];
    checkOperator(node, opsets);
    std::vector<std::string> names(node.input().begin(), node.input().end());
    for (auto &attribute : *node.mutable_attribute()) {
      if (attribute.has_g())
        checkGraph(*attribute.mutable_g(), &scope, depth + 1, opsets, names);
      for (GraphProto &graph : *attribute.mutable_graphs())
        checkGraph(graph, &scope, depth + 1, opsets, names);
    }
    for (std::string &name : names) {
      if (name.empty())
        continue;
      auto producer = scope.producers.find(name);
      if (producer == scope.producers.end()) {
        if (scope.sees(name))
          captured.push_back(std::move(name));
        else
          diagnostics.error(node, "its input " + quoteName(name) +
                                      " is defined nowhere");
      } else if (producer->second >= 0) {
        uses[i].push_back(producer->second);
      }
    }
  }
  sortNodes(nodes, uses);
}

/// Finds a node of a cycle: each node that is left uses another one.
static int findInCycle(ArrayRef<SmallVector<int>> uses,
                       const std::vector<bool> &isDone) {
  std::vector<bool> seen(uses.size());
  int node = llvm::find(isDone, false) - isDone.begin();
  while (!seen[node]) {
    seen[node] = true;
    node = *llvm::find_if(uses[node], [&](int used) { return !isDone[used]; });
  }
  return node;
}

void StructureChecker::sortNodes(Nodes &nodes,
                                 ArrayRef<SmallVector<int>> uses) {
  std::vector<SmallVector<int>> users(uses.size());
  std::vector<int> missing(uses.size());
  std::priority_queue<int, std::vector<int>, std::greater<int>> ready;
  for (int i = 0, e = uses.size(); i < e; ++i) {
    missing[i] = uses[i].size();
    for (int used : uses[i])
      users[used].push_back(i);
    if (uses[i].empty())
      ready.push(i);
  }
  std::vector<int> order;
  std::vector<bool> isDone(uses.size());
  while (!ready.empty()) {
    int node = ready.top();
    ready.pop();
    order.push_back(node);
    isDone[node] = true;
    for (int user : users[node])
      if (--missing[user] == 0)
        ready.push(user);
  }
  if (order.size() != uses.size()) {
    int node = findInCycle(uses, isDone);
    return diagnostics.error(nodes[node],
                             "is part of a cycle: it needs its own output");
  }
  if (llvm::is_sorted(order))
    return;
  Nodes sorted;
  for (int node : order)
    *sorted.Add() = std::move(nodes[node]);
  nodes.Swap(&sorted);
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

/// Nodes and bytes of `nodes` once the calls of known functions are inlined;
/// calls of functions whose cost is not known yet go to `calls`.
Cost StructureChecker::getCost(const Nodes &nodes,
                               const llvm::StringMap<Cost> &known,
                               SmallVectorImpl<std::string> *calls,
                               unsigned depth) {
  Cost cost;
  auto add = [&](const Cost &other) {
    cost.nodes = llvm::SaturatingAdd(cost.nodes, other.nodes);
    cost.bytes = llvm::SaturatingAdd(cost.bytes, other.bytes);
    cost.depth = std::max(cost.depth, other.depth);
  };
  if (depth > kMaxSubgraphDepth)
    return {UINT64_MAX, UINT64_MAX, 0};
  for (const NodeProto &node : nodes) {
    add({1, node.ByteSizeLong(), 0});
    for (const auto &attribute : node.attribute()) {
      if (attribute.has_g())
        add(getCost(attribute.g().node(), known, calls, depth + 1));
      for (const GraphProto &graph : attribute.graphs())
        add(getCost(graph.node(), known, calls, depth + 1));
    }
    std::string key = getKey(node.domain(), node.op_type(), node.overload());
    if (!functions.contains(key))
      continue;
    auto it = known.find(key);
    if (it != known.end())
      add({it->second.nodes, it->second.bytes, it->second.depth + 1});
    else if (calls)
      calls->push_back(key);
  }
  return cost;
}

/// Checks that functions do not call themselves, and what inlining would make,
/// before anything is inlined. Bottom-up, with an explicit stack.
void StructureChecker::checkFunctions() {
  llvm::StringMap<Cost> costs;
  for (auto &entry : functions) {
    std::vector<std::string> stack = {entry.getKey().str()};
    llvm::StringSet<> onStack;
    while (!stack.empty()) {
      std::string key = stack.back();
      if (costs.contains(key)) {
        stack.pop_back();
        continue;
      }
      SmallVector<std::string> calls;
      Cost cost = getCost(functions[key]->node(), costs, &calls, 0);
      llvm::sort(calls);
      calls.erase(std::unique(calls.begin(), calls.end()), calls.end());
      if (calls.empty()) {
        costs[key] = cost;
        onStack.erase(key);
        stack.pop_back();
        continue;
      }
      if (!onStack.insert(key).second) {
        diagnostics.error("function " + quoteName(functions[key]->name()) +
                          " calls itself");
        return;
      }
      stack.insert(stack.end(), calls.begin(), calls.end());
    }
  }
  // Functions that nobody calls are bounded, too: ONNX's checker visits them.
  Cost total = getCost(model.graph().node(), costs, nullptr, 0);
  for (auto &entry : costs) {
    total.depth = std::max(total.depth, entry.second.depth);
    if (entry.second.nodes == UINT64_MAX)
      total.nodes = UINT64_MAX;
  }
  if (total.nodes == UINT64_MAX)
    diagnostics.error("has subgraphs nested more than " +
                      Twine(kMaxSubgraphDepth) + " deep");
  else if (total.nodes > kMaxNodes || total.bytes > kMaxInlinedBytes)
    diagnostics.error("has more than " + Twine(kMaxNodes) + " nodes or " +
                      Twine(kMaxInlinedBytes) +
                      " bytes when its functions are inlined");
  else if (total.depth > kMaxCallDepth)
    diagnostics.error("has functions that call each other more than " +
                      Twine(kMaxCallDepth) + " deep");
}

LogicalResult StructureChecker::check() {
  llvm::StringMap<int> opsets = readOpsets(*model.mutable_opset_import(), "");
  if (model.graph().output().empty())
    diagnostics.error("has no outputs");
  if (opsets.empty())
    diagnostics.error("names no version of ONNX's operators");
  clearDefaultDomains(*model.mutable_graph()->mutable_node(), 0);
  for (FunctionProto &function : *model.mutable_functions()) {
    clearDefaultDomain(function);
    clearDefaultDomains(*function.mutable_node(), 0);
    if (!functions
             .try_emplace(getKey(function.domain(), function.name(),
                                 function.overload()),
                          &function)
             .second)
      diagnostics.error("function " + quoteName(function.name()) +
                        " is there twice");
  }
  checkFunctions();
  if (diagnostics.hasErrors())
    return failure();

  for (FunctionProto &function : *model.mutable_functions()) {
    auto own = readOpsets(*function.mutable_opset_import(),
                          "function " + quoteName(function.name()) + " ");
    Scope scope;
    for (const std::string &input : function.input())
      scope.producers.try_emplace(input, -1);
    std::vector<std::string> captured;
    checkNodes(*function.mutable_node(), scope, /*depth=*/0, own, captured);
  }
  std::vector<std::string> captured;
  checkGraph(*model.mutable_graph(), nullptr, /*depth=*/0, opsets, captured);
  return diagnostics.result();
}

LogicalResult tenon::importer::checkStructure(ModelProto &model,
                                              FileDiagnostics &diagnostics,
                                              Survey *survey) {
  return StructureChecker(model, diagnostics, survey).check();
}
