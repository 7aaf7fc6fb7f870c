#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Goal: `tariff assess` says what is due and why, lists what a change of the law owes, and names the
# place of what is wrong in a declaration.
# Method: the declaration of the repository against the tariff of the seaport; a made jurisdiction
# whose rate rises with effect from before it was known; wrong declarations.
set -u
program=$1
[ -x "$program" ] || { echo "skipped: $program is not built" && exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
findings=0
expect() { # status, pattern, arguments...
    local status=$1 pattern=$2 got
    shift 2
    got=$("$program" tariff assess "$@" 2>&1)
    [ $? = "$status" ] ||
        { findings=$((findings + 1)) && echo "not status $status: $*" && echo "$got"; }
    grep -qE -- "$pattern" <<<"$got" ||
        { findings=$((findings + 1)) && echo "no '$pattern': $*" && echo "$got"; }
}

seaport=(--tariff scenarios/tariffs/seaport.yml
         --jurisdiction scenarios/tariffs/jurisdictions/us.yml)
beef=scenarios/tariffs/declarations/beef.yml
expect 1 '^  duty +66 USD$' "$beef" "${seaport[@]}"         # 1,500 kg at 4.4 cents
expect 1 "isn't declared: kg" "$beef" "${seaport[@]}"       # the weight that was forgotten
expect 1 'licence is needed .*: N853' "$beef" "${seaport[@]}"
expect 1 '"outcome": "missing_quantity"' "$beef" "${seaport[@]}" --json
expect 1 'no row of the levy' "$beef" "${seaport[@]}" --on 2010-01-01

# Claims settled by the tariff's own sections: 213,402 t of 300,000 t at 4.4 cents, the rest at
# 26.4 %; tyres of which 3,600.01 and 3,600.00 of 9,000 are foreign; beef beyond 242,000 t.
claims=scenarios/tariffs/declarations/claims.yml
expect 0 'quota split: quota beef_nz: part, 213402000 of 300000000 kg' "$claims" "${seaport[@]}"
expect 0 '^  duty +9389688 USD$' "$claims" "${seaport[@]}"
expect 0 '^  duty +114309360 USD$' "$claims" "${seaport[@]}"
expect 0 'item 2: preference dropped: non-originating materials are 3600.01, above 40 %' \
    "$claims" "${seaport[@]}"
sed 's/600.01/600.00/' "$claims" >"$folder/tyres.yml"
expect 0 'item 2: preference kept' "$folder/tyres.yml" "${seaport[@]}"
cat >"$folder/beef.yml" <<'YML'
date: 2024-11-20
code: "0201.10.50"
origin: US
documents: [N853]
facts: {value: 1000, kg: 100, mode: air}
YML
printf '%s\n' date,surge,quantity 2024-10-21,us_beef,242000 2024-10-22,us_beef,0.001 \
    >"$folder/in.csv"
expect 0 '^  additional +127 USD$' "$folder/beef.yml" "${seaport[@]}" --imports "$folder/in.csv"
expect 0 '^  additional +0 USD$' "$folder/beef.yml" "${seaport[@]}" --imports "$folder/in.csv" \
    --on 2024-11-21
expect 1 'nothing is said of the imports' "$folder/beef.yml" "${seaport[@]}"

cat >"$folder/law.yml" <<'YML'
currency: USD
facts: {value: money}
levies:
  duty:
    kind: duty
    base: value
    rows: [{from: 2025-06-04, known_from: 2025-06-06, rate: 50%}, {rate: 25%}]
YML
printf 'declaration: A\ndate: 2025-06-05\nfacts: {value: 20000}\n' >"$folder/a.yml"
printf 'declaration: B\ndate: 2025-06-03\nfacts: {value: 20000}\n' >"$folder/b.yml"
both=("$folder/a.yml" "$folder/b.yml" --tariff "$folder/law.yml")
expect 0 '^  duty +5000 USD$' "${both[@]}" --known 2025-06-05
expect 0 '^  duty +10000 USD$' "${both[@]}" --known 2025-06-06
expect 0 '^A item 1 +duty +5000 -> +10000 +\+5000$' "${both[@]}" --since 2025-06-05
expect 0 '^1 entries affected; 5000 owed, 0 returned USD$' "${both[@]}" --since 2025-06-05

# ---- limits of all items of a declaration: 0.5 % of the sum, from 30 to 100 ----
cat >"$folder/fee.yml" <<'YML'
currency: USD
facts: {value: money, kg: quantity}
levies:
  fee:
    kind: fee
    base: value
    rate: 0.5%
    round: half_up 0.01
    rows:
      - {known_from: 2025-07-01, entry_minimum: 60, entry_maximum: 100}
      - {entry_minimum: 30, entry_maximum: 100}
  vat: {kind: tax, base: value + fee, rate: 20%}
YML
items() { # values...
    printf 'declaration: E\ndate: 2025-06-05\nitems:\n' >"$folder/e.yml"
    printf '  - {facts: {value: %s}}\n' "$@" >>"$folder/e.yml"
}
fees() { # expected, options...
    local expected=$1 got
    shift
    got=$("$program" tariff assess "$folder/e.yml" --tariff "$folder/fee.yml" "$@" |
        sed -nE 's/^  fee +([0-9.?]+).*/\1/p' | tr '\n' ' ')
    [ "$got" = "$expected " ] ||
        { findings=$((findings + 1)) && echo "fees $got, expected $expected"; }
}
known=(--known 2025-06-30)
items 4000 6000 && fees '20 30' "${known[@]}"        # 50 lies between
items 1000 2000 && fees '10 20' "${known[@]}"        # 15 is too little: 30, one to two
items 1000 1000 1000 && fees '10 10 10' "${known[@]}"
items 1000 1000 5000 && fees '5 5 25' "${known[@]}"  # 35 lies between
items 30000 30000 30000 && fees '33.33 33.34 33.33' "${known[@]}" # of 100: 33.33, 66.67, 100
items 10000 20000 && fees '33.33 66.67' "${known[@]}" # not twice 50
items 0 0 0.01 && fees '0 0 30' "${known[@]}"        # nobody owes: by the bases
items 0 0 0 && fees '10 10 10' "${known[@]}"         # nobody has a base: all alike
items 100 && fees '30' "${known[@]}"
expect 0 'vat +26 USD' "$folder/e.yml" --tariff "$folder/fee.yml" "${known[@]}" # of 130
items 10000 20000 # the tax is on the part
expect 0 '^  vat +4013.334 USD' "$folder/e.yml" --tariff "$folder/fee.yml" "${known[@]}"
expect 0 'its part of what all items pay is 66.67' "$folder/e.yml" --tariff "$folder/fee.yml"
items 1000 2000
expect 0 '^E item 1 +fee +10 -> +20 +\+10$' "$folder/e.yml" --tariff "$folder/fee.yml" \
    --since 2025-06-30
items 1000 2000 && printf '  - {facts: {kg: 1}}\n' >>"$folder/e.yml"
expect 1 "what another item of the declaration owes isn't known" "$folder/e.yml" \
    --tariff "$folder/fee.yml"
fees '? ? ?'
# Two declarations have nothing to do with each other.
items 100 && cp "$folder/e.yml" "$folder/e2.yml"
fees '30 30' "$folder/e2.yml" "${known[@]}"
sed 's/rate: 0.5%/rate: 0.5%\n    waive: below 5/' "$folder/fee.yml" >"$folder/bad.yml"
expect 2 "bad.yml:11:.*what an item waives can't be held against limits of all items" \
    "$folder/e.yml" --tariff "$folder/bad.yml"

# ---- a duty on something: a fact by its name, what schedules name, or a person reads it ----
on() { # what, facts
    printf 'currency: USD\nfacts: {value: money, cif: money}\nlevies:\n' >"$folder/on.yml"
    printf '  duty: {kind: duty, base: value, rate: 5%% on %s}\n' "$1" >>"$folder/on.yml"
    printf 'date: 2025-06-05\nfacts: {value: 100, %s}\n' "$2" >"$folder/o.yml"
}
on cif 'cif: 300'
expect 0 '^  duty +15 USD$' "$folder/o.yml" --tariff "$folder/on.yml"
on 'the case' 'case: 40'
expect 0 '^  duty +2 USD$' "$folder/o.yml" --tariff "$folder/on.yml"
on 'the banana' 'banana: 60'
expect 1 'no list knows what it is on: banana' "$folder/o.yml" --tariff "$folder/on.yml"

printf 'date: 2025-06-05\nfacts: {valeu: 20000}\n' >"$folder/wrong.yml"
expect 2 "wrong.yml:2:9: error: there is no fact or quantity 'valeu'; did you mean 'value'" \
    "$folder/wrong.yml" --tariff "$folder/law.yml"
printf 'date: 2025-06-05\nfacts: {value: a lot}\n' >"$folder/wrong.yml"
expect 2 'wrong.yml:2:16: error: expected a number' "$folder/wrong.yml" --tariff "$folder/law.yml"
while IFS='|' read -r text message; do
    printf 'date: 2025-06-05\n%b\n' "$text" >"$folder/wrong.yml"
    expect 2 "wrong.yml:2:[0-9]+: error: $message" "$folder/wrong.yml" --tariff "$folder/law.yml"
done <<'WRONG'
facts: [1, 2]|expected facts by name
facts: 5|expected facts by name
items: []|expected a list of items
items: [[1]]|an item is a mapping with the keys
items: [{fact: {value: 3}}]|'fact' is no key of an item; did you mean 'facts'
facts: {value: 5}\nitems: [{facts: {value: 3}}]|'facts' is no key of a declaration of several items
WRONG
printf 'facts: {value: 1}\n' >"$folder/wrong.yml"
expect 2 'there is no date' "$folder/wrong.yml" --tariff "$folder/law.yml"
expect 2 'assess needs --tariff FILE' "$folder/a.yml"

echo "$findings findings"
[ $findings = 0 ]
