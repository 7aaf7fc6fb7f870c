/* SPDX-License-Identifier: GPL-3.0-or-later
 * learner_quantile_boost.c - gradient boosting for a quantile of a number, by the pinball loss.
 *
 * The loss of a label y at margin m is level (y - m) above and (1 - level) (m - y) below; its
 * expectation is least at the quantile (Koenker and Bassett 1978). Its second derivative is no
 * guide, so trees are grown with 1 in its place and each leaf takes the quantile of what its rows
 * are off by (Friedman 2001, algorithm 3, for any level). */
#include "core/risk/boost.h"

enum parameter {
    QUANTILE,
    ROUNDS,
    DEPTH,
    LEARNING_RATE,
    LAMBDA,
    CHILD_WEIGHT_MIN,
    ROW_SHARE,
    COLUMN_SHARE,
    BINS,
};

static const struct learner_parameter parameters[] = {
    [QUANTILE] = {"quantile", 0.5, 1e-6, 1 - 1e-6, false, "of the number, given the row"},
    [ROUNDS] = {"rounds", 100, 1, 10000, true, "trees"},
    [DEPTH] = {"depth", 4, 1, TREE_GROW_DEPTH_MAX, true, "levels of a tree"},
    [LEARNING_RATE] = {"learning_rate", 0.1, 1e-6, 1, false, "part of each step that is taken"},
    [LAMBDA] = {"lambda", 1, 0, 1e9, false, "makes splits that few rows speak for less worth"},
    [CHILD_WEIGHT_MIN] = {"child_weight_min", 20, 0, 1e9, false,
                          "least weight of rows on either side of a split"},
    [ROW_SHARE] = {"row_share", 1, 1e-6, 1, false, "of the rows, drawn for each tree"},
    [COLUMN_SHARE] = {"column_share", 1, 1e-6, 1, false, "of the columns, drawn for each tree"},
    [BINS] = {"bins", 255, 2, TREE_GROW_BINS_MAX, true, "different values of a column told apart"},
    {NULL, 0, 0, 0, false, NULL}};

/* ---- quantiles ----------------------------------------------------------------------------- */

static void swap(double *numbers, uint32_t a, uint32_t b) {
    double number = numbers[a];
    numbers[a] = numbers[b];
    numbers[b] = number;
}

/* The middle one of three numbers. */
static double middle_of(double a, double b, double c) {
    double low = a < b ? a : b, high = a < b ? b : a;
    return c < low ? low : c > high ? high : c;
}

/* The least number at which the weights of all up to it reach `wanted`; by halving around a number
 * of the middle (Hoare 1961, for weights). */
static double select_weighted(double *numbers, double *weights, uint32_t count, double wanted) {
    uint32_t begin = 0, end = count;
    while (end - begin > 1) {
        double pivot =
            middle_of(numbers[begin], numbers[begin + (end - begin) / 2], numbers[end - 1]);
        double below = 0.0, equal = 0.0;
        uint32_t low = begin, high = end;
        for (uint32_t i = begin; i < high;) {
            if (numbers[i] < pivot) {
                below += weights[i];
                swap(numbers, i, low);
                swap(weights, i++, low++);
            } else if (numbers[i] > pivot) {
                high--;
                swap(numbers, i, high);
                swap(weights, i, high);
            } else {
                equal += weights[i++];
            }
        }
        if (wanted <= below && low > begin) {
            end = low;
        } else if (wanted <= below + equal || high == end) {
            return pivot;
        } else {
            wanted -= below + equal;
            begin = high;
        }
    }
    return numbers[begin];
}

static double quantile_of(double *numbers, double *weights, uint32_t count, double level) {
    double sum = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        sum += weights[i];
    }
    return select_weighted(numbers, weights, count, level * sum);
}

/* ---- the loss ------------------------------------------------------------------------------ */

static double start(const float *labels, const float *weights, uint32_t count, double level,
                    struct arena *scratch) {
    double *numbers = ARENA_ARRAY(scratch, double, count);
    double *numbers_weights = ARENA_ARRAY(scratch, double, count);
    for (uint32_t r = 0; r < count; r++) {
        numbers[r] = (double)labels[r];
        numbers_weights[r] = weights == NULL ? 1.0 : (double)weights[r];
    }
    return quantile_of(numbers, numbers_weights, count, level);
}

static void derive(double margin, double label, double level, double *g, double *h) {
    *g = label > margin ? -level : 1.0 - level;
    *h = 1.0;
}

static const struct boost_loss pinball_loss = {
    .start = start, .derive = derive, .derivative_max = 1.0, .refit = quantile_of};

static void *train(const struct learner_data *data, const double *values, struct random_key key,
                   struct arena *arena, struct arena *scratch, struct error *err) {
    (void)err;
    struct boost_settings settings = {
        .loss = &pinball_loss,
        .level = values[QUANTILE],
        .rounds = (uint32_t)values[ROUNDS],
        .bins_max = (uint32_t)values[BINS],
        .learning_rate = values[LEARNING_RATE],
        .row_share = values[ROW_SHARE],
        .column_share = values[COLUMN_SHARE],
        .tree = {.depth = (uint32_t)values[DEPTH],
                 .lambda = values[LAMBDA],
                 .child_cover_min = values[CHILD_WEIGHT_MIN]},
    };
    struct forest *forest = ARENA_NEW(arena, struct forest);
    boost_train(forest, data, data->weights, &settings, key, arena, scratch);
    return forest;
}

const struct learner learner_quantile_boost = {
    .name = "quantile_boost",
    .doc = "Gradient boosting of histogram trees for a quantile of a number.",
    .task = LEARNER_NUMBER,
    .link = LEARNER_IDENTITY,
    .parameters = parameters,
    .train = train,
    FOREST_FUNCTIONS,
};
