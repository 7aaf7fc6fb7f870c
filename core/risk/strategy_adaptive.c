/* SPDX-License-Identifier: GPL-3.0-or-later
 * strategy_adaptive.c - divides the budget by what each way to choose has lately found.
 *
 * Exponential weights on the mean value found by an inspection, with a fixed share of the weight
 * going to every arm each round (Herbster and Warmuth 1998), so that an arm that was bad for long
 * can come back; at an alarm of drift all begin anew. Thompson sampling and random choice keep at
 * least a share of the budget each. */
#include "core/base/numeric.h"
#include "core/risk/strategy.h"

static const double learning_rate = 8.0;
static const double fixed_share = 0.05;
static const double least[STRATEGY_ARMS] = {0.0, 0.012, 0.008};

static double priority(const struct candidate *candidate, struct random_key key) {
    return strategy_exploit.priority(candidate, key);
}

static void weigh(const struct strategy_state *state, double weights[STRATEGY_ARMS]) {
    double highest = state->log_weights[0], sum = 0.0;
    for (unsigned arm = 1; arm < STRATEGY_ARMS; arm++) {
        highest = state->log_weights[arm] > highest ? state->log_weights[arm] : highest;
    }
    for (unsigned arm = 0; arm < STRATEGY_ARMS; arm++) {
        sum += weights[arm] = numeric_exp(state->log_weights[arm] - highest);
    }
    for (unsigned arm = 0; arm < STRATEGY_ARMS; arm++) {
        weights[arm] = weights[arm] / sum * (1.0 - fixed_share) + fixed_share / STRATEGY_ARMS;
    }
}

/* The fixed share is for the weights to recover by, not for the budget. */
static void divide(const struct strategy_state *state, double shares[STRATEGY_ARMS]) {
    double weights[STRATEGY_ARMS], free = 1.0;
    weigh(state, weights);
    for (unsigned arm = 0; arm < STRATEGY_ARMS; arm++) {
        free -= least[arm];
    }
    for (unsigned arm = 0; arm < STRATEGY_ARMS; arm++) {
        double own = (weights[arm] - fixed_share / STRATEGY_ARMS) / (1.0 - fixed_share);
        shares[arm] = least[arm] + free * own;
    }
}

static void learn(struct strategy_state *state, const struct strategy_outcome *outcome) {
    double weights[STRATEGY_ARMS];
    if (outcome->drift) {
        *state = (struct strategy_state){{0}};
        return;
    }
    weigh(state, weights);
    for (unsigned arm = 0; arm < STRATEGY_ARMS; arm++) {
        double mean = outcome->made[arm] > 0.0 ? outcome->found[arm] / outcome->made[arm] : 0.0;
        state->log_weights[arm] = numeric_log(weights[arm]) + learning_rate * mean;
    }
}

const struct strategy strategy_adaptive = {
    .name = "adaptive",
    .doc = "Exploits and explores by what each has found of late.",
    .priority = priority,
    .divide = divide,
    .learn = learn,
};
