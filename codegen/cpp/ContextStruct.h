//===- ContextStruct.h - The context's C text -------------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_CPP_CONTEXTSTRUCT_H
#define TENON_CODEGEN_CPP_CONTEXTSTRUCT_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace tenon {

/// The definition of `<prefix>_context` in C99 and C++, for the header and for
/// code without a header. The order of its members is that of
/// `kernel::ContextMember`: the object emitter reads them by position.
inline std::string getContextStruct(llvm::StringRef prefix) {
  std::string name = (prefix + "_context").str();
  return R"(/* What a caller may give to a run; every member may be null. */
typedef struct )" +
         name + R"( {
  /* Handed to the hooks as it is. */
  void *user;
  /* Runs work on several threads: chooses a number of parts, calls
     task(args, part, parts) once for each part from 0 to parts - 1, in any
     order and on any thread, and returns when all calls have returned.
     Null: everything runs on the calling thread. */
  void (*parallel)(void *user, void (*task)(void *args, int part, int parts),
                   void *args);
  /* Called before (end = 0) and after (end = 1) each layer, on the calling
     thread; the report numbers the layers. */
  void (*profile)(void *user, int layer, int end);
  /* The weight file in memory, where the model was compiled with
     --weights=mapped. */
  const void *weights;
} )" + name +
         ";\n";
}

} // namespace tenon

#endif // TENON_CODEGEN_CPP_CONTEXTSTRUCT_H
