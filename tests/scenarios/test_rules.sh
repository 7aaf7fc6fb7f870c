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
program=${1:?usage: test_rules.sh PROGRAM [--update]}
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
passed=0
failed=0

fail() {
    echo "FAILED $1: $2"
    failed=$((failed + 1))
}

folder=tests/scenarios/rules_invalid
for page in "$folder"/*.yml; do
    expected=${page%.yml}.error
    NO_COLOR=1 timeout 60 "$program" rules check "$page" >/dev/null 2>"$actual"
    status=$?
    if [ "$status" -ne 2 ]; then
        fail "$page" "exit status $status, expected 2"
        cat "$actual"
    elif [ -n "$update" ]; then
        cmp -s "$actual" "$expected" || { cp "$actual" "$expected" && echo "updated $expected"; }
        passed=$((passed + 1))
    elif [ ! -e "$expected" ]; then
        fail "$page" "no $expected; --update writes it"
    elif ! diff -a -u "$expected" "$actual" --label "$expected" --label "what it says now"; then
        fail "$page" "another message"
    else
        passed=$((passed + 1))
    fi
done
for expected in "$folder"/*.error; do
    [ -e "${expected%.error}.yml" ] || fail "$expected" "has no page"
done

# Every page of the repository is clean, warnings included.
while IFS= read -r page; do
    if "$program" rules check "$page" >/dev/null 2>"$actual" && [ ! -s "$actual" ]; then
        passed=$((passed + 1))
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
            passed=$((passed + 1))
        fi
    done <"$cases"
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
