#!/usr/bin/env bash
# Sets up, then runs every fast test: the lit suite and the unit tests. Arguments go to lit
# (scripts/test.sh --filter=expand-math). The last line is "N passed, N failed, N skipped".
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
"$root/scripts/setup.sh"
exec "$root/build/venv/bin/python" "$root/scripts/run_tests.py" "$@"
