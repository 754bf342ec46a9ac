//===- KernelOps.cpp - Verifiers of the kernel dialect --------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Kernel.h"

#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace tenon::kernel;

unsigned tenon::kernel::getElementBytes(Type type) {
  if (isa<IndexType>(type))
    return 8;
  return llvm::divideCeil(type.getIntOrFloatBitWidth(), 8);
}

//===----------------------------------------------------------------------===//
// Attributes of other dialects' operations
//===----------------------------------------------------------------------===//

LogicalResult KernelDialect::verifyOperationAttribute(Operation *op,
                                                      NamedAttribute attr) {
  if (attr.getName() == kTargetAttrName && !isa<TargetAttr>(attr.getValue()))
    return op->emitOpError() << "expected a #kernel.target as '"
                             << kTargetAttrName << "', got " << attr.getValue();
  if (attr.getName() == kFileOffsetAttrName) {
    auto offset = dyn_cast<IntegerAttr>(attr.getValue());
    if (!isa<GlobalOp>(op) || !offset || offset.getInt() < 0)
      return op->emitOpError()
             << "expected a place in the weights file on a kernel.global as '"
             << kFileOffsetAttrName << "', got " << attr.getValue();
  }
  return success();
}

LogicalResult KernelDialect::verifyRegionArgAttribute(Operation *op, unsigned,
                                                      unsigned index,
                                                      NamedAttribute attr) {
  StringRef name = attr.getName();
  if (name == kNameAttrName || name == kCTypeAttrName) {
    if (!isa<StringAttr>(attr.getValue()))
      return op->emitOpError()
             << "expected a string as '" << name << "' of argument " << index;
    return success();
  }
  if (name != kReadOnlyAttrName && name != kNoAliasAttrName)
    return op->emitOpError()
           << "has the unknown argument attribute '" << name << "'";
  auto function = dyn_cast<FunctionOpInterface>(op);
  if (!function || !isa<MemRefType>(function.getArgumentTypes()[index]))
    return op->emitOpError() << "has '" << name << "' on argument " << index
                             << ", which is no memref";
  return success();
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

LogicalResult GlobalOp::verify() {
  auto type = dyn_cast<ShapedType>(getValue().getType());
  if (!type || !type.hasStaticShape() ||
      !type.getElementType().isIntOrIndexOrFloat())
    return emitOpError() << "expected a value of static shape and of integers "
                            "or floats, got "
                         << getValue().getType();
  if (auto alignment = getAlignment())
    if (!llvm::isPowerOf2_64(*alignment) || int64_t(*alignment) < 1)
      return emitOpError() << "expected a power of two as alignment, got "
                           << int64_t(*alignment);
  return success();
}

LogicalResult ConstantOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto global =
      symbols.lookupNearestSymbolFrom<GlobalOp>(*this, getGlobalAttr());
  if (!global)
    return emitOpError() << "names no kernel.global: " << getGlobalAttr();
  auto value = dyn_cast<ShapedType>(global.getValue().getType());
  auto type = cast<MemRefType>(getType());
  if (!value || !value.hasStaticShape() || !type.hasStaticShape() ||
      value.getNumElements() != type.getNumElements())
    return emitOpError() << "expected the number of elements of "
                         << global.getValue().getType() << ", got " << type;
  Type from = value.getElementType(), to = type.getElementType();
  bool asBits =
      isa<IntegerType>(to) && getElementBytes(from) == getElementBytes(to);
  if (from != to && !asBits)
    return emitOpError() << "expected elements " << from
                         << " of the global, or integers of that size, got "
                         << to;
  return success();
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Value SliceOp::getViewSource() { return getSource(); }

LogicalResult SliceOp::verify() {
  auto from = cast<MemRefType>(getSource().getType());
  auto to = cast<MemRefType>(getType());
  uint64_t size = getElementBytes(to.getElementType());
  if (getOffset() % size != 0)
    return emitOpError() << "expected an offset that is a multiple of " << size
                         << ", the size of an element, got " << getOffset();
  if (!from.hasStaticShape())
    return success();
  uint64_t have =
      from.getNumElements() * getElementBytes(from.getElementType());
  uint64_t want = to.hasStaticShape() ? to.getNumElements() * size : 0;
  if (getOffset() > have || want > have - getOffset())
    return emitOpError() << "reaches byte " << getOffset() + want
                         << " of a buffer of " << have << " bytes";
  return success();
}

/// A slice of a slice is one slice; a slice that changes nothing is none.
OpFoldResult SliceOp::fold(FoldAdaptor) {
  if (getOffset() == 0 && getSource().getType() == getType())
    return getSource();
  auto inner = getSource().getDefiningOp<SliceOp>();
  if (!inner)
    return {};
  setOffset(getOffset() + inner.getOffset());
  setOperand(inner.getSource());
  return getResult();
}

/// What partial loads and stores have in common.
static LogicalResult verifyPartial(Operation *op, MemRefType memref,
                                   VectorType vector, uint64_t count) {
  if (memref.getElementType() != vector.getElementType())
    return op->emitOpError() << "expected a vector of "
                             << memref.getElementType() << ", got " << vector;
  if (count >= uint64_t(vector.getNumElements()))
    return op->emitOpError()
           << "expected fewer than " << vector.getNumElements()
           << " lanes, got " << count;
  return success();
}

LogicalResult LoadOp::verify() {
  return verifyPartial(*this, cast<MemRefType>(getSource().getType()),
                       cast<VectorType>(getType()), getCount());
}

LogicalResult StoreOp::verify() {
  return verifyPartial(*this, cast<MemRefType>(getTarget().getType()),
                       cast<VectorType>(getValue().getType()), getCount());
}

LogicalResult CopyOp::verify() {
  Type from = cast<MemRefType>(getSource().getType()).getElementType();
  Type to = cast<MemRefType>(getTarget().getType()).getElementType();
  if (from != to)
    return emitOpError() << "expected equal element types, got " << from
                         << " and " << to;
  return success();
}

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

static DotKind getDot(Operation *op) {
  TargetAttr target = getTarget(op);
  return target ? target.getDot() : DotKind::None;
}

/// How many words a value of this operation holds.
static int64_t getWords(Operation *op) {
  auto vector = dyn_cast<VectorType>(op->getResult(0).getType());
  return vector ? vector.getNumElements() : 1;
}

/// On a word in a general register.
static DotKind getDsp(Operation *op) {
  DotKind kind = getDot(op);
  bool hasDsp = kind == DotKind::Dsp || kind == DotKind::Mve;
  return hasDsp && op->getResult(0).getType().isInteger(32) ? DotKind::Dsp
                                                            : DotKind::None;
}

DotKind tenon::kernel::getInstructions(WidenOp op) { return getDsp(op); }

DotKind tenon::kernel::getInstructions(DotShortsOp op) {
  DotKind kind = getDot(op);
  if (kind == DotKind::Vnni || kind == DotKind::Maddwd)
    return getWords(op) >= 4 ? kind : DotKind::None;
  return getDsp(op);
}

DotKind tenon::kernel::getInstructions(DotLanesOp op) {
  int64_t lanes = cast<VectorType>(op.getLhs().getType()).getNumElements();
  bool fits = getDot(op) == DotKind::Mve && lanes == 16;
  return fits ? DotKind::Mve : DotKind::None;
}

DotKind tenon::kernel::getInstructions(DotBytesOp op) {
  DotKind kind = getDot(op);
  int64_t words = getWords(op);
  bool fits = op.getIsUnsigned()
                  ? kind == DotKind::Vnni && words >= 4
                  : (kind == DotKind::Dotprod ||
                     (kind == DotKind::Neon && op.getIsNarrow())) &&
                        words == 4;
  return fits ? kind : DotKind::None;
}

//===----------------------------------------------------------------------===//
// Control
//===----------------------------------------------------------------------===//

LogicalResult FailOp::verify() {
  auto function = dyn_cast<FunctionOpInterface>((*this)->getParentOp());
  if (!function)
    return emitOpError() << "stands inside of '"
                         << (*this)->getParentOp()->getName()
                         << "', expected to stand directly in a function";
  ArrayRef<Type> results = function.getResultTypes();
  if (results.size() != 1 || !results.front().isInteger(32))
    return emitOpError() << "stands in a function that does not return an i32";
  return success();
}

LogicalResult ParallelOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto callee = symbols.lookupNearestSymbolFrom<FunctionOpInterface>(
      *this, getCalleeAttr());
  if (!callee)
    return emitOpError() << "names no function: " << getCalleeAttr();
  SmallVector<Type> types(getArgs().getTypes());
  types.append(2, IndexType::get(getContext()));
  if (callee.getArgumentTypes() != ArrayRef<Type>(types) ||
      !callee.getResultTypes().empty()) {
    InFlightDiagnostic diag = emitOpError()
                              << "expected a callee of type "
                              << FunctionType::get(getContext(), types, {});
    diag.attachNote(callee.getLoc())
        << "the callee has the type " << callee.getFunctionType();
    return diag;
  }
  return success();
}
