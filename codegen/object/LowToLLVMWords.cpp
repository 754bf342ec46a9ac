//===- LowToLLVMWords.cpp - Bytes and shorts that words hold --------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where the target has an instruction for an operation on words or on vectors
// of bytes, LLVM's intrinsic of it, whose name may be that of an older
// extension than the target's; else the arithmetic that the operation stands
// for.
//
//===----------------------------------------------------------------------===//

#include "codegen/object/LowToLLVM.h"

#include "dialects/kernel/Kernel.h"

using namespace mlir;
using namespace tenon;

static void lowerLoadWord(kernel::LoadWordOp op,
                          kernel::LoadWordOp::Adaptor adaptor, LowBuilder &b) {
  Type i8 = b.rewriter.getI8Type(), i32 = b.rewriter.getI32Type();
  Value pointer = b.getElement(i8, adaptor.getSource(), adaptor.getIndex());
  auto load = [&](unsigned bytes, int64_t at) -> Value {
    Value from =
        at == 0 ? pointer
                : b.getElement(i8, pointer, b.getInteger(b.getIndexType(), at));
    Type type = b.rewriter.getIntegerType(8 * bytes);
    Value bits = b.create<LLVM::LoadOp>(type, from, /*alignment=*/1);
    return bytes == 4 ? bits : b.create<LLVM::ZExtOp>(i32, bits);
  };
  int64_t count = op.getCount();
  if (count != 3)
    return b.rewriter.replaceOp(op, load(count, 0));
  Value last = b.create<LLVM::ShlOp>(load(1, 2), b.getI32(16));
  b.replace<LLVM::OrOp>(op, load(2, 0), last);
}

/// `type`, a word or a vector of them, with lanes of `bits` bits.
static VectorType getParts(Type type, unsigned bits) {
  auto vector = dyn_cast<VectorType>(type);
  int64_t words = vector ? vector.getNumElements() : 1;
  return VectorType::get({words * 32 / bits},
                         IntegerType::get(type.getContext(), bits));
}

static Value splat(LowBuilder &b, Type type, int64_t value) {
  auto shaped = cast<VectorType>(type);
  APInt bits(shaped.getElementTypeBitWidth(), value, /*isSigned=*/true);
  return b.create<LLVM::ConstantOp>(type, DenseElementsAttr::get(shaped, bits));
}

static void lowerWiden(kernel::WidenOp op, kernel::WidenOp::Adaptor adaptor,
                       LowBuilder &b) {
  Type type = op.getType();
  if (kernel::getInstructions(op) == kernel::DotKind::Dsp) {
    Value word = adaptor.getWord();
    if (op.getOdd())
      word = b.create<LLVM::FshrOp>(word, word, b.getI32(8));
    bool adds = !matchPattern(op.getAddend(), m_Zero());
    std::string name = op.getIsUnsigned() ? "llvm.arm.uxt" : "llvm.arm.sxt";
    SmallVector<Value> operands{word};
    if (adds)
      operands.insert(operands.begin(), adaptor.getAddend());
    return b.replace<LLVM::CallIntrinsicOp>(
        op, type, b.rewriter.getStringAttr(name + (adds ? "ab16" : "b16")),
        operands);
  }
  VectorType shorts = getParts(type, 16);
  Value parts = b.create<LLVM::BitcastOp>(shorts, adaptor.getWord());
  Value eight = splat(b, shorts, 8);
  if (!op.getOdd())
    parts = b.create<LLVM::ShlOp>(parts, eight);
  if (op.getIsUnsigned())
    parts = b.create<LLVM::LShrOp>(parts, eight);
  else
    parts = b.create<LLVM::AShrOp>(parts, eight);
  Value addend = b.create<LLVM::BitcastOp>(shorts, adaptor.getAddend());
  b.replace<LLVM::BitcastOp>(op, type, b.create<LLVM::AddOp>(parts, addend));
}

/// Products in 32 bits, then a shuffle and a sum for each neighbour.
static Value buildDot(LowBuilder &b, unsigned bits, bool isUnsigned, Value lhs,
                      Value rhs, Value acc) {
  Type type = acc.getType();
  VectorType parts = getParts(type, bits);
  auto wide = VectorType::get(parts.getShape(), b.rewriter.getI32Type());
  auto widen = [&](Value value, bool isUnsigned) -> Value {
    value = b.create<LLVM::BitcastOp>(parts, value);
    return isUnsigned ? b.create<LLVM::ZExtOp>(wide, value).getResult()
                      : b.create<LLVM::SExtOp>(wide, value).getResult();
  };
  Value products =
      b.create<LLVM::MulOp>(widen(lhs, isUnsigned), widen(rhs, false));
  int64_t group = 32 / bits, words = parts.getNumElements() / group;
  for (int64_t i = 0; i < group; ++i) {
    if (!isa<VectorType>(type)) {
      acc = b.create<LLVM::AddOp>(
          acc, b.create<LLVM::ExtractElementOp>(products, b.getI32(i)));
      continue;
    }
    SmallVector<int32_t> lanes;
    for (int64_t word = 0; word < words; ++word)
      lanes.push_back(word * group + i);
    acc = b.create<LLVM::AddOp>(
        acc, b.create<LLVM::ShuffleVectorOp>(products, products, lanes));
  }
  return acc;
}

/// Operands are two factors and a sum.
static void lowerToVnni(Operation *op, StringRef instruction,
                        ValueRange operands, LowBuilder &b) {
  Type type = op->getResult(0).getType();
  unsigned bits = cast<VectorType>(type).getNumElements() * 32;
  std::string name =
      ("llvm.x86.avx512." + instruction + "." + Twine(bits)).str();
  b.replace<LLVM::CallIntrinsicOp>(
      op, type, b.rewriter.getStringAttr(name),
      ValueRange{operands[2], operands[0], operands[1]});
}

static void lowerToMaddwd(kernel::DotShortsOp op,
                          kernel::DotShortsOp::Adaptor adaptor, LowBuilder &b) {
  Type type = op.getType(), shorts = getParts(type, 16);
  unsigned bits = cast<VectorType>(type).getNumElements() * 32;
  StringRef name = bits == 512   ? "llvm.x86.avx512.pmaddw.d.512"
                   : bits == 256 ? "llvm.x86.avx2.pmadd.wd"
                                 : "llvm.x86.sse2.pmadd.wd";
  Value x = b.create<LLVM::BitcastOp>(shorts, adaptor.getLhs());
  Value w = b.create<LLVM::BitcastOp>(shorts, adaptor.getRhs());
  Value products = b.create<LLVM::CallIntrinsicOp>(
                        type, b.rewriter.getStringAttr(name), ValueRange{x, w})
                       .getResult(0);
  b.replace<LLVM::AddOp>(op, adaptor.getAcc(), products);
}

static void lowerDotShorts(kernel::DotShortsOp op,
                           kernel::DotShortsOp::Adaptor adaptor,
                           LowBuilder &b) {
  kernel::DotKind kind = kernel::getInstructions(op);
  if (kind == kernel::DotKind::Maddwd)
    return lowerToMaddwd(op, adaptor, b);
  if (kind == kernel::DotKind::Vnni)
    return lowerToVnni(op, "vpdpwssd", adaptor.getOperands(), b);
  if (kind == kernel::DotKind::Dsp)
    return b.replace<LLVM::CallIntrinsicOp>(
        op, op.getType(), b.rewriter.getStringAttr("llvm.arm.smlad"),
        adaptor.getOperands());
  b.rewriter.replaceOp(op, buildDot(b, 16, false, adaptor.getLhs(),
                                    adaptor.getRhs(), adaptor.getAcc()));
}

/// Two halves of products, their pairs, and pairs of these onto the lanes.
static void lowerToNeon(kernel::DotBytesOp op,
                        kernel::DotBytesOp::Adaptor adaptor, LowBuilder &b) {
  Type type = op.getType(), bytes = getParts(type, 8),
       shorts = getParts(type, 16);
  Value factors[] = {b.create<LLVM::BitcastOp>(bytes, adaptor.getLhs()),
                     b.create<LLVM::BitcastOp>(bytes, adaptor.getRhs())};
  auto call = [&](StringRef name, Type result, ValueRange operands) {
    return b
        .create<LLVM::CallIntrinsicOp>(
            result, b.rewriter.getStringAttr("llvm.aarch64.neon." + name.str()),
            operands)
        .getResult(0);
  };
  SmallVector<Value> products;
  for (int32_t first : {0, 8}) {
    auto lanes = llvm::to_vector(llvm::seq(first, first + 8));
    SmallVector<Value> halves;
    for (Value factor : factors)
      halves.push_back(b.create<LLVM::ShuffleVectorOp>(factor, factor, lanes));
    products.push_back(call("smull.v8i16", shorts, halves));
  }
  Value pairs = call("addp.v8i16", shorts, products);
  Value sums = call("saddlp.v4i32.v8i16", type, pairs);
  b.replace<LLVM::AddOp>(op, adaptor.getAcc(), sums);
}

static void lowerDotBytes(kernel::DotBytesOp op,
                          kernel::DotBytesOp::Adaptor adaptor, LowBuilder &b) {
  Value lhs = adaptor.getLhs(), rhs = adaptor.getRhs(), acc = adaptor.getAcc();
  Type type = op.getType();
  kernel::DotKind kind = kernel::getInstructions(op);
  if (kind == kernel::DotKind::Vnni)
    return lowerToVnni(op, "vpdpbusd", adaptor.getOperands(), b);
  if (kind == kernel::DotKind::Neon)
    return lowerToNeon(op, adaptor, b);
  if (kind == kernel::DotKind::Dotprod) {
    Type bytes = getParts(type, 8);
    Value x = b.create<LLVM::BitcastOp>(bytes, lhs);
    Value w = b.create<LLVM::BitcastOp>(bytes, rhs);
    return b.replace<LLVM::CallIntrinsicOp>(
        op, type,
        b.rewriter.getStringAttr("llvm.aarch64.neon.sdot.v4i32.v16i8"),
        ValueRange{acc, x, w});
  }
  b.rewriter.replaceOp(op, buildDot(b, 8, op.getIsUnsigned(), lhs, rhs, acc));
}

static void lowerDotLanes(kernel::DotLanesOp op,
                          kernel::DotLanesOp::Adaptor adaptor, LowBuilder &b) {
  Value lhs = adaptor.getLhs(), rhs = adaptor.getRhs(), acc = adaptor.getAcc();
  if (kernel::getInstructions(op) == kernel::DotKind::Mve) {
    Value no = b.getI32(0); // neither unsigned, nor subtracted, nor crossed
    return b.replace<LLVM::CallIntrinsicOp>(
        op, op.getType(), b.rewriter.getStringAttr("llvm.arm.mve.vmldava"),
        ValueRange{no, no, no, acc, lhs, rhs});
  }
  auto wide =
      VectorType::get(cast<VectorType>(op.getLhs().getType()).getShape(),
                      b.rewriter.getI32Type());
  Value products = b.create<LLVM::MulOp>(b.create<LLVM::SExtOp>(wide, lhs),
                                         b.create<LLVM::SExtOp>(wide, rhs));
  Value sum =
      b.create<LLVM::CallIntrinsicOp>(
           op.getType(), b.rewriter.getStringAttr("llvm.vector.reduce.add"),
           ValueRange{products})
          .getResult(0);
  b.replace<LLVM::AddOp>(op, acc, sum);
}

void tenon::populateWordPatterns(LLVMTypeConverter &converter,
                                 RewritePatternSet &patterns) {
  addLowering(patterns, converter, lowerLoadWord);
  addLowering(patterns, converter, lowerWiden);
  addLowering(patterns, converter, lowerDotShorts);
  addLowering(patterns, converter, lowerDotBytes);
  addLowering(patterns, converter, lowerDotLanes);
}
