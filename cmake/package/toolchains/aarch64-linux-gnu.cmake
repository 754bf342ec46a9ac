# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# GCC for AArch64 Linux; tests run in qemu's user mode where it is there.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_ASM_COMPILER aarch64-linux-gnu-gcc)
find_program(TENON_QEMU qemu-aarch64)
if(TENON_QEMU)
  set(CMAKE_CROSSCOMPILING_EMULATOR "${TENON_QEMU};-L;/usr/aarch64-linux-gnu")
endif()
set(TENON_TARGET aarch64)
