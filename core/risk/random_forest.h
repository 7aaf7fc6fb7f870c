/* SPDX-License-Identifier: GPL-3.0-or-later
 * random_forest.h - trees on rows drawn with replacement and columns drawn at each node, whose mean
 * is the score (Breiman 2001); of one tree on all rows and columns, a decision tree. */
#ifndef CORE_RISK_RANDOM_FOREST_H
#define CORE_RISK_RANDOM_FOREST_H

#include "core/risk/forest.h"
#include "core/risk/tree_exact.h"

struct random_forest_settings {
    uint32_t trees, bins_max;
    bool draws_rows;
    struct tree_exact_settings tree;
};

/* `weights` of the rows, NULL for 1, replace those of the data. Tree i depends on the key and i
 * alone. The forest lives in `arena`. */
void random_forest_train(struct forest *forest, const struct learner_data *data,
                         const float *weights, const struct random_forest_settings *settings,
                         struct random_key key, struct arena *arena, struct arena *scratch);

#endif
