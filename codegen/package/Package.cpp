//===- Package.cpp - The folder that a compile writes ---------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/package/Package.h"

#include "codegen/cpp/CppEmitter.h"

using namespace mlir;
using namespace tenon;

std::string tenon::getCodeFile(StringRef model, PackageCode code) {
  switch (code) {
  case PackageCode::Cpp:
    return (model + ".cpp").str();
  case PackageCode::C:
    return (model + ".c").str();
  case PackageCode::Object:
    return (model + ".o").str();
  case PackageCode::Archive:
    return ("lib" + model + ".a").str();
  case PackageCode::Shared:
    return ("lib" + model + ".so").str();
  }
  return model.str();
}

std::string tenon::getWeightsFile(StringRef model) {
  return (model + ".weights").str();
}

std::string tenon::getShapeText(RankedTensorType type) {
  std::string text;
  for (int64_t size : type.getShape())
    text += "[" + std::to_string(size) + "]";
  return text;
}

/// Emitted files consist of what the compiler made of the user's model, and of
/// short texts of ours. 0BSD gives the latter away without any condition, not
/// even that a notice be kept, is approved by OSI and FSF, and is known to the
/// tools that scan licences.
std::vector<std::string> tenon::getBanner(const kernel::Interface &interface,
                                          StringRef summary) {
  std::vector<std::string> lines = {summary.str()};
  std::string by = "Compiled by Tenon";
  if (!interface.version.empty())
    by += " " + interface.version;
  if (!interface.target.empty())
    by += " for " + interface.target;
  lines.push_back(by + ".");
  if (!interface.sourceHash.empty())
    lines.push_back("SHA-256 of the model file: " + interface.sourceHash);
  lines.push_back("");
  lines.push_back("SPDX-License-Identifier: 0BSD");
  lines.push_back("This file is yours: what in it comes from Tenon is given "
                  "without conditions.");
  return lines;
}

/// face.cpp or face.c, and its constants; returns the files to compile.
static FailureOr<std::vector<std::string>>
writeSources(ModuleOp module, OutputFolder &folder,
             const kernel::Interface &interface,
             const PackageOptions &options) {
  const std::string &name = interface.name;
  CppOptions cpp;
  cpp.prefix = name;
  cpp.header = name + ".h";
  cpp.banner = getBanner(interface, name + ": the code of a neural network.");
  std::vector<std::string> sources = {getCodeFile(name, options.code)};
  if (getConstantBytes(module) <= options.maxTextBytes) {
    cpp.constants = CppConstants::Weights;
    sources.push_back(getCodeFile(name + "_weights", options.code));
    writeWeights(module, folder.create(sources[1]), name, cpp.banner);
  } else {
    cpp.constants = CppConstants::Blob;
    sources.push_back(name + "_weights.S");
    std::string blob = getWeightsFile(name);
    llvm::raw_ostream &data = folder.create(blob);
    writeBlob(module, data, folder.create(sources[1]), blob, name, cpp.banner);
  }
  if (failed(emitCpp(module, folder.create(sources[0]), cpp)))
    return failure();
  return sources;
}

static LogicalResult writeCode(ModuleOp module, OutputFolder &folder,
                               const kernel::Interface &interface,
                               const PackageOptions &options,
                               std::vector<std::string> &sources) {
  std::string file = getCodeFile(interface.name, options.code);
  switch (options.code) {
  case PackageCode::Cpp:
  case PackageCode::C: {
    auto written = writeSources(module, folder, interface, options);
    if (succeeded(written))
      sources = *written;
    return written;
  }
  case PackageCode::Object:
    return emitObject(module, folder.create(file), options.level);
  case PackageCode::Archive:
    return emitArchive(module, folder.create(file), interface.name + ".o",
                       options.level);
  case PackageCode::Shared:
    break; // linked by the caller, who has an object file to link
  }
  return success();
}

LogicalResult tenon::writePackage(ModuleOp module, OutputFolder &folder,
                                  const PackageOptions &options) {
  FailureOr<kernel::Interface> interface = kernel::getInterface(module);
  if (failed(interface))
    return failure();
  std::vector<std::string> sources;
  if (failed(writeCode(module, folder, *interface, options, sources)))
    return failure();
  const std::string &name = interface->name;
  writeHeader(folder.create(name + ".h"), *interface, getConstantBytes(module));
  writeCppHeader(folder.create(name + ".hpp"), *interface);
  if (interface->hasMappedWeights())
    writeWeightsFile(folder.create(getWeightsFile(name)), module);
  if (options.addLoader)
    writeWeightsLoader(folder.create(name + "_weights.h"), *interface);
  kernel::TargetAttr target = kernel::getTarget(module);
  writeBuildFiles(folder, *interface, options.code, sources,
                  target ? target.getIndexBits() / 8 : 8);
  writeReport(folder.create(name + ".json"), module, *interface, options);
  return success();
}
