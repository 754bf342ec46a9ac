//===- JitRunner.cpp - The object emitter's code in this process ----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loads the very object that `--emit=obj` writes, so that what is verified is
// what is shipped.
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Runner.h"

#include "llvm/AsmParser/Parser.h"
#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/TargetSelect.h"

using namespace mlir;
using namespace tenon;
namespace orc = llvm::orc;

/// A function that takes the pointers from one array:
///
///   define i32 @call(ptr %p) {
///     %q0 = getelementptr ptr, ptr %p, i64 0
///     %a0 = load ptr, ptr %q0 ...
///     %r = call i32 @face_run_ex(ptr %a0, ...)
static std::string getTrampoline(const kernel::Interface &interface) {
  size_t count = 2;
  if (!interface.hasPortsInArena())
    count += interface.inputs.size() + interface.outputs.size();
  std::string loads, arguments, types;
  for (size_t i = 0; i < count; ++i) {
    std::string n = std::to_string(i);
    loads += "  %q" + n + " = getelementptr ptr, ptr %p, i64 " + n + "\n  %a" +
             n + " = load ptr, ptr %q" + n + "\n";
    arguments += (i ? ", ptr %a" : "ptr %a") + n;
    types += i ? ", ptr" : "ptr";
  }
  std::string function = "@" + interface.name + "_run_ex(";
  return "declare i32 " + function + types + ")\n" +
         "define i32 @tenon_call(ptr %p) {\n" + loads + "  %r = call i32 " +
         function + arguments + ")\n  ret i32 %r\n}\n";
}

llvm::Expected<std::unique_ptr<Runner>>
tenon::createJitRunner(ModuleOp module, kernel::Interface interface,
                       OptLevel level) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  llvm::SmallVector<char, 0> object;
  llvm::raw_svector_ostream os(object);
  if (failed(emitObject(module, os, level)))
    return llvm::createStringError("the object could not be made");

  auto jit = orc::LLJITBuilder().create();
  if (!jit)
    return jit.takeError();
  auto process = orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
      (*jit)->getDataLayout().getGlobalPrefix());
  if (!process)
    return process.takeError();
  (*jit)->getMainJITDylib().addGenerator(std::move(*process));
  if (auto error =
          (*jit)->addObjectFile(std::make_unique<llvm::SmallVectorMemoryBuffer>(
              std::move(object), /*RequiresNullTerminator=*/false)))
    return std::move(error);

  auto context = std::make_unique<llvm::LLVMContext>();
  llvm::SMDiagnostic diagnostic;
  std::unique_ptr<llvm::Module> trampoline =
      llvm::parseAssemblyString(getTrampoline(interface), diagnostic, *context);
  if (!trampoline)
    return llvm::createStringError(diagnostic.getMessage().str().c_str());
  if (auto error = (*jit)->addIRModule(
          orc::ThreadSafeModule(std::move(trampoline), std::move(context))))
    return std::move(error);
  auto symbol = (*jit)->lookup("tenon_call");
  if (!symbol)
    return symbol.takeError();
  return createLocalRunner(std::move(interface),
                           symbol->toPtr<int (*)(void **)>(),
                           std::shared_ptr<orc::LLJIT>(std::move(*jit)));
}
