/* SPDX-License-Identifier: GPL-3.0-or-later
 * metric.c - a result is small (replications x metrics), so everything here is a plain scan. */
#include "analysis/statistics/metric.h"

#include "core/base/estimate.h"
#include "core/base/units.h"

#include <stdio.h>
#include <string.h>

static bool column_is(const struct result_column *column, const char *kind, const char *subject,
                      const char *group) {
    return strcmp(column->kind, kind) == 0 && strcmp(column->subject, subject) == 0 &&
           strcmp(column->group, group) == 0;
}

int metric_find(const struct result *result, const char *kind, const char *subject,
                const char *group, const char *statistic) {
    for (uint32_t m = 0; m < result->layout.metric_count; m++) {
        const struct result_column *column = &result->layout.metrics[m];
        if (column_is(column, kind, subject, group) && strcmp(column->statistic, statistic) == 0) {
            return (int)m;
        }
    }
    return -1;
}

struct metric_estimate metric_estimate(const struct result *result, uint32_t point, int metric,
                                       double level) {
    struct metric_estimate estimate = {.mean = __builtin_nan(""), .half_width = __builtin_nan("")};
    if (metric < 0) {
        return estimate;
    }
    struct moments moments = {0};
    for (uint32_t row = 0; row < result->replication_count; row++) {
        double value =
            result->metrics[(size_t)row * result->layout.metric_count + (uint32_t)metric];
        if (result->point[row] == point && value == value) {
            moments_add(&moments, value);
            estimate.sum += value;
        }
    }
    estimate.count = moments.count;
    if (moments.count > 0) {
        estimate.mean = moments.mean;
        estimate.half_width = estimate_half_width(moments_variance(&moments), moments.count, level);
    }
    return estimate;
}

static int find_histogram(const struct result *result, const char *subject, const char *group) {
    for (uint32_t h = 0; h < result->layout.histogram_count; h++) {
        if (column_is(&result->layout.histograms[h], "interval", subject, group)) {
            return (int)h;
        }
    }
    return -1;
}

const uint64_t *metric_counts(const struct result *result, uint32_t point, const char *subject,
                              const char *group) {
    int histogram = find_histogram(result, subject, group);
    if (histogram < 0) {
        return NULL;
    }
    size_t index = (size_t)point * result->layout.histogram_count + (uint32_t)histogram;
    const uint64_t *counts = result->histograms + index * HISTOGRAM_BUCKETS;
    for (uint32_t bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        if (counts[bucket] != 0) {
            return counts;
        }
    }
    return NULL;
}

const char *metric_interval_doc(const struct result *result, const char *subject) {
    int histogram = find_histogram(result, subject, "all");
    return histogram < 0 ? "" : result->layout.histograms[histogram].doc;
}

uint32_t metric_replications(const struct result *result, uint32_t point) {
    uint32_t count = 0;
    for (uint32_t row = 0; row < result->replication_count; row++) {
        count += result->point[row] == point;
    }
    return count;
}

double metric_seconds(const struct result *result, int metric) {
    if (metric < 0) {
        return 0;
    }
    char text[64];
    struct quantity one;
    struct error err = ERROR_INIT;
    snprintf(text, sizeof text, "1 %s", result->layout.metrics[metric].unit);
    if (units_parse(text, &one, (struct place){0}, &err) < 0 || one.dimension != DIMENSION_TIME) {
        return 0;
    }
    return one.value;
}
