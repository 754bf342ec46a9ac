#!/bin/sh
# A compiler with a bug: it takes 7.25f for 7.5f.
for file in "$@"; do
  case "$file" in *.cpp) sed -i 's/7\.25f/7.5f/' "$file" ;; esac
done
exec g++ "$@"
