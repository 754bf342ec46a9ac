//===- FunctionOperators.h - Operators defined by ONNX's --------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An operator of another domain is a row: a signature and, in ONNX's text
// format, the nodes that it stands for. From the row follow its schema, checks,
// shapes and all that comes after, as for ONNX's own functions.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_COMPILER_IMPORT_FUNCTIONOPERATORS_H
#define TENON_COMPILER_IMPORT_FUNCTIONOPERATORS_H

#include "onnx/onnx_pb.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

#include <optional>
#include <string>
#include <vector>

namespace tenon::importer {

class Call;

struct FunctionOperator {
  /// "Name <axis: int = 1, pads: ints!> (x, zero?, more...) => (y, mean?)":
  /// attributes, with their defaults or required; `zero` may be omitted, `more`
  /// are any number of inputs, called more0, more1 and so on. Names are the
  /// row's own: a node gives its inputs and outputs by position.
  const char *signature;
  /// The nodes. `Op <@>` hands on all attributes that `Op` has.
  const char *nodes;
  /// Makes the nodes where they depend on the node or on types.
  std::string (*build)(Call &call) = nullptr;
};

/// What ONNX Runtime adds to ONNX: some of what its quantizer and its optimizer
/// write into files. docs/operators.md has the list.
inline constexpr llvm::StringLiteral kMicrosoftDomain = "com.microsoft";
llvm::ArrayRef<FunctionOperator> getQuantizedOperators();
llvm::ArrayRef<FunctionOperator> getFusedOperators();
llvm::ArrayRef<FunctionOperator> getTransformerOperators();

/// A signature, taken apart.
struct Signature {
  enum Kind { Single, Optional, Variadic };
  struct Parameter {
    std::string name;
    Kind kind;
  };
  struct Attribute {
    /// Its default, or no more than its name and type.
    ::onnx::AttributeProto proto;
    bool hasDefault, isRequired;
  };
  explicit Signature(llvm::StringRef text);

  std::string name;
  std::vector<Attribute> attributes;
  std::vector<Parameter> inputs, outputs;
};

/// A node of such an operator.
class Call {
public:
  /// Types of the inputs as the node lists them, not set where not known.
  /// Attributes of `node` are complete.
  Call(const FunctionOperator &op, const ::onnx::NodeProto &node,
       std::vector<::onnx::TypeProto> types);

  /// The function in ONNX's text format, for the newest operators; none where
  /// the node is refused.
  std::optional<std::string> getText();
  /// Notes why, and returns nothing of use.
  std::string refuse(const llvm::Twine &why);
  llvm::StringRef getReason() const { return reason; }

  // For those who make the nodes. Inputs are named as in the signature.

  bool has(llvm::StringRef input) const;
  /// How many inputs are there for the variadic one.
  unsigned getNumVariadic() const;
  /// TensorProto::UNDEFINED where it is not known.
  int getElementType(llvm::StringRef input) const;
  /// None where the rank is not known; -1 is a size that is not known.
  std::optional<std::vector<int64_t>> getShape(llvm::StringRef input) const;
  bool hasAttribute(llvm::StringRef name) const { return findAttribute(name); }
  /// 0, 0 and empty where the attribute is not there.
  int64_t getInt(llvm::StringRef attribute) const;
  float getFloat(llvm::StringRef attribute) const;
  llvm::ArrayRef<float> getFloats(llvm::StringRef attribute) const;
  llvm::StringRef getString(llvm::StringRef attribute) const;

private:
  const ::onnx::AttributeProto *findAttribute(llvm::StringRef name) const;
  std::optional<unsigned> findInput(llvm::StringRef name) const;

  const FunctionOperator &op;
  const ::onnx::NodeProto &node;
  Signature signature;
  std::vector<std::string> formals; // variadic ones written out
  std::vector<::onnx::TypeProto> types;
  std::string reason;
};

} // namespace tenon::importer

#endif // TENON_COMPILER_IMPORT_FUNCTIONOPERATORS_H
