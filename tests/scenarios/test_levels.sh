#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test_levels.sh - goal: a level of a factor and `--set NAME=VALUE` stand for the value that the
# base gives, or the last patch that gives one, and are scaled by the patches after it.
#
# Method: one base with three parameters and systems that scale one of them once or twice, set it,
# or set and scale it; the values that `check --evidence` lists are worked out by hand. A resolved
# experiment must say the same, and what is known beside a value stays.
#
# usage: bash tests/scenarios/test_levels.sh PROGRAM
set -u
program=$(readlink -f "${1:?usage: test_levels.sh PROGRAM}")
if [ ! -x "$program" ]; then
    echo "skipped: $program is not built"
    exit 77
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

cat >"$work/base.yml" <<'END'
clearlab: 1
system: base
parameters:
  look: {value: 40 min, evidence: measured, range: [20 min, 80 min], source: a log}
  share: 40 %
  form: "lognormal(mean: look, cv: 1)"
organisations: {customs: {}}
procedures: {p: [{see: {type: work, by: customs, duration: form}}]}
END
patch() {
    printf 'clearlab: 1\npatch: %s\nparameters: {%s}\n' "$1" "$2" >"$work/$1.yml"
}
patch scaled 'look: {scale: 0.75, evidence: assumed}, share: {scale: 50 %}'
patch again 'look: {scale: 20 %}'
patch given 'look: {value: 10 min, evidence: assumed}'
patch bare 'look: 12 min'
patch noted 'look: {source: a book}'

# The experiment with one system of those patches and perhaps factors.
experiment() {
    cat >"$work/experiment.yml" <<END
clearlab: 1
experiment: levels
world: {clearlab: 1, world: w, arrivals: {a: {interarrival: 1 h, procedure: p}}}
systems: {s: {base: base.yml, patches: [$1]}}
$2
study: {cohort: 1 d, limit: 2 d}
intervals: {all: {from: created, to: ended}}
END
}

compare() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        printf 'FAILED %s\n--- got\n%s\n--- expected\n%s\n' "$1" "$2" "$3"
        failed=$((failed + 1))
    fi
}

# Values of the parameter $1 in order of points, then settings.
values_of() {
    local name=$1 file=$2
    shift 2
    "$program" check "$file" --evidence "$@" 2>&1 |
        awk -v name="$name" '/error/ {print} $2 == name {printf "%s%s %s", n++ ? ", " : "", $3, $4}'
}

# Patches, parameter, level, expected value: as a factor, as a setting, and from the resolved text.
level() {
    local what="[$1] $2=$3"
    experiment "$1" "factors: {$2: [$3]}"
    compare "$what as a factor" "$(values_of "$2" "$work/experiment.yml")" "$4"
    "$program" check "$work/experiment.yml" --resolved >"$work/resolved.yml"
    compare "$what as a factor, resolved" "$(values_of "$2" "$work/resolved.yml")" "$4"
    experiment "$1" ""
    compare "$what as a setting" "$(values_of "$2" "$work/experiment.yml" --set "$2=$3")" "$4"
    "$program" check "$work/experiment.yml" --resolved >"$work/resolved.yml"
    compare "$what as a setting, resolved" \
        "$(values_of "$2" "$work/resolved.yml" --set "$2=$3")" "$4"
}

level "" look "20 min" "20 min"
level "scaled.yml" look "20 min" "15 min"
level "scaled.yml, again.yml" look "20 min" "3 min"
level "scaled.yml, noted.yml" look "1 h" "0.75 h"
level "given.yml" look "20 min" "20 min"
level "scaled.yml, given.yml" look "20 min" "20 min"
level "scaled.yml, bare.yml" look "20 min" "20 min"
level "given.yml, scaled.yml" look "20 min" "15 min"
level "bare.yml, again.yml" look "20 min" "4 min"
level "scaled.yml" share "30 %" "15 %"

# Two levels are two points.
experiment "scaled.yml" "factors: {look: [20 min, 40 min], share: [10 %, 40 %]}"
compare "two factors, look" "$(values_of look "$work/experiment.yml")" "15 min, 30 min"
compare "two factors, share" "$(values_of share "$work/experiment.yml")" "5 %, 20 %"

# A dotted path says what the value is in the end.
experiment "scaled.yml" ""
compare "a dotted path" \
    "$(values_of look "$work/experiment.yml" --set 'systems.s.parameters.look=20 min')" "20 min"

# What is known stays beside a value that is set.
line() {
    "$program" check "$work/experiment.yml" --evidence --set "$1" | grep ' look ' | tr -s ' '
}
experiment "" ""
for path in look systems.s.parameters.look; do
    compare "$path keeps what is known" "$(line "$path=30 min")" \
        "measured look 30 min 20 min..80 min a log"
done
compare "a mapping replaces it all" "$(line 'look={value: 30 min}')" "none look 30 min"

# What cannot be scaled is refused where it stands.
experiment "scaled.yml" 'factors: {look: ["lognormal(mean: 1 h, cv: 1)"]}'
expected="experiment.yml:5:18: error: cannot scale 'lognormal(mean: 1 h, cv: 1)': "
compare "a distribution cannot be scaled" \
    "$("$program" check "$work/experiment.yml" 2>&1 | sed "s|$work/||" | head -1)" \
    "${expected}only a number with its unit can be"

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
