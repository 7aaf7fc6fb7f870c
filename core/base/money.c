/* SPDX-License-Identifier: GPL-3.0-or-later
 * money.c - see money.h. */
#include "core/base/money.h"

#include "core/base/require.h"
#include "core/base/wide.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

struct money money_scale(struct money amount, int64_t numerator, int64_t denominator) {
    REQUIRE(denominator > 0);
    int128 product = (int128)amount.e4 * numerator;
    int128 quotient = product / denominator, rest = product % denominator;
    bool negative = rest < 0;
    uint64_t size = (uint64_t)(negative ? -rest : rest);
    uint64_t other = (uint64_t)denominator - size;
    if (size > other || (size == other && (quotient & 1) != 0)) {
        quotient += negative ? -1 : 1;
    }
    REQUIRE(quotient >= INT64_MIN);
    REQUIRE(quotient <= INT64_MAX);
    return (struct money){(int64_t)quotient};
}

struct money money_add(struct money a, struct money b) {
    struct money sum;
    bool overflow = __builtin_add_overflow(a.e4, b.e4, &sum.e4);
    REQUIRE(!overflow);
    return sum;
}

struct money money_subtract(struct money a, struct money b) {
    struct money difference;
    bool overflow = __builtin_sub_overflow(a.e4, b.e4, &difference.e4);
    REQUIRE(!overflow);
    return difference;
}

struct money money_from_real(double units) {
    REQUIRE(units > -MONEY_UNITS_MAX);
    REQUIRE(units < MONEY_UNITS_MAX);
    /* Whole units and the rest apart, so that only the rest is rounded. */
    int64_t whole = (int64_t)units;
    double rest_e4 = (units - (double)whole) * MONEY_SCALE;
    int64_t floor_e4 = (int64_t)rest_e4;
    floor_e4 -= rest_e4 < (double)floor_e4;
    double above = rest_e4 - (double)floor_e4;
    bool up = above > 0.5 || (above >= 0.5 && (floor_e4 & 1) != 0);
    return (struct money){whole * MONEY_SCALE + floor_e4 + up};
}

double money_to_real(struct money amount) {
    return (double)amount.e4 / MONEY_SCALE;
}

unsigned money_print(struct money amount, char text[28]) {
    uint64_t size = amount.e4 < 0 ? 0 - (uint64_t)amount.e4 : (uint64_t)amount.e4;
    unsigned decimals = (unsigned)(size % MONEY_SCALE);
    int digits = decimals % 100 == 0 ? 2 : decimals % 10 == 0 ? 3 : 4;
    for (int i = digits; i < 4; i++) {
        decimals /= 10;
    }
    return (unsigned)snprintf(text, 28, "%s%" PRIu64 ".%0*u", amount.e4 < 0 ? "-" : "",
                              size / MONEY_SCALE, digits, decimals);
}
