//===- PrintPlan.cpp - A plan as a table ----------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `print-plan` shows: who lies where in the arena and when, then how full
// the arena is while each layer runs; `*` marks the layers at the peak.
//
//     arena: 64 bytes, lower bound 64
//           offset      bytes  steps         values
//          input 0         32      0..0      input 0
//                0         32      0..1      conv
//               32         32      1..2      flip
//         output 0         32      2..2      last
//      step  bytes in use  layer
//         0            32  conv
//         1            64* flip
//         2            32  last
//
//===----------------------------------------------------------------------===//

#include "passes/schedule/Plan.h"
#include "llvm/Support/Format.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::schedule;

static std::string getValueName(const Network &network, int id) {
  const TensorInfo &info = network.values[id];
  if (info.kind == TensorInfo::Input)
    return "input " +
           std::to_string(cast<BlockArgument>(info.value).getArgNumber());
  if (info.step >= 0)
    return network.steps[info.step].name;
  StringRef name = kernel::getNodeName(info.value.getLoc());
  return name.empty()
             ? info.value.getDefiningOp()->getName().getStringRef().str()
             : name.str();
}

static void printRow(llvm::raw_ostream &os, const Plan &plan, int index) {
  const Storage &storage = plan.aliasing.storages[index];
  std::string place = std::to_string(plan.offsets[index]);
  if (!plan.aliasing.isInArena(storage))
    place = (storage.kind == Storage::Input ? "input " : "output ") +
            std::to_string(storage.index);
  os << llvm::format("%12s %10lld  %5d..%-5d ", place.c_str(),
                     (long long)storage.bytes, std::max(storage.first, 0),
                     std::min(storage.last, plan.network.getEnd() - 1));
  for (int id : storage.values) {
    const Layout &layout = plan.aliasing.layouts[id];
    os << ' ';
    os.write_escaped(getValueName(plan.network, id));
    if (layout.offset != 0)
      os << '+' << layout.offset;
    if (!layout.isContiguous())
      os << "(strided)";
  }
  os << '\n';
}

void tenon::schedule::printPlan(llvm::raw_ostream &os, const Plan &plan) {
  os << "arena: " << plan.arenaBytes << " bytes, lower bound "
     << plan.boundBytes << "\n      offset      bytes  steps         values\n";
  std::vector<int> order;
  for (auto [index, storage] : llvm::enumerate(plan.aliasing.storages))
    if (storage.kind != Storage::Constant && !storage.values.empty() &&
        (storage.kind != Storage::Arena || plan.offsets[index] >= 0))
      order.push_back(index);
  llvm::sort(order, [&](int a, int b) {
    return std::make_pair(plan.aliasing.storages[a].first, a) <
           std::make_pair(plan.aliasing.storages[b].first, b);
  });
  for (int index : order)
    printRow(os, plan, index);
  os << " step  bytes in use  layer\n";
  for (auto [index, step] : llvm::enumerate(plan.network.steps)) {
    int64_t bytes = plan.liveBytes[index];
    os << llvm::format("%5d  %12lld%c ", int(index), (long long)bytes,
                       bytes == plan.boundBytes ? '*' : ' ');
    os.write_escaped(step.name) << '\n';
  }
}
