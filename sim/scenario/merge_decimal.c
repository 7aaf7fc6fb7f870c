/* SPDX-License-Identifier: GPL-3.0-or-later
 * merge_decimal.c - see merge_decimal.h. */
#include "sim/scenario/merge_decimal.h"

#include "core/base/units.h"

enum { EXPONENT_MAX = 400 }; /* beyond any quantity */

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Adds digits to the number. Returns how many; -1 when it gets too large. */
static int read_digits(const char *text, uint128 *significand) {
    int count = 0;
    for (; is_digit(text[count]); count++) {
        if (__builtin_mul_overflow(*significand, (uint128)10, significand) ||
            __builtin_add_overflow(*significand, (uint128)(text[count] - '0'), significand)) {
            return -1;
        }
    }
    return count;
}

/* "e3", "E-12"; an E that no digits follow begins a unit (5 EUR). Returns the length used; -1 when
 * the exponent is out of range. */
static int read_exponent(const char *text, int *exponent) {
    if (text[0] != 'e' && text[0] != 'E') {
        return 0;
    }
    int at = 1;
    bool negative = text[at] == '-';
    at += negative || text[at] == '+';
    if (!is_digit(text[at])) {
        return 0;
    }
    int value = 0;
    for (; is_digit(text[at]); at++) {
        value = value * 10 + (text[at] - '0');
        if (value > EXPONENT_MAX) {
            return -1;
        }
    }
    *exponent += negative ? -value : value;
    return at;
}

/* "", " min", "%", "/h", "EUR/kg": a date or an hour of the day is no number with a unit. */
static bool is_unit(const char *text) {
    text += *text == ' ';
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
        if (!is_letter && c != '%' && c != '/') {
            return false;
        }
    }
    return true;
}

bool merge_decimal_read(const char *text, struct merge_decimal *decimal) {
    *decimal = (struct merge_decimal){.negative = text[0] == '-'};
    const char *at = text + decimal->negative;
    int whole = read_digits(at, &decimal->significand);
    if (whole <= 0) {
        return false;
    }
    at += whole;
    if (*at == '.') {
        int fraction = read_digits(at + 1, &decimal->significand);
        if (fraction <= 0) {
            return false;
        }
        decimal->exponent = -fraction;
        at += 1 + fraction;
    }
    int used = read_exponent(at, &decimal->exponent);
    if (used < 0) {
        return false;
    }
    decimal->unit = at + used;
    return is_unit(decimal->unit);
}

/* Afterwards each value has one form. */
static void strip_zeros(struct merge_decimal *decimal) {
    if (decimal->significand == 0) {
        decimal->exponent = 0;
        decimal->negative = false;
        return;
    }
    while (decimal->significand % 10 == 0) {
        decimal->significand /= 10;
        decimal->exponent++;
    }
}

static int count_digits(uint128 significand) {
    int count = 0;
    for (; significand > 0; significand /= 10) {
        count++;
    }
    return count;
}

bool merge_decimal_multiply(const struct merge_decimal *a, const struct merge_decimal *b,
                            struct merge_decimal *product) {
    struct merge_decimal x = *a, y = *b;
    strip_zeros(&x);
    strip_zeros(&y);
    *product = (struct merge_decimal){
        .negative = x.negative != y.negative,
        .exponent = x.exponent + y.exponent,
        .unit = a->unit,
    };
    if (__builtin_mul_overflow(x.significand, y.significand, &product->significand)) {
        return false;
    }
    strip_zeros(product);
    int digits = count_digits(product->significand);
    return digits <= UNITS_DIGITS_MAX && digits + product->exponent <= UNITS_WHOLE_MAX &&
           -product->exponent <= UNITS_DECIMALS_MAX;
}

char *merge_decimal_print(struct arena *arena, const struct merge_decimal *decimal) {
    char digits[64]; /* the significand, with zeros before it up to one before the point */
    int decimals = decimal->exponent < 0 ? -decimal->exponent : 0;
    size_t at = sizeof digits;
    uint128 rest = decimal->significand;
    for (int count = 0; rest > 0 || count <= decimals; count++) {
        digits[--at] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    }
    int whole = (int)(sizeof digits - at) - decimals;
    return arena_format(arena, "%s%.*s%.*s%s%.*s%s", decimal->negative ? "-" : "", whole,
                        digits + at, decimal->exponent > 0 ? decimal->exponent : 0,
                        "000000000000000000", decimals > 0 ? "." : "", decimals,
                        digits + at + whole, decimal->unit);
}
