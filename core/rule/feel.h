/* SPDX-License-Identifier: GPL-3.0-or-later
 * feel.h - the expressions of DMN models (FEEL; OMG, DMN 1.3, 10.3), translated into the language
 * of expression.h.
 *
 * Types are settled here: FEEL gives null for what does not fit (1 + "a"), and so does the
 * translation. Null is `missing`: sums, products and order with null are null, null = null is true,
 * null = 5 is false, and/or/not follow three-valued logic. Translated are numbers, texts, truth
 * values and dates; arithmetic with powers; comparisons, between, in, if; min, max, abs, not, sum
 * and date; and calls of functions of the model, whose bodies are put in their place. Anything else
 * of FEEL (lists, contexts, for, some, every, durations, other functions) is said to be not
 * supported, by name and place. */
#ifndef CORE_RULE_FEEL_H
#define CORE_RULE_FEEL_H

#include "core/base/arena.h"
#include "core/rule/expression.h"

struct feel_name {
    const char *feel;      /* as the model spells it: "Full Name", "Loan.amount" */
    const char *name;      /* as expressions spell it */
    const char *hindrance; /* why expressions cannot hold it ("a list"); NULL when they can */
    enum value_type type;  /* VALUE_TEXT for texts */
    bool is_used;          /* set when something translated refers to it */
};

struct feel_function {
    const char *feel;
    const char *const *parameters;
    unsigned parameter_count;
    const char *body;      /* one expression over the parameters */
    const char *hindrance; /* as above */
};

struct feel_scope {
    struct feel_name *names;
    unsigned name_count;
    const struct feel_function *functions;
    unsigned function_count;
};

/* Something translated. */
struct feel_part {
    enum value_type type;  /* VALUE_MISSING: null, whatever happens */
    const char *text;      /* an expression */
    const char *condition; /* shorter, where missing counts as not met */
    const char *literal;   /* what a text literal holds, else NULL */
    int strength;          /* with which it binds; see feel.c */
    bool is_plain;         /* a literal: never null */
    bool is_fixed;         /* reads no name */
};

struct feel_part feel_null(void);

/* Why there is no translation. */
struct feel_problem {
    const char *text; /* NULL: there is one */
    size_t offset;    /* in the text; within a function's body that of the call */
    bool is_gap;      /* right FEEL, but not supported; else wrong FEEL */
};

/* Translates an expression. */
struct feel_part feel_expression(const char *text, const struct feel_scope *scope,
                                 struct arena *arena, struct feel_problem *problem);

struct feel_tests {
    bool is_any;                /* "-": met by everything */
    const char *cell;           /* as a cell of rule.h, NULL where only a condition will do */
    struct feel_part condition; /* over the subject */
};

/* Translates the unary tests of an input entry, of which `subject` has to meet one. */
struct feel_tests feel_unary_tests(const char *text, const struct feel_part *subject,
                                   const struct feel_scope *scope, struct arena *arena,
                                   struct feel_problem *problem);

/* The plain values of a list such as `"High", "Low"`, for allowed values. -1 and a problem, which
 * is a gap where the list holds anything but plain values. */
int feel_list(const char *text, struct arena *arena, const struct feel_part **items,
              unsigned *count, struct feel_problem *problem);

/* A name that expressions can use, made of one of a model: letters, digits and _ stay. */
const char *feel_identifier(const char *name, struct arena *arena);

/* Whether two names of a model are the same: any number of blanks is one. */
bool feel_same_name(const char *a, const char *b);

#endif
