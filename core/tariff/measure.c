/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tariff/measure.h"

#include <string.h>

static const char *const kind_names[] = {
#define X(name, doc) #name,
    MEASURE_KINDS(X)
#undef X
};

const char *measure_kind_name(enum measure_kind kind) {
    return kind_names[kind];
}

int measure_kind_find(const char *name) {
    for (int kind = 0; kind < MEASURE_KIND_COUNT; kind++) {
        if (strcmp(kind_names[kind], name) == 0) {
            return kind;
        }
    }
    return -1;
}

/* Month and day of a day since 1970-01-01, in the proleptic Gregorian calendar; years begin in
 * March, so that the leap day is the last (Hatcher 1984, with the era of 146,097 days). */
static unsigned day_of_year(int64_t day) {
    int64_t shifted = day + 719468; /* days since 0000-03-01 */
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    unsigned of_era = (unsigned)(shifted - era * 146097);
    unsigned year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    unsigned of_year = of_era - (365 * year + year / 4 - year / 100);
    unsigned month = (5 * of_year + 2) / 153;
    return measure_day_of_year(month < 10 ? month + 3 : month - 9,
                               of_year - (153 * month + 2) / 5 + 1);
}

bool measure_in_season(unsigned season_from, unsigned season_to, int64_t day) {
    if (season_from == 0) {
        return true;
    }
    unsigned today = day_of_year(day);
    return season_from <= season_to ? season_from <= today && today <= season_to
                                    : season_from <= today || today <= season_to;
}

/* Up to two digits; the text behind them or NULL. */
static const char *take_number(const char *text, unsigned *number) {
    unsigned digits = 0;
    *number = 0;
    for (; *text >= '0' && *text <= '9' && digits < 3; text++, digits++) {
        *number = *number * 10 + (unsigned)(*text - '0');
    }
    return digits == 1 || digits == 2 ? text : NULL;
}

int measure_season(const char *text, uint16_t *season) {
    static const unsigned char lengths[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    unsigned day, month;
    text = take_number(text, &day);
    if (text == NULL || *text != '/') {
        return -1;
    }
    text = take_number(text + 1, &month);
    if (text == NULL || *text != '\0' || month < 1 || month > 12 || day < 1 ||
        day > lengths[month - 1]) {
        return -1;
    }
    *season = (uint16_t)measure_day_of_year(month, day);
    return 0;
}
