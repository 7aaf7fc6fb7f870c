/* SPDX-License-Identifier: GPL-3.0-or-later
 * sample_result.h - a small layout and replications that follow from their numbers, for tests of
 * what records them. Sizes are odd, texts have umlauts and gaps, one system lacks a metric. */
#ifndef TESTS_UNIT_SAMPLE_RESULT_H
#define TESTS_UNIT_SAMPLE_RESULT_H

#include "core/base/estimate.h"
#include "core/base/numeric.h"
#include "sim/record/journal.h"
#include "sim/record/result_file.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SAMPLE_POINTS = 3,
    SAMPLE_METRICS = 5,
    SAMPLE_HISTOGRAMS = 2,
    SAMPLE_SERIES = 3,
    SAMPLE_BINS = 7,
    SAMPLE_COLUMNS = 4,
    SAMPLE_TABLE_ROWS_MAX = 3,
};

static const struct result_point sample_points[SAMPLE_POINTS] = {
    {"paper", "paper", ""},
    {"single_window check_mean=20 min", "single_window", "check_mean=20 min"},
    {"Zürich – β", "null", "x=∞"},
};

static const struct result_column sample_metrics[SAMPLE_METRICS] = {
    {"interval.release_time.all.mean", "s", "Mean.", "interval", "release_time", "all", "mean"},
    {"interval.release_time.all.p90", "s", "90 % quantile.", "interval", "release_time", "all",
     "p90"},
    {"cost.resource.all.mean", "USD", "Größe „cost“", "cost", "resource", "all", "mean"},
    {"count.created.all.count", "1", "", "count", "created", "all", "count"},
    {"resource.gate.all.utilisation", "1", "Busy over open.", "resource", "gate", "all",
     "utilisation"},
};

static const struct result_column sample_histograms[SAMPLE_HISTOGRAMS] = {
    {"interval.release_time.all", "ns", "Release.", "interval", "release_time", "all", ""},
    {"interval.dwell.all", "ns", "Dwell.", "interval", "dwell", "all", ""},
};

static const struct result_column sample_series[SAMPLE_SERIES] = {
    {"count.created", "1", "Arrivals.", "count", "created", "all", "sum"},
    {"queue.gate", "ns", "Waiting.", "queue", "gate", "all", "sum"},
    {"balance", "1", "May be negative.", "count", "balance", "all", "sum"},
};

static const struct result_column sample_columns[SAMPLE_COLUMNS] = {
    {"point", "1", "Point.", "", "", "", ""},
    {"replication", "1", "Replication.", "", "", "", ""},
    {"entity", "1", "Entity.", "", "", "", ""},
    {"channel", "1", "Channel.", "", "", "", ""},
};

static const char *const sample_texts[SAMPLE_COLUMNS] = {"", "", "", "0:none,1:green,2:red"};

static inline struct result_layout sample_layout(void) {
    return (struct result_layout){
        .experiment = "first",
        .resolved = "experiment: first\nworld: port # größer\n",
        .version = "0.1.0",
        .revision = "0123456789ab",
        .seed = 0xfedcba9876543210,
        .point_count = SAMPLE_POINTS,
        .points = sample_points,
        .base_point = 1,
        .metric_count = SAMPLE_METRICS,
        .metrics = sample_metrics,
        .histogram_count = SAMPLE_HISTOGRAMS,
        .histograms = sample_histograms,
        .series_count = SAMPLE_SERIES,
        .series_bin_count = SAMPLE_BINS,
        .series_bin_ns = 3600000000000,
        .series = sample_series,
        .table_column_count = SAMPLE_COLUMNS,
        .table_columns = sample_columns,
        .texts = sample_texts,
    };
}

/* A well-mixed function of its arguments (the finaliser of SplitMix64, Steele et al. 2014). */
static inline uint64_t sample_bits(uint64_t point, uint64_t replication, uint64_t index) {
    uint64_t z = (point << 48 ^ replication << 24 ^ index) + 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

struct sample_arrays {
    double metrics[SAMPLE_METRICS];
    uint32_t histograms[SAMPLE_HISTOGRAMS][HISTOGRAM_BUCKETS];
    int64_t series[SAMPLE_SERIES * SAMPLE_BINS];
    int64_t table[SAMPLE_TABLE_ROWS_MAX * SAMPLE_COLUMNS];
};

/* The replication; its arrays are those given. */
static inline struct result_replication sample_replication(uint32_t point, uint32_t replication,
                                                           struct sample_arrays *arrays) {
    memset(arrays, 0, sizeof *arrays);
    for (unsigned i = 0; i < SAMPLE_METRICS; i++) {
        uint64_t bits = sample_bits(point, replication, i);
        arrays->metrics[i] = 100.0 + (double)(bits >> 40) / 0x1p20; /* within 100 .. 116 */
    }
    if (point == 2) {
        arrays->metrics[4] = replication % 2 ? (double)NAN : -(double)NAN;
    }
    for (unsigned i = 0; i < 40; i++) {
        uint64_t bits = sample_bits(point, replication, 100 + i);
        arrays->histograms[i % SAMPLE_HISTOGRAMS][bits % HISTOGRAM_BUCKETS] +=
            (uint32_t)(bits >> 32);
    }
    for (unsigned i = 0; i < SAMPLE_SERIES * SAMPLE_BINS; i++) {
        arrays->series[i] = (int64_t)(sample_bits(point, replication, 200 + i) >> 30) - (1 << 30);
    }
    uint32_t row_count =
        (uint32_t)(sample_bits(point, replication, 300) % (SAMPLE_TABLE_ROWS_MAX + 1));
    for (uint32_t i = 0; i < row_count; i++) {
        int64_t *cells = arrays->table + (size_t)i * SAMPLE_COLUMNS;
        cells[0] = point;
        cells[1] = replication;
        cells[2] = (int64_t)sample_bits(point, replication, 310 + i);
        cells[3] = i % 3;
    }
    return (struct result_replication){
        .point = point,
        .replication = replication,
        .fingerprint = sample_bits(point, replication, 400),
        .event_count = sample_bits(point, replication, 401) >> 44,
        .metrics = arrays->metrics,
        .histograms = &arrays->histograms[0][0],
        .series = arrays->series,
        .table_row_count = row_count,
        .table = arrays->table,
    };
}

/* Whether the files hold the same bytes. */
static inline bool sample_same_bytes(const char *path_a, const char *path_b) {
    FILE *a = fopen(path_a, "rb"), *b = fopen(path_b, "rb");
    bool same = a != NULL && b != NULL;
    for (int byte = 0; same && byte != EOF;) {
        byte = fgetc(a);
        same = byte == fgetc(b);
    }
    if (a != NULL) {
        fclose(a);
    }
    if (b != NULL) {
        fclose(b);
    }
    return same;
}

/* A fresh folder for a test's files; removed by sample_folder_remove. */
static inline const char *sample_folder(char path[64]) {
    const char *base = getenv("TMPDIR");
    snprintf(path, 64, "%.40s/clearlab-XXXXXX", base != NULL ? base : P_tmpdir);
    return mkdtemp(path);
}

static inline void sample_folder_remove(const char *path) {
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", path);
    if (system(command) != 0) {
        printf("cannot remove %s\n", path);
    }
}

#endif
