/* SPDX-License-Identifier: GPL-3.0-or-later
 * builder.h - what turns names into indices while a scenario is compiled.
 *
 * Each call sets an error at the reference's place, with the nearest known name, when there is
 * none. */
#ifndef SIM_SCENARIO_BUILDER_H
#define SIM_SCENARIO_BUILDER_H

#include "sim/scenario/scenario.h"

struct step_entry { /* one step of the procedure that is being compiled */
    const char *name;
    struct step *step;
    const struct node *node;
};

struct builder {
    struct arena *arena;
    struct reader *reader;
    struct scenario *scenario;
    const struct reference *procedure_names; /* all of the system, index = number */
    uint32_t procedure_count;
    const char *milestones[MILESTONES_MAX]; /* interned as they are met */
    uint32_t milestone_count;
    struct step_entry *entries; /* [1..entry_count] of the current procedure */
    uint32_t entry_count;
    const char *procedure;
    uint32_t join_count;
    uint32_t state_count;
    int32_t carried_milestone;
};

int builder_step(struct builder *builder, const struct reference *reference, uint32_t *step,
                 struct error *err);
int builder_procedure(struct builder *builder, const struct reference *reference,
                      uint32_t *procedure, struct error *err);
int builder_resource(struct builder *builder, const struct reference *reference, uint32_t *resource,
                     struct error *err);
int builder_organisation(struct builder *builder, const struct reference *reference,
                         uint32_t *organisation, struct error *err);

/* A party by its own name, by its organisation or by one of its resources; "shipper" is the
 * importer. */
int builder_party(struct builder *builder, const struct reference *reference, enum party *party,
                  struct error *err);

/* The number of a milestone, new ones being added. `must_exist` is for those that are awaited: some
 * step has to reach them; that is checked when all procedures are known. */
int builder_milestone(struct builder *builder, const struct reference *reference,
                      uint32_t *milestone, struct error *err);

#endif
