/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract.h - a page of rules as a contract: a decision table whose inputs are facts of the
 * ledger, and a type, which says what is done there when the page grants it.
 *
 *     declaration   approval   channel   licence   recognition   priority
 *     money         exemption  escrow    guarantee instalments   refund    sale (of a title)
 *
 * The page is all that a lawyer reads and changes: dates, rates, thresholds, references. What a
 * type does is fixed, and what it may never do (contract_audit.h) holds whatever the page says.
 *
 * Every call terminates; its cost is counted and its bound is known beforehand. */
#ifndef CORE_CONTRACT_CONTRACT_H
#define CORE_CONTRACT_CONTRACT_H

#include "core/contract/contract_facts.h"
#include "core/rule/rule.h"

enum {
    CONTRACT_COST_MAX = 20000,      /* of a page */
    CONTRACT_PAGE_SIZE_MAX = 32768, /* bytes of its text */
};

#define CONTRACT_AMOUNT_MAX_E4 ((int64_t)10000000000000000) /* 10^12 of a currency */

struct contract_call; /* contract_call.h */

/* Who may call. */
enum contract_caller {
    CALLER_DECLARANT = 1, /* of the case */
    CALLER_OWNER = 2,     /* of the contract */
    CALLER_PARTNER = 4,   /* of the contract */
    CALLER_ANYBODY = 8,
};

struct contract_type {
    const char *name, *doc;
    const char *grant; /* the decision with which it is done; NULL: with any rule that fires */
    unsigned callers;  /* bits of enum contract_caller */
    unsigned outcomes; /* bits of enum contract_outcome_kind: outputs that the page must have */
    bool has_case;     /* called about a case of the contract's owner */
    bool has_bank;     /* the contract names a bank, whose money it moves */
    /* Adds facts of its own. NULL; or why it can't be called. NULL pointer: there are none. */
    const char *(*gather)(struct contract_call *call);
    /* What is done. NULL; or why not, and nothing is. */
    const char *(*act)(struct contract_call *call);
};

/* clang-format off */
#define CONTRACT_TYPES(X) \
    X(none) X(approval) X(channel) X(licence) X(recognition) X(priority) \
    X(exemption) X(escrow) X(guarantee) X(instalments) X(refund) X(sale)
/* clang-format on */

#define X(name) extern const struct contract_type contract_type_##name;
CONTRACT_TYPES(X)
#undef X

/* In the order above; NULL beyond the last. */
const struct contract_type *contract_type_at(unsigned index);

/* -1 when no type is called that. */
int contract_type_find(const char *name);

struct contract; /* a page compiled for a type, immutable; lives in the arena */

/* NULL and an error with its place when the page is wrong, or asks or says what the type doesn't
 * know. `file` must live as long; an overlay is to be resolved before. */
const struct contract *contract_compile(const struct contract_type *type, const struct node *file,
                                        struct arena *arena, struct error *err);

const struct contract_type *contract_type_of(const struct contract *contract);
const struct rule *contract_rule(const struct contract *contract);

/* What the page counts money in, "" when it doesn't say. */
const char *contract_currency(const struct contract *contract);

/* Whether the page asks for the fact at that offset of struct contract_facts. */
bool contract_asks(const struct contract *contract, size_t offset);

struct contract_decision {
    const char *refusal; /* the page has no answer; NULL: it has, and the outcome holds */
    const char *fact;    /* that is missing or outside of its range; NULL for none */
    bool is_granted;
    unsigned cost;
    const char *rule, *reference; /* that fired, and the law it goes by; "" for none */
    struct contract_outcome outcome;
};

/* What the page says of the facts on a day (since 1970-01-01). Allocates nothing. `result` is
 * memory to work in. */
void contract_decide(const struct contract *contract, const struct contract_facts *facts,
                     int64_t day, struct rule_result *result, struct contract_decision *decision);

#endif
