/* SPDX-License-Identifier: GPL-3.0-or-later
 * strategy_thompson.c - by a draw from what the probability may be (Thompson 1933).
 *
 * The posterior is taken as normal on the scale of log odds (Laplace's approximation), with the
 * variance 1 / ((n + 2) p (1 - p)) of n inspected declarations and two imagined ones. */
#include "core/base/numeric.h"
#include "core/risk/strategy.h"

static double priority(const struct candidate *candidate, struct random_key key) {
    double p = candidate->probability;
    p = p < 1e-6 ? 1e-6 : p > 1.0 - 1e-6 ? 1.0 - 1e-6 : p;
    double u = random_uniform(key, candidate->number, random_purpose("thompson", 0), 0);
    double deviation = 1.0 / numeric_sqrt((candidate->evidence + 2.0) * p * (1.0 - p));
    double log_odds = numeric_log(p / (1.0 - p)) + deviation * numeric_normal_quantile(u);
    double drawn = 1.0 / (1.0 + numeric_exp(-log_odds));
    return candidate->value * drawn / p; /* the same value, were that its probability */
}

const struct strategy strategy_thompson = {
    .name = "thompson",
    .doc = "Takes what would be worth most if a draw from the model's doubt were true.",
    .priority = priority,
};
