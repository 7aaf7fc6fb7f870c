/* SPDX-License-Identifier: GPL-3.0-or-later
 * strategy.c - the list of strategies, and how a budget is divided. */
#include "core/risk/strategy.h"

#include "core/base/require.h"

#include <stdlib.h>
#include <string.h>

const struct strategy *const strategy_all[] = {
#define X(name) &strategy_##name,
    STRATEGIES(X)
#undef X
        NULL,
};

const struct strategy *strategy_find(const char *name) {
    for (unsigned i = 0; strategy_all[i] != NULL; i++) {
        if (strcmp(strategy_all[i]->name, name) == 0) {
            return strategy_all[i];
        }
    }
    return NULL;
}

struct place {
    double priority;
    uint64_t number;
    uint32_t index;
};

static int by_priority(const void *a_, const void *b_) {
    const struct place *a = a_, *b = b_;
    if (a->priority != b->priority) {
        return a->priority > b->priority ? -1 : 1;
    }
    return (a->number > b->number) - (a->number < b->number);
}

static struct place *places_by(const struct strategy *strategy, const struct candidate *candidates,
                               uint32_t count, struct random_key key, struct arena *scratch) {
    struct place *places = ARENA_ARRAY(scratch, struct place, count);
    for (uint32_t i = 0; i < count; i++) {
        places[i] =
            (struct place){strategy->priority(&candidates[i], key), candidates[i].number, i};
    }
    qsort(places, count, sizeof *places, by_priority);
    return places;
}

/* Appends the first `wanted` of the places that are not taken yet. */
static uint32_t take(const struct place *places, uint32_t count, uint32_t wanted, uint8_t arm,
                     bool *taken, uint32_t *order, uint32_t filled, uint8_t *arms) {
    for (uint32_t i = 0; i < count && wanted > 0; i++) {
        uint32_t index = places[i].index;
        if (!taken[index]) {
            taken[index] = true;
            order[filled++] = index;
            arms[index] = arm;
            wanted--;
        }
    }
    return filled;
}

/* Whole inspections by arm: the least whole number, what is left goes to the largest fractions. */
static void divide_budget(const double shares[STRATEGY_ARMS], uint32_t budget,
                          uint32_t parts[STRATEGY_ARMS]) {
    double fractions[STRATEGY_ARMS];
    uint32_t left = budget;
    for (unsigned arm = 0; arm < STRATEGY_ARMS; arm++) {
        double exact = shares[arm] * budget;
        parts[arm] = (uint32_t)exact < left ? (uint32_t)exact : left;
        fractions[arm] = exact - parts[arm];
        left -= parts[arm];
    }
    for (; left > 0; left--) {
        unsigned largest = 0;
        for (unsigned arm = 1; arm < STRATEGY_ARMS; arm++) {
            largest = fractions[arm] > fractions[largest] ? arm : largest;
        }
        parts[largest]++;
        fractions[largest] -= 1.0;
    }
}

void strategy_rank(const struct strategy *strategy, const struct strategy_state *state,
                   const struct candidate *candidates, uint32_t count, uint32_t budget,
                   struct random_key key, struct arena *scratch, uint32_t *order, uint8_t *arms) {
    static const struct strategy *const by_arm[STRATEGY_ARMS] = {
        &strategy_exploit, &strategy_thompson, &strategy_random};
    bool *taken = ARENA_ARRAY(scratch, bool, count + 1);
    const struct place *own = places_by(strategy, candidates, count, key, scratch);
    uint32_t filled = 0;
    if (strategy->divide != NULL) {
        double shares[STRATEGY_ARMS];
        uint32_t parts[STRATEGY_ARMS];
        strategy->divide(state, shares);
        divide_budget(shares, budget < count ? budget : count, parts);
        for (uint8_t arm = 0; arm < STRATEGY_ARMS; arm++) {
            if (parts[arm] > 0) {
                const struct place *places =
                    places_by(by_arm[arm], candidates, count, key, scratch);
                filled = take(places, count, parts[arm], arm, taken, order, filled, arms);
            }
        }
    }
    filled = take(own, count, count - filled, STRATEGY_EXPLOIT, taken, order, filled, arms);
    REQUIRE(filled == count);
}
