/* SPDX-License-Identifier: GPL-3.0-or-later
 * result.h - what one run leaves behind: its layout, its replications, and both put together.
 *
 * A run is a table of points (system x factor levels) times replications. The layout is fixed when
 * the scenario is compiled; each replication then fills one struct result_replication of its shape;
 * a struct result is all of them. Nothing here holds a wall-clock figure. */
#ifndef SIM_RECORD_RESULT_H
#define SIM_RECORD_RESULT_H

#include "core/base/arena.h"
#include "core/base/error.h"

#include <stddef.h>
#include <stdint.h>

/* One metric, histogram, series or table column. The name is unique; the four parts let a reader
 * group without parsing it:
 *
 *   kind       subject             group                statistic
 *   interval   release_time        all, channel_red,    mean median p90 sd count censored
 *                                  class_trusted        within_target mean_pre_arrival_zero
 *   party      release_time        customs, importer    mean: time of the interval with the party
 *   resource   customs_examiner    all                  utilisation queue_mean queue_max wait_mean
 *   cost       resource, transfer  all                  mean
 *   count      created, released   all                  count
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

/* Everything is owned by whoever made it (an arena) and outlives the run. No text is NULL. */
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
    uint32_t histogram_count; /* of nanoseconds, HISTOGRAM_BUCKETS counts each */
    const struct result_column *histograms;
    uint32_t series_count, series_bin_count; /* whole-number sums over bins of simulated time */
    int64_t series_bin_ns;
    const struct result_column *series;
    /* The sampled consignment table, whole numbers. Unless there is no table, its first two columns
     * are "point" and "replication", so that rows of several runs can be put in order again. */
    uint32_t table_column_count;
    const struct result_column *table_columns;
    const char *const *texts; /* codes of a column, one text each: "0:none,1:green" or "" */
    const char *extends;      /* of a journal only: the result that it adds to; NULL for none */
};

/* What a layout may ask for. A file that asks for more is refused before memory is. */
enum {
    RESULT_POINTS_MAX = 1 << 16,
    RESULT_COLUMNS_MAX = 1 << 16,       /* metrics, histograms, series or table columns */
    RESULT_BINS_MAX = 1 << 20,          /* of a series */
    RESULT_REPLICATIONS_MAX = 1 << 20,  /* of a point */
    RESULT_CELLS_MAX = 1 << 27,         /* numbers in one array, so 1 GiB */
    RESULT_NAME_SIZE_MAX = 1 << 12,     /* bytes of any text but ... */
    RESULT_RESOLVED_SIZE_MAX = 1 << 26, /* ... the resolved experiment */
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

/* All of a result in memory; what a reader gets and what the writer takes. Rows are sorted by point
 * and replication. Histograms and series are pooled over the replications of a point; the rest is
 * per replication. In an arena. */
struct result {
    struct result_layout layout;
    uint32_t replication_count; /* rows, over all points */
    const uint32_t *point, *replication;
    const uint64_t *fingerprint, *event_count;
    const double *metrics;      /* [replication_count][metric_count] */
    const uint64_t *histograms; /* [point_count][histogram_count][HISTOGRAM_BUCKETS] */
    const int64_t *series;      /* [point_count][series_count][series_bin_count] */
    uint32_t table_row_count;
    const int64_t *table; /* [table_row_count][table_column_count] */
};

/* 0 when the layout keeps every limit above and names what it must; ERROR_INPUT otherwise. */
int result_check_layout(const struct result_layout *layout, struct error *err);

/* The same for a whole result: also the order of its rows, and that the table belongs to them. */
int result_check(const struct result *result, struct error *err);

/* 0 when both describe the same run, else ERROR_INPUT that names the first difference. The resolved
 * text is compared last and only on request: to extend a run changes it. */
enum result_compare { RESULT_COMPARE_SHAPE, RESULT_COMPARE_ALL };
int result_compare_layouts(const struct result_layout *a, const struct result_layout *b,
                           enum result_compare what, struct error *err);

/* Index of a metric by name, or -1. */
int result_metric(const struct result *result, const char *name);

/* Number of replications of a point: what its stopping rule wanted. */
uint32_t result_replication_count(const struct result *result, uint32_t point);

/* Values of one metric over the replications of a point, in replication order; returns the count,
 * at most `value_count_max`. */
uint32_t result_values(const struct result *result, uint32_t point, uint32_t metric, double *values,
                       uint32_t value_count_max);

#endif
