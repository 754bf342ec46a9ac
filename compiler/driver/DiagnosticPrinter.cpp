//===- DiagnosticPrinter.cpp - Errors as users see them -------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/DiagnosticPrinter.h"

#include "compiler/import/Diagnostics.h"
#include "dialects/kernel/Kernel.h"
#include "llvm/Support/WithColor.h"

using namespace mlir;
using namespace tenon;

/// Errors that are shown; the rest is counted.
static constexpr unsigned kMaxShown = 50;
static constexpr size_t kMaxLength = 2000;

/// Names and text of the file may hold anything: nothing that a terminal would
/// obey is printed.
static std::string makePrintable(StringRef text) {
  std::string result;
  for (char c : text.take_front(kMaxLength))
    result += c == '\n'                                           ? ' '
              : static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?'
                                                                  : c;
  if (text.size() > kMaxLength)
    result += "...";
  return result;
}

std::string tenon::getText(Diagnostic &diagnostic) {
  std::string message = diagnostic.str();
  StringRef text = message;
  std::string prefix;
  StringRef node = kernel::getNodeName(diagnostic.getLocation());
  if (!node.empty())
    prefix = "node " + importer::quoteName(node) + ": ";
  // "'onnx.Conv' op expected" says "Conv: expected" to users, who never hear
  // of dialects.
  if (text.consume_front("'onnx.")) {
    auto [name, rest] = text.split("' op ");
    prefix += name.str() + ": ";
    text = rest;
  }
  // Some messages name the node themselves.
  text.consume_front(prefix);
  return makePrintable(prefix + text.str());
}

DiagnosticPrinter::DiagnosticPrinter(MLIRContext &context, StringRef file,
                                     llvm::raw_ostream &os)
    : file(file), os(os), handler(&context, [this](Diagnostic &diagnostic) {
        print(diagnostic);
        return success();
      }) {}

void DiagnosticPrinter::print(Diagnostic &diagnostic) {
  std::string text = getText(diagnostic);
  // The importer, which knows of several files, names them itself.
  StringRef message = text;
  if (!file.empty() && message.consume_front(file))
    message.consume_front(": ");
  bool isError = diagnostic.getSeverity() == DiagnosticSeverity::Error;
  if (isError) {
    if (errors++ == 0)
      firstError = message.str();
    if (errors > kMaxShown)
      return;
    llvm::WithColor::error(os);
  } else if (!verbose) {
    return;
  } else if (diagnostic.getSeverity() == DiagnosticSeverity::Warning) {
    llvm::WithColor::warning(os);
  } else {
    llvm::WithColor::remark(os);
  }
  if (!file.empty())
    os << file << ": ";
  os << message << "\n";
  for (Diagnostic &note : diagnostic.getNotes()) {
    std::string noteText = getText(note);
    StringRef hint = noteText;
    // A hint is about the error, not about a place.
    size_t begin = hint.find("hint: ");
    if (begin != StringRef::npos &&
        (begin == 0 || hint.take_front(begin).ends_with("': "))) {
      llvm::WithColor(os, llvm::HighlightColor::Note) << "hint: ";
      os << hint.drop_front(begin + 6) << "\n";
    } else {
      llvm::WithColor::note(os) << noteText << "\n";
    }
  }
}

void DiagnosticPrinter::finish() {
  if (errors > kMaxShown)
    llvm::WithColor::note(os) << (errors - kMaxShown) << " more errors\n";
}

int tenon::reportError(const Twine &message, const Twine &hint) {
  llvm::WithColor::error(llvm::errs()) << message << "\n";
  std::string text = hint.str();
  if (!text.empty()) {
    llvm::WithColor(llvm::errs(), llvm::HighlightColor::Note) << "hint: ";
    llvm::errs() << text << "\n";
  }
  return 1;
}
