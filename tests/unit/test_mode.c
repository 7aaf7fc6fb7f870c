/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_mode.c - goal: the mode of a histogram is where values are densest, in bins as mode.h says.
 *
 * Method: distributions whose mode is known, counted from their quantiles; atoms at zero; few
 * values that lie alone in narrow buckets, which must not win. */
#include "analysis/statistics/mode.h"

#include "core/base/estimate.h"
#include "tests/test.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static const double hour = 3.6e12; /* ns */
static uint64_t counts[HISTOGRAM_BUCKETS];

static void clear(void) {
    memset(counts, 0, sizeof counts);
}

static void add(double value, uint64_t count) {
    counts[histogram_bucket((uint64_t)value)] += count;
}

static void test_gamma(void) {
    clear();
    for (int i = 0; i < 200000; i++) {
        add(gsl_cdf_gamma_Pinv((i + 0.5) / 200000, 4, 10 * hour), 1);
    }
    /* The mode is (4 - 1) * 10 h; P90 is 66.8 h, so bins are of 2 h. */
    struct mode mode = mode_of(counts, hour);
    CHECK_NEAR(mode.bin / hour, 2, 1e-12);
    CHECK_NEAR(mode.value / hour, 30, 1.01);
    /* The same in minutes: 4,008 / 20 is 200.4, so bins are of 200 min. */
    mode = mode_of(counts, hour / 60);
    CHECK_NEAR(mode.bin / hour * 60, 200, 1e-9);
    CHECK_NEAR(mode.value / hour, 30, 5. / 3 + 0.01);
    /* A few that lie alone in buckets of a nanosecond change nothing. */
    add(3, 20);
    add(77, 10);
    CHECK_NEAR(mode_of(counts, hour).value / hour, 30, 1.01);
}

static void test_falls_from_zero(void) {
    clear();
    for (int i = 0; i < 100000; i++) {
        add(gsl_cdf_exponential_Pinv((i + 0.5) / 100000, 5 * hour), 1);
    }
    struct mode mode = mode_of(counts, hour); /* P90 is 11.5 h */
    CHECK_NEAR(mode.bin / hour, 0.5, 1e-12);
    CHECK_NEAR(mode.value / hour, 0.25, 1e-12);
    /* Cleared before arrival: exact zeros. Fewer than in the fullest bin, then more. */
    add(0, 9000);
    CHECK_NEAR(mode_of(counts, hour).value / hour, 0.25, 1e-12);
    add(0, 1000);
    CHECK_NEAR(mode_of(counts, hour).value, 0, 0);
    CHECK_NEAR(mode_of(counts, hour).bin, 0, 0);
}

static void test_two_peaks(void) {
    clear();
    for (int i = 0; i < 1000; i++) {
        add((10 + i * 1e-3) * hour, 5);
        add((30 + i * 1e-3) * hour, 6);
    }
    struct mode mode = mode_of(counts, hour);
    CHECK_NEAR(mode.value / hour, 30.5, mode.bin / hour);
}

static void test_small_histograms(void) {
    clear();
    CHECK(isnan(mode_of(counts, hour).value));
    add(0, 5);
    CHECK_NEAR(mode_of(counts, hour).value, 0, 0);
    clear();
    add(7, 3); /* alone */
    struct mode mode = mode_of(counts, hour);
    CHECK_NEAR(mode.value, 7, 1);
    add(7, 97);
    add(9.2e18, 1); /* so far off that its bucket has 1e16 bins */
    CHECK_NEAR(mode_of(counts, hour).value, 7, 1);
    add(1e7, 8); /* a bucket of a million bins, each less full */
    CHECK_NEAR(mode_of(counts, hour).value, 7, 1);
    clear();
    add(9.2e18, 1);
    CHECK_NEAR(mode_of(counts, hour).value / 9.2e18, 1, 0.05);
}

int main(void) {
    test_gamma();
    test_falls_from_zero();
    test_two_peaks();
    test_small_histograms();
    return test_summary();
}
