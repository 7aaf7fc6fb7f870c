/* SPDX-License-Identifier: GPL-3.0-or-later
 * made_result.h - a small result made by hand, for tests of what reads results.
 *
 * Three systems, ten replications of consignments with skew release times that share numbers. The
 * metrics are those of a real run, so that a table of it looks like a real one. */
#ifndef TESTS_UNIT_MADE_RESULT_H
#define TESTS_UNIT_MADE_RESULT_H

#include "core/base/arena.h"
#include "core/base/estimate.h"
#include "core/base/random.h"
#include "sim/record/result_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLE_POINTS = 3, SAMPLE_REPLICATIONS = 10, SAMPLE_SIZE = 400, SAMPLE_BINS = 60 };

static const struct result_column sample_metrics[] = {
#define INTERVAL(subject, group, statistic, unit) \
    { "interval." subject "." group "." statistic, unit, "", "interval", subject, group, statistic }
    INTERVAL("release_time", "all", "mean", "s"),
    INTERVAL("release_time", "all", "median", "s"),
    INTERVAL("release_time", "all", "p90", "s"),
    INTERVAL("release_time", "all", "sd", "s"),
    INTERVAL("release_time", "all", "count", "1"),
    INTERVAL("release_time", "all", "censored", "1"),
    INTERVAL("release_time", "all", "within_target", "1"),
    INTERVAL("release_time", "channel_red", "mean", "s"),
    INTERVAL("release_time", "channel_red", "count", "1"),
    INTERVAL("release_time", "class_trusted", "mean", "s"),
    INTERVAL("release_time", "class_trusted", "count", "1"),
#undef INTERVAL
#define PARTY(name) \
    { "party.release_time." name ".mean", "s", "", "party", "release_time", name, "mean" }
    PARTY("importer"),
    PARTY("port"),
    PARTY("customs"),
    PARTY("bank"),
#undef PARTY
#define COST(name) \
    { "cost." name ".all.mean", "USD", "", "cost", name, "all", "mean" }
    COST("resource"),
    COST("transfer"),
#undef COST
#define DESK(statistic, unit)                                                                 \
    {                                                                                         \
        "resource.customs.examiner.all." statistic, unit, "", "resource", "customs.examiner", \
            "all", statistic                                                                  \
    }
    DESK("utilisation", "1"),
    DESK("queue_mean", "1"),
    DESK("queue_max", "1"),
    DESK("wait_mean", "s"),
#undef DESK
};

enum sample_metric {
    SAMPLE_MEAN,
    SAMPLE_MEDIAN,
    SAMPLE_P90,
    SAMPLE_SD,
    SAMPLE_COUNT,
    SAMPLE_CENSORED,
    SAMPLE_TARGET,
    SAMPLE_RED_MEAN,
    SAMPLE_RED_COUNT,
    SAMPLE_TRUSTED_MEAN,
    SAMPLE_TRUSTED_COUNT,
    SAMPLE_IMPORTER,
    SAMPLE_PORT,
    SAMPLE_CUSTOMS,
    SAMPLE_BANK,
    SAMPLE_RESOURCE_COST,
    SAMPLE_TRANSFER,
    SAMPLE_UTILISATION,
    SAMPLE_QUEUE,
    SAMPLE_QUEUE_MAX,
    SAMPLE_WAIT,
    SAMPLE_METRICS
};

static const struct result_column sample_histograms[] = {
    {"interval.release_time.all.time", "ns", "from arrival to customs release", "interval",
     "release_time", "all", "time"}};

static const struct result_column sample_series[] = {
    {"interval.release_time.all.sum", "s", "", "interval", "release_time", "all", "sum"},
    {"interval.release_time.all.count", "1", "", "interval", "release_time", "all", "count"}};

static const struct result_point sample_points[SAMPLE_POINTS] = {
    {"null", "null", ""}, {"paper", "paper", ""}, {"single_window", "single_window", ""}};

/* Mean hours of the systems, 0 for the one where everything takes no time. */
static const double sample_hours[SAMPLE_POINTS] = {0, 96, 62};

static int sample_compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Sums of the hours of one replication by thirds of the sample stand for groups. */
static void sample_fill(struct result *result, uint32_t point, uint32_t row, double *metrics,
                        uint64_t *counts, int64_t *series) {
    double hours[SAMPLE_SIZE], sum = 0, squares = 0, red = 0, inside = 0;
    struct random_key key = random_key_make(20231, result->replication[row]);
    for (uint32_t i = 0; i < SAMPLE_SIZE; i++) {
        double z = random_exponential(key, i, 7, 0) + random_exponential(key, i, 7, 1) +
                   random_exponential(key, i, 7, 2);
        double own = random_exponential(key, i + 1000 * point, 8, 0);
        hours[i] = sample_hours[point] * (0.25 * z + 0.25 * own);
        sum += hours[i];
        red += i % 8 == 0 ? hours[i] : 0;
        inside += hours[i] <= 72;
        counts[histogram_bucket((uint64_t)(hours[i] * 3.6e12))]++;
        series[i * SAMPLE_BINS / SAMPLE_SIZE] += (int64_t)(hours[i] * 3600);
        series[SAMPLE_BINS + i * SAMPLE_BINS / SAMPLE_SIZE]++;
    }
    double mean = sum / SAMPLE_SIZE;
    for (uint32_t i = 0; i < SAMPLE_SIZE; i++) {
        squares += (hours[i] - mean) * (hours[i] - mean);
    }
    qsort(hours, SAMPLE_SIZE, sizeof *hours, sample_compare);
    const double figures[SAMPLE_METRICS] = {
        [SAMPLE_MEAN] = 3600 * mean,
        [SAMPLE_MEDIAN] = 3600 * hours[SAMPLE_SIZE / 2],
        [SAMPLE_P90] = 3600 * hours[SAMPLE_SIZE * 9 / 10],
        [SAMPLE_SD] = 3600 * sqrt(squares / (SAMPLE_SIZE - 1)),
        [SAMPLE_COUNT] = SAMPLE_SIZE,
        [SAMPLE_CENSORED] = point == 1 ? row % 3 : 0,
        [SAMPLE_TARGET] = inside / SAMPLE_SIZE,
        [SAMPLE_RED_MEAN] = 3600 * red / (SAMPLE_SIZE / 8.0),
        [SAMPLE_RED_COUNT] = SAMPLE_SIZE / 8.0,
        [SAMPLE_TRUSTED_MEAN] = point == 2 ? 3600 * 0.8 * mean : NAN,
        [SAMPLE_TRUSTED_COUNT] = point == 2 ? 100 : 0,
        [SAMPLE_IMPORTER] = 3600 * mean * 0.5,
        [SAMPLE_PORT] = 3600 * mean * 0.25,
        [SAMPLE_CUSTOMS] = 3600 * mean * 0.25,
        [SAMPLE_BANK] = 0,
        [SAMPLE_RESOURCE_COST] = 42.5 * sample_hours[point] / 96 + 0.1 * mean,
        [SAMPLE_TRANSFER] = 2310 + 0.5 * mean,
        [SAMPLE_UTILISATION] = point == 0 ? NAN : 0.8 * sample_hours[point] / 96 + mean * 1e-4,
        [SAMPLE_QUEUE] = point == 0 ? NAN : mean / 30,
        [SAMPLE_QUEUE_MAX] = point == 0 ? NAN : 17,
        [SAMPLE_WAIT] = point == 0 ? NAN : 360 * mean,
    };
    memcpy(metrics, figures, sizeof figures);
}

/* Rows sorted by point, then replication, as a file has them. */
static struct result sample_result(struct arena *arena) {
    enum { ROWS = SAMPLE_POINTS * SAMPLE_REPLICATIONS };
    uint32_t *points = ARENA_ARRAY(arena, uint32_t, ROWS);
    uint32_t *replications = ARENA_ARRAY(arena, uint32_t, ROWS);
    double *metrics = ARENA_ARRAY(arena, double, ROWS *SAMPLE_METRICS);
    uint64_t *counts = ARENA_ARRAY(arena, uint64_t, SAMPLE_POINTS * HISTOGRAM_BUCKETS);
    int64_t *series = ARENA_ARRAY(arena, int64_t, SAMPLE_POINTS * 2 * SAMPLE_BINS);
    struct result result = {
        .layout = {.experiment = "sample",
                   .resolved = "",
                   .version = "0.1.0",
                   .revision = "unknown",
                   .seed = 20231,
                   .point_count = SAMPLE_POINTS,
                   .points = sample_points,
                   .base_point = 1,
                   .metric_count = SAMPLE_METRICS,
                   .metrics = sample_metrics,
                   .histogram_count = 1,
                   .histograms = sample_histograms,
                   .series_count = 2,
                   .series_bin_count = SAMPLE_BINS,
                   .series_bin_ns = INT64_C(3600000000000),
                   .series = sample_series},
        .replication_count = ROWS,
        .point = points,
        .replication = replications,
        .metrics = metrics,
        .histograms = counts,
        .series = series,
    };
    for (uint32_t row = 0; row < ROWS; row++) {
        points[row] = row / SAMPLE_REPLICATIONS;
        replications[row] = row % SAMPLE_REPLICATIONS;
        sample_fill(&result, points[row], row, metrics + row * SAMPLE_METRICS,
                    counts + (size_t)points[row] * HISTOGRAM_BUCKETS,
                    series + (size_t)points[row] * 2 * SAMPLE_BINS);
    }
    return result;
}

#endif
