/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix.c - see matrix.h. */
#include "core/risk/matrix.h"

#include "core/base/require.h"

#include <stdio.h>
#include <string.h>

struct matrix matrix_make(struct arena *arena, uint32_t row_count, uint32_t column_count) {
    REQUIRE(row_count <= MATRIX_ROWS_MAX && column_count <= MATRIX_COLUMNS_MAX);
    size_t cell_count = (size_t)row_count * column_count;
    return (struct matrix){row_count, column_count, ARENA_ARRAY(arena, float, cell_count), NULL};
}

void matrix_row(const struct matrix *matrix, uint32_t row, float *cells) {
    REQUIRE(row < matrix->row_count);
    const float *cell = matrix->cells + row;
    for (uint32_t c = 0; c < matrix->column_count; c++, cell += matrix->row_count) {
        cells[c] = *cell;
    }
}

struct matrix matrix_pick(struct arena *arena, const struct matrix *matrix, const uint32_t *rows,
                          uint32_t count) {
    struct matrix picked = matrix_make(arena, count, matrix->column_count);
    for (uint32_t c = 0; c < matrix->column_count; c++) {
        const float *from = matrix_column(matrix, c);
        float *into = matrix_column(&picked, c);
        for (uint32_t i = 0; i < count; i++) {
            REQUIRE(rows[i] < matrix->row_count);
            into[i] = from[rows[i]];
        }
    }
    picked.names = matrix->names;
    return picked;
}

int matrix_check(const struct matrix *matrix, struct error *err) {
    char number[16];
    if (matrix->column_count > MATRIX_COLUMNS_MAX || matrix->row_count > MATRIX_ROWS_MAX) {
        return error_set(err, ERROR_INPUT, "%u rows of %u columns; at most %d of %d are possible",
                         matrix->row_count, matrix->column_count, MATRIX_ROWS_MAX,
                         MATRIX_COLUMNS_MAX);
    }
    for (uint32_t c = 0; c < matrix->column_count; c++) {
        const float *cells = matrix_column(matrix, c);
        for (uint32_t r = 0; r < matrix->row_count; r++) {
            if (__builtin_isinf(cells[r])) {
                return error_set(err, ERROR_INPUT, "column '%s', row %u: an infinite number",
                                 matrix_name(matrix->names, c, number), r + 1);
            }
        }
    }
    return 0;
}

const char *matrix_name(const char *const *names, uint32_t column, char text[16]) {
    if (names != NULL) {
        return names[column];
    }
    snprintf(text, 16, "%u", column);
    return text;
}
