/* SPDX-License-Identifier: GPL-3.0-or-later
 * recorder_plan.c - the names and places of all metrics of an experiment. */
#include "sim/actors/ledger_service.h"
#include "sim/record/recorder.h"
#include "sim/record/recorder_state.h"
#include "sim/record/version.h"

#include <string.h>

enum { METRICS_MAX = 1 << 16, SERIES_BINS_MAX = 4096 };

struct columns {
    struct arena *arena;
    struct result_column *items;
    size_t count, capacity;
};

static uint32_t add(struct columns *columns, const char *kind, const char *subject,
                    const char *group, const char *statistic, const char *unit, const char *doc) {
    columns->items = arena_grow(columns->arena, columns->items, columns->count, &columns->capacity,
                                sizeof *columns->items);
    columns->items[columns->count] = (struct result_column){
        .name = arena_format(columns->arena, "%s.%s.%s.%s", kind, subject, group, statistic),
        .unit = unit,
        .doc = doc,
        .kind = kind,
        .subject = subject,
        .group = group,
        .statistic = statistic,
    };
    return (uint32_t)columns->count++;
}

/* A list of distinct names in the order in which they are met. */
struct name_list {
    struct arena *arena;
    const char **items;
    size_t count, capacity;
};

static uint32_t name_number(struct name_list *list, const char *name) {
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], name) == 0) {
            return (uint32_t)i;
        }
    }
    list->items =
        arena_grow(list->arena, list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count] = name;
    return (uint32_t)list->count++;
}

static uint32_t *numbers(struct name_list *list, const char *const *names, uint32_t count) {
    uint32_t *result = ARENA_ARRAY(list->arena, uint32_t, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        result[i] = name_number(list, names[i]);
    }
    return result;
}

static void name_groups(const struct recorder_plan *plan, const struct world *world,
                        const char **groups, struct arena *arena) {
    groups[0] = "all";
    for (uint32_t i = 0; i < CHANNEL_COUNT; i++) {
        groups[1 + i] = arena_format(arena, "channel_%s", channel_names[i]);
    }
    for (uint32_t i = 0; i < plan->class_count; i++) {
        groups[1 + CHANNEL_COUNT + i] = arena_format(arena, "class_%s", world->classes[i].name);
    }
}

/* The hours of the first organisation that is customs. */
static struct recorder_hours hours_of(const struct scenario *scenario) {
    struct recorder_hours hours = {0};
    for (uint32_t i = 0; i < scenario->organisation_count && hours.customs == NULL; i++) {
        const struct organisation *organisation = &scenario->organisations[i];
        if (organisation->party == PARTY_customs) {
            hours.customs = organisation->calendar;
        }
    }
    while (hours.lodged < scenario->milestone_count &&
           strcmp(scenario->milestones[hours.lodged], "lodged") != 0) {
        hours.lodged++;
    }
    bool tells = hours.customs != NULL && calendar_open_share(hours.customs) < 1 &&
                 hours.lodged < scenario->milestone_count;
    return tells ? hours : (struct recorder_hours){0};
}

static void plan_hours(const struct experiment_plan *experiment, struct recorder_plan *plan,
                       const char **groups, struct arena *arena) {
    struct recorder_hours *hours =
        ARENA_ARRAY(arena, struct recorder_hours, experiment->point_count);
    bool any = false;
    for (uint32_t p = 0; p < experiment->point_count; p++) {
        hours[p] = hours_of(experiment->points[p].scenario);
        any = any || hours[p].customs != NULL;
    }
    plan->hours = hours;
    plan->hours_first = plan->group_count;
    if (any) {
        groups[plan->hours_first + HOURS_PEAK] = "hours_peak";
        groups[plan->hours_first + HOURS_OFF_PEAK] = "hours_off_peak";
        plan->group_count += HOURS_COUNT;
    }
}

static void add_interval_columns(struct recorder_plan *plan, struct columns *columns,
                                 struct columns *histograms, const char *const *groups) {
    plan->interval_first = (uint32_t)columns->count;
    for (uint32_t i = 0; i < plan->interval_count; i++) {
        const struct interval *interval = &plan->intervals[i];
        for (uint32_t g = 0; g < plan->group_count; g++) {
#define X(statistic, unit, doc) \
    add(columns, "interval", interval->name, groups[g], #statistic, unit, doc);
            INTERVAL_STATISTICS(X)
#undef X
            add(histograms, "interval", interval->name, groups[g], "time", "ns", interval->doc);
        }
    }
    plan->party_first = (uint32_t)columns->count;
    for (uint32_t i = 0; i < plan->interval_count; i++) {
        for (uint32_t party = 0; party < PARTY_COUNT; party++) {
            add(columns, "party", plan->intervals[i].name, party_names[party], "mean", "s",
                "Mean time of the interval that was this party's; parties add up to the mean.");
        }
    }
}

static void add_cost_columns(struct recorder_plan *plan, struct columns *columns,
                             const char *const *groups, const char *currency) {
    plan->cost_first = (uint32_t)columns->count;
    for (uint32_t g = 0; g < plan->group_count; g++) {
        add(columns, "cost", "resource", groups[g], "mean", currency,
            "Cost of staff and machines at work, a consignment.");
        add(columns, "cost", "transfer", groups[g], "mean", currency,
            "Duty and charges paid, a consignment: transfers, not resource cost.");
        add(columns, "cost", "time", groups[g], "mean", currency,
            "Value of the first interval's time to the owner of the goods, a consignment.");
    }
}

static void add_count_columns(struct recorder_plan *plan, struct columns *columns) {
    plan->count_first = (uint32_t)columns->count;
    add(columns, "count", "created", "all", "count", "1", "Consignments of the cohort.");
    for (uint32_t outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
        add(columns, "count", outcome_names[outcome], "all", "count", "1",
            "Consignments of the cohort that ended so.");
    }
    add(columns, "count", "examined", "all", "count", "1", "Consignments examined.");
    add(columns, "count", "illicit", "all", "count", "1",
        "Consignments that are illicit in truth.");
    add(columns, "count", "found", "all", "count", "1", "Consignments found to be illicit.");
}

static void add_resource_columns(struct recorder_plan *plan, struct columns *columns,
                                 struct columns *series, const struct name_list *resources) {
    plan->resource_first = (uint32_t)columns->count;
    plan->resource_count = (uint32_t)resources->count;
    for (size_t i = 0; i < resources->count; i++) {
#define X(statistic, unit, doc) \
    add(columns, "resource", resources->items[i], "all", #statistic, unit, doc);
        RESOURCE_STATISTICS(X)
#undef X
        add(series, "resource", resources->items[i], "all", "waiting", "s",
            "Waiting time spent in the bin, summed over those waiting.");
    }
}

static void add_ledger_columns(const struct experiment_plan *experiment, struct recorder_plan *plan,
                               struct columns *columns) {
    bool any = false;
    for (uint32_t p = 0; p < experiment->point_count; p++) {
        any = any || experiment->points[p].scenario->ledger != NULL;
    }
    plan->ledger_first = (uint32_t)columns->count;
    if (any) {
#define X(subject, statistic, unit, doc) \
    add(columns, "ledger", #subject, "all", #statistic, unit, doc);
        LEDGER_STATISTICS(X)
#undef X
    }
    plan->ledger_count = (uint32_t)columns->count - plan->ledger_first;
}

static void make_union(const struct experiment_plan *experiment, struct recorder_plan *plan,
                       struct name_list *resources, struct name_list *slacks,
                       struct name_list *milestones, struct arena *arena) {
    const uint32_t **resource_of = ARENA_ARRAY(arena, const uint32_t *, experiment->point_count);
    const uint32_t **slack_of = ARENA_ARRAY(arena, const uint32_t *, experiment->point_count);
    for (uint32_t p = 0; p < experiment->point_count; p++) {
        const struct scenario *scenario = experiment->points[p].scenario;
        const char **names = ARENA_ARRAY(arena, const char *, scenario->resource_count + 1);
        for (uint32_t i = 0; i < scenario->resource_count; i++) {
            names[i] = scenario->resources[i].name;
        }
        resource_of[p] = numbers(resources, names, scenario->resource_count);
        slack_of[p] = numbers(slacks, scenario->slack_names, scenario->slack_count);
        numbers(milestones, scenario->milestones, scenario->milestone_count);
    }
    plan->resource_of = resource_of;
    plan->slack_of = slack_of;
}

static void map_milestones(const struct experiment_plan *experiment, struct recorder_plan *plan,
                           const struct name_list *milestones, struct arena *arena) {
    const uint32_t **milestone_of = ARENA_ARRAY(arena, const uint32_t *, experiment->point_count);
    for (uint32_t p = 0; p < experiment->point_count; p++) {
        const struct scenario *scenario = experiment->points[p].scenario;
        uint32_t *of = ARENA_ARRAY(arena, uint32_t, milestones->count + 1);
        for (size_t i = 0; i < milestones->count; i++) {
            of[i] = UINT32_MAX;
            for (uint32_t m = 0; m < scenario->milestone_count; m++) {
                of[i] = strcmp(scenario->milestones[m], milestones->items[i]) == 0 ? m : of[i];
            }
        }
        milestone_of[p] = of;
    }
    plan->milestone_of = milestone_of;
    plan->milestone_count = (uint32_t)milestones->count;
}

/* What the codes of a column mean: "0:none,1:green". */
static const char *code_list(struct arena *arena, const char *const *names, uint32_t count) {
    const char *text = "";
    for (uint32_t i = 0; i < count; i++) {
        text = arena_format(arena, "%s%s%u:%s", text, i > 0 ? "," : "", i, names[i]);
    }
    return text;
}

static void add_table_columns(struct recorder_plan *plan, struct columns *columns,
                              const struct scenario *scenario, const struct name_list *milestones) {
    const struct world *world = &scenario->world;
    struct arena *arena = columns->arena;
    const char **classes = ARENA_ARRAY(arena, const char *, world->class_count + 1);
    const char **chapters = ARENA_ARRAY(arena, const char *, world->chapter_count + 1);
    for (uint32_t i = 0; i < world->class_count; i++) {
        classes[i] = world->classes[i].name;
    }
    chapters[0] = "none";
    for (uint32_t i = 0; i < world->chapter_count; i++) {
        chapters[i + 1] = world->chapters[i].name;
    }
    const struct {
        const char *name, *unit, *doc, *codes;
    } fixed[] = {
        {"point", "1", "Index of the point.", ""},
        {"replication", "1", "Number of the replication.", ""},
        {"entity", "1", "Number of the consignment, the same in every system.", ""},
        {"trader", "1", "Number of the importer.", ""},
        {"trader_class", "1", "Class of the importer.",
         code_list(arena, classes, world->class_count)},
        {"chapter", "1", "HS chapter.", code_list(arena, chapters, world->chapter_count + 1)},
        {"channel", "1", "Channel.", code_list(arena, channel_names, CHANNEL_COUNT)},
        {"outcome", "1", "How it ended.", code_list(arena, outcome_names, OUTCOME_COUNT)},
        {"lodged_before_arrival", "1", "Lodged before arrival.", "0:no,1:yes"},
        {"permit", "1", "Needs a permit.", "0:no,1:yes"},
        {"illicit", "1", "Illicit in truth.", "0:no,1:yes"},
        {"examined", "1", "Examined.", "0:no,1:yes"},
        {"found", "1", "Found illicit.", "0:no,1:yes"},
        {"value", world->currency, "Declared value, whole units.", ""},
        {"mass", "kg", "Mass, whole kilograms.", ""},
        {"duty", "1e-4", "Duty assessed, ten-thousandths of the currency.", ""},
        {"paid", "1e-4", "Duty and charges paid, ten-thousandths of the currency.", ""},
        {"resource_cost", "1e-4", "Resource cost, ten-thousandths of the currency.", ""},
    };
    plan->table_fixed_count = sizeof fixed / sizeof fixed[0];
    uint32_t count = plan->table_fixed_count + plan->milestone_count;
    const char **texts = ARENA_ARRAY(arena, const char *, count);
    for (uint32_t i = 0; i < count; i++) {
        bool is_milestone = i >= plan->table_fixed_count;
        const char *name =
            is_milestone
                ? arena_format(arena, "at_%s", milestones->items[i - plan->table_fixed_count])
                : fixed[i].name;
        add(columns, "consignment", name, "all", "value", is_milestone ? "ns" : fixed[i].unit,
            is_milestone ? "When the milestone was reached; -1: never." : fixed[i].doc);
        columns->items[i].name = name;
        texts[i] = is_milestone ? "" : fixed[i].codes;
    }
    plan->layout.texts = texts;
}

static void set_points(const struct experiment_plan *experiment, struct result_layout *layout,
                       struct arena *arena) {
    struct result_point *points = ARENA_ARRAY(arena, struct result_point, experiment->point_count);
    for (uint32_t p = 0; p < experiment->point_count; p++) {
        points[p] = (struct result_point){experiment->points[p].name, experiment->points[p].system,
                                          experiment->points[p].levels};
    }
    layout->point_count = experiment->point_count;
    layout->points = points;
    layout->base_point = experiment->base_point;
    layout->experiment = experiment->name;
    layout->resolved = experiment->resolved;
    layout->seed = experiment->seed;
    layout->version = version_number;
    layout->revision = version_revision;
}

static void set_columns(struct result_layout *layout, const struct columns *metrics,
                        const struct columns *histograms, const struct columns *series,
                        const struct columns *table) {
    layout->metric_count = (uint32_t)metrics->count;
    layout->metrics = metrics->items;
    layout->histogram_count = (uint32_t)histograms->count;
    layout->histograms = histograms->items;
    layout->series_count = (uint32_t)series->count;
    layout->series = series->items;
    layout->table_column_count = (uint32_t)table->count;
    layout->table_columns = table->items;
}

/* Bins cover the time in which consignments arrive that the study looks at. */
static void set_bins(struct result_layout *layout, const struct study *study) {
    layout->series_bin_ns = study->bin_ns > 0 ? study->bin_ns : 1;
    int64_t bins = study->bin_ns > 0 ? (study->end_ns + study->bin_ns - 1) / study->bin_ns : 0;
    layout->series_bin_count = (uint32_t)(bins > SERIES_BINS_MAX ? SERIES_BINS_MAX : bins);
}

int recorder_plan_make(const struct experiment_plan *experiment, struct recorder_plan *plan,
                       struct arena *arena, struct error *err) {
    const struct scenario *first = experiment->points[0].scenario;
    struct columns metrics = {.arena = arena}, histograms = {.arena = arena};
    struct columns series = {.arena = arena}, table = {.arena = arena};
    struct name_list resources = {.arena = arena}, slacks = {.arena = arena};
    struct name_list milestones = {.arena = arena};
    const char *groups[GROUPS_MAX];
    *plan = (struct recorder_plan){
        .class_count = first->world.class_count,
        .group_count = 1 + CHANNEL_COUNT + first->world.class_count,
        .interval_count = first->interval_count,
        .intervals = first->intervals,
    };
    name_groups(plan, &first->world, groups, arena);
    plan_hours(experiment, plan, groups, arena);
    make_union(experiment, plan, &resources, &slacks, &milestones, arena);
    map_milestones(experiment, plan, &milestones, arena);
    add_interval_columns(plan, &metrics, &histograms, groups);
    add_cost_columns(plan, &metrics, groups, first->world.currency);
    add_count_columns(plan, &metrics);
    const char *first_interval = plan->interval_count > 0 ? plan->intervals[0].name : "none";
    add(&series, "interval", first_interval, "all", "sum", "s",
        "Time of those who arrived in the bin, summed.");
    add(&series, "interval", first_interval, "all", "count", "1", "Those who arrived in the bin.");
    add_resource_columns(plan, &metrics, &series, &resources);
    plan->slack_first = (uint32_t)metrics.count;
    plan->slack_count = (uint32_t)slacks.count;
    for (size_t i = 0; i < slacks.count; i++) {
        add(&metrics, "slack", slacks.items[i], "all", "mean", "s",
            "Mean time that this branch came before the last one of its join.");
    }
    add_ledger_columns(experiment, plan, &metrics);
    add_table_columns(plan, &table, first, &milestones);
    set_points(experiment, &plan->layout, arena);
    set_columns(&plan->layout, &metrics, &histograms, &series, &table);
    set_bins(&plan->layout, &first->study);
    if (plan->layout.metric_count > METRICS_MAX) {
        return error_set(err, ERROR_INPUT, "%u metrics are more than the limit of %d",
                         plan->layout.metric_count, METRICS_MAX);
    }
    return 0;
}
