/* SPDX-License-Identifier: GPL-3.0-or-later
 * learner_tree.c - a single decision tree, which an officer can read. */
#include "core/risk/random_forest.h"

enum parameter { DEPTH, LEAF_WEIGHT_MIN, BINS, POSITIVE_WEIGHT };

static const struct learner_parameter parameters[] = {
    [DEPTH] = {"depth", 8, 0, TREE_DEPTH_MAX, true, "levels of the tree"},
    [LEAF_WEIGHT_MIN] = {"leaf_weight_min", 1, 0, 1e9, false,
                         "least weight of rows on either side of a split"},
    [BINS] = {"bins", TREE_BINS_MAX, 2, TREE_BINS_MAX, true,
              "different values of a column told apart"},
    [POSITIVE_WEIGHT] = {"positive_weight", 1, 1e-6, 1e6, false, "of a row labelled 1"},
    {NULL, 0, 0, 0, false, NULL}};

static void *train(const struct learner_data *data, const double *values, struct random_key key,
                   struct arena *arena, struct arena *scratch, struct error *err) {
    (void)err;
    struct random_forest_settings settings = {
        .trees = 1,
        .bins_max = (uint32_t)values[BINS],
        .draws_rows = false,
        .tree = {.depth = (uint32_t)values[DEPTH],
                 .column_draws = data->features.column_count,
                 .leaf_weight_min = values[LEAF_WEIGHT_MIN]},
    };
    struct forest *forest = ARENA_NEW(arena, struct forest);
    random_forest_train(forest, data, learner_class_weights(data, values[POSITIVE_WEIGHT], scratch),
                        &settings, key, arena, scratch);
    return forest;
}

const struct learner learner_tree = {
    .name = "tree",
    .doc = "One decision tree by Gini's impurity.",
    .task = LEARNER_CLASS,
    .link = LEARNER_IDENTITY,
    .parameters = parameters,
    .train = train,
    FOREST_FUNCTIONS,
};
