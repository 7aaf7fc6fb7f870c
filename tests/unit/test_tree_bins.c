/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_tree_bins.c - goal: bins follow the order of the numbers, thresholds and codes agree for
 * every cell, few values are told apart and many are divided evenly. */
#include "core/risk/tree_bins.h"
#include "tests/test.h"
#include "tests/unit/learner_data.h"

#include <float.h>

/* Every code is what the thresholds say about the cell, and thresholds rise. */
static void check_codes(const struct tree_bins *bins, const struct matrix *matrix) {
    unsigned wrong = 0;
    for (uint32_t c = 0; c < matrix->column_count; c++) {
        const uint16_t *codes = tree_bins_column(bins, c);
        uint32_t count = bins->bin_counts[c];
        for (uint32_t b = 0; b + 2 < count; b++) {
            wrong += !(bins->thresholds[c][b] < bins->thresholds[c][b + 1]);
        }
        for (uint32_t r = 0; r < matrix->row_count; r++) {
            float cell = matrix_column(matrix, c)[r];
            uint32_t code = 0;
            while (code + 1 < count && cell >= bins->thresholds[c][code]) {
                code++;
            }
            wrong += codes[r] != (cell == cell ? code : count);
        }
    }
    CHECK_INT(wrong, 0);
}

static void test_many(uint32_t bins_max) {
    struct arena arena = ARENA_INIT;
    struct tree_bins bins;
    struct matrix matrix = made_matrix(&arena, 5003, 3, 1u << 24, 0.1, bins_max);
    for (uint32_t r = 0; r < matrix.row_count; r++) {
        matrix_column(&matrix, 1)[r] = (matrix_column(&matrix, 1)[r] - 0.5f) * 1e6f;
    }
    tree_bins_make(&bins, &matrix, bins_max, &arena, &arena);
    check_codes(&bins, &matrix);
    CHECK_INT(bins.bin_counts[1], bins_max < 4000 ? bins_max : bins.bin_counts[1]);
    uint32_t *sizes = ARENA_ARRAY(&arena, uint32_t, bins_max + 1), least = UINT32_MAX, most = 0;
    for (uint32_t r = 0; r < matrix.row_count; r++) {
        sizes[tree_bins_column(&bins, 1)[r]]++;
    }
    for (uint32_t b = 0; b < bins.bin_counts[1]; b++) {
        least = sizes[b] < least ? sizes[b] : least;
        most = sizes[b] > most ? sizes[b] : most;
    }
    CHECK(most - least <= 1); /* hardly a number comes twice */
    arena_free(&arena);
}

static void test_few(void) {
    struct arena arena = ARENA_INIT;
    struct tree_bins bins;
    const float nothing = __builtin_nanf("");
    float cells[] = {
        3,       -1,         0,       -0.0f,   3,       nothing, -FLT_MAX, FLT_MAX, /* column 0 */
        nothing, nothing,    nothing, nothing, nothing, nothing, nothing,  nothing,
        1,       1.0000001f, 1,       1,       1,       1,       1,        1.0000001f};
    struct matrix matrix = {8, 3, cells, NULL};
    tree_bins_make(&bins, &matrix, 16, &arena, &arena);
    check_codes(&bins, &matrix);
    CHECK_INT(bins.bin_counts[0], 5); /* both zeros are one */
    CHECK_NEAR((double)bins.thresholds[0][1], -0.5, 0);
    CHECK_NEAR((double)bins.thresholds[0][2], 1.5, 0);
    CHECK_INT(bins.bin_counts[1], 0);
    CHECK_INT(tree_bins_column(&bins, 1)[3], 0);
    CHECK_INT(bins.bin_counts[2], 2); /* neighbours: the upper one is the threshold */
    CHECK(bins.thresholds[2][0] == 1.0000001f);
    arena_free(&arena);
}

int main(void) {
    test_many(2);
    test_many(7);
    test_many(255);
    test_many(65535);
    test_few();
    return test_summary();
}
