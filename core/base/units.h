/* SPDX-License-Identifier: GPL-3.0-or-later
 * units.h - quantities as people write them, converted once, at the border.
 *
 * Inside there is one unit a dimension: nanoseconds for time (int64_t), seconds for real-valued
 * time, kilograms, metres, shares 0..1, ten-thousandths of money. Nothing here looks at the locale,
 * and a value is the double nearest to what is written, unit included.
 *
 *     quantity = number [unit]
 *     number   = ["-"] digits ["." digits] [("e" | "E") ["-" | "+"] digits]
 *     unit     = name | currency | "/" time | currency "/" (time | mass) */
#ifndef CORE_BASE_UNITS_H
#define CORE_BASE_UNITS_H

#include "core/base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum dimension {
    DIMENSION_NONE,           /* a bare number */
    DIMENSION_TIME,           /* ns us ms s min h d week      -> seconds */
    DIMENSION_MASS,           /* g kg t                       -> kilograms */
    DIMENSION_SHARE,          /* %                            -> 0..1 where it is a share */
    DIMENSION_MONEY,          /* USD EUR CNY ... (any ISO 4217 code) -> currency units */
    DIMENSION_RATE,           /* 12/h, 300/d                  -> per second */
    DIMENSION_MONEY_PER_TIME, /* 30 USD/h                     -> currency units per second */
    DIMENSION_MONEY_PER_MASS, /* 2 USD/kg                     -> currency units per kilogram */
    DIMENSION_LENGTH,         /* m km                         -> metres */
    DIMENSION_COUNT
};

struct quantity {
    double value; /* in the unit on the right above */
    enum dimension dimension;
    char currency[4]; /* for the money dimensions, else empty */
};

/* What a unit is worth: one of it is numerator / denominator inside units. */
struct unit {
    enum dimension dimension;
    int64_t numerator, denominator;
    char currency[4];
};

enum {
    UNITS_DIGITS_MAX = 17,   /* significant digits of a number */
    UNITS_DECIMALS_MAX = 27, /* places after the point, exponent included */
    UNITS_WHOLE_MAX = 18,    /* places before it */
};

/* Reads "35 min", "35min", "-4.5 h", "10 %", "100 USD", "30 USD/h", "1e3 kg", "12"; blanks around
 * it are skipped. A bare number has DIMENSION_NONE, also where the caller takes it for a share. A
 * time is at most UNITS_SECONDS_MAX long, so units_ns takes it. Errors name the text, say what is
 * wrong and name the nearest unit or all of them. */
int units_parse(const char *text, struct quantity *quantity, struct place place, struct error *err);

/* The unit spelled by the first `length` bytes of `text`, e.g. "min", "%", "/h", "USD/kg"; -1 when
 * there is none. */
int units_find(const char *text, unsigned length, struct unit *unit);

const char *units_dimension_name(enum dimension dimension); /* "time" */
const char *units_examples(enum dimension dimension);       /* "e.g. 35 min, 2 h, 1.5 d" */

/* Nanoseconds of a time in seconds, to nearest, ties to even; REQUIREs |seconds| <=
 * UNITS_SECONDS_MAX (291 years). */
#define UNITS_SECONDS_MAX 9.2e9
int64_t units_ns(double seconds);

/* "2 d 4 h", "35 min", "1.5 s", "0 s": the two largest units, for people. Returns the length. */
unsigned units_print_time(int64_t time_ns, char text[48]);

/* Dates of the proleptic Gregorian calendar as days since 1970-01-01, from UNITS_DAY_MIN
 * (1600-01-01) to UNITS_DAY_MAX (9999-12-31). Printing REQUIREs a day in this range. */
enum { UNITS_DAY_MIN = -135140, UNITS_DAY_MAX = 2932896 };
int units_parse_date(const char *text, int64_t *day, struct place place, struct error *err);
unsigned units_print_date(int64_t day, char text[16]);
int units_weekday(int64_t day); /* 0 Monday .. 6 Sunday */

#endif
