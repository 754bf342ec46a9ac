# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
#   tenon_add_model(NAME MODEL face.onnx
#                   [TARGET cortex-m4]        as --target; else what a toolchain file of ours says, else tenon's default
#                   [EMIT c|cpp|obj]          else C++ where the project has the language, else C unless the target has vectors
#                   [OPTIONS --opt=size ...]  more options of `tenon compile`
#                   [DEPENDS FILE...])        files of the model beside its own: external data, a memory file
#
# A static library NAME (also NAME::NAME), with NAME.h and NAME.hpp in its include directories. The model is compiled again
# when its file, a file of DEPENDS, the options or the compiler change. Properties of the library:
#
#   TENON_REPORT    NAME.json, which says what each layer needs
#   TENON_WEIGHTS   NAME.weights, where OPTIONS say --weights=mapped or external
#
# find_package(Tenon) has this, or include() of this file in a checkout. TENON_EXECUTABLE is the compiler.

cmake_minimum_required(VERSION 3.16)

find_program(TENON_EXECUTABLE tenon DOC "Tenon's compiler" NO_CMAKE_FIND_ROOT_PATH
  HINTS "${CMAKE_CURRENT_LIST_DIR}/../../build/bin"         # a checkout
        "${CMAKE_CURRENT_LIST_DIR}/../../../bin")           # an installation: share/cmake/Tenon

function(tenon_add_model NAME)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "MODEL;TARGET;EMIT" "OPTIONS;DEPENDS")
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "tenon_add_model(${NAME}): no such arguments: ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT TENON_EXECUTABLE)
    message(FATAL_ERROR "tenon_add_model(${NAME}): the compiler was not found; say -DTENON_EXECUTABLE=PATH")
  endif()
  if(NOT ARG_MODEL)
    message(FATAL_ERROR "tenon_add_model(${NAME}): MODEL is missing")
  endif()
  get_filename_component(model "${ARG_MODEL}" ABSOLUTE)
  set(depends "${model}" "${TENON_EXECUTABLE}")
  foreach(file IN LISTS ARG_DEPENDS)
    get_filename_component(file "${file}" ABSOLUTE)
    list(APPEND depends "${file}")
  endforeach()

  if(NOT ARG_TARGET)
    set(ARG_TARGET "${TENON_TARGET}")
  endif()
  get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
  if(NOT ARG_EMIT AND CXX IN_LIST languages)
    set(ARG_EMIT cpp)
  elseif(NOT ARG_EMIT)
    set(ARG_EMIT c)
    if(ARG_TARGET)
      execute_process(COMMAND "${TENON_EXECUTABLE}" targets ${ARG_TARGET} --json OUTPUT_VARIABLE description)
      if(NOT description MATCHES "\"lanes\": 1[^0-9]")
        set(ARG_EMIT obj)
      endif()
    endif()
  endif()

  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${NAME}-tenon")
  set(outputs "${folder}/${NAME}.h" "${folder}/${NAME}.hpp" "${folder}/${NAME}.json")
  if(ARG_EMIT MATCHES "^(c|cpp)$")
    set(sources "${folder}/${NAME}.${ARG_EMIT}" "${folder}/${NAME}_weights.${ARG_EMIT}")
  elseif(ARG_EMIT STREQUAL "obj")
    set(sources "${folder}/${NAME}.o")
    set_source_files_properties(${sources} PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
  else()
    message(FATAL_ERROR "tenon_add_model(${NAME}): EMIT is c, cpp or obj, not '${ARG_EMIT}'")
  endif()
  set(weights "")
  if("${ARG_OPTIONS}" MATCHES "--weights=(mapped|external)")
    set(weights "${folder}/${NAME}.weights")
  endif()

  if("${ARG_OPTIONS}" MATCHES "--(emit|name|target)=")
    message(FATAL_ERROR "tenon_add_model(${NAME}): OPTIONS has --${CMAKE_MATCH_1}, which is said by NAME, EMIT and TARGET")
  endif()
  set(options --name=${NAME} --emit=${ARG_EMIT} ${ARG_OPTIONS})
  if(ARG_TARGET)
    list(APPEND options --target=${ARG_TARGET})
  endif()
  file(RELATIVE_PATH shown "${CMAKE_SOURCE_DIR}" "${model}")
  add_custom_command(OUTPUT ${outputs} ${sources} ${weights}
    COMMAND "${TENON_EXECUTABLE}" compile "${model}" -o "${folder}/" --quiet ${options}
    DEPENDS ${depends}
    WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" # of files that OPTIONS name
    COMMENT "Compiling ${shown}" VERBATIM)

  add_library(${NAME} STATIC ${sources} ${outputs})
  add_library(${NAME}::${NAME} ALIAS ${NAME})
  target_include_directories(${NAME} PUBLIC "${folder}")
  # Where the weights are large, the source includes their file.
  target_compile_definitions(${NAME} PRIVATE "WEIGHTS_FILE=\"${folder}/${NAME}.weights\"")
  # -ffast-math would change results, and so would fused multiply-adds where the code has none. It is generated: nobody steps
  # through it, so that a debug build may have it as fast as any.
  target_compile_options(${NAME} PRIVATE
    $<$<COMPILE_LANGUAGE:C,CXX>:-O2 -fno-fast-math -ffp-contract=off>
    $<$<COMPILE_LANGUAGE:CXX>:-fno-exceptions -fno-rtti>)
  set_target_properties(${NAME} PROPERTIES
    C_STANDARD 11 C_STANDARD_REQUIRED ON CXX_STANDARD 11 CXX_STANDARD_REQUIRED ON
    TENON_REPORT "${folder}/${NAME}.json" TENON_WEIGHTS "${weights}")
  if(ARG_EMIT STREQUAL "obj")
    list(GET languages 0 language)
    if(NOT language MATCHES "^(C|CXX)$")
      set(language C)
    endif()
    set_target_properties(${NAME} PROPERTIES LINKER_LANGUAGE ${language})
  endif()
endfunction()
