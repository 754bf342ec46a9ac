//===- CmsisPack.cpp - A software pack of CMSIS ---------------------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The description, Tenon.face.pdsc, is by the schema PACK.xsd 1.7.28 of
// Open-CMSIS-Pack; the pack is an archive of it and of all that it names.
//
//===----------------------------------------------------------------------===//

#include "codegen/package/Package.h"
#include "codegen/package/ZipFile.h"
#include "codegen/text/Text.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace tenon;

static constexpr StringLiteral kDescription =
    R"(<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: 0BSD -->
<package schemaVersion="1.7.28"
         xmlns:xs="http://www.w3.org/2001/XMLSchema-instance"
         xs:noNamespaceSchemaLocation="https://raw.githubusercontent.com/Open-CMSIS-Pack/Open-CMSIS-Pack-Spec/v1.7.28/schema/PACK.xsd">
  <vendor>Tenon</vendor>
  <name>$name</name>
  <description>The neural network $name, compiled by Tenon$target.</description>
  <url></url>
  <releases>
    <release version="$version">The version is that of the compiler.</release>
  </releases>
  <conditions>
    <condition id="Compiler">
      <description>The code uses attributes of GCC and Clang.</description>
      <accept Tcompiler="GCC"/>
      <accept Tcompiler="CLANG"/>
      <accept Tcompiler="ARMCC" Toptions="AC6"/>
    </condition>
  </conditions>
  <components>
    <component Cvendor="Tenon" Cclass="Machine Learning" Cgroup="Model" Csub="$csub" Cversion="$version" condition="Compiler">
      <description>An inference needs an arena of $arena bytes, which the caller gives.</description>
      <files>
$files      </files>
    </component>
  </components>
</package>
)";

void tenon::writeCmsisPack(OutputFolder &folder,
                           const kernel::Interface &interface,
                           const PackageFiles &files) {
  const std::string &name = interface.name;
  std::string version = interface.version.empty() ? "0.0.0" : interface.version;
  SmallVector<std::string> contents;
  std::string lines;
  auto add = [&](StringRef category, const Twine &file) {
    std::string path = (files.folder + file).str();
    lines += ("        <file category=\"" + category + "\" name=\"" + path +
              "\"/>\n")
                 .str();
    if (category != "include")
      contents.push_back(path);
  };
  add("include", "");
  add("header", name + ".h");
  add("header", name + ".hpp");
  for (const std::string &source : files.sources)
    add("source", source);
  contents.push_back(name + ".json");
  if (interface.hasMappedWeights())
    contents.push_back(getWeightsFile(name));

  std::string description = "Tenon." + name + ".pdsc";
  contents.push_back(description);
  folder.create(description) << substitute(kDescription, [&](StringRef key) {
    return llvm::StringSwitch<std::string>(key)
        .Case("target",
              interface.target.empty() ? "" : " for " + interface.target)
        .Case("version", version)
        // The schema's longest.
        .Case("csub", StringRef(name).take_front(32).str())
        .Case("arena", std::to_string(interface.arenaBytes))
        .Case("files", lines)
        .Default(name);
  });

  ZipFile zip(folder.create("Tenon." + name + "." + version + ".pack"));
  for (const std::string &path : contents)
    if (auto data = folder.read(path))
      zip.add(path, (*data)->getBuffer());
  zip.finish();
}
