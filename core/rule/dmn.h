/* SPDX-License-Identifier: GPL-3.0-or-later
 * dmn.h - decision models as DMN editors write them (OMG, DMN 1.1 to 1.5), read for Clearlab.
 *
 * A decision becomes a page of rule.h where it is a decision table, and an expression where it is a
 * literal expression; what it requires is decided before it. Inputs with components become one slot
 * each: "Loan.amount". Functions of the model (business knowledge) are put in the place of their
 * calls. What cannot be taken over is kept by name, with reason and place: one decision too dear
 * for us does not keep the others out. */
#ifndef CORE_RULE_DMN_H
#define CORE_RULE_DMN_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/rule/rule.h"

enum { DMN_SLOTS_MAX = 512 };

/* A value that expressions see: an input, a component of one, or the result of a decision. */
struct dmn_slot {
    const char *name;      /* as the model has it: "Loan.amount" */
    const char *key;       /* as pages have it: Loan_amount */
    const char *hindrance; /* why expressions cannot see it ("a list"); NULL when they can */
    enum value_type type;  /* VALUE_TEXT for texts */
};

enum dmn_state {
    DMN_TAKEN,         /* can be decided */
    DMN_NOT_SUPPORTED, /* right DMN that Clearlab does not take */
    DMN_WRONG,         /* what is written is wrong */
};

struct dmn_decision {
    const char *name;
    enum dmn_state state;
    struct error problem; /* when it is not taken: why, and where in the file */
    const char *page; /* the page of rule.h as YAML, which stands alone; NULL when there is none */
    const char *page_hindrance; /* why, where the decision is taken all the same */
};

enum dmn_shape { DMN_SIMPLE, DMN_LIST, DMN_CONTEXT };

struct dmn_value {
    enum dmn_shape shape;
    const char *name;   /* within a context, else NULL */
    struct value value; /* texts are VALUE_TEXT */
    const struct dmn_value *items;
    unsigned count;
};

struct dmn_model; /* lives in the arena with all its texts */

/* NULL and an error with its place when it is no DMN, or has no sense as a whole: requirements in a
 * circle or to nowhere, types that are not there. `name` and `text` are copied. */
const struct dmn_model *dmn_read(const char *name, const char *text, size_t length,
                                 struct arena *arena, struct error *err);

/* Inputs come first, in the order of the file. */
const struct dmn_slot *dmn_slots(const struct dmn_model *model, unsigned *input_count);

/* In an order in which each comes after what it requires. */
const struct dmn_decision *dmn_decisions(const struct dmn_model *model, unsigned *count);

/* Their index by name, any number of blanks in it; -1 for none. */
int dmn_find_input(const struct dmn_model *model, const char *name);
int dmn_find_decision(const struct dmn_model *model, const char *name);

/* Decides number `decision`, which is DMN_TAKEN. `inputs` has one value per input, missing or of
 * its type. Texts of the result are in the arena or the inputs. */
struct dmn_value dmn_decide(const struct dmn_model *model, unsigned decision,
                            const struct value *inputs, struct arena *arena);

#endif
