/* SPDX-License-Identifier: GPL-3.0-or-later
 * builder.h - what turns names into indices while a scenario is compiled.
 *
 * Each call sets an error at the reference's place, with the nearest known name, when there is
 * none. */
#ifndef SIM_SCENARIO_BUILDER_H
#define SIM_SCENARIO_BUILDER_H

#include "sim/scenario/scenario.h"

/* One step of the procedure that is being compiled. */
struct step_entry {
    const char *name;
    const struct node *node; /* its keys */
    const struct node *list; /* the sequence it stands in */
};

struct builder {
    struct arena *arena;
    struct reader *reader;
    struct scenario *scenario;
    const struct reference *procedure_names; /* all of the system, index = number */
    uint32_t procedure_count;
    const struct reference *stream_procedures;          /* [stream] */
    struct field_dates holidays;                        /* of the world */
    int64_t utc_offset_ns;                              /* of the world */
    const char *milestones[MILESTONES_MAX];             /* interned as they are met */
    const struct node *milestone_nodes[MILESTONES_MAX]; /* where each was met first */
    uint32_t milestone_count;
    uint32_t reached;           /* bit m: some step reaches milestone m */
    struct step_entry *entries; /* [1..entry_count] of the current procedure */
    uint32_t entry_count;
    uint32_t entry; /* the one that is being compiled */
    const char *procedure;
    uint32_t join_count;
    struct resource_type *resource_types; /* scenario->resources, while they may still change */
    uint32_t parties_used;                /* bit p: party p has time in some step */
    struct expression_input *inputs;      /* of conditions; choices are filled from the world */
    uint32_t state_count;
    bool lone_system; /* no world is known: conducts are taken on trust */
    int32_t carried_milestone;
};

/* A builder with an empty scenario, everything in the arena. */
void builder_init(struct builder *builder, struct arena *arena);

int builder_step(struct builder *builder, const struct reference *reference, uint32_t *step,
                 struct error *err);
/* The same for a step of the same list, where a token can go. */
int builder_neighbour(struct builder *builder, const struct reference *reference, uint32_t *step,
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

/* The number of a milestone, new ones being added. */
int builder_milestone(struct builder *builder, const struct reference *reference,
                      uint32_t *milestone, struct error *err);

/* Checks, once all is known, that some step reaches every milestone that was named. */
int builder_reached(struct builder *builder, struct error *err);

#endif
