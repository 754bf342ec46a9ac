#!/usr/bin/env python3
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Fails on symbols that a compiled model may not have: symbols.py TARGET MODEL OBJECT_OR_ARCHIVE..."""

import sys

import machines

try:
    machines.check_symbols(sys.argv[1], sys.argv[3:], sys.argv[2])
except machines.Failure as failure:
    sys.exit(f"error: {failure}")
