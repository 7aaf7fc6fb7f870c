/* SPDX-License-Identifier: GPL-3.0-or-later
 * strategy.h - whom to inspect next, when only the inspected teach anything.
 *
 * A strategy orders candidates; whoever has a budget takes the first ones. To exploit is to take
 * those of the highest value; to explore is to look where the model knows little. A new strategy is
 * one file with a table, and a word in STRATEGIES. */
#ifndef CORE_RISK_STRATEGY_H
#define CORE_RISK_STRATEGY_H

#include "core/base/arena.h"
#include "core/base/random.h"

#include <stdbool.h>

struct candidate {
    uint64_t number;    /* of the declaration: keys its draws */
    double probability; /* of a finding, as the model has it */
    double evidence;    /* how many inspected declarations like it stand behind that */
    double value;       /* what an inspection is worth: probability, revenue or both */
};

/* Ways to choose between which a strategy may divide its budget. */
enum strategy_arm { STRATEGY_EXPLOIT, STRATEGY_THOMPSON, STRATEGY_RANDOM, STRATEGY_ARMS };

/* What a strategy has learnt of itself; all zero at first. */
struct strategy_state {
    double log_weights[STRATEGY_ARMS];
};

/* What the inspections of one round came to, by the arm that asked for them. */
struct strategy_outcome {
    double found[STRATEGY_ARMS]; /* sum of the values that were really there, scaled to 0..1 each */
    double made[STRATEGY_ARMS];  /* inspections */
    bool drift;                  /* a detector has raised an alarm */
};

struct strategy {
    const char *name, *doc;
    /* What it orders by: higher is first. */
    double (*priority)(const struct candidate *candidate, struct random_key key);
    /* The shares of the budget; NULL: all goes by `priority` and counts as STRATEGY_EXPLOIT. */
    void (*divide)(const struct strategy_state *state, double shares[STRATEGY_ARMS]);
    void (*learn)(struct strategy_state *state,
                  const struct strategy_outcome *outcome); /* or NULL */
};

#define STRATEGIES(X) X(exploit) X(random) X(uncertainty) X(thompson) X(adaptive)

#define X(name) extern const struct strategy strategy_##name;
STRATEGIES(X)
#undef X

/* All of them, in the order of the list; NULL ends them. */
extern const struct strategy *const strategy_all[];

/* NULL when none is called that. */
const struct strategy *strategy_find(const char *name);

/* Orders the numbers of all candidates, those to inspect first. arms[i] says who asked for
 * candidates[i]; those behind the budget count as exploited. Equals go by the declaration's number.
 * The key is of the round. `order` and `arms` are the caller's, of `count` entries. */
void strategy_rank(const struct strategy *strategy, const struct strategy_state *state,
                   const struct candidate *candidates, uint32_t count, uint32_t budget,
                   struct random_key key, struct arena *scratch, uint32_t *order, uint8_t *arms);

#endif
