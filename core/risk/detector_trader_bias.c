/* SPDX-License-Identifier: GPL-3.0-or-later
 * detector_trader_bias.c - a trader whose prices are a little low for a long time.
 *
 * No single declaration shows it. What is added up is the logarithm of the likelihood ratio of
 * "each price is `bias` lower" against "as the market" (Wald 1945), of normal log prices cut at
 * three standard deviations; old declarations fade. */
#include "core/base/numeric.h"
#include "core/risk/detector.h"
#include "core/risk/market.h"

#include <stdio.h>

enum { KEYS, TRADERS, BIAS, MEMORY };

static const struct detector_parameter parameters[] = {
    {"keys", 65536, 8, 1e7, "Goods with origins that are remembered."},
    {"traders", 65536, 8, 1e7, "Traders that are remembered."},
    {"bias", 0.1, 0.001, 5, "What is looked for: how far the logarithm of prices is too low."},
    {"memory", 1000, 1, 1e9, "Declarations of a trader after which one has faded to 1/e."},
    {NULL, 0, 0, 0, NULL}};

struct trader {
    double evidence, count;
    double shortfall; /* sum of ln(market / declared), for the officer */
};

struct state {
    struct market market;
    struct slots slots;
    struct trader *traders;
    double bias, fading;
};

static void *create(const double *values, struct arena *arena) {
    struct state *state = ARENA_NEW(arena, struct state);
    market_init(&state->market, (uint32_t)values[KEYS], arena);
    slots_init(&state->slots, (uint32_t)values[TRADERS], arena);
    state->traders = ARENA_ARRAY(arena, struct trader, slots_count(&state->slots));
    state->bias = values[BIAS];
    state->fading = numeric_exp(-1.0 / values[MEMORY]);
    return state;
}

/* Of one declaration: NaN where the market is unknown. */
static double evidence_of(const struct state *state, const struct declaration *declaration,
                          double *shortfall) {
    double z = market_shortfall(&state->market, declaration);
    if (z != z) {
        return z;
    }
    double scale = market_ask(&state->market, declaration->goods, declaration->origin).scale;
    double step = state->bias / scale;
    z = z > 3.0 ? 3.0 : z < -3.0 ? -3.0 : z;
    *shortfall = z * scale;
    return step * z - 0.5 * step * step;
}

static struct trader trader_with(const struct state *state, const struct declaration *declaration) {
    int64_t place = declaration->trader != 0
                        ? slots_find(&state->slots, slots_key(0, declaration->trader))
                        : -1;
    struct trader trader = place >= 0 ? state->traders[place] : (struct trader){0};
    double shortfall, evidence = evidence_of(state, declaration, &shortfall);
    if (evidence == evidence) {
        trader.evidence = trader.evidence * state->fading + evidence;
        trader.shortfall = trader.shortfall * state->fading + shortfall;
        trader.count = trader.count * state->fading + 1.0;
    }
    return trader;
}

static double score(const void *state, const struct declaration *declaration) {
    return trader_with(state, declaration).evidence;
}

static void learn(void *state_, const struct declaration *declaration) {
    struct state *state = state_;
    if (declaration->trader != 0) {
        struct trader trader = trader_with(state, declaration);
        bool is_new;
        uint32_t place = slots_take(&state->slots, slots_key(0, declaration->trader), &is_new);
        state->traders[place] = trader;
    }
    market_learn(&state->market, declaration);
}

static void explain(const void *state, const struct declaration *declaration, char *text,
                    size_t size) {
    struct trader trader = trader_with(state, declaration);
    text[0] = '\0';
    if (trader.count >= 1.0) {
        snprintf(text, size,
                 "prices of this trader are %.0f %% of the market's over %.0f declarations",
                 100.0 * numeric_exp(-trader.shortfall / trader.count), trader.count);
    }
}

const struct detector detector_trader_bias = {
    .name = "trader_bias",
    .doc = "Evidence that a trader's prices are all a little too low.",
    .parameters = parameters,
    .create = create,
    .score = score,
    .learn = learn,
    .explain = explain,
};
