#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test_profile.sh - goal: a page of rules chooses the channels that shares of the same size choose.
#
# Method: two experiments that differ in nothing but `select`: by shares, and by a page that says
# the same of the consignment's draw. Their event logs are equal, byte for byte. A page that is
# wrong, missing or asks for what nobody knows is refused where it stands.
#
# usage: bash tests/scenarios/test_profile.sh PROGRAM
set -u
program=$(readlink -f "${1:?usage: test_profile.sh PROGRAM}")
if [ ! -x "$program" ]; then
    echo "skipped: $program is not built"
    exit 77
fi
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

judge() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        printf 'FAILED %s\n--- got\n%s\n--- expected\n%s\n' "$1" "$2" "$3"
        failed=$((failed + 1))
    fi
}

mkdir "$work/parts"
cp "$here/valid/counter.yml" "$here/valid/channels.yml" "$work"
cp "$here/valid/parts/channels_page.yml" "$work/parts"
cd "$work" || exit 1
for name in counter channels; do
    "$program" run "$name.yml" --trace "$name.tsv" >/dev/null || exit 1
done
judge "the same events" "$(cmp counter.tsv channels.tsv && echo equal)" equal
judge "some are red" "$([ "$(grep -c examine channels.tsv)" -gt 5 ] && echo yes)" yes

# $1: what is wrong; $2: a sed command on the page or the experiment; $3: the first line.
refused() {
    local file=$2
    cp "$file" "$work/kept"
    sed -i "$3" "$file"
    judge "$1" "$("$program" check channels.yml 2>&1 | head -1)" "$4"
    mv "$work/kept" "$file"
}
page=parts/channels_page.yml
refused "a missing page" channels.yml 's/channels_page/channel_page/' \
    "channels.yml:43:29: error: parts/channel_page.yml: cannot be opened: No such file or \
directory"
refused "an input that nobody knows" $page 's/draw: share/drawn: share/; s/draw:/drawn:/g' \
    "parts/channels_page.yml:1:1: error: 'channels': nothing is known of an input 'drawn' when a \
channel is chosen; did you mean 'draw'?"
refused "shares and a page" channels.yml 's/select: {/select: {rules: [{red: 5 %}], /' \
    "channels.yml:43:19: error: step 'select': expected either \`rules\` or \`profile\`"
refused "neither" channels.yml 's/profile: parts.*yml//' \
    "channels.yml:43:19: error: step 'select': expected either \`rules\` or \`profile\`"
refused "a cell that is no test" $page 's/less than 30 %/less then 30 %/' \
    "parts/channels_page.yml:11:52: error: expected an operator or the end, got 'then'"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
