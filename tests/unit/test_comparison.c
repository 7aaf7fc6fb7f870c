/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: points are compared replication by replication, whatever the order or gaps of the rows.
 * Method: tiny results by hand with figures worked out on paper; the t interval of five pairs from
 * Student's table (t(4; .975) = 2.776445105). */
#include "analysis/statistics/comparison.h"
#include "analysis/statistics/metric.h"
#include "analysis/statistics/precision.h"
#include "tests/test.h"

#include <math.h>

static const struct result_column columns[] = {
    {"interval.wait.all.mean", "min", "", "interval", "wait", "all", "mean"},
    {"count.created.all.count", "1", "", "count", "created", "all", "count"},
};

static struct result result_of(uint32_t rows, const uint32_t *points, const uint32_t *replications,
                               const double *metrics) {
    return (struct result){
        .layout = {.point_count = 2, .metric_count = 2, .metrics = columns},
        .replication_count = rows,
        .point = points,
        .replication = replications,
        .metrics = metrics,
    };
}

/* Differences 1, 2, 3, 4, 5 whatever the level of the replication; rows of b in another order. */
static void test_pairs_by_replication(void) {
    const uint32_t points[] = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
    const uint32_t replications[] = {0, 1, 2, 3, 4, 4, 2, 0, 3, 1};
    const double metrics[] = {10, 1, 50, 1, 20, 1, 90, 1, 30, 1, 35, 1, 23, 1, 11, 1, 94, 1, 52, 1};
    struct result result = result_of(10, points, replications, metrics);
    struct comparison comparison = comparison_make(&result, 0, 1, 0, 0.95);
    CHECK_INT(comparison.paired.count, 5);
    CHECK_INT(comparison.unpaired, 0);
    CHECK_NEAR(comparison.base_mean, 40, 1e-12);
    CHECK_NEAR(comparison.mean, 43, 1e-12);
    CHECK_NEAR(comparison.paired.difference, 3, 1e-12);
    CHECK_NEAR(comparison.paired.half_width, 2.776445105 * sqrt(2.5 / 5), 1e-8);
    CHECK_NEAR(comparison.paired.t, 3 / sqrt(0.5), 1e-12);
    CHECK_NEAR(comparison.relative, 0.075, 1e-12);
    /* var a = 1000, var b = 1042.5, var(b - a) = 2.5 */
    CHECK_NEAR(comparison.paired.variance_reduction, 2042.5 / 2.5, 1e-9);
    struct comparison back = comparison_make(&result, 1, 0, 0, 0.95);
    CHECK_NEAR(back.paired.difference, -3, 1e-12);
    CHECK_NEAR(back.paired.p, comparison.paired.p, 1e-12);
}

/* Replication 1 is missing on one side, 7 on the other; in 2 a system lacks the metric. */
static void test_gaps(void) {
    const uint32_t points[] = {0, 0, 0, 0, 1, 1, 1, 1};
    const uint32_t replications[] = {0, 1, 2, 3, 0, 2, 3, 7};
    const double metrics[] = {10, 1, 99, 1, NAN, 1, 20, 1, 13, 1, 5, 1, 27, 1, -400, 1};
    struct result result = result_of(8, points, replications, metrics);
    struct comparison comparison = comparison_make(&result, 0, 1, 0, 0.95);
    CHECK_INT(comparison.paired.count, 2);
    CHECK_INT(comparison.unpaired, 2);
    CHECK_NEAR(comparison.base_mean, 15, 1e-12);
    CHECK_NEAR(comparison.paired.difference, 5, 1e-12);
}

static void test_nothing_to_pair(void) {
    const uint32_t points[] = {0, 0, 1};
    const uint32_t replications[] = {0, 1, 2};
    const double metrics[] = {10, 1, 99, 1, 3, 1};
    struct result result = result_of(3, points, replications, metrics);
    struct comparison comparison = comparison_make(&result, 0, 1, 0, 0.95);
    CHECK_INT(comparison.paired.count, 0);
    CHECK_INT(comparison.unpaired, 3);
    CHECK(isnan(comparison.base_mean) && isnan(comparison.mean) && isnan(comparison.relative));
    /* A point without replications, and a base of zero that has no relative change. */
    const uint32_t only[] = {0};
    const double zero[] = {0, 1};
    result = result_of(1, only, only, zero);
    comparison = comparison_make(&result, 0, 1, 0, 0.95);
    CHECK_INT(comparison.unpaired, 1);
    comparison = comparison_make(&result, 0, 0, 0, 0.95);
    CHECK_INT(comparison.paired.count, 1);
    CHECK(isnan(comparison.relative) && isnan(comparison.paired.half_width));
}

static void test_metric_estimate(void) {
    const uint32_t points[] = {0, 0, 0, 1};
    const uint32_t replications[] = {0, 1, 2, 0};
    const double metrics[] = {10, 100, 14, 200, NAN, 300, 7, 1};
    struct result result = result_of(4, points, replications, metrics);
    int metric = metric_find(&result, "interval", "wait", "all", "mean");
    CHECK_INT(metric, 0);
    CHECK_INT(metric_find(&result, "interval", "wait", "all", "median"), -1);
    struct metric_estimate estimate = metric_estimate(&result, 0, metric, 0.95);
    CHECK_INT(estimate.count, 2);
    CHECK_NEAR(estimate.mean, 12, 1e-12);
    CHECK_NEAR(estimate.sum, 24, 1e-12);
    CHECK_NEAR(estimate.half_width, 12.70620474 * 2, 1e-6); /* t(1; .975) sqrt(8 / 2) */
    CHECK(isnan(metric_estimate(&result, 1, metric, 0.95).half_width));
    CHECK_INT(metric_estimate(&result, 0, -1, 0.95).count, 0);
    CHECK_INT(metric_replications(&result, 0), 3);
    CHECK_NEAR(metric_seconds(&result, 0), 60, 0);
    CHECK_NEAR(metric_seconds(&result, 1), 0, 0);
    CHECK(metric_counts(&result, 0, "wait", "all") == NULL);
    CHECK_TEXT(metric_interval_doc(&result, "wait"), "");
}

/* The count found is enough, and one less is not. */
static void test_replications_for_a_precision(void) {
    struct moments moments = {.count = 10, .mean = -50, .sum_squared_deviations = 9 * 225};
    const double wishes[] = {0.3, 0.1, 0.05, 0.01};
    for (size_t i = 0; i < 4; i++) {
        double wanted = wishes[i] / (1 + wishes[i]) * 50;
        int64_t count = precision_replications(&moments, wishes[i], 0.95);
        CHECK(estimate_half_width(225, count, 0.95) <= wanted);
        CHECK(count == 10 || estimate_half_width(225, count - 1, 0.95) > wanted);
    }
    CHECK_INT(precision_replications(&moments, 0.3, 0.95), 10);
    CHECK_INT(precision_replications(&moments, 1e-9, 0.95), 0);
    moments.mean = 0;
    CHECK_INT(precision_replications(&moments, 0.1, 0.95), 0);
    moments = (struct moments){.count = 1, .mean = 5};
    CHECK_INT(precision_replications(&moments, 0.1, 0.95), 0);
    CHECK_NEAR(precision_relative(-8, 2), 0.25, 0);
    CHECK_NEAR(precision_relative(0, 0), 0, 0);
    CHECK(isinf(precision_relative(0, 2)) && isnan(precision_relative(NAN, 2)));
}

int main(void) {
    test_pairs_by_replication();
    test_gaps();
    test_nothing_to_pair();
    test_metric_estimate();
    test_replications_for_a_precision();
    return test_summary();
}
