//===- MapWeights.cpp - Weights in a file of their own --------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The constants that a run uses get a place in one file, which the caller maps
// and hands over in the context:
//
//     kernel.global @w = dense<...> : tensor<1024xf32>
//     func.func @face_run_ex(..., %context: !kernel.context) -> i32 {
//       %w = kernel.constant @w : memref<1024xf32>
//
// becomes
//
//     kernel.global @w {kernel.file_offset = 64} = dense<...>
//     kernel.global @weights_header = ... : tensor<12xi32>
//     func.func @face_run_ex(..., %context: !kernel.context) -> i32 {
//       no context or weights: kernel.fail 1; misaligned: kernel.fail 2;
//       too small, or another header: kernel.fail 4
//       %file = kernel.weights %context : memref<4160xi8>
//       %w = kernel.slice %file, 64 : memref<4160xi8> to memref<1024xf32>
//
// The header, at the beginning of the file, is 48 bytes: "TENON-W1", the size
// of the file, the SHA-256 of what follows the first 64 bytes. It tells a file
// of another model; that its data are what they were is the caller's care.
// There is no `face_run`, which has no context and could only fail.
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Interface.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "passes/lower/Passes.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/SHA256.h"

namespace tenon {
#define GEN_PASS_DEF_MAPWEIGHTSPASS
#include "passes/lower/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;

static constexpr int64_t kHeaderWords = 12;

namespace {
struct MapWeightsPass : public tenon::impl::MapWeightsPassBase<MapWeightsPass> {
  using MapWeightsPassBase::MapWeightsPassBase;
  void runOnOperation() override;

private:
  void placeGlobals(ArrayRef<kernel::GlobalOp> globals);
  kernel::GlobalOp makeHeader();
  void replaceConstants(ArrayRef<kernel::ConstantOp> constants, Value file);

  /// Of the file.
  int64_t bytes, alignment;
  std::array<uint8_t, 32> hash;
};

/// Writes code that leaves a run where it cannot go on.
struct CheckBuilder {
  OpBuilder &builder;
  Location loc;

  void fail(Value condition, kernel::Status status) {
    Value bad =
        builder.create<arith::ConstantIntOp>(loc, static_cast<int>(status), 32);
    Value ok = builder.create<arith::ConstantIntOp>(loc, 0, 32);
    builder.create<kernel::FailOp>(
        loc, builder.create<arith::SelectOp>(loc, condition, bad, ok));
  }
  void failIfMisaligned(Value pointer, int64_t alignment,
                        kernel::Status status) {
    fail(builder.create<kernel::MisalignedOp>(loc, builder.getI1Type(), pointer,
                                              alignment),
         status);
  }
  Value compareWords(Value found, Value wanted);
};
} // namespace

/// Whether the words of two buffers differ.
Value CheckBuilder::compareWords(Value found, Value wanted) {
  auto getIndex = [&](int64_t value) -> Value {
    return builder.create<arith::ConstantIndexOp>(loc, value);
  };
  Value zero = builder.create<arith::ConstantIntOp>(loc, 0, 32);
  auto loop = builder.create<scf::ForOp>(
      loc, getIndex(0), getIndex(kHeaderWords), getIndex(1), zero,
      [&](OpBuilder &body, Location loc, Value i, ValueRange difference) {
        Value a = body.create<memref::LoadOp>(loc, found, i);
        Value b = body.create<memref::LoadOp>(loc, wanted, i);
        Value bits = body.create<arith::XOrIOp>(loc, a, b);
        bits = body.create<arith::OrIOp>(loc, difference[0], bits);
        body.create<scf::YieldOp>(loc, bits);
      });
  return builder.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ne,
                                       loop.getResult(0), zero);
}

void MapWeightsPass::placeGlobals(ArrayRef<kernel::GlobalOp> globals) {
  kernel::TargetAttr target = kernel::getTarget(getOperation());
  int64_t usual = target ? target.getAlignment() : 16;
  bytes = int64_t(kernel::kWeightsHeaderBytes);
  alignment = std::max<int64_t>(usual, 4); // the header is read in words
  llvm::SHA256 sha;
  Builder builder(&getContext());
  for (kernel::GlobalOp global : globals) {
    int64_t own = global.getAlignment().value_or(usual);
    int64_t offset = llvm::alignTo(bytes, own);
    alignment = std::max(alignment, own);
    std::vector<char> data = kernel::getData(global);
    sha.update(std::string(offset - bytes, '\0'));
    sha.update(StringRef(data.data(), data.size()));
    global->setAttr(kernel::kFileOffsetAttrName,
                    builder.getI64IntegerAttr(offset));
    bytes = offset + data.size();
  }
  hash = sha.final();
}

kernel::GlobalOp MapWeightsPass::makeHeader() {
  std::vector<char> header;
  StringRef magic = "TENON-W1";
  header.assign(magic.begin(), magic.end());
  char size[8];
  llvm::support::endian::write64le(size, bytes);
  header.insert(header.end(), size, size + 8);
  header.insert(header.end(), hash.begin(), hash.end());
  OpBuilder builder(&getContext());
  auto global = builder.create<kernel::GlobalOp>(
      UnknownLoc::get(&getContext()), kernel::kWeightsHeaderName,
      DenseElementsAttr::getFromRawBuffer(
          RankedTensorType::get({kHeaderWords}, builder.getI32Type()), header),
      builder.getI64IntegerAttr(8));
  SymbolTable(getOperation()).insert(global, getOperation().getBody()->begin());
  return global;
}

void MapWeightsPass::replaceConstants(ArrayRef<kernel::ConstantOp> constants,
                                      Value file) {
  SymbolTable symbols(getOperation());
  for (kernel::ConstantOp constant : constants) {
    auto global = symbols.lookup<kernel::GlobalOp>(constant.getGlobal());
    OpBuilder builder(constant);
    constant.replaceAllUsesWith(
        builder
            .create<kernel::SliceOp>(constant.getLoc(), constant.getType(),
                                     file, *kernel::getFileOffset(global))
            .getResult());
    constant.erase();
  }
}

void MapWeightsPass::runOnOperation() {
  ModuleOp module = getOperation();
  FailureOr<kernel::Interface> interface = kernel::getInterface(module);
  if (failed(interface))
    return signalPassFailure();
  auto run = module.lookupSymbol<func::FuncOp>(interface->name + "_run_ex");
  if (!run || run.isExternal() || run.getNumArguments() == 0 ||
      !isa<kernel::ContextType>(run.getArgumentTypes().back())) {
    module.emitError() << "expected a function '" << interface->name
                       << "_run_ex' whose last argument is the context";
    return signalPassFailure();
  }

  SmallVector<kernel::ConstantOp> constants;
  llvm::SetVector<Operation *> used;
  SymbolTable symbols(module);
  run.walk([&](kernel::ConstantOp constant) {
    constants.push_back(constant);
    used.insert(symbols.lookup(constant.getGlobal()));
  });
  SmallVector<kernel::GlobalOp> globals;
  for (Operation *global : used)
    globals.push_back(cast<kernel::GlobalOp>(global));
  placeGlobals(globals);
  kernel::GlobalOp header = makeHeader();

  OpBuilder builder = OpBuilder::atBlockBegin(&run.front());
  Location loc = run.getLoc();
  CheckBuilder check{builder, loc};
  Value context = run.getArguments().back();
  check.failIfMisaligned(context, 1, kernel::Status::Null);
  Value file = builder.create<kernel::WeightsOp>(
      loc, MemRefType::get({bytes}, builder.getI8Type()), context);
  check.failIfMisaligned(file, 1, kernel::Status::Null);
  check.failIfMisaligned(file, alignment, kernel::Status::Alignment);
  Value given = builder.create<kernel::WeightsSizeOp>(
      loc, builder.getIndexType(), context);
  Value wanted = builder.create<arith::ConstantIndexOp>(loc, bytes);
  check.fail(builder.create<arith::CmpIOp>(loc, arith::CmpIPredicate::ult,
                                           given, wanted),
             kernel::Status::Weights);
  auto words = MemRefType::get({kHeaderWords}, builder.getI32Type());
  check.fail(
      check.compareWords(
          builder.create<kernel::SliceOp>(loc, words, file, 0),
          builder.create<kernel::ConstantOp>(
              loc, words, FlatSymbolRefAttr::get(header.getSymNameAttr()))),
      kernel::Status::Weights);
  replaceConstants(constants, file);

  if (auto plain = module.lookupSymbol<func::FuncOp>(interface->name + "_run"))
    plain.erase();
  module->setAttr(kernel::kWeightsBytesAttrName,
                  builder.getI64IntegerAttr(bytes));
  module->setAttr(kernel::kWeightsAlignmentAttrName,
                  builder.getI64IntegerAttr(alignment));
}
