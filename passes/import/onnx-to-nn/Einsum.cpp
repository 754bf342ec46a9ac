//===- Einsum.cpp - Sums of products by an equation -----------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A letter of the equation is a loop: of the reduction if the result lacks it.
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

namespace {
/// A letter, or -k for the k-th last dimension of an ellipsis.
using Labels = SmallVector<int, 6>;
} // namespace

/// The labels of a term for `rank` dimensions; none where they do not fit.
static std::optional<Labels> parseTerm(StringRef term, int64_t rank) {
  Labels labels;
  size_t dots = term.find("...");
  int64_t letters = term.size() - (dots == StringRef::npos ? 0 : 3);
  if (dots == StringRef::npos ? letters != rank : letters > rank)
    return std::nullopt;
  for (size_t at = 0; at < term.size(); ++at) {
    if (at == dots) {
      for (int64_t dim = rank - letters; dim > 0; --dim)
        labels.push_back(-dim);
      at += 2;
    } else if (llvm::isAlpha(term[at])) {
      labels.push_back(term[at]);
    } else {
      return std::nullopt;
    }
  }
  return labels;
}

/// Without `->`, the result has the ellipsis, and the letters that occur once.
static Labels getImplicitResult(ArrayRef<Labels> terms) {
  llvm::MapVector<int, int> counts;
  for (const Labels &term : terms)
    for (int label : term)
      ++counts[label];
  Labels result;
  for (auto [label, count] : counts)
    if (label < 0 || count == 1)
      result.push_back(label);
  llvm::sort(result);
  return result;
}

static Lowered lowerEinsum(onnx::EinsumOp op, LayerBuilder &b) {
  std::string equation = op.getEquation().str();
  llvm::erase(equation, ' ');
  auto [left, right] = StringRef(equation).split("->");
  SmallVector<StringRef> texts;
  left.split(texts, ',');
  auto type = getType(op.getOutput());
  SmallVector<Labels> terms;
  if (texts.size() != op.getInputs().size())
    return b.refuse("expects a term of the equation an input");
  for (auto [text, input] : llvm::zip(texts, op.getInputs())) {
    std::optional<Labels> term = parseTerm(text, getRank(input));
    if (!term)
      return b.refuse("has a term that does not fit its input: " + text);
    terms.push_back(*term);
  }
  bool isExplicit = StringRef(equation).contains("->");
  std::optional<Labels> result =
      isExplicit ? parseTerm(right, type.getRank()) : getImplicitResult(terms);
  if (!result || int64_t(result->size()) != type.getRank())
    return b.refuse("has a result that does not fit the equation");

  // The loop of each label.
  Loops nest = b.over(type);
  llvm::SmallMapVector<int, unsigned, 8> loops;
  for (auto [dim, label] : llvm::enumerate(*result))
    loops[label] = dim;
  SmallVector<Access> accesses;
  for (auto [term, input] : llvm::zip(terms, op.getInputs())) {
    accesses.push_back({input, {}});
    for (auto [label, size] : llvm::zip(term, getShape(input))) {
      auto [loop, isNew] =
          loops.insert({label, nest.parallel.size() + nest.reduction.size()});
      if (isNew)
        nest.reduction.push_back(size);
      else if (loop->second >= nest.parallel.size() && size != 1)
        nest.reduction[loop->second - nest.parallel.size()] = size;
      accesses.back().index.push_back(size == 1 ? b.c(0) : b.d(loop->second));
    }
  }
  if (nest.reduction.empty())
    nest.reduction = {1};
  if (accesses.size() == 2)
    return b.contract(nest, accesses[0], accesses[1]);
  return b.reduce(nest, accesses, 0, [](Scalars x, Scalars acc) {
    Scalar product = x[0];
    for (Scalar factor : x.drop_front())
      product = product * factor;
    return acc[0] + product;
  });
}

void lowering::populateEinsum(LoweringTable &table) { table.add(lowerEinsum); }
