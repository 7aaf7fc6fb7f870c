# SPDX-License-Identifier: GPL-3.0-or-later
# messages.sh - what the tests of messages share: source it with the arguments of the test.
#
# Sets program, update (empty or yes), actual (a file for what is printed), passed and failed;
# stands at the root of the repository, as messages hold paths from there. Leaves with 77 where the
# program isn't built.
program=${1:?usage: $0 PROGRAM [--update]}
update=
for argument in "$@"; do
    [ "$argument" = --update ] && update=yes
done
case $program in
/*) ;;
*) program=$PWD/$program ;;
esac
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
if [ ! -x "$program" ]; then
    echo "skipped: $program is not built"
    exit 77
fi

actual=$(mktemp) || exit 1
trap 'rm -f "$actual"' EXIT
passed=0
failed=0

pass() {
    passed=$((passed + 1))
}

fail() { # what, why
    echo "FAILED $1: $2"
    failed=$((failed + 1))
}

# PROGRAM WORDS... must exit with 2 and print FILE.error for FILE.yml on standard error, byte for
# byte; with --update that file is written instead.
check_message() { # FILE.yml, words...
    local file=$1 expected=${1%.yml}.error status
    shift
    NO_COLOR=1 timeout 60 "$program" "$@" >/dev/null 2>"$actual"
    status=$?
    if [ "$status" -ne 2 ]; then
        fail "$file" "exit status $status, expected 2 ($*)"
        cat "$actual"
    elif [ -n "$update" ]; then
        cmp -s "$actual" "$expected" || { cp "$actual" "$expected" && echo "updated $expected"; }
        pass
    elif [ ! -e "$expected" ]; then
        fail "$file" "no $expected; --update writes it"
    elif ! diff -a -u "$expected" "$actual" --label "$expected" --label "what it says now"; then
        fail "$file" "another message"
    else
        pass
    fi
}

# No message without its file.
check_orphans() { # folder
    local expected
    for expected in "$1"/*.error; do
        [ -e "$expected" ] && [ ! -e "${expected%.error}.yml" ] && fail "$expected" "has no file"
    done
}

# The last line of such a test, and its status.
sum_up() {
    echo "$passed passed, $failed failed"
    [ "$passed" -gt 0 ] || [ "$failed" -gt 0 ] || exit 77
    [ "$failed" -eq 0 ]
}
