/* SPDX-License-Identifier: GPL-3.0-or-later
 * result_pool.c - see result_pool.h. */
#include "sim/record/result_pool.h"

#include "core/base/estimate.h"
#include "core/base/require.h"

#include <string.h>

static size_t histogram_cells(const struct result_layout *layout) {
    return (size_t)layout->histogram_count * HISTOGRAM_BUCKETS;
}

static size_t series_cells(const struct result_layout *layout) {
    return (size_t)layout->series_count * layout->series_bin_count;
}

int result_pool_init(struct result_pool *pool, const struct result_layout *layout,
                     uint32_t row_count, uint64_t table_row_count, struct arena *arena,
                     struct error *err) {
    uint64_t column_count = layout->table_column_count > 0 ? layout->table_column_count : 1;
    if (result_check_layout(layout, err) != 0) {
        return -1;
    }
    if (row_count > RESULT_CELLS_MAX ||
        (uint64_t)row_count * layout->metric_count > RESULT_CELLS_MAX ||
        table_row_count > RESULT_CELLS_MAX / column_count) {
        return error_set(err, ERROR_INPUT,
                         "%u replications of %u metrics with %llu rows of the consignment table "
                         "are too many for one result",
                         row_count, layout->metric_count, (unsigned long long)table_row_count);
    }
    *pool = (struct result_pool){
        .layout = *layout,
        .row_capacity = row_count,
        .point = ARENA_ARRAY(arena, uint32_t, row_count),
        .replication = ARENA_ARRAY(arena, uint32_t, row_count),
        .fingerprint = ARENA_ARRAY(arena, uint64_t, row_count),
        .event_count = ARENA_ARRAY(arena, uint64_t, row_count),
        .metrics = ARENA_ARRAY(arena, double, (size_t)row_count * layout->metric_count),
        .histograms = ARENA_ARRAY(arena, uint64_t, layout->point_count * histogram_cells(layout)),
        .series = ARENA_ARRAY(arena, int64_t, layout->point_count * series_cells(layout)),
        .table_row_capacity = (uint32_t)table_row_count,
        .table = ARENA_ARRAY(arena, int64_t, (size_t)table_row_count * column_count),
    };
    return 0;
}

static int add_series(struct result_pool *pool, size_t first, const int64_t *sums, size_t count,
                      struct error *err) {
    for (size_t i = 0; i < count; i++) {
        int64_t *sum = &pool->series[first + i];
        if (__builtin_add_overflow(*sum, sums[i], sum)) {
            size_t series = (first + i) / pool->layout.series_bin_count % pool->layout.series_count;
            return error_set(err, ERROR_RUN, "the sum of series %s does not fit 64 bits",
                             pool->layout.series[series].name);
        }
    }
    return 0;
}

static int histogram_overflow(const struct result_pool *pool, size_t cell, struct error *err) {
    size_t histogram = cell / HISTOGRAM_BUCKETS % pool->layout.histogram_count;
    return error_set(err, ERROR_RUN, "a count of histogram %s does not fit 64 bits",
                     pool->layout.histograms[histogram].name);
}

static void add_table(struct result_pool *pool, const int64_t *table, uint32_t row_count) {
    size_t column_count = pool->layout.table_column_count;
    REQUIRE(pool->table_row_capacity - pool->table_row_count >= row_count);
    if (row_count > 0) {
        memcpy(pool->table + pool->table_row_count * column_count, table,
               row_count * column_count * sizeof *table);
    }
    pool->table_row_count += row_count;
}

int result_pool_add(struct result_pool *pool, const struct result_replication *replication,
                    struct error *err) {
    const struct result_layout *layout = &pool->layout;
    uint32_t row = pool->row_count;
    REQUIRE(row < pool->row_capacity);
    REQUIRE(replication->point < layout->point_count);
    pool->point[row] = replication->point;
    pool->replication[row] = replication->replication;
    pool->fingerprint[row] = replication->fingerprint;
    pool->event_count[row] = replication->event_count;
    for (size_t i = 0; i < layout->metric_count; i++) {
        pool->metrics[(size_t)row * layout->metric_count + i] = replication->metrics[i];
    }
    size_t cells = histogram_cells(layout), first = replication->point * cells;
    for (size_t i = 0; i < cells; i++) {
        uint64_t *count = &pool->histograms[first + i];
        if (__builtin_add_overflow(*count, replication->histograms[i], count)) {
            return histogram_overflow(pool, first + i, err);
        }
    }
    add_table(pool, replication->table, replication->table_row_count);
    pool->row_count++;
    size_t sums = series_cells(layout);
    return add_series(pool, replication->point * sums, replication->series, sums, err);
}

int result_pool_add_sums(struct result_pool *pool, const struct result *part, struct error *err) {
    const struct result_layout *layout = &pool->layout;
    size_t cells = layout->point_count * histogram_cells(layout);
    for (size_t i = 0; i < cells; i++) {
        uint64_t *count = &pool->histograms[i];
        if (__builtin_add_overflow(*count, part->histograms[i], count)) {
            return histogram_overflow(pool, i, err);
        }
    }
    return add_series(pool, 0, part->series, layout->point_count * series_cells(layout), err);
}

void result_pool_add_row(struct result_pool *pool, const struct result *part, uint32_t row,
                         const int64_t *table, uint32_t table_row_count) {
    size_t metric_count = pool->layout.metric_count;
    uint32_t to = pool->row_count++;
    REQUIRE(to < pool->row_capacity);
    pool->point[to] = part->point[row];
    pool->replication[to] = part->replication[row];
    pool->fingerprint[to] = part->fingerprint[row];
    pool->event_count[to] = part->event_count[row];
    for (size_t i = 0; i < metric_count; i++) {
        pool->metrics[to * metric_count + i] = part->metrics[row * metric_count + i];
    }
    add_table(pool, table, table_row_count);
}

struct result result_pool_finish(const struct result_pool *pool) {
    REQUIRE(pool->row_count == pool->row_capacity);
    REQUIRE(pool->table_row_count == pool->table_row_capacity);
    return (struct result){
        .layout = pool->layout,
        .replication_count = pool->row_count,
        .point = pool->point,
        .replication = pool->replication,
        .fingerprint = pool->fingerprint,
        .event_count = pool->event_count,
        .metrics = pool->metrics,
        .histograms = pool->histograms,
        .series = pool->series,
        .table_row_count = pool->table_row_count,
        .table = pool->table,
    };
}
