//===- InfoRecord.cpp - What `<model>_describe()` returns -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/kernel/Interface.h"

#include "llvm/Support/Endian.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace tenon::kernel;

namespace {
/// Longer names are cut: the record has room for the longest of one kind.
constexpr size_t kLongestText = 119;

/// A struct's members, declared and filled at once.
class RecordBuilder {
public:
  void addInt64(StringRef name, ArrayRef<int64_t> values, bool isArray,
                StringRef comment) {
    declare("int64_t " + name.str() + getBounds(values.size(), isArray),
            comment);
    for (int64_t value : values)
      append(value);
  }
  void addInt32(StringRef name, int32_t value, StringRef comment) {
    declare("int32_t " + name.str(), comment);
    append(value);
  }
  void addFloat(StringRef name, float value, StringRef comment) {
    declare("float " + name.str(), comment);
    append(llvm::bit_cast<int32_t>(value));
  }
  /// A text of at most `room - 1` bytes, filled with zeros.
  void addText(StringRef name, StringRef text, size_t room, StringRef comment) {
    declare("char " + name.str() + "[" + std::to_string(room) + "]", comment);
    text = text.take_front(room - 1);
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.insert(bytes.end(), room - text.size(), 0);
  }

  std::string members;
  std::vector<char> bytes;

private:
  static std::string getBounds(size_t count, bool isArray) {
    return isArray ? "[" + std::to_string(count) + "]" : "";
  }
  void declare(const std::string &member, StringRef comment) {
    members += "  " + member + ";";
    if (!comment.empty())
      members += " /* " + comment.str() + " */";
    members += "\n";
  }
  template <typename T> void append(T value) {
    char data[sizeof(T)];
    llvm::support::endian::write<T, llvm::endianness::little>(data, value);
    bytes.insert(bytes.end(), data, data + sizeof(T));
  }
};
} // namespace

/// Room for the longest text and its end, a multiple of 8.
static size_t getRoom(size_t longest) {
  return llvm::alignTo(std::min(longest, kLongestText) + 1, 8);
}

/// A name may be cut, but not inside of a UTF-8 character.
static StringRef cutText(StringRef text) {
  if (text.size() <= kLongestText)
    return text;
  size_t end = kLongestText;
  while (end > 0 && (text[end] & 0xC0) == 0x80)
    --end;
  return text.take_front(end);
}

InfoRecord tenon::kernel::buildInfoRecord(const Interface &interface) {
  size_t longestName = 0;
  int64_t maxRank = 1;
  auto measure = [&](ArrayRef<Port> ports) {
    for (const Port &port : ports) {
      longestName = std::max(longestName, port.name.size());
      maxRank = std::max(maxRank, port.type.getRank());
    }
  };
  measure(interface.inputs);
  measure(interface.outputs);

  auto buildTensor = [&](const Port *port) {
    RecordBuilder tensor;
    SmallVector<int64_t> shape;
    if (port)
      shape.assign(port->type.getShape().begin(), port->type.getShape().end());
    int rank = shape.size();
    shape.resize(maxRank);
    tensor.addInt64("count", {port ? port->getCount() : 0}, false, "elements");
    tensor.addInt64("bytes", {port ? port->getBytes() : 0}, false, "");
    tensor.addInt64("offset", {port ? port->offset : -1}, false,
                    "in the arena; -1: the caller's pointer");
    tensor.addInt64("shape", shape, true, "the first `rank` count");
    tensor.addInt32("rank", rank, "");
    tensor.addInt32("dtype", port ? port->getElement().number : 0,
                    "a number of ONNX's TensorProto.DataType: 1 is float32");
    tensor.addFloat("scale", port ? port->scale : 0,
                    "real = (value - zero_point) * scale; 0: not quantized");
    tensor.addInt32("zero_point", port ? port->zeroPoint : 0, "");
    tensor.addText("name", port ? cutText(port->name) : "",
                   getRoom(longestName), "the model's name of it");
    return tensor;
  };

  RecordBuilder info;
  info.addInt64("arena_size", {std::max<int64_t>(interface.arenaBytes, 1)},
                false, "bytes");
  info.addInt64("weights_size", {interface.weightsBytes}, false,
                "bytes of the weights file; 0: in the program");
  info.addInt32("arena_align", interface.arenaAlignment, "bytes");
  info.addInt32("weights_align", interface.weightsAlignment, "bytes");
  info.addInt32("input_count", interface.inputs.size(), "");
  info.addInt32("output_count", interface.outputs.size(), "");
  auto addText = [&](StringRef name, StringRef text, StringRef comment) {
    info.addText(name, text, getRoom(text.size()), comment);
  };
  addText("name", interface.name, "");
  addText("target", interface.target, "what it was compiled for");
  addText("version", interface.version, "of the compiler");
  addText("source_hash", interface.sourceHash, "SHA-256 of the model file");

  std::string tensorType = interface.name + "_tensor";
  auto addTensors = [&](StringRef name, ArrayRef<Port> ports) {
    // C has no empty arrays.
    size_t room = std::max<size_t>(ports.size(), 1);
    info.members += "  " + tensorType + " " + name.str() + "[" +
                    std::to_string(room) + "];\n";
    for (size_t i = 0; i < room; ++i) {
      RecordBuilder tensor = buildTensor(ports.empty() ? nullptr : &ports[i]);
      llvm::append_range(info.bytes, tensor.bytes);
    }
  };
  addTensors("inputs", interface.inputs);
  addTensors("outputs", interface.outputs);

  std::string infoType = interface.name + "_info";
  InfoRecord record;
  llvm::raw_string_ostream os(record.declaration);
  os << "/* An input or output. */\ntypedef struct " << tensorType << " {\n"
     << buildTensor(nullptr).members << "} " << tensorType << ";\n\n"
     << "/* What the model is. */\ntypedef struct " << infoType << " {\n"
     << info.members << "} " << infoType << ";\n";
  record.bytes = std::move(info.bytes);
  return record;
}
