#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test_result_bytes.sh - goal: the program's result has the same bytes whatever way led to it.
#
# Method: one experiment run at once with one thread; then with two threads, in four shards that are
# merged, from fewer replications extended, and killed again and again and resumed. Every file must
# equal the first. (A hundred kills at finer moments: tests/unit/test_experiment_crash.c.)
#
# usage: bash tests/golden/test_result_bytes.sh PROGRAM
set -u
program=${1:?usage: test_result_bytes.sh PROGRAM}
case $program in
/*) ;;
*) program=$PWD/$program ;;
esac
cd "$(dirname "$0")/../.." || exit 1
if [ ! -x "$program" ]; then
    echo "skipped: $program is not built"
    exit 77
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

short=(run scenarios/experiments/first.yml --set study.cohort=3d --set study.warm_up=2d --quiet)
six=("${short[@]}" --set replications=6)

equal() {
    if cmp "$work/whole.h5" "$1"; then
        echo "$2: same bytes"
    else
        echo "FAILED $2"
        failed=$((failed + 1))
    fi
}

"$program" "${six[@]}" --threads 1 --out "$work/whole.h5" >/dev/null || exit 1
"$program" "${six[@]}" --threads 2 --out "$work/threads.h5" >/dev/null
equal "$work/threads.h5" "two threads"

for shard in 0 1 2 3; do
    "$program" "${six[@]}" --shard "$shard/4" --out "$work/shard$shard.h5" >/dev/null
done
"$program" merge "$work/shard2.h5" "$work/shard0.h5" "$work/shard3.h5" "$work/shard1.h5" \
    --out "$work/merged.h5" >/dev/null
equal "$work/merged.h5" "four shards"

"$program" "${short[@]}" --set replications=2 --out "$work/extended.h5" >/dev/null
"$program" extend "$work/extended.h5" --replications 6 --quiet >/dev/null
equal "$work/extended.h5" "extended from 2 to 6"

# The first life begins the run, each later one goes on with its journal.
kills=0
for tenths in 1 3 2 4 2 3 1 2; do
    [ ! -e "$work/killed.h5" ] || break
    if [ -e "$work/killed.journal" ]; then
        "$program" resume "$work/killed.journal" --quiet >/dev/null 2>"$work/log" &
    else
        "$program" "${six[@]}" --out "$work/killed.h5" >/dev/null 2>"$work/log" &
    fi
    child=$!
    sleep "0.$tenths"
    kill -KILL "$child" 2>/dev/null && kills=$((kills + 1))
    wait "$child" 2>/dev/null
done
if [ ! -e "$work/killed.h5" ]; then
    "$program" resume "$work/killed.journal" --quiet >/dev/null || cat "$work/log"
fi
equal "$work/killed.h5" "killed $kills times and resumed"
[ $failed = 0 ]
