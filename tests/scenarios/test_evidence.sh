#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test_evidence.sh - goal: `check --evidence` lists what is known of every scalar, in columns, the
# assumed ones first: value, range and source.
#
# Method: a small experiment with scalars of every kind, declared and in place, with wide letters in
# a value; the list must be the expected one, byte for byte.
#
# usage: bash tests/scenarios/test_evidence.sh PROGRAM
set -u
program=$(readlink -f "${1:?usage: test_evidence.sh PROGRAM}")
if [ ! -x "$program" ]; then
    echo "skipped: $program is not built"
    exit 77
fi
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cat >"$work/small.yml" <<'END'
clearlab: 1
experiment: small
world:
  clearlab: 1
  world: w
  parameters:
    gap: {value: 12 min, evidence: measured, range: [11 min, 13 min], source: a log}
    bare: 3
  people: {importers: {value: 20, evidence: assumed, range: [10, 40]}}
  arrivals: {a: {interarrival: "exponential(mean: gap)", procedure: p}}
systems:
  s:
    clearlab: 1
    system: s
    parameters:
      look: {value: 20 min, evidence: assumed, range: [10 min, 40 min], source: "Büro 税関"}
      long: {value: "lognormal(mean: look, cv: 1)", evidence: assumed, source: its form}
      share: {value: 4 %, evidence: derived, source: 1 in 25}
    organisations: {customs: {hours: {value: 08:00-17:00 mon-fri, evidence: assumed}}}
    procedures: {p: [{see: {by: customs, duration: long}}]}
study: {cohort: 1 d, limit: 2 d}
intervals: {all: {from: created, to: ended}}
END
cat >"$work/expected" <<'END'
evidence  parameter                    value                         range           source
assumed   people.importers             20                            10..40
assumed   look                         20 min                        10 min..40 min  Büro 税関
assumed   long                         lognormal(mean: look, cv: 1)                  its form
assumed   organisations.customs.hours  08:00-17:00 mon-fri
none      bare                         3
derived   share                        4 %                                           1 in 25
measured  gap                          12 min                        11 min..13 min  a log
END
"$program" check "$work/small.yml" --evidence >"$work/got" || exit 1
diff "$work/expected" "$work/got" && echo "the list is as expected"
