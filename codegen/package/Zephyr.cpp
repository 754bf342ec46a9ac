//===- Zephyr.cpp - A module of Zephyr ------------------------------------===//
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

static constexpr StringLiteral kModule =
    R"(# $name as a module of Zephyr: name this folder in ZEPHYR_EXTRA_MODULES or in
# a manifest of west, and say CONFIG_TENON_$NAME=y.
# SPDX-License-Identifier: 0BSD
name: $name
build:
  cmake: zephyr
  kconfig: zephyr/Kconfig
)";

static constexpr StringLiteral kKconfig = R"(# SPDX-License-Identifier: 0BSD
config TENON_$NAME
	bool "The neural network $name"
$depends	help
	  Code compiled by Tenon $version. Its header is $name.h; an inference
	  needs an arena of $arena bytes, which the caller gives.
)";

static constexpr StringLiteral kCMake = R"(# SPDX-License-Identifier: 0BSD
if(CONFIG_TENON_$NAME)
  zephyr_library_named(tenon_$name)
  zephyr_library_sources($sources)
  zephyr_include_directories(../src)
  # -ffast-math would change results, and so would fused multiply-adds where the
  # code has none.
  zephyr_library_compile_options(-fno-fast-math -ffp-contract=off)
endif()
)";

void tenon::writeZephyrModule(OutputFolder &folder,
                              const kernel::Interface &interface,
                              const PackageFiles &files) {
  auto get = [&](StringRef key) {
    std::string sources;
    for (const std::string &source : files.sources)
      sources += (sources.empty() ? "../" : " ../") + files.folder + source;
    return llvm::StringSwitch<std::string>(key)
        .Case("NAME", interface.getUpperName())
        .Case("depends",
              files.code == PackageCode::Cpp ? "\tdepends on CPP\n" : "")
        .Case("version", interface.version)
        .Case("arena", std::to_string(interface.arenaBytes))
        .Case("sources", sources)
        .Default(interface.name);
  };
  folder.create("zephyr/module.yml") << substitute(kModule, get);
  folder.create("zephyr/Kconfig") << substitute(kKconfig, get);
  folder.create("zephyr/CMakeLists.txt") << substitute(kCMake, get);
}
