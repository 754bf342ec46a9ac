//===- LinkModel.cpp - Shared objects and programs of models --------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/LinkModel.h"

#include "codegen/package/Package.h"
#include "compiler/driver/DiagnosticPrinter.h"
#include "compiler/driver/Runner.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace tenon;

int tenon::linkModel(ModuleOp module, const CompileOptions &options,
                     Linked linked, const std::string &path) {
  StringRef folder = llvm::sys::path::parent_path(path);
  if (!folder.empty())
    if (auto code = llvm::sys::fs::create_directories(folder))
      return reportError("cannot make " + folder + ": " + code.message());
  auto interface = kernel::getInterface(module);
  if (failed(interface))
    return 1;
  auto temporary = TemporaryFolder::create();
  if (!temporary)
    return reportError(llvm::toString(temporary.takeError()));
  OutputFolder files(temporary->getPath(""));
  PackageOptions package;
  package.code = PackageCode::Object;
  package.level = options.optimize;
  if (failed(writePackage(module, files, package)))
    return 1;
  if (linked == Linked::Program)
    writeMainProgram(files.create("main.cpp"), *interface);
  if (auto error = files.commit())
    return reportError(llvm::toString(std::move(error)));

  std::string object = temporary->getPath(interface->name + ".o");
  Location loc = UnknownLoc::get(module.getContext());
  if (linked == Linked::Shared)
    return failed(linkShared(loc, {object}, path, kernel::getTarget(module)));
  StringRef gcc = options.target->gcc;
  std::string flags =
      "-O2 -I" + temporary->getPath("") + " " + options.target->gccFlags;
  if (gcc.starts_with("arm-none-eabi"))
    flags += " --specs=rdimon.specs";
  return failed(linkExecutable(loc, {temporary->getPath("main.cpp"), object},
                               path, gcc, flags));
}
