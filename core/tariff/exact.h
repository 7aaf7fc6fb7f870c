/* SPDX-License-Identifier: GPL-3.0-or-later
 * exact.h - numbers of a tariff: fractions that are never rounded unless the law says so.
 *
 * numerator / denominator with 127 bits each, denominator > 0, not always in lowest terms. A third
 * of a percent is 1/300. Sums and products are exact; where they don't fit they are reduced, by way
 * of 256 bits, and where even that doesn't fit the functions return -1 and leave the result alone:
 * never a wrong digit. Rounding is a value, so that mode, step and point can be data. */
#ifndef CORE_TARIFF_EXACT_H
#define CORE_TARIFF_EXACT_H

#include "core/base/wide.h"
#include "core/rule/decimal.h"

#include <stdbool.h>
#include <stdint.h>

struct exact {
    int128 numerator;
    int128 denominator;
};

static inline struct exact exact_integer(int64_t number) {
    return (struct exact){.numerator = number, .denominator = 1};
}

/* numerator / denominator; REQUIREs denominator > 0. */
struct exact exact_ratio(int64_t numerator, int64_t denominator);

struct exact exact_from_decimal(struct decimal decimal);

/* Each returns 0, or -1 and leaves the result alone; division by zero is -1 as well. */
int exact_add(struct exact a, struct exact b, struct exact *result);
int exact_subtract(struct exact a, struct exact b, struct exact *result);
int exact_multiply(struct exact a, struct exact b, struct exact *result);
int exact_divide(struct exact a, struct exact b, struct exact *result);

struct exact exact_negate(struct exact a);
struct exact exact_reduced(struct exact a); /* in lowest terms */

int exact_compare(struct exact a, struct exact b); /* -1, 0, 1; any two */
static inline int exact_sign(struct exact a) {
    return (a.numerator > 0) - (a.numerator < 0);
}

enum rounding_mode {
    ROUNDING_NONE,
    ROUNDING_HALF_UP,   /* ties away from zero */
    ROUNDING_HALF_EVEN, /* ties to the even multiple of the step */
    ROUNDING_HALF_DOWN, /* ties towards zero */
    ROUNDING_DOWN,      /* towards zero */
    ROUNDING_UP,        /* away from zero */
    ROUNDING_FLOOR,
    ROUNDING_CEILING,
};
#define ROUNDING_MODE_CHOICES "none|half_up|half_even|half_down|down|up|floor|ceiling"

/* To a multiple of `step` (0.01; 1; 1000; 0.05), which is above zero unless the mode is none. */
struct rounding {
    enum rounding_mode mode;
    struct exact step;
};

/* -1 when the result doesn't fit. */
int exact_round(struct exact a, struct rounding rounding, struct exact *result);

/* The amount in ten-thousandths; -1 when it is no whole number of them or doesn't fit: round first.
 */
int exact_to_e4(struct exact a, int64_t *e4);

/* Reads "12.50", "-3", "1/3", "33 1/3", exactly; -1 when it is anything else or doesn't fit. */
int exact_parse(const char *text, struct exact *result);

/* A decimal where that is finite ("-12.5"), else a fraction in lowest terms ("100/3"). Returns the
 * length, at most 96 with the final '\0'. */
unsigned exact_print(struct exact a, char text[96]);

/* The nearest double, for tables and pictures only. */
double exact_to_real(struct exact a);

#endif
