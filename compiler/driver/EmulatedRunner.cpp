//===- EmulatedRunner.cpp - Code of other machines under qemu -------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The model becomes an executable that reads and writes files, linked by the
// target's compiler, and runs in qemu's user mode; for bare metal on one of
// qemu's boards, with newlib, whose files go through semihosting.
//
//===----------------------------------------------------------------------===//

#include "codegen/package/Package.h"
#include "compiler/driver/Board.h"
#include "compiler/driver/Runner.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace tenon;

/// The files of a run, in the order of the program's arguments: inputs,
/// outputs, and before them the weights where they are mapped.
static std::vector<std::string> getFiles(const kernel::Interface &interface,
                                         const TemporaryFolder &folder) {
  std::vector<std::string> files;
  if (interface.hasMappedWeights())
    files.push_back(folder.getPath(getWeightsFile(interface.name)));
  for (size_t i = 0; i < interface.inputs.size(); ++i)
    files.push_back(folder.getPath("input" + std::to_string(i) + ".bin"));
  for (size_t i = 0; i < interface.outputs.size(); ++i)
    files.push_back(folder.getPath("output" + std::to_string(i) + ".bin"));
  return files;
}

namespace {
class EmulatedRunner : public Runner {
public:
  EmulatedRunner(kernel::Interface interface, TemporaryFolder folder,
                 std::vector<std::string> command)
      : Runner(std::move(interface)), folder(std::move(folder)),
        command(std::move(command)) {}

  llvm::Expected<std::vector<Tensor>> run(ArrayRef<Tensor> inputs) override;

private:
  TemporaryFolder folder;
  std::vector<std::string> command;
};
} // namespace

llvm::Expected<std::vector<Tensor>>
EmulatedRunner::run(ArrayRef<Tensor> inputs) {
  if (auto error = checkInputs(inputs))
    return std::move(error);
  std::vector<std::string> files = getFiles(interface, folder);
  size_t first = interface.hasMappedWeights();
  for (auto [input, path] :
       llvm::zip(inputs, ArrayRef(files).drop_front(first))) {
    std::error_code code;
    llvm::raw_fd_ostream os(path, code);
    if (code)
      return llvm::createStringError(code, "cannot write " + path);
    os.write(input.bytes.data(), input.bytes.size());
  }
  ArrayRef<std::string> arguments = ArrayRef(command).drop_front();
  if (auto error = runProgram(command[0], arguments, folder))
    return std::move(error);
  std::vector<Tensor> outputs;
  for (auto [port, path] : llvm::zip_equal(
           interface.outputs,
           ArrayRef(files).drop_front(first + interface.inputs.size()))) {
    Tensor tensor = makeTensor(port);
    auto file = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
    if (!file || (*file)->getBufferSize() != tensor.bytes.size())
      return llvm::createStringError("the program did not write output '%s'",
                                     port.name.c_str());
    llvm::copy((*file)->getBuffer(), tensor.bytes.begin());
    outputs.push_back(std::move(tensor));
  }
  return outputs;
}

//===----------------------------------------------------------------------===//
// The emulator
//===----------------------------------------------------------------------===//

namespace {
/// What runs a program, and the Debian packages that have it and the compiler.
struct Emulator {
  std::vector<std::string> command;
  const char *package, *compilerPackage;
};
} // namespace

/// An empty command where there is none.
static Emulator getEmulator(const Target &target) {
  if (const Board *board = lookupBoard(target))
    return {{"qemu-system-arm", "-M", board->machine, "-display", "none",
             "-monitor", "none", "-serial", "none", "-semihosting-config",
             "enable=on,target=native", "-kernel"},
            "qemu-system-arm",
            "gcc-arm-none-eabi libnewlib-arm-none-eabi "
            "libstdc++-arm-none-eabi-newlib"};
  switch (llvm::Triple(target.triple).getArch()) {
  case llvm::Triple::x86_64:
    return {{"qemu-x86_64", "-cpu", "max"}, "qemu-user", "g++"};
  case llvm::Triple::aarch64:
    return {{"qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"},
            "qemu-user",
            "g++-aarch64-linux-gnu"};
  case llvm::Triple::arm:
    return {{"qemu-arm", "-L", "/usr/arm-linux-gnueabihf"},
            "qemu-user",
            "g++-arm-linux-gnueabihf"};
  default:
    return {};
  }
}

llvm::Error tenon::checkRunnable(const Target &target) {
  if (runsHere(target))
    return llvm::Error::success();
  Emulator emulator = getEmulator(target);
  StringRef gcc = target.gcc;
  auto fail = [&](const Twine &why) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   "code for " + Twine(target.name) +
                                       " cannot be run here: " + why);
  };
  if (emulator.command.empty() || gcc.empty())
    return fail("no emulator is known for it");
  for (auto [program, package] :
       {std::pair(StringRef(emulator.command[0]), emulator.package),
        std::pair(gcc, emulator.compilerPackage)})
    if (!llvm::sys::findProgramByName(program))
      return fail("the program '" + program + "' was not found (on Debian: " +
                  "apt-get install " + package + ")");
  return llvm::Error::success();
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

/// Start code and linker script; the arguments for the linker.
static std::vector<std::string> addBoard(OutputFolder &package,
                                         const TemporaryFolder &folder,
                                         const Board &board, StringRef start,
                                         ArrayRef<std::string> files) {
  writeStart(package.create(start), files);
  writeLinkerScript(package.create("board.ld"), board);
  return {folder.getPath(start),     "-nostartfiles",
          "--specs=rdimon.specs",    "-fno-exceptions",
          "-Wl,-z,noexecstack",      "-T",
          folder.getPath("board.ld")};
}

/// GCC's driver for C: that for C++ takes every source for C++.
static std::string getCompiler(const Target &target, Emitter emitter) {
  StringRef gcc = target.gcc;
  if (emitter == Emitter::C && gcc.consume_back("g++"))
    return (gcc + "gcc").str();
  return gcc.str();
}

llvm::Expected<std::unique_ptr<Runner>>
tenon::createEmulatedRunner(ModuleOp module, kernel::Interface interface,
                            const Target &target, Emitter emitter,
                            OptLevel level) {
  if (auto error = checkRunnable(target))
    return std::move(error);
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  PackageOptions options;
  options.code = emitter == Emitter::Object ? PackageCode::Object
                 : emitter == Emitter::C    ? PackageCode::C
                                            : PackageCode::Cpp;
  auto source = [&](StringRef name) {
    return getCodeFile(name, emitter == Emitter::C ? PackageCode::C
                                                   : PackageCode::Cpp);
  };
  options.level = level;
  OutputFolder package(folder->getPath(""));
  if (failed(writePackage(module, package, options)))
    return llvm::createStringError("the code could not be written");
  writeMainProgram(package.create(source("main")), interface);
  std::vector<std::string> files = getFiles(interface, *folder), ending;
  const Board *board = lookupBoard(target);
  if (board)
    ending = addBoard(package, *folder, *board, source("start"), files);
  if (auto error = package.commit())
    return std::move(error);

  std::string program = folder->getPath("program");
  std::vector<std::string> arguments = {
      "-O2",
      "-I" + folder->getPath(""),
      folder->getWeightsDefinition(interface.name),
      "-o",
      program,
      folder->getPath(source("main"))};
  for (StringRef flag : llvm::split(target.gccFlags, ' '))
    if (!flag.empty())
      arguments.push_back(flag.str());
  for (const char *end : {".cpp", "_weights.cpp", ".c", "_weights.c", ".o"}) {
    std::string file = folder->getPath(interface.name + end);
    if (llvm::sys::fs::exists(file))
      arguments.push_back(file);
  }
  llvm::append_range(arguments, ending);
  if (auto error = runProgram(getCompiler(target, emitter), arguments, *folder))
    return std::move(error);
  std::vector<std::string> command = getEmulator(target).command;
  command.push_back(program);
  if (!board) // it has its arguments
    llvm::append_range(command, files);
  return std::make_unique<EmulatedRunner>(
      std::move(interface), std::move(*folder), std::move(command));
}
