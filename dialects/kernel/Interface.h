//===- Interface.h - The emitted C interface of a model ---------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a caller sees of a model. The pass `record-interface` writes it on the
// module before any type changes; `make-interface`, which makes the functions,
// and the writer of the header read it there, and so agree.
//
//   kernel.model_name  = "face"
//   kernel.inputs      = [{name = "image", ident = "image",
//                          type = tensor<1x32x32x3xf32>}]
//   kernel.outputs     = ...
//   kernel.source_hash = "9f86d0..."   kernel.version = "0.1.0"
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_KERNEL_INTERFACE_H
#define TENON_DIALECTS_KERNEL_INTERFACE_H

#include "dialects/kernel/Regions.h"

namespace tenon::kernel {

inline constexpr llvm::StringLiteral kModelNameAttrName = "kernel.model_name";
inline constexpr llvm::StringLiteral kInputsAttrName = "kernel.inputs";
inline constexpr llvm::StringLiteral kOutputsAttrName = "kernel.outputs";
inline constexpr llvm::StringLiteral kSourceHashAttrName = "kernel.source_hash";
inline constexpr llvm::StringLiteral kVersionAttrName = "kernel.version";
/// Of the module: bytes of the arena, bytes that no packing can go below, and
/// the names of the layers at which so many are in use.
inline constexpr llvm::StringLiteral kArenaSizeAttrName = "kernel.arena_size";
inline constexpr llvm::StringLiteral kArenaBoundAttrName = "kernel.arena_bound";
inline constexpr llvm::StringLiteral kPeakLayersAttrName = "kernel.peak_layers";
/// Where `map-weights` took the weights out: bytes of their file, the alignment
/// that it must have in memory, and the global that holds its header.
inline constexpr llvm::StringLiteral kWeightsBytesAttrName =
    "kernel.weights_size";
inline constexpr llvm::StringLiteral kWeightsAlignmentAttrName =
    "kernel.weights_alignment";
inline constexpr llvm::StringLiteral kWeightsHeaderName = "weights_header";
/// The first constant in that file lies here.
inline constexpr uint64_t kWeightsHeaderBytes = 64;
/// Of an argument or result: what its integers mean.
inline constexpr llvm::StringLiteral kScaleAttrName = "onnx.scale";
inline constexpr llvm::StringLiteral kZeroPointAttrName = "onnx.zero_point";

/// What the emitted functions return. The header names them and says what they
/// mean; `lower-layers` and `make-interface` return them.
enum class Status { Ok = 0, Null = 1, Alignment = 2, Index = 3, Weights = 4 };
struct StatusText {
  Status status;
  const char *name, *text;
};
llvm::ArrayRef<StatusText> getStatusTexts();

/// An element type at the interface.
struct ElementInfo {
  /// ONNX's TensorProto.DataType.
  int number;
  /// As ONNX and NumPy say it, and what the C interface points to.
  const char *name, *ctype;
  unsigned bytes;
  /// What the bytes mean, where the C type does not say it.
  const char *meaning;
};

/// Null for a type that no C interface has (strings, complex numbers).
const ElementInfo *getElementInfo(mlir::Type elementType);
const ElementInfo *getElementInfo(int number);

/// An input or output.
struct Port {
  std::string name, ident;
  mlir::RankedTensorType type;
  /// real = (stored - zeroPoint) * scale; 0 where the values are not quantized.
  double scale = 0;
  int64_t zeroPoint = 0;
  /// In the arena; -1 where the tensor is the caller's.
  int64_t offset = -1;

  const ElementInfo &getElement() const {
    return *getElementInfo(type.getElementType());
  }
  int64_t getCount() const { return type.getNumElements(); }
  int64_t getBytes() const { return getCount() * getElement().bytes; }

  mlir::DictionaryAttr getAttr() const;
};

struct Interface {
  std::string name, sourceHash, version, target;
  llvm::SmallVector<Port, 4> inputs, outputs;
  int64_t arenaBytes = 0;
  unsigned arenaAlignment = 1;
  /// Of the weights file; 0 where the weights are part of the program.
  int64_t weightsBytes = 0;
  unsigned weightsAlignment = 1;
  /// The board's memories and what they hold, where it is known.
  std::vector<MemoryRegion> regions;

  /// "FACE": begins enumerators.
  std::string getUpperName() const;
  bool hasMappedWeights() const { return weightsBytes != 0; }
  /// Inputs and outputs lie in the arena.
  bool hasPortsInArena() const;
};

/// Reads the attributes of the module; an error where they are missing or
/// malformed.
mlir::FailureOr<Interface> getInterface(mlir::ModuleOp module);

/// The constant that `<model>_describe()` returns: its C declaration and its
/// bytes, made from one list of members, so that they agree. Members lie at
/// their natural alignment without padding, so that all compilers agree too.
struct InfoRecord {
  /// `typedef struct face_info {...} face_info;` and what it needs.
  std::string declaration;
  std::vector<char> bytes;
};
InfoRecord buildInfoRecord(const Interface &interface);

} // namespace tenon::kernel

#endif // TENON_DIALECTS_KERNEL_INTERFACE_H
