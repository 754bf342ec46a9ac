//===- Limits.h - What the importer refuses to read -------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A file may be hostile: each way in which a small file could ask for much
// memory, time or stack has a bound here.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_IMPORT_LIMITS_H
#define TENON_COMPILER_IMPORT_LIMITS_H

#include <cstdint>

namespace tenon::importer {

/// Models of older operator sets are read only if nothing they use has changed.
inline constexpr int kOldestOpset = 6;
/// Protobuf's own bound on a message.
inline constexpr uint64_t kMaxFileBytes = (uint64_t(1) << 31) - 1;
/// Bytes of a model without its weights, and how often a byte of it may stand
/// for an object in memory.
inline constexpr uint64_t kMaxProtoBytes = uint64_t(1) << 30;
inline constexpr uint64_t kMaxMessages = uint64_t(1) << 23;
/// Subgraphs within subgraphs (Protobuf itself stops at about 30).
inline constexpr unsigned kMaxSubgraphDepth = 16;
/// Calls of model-local functions within each other.
inline constexpr unsigned kMaxCallDepth = 64;
/// Nodes and bytes of the graph after all functions are inlined.
inline constexpr uint64_t kMaxNodes = 1000000;
inline constexpr uint64_t kMaxInlinedBytes = uint64_t(1) << 30;
/// Bytes of a sparse tensor as a dense one.
inline constexpr uint64_t kMaxSparseBytes = uint64_t(1) << 28;
/// Bytes of one tensor, constant or computed.
inline constexpr uint64_t kMaxTensorBytes = uint64_t(1) << 36;
inline constexpr int kMaxRank = 64;
/// Integers that inference remembers: the elements of shapes.
inline constexpr int64_t kMaxKnownIntegers = int64_t(1) << 22;
/// How many errors are listed before the rest is only counted.
inline constexpr unsigned kMaxErrors = 50;

} // namespace tenon::importer

#endif // TENON_COMPILER_IMPORT_LIMITS_H
