/* SPDX-License-Identifier: GPL-3.0-or-later
 * levy.h - a jurisdiction as data: what is levied, on which base, at which rate, rounded where.
 *
 *     currency: JPY
 *     facts:                                # what a declaration states, by name
 *       cif: money                          # money, number, quantity, share: numbers
 *       freight: {type: money, default: 0}
 *       price: {type: money, per_unit: true} # which half of the goods has too
 *       mode: {type: text, choices: [sea, air]}      # or boolean, date
 *     levies:                               # in this order
 *       duty:
 *         kind: duty                        # value, number, total: no transfers; duty, tax, fee
 *         base: cif                         # a sum of products: cif * 110 % + duty + t * 988
 *         base_round: down 1000             # a mode and a step, see exact.h
 *         rate: 14 % + 5 JPY / kg           # a duty expression, see duty.h
 *         component_round: down 1           # of each component
 *         round: down 100                   # of the levy
 *         minimum: 25 + 2 * kg              # sums too
 *         maximum: 500
 *         entry_minimum: 31.67              # of all items of a declaration together, see
 *         entry_maximum: 614.35             # apportion.h
 *         waive: at most 50                 # or "below 60": not collected up to there
 *         when: mode == sea                 # a condition, see expression.h; else nothing is due
 *         reference: "Act 54, article 3"
 *         rows:                             # the first that is in force, known and met; what a
 *           - {from: 2025-06-04, known_from: 2025-06-06, rate: 50%}  # row says, goes before what
 *           - {rate: 25%, when: mode == air}                        # the levy says
 *       stamp: {kind: fee, base: cif, tiers: [{up_to: 250000, amount: 250}, {rate: 1 %}]}
 *       gap: {kind: duty, base: trigger - price, slices_of: trigger,
 *             slices: [{from: 10 %, to: 40 %, rate: 30 %}, {from: 40 %, rate: 50 %}]}
 *       vat: {kind: tax, base: cif + duty, measures: lowest}
 *     waivers: [{levies: [duty, vat], below: 60}]
 *     regimes:                              # a decision table, see rule.h, asked before all
 *       table: parcels                      # levies: its inputs are facts, its outputs (text or
 *       inputs: {value: money}              # boolean) settle the facts of their names
 *       outputs: {regime: {type: text}}
 *       rules: ...
 *
 * `measures` (sum, lowest, highest, first) takes the duties of those measures of the schedule whose
 * type feeds a levy of this name. Without rate, tiers, slices and measures the base is the amount.
 * A base may hold its own levy and later ones (tax in price): then what is due is the solution of
 * the linear system, exact, in which the later ones are not yet rounded. */
#ifndef CORE_TARIFF_LEVY_H
#define CORE_TARIFF_LEVY_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/node.h"
#include "core/rule/expression.h"
#include "core/tariff/duty.h"
#include "core/tariff/exchange.h"
#include "core/tariff/schedule.h"

#include <stdint.h>

enum {
    LEVY_MAX = 64,
    LEVY_FACTS_MAX = 128,
    LEVY_ROWS_MAX = 256,  /* of one levy */
    LEVY_TERMS_MAX = 64,  /* of one sum, multiplied out */
    LEVY_FACTORS_MAX = 8, /* of one term */
    LEVY_CIRCLE_MAX = 8,  /* levies in each other's base */
    LEVY_TIERS_MAX = 64,
    LEVY_WAIVERS_MAX = 16,
    LEVY_NO_SLOT = 0xffff,
};

/* A slot is one number by name: the declared facts come first, then the levies, then quantities
 * that only duties name ("kg of lead content"). */
struct levy_term {
    struct exact coefficient;
    uint8_t factor_count, divisor_count;
    uint16_t factors[LEVY_FACTORS_MAX];
    uint16_t divisors[LEVY_FACTORS_MAX];
};

struct levy_sum {
    uint32_t count;
    const struct levy_term *terms;
};

/* A component of a duty, made ready. */
struct levy_component {
    uint8_t verb;  /* enum duty_verb: PLUS, MINUS, MIN, MAX; others are never due by a number */
    uint8_t basis; /* enum duty_basis */
    uint8_t quantity_count;
    int8_t currency;    /* of money: EXCHANGE_OWN, _UNKNOWN or an index */
    uint16_t share_of;  /* the value a share is of; LEVY_NO_SLOT for the levy's base */
    uint16_t looked_up; /* the slot of an agricultural component or a reference, or none */
    uint16_t quantities[DUTY_FACTORS_MAX];
    struct exact amount, factor;
    struct exact per_unit; /* amount * factor */
};

struct levy_duty {
    uint32_t count;
    const struct levy_component *components;
    const char *unresolved; /* why it cannot be computed, or NULL */
};

/* Of a condition of a measure: quantity times factor is the number of its units. */
struct levy_threshold {
    uint16_t quantity; /* LEVY_NO_SLOT for none */
    struct exact factor;
};

enum levy_kind { LEVY_VALUE, LEVY_NUMBER, LEVY_TOTAL, LEVY_DUTY, LEVY_TAX, LEVY_FEE };
enum levy_charge { LEVY_AS_BASE, LEVY_RATE, LEVY_MEASURES, LEVY_TIERS, LEVY_SLICES };
enum levy_choice { LEVY_SUM, LEVY_LOWEST, LEVY_HIGHEST, LEVY_FIRST };
enum levy_waive { LEVY_COLLECT, LEVY_WAIVE_AT_MOST, LEVY_WAIVE_BELOW };

struct levy_tier {
    bool is_open, has_amount;
    struct exact from, to; /* tiers: up to `to`, included; slices: shares of slices_of */
    struct exact amount, rate;
};

struct levy_row {
    int64_t from_day, to_day, known_from_day, known_to_day;
    const struct expression *when; /* NULL: always */
    enum levy_charge charge;
    enum levy_choice choice;
    struct levy_sum base, minimum, maximum, slices_of;
    bool has_minimum, has_maximum, has_entry_minimum, has_entry_maximum, is_circular;
    struct exact entry_minimum, entry_maximum;
    struct rounding base_round, component_round, round;
    struct levy_duty duty;
    unsigned tier_count;
    const struct levy_tier *tiers;
    enum levy_waive waive;
    struct exact waive_limit;
    const char *reference;
    const struct node *node;
};

struct levy {
    const char *name, *doc;
    enum levy_kind kind;
    unsigned row_count;
    const struct levy_row *rows;
};

struct levy_waiver {
    unsigned count;
    uint16_t levies[LEVY_MAX];
    enum levy_waive waive;
    struct exact limit;
    const char *reference;
};

struct levy_fact {
    struct value value; /* the default; missing for none */
    struct exact number;
    bool has_number;
    bool is_divided;  /* money or a quantity: parts of the goods have parts of it */
    bool is_decided;  /* by the regimes, not by the declaration */
    uint8_t decision; /* which output */
};

struct rule;

/* A jurisdiction, compiled; immutable, in the arena. */
struct levy_plan {
    const char *jurisdiction;
    const struct tariff *tariff; /* NULL where there is no schedule */
    struct exchange exchange;
    const char *const *names; /* of slots */
    unsigned slot_count, fact_count, levy_count;
    const struct levy_fact *facts;
    struct levy *levies;
    struct expression_names expression_names;
    bool has_conditions;
    bool has_entry_limits;
    unsigned value_slot;            /* customs_value, which price conditions of measures look at */
    const struct levy_duty *duties; /* of the schedule, by index */
    const struct levy_threshold *thresholds; /* of its conditions, by index */
    const uint8_t *levy_of_type;             /* by measure type; LEVY_MAX for none */
    unsigned waiver_count;
    const struct levy_waiver *waivers;
    const struct rule *regimes;     /* NULL for none */
    const uint16_t *regime_inputs;  /* the fact of each input */
    const uint32_t *symbol_to_rule; /* symbols of the plan as those of the table, and back */
    const uint32_t *symbol_of_rule;
    uint32_t symbol_count; /* of those above */
};

/* Reads a document with the sections above; `tariff` may be NULL. NULL and an error with its
 * place. */
const struct levy_plan *levy_read(const struct node *document, const struct tariff *tariff,
                                  struct arena *arena, struct error *err);

/* The slot of a fact, levy or quantity; LEVY_NO_SLOT when there is none. */
unsigned levy_slot(const struct levy_plan *plan, const char *name);

/* Whether a slot is a levy, and which: the index or LEVY_MAX. */
static inline unsigned levy_of_slot(const struct levy_plan *plan, unsigned slot) {
    unsigned levy = slot - plan->fact_count;
    return slot >= plan->fact_count && levy < plan->levy_count ? levy : LEVY_MAX;
}

const char *levy_kind_name(enum levy_kind kind);

#endif
