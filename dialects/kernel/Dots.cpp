//===- Dots.cpp - How targets sum products of bytes -----------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Dots.h"

using namespace tenon::kernel;

llvm::StringRef tenon::kernel::stringifyDotForm(DotForm form) {
  switch (form) {
  case DotForm::None:
    return "none";
  case DotForm::Bytes:
    return "bytes";
  case DotForm::Shorts:
    return "shorts";
  case DotForm::Vectors:
    return "vectors";
  case DotForm::Halves:
    return "halves";
  case DotForm::Singles:
    return "singles";
  }
  llvm_unreachable("a form without a name");
}

DotTraits tenon::kernel::getTraits(DotKind kind) {
  DotTraits traits;
  switch (kind) {
  case DotKind::None:
    break;
  case DotKind::Dsp:
    traits.inSum = DotForm::Shorts;
    traits.across = DotForm::Halves;
    break;
  case DotKind::Maddwd:
    traits.inSum = DotForm::Shorts;
    traits.across = DotForm::Singles;
    break;
  case DotKind::Vnni:
    traits.inSum = DotForm::Bytes;
    traits.across = DotForm::Singles;
    traits.takesUnsigned = true;
    break;
  case DotKind::Dotprod:
    traits.inSum = DotForm::Bytes;
    break;
  case DotKind::Neon:
    traits.inSum = DotForm::Bytes;
    traits.wantsNarrow = true;
    break;
  case DotKind::Mve:
    traits.inSum = DotForm::Vectors;
    traits.rest = DotForm::Shorts;
    traits.across = DotForm::Halves;
    break;
  }
  return traits;
}

int64_t tenon::kernel::getByteZeroPoint(bool isUnsigned, bool wantsUnsigned) {
  if (isUnsigned == wantsUnsigned)
    return 0;
  return wantsUnsigned ? -128 : 128;
}
