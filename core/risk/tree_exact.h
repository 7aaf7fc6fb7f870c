/* SPDX-License-Identifier: GPL-3.0-or-later
 * tree_exact.h - grows one tree on shares of ones, every value of a column being a possible split.
 *
 * A split is chosen by Gini's impurity (Breiman, Friedman, Olshen and Stone 1984): the two sides
 * together have the least sum of 2 p (1 - p) times weight. For few rows codes are sorted, for many
 * they are counted; weights are whole numbers, so either way gives the same. */
#ifndef CORE_RISK_TREE_EXACT_H
#define CORE_RISK_TREE_EXACT_H

#include "core/base/random.h"
#include "core/risk/tree.h"
#include "core/risk/tree_bins.h"

struct tree_exact_settings {
    uint32_t depth;         /* at most TREE_DEPTH_MAX */
    uint32_t column_draws;  /* columns looked at in each node, those of one value not counted */
    double leaf_weight_min; /* least weight on either side of a split */
};

/* What the tree is grown on: a row without weight takes no part. */
struct tree_exact_input {
    const struct tree_bins *bins;
    const float *labels;    /* 0 or 1 */
    const int64_t *weights; /* in units of 1 / scale; their sum is below 2^62 */
    double scale;
};

/* Appends to an empty tree; leaves have the share of ones as value and the weight as cover. Draws
 * are of the key's entity `number`. Nodes live in `arena`. */
void tree_exact_grow(const struct tree_exact_input *input,
                     const struct tree_exact_settings *settings, struct random_key key,
                     uint64_t number, struct arena *arena, struct tree *tree);

#endif
