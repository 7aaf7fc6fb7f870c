/* SPDX-License-Identifier: GPL-3.0-or-later
 * result.h - what one run leaves behind, before it is written: its layout and its replications.
 *
 * A run is a table of points (system x factor levels) times replications. The layout is fixed when
 * the scenario is compiled; each replication then fills one struct result_replication of its shape.
 */
#ifndef SIM_RECORD_RESULT_H
#define SIM_RECORD_RESULT_H

#include <stdint.h>

/* One metric, histogram, series or table column. The name is unique; the four parts let a reader
 * group without parsing it:
 *
 *   kind      subject            group              statistic
 *   interval  release_time       all, channel_red   mean median p90 sd count censored within_target
 *                                class_trusted      mean_pre_arrival_zero
 *   party     release_time       customs, importer  mean (time of the interval spent with the
 * party) resource  customs_examiner   all                utilisation queue_mean queue_max wait_mean
 * ... cost      resource, transfer all                mean count     created, released  all count
 *
 * and the name is kind.subject.group.statistic, e.g. interval.release_time.all.mean. */
struct result_column {
    const char *name, *unit, *doc;
    const char *kind, *subject, *group, *statistic;
};

struct result_point {
    const char *name;   /* unique, e.g. "paper" or "paper check_mean=20 min" */
    const char *system; /* the system's name */
    const char *levels; /* "check_mean=20 min" or "" */
};

/* Everything is owned by whoever made it (an arena) and outlives the run. */
struct result_layout {
    const char *experiment;
    const char *resolved; /* the whole experiment as one YAML text that can be loaded again */
    const char *version, *revision;
    uint64_t seed;
    uint32_t point_count;
    const struct result_point *points;
    uint32_t base_point; /* the one that others are compared with */
    uint32_t metric_count;
    const struct result_column *metrics;
    uint32_t
        histogram_count; /* of nanoseconds, HISTOGRAM_BUCKETS counts each (core/base/estimate.h) */
    const struct result_column *histograms;
    uint32_t series_count, series_bin_count; /* whole-number sums over bins of simulated time */
    int64_t series_bin_ns;
    const struct result_column *series;
    uint32_t table_column_count; /* the sampled consignment table, whole numbers */
    const struct result_column *table_columns;
    const char *const
        *texts; /* meanings of code columns: "channel=0:none,1:green,..." one a column */
};

/* One committed replication. Arrays have the layout's counts; a metric that the point's system does
 * not have is NaN. Deterministic: no wall-clock figure in it. */
struct result_replication {
    uint32_t point, replication;
    uint64_t fingerprint; /* hash over every event */
    uint64_t event_count;
    const double *metrics;      /* [metric_count] */
    const uint32_t *histograms; /* [histogram_count][HISTOGRAM_BUCKETS] */
    const int64_t *series;      /* [series_count][series_bin_count] */
    uint32_t table_row_count;
    const int64_t *table; /* [table_row_count][table_column_count] */
};

#endif
