/* SPDX-License-Identifier: GPL-3.0-or-later
 * quota.h - tariff quotas: a lower duty for a quantity, given out by date of acceptance.
 *
 * The law is in `struct quotas`, immutable. What has been drawn is in a `struct quota_book` that
 * the caller holds, one a replication. Requests are settled by quota_allocate: first come first
 * served by date of acceptance; where the requests of one date ask for more than is left, each gets
 * the same share of it (Regulation (EU) 2015/2447, articles 49 to 54, which the UK kept). A request
 * may be served in part: the rest of its goods is out of quota.
 *
 * A quota may be part of another. A draw on the sub-quota draws on the main quota too, at a
 * coefficient (1.81 kg of carcass for 1 kg of boneless mutton): relation `normal` limits each by
 * its own volume and all by the main's; `equivalent` gives the sub-quota no volume of its own.
 *
 * Quantities are in the definition's unit and are granted in multiples of its step, rounded down,
 * so nothing is ever given out that isn't there and the order of requests of one date has no
 * effect. For each definition, exactly:
 *     opening + transferred_in - transferred_out + returned - drawn == balance >= 0.
 *
 * Layout of the section (scenarios/tariffs/README.md):
 *     quotas:
 *       "052016":                      # order number
 *         unit: kg
 *         step: 0.001                  # optional; what is granted is a multiple of it
 *         ties: pro_rata               # or in_order: requests of one date as they stand
 *         licensed: false              # only with a licence, and as far as it goes
 *         critical: {at: 90 %, from_opening: false, stays: false}
 *         part_of: {quota: "052000", relation: normal, coefficient: 1.81}
 *         definitions:
 *           - from: 2021-01-01
 *             to: 2021-12-31
 *             volume: 22000
 *             balance: 1727.2          # left when the book is opened; the volume unless said
 *             blocked: [{from: 2021-01-01, to: 2021-01-15}]    # requests wait
 *             suspended: [{from: 2021-03-01, to: 2021-03-31}]  # requests accepted then get nothing
 *             carry_over: {share: 50 %, max: 1000, on: 2022-02-01}   # to the next definition */
#ifndef CORE_TARIFF_QUOTA_H
#define CORE_TARIFF_QUOTA_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/node.h"
#include "core/tariff/exact.h"

#include <stdbool.h>
#include <stdint.h>

/* With these no sum or product of a book leaves 127 bits. */
enum {
    QUOTA_DECIMALS_MAX = 3,
    QUOTA_COEFFICIENT_DECIMALS_MAX = 4,
    QUOTA_COEFFICIENT_MAX = 1000,
    QUOTA_LEVELS_MAX = 3,
};
#define QUOTA_VOLUME_MAX INT64_C(1000000000000)

struct quota_period {
    int64_t from_day, to_day; /* both included */
};

enum quota_relation { QUOTA_ALONE, QUOTA_NORMAL, QUOTA_EQUIVALENT };

/* From when on goods in quota need a security for the full duty. */
struct quota_critical {
    struct exact used_share; /* critical when at least this is used */
    bool from_opening;       /* critical from the first day on, whatever is used */
    bool stays;              /* once critical, critical to the end, whatever is returned */
};

struct quota_carry {
    int to; /* index of the next definition; -1 for none */
    struct exact share;
    struct exact max;
    int64_t on_day;
};

struct quota_definition {
    const char *order_number;
    int64_t from_day, to_day; /* of acceptance, both included */
    struct exact volume;
    struct exact balance; /* left when a book is opened */
    const char *unit;
    struct exact step;
    bool in_order;
    bool licensed;
    struct quota_critical critical;
    unsigned blocked_count, suspended_count;
    const struct quota_period *blocked, *suspended;
    int main; /* index of the definition it is part of; -1 for none */
    enum quota_relation relation;
    struct exact coefficient; /* of the main quota's unit for one of its own */
    int level;                /* mains above it */
    struct quota_carry carry;
};

/* Sorted by order number and day. */
struct quotas {
    unsigned count;
    const struct quota_definition *definitions;
};

/* Reads the section, see above. -1 and an error with its place. */
int quota_read(const struct node *section, struct arena *arena, struct quotas *quotas,
               struct error *err);

/* The definition of the order number that takes goods accepted that day; -1 when there is none. */
int quota_find(const struct quotas *quotas, const char *order_number, int64_t day);

/* --- what has been drawn --- */

enum { QUOTA_NEVER = 0x7fffffff }; /* a day */

struct quota_balance {
    struct exact opening, transferred_in, transferred_out, drawn, returned, balance;
    int64_t critical_since_day; /* QUOTA_NEVER while it is not */
    bool carried;
    struct exact demand; /* of the requests being settled */
};

struct quota_book {
    const struct quotas *quotas;
    struct quota_balance *balances; /* one a definition */
};

/* Opens a book at the balances that the definitions start with. */
void quota_book_open(struct quota_book *book, const struct quotas *quotas, struct arena *arena);

enum quota_outcome {
    QUOTA_WAITING, /* not settled: a blocking period, or a date to come */
    QUOTA_GRANTED, /* all */
    QUOTA_PART,    /* the quota was exhausted in the middle */
    QUOTA_EMPTY,   /* nothing was left */
    QUOTA_CLOSED,  /* the date of acceptance is outside the definition */
    QUOTA_SUSPENDED,
    QUOTA_UNLICENSED, /* no licence, or none that is left */
};
const char *quota_outcome_name(enum quota_outcome outcome); /* "waiting", ... */

/* A request and what became of it. The caller fills in what stands above the line. */
struct quota_draw {
    int definition;
    int64_t accepted_day;
    struct exact asked;
    struct exact licence_left; /* what a licence still covers; zero for none */
    /* --- */
    enum quota_outcome outcome;
    struct exact granted; /* asked - granted is out of quota */
    struct exact returned;
};

/* Settles all waiting draws accepted up to `today` and returns their number: date by date, whatever
 * the order of the array. -1 and an error for a quantity below zero or above QUOTA_VOLUME_MAX, or
 * no such definition; then nothing was settled. */
int quota_allocate(struct quota_book *book, struct quota_draw *draws, unsigned count, int64_t today,
                   struct error *err);

/* What quota_allocate would do with this draw alone, without doing it. The same errors. */
int quota_preview(const struct quota_book *book, struct quota_draw *draw, int64_t today,
                  struct error *err);

/* Gives back what was granted and not used; refused when it is not a multiple of the step or more
 * than is left of the grant. */
int quota_return(struct quota_book *book, struct quota_draw *draw, struct exact quantity,
                 int64_t today, struct error *err);

/* The most that a draw on the definition could be granted now. */
struct exact quota_available(const struct quota_book *book, int definition);

/* Moves volume from one definition to another with the same unit, outside their mains; refused when
 * it is not there. */
int quota_transfer(struct quota_book *book, int from, int to, struct exact volume, int64_t today,
                   struct error *err);

/* Carries the balance over to the next definition, once, when its day has come; returns 1 when it
 * did, else 0. */
int quota_carry_over(struct quota_book *book, int definition, int64_t today);

/* (volume - balance) / volume, transfers counted with the volume; 1 where there is no volume. Of an
 * equivalent sub-quota: its main's. */
struct exact quota_used_share(const struct quota_book *book, int definition);

/* Whether goods accepted that day need a security: it or a main of it is critical by then. */
bool quota_is_critical(const struct quota_book *book, int definition, int64_t accepted_day);

#endif
