/* SPDX-License-Identifier: GPL-3.0-or-later
 * duty_number.c - see duty_number.h. */
#include "core/tariff/duty_number.h"

#include "core/base/wide.h"
#include "core/tariff/duty_text.h"

#include <stddef.h>

/* Whether a group of exactly three digits begins here. */
static bool is_group(const char *at) {
    return duty_text_is_digit(at[0]) && duty_text_is_digit(at[1]) && duty_text_is_digit(at[2]) &&
           !duty_text_is_digit(at[3]);
}

/* The decimals; zeros are held back until a digit follows them. */
static enum duty_number_kind read_decimals(const char **at, struct duty_number *number,
                                           int digits) {
    int zeros = 0, scale = 0;
    for (; duty_text_is_digit(**at); (*at)++) {
        if (**at == '0') {
            zeros += zeros <= DUTY_NUMBER_DIGITS_MAX;
            continue;
        }
        scale += zeros + 1;
        digits += number->numerator > 0 ? zeros + 1 : 1;
        if (scale > DUTY_NUMBER_DIGITS_MAX || digits > DUTY_NUMBER_DIGITS_MAX) {
            return DUTY_NUMBER_TOO_LARGE;
        }
        for (; zeros >= 0; zeros--) {
            number->numerator *= 10;
            number->denominator *= 10;
        }
        number->numerator += **at - '0';
        zeros = 0;
    }
    return DUTY_NUMBER_READ;
}

enum duty_number_kind duty_number_read(const char *at, struct duty_number *number,
                                       const char **end) {
    bool begins = duty_text_is_digit(*at) || (*at == '.' && duty_text_is_digit(at[1]));
    if (!begins) {
        return DUTY_NUMBER_NONE;
    }
    *number = (struct duty_number){0, 1};
    int digits = 0, leading = 0;
    for (;; at++) {
        if (*at == ',' && leading > 0 && leading <= 3 && is_group(at + 1)) {
            leading = 3;
            continue;
        }
        if (!duty_text_is_digit(*at)) {
            break;
        }
        digits += digits > 0 || *at != '0';
        if (digits > DUTY_NUMBER_DIGITS_MAX) {
            return DUTY_NUMBER_TOO_LARGE;
        }
        number->numerator = number->numerator * 10 + (*at - '0');
        leading++;
    }
    enum duty_number_kind kind = DUTY_NUMBER_READ;
    if (*at == '.' && duty_text_is_digit(at[1])) {
        at++;
        kind = read_decimals(&at, number, digits);
    }
    /* "4.%"; one schedule has "7.5.%" */
    *end = *at == '.' && *duty_text_skip(at + 1) == '%' ? at + 1 : at;
    return kind;
}

static enum duty_number_kind read_digits(const char **at, int64_t *number) {
    *number = 0;
    const char *begin = *at;
    for (; duty_text_is_digit(**at); (*at)++) {
        if (*number > DUTY_NUMBER_DENOMINATOR_MAX / 10 - 1) {
            return DUTY_NUMBER_TOO_LARGE;
        }
        *number = *number * 10 + (**at - '0');
    }
    return *at > begin ? DUTY_NUMBER_READ : DUTY_NUMBER_NONE;
}

static bool is_behind_fraction(const char *at) {
    at = duty_text_skip(at);
    bool is_word =
        duty_text_is_letter(at[0]) && duty_text_is_letter(at[1]) && duty_text_is_letter(at[2]);
    return *at == '%' || is_word || (at[0] == '\xC2' && at[1] == '\xA2');
}

enum duty_number_kind duty_number_read_fraction(const char *at, struct duty_number *number,
                                                const char **end) {
    int64_t whole = number->numerator, top = whole, bottom = 0;
    if (number->denominator != 1) {
        return DUTY_NUMBER_NONE;
    }
    if (*at == '/') {
        whole = 0;
    } else {
        const char *fraction = duty_text_skip(at);
        enum duty_number_kind kind =
            fraction > at ? read_digits(&fraction, &top) : DUTY_NUMBER_NONE;
        if (kind != DUTY_NUMBER_READ || *fraction != '/') {
            return DUTY_NUMBER_NONE;
        }
        at = fraction;
    }
    at++;
    enum duty_number_kind kind = read_digits(&at, &bottom);
    if (kind == DUTY_NUMBER_NONE || bottom == 0 || !is_behind_fraction(at)) {
        return DUTY_NUMBER_NONE;
    }
    int128 numerator = (int128)whole * bottom + top;
    if (kind == DUTY_NUMBER_TOO_LARGE || numerator > INT64_MAX / 10) {
        return DUTY_NUMBER_TOO_LARGE;
    }
    *number = (struct duty_number){(int64_t)numerator, bottom};
    *end = at;
    return DUTY_NUMBER_READ;
}

enum duty_number_kind duty_number_read_whole(const char *at, int64_t *number, const char **end) {
    if (!duty_text_is_digit(*at)) {
        return DUTY_NUMBER_NONE;
    }
    int leading = 0;
    *number = 0;
    for (;; at++) {
        if ((*at == ',' || *at == ' ') && leading <= 3 && is_group(at + 1)) {
            leading = 3;
            continue;
        }
        if (!duty_text_is_digit(*at)) {
            break;
        }
        *number = *number * 10 + (*at - '0');
        if (*number > INT64_C(999999999999999)) {
            return DUTY_NUMBER_TOO_LARGE;
        }
        leading++;
    }
    *end = at;
    return *number > 0 ? DUTY_NUMBER_READ : DUTY_NUMBER_NONE;
}
