//===- WireFormat.h - Protobuf's wire format --------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_IMPORT_WIREFORMAT_H
#define TENON_COMPILER_IMPORT_WIREFORMAT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace tenon::importer {

/// An initializer whose data stays where it is in the file.
struct LiftedInitializer {
  std::string header;   // its TensorProto without `raw_data`
  llvm::StringRef data; // its `raw_data`, within the file
};

/// Copies a serialized ModelProto to `rest`, without the initializers of the
/// main graph that have more than `minBytes` of `raw_data`; those go to
/// `lifted`. Only the parts that are copied are ever touched. An error where
/// the bytes are no Protobuf message, or make more than `maxMessages` objects.
llvm::Error liftInitializers(llvm::StringRef file, uint64_t minBytes,
                             uint64_t maxMessages, std::string &rest,
                             std::vector<LiftedInitializer> &lifted);

} // namespace tenon::importer

#endif // TENON_COMPILER_IMPORT_WIREFORMAT_H
