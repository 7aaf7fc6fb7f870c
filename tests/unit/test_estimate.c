/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_estimate.c - goal: tallies are exact, merging in any order gives the same bits, quantiles
 * are as close as the header says, Student's t agrees with GSL.
 *
 * Method: closed forms of arithmetic series for tallies, sorted data and the worst case as oracles
 * for quantiles, GSL and closed forms for t. */
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

/* offset + k step for k < n has sums, squares and a deviation in closed form. */
static void test_tally_of_series(void) {
    const int64_t offsets[] = {0, -INT64_C(315576000000000123), INT64_C(86400000000001)};
    for (int i = 0; i < 3; i++) {
        const int64_t n = 1009, step = 2385000000007;
        int128 offset = offsets[i], half = (int128)n * (n - 1) / 2;
        struct tally tally = {0};
        for (int64_t k = 0; k < n; k++) {
            tally_add(&tally, offsets[i] + (k * 500 + 3) % n * step); /* every k, out of order */
        }
        int128 squares = n * offset * offset + 2 * offset * step * half +
                         (int128)step * step * (half * (2 * n - 1) / 3);
        CHECK(tally.sum == n * offset + step * half);
        CHECK(tally.sum_squares == (uint128)squares);
        CHECK_INT(tally.min, offsets[i]);
        CHECK_INT(tally.max, offsets[i] + (n - 1) * step);
        double deviation = (double)step * sqrt((double)(n * (n + 1)) / 12.0);
        CHECK_NEAR(tally_standard_deviation(&tally), deviation, 1e-15 * deviation);
        double mean = (double)(offset + step * (n - 1) / 2);
        CHECK_NEAR(tally_mean(&tally), mean, 4e-16 * fabs(mean));
    }
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
        bool at_an_end = percent == 0 || percent == 100; /* inside, hundreds share a bucket */
        CHECK_NEAR(got, exact, exact / (at_an_end ? HISTOGRAM_STEPS : 4 * HISTOGRAM_STEPS));
        CHECK(got == histogram_quantile(wide, q));
    }
    static uint64_t empty[HISTOGRAM_BUCKETS];
    CHECK(isnan(histogram_quantile(empty, 0.5)));
    CHECK(isnan(histogram_quantile(wide, 1.5)));
}

/* Equal values at one end of a bucket are as bad as it gets; one alone is taken to lie in the
 * middle. */
static void test_worst_quantiles(void) {
    for (uint64_t value = 1; value < UINT64_MAX / 4; value = value * 2 + value % 5) {
        uint32_t bucket = histogram_bucket(value);
        uint64_t ends[] = {histogram_lower(bucket),
                           histogram_lower(bucket) + (histogram_width(bucket) - 1)};
        for (int i = 0; i < 2; i++) {
            static struct histogram histogram;
            memset(&histogram, 0, sizeof histogram);
            histogram.counts[histogram_bucket(ends[i])] = 100000;
            for (double q = 0; q <= 1; q += 0.125) {
                double exact = (double)ends[i], got = histogram_quantile_32(histogram.counts, q);
                CHECK_NEAR(got, exact, exact / HISTOGRAM_STEPS);
            }
            histogram.counts[histogram_bucket(ends[i])] = 1;
            double got = histogram_quantile_32(histogram.counts, 0.5);
            double middle = ((double)ends[0] + (double)ends[1]) / 2;
            CHECK_NEAR(got, middle, 1e-15 * middle);
        }
    }
}

/* Rank 2.1 of {10, 20, 30, 40} is 31 (type 7). Small values have a bucket each. */
static void test_quantile_between(void) {
    static uint64_t counts[HISTOGRAM_BUCKETS];
    for (uint64_t value = 10; value <= 40; value += 10) {
        counts[histogram_bucket(value)]++;
    }
    CHECK_NEAR(histogram_quantile(counts, 0.7), 31, 1e-12);
    CHECK_NEAR(histogram_quantile(counts, 0), 10, 0);
    CHECK_NEAR(histogram_quantile(counts, 1), 40, 0);
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
    moments_merge(&empty, &whole);
    CHECK(memcmp(&empty, &whole, sizeof whole) == 0);
    struct moments one = {0};
    moments_add(&one, -2.385);
    CHECK(one.min == -2.385 && one.max == -2.385 && isnan(moments_variance(&one)));
}

static void test_student(void) {
    for (double degrees = 1; degrees < 3000; degrees = degrees < 20 ? degrees + 1 : degrees * 1.7) {
        for (double t = -12; t <= 12; t += 0.37) {
            CHECK_NEAR(estimate_t_cdf(t, degrees), gsl_cdf_tdist_P(t, degrees), 1e-11);
        }
        for (double p = 0.0005; p < 1; p += 0.0131) {
            double wanted = gsl_cdf_tdist_Pinv(p, degrees);
            CHECK_NEAR(estimate_t_quantile(p, degrees), wanted, 1e-11 * (1 + fabs(wanted)));
        }
    }
    CHECK(estimate_t_quantile(0.5, 7) == 0);
    CHECK(isnan(estimate_t_quantile(0, 7)) && isnan(estimate_t_quantile(0.3, 0)));
    CHECK(isnan(estimate_half_width(1, 1, 0.95)));
}

/* One and two degrees have closed forms, to the end of the tail; many are nearly normal. */
static void test_student_tails(void) {
    for (double t = 0.0625; t < 1e9; t *= 1.7) {
        double hypotenuse = sqrt(2 + t * t), two = 1 / (hypotenuse * (hypotenuse + t));
        double one = atan2(1, t) / acos(-1.0);
        CHECK_NEAR(estimate_t_cdf(-t, 1), one, 1e-13 * one);
        CHECK_NEAR(estimate_t_cdf(-t, 2), two, 1e-13 * two);
        CHECK_NEAR(estimate_t_cdf(t, 2), 1 - two, 1e-15);
        CHECK_NEAR(estimate_t_quantile(two, 2), -t, 1e-12 * t);
    }
    for (double degrees = 1e4; degrees < 2e6; degrees *= 7) {
        for (double t = 0.25; t < 6; t += 0.25) {
            double wanted = gsl_cdf_tdist_P(-t, degrees);
            CHECK_NEAR(estimate_t_cdf(-t, degrees), wanted, 1e-11);
            CHECK_NEAR(estimate_t_quantile(wanted, degrees), -t, 1e-10 * t);
        }
    }
    CHECK_NEAR(estimate_t_quantile(0.975, 1e9), 1.959963984540054, 1e-8); /* the normal one */
    CHECK(estimate_t_cdf(0, 3) == 0.5);
    CHECK(estimate_t_cdf(HUGE_VAL, 3) == 1 && estimate_t_cdf(-HUGE_VAL, 3) == 0);
    CHECK(isnan(estimate_t_cdf(NAN, 3)) && isnan(estimate_t_cdf(1, 0)));
}

/* By hand: differences 1, 2, 3, 6 have mean 3 and variance 14/3. */
static void test_paired_by_hand(void) {
    const double a[] = {10, 20, 30, 40}, b[] = {11, 22, 33, 46};
    struct paired paired = estimate_paired(a, b, 4, 0.95);
    double error = sqrt(14.0 / 12), t = 3 / error;
    CHECK_INT(paired.count, 4);
    CHECK_NEAR(paired.difference, 3, 1e-15);
    CHECK_NEAR(paired.t, t, 1e-14);
    CHECK_NEAR(paired.half_width, gsl_cdf_tdist_Pinv(0.975, 3) * error, 1e-11);
    CHECK_NEAR(paired.p, 2 * gsl_cdf_tdist_Q(t, 3), 1e-12);
    CHECK_NEAR(paired.variance_reduction, (500.0 / 3 + 674.0 / 3) / (14.0 / 3), 1e-12);
    struct paired reverse = estimate_paired(b, a, 4, 0.95);
    CHECK(reverse.difference == -paired.difference && reverse.p == paired.p);
    CHECK(isnan(estimate_paired(a, a, 4, 0.95).variance_reduction));
    CHECK(isnan(estimate_paired(a, b, 1, 0.95).half_width));
    CHECK(isnan(estimate_paired(a, b, 0, 0.95).difference));
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
    test_tally_of_series();
    test_histogram();
    test_worst_quantiles();
    test_quantile_between();
    test_buckets();
    test_moments();
    test_student();
    test_student_tails();
    test_paired_by_hand();
    test_paired();
    return test_summary();
}
