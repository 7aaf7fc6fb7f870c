/* SPDX-License-Identifier: GPL-3.0-or-later
 * mser.c - one pass backwards: the mean and squared deviations of every tail come from those of the
 * tail one shorter, so no array of batch means is kept. */
#include "analysis/statistics/mser.h"

#include "core/base/estimate.h"
#include "core/base/require.h"

static double batch_mean(const double *values, size_t batch) {
    double sum = 0;
    for (size_t i = 0; i < batch; i++) {
        sum += values[i];
    }
    return sum / (double)batch;
}

struct mser mser_truncation(const double *values, size_t count, size_t batch) {
    REQUIRE(batch > 0);
    size_t batch_count = count / batch;
    struct mser mser = {.batch_count = batch_count, .statistic = __builtin_nan("")};
    mser.full_mean = mser.truncated_mean = __builtin_nan("");
    struct moments tail = {0};
    for (size_t d = batch_count; d-- > 0;) {
        moments_add(&tail, batch_mean(values + d * batch, batch));
        if (d > batch_count / 2) {
            continue;
        }
        double kept = (double)(batch_count - d);
        double statistic = tail.sum_squared_deviations / (kept * kept);
        /* Going backwards, `<=` leaves the smallest d of a tie. */
        if (batch_count >= 2 && !(statistic > mser.statistic)) {
            mser.statistic = statistic;
            mser.truncated_batches = d;
            mser.truncated_mean = tail.mean;
        }
    }
    if (batch_count > 0) {
        mser.full_mean = tail.mean;
    }
    if (batch_count == 1) {
        mser.truncated_mean = tail.mean;
    }
    mser.truncated_count = mser.truncated_batches * batch;
    mser.settled = batch_count >= 2 && mser.truncated_batches < batch_count / 2;
    return mser;
}
