/* SPDX-License-Identifier: GPL-3.0-or-later
 * money.h - one decimal type for amounts: whole ten-thousandths of the accounting currency.
 *
 * An amount fits 9.2e14 currency units. Sums over many consignments are int128 of ten-thousandths.
 */
#ifndef CORE_BASE_MONEY_H
#define CORE_BASE_MONEY_H

#include <stdint.h>

struct money {
    int64_t e4;
};

enum { MONEY_SCALE = 10000 };
#define MONEY_UNITS_MAX 9.2e14

/* amount * numerator / denominator, rounded half to even, by way of 128 bits; REQUIREs
 * denominator > 0 and a result that fits. */
struct money money_scale(struct money amount, int64_t numerator, int64_t denominator);
struct money money_add(struct money a, struct money b); /* REQUIREs that the sum fits */
struct money money_subtract(struct money a, struct money b);

/* Nearest, ties to even; REQUIREs |units| < MONEY_UNITS_MAX, so no NaN either. */
struct money money_from_real(double units);
double money_to_real(struct money amount); /* nearest */

/* "1234.50", two to four decimals. Returns the length, at most 27. */
unsigned money_print(struct money amount, char text[28]);

#endif
