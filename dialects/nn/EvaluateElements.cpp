//===- EvaluateElements.cpp - Elements in buffers and in lanes ------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/EvaluateElements.h"

#include "dialects/kernel/Kernel.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/bit.h"
#include <cmath>
#include <cstring>
#include <map>
#include <mutex>

using namespace mlir;
using namespace tenon;
using namespace tenon::nn;

/// What the bit patterns of a float type of up to 16 bits stand for; computed
/// once a type.
static const float *getDecoded(const llvm::fltSemantics &format) {
  static std::mutex mutex;
  static std::map<const llvm::fltSemantics *, std::vector<float>> tables;
  std::lock_guard<std::mutex> lock(mutex);
  std::vector<float> &table = tables[&format];
  unsigned width = llvm::APFloat::getSizeInBits(format);
  for (unsigned bits = table.size(); bits < 1u << width; ++bits) {
    llvm::APFloat value(format, llvm::APInt(width, bits));
    bool lost;
    value.convert(llvm::APFloat::IEEEsingle(),
                  llvm::APFloat::rmNearestTiesToEven, &lost);
    table.push_back(value.convertToFloat());
  }
  return table.data();
}

std::optional<ElementType> ElementType::get(Type type) {
  ElementType result;
  if (type.isIntOrIndex()) {
    result.kind = Integer;
    result.width = type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
    constexpr unsigned kWidths[] = {1, 2, 4, 8, 16, 32, 64};
    if (!llvm::is_contained(kWidths, result.width))
      return std::nullopt;
  } else if (type.isF64()) {
    result.kind = Double;
    result.width = 64;
  } else if (auto floatType = dyn_cast<FloatType>(type);
             type.isF32() || (floatType && floatType.getWidth() <= 16)) {
    result.kind = Float;
    result.width = floatType.getWidth();
    result.format = &floatType.getFloatSemantics();
    if (type.isF16() || type.isBF16()) {
      result.precision = llvm::APFloat::semanticsPrecision(*result.format);
      result.minExponent = llvm::APFloat::semanticsMinExponent(*result.format);
      result.maximum =
          llvm::APFloat::getLargest(*result.format).convertToDouble();
    }
    if (result.width <= 16)
      result.decoded = getDecoded(*result.format);
  } else {
    return std::nullopt;
  }
  result.bytes = kernel::getElementBytes(type);
  return result;
}

ElementType ElementType::getBits(unsigned bytes) {
  ElementType result;
  result.kind = Integer;
  result.width = 8 * bytes;
  result.bytes = bytes;
  return result;
}

//===----------------------------------------------------------------------===//
// Narrow floats
//===----------------------------------------------------------------------===//

double ElementType::round(double value) const {
  if (!precision) {
    llvm::APFloat rounded(value);
    bool lost;
    rounded.convert(*format, llvm::APFloat::rmNearestTiesToEven, &lost);
    return rounded.convertToDouble();
  }
  if (!(std::abs(value) <= 2 * maximum))
    return std::isnan(value) ? value : std::copysign(HUGE_VAL, value);
  // Adding 1.5 * 2^(q + 52) leaves multiples of 2^q only.
  int exponent = int(llvm::bit_cast<uint64_t>(value) >> 52 & 0x7FF) - 1023;
  int q = std::max(exponent, minExponent) - (precision - 1);
  double magic = 1.5 * llvm::bit_cast<double>(uint64_t(q + 52 + 1023) << 52);
  double rounded = value + magic - magic;
  return std::copysign(std::abs(rounded) > maximum ? HUGE_VAL : rounded, value);
}

/// The bit pattern of `value`, which the format has.
static uint16_t encodeF16(float value) {
  uint32_t bits = llvm::bit_cast<uint32_t>(value);
  uint16_t sign = bits >> 16 & 0x8000;
  int exponent = int(bits >> 23 & 0xFF) - 127;
  uint32_t fraction = bits & 0x7FFFFF;
  if (exponent == 128)
    return sign | 0x7C00 | (fraction ? 0x200 | fraction >> 13 : 0);
  if (exponent < -14)
    return sign | uint16_t(std::abs(value) * 0x1p24f);
  return sign | (exponent + 15) << 10 | fraction >> 13;
}

static uint16_t encodeBF16(float value) {
  uint32_t bits = llvm::bit_cast<uint32_t>(value);
  return bits >> 16 | (std::isnan(value) ? 0x40 : 0);
}

static uint16_t encodeSlowly(float value, const llvm::fltSemantics &format) {
  llvm::APFloat encoded(value);
  bool lost;
  encoded.convert(format, llvm::APFloat::rmNearestTiesToEven, &lost);
  return encoded.bitcastToAPInt().getZExtValue();
}

//===----------------------------------------------------------------------===//
// Load and store
//===----------------------------------------------------------------------===//

/// lanes[i] = decode(raw element at places[i]); the data may be unaligned.
template <typename Raw, typename Lane, typename Decode>
static void loadEach(Lane *lanes, const char *data, Places places,
                     unsigned count, Decode decode) {
  auto at = [&](int64_t place) {
    Raw raw;
    std::memcpy(&raw, data + place * int64_t(sizeof(Raw)), sizeof(Raw));
    return decode(raw);
  };
  if (places.values)
    for (unsigned i = 0; i < count; ++i)
      lanes[i] = at(places.base + places.values[i]);
  else if (places.stride == 1)
    for (unsigned i = 0; i < count; ++i)
      lanes[i] = at(places.base + i);
  else if (places.stride == 0)
    std::fill_n(lanes, count, at(places.base));
  else
    for (unsigned i = 0; i < count; ++i)
      lanes[i] = at(places.base + i * places.stride);
}

template <typename Raw, typename Lane, typename Encode>
static void storeEach(const Lane *lanes, char *data, Places places,
                      unsigned count, Encode encode) {
  auto at = [&](int64_t place, Lane value) {
    Raw raw = encode(value);
    std::memcpy(data + place * int64_t(sizeof(Raw)), &raw, sizeof(Raw));
  };
  if (!places.values && places.stride == 1)
    for (unsigned i = 0; i < count; ++i)
      at(places.base + i, lanes[i]);
  else
    for (unsigned i = 0; i < count; ++i)
      at(places[i], lanes[i]);
}

void ElementType::load(Lanes &lanes, const char *data, Places places,
                       unsigned count) const {
  auto same = [](auto raw) { return raw; };
  auto widened = [](auto raw) { return int64_t(raw); };
  if (kind == Double)
    return loadEach<double>(lanes.doubles, data, places, count, same);
  if (kind == Float) {
    const float *table = decoded;
    auto decode = [table](auto raw) { return table[raw]; };
    if (width == 32)
      return loadEach<float>(lanes.floats, data, places, count, same);
    if (width == 16)
      return loadEach<uint16_t>(lanes.floats, data, places, count, decode);
    unsigned mask = (1u << width) - 1;
    return loadEach<uint8_t>(lanes.floats, data, places, count,
                             [=](uint8_t raw) { return table[raw & mask]; });
  }
  switch (bytes) {
  case 8:
    return loadEach<int64_t>(lanes.integers, data, places, count, same);
  case 4:
    return loadEach<int32_t>(lanes.integers, data, places, count, widened);
  case 2:
    return loadEach<int16_t>(lanes.integers, data, places, count, widened);
  }
  // The bits above the width of a small integer do not count.
  unsigned shift = 64 - width;
  loadEach<uint8_t>(lanes.integers, data, places, count, [=](uint8_t raw) {
    return int64_t(uint64_t(raw) << shift) >> shift;
  });
}

void ElementType::store(const Lanes &lanes, char *data, Places places,
                        unsigned count) const {
  auto same = [](auto value) { return value; };
  if (kind == Double)
    return storeEach<double>(lanes.doubles, data, places, count, same);
  if (kind == Float) {
    auto encode = [this](float value) { return encodeSlowly(value, *format); };
    if (width == 32)
      return storeEach<float>(lanes.floats, data, places, count, same);
    if (width < 16)
      return storeEach<uint8_t>(lanes.floats, data, places, count, encode);
    if (format == &llvm::APFloat::IEEEhalf())
      return storeEach<uint16_t>(lanes.floats, data, places, count, encodeF16);
    return storeEach<uint16_t>(lanes.floats, data, places, count, encodeBF16);
  }
  switch (bytes) {
  case 8:
    return storeEach<int64_t>(lanes.integers, data, places, count, same);
  case 4:
    return storeEach<int32_t>(lanes.integers, data, places, count, same);
  case 2:
    return storeEach<int16_t>(lanes.integers, data, places, count, same);
  }
  uint8_t mask = (1u << width) - 1;
  storeEach<uint8_t>(lanes.integers, data, places, count,
                     [=](int64_t value) { return value & mask; });
}
