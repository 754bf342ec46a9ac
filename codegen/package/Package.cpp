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

static PackageFiles getFiles(ModuleOp module,
                             const kernel::Interface &interface,
                             const PackageOptions &options) {
  PackageFiles files;
  files.code = options.code;
  bool isCMake = options.kind == PackageKind::CMake;
  files.folder = isCMake ? "" : "src/";
  if (isSource(options.code))
    files.sources = {getCodeFile(interface.name, options.code),
                     getCodeFile(interface.name + "_weights", options.code)};
  // The path of a file to include is for CMake to give, and it is one section.
  bool hasSections = llvm::any_of(
      interface.regions, [](const auto &r) { return !r.section.empty(); });
  files.includesWeights = isCMake && !hasSections && isSource(options.code) &&
                          getConstantBytes(module) > options.maxTextBytes;
  kernel::TargetAttr target = kernel::getTarget(module);
  files.pointerBytes = target ? target.getIndexBits() / 8 : 8;
  return files;
}

/// face.cpp or face.c, and its constants.
static LogicalResult writeSources(ModuleOp module, OutputFolder &folder,
                                  const kernel::Interface &interface,
                                  const PackageFiles &files) {
  const std::string &name = interface.name;
  CppOptions cpp;
  cpp.prefix = name;
  cpp.header = name + ".h";
  cpp.banner = getBanner(interface, name + ": the code of a neural network.");
  llvm::raw_ostream &weights = folder.create(files.folder + files.sources[1]);
  if (files.includesWeights) {
    cpp.constants = CppConstants::Blob;
    std::string blob = getWeightsFile(name);
    writeBlob(module, folder.create(blob), weights, blob, name, cpp.banner);
  } else {
    cpp.constants = CppConstants::Weights;
    writeWeights(module, weights, name, cpp.banner);
  }
  return emitCpp(module, folder.create(files.folder + files.sources[0]), cpp);
}

static LogicalResult writeCode(ModuleOp module, OutputFolder &folder,
                               const kernel::Interface &interface,
                               const PackageOptions &options,
                               const PackageFiles &files) {
  std::string file = getCodeFile(interface.name, options.code);
  switch (options.code) {
  case PackageCode::Cpp:
  case PackageCode::C:
    return writeSources(module, folder, interface, files);
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
  PackageFiles files = getFiles(module, *interface, options);
  if (failed(writeCode(module, folder, *interface, options, files)))
    return failure();
  const std::string &name = interface->name, base = files.folder + name;
  writeHeader(folder.create(base + ".h"), *interface, getConstantBytes(module));
  writeCppHeader(folder.create(base + ".hpp"), *interface);
  if (interface->hasMappedWeights())
    writeWeightsFile(folder.create(getWeightsFile(name)), module);
  if (options.addLoader)
    writeWeightsLoader(folder.create(base + "_weights.h"), *interface);
  writeReport(folder.create(name + ".json"), module, *interface, options);
  switch (options.kind) {
  case PackageKind::CMake:
    writeBuildFiles(folder, *interface, files);
    break;
  case PackageKind::Zephyr:
    writeZephyrModule(folder, *interface, files);
    break;
  case PackageKind::Arduino:
    writeArduinoLibrary(folder, *interface);
    break;
  case PackageKind::CmsisPack:
    writeCmsisPack(folder, *interface, files);
    break;
  }
  return success();
}
