/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_parties.c - whose time an interval is, and that nothing of it is lost. */
#include "analysis/statistics/metric.h"
#include "analysis/tables/number.h"
#include "analysis/tables/table.h"
#include "analysis/tables/tables.h"

#include <string.h>

enum { PARTIES_MAX = TABLE_COLUMNS_MAX - 2 };

/* The party metrics of one interval, in the order of the result. */
struct parties {
    const char *interval;
    unsigned count;
    int metrics[PARTIES_MAX];
    int mean_metric; /* of the interval; -1 when it has none */
};

static bool is_party_mean(const struct result_column *column) {
    return strcmp(column->kind, "party") == 0 && strcmp(column->statistic, "mean") == 0;
}

static struct parties parties_of(const struct result *result, const char *interval) {
    struct parties parties = {.interval = interval};
    for (uint32_t m = 0; m < result->layout.metric_count; m++) {
        const struct result_column *column = &result->layout.metrics[m];
        if (is_party_mean(column) && strcmp(column->subject, interval) == 0 &&
            parties.count < PARTIES_MAX) {
            parties.metrics[parties.count++] = (int)m;
        }
    }
    parties.mean_metric = metric_find(result, "interval", interval, "all", "mean");
    return parties;
}

/* Party times are kept only for the intervals that ask for them. */
static bool are_kept(const struct result *result, const struct parties *parties) {
    for (uint32_t point = 0; point < result->layout.point_count; point++) {
        for (unsigned i = 0; i < parties->count; i++) {
            if (metric_estimate(result, point, parties->metrics[i], 0.95).count > 0) {
                return true;
            }
        }
    }
    return false;
}

/* Seconds a party; returns their sum. */
static double times_of(const struct result *result, const struct parties *parties, uint32_t point,
                       double *times_s) {
    double total_s = 0;
    for (unsigned i = 0; i < parties->count; i++) {
        int metric = parties->metrics[i];
        struct metric_estimate estimate = metric_estimate(result, point, metric, 0.95);
        times_s[i] = estimate.count > 0 ? estimate.mean * metric_seconds(result, metric) : 0;
        total_s += times_s[i];
    }
    return total_s;
}

static double mean_of(const struct result *result, const struct parties *parties, uint32_t point) {
    return metric_estimate(result, point, parties->mean_metric, 0.95).mean *
           metric_seconds(result, parties->mean_metric);
}

static struct number_unit unit_of(const struct result *result, const struct parties *parties) {
    double largest_s = 0, times_s[PARTIES_MAX];
    for (uint32_t point = 0; point < result->layout.point_count; point++) {
        double total_s = __builtin_fabs(times_of(result, parties, point, times_s));
        largest_s = total_s > largest_s ? total_s : largest_s;
    }
    return number_time_unit(largest_s);
}

/* The time of each party, and below it what share of the whole that is. */
static void add_rows(struct table *table, struct arena *arena, const struct result *result,
                     const struct parties *parties, uint32_t point, struct number_unit unit) {
    double times[PARTIES_MAX], shares[PARTIES_MAX];
    double total = times_of(result, parties, point, times) / unit.size_s, rounded = 0;
    double half_width = metric_estimate(result, point, parties->mean_metric, 0.95).half_width *
                        metric_seconds(result, parties->mean_metric) / unit.size_s;
    unsigned decimals = number_decimals(half_width, 2);
    for (unsigned i = 0; i < parties->count; i++) {
        times[i] /= unit.size_s;
        shares[i] = total > 0 ? 100 * times[i] / total : 0;
    }
    number_round_together(times, parties->count, decimals);
    number_round_together(shares, parties->count, 0);
    table_text(table, result->layout.points[point].name);
    for (unsigned i = 0; i < parties->count; i++) {
        rounded += times[i];
        if (times[i] == 0) {
            table_text(table, "");
        } else {
            table_number(table, times[i], decimals);
        }
    }
    table_number(table, rounded, decimals);
    if (!(total > 0)) {
        return;
    }
    table_text(table, "");
    for (unsigned i = 0; i < parties->count; i++) {
        char text[NUMBER_TEXT_SIZE];
        number_print(shares[i], 0, text);
        table_text(table, shares[i] == 0 ? "" : arena_format(arena, "%s %%", text));
    }
    table_text(table, "100 %");
}

/* The parties' times are whole nanoseconds; only the means' last bits may differ. */
static void check_sums(const struct result *result, const struct parties *parties, FILE *file) {
    double times_s[PARTIES_MAX];
    for (uint32_t point = 0; point < result->layout.point_count; point++) {
        double total_s = times_of(result, parties, point, times_s);
        double mean_s = mean_of(result, parties, point);
        double allowed_s = 1e-9 + 1e-9 * __builtin_fabs(mean_s);
        if (mean_s == mean_s && __builtin_fabs(total_s - mean_s) > allowed_s) {
            fprintf(
                file,
                "warning: %s, %s: the parties' times add up to %.9g s, but the mean is %.9g s\n",
                result->layout.points[point].name, parties->interval, total_s, mean_s);
        }
    }
}

static void print_interval(const struct result *result, const struct tables_options *options,
                           const char *interval, FILE *file) {
    struct arena arena = ARENA_INIT;
    struct parties parties = parties_of(result, interval);
    if (!are_kept(result, &parties)) {
        return;
    }
    struct number_unit unit = unit_of(result, &parties);
    const char *heads[TABLE_COLUMNS_MAX] = {""};
    for (unsigned i = 0; i < parties.count; i++) {
        heads[1 + i] = result->layout.metrics[parties.metrics[i]].group;
    }
    heads[1 + parties.count] = "sum = mean";
    struct table *table = table_create(&arena, options->width, parties.count + 2, heads);
    for (uint32_t point = 0; point < result->layout.point_count; point++) {
        if (mean_of(result, &parties, point) == mean_of(result, &parties, point)) {
            add_rows(table, &arena, result, &parties, point, unit);
        }
    }
    fprintf(file, "Whose time it is: %s, in %s\n\n", interval, unit.long_name);
    table_print(table, file);
    check_sums(result, &parties, file);
    fputc('\n', file);
    arena_free(&arena);
}

void tables_parties(const struct result *result, const struct tables_options *options, FILE *file) {
    const char *last = "";
    for (uint32_t m = 0; m < result->layout.metric_count; m++) {
        const struct result_column *column = &result->layout.metrics[m];
        if (is_party_mean(column) && strcmp(column->subject, last) != 0) {
            last = column->subject;
            print_interval(result, options, last, file);
        }
    }
}
