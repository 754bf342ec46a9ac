# Helpers shared by all rooms. Sources are globbed, so that a new pass or operator file needs no entry in a build list.

option(TENON_SANITIZE "Build with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)

add_library(tenon_flags INTERFACE)
target_include_directories(tenon_flags INTERFACE
  ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
target_include_directories(tenon_flags SYSTEM INTERFACE
  ${MLIR_INCLUDE_DIRS} ${LLVM_INCLUDE_DIRS})
target_compile_options(tenon_flags INTERFACE
  -Wall -Wextra -Werror=return-type -Wno-unused-parameter)
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  # ccache keeps hits across clones only if the precompiled header has no time stamp.
  target_compile_options(tenon_flags INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
endif()
target_link_options(tenon_flags INTERFACE -fuse-ld=lld-19)
if(TENON_SANITIZE)
  target_compile_options(tenon_flags INTERFACE
    -fsanitize=address,undefined -fno-sanitize=vptr -fno-omit-frame-pointer)
  target_link_options(tenon_flags INTERFACE -fsanitize=address,undefined)
endif()

# One precompiled header of MLIR for the whole compiler. It holds the path of the build folder, and so would every hash of
# ccache; with CCACHE_PCH_EXTSUM (in the presets), ccache hashes a text beside it that says what it is made of. Nor does
# the command line need the absolute path of the header, which Clang has in the precompiled one.
if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
  set(CMAKE_CXX_COMPILE_OPTIONS_USE_PCH -Xclang -include-pch -Xclang <PCH_FILE>)
endif()
set_property(DIRECTORY ${CMAKE_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/cmake/pch.h)
file(SHA256 ${CMAKE_SOURCE_DIR}/cmake/pch.h pch_hash)
file(WRITE ${CMAKE_BINARY_DIR}/CMakeFiles/tenon_pch.dir/cmake_pch.hxx.pch.sum
  "${pch_hash} ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION} LLVM ${LLVM_PACKAGE_VERSION} "
  "${CMAKE_BUILD_TYPE} ${CMAKE_CXX_FLAGS} sanitize ${TENON_SANITIZE}\n")
file(WRITE ${CMAKE_BINARY_DIR}/pch.cpp "")
add_library(tenon_pch OBJECT ${CMAKE_BINARY_DIR}/pch.cpp)
target_link_libraries(tenon_pch PUBLIC tenon_flags)
target_compile_options(tenon_pch PRIVATE -fno-exceptions)
target_precompile_headers(tenon_pch PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch.h)

# tenon_library(NAME [LINK lib...] [DEPENDS target...] [EXCLUDE file...])
# A static library of every .cpp file in the current folder.
function(tenon_library name)
  cmake_parse_arguments(ARG "" "" "LINK;DEPENDS;EXCLUDE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  foreach(file ${ARG_EXCLUDE})
    list(REMOVE_ITEM sources ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  endforeach()
  add_library(${name} STATIC ${sources})
  set_property(GLOBAL APPEND PROPERTY TENON_LIBRARIES ${name})
  target_link_libraries(${name} PUBLIC tenon_flags ${ARG_LINK})
  target_compile_options(${name} PRIVATE -fno-exceptions)
  target_precompile_headers(${name} REUSE_FROM tenon_pch)
  add_dependencies(${name} tenon_tablegen ${ARG_DEPENDS})
endfunction()

# tenon_executable(NAME SOURCES file... LINK lib...)
function(tenon_executable name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE tenon_flags ${ARG_LINK} MLIR LLVM)
  target_compile_options(${name} PRIVATE -fno-exceptions)
  target_precompile_headers(${name} REUSE_FROM tenon_pch)
  add_dependencies(${name} tenon_tablegen)
endfunction()

# All generated headers; libraries wait for this target.
add_custom_target(tenon_tablegen)

# tenon_dialect_tablegen(PREFIX dialect): Ops, Types, Attributes, Enums of <PREFIX>Ops.td in the current folder.
function(tenon_dialect_tablegen prefix dialect)
  set(LLVM_TARGET_DEFINITIONS ${prefix}Ops.td)
  mlir_tablegen(${prefix}Dialect.h.inc -gen-dialect-decls -dialect=${dialect})
  mlir_tablegen(${prefix}Dialect.cpp.inc -gen-dialect-defs -dialect=${dialect})
  mlir_tablegen(${prefix}Ops.h.inc -gen-op-decls)
  mlir_tablegen(${prefix}Ops.cpp.inc -gen-op-defs)
  mlir_tablegen(${prefix}Types.h.inc -gen-typedef-decls -typedefs-dialect=${dialect})
  mlir_tablegen(${prefix}Types.cpp.inc -gen-typedef-defs -typedefs-dialect=${dialect})
  mlir_tablegen(${prefix}Attributes.h.inc -gen-attrdef-decls -attrdefs-dialect=${dialect})
  mlir_tablegen(${prefix}Attributes.cpp.inc -gen-attrdef-defs -attrdefs-dialect=${dialect})
  mlir_tablegen(${prefix}Enums.h.inc -gen-enum-decls)
  mlir_tablegen(${prefix}Enums.cpp.inc -gen-enum-defs)
  add_public_tablegen_target(tenon_${dialect}_inc)
  add_dependencies(tenon_tablegen tenon_${dialect}_inc)
endfunction()

# tenon_rewrite_tablegen(NAME): the patterns of <folder>/<NAME>.td, as <NAME>.inc.
function(tenon_rewrite_tablegen name)
  set(LLVM_TARGET_DEFINITIONS ${name}.td)
  mlir_tablegen(${name}.inc -gen-rewriters)
  add_public_tablegen_target(tenon_${name}_rewrites_inc)
  add_dependencies(tenon_tablegen tenon_${name}_rewrites_inc)
endfunction()

# tenon_pass_tablegen(STAGE): declarations of the passes of <folder>/Passes.td.
function(tenon_pass_tablegen stage)
  set(LLVM_TARGET_DEFINITIONS Passes.td)
  mlir_tablegen(Passes.h.inc -gen-pass-decls -name ${stage})
  add_public_tablegen_target(tenon_${stage}_passes_inc)
  add_dependencies(tenon_tablegen tenon_${stage}_passes_inc)
endfunction()
