/* SPDX-License-Identifier: GPL-3.0-or-later
 * tree_bins.h - the columns of a matrix as small whole numbers, so that splits can be counted.
 *
 * A column with few different values has a bin for each; one with more has bins of about equally
 * many rows. A bin ends at a threshold halfway to the next value, so what was learnt from bins
 * applies to the numbers themselves. */
#ifndef CORE_RISK_TREE_BINS_H
#define CORE_RISK_TREE_BINS_H

#include "core/risk/matrix.h"

enum { TREE_BINS_MAX = 65535 };

struct tree_bins {
    uint32_t row_count, column_count;
    uint32_t *bin_counts; /* of each column, without the bin of missing cells */
    float **thresholds;   /* of each column, bin_counts - 1: bin b is below thresholds[b] */
    uint16_t *codes;      /* codes[column * row_count + row]: a bin, or bin_counts where missing */
};

/* At most `bins_max` bins a column, 2 to TREE_BINS_MAX. */
void tree_bins_make(struct tree_bins *bins, const struct matrix *matrix, uint32_t bins_max,
                    struct arena *arena, struct arena *scratch);

static inline const uint16_t *tree_bins_column(const struct tree_bins *bins, uint32_t column) {
    return bins->codes + (size_t)column * bins->row_count;
}

#endif
