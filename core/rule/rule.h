/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule.h - decision tables: a page of regulations as YAML, compiled once, evaluated many times.
 *
 *     clearlab: 1
 *     table: parcels                       # the name
 *     summary: One sentence for people.
 *     reference: "GACC notice 194/2018"    # of the whole page; the rules may have their own
 *     from: 2016-04-08                     # in force from this day to that one, both included
 *     to: 2030-12-31
 *     currency: CNY                        # what money is in; absent: any
 *     hit: unique                          # the default; else any, priority, first, rule order,
 *                                          # output order, collect, collect sum|min|max|count
 *     complete: false                      # nothing may fire, and that is no finding of analysis
 *
 *     inputs:                              # TYPE: number, integer, text, boolean, date; or a
 *       value: {type: money, range: 0 ..}  # dimension: share, money, time, mass, length, rate,
 *       trusted: boolean                   # "money per time", "money per mass"
 *       score: {type: integer, range: 0 .. 100}
 *       chapter: {type: text}
 *       licence: {type: text, choices: [valid, expired], optional: true}   # may be missing
 *
 *     parameters:                          # named values, constant or by date
 *       ratio: 70 %
 *       limit:
 *         - {from: 2016-04-08, value: 2000 CNY, reference: "notice 18/2016"}
 *         - {from: 2019-01-01, value: 5000 CNY, reference: "notice 194/2018"}
 *
 *     outputs:                             # the order of choices is their priority, highest first
 *       channel: {type: text, choices: [red, yellow, green], default: yellow}
 *       rate: {type: share}
 *
 *     rules:                               # name: rule
 *       armed:
 *         when: {chapter: [93, "36"], licence: missing, value: more than 0 CNY}
 *         provided: value > 2 * limit or not trusted  # one condition over all inputs, expression.h
 *         then: {channel: red, rate: ratio}  # one value may stand alone if there is one output
 *         reference: Article 3(1)
 *         from: 2017-07-01                 # both days included
 *         to: 2019-12-31
 *
 * A cell of `when` is a test, or a list of them of which one must be met ("a, b" or [a, b]):
 *
 *     test  = "-" | "missing" | "not(" test {"," test} ")" | range | relation bound | bound
 *     relation = "<" | "<=" | ">" | ">=" | "==" | "!=" | "less than" | "at most" | "more than"
 *              | "at least"
 *     range = bound ".." bound | bound ".." | ".." bound | ("[" | "(") bound ".." bound ("]" | ")")
 *     bound = an expression without inputs: 5000 CNY, limit, 2 * limit, 2017-07-01, red, 'a text'
 *
 * An absent cell and "-" are met by everything, also by a missing value. YAML wants quotes around
 * what begins with > or [ or holds ", ". A text stands for itself, also with blanks in it; with
 * commas or brackets it stands in quotes of its own. In `then` a text stands for itself, and
 * "= expression" computes one; all other types are expressions over inputs and parameters.
 *
 * Missing values follow three-valued logic (Kleene 1952): a test of a missing value other than
 * `missing` is unknown, and a rule whose condition is unknown does not fire.
 *
 * Hit policies are those of DMN 1.3 (OMG 2021), 8.2.10: `unique` one rule at most, else a conflict;
 * `any` several that agree; `priority` the one whose outputs come first among the choices, the
 * first output counting most; `first` the first as written; `rule order` and `collect` all, as
 * written; `output order` all by priority; `collect sum|min|max` over the one output of all that
 * fired; `collect count` their number. Where rules are equal in priority, the first as written.
 *
 * Every table terminates, and its cost bound is known when it is compiled. */
#ifndef CORE_RULE_RULE_H
#define CORE_RULE_RULE_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/base/node.h"
#include "core/rule/expression.h"

enum {
    RULE_INPUTS_MAX = 32,
    RULE_PARAMETERS_MAX = 64,
    RULE_OUTPUTS_MAX = 16,
    RULE_RULES_MAX = 1024,
    RULE_EPOCHS_MAX = 128, /* stretches of time between dates of rules and parameters */
};

enum rule_hit {
    RULE_HIT_UNIQUE,
    RULE_HIT_ANY,
    RULE_HIT_PRIORITY,
    RULE_HIT_FIRST,
    RULE_HIT_RULE_ORDER,
    RULE_HIT_OUTPUT_ORDER,
    RULE_HIT_COLLECT,
    RULE_HIT_SUM,
    RULE_HIT_MIN,
    RULE_HIT_MAX,
    RULE_HIT_COUNT,
};

enum rule_status {
    RULE_FIRED,        /* at least one rule, and the outputs are its own */
    RULE_DEFAULT,      /* no rule; every output that has a default holds it, at least one does */
    RULE_NONE,         /* no rule, no defaults: the outputs are missing (of `collect count`: 0) */
    RULE_CONFLICT,     /* several under `unique`, or several that differ under `any` */
    RULE_REFUSED,      /* input `refused` is missing and not optional, of another type or outside of
                          its range or choices */
    RULE_NOT_IN_FORCE, /* the date is before the page's `from` or after its `to` */
};

struct rule_result {
    enum rule_status status;
    unsigned refused;     /* index of the input, with RULE_REFUSED */
    unsigned cost;        /* operations spent, never more than rule_cost() */
    unsigned fired_count; /* rules that fired; with `priority` and `first` at most the one chosen */
    uint16_t fired[RULE_RULES_MAX]; /* their indices, in the order of the hit policy */
    /* Of the first that fired (with sum, min, max and count: the aggregate); rule_outputs() gives
     * those of the others. Missing with CONFLICT, REFUSED and NOT_IN_FORCE. Only the table's
     * own number of outputs is written. */
    struct value outputs[RULE_OUTPUTS_MAX];
};

struct rule; /* a compiled table, immutable; lives in the arena with all its texts */

/* NULL and an error with file, line and column when it cannot be compiled. The text of `file` is
 * referred to and must live as long as the rule. An overlay is to be resolved before. */
const struct rule *rule_compile(const struct node *file, struct arena *arena, struct error *err);
const struct rule *rule_compile_text(const char *name, const char *text, size_t length,
                                     struct arena *arena, struct error *err);

/* `values` has one entry per input, in their order; `day` counts from 1970-01-01. Allocates
 * nothing, writes nothing but the result: any number of threads may use one rule. */
void rule_evaluate(const struct rule *rule, const struct value *values, int64_t day,
                   struct rule_result *result);

/* The outputs that rule number `index` has for these values; returns the cost. */
unsigned rule_outputs(const struct rule *rule, unsigned index, const struct value *values,
                      int64_t day, struct value *outputs);

/* Upper bound on the cost of one evaluation, for any values and any day. */
unsigned rule_cost(const struct rule *rule);

/* ---- what is in a table ---- */

struct rule_output {
    const char *name;
    enum value_type type;
    int dimension;
    bool is_integer, is_optional; /* optional: a rule may leave it out, then it is missing */
    struct value default_value;   /* VALUE_MISSING for none */
    const struct value *choices;
    unsigned choice_count; /* 0 for any */
};

const char *rule_name(const struct rule *rule);
enum rule_hit rule_hit(const struct rule *rule);

/* The indices of values[] and outputs[]. An input's `choices` is NULL for any. */
const struct expression_input *rule_inputs(const struct rule *rule, unsigned *count);
const struct rule_output *rule_output_list(const struct rule *rule, unsigned *count);

/* Of rule number `index`, as written: its name, and its legal reference or the page's ("" for
 * none). */
unsigned rule_count(const struct rule *rule);
const char *rule_name_of(const struct rule *rule, unsigned index);
const char *rule_reference_of(const struct rule *rule, unsigned index);

/* Texts are symbols of the table. A text that no cell mentions is the symbol "any other". */
struct value rule_symbol(const struct rule *rule, const char *text);
const char *const *rule_symbols(const struct rule *rule, uint32_t *count);

/* Reads "5000 CNY", "red", "missing" for an input. 0, or -1 and an error without a place. Whether
 * it is within the input's range is for rule_evaluate() to say. */
int rule_parse_input(const struct rule *rule, unsigned input, const char *text, struct value *value,
                     struct arena *arena, struct error *err);

/* "5000 CNY", "2.5 %", "red", "missing": a value of a dimension as it could be written. Returns the
 * length; at most `size` bytes are written. */
unsigned rule_print_value(const struct rule *rule, struct value value, int dimension, char *text,
                          unsigned size);

/* "value = 5000 CNY, trusted = true": all inputs, or all outputs. In the arena. */
const char *rule_print_inputs(const struct rule *rule, const struct value *values,
                              struct arena *arena);
const char *rule_print_outputs(const struct rule *rule, const struct value *outputs,
                               struct arena *arena);

/* The first day of the last stretch of time in which something changes, INT64_MIN for a page
 * without dates. */
int64_t rule_last_change(const struct rule *rule);

/* ---- overlays ----
 *
 * A reform is a small file that changes a few rules or parameters by name:
 *
 *     clearlab: 1
 *     overlay: parcels.yml                 # beside this file
 *     table: parcels_2019                  # the new name
 *     parameters:
 *       limit: {from: 2019-01-01, value: 5000 CNY}     # adds a dated value; a list replaces all
 *     rules:
 *       gifts: {to: 2018-12-31}            # merges by key; cells of `when` and `then` too
 *       old_rule: null                     # takes away
 *       new_rule: {after: gifts, when: {...}, then: {...}}   # or before: NAME, or at: end
 *
 * Other keys (inputs, outputs, hit, ...) merge by key. Naming what is not there is an error. */

/* The file that this one changes, NULL when it is no overlay. */
const char *rule_overlay_base(const struct node *file);

/* The base with the overlay in it, in the layout of a table. NULL and an error. */
struct node *rule_overlay(const struct node *base, const struct node *overlay, struct arena *arena,
                          struct error *err);

#endif
