#!/usr/bin/env bash
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Sets up, then builds the firmware for a processor (cortex-m4 unless named) and runs it on an emulated board:
#   examples/cortex-m/run.sh [cortex-m0|cortex-m4|cortex-m7|cortex-m33|cortex-m55]
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
cpu=${1:-cortex-m4}
toolchain="$root/cmake/package/toolchains/$cpu.cmake"
[ -f "$toolchain" ] || { echo "error: there is no $toolchain" >&2; exit 2; }
"$root/scripts/setup.sh"
export PATH="$root/build/venv/bin:$PATH"
work="$root/build/examples/$cpu"
mkdir -p "$work"
cmake -S "$here" -B "$work" -DCMAKE_TOOLCHAIN_FILE="$toolchain" >"$work/cmake.log" || { cat "$work/cmake.log" >&2; exit 1; }
cmake --build "$work" >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }
cmake --build "$work" --target run | grep -v '^\[\|^make'
