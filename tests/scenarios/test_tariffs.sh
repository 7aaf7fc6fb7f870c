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
. "$(dirname "$0")/messages.sh"

for tariff in tests/scenarios/tariffs/*.yml; do
    check_message "$tariff" tariff lint "$tariff"
done
check_orphans tests/scenarios/tariffs

if "$program" tariff lint scenarios/tariffs/seaport.yml >"$actual"; then
    pass
else
    fail scenarios/tariffs/seaport.yml "has findings"
    head -5 "$actual"
fi

# 22029928, column 2: "27.6 cents/liter+ 17.5%" is stored as type 1, a specific rate alone.
database=${CLEARLAB_DATA:-../shared/data}/tariff/us-tariff-database-2024-05.csv.gz
if [ -r "$database" ]; then
    "$program" tariff lint "$database" --us-database >"$actual"
    if grep -aq ":1993:439: US6: column 2: the text '27.6 cents/liter+ 17.5%'" "$actual"; then
        pass
    else
        fail "$database" "the error in line 22029928 is not found"
    fi
    "$program" tariff lint "$database" --us-database --json >"$actual"
    if python3 -c 'import json, sys
report = json.load(open(sys.argv[1], encoding="utf-8", errors="replace"))
found = [f for f in report["findings"] if f["rule"] == "US6"]
sys.exit(len(found) != 2 or report["counts"]["US6"] != 2)' "$actual"; then
        pass
    else
        fail "$database" "--json is no JSON or has other counts"
    fi
else
    echo "the American database is not here: its known error is not looked for"
fi

sum_up
