/* SPDX-License-Identifier: GPL-3.0-or-later
 * feature.h - numbers about a declaration: its own, its price beside others', its trader's past.
 *
 * The past is what was declared and found before the declaration's day; so the order of rows within
 * a day tells nothing. Missing stays missing (NaN): a price of goods that nobody declared before, a
 * trader without name. */
#ifndef CORE_RISK_FEATURE_H
#define CORE_RISK_FEATURE_H

#include "core/risk/credit.h"
#include "core/risk/encode.h"
#include "core/risk/matrix.h"

#define FEATURES(X)                                                                            \
    X(mass, "mass")                          /* ln kg */                                       \
    X(value, "value")                        /* ln */                                          \
    X(unit_value, "unit value")              /* ln per kg */                                   \
    X(rate, "rate of duty")                  /* percent */                                     \
    X(price, "price")                        /* ln of unit value / median, goods and origin */ \
    X(price_anywhere, "price of goods")      /* the same, goods from anywhere */               \
    X(trader_count, "trader's declarations") /* ln(1 + how many before) */                     \
    X(trader_pause, "trader's pause")        /* ln(1 + days since the last) */                 \
    X(trader_month, "trader's month")        /* ln(1 + declarations this month, before) */     \
    X(trader_goods, "trader's same goods")   /* the same, of the goods */                      \
    X(trader_credit, "trader's credit")      /* score of credit.h / 1000 */                    \
    X(trader_route, "trader's route")        /* ln(1 + earlier ones of goods and route) */

enum feature_number {
#define X(name, doc) FEATURE_##name,
    FEATURES(X)
#undef X
        FEATURE_COUNT,
};

/* "unit value". */
extern const char *const feature_names[FEATURE_COUNT];

/* Medians of ln(unit value) by key, keys ascending. */
struct feature_price {
    uint64_t key;
    uint32_t count; /* values behind it */
    double median;
};

/* What is remembered of a trader, or of a trader with goods. */
struct feature_past {
    int32_t day, month; /* of the last declaration */
    uint32_t count, month_count;
    struct credit credit; /* of traders only */
};

struct feature_state {
    struct feature_price *prices;
    uint32_t price_count;
    struct memory keys; /* of the pasts */
    struct feature_past *pasts;
    size_t past_capacity;
    struct credit_rules rules;
    struct arena *arena;
};

enum { FEATURE_PRICES_MIN = 5 }; /* values before a median of goods and origin is used */

/* The prices of a table, and no past. */
void feature_begin(struct feature_state *state, const struct declaration_table *table,
                   const struct encode_row *rows, struct arena *arena);

/* Fills the FEATURE_COUNT columns of `matrix` from `first` on, one row a declaration, and lets what
 * is declared become the past; what is found, too, if the table's labels may be used. Traders for
 * whom there is no room stay strangers. */
void feature_stream(struct feature_state *state, const struct declaration_table *table,
                    const struct encode_row *rows, bool uses_labels, const struct matrix *matrix,
                    uint32_t first);

/* Nobody has a past any more. */
void feature_forget_past(struct feature_state *state);

/* The median that a row's price is held against, of goods and origin where enough is known and of
 * the goods else (then *from_anywhere is set); NULL where nothing is known. */
const struct feature_price *feature_price(const struct feature_state *state,
                                          const struct encode_row *row, bool *from_anywhere);

void feature_write(const struct feature_state *state, struct model_writer *writer);
void feature_read(struct feature_state *state, struct model_reader *reader, struct arena *arena);

#endif
