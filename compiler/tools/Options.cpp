//===- Options.cpp - Options that several subcommands have ----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/tools/ChoiceParser.h"

#include "codegen/object/Machine.h"
#include "compiler/driver/MemoryFile.h"
#include "dialects/kernel/Identifiers.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "passes/import/Passes.h"
#include "passes/lower/Passes.h"
#include "passes/schedule/Passes.h"
#include "passes/simplify/Passes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/FormatVariadic.h"

using namespace tenon;
using namespace tenon::tools;
using llvm::StringRef;
namespace cl = llvm::cl;

cl::OptionCategory &tools::getCategory() {
  static cl::OptionCategory category("Options");
  return category;
}

#define COMPILING_COMMANDS                                                     \
  cl::cat(getCategory()), cl::sub(compileCommand), cl::sub(runCommand),        \
      cl::sub(verifyCommand), cl::sub(benchCommand)
#define MODEL_COMMANDS COMPILING_COMMANDS, cl::sub(inspectCommand)

cl::opt<bool> tools::quiet("quiet", cl::desc("Print errors only"),
                           MODEL_COMMANDS);
cl::opt<bool> tools::verbose("verbose",
                             cl::desc("Print remarks; with --time, passes too"),
                             MODEL_COMMANDS);
cl::opt<std::string>
    tools::target("target", cl::value_desc("NAME|TRIPLE"),
                  cl::desc("Machine to compile for: a name of `tenon targets` "
                           "or a triple, such as thumbv7em-none-eabihf"),
                  COMPILING_COMMANDS);

static cl::opt<std::string>
    cpu("cpu", cl::value_desc("NAME"),
        cl::desc("LLVM's name of the processor, for object code"),
        COMPILING_COMMANDS);
static cl::opt<std::string>
    features("features", cl::value_desc("+A,-B"),
             cl::desc("LLVM's names of features, for object code"),
             COMPILING_COMMANDS);
static cl::opt<std::string> name("name", cl::value_desc("ID"),
                                 cl::desc("The model's name in C"),
                                 COMPILING_COMMANDS);
static cl::list<std::string>
    dims("dim", cl::value_desc("NAME=VALUE"),
         cl::desc("Value of an open dimension, by its name or as 'input[0]'"),
         MODEL_COMMANDS);
static Choice<OptLevel>
    optimizeFor("opt", cl::desc("What matters most:"),
                cl::init(OptLevel::Speed),
                cl::values(clEnumValN(OptLevel::Speed, "speed", "faster code"),
                           clEnumValN(OptLevel::Balanced, "balanced",
                                      "neither at any price"),
                           clEnumValN(OptLevel::Size, "size", "shorter code")),
                COMPILING_COMMANDS);
static Choice<CompileOptions::Weights> weights(
    "weights", cl::desc("Where constants are:"),
    cl::init(CompileOptions::Weights::Embedded),
    cl::values(clEnumValN(CompileOptions::Weights::Embedded, "embedded",
                          "in the program (default)"),
               clEnumValN(CompileOptions::Weights::Mapped, "mapped",
                          "in a file whose address the context gives"),
               clEnumValN(CompileOptions::Weights::External, "external",
                          "the same, with a header that maps the file")),
    COMPILING_COMMANDS);
enum class Arithmetic { Exact, Fixed };
static Choice<Arithmetic>
    arithmetic("arithmetic",
               cl::desc("How sums of quantized products are scaled:"),
               cl::init(Arithmetic::Exact),
               cl::values(clEnumValN(Arithmetic::Exact, "exact",
                                     "times one f32, half to even (default)"),
                          clEnumValN(Arithmetic::Fixed, "fixed",
                                     "TensorFlow Lite's fixed-point numbers")),
               COMPILING_COMMANDS);
enum class Io { Caller, Arena };
static Choice<Io> io("io", cl::desc("Where inputs and outputs are:"),
                     cl::init(Io::Caller),
                     cl::values(clEnumValN(Io::Caller, "caller",
                                           "in the caller's memory (default)"),
                                clEnumValN(Io::Arena, "arena",
                                           "in the arena, with the rest")),
                     COMPILING_COMMANDS);
static cl::opt<std::string> maxRam(
    "max-ram", cl::value_desc("BYTES"),
    cl::desc("The most bytes of the arena: chains of layers are computed "
             "a few rows at a time where that is needed; an error where "
             "it is not enough"),
    COMPILING_COMMANDS);
static cl::opt<std::string>
    maxFlash("max-flash", cl::value_desc("BYTES"),
             cl::desc("The most bytes of constants; an error where there are "
                      "more"),
             COMPILING_COMMANDS);
static cl::opt<std::string>
    memory("memory", cl::value_desc("FILE"),
           cl::desc("The board's memories: which holds the arena, and which "
                    "constants"),
           COMPILING_COMMANDS);
static cl::opt<int> threads("threads", cl::value_desc("N"), cl::init(1),
                            cl::desc("Threads that a run may use; emitted code "
                                     "asks the context's hook for them"),
                            COMPILING_COMMANDS);
static cl::list<std::string>
    printIrAfter("print-ir-after", cl::value_desc("STAGE"),
                 cl::desc("Print the module after read, import, simplify, "
                          "schedule, lower, emit, or a pass"),
                 COMPILING_COMMANDS);
static cl::opt<bool> printTime("time", cl::desc("Print how long stages take"),
                               COMPILING_COMMANDS);

int tools::reportUsage(const llvm::Twine &message, const llvm::Twine &hint) {
  reportError(message, hint);
  return kUsageError;
}

void tools::writeJson(llvm::json::Value value) {
  llvm::outs() << llvm::formatv("{0:2}\n", value);
}

std::string tools::suggest(StringRef wrong, llvm::ArrayRef<StringRef> names,
                           const llvm::Twine &otherwise) {
  StringRef best;
  unsigned least = std::min<size_t>(4, (wrong.size() + 1) / 2);
  for (StringRef name : names) {
    unsigned distance =
        wrong.edit_distance(name, /*AllowReplacements=*/true, least);
    if (distance < least) {
      least = distance;
      best = name;
    }
  }
  return best.empty() ? otherwise.str()
                      : ("did you mean '" + best + "'?").str();
}

/// `seq=128`, `x[0]=1`.
static int parseDims(llvm::StringMap<int64_t> &values) {
  for (StringRef dim : dims) {
    auto [key, text] = dim.rsplit('=');
    int64_t value;
    if (text.contains("..")) {
      StringRef largest = text.rsplit("..").second;
      bool isSize = !largest.getAsInteger(10, value) && value > 0;
      return reportUsage(
          "--dim " + dim +
              ": ranges are not supported yet; sizes are fixed "
              "when a model is compiled",
          "give one size, --dim " + key + "=" + (isSize ? largest : "N") +
              ", and fill up what is shorter; or compile once for each size");
    }
    if (key.empty() || text.getAsInteger(10, value) || value < 0)
      return reportUsage("--dim wants NAME=VALUE, got '" + dim + "'");
    if (!values.try_emplace(key, value).second)
      return reportUsage("--dim " + key + " is given twice");
  }
  return 0;
}

/// What can be printed after: stages, and passes by their names in tenon-opt.
static int checkPrinted() {
  if (printIrAfter.empty())
    return 0;
  mlir::registerTransformsPasses();
  registerImportPasses();
  registerSimplifyPasses();
  registerSchedulePasses();
  registerLowerPasses();
  for (StringRef name : printIrAfter)
    if (!llvm::is_contained(getStageNames(), name) &&
        !mlir::PassInfo::lookup(name))
      return reportUsage("--print-ir-after " + name +
                             ": there is no such stage or pass",
                         "stages are " + llvm::join(getStageNames(), ", ") +
                             " (for C++); `tenon-opt --help` lists the passes");
  return 0;
}

const Target *tools::findTarget(StringRef name) {
  if (const Target *found = lookupTarget(name))
    return found;
  llvm::SmallVector<StringRef> names;
  for (const Target &row : listTargets())
    names.push_back(row.name);
  std::string list = "`tenon targets` lists them";
  if (const Target *near = findNearestTarget(name))
    list = std::string("the nearest is '") + near->name + "' (" + near->triple +
           "); `tenon targets` lists all";
  else if (name.contains('-'))
    list += "; C++ of --target=portable is for any machine";
  reportUsage("unknown target '" + name + "'", suggest(name, names, list));
  return nullptr;
}

static std::string getTargetWithoutFma(StringRef triple) {
  for (const Target &row : listTargets())
    if (triple == row.triple && !row.fma)
      return std::string("take a target without it, --target=") + row.name;
  return "`tenon targets` lists targets";
}

/// LLVM knows these names, and the machine that they make has the width of the
/// target's pointers.
static int checkMachine(const CompileOptions &options) {
  if (cpu.empty() && features.empty())
    return 0;
  Machine machine = getMachine(options);
  MachineNames names = getMachineNames(machine.triple);
  std::string list =
      std::string("`tenon targets ") + options.target->name + "` lists them";
  if (!cpu.empty() && !llvm::is_contained(names.processors, cpu.getValue()))
    return reportUsage("--cpu " + cpu + ": LLVM has no such processor for " +
                           options.target->name,
                       suggest(cpu, names.processors, list));
  for (StringRef feature : llvm::split(features.getValue(), ',')) {
    StringRef name = feature;
    bool isSigned = name.consume_front("+") || name.consume_front("-");
    if (feature.empty())
      continue;
    if (!llvm::is_contained(names.features, name))
      return reportUsage("--features " + feature +
                             ": LLVM has no such feature for " +
                             options.target->name,
                         suggest(name, names.features, list));
    if (!isSigned)
      return reportUsage("--features " + feature +
                             ": expected + or - before the name",
                         "write +" + feature + " to use it");
  }
  if (!hasWidthOfTriple(machine.triple, machine.cpu, machine.features))
    return reportUsage(
        (cpu.empty() ? "--features " + features : "--cpu " + cpu) +
            ": no processor for the " + llvm::Twine(options.target->indexBits) +
            "-bit code of " + options.target->name,
        list);
  // Kernels are planned for the target, and LLVM would call a function of C's
  // library for what the processor lacks.
  if (options.target->fma &&
      !hasFma(machine.triple, machine.cpu, machine.features))
    return reportUsage(
        (cpu.empty() ? "--features " + features : "--cpu " + cpu) +
            ": without the fused multiply-add that " + options.target->name +
            " has",
        getTargetWithoutFma(machine.triple));
  // Not all combinations make sense, and LLVM stops the program at some.
  llvm::install_fatal_error_handler([](void *, const char *why, bool) {
    exit(reportUsage(llvm::Twine("LLVM cannot compile for --cpu and "
                                 "--features as they are: ") +
                     why));
  });
  return 0;
}

int tools::checkSourceOptions(const CompileOptions &options, bool isC) {
  if (isC && options.target->lanes > 1)
    return reportUsage(
        "--emit=c: there are vectors in the code for " +
            llvm::Twine(options.target->name) + ", which C has no types for",
        "take a target without (--target=scalar is for any machine), or C++");
  if (options.cpu.empty() && options.features.empty())
    return 0;
  return reportUsage((options.cpu.empty() ? "--features " + options.features
                                          : "--cpu " + options.cpu) +
                         ": is for object code, and this is C or C++",
                     "--target says which instructions sources may use; your "
                     "compiler takes the "
                     "processor");
}

int tools::getCompileOptions(StringRef model, StringRef defaultTarget,
                             CompileOptions &options) {
  for (const cl::opt<std::string> *option : {&target, &cpu, &features, &name})
    if (option->getNumOccurrences() && option->empty())
      return reportUsage("--" + option->ArgStr + ": expected a value");
  options.model = model.str();
  options.name = name;
  if (!name.empty() && !isModelName(name))
    return reportUsage("--name " + name +
                           ": expected an identifier that C, C++ and their "
                           "libraries do not use",
                       "for example --name=" + getModelIdentifier(name));
  StringRef targetName =
      target.empty() ? defaultTarget : StringRef(target.getValue());
  options.target = findTarget(targetName);
  if (!options.target)
    return kUsageError;
  options.cpu = cpu;
  options.features = features;
  if (int code = checkMachine(options))
    return code;
  if (int code = parseDims(options.dims))
    return code;
  if (int code = checkPrinted())
    return code;
  if (threads < 1 || threads > 1024)
    return reportUsage("--threads wants a number from 1 to 1024");
  options.threads = threads;
  for (auto [option, bytes] : {std::pair(&maxRam, &options.maxRam),
                               std::pair(&maxFlash, &options.maxFlash)}) {
    if (!option->getNumOccurrences())
      continue;
    auto number = parseBytes(*option);
    if (!number)
      return reportUsage("--" + option->ArgStr +
                         " wants a number of bytes from 1 on: 65536 or 64K");
    *bytes = *number;
  }
  if (!memory.empty()) {
    auto regions = readMemoryFile(memory);
    if (!regions)
      return reportUsage("--memory: " + llvm::toString(regions.takeError()));
    options.regions = std::move(*regions);
  }
  options.optimize = optimizeFor;
  options.weights = weights;
  options.ioInArena = io == Io::Arena;
  options.fixedPoint = arithmetic == Arithmetic::Fixed;
  options.printAfter = {printIrAfter.begin(), printIrAfter.end()};
  options.printTime = printTime;
  options.verbose = verbose;
  return 0;
}
