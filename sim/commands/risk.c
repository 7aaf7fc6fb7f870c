/* SPDX-License-Identifier: GPL-3.0-or-later
 * risk.c - `clearlab risk`: a risk engine on any table of declarations. */
#include "sim/commands/risk.h"

static const struct option options[] = {
    {"data", "FILES", "tables of declarations: CSV files, commas between their names"},
    {"columns", "FILE", "what their columns are called; absent: as in the published data"},
    {"model", "FILE", "score, explain, evaluate: a model that train made"},
    {"out", "FILE", "train: the model; score: the scores"},
    {"without-memory", NULL, "train, online, evaluate --grouped: no memory of repeated goods"},
    {"weight", "NUMBER", "score, evaluate: of the stake in the balanced score; absent: 0.1"},
    {"target", "WORD", "score: probability, revenue or balanced; absent: probability"},
    {"declaration", "NUMBER", "explain: one declaration; absent: those with the highest scores"},
    {"top", "NUMBER", "explain: how many; absent: 10"},
    {"grouped", NULL, "evaluate: trains on four fifths of the goods, each once, five times"},
    {"budget", "NUMBER", "online: percent inspected a week; absent: 5 and 10"},
    {"first-weeks", "NUMBER", "online: weeks in the beginning that are inspected whole; absent: 4"},
    {"strategy", "NAME", "online: exploit, random, uncertainty, thompson or adaptive"},
    {"seed", "NUMBER", "absent: 1"},
    {"json", NULL, "prints JSON"},
    {NULL, NULL, NULL}};

static const struct command_word words[] = {
    {"train", 0, 0, risk_train},     {"score", 0, 0, risk_score},
    {"explain", 0, 0, risk_explain}, {"evaluate", 0, 0, risk_evaluate},
    {"online", 0, 0, risk_online},   {NULL, 0, 0, NULL}};

static int run(const struct invocation *invocation, struct error *err) {
    return command_dispatch(invocation, words, err);
}

const struct command command_risk = {
    .name = "risk",
    .arguments = "train --data FILES --out MODEL | score --model MODEL --data FILES --out FILE | "
                 "explain --model MODEL --data FILES | evaluate --model MODEL --data FILES | "
                 "evaluate --grouped --data FILES | online --data FILES",
    .doc = "Learns from inspections which declarations to inspect, and says what it knows.",
    .positionals_min = 1,
    .positionals_max = 1,
    .options = options,
    .run = run,
};
