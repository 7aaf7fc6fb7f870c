/* SPDX-License-Identifier: GPL-3.0-or-later
 * surge.h - measures that imports themselves trigger: a surge in volume, or a price that is too
 * low.
 *
 * Volume: when what came in within a window exceeds a share of a reference volume, the surge is
 * found that day; after a notice the rate is raised, and after a term it ends. Goods that were
 * shipped before the surge was found may be spared. Price: the further the import price lies below
 * the trigger price, the larger the share of the gap that is charged, part by part (Agreement on
 * Agriculture, article 5(5)). A measure with a duty of its own is triggered by volume; one without
 * charges what the price brackets say, unless the volume raises a rate: never both (article 5(1)).
 *
 * The law is in `struct surges`; what came in is in a `struct surge_book` that the caller holds.
 *
 *     surges:
 *       beef:                          # the name that measures call their trigger
 *         volume:
 *           unit: kg
 *           window: 30                 # days, today included; or year: since 1 January
 *           reference: 1000000         # or a list of {from: DATE, volume: ...}
 *           above: 125 %               # found when more than this came in; or at_least: 125 %
 *           notice: 14                 # days from the day it is found to the first dear day
 *           term: 90                   # dear days; or year: to 31 December
 *           pause: 0                   # days after the term in which none is found
 *           spares_in_transit: true    # goods shipped before it was found
 *         price:
 *           trigger: 100               # of one unit
 *           per: kg
 *           currency: EUR
 *           brackets:                  # parts of the gap, as shares of the trigger price
 *             - {up_to: 10 %, rate: 0 %}
 *             - {up_to: 40 %, rate: 30 %}
 *             - {rate: 50 %} */
#ifndef CORE_TARIFF_SURGE_H
#define CORE_TARIFF_SURGE_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/node.h"
#include "core/tariff/exact.h"

#include <stdbool.h>
#include <stdint.h>

enum { SURGE_WINDOW_MAX = 3660, SURGE_EPISODES_MAX = 16, SURGE_BRACKETS_MAX = 32 };
#define SURGE_VOLUME_MAX INT64_C(1000000000000)

struct surge_reference {
    int64_t from_day;
    struct exact volume;
};

struct surge_bracket {
    struct exact up_to; /* share of the trigger price; the last has none, denominator 0 */
    struct exact rate;
};

struct surge {
    const char *name;
    const char *unit; /* NULL where no volume triggers it */
    int window_days;  /* 0: since the begin of the calendar year */
    unsigned reference_count;
    const struct surge_reference *references; /* sorted; the last that has begun counts */
    struct exact share;
    bool is_at_least;
    int notice_days, term_days, pause_days; /* term 0: to the end of the calendar year */
    bool spares_in_transit;
    unsigned bracket_count; /* 0 where no price triggers it */
    const struct surge_bracket *brackets;
    struct exact trigger_price; /* of one unit */
    const char *price_unit, *currency;
};

struct surges {
    unsigned count;
    const struct surge *items;
};

/* Reads the section. -1 and an error with its place. */
int surge_read(const struct node *section, struct arena *arena, struct surges *surges,
               struct error *err);

/* The index; -1 when there is none. */
int surge_find(const struct surges *surges, const char *name);

/* A time in which the rate is raised, days included. */
struct surge_episode {
    int64_t found_day, from_day, to_day;
};

struct surge_state {
    struct exact *days; /* what came in, by day modulo the window; NULL for a year */
    struct exact sum;   /* of the window */
    int64_t day;        /* the last of the window */
    unsigned episode_count;
    struct surge_episode episodes[SURGE_EPISODES_MAX]; /* the latest ones, oldest first */
};

struct surge_book {
    const struct surges *surges;
    struct surge_state *states; /* one a surge */
};

/* Opens a book in which nothing has come in up to `day`. */
void surge_book_open(struct surge_book *book, const struct surges *surges, int64_t day,
                     struct arena *arena);

/* Adds what came in on a day. A day after the last one moves the window; one before the window
 * changes nothing. Returns 1 when a surge is found by this, else 0; -1 and an error for a quantity
 * below zero, above SURGE_VOLUME_MAX, or with more than three decimal places. */
int surge_record(struct surge_book *book, int surge, int64_t day, struct exact quantity,
                 struct error *err);

/* The episode that raises the rate of goods on a day, shipped on another (INT64_MAX where that is
 * not known, which spares nothing); NULL when none does. */
const struct surge_episode *surge_applies(const struct surge_book *book, int surge,
                                          int64_t goods_day, int64_t shipped_day);

/* What a price below the trigger price costs, per the same unit: 0 for a price at or above it. -1
 * when an amount doesn't fit. */
int surge_price_duty(const struct surge *surge, struct exact price, struct exact *duty);

#endif
