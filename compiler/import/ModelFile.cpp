//===- ModelFile.cpp - Reads a model, leaves its weights ------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Data of a tensor may be raw bytes in the file, in a field for its type, in
// another file, or sparse. Behind this file there are two forms only: dense
// data in the proto, or a weight, which for raw bytes is a view of the mapped
// file.
//
//     initializer w, 1024x1024 floats     input w, 1024x1024 floats
//       raw_data: 4 MiB                   weights["w"]: where the 4 MiB lie
//
// To ONNX's library, which is to infer types, a weight is an input.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/ModelFile.h"

#include "compiler/import/Limits.h"
#include "compiler/import/WireFormat.h"
#include "compiler/import/onnx_library.h"
#include "dialects/nn/Constants.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace tenon::importer;
using ::onnx::GraphProto;
using ::onnx::TensorProto;

//===----------------------------------------------------------------------===//
// Parsing
//===----------------------------------------------------------------------===//

template <typename Message>
static bool parseMessage(StringRef bytes, Message &message) {
  google::protobuf::io::ArrayInputStream stream(bytes.data(), bytes.size());
  google::protobuf::io::CodedInputStream coded(&stream);
  return message.ParseFromCodedStream(&coded) && coded.ConsumedEntireMessage();
}

/// How deep the brackets of a text are nested: the text parser recurses.
static unsigned getBracketDepth(StringRef text) {
  unsigned depth = 0, deepest = 0;
  for (char c : text) {
    if (StringRef("([{<").contains(c))
      deepest = std::max(deepest, ++depth);
    else if (StringRef(")]}>").contains(c) && depth)
      --depth;
  }
  return deepest;
}

static LogicalResult parseTextModel(StringRef text, Model &model,
                                    FileDiagnostics &diagnostics) {
  if (text.size() > kMaxProtoBytes || getBracketDepth(text) > 100) {
    diagnostics.error("the text is too long or nested too deeply");
    return failure();
  }
  if (auto error = library::parseText(text, model.proto)) {
    diagnostics.error(std::move(error));
    return failure();
  }
  return success();
}

static LogicalResult parseBinaryModel(std::shared_ptr<llvm::MemoryBuffer> file,
                                      Model &model,
                                      FileDiagnostics &diagnostics) {
  std::string rest;
  std::vector<LiftedInitializer> lifted;
  auto fail = [&](const Twine &message) {
    diagnostics.error(message);
    return failure();
  };
  if (auto error =
          liftInitializers(file->getBuffer(), tenon::nn::kMaxDenseBytes,
                           kMaxMessages, rest, lifted))
    return fail(llvm::toString(std::move(error)));
  if (rest.size() > kMaxProtoBytes)
    return fail("has more than " + Twine(kMaxProtoBytes) +
                " bytes beside its initializers");
  if (!parseMessage(StringRef(rest), model.proto))
    return fail("is no ONNX model: Protobuf cannot parse it");
  for (LiftedInitializer &initializer : lifted) {
    Weight weight;
    if (!parseMessage(StringRef(initializer.header), weight.tensor))
      return fail("is no ONNX model: Protobuf cannot parse an initializer");
    weight.data = {
        ArrayRef<char>(initializer.data.data(), initializer.data.size()), file};
    std::string name = weight.tensor.name();
    if (!model.weights.try_emplace(name, std::move(weight)).second)
      diagnostics.error("initializer " + quoteName(name) + " is there twice");
  }
  return diagnostics.result();
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

namespace {
/// Gives all tensors of a model plain dense data in the proto, where they are
/// not lifted out of it: nothing behind this file knows of anything else.
class TensorLoader {
public:
  TensorLoader(StringRef folder, FileDiagnostics &diagnostics)
      : folder(folder), diagnostics(diagnostics) {}

  void loadExternal(TensorProto &tensor);
  std::optional<TensorProto> expand(const ::onnx::SparseTensorProto &sparse);
  void load(google::protobuf::RepeatedPtrField<::onnx::NodeProto> &nodes,
            unsigned depth);
  void load(GraphProto &graph, unsigned depth);

private:
  StringRef folder;
  FileDiagnostics &diagnostics;
  uint64_t expandedBytes = 0;
};
} // namespace

void TensorLoader::loadExternal(TensorProto &tensor) {
  if (tensor.data_location() != TensorProto::EXTERNAL)
    return;
  auto data = readExternalData(tensor, folder);
  if (!data)
    return diagnostics.error("tensor " + quoteName(tensor.name()) + " " +
                             llvm::toString(data.takeError()));
  tensor.clear_external_data();
  tensor.clear_data_location();
  tensor.set_raw_data(data->bytes.data(), data->bytes.size());
}

std::optional<TensorProto>
TensorLoader::expand(const ::onnx::SparseTensorProto &sparse) {
  if (expandedBytes > kMaxSparseBytes)
    return std::nullopt; // reported
  std::string name = quoteName(sparse.values().name());
  auto dense = expandSparse(sparse);
  if (!dense) {
    diagnostics.error("tensor " + name + " " +
                      llvm::toString(dense.takeError()));
    return std::nullopt;
  }
  expandedBytes += dense->raw_data().size();
  if (expandedBytes > kMaxSparseBytes) {
    diagnostics.error("sparse tensors up to " + name + " have more than " +
                      Twine(kMaxSparseBytes) + " bytes as dense tensors");
    return std::nullopt;
  }
  return *dense;
}

void TensorLoader::load(
    google::protobuf::RepeatedPtrField<::onnx::NodeProto> &nodes,
    unsigned depth) {
  for (auto &node : nodes) {
    for (auto &attribute : *node.mutable_attribute()) {
      if (attribute.has_t())
        loadExternal(*attribute.mutable_t());
      if (attribute.has_g())
        load(*attribute.mutable_g(), depth + 1);
      if (!attribute.has_sparse_tensor())
        continue;
      if (auto dense = expand(attribute.sparse_tensor())) {
        attribute.clear_sparse_tensor();
        attribute.set_name("value");
        attribute.set_type(::onnx::AttributeProto::TENSOR);
        *attribute.mutable_t() = std::move(*dense);
      }
    }
  }
}

void TensorLoader::load(GraphProto &graph, unsigned depth) {
  if (depth > kMaxSubgraphDepth)
    return; // refused later
  for (const auto &sparse : graph.sparse_initializer())
    if (auto dense = expand(sparse))
      *graph.add_initializer() = std::move(*dense);
  graph.clear_sparse_initializer();
  if (depth > 0) // those of the main graph are taken out, not loaded
    for (TensorProto &tensor : *graph.mutable_initializer())
      loadExternal(tensor);
  load(*graph.mutable_node(), depth);
}

/// Takes out the initializers of the main graph that are large, whichever field
/// or file their data is in.
static void takeOutInitializers(Model &model, StringRef folder,
                                FileDiagnostics &diagnostics) {
  GraphProto &graph = *model.proto.mutable_graph();
  google::protobuf::RepeatedPtrField<TensorProto> kept;
  for (TensorProto &tensor : *graph.mutable_initializer()) {
    bool isExternal = tensor.data_location() == TensorProto::EXTERNAL;
    auto size = getRawSize(tensor);
    if (!size) {
      // Strings stay; whatever else has no size is an error later, if used.
      llvm::consumeError(size.takeError());
      *kept.Add() = std::move(tensor);
      continue;
    }
    if (*size <= tenon::nn::kMaxDenseBytes && !isExternal) {
      *kept.Add() = std::move(tensor);
      continue;
    }
    Weight weight;
    auto fail = [&](llvm::Error error) {
      diagnostics.error("initializer " + quoteName(tensor.name()) + " " +
                        llvm::toString(std::move(error)));
    };
    if (isExternal) {
      auto data = readExternalData(tensor, folder);
      if (!data) {
        fail(data.takeError());
        continue;
      }
      weight.data = std::move(*data);
      tensor.clear_external_data();
      tensor.clear_data_location();
    } else {
      auto data = getRawData(tensor);
      if (!data) {
        fail(data.takeError());
        continue;
      }
      weight.data.owner = llvm::MemoryBuffer::getMemBufferCopy(*data);
      weight.data.bytes = {weight.data.owner->getBufferStart(), data->size()};
    }
    if (*size <= tenon::nn::kMaxDenseBytes) {
      tensor.set_raw_data(weight.data.bytes.data(), weight.data.bytes.size());
      *kept.Add() = std::move(tensor);
      continue;
    }
    weight.tensor.set_name(tensor.name());
    weight.tensor.set_data_type(tensor.data_type());
    *weight.tensor.mutable_dims() = tensor.dims();
    if (!model.weights.try_emplace(tensor.name(), std::move(weight)).second)
      diagnostics.error("initializer " + quoteName(tensor.name()) +
                        " is there twice");
  }
  graph.mutable_initializer()->Swap(&kept);
}

/// Declares the weights as inputs; inputs that have an initializer go: they are
/// constants, which is what old files mean by it.
static void declareWeights(Model &model, FileDiagnostics &diagnostics) {
  GraphProto &graph = *model.proto.mutable_graph();
  llvm::StringSet<> constants;
  for (const TensorProto &tensor : graph.initializer())
    constants.insert(tensor.name());
  for (const auto &weight : model.weights)
    constants.insert(weight.getKey());

  google::protobuf::RepeatedPtrField<::onnx::ValueInfoProto> inputs;
  for (auto &input : *graph.mutable_input())
    if (!constants.contains(input.name()))
      *inputs.Add() = std::move(input);
  graph.mutable_input()->Swap(&inputs);

  for (auto &entry : model.weights) {
    const TensorProto &tensor = entry.second.tensor;
    auto size = getRawSize(tensor);
    if (!size) {
      diagnostics.error("initializer " + quoteName(tensor.name()) + " " +
                        llvm::toString(size.takeError()));
      continue;
    }
    if (*size != entry.second.data.bytes.size()) {
      diagnostics.error("initializer " + quoteName(tensor.name()) + " has " +
                        Twine(entry.second.data.bytes.size()) +
                        " bytes of data, expected " + Twine(*size) +
                        " for its shape and type");
      continue;
    }
    auto *input = graph.add_input();
    input->set_name(tensor.name());
    auto *type = input->mutable_type()->mutable_tensor_type();
    type->set_elem_type(tensor.data_type());
    type->mutable_shape();
    for (int64_t dim : tensor.dims())
      type->mutable_shape()->add_dim()->set_dim_value(dim);
  }
}

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

LogicalResult tenon::importer::readModel(StringRef path, Model &model,
                                         FileDiagnostics &diagnostics) {
  auto fail = [&](const Twine &message) {
    diagnostics.error(message);
    return failure();
  };
  llvm::sys::fs::file_status status;
  if (auto error = llvm::sys::fs::status(path, status))
    return fail("cannot open: " + error.message());
  if (status.type() != llvm::sys::fs::file_type::regular_file)
    return fail("is not a file");
  if (status.getSize() == 0)
    return fail("is empty");
  if (status.getSize() > kMaxFileBytes)
    return fail("has " + Twine(status.getSize()) + " bytes, more than " +
                Twine(kMaxFileBytes) +
                ": keep the weights in external data files");
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false,
                                            /*RequiresNullTerminator=*/false);
  if (!buffer)
    return fail("cannot open: " + buffer.getError().message());

  std::shared_ptr<llvm::MemoryBuffer> file = std::move(*buffer);
  LogicalResult parsed =
      path.ends_with(".onnxtxt")
          ? parseTextModel(file->getBuffer(), model, diagnostics)
          : parseBinaryModel(file, model, diagnostics);
  if (failed(parsed))
    return failure();

  if (!model.proto.has_graph())
    return fail("is no ONNX model: it has no graph");
  StringRef folder = llvm::sys::path::parent_path(path);
  folder = folder.empty() ? "." : folder;
  TensorLoader loader(folder, diagnostics);
  loader.load(*model.proto.mutable_graph(), /*depth=*/0);
  for (auto &function : *model.proto.mutable_functions())
    loader.load(*function.mutable_node(), /*depth=*/0);
  takeOutInitializers(model, folder, diagnostics);
  declareWeights(model, diagnostics);
  return diagnostics.result();
}
