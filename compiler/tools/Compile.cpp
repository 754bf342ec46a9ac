//===- Compile.cpp - `tenon compile` --------------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/cpp/CppEmitter.h"
#include "codegen/package/Package.h"
#include "compiler/driver/Progress.h"
#include "compiler/driver/Runner.h"
#include "compiler/tools/Commands.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::tools;
namespace cl = llvm::cl;

#define HERE cl::cat(getCategory()), cl::sub(compileCommand)

namespace {
enum class Emit { Cpp, Obj, Lib, Shared, Exe, Llvm, Mlir };
} // namespace

static cl::opt<std::string> input(cl::Positional, cl::Required,
                                  cl::desc("MODEL.onnx"), HERE);
static cl::opt<std::string>
    output("o", cl::value_desc("DIR|FILE"),
           cl::desc("Folder for the package, or one file by the ending of its "
                    "name (.cpp, .o, .a, .so, .ll, .mlir; - is stdout)"),
           HERE);
static cl::opt<Emit> emit(
    "emit", cl::desc("What to write:"), cl::init(Emit::Cpp),
    cl::values(clEnumValN(Emit::Cpp, "cpp", "C++ sources (default)"),
               clEnumValN(Emit::Obj, "obj", "an object file"),
               clEnumValN(Emit::Lib, "lib", "a static library"),
               clEnumValN(Emit::Shared, "shared", "a shared library"),
               clEnumValN(Emit::Exe, "exe", "a program that works on files"),
               clEnumValN(Emit::Llvm, "llvm", "LLVM IR"),
               clEnumValN(Emit::Mlir, "mlir", "the low form in MLIR")),
    HERE);
static cl::opt<bool>
    profile("profile", cl::desc("Call the profile hook around layers"), HERE);
static cl::opt<bool> report("report", cl::desc("Print a table of the layers"),
                            HERE);

static StringRef getEmitName() {
  static const char *const names[] = {"cpp", "obj",  "lib", "shared",
                                      "exe", "llvm", "mlir"};
  return names[static_cast<int>(emit.getValue())];
}

/// The ending of a file of this kind; a folder has none of these.
static StringRef getEnding() {
  static const char *const endings[] = {".cpp", ".o",  ".a",   ".so",
                                        "",     ".ll", ".mlir"};
  return endings[static_cast<int>(emit.getValue())];
}

/// Where files go, and the name of the one file, if one was asked for.
namespace {
struct Destination {
  std::string folder, file;
  bool isSingle() const { return !file.empty(); }
  std::string getPath() const {
    llvm::SmallString<128> path(folder);
    llvm::sys::path::append(path, file);
    return std::string(path);
  }
};
} // namespace

static Destination getDestination(StringRef model) {
  bool isText = emit == Emit::Llvm || emit == Emit::Mlir;
  StringRef path = output;
  if (path.empty())
    return isText
               ? Destination{"", "-"}
               : Destination{model.str(), emit == Emit::Exe ? model.str() : ""};
  bool isFolder = llvm::sys::fs::is_directory(path) || path.ends_with("/");
  StringRef ending = getEnding();
  if (isText || emit == Emit::Exe) {
    if (isFolder)
      return {path.str(), (model + ending).str()};
    return {llvm::sys::path::parent_path(path).str(),
            llvm::sys::path::filename(path).str()};
  }
  if (path == "-" || (!isFolder && path.ends_with(ending)))
    return {llvm::sys::path::parent_path(path).str(),
            llvm::sys::path::filename(path).str()};
  return {path.str(), ""};
}

/// Writes one file without a package around it.
static LogicalResult writeFile(ModuleOp module, llvm::raw_pwrite_stream &os,
                               StringRef model, OptLevel level) {
  switch (emit) {
  case Emit::Cpp: {
    CppOptions options;
    options.prefix = model.str();
    auto interface = kernel::getInterface(module);
    if (failed(interface))
      return failure();
    llvm::raw_string_ostream declarations(options.declarations);
    writeHeader(declarations, *interface);
    return emitCpp(module, os, options);
  }
  case Emit::Obj:
    return emitObject(module, os, level);
  case Emit::Lib:
    return emitArchive(module, os, (model + ".o").str(), level);
  case Emit::Llvm: {
    llvm::LLVMContext context;
    std::unique_ptr<llvm::Module> llvmModule = translateToLLVM(module, context);
    if (!llvmModule)
      return failure();
    llvmModule->print(os, nullptr);
    return success();
  }
  default:
    module.print(os);
    os << "\n";
    return success();
  }
}

/// Shared objects and programs: an object in a temporary folder, then a linker.
static int link(ModuleOp module, const CompileOptions &options,
                const kernel::Interface &interface, const std::string &path) {
  auto temporary = TemporaryFolder::create();
  if (!temporary)
    return reportError(llvm::toString(temporary.takeError()));
  OutputFolder files(temporary->getPath(""));
  PackageOptions package;
  package.code = PackageCode::Object;
  package.level = getOptLevel(options.optimize);
  if (failed(writePackage(module, files, package)))
    return 1;
  writeMainProgram(files.create("main.cpp"), interface);
  if (auto error = files.commit())
    return reportError(llvm::toString(std::move(error)));
  std::string object = temporary->getPath(interface.name + ".o");
  Location loc = UnknownLoc::get(module.getContext());
  bool isShared = emit == Emit::Shared;
  if (isShared)
    return failed(linkShared(loc, {object}, path, kernel::getTarget(module)));
  StringRef gcc = options.target->gcc;
  std::string flags =
      "-O2 -I" + temporary->getPath("") + " " + options.target->gccFlags;
  if (gcc.starts_with("arm-none-eabi"))
    flags += " --specs=rdimon.specs";
  return failed(linkExecutable(loc, {temporary->getPath("main.cpp"), object},
                               path, gcc, flags));
}

static PackageCode getPackageCode() {
  switch (emit) {
  case Emit::Obj:
    return PackageCode::Object;
  case Emit::Lib:
    return PackageCode::Archive;
  case Emit::Shared:
    return PackageCode::Shared;
  default:
    return PackageCode::Sources;
  }
}

static constexpr const char *kWeightsNames[] = {"embedded", "mapped",
                                                "external"};

static PackageOptions getPackageOptions(const CompileOptions &options) {
  PackageOptions package;
  package.code = getPackageCode();
  package.level = getOptLevel(options.optimize);
  package.compilerOptions = llvm::json::Object{
      {"emit", getEmitName()},
      {"opt", options.optimize == Optimize::Size       ? "size"
              : options.optimize == Optimize::Balanced ? "balanced"
                                                       : "speed"},
      {"profile", options.profile},
      {"io", options.ioInArena ? "arena" : "caller"},
      {"weights", kWeightsNames[static_cast<int>(options.weights)]},
  };
  package.addLoader = options.weights == CompileOptions::Weights::External;
  for (const auto &dim : options.dims)
    package.compilerOptions["dim " + dim.getKey().str()] = dim.getValue();
  return package;
}

static void printTable(ModuleOp module) {
  auto layers = module->getAttrOfType<ArrayAttr>(kernel::kLayersAttrName);
  if (!layers)
    return;
  llvm::outs() << "layer  operation        MACs    weights     output  nodes\n";
  for (auto [index, attr] : llvm::enumerate(layers)) {
    auto layer = dyn_cast<DictionaryAttr>(attr);
    if (!layer)
      continue;
    auto getInt = [&](StringRef key) {
      auto value = layer.getAs<IntegerAttr>(key);
      return value ? value.getInt() : 0;
    };
    auto operation = layer.getAs<StringAttr>("operation");
    llvm::outs() << llvm::format(
        "%5zu  %-9s %11lld %10lld %10lld ", index,
        operation ? operation.str().c_str() : "", (long long)getInt("macs"),
        (long long)getInt("weight_bytes"), (long long)getInt("output_bytes"));
    if (auto nodes = layer.getAs<ArrayAttr>("nodes"))
      for (Attribute node : nodes)
        if (auto name = dyn_cast<StringAttr>(node)) {
          llvm::outs() << " ";
          llvm::printEscapedString(name.getValue(), llvm::outs());
        }
    llvm::outs() << "\n";
  }
}

static void printSummary(ModuleOp module, const kernel::Interface &interface,
                         StringRef destination) {
  int64_t macs = 0;
  size_t count = 0;
  if (auto layers = module->getAttrOfType<ArrayAttr>(kernel::kLayersAttrName)) {
    count = layers.size();
    for (Attribute layer : layers)
      if (auto dictionary = dyn_cast<DictionaryAttr>(layer))
        if (auto value = dictionary.getAs<IntegerAttr>("macs"))
          macs += value.getInt();
  }
  llvm::errs() << llvm::formatv(
      "{0}: {1} layers, {2} MACs, arena {3} bytes, constants {4} bytes, {5}for "
      "{6} -> {7}\n",
      interface.name, count, macs, interface.arenaBytes,
      getConstantBytes(module),
      interface.hasMappedWeights()
          ? llvm::formatv("weights file {0} bytes, ", interface.weightsBytes)
                .str()
          : "",
      interface.target, destination);
}

int tools::runCompile() {
  CompileOptions options;
  if (int code = getCompileOptions(
          input, emit == Emit::Cpp ? "portable" : "host", options))
    return code;
  options.profile = profile;

  std::optional<Progress> progress(!quiet);
  MLIRContext context;
  DiagnosticPrinter printer(context, input);
  printer.setVerbose(verbose);
  auto module = compileModel(context, options);
  if (failed(module) ||
      (emit == Emit::Cpp && failed(legalizeForCpp(**module)))) {
    printer.finish();
    return 1;
  }
  auto interface = kernel::getInterface(**module);
  if (failed(interface))
    return 1;
  const std::string &name = interface->name;
  OptLevel level = getOptLevel(options.optimize);
  Destination destination = getDestination(name);
  Progress::setStage("code");
  if (destination.file == "-") {
    if (interface->hasMappedWeights() && emit != Emit::Mlir)
      return reportUsage("-o -: the weights need a file beside the code",
                         "give -o a folder or the name of a file");
    llvm::SmallVector<char, 0> buffer;
    llvm::raw_svector_ostream os(buffer);
    if (failed(writeFile(**module, os, name, level)))
      return 1;
    progress.reset();
    llvm::outs() << StringRef(buffer.data(), buffer.size());
    return 0;
  }
  OutputFolder folder(destination.folder);
  bool isLinked = emit == Emit::Shared || emit == Emit::Exe;
  std::string linkedFile = destination.isSingle()
                               ? destination.file
                               : getCodeFile(name, PackageCode::Shared);
  if (!destination.isSingle()) {
    if (failed(writePackage(**module, folder, getPackageOptions(options))))
      return 1;
  } else if (!isLinked &&
             failed(writeFile(**module, folder.create(destination.file), name,
                              level))) {
    return 1;
  }
  if (destination.isSingle() && interface->hasMappedWeights() &&
      emit != Emit::Mlir) {
    writeWeightsFile(folder.create(getWeightsFile(name)), **module);
    if (options.weights == CompileOptions::Weights::External)
      writeWeightsLoader(folder.create(name + "_weights.h"), *interface);
  }
  // LLD forgets all options of the command line: nothing reads them after this.
  bool isQuiet = quiet, hasReport = report;
  if (isLinked) {
    if (!destination.folder.empty())
      if (auto code = llvm::sys::fs::create_directories(destination.folder))
        return reportError("cannot make " + destination.folder + ": " +
                           code.message());
    if (int code =
            link(**module, options, *interface, folder.getPath(linkedFile)))
      return code;
  }
  if (auto error = folder.commit())
    return reportError(llvm::toString(std::move(error)));
  progress.reset();
  if (hasReport)
    printTable(**module);
  if (!isQuiet)
    printSummary(**module, *interface,
                 destination.isSingle() ? destination.getPath()
                                        : destination.folder);
  return 0;
}
