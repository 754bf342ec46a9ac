#!/usr/bin/env bash
# Part of the Tenon project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
# Sets up, then runs every fast test: the lit suite and the unit tests. Arguments go to lit
# (scripts/test.sh --filter=expand-math). The last line is "N passed, N failed, N skipped".
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
"$root/scripts/setup.sh"
exec "$root/build/venv/bin/python" "$root/scripts/run_tests.py" "$@"
