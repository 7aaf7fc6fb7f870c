/* SPDX-License-Identifier: GPL-3.0-or-later
 * selection.h - channels for declarations, within what a lane can inspect.
 *
 * A lane is an office, or a desk of one. In this order:
 *
 *     1  what a rule profile says stands
 *     2  a policy's least channel stands
 *     3  a share of the inspections goes to declarations drawn at random from all the others
 *     4  the rest of the inspections goes by the strategy
 *     5  documents are looked at where the value is highest of what is left
 *
 * Fractions of a budget are owed to the lane and carried on, so that over a week it inspects what
 * it should to less than one declaration; whatever 1 and 2 take beyond the budget is paid back. */
#ifndef CORE_RISK_SELECTION_H
#define CORE_RISK_SELECTION_H

#include "core/risk/channel.h"
#include "core/risk/strategy.h"

/* Why a declaration has its channel. */
enum selection_reason {
    SELECTION_NOTHING, /* green: no reason to look */
    SELECTION_PROFILE,
    SELECTION_POLICY,
    SELECTION_RANDOM, /* drawn from everybody: its findings say how much there is */
    SELECTION_MODEL,
};

struct selection_rules {
    double red_share, yellow_share; /* of a lane's declarations */
    double random_share;            /* of the inspections */
    double revenue_weight;          /* 0: probability counts; 1: expected revenue; between: both */
    const struct strategy *strategy;
};

struct selection_item {
    uint64_t number; /* of the declaration */
    double probability, evidence;
    double revenue;              /* recovered if something is found */
    enum channel profile, least; /* what rules and policies say; NONE: nothing */
    /* answers */
    enum channel channel;
    enum selection_reason reason;
    enum strategy_arm arm; /* of SELECTION_MODEL */
};

/* What is owed to a lane; all zero at first. */
struct selection_lane {
    double red, yellow, random;
};

/* probability x revenue^weight. */
double selection_value(const struct selection_rules *rules, const struct selection_item *item);

/* Chooses for all declarations that a lane has today. The key is of lane and day. */
void selection_choose(const struct selection_rules *rules, const struct strategy_state *state,
                      struct selection_lane *lane, struct selection_item *items, uint32_t count,
                      struct random_key key, struct arena *scratch);

#endif
