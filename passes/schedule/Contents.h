//===- Contents.h - Who wrote each byte last --------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Memory that holds, instead of numbers, where they come from. After layer 3
// has written bytes 0 to 63 and layer 4 bytes 16 to 31, a read of bytes 0 to 47
// finds
//
//     0..15 of layer 3, 0..15 of layer 4, 32..47 of layer 3
//
//===----------------------------------------------------------------------===//

#ifndef TENON_PASSES_SCHEDULE_CONTENTS_H
#define TENON_PASSES_SCHEDULE_CONTENTS_H

#include "passes/schedule/Layout.h"
#include "llvm/ADT/StringMap.h"
#include <map>
#include <string>
#include <vector>

namespace tenon::schedule {

/// `length` bytes, from `start` on, of what an event wrote.
struct Piece {
  int event;
  int64_t start, length;
};
using Content = std::vector<Piece>;

/// Who writes: a layer, the caller, a constant. Event 0 is nobody.
class Events {
public:
  int get(const std::string &name, bool uniform = false) {
    auto [found, isNew] = ids.try_emplace(name, names.size());
    if (isNew) {
      names.push_back(name);
      uniforms.push_back(uniform);
    }
    return found->second;
  }
  llvm::StringRef getName(int event) const { return names[event]; }
  bool isUniform(int event) const { return uniforms[event]; }

  /// All bytes of a uniform event are alike, whatever their place.
  void append(Content &content, Piece piece) const {
    if (uniforms[piece.event])
      piece.start = 0;
    if (!content.empty()) {
      Piece &last = content.back();
      if (last.event == piece.event &&
          (uniforms[piece.event] || last.start + last.length == piece.start)) {
        last.length += piece.length;
        return;
      }
    }
    content.push_back(piece);
  }

  /// True from the first layout on that has too many runs to keep track of:
  /// contents mean nothing then.
  bool giveUpAt(const Layout &layout) {
    givenUp |= countRuns(layout) > int64_t(1) << 20;
    return givenUp;
  }
  bool hasGivenUp() const { return givenUp; }

private:
  bool givenUp = false;
  llvm::StringMap<int> ids = {{"nobody", 0}};
  std::vector<std::string> names = {"nobody"};
  std::vector<bool> uniforms = {true};
};

/// The last writers of all bytes of a buffer.
class Memory {
public:
  explicit Memory(Events &events, int64_t bytes) : events(events) {
    if (bytes > 0)
      pieces[0] = {0, 0, bytes};
  }

  Content read(const Layout &layout) const {
    Content content;
    if (events.giveUpAt(layout))
      return content;
    forEachRun(layout, [&](int64_t begin, int64_t length) {
      auto piece = std::prev(pieces.upper_bound(begin));
      for (int64_t at = begin, end = begin + length; at < end; ++piece) {
        int64_t skipped = at - piece->first;
        int64_t part = std::min(piece->second.length - skipped, end - at);
        events.append(content, {piece->second.event,
                                piece->second.start + skipped, part});
        at += part;
      }
    });
    return content;
  }

  void write(const Layout &layout, const Content &content) {
    if (events.giveUpAt(layout))
      return;
    auto piece = content.begin();
    int64_t done = 0;
    forEachRun(layout, [&](int64_t begin, int64_t length) {
      cut(begin);
      cut(begin + length);
      pieces.erase(pieces.lower_bound(begin),
                   pieces.lower_bound(begin + length));
      for (int64_t at = begin, end = begin + length; at < end;) {
        int64_t part = std::min(piece->length - done, end - at);
        pieces[at] = {piece->event, piece->start + done, part};
        at += part;
        done += part;
        if (done == piece->length) {
          ++piece;
          done = 0;
        }
      }
    });
  }

private:
  /// Makes a piece begin at `at`.
  void cut(int64_t at) {
    auto piece = pieces.upper_bound(at);
    if (piece == pieces.begin())
      return;
    --piece;
    int64_t before = at - piece->first;
    if (before == 0 || before >= piece->second.length)
      return;
    Piece rest = {piece->second.event, piece->second.start + before,
                  piece->second.length - before};
    piece->second.length = before;
    pieces[at] = rest;
  }

  Events &events;
  std::map<int64_t, Piece> pieces; // by their first byte
};

} // namespace tenon::schedule

#endif // TENON_PASSES_SCHEDULE_CONTENTS_H
