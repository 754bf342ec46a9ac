//===- LayerRecord.h - What is known of each layer --------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Layers become loops; what reports, tables and profiles say of them stays on
// the module. The n-th record is the n-th layer of the program, which is what
// the profile hook counts:
//
//   kernel.layers = [{nodes = ["conv1"], operation = "contract",
//                     macs = 442368, weight_bytes = 1792, ...}]
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_KERNEL_LAYERRECORD_H
#define TENON_DIALECTS_KERNEL_LAYERRECORD_H

#include "mlir/IR/BuiltinOps.h"
#include <string>
#include <vector>

namespace tenon::kernel {

inline constexpr llvm::StringLiteral kLayersAttrName = "kernel.layers";

struct LayerRecord {
  /// The ONNX nodes that were fused into it.
  std::vector<std::string> nodes;
  /// Of `nn`: "contract".
  std::string operation;
  /// "int8", or "float"; and why, in a model of integers.
  std::string arithmetic, floatBecause;
  /// Rows, vectors and lanes of the tile, and the form of the instructions that
  /// sum products of bytes: "4x2x16 bytes".
  std::string tile;
  /// Multiply-adds, and points of the iteration space.
  int64_t macs = 0, points = 0;
  int64_t weightBytes = 0, outputBytes = 0;

  /// The nodes with spaces between, escaped for a terminal.
  std::string getNodesText() const;
};

void setLayers(mlir::ModuleOp module, llvm::ArrayRef<LayerRecord> layers);

/// None where they were not recorded; what a record lacks is empty or 0.
std::vector<LayerRecord> getLayers(mlir::ModuleOp module);

/// Multiply-adds of all.
int64_t getMacs(llvm::ArrayRef<LayerRecord> layers);

} // namespace tenon::kernel

#endif // TENON_DIALECTS_KERNEL_LAYERRECORD_H
