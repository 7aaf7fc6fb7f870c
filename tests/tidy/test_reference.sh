#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Goal: the reference in scenarios/README.md is the one that the program prints.
# Method: everything from the heading of the generated part on must equal `schema --reference`, and
# the JSON Schema must be JSON. With --update the page is rewritten.
#
# usage: bash tests/tidy/test_reference.sh PROGRAM [--update]
set -u
program=$(readlink -f "${1:?usage: test_reference.sh PROGRAM [--update]}")
cd "$(dirname "$0")/../.." || exit 1
page=scenarios/README.md
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
"$program" schema --reference >"$work/reference" || exit 1
heading=$(head -1 "$work/reference")
grep -nxF "$heading" "$page" >/dev/null || { echo "$page has no heading '$heading'" && exit 1; }
sed "/^$heading\$/,\$d" "$page" >"$work/guide"
cat "$work/guide" "$work/reference" >"$work/page"
if [ "${2:-}" = --update ]; then
    cp "$work/page" "$page"
fi
if command -v python3 >/dev/null; then
    "$program" schema | python3 -m json.tool >/dev/null || { echo "schema is not JSON" && exit 1; }
fi
diff -u "$page" "$work/page" && exit 0
echo "$page is stale: test_reference.sh PROGRAM --update"
exit 1
