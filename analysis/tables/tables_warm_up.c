/* SPDX-License-Identifier: GPL-3.0-or-later
 * tables_warm_up.c - what MSER-5 says about the start of a run.
 *
 * The series is the mean of an interval by bin of arrival, over all replications of a point: its
 * sum and its count are stored as two series. */
#include "analysis/statistics/mser.h"
#include "analysis/tables/number.h"
#include "analysis/tables/table.h"
#include "analysis/tables/tables.h"

#include <string.h>

enum { BATCHES_MIN = 10 };

static int find_series(const struct result_layout *layout, const char *subject,
                       const char *statistic) {
    for (uint32_t s = 0; s < layout->series_count; s++) {
        if (strcmp(layout->series[s].statistic, statistic) == 0 &&
            strcmp(layout->series[s].subject, subject) == 0) {
            return (int)s;
        }
    }
    return -1;
}

static const int64_t *bins(const struct result *result, uint32_t point, int series) {
    const struct result_layout *layout = &result->layout;
    return result->series +
           ((size_t)point * layout->series_count + (uint32_t)series) * layout->series_bin_count;
}

/* Means by bin, up to the last bin with anybody in it; an empty bin keeps the mean before it. */
static size_t bin_means(const struct result *result, uint32_t point, int sum, int count,
                        double *means) {
    const int64_t *sums = bins(result, point, sum), *counts = bins(result, point, count);
    size_t used = 0;
    double last = 0;
    for (uint32_t bin = 0; bin < result->layout.series_bin_count; bin++) {
        if (counts[bin] > 0) {
            last = (double)sums[bin] / (double)counts[bin];
            used = bin + 1;
        }
        means[bin] = last;
    }
    return used;
}

/* Returns whether there were bins enough to say anything. */
static bool add_row(struct table *table, struct arena *arena, const struct result *result,
                    uint32_t point, int sum, int count) {
    const struct result_layout *layout = &result->layout;
    double *means = ARENA_ARRAY(arena, double, layout->series_bin_count + 1);
    size_t used = bin_means(result, point, sum, count, means);
    size_t batch = used >= MSER_BATCH * BATCHES_MIN ? MSER_BATCH : 1;
    if (used < BATCHES_MIN) {
        return false;
    }
    struct mser mser = mser_truncation(means, used, batch);
    double bin_h = (double)layout->series_bin_ns / 3.6e12;
    table_text(table, layout->points[point].name);
    table_number(table, (double)batch * bin_h, 1);
    table_number(table, (double)mser.truncated_count * bin_h, 1);
    table_number(table, (double)used * bin_h, 1);
    table_text(table, mser.settled ? "yes" : "no");
    return true;
}

void tables_warm_up(const struct result *result, const struct tables_options *options, FILE *file) {
    static const char *const heads[] = {"", "batch, h", "warm-up, h", "of, h", "settled"};
    const struct result_layout *layout = &result->layout;
    for (uint32_t s = 0; s < layout->series_count; s++) {
        const char *subject = layout->series[s].subject;
        int count = find_series(layout, subject, "count");
        if (strcmp(layout->series[s].statistic, "sum") != 0 || count < 0) {
            continue;
        }
        struct arena arena = ARENA_INIT;
        struct table *table = table_create(&arena, options->width, 5, heads);
        bool any = false;
        for (uint32_t point = 0; point < layout->point_count; point++) {
            any |= add_row(table, &arena, result, point, (int)s, count);
        }
        if (any) {
            fprintf(file, "Warm-up by MSER on %s by time of arrival\n\n", subject);
            table_print(table, file);
            fputc('\n', file);
        }
        arena_free(&arena);
    }
}
