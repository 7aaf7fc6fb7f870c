/* SPDX-License-Identifier: GPL-3.0-or-later
 * random_forest.c - see random_forest.h. */
#include "core/risk/random_forest.h"

/* Weights as whole numbers: the greatest power of two by which their sum stays below 2^52, were
 * every draw the heaviest row. */
static double fill_weights(const struct learner_data *data, const float *weights,
                           int64_t *numbers) {
    double most = 1.0, scale = 1.0;
    uint32_t rows = data->features.row_count;
    for (uint32_t r = 0; weights != NULL && r < rows; r++) {
        most = (double)weights[r] > most || r == 0 ? (double)weights[r] : most;
    }
    while (most * scale * rows < 0x1p51 && scale < 0x1p100) {
        scale *= 2.0;
    }
    while (most * scale * rows >= 0x1p52) {
        scale *= 0.5;
    }
    for (uint32_t r = 0; r < rows; r++) {
        double weight = weights == NULL ? 1.0 : (double)weights[r];
        numbers[r] = (int64_t)__builtin_rint(weight * scale);
    }
    return scale;
}

/* As many rows as there are, with replacement: how often each was drawn, times its weight. Draws
 * anew from the next sequence while no row of any weight was drawn. */
static void draw_rows(struct random_key key, uint64_t number, const int64_t *weights, uint32_t rows,
                      int64_t *drawn) {
    uint32_t purpose = random_purpose("row of a tree", 0);
    int64_t sum = 0;
    while (sum == 0) {
        memset(drawn, 0, rows * sizeof *drawn);
        for (uint32_t i = 0; i < rows; i++) {
            uint64_t bits = random_bits(key, number, purpose, i);
            uint32_t row = (uint32_t)((bits >> 32) * rows >> 32);
            drawn[row] += weights[row];
            sum += weights[row];
        }
        purpose = random_purpose("again", purpose);
    }
}

void random_forest_train(struct forest *forest, const struct learner_data *data,
                         const float *weights, const struct random_forest_settings *settings,
                         struct random_key key, struct arena *arena, struct arena *scratch) {
    uint32_t rows = data->features.row_count;
    struct tree_bins *bins = ARENA_NEW(scratch, struct tree_bins);
    struct tree *trees = ARENA_ARRAY(scratch, struct tree, settings->trees);
    int64_t *all = ARENA_ARRAY(scratch, int64_t, rows);
    int64_t *drawn = ARENA_ARRAY(scratch, int64_t, rows);
    tree_bins_make(bins, &data->features, settings->bins_max, scratch, scratch);
    struct tree_exact_input input = {bins, data->labels, settings->draws_rows ? drawn : all,
                                     fill_weights(data, weights, all)};
    for (uint32_t t = 0; t < settings->trees; t++) {
        if (settings->draws_rows) {
            draw_rows(key, t, all, rows, drawn);
        }
        tree_exact_grow(&input, &settings->tree, key, t, scratch, &trees[t]);
    }
    forest_make(forest, trees, settings->trees, data->features.column_count, 0.0,
                1.0 / settings->trees, arena);
}
