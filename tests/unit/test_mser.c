/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: MSER truncates where its definition says.
 * Method: the statistic of every d computed straight from the definition, in two passes, on series
 * with and without a transient; the corner cases by hand. */
#include "analysis/statistics/mser.h"
#include "core/base/random.h"
#include "tests/test.h"

#include <math.h>

enum { COUNT_MAX = 700 };

/* The definition, on batch means: the smallest d <= n / 2 with the least sum over (n - d)². */
static size_t oracle(const double *means, size_t n, double *least) {
    size_t best = 0;
    *least = INFINITY;
    for (size_t d = 0; d <= n / 2; d++) {
        double mean = 0, squares = 0, kept = (double)(n - d);
        for (size_t i = d; i < n; i++) {
            mean += means[i] / kept;
        }
        for (size_t i = d; i < n; i++) {
            squares += (means[i] - mean) * (means[i] - mean);
        }
        if (squares / (kept * kept) < *least * (1 - 1e-12)) {
            *least = squares / (kept * kept);
            best = d;
        }
    }
    return best;
}

static void check_series(uint64_t series, double transient, size_t count, size_t batch) {
    double values[COUNT_MAX], means[COUNT_MAX] = {0}, least;
    struct random_key key = random_key_make(20231, series);
    for (size_t i = 0; i < count; i++) {
        values[i] = 10 + transient * exp(-(double)i / 40) +
                    2 * random_exponential(key, i, random_purpose("noise", 0), 0);
        means[i / batch] += values[i] / (double)batch;
    }
    size_t expected = oracle(means, count / batch, &least);
    struct mser mser = mser_truncation(values, count, batch);
    CHECK_INT(mser.batch_count, count / batch);
    CHECK_INT(mser.truncated_batches, expected);
    CHECK_INT(mser.truncated_count, expected * batch);
    CHECK_NEAR(mser.statistic, least, 1e-9 * least);
    CHECK(mser.settled == (expected < count / batch / 2));
}

static void test_against_definition(void) {
    const double transients[] = {0, 8, -8, 100};
    const size_t counts[] = {10, 11, 14, 57, 200, 503, 700};
    for (uint64_t series = 0; series < 40; series++) {
        for (size_t t = 0; t < 4; t++) {
            for (size_t c = 0; c < 7; c++) {
                check_series(series, transients[t], counts[c], series % 2 == 0 ? 5 : 1);
            }
        }
    }
}

static void test_corner_cases(void) {
    const double values[] = {7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7};
    struct mser mser = mser_truncation(values, 0, MSER_BATCH);
    CHECK_INT(mser.batch_count, 0);
    CHECK(isnan(mser.statistic) && isnan(mser.full_mean) && !mser.settled);
    mser = mser_truncation(values, 9, MSER_BATCH);
    CHECK_INT(mser.batch_count, 1);
    CHECK_INT(mser.truncated_count, 0);
    CHECK_NEAR(mser.truncated_mean, 7, 0);
    CHECK(!mser.settled);
    /* All ties: nothing is left out. */
    mser = mser_truncation(values, 20, MSER_BATCH);
    CHECK_INT(mser.truncated_count, 0);
    CHECK_NEAR(mser.statistic, 0, 0);
    CHECK(mser.settled);
    /* A series that only falls has not settled. */
    double falling[100];
    for (int i = 0; i < 100; i++) {
        falling[i] = 100 - i;
    }
    mser = mser_truncation(falling, 100, MSER_BATCH);
    CHECK_INT(mser.truncated_batches, 10);
    CHECK(!mser.settled);
}

int main(void) {
    test_against_definition();
    test_corner_cases();
    return test_summary();
}
