#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test_invalid.sh - goal: each wrong scenario gives its exact message, place and exit status 2.
#
# Method: for every tests/scenarios/invalid/NAME.yml, `PROGRAM check NAME.yml` must exit with 2 and
# print NAME.error on standard error, byte for byte. A first line `# command: ...` gives other words
# to the program; FILE in it stands for the file. With --update the .error files are rewritten:
# read the difference before you commit it.
#
# usage: bash tests/scenarios/test_invalid.sh PROGRAM [--update], from anywhere
set -u
program=${1:?usage: test_invalid.sh PROGRAM [--update]}
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

folder=tests/scenarios/invalid
actual=$(mktemp) || exit 1
trap 'rm -f "$actual"' EXIT
passed=0
failed=0

fail() {
    echo "FAILED $1: $2"
    failed=$((failed + 1))
}

for scenario in "$folder"/*.yml; do
    [ -e "$scenario" ] || break
    expected=${scenario%.yml}.error
    IFS= read -r first <"$scenario" || true
    words=(check FILE)
    if [[ $first == '# command: '* ]]; then
        read -r -a words <<<"${first#\# command: }"
    fi
    NO_COLOR=1 timeout 60 "$program" "${words[@]/#FILE/$scenario}" >/dev/null 2>"$actual"
    status=$?
    if [ "$status" -ne 2 ]; then
        fail "$scenario" "exit status $status, expected 2 (${words[*]})"
        cat "$actual"
    elif [ -n "$update" ]; then
        cmp -s "$actual" "$expected" || { cp "$actual" "$expected" && echo "updated $expected"; }
        passed=$((passed + 1))
    elif [ ! -e "$expected" ]; then
        fail "$scenario" "no $expected; --update writes it"
    elif ! diff -a -u "$expected" "$actual" --label "$expected" --label "what it says now"; then
        fail "$scenario" "another message"
    else
        passed=$((passed + 1))
    fi
done
for expected in "$folder"/*.error; do
    [ -e "$expected" ] && [ ! -e "${expected%.error}.yml" ] && fail "$expected" "has no scenario"
done

echo "$passed passed, $failed failed"
[ "$passed" -gt 0 ] || [ "$failed" -gt 0 ] || exit 77
[ "$failed" -eq 0 ]
