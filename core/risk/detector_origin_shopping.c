/* SPDX-License-Identifier: GPL-3.0-or-later
 * detector_origin_shopping.c - goods whose usual origins pay more than the declared one.
 *
 * The chance of an origin comes from counts for the goods, then for goods and departure, then for
 * goods and seller, each drawn towards the one before (a chain of Dirichlet priors). The score is
 * ln(chance of the origins with a higher duty) - ln(chance of the declared one). */
#include "core/base/numeric.h"
#include "core/risk/detector.h"
#include "core/risk/slots.h"

#include <stdbool.h>
#include <stdio.h>

enum { CELLS, RATES, SMOOTHING };
enum { ORIGINS = 12, LEVELS = 3 };

static const struct detector_parameter parameters[] = {
    {"cells", 65536, 8, 1e7, "Goods, goods with departures and goods with sellers remembered."},
    {"rates", 65536, 8, 1e7, "Duties of goods by origin that are remembered."},
    {"smoothing", 3, 0.01, 1e6, "Declarations that the level above counts for."},
    {NULL, 0, 0, 0, NULL}};

/* The most frequent origins by the space-saving rule (Metwally, Agrawal and El Abbadi 2005). */
struct cell {
    double total;
    float counts[ORIGINS];
    uint16_t origins[ORIGINS];
};

struct state {
    struct slots slots, rate_slots;
    struct cell *cells;
    double *duty_shares, smoothing;
};

static void *create(const double *values, struct arena *arena) {
    struct state *state = ARENA_NEW(arena, struct state);
    slots_init(&state->slots, (uint32_t)values[CELLS], arena);
    slots_init(&state->rate_slots, (uint32_t)values[RATES], arena);
    state->cells = ARENA_ARRAY(arena, struct cell, slots_count(&state->slots));
    state->duty_shares = ARENA_ARRAY(arena, double, slots_count(&state->rate_slots));
    state->smoothing = values[SMOOTHING];
    return state;
}

/* Of the goods, the goods from that departure, and those of that seller; a missing code names
 * nothing, so its key is 0. */
static void cell_keys(const struct declaration *declaration, uint64_t keys[LEVELS]) {
    keys[0] = slots_key(0, declaration->goods);
    keys[1] = declaration->departure
                  ? slots_key(slots_key(1, declaration->goods), declaration->departure)
                  : 0;
    keys[2] =
        declaration->seller ? slots_key(slots_key(2, declaration->goods), declaration->seller) : 0;
}

static uint64_t rate_key(uint32_t goods, uint16_t origin) {
    return slots_key(slots_key(3, goods), origin);
}

static double count_in(const struct cell *cell, uint16_t origin) {
    for (unsigned i = 0; i < ORIGINS; i++) {
        if (cell->origins[i] == origin) {
            return (double)cell->counts[i];
        }
    }
    return 0.0;
}

static double chance_of(const struct state *state, const struct cell *const cells[LEVELS],
                        uint16_t origin) {
    double chance = 1.0 / 64.0; /* of an origin never seen, some dozens trade in anything */
    for (unsigned i = 0; i < LEVELS; i++) {
        if (cells[i] != NULL) {
            chance = (count_in(cells[i], origin) + state->smoothing * chance) /
                     (cells[i]->total + state->smoothing);
        }
    }
    return chance;
}

/* The chances of the origins that pay more; the likeliest of them too, 0 for none. */
static double dearer_chance(const struct state *state, const struct cell *const cells[LEVELS],
                            const struct declaration *declaration, uint16_t *likeliest) {
    const struct cell *goods = cells[0];
    double sum = 0.0, highest = 0.0;
    *likeliest = 0;
    for (unsigned i = 0; i < ORIGINS && goods->origins[i] != 0; i++) {
        uint16_t origin = goods->origins[i];
        int64_t place = slots_find(&state->rate_slots, rate_key(declaration->goods, origin));
        if (place < 0 || !(state->duty_shares[place] > declaration->duty_share)) {
            continue;
        }
        double chance = chance_of(state, cells, origin);
        sum += chance;
        if (chance > highest) {
            highest = chance;
            *likeliest = origin;
        }
    }
    return sum;
}

static double score_of(const struct state *state, const struct declaration *declaration,
                       uint16_t *likeliest) {
    uint64_t keys[LEVELS];
    const struct cell *cells[LEVELS];
    cell_keys(declaration, keys);
    for (unsigned i = 0; i < LEVELS; i++) {
        int64_t place = keys[i] != 0 ? slots_find(&state->slots, keys[i]) : -1;
        cells[i] = place >= 0 ? &state->cells[place] : NULL;
    }
    *likeliest = 0;
    if (cells[0] == NULL || declaration->origin == 0) {
        return 0.0;
    }
    double dearer = dearer_chance(state, cells, declaration, likeliest);
    return numeric_log((dearer + 1e-6) / chance_of(state, cells, declaration->origin));
}

static double score(const void *state, const struct declaration *declaration) {
    uint16_t likeliest;
    return score_of(state, declaration, &likeliest);
}

static void count_origin(struct cell *cell, uint16_t origin) {
    unsigned least = 0;
    for (unsigned i = 0; i < ORIGINS; i++) {
        if (cell->origins[i] == origin || cell->origins[i] == 0) {
            least = i;
            break;
        }
        least = cell->counts[i] < cell->counts[least] ? i : least;
    }
    cell->origins[least] = origin;
    cell->counts[least] += 1.0f;
    cell->total += 1.0;
}

static void learn(void *state_, const struct declaration *declaration) {
    struct state *state = state_;
    uint64_t keys[LEVELS];
    bool is_new;
    if (declaration->goods == 0 || declaration->origin == 0) {
        return;
    }
    cell_keys(declaration, keys);
    for (unsigned i = 0; i < LEVELS; i++) {
        if (keys[i] != 0) {
            uint32_t place = slots_take(&state->slots, keys[i], &is_new);
            if (is_new) {
                state->cells[place] = (struct cell){0};
            }
            count_origin(&state->cells[place], declaration->origin);
        }
    }
    if (declaration->duty_share == declaration->duty_share) {
        uint64_t key = rate_key(declaration->goods, declaration->origin);
        state->duty_shares[slots_take(&state->rate_slots, key, &is_new)] = declaration->duty_share;
    }
}

static void explain(const void *state, const struct declaration *declaration, char *text,
                    size_t size) {
    uint16_t likeliest;
    double score_value = score_of(state, declaration, &likeliest);
    text[0] = '\0';
    if (likeliest != 0 && score_value > 0.0) {
        snprintf(text, size,
                 "HS %06u of this seller and route is usually from %c%c, which pays more",
                 declaration->goods, likeliest >> 8, likeliest & 0xff);
    }
}

const struct detector detector_origin_shopping = {
    .name = "origin_shopping",
    .doc = "Origin of a lower duty than the goods, route and seller usually have.",
    .parameters = parameters,
    .create = create,
    .score = score,
    .learn = learn,
    .explain = explain,
};
