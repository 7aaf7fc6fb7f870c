/* SPDX-License-Identifier: GPL-3.0-or-later
 * decimal.h - decimal numbers as people write them: 0.1 + 0.2 == 0.3.
 *
 * coefficient * 10^-scale, with 0 <= scale <= 18 and a coefficient of at most 2^63 - 1 either way.
 * 1.5 and 1.50 are the same number; there is no normal form. Results are exact where they fit;
 * otherwise they are rounded once, half to even, to as many decimals as do fit (18 at most). What
 * does not fit even as a whole number does not exist: the functions below return -1. */
#ifndef CORE_RULE_DECIMAL_H
#define CORE_RULE_DECIMAL_H

#include <stdint.h>

struct decimal {
    int64_t coefficient;
    int32_t scale;
};

enum { DECIMAL_SCALE_MAX = 18, DECIMAL_POWER_MAX = 1000000000 };

/* Each returns 0, or -1 and leaves the result alone. Division by zero is -1 as well. */
int decimal_add(struct decimal a, struct decimal b, struct decimal *result);
int decimal_subtract(struct decimal a, struct decimal b, struct decimal *result);
int decimal_multiply(struct decimal a, struct decimal b, struct decimal *result);
int decimal_divide(struct decimal a, struct decimal b, struct decimal *result);

/* a to the power of b, for a whole b of at most DECIMAL_POWER_MAX either way; -1 for any other b (a
 * root is rarely a decimal), for zero to a negative power and for what does not fit. Anything to
 * the power of zero is 1. Exact where it fits and on ties; else calculated with 38 digits, of which
 * each multiplication loses one unit, and then rounded once. */
int decimal_power(struct decimal a, struct decimal b, struct decimal *result);

/* a * numerator / denominator with one rounding; denominator > 0. For units. */
int decimal_scale(struct decimal a, int64_t numerator, int64_t denominator, struct decimal *result);

struct decimal decimal_negate(struct decimal a);

/* Exact for any two scales. -1, 0, 1. */
int decimal_compare_scaled(struct decimal a, struct decimal b);
static inline int decimal_compare(struct decimal a, struct decimal b) {
    if (a.scale != b.scale) {
        return decimal_compare_scaled(a, b);
    }
    return (a.coefficient > b.coefficient) - (a.coefficient < b.coefficient);
}

/* Reads "-12.50" or "1e-6", exactly; -1 when it is anything else or does not fit. */
int decimal_parse(const char *text, struct decimal *decimal);

/* "-12.5": no trailing zeros, no exponent. Returns the length. */
unsigned decimal_print(struct decimal decimal, char text[28]);

#endif
