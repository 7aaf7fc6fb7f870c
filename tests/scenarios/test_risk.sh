#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# test_risk.sh - goal: each wrong table of declarations gives its exact message, place and exit
# status 2; `risk` trains, scores, explains, evaluates and goes on line on a table made here.
#
# Method: for every tests/scenarios/risk/NAME.csv, `PROGRAM risk train` must exit with 2 and print
# NAME.error. The made table has goods that come again and goods that do not; what is printed is
# compared with sums over the table. With --update the .error files are rewritten.
#
# usage: bash tests/scenarios/test_risk.sh PROGRAM [--update], from anywhere
set -u
. "$(dirname "$0")/messages.sh"

folder=tests/scenarios/risk
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work" "$actual"' EXIT

for table in "$folder"/*.csv; do
    expected=${table%.csv}.error
    NO_COLOR=1 timeout 60 "$program" risk train --data "$table" --columns "$folder/columns.yml" \
        --out "$work/none" >/dev/null 2>"$actual"
    status=$?
    if [ "$status" -ne 2 ] || [ -e "$work/none" ]; then
        fail "$table" "exit status $status, expected 2 and no model"
    elif [ -n "$update" ]; then
        cmp -s "$actual" "$expected" || { cp "$actual" "$expected" && echo "updated $expected"; }
        pass
    elif ! diff -a -u "$expected" "$actual" --label "$expected" --label "what it says now"; then
        fail "$table" "another message"
    else
        pass
    fi
done

# 1,200 declarations of 300 goods; goods 7 of each 20 are always found; the last 60 are new goods.
make_table() { # first, last, goods from, goods to
    echo "Declaration ID,Date,Fraud,HS6 Code,Country of Departure,Country of Origin,Tax Rate,\
Net Mass,Item Price"
    awk -v first="$1" -v last="$2" -v from="$3" -v to="$4" 'BEGIN {
        for (i = first; i <= last; i++) {
            goods = from + (i * 7919) % (to - from)
            printf "%d,2020-%02d-%02d,%d,%06d,CN,%s,%d,%.1f,%.2f\n", i, 1 + int(i % 1440 / 120),
                1 + i % 28, goods % 20 < 7, 100000 + goods * 37, goods % 3 ? "CN" : "VN",
                goods % 5, 1 + goods % 41, (1 + goods % 41) * (2 + goods % 9)
        }
    }'
}
make_table 1 1200 0 300 >"$work/past.csv"
{ make_table 1201 1300 0 300 && make_table 1301 1360 1000 1060 | tail -n +2; } >"$work/now.csv"

run() { # what must be printed, words...
    local wanted=$1
    shift
    if ! "$program" risk "$@" >"$actual" 2>&1; then
        fail "risk $*" "$(cat "$actual")"
    elif ! tr -s ' \n' ' ' <"$actual" | grep -qF -- "$wanted"; then
        fail "risk $*" "no '$wanted' in: $(cat "$actual")"
    else
        pass
    fi
}
refuse() { # message, words...
    local wanted=$1 status
    shift
    "$program" risk "$@" >/dev/null 2>"$actual"
    status=$?
    if [ "$status" -ne 2 ] || ! grep -qF -- "$wanted" "$actual"; then
        fail "risk $*" "status $status: $(cat "$actual")"
    else
        pass
    fi
}
common=(--columns "$folder/columns.yml")
past=(--data "$work/past.csv" "${common[@]}")
now=(--model "$work/model" --data "$work/now.csv" "${common[@]}")

run "memory of 300 goods" train "${past[@]}" --out "$work/model"
run "no memory of repeated goods" train "${past[@]}" --out "$work/other" --without-memory
run "160 declarations, goods inspected before in 100" score "${now[@]}" --out "$work/scores"
run "goods never inspected before: 60" evaluate "${now[@]}"
run "exact-match table" evaluate "${now[@]}"
run '"explained_by_memory_of_repeated_goods": {' evaluate "${now[@]}" --json
run "everything else" explain "${now[@]}" --top 3
run "1320: score" explain "${now[@]}" --declaration 1320
run "300 different goods" evaluate --grouped "${past[@]}"
run "exact_match_table 20 %" online "${past[@]}" --budget 20 --strategy adaptive
run '"strategy": "thompson"' online "${past[@]}" --strategy thompson --json --without-memory

# Known goods are known; the scores are in the order of the table and the same again.
head -1 "$work/scores" | grep -q '^Declaration ID,score,' && pass || fail scores "its header"
cut -d, -f1 "$work/scores" | diff -q - <(cut -d, -f1 "$work/now.csv") >/dev/null && pass ||
    fail scores "other declarations or another order"
wrong=$(join -t, <(sort "$work/now.csv") <(sort "$work/scores") | awk -F, '
    $1 + 0 > 0 && $13 > 0 && (($3 == 1) != ($10 > 0.5)) { wrong++ } END { print wrong + 0 }')
[ "$wrong" = 0 ] && pass || fail scores "$wrong known goods have the wrong side of a half"
"$program" risk train "${past[@]}" --out "$work/again" >/dev/null &&
    cmp -s "$work/model" "$work/again" && pass || fail train "two models of one table differ"
"$program" risk score "${now[@]}" --out "$work/balanced" --target balanced --weight 0 >/dev/null
"$program" risk score "${now[@]}" --out "$work/revenue" --target revenue >/dev/null
wrong=$(paste -d, <(tail -n +2 "$work/revenue") <(tail -n +2 "$work/now.csv") | awk -F, '
    { stake = $15 * $13 / 100; gap = $2 - $3 * (stake > 1 ? stake : 1)
      if (gap > 1e-6 * $2 || gap < -1e-6 * $2) wrong++ } END { print wrong + 0 }')
[ "$wrong" = 0 ] && pass || fail score "$wrong are not probability times stake"
cmp -s "$work/scores" "$work/balanced" && pass || fail score "weight 0 is not the probability"

# The parts of every explanation add up to its score.
if command -v python3 >/dev/null; then
    "$program" risk explain "${now[@]}" --top 160 --json >"$actual"
    python3 - "$actual" <<'PYTHON' && pass || fail explain "parts do not add up"
import json, sys
rows = json.load(open(sys.argv[1]))
gaps = [abs(r["score"] - r["base"] - sum(p["part"] for p in r["parts"])) for r in rows]
sys.exit(not (len(rows) == 160 and max(gaps) < 1e-6))
PYTHON
fi

refuse "risk: there is no 'trian'; did you mean 'train'?" trian
refuse "risk train needs --out" train "${past[@]}"
refuse "risk score needs --model" score --data "$work/now.csv" --out "$work/x"
refuse "--target: expected probability, revenue or balanced" score "${now[@]}" --out "$work/x" \
    --target gain
refuse "--weight: expected a number from 0 to 1" evaluate "${now[@]}" --weight 2
refuse "there is no declaration '12'" explain "${now[@]}" --declaration 12
refuse "--strategy: there is no 'thomson'; did you mean 'thompson'?" online "${past[@]}" \
    --strategy thomson
refuse "ends within the first 400 weeks" online "${past[@]}" --first-weeks 400
refuse "cannot be opened" train --data "$work/nothing.csv" --out "$work/x"
cut -d, -f1,2,4- "$work/now.csv" >"$work/bare.csv"
refuse "there is no column of labels" evaluate --model "$work/model" --data "$work/bare.csv" \
    "${common[@]}"
run "160 declarations" score --model "$work/model" --data "$work/bare.csv" "${common[@]}" \
    --out "$work/bare"
cmp -s "$work/scores" "$work/bare" && pass || fail score "labels change scores"

# A model that was cut short or altered is refused.
size=$(wc -c <"$work/model")
for cut in 0 7 100 $((size / 2)) $((size - 1)); do
    head -c "$cut" "$work/model" >"$work/short"
    "$program" risk score --model "$work/short" --data "$work/now.csv" "${common[@]}" \
        --out "$work/x" >/dev/null 2>"$actual"
    [ $? = 2 ] && grep -q "^$work/short" "$actual" && pass ||
        fail model "cut at $cut: $(cat "$actual")"
done
for at in 20 200 $((size / 3)) $((size - 40)); do
    cp "$work/model" "$work/altered"
    printf '\x5a' | dd of="$work/altered" bs=1 seek="$at" conv=notrunc 2>/dev/null
    cmp -s "$work/model" "$work/altered" && continue
    "$program" risk score --model "$work/altered" --data "$work/now.csv" "${common[@]}" \
        --out "$work/x" >/dev/null 2>"$actual"
    [ $? = 2 ] && pass || fail model "altered at $at: $(cat "$actual")"
done

# What is asked of a year of weeks on the published synthetic declarations; takes half a minute.
published=${CLEARLAB_DATA:-../shared/data}/customs-declarations/df_syn_train_eng.csv
precision_at_least() { # floor for 5 %, floor for 10 %, words...
    local floors="$1 $2"
    shift 2
    "$program" risk online --data "$published" "$@" >"$actual" 2>&1
    awk -v floors="$floors" 'BEGIN { split(floors, floor, " ") }
        $1 == "model" { found++; if ($5 < floor[found]) low++ }
        END { exit !(found == 2 && !low) }' "$actual" && pass || fail online "$(cat "$actual")"
}
if [ -n "${CLEARLAB_LONG:-}" ] && [ -f "$published" ]; then
    precision_at_least 0.88 0.39
    precision_at_least 0.41 0.39 --without-memory
fi

sum_up
