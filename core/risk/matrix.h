/* SPDX-License-Identifier: GPL-3.0-or-later
 * matrix.h - what learners see: rows of numbers, one named column a feature.
 *
 * A cell is finite or NaN, and NaN means missing: never zero, never a code of its own. Cells stand
 * column by column, because training reads columns; who scores takes rows. */
#ifndef CORE_RISK_MATRIX_H
#define CORE_RISK_MATRIX_H

#include "core/base/arena.h"
#include "core/base/error.h"

#include <stddef.h>
#include <stdint.h>

enum { MATRIX_COLUMNS_MAX = 2047, MATRIX_ROWS_MAX = 1 << 28 };

struct matrix {
    uint32_t row_count, column_count;
    float *cells;             /* cells[column * row_count + row] */
    const char *const *names; /* one a column; not owned, NULL: they are called by their numbers */
};

/* All cells zero, in the arena, without names. */
struct matrix matrix_make(struct arena *arena, uint32_t row_count, uint32_t column_count);

static inline float *matrix_column(const struct matrix *matrix, uint32_t column) {
    return matrix->cells + (size_t)column * matrix->row_count;
}

/* Copies a row to column_count numbers. */
void matrix_row(const struct matrix *matrix, uint32_t row, float *cells);

/* The rows with these numbers, in that order; shares the names. */
struct matrix matrix_pick(struct arena *arena, const struct matrix *matrix, const uint32_t *rows,
                          uint32_t count);

/* An error that names column and row of the first infinite cell, and for too many columns. */
int matrix_check(const struct matrix *matrix, struct error *err);

/* A column's name, or its number as text in `text`. */
const char *matrix_name(const char *const *names, uint32_t column, char text[16]);

#endif
