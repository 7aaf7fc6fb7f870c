/* SPDX-License-Identifier: GPL-3.0-or-later
 * dmn_model.h - the inside of a DMN model, for the files dmn*.c only. */
#ifndef CORE_RULE_DMN_MODEL_H
#define CORE_RULE_DMN_MODEL_H

#include "core/rule/dmn.h"
#include "core/rule/dmn_xml.h"
#include "core/rule/feel.h"

/* What a typeRef stands for. */
struct dmn_type {
    enum value_type base;             /* VALUE_MISSING: not known, or no plain value */
    bool is_known;                    /* a typeRef was there */
    const char *hindrance;            /* why it is no plain value */
    const struct dmn_xml *components; /* its definition where it has components, else NULL */
    bool is_list;
    const struct feel_part *allowed; /* values, in their order */
    unsigned allowed_count;          /* 0 for any */
};

/* A test that a page cannot make, because texts have no order there: it is made beforehand, and the
 * page looks at its outcome. */
struct dmn_text_test {
    unsigned slot; /* of the outcome */
    const struct expression *expression;
};

enum { DMN_TEXT_TESTS_MAX = 128 }; /* of one table */

/* How one decision is decided. */
struct dmn_logic {
    const struct expression *expression; /* of a literal expression, else NULL */
    const struct rule *rule;             /* of a table */
    const uint16_t *rule_slots;          /* one an input of the rule */
    const char *const *output_names;     /* as the model has them */
    /* Of texts that a rule calculates, one an output of each rule, else NULL: a page would not give
     * back a text that none of its cells mentions. */
    const struct expression *const *texts;
    const struct dmn_text_test *text_tests;
    unsigned text_test_count;
    unsigned first_slot, slot_count; /* of the result; none where a slot cannot hold it */
};

struct dmn_model {
    const char *name;
    const struct dmn_xml *root;
    struct arena *arena;
    struct error *err; /* while it is read */
    struct dmn_slot slots[DMN_SLOTS_MAX];
    struct dmn_type slot_types[DMN_SLOTS_MAX];
    struct expression_input inputs[DMN_SLOTS_MAX]; /* the slots as expressions see them */
    struct feel_name feel_names[DMN_SLOTS_MAX];
    unsigned slot_count, input_count;
    struct feel_function *functions;
    unsigned function_count;
    struct dmn_decision *decisions; /* in the order in which they are decided */
    struct dmn_logic *logics;       /* the same order */
    unsigned decision_count;
};

/* ---- dmn_type.c ---- */

/* What `reference`, a typeRef that stands at `at`, means; NULL: not said. -1 and model->err when
 * there is no such type. */
int dmn_type_find(struct dmn_model *model, const struct dmn_xml *at, const char *reference,
                  struct dmn_type *type);
int dmn_type_of_component(struct dmn_model *model, const struct dmn_xml *component,
                          struct dmn_type *type);

/* The plain values of <inputValues>, <outputValues> or <allowedValues>; 0 of them when the element
 * is NULL or holds anything else. */
unsigned dmn_type_values(struct dmn_model *model, const struct dmn_xml *values,
                         const struct feel_part **list);

/* ---- dmn.c ---- */

/* Adds a slot; its key is made unlike all others. */
void dmn_add_slot(struct dmn_model *model, const struct dmn_xml *at, const char *name,
                  enum value_type type, const char *hindrance);

/* A key for that name that no slot has. */
const char *dmn_new_key(struct dmn_model *model, const char *name);

struct feel_scope dmn_scope(struct dmn_model *model);

/* The text of the <text> in an element, "" for none; `*place` is where it stands. */
const char *dmn_text(const struct dmn_xml *element, const struct dmn_xml **place);

/* Notes why a decision is not taken; the first reason stays. */
void dmn_refuse(struct dmn_decision *decision, enum dmn_state state, const struct dmn_xml *at,
                const char *format, ...) __attribute__((format(printf, 4, 5)));
void dmn_refuse_feel(struct dmn_decision *decision, const struct dmn_xml *text,
                     const struct feel_problem *problem);

/* The names of expressions over all slots so far. */
struct expression_names dmn_names(struct dmn_model *model);

/* ---- dmn_table.c, dmn_page.c ---- */

struct dmn_column {
    const struct dmn_xml *element;
    struct feel_part subject;
    int slot; /* that it is plainly, else -1 */
    const struct feel_part *allowed;
    unsigned allowed_count;
};

struct dmn_output {
    const char *name, *key;
    enum value_type type;
    const struct feel_part *allowed;
    unsigned allowed_count;
    const struct feel_part *otherwise; /* NULL for none */
};

struct dmn_row {
    const struct feel_tests *tests;  /* one a column */
    const struct feel_part *entries; /* one an output */
    const char *reference;           /* NULL for none */
};

struct dmn_table {
    const char *hit;
    const struct dmn_column *columns;
    struct dmn_output *outputs;
    const struct dmn_row *rows;
    unsigned column_count, output_count, row_count;
};

/* Reads a <decisionTable> and compiles its page. */
void dmn_table_read(struct dmn_model *model, unsigned decision, const struct dmn_xml *element);

/* What a page has. */
struct dmn_page_parts {
    bool has_choices; /* of inputs and outputs, also where they only inform */
    bool has_texts;   /* that are calculated; else they are missing */
};

/* The page of a table as YAML. */
const char *dmn_page_write(struct dmn_model *model, const char *name, const struct dmn_table *table,
                           struct dmn_page_parts parts);

/* The value of what reads no name: as a plain part, or null. */
struct feel_part dmn_page_fixed(struct dmn_model *model, struct feel_part part);

#endif
