/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_facts.h - what a page of rules may ask of the ledger, and what it may say in return.
 *
 * One row describes one fact: an input of a page is the fact of the same name, so the page says
 * which entries of the state it reads. An output is the outcome of the same name. */
#ifndef CORE_CONTRACT_CONTRACT_FACTS_H
#define CORE_CONTRACT_CONTRACT_FACTS_H

#include "core/base/money.h"
#include "core/rule/decimal.h"
#include "core/rule/value.h"

#include <stddef.h>

enum { CONTRACT_CODE_MAX = 24, CONTRACT_WORDS_MAX = 8 };

/* As a number: nothing is known. */
#define CONTRACT_UNKNOWN INT64_MIN

/* Words by number, 0 for none; the order of the words in contract_facts.c. */
enum contract_category {
    CATEGORY_UNRESTRICTED = 1,
    CATEGORY_FOOD,
    CATEGORY_MEDICINE,
    CATEGORY_DUAL_USE,
    CATEGORIES
};
enum contract_end_use { END_USE_CIVIL = 1, END_USE_MILITARY, END_USE_UNKNOWN, END_USES };
enum contract_trader {
    TRADER_NEW = 1,
    TRADER_KNOWN,
    TRADER_PARTICIPANT,
    TRADER_AUTHORISED,
    TRADERS
};
enum contract_channel { CHANNEL_GREEN = 1, CHANNEL_YELLOW, CHANNEL_RED, CHANNELS };
enum contract_licence_status {
    LICENCE_VALID = 1,
    LICENCE_EXPIRED,
    LICENCE_REVOKED,
    LICENCE_STATUSES
};
enum contract_inspection_result { INSPECTION_PASSED = 1, INSPECTION_FAILED, INSPECTION_RESULTS };

/* All that is known when a contract is called. */
struct contract_facts {
    int64_t value_e4, duty_e4, due_e4, paid_e4, overpaid_e4, escrow_e4, guaranteed_e4;
    int64_t balance_e4, claimed_e4, guarantee_left_e4, price_e4;
    int64_t risk_score, rank, instalments_asked;
    int64_t days_since_lodging, days_since_release, days_as_trader;
    int64_t licence_days_left, guarantee_days_left, inspection_days;
    int64_t covered_e9, draw_e9;                                     /* shares */
    uint8_t trader, category, end_use, channel, licence, inspection; /* words */
    bool assessed, approved, licensed, inspected, released;
    char chapter[CONTRACT_CODE_MAX + 1], origin[CONTRACT_CODE_MAX + 1]; /* "" for none */
    char purpose[CONTRACT_CODE_MAX + 1];
};

enum contract_fact_kind {
    FACT_MONEY, /* int64_t, ten-thousandths */
    FACT_COUNT, /* int64_t */
    FACT_SHARE, /* int64_t, thousand-millionths */
    FACT_WORD,  /* uint8_t */
    FACT_FLAG,  /* bool */
    FACT_CODE,  /* char[CONTRACT_CODE_MAX + 1] */
};

struct contract_fact {
    const char *name;
    enum contract_fact_kind kind;
    size_t offset;
    const char *doc;
    const char *words[CONTRACT_WORDS_MAX]; /* of a word: those of 1, 2, ...; NULL ends them */
};

/* NULL-named at the end. */
extern const struct contract_fact contract_facts_list[];

/* What a page has decided. Outcomes that it has no output for keep their zeros. */
struct contract_outcome {
    int64_t amount_e4;
    struct decimal relief, surcharge; /* shares, 0 .. 1 */
    int64_t count, days, rank;
    uint8_t channel;
    const char *decision, *reason; /* texts of the page; NULL for none */
};

enum contract_outcome_kind {
    OUTCOME_DECISION,  /* text: the type's word for granting, or any other */
    OUTCOME_REASON,    /* text */
    OUTCOME_CHANNEL,   /* text: green, yellow or red */
    OUTCOME_RELIEF,    /* share of the duty that is not due */
    OUTCOME_SURCHARGE, /* share of the duty that comes on top */
    OUTCOME_AMOUNT,    /* money */
    OUTCOME_COUNT,     /* integer */
    OUTCOME_DAYS,      /* integer */
    OUTCOME_RANK,      /* integer */
    OUTCOME_KINDS
};

struct contract_outcome_row {
    const char *name;
    enum value_type type;
    int dimension;
    const char *doc;
};

/* By enum contract_outcome_kind. */
extern const struct contract_outcome_row contract_facts_outcomes[OUTCOME_KINDS];

/* share * amount to the ten-thousandth, half to even; share 0 .. 1. */
int64_t contract_facts_part(int64_t amount_e4, struct decimal share);

#endif
