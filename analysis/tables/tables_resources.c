/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_resources.c - how busy the desks and machines are, and who waits for them. */
#include "analysis/statistics/metric.h"
#include "analysis/tables/number.h"
#include "analysis/tables/table.h"
#include "analysis/tables/tables.h"

#include <string.h>

static struct metric_estimate estimate(const struct result *result,
                                       const struct tables_options *options, uint32_t point,
                                       const char *resource, const char *statistic) {
    return metric_estimate(
        result, point, metric_find(result, "resource", resource, "all", statistic), options->level);
}

/* One line a resource: its first metric in the result speaks for it. */
static bool is_first_of_resource(const struct result *result, uint32_t metric) {
    const struct result_column *column = &result->layout.metrics[metric];
    return strcmp(column->kind, "resource") == 0 && strcmp(column->group, "all") == 0 &&
           strcmp(column->statistic, "utilisation") == 0;
}

static double largest_wait_s(const struct result *result, const struct tables_options *options) {
    double largest = 0;
    for (uint32_t m = 0; m < result->layout.metric_count; m++) {
        const struct result_column *column = &result->layout.metrics[m];
        for (uint32_t point = 0; point < result->layout.point_count; point++) {
            if (strcmp(column->kind, "resource") == 0 &&
                strcmp(column->statistic, "wait_mean") == 0) {
                double wait = metric_estimate(result, point, (int)m, options->level).mean *
                              metric_seconds(result, (int)m);
                largest = wait > largest ? wait : largest;
            }
        }
    }
    return largest;
}

static double wait_scale(const struct result *result, const char *resource, double unit_s) {
    int metric = metric_find(result, "resource", resource, "all", "wait_mean");
    return metric_seconds(result, metric) / unit_s;
}

static void add_row(struct table *table, struct arena *arena, const struct result *result,
                    const struct tables_options *options, uint32_t point, const char *resource,
                    double unit_s) {
    struct metric_estimate busy = estimate(result, options, point, resource, "utilisation");
    struct metric_estimate units = estimate(result, options, point, resource, "units_mean");
    struct metric_estimate served = estimate(result, options, point, resource, "served");
    struct metric_estimate queue = estimate(result, options, point, resource, "queue_mean");
    struct metric_estimate most = estimate(result, options, point, resource, "queue_max");
    struct metric_estimate wait = estimate(result, options, point, resource, "wait_mean");
    double scale = wait_scale(result, resource, unit_s);
    unsigned wait_decimals = number_decimals(wait.half_width * scale, 2);
    unsigned queue_decimals = number_decimals(queue.half_width, 2);
    table_text(table, arena_format(arena, "  %s", resource));
    table_number(table, units.mean, 1);
    table_number(table, served.mean, 0);
    table_percent(table, busy.mean, number_decimals(100 * busy.half_width, 1));
    table_number(table, 100 * busy.half_width, number_decimals(100 * busy.half_width, 1));
    table_number(table, queue.mean, queue_decimals);
    table_number(table, most.mean, 0);
    table_number(table, wait.mean * scale, wait_decimals);
    table_number(table, wait.half_width * scale, wait_decimals);
}

static void add_point(struct table *table, struct arena *arena, const struct result *result,
                      const struct tables_options *options, uint32_t point, double unit_s) {
    bool named = false;
    for (uint32_t m = 0; m < result->layout.metric_count; m++) {
        if (!is_first_of_resource(result, m) ||
            metric_estimate(result, point, (int)m, options->level).count == 0) {
            continue;
        }
        if (!named) {
            table_section(table, result->layout.points[point].name);
            named = true;
        }
        add_row(table, arena, result, options, point, result->layout.metrics[m].subject, unit_s);
    }
}

void tables_resources(const struct result *result, const struct tables_options *options,
                      FILE *file) {
    struct arena arena = ARENA_INIT;
    struct number_unit unit = number_time_unit(largest_wait_s(result, options));
    const char *heads[] = {"",  "open",  "served",  "utilised",
                           "±", "queue", "longest", arena_format(&arena, "wait, %s", unit.name),
                           "±"};
    struct table *table = table_create(&arena, options->width, 9, heads);
    for (uint32_t point = 0; point < result->layout.point_count; point++) {
        add_point(table, &arena, result, options, point, unit.size_s);
    }
    fprintf(file, "Resources, means of the replications\n\n");
    table_print(table, file);
    fputc('\n', file);
    arena_free(&arena);
}
