#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Goal: the chain of a simulated ledger convinces who was not there.
# Method: a replication with losses, partitions and crashes is rerun, its blocks are saved as they
# are committed, and `verify` works all of them out anew; with one byte changed it says so. Whoever
# asks for the chain of a database, or of stand-ins, is told why there is none.
#
# usage: bash tests/scenarios/test_ledger.sh PROGRAM
set -u
program=$(readlink -f "${1:?usage: test_ledger.sh PROGRAM}")
cd "$(dirname "$0")/../.." || exit 1
scenario=tests/scenarios/valid/ledger.yml
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

expect() {
    local what=$1
    shift
    if "$@" >"$work/log" 2>&1; then
        passed=$((passed + 1))
    else
        echo "FAILED $what: $(head -2 "$work/log")"
        failed=$((failed + 1))
    fi
}

# Ends with status 1 or 2 and says why.
expect_refusal() {
    local what=$1 text=$2
    shift 2
    if ! "$@" >"$work/log" 2>&1 && grep -q -- "$text" "$work/log"; then
        passed=$((passed + 1))
    else
        echo "FAILED $what: $(head -2 "$work/log")"
        failed=$((failed + 1))
    fi
}

save() { "$program" trace "$1" --event-log "$work/log.tsv" --replication 1 --save-chain "$2"; }

expect "run" "$program" run $scenario --quiet --out "$work/run.h5"
expect "chain saved" save "$work/run.h5" "$work/chain.h5"
expect "chain verified" "$program" verify "$work/chain.h5"
cp "$work/log" "$work/verified"
expect "hundreds of blocks" grep -Eq '[0-9]{3} blocks.* valid' "$work/verified"
expect "saved again" save "$work/run.h5" "$work/again.h5"
expect "the same bytes" cmp "$work/chain.h5" "$work/again.h5"
size=$(stat -c %s "$work/chain.h5")
printf 'x' | dd of="$work/again.h5" bs=1 seek=$((size / 4)) conv=notrunc status=none
expect_refusal "a byte changed" "height" "$program" verify "$work/again.h5"
expect "run with stand-ins" "$program" run $scenario --quiet --out "$work/stand_in.h5" \
    --set systems.chain.ledger.signatures=stand_in
expect_refusal "chain of stand-ins" "stand-ins" save "$work/stand_in.h5" "$work/none.h5"
expect "run a database" "$program" run $scenario --quiet --out "$work/database.h5" \
    --set systems.chain.ledger.type=database
expect_refusal "chain of a database" "no ledger of type chain" save "$work/database.h5" \
    "$work/none.h5"
"$program" compare "$work/run.h5" --tsv >"$work/run.tsv"
"$program" compare "$work/stand_in.h5" --tsv >"$work/stand_in.tsv"
expect "stand-ins change no metric" cmp "$work/run.tsv" "$work/stand_in.tsv"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
