//===- Compile.cpp - `tenon compile` --------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppEmitter.h"
#include "codegen/package/Package.h"
#include "codegen/text/Text.h"
#include "compiler/driver/LayerTable.h"
#include "compiler/driver/LinkModel.h"
#include "compiler/driver/Progress.h"
#include "compiler/tools/ChoiceParser.h"
#include "compiler/tools/Destination.h"
#include "llvm/Support/Program.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::tools;
namespace cl = llvm::cl;

#define HERE cl::cat(getCategory()), cl::sub(compileCommand)

static cl::opt<std::string> input(cl::Positional, cl::Required,
                                  cl::desc("MODEL.onnx"), HERE);
static cl::opt<std::string> output(
    "o", cl::value_desc("DIR|FILE"),
    cl::desc("Folder for the package, or one file. A name that ends in .cpp, "
             ".c, .o, .a, .so, .ll or .mlir is a file and chooses what --emit "
             "does; NAME/ is a folder by any name; - is stdout"),
    HERE);
static Choice<Emit> emit(
    "emit", cl::desc("What to write:"), cl::init(Emit::Cpp),
    cl::values(clEnumValN(Emit::Cpp, "cpp", "C++ sources (default)"),
               clEnumValN(Emit::C, "c", "C11 sources, of scalar targets"),
               clEnumValN(Emit::Obj, "obj", "an object file"),
               clEnumValN(Emit::Lib, "lib", "a static library"),
               clEnumValN(Emit::Shared, "shared", "a shared library"),
               clEnumValN(Emit::Exe, "exe", "a program that works on files"),
               clEnumValN(Emit::Llvm, "llvm", "LLVM IR"),
               clEnumValN(Emit::Mlir, "mlir", "the low form in MLIR")),
    HERE);
static Choice<PackageKind> package(
    "package", cl::desc("What the folder is for:"),
    cl::init(PackageKind::CMake),
    cl::values(
        clEnumValN(PackageKind::CMake, "cmake",
                   "CMake and pkg-config (default)"),
        clEnumValN(PackageKind::Zephyr, "zephyr", "a Zephyr module"),
        clEnumValN(PackageKind::Arduino, "arduino", "an Arduino library"),
        clEnumValN(PackageKind::CmsisPack, "cmsis-pack", "a CMSIS-Pack")),
    HERE);
static cl::opt<bool>
    profile("profile", cl::desc("Call the profile hook around layers"), HERE);
static cl::opt<bool> report("report", cl::desc("Print a table of the layers"),
                            HERE);

/// Writes one file without a package around it.
static LogicalResult writeFile(ModuleOp module, llvm::raw_pwrite_stream &os,
                               Emit emit, StringRef model, OptLevel level) {
  switch (emit) {
  case Emit::Cpp:
  case Emit::C: {
    CppOptions options;
    options.prefix = model.str();
    auto interface = kernel::getInterface(module);
    if (failed(interface))
      return failure();
    llvm::raw_string_ostream declarations(options.declarations);
    writeHeader(declarations, *interface, getConstantBytes(module));
    return emitCpp(module, os, options);
  }
  case Emit::Obj:
    return emitObject(module, os, level);
  case Emit::Lib:
    return emitArchive(module, os, (model + ".o").str(), level);
  case Emit::Llvm: {
    llvm::LLVMContext context;
    std::unique_ptr<llvm::Module> llvmModule =
        translateToLLVM(module, context, level);
    if (!llvmModule)
      return failure();
    llvmModule->print(os, nullptr);
    return success();
  }
  case Emit::Mlir:
    module.print(os);
    os << "\n";
    return success();
  case Emit::Shared:
  case Emit::Exe:
    break; // linked
  }
  return success();
}

static PackageCode getPackageCode(Emit emit) {
  switch (emit) {
  case Emit::C:
    return PackageCode::C;
  case Emit::Obj:
    return PackageCode::Object;
  case Emit::Lib:
    return PackageCode::Archive;
  case Emit::Shared:
    return PackageCode::Shared;
  default:
    return PackageCode::Cpp;
  }
}

static StringRef getName(PackageKind kind) {
  switch (kind) {
  case PackageKind::Zephyr:
    return "zephyr";
  case PackageKind::Arduino:
    return "arduino";
  case PackageKind::CmsisPack:
    return "cmsis-pack";
  case PackageKind::CMake:
    break;
  }
  return "cmake";
}

static StringRef getName(OptLevel level) {
  switch (level) {
  case OptLevel::None:
    return "none";
  case OptLevel::Size:
    return "size";
  case OptLevel::Balanced:
    return "balanced";
  case OptLevel::Speed:
    break;
  }
  return "speed";
}

static StringRef getName(CompileOptions::Weights weights) {
  switch (weights) {
  case CompileOptions::Weights::Mapped:
    return "mapped";
  case CompileOptions::Weights::External:
    return "external";
  case CompileOptions::Weights::Embedded:
    break;
  }
  return "embedded";
}

static PackageOptions getPackageOptions(Emit emit, PackageKind kind,
                                        const CompileOptions &options) {
  PackageOptions package;
  package.kind = kind;
  package.code = getPackageCode(emit);
  package.level = options.optimize;
  package.compilerOptions = llvm::json::Object{
      {"emit", tools::getName(emit)},
      {"package", getName(kind)},
      {"opt", getName(options.optimize)},
      {"profile", options.profile},
      {"io", options.ioInArena ? "arena" : "caller"},
      {"arithmetic", options.fixedPoint ? "fixed" : "exact"},
      {"weights", getName(options.weights)},
  };
  package.addLoader = options.weights == CompileOptions::Weights::External;
  for (const auto &dim : options.dims)
    package.compilerOptions["dim " + dim.getKey().str()] = dim.getValue();
  return package;
}

/// The file as a text for stdout: all or nothing.
static int writeText(ModuleOp module, Emit emit,
                     const kernel::Interface &interface, OptLevel level,
                     SmallVectorImpl<char> &text) {
  if (interface.hasMappedWeights() && emit != Emit::Mlir)
    return reportUsage("-o -: the weights need a file beside the code",
                       "give -o a folder or the name of a file");
  llvm::raw_svector_ostream os(text);
  return failed(writeFile(module, os, emit, interface.name, level));
}

/// A package, or one file and the weights file that it may need.
static int writeFiles(ModuleOp module, Emit emit, PackageKind kind,
                      const kernel::Interface &interface,
                      const CompileOptions &options,
                      const Destination &destination) {
  const std::string &name = interface.name;
  bool isLinked = emit == Emit::Shared || emit == Emit::Exe;
  OutputFolder folder(destination.folder);
  if (!destination.isSingle()) {
    if (failed(writePackage(module, folder,
                            getPackageOptions(emit, kind, options))))
      return 1;
  } else if (!isLinked &&
             failed(writeFile(module, folder.create(destination.file), emit,
                              name, options.optimize))) {
    return 1;
  }
  if (destination.isSingle() && interface.hasMappedWeights() &&
      emit != Emit::Mlir) {
    writeWeightsFile(folder.create(getWeightsFile(name)), module);
    if (options.weights == CompileOptions::Weights::External)
      writeWeightsLoader(folder.create(name + "_weights.h"), interface);
  }
  if (isLinked)
    if (int code = linkModel(
            module, options,
            emit == Emit::Shared ? Linked::Shared : Linked::Program,
            folder.getPath(destination.isSingle()
                               ? destination.file
                               : getCodeFile(name, PackageCode::Shared))))
      return code;
  if (auto error = folder.commit())
    return reportError(llvm::toString(std::move(error)));
  return 0;
}

/// What cannot be linked is said before the model is compiled.
static int checkLinkable(Emit emit, const Target &target) {
  std::string asked = ("--emit=" + tools::getName(emit)).str();
  std::string advice =
      "--emit=lib or obj is for programs that other tools link";
  StringRef gcc = target.gcc;
  switch (emit) {
  case Emit::Shared:
    if (!llvm::Triple(getMachine(target).triple).isOSLinux())
      return reportUsage(
          asked + ": there are no shared objects for " + target.name, advice);
    break;
  case Emit::Exe:
    if (gcc.empty())
      return reportUsage(asked + ": there are no programs for " + target.name,
                         advice);
    if (!llvm::sys::findProgramByName(gcc))
      return reportError(asked + ": '" + gcc + "', which links programs for " +
                             target.name + ", was not found",
                         "install it; " + advice);
    break;
  default:
    break;
  }
  return 0;
}

/// Packages of the kinds that take sources only.
static int checkPackage(Emit emit) {
  std::string asked = ("--package=" + getName(package)).str();
  if (!isSource(emit))
    return reportUsage(
        asked + ": holds sources, not --emit=" + tools::getName(emit),
        "take --emit=c, as it does by default, or cpp");
  if (getDestination(output, emit, "model").isSingle())
    return reportUsage(asked + ": -o " + output + " is no folder",
                       "give -o the name of a folder");
  return 0;
}

int tools::runCompile() {
  Emit kind;
  std::optional<Emit> asked;
  PackageKind packageKind = package;
  if (emit.getNumOccurrences())
    asked = emit;
  else if (packageKind != PackageKind::CMake)
    asked = Emit::C;
  if (int code = chooseEmit(output, asked, kind))
    return code;
  if (packageKind != PackageKind::CMake)
    if (int code = checkPackage(kind))
      return code;
  CompileOptions options;
  StringRef defaultTarget = kind == Emit::Cpp ? "portable"
                            : kind == Emit::C ? "scalar"
                                              : "host";
  if (int code = getCompileOptions(input, defaultTarget, options))
    return code;
  if (isSource(kind))
    if (int code = checkSourceOptions(options, kind == Emit::C))
      return code;
  if (int code = checkLinkable(kind, *options.target))
    return code;
  options.profile = profile;
  std::string path = output;
  // Nothing reads the command line after this: LLD forgets all options of it.
  bool isQuiet = quiet, hasReport = report;

  std::optional<Progress> progress(!isQuiet);
  MLIRContext context;
  DiagnosticPrinter printer(context, input);
  printer.setVerbose(verbose);
  auto module = compileModel(context, options);
  if (failed(module) ||
      (isSource(kind) && failed(legalizeForCpp(**module, options)))) {
    printer.finish();
    return 1;
  }
  auto interface = kernel::getInterface(**module);
  if (failed(interface))
    return 1;
  Destination destination = getDestination(path, kind, interface->name);
  Progress::setStage("code");
  if (destination.isStdout()) {
    SmallVector<char, 0> text;
    int code = writeText(**module, kind, *interface, options.optimize, text);
    progress.reset();
    if (code == 0)
      llvm::outs() << StringRef(text.data(), text.size());
    return code;
  }
  if (int code = writeFiles(**module, kind, packageKind, *interface, options,
                            destination))
    return code;
  progress.reset();
  if (hasReport)
    printLayerTable(llvm::outs(), **module);
  if (!isQuiet)
    printSummary(llvm::errs(), **module, *interface, destination.getPath());
  return 0;
}
