/* SPDX-License-Identifier: GPL-3.0-or-later
 * precision.c - see the header. */
#include "analysis/statistics/precision.h"

enum { REPLICATIONS_MAX = 10000000 };

double precision_relative(double mean, double half_width) {
    if (half_width == 0) {
        return 0;
    }
    return half_width / __builtin_fabs(mean);
}

int64_t precision_replications(const struct moments *moments, double relative, double level) {
    double variance = moments_variance(moments);
    double wanted = relative / (1 + relative) * __builtin_fabs(moments->mean);
    if (!(variance >= 0) || !(wanted > 0)) {
        return 0;
    }
    /* The half width falls as the count grows, so the smallest count is found by halving. */
    int64_t low = moments->count, high = REPLICATIONS_MAX;
    if (estimate_half_width(variance, high, level) > wanted) {
        return 0;
    }
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (estimate_half_width(variance, middle, level) <= wanted) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}
