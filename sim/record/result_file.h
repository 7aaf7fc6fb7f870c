/* SPDX-License-Identifier: GPL-3.0-or-later
 * result_file.h - the canonical HDF5 file of a run.
 *
 *   /                     attributes: format_version, experiment, version, revision, seed,
 * base_point /resolved             the experiment as YAML text (UTF-8) /points/{name,system,levels}
 * [P] /replications/{point,replication,fingerprint,event_count}   [R]  sorted by point, replication
 *   /metrics/value        [R x M] double, NaN where a system lacks the metric; dimension scales
 *   /metrics/{name,unit,doc,kind,subject,group,statistic}       [M]
 *   /histograms/count     [P*H x B] uint64, pooled over replications; /histograms/{name,...},
 * bucket_lower /series/sum           [P*S x T] int64, pooled; /series/{name,...}, bin_start
 *   /consignments/value   [rows x C] int64, the sample; /consignments/{name,unit,doc,texts}
 *
 * The same replications give the same bytes whatever order or number of runs they came from: the
 * file is written in one pass under a temporary name in the same folder, synced, and renamed. */
#ifndef SIM_RECORD_RESULT_FILE_H
#define SIM_RECORD_RESULT_FILE_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "sim/record/result.h"

#include <stddef.h>

enum { RESULT_FORMAT_VERSION = 1 };

/* All of a result in memory; what a reader gets and what the writer takes. Histograms and series
 * are pooled over the replications of a point; the rest is per replication. In an arena. */
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

/* 0, or -1 and an error; then no file stands under `path` that did not stand there before. */
int result_file_write(const char *path, const struct result *result, struct error *err);

/* Reads a whole file, checking every shape; a truncated, altered or foreign file is an error. */
int result_file_read(const char *path, struct result *result, struct arena *arena,
                     struct error *err);

/* Index of a metric by name, or -1. */
int result_metric(const struct result *result, const char *name);

/* Values of one metric over the replications of a point, in replication order; returns the count.
 */
uint32_t result_values(const struct result *result, uint32_t point, uint32_t metric, double *values,
                       uint32_t value_count_max);

#endif
