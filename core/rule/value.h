/* SPDX-License-Identifier: GPL-3.0-or-later
 * value.h - what an input of a rule holds, and what a rule gives back: a number, true or false, a
 * symbol, a date, a text, or nothing known. */
#ifndef CORE_RULE_VALUE_H
#define CORE_RULE_VALUE_H

#include "core/base/money.h"
#include "core/rule/decimal.h"

#include <stdbool.h>
#include <stdint.h>

enum value_type {
    VALUE_MISSING,
    VALUE_DECIMAL,
    VALUE_BOOLEAN,
    VALUE_SYMBOL,
    VALUE_DATE,
    VALUE_TEXT
};

/* UTF-8 that somebody else keeps; not ended by '\0'. */
struct value_text {
    const char *bytes;
    uint32_t length;
};

/* A symbol is an index into the table of `struct expression_names`, so comparing two is one
 * compare. */
struct value {
    enum value_type type;
    union {
        struct decimal decimal;
        bool boolean;
        uint32_t symbol;
        int64_t date_day; /* days since 1970-01-01 */
        struct value_text text;
    };
};

/* The nearest decimal with 9 decimals, or with 15 significant digits where those are fewer: so
 * every decimal of up to 15 digits comes back as it was written. Missing for NaN and beyond
 * 9.2e18. */
struct value value_decimal_from_real(double x);

/* Exact. */
struct value value_decimal_from_money(struct money amount);

/* "1.5", "true", "2017-01-28", "missing"; symbols and texts without quotes. Returns the length,
 * which may exceed `size`; at most `size` bytes are written, '\0' included. */
unsigned value_print(struct value value, const char *const *symbols, char *text, unsigned size);

#endif
