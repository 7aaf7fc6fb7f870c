/* SPDX-License-Identifier: GPL-3.0-or-later
 * metric.h - finds the metrics of a result by their parts and estimates them over replications. */
#ifndef ANALYSIS_STATISTICS_METRIC_H
#define ANALYSIS_STATISTICS_METRIC_H

#include "sim/record/result_file.h"

#include <stdbool.h>

/* The mean over the replications that have the metric, and half of its Student t interval. */
struct metric_estimate {
    int64_t count;
    double mean, sum;  /* NaN and 0 when no replication has it */
    double half_width; /* NaN below two replications */
};

/* Index of a metric, or -1. */
int metric_find(const struct result *result, const char *kind, const char *subject,
                const char *group, const char *statistic);

/* `metric` may be -1; then nothing has it. `level` is the coverage, 0.95 say. */
struct metric_estimate metric_estimate(const struct result *result, uint32_t point, int metric,
                                       double level);

/* Counts of the histogram of an interval (nanoseconds, pooled over the replications of a point);
 * NULL when there is none or it is empty. Owned by the result. */
const uint64_t *metric_counts(const struct result *result, uint32_t point, const char *subject,
                              const char *group);

/* What an interval is, from its histogram; "" when there is none. */
const char *metric_interval_doc(const struct result *result, const char *subject);

/* Replications of a point. */
uint32_t metric_replications(const struct result *result, uint32_t point);

/* Seconds in one unit of the metric ("ns", "s", "h", ...); 0 when it is not a time. */
double metric_seconds(const struct result *result, int metric);

#endif
