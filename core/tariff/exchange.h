/* SPDX-License-Identifier: GPL-3.0-or-later
 * exchange.h - what a unit of another currency is worth, by date.
 *
 *     currency: GBP                        # of all amounts of the tariff
 *     exchange:
 *       rate_round: down 0.01              # of an amount per unit, once converted; optional
 *       rates:
 *         EUR: 0.8571                      # always, or by date: a list, or a file of rows
 *         USD: [{from: 2020-01-01, to: 2020-01-31, rate: 0.7612}]
 *         XEM: {rows: |                    # month_start,rate; each to the day before the next
 *             2016-01-01,0.7298
 *             2016-02-01,0.75965}
 *
 * Rates of a currency are in order of date and don't overlap; a day in a gap has no rate. */
#ifndef CORE_TARIFF_EXCHANGE_H
#define CORE_TARIFF_EXCHANGE_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/node.h"
#include "core/tariff/exact.h"

#include <stdint.h>

struct exchange_rate {
    int64_t from_day, to_day; /* both included */
    struct exact rate;        /* of the tariff's currency for one of the other */
};

struct exchange_currency {
    char code[4];
    uint32_t count;
    const struct exchange_rate *rates; /* by date */
};

enum { EXCHANGE_CURRENCIES_MAX = 64 };

struct exchange {
    char own[4];              /* empty: any, and nothing is converted */
    struct rounding rounding; /* of converted amounts per unit */
    unsigned count;
    struct exchange_currency currencies[EXCHANGE_CURRENCIES_MAX];
};

/* Reads `currency` and `exchange` of a document; both may be absent. -1 and an error. */
int exchange_read(const struct node *document, struct arena *arena, struct exchange *exchange,
                  struct error *err);

/* The index of a currency that has rates; EXCHANGE_OWN for the tariff's own, EXCHANGE_UNKNOWN. */
enum { EXCHANGE_OWN = -1, EXCHANGE_UNKNOWN = -2 };
int exchange_find(const struct exchange *exchange, const char code[4]);

/* The rate on a day, or NULL. */
const struct exact *exchange_on(const struct exchange *exchange, int currency, int64_t day);

/* Reads "half_up 0.01" or "none". -1 and an error at the node. */
int exchange_rounding(const struct node *node, struct rounding *rounding, struct error *err);

/* Reads an exact number of a scalar, "12.5", "1/3" or "15 %"; -1 and an error at the node. */
int exchange_number(const struct node *node, struct exact *number, struct error *err);

/* Reads a date; -1 and an error at the node. An absent node leaves the day alone. */
int exchange_day(const struct node *node, int64_t *day, struct error *err);

#endif
