/* SPDX-License-Identifier: GPL-3.0-or-later
 * market.h - what goods of an origin usually cost a kilogram, learnt from what is declared.
 *
 * The logarithm of the unit value has a location and a scale for goods and origin and for goods
 * from anywhere. Both are Huber's M-estimates (Proposal 2, with c = 1.5), made recursive in the way
 * of Robbins and Monro (1951) from the median and the median absolute deviation of the first values
 * on; so a share of false prices moves them little, and memory is constant. */
#ifndef CORE_RISK_MARKET_H
#define CORE_RISK_MARKET_H

#include "core/risk/declaration.h"
#include "core/risk/slots.h"

enum { MARKET_HEAD = 15 }; /* values of a key before it is known */

struct market_price {
    uint32_t count; /* values behind it; 0: nothing is known */
    double location, scale;
};

struct market_head { /* logarithms of the first unit values */
    float values[MARKET_HEAD];
};

struct market {
    struct slots slots;
    struct market_price *prices;
    struct market_head *heads;
};

void market_init(struct market *market, uint32_t key_count, struct arena *arena);

/* ln(value / mass); NaN where either is missing or not above 0. */
double market_log_unit_value(const struct declaration *declaration);

/* The price of goods and origin; where less than MARKET_HEAD values of them are known, that of the
 * goods from anywhere. */
struct market_price market_ask(const struct market *market, uint32_t goods, uint16_t origin);

/* How many of its own standard deviations a declaration is under the market, the location's own
 * uncertainty included; NaN where that cannot be said. */
double market_shortfall(const struct market *market, const struct declaration *declaration);

/* What was declared becomes part of the market. */
void market_learn(struct market *market, const struct declaration *declaration);

#endif
