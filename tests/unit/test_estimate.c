/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_estimate.c - goal: tallies are exact, merging in any order gives the same bits, quantiles
 * are as close as the header says, Student's t agrees with GSL.
 *
 * Method: exact sums of awkward numbers, sorted data as oracle for quantiles, GSL for t. */
#include "core/base/estimate.h"
#include "core/base/random.h"
#include "tests/test.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

enum { COUNT = 20001 };

static int64_t draw_ns(uint32_t i) {
    return (int64_t)(random_exponential(random_key_make(7, 3), i, 5, 0) * 86400e9 * 2.385);
}

static void test_tally(void) {
    struct tally whole = {0}, parts[3] = {{0}}, merged = {0}, backwards = {0};
    for (uint32_t i = 0; i < COUNT; i++) {
        int64_t value = draw_ns(i) - INT64_C(40000000000000);
        tally_add(&whole, value);
        tally_add(&parts[i % 3], value);
    }
    for (int i = 0; i < 3; i++) {
        tally_merge(&merged, &parts[i]);
        tally_merge(&backwards, &parts[2 - i]);
    }
    CHECK(merged.sum == whole.sum && merged.sum_squares == whole.sum_squares);
    CHECK(backwards.sum == whole.sum && backwards.sum_squares == whole.sum_squares);
    CHECK_INT(merged.min, whole.min);
    CHECK_INT(backwards.max, whole.max);
    CHECK_INT(merged.count, COUNT);
    CHECK(tally_standard_deviation(&merged) == tally_standard_deviation(&whole));
    /* Nanoseconds of three years: doubles alone would lose the deviation. */
    struct tally far = {0};
    for (int i = -1; i <= 1; i++) {
        tally_add(&far, INT64_C(94608000000000000) + i);
    }
    CHECK_NEAR(tally_standard_deviation(&far), 1, 0);
    CHECK_NEAR(tally_mean(&far), 94608000000000000.0, 0);
    struct tally none = {0};
    CHECK(isnan(tally_mean(&none)) && isnan(tally_standard_deviation(&none)));
    tally_add(&none, 5);
    CHECK(isnan(tally_standard_deviation(&none)));
}

static int by_size(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void test_histogram(void) {
    static struct histogram histogram;
    static uint64_t wide[HISTOGRAM_BUCKETS];
    static int64_t values[COUNT];
    for (uint32_t i = 0; i < COUNT; i++) {
        values[i] = draw_ns(i);
        histogram.counts[histogram_bucket((uint64_t)values[i])]++;
        wide[histogram_bucket((uint64_t)values[i])]++;
    }
    qsort(values, COUNT, sizeof values[0], by_size);
    for (int percent = 0; percent <= 100; percent += 5) {
        double q = percent / 100.0;
        double exact = (double)values[(COUNT - 1) / 20 * percent / 5];
        double got = histogram_quantile_32(histogram.counts, q);
        CHECK_NEAR(got, exact, exact / (2 * HISTOGRAM_STEPS) + 1);
        CHECK(got == histogram_quantile(wide, q));
    }
    static uint64_t empty[HISTOGRAM_BUCKETS];
    CHECK(isnan(histogram_quantile(empty, 0.5)));
    CHECK(isnan(histogram_quantile(wide, 1.5)));
}

static void test_buckets(void) {
    for (uint32_t bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
        uint64_t lower = histogram_lower(bucket), last = lower + (histogram_width(bucket) - 1);
        CHECK_INT(histogram_bucket(lower), bucket);
        CHECK_INT(histogram_bucket(last), bucket);
        CHECK(bucket + 1 == HISTOGRAM_BUCKETS || histogram_lower(bucket + 1) == last + 1);
    }
    CHECK_INT(histogram_bucket(UINT64_MAX), HISTOGRAM_BUCKETS - 1);
}

static void test_moments(void) {
    struct moments whole = {0}, halves[2] = {{0}};
    for (uint32_t i = 0; i < COUNT; i++) {
        double value = 1e6 + random_uniform(random_key_make(7, 4), i, 6, 0);
        moments_add(&whole, value);
        moments_add(&halves[i > 777], value);
    }
    moments_merge(&halves[0], &halves[1]);
    CHECK_NEAR(halves[0].mean, whole.mean, 1e-9);
    CHECK_NEAR(moments_variance(&halves[0]), moments_variance(&whole), 1e-9);
    CHECK(halves[0].min == whole.min && halves[0].max == whole.max);
    CHECK_NEAR(moments_variance(&whole), 1 / 12.0, 0.003);
    struct moments empty = {0};
    moments_merge(&whole, &empty);
    CHECK_INT(whole.count, COUNT);
}

static void test_student(void) {
    for (double degrees = 1; degrees < 3000; degrees = degrees < 20 ? degrees + 1 : degrees * 1.7) {
        for (double t = -12; t <= 12; t += 0.37) {
            CHECK_NEAR(estimate_t_cdf(t, degrees), gsl_cdf_tdist_P(t, degrees), 1e-11);
        }
        for (double p = 0.0005; p < 1; p += 0.0131) {
            double wanted = gsl_cdf_tdist_Pinv(p, degrees);
            CHECK_NEAR(estimate_t_quantile(p, degrees), wanted, 1e-10 * (1 + fabs(wanted)));
        }
    }
    CHECK(estimate_t_quantile(0.5, 7) == 0);
    CHECK(isnan(estimate_t_quantile(0, 7)) && isnan(estimate_t_quantile(0.3, 0)));
    CHECK(isnan(estimate_half_width(1, 1, 0.95)));
}

static void test_paired(void) {
    double a[64], b[64];
    for (uint32_t i = 0; i < 64; i++) {
        a[i] = random_uniform(random_key_make(7, 5), i, 7, 0);
        b[i] = a[i] + 0.25;
    }
    struct paired paired = estimate_paired(a, b, 64, 0.95);
    CHECK_NEAR(paired.difference, 0.25, 1e-15);
    CHECK(paired.half_width < 1e-15);
    for (uint32_t i = 0; i < 64; i++) {
        b[i] += 0.1 * random_uniform(random_key_make(7, 6), i, 7, 0);
    }
    paired = estimate_paired(a, b, 64, 0.95);
    CHECK(paired.variance_reduction > 100); /* shared randomness of unit size, noise of a tenth */
}

int main(void) {
    test_tally();
    test_histogram();
    test_buckets();
    test_moments();
    test_student();
    test_paired();
    return test_summary();
}
