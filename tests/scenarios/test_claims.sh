#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Goal: a preference stands only where its rules of origin say so, a quota only for what is left of
# it, a surge raises a rate only from its notice, and nothing is settled by a guess.
# Method: a made tariff; one declaration a case, whose amounts are computed by hand beside it.
set -u
program=$1
[ -x "$program" ] || { echo "skipped: $program is not built" && exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
findings=0
assess() { got=$("$program" tariff assess "$@" --tariff "$folder/tariff.yml" 2>&1) && status=0 ||
    status=$?; }
finding() { findings=$((findings + 1)) && echo "$1" && echo "$got"; }
expect() { # status, patterns...
    [ "$status" = "$1" ] || finding "status $status, not $1"
    shift
    for pattern in "$@"; do
        grep -qE -- "$pattern" <<<"$got" || finding "no '$pattern'"
    done
}

cat >"$folder/tariff.yml" <<'YML'
clearlab: 1
tariff: claims
currency: EUR
countries: [KR, CN]
areas: {all: {everyone: true}}
series: {C: duties}
measure_types:
  "103": {series: C, kind: duty, levy: duty}
  "122": {series: C, kind: quota, levy: duty}
  "142": {series: C, kind: preference, levy: duty}
  "143": {series: C, kind: preferential_quota, levy: duty}
  "695": {series: C, kind: safeguard, levy: safeguard}
nomenclature:
  - {indent: 0, code: "07", description: vegetables}
  - {indent: 0, code: "0701", description: potatoes}
  - {indent: 0, code: "0702", description: tomatoes}
  - {indent: 0, code: "0703", description: onions}
  - {indent: 0, code: "1701", description: sugar}
  - {indent: 0, code: "1702", description: other sugars}
  - {indent: 0, code: "2204", description: wine}
  - {indent: 0, code: "52", description: cotton}
  - {indent: 0, code: "5208", description: light fabrics}
  - {indent: 0, code: "5209", description: heavy fabrics}
measures:
  - {code: "0701", type: "103", area: all, duty: 10% + 5 EUR / 100 kg}
  - {code: "0701", type: "122", area: all, order_number: "091104", duty: 3%}
  - {code: "0702", type: "103", area: all, duty: 10%}
  - {code: "0702", type: "143", area: KR, scheme: pact, order_number: "092000", duty: 0%}
  - {code: "0703", type: "103", area: all, duty: 10%}
  - {code: "0703", type: "695", area: all, trigger: onions, duty: 5%}
  - {code: "1701", type: "103", area: all, duty: 10%}
  - {code: "1701", type: "695", area: all, trigger: sugar, duty: 7%}
  - {code: "1701", type: "695", area: all, trigger: sugar}
  - {code: "1702", type: "695", area: all, trigger: onions}
  - {code: "2204", type: "103", area: all, duty: 1 EUR / % vol/hl}
  - {code: "2204", type: "122", area: all, order_number: "092204", duty: 0%}
  - {code: "52", type: "103", area: all, duty: 8%}
  - {code: "52", type: "142", area: KR, scheme: pact, duty: 2%}
schemes:
  pact:
    title: pact
    parties: [KR]
    rules:
      - {codes: "0702", rule: {wholly_obtained: goods}}
      - {codes: "5208", rule: {change: {of: heading}}}
      - {codes: "5209", rule: {value_max: {share: 40 %, base: ex_works}}}
quotas:
  "091104":
    unit: t
    definitions: [{from: 2024-01-01, to: 2024-12-31, volume: 1, balance: 0.3}]
  "092000":
    unit: kg
    definitions:
      - from: 2024-01-01
        to: 2024-12-31
        volume: 500
        blocked: [{from: 2024-02-01, to: 2024-02-29}]
  "092204":
    unit: l
    licensed: true
    definitions: [{from: 2024-01-01, to: 2024-12-31, volume: 500}]
surges:
  onions:
    volume: {unit: kg, window: 30, reference: 1000, above: 125 %, notice: 14, term: 90,
             spares_in_transit: true}
  sugar: # the brackets of the Agreement on Agriculture, article 5(5)
    volume: {unit: kg, window: 30, reference: 1000, above: 125 %, notice: 14, term: 90}
    price:
      trigger: 120
      per: t
      currency: USD
      brackets: [{up_to: 10 %, rate: 0 %}, {up_to: 40 %, rate: 30 %}, {up_to: 60 %, rate: 50 %},
                 {up_to: 75 %, rate: 70 %}, {rate: 90 %}]
exchange:
  rates: {USD: [{from: 2024-01-01, to: 2024-06-30, rate: 5/6}]}
facts:
  value: money
  kg: quantity
  price: {type: money, default: 7, per_unit: true}
levies:
  duty: {kind: duty, base: value, measures: lowest, round: half_up 0.01}
  safeguard: {kind: duty, base: value, measures: sum}
  vat: {kind: tax, base: value + duty, rate: 20%, round: half_up 0.01}
  price_again: {kind: value, base: price}
YML

# ---- origin: 8 % of 1000 without the preference, 2 % with it ----
fabric() { # code, material
    printf 'declaration: F\ndate: 2024-05-14\ncode: "%s"\norigin: KR\npreference: true\n' "$1"
    printf 'scheme: pact\nfacts: {value: 1000}\nex_works: 900\nmaterials: [%s]\n' "$2"
}
fabric 5208 '{code: "5205", origin: CN, value: 350}' >"$folder/f.yml" # yarn becomes fabric
assess "$folder/f.yml"
expect 0 '^F item 1: preference kept: ' '^  duty +20 EUR$' '^  vat +204 EUR$'
fabric 5208 '{code: "5208", origin: CN, value: 350}' >"$folder/f.yml" # fabric stays fabric
assess "$folder/f.yml"
expect 0 '^F item 1: preference dropped: ' '^  duty +80 EUR$' '^  vat +216 EUR$'
fabric 5208 '{code: "5208", origin: KR, value: 350}' >"$folder/f.yml" # of the pact itself
assess "$folder/f.yml"
expect 0 'preference kept' '^  duty +20 EUR$'
fabric 5209 '{code: "5208", origin: CN, value: 360}' >"$folder/f.yml" # 40 % of 900
assess "$folder/f.yml"
expect 0 'preference kept' '^  duty +20 EUR$'
fabric 5209 '{code: "5208", origin: CN, value: 360.01}' >"$folder/f.yml"
assess "$folder/f.yml"
expect 0 'preference dropped' '^  duty +80 EUR$'
fabric 5209 '{code: "5208", origin: CN}' >"$folder/f.yml" # of a value that nobody states
assess "$folder/f.yml"
expect 1 '^F item 1: preference needs a human: ' '^F item 1: not assessed$'
grep -q EUR <<<"$got" && finding "an amount although a human is needed"
assess "$folder/f.yml" --json
expect 1 '"state": "needs a human"' '"complete": false'
assess "$folder/f.yml" --since 2024-01-01
expect 1 'some amounts are not known'
sed 's/^materials.*//' "$folder/f.yml" >"$folder/g.yml" # with its proof, materials unsaid
assess "$folder/g.yml"
expect 0 '^  duty +20 EUR$'

# ---- a quota that is exhausted in the middle: 300 of 900 kg are left ----
# in:  1000/3 at 3 % = 10.00; vat 20 % of 343.33.. = 68.67
# out: 2000/3 at 10 % = 66.66.., 600 kg at 5 / 100 kg = 30: 96.67; vat 20 % of 763.3366.. = 152.67
potatoes() { # kg, value
    printf '  - {code: "0701", origin: CN, order_number: "091104", facts: {kg: %s, value: %s}}\n' \
        "$1" "$2"
}
printf 'declaration: P\ndate: 2024-05-14\nitems:\n' >"$folder/head.yml"
{ cat "$folder/head.yml" && potatoes 900 1000; } >"$folder/p.yml"
assess "$folder/p.yml"
expect 0 '^P item 1: quota split: quota 091104: .* 0.3 of 0.9 t$' \
    '^P item 1, in quota, goods of' '^P item 1, out of quota, goods of' \
    '^  duty +10 EUR$' '^  vat +68.67 EUR$' '^  to be paid +78.67 EUR$' \
    '^  duty +96.67 EUR$' '^  vat +152.67 EUR$' '^  to be paid +249.34 EUR$' \
    '^P item 1, both parts$' '^  to be paid +328.01 EUR$' \
    '1000/3 value' '2000/3 value' 'times 600 kg'
[ "$(grep -cE '^  price_again +7 EUR$' <<<"$got")" = 2 ] || finding "a price was divided"

# Two requests of one date share what is left, 225 and 75 kg; all of an earlier one is granted.
{ cat "$folder/head.yml" && potatoes 900 1000 && potatoes 300 400; } >"$folder/p.yml"
assess "$folder/p.yml"
expect 0 'item 1: quota split: .* 0.225 of 0.9 t$' 'item 2: quota split: .* 0.075 of 0.3 t$'
{ sed s/05-14/05-13/ "$folder/head.yml" && potatoes 300 400; } >"$folder/q.yml"
{ cat "$folder/head.yml" && potatoes 900 1000; } >"$folder/p.yml"
assess "$folder/p.yml" "$folder/q.yml" # whatever the order of files
expect 0 'quota kept: .* 0.3 of 0.3 t$' 'quota dropped: .* 0 of 0.9 t$' \
    '^  duty +12 EUR$' '^  duty +145 EUR$' # 3 % of 400; 10 % of 1000 and 45
assess "$folder/p.yml" --on 2025-01-01
expect 0 'quota dropped: the quota has no period' '^  duty +145 EUR$'
sed 's/kg: 900, //' "$folder/p.yml" >"$folder/q.yml"
assess "$folder/q.yml"
expect 1 'quota needs a human: quota 091104 is counted in t' 'not assessed'

# A licence goes as far as it goes; wine of 12 % is of 12 % in both parts: 12 x 200 / 100 outside.
cat >"$folder/w.yml" <<'YML'
declaration: W
date: 2024-05-14
code: "2204"
origin: CN
order_number: "092204"
licence: 100
facts: {value: 900, l: 300, "% vol": 12}
YML
assess "$folder/w.yml"
expect 0 'quota split: .* 100 of 300 l$' '^  duty +0 EUR$' '^  duty +24 EUR$' \
    '^  to be paid +60 EUR$' '^  to be paid +148.8 EUR$' '^  to be paid +208.8 EUR$'
"$program" tariff assess "$folder/w.yml" --tariff "$folder/tariff.yml" --json >"$folder/w.json"
python3 - "$folder/w.json" <<'PY' || finding "--json is no JSON or has other amounts"
import json, sys
parts = json.load(open(sys.argv[1]))
sys.exit([p["due"] for p in parts] != ["60", "148.8"]
         or any(p["claims"][0]["state"] != "split" for p in parts))
PY
sed '/^licence/d' "$folder/w.yml" >"$folder/v.yml"
assess "$folder/v.yml"
expect 0 'quota dropped: ' '^  duty +36 EUR$'

# ---- both: a preferential quota asks for origin first ----
tomatoes() { # whether wholly obtained, materials
    printf 'declaration: T\ndate: 2024-05-14\ncode: "0702"\norigin: KR\npreference: true\n'
    printf 'scheme: pact\norder_number: "092000"\nfacts: {kg: 100, value: 1000}\n'
    printf 'materials: [%s]\nwholly_obtained: %s\n' "$2" "$1"
}
tomatoes true '' >"$folder/t.yml"
assess "$folder/t.yml"
expect 0 'preference kept' 'quota kept' '^  duty +0 EUR$'
assess "$folder/t.yml" --on 2024-02-14
expect 1 'quota needs a human: .*waiting'
tomatoes false '{code: "0702", origin: CN}' >"$folder/t.yml"
assess "$folder/t.yml"
expect 0 'preference dropped' 'quota dropped: no measure of the quota' '^  duty +100 EUR$'

# ---- a surge: 1300 kg within 30 days, found on 10 March, raises the rate 14 days later ----
printf 'declaration: S\ndate: 2024-03-24\ncode: "0703"\norigin: CN\nfacts: {value: 1000}\n' \
    >"$folder/s.yml"
printf 'date,surge,quantity\n2024-03-01,onions,1000\n2024-03-10,onions,300\n' >"$folder/in.csv"
assess "$folder/s.yml" --imports "$folder/in.csv"
expect 0 'surge measure kept: onions raises the rate from 2024-03-24 to 2024-06-21' \
    '^  safeguard +50 EUR$'
assess "$folder/s.yml" --imports "$folder/in.csv" --on 2024-03-23
expect 0 'surge measure dropped: onions raises no rate' 'no measure of the schedule feeds'
grep -qE '^  to be paid +320 EUR$' <<<"$got" || finding "not 100 duty and 220 vat"
{ cat "$folder/s.yml" && echo 'shipped: 2024-03-09'; } >"$folder/u.yml" # it was on its way
assess "$folder/u.yml" --imports "$folder/in.csv"
expect 0 'surge measure dropped'
assess "$folder/s.yml"
expect 1 'surge measure needs a human: onions: nothing is said of the imports' 'not assessed'

# ---- a price: 2 t at 50, half of the trigger price of 100; 30 % of 60 and 50 % of 20 ----
sugar() { # value, date
    printf 'declaration: S\ndate: %s\ncode: "1701"\norigin: CN\nfacts: {value: %s, kg: 2000}\n' \
        "$2" "$1" >"$folder/s.yml"
    assess "$folder/s.yml" --imports "$folder/in.csv"
}
sugar 100 2024-05-14
expect 0 'surge measure kept: sugar charges what the price lacks' '^  duty +10 EUR$' \
    'the trigger price of 2000 kg is 200$' '30 % of 60$' '50 % of 20$' '^  safeguard +28 EUR$'
sugar 0 2024-05-14
expect 0 '^  safeguard +104 EUR$' # 18 + 20 + 21 + 45
sugar 180 2024-05-14
expect 0 '^  safeguard +0 EUR$' '0 % of 20$'
sugar 180.01 2024-05-14
expect 0 '^  safeguard +0 EUR$'
sugar 179 2024-05-14
expect 0 '^  safeguard +0.3 EUR$'
sugar 250 2024-05-14
expect 0 '^  safeguard +0 EUR$'
sugar 100 2024-07-01
expect 1 'there is no rate of the currency' '^  safeguard +\?'
sed -i 's/, kg: 2000//' "$folder/s.yml"
assess "$folder/s.yml" --imports "$folder/in.csv" --on 2024-05-14
expect 1 "isn't declared: kg" '^  safeguard +\?'
echo '2024-03-10,sugar,1251' >>"$folder/in.csv" # never both: the volume goes first
sugar 100 2024-05-14
expect 0 'sugar raises the rate from 2024-03-24' '^  safeguard +7 EUR$'
printf 'date: 2024-05-14\ncode: "1702"\norigin: CN\nfacts: {value: 1000}\n' >"$folder/s.yml"
assess "$folder/s.yml" --imports "$folder/in.csv"
expect 1 'needs a human: onions: no price triggers it, and its measure has no duty'
echo '2024-03-09,onions,1' >>"$folder/in.csv"
assess "$folder/s.yml" --imports "$folder/in.csv"
expect 2 'in.csv:5:1: error: the row before has a later date'

# ---- what is wrong says where ----
fabric 5208 '{code: "5205", origin: XX}' >"$folder/f.yml"
assess "$folder/f.yml"
expect 2 "f.yml:9:36: error: the tariff has no area 'XX'"
sed -i '/^scheme:/d' "$folder/f.yml"
assess "$folder/f.yml"
expect 2 'f.yml:8:1: error: materials are judged by the rules of a scheme'
sed -i 's/^    title: pact/    table: rules.csv/' "$folder/tariff.yml"
assess "$folder/t.yml"
expect 2 "^$folder/rules.csv: error: cannot be opened" # a path that can be opened

echo "$findings findings"
[ $findings = 0 ]
