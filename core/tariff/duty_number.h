/* SPDX-License-Identifier: GPL-3.0-or-later
 * duty_number.h - numbers of duty expressions: "9.10", "1,000", "33 1/3". */
#ifndef CORE_TARIFF_DUTY_NUMBER_H
#define CORE_TARIFF_DUTY_NUMBER_H

#include <stdint.h>

/* Digits behind leading zeros that a number may have, and decimals of them. */
enum { DUTY_NUMBER_DIGITS_MAX = 18 };
#define DUTY_NUMBER_DENOMINATOR_MAX INT64_C(100000000000000000)

struct duty_number {
    int64_t numerator, denominator; /* not below zero; above zero */
};

enum duty_number_kind { DUTY_NUMBER_NONE, DUTY_NUMBER_READ, DUTY_NUMBER_TOO_LARGE };

/* A decimal number with commas between groups of three digits or none; zeros at its end don't
 * count. */
enum duty_number_kind duty_number_read(const char *at, struct duty_number *number,
                                       const char **end);

/* A fraction behind the whole number just read, up to `end`: "33 1/3", or "1/3" alone; only where
 * `%`, `percent`, a cent or three letters follow, so that "$1/1000" is no fraction. */
enum duty_number_kind duty_number_read_fraction(const char *at, struct duty_number *number,
                                                const char **end);

/* A whole number above zero of at most 15 digits, with commas or spaces between groups of three. */
enum duty_number_kind duty_number_read_whole(const char *at, int64_t *number, const char **end);

#endif
