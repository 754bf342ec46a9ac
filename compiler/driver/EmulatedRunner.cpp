//===- EmulatedRunner.cpp - Code of other machines under qemu -------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The model becomes an executable that reads and writes files, linked by the
// target's compiler (for bare metal with newlib, whose files go through
// semihosting), and runs in qemu's user mode.
//
//===----------------------------------------------------------------------===//

#include "codegen/package/Package.h"
#include "compiler/driver/Runner.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;
using namespace tenon;

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
  std::vector<std::string> arguments(command.begin() + 1, command.end());
  for (auto [index, input] : llvm::enumerate(inputs)) {
    std::string path = folder.getPath("input" + std::to_string(index) + ".bin");
    std::error_code code;
    llvm::raw_fd_ostream os(path, code);
    if (code)
      return llvm::createStringError(code, "cannot write " + path);
    os.write(input.bytes.data(), input.bytes.size());
    arguments.push_back(path);
  }
  std::vector<std::string> outputPaths;
  for (size_t i = 0; i < interface.outputs.size(); ++i) {
    outputPaths.push_back(
        folder.getPath("output" + std::to_string(i) + ".bin"));
    arguments.push_back(outputPaths.back());
  }
  if (auto error = runProgram(command[0], arguments, folder))
    return std::move(error);
  std::vector<Tensor> outputs;
  for (auto [port, path] : llvm::zip_equal(interface.outputs, outputPaths)) {
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

/// The emulator and its options; empty where there is none.
static std::vector<std::string> getEmulator(const Target &target) {
  llvm::Triple triple(target.triple);
  switch (triple.getArch()) {
  case llvm::Triple::x86_64:
    return {"qemu-x86_64", "-cpu", "max"};
  case llvm::Triple::aarch64:
    return {"qemu-aarch64", "-L", "/usr/aarch64-linux-gnu"};
  case llvm::Triple::arm:
    return {"qemu-arm", "-L", "/usr/arm-linux-gnueabihf"};
  case llvm::Triple::thumb:
    return {"qemu-arm", "-cpu", target.cpu};
  default:
    return {};
  }
}

llvm::Expected<std::unique_ptr<Runner>>
tenon::createEmulatedRunner(ModuleOp module, kernel::Interface interface,
                            const Target &target, Emitter emitter,
                            OptLevel level) {
  std::vector<std::string> command = getEmulator(target);
  StringRef gcc = target.gcc;
  if (command.empty() || gcc.empty())
    return llvm::createStringError("code for %s cannot be run here",
                                   target.name);
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  PackageOptions options;
  options.code =
      emitter == Emitter::Cpp ? PackageCode::Sources : PackageCode::Object;
  options.level = level;
  OutputFolder package(folder->getPath(""));
  if (failed(writePackage(module, package, options)))
    return llvm::createStringError("the code could not be written");
  writeMainProgram(package.create("main.cpp"), interface);
  if (auto error = package.commit())
    return std::move(error);

  std::string program = folder->getPath("program");
  std::vector<std::string> arguments = {"-O2", "-I" + folder->getPath(""), "-o",
                                        program, folder->getPath("main.cpp")};
  for (StringRef flag : llvm::split(target.gccFlags, ' '))
    if (!flag.empty())
      arguments.push_back(flag.str());
  if (gcc.starts_with("arm-none-eabi"))
    arguments.push_back("--specs=rdimon.specs");
  for (const char *end : {".cpp", "_weights.cpp", "_weights.S", ".o"}) {
    std::string file = folder->getPath(interface.name + end);
    if (llvm::sys::fs::exists(file))
      arguments.push_back(file);
  }
  if (auto error = runProgram(gcc, arguments, *folder))
    return std::move(error);
  command.push_back(program);
  return std::make_unique<EmulatedRunner>(
      std::move(interface), std::move(*folder), std::move(command));
}
