# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# GCC for bare metal on Arm. The files of the processors set TENON_TARGET and TENON_CPU_FLAGS and include this one.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_CXX_COMPILER arm-none-eabi-g++)
set(CMAKE_ASM_COMPILER arm-none-eabi-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY) # a program wants start-up code
foreach(language C CXX ASM)
  set(CMAKE_EXECUTABLE_SUFFIX_${language} .elf)
  set(CMAKE_${language}_FLAGS_INIT "${TENON_CPU_FLAGS} -ffunction-sections -fdata-sections")
endforeach()
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,--gc-sections")
