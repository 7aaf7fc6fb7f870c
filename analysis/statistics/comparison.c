/* SPDX-License-Identifier: GPL-3.0-or-later
 * comparison.c - see the header. */
#include "analysis/statistics/comparison.h"

static double value_at(const struct result *result, uint32_t row, uint32_t metric) {
    return result->metrics[(size_t)row * result->layout.metric_count + metric];
}

/* The row of a replication of a point, or the number of rows when there is none. Looks from `hint`
 * on first, where it is when both points have the same replications. */
static uint32_t row_find(const struct result *result, uint32_t point, uint32_t replication,
                         uint32_t hint) {
    for (uint32_t i = 0; i < result->replication_count; i++) {
        uint32_t row = (hint + i) % result->replication_count;
        if (result->point[row] == point && result->replication[row] == replication) {
            return row;
        }
    }
    return result->replication_count;
}

struct comparison comparison_make(const struct result *result, uint32_t base, uint32_t point,
                                  uint32_t metric, double level) {
    struct arena arena = ARENA_INIT;
    double *a = ARENA_ARRAY(&arena, double, (size_t)result->replication_count + 1);
    double *b = ARENA_ARRAY(&arena, double, (size_t)result->replication_count + 1);
    struct comparison comparison = {0};
    struct moments base_moments = {0}, moments = {0};
    uint32_t base_rows = 0, point_rows = 0, matched = 0, next = 0, pairs = 0;
    for (uint32_t row = 0; row < result->replication_count; row++) {
        base_rows += result->point[row] == base;
        point_rows += result->point[row] == point;
        if (result->point[row] != base) {
            continue;
        }
        uint32_t other = row_find(result, point, result->replication[row], next);
        if (other == result->replication_count) {
            continue;
        }
        next = other + 1;
        matched++;
        a[pairs] = value_at(result, row, metric);
        b[pairs] = value_at(result, other, metric);
        if (a[pairs] == a[pairs] && b[pairs] == b[pairs]) {
            moments_add(&base_moments, a[pairs]);
            moments_add(&moments, b[pairs]);
            pairs++;
        }
    }
    comparison.unpaired = base_rows + point_rows - 2 * matched;
    comparison.base_mean = pairs > 0 ? base_moments.mean : __builtin_nan("");
    comparison.mean = pairs > 0 ? moments.mean : __builtin_nan("");
    comparison.paired = estimate_paired(a, b, pairs, level);
    double scale = comparison.base_mean < 0 ? -comparison.base_mean : comparison.base_mean;
    comparison.relative = scale > 0 ? comparison.paired.difference / scale : __builtin_nan("");
    arena_free(&arena);
    return comparison;
}
