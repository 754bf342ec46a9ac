#!/bin/sh
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# A compiler with a bug that shows only in a model of one output: it takes 7.25f for 7.5f.
for file in "$@"; do
  case "$file" in
  *.cpp) grep -qs "_OUTPUTS = 1$" "$(dirname "$file")"/two_layers.h && sed -i 's/7\.25f/7.5f/' "$file" ;;
  esac
done
exec g++ "$@"
