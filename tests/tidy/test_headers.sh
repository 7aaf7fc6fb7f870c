#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Goal: each header compiles alone, with a guard named after its path. Method: the compiler.
set -u
command -v gcc >/dev/null || { echo "skipped: gcc is not installed" && exit 77; }
includes=$(pkg-config --cflags hdf5 gsl yaml-0.1 2>/dev/null || true)
findings=0 files=0
report() { findings=$((findings + 1)) && echo "$1"; }

for header in $(find core sim analysis tests -name '*.h' | sort); do
    files=$((files + 1))
    guard=$(tr '[:lower:]/.' '[:upper:]__' <<<"$header")
    grep -q "^#ifndef $guard\$" "$header" || report "$header: no guard $guard"
    # shellcheck disable=SC2086
    messages=$(gcc -std=c17 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Wno-unused-function \
        -Wno-unused-variable -Werror -I. -isystem /usr/include/hdf5/serial $includes \
        -fsyntax-only -x c - <<<"#include \"$header\"
extern int not_empty;" 2>&1) ||
        report "$header: does not compile alone
$(head -3 <<<"$messages")"
done

echo "$files headers, $findings findings"
[ $findings = 0 ]
