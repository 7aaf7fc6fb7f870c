/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_differences.c - what changes from the base to every other point, in pairs. */
#include "analysis/statistics/comparison.h"
#include "analysis/statistics/metric.h"
#include "analysis/tables/number.h"
#include "analysis/tables/table.h"
#include "analysis/tables/tables.h"

#include <string.h>

/* What readers compare: mean times between milestones and mean costs. */
static bool is_compared(const struct result_column *column) {
    return strcmp(column->group, "all") == 0 && strcmp(column->statistic, "mean") == 0 &&
           (strcmp(column->kind, "interval") == 0 || strcmp(column->kind, "cost") == 0);
}

/* The unit of one metric over all points, so that a section reads in one unit. */
static struct number_unit unit_of(const struct result *result, uint32_t metric) {
    double seconds = metric_seconds(result, (int)metric), largest_s = 0;
    if (seconds == 0) {
        const char *unit = result->layout.metrics[metric].unit;
        return (struct number_unit){.name = unit, .long_name = unit, .size_s = 1};
    }
    for (uint32_t point = 0; point < result->layout.point_count; point++) {
        double mean = metric_estimate(result, point, (int)metric, 0.95).mean * seconds;
        largest_s = __builtin_fabs(mean) > largest_s ? __builtin_fabs(mean) : largest_s;
    }
    struct number_unit unit = number_time_unit(largest_s);
    unit.size_s /= seconds;
    return unit;
}

static void add_row(struct table *table, struct arena *arena, const char *name,
                    const struct comparison *comparison, double unit) {
    double half_width = comparison->paired.half_width / unit;
    unsigned decimals = number_decimals(half_width, 2);
    char p[NUMBER_TEXT_SIZE];
    number_print_p(comparison->paired.p, p);
    table_text(table, arena_format(arena, "  %s", name));
    table_number(table, comparison->base_mean / unit, decimals);
    table_number(table, comparison->mean / unit, decimals);
    table_number(table, comparison->paired.difference / unit, decimals);
    table_number(table, half_width, decimals);
    table_percent(table, comparison->relative, 1);
    table_number(table, comparison->paired.t, 1);
    table_text(table, p);
    table_number(table, comparison->paired.variance_reduction, 1);
}

/* Returns the replications that found no partner. */
static uint32_t add_metric(struct table *table, struct arena *arena, const struct result *result,
                           const struct tables_options *options, uint32_t metric) {
    const struct result_layout *layout = &result->layout;
    struct number_unit unit = unit_of(result, metric);
    uint32_t unpaired = 0;
    bool named = false;
    for (uint32_t point = 0; point < layout->point_count; point++) {
        if (point == layout->base_point) {
            continue;
        }
        struct comparison comparison =
            comparison_make(result, layout->base_point, point, metric, options->level);
        unpaired += comparison.unpaired;
        if (comparison.paired.count == 0) {
            continue;
        }
        if (!named) {
            table_section(table, arena_format(arena, "%s %s, %s", layout->metrics[metric].kind,
                                              layout->metrics[metric].subject, unit.name));
            named = true;
        }
        add_row(table, arena, layout->points[point].name, &comparison, unit.size_s);
    }
    return unpaired;
}

void tables_differences(const struct result *result, const struct tables_options *options,
                        FILE *file) {
    static const char *const heads[] = {"",       "base", "system", "difference",    "±",
                                        "change", "t",    "p",      "variance ratio"};
    const struct result_layout *layout = &result->layout;
    if (layout->point_count < 2) {
        return;
    }
    struct arena arena = ARENA_INIT;
    struct table *table = table_create(&arena, options->width, 9, heads);
    uint32_t unpaired = 0;
    for (uint32_t m = 0; m < layout->metric_count; m++) {
        if (is_compared(&layout->metrics[m])) {
            uint32_t count = add_metric(table, &arena, result, options, m);
            unpaired = count > unpaired ? count : unpaired;
        }
    }
    fprintf(file, "Against %s, replication by replication\n\n",
            layout->points[layout->base_point].name);
    table_print(table, file);
    fprintf(file, "\nVariance ratio: how many times more replications the same interval would take "
                  "without pairing.\n");
    if (unpaired > 0) {
        fprintf(file, "warning: %" PRIu32 " replications have no partner and are left out\n",
                unpaired);
    }
    fputc('\n', file);
    arena_free(&arena);
}
