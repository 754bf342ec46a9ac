//===- Peak.cpp - How fast the machine multiplies -------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The loop is written in the low form and goes through the object emitter, so
// that it uses the same instructions as a model for the target:
//
//   for i in 0..200000:
//     acc0 = acc0 * factor + step      (12 of these, independent: enough for
//     acc1 = acc1 * factor + step       two units with a latency of 5)
//     ...
//
//===----------------------------------------------------------------------===//

#include "compiler/driver/Peak.h"

#include "compiler/driver/Runner.h"
#include "mlir/Parser/Parser.h"
#include "passes/lower/Passes.h"

#include <chrono>

using namespace mlir;
using namespace tenon;

static constexpr unsigned kAccumulators = 12;
static constexpr unsigned kSteps = 200000, kRounds = 20;

static std::string getLoop(const Target &target) {
  std::string type = target.lanes > 1
                         ? "vector<" + std::to_string(target.lanes) + "xf32>"
                         : "f32";
  auto number = [&](const char *value) {
    return (target.lanes > 1 ? "dense<" + std::string(value) + ">"
                             : std::string(value)) +
           " : " + type;
  };
  std::string carried, names, types, steps, sum;
  for (unsigned i = 0; i < kAccumulators; ++i) {
    std::string n = std::to_string(i), comma = i ? ", " : "";
    carried += comma + "%a" + n + " = %factor";
    names += comma + "%b" + n;
    types += comma + type;
    if (target.fma)
      steps +=
          "%b" + n + " = math.fma %a" + n + ", %factor, %step : " + type + "\n";
    else
      steps += "%m" + n + " = arith.mulf %a" + n + ", %factor : " + type +
               "\n%b" + n + " = arith.addf %m" + n + ", %step : " + type + "\n";
    if (i > 0)
      sum += "%s" + n + " = arith.addf " +
             (i == 1 ? "%r#0" : "%s" + std::to_string(i - 1)) + ", %r#" + n +
             " : " + type + "\n";
  }
  std::string last = "%s" + std::to_string(kAccumulators - 1);
  std::string lanes = std::to_string(target.lanes);
  std::string store =
      target.lanes > 1 ? "vector.store " + last + ", %out[%c0] : memref<" +
                             lanes + "xf32>, " + type
                       : "memref.store " + last + ", %out[%c0] : memref<1xf32>";
  return "module attributes {kernel.model_name = \"peak\", kernel.inputs = [], "
         "kernel.outputs = [{name = \"out\", ident = \"out\", type = tensor<" +
         lanes + "xf32>}]} {\nfunc.func @peak(%out: memref<" + lanes +
         "xf32>, %arena: memref<1xi8>) -> i32 {\n"
         "%c0 = arith.constant 0 : index\n%c1 = arith.constant 1 : index\n"
         "%n = arith.constant " +
         std::to_string(kSteps) +
         " : index\n%ok = arith.constant 0 : i32\n%factor = arith.constant " +
         number("0.9990234375") + "\n%step = arith.constant " +
         number("0.0009765625") + "\n%r:" + std::to_string(kAccumulators) +
         " = scf.for %i = %c0 to %n step %c1 iter_args(" + carried + ") -> (" +
         types + ") {\n" + steps + "scf.yield " + names + " : " + types +
         "\n}\n" + sum + store + "\nreturn %ok : i32\n}\n}\n";
}

llvm::Expected<double> tenon::measurePeak(MLIRContext &context,
                                          const Target &target) {
  auto fail = [] {
    return llvm::createStringError("the peak could not be measured");
  };
  context.loadDialect<arith::ArithDialect, func::FuncDialect, math::MathDialect,
                      memref::MemRefDialect, scf::SCFDialect,
                      vector::VectorDialect>();
  auto module = parseSourceString<ModuleOp>(getLoop(target), &context);
  if (!module)
    return fail();
  module->getOperation()->setAttr(kernel::kTargetAttrName,
                                  getTargetAttr(&context, target));
  PassManager passes(&context);
  passes.addPass(createMakeInterfacePass());
  if (failed(passes.run(*module)))
    return fail();
  auto runner =
      Runner::create(*module, target, Emitter::Object, OptLevel::Speed);
  if (!runner)
    return runner.takeError();
  auto run = (*runner)->prepare({});
  if (!run)
    return fail();
  double best = 0;
  for (unsigned i = 0; i < kRounds; ++i) {
    auto start = std::chrono::steady_clock::now();
    if (run(nullptr) != 0)
      return fail();
    std::chrono::duration<double> time =
        std::chrono::steady_clock::now() - start;
    best = std::max(best,
                    2.0 * target.lanes * kAccumulators * kSteps / time.count());
  }
  return best;
}
