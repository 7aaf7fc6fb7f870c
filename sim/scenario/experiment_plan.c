/* SPDX-License-Identifier: GPL-3.0-or-later
 * experiment_plan.c - see experiment_plan.h.
 *
 * A file is first resolved: the world and every system become mappings inside the experiment,
 * patches merged, files gone. What is compiled is the resolved tree, and its text is what a result
 * keeps. */
#include "sim/scenario/experiment_plan.h"

#include "sim/scenario/compile.h"
#include "sim/scenario/merge_scale.h"
#include "sim/scenario/resolve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POINTS_MAX = 4096 };

struct interval_rows {
    struct field_item item;
    struct reference from, to;
    int64_t target_ns;
    bool parties;
    const char *doc;
};

struct study_rows {
    int64_t warm_up_ns, cohort_ns, limit_ns, bin_ns;
    bool terminating, statistics;
    double sample;
};

struct replication_rows {
    int64_t at_least, at_most;
    const char *metric;
    double relative_precision, level;
};

struct experiment_rows {
    int64_t version;
    const char *name, *summary;
    const struct node *world, *systems, *factors;
    struct reference base;
    int64_t seed;
    struct replication_rows replications;
    struct study_rows study;
    struct field_items intervals;
};

static const struct field interval_fields[] = {
    FIELD(struct interval_rows, from, FIELD_REFERENCE, .required = true,
          .doc = "Milestone at which it begins; `created` is when the walk began."),
    FIELD(struct interval_rows, to, FIELD_REFERENCE, .required = true,
          .doc = "Milestone at which it ends; `ended` is when the walk ended."),
    FIELD_AS(struct interval_rows, target_ns, "target", FIELD_TIME, .min = 0, .max = 1e9,
             .doc = "The share within this time is reported."),
    FIELD(struct interval_rows, parties, FIELD_BOOLEAN, .text_default = "true",
          .doc = "Whose time it was is kept too, at some cost in memory and speed."),
    FIELD(struct interval_rows, doc, FIELD_TEXT, .text_default = "", .doc = "A word for people."),
    FIELD_END};

static const struct field study_fields[] = {
    FIELD_AS(struct study_rows, warm_up_ns, "warm_up", FIELD_TIME, .min = 0, .max = 4e9,
             .text_default = "0 s", .doc = "Who arrives earlier is not in the cohort."),
    FIELD_AS(struct study_rows, cohort_ns, "cohort", FIELD_TIME, .min = 1e-9, .max = 4e9,
             .required = true, .doc = "How long the cohort goes on arriving."),
    FIELD_AS(struct study_rows, limit_ns, "limit", FIELD_TIME, .min = 1e-9, .max = 8e9,
             .required = true,
             .doc = "Simulated time at which those of the cohort that are still inside are counted "
                    "as censored."),
    FIELD_AS(struct study_rows, bin_ns, "bin", FIELD_TIME, .min = 1, .max = 4e9,
             .text_default = "1 d", .doc = "Bin of the time series."),
    FIELD(struct study_rows, terminating, FIELD_BOOLEAN, .text_default = "false",
          .doc = "The start and the end belong to the question, so no warm-up is looked for."),
    FIELD(struct study_rows, statistics, FIELD_BOOLEAN, .text_default = "true",
          .doc = "Off: only the walk and its fingerprint."),
    FIELD(struct study_rows, sample, FIELD_SHARE, .text_default = "0 %",
          .doc = "Share of the cohort that gets a row in the consignment table."),
    FIELD_END};

static const struct field replication_fields[] = {
    FIELD(struct replication_rows, at_least, FIELD_INTEGER, .min = 1, .max = 10000000,
          .text_default = "10", .doc = "Number of replications, or the least of them."),
    FIELD(struct replication_rows, at_most, FIELD_INTEGER, .min = 1, .max = 10000000,
          .doc = "The most, when a precision is asked for."),
    FIELD(struct replication_rows, metric, FIELD_TEXT,
          .doc = "Metric whose precision decides, such as interval.release_time.all.mean."),
    FIELD(struct replication_rows, relative_precision, FIELD_SHARE, .text_default = "0 %",
          .doc = "Half width of its interval over its mean, in every point."),
    FIELD(struct replication_rows, level, FIELD_SHARE, .text_default = "95 %",
          .doc = "Level of that interval."),
    FIELD_END};

const struct field experiment_fields[] = {
    FIELD_AS(struct experiment_rows, version, "clearlab", FIELD_INTEGER, .min = 1, .max = 1,
             .required = true, .doc = "Version of the scenario language."),
    FIELD_AS(struct experiment_rows, name, "experiment", FIELD_NAME, .required = true,
             .doc = "Name of the experiment."),
    FIELD(struct experiment_rows, summary, FIELD_TEXT, .doc = "One sentence for people."),
    FIELD(struct experiment_rows, world, FIELD_NODE, .required = true,
          .doc = "The file of the world, beside this one, or the world itself."),
    FIELD(struct experiment_rows, systems, FIELD_NODE, .required = true,
          .doc = "By name: `base:` a system's file and `patches:` a list of files, or the system "
                 "itself."),
    FIELD(struct experiment_rows, base, FIELD_REFERENCE,
          .doc = "The system that the others are compared with; absent: the first."),
    FIELD(struct experiment_rows, factors, FIELD_NODE,
          .doc = "Parameters with lists of levels; all combinations are run for every system. A "
                 "level stands for the value that the base gives, or the last patch that gives "
                 "one; patches that scale that value scale the level."),
    FIELD(struct experiment_rows, seed, FIELD_INTEGER, .min = 0, .max = 9007199254740992.0,
          .text_default = "1", .doc = "Seed of all random numbers."),
    FIELD(struct experiment_rows, replications, FIELD_GROUP, .inner = replication_fields,
          .inner_size = sizeof(struct replication_rows), .has_short_form = true,
          .doc = "A number, or a precision to reach."),
    FIELD(struct experiment_rows, study, FIELD_GROUP, .required = true, .inner = study_fields,
          .inner_size = sizeof(struct study_rows), .doc = "Warm-up, cohort and limit."),
    FIELD(struct experiment_rows, intervals, FIELD_MAP, .required = true, .inner = interval_fields,
          .inner_size = sizeof(struct interval_rows), .min = 1, .max = INTERVALS_MAX,
          .doc = "What is measured; the first is the one that pictures and comparisons show."),
    FIELD_END};

/* ---- intervals and study ------------------------------------------------------------------- */

static void keep_slot(struct scenario *scenario, uint32_t milestone) {
    if (scenario->snapshot_slot[milestone] < 0) {
        scenario->snapshot_slot[milestone] = (int8_t)scenario->snapshot_count++;
        scenario->snapshot_mask |= (uint64_t)1 << milestone;
    }
}

static int compile_intervals(struct builder *builder, const struct field_items *items,
                             struct error *err) {
    struct scenario *scenario = builder->scenario;
    const struct interval_rows *rows = items->items;
    struct interval *intervals = ARENA_ARRAY(builder->arena, struct interval, items->count + 1);
    for (uint32_t m = 0; m < MILESTONES_MAX; m++) {
        scenario->snapshot_slot[m] = -1;
    }
    for (unsigned i = 0; i < items->count; i++) {
        struct interval *interval = &intervals[i];
        *interval = (struct interval){
            .name = rows[i].item.name, .doc = rows[i].doc, .target_ns = rows[i].target_ns};
        if (builder_milestone(builder, &rows[i].from, &interval->from, err) != 0 ||
            builder_milestone(builder, &rows[i].to, &interval->to, err) != 0) {
            return -1;
        }
        if (interval->from == interval->to) {
            return node_error(rows[i].item.node, err, "interval '%s' begins and ends at '%s'",
                              interval->name, rows[i].from.name);
        }
        interval->party_number = interval->from_slot = interval->to_slot = -1;
        if (!rows[i].parties || !scenario->study.statistics) {
            continue;
        }
        keep_slot(scenario, interval->from);
        keep_slot(scenario, interval->to);
        interval->party_number = (int32_t)scenario->party_interval_count++;
        interval->from_slot = scenario->snapshot_slot[interval->from];
        interval->to_slot = scenario->snapshot_slot[interval->to];
    }
    scenario->intervals = intervals;
    scenario->interval_count = items->count;
    return 0;
}

static int compile_study(struct scenario *scenario, const struct study_rows *rows,
                         const struct node *node, struct error *err) {
    if (rows->warm_up_ns + rows->cohort_ns > rows->limit_ns) {
        return node_error(node, err,
                          "the limit comes before the cohort has arrived: it must be at "
                          "least warm_up + cohort");
    }
    scenario->study = (struct study){
        .warm_up_ns = rows->warm_up_ns,
        .end_ns = rows->warm_up_ns + rows->cohort_ns,
        .limit_ns = rows->limit_ns,
        .terminating = rows->terminating,
        .statistics = rows->statistics,
        .sample = rows->sample,
        .bin_ns = rows->bin_ns,
    };
    return 0;
}

static void number_parties(struct builder *builder) {
    struct scenario *scenario = builder->scenario;
    for (uint32_t party = 0; party < PARTY_COUNT; party++) {
        bool used = builder->parties_used >> party & 1;
        scenario->party_slot[party] = used ? (int8_t)scenario->party_count : -1;
        if (used) {
            scenario->parties[scenario->party_count++] = (enum party)party;
        }
    }
}

/* ---- points -------------------------------------------------------------------------------- */

struct loader {
    struct arena *arena;
    struct experiment_plan *plan;
    const struct experiment_rows *rows;
    const struct node *root;
    struct plan_point *points;
    size_t point_count, point_capacity;
    struct parameter *parameters; /* of all points */
    size_t parameter_count, parameter_capacity;
};

/* One world and one system: a scenario. */
static int compile_point(struct loader *loader, const struct node *world, const struct node *system,
                         const char *name, struct reader **reader_used, struct error *err) {
    struct arena *arena = loader->arena;
    struct builder *builder = ARENA_NEW(arena, struct builder);
    builder_init(builder, arena);
    struct scenario *scenario = builder->scenario;
    scenario->name = name;
    scenario->seed = loader->plan->seed;
    *reader_used = builder->reader;
    const struct node *node = node_get(loader->root, "study");
    if (compile_world(builder, world, err) != 0 || compile_system(builder, system, err) != 0 ||
        compile_streams(builder, err) != 0 ||
        compile_study(scenario, &loader->rows->study, node, err) != 0 ||
        compile_intervals(builder, &loader->rows->intervals, err) != 0 ||
        builder_reached(builder, err) != 0) {
        return -1;
    }
    number_parties(builder);
    const char **milestones = ARENA_ARRAY(arena, const char *, builder->milestone_count);
    memcpy(milestones, builder->milestones, builder->milestone_count * sizeof *milestones);
    scenario->milestones = milestones;
    scenario->milestone_count = builder->milestone_count;
    loader->points[loader->point_count].scenario = scenario;
    return 0;
}

/* Sets a factor's level in a copy of the world or system, where that declares the parameter: the
 * value that the base would have, so patches that scale it still do. */
static int set_level(struct arena *arena, struct node *tree, const struct node *factor,
                     const struct node *level, bool *found, struct error *err) {
    struct node *parameters = node_get(tree, "parameters");
    if (node_get(parameters, factor->key) == NULL) {
        return 0;
    }
    *found = true;
    return merge_scale_set(arena, parameters, factor->key, level, err);
}

/* The scalars of all points, each once: systems share a world, and patched ones a base. */
static void keep_parameters(struct loader *loader, const struct reader *reader) {
    for (size_t i = 0; i < reader->parameter_count; i++) {
        const struct parameter *parameter = &reader->parameters[i];
        bool known = false;
        for (size_t k = 0; k < loader->parameter_count && !known; k++) {
            known = strcmp(loader->parameters[k].name, parameter->name) == 0 &&
                    strcmp(loader->parameters[k].text, parameter->text) == 0;
        }
        if (!known) {
            loader->parameters =
                arena_grow(loader->arena, loader->parameters, loader->parameter_count,
                           &loader->parameter_capacity, sizeof *loader->parameters);
            loader->parameters[loader->parameter_count++] = *parameter;
        }
    }
}

static int add_point(struct loader *loader, const struct node *system, const struct node *world,
                     const struct node *system_tree, const char *levels, struct error *err) {
    if (loader->point_count == POINTS_MAX) {
        return node_error(loader->rows->systems, err, "more than %d points", POINTS_MAX);
    }
    loader->points = arena_grow(loader->arena, loader->points, loader->point_count,
                                &loader->point_capacity, sizeof *loader->points);
    struct plan_point *point = &loader->points[loader->point_count];
    point->system = system->key;
    point->levels = levels;
    point->name =
        levels[0] == '\0' ? system->key : arena_format(loader->arena, "%s %s", system->key, levels);
    struct reader *reader;
    if (compile_point(loader, world, system_tree, point->name, &reader, err) != 0) {
        return -1;
    }
    keep_parameters(loader, reader);
    loader->point_count++;
    return 0;
}

/* All combinations of levels, the first factor slowest. */
static int expand(struct loader *loader, const struct node *system, const struct node *factor,
                  const struct node *world, const struct node *tree, const char *levels,
                  struct error *err) {
    if (factor == NULL) {
        return add_point(loader, system, world, tree, levels, err);
    }
    if (factor->kind != NODE_SEQUENCE || factor->count == 0) {
        return node_error(factor, err, "factor '%s': expected a list of levels", factor->key);
    }
    for (const struct node *level = factor->first; level != NULL; level = level->next) {
        if (level->kind != NODE_SCALAR) {
            return node_error(level, err, "factor '%s': a level is a scalar", factor->key);
        }
        struct node *world_copy = node_copy(loader->arena, world);
        struct node *tree_copy = node_copy(loader->arena, tree);
        bool found = false;
        if (set_level(loader->arena, world_copy, factor, level, &found, err) != 0 ||
            set_level(loader->arena, tree_copy, factor, level, &found, err) != 0) {
            return -1;
        }
        if (!found) {
            return node_key_error(factor, err, "system '%s' and its world have no parameter '%s'",
                                  system->key, factor->key);
        }
        const char *more = arena_format(loader->arena, "%s%s%s=%s", levels,
                                        levels[0] != '\0' ? " " : "", factor->key, level->text);
        if (expand(loader, system, factor->next, world_copy, tree_copy, more, err) != 0) {
            return -1;
        }
    }
    return 0;
}

static int compile_points(struct loader *loader, struct error *err) {
    const struct experiment_rows *rows = loader->rows;
    if (rows->systems->kind != NODE_MAPPING || rows->systems->count == 0) {
        return node_error(rows->systems, err, "systems: expected names, each with a system");
    }
    const struct node *factors =
        rows->factors == NULL || rows->factors->kind == NODE_NULL ? NULL : rows->factors;
    if (factors != NULL && factors->kind != NODE_MAPPING) {
        return node_error(factors, err, "factors: expected parameters, each with a list of levels");
    }
    for (const struct node *system = rows->systems->first; system != NULL; system = system->next) {
        if (expand(loader, system, factors == NULL ? NULL : factors->first, rows->world, system, "",
                   err) != 0) {
            return -1;
        }
    }
    loader->plan->points = loader->points;
    loader->plan->parameters = loader->parameters;
    loader->plan->parameter_count = (uint32_t)loader->parameter_count;
    loader->plan->point_count = (uint32_t)loader->point_count;
    return 0;
}

static int find_base(struct loader *loader, struct error *err) {
    const struct reference *base = &loader->rows->base;
    if (base->name == NULL) {
        return 0;
    }
    for (uint32_t i = 0; i < loader->plan->point_count; i++) {
        if (strcmp(loader->points[i].system, base->name) == 0) {
            loader->plan->base_point = i;
            return 0;
        }
    }
    return node_error(base->node, err, "there is no system '%s' in this experiment", base->name);
}

static int set_replications(struct loader *loader, const struct node *node, struct error *err) {
    const struct replication_rows *rows = &loader->rows->replications;
    struct experiment_plan *plan = loader->plan;
    bool open = rows->relative_precision > 0;
    const struct node *place = node_get(node, "replications");
    if (open && (rows->at_most <= rows->at_least || rows->metric == NULL)) {
        return node_error(place, err,
                          "a relative precision needs a metric and an at_most above at_least");
    }
    if (open && rows->at_least < 2) {
        return node_error(place, err, "a precision needs at least 2 replications");
    }
    plan->replications_min = (uint32_t)rows->at_least;
    plan->replications_max = open ? (uint32_t)rows->at_most : plan->replications_min;
    plan->precision_metric = open ? rows->metric : NULL;
    plan->relative_precision = rows->relative_precision;
    plan->level = rows->level;
    return 0;
}

static int load_resolved(const struct node *root, struct experiment_plan *plan, struct arena *arena,
                         struct error *err) {
    struct experiment_rows *rows = ARENA_NEW(arena, struct experiment_rows);
    struct reader reader = {.arena = arena, .root = root};
    if (read_fields(&reader, root, experiment_fields, NULL, rows, err) != 0) {
        return -1;
    }
    struct loader loader = {.arena = arena, .plan = plan, .rows = rows, .root = root};
    plan->name = rows->name;
    plan->summary = rows->summary;
    plan->seed = (uint64_t)rows->seed;
    if (set_replications(&loader, root, err) != 0 || compile_points(&loader, err) != 0) {
        return -1;
    }
    return find_base(&loader, err);
}

int experiment_plan_load(const char *path, const char *const *settings, unsigned setting_count,
                         struct experiment_plan *plan, struct arena *arena, struct error *err) {
    *plan = (struct experiment_plan){.source = path};
    struct node *root = resolve_file(path, settings, setting_count, arena, err);
    if (root == NULL) {
        return -1;
    }
    plan->resolved = node_write(arena, root);
    return load_resolved(root, plan, arena, err);
}

int experiment_plan_load_text(const char *name, const char *text, const char *const *settings,
                              unsigned setting_count, struct experiment_plan *plan,
                              struct arena *arena, struct error *err) {
    *plan = (struct experiment_plan){.source = name};
    struct node *root = node_read_text(arena, name, text, strlen(text), err);
    if (root == NULL || resolve_settings(arena, root, settings, setting_count, err) != 0) {
        return -1;
    }
    plan->resolved = node_write(arena, root);
    return load_resolved(root, plan, arena, err);
}
