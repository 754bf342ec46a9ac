//===- SharedRunner.cpp - Emitted sources in this process -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes the package of sources, compiles it with this machine's compiler as a
// user would, and loads the shared object.
//
//===----------------------------------------------------------------------===//

#include "codegen/package/Package.h"
#include "compiler/driver/Runner.h"
#include "llvm/Support/DynamicLibrary.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"

#include <dlfcn.h>

using namespace mlir;
using namespace tenon;

/// `int tenon_call(void **p) { return face_run_ex((const float *)p[0], ...); }`
static void writeTrampoline(llvm::raw_ostream &os,
                            const kernel::Interface &interface) {
  const std::string &name = interface.name;
  os << "#include \"" << name << ".h\"\n#ifdef __cplusplus\nextern \"C\"\n"
     << "#endif\nint tenon_call(void **p) {\n  return " << name << "_run_ex(";
  unsigned index = 0;
  if (!interface.hasPortsInArena()) {
    for (const kernel::Port &port : interface.inputs)
      os << "(const " << port.getElement().ctype << " *)p[" << index++ << "], ";
    for (const kernel::Port &port : interface.outputs)
      os << "(" << port.getElement().ctype << " *)p[" << index++ << "], ";
  }
  os << "p[" << index << "], (const " << name << "_context *)p[" << index + 1
     << "]);\n}\n";
}

/// The environment's $CC or $CXX, else what is there.
static std::string getHostCompiler(bool isC) {
  if (auto fromEnvironment = llvm::sys::Process::GetEnv(isC ? "CC" : "CXX"))
    if (!fromEnvironment->empty())
      return *fromEnvironment;
  static constexpr const char *kNames[][4] = {
      {"c++", "g++", "clang++", "clang++-19"},
      {"cc", "gcc", "clang", "clang-19"}};
  for (const char *name : kNames[isC])
    if (llvm::sys::findProgramByName(name))
      return name;
  return kNames[isC][0];
}

llvm::Expected<std::unique_ptr<Runner>>
tenon::createSharedRunner(ModuleOp module, kernel::Interface interface,
                          Emitter emitter) {
  auto folder = TemporaryFolder::create();
  if (!folder)
    return folder.takeError();
  OutputFolder package(folder->getPath(""));
  PackageOptions options;
  bool isC = emitter == Emitter::C;
  options.code = isC ? PackageCode::C : PackageCode::Cpp;
  if (failed(writePackage(module, package, options)))
    return llvm::createStringError("the sources could not be written");
  std::string trampoline = getCodeFile("trampoline", options.code);
  writeTrampoline(package.create(trampoline), interface);
  if (auto error = package.commit())
    return std::move(error);

  std::string library = folder->getPath("model.so");
  std::vector<std::string> arguments = {
      "-O2",
      "-fPIC",
      "-shared",
      isC ? "-std=c11" : "-std=c++11",
      "-I" + folder->getPath(""),
      folder->getWeightsDefinition(interface.name),
      "-o",
      library,
      folder->getPath(trampoline),
      folder->getPath(getCodeFile(interface.name, options.code)),
      folder->getPath(getCodeFile(interface.name + "_weights", options.code))};
  if (auto error = runProgram(getHostCompiler(isC), arguments, *folder))
    return std::move(error);
  void *handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle)
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   "cannot load the compiled model: %s",
                                   dlerror());
  std::shared_ptr<void> owner(handle, [](void *handle) { dlclose(handle); });
  auto *function =
      reinterpret_cast<int (*)(void **)>(dlsym(handle, "tenon_call"));
  if (!function)
    return llvm::createStringError("the compiled model lacks its function");
  return createLocalRunner(std::move(interface), function, std::move(owner));
}
