//===- MicrosoftQuantized.cpp - Operators on quantized tensors ------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The operators of com.microsoft that compute on quantized tensors, by those of
// ONNX
// (https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md).
// They stand for the same operator on numbers, between DequantizeLinear and
// QuantizeLinear: carry-integers makes integers of that. Attention, quantized
// or not, is in MicrosoftTransformers.cpp.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/FunctionOperators.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <vector>

using namespace tenon::importer;
using llvm::formatv;
using ::onnx::TensorProto;

//===----------------------------------------------------------------------===//
// Channels in the last dimension
//===----------------------------------------------------------------------===//

/// "0, 2, 3, 1" for 4: channels go to the end; or back from there.
static std::string getPermutation(size_t rank, bool toEnd) {
  std::string list = "0";
  if (!toEnd)
    list += ", " + std::to_string(rank - 1);
  for (size_t dim = 1 + toEnd; dim + !toEnd < rank; ++dim)
    list += ", " + std::to_string(dim);
  return toEnd ? list + ", 1" : list;
}

/// `nodes`, which make `out` of `in`, between transpositions of the input and
/// to the output named; plain copies unless channels are last.
static std::string transposeAround(Call &call, llvm::StringRef input,
                                   bool isChannelsLast, llvm::StringRef nodes,
                                   llvm::StringRef output) {
  if (!isChannelsLast)
    return formatv("in = Identity ({0})\n{1}\n{2} = Identity (out)\n", input,
                   nodes, output);
  auto shape = call.getShape(input);
  if (!shape || shape->size() < 3)
    return call.refuse("expects an input of known rank, 3 or more");
  return formatv("in = Transpose <perm = [{0}]> ({1})\n{2}\n"
                 "{3} = Transpose <perm = [{4}]> (out)\n",
                 getPermutation(shape->size(), /*toEnd=*/false), input, nodes,
                 output, getPermutation(shape->size(), /*toEnd=*/true));
}

static std::string buildNhwcMaxPool(Call &call) {
  return transposeAround(call, "x", true, "out = MaxPool <@> (in)", "y");
}

static std::string buildQLinearConv(Call &call) {
  return transposeAround(
      call, "x", call.getInt("channels_last"),
      "out = QLinearConv <@> (in, x_scale, x_zero_point, w, w_scale, "
      "w_zero_point, y_scale, y_zero_point, B)",
      "y");
}

/// A pool of numbers, named as an operator with its attributes.
static std::string buildQLinearPool(Call &call, llvm::StringRef pool) {
  std::string nodes = formatv("x = DequantizeLinear (in, x_scale, "
                              "x_zero_point)\n"
                              "y = {0} (x)\n"
                              "out = QuantizeLinear (y, y_scale, "
                              "y_zero_point)",
                              pool);
  return transposeAround(call, "X", call.getInt("channels_last"), nodes, "Y");
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

/// C is quantized as the sum of products is.
static std::string buildQGemm(Call &call) {
  std::string text =
      formatv("a = DequantizeLinear (A, a_scale, a_zero_point)\n"
              "b = DequantizeLinear <axis = {0}> (B, b_scale, b_zero_point)\n",
              call.getInt("transB") ? 0 : 1);
  if (call.has("C"))
    text += "ab_scale = Mul (a_scale, b_scale)\n"
            "alpha = Constant <value_float: float = @alpha> ()\n"
            "c_scale = Mul (ab_scale, alpha)\n"
            "c = DequantizeLinear <axis = -1> (C, c_scale)\n"
            "y = Gemm <@> (a, b, c)\n";
  else
    text += "y = Gemm <@> (a, b)\n";
  return text + (call.has("y_scale")
                     ? "Y = QuantizeLinear (y, y_scale, y_zero_point)"
                     : "Y = Identity (y)");
}

/// The sum of products, scaled, plus the bias.
static std::string scaleProduct(Call &call) {
  std::string text = "sum_float = Cast <to = 1> (sum)\n"
                     "scale = Mul (a_scale, b_scale)\n"
                     "scaled = Mul (sum_float, scale)\n";
  return text + (call.has("bias") ? "Y = Add (scaled, bias)"
                                  : "Y = Identity (scaled)");
}

static std::string buildMatMulIntegerToFloat(Call &call) {
  return "sum = MatMulInteger (A, B, a_zero_point, b_zero_point)\n" +
         scaleProduct(call);
}

static std::string buildDynamicQuantizeMatMul(Call &call) {
  return "a, a_scale, a_zero_point = DynamicQuantizeLinear (A)\n"
         "sum = MatMulInteger (a, B, a_zero_point, b_zero_point)\n" +
         scaleProduct(call);
}

/// Bytes hold several numbers each, the first one in the lowest bits; `count`
/// of a row of `bytes` count. The result is of the type numbered `type`.
static std::string unpack(llvm::StringRef packed, llvm::StringRef result,
                          int64_t bits, int64_t rows, int64_t bytes,
                          int64_t count, int type) {
  std::string text, parts;
  for (int64_t shift = 0; shift < 8; shift += bits) {
    std::string part = (result + "_" + llvm::Twine(shift)).str();
    text += formatv(
        "{0}_shift = Constant <value = uint8 {{{1}}> ()\n"
        "{0}_moved = BitShift <direction = \"RIGHT\"> ({2}, {0}_shift)\n"
        "{0}_mask = Constant <value = uint8 {{{3}}> ()\n"
        "{0}_bits = BitwiseAnd ({0}_moved, {0}_mask)\n"
        "{0}_shape = Constant <value_ints = [{4}, 1]> ()\n"
        "{0} = Reshape ({0}_bits, {0}_shape)\n",
        part, shift, packed, (1 << bits) - 1, rows * bytes);
    parts += (parts.empty() ? "" : ", ") + part;
  }
  text += formatv("{0}_parts = Concat <axis = 1> ({1})\n"
                  "{0}_shape = Constant <value_ints = [{2}, {3}]> ()\n"
                  "{0}_whole = Reshape ({0}_parts, {0}_shape)\n",
                  result, parts, rows, bytes * 8 / bits);
  if (count == bytes * 8 / bits)
    text += formatv("{0}_cut = Identity ({0}_whole)\n", result);
  else
    text += formatv("{0}_begin = Constant <value_ints = [0]> ()\n"
                    "{0}_end = Constant <value_ints = [{1}]> ()\n"
                    "{0}_axis = Constant <value_ints = [1]> ()\n"
                    "{0}_cut = Slice ({0}_whole, {0}_begin, {0}_end, "
                    "{0}_axis)\n",
                    result, count);
  return text +
         formatv("{0} = Cast <to = {1}> ({0}_cut)\n", result, type).str();
}

static std::string buildMatMulNBits(Call &call) {
  int64_t bits = call.getInt("bits"), block = call.getInt("block_size");
  int64_t rows = call.getInt("N"), columns = call.getInt("K");
  constexpr int64_t kMaxSize = int64_t(1) << 31;
  if ((bits != 2 && bits != 4 && bits != 8) || block < 16 ||
      !llvm::isPowerOf2_64(block) || block > kMaxSize || rows < 1 ||
      columns < 1 || rows > kMaxSize || columns > kMaxSize ||
      call.getInt("weight_prepacked"))
    return call.refuse("has weights of an unknown format");
  if (call.has("g_idx"))
    return call.refuse("has a g_idx, which is deprecated");
  bool hasZeros = call.has("zero_points");
  if (hasZeros && call.getElementType("zero_points") != TensorProto::UINT8)
    return call.refuse("has zero points that are not integers");
  // Integers as wide as the weights are known to the compiler as such; those of
  // less than a byte only once they are signed.
  int64_t blocks = llvm::divideCeil(columns, block), padded = blocks * block;
  int wide = bits < 8 ? TensorProto::INT8 : TensorProto::UINT8;
  int type = bits == 8   ? TensorProto::INT8
             : bits == 4 ? TensorProto::INT4
                         : TensorProto::INT2;
  std::string text =
      unpack("B", "b", bits, rows, padded / 8 * bits, padded, wide);
  text += formatv("half_bits = Constant <value = uint8 {{{0}}> ()\n"
                  "half = Cast <to = {1}> (half_bits)\n"
                  "b_less = Sub (b, half)\n"
                  "b_signed = Cast <to = {2}> (b_less)\n"
                  "w_shape = Constant <value_ints = [{3}, {4}, {5}]> ()\n"
                  "w_integers = Reshape (b_signed, w_shape)\n"
                  "one_float = Constant <value = float {{1}> ()\n"
                  "one = CastLike (one_float, scales)\n"
                  "w = DequantizeLinear (w_integers, one)\n"
                  "by_row = Constant <value_ints = [{3}, {4}]> ()\n"
                  "s_rows = Reshape (scales, by_row)\n"
                  "s = Transpose (s_rows)\n",
                  1 << (bits - 1), wide, type, rows, blocks, block);
  if (columns == padded)
    text += "a_whole = Identity (A)\n";
  else
    text += formatv("pads = Constant <value_ints = [0, {0}]> ()\n"
                    "last = Constant <value_ints = [-1]> ()\n"
                    "a_whole = Pad (A, pads, , last)\n",
                    padded - columns);
  // Each block has a sum of its own, of which its zero point times the sum of
  // the data is taken, and which its scale multiplies.
  text += formatv("a_shape = Constant <value_ints = [-1, {0}, {1}]> ()\n"
                  "a = Reshape (a_whole, a_shape)\n"
                  "products = Einsum <equation = \"mbk,nbk->mbn\"> (a, w)\n",
                  blocks, block);
  if (hasZeros)
    text += unpack("zero_points", "z", bits, rows,
                   llvm::divideCeil(blocks * bits, 8), blocks, wide) +
            formatv("z_less = Sub (z, half)\n"
                    "z_signed = Cast <to = {0}> (z_less)\n"
                    "z_blocks = Transpose (z_signed)\n"
                    "z_float = DequantizeLinear (z_blocks, one)\n"
                    "axis = Constant <value_ints = [2]> ()\n"
                    "a_sums = ReduceSum <keepdims = 1> (a, axis)\n"
                    "excess = Mul (a_sums, z_float)\n"
                    "sums = Sub (products, excess)\n",
                    type)
                .str();
  else
    text += "sums = Identity (products)\n";
  text += formatv("scaled = Mul (sums, s)\n"
                  "blocks = Constant <value_ints = [1]> ()\n"
                  "sum = ReduceSum <keepdims = 0> (scaled, blocks)\n"
                  "leading = Shape <start = 0, end = -1> (A)\n"
                  "count = Constant <value_ints = [{0}]> ()\n"
                  "y_shape = Concat <axis = 0> (leading, count)\n"
                  "y = Reshape (sum, y_shape)\n",
                  rows);
  return text + (call.has("bias") ? "Y = Add (y, bias)" : "Y = Identity (y)");
}

//===----------------------------------------------------------------------===//
// Others on quantized tensors
//===----------------------------------------------------------------------===//

/// Each input is a tensor, its scale and its zero point.
static std::string buildQLinearConcat(Call &call) {
  unsigned count = call.getNumVariadic();
  if (count == 0 || count % 3)
    return call.refuse("expects three inputs for each tensor");
  std::string text, list;
  for (unsigned i = 0; i < count; i += 3) {
    text += formatv("x{0} = DequantizeLinear (inputs{0}, inputs{1}, "
                    "inputs{2})\n",
                    i, i + 1, i + 2);
    list += (i ? ", x" : "x") + std::to_string(i);
  }
  return text + formatv("y = Concat <@> ({0})\n"
                        "Y = QuantizeLinear (y, Y_scale, Y_zero_point)",
                        list)
                    .str();
}

/// Before 13, Softmax took its input for a matrix, cut at the axis.
static std::string buildQLinearSoftmax(Call &call) {
  std::string text = "x = DequantizeLinear (X, X_scale, x_zero_point)\n";
  if (call.getInt("opset") >= 13)
    text += "y = Softmax <@> (x)\n";
  else
    text += "matrix = Flatten <@> (x)\n"
            "rows = Softmax <axis = -1> (matrix)\n"
            "shape = Shape (x)\n"
            "y = Reshape (rows, shape)\n";
  return text + "Y = QuantizeLinear (y, y_scale, y_zero_point)";
}

/// [directions, inputs, 4 * hidden], a scale for each direction or for each of
/// its columns. What ONNX Runtime quantizes for each step stays a number here.
static std::string buildDynamicQuantizeLSTM(Call &call) {
  std::string text;
  for (const char *name : {"W", "R"}) {
    auto shape = call.getShape(name),
         scale = call.getShape(formatv("{0}_scale", name).str());
    if (!shape || shape->size() != 3 || !scale ||
        llvm::is_contained(*shape, -1))
      return call.refuse("expects weights of known shape");
    // ... as rows of a matrix, each with a scale.
    int64_t directions = (*shape)[0], inputs = (*shape)[1];
    int64_t columns = (*shape)[2];
    bool isEach = scale->size() == 2;
    text += formatv(
        "{0}_rows = Transpose <perm = [0, 2, 1]> ({0})\n"
        "{0}_matrix_shape = Constant <value_ints = [{1}, {2}]> ()\n"
        "{0}_matrix = Reshape ({0}_rows, {0}_matrix_shape)\n"
        "{0}_one = Constant <value_ints = [-1]> ()\n"
        "{0}_scales = Reshape ({0}_scale, {0}_one)\n"
        "{0}_zeros = Reshape ({0}_zero_point, {0}_one)\n"
        "{0}_numbers = DequantizeLinear <axis = 0> ({0}_matrix, {0}_scales, "
        "{0}_zeros)\n"
        "{0}_shape = Constant <value_ints = [{3}, {4}, {5}]> ()\n"
        "{0}_float = Reshape ({0}_numbers, {0}_shape)\n",
        name, isEach ? directions * columns : directions,
        isEach ? inputs : columns * inputs, directions, columns, inputs);
  }
  return text + "Y, Y_h, Y_c = LSTM <@> (X, W_float, R_float, B, "
                "sequence_lens, initial_h, initial_c, P)";
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

#define TENON_WINDOW                                                           \
  "auto_pad: string = NOTSET, kernel_shape: ints, pads: ints, strides: ints"
#define TENON_CONV TENON_WINDOW ", dilations: ints, group: int = 1"

llvm::ArrayRef<FunctionOperator> tenon::importer::getQuantizedOperators() {
  static const FunctionOperator rows[] = {
      {"DequantizeLinear <axis: int = 1, block_size: int = 0> (x, x_scale, "
       "x_zero_point?) => (y)",
       "y = DequantizeLinear <@> (x, x_scale, x_zero_point)"},
      {"QuantizeLinear <axis: int = 1, block_size: int = 0> (x, y_scale, "
       "y_zero_point?) => (y)",
       "y = QuantizeLinear <@> (x, y_scale, y_zero_point)"},

      // Elementwise.
      {"QLinearAdd (A, A_scale, A_zero_point?, B, B_scale, B_zero_point?, "
       "C_scale, C_zero_point?) => (C)",
       "a = DequantizeLinear (A, A_scale, A_zero_point)\n"
       "b = DequantizeLinear (B, B_scale, B_zero_point)\n"
       "c = Add (a, b)\n"
       "C = QuantizeLinear (c, C_scale, C_zero_point)"},
      {"QLinearMul (A, A_scale, A_zero_point?, B, B_scale, B_zero_point?, "
       "C_scale, C_zero_point?) => (C)",
       "a = DequantizeLinear (A, A_scale, A_zero_point)\n"
       "b = DequantizeLinear (B, B_scale, B_zero_point)\n"
       "c = Mul (a, b)\n"
       "C = QuantizeLinear (c, C_scale, C_zero_point)"},
      {"QLinearSigmoid (X, X_scale, X_zero_point?, Y_scale, Y_zero_point?) "
       "=> (Y)",
       "x = DequantizeLinear (X, X_scale, X_zero_point)\n"
       "y = Sigmoid (x)\n"
       "Y = QuantizeLinear (y, Y_scale, Y_zero_point)"},
      {"QLinearLeakyRelu <alpha: float = 0.01> (X, X_scale, X_zero_point?, "
       "Y_scale, Y_zero_point?) => (Y)",
       "x = DequantizeLinear (X, X_scale, X_zero_point)\n"
       "y = LeakyRelu <@> (x)\n"
       "Y = QuantizeLinear (y, Y_scale, Y_zero_point)"},
      {"QLinearWhere (condition, X, x_scale, x_zero_point, Y, y_scale, "
       "y_zero_point, z_scale, z_zero_point) => (Z)",
       "x = DequantizeLinear (X, x_scale, x_zero_point)\n"
       "y = DequantizeLinear (Y, y_scale, y_zero_point)\n"
       "z = Where (condition, x, y)\n"
       "Z = QuantizeLinear (z, z_scale, z_zero_point)"},
      {"QLinearConcat <axis: int!> (Y_scale, Y_zero_point, inputs...) => (Y)",
       nullptr, buildQLinearConcat},
      {"QLinearSoftmax <axis: int = -1, opset: int!> (X, X_scale, "
       "x_zero_point?, y_scale, y_zero_point) => (Y)",
       nullptr, buildQLinearSoftmax},

      // Windows.
      {"QLinearConv <" TENON_CONV ", channels_last: int = 0> (x, "
       "x_scale, x_zero_point, w, w_scale, w_zero_point, y_scale, "
       "y_zero_point, B?) => (y)",
       nullptr, buildQLinearConv},
      {"QLinearAveragePool <" TENON_WINDOW ", ceil_mode: int = 0, "
       "channels_last: int = 0, count_include_pad: int = 0> (X, x_scale, "
       "x_zero_point?, y_scale, y_zero_point?) => (Y)",
       nullptr,
       [](Call &call) { return buildQLinearPool(call, "AveragePool <@>"); }},
      {"QLinearGlobalAveragePool <channels_last: int = 0> (X, x_scale, "
       "x_zero_point, y_scale, y_zero_point) => (Y)",
       nullptr,
       [](Call &call) { return buildQLinearPool(call, "GlobalAveragePool"); }},
      {"NhwcMaxPool <" TENON_WINDOW ", dilations: ints, ceil_mode: int = 0> "
       "(x) => (y)",
       nullptr, buildNhwcMaxPool},

      // Products.
      {"QGemm <alpha: float = 1.0, transA: int = 0, transB: int = 0> (A, "
       "a_scale, a_zero_point, B, b_scale, b_zero_point, C?, y_scale?, "
       "y_zero_point?) => (Y)",
       nullptr, buildQGemm},
      {"MatMulIntegerToFloat (A, B, a_scale, b_scale, a_zero_point?, "
       "b_zero_point?, bias?) => (Y)",
       nullptr, buildMatMulIntegerToFloat},
      {"DynamicQuantizeMatMul (A, B, b_scale, b_zero_point?, bias?) => (Y)",
       nullptr, buildDynamicQuantizeMatMul},
      {"MatMulNBits <K: int!, N: int!, bits: int = 4, block_size: int!, "
       "accuracy_level: int = 0, weight_prepacked: int = 0> (A, B, scales, "
       "zero_points?, g_idx?, bias?) => (Y)",
       nullptr, buildMatMulNBits},
      {"DynamicQuantizeLSTM <activations: strings, activation_alpha: floats, "
       "activation_beta: floats, clip: float, direction: string = forward, "
       "hidden_size: int, input_forget: int = 0> (X, W, R, B?, "
       "sequence_lens?, initial_h?, initial_c?, P?, W_scale, W_zero_point, "
       "R_scale, R_zero_point) => (Y?, Y_h?, Y_c?)",
       nullptr, buildDynamicQuantizeLSTM},
  };
  return rows;
}
