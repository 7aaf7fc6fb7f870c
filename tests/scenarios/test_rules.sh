#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test_rules.sh - goal: each wrong page of rules gives its exact message, place and exit status 2;
# right ones give the answers that stand beside them.
#
# Method: for every tests/scenarios/rules_invalid/NAME.yml, `PROGRAM rules check` must exit with 2
# and print NAME.error on standard error, byte for byte. Pages of scenarios/rules are clean. Every
# line of tests/scenarios/rules/*.cases is
#     STATUS  words of `PROGRAM rules ...`  =>  what its output must contain, after one another
# With --update the .error files are rewritten: read the difference before you commit it.
#
# usage: bash tests/scenarios/test_rules.sh PROGRAM [--update], from anywhere
set -u
. "$(dirname "$0")/messages.sh"

folder=tests/scenarios/rules_invalid
for page in "$folder"/*.yml; do
    check_message "$page" rules check "$page"
done
check_orphans "$folder"

# Every page of the repository is clean, warnings included.
while IFS= read -r page; do
    if "$program" rules check "$page" >/dev/null 2>"$actual" && [ ! -s "$actual" ]; then
        pass
    else
        fail "$page" "is not clean"
        cat "$actual"
    fi
done < <(find scenarios/rules -name '*.yml' | sort)

for cases in tests/scenarios/rules/*.cases; do
    number=0
    while IFS= read -r line; do
        number=$((number + 1))
        [[ $line == '' || $line == '#'* ]] && continue
        command=${line%%=>*}
        wanted=${line#*=>}
        status=${command%% *}
        eval "words=(${command#* })"
        timeout 60 "$program" rules "${words[@]}" >"$actual" 2>&1
        got=$?
        text=$(tr -s ' \n' ' ' <"$actual")
        read -r wanted <<<"$wanted"
        if [ "$got" -ne "$status" ] || [[ $text != *"$wanted"* ]]; then
            fail "$cases:$number" "status $got, $text"
        else
            pass
        fi
    done <"$cases"
done

sum_up
