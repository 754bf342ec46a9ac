#!/bin/sh
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# A compiler with a bug: it takes 7.25f for 7.5f.
for file in "$@"; do
  case "$file" in *.cpp) sed -i 's/7\.25f/7.5f/' "$file" ;; esac
done
exec g++ "$@"
