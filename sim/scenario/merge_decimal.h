/* SPDX-License-Identifier: GPL-3.0-or-later
 * merge_decimal.h - decimals as they are written, multiplied without rounding. */
#ifndef SIM_SCENARIO_MERGE_DECIMAL_H
#define SIM_SCENARIO_MERGE_DECIMAL_H

#include "core/base/arena.h"
#include "core/base/wide.h"

#include <stdbool.h>

/* significand * 10^exponent, and what stands behind the number: " min", " %", "" */
struct merge_decimal {
    bool negative;
    uint128 significand;
    int exponent;
    const char *unit; /* inside the text that was read, its leading space included */
};

/* Reads "20 min", "-0.35", "1e3 kg", "40 %". False when the text is no number with at most a unit
 * as core/base/units.h writes them. */
bool merge_decimal_read(const char *text, struct merge_decimal *decimal);

/* a * b with the unit of `a`. False when the product has more digits than units_parse takes. */
bool merge_decimal_multiply(const struct merge_decimal *a, const struct merge_decimal *b,
                            struct merge_decimal *product);

/* A product without trailing zeros and exponent, then the unit as it was written. */
char *merge_decimal_print(struct arena *arena, const struct merge_decimal *decimal);

#endif
