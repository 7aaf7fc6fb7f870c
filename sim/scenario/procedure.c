/* SPDX-License-Identifier: GPL-3.0-or-later
 * procedure.c - lists of steps become arrays of steps that know what follows.
 *
 * First all steps are numbered and linked (procedure_link.c); then keys are read and names
 * resolved, when every name is known. */
#include "core/base/require.h"
#include "sim/scenario/compile.h"
#include "sim/scenario/procedure_link.h"
#include "sim/steps/step.h"

#include <string.h>

/* The keys that every step has. */
struct frame {
    const struct expression *when;
    struct references by, seize, release;
    const struct node *duration;
    struct reference working, party;
    const struct expression *priority;
    bool preempt;
    const struct distribution *patience;
    struct reference otherwise, milestone, charge;
};

const struct field step_frame_fields[] = {
    FIELD(struct frame, when, FIELD_CONDITION,
          .doc = "The step is passed over unless this holds on entry."),
    FIELD(struct frame, by, FIELD_REFERENCES,
          .doc = "Who does it: resources (customs.examiner, port.crane x 2) that are taken for the "
                 "step, all at once, or a party that takes its time (shipper)."),
    FIELD(struct frame, seize, FIELD_REFERENCES,
          .doc = "Resources that are taken and kept beyond the step."),
    FIELD(struct frame, release, FIELD_REFERENCES, .doc = "Kept resources that are given back."),
    FIELD(struct frame, duration, FIELD_NODE,
          .doc = "How long it takes: a distribution of times, a parameter, or conduct.NAME of the "
                 "importer's class; absent: no time."),
    FIELD(struct frame, working, FIELD_REFERENCE,
          .doc = "An organisation whose open hours the duration counts; absent: elapsed time."),
    FIELD(struct frame, party, FIELD_REFERENCE,
          .doc = "Whose time the duration is; absent: that of the first under `by`."),
    FIELD(struct frame, priority, FIELD_EXPRESSION,
          .doc = "0..15, higher is served first; absent: 0."),
    FIELD(struct frame, preempt, FIELD_BOOLEAN, .text_default = "false",
          .doc = "Takes units from work of lower priority."),
    FIELD(struct frame, patience, FIELD_DISTRIBUTION, .dimension = DIMENSION_TIME,
          .doc = "Gives up waiting for resources after this time."),
    FIELD(struct frame, otherwise, FIELD_REFERENCE,
          .doc = "Step to go to after balking, giving up or discarded work; absent: it ends so."),
    FIELD(struct frame, milestone, FIELD_REFERENCE, .doc = "Milestone reached at the step's end."),
    FIELD(struct frame, charge, FIELD_REFERENCE,
          .doc = "Charge paid at the step's end; one by time runs over the stay of what `release` "
                 "gives back."),
    FIELD_END};

static const char *const own_keys[] = {"type", NULL};

/* ---- reading one step ---------------------------------------------------------------------- */

static int find_type(const struct step_entry *entry, const struct step_type **type,
                     struct error *err) {
    unsigned count;
    const struct step_type *const *types = step_types(&count);
    const char *names[64];
    for (unsigned i = 0; i < count; i++) {
        names[i] = types[i]->name;
        if (strcmp(procedure_link_type_name(entry), names[i]) == 0) {
            *type = types[i];
            return 0;
        }
    }
    const struct node *given = node_get(entry->node, "type");
    if (given == NULL) {
        *type = &step_type_work; /* a name of its own and no type: work */
        return 0;
    }
    return node_error(given, err, "there is no step type '%s'%s", procedure_link_type_name(entry),
                      error_hint(procedure_link_type_name(entry), names, count, "").text);
}

/* Adds resource uses; what has no dot is a party and takes no resource. */
static int add_uses(struct builder *builder, const struct references *references,
                    struct resource_use *uses, uint32_t *count, struct error *err) {
    for (unsigned i = 0; i < references->count; i++) {
        const struct reference *reference = &references->items[i];
        if (strchr(reference->name, '.') == NULL) {
            continue;
        }
        struct resource_use *use = &uses[*count];
        if (*count == USES_MAX) {
            return node_error(reference->node, err, "a step uses at most %d resources", USES_MAX);
        }
        if (builder_resource(builder, reference, &use->resource, err) != 0) {
            return -1;
        }
        use->units = (uint32_t)reference->count;
        int32_t most = builder->scenario->resources[use->resource].units_most;
        if ((int64_t)use->units > most) {
            return node_error(reference->node, err, "'%s' has at most %d units open, never %u",
                              reference->name, most, use->units);
        }
        for (uint32_t k = 0; k < *count; k++) {
            if (uses[k].resource == use->resource) {
                return node_error(reference->node, err,
                                  "'%s' stands twice; write `%s x 2` for two units",
                                  reference->name, reference->name);
            }
        }
        ++*count;
    }
    return 0;
}

static int compile_uses(struct builder *builder, const struct frame *frame, struct step *step,
                        struct error *err) {
    struct resource_use *uses = ARENA_ARRAY(builder->arena, struct resource_use, USES_MAX);
    uint32_t count = 0, *releases;
    if (add_uses(builder, &frame->by, uses, &count, err) != 0) {
        return -1;
    }
    step->use_count = count;
    if (add_uses(builder, &frame->seize, uses, &count, err) != 0) {
        return -1;
    }
    step->seize_count = count - step->use_count;
    step->uses = uses;
    releases = ARENA_ARRAY(builder->arena, uint32_t, frame->release.count + 1);
    for (unsigned i = 0; i < frame->release.count; i++) {
        if (builder_resource(builder, &frame->release.items[i], &releases[i], err) != 0) {
            return -1;
        }
    }
    step->releases = releases;
    step->release_count = frame->release.count;
    for (uint32_t i = 0; frame->preempt && i < step->use_count; i++) {
        builder->resource_types[uses[i].resource].interruptible = true;
    }
    return 0;
}

/* Whose time the work and the wait are. */
static int compile_parties(struct builder *builder, const struct frame *frame, struct step *step,
                           struct error *err) {
    const struct scenario *scenario = builder->scenario;
    step->party = PARTY_importer;
    if (frame->party.name != NULL) {
        if (builder_party(builder, &frame->party, &step->party, err) != 0) {
            return -1;
        }
    } else if (frame->by.count > 0) {
        const struct reference *first = &frame->by.items[0];
        if (strchr(first->name, '.') != NULL) {
            step->party = scenario->resources[step->uses[0].resource].party;
        } else if (builder_party(builder, first, &step->party, err) != 0) {
            return -1;
        }
    }
    step->wait_party = step->use_count + step->seize_count > 0
                           ? scenario->resources[step->uses[0].resource].party
                           : step->party;
    for (unsigned i = 0; i < frame->by.count; i++) { /* parties that are not there are errors */
        enum party party;
        if (strchr(frame->by.items[i].name, '.') == NULL &&
            builder_party(builder, &frame->by.items[i], &party, err) != 0) {
            return -1;
        }
    }
    builder->parties_used |= 1u << step->party | 1u << step->wait_party;
    return 0;
}

static int compile_duration(struct builder *builder, const struct frame *frame, struct step *step,
                            struct error *err) {
    const struct world *world = &builder->scenario->world;
    if (frame->working.name != NULL) {
        uint32_t organisation;
        if (builder_organisation(builder, &frame->working, &organisation, err) != 0) {
            return -1;
        }
        step->work_calendar = builder->scenario->organisations[organisation].calendar;
    }
    if (frame->duration == NULL || frame->duration->kind == NODE_NULL) {
        return 0;
    }
    const char *text = frame->duration->text;
    if (text != NULL && strncmp(text, "conduct.", 8) == 0) {
        for (uint32_t i = 0; i < world->conduct_count; i++) {
            if (strcmp(world->conducts[i], text + 8) == 0) {
                step->duration_source = DURATION_CONDUCT;
                step->conduct = i;
                return 0;
            }
        }
        if (builder->lone_system) {
            return 0;
        }
        return node_error(frame->duration, err, "the world's importers have no conduct '%s'%s",
                          text + 8,
                          error_hint(text + 8, world->conducts, world->conduct_count, "").text);
    }
    step->duration_source = DURATION_DISTRIBUTION;
    return read_distribution(builder->reader, frame->duration, DIMENSION_TIME, &step->duration,
                             err);
}

static int compile_charge(struct builder *builder, const struct frame *frame, struct step *step,
                          struct error *err) {
    const struct scenario *scenario = builder->scenario;
    step->charge = -1;
    if (frame->charge.name == NULL) {
        return 0;
    }
    const char **names = ARENA_ARRAY(builder->arena, const char *, scenario->charge_count + 1);
    for (uint32_t i = 0; i < scenario->charge_count; i++) {
        names[i] = scenario->charges[i].name;
        if (strcmp(names[i], frame->charge.name) == 0) {
            step->charge = (int32_t)i;
            return 0;
        }
    }
    return node_error(frame->charge.node, err, "there is no charge '%s'%s", frame->charge.name,
                      error_hint(frame->charge.name, names, scenario->charge_count, "").text);
}

static int compile_frame(struct builder *builder, const struct frame *frame, struct step *step,
                         struct error *err) {
    step->when = frame->when;
    step->priority = frame->priority;
    step->preempt = frame->preempt;
    step->has_patience = frame->patience != NULL;
    step->milestone = -1;
    if (frame->patience != NULL) {
        step->patience = *frame->patience;
    }
    if (compile_uses(builder, frame, step, err) != 0 ||
        compile_parties(builder, frame, step, err) != 0 ||
        compile_duration(builder, frame, step, err) != 0 ||
        compile_charge(builder, frame, step, err) != 0) {
        return -1;
    }
    if (frame->milestone.name != NULL) {
        uint32_t milestone;
        if (builder_milestone(builder, &frame->milestone, &milestone, err) != 0) {
            return -1;
        }
        step->milestone = (int32_t)milestone;
    }
    if (frame->otherwise.name != NULL) {
        return builder_neighbour(builder, &frame->otherwise, &step->otherwise, err);
    }
    return 0;
}

static int compile_step(struct builder *builder, struct step *steps, uint32_t number,
                        struct error *err) {
    const struct step_entry *entry = &builder->entries[number];
    struct step *step = &steps[number];
    struct frame frame = {0};
    builder->entry = number;
    if (find_type(entry, &step->type, err) != 0) {
        return -1;
    }
    void *params = arena_alloc(builder->arena, step->type->params_size + 1);
    step->name = entry->name;
    step->node = entry->node;
    step->params = params;
    step->purpose = random_purpose(step->name, random_purpose(builder->procedure, 0));
    step->purpose_duration = random_purpose("duration", step->purpose);
    step->purpose_patience = random_purpose("patience", step->purpose);
    step->number = builder->scenario->step_count++;
    step->state = step->type->keeps_state ? builder->state_count++ : 0;
    bool is_fork = step->type == &step_type_fork;
    if (!is_fork && read_fields_of_two(builder->reader, entry->node, step_frame_fields, &frame,
                                       step->type->fields, params, own_keys, err) != 0) {
        return -1;
    }
    if (compile_frame(builder, &frame, step, err) != 0 ||
        (step->type->resolve != NULL && step->type->resolve(builder, step, params, err) != 0)) {
        return -1;
    }
    if (step->milestone >= 0) {
        builder->reached |= 1u << step->milestone;
    }
    return 0;
}

/* ---- whole procedures ---------------------------------------------------------------------- */

static int compile_procedure(struct builder *builder, const struct node *list,
                             struct procedure *procedure, struct error *err) {
    struct step *steps = ARENA_ARRAY(builder->arena, struct step, STEPS_MAX);
    builder->entry_count = 0;
    builder->join_count = 0;
    builder->procedure = list->key;
    if (list->kind != NODE_SEQUENCE || list->count == 0) {
        return node_error(list, err, "procedure '%s': expected a list of steps", list->key);
    }
    if (procedure_link(builder, steps, list, &procedure->first, err) != 0) {
        return -1;
    }
    for (uint32_t i = 1; i <= builder->entry_count; i++) {
        if (compile_step(builder, steps, i, err) != 0) {
            return -1;
        }
    }
    procedure->name = list->key;
    procedure->steps = steps;
    procedure->step_count = builder->entry_count + 1;
    procedure->join_count = builder->join_count;
    return 0;
}

/* Every branch of every join gets a number, under which its slack is recorded. */
static void number_slacks(struct builder *builder, struct procedure *procedures, uint32_t count) {
    const char **names = NULL;
    size_t used = 0, capacity = 0;
    for (uint32_t p = 0; p < count; p++) {
        struct step *steps = (struct step *)(uintptr_t)procedures[p].steps;
        for (uint32_t s = 1; s < procedures[p].step_count; s++) {
            if (steps[s].type != &step_type_join) {
                continue;
            }
            steps[s].slack_first = (uint32_t)used;
            for (uint32_t b = 0; b < steps[s].branch_count; b++) {
                names = arena_grow(builder->arena, names, used, &capacity, sizeof *names);
                names[used++] = arena_format(builder->arena, "%s_%s", procedures[p].name,
                                             steps[s].branch_names[b]);
            }
        }
    }
    builder->scenario->slack_names = names;
    builder->scenario->slack_count = (uint32_t)used;
}

/* Asked of a step once all are known, for a later one may preempt. */
static int check_seized(const struct scenario *scenario, const struct step *step,
                        struct error *err) {
    for (uint32_t i = step->use_count; i < step->use_count + step->seize_count; i++) {
        const struct resource_type *type = &scenario->resources[step->uses[i].resource];
        if (type->interruptible) {
            return node_error(step->node, err,
                              "'%s' is kept across steps by `seize`, so its work can only be "
                              "finished, not interrupted",
                              type->name);
        }
    }
    return 0;
}

static int check_all_seized(const struct scenario *scenario, struct error *err) {
    for (uint32_t p = 0; p < scenario->procedure_count; p++) {
        for (uint32_t s = 1; s < scenario->procedures[p].step_count; s++) {
            if (check_seized(scenario, &scenario->procedures[p].steps[s], err) != 0) {
                return -1;
            }
        }
    }
    return 0;
}

/* Two purposes with one hash would draw the same numbers. */
static int check_purposes(const struct scenario *scenario, const struct node *node,
                          struct error *err) {
    for (uint32_t p = 0; p < scenario->procedure_count; p++) {
        for (uint32_t s = 1; s < scenario->procedures[p].step_count; s++) {
            const struct step *a = &scenario->procedures[p].steps[s];
            for (uint32_t q = 0; q <= p; q++) {
                uint32_t end = q == p ? s : scenario->procedures[q].step_count;
                for (uint32_t t = 1; t < end; t++) {
                    const struct step *b = &scenario->procedures[q].steps[t];
                    if (a->type == &step_type_join && b->type == &step_type_join) {
                        continue; /* they may share a name, for they draw nothing */
                    }
                    if (a->purpose == b->purpose || a->purpose_duration == b->purpose_duration ||
                        a->purpose_patience == b->purpose_patience ||
                        a->purpose == b->purpose_duration || a->purpose_duration == b->purpose) {
                        return node_error(node, err,
                                          "steps '%s' and '%s' have names with one hash; rename "
                                          "one",
                                          a->name, b->name);
                    }
                }
            }
        }
    }
    return 0;
}

/* "a|b|c" */
static const char *choice_list(struct arena *arena, const char *list, const char *name) {
    return list[0] == '\0' ? name : arena_format(arena, "%s|%s", list, name);
}

/* What conditions may compare channels, classes and chapters with. */
static void know_symbols(struct builder *builder) {
    struct scenario *scenario = builder->scenario;
    struct expression_names *names = builder->reader->names;
    struct arena *arena = builder->arena;
    uint32_t *classes = ARENA_ARRAY(arena, uint32_t, scenario->world.class_count + 1);
    uint32_t *chapters = ARENA_ARRAY(arena, uint32_t, scenario->world.chapter_count + 1);
    const char *channel_list = "", *class_list = "", *chapter_list = "";
    for (uint32_t i = 0; i < CHANNEL_COUNT; i++) {
        scenario->channel_symbols[i] = expression_symbol(names, arena, channel_names[i]);
        channel_list = choice_list(arena, channel_list, channel_names[i]);
    }
    for (uint32_t i = 0; i < scenario->world.class_count; i++) {
        classes[i] = expression_symbol(names, arena, scenario->world.classes[i].name);
        class_list = choice_list(arena, class_list, scenario->world.classes[i].name);
    }
    for (uint32_t i = 0; i < scenario->world.chapter_count; i++) {
        chapters[i] = expression_symbol(names, arena, scenario->world.chapters[i].name);
    }
    for (int chapter = 1; chapter <= 97;
         chapter++) { /* a patch may name goods that nobody brings */
        chapter_list = choice_list(arena, chapter_list, arena_format(arena, "%02d", chapter));
    }
    scenario->class_symbols = classes;
    scenario->chapter_symbols = chapters;
    builder->inputs[INPUT_channel].choices = channel_list;
    builder->inputs[INPUT_trader_class].choices = class_list[0] ? class_list : NULL;
    builder->inputs[INPUT_chapter].choices = chapter_list[0] ? chapter_list : NULL;
    names->currency = scenario->world.currency;
}

int compile_procedures(struct builder *builder, const struct node *node, struct error *err) {
    struct scenario *scenario = builder->scenario;
    if (node == NULL || node->kind != NODE_MAPPING || node->count == 0) {
        return node_error(node, err, "procedures: expected names, each with a list of steps");
    }
    if (node->count > 64) {
        return node_error(node, err, "more than 64 procedures");
    }
    struct procedure *procedures = ARENA_ARRAY(builder->arena, struct procedure, node->count + 1);
    struct reference *names = ARENA_ARRAY(builder->arena, struct reference, node->count + 1);
    uint32_t count = 0;
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        names[count++] = (struct reference){.name = child->key, .node = child};
    }
    builder->procedure_names = names;
    builder->procedure_count = count;
    builder->entries = ARENA_ARRAY(builder->arena, struct step_entry, STEPS_MAX + 1);
    builder->carried_milestone = -1;
    know_symbols(builder);
    count = 0;
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        if (compile_procedure(builder, child, &procedures[count++], err) != 0) {
            return -1;
        }
    }
    number_slacks(builder, procedures, count);
    scenario->procedures = procedures;
    scenario->procedure_count = count;
    scenario->state_count = builder->state_count;
    scenario->carried_milestone = builder->carried_milestone;
    if (check_all_seized(scenario, err) != 0) {
        return -1;
    }
    return check_purposes(scenario, node, err);
}
