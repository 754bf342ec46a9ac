//===- Recurrent.cpp - RNN, GRU and LSTM ----------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The input's share of the gates is one product for all steps; then each step
// is layers of its own, with the activations in their epilogues:
//
//   g[t, b, o] = sum over i of x[t, b, i] * w[o, i], plus biases
//   h[t] = f(sum over k of h[t - 1][b, k] * r[o, k], plus g[t, b, o])
//
// Sequences of different lengths keep their state after the last element.
//
//===----------------------------------------------------------------------===//

#include "passes/import/onnx-to-nn/Families.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::lowering;

/// Steps become layers, so there cannot be too many.
static constexpr int64_t kMaxSteps = 1024;

//===----------------------------------------------------------------------===//
// Activations
//===----------------------------------------------------------------------===//

namespace {
struct Activation {
  std::string name;
  double alpha, beta;
  double clip; // 0: none

  Scalar operator()(Scalar x) const;
};
} // namespace

Scalar Activation::operator()(Scalar x) const {
  if (clip > 0)
    x = min(max(x, -clip), clip);
  if (name == "tanh")
    return tanh(x);
  if (name == "relu")
    return max(x, 0.0);
  if (name == "affine")
    return x * alpha + beta;
  if (name == "leakyrelu")
    return select(x < 0.0, x * alpha, x);
  if (name == "thresholdedrelu")
    return select(x < alpha, 0.0, x);
  if (name == "scaledtanh")
    return tanh(x * beta) * alpha;
  if (name == "hardsigmoid")
    return min(max(x * alpha + beta, 0.0), 1.0);
  if (name == "elu")
    return select(x < 0.0, (exp(x) - 1.0) * alpha, x);
  if (name == "softsign")
    return x / (1.0 + abs(x));
  return name == "softplus" ? softplus(x) : sigmoid(x);
}

/// The activations of all directions; `defaults` are those of one.
template <typename OpT>
static FailureOr<SmallVector<Activation>>
getActivations(OpT op, LayerBuilder &b, ArrayRef<StringRef> defaults,
               int64_t directions) {
  // Which parameters a function takes, and their defaults.
  static const llvm::StringMap<SmallVector<double, 2>> known = {
      {"tanh", {}},
      {"relu", {}},
      {"sigmoid", {}},
      {"softsign", {}},
      {"softplus", {}},
      {"affine", {1, 0}},
      {"leakyrelu", {0.01}},
      {"thresholdedrelu", {1}},
      {"scaledtanh", {1, 1}},
      {"hardsigmoid", {0.2, 0.5}},
      {"elu", {1}}};
  SmallVector<std::string> names;
  if (op.getActivations())
    for (Attribute name : op.getActivationsAttr())
      names.push_back(cast<StringAttr>(name).getValue().lower());
  else
    for (int64_t direction = 0; direction < directions; ++direction)
      for (StringRef name : defaults)
        names.push_back(name.str());
  if (names.size() != defaults.size() * directions)
    return b.refuse("expects " + Twine(defaults.size() * directions) +
                    " activations");
  ArrayRef<float> alphas = op.getActivationAlpha().value_or(ArrayRef<float>());
  ArrayRef<float> betas = op.getActivationBeta().value_or(ArrayRef<float>());
  double clip = op.getClip() ? op.getClip()->convertToDouble() : 0;
  SmallVector<Activation> result;
  for (const std::string &name : names) {
    auto row = known.find(name);
    if (row == known.end())
      return b.refuse("has the activation " + name);
    Activation activation{name, 0, 0, clip};
    auto take = [&](unsigned index, ArrayRef<float> &given) {
      if (row->second.size() <= index)
        return 0.0;
      if (given.empty())
        return row->second[index];
      double value = given.front();
      given = given.drop_front();
      return value;
    };
    activation.alpha = take(0, alphas);
    activation.beta = take(1, betas);
    result.push_back(activation);
  }
  return result;
}

//===----------------------------------------------------------------------===//
// What the three have in common
//===----------------------------------------------------------------------===//

namespace {
/// One direction of a recurrence with `gates` gates.
struct Recurrence {
  LayerBuilder &b;
  Value x, w, r, bias, lengths;
  bool batchFirst, backward;
  int64_t direction, gates, steps, batch, hidden;
  ArrayRef<Activation> activations;
  RankedTensorType state; // [batch][hidden]

  /// The input's share of the gates, [steps][batch][gates * hidden].
  Value getInputGates(bool withRecurrentBias);
  /// Of the vector `bias`: its part for the recurrence starts at the gates.
  Access getBias(AffineExpr gate, bool recurrent) {
    return {bias, {b.c(direction), gate + (recurrent ? gates * hidden : 0)}};
  }
  /// sum over k of h[b, k] * r[o, k] for `count` gates from `first` on.
  Value multiply(Value h, int64_t first, int64_t count, ArrayRef<Access> extras,
                 LayerBuilder::Finish finish);
  /// Gate `number` of a tensor whose last dimension has all of them.
  Access gate(Value value, int64_t number, std::optional<int64_t> step = {}) {
    Access access{value, {b.d(0), b.d(1) + number * hidden}};
    if (step)
      access.index.insert(access.index.begin(), b.c(*step));
    return access;
  }
  /// The part of this direction in a tensor [directions][batch][hidden].
  Value getInitial(Value value);
  /// `next` where step t is within the sequence, else `otherwise`.
  Value mask(int64_t t, Value next, Value otherwise);
};
} // namespace

Value Recurrence::getInputGates(bool withRecurrentBias) {
  auto type = RankedTensorType::get({steps, batch, gates * hidden},
                                    state.getElementType());
  SmallVector<Access> extras;
  if (bias)
    extras.push_back(getBias(b.d(2), false));
  if (bias && withRecurrentBias)
    extras.push_back(getBias(b.d(2), true));
  Access input{x, {b.d(batchFirst ? 1 : 0), b.d(batchFirst ? 0 : 1), b.d(3)}};
  return b.contract(b.over(type, getShape(x)[2]), input,
                    {w, {b.c(direction), b.d(2), b.d(3)}}, extras,
                    [](Scalars acc, Scalars biases) {
                      Scalar sum = acc[0];
                      for (Scalar bias : biases)
                        sum = sum + bias;
                      return sum;
                    });
}

Value Recurrence::multiply(Value h, int64_t first, int64_t count,
                           ArrayRef<Access> extras,
                           LayerBuilder::Finish finish) {
  auto type =
      RankedTensorType::get({batch, count * hidden}, state.getElementType());
  return b.contract(b.over(type, hidden), {h, {b.d(0), b.d(2)}},
                    {r, {b.c(direction), b.d(1) + first * hidden, b.d(2)}},
                    extras, finish);
}

Value Recurrence::getInitial(Value value) {
  if (!value)
    return b.numbers(state, 0.0);
  Exprs index = {b.c(direction), b.d(0), b.d(1)};
  if (batchFirst)
    std::swap(index[0], index[1]);
  return b.move(b.over(state), {value, index});
}

Value Recurrence::mask(int64_t t, Value next, Value otherwise) {
  if (!lengths)
    return next;
  return b.map(b.over(state),
               {{lengths, {b.d(0)}}, b.all(next), b.all(otherwise)},
               [&](Scalars x) { return select(x[0] > double(t), x[1], x[2]); });
}

namespace {
/// What a step makes of the state: h, and c of an LSTM.
using State = SmallVector<Value, 2>;
using Step = function_ref<State(Recurrence &, Value inputGates, int64_t t,
                                const State &)>;
} // namespace

/// Runs all directions and puts the results together.
template <typename OpT>
static Lowered lowerRecurrent(OpT op, LayerBuilder &b, int64_t gates,
                              ArrayRef<StringRef> defaults,
                              ArrayRef<Value> initial, ArrayRef<Value> finals,
                              bool withRecurrentBias, Step step) {
  Value x = op.getX(), y = op.getY();
  bool batchFirst = op.getLayout();
  if (getRank(x) != 3 || getRank(op.getW()) != 3 || getRank(op.getR()) != 3)
    return b.refuse("expects an input of three dimensions");
  int64_t steps = getShape(x)[batchFirst ? 1 : 0],
          batch = getShape(x)[batchFirst ? 0 : 1];
  int64_t hidden = getShape(op.getR())[2], directions = getShape(op.getW())[0];
  StringRef direction = op.getDirection();
  if (directions != (direction == "bidirectional" ? 2 : 1) ||
      getShape(op.getW())[1] != gates * hidden ||
      getShape(op.getR())[1] != gates * hidden)
    return b.refuse("has weights whose sizes do not fit");
  if (steps > kMaxSteps)
    return b.refuse("has " + Twine(steps) + " steps; at most " +
                    Twine(kMaxSteps) + " are supported");
  auto activations = getActivations(op, b, defaults, directions);
  if (failed(activations))
    return failure();

  // Each part of a result and where it lies.
  SmallVector<SmallVector<Value>> parts(1 + finals.size());
  SmallVector<SmallVector<Attribute>> offsets(1 + finals.size());
  auto add = [&](unsigned result, Value part, Ints shape, Ints offset) {
    parts[result].push_back(b.reshape(part, shape));
    offsets[result].push_back(b.getDenseI64ArrayAttr(offset));
  };
  auto state = RankedTensorType::get({batch, hidden}, getElement(x));
  Value zeros = op.getSequenceLens() ? b.numbers(state, 0.0) : Value();
  for (int64_t number = 0; number < directions; ++number) {
    Recurrence recurrence{
        b,
        x,
        op.getW(),
        op.getR(),
        op.getB(),
        op.getSequenceLens(),
        batchFirst,
        direction == "reverse" || number == 1,
        number,
        gates,
        steps,
        batch,
        hidden,
        ArrayRef(*activations).slice(number * defaults.size(), defaults.size()),
        state};
    Value inputGates = recurrence.getInputGates(withRecurrentBias);
    State now;
    for (Value value : initial)
      now.push_back(recurrence.getInitial(value));
    for (int64_t at = 0; at < steps; ++at) {
      int64_t t = recurrence.backward ? steps - 1 - at : at;
      State next = step(recurrence, inputGates, t, now);
      if (y)
        add(0, recurrence.mask(t, next[0], zeros),
            batchFirst ? Ints{batch, 1, 1, hidden} : Ints{1, 1, batch, hidden},
            batchFirst ? Ints{0, t, number, 0} : Ints{t, number, 0, 0});
      for (auto [old, value] : llvm::zip(now, next))
        old = recurrence.mask(t, value, old);
    }
    for (auto [index, value] : llvm::enumerate(now))
      add(1 + index, value,
          batchFirst ? Ints{batch, 1, hidden} : Ints{1, batch, hidden},
          batchFirst ? Ints{0, number, 0} : Ints{number, 0, 0});
  }
  SmallVector<Value> results;
  SmallVector<Value> all = {y};
  llvm::append_range(all, finals);
  for (auto [index, value] : llvm::enumerate(all)) {
    if (!value)
      continue;
    if (parts[index].empty())
      return b.refuse("has no steps");
    results.push_back(b.create<nn::AssembleOp>(value.getType(), parts[index],
                                               b.getArrayAttr(offsets[index]),
                                               TypedAttr()));
  }
  return results;
}

//===----------------------------------------------------------------------===//
// The operators
//===----------------------------------------------------------------------===//

static Lowered lowerRNN(onnx::RNNOp op, LayerBuilder &b) {
  return lowerRecurrent(
      op, b, 1, {"tanh"}, Value(op.getInitialH()), Value(op.getYH()), true,
      [](Recurrence &r, Value gates, int64_t t, const State &state) -> State {
        return {r.multiply(state[0], 0, 1, r.gate(gates, 0, t),
                           [&](Scalars acc, Scalars x) {
                             return r.activations[0](acc[0] + x[0]);
                           })};
      });
}

static Lowered lowerGRU(onnx::GRUOp op, LayerBuilder &b) {
  bool linear = op.getLinearBeforeReset();
  return lowerRecurrent(
      op, b, 3, {"sigmoid", "tanh"}, Value(op.getInitialH()), Value(op.getYH()),
      !linear,
      [&](Recurrence &r, Value gates, int64_t t, const State &state) -> State {
        Value h = state[0];
        const Activation &f = r.activations[0], &g = r.activations[1];
        // Gates are update, reset and hidden.
        if (linear) {
          SmallVector<Access> extras;
          if (r.bias)
            extras.push_back(r.getBias(b.d(1), true));
          Value shares =
              r.multiply(h, 0, 3, extras, [](Scalars acc, Scalars x) {
                return x.empty() ? acc[0] : acc[0] + x[0];
              });
          SmallVector<Access> inputs = {b.all(h)};
          for (int64_t gate = 0; gate < 3; ++gate) {
            inputs.push_back(r.gate(gates, gate, t));
            inputs.push_back(r.gate(shares, gate));
          }
          return {b.map(b.over(r.state), inputs, [&](Scalars x) {
            Scalar z = f(x[1] + x[2]), reset = f(x[3] + x[4]);
            Scalar hidden = g(x[5] + reset * x[6]);
            return (1.0 - z) * hidden + z * x[0];
          })};
        }
        Value zr = r.multiply(
            h, 0, 2, r.gate(gates, 0, t),
            [&](Scalars acc, Scalars x) { return f(acc[0] + x[0]); });
        Value reset = b.map(b.over(r.state), {r.gate(zr, 1), b.all(h)},
                            [](Scalars x) { return x[0] * x[1]; });
        return {r.multiply(reset, 2, 1,
                           {r.gate(gates, 2, t), r.gate(zr, 0), b.all(h)},
                           [&](Scalars acc, Scalars x) {
                             Scalar hidden = g(acc[0] + x[0]);
                             return (1.0 - x[1]) * hidden + x[1] * x[2];
                           })};
      });
}

static Lowered lowerLSTM(onnx::LSTMOp op, LayerBuilder &b) {
  if (op.getInputForget())
    return b.refuse("couples input and forget gates");
  Value initial[] = {op.getInitialH(), op.getInitialC()},
        finals[] = {op.getYH(), op.getYC()};
  return lowerRecurrent(
      op, b, 4, {"sigmoid", "tanh", "tanh"}, initial, finals, true,
      [&](Recurrence &r, Value gates, int64_t t, const State &state) -> State {
        const Activation &f = r.activations[0], &g = r.activations[1],
                         &h = r.activations[2];
        // Gates are input, output, forget and cell; peepholes input, output,
        // forget.
        Value sums =
            r.multiply(state[0], 0, 4, r.gate(gates, 0, t),
                       [](Scalars acc, Scalars x) { return acc[0] + x[0]; });
        auto peephole = [&](int64_t gate) {
          return Access{op.getP(),
                        {b.c(r.direction), b.d(1) + gate * r.hidden}};
        };
        SmallVector<Access> inputs = {r.gate(sums, 0), r.gate(sums, 2),
                                      r.gate(sums, 3), b.all(state[1])};
        if (op.getP())
          inputs.append({peephole(0), peephole(2)});
        Value c = b.map(b.over(r.state), inputs, [&](Scalars x) {
          bool peeps = x.size() == 6;
          Scalar in = f(peeps ? x[0] + x[4] * x[3] : x[0]);
          Scalar forget = f(peeps ? x[1] + x[5] * x[3] : x[1]);
          return forget * x[3] + in * g(x[2]);
        });
        inputs = {r.gate(sums, 1), b.all(c)};
        if (op.getP())
          inputs.push_back(peephole(1));
        return {b.map(b.over(r.state), inputs,
                      [&](Scalars x) {
                        return f(x.size() == 3 ? x[0] + x[2] * x[1] : x[0]) *
                               h(x[1]);
                      }),
                c};
      });
}

void lowering::populateRecurrent(LoweringTable &table) {
  table.add(lowerRNN);
  table.add(lowerGRU);
  table.add(lowerLSTM);
}
