/* SPDX-License-Identifier: GPL-3.0-or-later
 * learner_random_forest.c - a forest of full trees; the score is their mean. */
#include "core/risk/random_forest.h"

enum parameter { TREES, DEPTH, COLUMN_DRAWS, LEAF_WEIGHT_MIN, BINS, POSITIVE_WEIGHT };

static const struct learner_parameter parameters[] = {
    [TREES] = {"trees", 100, 1, 10000, true, "trees"},
    [DEPTH] = {"depth", TREE_DEPTH_MAX, 0, TREE_DEPTH_MAX, true, "levels of a tree"},
    [COLUMN_DRAWS] = {"column_draws", 0, 0, MATRIX_COLUMNS_MAX, true,
                      "columns looked at in each node; 0: the root of their number"},
    [LEAF_WEIGHT_MIN] = {"leaf_weight_min", 1, 0, 1e9, false,
                         "least weight of rows on either side of a split"},
    [BINS] = {"bins", TREE_BINS_MAX, 2, TREE_BINS_MAX, true,
              "different values of a column told apart"},
    [POSITIVE_WEIGHT] = {"positive_weight", 1, 1e-6, 1e6, false, "of a row labelled 1"},
    {NULL, 0, 0, 0, false, NULL}};

static uint32_t choose_draws(double value, uint32_t column_count) {
    uint32_t draws = (uint32_t)value;
    if (draws == 0) {
        draws = (uint32_t)numeric_sqrt((double)column_count);
    }
    return draws == 0 ? 1 : draws > column_count ? column_count : draws;
}

static void *train(const struct learner_data *data, const double *values, struct random_key key,
                   struct arena *arena, struct arena *scratch, struct error *err) {
    (void)err;
    struct random_forest_settings settings = {
        .trees = (uint32_t)values[TREES],
        .bins_max = (uint32_t)values[BINS],
        .draws_rows = true,
        .tree = {.depth = (uint32_t)values[DEPTH],
                 .column_draws = choose_draws(values[COLUMN_DRAWS], data->features.column_count),
                 .leaf_weight_min = values[LEAF_WEIGHT_MIN]},
    };
    struct forest *forest = ARENA_NEW(arena, struct forest);
    random_forest_train(forest, data, learner_class_weights(data, values[POSITIVE_WEIGHT], scratch),
                        &settings, key, arena, scratch);
    return forest;
}

const struct learner learner_random_forest = {
    .name = "random_forest",
    .doc = "The mean of full trees, each on rows and columns drawn for it.",
    .task = LEARNER_CLASS,
    .link = LEARNER_IDENTITY,
    .parameters = parameters,
    .train = train,
    FOREST_FUNCTIONS,
};
