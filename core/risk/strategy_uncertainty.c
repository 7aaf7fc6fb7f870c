/* SPDX-License-Identifier: GPL-3.0-or-later
 * strategy_uncertainty.c - where the model knows least: the variance of a Bernoulli outcome over
 * the evidence behind its probability (uncertainty sampling; Lewis and Gale 1994). */
#include "core/risk/strategy.h"

static double priority(const struct candidate *candidate, struct random_key key) {
    (void)key;
    double p = candidate->probability;
    return p * (1.0 - p) / (1.0 + candidate->evidence);
}

const struct strategy strategy_uncertainty = {
    .name = "uncertainty",
    .doc = "Takes what the model is least sure of.",
    .priority = priority,
};
