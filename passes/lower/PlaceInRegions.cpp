//===- PlaceInRegions.cpp - Which memory of the board holds what ----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The arena gets the first region of RAM that has room for it, or the one that
// the memory file names. Constants get the first other region; those that it
// has no room for get the next one, and so on:
//
//     flash, 64 KB     [conv weights, read 300 times][..]
//     qspi, 8 MB       [dense weights, read once]
//
// What moves is read least often: of a layer, multiply-adds by byte of weights.
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Interface.h"
#include "dialects/kernel/LayerRecord.h"
#include "dialects/kernel/Regions.h"
#include "passes/lower/Passes.h"
#include "llvm/ADT/StringExtras.h"

#include <cmath>

namespace tenon {
#define GEN_PASS_DEF_PLACEINREGIONSPASS
#include "passes/lower/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;
using kernel::MemoryRegion;

namespace {
struct Constant {
  kernel::GlobalOp global;
  int64_t bytes;
  /// How often a run reads a byte of it.
  double reads;

  StringRef getName() const { return kernel::GlobalOp(global).getSymName(); }
};

struct PlaceInRegionsPass
    : public tenon::impl::PlaceInRegionsPassBase<PlaceInRegionsPass> {
  using PlaceInRegionsPassBase::PlaceInRegionsPassBase;
  void runOnOperation() override;

private:
  LogicalResult placeArena(std::vector<MemoryRegion> &regions);
  LogicalResult placeConstants(std::vector<MemoryRegion> &regions);
};
} // namespace

//===----------------------------------------------------------------------===//
// The arena
//===----------------------------------------------------------------------===//

/// ", of which the layers 'Conv_1' and 'Conv_2' need most".
static std::string getPeak(ModuleOp module) {
  SmallVector<std::string> names;
  if (auto list = module->getAttrOfType<ArrayAttr>(kernel::kPeakLayersAttrName))
    for (Attribute attr : list)
      if (auto name = dyn_cast<StringAttr>(attr); name && names.size() < 3) {
        std::string text;
        llvm::raw_string_ostream(text).write_escaped(name.getValue());
        names.push_back("'" + text + "'");
      }
  return names.empty() ? "" : "; the peak is at " + llvm::join(names, ", ");
}

LogicalResult
PlaceInRegionsPass::placeArena(std::vector<MemoryRegion> &regions) {
  ModuleOp module = getOperation();
  auto size = module->getAttrOfType<IntegerAttr>(kernel::kArenaSizeAttrName);
  int64_t bytes = size ? size.getInt() : 0;
  std::vector<MemoryRegion> meant = kernel::getArenaRegions(regions);
  if (meant.empty()) // where the arena lies is not said
    return success();
  for (const MemoryRegion &choice : meant) {
    if (choice.size < bytes)
      continue;
    MemoryRegion &region =
        *llvm::find_if(regions, [&](const MemoryRegion &region) {
          return region.name == choice.name;
        });
    region.hasArena = true;
    region.used = bytes;
    return success();
  }
  auto diag = emitError(UnknownLoc::get(&getContext()))
              << "an arena of " << bytes
              << " bytes, where the memory file has room for "
              << kernel::getSizes(meant) << getPeak(module);
  diag.attachNote() << "hint: a region with more room may be listed behind; "
                       "smaller inputs need less";
  return failure();
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

/// Of nodes, how often their layer reads a byte of its weights.
static llvm::StringMap<double> getReads(ModuleOp module) {
  llvm::StringMap<double> reads;
  for (const kernel::LayerRecord &layer : kernel::getLayers(module))
    for (const std::string &node : layer.nodes)
      if (layer.weightBytes > 0)
        reads[node] = double(layer.macs) / layer.weightBytes;
  return reads;
}

static std::vector<Constant> getConstants(ModuleOp module) {
  std::vector<Constant> constants;
  llvm::StringMap<double> readsOfNodes = getReads(module);
  llvm::DenseMap<StringAttr, double> reads;
  module.walk([&](kernel::ConstantOp op) {
    double &most = reads[op.getGlobalAttr().getAttr()];
    for (Operation *user : op->getUsers()) {
      auto found = readsOfNodes.find(kernel::getNodeName(user->getLoc()));
      // What nothing is known of is small mostly: it stays.
      most = std::max(most,
                      found == readsOfNodes.end() ? HUGE_VAL : found->second);
    }
  });
  for (auto global : module.getOps<kernel::GlobalOp>()) {
    if (kernel::getFileOffset(global))
      continue;
    auto type = cast<ShapedType>(global.getValue().getType());
    int64_t bytes =
        type.getNumElements() * kernel::getElementBytes(type.getElementType());
    constants.push_back(
        {global,
         int64_t(llvm::alignTo(bytes, kernel::getConstantAlignment(global))),
         reads.lookup(global.getSymNameAttr())});
  }
  return constants;
}

/// Takes out of `constants`, whose bytes are `used`, what there is no room for:
/// what is read least often; and of that leaves what fits after all.
static std::vector<Constant> takeRest(std::vector<Constant> &constants,
                                      int64_t room, int64_t &used) {
  llvm::sort(constants, [](const Constant &a, const Constant &b) {
    return std::tuple(-a.reads, a.bytes, a.getName()) <
           std::tuple(-b.reads, b.bytes, b.getName());
  });
  std::vector<Constant> kept, rest;
  used = 0;
  for (const Constant &constant : constants) {
    bool fits = used + constant.bytes <= room;
    (fits ? kept : rest).push_back(constant);
    used += fits ? constant.bytes : 0;
  }
  constants = std::move(kept);
  return rest;
}

LogicalResult
PlaceInRegionsPass::placeConstants(std::vector<MemoryRegion> &regions) {
  std::vector<Constant> rest = getConstants(getOperation());
  int64_t all = 0;
  for (const Constant &constant : rest)
    all += constant.bytes;
  std::vector<MemoryRegion> meant;
  for (MemoryRegion &region : regions) {
    if (region.isRam)
      continue;
    meant.push_back(region);
    std::vector<Constant> here = std::move(rest);
    rest = takeRest(here, region.size, region.used);
    for (Constant &constant : here)
      if (!region.section.empty())
        constant.global->setAttr(
            kernel::kSectionAttrName,
            StringAttr::get(&getContext(), region.section));
  }
  // With no region, where constants lie is not said.
  if (rest.empty() || meant.empty())
    return success();
  Constant largest =
      *llvm::max_element(rest, [](const Constant &a, const Constant &b) {
        return a.bytes < b.bytes;
      });
  StringRef node = kernel::getNodeName(largest.global.getLoc());
  auto diag = emitError(UnknownLoc::get(&getContext()))
              << "constants of " << all
              << " bytes, where the memory file has room for "
              << kernel::getSizes(meant) << "; the largest without a place "
              << "has " << largest.bytes << " bytes";
  if (!node.empty())
    diag << ", in '" << node << "'";
  diag.attachNote() << kernel::getConstantsHint(getOperation());
  return failure();
}

void PlaceInRegionsPass::runOnOperation() {
  std::vector<MemoryRegion> regions = kernel::getRegions(getOperation());
  if (regions.empty())
    return;
  if (failed(placeArena(regions)) || failed(placeConstants(regions)))
    return signalPassFailure();
  kernel::setRegions(getOperation(), regions);
}
