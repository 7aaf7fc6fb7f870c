#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Goal: the code is formatted as .clang-format says. Method: the formatter, of the one release whose
# output the repository has; others break lines elsewhere.
set -u
formatter=
for name in clang-format-14 clang-format; do
    if "$name" --version 2>/dev/null | grep -q 'version 14\.'; then
        formatter=$name
        break
    fi
done
[ -n "$formatter" ] || { echo "skipped: clang-format 14 is not installed" && exit 77; }

files=0 findings=0
for file in $(find core sim analysis tests -name '*.[ch]' | sort); do
    files=$((files + 1))
    messages=$("$formatter" --dry-run --Werror "$file" 2>&1) && continue
    findings=$((findings + 1))
    head -1 <<<"$messages"
done

echo "$files files, $findings findings"
[ $findings = 0 ]
