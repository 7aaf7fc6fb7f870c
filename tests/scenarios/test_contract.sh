#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test_contract.sh - goal: every contract of scenarios/rules is one, its words are in the guide, and
# a page that is none says why with its place. Method: the program on each page under the type that
# its name says; each wrong page of tests/scenarios/contract_invalid, TYPE_WHAT.yml, against the
# message beside it.
#
# usage: bash tests/scenarios/test_contract.sh PROGRAM [--update], from anywhere
set -u
. "$(dirname "$0")/messages.sh"

check_contract() { # TYPE, FILE.yml
    if "$program" contract check "$1" "$2" >"$actual" 2>&1; then
        pass
    else
        fail "$2" "is no contract of type $1"
        cat "$actual"
    fi
}

for page in scenarios/rules/contract_*.yml; do
    type=${page##*/contract_}
    check_contract "${type%.yml}" "$page"
done
check_contract licence scenarios/rules/licence.yml

# The guide names each type with its page.
while read -r type _; do
    if grep -q "^| \`$type\` |" scenarios/rules/README.md; then
        pass
    else
        fail scenarios/rules/README.md "says nothing of contracts of type '$type'"
    fi
done < <("$program" contract types)

folder=tests/scenarios/contract_invalid
for page in "$folder"/*.yml; do
    type=${page##*/}
    check_message "$page" contract check "${type%%_*}" "$page"
done
check_orphans "$folder"

sum_up
