//===- Arduino.cpp - A library of Arduino ---------------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/package/Package.h"
#include "codegen/text/Text.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace tenon;
using kernel::Interface;
using kernel::Port;

static constexpr StringLiteral kProperties = R"(name=$name
version=$version
author=Tenon
maintainer=Tenon
sentence=The neural network $name.
paragraph=Compiled by Tenon$target. It needs no other library and no heap.
category=Data Processing
url=
architectures=*
includes=$name.h
)";

/// Fields are separated by tabs.
static constexpr StringLiteral kKeywords = R"($name_context	KEYWORD1
$name_info	KEYWORD1
$name_run	KEYWORD2
$name_run_ex	KEYWORD2
$name_describe	KEYWORD2
$name_error_text	KEYWORD2
$NAME_ARENA_SIZE	LITERAL1
$NAME_ARENA_ALIGN	LITERAL1
)";

/// The caller's tensors are variables; those in the arena have offsets, and
/// mapped weights an address that only the user knows.
static constexpr StringLiteral kSketch =
    R"(// Runs $name again and again, and prints its first output and how long it takes.
// SPDX-License-Identifier: 0BSD
#include <$name.h>

// Memory of one inference at a time.
alignas($NAME_ARENA_ALIGN) static unsigned char arena[$NAME_ARENA_SIZE];
$tensors
void setup() { Serial.begin(115200); }

void loop() {
  // Here the inputs are set.
  unsigned long start = micros();
$call
  unsigned long end = micros();
  if (status != 0) {
    Serial.println($name_error_text(status));
  } else {
    Serial.print("$name: ");
    Serial.print($result);
    Serial.print(", microseconds: ");
    Serial.println(end - start);
  }
  delay(1000);
}
)";

static std::string getTensors(const Interface &interface) {
  std::string text;
  for (ArrayRef<Port> ports :
       {ArrayRef<Port>(interface.inputs), ArrayRef<Port>(interface.outputs)})
    for (const Port &port : ports)
      text += (Twine("static ") + port.getElement().ctype + " " + port.ident +
               "[" + interface.getUpperName() + "_" +
               StringRef(port.ident).upper() + "_COUNT];\n")
                  .str();
  return text;
}

static std::string getCall(const Interface &interface) {
  std::string arguments, context;
  if (!interface.hasPortsInArena())
    for (ArrayRef<Port> ports :
         {ArrayRef<Port>(interface.inputs), ArrayRef<Port>(interface.outputs)})
      for (const Port &port : ports)
        arguments += port.ident + ", ";
  if (!interface.hasMappedWeights())
    return "  int status = " + interface.name + "_run(" + arguments + "arena);";
  return "  " + interface.name +
         "_context context = {};\n  // Here context.weights and "
         "context.weights_size are set.\n  int status = " +
         interface.name + "_run_ex(" + arguments + "arena, &context);";
}

/// The first element of the first output, as a type that all boards print.
static std::string getResult(const Interface &interface) {
  if (interface.outputs.empty())
    return "status";
  const Port &port = interface.outputs[0];
  StringRef ctype = port.getElement().ctype;
  bool isLong = ctype.contains("int") && port.getElement().bytes <= 4;
  std::string cast = isLong ? "(long)" : "(double)";
  if (port.offset < 0)
    return cast + port.ident + "[0]";
  return (cast + "*(const " + ctype + " *)(arena + " +
          interface.getUpperName() + "_" + StringRef(port.ident).upper() +
          "_OFFSET)")
      .str();
}

void tenon::writeArduinoLibrary(OutputFolder &folder,
                                const Interface &interface) {
  auto get = [&](StringRef key) -> std::string {
    return llvm::StringSwitch<std::string>(key)
        .Case("NAME", interface.getUpperName())
        .Case("version",
              interface.version.empty() ? "0.0.0" : interface.version)
        .Case("target",
              interface.target.empty() ? "" : " for " + interface.target)
        .Case("tensors",
              interface.hasPortsInArena() ? "" : getTensors(interface))
        .Case("call", getCall(interface))
        .Case("result", getResult(interface))
        .Default(interface.name);
  };
  folder.create("library.properties") << substitute(kProperties, get);
  folder.create("keywords.txt") << substitute(kKeywords, get);
  folder.create("examples/" + interface.name + "/" + interface.name + ".ino")
      << substitute(kSketch, get);
}
