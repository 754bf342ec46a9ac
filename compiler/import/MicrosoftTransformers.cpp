//===- MicrosoftTransformers.cpp - Attention and embeddings ---------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The layers of transformers in com.microsoft, by operators of ONNX.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/FunctionOperators.h"
#include "llvm/Support/FormatVariadic.h"

#include <utility>

using namespace tenon::importer;
using llvm::formatv;

/// `sum` of the inputs, and its norm.
static std::string buildSkipNorm(Call &call, llvm::StringRef norm) {
  std::string text = "both = Add (input, skip)\n";
  text += call.has("bias") ? "input_skip_bias_sum = Add (both, bias)\n"
                           : "input_skip_bias_sum = Identity (both)\n";
  return text + norm.str();
}

static std::string buildEmbedLayerNormalization(Call &call) {
  std::string text = "words = Gather (word_embedding, input_ids)\n";
  if (call.has("position_ids"))
    text += "positions = Gather (position_embedding, position_ids)\n";
  else
    text += "first = Constant <value_ints = [0]> ()\n"
            "length = Shape <start = 1, end = 2> (input_ids)\n"
            "positions = Slice (position_embedding, first, length, first)\n";
  text += "placed = Add (words, positions)\n";
  if (call.has("segment_ids"))
    text += "segments = Gather (segment_embedding, segment_ids)\n"
            "embedding_sum = Add (placed, segments)\n";
  else
    text += "embedding_sum = Identity (placed)\n";
  text += call.has("mask")
              ? "columns = Constant <value_ints = [1]> ()\n"
                "mask_index = ReduceSum <keepdims = 0> (mask, columns)\n"
              : "rows = Shape <start = 0, end = 1> (input_ids)\n"
                "mask_index = ConstantOfShape <value = int32[1] {0}> (rows)\n";
  return text + "output = LayerNormalization <@> (embedding_sum, gamma, beta)";
}

/// What is added to scores, of the rank of scores: a filter value where an
/// integer of the mask is 0, and a bias; empty where there are neither.
static std::string buildMask(Call &call, llvm::StringRef input,
                             std::string &mask) {
  std::string text;
  if (call.has(input)) {
    auto shape = call.getShape(input);
    // [batch, keys] or [batch, queries, keys]
    if (!shape || (shape->size() != 2 && shape->size() != 3))
      return call.refuse("expects a mask of 2 or 3 dimensions");
    float given = call.getFloat("mask_filter_value");
    text = formatv("axes = Constant <value_ints = [{0}]> ()\n"
                   "mask_scores = Unsqueeze ({1}, axes)\n"
                   "mask_float = CastLike (mask_scores, {2})\n"
                   "one = Constant <value_float = 1.0> ()\n"
                   "one_cast = CastLike (one, mask_float)\n"
                   "hidden = Sub (one_cast, mask_float)\n"
                   "filter = Constant <value_float = {3:E8}> ()\n"
                   "filter_cast = CastLike (filter, mask_float)\n"
                   "mask_sum = Mul (hidden, filter_cast)\n",
                   shape->size() == 2 ? "1, 2" : "1", input, "q",
                   given == 0 ? -10000.0f : given);
    mask = "mask_sum";
  }
  if (call.has("attention_bias")) {
    if (!mask.empty())
      text += "mask_all = Add (mask_sum, attention_bias)\n";
    mask = mask.empty() ? "attention_bias" : "mask_all";
  }
  return text;
}

/// `output` of `q`, `k` and `v`, of [batch, sequence, heads * size].
static std::string attend(Call &call, llvm::StringRef maskInput,
                          llvm::StringRef causal) {
  for (const char *input : {"past", "past_key", "past_value",
                            "past_sequence_length", "cache_indirection"})
    if (call.has(input))
      return call.refuse("has a cache of earlier keys");
  if (call.getInt("do_rotary"))
    return call.refuse("rotates its embedding");
  std::string mask, text = buildMask(call, maskInput, mask);
  return text + formatv("output = Attention <q_num_heads: int = @num_heads, "
                        "kv_num_heads: int = @num_heads, scale: float = @scale"
                        "{0}> (q, k, v{1})",
                        causal, mask.empty() ? mask : ", " + mask)
                    .str();
}

/// `qkv`, cut into three.
static std::string attendParts(Call &call) {
  return "q, k, v = Split <axis = -1, num_outputs = 3> (qkv)\n" +
         attend(call, "mask_index", ", is_causal: int = @unidirectional");
}

static std::string buildAttention(Call &call) {
  if (call.hasAttribute("qkv_hidden_sizes"))
    return call.refuse("has parts of different sizes");
  return "product = MatMul (input, weights)\n" +
         std::string(call.has("bias") ? "qkv = Add (product, bias)\n"
                                      : "qkv = Identity (product)\n") +
         attendParts(call);
}

static std::string buildQAttention(Call &call) {
  return "sum = MatMulInteger (input, weight, input_zero_point, "
         "weight_zero_point)\n"
         "sum_float = CastLike (sum, bias)\n"
         "factor = Mul (input_scale, weight_scale)\n"
         "product = Mul (sum_float, factor)\n"
         "qkv = Add (product, bias)\n" +
         attendParts(call);
}

static std::string buildMultiHeadAttention(Call &call) {
  if (!call.has("key") || !call.has("value"))
    return call.refuse("has keys and queries in one");
  std::string text;
  if (call.has("bias"))
    text = "q_bias, k_bias, v_bias = Split <axis = 0, num_outputs = 3> "
           "(bias)\n";
  for (auto [name, input] :
       {std::pair("q", "query"), {"k", "key"}, {"v", "value"}}) {
    auto shape = call.getShape(input);
    if (!shape || shape->size() != 3)
      return call.refuse("expects inputs of 3 dimensions");
    text += call.has("bias")
                ? formatv("{0} = Add ({1}, {0}_bias)\n", name, input)
                : formatv("{0} = Identity ({1})\n", name, input);
  }
  return text +
         attend(call, "key_padding_mask", ", is_causal: int = @unidirectional");
}

//===----------------------------------------------------------------------===//
// The table
//===----------------------------------------------------------------------===//

#define TENON_ATTENTION                                                        \
  "num_heads: int!, unidirectional: int = 0, scale: float, "                   \
  "mask_filter_value: float, do_rotary: int = 0"

llvm::ArrayRef<FunctionOperator> tenon::importer::getTransformerOperators() {
  static const FunctionOperator rows[] = {
      {"SkipLayerNormalization <epsilon: float = 1e-12> (input, skip, gamma, "
       "beta?, bias?) => (output, mean?, inv_std_var?, input_skip_bias_sum?)",
       nullptr,
       [](Call &call) {
         return buildSkipNorm(call, "output, mean, inv_std_var = "
                                    "LayerNormalization <@> "
                                    "(input_skip_bias_sum, gamma, beta)");
       }},
      {"SkipSimplifiedLayerNormalization <epsilon: float = 1e-12> (input, "
       "skip, gamma, bias?) => (output, mean?, inv_std_var?, "
       "input_skip_bias_sum?)",
       nullptr,
       [](Call &call) {
         return buildSkipNorm(call, "output = RMSNormalization <@> "
                                    "(input_skip_bias_sum, gamma)");
       }},
      {"EmbedLayerNormalization <epsilon: float = 1e-12, mask_index_type: int "
       "= 0> (input_ids, segment_ids?, word_embedding, position_embedding, "
       "segment_embedding?, gamma, beta, mask?, position_ids?) => (output, "
       "mask_index?, embedding_sum?)",
       nullptr, buildEmbedLayerNormalization},
      {"Attention <" TENON_ATTENTION ", qkv_hidden_sizes: ints> (input, "
       "weights, bias?, mask_index?, past?, attention_bias?, "
       "past_sequence_length?) => (output, present?)",
       nullptr, buildAttention},
      {"QAttention <" TENON_ATTENTION "> (input, weight, bias, input_scale, "
       "weight_scale, mask_index?, input_zero_point?, weight_zero_point?, "
       "past?) => (output, present?)",
       nullptr, buildQAttention},
      {"MultiHeadAttention <" TENON_ATTENTION "> (query, key?, value?, bias?, "
       "key_padding_mask?, attention_bias?, past_key?, past_value?, "
       "past_sequence_length?, cache_indirection?) => (output, present_key?, "
       "present_value?, qk?)",
       nullptr, buildMultiHeadAttention},
  };
  return rows;
}
