/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_release.c - the table of a Time Release Study, one section an interval. */
#include "analysis/statistics/metric.h"
#include "analysis/statistics/mode.h"
#include "analysis/tables/number.h"
#include "analysis/tables/table.h"
#include "analysis/tables/tables.h"
#include "core/base/estimate.h"

#include <string.h>

/* What the rows of one interval have in common. */
struct interval_rows {
    const struct result *result;
    const struct tables_options *options;
    struct table *table;
    struct arena *arena;
    const char *interval;
    double unit_s;   /* of what is shown */
    double metric_s; /* of what is stored */
};

static struct metric_estimate estimate(const struct interval_rows *rows, uint32_t point,
                                       const char *group, const char *statistic) {
    int metric = metric_find(rows->result, "interval", rows->interval, group, statistic);
    return metric_estimate(rows->result, point, metric, rows->options->level);
}

/* In the unit shown. */
static double time_of(const struct interval_rows *rows, double stored) {
    return stored * rows->metric_s / rows->unit_s;
}

/* From the pooled histogram of nanoseconds; else the mean of the replications' quantiles. */
static double quantile_of(const struct interval_rows *rows, uint32_t point, const char *group,
                          const char *statistic, double q) {
    const uint64_t *counts = metric_counts(rows->result, point, rows->interval, group);
    if (counts != NULL) {
        return histogram_quantile(counts, q) * 1e-9 / rows->unit_s;
    }
    return time_of(rows, estimate(rows, point, group, statistic).mean);
}

/* NaN where the result has no such histogram. */
static double mode_shown(const struct interval_rows *rows, uint32_t point, const char *group) {
    const uint64_t *counts = metric_counts(rows->result, point, rows->interval, group);
    double unit_ns = rows->unit_s * 1e9;
    return counts == NULL ? __builtin_nan("") : mode_of(counts, unit_ns).value / unit_ns;
}

static void add_row(const struct interval_rows *rows, uint32_t point, const char *group,
                    const char *label) {
    struct metric_estimate mean = estimate(rows, point, group, "mean");
    struct metric_estimate count = estimate(rows, point, group, "count");
    struct metric_estimate censored = estimate(rows, point, group, "censored");
    double half_width = time_of(rows, mean.half_width);
    unsigned decimals = number_decimals(half_width, 2);
    table_text(rows->table, label);
    table_number(rows->table, count.count > 0 ? count.sum : __builtin_nan(""), 0);
    table_number(rows->table, censored.count > 0 ? censored.sum : __builtin_nan(""), 0);
    table_number(rows->table, time_of(rows, mean.mean), decimals);
    table_number(rows->table, half_width, decimals);
    table_number(rows->table, mode_shown(rows, point, group), decimals);
    table_number(rows->table, quantile_of(rows, point, group, "median", 0.5), decimals);
    table_number(rows->table, quantile_of(rows, point, group, "p90", 0.9), decimals);
    table_number(rows->table, time_of(rows, estimate(rows, point, group, "sd").mean), decimals);
    table_percent(rows->table, estimate(rows, point, group, "within_target").mean, 1);
}

/* Release before arrival is negative time; where that moves the mean, both readings are shown. */
static void add_row_from_zero(const struct interval_rows *rows, uint32_t point) {
    struct metric_estimate mean = estimate(rows, point, "all", "mean");
    struct metric_estimate zero = estimate(rows, point, "all", "mean_from_zero");
    if (zero.count == 0 || !(zero.mean > mean.mean)) {
        return;
    }
    unsigned decimals = number_decimals(time_of(rows, zero.half_width), 2);
    table_text(rows->table, "    early as zero");
    table_text(rows->table, "");
    table_text(rows->table, "");
    table_number(rows->table, time_of(rows, zero.mean), decimals);
    table_number(rows->table, time_of(rows, zero.half_width), decimals);
    for (int i = 0; i < 5; i++) {
        table_text(rows->table, "");
    }
}

static void add_groups(const struct interval_rows *rows, uint32_t point) {
    const struct result_layout *layout = &rows->result->layout;
    size_t length = strlen(rows->options->by);
    for (uint32_t m = 0; m < layout->metric_count; m++) {
        const struct result_column *column = &layout->metrics[m];
        if (strcmp(column->kind, "interval") != 0 || strcmp(column->statistic, "count") != 0 ||
            strcmp(column->subject, rows->interval) != 0 ||
            strncmp(column->group, rows->options->by, length) != 0 ||
            column->group[length] != '_') {
            continue;
        }
        if (metric_estimate(rows->result, point, (int)m, rows->options->level).sum > 0) {
            add_row(rows, point, column->group,
                    arena_format(rows->arena, "    %s", column->group + length + 1));
        }
    }
}

static void add_interval(struct interval_rows *rows, uint32_t mean_metric) {
    const struct result *result = rows->result;
    const struct result_column *column = &result->layout.metrics[mean_metric];
    rows->interval = column->subject;
    rows->metric_s = metric_seconds(result, (int)mean_metric);
    if (rows->metric_s == 0) {
        rows->metric_s = 1;
    }
    const char *doc = metric_interval_doc(result, column->subject);
    table_section(rows->table, arena_format(rows->arena, "%s%s%s", column->subject,
                                            *doc == '\0' ? "" : ": ", doc));
    for (uint32_t point = 0; point < result->layout.point_count; point++) {
        if (estimate(rows, point, "all", "mean").count == 0 &&
            !(estimate(rows, point, "all", "censored").sum > 0)) {
            continue;
        }
        add_row(rows, point, "all",
                arena_format(rows->arena, "  %s", result->layout.points[point].name));
        add_row_from_zero(rows, point);
        if (rows->options->by != NULL) {
            add_groups(rows, point);
        }
    }
}

static bool is_interval_mean(const struct result_column *column) {
    return strcmp(column->kind, "interval") == 0 && strcmp(column->group, "all") == 0 &&
           strcmp(column->statistic, "mean") == 0;
}

/* The largest mean in seconds, either side of zero: it decides the unit of the whole table. */
static double largest_mean_s(const struct result *result) {
    double largest = 0;
    for (uint32_t m = 0; m < result->layout.metric_count; m++) {
        if (!is_interval_mean(&result->layout.metrics[m])) {
            continue;
        }
        for (uint32_t point = 0; point < result->layout.point_count; point++) {
            double mean = metric_estimate(result, point, (int)m, 0.95).mean;
            mean = __builtin_fabs(mean) * metric_seconds(result, (int)m);
            largest = mean > largest ? mean : largest;
        }
    }
    return largest;
}

void tables_release(const struct result *result, const struct tables_options *options, FILE *file) {
    static const char *const heads[] = {"",     "n",      "censored", "mean", "±",
                                        "mode", "median", "P90",      "SD",   "in target"};
    struct arena arena = ARENA_INIT;
    struct number_unit unit = number_time_unit(largest_mean_s(result));
    struct interval_rows rows = {
        .result = result, .options = options, .arena = &arena, .unit_s = unit.size_s};
    rows.table = table_create(&arena, options->width, 10, heads);
    for (uint32_t m = 0; m < result->layout.metric_count; m++) {
        if (is_interval_mean(&result->layout.metrics[m])) {
            add_interval(&rows, m);
        }
    }
    fprintf(file, "Time between milestones, in %s\n\n", unit.long_name);
    table_print(rows.table, file);
    fputc('\n', file);
    arena_free(&arena);
}
