/* SPDX-License-Identifier: GPL-3.0-or-later
 * assess.h - what is due on declared goods, and how it came about.
 *
 * Levies are computed in their order, each from its base, and rounded where the jurisdiction says.
 * Whatever stands in the way has a name: no amount is zero because something was not known. An
 * assessment looks up no name and asks for no memory. */
#ifndef CORE_TARIFF_ASSESS_H
#define CORE_TARIFF_ASSESS_H

#include "core/rule/rule.h"
#include "core/tariff/levy.h"
#include "core/tariff/surge.h"
#include "core/tariff/trace.h"

enum { ASSESS_MATCHES_MAX = 128, ASSESS_NOTICES_MAX = 32 };

/* Of a match whose duty is what the price brackets of its trigger say. */
#define ASSESS_DUTY_BY_PRICE UINT32_MAX

/* Whether the measures of a trigger apply: those with a duty of their own by volume, those without
 * by price. */
struct tariff_trigger {
    bool is_raised;            /* the volume has triggered them */
    const struct surge *price; /* NULL where no price may */
    uint16_t quantity;         /* the slot of the units that the price is of */
    struct exact unit_size;    /* how many of the slot's units are one: 1000 kg a t */
};

/* Of a levy whose limits are those of all items of a declaration, see apportion.h. */
struct tariff_part {
    enum {
        TARIFF_PART_ALONE, /* the item is all there is */
        TARIFF_PART_ASKED, /* what it owes before those limits */
        TARIFF_PART_OPEN,  /* another item's amount isn't known */
        TARIFF_PART_GIVEN, /* `amount` */
    } state;
    struct exact amount;
};

/* What is declared, and no more. Arrays by slot of the plan. */
struct tariff_facts {
    uint64_t code; /* ten digits; 0: the schedule isn't asked */
    unsigned suffix;
    unsigned origin; /* area; 0 for not known */
    enum measure_movement movement;
    const uint16_t *additional_codes;
    unsigned additional_code_count;
    const uint16_t *documents; /* certificates presented, by the schedule's register */
    unsigned document_count;
    uint16_t order_number;                 /* of the quota that is claimed; 0 for none */
    uint16_t scheme;                       /* of origin, whose proof is there */
    bool preference;                       /* a preference is claimed */
    const struct tariff_trigger *triggers; /* by trigger; NULL: the measures of all apply */
    const struct tariff_part *parts;       /* by levy; NULL: the item is all there is */
    bool *known;
    struct exact *numbers;
    struct value *values; /* for conditions; as many as facts */
};

/* What became of a levy, or what else there is to say of the goods. */
#define ASSESS_OUTCOMES(X)                                                        \
    X(due, "computed")                                                            \
    X(not_due, "no row of the levy is in force, known and met")                   \
    X(no_measure, "no measure of the schedule feeds the levy")                    \
    X(waived, "computed, and within what isn't collected")                        \
    X(missing_fact, "a value that its base needs isn't declared")                 \
    X(missing_quantity, "a quantity that its duty needs isn't declared")          \
    X(depends, "a levy in its base isn't determined")                             \
    X(unresolved, "its duty is a text that a person has to read")                 \
    X(no_exchange_rate, "there is no rate of the currency on that day")           \
    X(singular, "the taxes in its price leave nothing to solve")                  \
    X(not_linear, "a measure with limits stands in its own base")                 \
    X(division_by_zero, "its base divides by a declared zero")                    \
    X(too_large, "a number has too many digits")                                  \
    X(entry_open, "what another item of the declaration owes isn't known")        \
    X(too_long, "the trace has too many steps")                                   \
    X(prohibited, "goods of this kind and origin may not come in")                \
    X(licence_missing, "a licence is needed and was not presented")               \
    X(document_missing, "a document that the measure asks for was not presented") \
    X(unit_missing, "a supplementary unit is to be declared")                     \
    X(no_regime, "the table of regimes has no answer for these facts")            \
    X(unknown_code, "the code isn't in the schedule on that day")                 \
    X(too_many_measures, "more measures apply than an assessment holds")

enum assess_outcome {
#define X(name, doc) ASSESS_##name,
    ASSESS_OUTCOMES(X)
#undef X
        ASSESS_OUTCOME_COUNT
};
const char *assess_outcome_name(enum assess_outcome outcome);
const char *assess_outcome_doc(enum assess_outcome outcome);

struct assess_line {
    enum assess_outcome outcome;
    bool is_known; /* the amount stands */
    uint16_t row;
    uint16_t detail; /* the slot that is missing, where one is */
    uint32_t measure;
    const char *reason; /* of an unresolved duty; else NULL */
    struct exact base;
    struct exact amount;
    struct exact due; /* the amount, or 0 where it isn't collected */
    unsigned step_first, step_count;
};

struct assess_notice {
    enum assess_outcome outcome;
    uint32_t measure;
    uint16_t detail; /* slot or certificate */
};

struct assessment {
    const struct levy_plan *plan;
    struct assess_line lines[LEVY_MAX]; /* one a levy, in the plan's order */
    unsigned notice_count;
    struct assess_notice notices[ASSESS_NOTICES_MAX];
    struct exact due; /* of all duties, taxes and fees that are known */
    bool is_complete; /* every levy is known */
    bool is_blocked;  /* prohibited, or without its licence */
    unsigned match_count;
    const struct measure *matches[ASSESS_MATCHES_MAX];
    uint32_t match_duties[ASSESS_MATCHES_MAX];      /* after conditions; 0: doesn't apply */
    bool has_regime;                                /* the table of regimes gave an answer */
    struct value decisions[RULE_OUTPUTS_MAX];       /* of that table, symbols being the plan's */
    unsigned regime_rule;                           /* the first that fired */
    struct value values[LEVY_FACTS_MAX + LEVY_MAX]; /* scratch of conditions */
    struct trace trace;
};

/* 0 when every amount is known and nothing blocks the goods, else 1: the outcomes say what. Days
 * count from 1970-01-01: the law as of `goods_day`, as it was known on `known_day`. */
int assess(const struct levy_plan *plan, const struct tariff_facts *facts, int64_t goods_day,
           int64_t known_day, struct assessment *result);

/* Empty facts for a plan, with its defaults; arrays in the arena. */
void assess_facts_init(const struct levy_plan *plan, struct arena *arena,
                       struct tariff_facts *facts);
void assess_facts_reset(const struct levy_plan *plan, struct tariff_facts *facts);

/* Declares a number, or any other value, of a slot that is a fact or a quantity. */
void assess_facts_number(const struct levy_plan *plan, struct tariff_facts *facts, unsigned slot,
                         struct exact number);
void assess_facts_value(const struct levy_plan *plan, struct tariff_facts *facts, unsigned slot,
                        struct value value);

/* The nearest decimal, for conditions; missing when it doesn't fit. */
struct value assess_decimal(struct exact number);

/* What a fact holds once the regimes are settled, as a condition sees it. */
struct value assess_value_of(const struct tariff_facts *facts, const struct assessment *assessment,
                             unsigned slot);

/* The line of a levy by name; NULL when the plan has none. */
const struct assess_line *assess_line_of(const struct assessment *assessment, const char *levy);

#endif
