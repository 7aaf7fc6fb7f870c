#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Goal: no number of the first experiment moves by accident.
# Method: a short run of it, all metrics of all points as TSV, against results/reference/first.tsv,
# byte for byte. Two replications say little about systems, and are enough to notice a change.
# With --update the reference is rewritten: say in the commit why it moved.
#
# usage: bash tests/golden/test_numbers.sh PROGRAM [--update]
set -u
program=$(readlink -f "${1:?usage: test_numbers.sh PROGRAM [--update]}")
cd "$(dirname "$0")/../.." || exit 1
reference=results/reference/first.tsv
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
"$program" run scenarios/experiments/first.yml --quiet --out "$work/first.h5" \
    --set replications=2 --set 'study.warm_up=7 d' --set 'study.cohort=14 d' || exit 1
"$program" compare "$work/first.h5" --tsv >"$work/first.tsv" || exit 1
if [ "${2:-}" = --update ]; then
    cp "$work/first.tsv" $reference
fi
if ! cmp -s "$work/first.tsv" $reference; then
    diff $reference "$work/first.tsv" | head -20
    echo "numbers moved: test_numbers.sh PROGRAM --update, when they should"
    exit 1
fi
echo "$(wc -l <"$work/first.tsv") lines agree"
