#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test_fingerprints.sh - goal: the same scenario, seed and code give the same bytes, whatever the
# number of threads, the compiler, its optimisation, the processor's instructions or the sanitizers.
#
# Method: short runs of the experiments in the repository, by every program given and with 1, 2, 4
# and 8 threads; the result files must be equal byte for byte. All programs must be of one revision.
# Left out is what stays long when it is short: its parts are in tests/scenarios/valid.
#
# usage: bash tests/golden/test_fingerprints.sh PROGRAM [BUILD_FOLDER ...]
set -u
program=$(readlink -f "${1:?usage: test_fingerprints.sh PROGRAM [BUILD_FOLDER ...]}")
shift
folders=()
for folder in "$@"; do
    folders+=("$(readlink -f "$folder")")
done
cd "$(dirname "$0")/../.." || exit 1
export CLEARLAB_DATA=${CLEARLAB_DATA:-../shared/data}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

# A short version of an experiment: file, program, threads, where to.
run_short() {
    "$2" run "$1" --threads "$3" --quiet --out "$4" --set replications=3 \
        --set 'study.warm_up=2 d' --set 'study.cohort=6 d' >"$work/log" 2>&1
}

check() {
    if cmp -s "$2" "$3"; then
        passed=$((passed + 1))
    else
        echo "FAILED $1: other bytes"
        failed=$((failed + 1))
    fi
}

for file in tests/scenarios/valid/*.yml scenarios/experiments/*.yml; do
    name=$(basename "$file" .yml)
    [ "$file" = scenarios/experiments/ledgers.yml ] && continue
    if ! run_short "$file" "$program" 1 "$work/$name.h5"; then
        if grep -q 'file of declarations' "$work/log"; then
            echo "skipped $file: its data is not here (set CLEARLAB_DATA)"
            continue
        fi
        echo "FAILED $file: $(head -1 "$work/log")"
        failed=$((failed + 1))
        continue
    fi
    for threads in 2 4 8; do
        run_short "$file" "$program" $threads "$work/$name.$threads.h5"
        check "$name, $threads threads" "$work/$name.h5" "$work/$name.$threads.h5"
    done
    for folder in "${folders[@]}"; do
        [ -x "$folder/clearlab" ] && [ "$folder/clearlab" != "$program" ] || continue
        build=$(basename "$folder")
        run_short "$file" "$folder/clearlab" 2 "$work/$name.$build.h5"
        check "$name, build $build" "$work/$name.h5" "$work/$name.$build.h5"
    done
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
