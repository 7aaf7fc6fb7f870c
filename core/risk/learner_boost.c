/* SPDX-License-Identifier: GPL-3.0-or-later
 * learner_boost.c - gradient boosting for the probability of a class, by the logistic loss. */
#include "core/risk/boost.h"

enum parameter {
    ROUNDS,
    DEPTH,
    LEARNING_RATE,
    LAMBDA,
    GAIN_MIN,
    CHILD_COVER_MIN,
    ROW_SHARE,
    COLUMN_SHARE,
    BINS,
    POSITIVE_WEIGHT,
};

static const struct learner_parameter parameters[] = {
    [ROUNDS] = {"rounds", 100, 1, 10000, true, "trees"},
    [DEPTH] = {"depth", 4, 1, TREE_GROW_DEPTH_MAX, true, "levels of a tree"},
    [LEARNING_RATE] = {"learning_rate", 0.3, 1e-6, 1, false, "part of each step that is taken"},
    [LAMBDA] = {"lambda", 1, 0, 1e9, false, "pulls the values of leaves to 0"},
    [GAIN_MIN] = {"gain_min", 0, 0, 1e9, false, "a split lowers the loss by more"},
    [CHILD_COVER_MIN] = {"child_cover_min", 1, 0, 1e9, false,
                         "least sum of p (1 - p) over the rows of either side of a split"},
    [ROW_SHARE] = {"row_share", 1, 1e-6, 1, false, "of the rows, drawn for each tree"},
    [COLUMN_SHARE] = {"column_share", 1, 1e-6, 1, false, "of the columns, drawn for each tree"},
    [BINS] = {"bins", 255, 2, TREE_GROW_BINS_MAX, true, "different values of a column told apart"},
    [POSITIVE_WEIGHT] = {"positive_weight", 1, 1e-6, 1e6, false, "of a row labelled 1"},
    {NULL, 0, 0, 0, false, NULL}};

static double start(const float *labels, const float *weights, uint32_t count, double level,
                    struct arena *scratch) {
    double sums[2] = {0.0, 0.0};
    (void)level, (void)scratch;
    for (uint32_t r = 0; r < count; r++) {
        sums[labels[r] == 1.0f] += weights == NULL ? 1.0 : (double)weights[r];
    }
    return numeric_log(sums[1] / sums[0]);
}

static void derive(double margin, double label, double level, double *g, double *h) {
    double p = 1.0 / (1.0 + numeric_exp(-margin));
    (void)level;
    *g = p - label;
    *h = p * (1.0 - p);
}

static const struct boost_loss logistic_loss = {
    .start = start, .derive = derive, .derivative_max = 1.0};

static void *train(const struct learner_data *data, const double *values, struct random_key key,
                   struct arena *arena, struct arena *scratch, struct error *err) {
    (void)err;
    struct boost_settings settings = {
        .loss = &logistic_loss,
        .rounds = (uint32_t)values[ROUNDS],
        .bins_max = (uint32_t)values[BINS],
        .learning_rate = values[LEARNING_RATE],
        .row_share = values[ROW_SHARE],
        .column_share = values[COLUMN_SHARE],
        .tree = {.depth = (uint32_t)values[DEPTH],
                 .lambda = values[LAMBDA],
                 .gain_min = values[GAIN_MIN],
                 .child_cover_min = values[CHILD_COVER_MIN],
                 .directions = data->directions},
    };
    struct forest *forest = ARENA_NEW(arena, struct forest);
    boost_train(forest, data, learner_class_weights(data, values[POSITIVE_WEIGHT], scratch),
                &settings, key, arena, scratch);
    return forest;
}

const struct learner learner_boost = {
    .name = "boost",
    .doc = "Gradient boosting of histogram trees, by the logistic loss.",
    .task = LEARNER_CLASS,
    .link = LEARNER_LOGISTIC,
    .parameters = parameters,
    .train = train,
    FOREST_FUNCTIONS,
    .keeps_directions = true,
};
