/* SPDX-License-Identifier: GPL-3.0-or-later
 * builder.c - see builder.h. */
#include "sim/scenario/builder.h"

#include <stdio.h>
#include <string.h>

const char *const party_names[PARTY_COUNT] = {
#define X(name) [PARTY_##name] = #name,
    PARTIES(X)
#undef X
};

const char *const channel_names[CHANNEL_COUNT] = {"none", "green", "yellow", "red"};

const char *const outcome_names[OUTCOME_COUNT] = {"inside", "completed", "refused",
                                                  "balked", "reneged",   "discarded"};

static const struct expression_input condition_inputs[] = {
#define X(name, type, dimension, doc) {#name, VALUE_##type, DIMENSION_##dimension, doc, NULL},
    SCENARIO_INPUTS(X)
#undef X
};

void builder_init(struct builder *builder, struct arena *arena) {
    struct expression_names *names = ARENA_NEW(arena, struct expression_names);
    struct expression_input *inputs = ARENA_ARRAY(arena, struct expression_input, INPUT_COUNT);
    memcpy(inputs, condition_inputs, sizeof condition_inputs);
    *names = (struct expression_names){.inputs = inputs, .input_count = INPUT_COUNT};
    *builder = (struct builder){
        .arena = arena,
        .reader = ARENA_NEW(arena, struct reader),
        .scenario = ARENA_NEW(arena, struct scenario),
        .inputs = inputs,
        .milestones = {[MILESTONE_CREATED] = "created", [MILESTONE_ENDED] = "ended"},
        .milestone_count = 2,
        .reached = 1u << MILESTONE_CREATED | 1u << MILESTONE_ENDED,
    };
    *builder->reader = (struct reader){.arena = arena, .names = names};
    builder->scenario->names = names;
}

/* Names a thing that is not there, and the nearest that is, or all when they are few. */
static int unknown(const struct reference *reference, const char *what, const char *const *names,
                   unsigned count, struct error *err) {
    const char *nearest = error_nearest_name(reference->name, names, count);
    if (nearest != NULL) {
        return node_error(reference->node, err, "there is no %s '%s'; did you mean '%s'?", what,
                          reference->name, nearest);
    }
    char list[256] = "";
    size_t used = 0;
    for (unsigned i = 0; i < count && used + strlen(names[i]) + 3 < sizeof list; i++) {
        used +=
            (size_t)snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", names[i]);
    }
    return node_error(reference->node, err, "there is no %s '%s'; there %s %s", what,
                      reference->name, count == 1 ? "is" : "are", count == 0 ? "none" : list);
}

static int find(const struct reference *reference, const char *what, const char *const *names,
                unsigned count, uint32_t *index, struct error *err) {
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(names[i], reference->name) == 0) {
            *index = i;
            return 0;
        }
    }
    return unknown(reference, what, names, count, err);
}

int builder_step(struct builder *builder, const struct reference *reference, uint32_t *step,
                 struct error *err) {
    const char *names[STEPS_MAX];
    for (uint32_t i = 1; i <= builder->entry_count; i++) {
        names[i - 1] = builder->entries[i].name;
    }
    if (find(reference, "step", names, builder->entry_count, step, err) != 0) {
        return -1;
    }
    ++*step;
    return 0;
}

int builder_neighbour(struct builder *builder, const struct reference *reference, uint32_t *step,
                      struct error *err) {
    if (builder_step(builder, reference, step, err) != 0) {
        return -1;
    }
    if (builder->entries[*step].list != builder->entries[builder->entry].list) {
        return node_error(
            reference->node, err,
            "step '%s' stands in another branch; a token can only go to a step of its "
            "own list",
            reference->name);
    }
    return 0;
}

int builder_procedure(struct builder *builder, const struct reference *reference,
                      uint32_t *procedure, struct error *err) {
    const char **names = ARENA_ARRAY(builder->arena, const char *, builder->procedure_count + 1);
    for (uint32_t i = 0; i < builder->procedure_count; i++) {
        names[i] = builder->procedure_names[i].name;
    }
    return find(reference, "procedure", names, builder->procedure_count, procedure, err);
}

int builder_resource(struct builder *builder, const struct reference *reference, uint32_t *resource,
                     struct error *err) {
    const struct scenario *scenario = builder->scenario;
    const char **names = ARENA_ARRAY(builder->arena, const char *, scenario->resource_count + 1);
    for (uint32_t i = 0; i < scenario->resource_count; i++) {
        names[i] = scenario->resources[i].name;
    }
    return find(reference, "resource", names, scenario->resource_count, resource, err);
}

int builder_organisation(struct builder *builder, const struct reference *reference,
                         uint32_t *organisation, struct error *err) {
    const struct scenario *scenario = builder->scenario;
    const char **names =
        ARENA_ARRAY(builder->arena, const char *, scenario->organisation_count + 1);
    for (uint32_t i = 0; i < scenario->organisation_count; i++) {
        names[i] = scenario->organisations[i].name;
    }
    return find(reference, "organisation", names, scenario->organisation_count, organisation, err);
}

int builder_party(struct builder *builder, const struct reference *reference, enum party *party,
                  struct error *err) {
    const struct scenario *scenario = builder->scenario;
    if (strcmp(reference->name, "shipper") == 0) {
        *party = PARTY_importer;
        return 0;
    }
    for (uint32_t i = 0; i < scenario->organisation_count; i++) {
        if (strcmp(scenario->organisations[i].name, reference->name) == 0) {
            *party = scenario->organisations[i].party;
            return 0;
        }
    }
    uint32_t index = 0;
    int status = find(reference, "party", party_names, PARTY_COUNT, &index, err);
    *party = (enum party)index;
    return status;
}

int builder_milestone(struct builder *builder, const struct reference *reference,
                      uint32_t *milestone, struct error *err) {
    for (uint32_t i = 0; i < builder->milestone_count; i++) {
        if (strcmp(builder->milestones[i], reference->name) == 0) {
            *milestone = i;
            return 0;
        }
    }
    if (builder->milestone_count == MILESTONES_MAX) {
        return node_error(reference->node, err, "more than %d different milestones",
                          MILESTONES_MAX);
    }
    builder->milestones[builder->milestone_count] = reference->name;
    builder->milestone_nodes[builder->milestone_count] = reference->node;
    *milestone = builder->milestone_count++;
    return 0;
}

int builder_reached(struct builder *builder, struct error *err) {
    const char *reached[MILESTONES_MAX];
    unsigned count = 0;
    for (uint32_t i = 0; i < builder->milestone_count; i++) {
        if (builder->reached >> i & 1) {
            reached[count++] = builder->milestones[i];
        }
    }
    for (uint32_t i = 0; i < builder->milestone_count; i++) {
        if (!(builder->reached >> i & 1)) {
            struct reference missing = {.name = builder->milestones[i],
                                        .node = builder->milestone_nodes[i]};
            return unknown(&missing, "step that reaches the milestone", reached, count, err);
        }
    }
    return 0;
}
