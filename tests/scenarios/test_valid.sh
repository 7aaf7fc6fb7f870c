#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test_valid.sh - goal: every right scenario passes `check`, and its resolved text is the same
# experiment: loaded again it resolves to itself and runs along the same path.
#
# Method: for every file in tests/scenarios/valid and scenarios/experiments (those that replay a
# file of data only where it is found), `check`, then `check --resolved` twice, then the event log
# of replication 0 from both texts, byte for byte.
#
# usage: bash tests/scenarios/test_valid.sh PROGRAM
set -u
program=${1:?usage: test_valid.sh PROGRAM}
case $program in
/*) ;;
*) program=$PWD/$program ;;
esac
cd "$(dirname "$0")/../.." || exit 1
export CLEARLAB_DATA=${CLEARLAB_DATA:-../shared/data}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0

fail() {
    echo "FAILED $1: $2"
    failed=$((failed + 1))
}

check_one() {
    local file=$1
    if ! "$program" check "$file" >"$work/out" 2>&1; then
        if grep -q 'the file of declarations' "$work/out"; then
            echo "skipped $file: its data is not here (set CLEARLAB_DATA)"
            skipped=$((skipped + 1))
            return
        fi
        fail "$file" "$(head -3 "$work/out")"
        return
    fi
    "$program" check "$file" --resolved >"$work/once.yml" || { fail "$file" "--resolved"; return; }
    "$program" check "$work/once.yml" --resolved >"$work/twice.yml" ||
        { fail "$file" "its resolved text cannot be loaded"; return; }
    cmp -s "$work/once.yml" "$work/twice.yml" ||
        { fail "$file" "resolving twice changes it"; return; }
    local short=(--set 'study.warm_up=0 s' --set 'study.cohort=3 d')
    "$program" run "$file" "${short[@]}" --trace "$work/a.tsv" &&
        "$program" run "$work/once.yml" "${short[@]}" --trace "$work/b.tsv" ||
        { fail "$file" "a replication fails"; return; }
    cmp -s "$work/a.tsv" "$work/b.tsv" ||
        { fail "$file" "the resolved text runs otherwise"; return; }
    passed=$((passed + 1))
}

for file in tests/scenarios/valid/*.yml scenarios/experiments/*.yml; do
    [ -e "$file" ] && check_one "$file"
done
for file in scenarios/worlds/*.yml scenarios/systems/*.yml scenarios/patches/*.yml; do
    [ -e "$file" ] || continue
    if "$program" check "$file" >"$work/out" 2>&1 ||
        grep -q 'file of declarations' "$work/out"; then
        passed=$((passed + 1))
    else
        fail "$file" "$(head -3 "$work/out")"
    fi
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
