#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Goal: functions fit a screen (70 lines), lines 100 columns, files about 500 lines.
# Method: the code is formatted, so a function ends where a line is "}" and begins at the last line
# in column 0 before its body.
set -u
export LC_ALL=C.UTF-8
findings=0 files=0
report() { findings=$((findings + 1)) && echo "$1"; }

# FILE  why it may be longer than 550 lines
exceptions='core/ledger/consensus.c every rule of the protocol in one place
tests/unit/test_merge.c tables of merges, one after another
tests/unit/test_node.c tables of messages, one after another
tests/unit/test_read.c tables of messages, one after another
'

for file in $(find core sim analysis tests -name '*.[ch]' | sort); do
    files=$((files + 1))
    while IFS= read -r finding; do
        report "$finding"
    done < <(awk -v file="$file" '
        /^[A-Za-z_]/ && !/:$/ && !inside { start = NR }
        /\) \{$/ && !/^#/ { inside = 1 }
        /^}$/ && inside {
            if (NR - start + 1 > 70)
                printf "%s:%d: a function of %d lines\n", file, start, NR - start + 1
            inside = 0
        }' "$file")
    lines=$(wc -l <"$file")
    if [ "$lines" -gt 550 ] && ! grep -q "^$file " <<<"$exceptions"; then
        report "$file: $lines lines"
    fi
done

for file in $(find core sim analysis tests scenarios -name '*.[ch]' -o -name '*.sh' \
    -o -name '*.gp' -o -name CMakeLists.txt | sort) clearlab .ci/run CMakeLists.txt; do
    while IFS= read -r finding; do
        report "$file:$finding: longer than 100 columns"
    done < <(grep -nP '^.{101,}' "$file" | cut -d: -f1)
done

echo "$files files, $findings findings"
[ $findings = 0 ]
