/* SPDX-License-Identifier: GPL-3.0-or-later
 * units.h - quantities as people write them, converted once, at the border.
 *
 * Inside there is one unit a dimension: nanoseconds for time (int64_t), seconds for real-valued
 * time, kilograms, metres, shares 0..1, degrees Celsius, ten-thousandths of money. */
#ifndef CORE_BASE_UNITS_H
#define CORE_BASE_UNITS_H

#include "core/base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum dimension {
    DIMENSION_NONE,           /* a bare number */
    DIMENSION_TIME,           /* ns us ms s min h d week      -> seconds */
    DIMENSION_MASS,           /* g kg t                       -> kilograms */
    DIMENSION_SHARE,          /* %, or a bare number in 0..1  -> 0..1 */
    DIMENSION_MONEY,          /* USD EUR CNY ... (any ISO 4217 code) -> currency units */
    DIMENSION_RATE,           /* 12/h, 300/d                  -> per second */
    DIMENSION_MONEY_PER_TIME, /* 30 USD/h             -> currency units per second */
    DIMENSION_MONEY_PER_MASS, /* 2 USD/kg             -> currency units per kilogram */
    DIMENSION_LENGTH,         /* m km                         -> metres */
    DIMENSION_COUNT
};

struct quantity {
    double value; /* in the unit on the right above */
    enum dimension dimension;
    char currency[4]; /* for the money dimensions, else empty */
};

/* Reads "35 min", "35min", "-4.5 h", "10 %", "100 USD", "30 USD/h", "1e3 kg", "12". The whole text
 * must be used. Errors name the text, say what is wrong and list the units of the dimension. */
int units_parse(const char *text, struct quantity *quantity, struct place place, struct error *err);

const char *units_dimension_name(enum dimension dimension); /* "time" */
const char *units_examples(enum dimension dimension);       /* "e.g. 35 min, 2 h, 1.5 d" */

/* Nanoseconds of a time in seconds, to nearest; REQUIREs |seconds| < 9.2e9. */
int64_t units_ns(double seconds);

/* "2 d 4 h", "35 min", "1.5 s", "0 s": the two largest units, for people. Returns the length. */
unsigned units_print_time(int64_t time_ns, char text[48]);

/* Dates of the proleptic Gregorian calendar as days since 1970-01-01. */
int units_parse_date(const char *text, int64_t *day, struct place place, struct error *err);
unsigned units_print_date(int64_t day, char text[16]);
int units_weekday(int64_t day); /* 0 Monday .. 6 Sunday */

#endif
