/* SPDX-License-Identifier: GPL-3.0-or-later
 * risk_figures.h - figures of several scores beside each other, for people and as JSON. */
#ifndef SIM_COMMANDS_RISK_FIGURES_H
#define SIM_COMMANDS_RISK_FIGURES_H

#include "core/risk/evaluate.h"
#include "sim/scenario/json.h"

/* Of which rows. */
enum risk_rows { RISK_ALL, RISK_SEEN, RISK_UNSEEN, RISK_ROWS };

/* Whose scores. The table of exact matches and chance stand beside a model always. */
enum risk_scorer { RISK_MODEL, RISK_BALANCED, RISK_TABLE, RISK_CHANCE, RISK_SCORERS };

struct risk_figures {
    struct evaluation of[RISK_SCORERS][RISK_ROWS];
    uint32_t unlabelled; /* rows that count nowhere */
    double weight;       /* of the stake in the balanced score */
    bool with_memory;
};

void risk_figures_print(const struct risk_figures *figures);
void risk_figures_json(const struct risk_figures *figures, struct json *json);

/* "value": .5, "low": .4, "high": .6; null where there is none. */
void risk_figures_interval(struct json *json, const char *key, struct interval interval);
void risk_figures_number(struct json *json, const char *key, double number);

#endif
