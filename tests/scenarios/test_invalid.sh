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
. "$(dirname "$0")/messages.sh"

folder=tests/scenarios/invalid
for scenario in "$folder"/*.yml; do
    [ -e "$scenario" ] || break
    IFS= read -r first <"$scenario" || true
    words=(check FILE)
    if [[ $first == '# command: '* ]]; then
        read -r -a words <<<"${first#\# command: }"
    fi
    check_message "$scenario" "${words[@]/#FILE/$scenario}"
done
check_orphans "$folder"

sum_up
