/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_isolation_forest.c - goal: paths are as long as theory has them, and odd rows have short
 * ones. Method: of equally spaced points a uniform cut takes every rank with the same probability,
 * so a point's mean path is that of a random binary search tree, 2 (1/2 + ... + 1/n) (Hibbard 1962;
 * Liu, Ting and Zhou 2008, equation 1), and the first point's is the number of left-to-right
 * minima, 1 + 1/2 + ... + 1/(n - 1). */
#include "core/risk/forest.h"
#include "tests/test.h"
#include "tests/unit/learner_data.h"

static struct learner_model train(const struct matrix *features, double trees, double sample,
                                  struct arena *arena) {
    struct learner_data data = {*features, NULL, NULL, NULL};
    return trained("isolation_forest", &data, "trees", trees, "sample", sample, arena);
}

/* The margin is -E / c(n): all rows are in every sample. Trees stop at log2(n) levels and count the
 * rows left together as c of their number, which keeps the mean over all rows as it is. */
static void test_lengths(uint32_t n) {
    struct arena arena = ARENA_INIT;
    struct matrix features = matrix_make(&arena, n, 1);
    double c = 0.0, mean = 0.0, first = 0.0;
    const double trees = 4000;
    for (uint32_t i = 0; i < n; i++) {
        features.cells[i] = (float)i;
        c += i > 0 ? 2.0 / (i + 1) : 0.0;
        first += i > 0 ? 1.0 / i : 0.0;
    }
    struct learner_model model = train(&features, trees, n, &arena);
    for (uint32_t i = 0; i < n; i++) {
        mean -= learner_margin(&model, &features.cells[i]) * c / n;
    }
    /* A tree's mean path varies by less than 1, one point's by less than its mean. */
    CHECK_NEAR(mean, c, 4.0 / numeric_sqrt(trees));
    CHECK_NEAR(-learner_margin(&model, &features.cells[0]) * c, first,
               4.0 * numeric_sqrt(first / trees));
    CHECK_NEAR(learner_score(&model, &features.cells[0]), numeric_pow(2.0, -first / c), 0.02);
    arena_free(&arena);
}

/* A cloud and one row far from it, in every sample: the oddest, whichever way it is far. */
static void test_outlier(uint32_t column) {
    struct arena arena = ARENA_INIT;
    struct matrix features = made_matrix(&arena, 2000, 3, 1 << 20, 0.0, 21);
    matrix_column(&features, column)[1234] = column == 1 ? -4.0f : 5.0f;
    struct learner_model model = train(&features, 100, 2000, &arena);
    double scores[2000];
    unsigned odder = 0;
    learner_score_rows(&model, &features, scores);
    for (uint32_t r = 0; r < 2000; r++) {
        odder += scores[r] > scores[1234];
        CHECK(scores[r] > 0.0 && scores[r] < 1.0);
    }
    CHECK_INT(odder, 0);
    CHECK(scores[1234] > 0.6);
    arena_free(&arena);
}

int main(void) {
    test_lengths(2);
    test_lengths(8);
    test_lengths(64);
    test_lengths(200);
    for (uint32_t column = 0; column < 3; column++) {
        test_outlier(column);
    }
    return test_summary();
}
