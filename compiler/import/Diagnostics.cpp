//===- Diagnostics.cpp - Errors about a model file ------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/import/Diagnostics.h"

#include "compiler/import/Limits.h"
#include "mlir/IR/Location.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace tenon::importer;

static constexpr size_t kMaxShownName = 100;
static constexpr size_t kMaxShownMessage = 500;

std::string tenon::importer::quoteName(StringRef name) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << '\'';
  llvm::printEscapedString(name.take_front(kMaxShownName), os);
  if (name.size() > kMaxShownName)
    os << "... (" << name.size() << " bytes)";
  os << '\'';
  return text;
}

std::string tenon::importer::getCountText(uint64_t count, StringRef noun) {
  return (Twine(count) + " " + noun + (count == 1 ? "" : "s")).str();
}

std::string tenon::importer::cleanMessage(StringRef message) {
  std::string text;
  message = message.trim();
  bool isLong = message.size() > kMaxShownMessage;
  bool wasSpace = false;
  for (char c : message.take_front(kMaxShownMessage)) {
    bool isSpace = llvm::isSpace(c);
    if (isSpace && wasSpace)
      continue;
    wasSpace = isSpace;
    text += isSpace ? ' ' : llvm::isPrint(c) ? c : '?';
  }
  return isLong ? text + "..." : text;
}

std::string tenon::importer::getNodeName(const ::onnx::NodeProto &node) {
  if (!node.name().empty())
    return node.name();
  for (const std::string &output : node.output())
    if (!output.empty())
      return node.op_type() + "_" + output;
  return node.op_type();
}

void FileDiagnostics::error(const Twine &message) {
  if (++count <= kMaxErrors)
    emitError(UnknownLoc::get(&context)) << file << ": " << message;
}

void FileDiagnostics::error(const ::onnx::NodeProto &node,
                            const Twine &message) {
  error("node " + quoteName(getNodeName(node)) + ": " + message);
}

void FileDiagnostics::error(llvm::Error error) {
  this->error(cleanMessage(llvm::toString(std::move(error))));
}

void FileDiagnostics::finish() {
  if (count > kMaxErrors)
    emitError(UnknownLoc::get(&context))
        << file << ": " << (count - kMaxErrors) << " more errors";
}
