#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test_tariffs.sh - goal: each wrong tariff gives its exact message, place and exit status 2; the
# tariffs of the repository have no findings; the known error of the American database is found.
#
# Method: for every tests/scenarios/tariffs/NAME.yml, `PROGRAM tariff lint` must exit with 2 and
# print NAME.error on standard error, byte for byte. With --update the .error files are rewritten:
# read the difference before you commit it.
#
# usage: bash tests/scenarios/test_tariffs.sh PROGRAM [--update], from anywhere
set -u
program=${1:?usage: test_tariffs.sh PROGRAM [--update]}
update=
for argument in "$@"; do
    [ "$argument" = --update ] && update=yes
done
case $program in
/*) ;;
*) program=$PWD/$program ;;
esac
cd "$(dirname "$0")/../.." || exit 1 # messages hold paths from the root
if [ ! -x "$program" ]; then
    echo "skipped: $program is not built"
    exit 77
fi

actual=$(mktemp) || exit 1
trap 'rm -f "$actual"' EXIT
passed=0 failed=0
fail() {
    echo "FAILED $1: $2"
    failed=$((failed + 1))
}

for tariff in tests/scenarios/tariffs/*.yml; do
    expected=${tariff%.yml}.error
    NO_COLOR=1 timeout 60 "$program" tariff lint "$tariff" >/dev/null 2>"$actual"
    status=$?
    if [ "$status" -ne 2 ]; then
        fail "$tariff" "exit status $status, expected 2"
        cat "$actual"
    elif [ -n "$update" ]; then
        cmp -s "$actual" "$expected" || { cp "$actual" "$expected" && echo "updated $expected"; }
        passed=$((passed + 1))
    elif ! diff -a -u "$expected" "$actual" --label "$expected" --label "what it says now"; then
        fail "$tariff" "another message"
    else
        passed=$((passed + 1))
    fi
done

if "$program" tariff lint scenarios/tariffs/seaport.yml >"$actual"; then
    passed=$((passed + 1))
else
    fail scenarios/tariffs/seaport.yml "has findings"
    head -5 "$actual"
fi

# 22029928, column 2: "27.6 cents/liter+ 17.5%" is stored as type 1, a specific rate alone.
database=${CLEARLAB_DATA:-../shared/data}/tariff/us-tariff-database-2024-05.csv.gz
if [ -r "$database" ]; then
    "$program" tariff lint "$database" --us-database >"$actual"
    if grep -aq ":1993:439: US6: column 2: the text '27.6 cents/liter+ 17.5%'" "$actual"; then
        passed=$((passed + 1))
    else
        fail "$database" "the error in line 22029928 is not found"
    fi
    "$program" tariff lint "$database" --us-database --json >"$actual"
    if python3 -c 'import json, sys
report = json.load(open(sys.argv[1], encoding="utf-8", errors="replace"))
found = [f for f in report["findings"] if f["rule"] == "US6"]
sys.exit(len(found) != 2 or report["counts"]["US6"] != 2)' "$actual"; then
        passed=$((passed + 1))
    else
        fail "$database" "--json is no JSON or has other counts"
    fi
else
    echo "the American database is not here: its known error is not looked for"
fi

echo "$passed passed, $failed failed"
[ $failed = 0 ]
