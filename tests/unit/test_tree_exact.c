/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_tree_exact.c - goal: splits have the least impurity of all that could be made, for few rows
 * (sorted) and many (counted) alike; a full tree tells all rows apart that differ; column draws and
 * limits are kept. Method: brute force over columns, thresholds and sides of missing cells. */
#include "core/risk/tree_exact.h"
#include "tests/test.h"
#include "tests/unit/learner_data.h"

enum { ROWS_MAX = 600, COLUMNS = 4, STEPS = 25 };

struct setting {
    struct arena arena;
    struct matrix matrix;
    struct tree_bins bins;
    float labels[ROWS_MAX];
    int64_t weights[ROWS_MAX];
    struct tree tree;
};

static void set_up(struct setting *setting, uint32_t rows, double missing, uint64_t seed) {
    struct random_key key = random_key_make(seed, 4);
    *setting = (struct setting){.arena = ARENA_INIT};
    setting->matrix = made_matrix(&setting->arena, rows, COLUMNS, STEPS, missing, seed);
    tree_bins_make(&setting->bins, &setting->matrix, TREE_BINS_MAX, &setting->arena,
                   &setting->arena);
    for (uint32_t r = 0; r < rows; r++) {
        setting->labels[r] = random_uniform(key, r, 3, 0) < 0.3 ? 1.0f : 0.0f;
        setting->weights[r] = (int64_t)(4.0 * random_uniform(key, r, 3, 1)); /* 0 to 3 */
    }
}

static void grow(struct setting *setting, const struct tree_exact_settings *settings,
                 uint64_t number) {
    struct tree_exact_input input = {&setting->bins, setting->labels, setting->weights, 1.0};
    setting->tree = (struct tree){0};
    tree_exact_grow(&input, settings, random_key_make(20170102, 0), number, &setting->arena,
                    &setting->tree);
}

static int side_of(const struct setting *setting, uint32_t row, uint32_t column, float threshold,
                   bool missing_left) {
    float cell = matrix_column(&setting->matrix, column)[row];
    return !(cell != cell ? missing_left : cell < threshold);
}

/* Sum of 2 p (1 - p) times weight over both sides; infinite where one is too light. */
static double impurity_of(const struct setting *setting, const uint32_t *rows, uint32_t count,
                          uint32_t column, float threshold, bool missing_left, double least) {
    double ones[2] = {0, 0}, all[2] = {0, 0}, sum = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        int side = side_of(setting, rows[i], column, threshold, missing_left);
        ones[side] += (double)setting->labels[rows[i]] * (double)setting->weights[rows[i]];
        all[side] += (double)setting->weights[rows[i]];
    }
    for (int side = 0; side < 2; side++) {
        if (all[side] < least || all[side] == 0) {
            return __builtin_inf();
        }
        sum += 2.0 * ones[side] * (1.0 - ones[side] / all[side]);
    }
    return sum;
}

static double least_impurity(const struct setting *setting, const uint32_t *rows, uint32_t count,
                             double least) {
    double best = __builtin_inf();
    for (uint32_t c = 0; c < COLUMNS; c++) {
        for (int step = 0; step <= STEPS; step++) {
            for (int missing_left = 0; missing_left < 2; missing_left++) {
                float threshold = ((float)step + 0.5f) / STEPS;
                double impurity =
                    impurity_of(setting, rows, count, c, threshold, missing_left == 1, least);
                best = impurity < best ? impurity : best;
            }
        }
    }
    return best;
}

static void check_node(const struct setting *setting, uint32_t at, const uint32_t *rows,
                       uint32_t count, double least) {
    const struct tree_node *node = &setting->tree.nodes[at];
    uint32_t sides[2][ROWS_MAX], counts[2] = {0, 0};
    double ones = 0.0, all = 0.0;
    for (uint32_t i = 0; i < count; i++) {
        ones += (double)setting->labels[rows[i]] * (double)setting->weights[rows[i]];
        all += (double)setting->weights[rows[i]];
    }
    CHECK_NEAR((double)node->value, ones / all, 1e-6);
    CHECK_NEAR((double)node->cover, all, 0);
    double whole = 2.0 * ones * (1.0 - ones / all);
    double best = least_impurity(setting, rows, count, least);
    if (tree_is_leaf(node)) {
        CHECK(whole == 0.0 || best >= whole - 1e-9);
        return;
    }
    CHECK_NEAR(
        impurity_of(setting, rows, count, node->column, node->threshold, node->missing_left, least),
        best, 1e-9);
    for (uint32_t i = 0; i < count; i++) {
        int side = side_of(setting, rows[i], node->column, node->threshold, node->missing_left);
        sides[side][counts[side]++] = rows[i];
    }
    check_node(setting, node->left, sides[0], counts[0], least);
    check_node(setting, node->right, sides[1], counts[1], least);
}

static void test_splits(uint32_t row_count, double missing, double least) {
    struct setting setting;
    uint32_t rows[ROWS_MAX], count = 0;
    const struct tree_exact_settings settings = {TREE_DEPTH_MAX, COLUMNS, least};
    set_up(&setting, row_count, missing, row_count);
    for (uint32_t r = 0; r < row_count; r++) {
        if (setting.weights[r] > 0) {
            rows[count++] = r;
        }
    }
    grow(&setting, &settings, 0);
    CHECK(setting.tree.count > 5);
    check_node(&setting, 0, rows, count, least);
    arena_free(&setting.arena);
}

/* Either of two columns alone says nothing, both together everything, but for the first cut, which
 * chance must find. */
static void test_xor(void) {
    struct setting setting;
    unsigned wrong = 0;
    set_up(&setting, ROWS_MAX, 0.0, 77);
    for (uint32_t r = 0; r < ROWS_MAX; r++) {
        bool a = matrix_column(&setting.matrix, 0)[r] < 0.5f;
        bool b = matrix_column(&setting.matrix, 1)[r] < 0.5f;
        setting.labels[r] = a != b ? 1.0f : 0.0f;
        setting.weights[r] = 1;
    }
    grow(&setting, &(struct tree_exact_settings){TREE_DEPTH_MAX, COLUMNS, 1}, 0);
    for (uint32_t r = 0; r < ROWS_MAX; r++) {
        const struct tree_node *node = setting.tree.nodes;
        while (!tree_is_leaf(node)) {
            int side = side_of(&setting, r, node->column, node->threshold, node->missing_left);
            node = &setting.tree.nodes[side ? node->right : node->left];
        }
        wrong += node->value != setting.labels[r];
    }
    CHECK_INT(wrong, 0);
    arena_free(&setting.arena);
}

/* With one column drawn a node, roots ask for all of them in turn, and a column of one value never
 * takes the place of one that can split. */
static void test_draws(void) {
    struct setting setting;
    unsigned asked[COLUMNS] = {0};
    set_up(&setting, 300, 0.0, 8);
    for (uint32_t r = 0; r < 300; r++) {
        matrix_column(&setting.matrix, 2)[r] = 0.25f;
    }
    tree_bins_make(&setting.bins, &setting.matrix, TREE_BINS_MAX, &setting.arena, &setting.arena);
    for (uint64_t number = 0; number < 600; number++) {
        grow(&setting, &(struct tree_exact_settings){1, 1, 1}, number);
        CHECK_INT(setting.tree.count, 3);
        asked[setting.tree.nodes[0].column]++;
    }
    CHECK_INT(asked[2], 0);
    for (int c = 0; c < COLUMNS; c++) {
        /* 200 each, standard deviation 11.5 */
        CHECK(c == 2 || (asked[c] > 200 - 4 * 12 && asked[c] < 200 + 4 * 12));
    }
    grow(&setting, &(struct tree_exact_settings){3, COLUMNS, 1}, 0);
    CHECK_INT(tree_depth(&setting.tree), 3);
    grow(&setting, &(struct tree_exact_settings){0, COLUMNS, 1}, 0);
    CHECK_INT(setting.tree.count, 1);
    arena_free(&setting.arena);
}

int main(void) {
    test_splits(18, 0.2, 1);
    test_splits(40, 0.0, 1);
    test_splits(600, 0.0, 1);
    test_splits(600, 0.3, 1);
    test_splits(500, 0.1, 9.5);
    test_xor();
    test_draws();
    return test_summary();
}
