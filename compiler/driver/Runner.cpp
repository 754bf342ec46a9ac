//===- Runner.cpp - Compiled models, run on this machine ------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chooses how code runs: in this process (by the JIT, or as a shared object of
// the emitted sources), or by an emulator. In this process, all memory has
// guards:
//
//     ff ff ff ... | input, output or arena | ff ff ff ...
//
// A write outside changes a guard and is an error, as is a write into the
// caller's inputs. The arena begins as ff too, a NaN in every float type: what
// is read before it is written shows in the outputs.
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Runner.h"

#include "codegen/package/Package.h"
#include "compiler/import/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace tenon;

static llvm::Error makeError(const Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

Runner::~Runner() = default;

bool tenon::runsHere(const Target &target) {
  StringRef triple = target.triple;
  if (triple.empty()) // host, portable
    return true;
  llvm::Triple host(llvm::sys::getDefaultTargetTriple()), wanted(triple);
  if (host.getArch() != wanted.getArch() || host.getOS() != wanted.getOS())
    return false;
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  return llvm::all_of(llvm::split(target.pragma, ','), [&](StringRef feature) {
    return feature.empty() || features.lookup(feature);
  });
}

llvm::Expected<std::unique_ptr<Runner>> Runner::create(ModuleOp module,
                                                       const Target &target,
                                                       Emitter emitter,
                                                       OptLevel level) {
  FailureOr<kernel::Interface> interface = kernel::getInterface(module);
  if (failed(interface))
    return makeError("the compiled model has no interface");
  if (!runsHere(target))
    return createEmulatedRunner(module, std::move(*interface), target, emitter,
                                level);
  auto runner =
      emitter == Emitter::Object
          ? createJitRunner(module, std::move(*interface), level)
          : createSharedRunner(module, std::move(*interface), emitter);
  if (runner && (*runner)->interface.hasMappedWeights()) {
    llvm::raw_string_ostream os((*runner)->weights);
    writeWeightsFile(os, module);
  }
  return runner;
}

llvm::Error Runner::checkInputs(ArrayRef<Tensor> inputs) const {
  if (inputs.size() != interface.inputs.size())
    return makeError("the model has " +
                     importer::getCountText(interface.inputs.size(), "input") +
                     ", got " + Twine(inputs.size()));
  for (auto [tensor, port] : llvm::zip_equal(inputs, interface.inputs)) {
    Tensor wanted = makeTensor(port);
    if (tensor.dtype != wanted.dtype || tensor.shape != wanted.shape)
      return makeError("input '" + port.name + "' is " + getTypeText(wanted) +
                       ", got " + getTypeText(tensor));
  }
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// In this process
//===----------------------------------------------------------------------===//

namespace {
/// Memory of one tensor or arena, with bytes around it that nobody may write.
class GuardedMemory {
public:
  GuardedMemory(size_t size, size_t alignment)
      : size(size), memory(size + 2 * kGuard + alignment, kPattern) {
    uintptr_t begin = reinterpret_cast<uintptr_t>(memory.data()) + kGuard;
    offset = kGuard + (llvm::alignTo(begin, alignment) - begin);
  }
  char *getData() { return memory.data() + offset; }
  bool isIntact() const {
    auto isUntouched = [](char c) { return c == kPattern; };
    return std::all_of(memory.begin(), memory.begin() + offset, isUntouched) &&
           std::all_of(memory.begin() + offset + size, memory.end(),
                       isUntouched);
  }

private:
  static constexpr size_t kGuard = 256;
  /// A NaN in every float type, so that what is read before it was written
  /// shows.
  static constexpr char kPattern = '\xff';
  size_t size, offset;
  std::vector<char> memory;
};

class LocalRunner : public Runner {
public:
  LocalRunner(kernel::Interface interface, int (*function)(void **),
              std::shared_ptr<void> owner)
      : Runner(std::move(interface)), function(function),
        owner(std::move(owner)) {}

  llvm::Expected<std::vector<Tensor>> run(ArrayRef<Tensor> inputs) override;
  std::function<int(const RunContext *)>
  prepare(ArrayRef<Tensor> inputs) override;

private:
  struct Memory {
    /// Inputs and outputs unless they are in the arena, arena, weights.
    std::vector<GuardedMemory> blocks;
    /// The same, but the context at the end.
    std::vector<void *> pointers;
    RunContext context;
  };
  Memory makeMemory(ArrayRef<Tensor> inputs) const;
  char *getData(Memory &memory, size_t index) const;
  void writeInputs(Memory &memory, ArrayRef<Tensor> inputs) const;
  int call(Memory &memory, const RunContext *context) const;

  int (*function)(void **);
  std::shared_ptr<void> owner;
};
} // namespace

LocalRunner::Memory LocalRunner::makeMemory(ArrayRef<Tensor> inputs) const {
  Memory memory;
  auto add = [&](size_t size, size_t alignment) {
    memory.blocks.emplace_back(size, alignment);
  };
  if (!interface.hasPortsInArena()) {
    for (const kernel::Port &port : interface.inputs)
      add(port.getBytes(), port.getElement().bytes);
    for (const kernel::Port &port : interface.outputs)
      add(port.getBytes(), port.getElement().bytes);
  }
  add(std::max<int64_t>(interface.arenaBytes, 1), interface.arenaAlignment);
  for (GuardedMemory &block : memory.blocks)
    memory.pointers.push_back(block.getData());
  writeInputs(memory, inputs);
  memory.pointers.push_back(nullptr); // context
  if (!weights.empty()) {
    add(weights.size(), interface.weightsAlignment);
    llvm::copy(weights, memory.blocks.back().getData());
  }
  return memory;
}

/// The memory of an input, or after these of an output.
char *LocalRunner::getData(Memory &memory, size_t index) const {
  size_t count = interface.inputs.size();
  const kernel::Port &port = index < count ? interface.inputs[index]
                                           : interface.outputs[index - count];
  return port.offset < 0 ? memory.blocks[index].getData()
                         : memory.blocks[0].getData() + port.offset;
}

void LocalRunner::writeInputs(Memory &memory, ArrayRef<Tensor> inputs) const {
  for (auto [index, input] : llvm::enumerate(inputs))
    llvm::copy(input.bytes, getData(memory, index));
}

/// Runs with this context, or none, and the memory's weights.
int LocalRunner::call(Memory &memory, const RunContext *context) const {
  memory.context = context ? *context : RunContext();
  if (!weights.empty()) {
    memory.context.weights = memory.blocks.back().getData();
    memory.context.weightsSize = weights.size();
  }
  memory.pointers.back() =
      context || !weights.empty() ? &memory.context : nullptr;
  return function(memory.pointers.data());
}

llvm::Expected<std::vector<Tensor>> LocalRunner::run(ArrayRef<Tensor> inputs) {
  if (auto error = checkInputs(inputs))
    return std::move(error);
  Memory memory = makeMemory(inputs);
  if (int status = call(memory, hooks ? hooks->getContext() : nullptr))
    return makeError("the model returned error code " + Twine(status));
  for (GuardedMemory &block : memory.blocks)
    if (!block.isIntact())
      return makeError("the model wrote outside of its memory");
  for (auto [index, input] : llvm::enumerate(inputs))
    if (!interface.hasPortsInArena() &&
        !std::equal(input.bytes.begin(), input.bytes.end(),
                    getData(memory, index)))
      return makeError("the model wrote into its input '" + input.name + "'");
  std::vector<Tensor> outputs;
  for (const kernel::Port &port : interface.outputs) {
    Tensor tensor = makeTensor(port);
    const char *data = getData(memory, inputs.size() + outputs.size());
    tensor.bytes.assign(data, data + port.getBytes());
    outputs.push_back(std::move(tensor));
  }
  return outputs;
}

std::function<int(const RunContext *)>
LocalRunner::prepare(ArrayRef<Tensor> inputs) {
  if (auto error = checkInputs(inputs)) {
    llvm::consumeError(std::move(error));
    return nullptr;
  }
  auto memory = std::make_shared<Memory>(makeMemory(inputs));
  std::vector<Tensor> kept; // what a run overwrites
  if (interface.hasPortsInArena())
    kept = inputs.vec();
  return [memory, kept = std::move(kept), this](const RunContext *context) {
    writeInputs(*memory, kept);
    return call(*memory, context);
  };
}

std::unique_ptr<Runner> tenon::createLocalRunner(kernel::Interface interface,
                                                 int (*function)(void **),
                                                 std::shared_ptr<void> owner) {
  return std::make_unique<LocalRunner>(std::move(interface), function,
                                       std::move(owner));
}

//===----------------------------------------------------------------------===//
// Programs
//===----------------------------------------------------------------------===//

llvm::Expected<TemporaryFolder> TemporaryFolder::create() {
  llvm::SmallString<128> path;
  if (auto code = llvm::sys::fs::createUniqueDirectory("tenon", path))
    return makeError("cannot make a temporary folder: " + code.message());
  return TemporaryFolder(std::string(path));
}

TemporaryFolder::~TemporaryFolder() {
  if (!path.empty())
    (void)llvm::sys::fs::remove_directories(path);
}

std::string TemporaryFolder::getPath(StringRef file) const {
  llvm::SmallString<128> result(path);
  llvm::sys::path::append(result, file);
  return std::string(result);
}

std::string TemporaryFolder::getWeightsDefinition(StringRef name) const {
  return ("-DWEIGHTS_FILE=\"" + getPath((name + ".weights").str()) + "\"");
}

llvm::Error tenon::runProgram(StringRef program,
                              ArrayRef<std::string> arguments,
                              const TemporaryFolder &folder) {
  auto found = llvm::sys::findProgramByName(program);
  if (!found)
    return makeError("the program '" + program + "' was not found");
  std::vector<StringRef> argv = {program};
  llvm::append_range(argv, arguments);
  std::string log = folder.getPath("log.txt"), message;
  int code = llvm::sys::ExecuteAndWait(
      *found, argv, std::nullopt,
      {StringRef(""), StringRef(log), StringRef(log)}, 0, 0, &message);
  if (code == 0)
    return llvm::Error::success();
  std::string output;
  if (auto text = llvm::MemoryBuffer::getFile(log))
    output = (*text)->getBuffer().trim().take_front(1000).str();
  return makeError(program + " failed (" + Twine(code) + ") " + message +
                   output);
}
