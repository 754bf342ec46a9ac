//===- Package.h - The folder that a compile writes -------------*- C++ -*-===//
//
// Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef TENON_CODEGEN_PACKAGE_PACKAGE_H
#define TENON_CODEGEN_PACKAGE_PACKAGE_H

#include "codegen/object/ObjectEmitter.h"
#include "codegen/package/OutputFolder.h"
#include "dialects/kernel/Interface.h"
#include "llvm/Support/JSON.h"

namespace tenon {

/// What holds the code of a package; the first two are sources.
enum class PackageCode { Cpp, C, Object, Archive, Shared };
inline bool isSource(PackageCode code) { return code <= PackageCode::C; }

/// Whose build finds the code: CMake and pkg-config, or what takes sources
/// only.
enum class PackageKind { CMake, Zephyr, Arduino, CmsisPack };

struct PackageOptions {
  PackageKind kind = PackageKind::CMake;
  PackageCode code = PackageCode::Cpp;
  OptLevel level = OptLevel::Speed;
  /// Up to so many bytes, constants are C or C++ text; above, a file that the
  /// assembler includes (compilers take 60 bytes of memory for one of a text).
  uint64_t maxTextBytes = 1 << 20;
  /// Add face_weights.h, which maps the weights file.
  bool addLoader = false;
  /// How it was compiled, for the report.
  llvm::json::Object compilerOptions;
};

/// Writes the package of a module in the low form that went through
/// `make-interface` and, for sources, `legalize-for-cpp`.
mlir::LogicalResult writePackage(mlir::ModuleOp module, OutputFolder &folder,
                                 const PackageOptions &options);

/// "face.weights"
std::string getWeightsFile(llvm::StringRef model);

/// The file that holds the code: "libface.a".
std::string getCodeFile(llvm::StringRef model, PackageCode code);

/// What is built.
struct PackageFiles {
  PackageCode code;
  /// Where the sources and headers are: "src/" or empty.
  std::string folder;
  /// To be compiled; none where the code is.
  std::vector<std::string> sources;
  /// Whether the last of them includes the weights file.
  bool includesWeights;
  unsigned pointerBytes;
};

// The parts of a package.

/// The lines at the top of every file: what it is, and whose.
std::vector<std::string> getBanner(const kernel::Interface &interface,
                                   llvm::StringRef summary);
/// face.h and face.hpp.
void writeHeader(llvm::raw_ostream &os, const kernel::Interface &interface,
                 uint64_t constantBytes);
void writeCppHeader(llvm::raw_ostream &os, const kernel::Interface &interface);
/// face.weights, and face_weights.h, which maps it.
void writeWeightsFile(llvm::raw_ostream &os, mlir::ModuleOp module);
void writeWeightsLoader(llvm::raw_ostream &os,
                        const kernel::Interface &interface);
/// CMakeLists.txt, face-config.cmake, face-config-version.cmake, face.pc.
void writeBuildFiles(OutputFolder &folder, const kernel::Interface &interface,
                     const PackageFiles &files);
/// zephyr/module.yml, zephyr/Kconfig, zephyr/CMakeLists.txt.
void writeZephyrModule(OutputFolder &folder, const kernel::Interface &interface,
                       const PackageFiles &files);
/// library.properties, keywords.txt, examples/face/face.ino.
void writeArduinoLibrary(OutputFolder &folder,
                         const kernel::Interface &interface);
/// Tenon.face.pdsc, and Tenon.face.0.1.0.pack, which holds all other files.
void writeCmsisPack(OutputFolder &folder, const kernel::Interface &interface,
                    const PackageFiles &files);
/// face.json.
void writeReport(llvm::raw_ostream &os, mlir::ModuleOp module,
                 const kernel::Interface &interface,
                 const PackageOptions &options);

/// `[1][32][32][3]`, empty for a scalar.
std::string getShapeText(mlir::RankedTensorType type);

} // namespace tenon

#endif // TENON_CODEGEN_PACKAGE_PACKAGE_H
