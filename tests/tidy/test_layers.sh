#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Goal: who may include whom. Method: every #include "..." of every layer against the list below;
# paths are written from the root, so the first folders say the layer.
set -u
findings=0 files=0

report() { findings=$((findings + 1)) && echo "$1"; }

# layer FOLDER ALLOWED: each include of a file in FOLDER starts with one of ALLOWED.
layer() {
    local folder=$1 file line include prefix found
    shift
    while IFS= read -r file; do
        files=$((files + 1))
        while IFS=: read -r line include; do
            found=no
            for prefix in "$@"; do
                [[ $include == "$prefix"* ]] && found=yes
            done
            [ $found = yes ] || report "$file:$line: $folder may not include $include"
            [ -f "$include" ] || report "$file:$line: $include is not a path from the root"
        done < <(sed -nE '/^[ \t]*#[ \t]*include[ \t]*"/{=;s/^[^"]*"([^"]*)".*/\1/p}' "$file" |
            paste -d: - -)
    done < <(find "$folder" -name '*.[ch]' ! -path sim/main.c ! -path 'sim/commands/*' 2>/dev/null |
        sort)
}

layer core/base core/base/
layer core/rule core/base/ core/rule/
for folder in tariff risk ledger intake; do
    layer core/$folder core/base/ core/rule/ core/$folder/
done
layer core/contract core/
layer sim core/ sim/
layer analysis core/base/ analysis/ sim/record/result_file.h sim/record/result.h
layer tests core/ sim/ analysis/ tests/

# Only the command line knows everybody: sim/main.c and the commands it dispatches to.
for file in sim/main.c $(find sim/commands -name '*.[ch]' 2>/dev/null); do
    files=$((files + 1))
done
grep -rn '#include "sim/commands/' core sim analysis 2>/dev/null |
    grep -vE '^sim/(main\.c|commands/)' && report "only the command line includes sim/commands"

echo "$files files, $findings findings"
[ $findings = 0 ]
