#!/usr/bin/env bash
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Installs everything that Tenon needs on Debian 12 (apt packages, a Python environment, ONNX's C++ library), then
# builds the compiler: build/bin/tenon. Run it again at any time: what is there already is left alone.
#
# All but the apt packages goes into build/. Only installing apt packages needs root.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
onnx_version=1.23.2

say() { printf '\033[1m[setup]\033[0m %s\n' "$*" >&2; }

mkdir -p build/deps
exec 9>build/deps/setup.lock
flock 9 # demo.sh and test.sh may run side by side

# --- Debian packages -----------------------------------------------------------------------------------------------
packages=(
  clang-19 lld-19 liblld-19-dev libclang-rt-19-dev llvm-19-dev libmlir-19-dev mlir-19-tools clang-format-19 # compiler
  g++ make ninja-build ccache pkg-config python3-venv
  libprotobuf-dev protobuf-compiler
  libgtest-dev libbenchmark-dev # tests
  gcc-aarch64-linux-gnu g++-aarch64-linux-gnu qemu-user # AArch64, tested under emulation
  gcc-arm-none-eabi libnewlib-arm-none-eabi libstdc++-arm-none-eabi-newlib qemu-system-arm # Cortex-M
)
missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ]; then
    echo "error: these packages are missing; as root: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 1
  fi
  say "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >build/deps/apt.log 2>&1 ||
    { tail -n 30 build/deps/apt.log >&2; exit 1; }
fi

# --- Python environment --------------------------------------------------------------------------------------------
if ! cmp -s scripts/requirements.txt build/venv/installed.txt; then
  say "making build/venv"
  python3 -m venv build/venv
  build/venv/bin/pip install --quiet --disable-pip-version-check -r scripts/requirements.txt
  cp scripts/requirements.txt build/venv/installed.txt
fi
export PATH="$root/build/venv/bin:$PATH"

# --- ONNX's C++ library, from its source distribution ---------------------------------------------------------------
export CCACHE_BASEDIR="$root" CCACHE_NOHASHDIR=1
if [ "$(cat build/deps/onnx/version.txt 2>/dev/null)" != "$onnx_version" ]; then
  say "building ONNX $onnx_version (a few minutes)"
  rm -rf build/deps/onnx build/deps/onnx-source build/deps/onnx-build
  mkdir -p build/deps/onnx-source
  build/venv/bin/pip download --quiet --disable-pip-version-check --no-deps --no-binary onnx \
    -d build/deps/onnx-source "onnx==$onnx_version"
  tar -xzf "build/deps/onnx-source/onnx-$onnx_version.tar.gz" -C build/deps/onnx-source --strip-components=1
  # Debian's Protobuf, no Python; position independent, so that it can go into a shared library too.
  {
    cmake -G Ninja -S build/deps/onnx-source -B build/deps/onnx-build -DCMAKE_BUILD_TYPE=Release \
      -DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19 -DCMAKE_CXX_COMPILER_LAUNCHER=ccache \
      -DCMAKE_INSTALL_PREFIX="$root/build/deps/onnx" -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
      -DBUILD_SHARED_LIBS=OFF -DONNX_USE_PROTOBUF_SHARED_LIBS=ON -DONNX_ML=ON -DONNX_GEN_PB_TYPE_STUBS=OFF
    cmake --build build/deps/onnx-build --target install
  } >build/deps/onnx.log 2>&1 || { tail -n 40 build/deps/onnx.log >&2; exit 1; }
  echo "$onnx_version" >build/deps/onnx/version.txt
  rm -rf build/deps/onnx-build
fi

# --- Tenon ---------------------------------------------------------------------------------------------------------
# CMake configures again by itself when a CMakeLists.txt changes. (Configuring always would wipe its cache when PATH leads
# to another copy of the same compiler.)
if [ ! -f build/build.ninja ] || ! cmp -s CMakePresets.json build/configured.json; then
  cmake --preset release >build/configure.log 2>&1 || { cat build/configure.log >&2; exit 1; }
  cp CMakePresets.json build/configured.json
fi
cmake --build --preset release >build/build.log 2>&1 || { grep -v '^\[' build/build.log | tail -n 80 >&2; exit 1; }
say "ready: build/bin"
