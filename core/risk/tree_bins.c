/* SPDX-License-Identifier: GPL-3.0-or-later
 * tree_bins.c - see tree_bins.h. */
#include "core/risk/tree_bins.h"

#include "core/base/require.h"

#include <stdbool.h>
#include <string.h>

/* ---- sorting ------------------------------------------------------------------------------- */

/* Whole numbers in the order of the floats; minus zero counts as zero. */
static uint32_t key_of(float value) {
    uint32_t bits;
    value += 0.0f;
    memcpy(&bits, &value, sizeof bits);
    return bits & 0x80000000 ? ~bits : bits | 0x80000000;
}

static float value_of(uint32_t key) {
    uint32_t bits = key & 0x80000000 ? key & 0x7fffffff : ~key;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

/* By eleven bits at a time, lowest first. The result is in `keys`. */
static void sort_keys(uint32_t *keys, uint32_t *other, uint32_t count) {
    for (int shift = 0; shift < 33; shift += DIGIT_BITS) {
        uint32_t places[DIGITS] = {0}, sum = 0;
        for (uint32_t i = 0; i < count; i++) {
            places[keys[i] >> shift & (DIGITS - 1)]++;
        }
        for (uint32_t d = 0; d < DIGITS; d++) {
            uint32_t here = places[d];
            places[d] = sum;
            sum += here;
        }
        for (uint32_t i = 0; i < count; i++) {
            other[places[keys[i] >> shift & (DIGITS - 1)]++] = keys[i];
        }
        uint32_t *sorted = other;
        other = keys;
        keys = sorted;
    }
    /* An odd number of rounds: what is called `other` now is where the caller looks. */
    memcpy(other, keys, count * sizeof *keys);
}

/* ---- thresholds ---------------------------------------------------------------------------- */

/* Above `low` and at most `high`, about halfway. */
static float threshold_between(float low, float high) {
    float middle = (float)(0.5 * ((double)low + (double)high));
    return middle > low && middle <= high ? middle : high;
}

struct column_work {
    uint32_t *keys, *other; /* row_count each */
    uint32_t *values;       /* different keys */
    uint32_t *ends;         /* of each, how many rows have it or a smaller one */
    float *thresholds;      /* bins_max */
};

/* The different values of a column; returns how many. */
static uint32_t collect_values(struct column_work *work, const float *cells, uint32_t row_count) {
    uint32_t present = 0, count = 0;
    for (uint32_t r = 0; r < row_count; r++) {
        if (cells[r] == cells[r]) {
            work->keys[present++] = key_of(cells[r]);
        }
    }
    sort_keys(work->keys, work->other, present);
    for (uint32_t i = 0; i < present; i++) {
        if (count == 0 || work->keys[i] != work->values[count - 1]) {
            work->values[count++] = work->keys[i];
        }
        work->ends[count - 1] = i + 1;
    }
    return count;
}

/* Ends a bin as soon as it has its part of the rows that are left. Returns the number of bins. */
static uint32_t choose_thresholds(struct column_work *work, uint32_t value_count,
                                  uint32_t bins_max) {
    uint32_t bins = 0, begin = 0;
    uint32_t present = value_count == 0 ? 0 : work->ends[value_count - 1];
    bool all = value_count <= bins_max;
    for (uint32_t v = 0; v + 1 < value_count && bins + 1 < bins_max; v++) {
        uint64_t here = (uint64_t)(work->ends[v] - begin) * (bins_max - bins);
        if (all || here >= present - begin) {
            work->thresholds[bins++] =
                threshold_between(value_of(work->values[v]), value_of(work->values[v + 1]));
            begin = work->ends[v];
        }
    }
    return value_count == 0 ? 0 : bins + 1;
}

/* How many thresholds are at or below a cell, by halving without branches. */
static uint16_t code_of(const float *thresholds, uint32_t count, float cell) {
    const float *base = thresholds;
    while (count > 0) {
        uint32_t half = count - count / 2;
        base = base[half - 1] <= cell ? base + half : base;
        count /= 2;
    }
    return (uint16_t)(base - thresholds);
}

static void fill_codes(struct tree_bins *bins, uint32_t column, const float *cells) {
    uint16_t *codes = bins->codes + (size_t)column * bins->row_count;
    uint32_t count = bins->bin_counts[column];
    for (uint32_t r = 0; r < bins->row_count; r++) {
        codes[r] = cells[r] == cells[r] ? code_of(bins->thresholds[column], count - 1, cells[r])
                                        : (uint16_t)count;
    }
}

void tree_bins_make(struct tree_bins *bins, const struct matrix *matrix, uint32_t bins_max,
                    struct arena *arena, struct arena *scratch) {
    REQUIRE(bins_max >= 2 && bins_max <= TREE_BINS_MAX);
    uint32_t rows = matrix->row_count, columns = matrix->column_count;
    struct column_work work = {
        ARENA_ARRAY(scratch, uint32_t, rows), ARENA_ARRAY(scratch, uint32_t, rows),
        ARENA_ARRAY(scratch, uint32_t, rows), ARENA_ARRAY(scratch, uint32_t, rows),
        ARENA_ARRAY(scratch, float, bins_max)};
    *bins = (struct tree_bins){rows, columns, ARENA_ARRAY(arena, uint32_t, columns),
                               ARENA_ARRAY(arena, float *, columns),
                               ARENA_ARRAY(arena, uint16_t, (size_t)rows * columns)};
    for (uint32_t c = 0; c < columns; c++) {
        const float *cells = matrix_column(matrix, c);
        uint32_t value_count = collect_values(&work, cells, rows);
        uint32_t count = choose_thresholds(&work, value_count, bins_max);
        bins->bin_counts[c] = count;
        bins->thresholds[c] = ARENA_ARRAY(arena, float, count);
        if (count > 1) {
            memcpy(bins->thresholds[c], work.thresholds, (count - 1) * sizeof(float));
        }
        fill_codes(bins, c, cells);
    }
}
