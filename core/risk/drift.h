/* SPDX-License-Identifier: GPL-3.0-or-later
 * drift.h - notices that declarations, or what inspections find, are no longer what they were.
 *
 * Inputs: each feature is counted in bins; a full window is compared with the reference, the first
 * window after drift_inputs_learn(), by the two-sample chi-square, at a level shared by all
 * features (Bonferroni) and windows of a year.
 *
 * Outcomes: two cumulative sums of log-likelihood ratios that the odds of a finding are `factor`
 * times what the model says, or one such part of it (risk-adjusted CUSUM, Steiner, Cook, Farewell
 * and Treasure 2000). While the model is right, an alarm comes on average at most once in e^limit
 * outcomes (Lorden 1971). */
#ifndef CORE_RISK_DRIFT_H
#define CORE_RISK_DRIFT_H

#include "core/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { DRIFT_BINS = 32 };

struct drift_inputs {
    uint32_t feature_count, window; /* window: declarations */
    double level;                   /* chance of a false alarm in one window, of all features */
    uint32_t seen;                  /* in this window */
    bool has_reference;
    uint32_t *reference, *current; /* feature x bin */
};

/* Bins of a code and of a number; a missing one (0, NaN) has the bin 0. */
uint32_t drift_bin_code(uint64_t code);
uint32_t drift_bin_number(double number);

void drift_inputs_init(struct drift_inputs *drift, uint32_t feature_count, uint32_t window,
                       double level, struct arena *arena);

/* One declaration, a bin a feature. At the end of a window: the feature that differs most from the
 * reference, where one differs; -1 otherwise. `z` (may be NULL) gets its distance in standard
 * deviations. */
int drift_inputs_add(struct drift_inputs *drift, const uint32_t *bins, double *z);

/* The next window becomes the reference: after training. */
void drift_inputs_learn(struct drift_inputs *drift);

struct drift_outcomes {
    double factor, limit;
    double more, fewer; /* the sums */
};

enum drift_alarm { DRIFT_NONE, DRIFT_MORE, DRIFT_FEWER };

/* Looks for odds twice or half as high, with a false alarm in 10,000 outcomes at most. */
struct drift_outcomes drift_outcomes_usual(void);

/* An inspection of which the model expected a finding with this probability. An alarm begins both
 * sums anew. */
enum drift_alarm drift_outcomes_add(struct drift_outcomes *drift, double probability, bool found);

#endif
