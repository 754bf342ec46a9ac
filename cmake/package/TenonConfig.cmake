# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# find_package(Tenon) gives tenon_add_model() and TENON_TOOLCHAINS, the folder of the toolchain files.
include("${CMAKE_CURRENT_LIST_DIR}/TenonAddModel.cmake")
set(TENON_TOOLCHAINS "${CMAKE_CURRENT_LIST_DIR}/toolchains")
if(NOT TENON_EXECUTABLE)
  set(Tenon_FOUND FALSE)
  set(Tenon_NOT_FOUND_MESSAGE "the program tenon was not found; say -DTENON_EXECUTABLE=PATH")
endif()
