#!/usr/bin/env bash
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Sets up, then the face example: compiles examples/face/face.onnx to a static library, links it into a small C++
# program, classifies the held-out images, and prints the accuracy beside ONNX Runtime's, computed in the same run.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
"$root/scripts/setup.sh"
export PATH="$root/build/venv/bin:$root/build/bin:$PATH"
example="$root/examples/face"
work="$root/build/demo"
mkdir -p "$work"

tenon compile "$example/face.onnx" --emit=lib -o "$work/face"

cmake -S "$example" -B "$work/program" -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$work/face" >"$work/cmake.log" ||
  { cat "$work/cmake.log" >&2; exit 1; }
cmake --build "$work/program" >"$work/build.log" || { cat "$work/build.log" >&2; exit 1; }

"$work/program/face_demo" "$example/test_images.bin"
python "$example/evaluate.py" "$example/face.onnx" "$example/test_images.bin"
