/* SPDX-License-Identifier: GPL-3.0-or-later
 * mode.c - see mode.h. */
#include "analysis/statistics/mode.h"

#include "core/base/estimate.h"

#include <math.h>

enum { BINS_MAX = 1000000000 }; /* what is farther off than that is no mode */

/* The largest round width of which at least 20 fit below `quantile`. */
static double round_width(double quantile, double unit) {
    static const double steps[] = {5, 2, 1};
    double most = quantile / 20, power = unit;
    while (power > most) {
        power /= 10;
    }
    while (power * 10 <= most) {
        power *= 10;
    }
    for (unsigned i = 0; i < 3; i++) {
        if (steps[i] * power <= most) {
            return steps[i] * power;
        }
    }
    return power;
}

/* What lies in [begin, end), where each bucket's values are spread evenly over it. `*bucket` is the
 * first that may reach into it, and moves on. */
static double count_between(const uint64_t *counts, double begin, double end, uint32_t *bucket) {
    double sum = 0;
    for (; *bucket < HISTOGRAM_BUCKETS; ++*bucket) {
        double low = (double)histogram_lower(*bucket), width = (double)histogram_width(*bucket);
        double from = low > begin ? low : begin, to = low + width < end ? low + width : end;
        if (to > from) {
            sum += (double)counts[*bucket] * (to - from) / width;
        }
        if (low + width >= end) {
            break;
        }
    }
    return sum;
}

/* The bins inside one bucket are all as full as the first of them. */
static double next_bin(double bin, double width, uint32_t bucket) {
    double low = (double)histogram_lower(bucket), high = low + (double)histogram_width(bucket);
    double last = floor(high / width);
    return low <= bin * width && last > bin + 1 ? last : bin + 1;
}

struct mode mode_of(const uint64_t *counts, double unit) {
    double quantile = histogram_quantile(counts, 0.9);
    struct mode mode = {.value = 0, .bin = 0};
    if (isnan(quantile)) {
        return (struct mode){.value = NAN, .bin = NAN};
    }
    if (!(quantile > 0)) {
        return mode;
    }
    uint32_t last = HISTOGRAM_BUCKETS;
    while (counts[last - 1] == 0) {
        last--;
    }
    double most = (double)counts[0], width = round_width(quantile, unit);
    double end = (double)histogram_lower(last - 1) + (double)histogram_width(last - 1);
    end = end < BINS_MAX * width ? end : BINS_MAX * width;
    uint32_t bucket = 1;
    for (double i = 0; i * width < end; i = next_bin(i, width, bucket)) {
        double count = count_between(counts, i * width, (i + 1) * width, &bucket);
        if (count > most) {
            most = count;
            mode = (struct mode){.value = (i + 0.5) * width, .bin = width};
        }
    }
    return mode;
}
