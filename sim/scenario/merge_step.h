/* SPDX-License-Identifier: GPL-3.0-or-later
 * merge_step.h - finding the steps of a procedure by their flat names, fork branches included. */
#ifndef SIM_SCENARIO_MERGE_STEP_H
#define SIM_SCENARIO_MERGE_STEP_H

#include "core/base/node.h"

struct merge_step {
    struct node *list; /* the procedure or the branch that the step stands in */
    struct node *item; /* its one-key mapping there */
    struct node *keys; /* the value in it: a mapping, or null */
};

/* False when there is none. Items that are no steps are left to the reader of procedures. */
bool merge_step_find(struct node *procedure, const char *name, struct merge_step *found);

/* How many items a procedure has, those in branches included. */
unsigned merge_step_count(const struct node *procedure);

/* The name of an item of a procedure; NULL when it is no step. */
const char *merge_step_name(const struct node *item);

/* How an error goes on that says there is no `wrong`: the nearest of the names, or all of a few, or
 * nothing. For steps of a procedure, or keys of a mapping. In the arena. */
const char *merge_step_hint(struct arena *arena, const char *wrong, const struct node *procedure);
const char *merge_step_key_hint(struct arena *arena, const char *wrong, const struct node *mapping);

#endif
