//===- ObjectEmitter.cpp - Low form to LLVM IR, objects, archives ---------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The low form goes through the LLVM dialect to LLVM IR, gets its constants, is
// optimized and written. A program without an operating system links the
// object, and LLVM likes to make calls of what looks like a library function.
// So LLVM is told that there is no library but memcpy, memmove and memset, and
// the finished object is read back: a symbol that neither the model declares
// nor every compiler's support library has is an error here, not in the user's
// link.
//
//===----------------------------------------------------------------------===//

#include "codegen/object/ObjectEmitter.h"
#include "dialects/kernel/Regions.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/SmallVectorMemoryBuffer.h"

using namespace mlir;
using namespace tenon;

//===----------------------------------------------------------------------===//
// LLVM IR
//===----------------------------------------------------------------------===//

/// Constants get their bytes here; nothing outside may see them.
static void setConstants(ModuleOp from, llvm::Module &to,
                         unsigned defaultAlignment) {
  for (auto global : from.getOps<kernel::GlobalOp>()) {
    llvm::GlobalVariable *variable =
        to.getGlobalVariable(global.getName(), /*AllowInternal=*/true);
    if (!variable)
      continue;
    std::vector<char> data = kernel::getData(global);
    variable->setInitializer(llvm::ConstantDataArray::getRaw(
        StringRef(data.data(), data.size()), data.size(),
        llvm::Type::getInt8Ty(to.getContext())));
    variable->setAlignment(
        llvm::Align(global.getAlignment().value_or(defaultAlignment)));
    variable->setSection(kernel::getSection(global));
    variable->setLinkage(llvm::GlobalValue::InternalLinkage);
    variable->setUnnamedAddr(llvm::GlobalValue::UnnamedAddr::Global);
  }
}

static std::unique_ptr<llvm::Module>
translate(ModuleOp module, llvm::LLVMContext &context,
          const llvm::TargetMachine &machine, OptLevel level) {
  kernel::TargetAttr target = kernel::getTarget(module);
  MLIRContext *mlirContext = module.getContext();
  DialectRegistry registry;
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
  mlirContext->appendDialectRegistry(registry);

  std::string layout = machine.createDataLayout().getStringRepresentation();
  OwningOpRef<ModuleOp> converted = convertToLLVMDialect(module, layout);
  if (!converted)
    return nullptr;
  std::unique_ptr<llvm::Module> result =
      translateModuleToLLVMIR(*converted, context, "model");
  if (!result) {
    emitError(module.getLoc(), "cannot translate the module to LLVM IR");
    return nullptr;
  }
  result->setDataLayout(machine.createDataLayout());
  result->setTargetTriple(machine.getTargetTriple().str());
  setConstants(module, *result, target.getAlignment());
  for (llvm::Function &function : *result) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-cpu", target.getCpu());
    if (!target.getFeatures().empty())
      function.addFnAttr("target-features", target.getFeatures());
    if (unsigned bits = target.getVectorBits()) {
      function.addFnAttr("min-legal-vector-width", std::to_string(bits));
      function.addFnAttr("prefer-vector-width", std::to_string(bits));
    }
    function.addFnAttr(llvm::Attribute::NoUnwind);
    if (level == OptLevel::Size)
      function.addFnAttr(llvm::Attribute::OptimizeForSize);
  }
  return result;
}

std::unique_ptr<llvm::Module> tenon::translateToLLVM(ModuleOp module,
                                                     llvm::LLVMContext &context,
                                                     OptLevel level) {
  std::unique_ptr<llvm::TargetMachine> machine =
      createTargetMachine(module, level);
  if (!machine)
    return nullptr;
  return translate(module, context, *machine, level);
}

/// What LLVM may call on its own: nothing of libm.
static llvm::TargetLibraryInfoImpl getLibrary(const llvm::Triple &triple) {
  llvm::TargetLibraryInfoImpl library(triple);
  library.disableAllFunctions();
  library.setAvailable(llvm::LibFunc_memcpy);
  library.setAvailable(llvm::LibFunc_memmove);
  library.setAvailable(llvm::LibFunc_memset);
  return library;
}

void tenon::optimize(llvm::Module &module, llvm::TargetMachine &machine,
                     OptLevel level) {
  // Vectors are the kernel builder's business.
  llvm::PipelineTuningOptions tuning;
  tuning.LoopVectorization = false;
  tuning.SLPVectorization = false;
  // Kernels in vectors are tiled as the machine wants them: unrolling takes
  // half of LLVM's time there and gains nothing [ic01 on x86-64-v4]. On a
  // scalar core it saves a tenth of the instructions [ic01 on Cortex-M4].
  bool hasVectors = llvm::any_of(module, [](llvm::Function &function) {
    return function.hasFnAttribute("prefer-vector-width");
  });
  tuning.LoopUnrolling = level != OptLevel::Size && !hasVectors;
  llvm::PassBuilder builder(&machine, tuning);
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  functions.registerPass([&] {
    return llvm::TargetLibraryAnalysis(
        getLibrary(llvm::Triple(module.getTargetTriple())));
  });
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  auto pipeline = [&]() -> llvm::ModulePassManager {
    switch (level) {
    case OptLevel::None:
      return builder.buildO0DefaultPipeline(llvm::OptimizationLevel::O0);
    case OptLevel::Size:
      return builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::Os);
    case OptLevel::Balanced:
    case OptLevel::Speed:
      break;
    }
    // More than -O1 takes longer [ic01 on x86-64-v4: 0.50 s in place of 0.38]
    // and gains nothing on kernels in vectors.
    return builder.buildPerModuleDefaultPipeline(
        hasVectors ? llvm::OptimizationLevel::O1 : llvm::OptimizationLevel::O2);
  }();
  pipeline.run(module, modules);
}

/// Under ARM's EABI the intrinsics become `__aeabi_memcpy`, which not every C
/// library has: calls what all have, unless it is short enough to be inlined.
static void callPlainMemoryFunctions(llvm::Module &module) {
  if (!llvm::Triple(module.getTargetTriple()).isARM() &&
      !llvm::Triple(module.getTargetTriple()).isThumb())
    return;
  constexpr uint64_t kInlined = 4;
  llvm::Type *pointer = llvm::PointerType::getUnqual(module.getContext());
  llvm::Type *i32 = llvm::Type::getInt32Ty(module.getContext());
  SmallVector<llvm::MemIntrinsic *> found;
  for (llvm::Function &function : module)
    for (llvm::Instruction &instruction : llvm::instructions(function))
      if (auto *memory = dyn_cast<llvm::MemIntrinsic>(&instruction)) {
        auto *length = dyn_cast<llvm::ConstantInt>(memory->getLength());
        if (!length || length->getZExtValue() > kInlined)
          found.push_back(memory);
      }
  for (llvm::MemIntrinsic *memory : found) {
    auto *fill = dyn_cast<llvm::MemSetInst>(memory);
    StringRef name = fill                             ? "memset"
                     : isa<llvm::MemMoveInst>(memory) ? "memmove"
                                                      : "memcpy";
    llvm::FunctionCallee callee = module.getOrInsertFunction(
        name, pointer, pointer, fill ? i32 : pointer, i32);
    llvm::IRBuilder<> builder(memory);
    llvm::Value *second =
        fill ? builder.CreateZExt(fill->getValue(), i32)
             : cast<llvm::MemTransferInst>(memory)->getRawSource();
    builder.CreateCall(callee,
                       {memory->getRawDest(), second,
                        builder.CreateZExtOrTrunc(memory->getLength(), i32)});
    memory->eraseFromParent();
  }
}

//===----------------------------------------------------------------------===//
// Objects and archives
//===----------------------------------------------------------------------===//

bool tenon::isAllowedUndefined(StringRef symbol, kernel::TargetAttr target) {
  if (symbol == "memcpy" || symbol == "memset" || symbol == "memmove" ||
      symbol == "_GLOBAL_OFFSET_TABLE_")
    return true;
  llvm::Triple triple(llvm::Triple::normalize(target.getTriple()));
  if (triple.isWasm())
    return llvm::is_contained(
        {"__linear_memory", "__stack_pointer", "__indirect_function_table"},
        symbol);
  // Arithmetic that the machine lacks, as every compiler's library has it.
  if (triple.isARM() || triple.isThumb()) {
    if (!symbol.consume_front("__aeabi_"))
      return false;
    return llvm::is_contained(
        {"fadd",    "fsub",     "frsub",   "fmul",     "fdiv",   "fcmpeq",
         "fcmplt",  "fcmple",   "fcmpge",  "fcmpgt",   "fcmpun", "dadd",
         "dsub",    "drsub",    "dmul",    "ddiv",     "dcmpeq", "dcmplt",
         "dcmple",  "dcmpge",   "dcmpgt",  "dcmpun",   "f2d",    "d2f",
         "i2f",     "ui2f",     "l2f",     "ul2f",     "i2d",    "ui2d",
         "l2d",     "ul2d",     "f2iz",    "f2uiz",    "f2lz",   "f2ulz",
         "d2iz",    "d2uiz",    "d2lz",    "d2ulz",    "idiv",   "uidiv",
         "idivmod", "uidivmod", "ldivmod", "uldivmod", "lmul",   "llsl",
         "llsr",    "lasr",     "lcmp",    "ulcmp"},
        symbol);
  }
  if (triple.isRISCV32())
    return llvm::is_contained(
        {"__addsf3",    "__subsf3",      "__mulsf3",      "__divsf3",
         "__eqsf2",     "__nesf2",       "__ltsf2",       "__lesf2",
         "__gtsf2",     "__gesf2",       "__unordsf2",    "__adddf3",
         "__subdf3",    "__muldf3",      "__divdf3",      "__eqdf2",
         "__nedf2",     "__ltdf2",       "__ledf2",       "__gtdf2",
         "__gedf2",     "__unorddf2",    "__extendsfdf2", "__truncdfsf2",
         "__floatsisf", "__floatunsisf", "__floatdisf",   "__floatundisf",
         "__floatsidf", "__floatunsidf", "__floatdidf",   "__floatundidf",
         "__fixsfsi",   "__fixunssfsi",  "__fixsfdi",     "__fixunssfdi",
         "__fixdfsi",   "__fixunsdfsi",  "__fixdfdi",     "__fixunsdfdi",
         "__muldi3",    "__divdi3",      "__udivdi3",     "__moddi3",
         "__umoddi3",   "__ashldi3",     "__ashrdi3",     "__lshrdi3"},
        symbol);
  return false;
}

/// Whatever LLVM made of the module, it may not have made calls of it.
static LogicalResult checkUndefined(ModuleOp module, StringRef object) {
  kernel::TargetAttr target = kernel::getTarget(module);
  auto file = llvm::object::ObjectFile::createObjectFile(
      llvm::MemoryBufferRef(object, "object"));
  if (!file)
    return emitError(module.getLoc(), "cannot read the object back: ")
           << llvm::toString(file.takeError());
  llvm::StringSet<> declared;
  for (auto symbol : module.getOps<SymbolOpInterface>())
    declared.insert(symbol.getName());
  for (const llvm::object::SymbolRef &symbol : (*file)->symbols()) {
    auto flags = symbol.getFlags();
    auto name = symbol.getName();
    if (!flags || !name)
      return emitError(module.getLoc(), "cannot read the object back: ")
             << llvm::toString(
                    llvm::joinErrors(flags.takeError(), name.takeError()));
    if (!(*flags & llvm::object::BasicSymbolRef::SF_Undefined) ||
        name->empty() || declared.contains(*name) ||
        isAllowedUndefined(*name, target))
      continue;
    return emitError(module.getLoc(), "the object for ")
           << target.getName() << " would need '" << *name
           << "', which a freestanding program does not have";
  }
  return success();
}

LogicalResult tenon::emitObject(ModuleOp module, llvm::raw_pwrite_stream &os,
                                OptLevel level) {
  std::unique_ptr<llvm::TargetMachine> machine =
      createTargetMachine(module, level);
  if (!machine)
    return failure();
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> translated =
      translate(module, context, *machine, level);
  if (!translated)
    return failure();
  optimize(*translated, *machine, level);
  callPlainMemoryFunctions(*translated);
  SmallVector<char, 0> object;
  llvm::raw_svector_ostream stream(object);
  llvm::legacy::PassManager passes;
  passes.add(new llvm::TargetLibraryInfoWrapperPass(
      getLibrary(machine->getTargetTriple())));
  if (machine->addPassesToEmitFile(passes, stream, nullptr,
                                   llvm::CodeGenFileType::ObjectFile))
    return emitError(module.getLoc(),
                     "LLVM cannot write objects for this target");
  passes.run(*translated);
  StringRef bytes(object.data(), object.size());
  if (failed(checkUndefined(module, bytes)))
    return failure();
  os << bytes;
  return success();
}

LogicalResult tenon::emitArchive(ModuleOp module, llvm::raw_ostream &os,
                                 StringRef memberName, OptLevel level) {
  SmallVector<char, 0> object;
  llvm::raw_svector_ostream stream(object);
  if (failed(emitObject(module, stream, level)))
    return failure();
  llvm::NewArchiveMember member(llvm::MemoryBufferRef(
      StringRef(object.data(), object.size()), memberName));
  auto archive = llvm::writeArchiveToBuffer(
      member, llvm::SymtabWritingMode::NormalSymtab,
      llvm::object::Archive::K_GNU, /*Deterministic=*/true, /*Thin=*/false);
  if (!archive)
    return emitError(module.getLoc(), "cannot write the archive: ")
           << llvm::toString(archive.takeError());
  os << (*archive)->getBuffer();
  return success();
}
