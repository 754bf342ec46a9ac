//===- WireFormat.cpp - Protobuf's wire format ----------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model's weights are 99 % of its file. Protobuf copies each into a string;
// this scan finds them in the mapped file instead:
//
//   ModelProto.graph (7) . GraphProto.initializer (5) . TensorProto.raw_data
//   (9)
//
// and leaves them there.
//
//===----------------------------------------------------------------------===//

#include "compiler/import/WireFormat.h"

#include "onnx/onnx_pb.h"

#include <optional>

using llvm::StringRef;
using namespace tenon::importer;

namespace {
enum WireType { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };
enum : uint32_t { kModelGraph = 7, kGraphInitializer = 5, kTensorRawData = 9 };

struct Field {
  uint32_t number;
  uint32_t type;
  StringRef whole;   // with the tag
  StringRef payload; // of Bytes
};

/// Cuts a message into its fields.
class FieldReader {
public:
  explicit FieldReader(StringRef message) : rest(message) {}

  /// The next field; none at the end or where the message is malformed.
  std::optional<Field> next() {
    if (rest.empty() || isMalformed)
      return std::nullopt;
    StringRef start = rest;
    uint64_t tag = 0, size = 0;
    Field field{};
    bool isGood = readVarint(tag) && tag >> 3 != 0 && tag >> 32 == 0;
    field.number = tag >> 3;
    field.type = tag & 7;
    switch (field.type) {
    case Varint:
      isGood = isGood && readVarint(size);
      break;
    case Fixed64:
      isGood = isGood && skip(8);
      break;
    case Fixed32:
      isGood = isGood && skip(4);
      break;
    case Bytes:
      isGood = isGood && readVarint(size) && size <= rest.size();
      if (isGood) {
        field.payload = rest.take_front(size);
        rest = rest.drop_front(size);
      }
      break;
    default: // groups are not used by ONNX
      isGood = false;
    }
    if (!isGood) {
      isMalformed = true;
      return std::nullopt;
    }
    field.whole = start.drop_back(rest.size());
    return field;
  }
  bool failed() const { return isMalformed; }

private:
  bool readVarint(uint64_t &value) {
    value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest.empty())
        return false;
      uint8_t byte = rest.front();
      rest = rest.drop_front();
      value |= uint64_t(byte & 0x7f) << shift;
      if (byte < 0x80)
        return true;
    }
    return false;
  }
  bool skip(size_t size) {
    if (rest.size() < size)
      return false;
    rest = rest.drop_front(size);
    return true;
  }

  StringRef rest;
  bool isMalformed = false;
};

void appendVarint(std::string &out, uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

void append(std::string &out, StringRef text) {
  out.append(text.data(), text.size());
}

/// Lifts `tensor` if it is large and has its data in one piece.
std::optional<LiftedInitializer> liftTensor(StringRef tensor,
                                            uint64_t minBytes) {
  LiftedInitializer lifted;
  unsigned count = 0;
  FieldReader fields(tensor);
  // A large header cannot be: check the sizes before anything is copied.
  if (tensor.size() <= minBytes)
    return std::nullopt;
  while (auto field = fields.next()) {
    if (field->number == kTensorRawData && field->type == Bytes) {
      lifted.data = field->payload;
      ++count;
    } else if (lifted.header.size() + field->whole.size() <= minBytes) {
      append(lifted.header, field->whole);
    } else {
      return std::nullopt;
    }
  }
  if (fields.failed() || count != 1 || lifted.data.size() <= minBytes)
    return std::nullopt;
  return lifted;
}
} // namespace

/// Whether Protobuf would make at most `budget` objects of a message: a few
/// bytes of the file can stand for an object of hundreds.
static bool isWithinBudget(StringRef bytes, uint64_t budget) {
  using google::protobuf::Descriptor;
  using google::protobuf::FieldDescriptor;
  // A worklist: the nesting of a hostile file is not to be trusted.
  std::vector<std::pair<const Descriptor *, StringRef>> worklist = {
      {::onnx::ModelProto::descriptor(), bytes}};
  while (!worklist.empty()) {
    auto [message, rest] = worklist.back();
    worklist.pop_back();
    FieldReader fields(rest);
    while (auto field = fields.next()) {
      if (field->type != Bytes)
        continue;
      const FieldDescriptor *known = message->FindFieldByNumber(field->number);
      if (known && known->is_packable())
        continue; // numbers: as many bytes as in the file, eight times at most
      if (budget-- == 0)
        return false;
      if (known && known->type() == FieldDescriptor::TYPE_MESSAGE)
        worklist.push_back({known->message_type(), field->payload});
    }
  }
  return true;
}

static llvm::Error makeError(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

llvm::Error
tenon::importer::liftInitializers(StringRef file, uint64_t minBytes,
                                  uint64_t maxMessages, std::string &rest,
                                  std::vector<LiftedInitializer> &lifted) {
  auto getDamaged = [] {
    return makeError("is no ONNX model: the file is truncated or damaged");
  };
  auto getTooMany = [&] {
    return makeError("has more than " + llvm::Twine(maxMessages) + " parts");
  };
  FieldReader modelFields(file);
  while (auto modelField = modelFields.next()) {
    if (modelField->number != kModelGraph || modelField->type != Bytes) {
      append(rest, modelField->whole);
      continue;
    }
    std::string graph;
    FieldReader graphFields(modelField->payload);
    while (auto field = graphFields.next()) {
      if (field->number == kGraphInitializer && field->type == Bytes) {
        if (auto initializer = liftTensor(field->payload, minBytes)) {
          lifted.push_back(std::move(*initializer));
          if (lifted.size() > maxMessages)
            return getTooMany();
          continue;
        }
      }
      append(graph, field->whole);
    }
    if (graphFields.failed())
      return getDamaged();
    appendVarint(rest, kModelGraph << 3 | Bytes);
    appendVarint(rest, graph.size());
    rest += graph;
  }
  if (modelFields.failed())
    return getDamaged();
  return isWithinBudget(rest, maxMessages) ? llvm::Error::success()
                                           : getTooMany();
}
