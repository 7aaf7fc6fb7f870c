/* SPDX-License-Identifier: GPL-3.0-or-later
 * value.c - see value.h. */
#include "core/rule/value.h"

#include "core/base/units.h"

#include <stdio.h>

struct value value_decimal_from_real(double x) {
    double size = x < 0 ? -x : x;
    if (!(size < 9.2e18)) {
        return (struct value){.type = VALUE_MISSING};
    }
    int32_t scale = 9;
    double power = 1e9; /* powers of ten up to 1e22 are exact doubles */
    for (double limit = 1e6; scale > 0 && size >= limit; limit *= 10) {
        scale--;
        power /= 10;
    }
    /* Below 2^53 the rest is exact and above it is zero. */
    double scaled = size * power;
    int64_t coefficient = (int64_t)scaled;
    double rest = scaled - (double)coefficient;
    coefficient += rest > 0.5 || (rest >= 0.5 && (coefficient & 1) != 0);
    return (struct value){.type = VALUE_DECIMAL,
                          .decimal = {x < 0 ? -coefficient : coefficient, scale}};
}

struct value value_decimal_from_money(struct money amount) {
    if (amount.e4 == INT64_MIN) { /* the one amount whose negative is none */
        return (struct value){.type = VALUE_MISSING};
    }
    return (struct value){.type = VALUE_DECIMAL, .decimal = {amount.e4, 4}};
}

unsigned value_print(struct value value, const char *const *symbols, char *text, unsigned size) {
    char printed[28];
    const char *shown = "missing";
    if (value.type == VALUE_DECIMAL) {
        decimal_print(value.decimal, printed);
        shown = printed;
    } else if (value.type == VALUE_BOOLEAN) {
        shown = value.boolean ? "true" : "false";
    } else if (value.type == VALUE_SYMBOL) {
        shown = symbols[value.symbol];
    } else if (value.type == VALUE_DATE) {
        units_print_date(value.date_day, printed);
        shown = printed;
    } else if (value.type == VALUE_TEXT) {
        return (unsigned)snprintf(text, size, "%.*s", (int)value.text.length, value.text.bytes);
    }
    return (unsigned)snprintf(text, size, "%s", shown);
}
