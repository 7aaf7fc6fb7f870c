/* SPDX-License-Identifier: GPL-3.0-or-later
 * estimate.h - what is kept of many observations: exact tallies, moments, histograms, intervals.
 *
 * tally      whole numbers (nanoseconds, lengths): sums are exact, so merging in any order gives
 *            the same bits and Little's law is an identity.
 * moments    real numbers, one pass (Welford 1962; merged after Chan, Golub and LeVeque 1983).
 * histogram  log-linear counts of non-negative whole numbers; merging adds counts. */
#ifndef CORE_BASE_ESTIMATE_H
#define CORE_BASE_ESTIMATE_H

#include "core/base/require.h"
#include "core/base/wide.h"

#include <stddef.h>
#include <stdint.h>

struct tally {
    int64_t count;
    int64_t min, max; /* meaningless while count is 0 */
    int128 sum;
    uint128 sum_squares; /* overflow is a REQUIRE */
};

static inline void tally_add(struct tally *tally, int64_t value) {
    if (tally->count == 0) {
        tally->min = tally->max = value;
    }
    tally->min = value < tally->min ? value : tally->min;
    tally->max = value > tally->max ? value : tally->max;
    tally->count++;
    tally->sum += value;
    uint128 square = (uint128)((int128)value * value);
    REQUIRE(!__builtin_add_overflow(tally->sum_squares, square, &tally->sum_squares));
}

void tally_merge(struct tally *into, const struct tally *from);
double tally_mean(const struct tally *tally);               /* NaN when empty */
double tally_standard_deviation(const struct tally *tally); /* n - 1; NaN below two values */

struct moments {
    int64_t count;
    double mean, sum_squared_deviations;
    double min, max;
};

void moments_add(struct moments *moments, double value);
void moments_merge(struct moments *into, const struct moments *from);
double moments_variance(const struct moments *moments); /* n - 1; NaN below two values */

/* Bucket b holds the values v with histogram_bucket(v) == b: below 2 * HISTOGRAM_STEPS each value
 * has its own; above, every doubling is cut into HISTOGRAM_STEPS equal parts, so a quantile is off
 * by at most 1 / HISTOGRAM_STEPS of itself: when all values of a bucket lie at one end of it. */
enum { HISTOGRAM_STEPS = 64, HISTOGRAM_BUCKETS = 64 * (64 - 5) };

struct histogram {
    uint32_t counts[HISTOGRAM_BUCKETS];
};

static inline uint32_t histogram_bucket(uint64_t value) {
    uint32_t top = 63 - (uint32_t)__builtin_clzll(value | 1);
    if (top < 7) {
        return (uint32_t)value;
    }
    return (top - 5) * HISTOGRAM_STEPS + (uint32_t)(value >> (top - 6)) - HISTOGRAM_STEPS;
}
uint64_t histogram_lower(uint32_t bucket); /* smallest value of the bucket */
uint64_t histogram_width(uint32_t bucket); /* number of values in it */

/* Quantile by linear interpolation inside the bucket that holds rank q (n - 1) (Hyndman and Fan
 * 1996, type 7, on bucketed data); NaN when empty. `counts` has HISTOGRAM_BUCKETS entries. */
double histogram_quantile(const uint64_t *counts, double q);
double histogram_quantile_32(const uint32_t *counts, double q);

/* Half width of the two-sided Student t interval of a mean; NaN below two values. */
double estimate_half_width(double variance, int64_t count, double level);

/* Quantile and distribution function of Student's t; our own, so that core needs no GSL. */
double estimate_t_quantile(double p, double degrees);
double estimate_t_cdf(double t, double degrees);

/* Paired comparison of b against a: the mean of b - a, its interval, t and two-sided p, and the
 * variance-reduction factor (var a + var b) / var(b - a) that pairing gained. */
struct paired {
    int64_t count;
    double difference, half_width, t, p;
    double variance_reduction; /* NaN when b - a never varies */
};

struct paired estimate_paired(const double *a, const double *b, size_t count, double level);

#endif
