#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Goal: the repository holds what it should: the folders of the house, a licence line in every
# source, nothing of the machine it was written on, nothing generated. Method: git's list of files.
set -u
if ! git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    echo "skipped: not a git checkout"
    exit 77
fi
findings=0
report() { findings=$((findings + 1)) && echo "$1"; }
mapfile -t files < <(git ls-files)

house='^(analysis|core|results|scenarios|sim|tests|\.ci)/'
house+='|^(\.clang-format|\.gitignore|CMakeLists\.txt|LICENSE)$'
house+='|^(CONTRIBUTING\.md|README\.md|clearlab)$'
for file in "${files[@]}"; do
    [[ $file =~ $house ]] || report "$file: has no place in the house"
    [ -f "$file" ] || continue
    size=$(stat -c %s "$file")
    [ "$size" -le 1000000 ] || report "$file: $size bytes; data of that size stay outside"
    case $file in
        *.c | *.h | *.sh | *.gp | clearlab | .ci/run | *CMakeLists.txt)
            head -2 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' ||
                report "$file: no SPDX line at its head"
            ;;
    esac
done
for file in clearlab .ci/run; do
    [ -x "$file" ] || report "$file: is not executable"
done

# Written with brackets, so that this file does not find itself. Fuzzing inputs are what they are.
machine='/wor[k]/|/tm[p]/build|/roo[t]/|/hom[e]/[a-z]'
registries='p[y]pi\.|npm[j]s\.|crate[s]\.io|rubygem[s]\.|doc[k]er\.io|ma[v]en\.org'
registries+='|deb\.debia[n]\.org|prox[y]\.golang|conda-for[g]e|anacond[a]\.org'
while IFS= read -r line; do
    report "$line"
done < <(git grep -nIE "$machine|$registries" -- . ':!tests/fuzz/corpus' ':!LICENSE' | cut -c1-160)
while IFS= read -r file; do
    report "$file: lines end in CR, or in spaces"
done < <(git grep -lIE '[[:space:]]$' -- '*.c' '*.h' '*.sh' '*.gp' '*.md' clearlab)

echo "${#files[@]} files, $findings findings"
[ $findings = 0 ]
