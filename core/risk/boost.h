/* SPDX-License-Identifier: GPL-3.0-or-later
 * boost.h - gradient boosting: each tree takes a step down the loss that those before it left
 * (Friedman 2001), by first and second derivatives (Chen and Guestrin 2016). */
#ifndef CORE_RISK_BOOST_H
#define CORE_RISK_BOOST_H

#include "core/risk/forest.h"
#include "core/risk/tree_grow.h"

/* A loss of a margin, for a row of weight 1. `level` is the loss's own number, of quantile losses
 * the quantile. */
struct boost_loss {
    /* The margin that is best without any feature; `weights` NULL: all 1. */
    double (*start)(const float *labels, const float *weights, uint32_t count, double level,
                    struct arena *scratch);
    /* First and second derivative by the margin. */
    void (*derive)(double margin, double label, double level, double *g, double *h);
    double derivative_max; /* neither is larger in size */
    /* The best value of a leaf, of the residuals (label - margin) of its rows, which it may
     * reorder; NULL: leaves keep the value that the derivatives give. */
    double (*refit)(double *residuals, double *weights, uint32_t count, double level);
};

struct boost_settings {
    const struct boost_loss *loss;
    double level;
    uint32_t rounds, bins_max;
    double learning_rate;
    double row_share, column_share; /* drawn anew for each tree */
    struct tree_grow_settings tree;
};

/* Trains on rows with these weights (NULL: all 1), which replace those of the data. The forest
 * lives in `arena`. */
void boost_train(struct forest *forest, const struct learner_data *data, const float *weights,
                 const struct boost_settings *settings, struct random_key key, struct arena *arena,
                 struct arena *scratch);

#endif
