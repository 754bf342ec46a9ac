//===- Runner.h - Compiled models, run on this machine ----------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_DRIVER_RUNNER_H
#define TENON_COMPILER_DRIVER_RUNNER_H

#include "codegen/object/ObjectEmitter.h"
#include "compiler/driver/RunHooks.h"
#include "compiler/driver/Tensor.h"
#include "compiler/targets/Targets.h"

namespace tenon {

/// What makes the code that runs: LLVM, or a compiler of the sources.
enum class Emitter { Object, Cpp, C };

/// A model in memory, or the command that runs it under emulation.
class Runner {
public:
  virtual ~Runner();

  /// Makes the code of a module in the low form; for sources it went
  /// through `legalize-for-cpp`. Code for another machine is linked by its
  /// compiler and run by qemu.
  static llvm::Expected<std::unique_ptr<Runner>> create(mlir::ModuleOp module,
                                                        const Target &target,
                                                        Emitter emitter,
                                                        OptLevel level);

  /// Computes the outputs from the inputs, which are those of the interface, in
  /// order.
  virtual llvm::Expected<std::vector<Tensor>>
  run(llvm::ArrayRef<Tensor> inputs) = 0;

  /// Threads of `run`, for a model compiled with more than one. Emulated code
  /// runs on one.
  void setThreads(int threads) { hooks = std::make_unique<RunHooks>(threads); }

  /// For timing: prepares memory once; the function it returns runs the model
  /// with this context (may be null) and returns its status. Null where the
  /// model does not run in this process.
  virtual std::function<int(const RunContext *context)>
  prepare(llvm::ArrayRef<Tensor> inputs) {
    return nullptr;
  }

  const kernel::Interface &getInterface() const { return interface; }

protected:
  explicit Runner(kernel::Interface interface)
      : interface(std::move(interface)) {}

  /// Checks number, types and shapes of inputs.
  llvm::Error checkInputs(llvm::ArrayRef<Tensor> inputs) const;

  kernel::Interface interface;
  std::unique_ptr<RunHooks> hooks;
  /// The weights file, where the code expects it to be mapped.
  std::string weights;
};

/// Whether code for the target runs in this process.
bool runsHere(const Target &target);

/// What is missing here to run code for the target: an emulator, or a compiler.
llvm::Error checkRunnable(const Target &target);

// Runner.cpp chooses among these.
llvm::Expected<std::unique_ptr<Runner>>
createJitRunner(mlir::ModuleOp module, kernel::Interface interface,
                OptLevel level);
llvm::Expected<std::unique_ptr<Runner>>
createSharedRunner(mlir::ModuleOp module, kernel::Interface interface,
                   Emitter emitter);
llvm::Expected<std::unique_ptr<Runner>>
createEmulatedRunner(mlir::ModuleOp module, kernel::Interface interface,
                     const Target &target, Emitter emitter, OptLevel level);

/// A runner for a function in this process that takes all pointers in one
/// array: inputs, outputs, arena, context. `owner` keeps its code.
std::unique_ptr<Runner> createLocalRunner(kernel::Interface interface,
                                          int (*function)(void **),
                                          std::shared_ptr<void> owner);

/// A folder for temporary files that disappears with the object.
class TemporaryFolder {
public:
  static llvm::Expected<TemporaryFolder> create();
  TemporaryFolder(TemporaryFolder &&other) : path(std::move(other.path)) {
    other.path.clear();
  }
  ~TemporaryFolder();
  std::string getPath(llvm::StringRef file) const;
  /// A flag for the compiler of sources that include weights of the folder.
  std::string getWeightsDefinition(llvm::StringRef name) const;

private:
  explicit TemporaryFolder(std::string path) : path(std::move(path)) {}
  std::string path;
};

/// Runs a program; an error with what it wrote where it fails.
llvm::Error runProgram(llvm::StringRef program,
                       llvm::ArrayRef<std::string> arguments,
                       const TemporaryFolder &folder);

/// A program in C and C++ that reads inputs from files and writes outputs to files:
/// `PROGRAM image.npy score.npy`. Raw bytes where a name does not end in .npy.
void writeMainProgram(llvm::raw_ostream &os,
                      const kernel::Interface &interface);

} // namespace tenon

#endif // TENON_COMPILER_DRIVER_RUNNER_H
