# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
set(TENON_TARGET cortex-m55)
set(TENON_CPU_FLAGS "-mthumb -mcpu=cortex-m55+nomve.fp -mfloat-abi=hard")
include("${CMAKE_CURRENT_LIST_DIR}/arm-none-eabi.cmake")
