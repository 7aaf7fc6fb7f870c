/* SPDX-License-Identifier: GPL-3.0-or-later
 * mser.h - where the warm-up of a series ends: the marginal standard error rule on batch means.
 *
 * White 1997, "An effective truncation heuristic for bias reduction in simulation output"; batches
 * of five after White, Cobb and Spratt 2000 (MSER-5). */
#ifndef ANALYSIS_STATISTICS_MSER_H
#define ANALYSIS_STATISTICS_MSER_H

#include <stdbool.h>
#include <stddef.h>

enum { MSER_BATCH = 5 };

struct mser {
    size_t batch_count;
    size_t truncated_batches; /* d: leave out this many batches from the start */
    size_t truncated_count;   /* observations left out */
    double statistic;         /* sum of squared deviations after d, over (n - d)² */
    double full_mean;         /* of all whole batches */
    double truncated_mean;    /* of those that stay */
    bool settled;             /* d lies before the middle; else the series is too short to say */
};

/* Cuts `values` into means of `batch` (a rest that fills no batch is left out) and takes the d, at
 * most half of the batches and the smallest on ties, that minimises the statistic. With fewer than
 * two batches nothing is truncated, the statistic is NaN and it is not settled. */
struct mser mser_truncation(const double *values, size_t count, size_t batch);

#endif
