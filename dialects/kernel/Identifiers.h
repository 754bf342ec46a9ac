//===- Identifiers.h - Names that C++ accepts -------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_DIALECTS_KERNEL_IDENTIFIERS_H
#define TENON_DIALECTS_KERNEL_IDENTIFIERS_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace tenon {

/// Makes an identifier of any text: lower case, not reserved, never empty.
std::string getCppIdentifier(llvm::StringRef text, llvm::StringRef fallback);

/// Whether a name may be used as it is: C++'s words and what the printer itself
/// defines are reserved.
bool isCppIdentifier(llvm::StringRef name);

/// Whether a name means something to C++, to a common macro or to the printer.
bool isReservedInCpp(llvm::StringRef name);

/// Whether a name is that of a function, macro or header of C's library, or of
/// what programs commonly have beside it.
bool isStandardName(llvm::StringRef name);

/// Whether a model may have this name. It becomes a namespace and the name of
/// headers, which stand beside the library's in a user's program: no identifier
/// that is reserved, and no standard name.
bool isModelName(llvm::StringRef name);

/// Makes the name of a model of any text.
std::string getModelIdentifier(llvm::StringRef text);

} // namespace tenon

#endif // TENON_DIALECTS_KERNEL_IDENTIFIERS_H
