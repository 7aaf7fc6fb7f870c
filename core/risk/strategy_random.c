/* SPDX-License-Identifier: GPL-3.0-or-later
 * strategy_random.c - everybody alike: the only one that can say how much there is. */
#include "core/risk/strategy.h"

static double priority(const struct candidate *candidate, struct random_key key) {
    return random_uniform(key, candidate->number, random_purpose("random", 0), 0);
}

const struct strategy strategy_random = {
    .name = "random",
    .doc = "Takes everybody with the same chance.",
    .priority = priority,
};
