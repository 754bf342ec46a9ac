//===- BuildFiles.cpp - CMake package and pkg-config file -----------------===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "codegen/package/Package.h"

#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace tenon;
using kernel::Interface;

/// In the texts below, @name@ is the model's name: `$` is CMake's own.
static std::string fill(StringRef text, const Interface &interface) {
  std::string result;
  while (!text.empty()) {
    auto [before, rest] = text.split("@name@");
    result += before;
    if (before.size() == text.size())
      break;
    result += interface.name;
    text = rest;
  }
  return result;
}

/// CMake's name for the language of sources.
static StringRef getLanguage(PackageCode code) {
  return code == PackageCode::C ? "C" : "CXX";
}

/// The target is called `@name@_model`, since a model may be called `test`.
static constexpr StringLiteral kSourceTarget = R"(
# -ffast-math would change results, and so would fused multiply-adds where the
# code has none.
target_compile_options(@name@_model PRIVATE
  $<$<COMPILE_LANGUAGE:C,CXX>:-fno-fast-math -ffp-contract=off>
  $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti>)
target_include_directories(@name@_model PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}")
set_target_properties(@name@_model PROPERTIES OUTPUT_NAME @name@
  C_STANDARD 11 C_STANDARD_REQUIRED ON CXX_STANDARD 11 CXX_STANDARD_REQUIRED ON)
if(NOT CMAKE_SYSTEM_NAME STREQUAL "Generic") # bare metal has no shared objects
  set_target_properties(@name@_model PROPERTIES POSITION_INDEPENDENT_CODE ON)
endif()
add_library(@name@::@name@ ALIAS @name@_model)
)";

static void writeCMakeLists(llvm::raw_ostream &os, const Interface &interface,
                            const PackageFiles &files) {
  PackageCode code = files.code;
  for (const std::string &line :
       getBanner(interface, interface.name +
                                ": a CMake package. Say "
                                "find_package(" +
                                interface.name + ") or add_subdirectory()."))
    os << (line.empty() ? "#" : "# ") << line << "\n";
  std::string file = getCodeFile(interface.name, code);
  if (!isSource(code)) {
    bool isShared = code == PackageCode::Shared;
    os << fill(R"(cmake_minimum_required(VERSION 3.16)
project(@name@ LANGUAGES NONE)

)",
               interface);
    if (code == PackageCode::Object)
      os << fill(R"(add_library(@name@::@name@ INTERFACE IMPORTED GLOBAL)
set_target_properties(@name@::@name@ PROPERTIES
  INTERFACE_LINK_LIBRARIES "${CMAKE_CURRENT_SOURCE_DIR}/)",
                 interface);
    else
      os << fill("add_library(@name@::@name@ ", interface)
         << (isShared ? "SHARED" : "STATIC")
         << fill(R"( IMPORTED GLOBAL)
set_target_properties(@name@::@name@ PROPERTIES
  IMPORTED_LOCATION "${CMAKE_CURRENT_SOURCE_DIR}/)",
                 interface);
    os << file << "\"\n"
       << (isShared ? "  IMPORTED_SONAME \"" + file + "\"\n" : "")
       << "  INTERFACE_INCLUDE_DIRECTORIES \"${CMAKE_CURRENT_SOURCE_DIR}\")\n";
    return;
  }
  os << fill("cmake_minimum_required(VERSION 3.16)\nproject(@name@ LANGUAGES ",
             interface)
     << getLanguage(code) << ")\n\n"
     << fill("add_library(@name@_model STATIC", interface);
  for (const std::string &source : files.sources)
    os << " " << source;
  os << ")\n";
  if (files.includesWeights)
    os << "set_source_files_properties(" << files.sources.back()
       << fill(R"( PROPERTIES
  OBJECT_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/@name@.weights"
  COMPILE_DEFINITIONS "WEIGHTS_FILE=\"${CMAKE_CURRENT_SOURCE_DIR}/@name@.weights\"")
)",
               interface);
  os << fill(kSourceTarget, interface);
}

static constexpr StringLiteral kVersionCheck = R"(
set(PACKAGE_VERSION "@version@")
if(PACKAGE_FIND_VERSION VERSION_GREATER PACKAGE_VERSION)
  set(PACKAGE_VERSION_COMPATIBLE FALSE)
else()
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
  if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)
    set(PACKAGE_VERSION_EXACT TRUE)
  endif()
endif()
)";

void tenon::writeBuildFiles(OutputFolder &folder, const Interface &interface,
                            const PackageFiles &files) {
  const std::string &name = interface.name;
  PackageCode code = files.code;
  writeCMakeLists(folder.create("CMakeLists.txt"), interface, files);

  llvm::raw_ostream &config = folder.create(name + "-config.cmake");
  config << fill("# find_package(@name@) gives the target @name@::@name@.\n"
                 "# SPDX-License-Identifier: 0BSD\n",
                 interface);
  if (isSource(code))
    config << "\n# The project may be in other languages alone.\n"
           << "if(NOT CMAKE_" << getLanguage(code)
           << "_COMPILER_LOADED)\n  enable_language(" << getLanguage(code)
           << ")\nendif()\n";
  config << fill(R"(
if(NOT TARGET @name@::@name@)
  add_subdirectory("${CMAKE_CURRENT_LIST_DIR}"
                   "${CMAKE_CURRENT_BINARY_DIR}/@name@-package" EXCLUDE_FROM_ALL)
endif()
)",
                 interface);

  if (interface.hasMappedWeights())
    config << fill("\n# To be installed where the program finds it.\n"
                   "set(@name@_WEIGHTS "
                   "\"${CMAKE_CURRENT_LIST_DIR}/@name@.weights\")\n",
                   interface);

  llvm::raw_ostream &version = folder.create(name + "-config-version.cmake");
  StringRef number =
      interface.version.empty() ? "0.0.0" : StringRef(interface.version);
  auto [before, after] = kVersionCheck.split("@version@");
  version << "# The version is the compiler's.\n# SPDX-License-Identifier: "
             "0BSD\n"
          << before << number << after;
  if (!isSource(code))
    version << "\n# Code for pointers of another size would not link.\n"
               "if(CMAKE_SIZEOF_VOID_P AND NOT CMAKE_SIZEOF_VOID_P EQUAL "
            << files.pointerBytes
            << ")\n  set(PACKAGE_VERSION_UNSUITABLE TRUE)\nendif()\n";

  llvm::raw_ostream &pc = folder.create(name + ".pc");
  pc << "# SPDX-License-Identifier: 0BSD\n";
  if (isSource(code))
    pc << "# First, in this folder: " << (code == PackageCode::C ? "cc" : "c++")
       << " -O2 -I. -c " << llvm::join(files.sources, " ")
       << fill("; ar rcs lib@name@.a @name@*.o\n", interface);
  pc << "Name: " << name
     << "\nDescription: a neural network compiled by Tenon\nVersion: " << number
     << "\nCflags: -I${pcfiledir}\n";
  if (code == PackageCode::Object)
    pc << "Libs: ${pcfiledir}/" << name << ".o\n";
  else
    pc << "Libs: -L${pcfiledir} -l" << name << "\n";
}
