/* SPDX-License-Identifier: GPL-3.0-or-later
 * measure.h - a measure: what the law attaches to a goods code, for an origin, for a while.
 *
 * Two time axes: `valid` is when the goods are declared, `known` is when one looks at the law. A
 * correction with retroactive effect is a new row; the old one ends to be known the day before.
 * All ends are included. What a measure refers to by name is an index into a register of the tariff
 * (schedule.h), 0 for none. */
#ifndef CORE_TARIFF_MEASURE_H
#define CORE_TARIFF_MEASURE_H

#include "core/tariff/duty.h"

#include <stdbool.h>
#include <stdint.h>

/* What a measure of a type does, so that an assessment need not know national numbers. */
#define MEASURE_KINDS(X)                                                        \
    X(prohibition, "nothing of the kind may come in")                           \
    X(licence, "comes in with a document only")                                 \
    X(unit, "a supplementary unit is to be declared")                           \
    X(duty, "the duty that everybody pays")                                     \
    X(preference, "a lower duty for goods that originate in an area")           \
    X(quota, "a lower duty for a quantity, whatever the origin")                \
    X(preferential_quota, "a lower duty for a quantity from an area")           \
    X(suspension, "a duty that is suspended for anybody")                       \
    X(relief, "a duty that is waived for a use or a person")                    \
    X(additional, "a duty on top")                                              \
    X(anti_dumping, "a duty on top, against a price below the home market's")   \
    X(countervailing, "a duty on top, against a subsidy")                       \
    X(safeguard, "a duty on top or instead, after a surge; may have a trigger") \
    X(excise, "a tax on the goods, home-made or not")                           \
    X(vat, "a tax on the turnover")                                             \
    X(fee, "the price of a service")                                            \
    X(statistic, "no money and no ban: surveillance, references, remarks")

enum measure_kind {
#define X(name, doc) MEASURE_KIND_##name,
    MEASURE_KINDS(X)
#undef X
        MEASURE_KIND_COUNT
};

/* "anti_dumping"; the kind of a name, or -1. */
const char *measure_kind_name(enum measure_kind kind);
int measure_kind_find(const char *name);

enum measure_movement { MOVEMENT_IMPORT = 1, MOVEMENT_EXPORT = 2, MOVEMENT_BOTH = 3 };

/* What a type says about a part of its measures. */
enum measure_need { NEED_FORBIDDEN, NEED_PERMITTED, NEED_REQUIRED };

struct measure_type {
    const char *id;          /* "103" */
    const char *description; /* "third country duty" */
    const char *levy;        /* the levy of the jurisdiction it feeds: "duty", "vat"; may be NULL */
    enum measure_kind kind;
    enum measure_movement movement;
    enum measure_need duty, order_number, additional_code;
    uint16_t series; /* index in the register of series, in whose order measures are found */
    uint8_t level;   /* the most digits of a code it may stand on: 2 to 10 */
    uint16_t order;  /* rank among all types: series first, then as they stand in the file */
    int32_t valid_from, valid_to;
    struct place place;
};

/* How a condition is met. The first of its group that is met says what happens; without one the
 * group's last action does, see condition_action. All groups have to let the measure pass. */
enum condition_test {
    CONDITION_DOCUMENT,     /* `certificate` is presented */
    CONDITION_PRICE_MIN,    /* value per `unit` is at least the threshold */
    CONDITION_PRICE_MAX,    /* ... at most ... */
    CONDITION_VALUE_MIN,    /* the value of the line is at least the threshold */
    CONDITION_VALUE_MAX,    /* ... at most ... */
    CONDITION_QUANTITY_MIN, /* the quantity in `unit` is at least the threshold */
    CONDITION_QUANTITY_MAX, /* ... at most ... */
    CONDITION_OTHERWISE,    /* always met: what else happens */
};
#define CONDITION_TEST_CHOICES \
    "document|price_min|price_max|value_min|value_max|quantity_min|quantity_max|otherwise"

enum condition_action {
    CONDITION_APPLY,    /* the measure applies: with the condition's duty, else with its own */
    CONDITION_NOT,      /* the measure does not apply */
    CONDITION_PROHIBIT, /* the goods may not come in */
};
#define CONDITION_ACTION_CHOICES "apply|not_apply|prohibit"

struct condition {
    char group; /* a letter; conditions of a group stand together, in the order they are judged */
    enum condition_test test;
    enum condition_action action;
    uint16_t certificate;
    struct duty_component threshold; /* amount, currency, scale and unit, for prices and the like */
    uint32_t duty;                   /* index of a duty, 0 for the measure's own */
};

/* Day and month in one number that sorts by date: 32 * month + day. */
static inline unsigned measure_day_of_year(unsigned month, unsigned day) {
    return 32 * month + day;
}

struct measure {
    const char *id; /* of the file; NULL where it has none */
    int32_t valid_from, valid_to;
    int32_t known_from, known_to;
    uint32_t line;      /* of the nomenclature: the first version of its code and suffix */
    uint32_t duty;      /* of the tariff's duties; 0 for none */
    uint32_t condition; /* the first, in the tariff's conditions */
    uint32_t exclusion; /* the first excluded area, in the tariff's exclusions */
    uint32_t footnote;  /* the first, in the tariff's measure_footnotes */
    uint16_t type;
    uint16_t area;
    uint16_t additional_code;
    uint16_t act;
    uint16_t order_number;           /* of a quota */
    uint16_t scheme;                 /* of origin, whose rules a preference asks for */
    uint16_t trigger;                /* of a surge measure */
    uint16_t season_from, season_to; /* measure_day_of_year, both included; 0 for all year */
    uint8_t condition_count, exclusion_count, footnote_count;
    uint32_t record; /* where it was written: index in the tariff's records */
};

/* Whether a season, which may cross the year end, includes the day. */
bool measure_in_season(unsigned season_from, unsigned season_to, int64_t day);

/* Reads "15/05" (day/month); 0 and an existing day of a leap year, or -1. */
int measure_season(const char *text, uint16_t *day_of_year);

#endif
