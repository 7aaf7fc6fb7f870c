/* SPDX-License-Identifier: GPL-3.0-or-later
 * tree_grow.h - grows one regression tree on gradients, from histograms.
 *
 * For a loss with first and second derivatives g and h of each row's margin, a leaf's best step is
 * -G / (H + lambda), G and H being sums over its rows, and lowers the loss by G^2 / (2 (H +
 * lambda)); a split is worth what its two sides lower it more (Chen and Guestrin 2016, equations 5
 * to 7). Missing cells go to the side where they are worth more.
 *
 * Gradients are whole numbers, rounded once: so sums are exact, the histogram of the larger child
 * is that of the parent less that of the smaller, and no order of summation shows. */
#ifndef CORE_RISK_TREE_GROW_H
#define CORE_RISK_TREE_GROW_H

#include "core/base/random.h"
#include "core/risk/tree.h"
#include "core/risk/tree_bins.h"

enum { TREE_GROW_BINS_MAX = 255, TREE_GROW_DEPTH_MAX = 16 };

/* g and h, in units of 1 / scale. */
typedef int64_t tree_gradient __attribute__((vector_size(16)));

struct tree_grow_settings {
    uint32_t depth;
    double lambda;            /* added to H */
    double gain_min;          /* a split lowers the loss by more than this */
    double child_cover_min;   /* least H on either side */
    const int8_t *directions; /* see learner_data; NULL: all 0 */
};

struct tree_grower; /* bins in the order of training and room for histograms */

/* Everything in `arena`, which must outlive the grower; `bins` has at most TREE_GROW_BINS_MAX. */
struct tree_grower *tree_grow_open(const struct tree_bins *bins, uint32_t depth,
                                   struct arena *arena);

/* What a tree is grown from. */
struct tree_grow_input {
    const tree_gradient *gradients; /* one a row of the bins */
    double scale;
    uint32_t *rows; /* those to grow from; permuted: the rows of a leaf stand together afterwards */
    uint32_t row_count;
    const uint32_t *columns; /* those that may be asked for, ascending */
    uint32_t column_count;
};

/* Where the rows of a leaf stand in `rows`. */
struct tree_grow_leaf {
    uint32_t node, begin, end;
};

/* Appends nodes to an empty tree, values being -G / (H + lambda) and covers H; nodes and the list
 * of leaves in the order of their rows live in `arena`. Returns the number of leaves. */
uint32_t tree_grow(struct tree_grower *grower, const struct tree_grow_settings *settings,
                   const struct tree_grow_input *input, struct arena *arena, struct tree *tree,
                   struct tree_grow_leaf **leaves);

/* The leaf that a row of the bins comes to. */
uint32_t tree_grow_leaf_of(const struct tree_grower *grower, const struct tree *tree, uint32_t row);

#endif
