/* SPDX-License-Identifier: GPL-3.0-or-later
 * boost.c - see boost.h. */
#include "core/risk/boost.h"

#include "core/base/require.h"

struct boosting {
    const struct boost_settings *settings;
    const struct learner_data *data;
    const float *weights;
    struct random_key key;
    struct tree_grower *grower;
    struct arena *scratch;
    uint32_t row_count;
    double scale; /* of gradients */
    double *margins;
    tree_gradient *gradients;
    uint32_t *rows, *columns;
    double *residuals, *residual_weights; /* where leaves are fitted anew */
};

static double weight_of(const struct boosting *boosting, uint32_t row) {
    return boosting->weights == NULL ? 1.0 : (double)boosting->weights[row];
}

/* The greatest power of two by which no sum of gradients exceeds 2^61. */
static double choose_scale(const struct boosting *boosting) {
    double most = 0.0, scale = 1.0;
    for (uint32_t r = 0; r < boosting->row_count; r++) {
        most += weight_of(boosting, r);
    }
    most *= boosting->settings->loss->derivative_max;
    while (most * scale <= 0x1p60 && scale < 0x1p100) {
        scale *= 2.0;
    }
    while (most * scale > 0x1p61) {
        scale *= 0.5;
    }
    return scale;
}

static void fill_gradients(struct boosting *boosting) {
    const struct boost_loss *loss = boosting->settings->loss;
    double level = boosting->settings->level;
    for (uint32_t r = 0; r < boosting->row_count; r++) {
        double g, h, weight = weight_of(boosting, r) * boosting->scale;
        loss->derive(boosting->margins[r], (double)boosting->data->labels[r], level, &g, &h);
        boosting->gradients[r] = (tree_gradient){(int64_t)__builtin_rint(g * weight),
                                                 (int64_t)__builtin_rint(h * weight)};
    }
}

/* Numbers below `count` drawn with probability `share` each, ascending; all where it is 1, and at
 * least one. */
static uint32_t draw_some(const struct boosting *boosting, const char *purpose, uint32_t round,
                          double share, uint32_t count, uint32_t *numbers) {
    uint32_t drawn = 0, name = random_purpose(purpose, 0);
    for (uint32_t i = 0; i < count; i++) {
        if (share >= 1.0 || random_uniform(boosting->key, round, name, i) < share) {
            numbers[drawn++] = i;
        }
    }
    if (drawn == 0 && count > 0) {
        numbers[drawn++] = (uint32_t)(random_uniform(boosting->key, round, name, count) * count);
    }
    return drawn;
}

static double value_of_leaf(struct boosting *boosting, const struct tree_grow_leaf *leaf,
                            double grown) {
    const struct boost_loss *loss = boosting->settings->loss;
    if (loss->refit == NULL) {
        return grown;
    }
    uint32_t count = leaf->end - leaf->begin;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = boosting->rows[leaf->begin + i];
        boosting->residuals[i] = (double)boosting->data->labels[row] - boosting->margins[row];
        boosting->residual_weights[i] = weight_of(boosting, row);
    }
    return loss->refit(boosting->residuals, boosting->residual_weights, count,
                       boosting->settings->level);
}

/* Shortens the steps of all leaves and takes them. */
static void take_step(struct boosting *boosting, struct tree *tree,
                      const struct tree_grow_leaf *leaves, uint32_t leaf_count, bool all_rows) {
    for (uint32_t i = 0; i < leaf_count; i++) {
        struct tree_node *node = &tree->nodes[leaves[i].node];
        double value = value_of_leaf(boosting, &leaves[i], (double)node->value);
        node->value = (float)(boosting->settings->learning_rate * value);
    }
    for (uint32_t i = 0; all_rows && i < leaf_count; i++) {
        double value = (double)tree->nodes[leaves[i].node].value;
        for (uint32_t j = leaves[i].begin; j < leaves[i].end; j++) {
            boosting->margins[boosting->rows[j]] += value;
        }
    }
    for (uint32_t r = 0; !all_rows && r < boosting->row_count; r++) {
        boosting->margins[r] +=
            (double)tree->nodes[tree_grow_leaf_of(boosting->grower, tree, r)].value;
    }
}

static void run_round(struct boosting *boosting, uint32_t round, struct tree *tree) {
    const struct boost_settings *settings = boosting->settings;
    struct tree_grow_leaf *leaves;
    struct tree_grow_input input = {
        boosting->gradients, boosting->scale, boosting->rows, 0, boosting->columns, 0};
    fill_gradients(boosting);
    input.row_count = draw_some(boosting, "rows", round, settings->row_share, boosting->row_count,
                                boosting->rows);
    input.column_count = draw_some(boosting, "columns", round, settings->column_share,
                                   boosting->data->features.column_count, boosting->columns);
    uint32_t leaf_count =
        tree_grow(boosting->grower, &settings->tree, &input, boosting->scratch, tree, &leaves);
    take_step(boosting, tree, leaves, leaf_count, input.row_count == boosting->row_count);
}

void boost_train(struct forest *forest, const struct learner_data *data, const float *weights,
                 const struct boost_settings *settings, struct random_key key, struct arena *arena,
                 struct arena *scratch) {
    const struct matrix *features = &data->features;
    uint32_t rows = features->row_count;
    struct tree_bins *bins = ARENA_NEW(scratch, struct tree_bins);
    struct tree *trees = ARENA_ARRAY(scratch, struct tree, settings->rounds);
    REQUIRE(settings->bins_max <= TREE_GROW_BINS_MAX);
    tree_bins_make(bins, features, settings->bins_max, scratch, scratch);
    struct boosting boosting = {
        .settings = settings,
        .data = data,
        .weights = weights,
        .key = key,
        .grower = tree_grow_open(bins, settings->tree.depth, scratch),
        .scratch = scratch,
        .row_count = rows,
        .margins = ARENA_ARRAY(scratch, double, rows),
        .gradients = ARENA_ARRAY(scratch, tree_gradient, rows),
        .rows = ARENA_ARRAY(scratch, uint32_t, rows),
        .columns = ARENA_ARRAY(scratch, uint32_t, features->column_count),
        .residuals = ARENA_ARRAY(scratch, double, rows),
        .residual_weights = ARENA_ARRAY(scratch, double, rows),
    };
    boosting.scale = choose_scale(&boosting);
    double start = settings->loss->start(data->labels, weights, rows, settings->level, scratch);
    for (uint32_t r = 0; r < rows; r++) {
        boosting.margins[r] = start;
    }
    for (uint32_t round = 0; round < settings->rounds; round++) {
        run_round(&boosting, round, &trees[round]);
    }
    forest_make(forest, trees, settings->rounds, features->column_count, start, 1.0, arena);
}
