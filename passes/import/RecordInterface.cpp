//===- RecordInterface.cpp - What callers will see of the model -----------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// While inputs and outputs have the model's names and types, and after the
// conversion has found out all shapes, writes them on the module
// (dialects/kernel/Interface.h) and gives the function the model's name:
//
//     func.func @"My Net"(%x: tensor<1x4xui8> {onnx.name = "my input"}) -> ...
//
// becomes
//
//     module attributes {kernel.model_name = "my_net", kernel.inputs =
//       [{name = "my input", ident = "my_input", type = tensor<1x4xui8>}], ...
//     func.func @my_net(%x: tensor<1x4xui8> {onnx.name = "my input"}) -> ...
//
// What no C interface can have (open dimensions, sequences, strings) is refused
// here, all of it at once.
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Identifiers.h"
#include "dialects/kernel/Interface.h"
#include "dialects/onnx/Schema.h"
#include "passes/import/Passes.h"
#include "passes/import/onnx-to-nn/CodedFloats.h"
#include "llvm/ADT/StringSet.h"

namespace tenon {
#define GEN_PASS_DEF_RECORDINTERFACEPASS
#include "passes/import/Passes.h.inc"
} // namespace tenon

using namespace mlir;
using namespace tenon;

static void addQuantization(kernel::Port &port, DictionaryAttr attrs) {
  if (!attrs)
    return;
  if (auto scale = attrs.getAs<FloatAttr>(kernel::kScaleAttrName))
    port.scale = scale.getValueAsDouble();
  if (auto zeroPoint = attrs.getAs<IntegerAttr>(kernel::kZeroPointAttrName))
    port.zeroPoint = zeroPoint.getInt();
}

namespace {
struct RecordInterfacePass
    : public tenon::impl::RecordInterfacePassBase<RecordInterfacePass> {
  using RecordInterfacePassBase::RecordInterfacePassBase;
  void runOnOperation() override;

private:
  FailureOr<kernel::Port> getPort(StringRef kind, Type type, StringAttr name,
                                  unsigned index);
  std::string getUniqueIdent(StringRef name, StringRef kind);

  llvm::StringSet<> idents;
};
} // namespace

std::string RecordInterfacePass::getUniqueIdent(StringRef name,
                                                StringRef kind) {
  std::string base = getCppIdentifier(name, kind), ident = base;
  for (unsigned i = 2; !idents.insert(ident).second; ++i)
    ident = base + "_" + std::to_string(i);
  return ident;
}

FailureOr<kernel::Port> RecordInterfacePass::getPort(StringRef kind, Type type,
                                                     StringAttr name,
                                                     unsigned index) {
  std::string text = name ? name.str() : (kind + "_" + Twine(index)).str();
  auto refuse = [&]() {
    // The graph's name, where the function is, would be taken for a node's.
    return emitError(UnknownLoc::get(&getContext()))
           << kind << " '" << text << "' ";
  };
  auto tensor = dyn_cast<RankedTensorType>(type);
  if (!tensor)
    return refuse() << "is of type " << type
                    << "; only tensors of known rank can be " << kind
                    << "s of a compiled model";
  if (!kernel::getElementInfo(tensor.getElementType()))
    return refuse() << "has elements of type " << tensor.getElementType()
                    << ", which a compiled model cannot have at its interface";
  if (!tensor.hasStaticShape()) {
    if (kind == "output")
      return refuse() << "has a size that depends on the data: " << type;
    InFlightDiagnostic diag = refuse() << "has an open dimension: " << type;
    diag.attachNote() << "hint: give it a value by --dim NAME=VALUE";
    return diag;
  }
  return kernel::Port{text, getUniqueIdent(text, kind), tensor};
}

/// In memory, floats that are codes are integers.
static void dropCodedTypes(func::FuncOp func) {
  auto replaceUses = [](Value value) {
    for (Operation *user : llvm::make_early_inc_range(value.getUsers()))
      if (auto cast = dyn_cast<UnrealizedConversionCastOp>(user)) {
        cast.getResult(0).replaceAllUsesWith(value);
        cast.erase();
      }
  };
  for (BlockArgument argument : func.getArguments())
    if (RankedTensorType codes = lowering::getCodeType(argument.getType())) {
      argument.setType(codes);
      replaceUses(argument);
    }
  Operation *ret = func.front().getTerminator();
  OpBuilder builder(ret);
  for (OpOperand &operand : ret->getOpOperands())
    if (lowering::getCodeType(operand.get().getType())) {
      Operation *cast = operand.get().getDefiningOp();
      operand.set(lowering::getCodes(builder, operand.get()));
      if (cast && isOpTriviallyDead(cast))
        cast->erase();
    }
  func.setType(builder.getFunctionType(func.front().getArgumentTypes(),
                                       ret->getOperandTypes()));
}

void RecordInterfacePass::runOnOperation() {
  ModuleOp module = getOperation();
  func::FuncOp func;
  for (auto candidate : module.getOps<func::FuncOp>())
    if (candidate.isPublic() && !candidate.isExternal()) {
      if (func) {
        candidate.emitError("is a second public function");
        return signalPassFailure();
      }
      func = candidate;
    }
  if (!func || !llvm::hasSingleElement(func.getBody())) {
    module.emitError("expected one public function with one block");
    return signalPassFailure();
  }

  // Parameters beside inputs and outputs.
  idents.clear();
  for (StringRef taken : {"arena", "context", "code", "info"})
    idents.insert(taken);
  Builder builder(&getContext());
  SmallVector<Attribute> inputs, outputs;
  bool failedAny = false;
  for (BlockArgument arg : func.getArguments()) {
    unsigned index = arg.getArgNumber();
    auto port = getPort(
        "input", arg.getType(),
        func.getArgAttrOfType<StringAttr>(index, onnx::kNameAttrName), index);
    failedAny |= failed(port);
    if (failed(port))
      continue;
    addQuantization(*port, func.getArgAttrDict(index));
    inputs.push_back(port->getAttr());
  }
  Operation *ret = func.front().getTerminator();
  for (OpOperand &operand : ret->getOpOperands()) {
    unsigned index = operand.getOperandNumber();
    auto port = getPort(
        "output", operand.get().getType(),
        func.getResultAttrOfType<StringAttr>(index, onnx::kNameAttrName),
        index);
    failedAny |= failed(port);
    if (failed(port))
      continue;
    addQuantization(*port, func.getResultAttrDict(index));
    outputs.push_back(port->getAttr());
  }
  if (failedAny)
    return signalPassFailure();

  std::string model = name;
  if (model.empty())
    model = getModelIdentifier(func.getName());
  if (!isModelName(model)) {
    module.emitError()
        << "cannot name a model '" << model
        << "': expected an identifier that C, C++ and their libraries do "
           "not use";
    return signalPassFailure();
  }
  dropCodedTypes(func);
  // Nothing refers to the model's function.
  func.setName(model);
  module->setAttr(kernel::kModelNameAttrName, builder.getStringAttr(model));
  module->setAttr(kernel::kInputsAttrName, builder.getArrayAttr(inputs));
  module->setAttr(kernel::kOutputsAttrName, builder.getArrayAttr(outputs));
}
