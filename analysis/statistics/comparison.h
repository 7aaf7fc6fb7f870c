/* SPDX-License-Identifier: GPL-3.0-or-later
 * comparison.h - one point against another, replication by replication.
 *
 * Replication i of two points faces the same people and the same random numbers, so the difference
 * is taken within each replication (common random numbers). */
#ifndef ANALYSIS_STATISTICS_COMPARISON_H
#define ANALYSIS_STATISTICS_COMPARISON_H

#include "core/base/estimate.h"
#include "sim/record/result_file.h"

struct comparison {
    double base_mean, mean; /* over the pairs */
    struct paired paired;   /* mean - base_mean and what goes with it; count is that of pairs */
    double relative;        /* difference over |base_mean|; NaN when that is 0 */
    uint32_t unpaired;      /* replications of one point that the other does not have */
};

/* Compares `point` with `base` in one metric. Pairs by replication index, whatever the order of
 * rows; a replication where either value is NaN gives no pair. With no pair all figures are NaN. */
struct comparison comparison_make(const struct result *result, uint32_t base, uint32_t point,
                                  uint32_t metric, double level);

#endif
