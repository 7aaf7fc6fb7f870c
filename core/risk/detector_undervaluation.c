/* SPDX-License-Identifier: GPL-3.0-or-later
 * detector_undervaluation.c - a unit value far under the market of its goods and origin. */
#include "core/base/numeric.h"
#include "core/risk/detector.h"
#include "core/risk/market.h"

#include <stdio.h>

static const struct detector_parameter parameters[] = {
    {"keys", 65536, 8, 1e7, "Goods with origins that are remembered."}, {NULL, 0, 0, 0, NULL}};

static void *create(const double *values, struct arena *arena) {
    struct market *market = ARENA_NEW(arena, struct market);
    market_init(market, (uint32_t)values[0], arena);
    return market;
}

static double score(const void *state, const struct declaration *declaration) {
    double shortfall = market_shortfall(state, declaration);
    return shortfall == shortfall ? shortfall : 0.0;
}

static void learn(void *state, const struct declaration *declaration) {
    market_learn(state, declaration);
}

static void explain(const void *state, const struct declaration *declaration, char *text,
                    size_t size) {
    double x = market_log_unit_value(declaration);
    struct market_price price = market_ask(state, declaration->goods, declaration->origin);
    text[0] = '\0';
    if (price.count == 0 || x != x) {
        return;
    }
    snprintf(text, size, "unit value %.2f of the usual for HS %06u from %c%c",
             numeric_exp(x - price.location), declaration->goods, declaration->origin >> 8,
             declaration->origin & 0xff);
}

const struct detector detector_undervaluation = {
    .name = "undervaluation",
    .doc = "Unit value under the market of goods and origin, in standard deviations.",
    .parameters = parameters,
    .create = create,
    .score = score,
    .learn = learn,
    .explain = explain,
};
