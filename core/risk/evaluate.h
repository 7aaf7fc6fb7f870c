/* SPDX-License-Identifier: GPL-3.0-or-later
 * evaluate.h - how well scores find what inspections found.
 *
 * Rows with equal scores come in any order, so a figure at a share of the rows is its mean over all
 * orders of equals: a table of few scores is neither helped nor harmed by how a file is sorted. */
#ifndef CORE_RISK_EVALUATE_H
#define CORE_RISK_EVALUATE_H

#include "core/base/arena.h"

#include <stdint.h>

enum { EVALUATE_SHARES = 5 };

/* .01, .02, .05, .1, .2 */
extern const double evaluate_shares[EVALUATE_SHARES];

struct interval {
    double value, low, high; /* 95 % */
};

struct evaluation_at {
    uint32_t inspected;        /* the nearest whole number of rows, at least 1 */
    struct interval precision; /* findings among the inspected; Wilson (1927) */
    double recall;             /* share of all findings */
    double revenue;            /* share of all revenue */
};

struct evaluation {
    uint32_t rows, findings;
    struct interval auc; /* DeLong, DeLong and Clarke-Pearson (1988); NaN where a class is absent */
    struct evaluation_at at[EVALUATE_SHARES];
    double mean_score, rate; /* their difference is the calibration in the large */
    double brier;            /* NaN where the scores are no probabilities */
};

/* Of rows with the `labels` 0 and 1; `revenue` is what a finding brings, `rows` which rows of the
 * arrays count. `scratch` may be freed afterwards. */
struct evaluation evaluate(const double *scores, const int8_t *labels, const double *revenue,
                           const uint32_t *rows, uint32_t row_count, struct arena *scratch);

/* Numbers of the rows by descending score, equals as they stand. */
uint32_t *evaluate_order(const double *scores, uint32_t row_count, struct arena *arena);

#endif
