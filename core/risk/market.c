/* SPDX-License-Identifier: GPL-3.0-or-later
 * market.c - see market.h. */
#include "core/risk/market.h"

#include "core/base/numeric.h"

static const double huber_c = 1.5;
static const double psi_slope = 0.8663855974622838;  /* P(|Z| < c) */
static const double psi_square = 0.7784652161744700; /* E min(Z², c²) */
static const double scale_slope =
    0.9556656209292171;               /* E Z² 1(|Z| < c), doubled: of the square's */
static const double scale_min = 0.01; /* prices are never surer than to a percent */
enum { MEMORY = 4000 };               /* values; then the old ones fade */

void market_init(struct market *market, uint32_t key_count, struct arena *arena) {
    slots_init(&market->slots, key_count, arena);
    uint32_t count = slots_count(&market->slots);
    market->prices = ARENA_ARRAY(arena, struct market_price, count);
    market->heads = ARENA_ARRAY(arena, struct market_head, count);
}

double market_log_unit_value(const struct declaration *declaration) {
    if (!(declaration->mass_kg > 0.0 && declaration->value > 0.0)) {
        return __builtin_nan("");
    }
    return numeric_log(declaration->value / declaration->mass_kg);
}

static uint64_t key_of(uint32_t goods, uint16_t origin) {
    return slots_key(slots_key(0, goods), origin);
}

struct market_price market_ask(const struct market *market, uint32_t goods, uint16_t origin) {
    const uint16_t origins[] = {origin, 0};
    for (unsigned i = 0; i < 2 && goods != 0; i++) {
        int64_t place = slots_find(&market->slots, key_of(goods, origins[i]));
        if (place >= 0 && market->prices[place].count >= MARKET_HEAD) {
            return market->prices[place];
        }
    }
    return (struct market_price){0};
}

double market_shortfall(const struct market *market, const struct declaration *declaration) {
    double x = market_log_unit_value(declaration);
    struct market_price price = market_ask(market, declaration->goods, declaration->origin);
    if (price.count == 0 || x != x) {
        return __builtin_nan("");
    }
    double uncertainty = numeric_sqrt(1.0 + 1.05 / price.count); /* Huber's efficiency is 96 % */
    return (price.location - x) / (price.scale * uncertainty);
}

static double median_of(float *values, unsigned count) {
    for (unsigned i = 1; i < count; i++) {
        float value = values[i];
        unsigned at = i;
        for (; at > 0 && values[at - 1] > value; at--) {
            values[at] = values[at - 1];
        }
        values[at] = value;
    }
    return ((double)values[(count - 1) / 2] + (double)values[count / 2]) / 2.0;
}

static double at_least(double x, double least) {
    return x > least ? x : least;
}

static void begin(struct market_price *price, float *head) {
    price->location = median_of(head, MARKET_HEAD);
    for (unsigned i = 0; i < MARKET_HEAD; i++) {
        double deviation = (double)head[i] - price->location;
        head[i] = (float)(deviation < 0.0 ? -deviation : deviation);
    }
    price->scale = at_least(1.482602218505602 * median_of(head, MARKET_HEAD), scale_min);
}

static void learn(struct market *market, uint64_t key, double x) {
    bool is_new;
    uint32_t place = slots_take(&market->slots, key, &is_new);
    struct market_price *price = &market->prices[place];
    if (is_new) {
        *price = (struct market_price){0};
    }
    if (price->count < MARKET_HEAD) {
        market->heads[place].values[price->count++] = (float)x;
        if (price->count == MARKET_HEAD) {
            begin(price, market->heads[place].values);
        }
        return;
    }
    price->count += price->count < MEMORY;
    double psi = (x - price->location) / price->scale;
    psi = psi > huber_c ? huber_c : psi < -huber_c ? -huber_c : psi;
    price->location += price->scale * psi / (psi_slope * price->count);
    double growth = (psi * psi - psi_square) / (scale_slope * price->count);
    price->scale = at_least(price->scale * (1.0 + growth), scale_min);
}

void market_learn(struct market *market, const struct declaration *declaration) {
    double x = market_log_unit_value(declaration);
    if (x != x || declaration->goods == 0) {
        return;
    }
    learn(market, key_of(declaration->goods, 0), x);
    if (declaration->origin != 0) {
        learn(market, key_of(declaration->goods, declaration->origin), x);
    }
}
