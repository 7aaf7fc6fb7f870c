/* SPDX-License-Identifier: GPL-3.0-or-later
 * mode.h - the most frequent value of a pooled histogram.
 *
 * Of continuous times none is frequent, so it is the middle of the fullest of equal bins from zero
 * on. Their width is round (1, 2 or 5 times a power of ten of a unit) and such that 20 to 50 of
 * them lie below the 90 % quantile; exact zeros are a bin of their own. */
#ifndef ANALYSIS_STATISTICS_MODE_H
#define ANALYSIS_STATISTICS_MODE_H

#include <stdint.h>

struct mode {
    double value; /* NaN when the histogram is empty; the first of bins that are equally full */
    double bin;   /* width; 0 when it is exact */
};

/* `counts` has HISTOGRAM_BUCKETS entries (core/base/estimate.h); all in the histogram's unit, also
 * `unit`, the size of the one in which the mode will be shown. */
struct mode mode_of(const uint64_t *counts, double unit);

#endif
