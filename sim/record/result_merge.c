/* SPDX-License-Identifier: GPL-3.0-or-later
 * result_merge.c - see result_merge.h. */
#include "sim/record/result_merge.h"

#include "sim/record/result_pool.h"

#include <stdbool.h>
#include <stdlib.h>

/* A row of the merged result: where it comes from, and its rows of that part's table. */
struct source {
    uint32_t point, replication;
    uint32_t part, row;
    uint32_t table_first, table_count;
};

static int compare_sources(const void *left, const void *right) {
    const struct source *a = left, *b = right;
    if (a->point != b->point) {
        return a->point < b->point ? -1 : 1;
    }
    return (a->replication > b->replication) - (a->replication < b->replication);
}

/* The rows of one part; its table has the same order, so one pass finds each row's stretch. */
static void list_sources(const struct result *part, uint32_t number, struct source *sources) {
    size_t column_count = part->layout.table_column_count;
    uint32_t at = 0;
    for (uint32_t row = 0; row < part->replication_count; row++) {
        uint32_t first = at;
        while (at < part->table_row_count && part->table[at * column_count] == part->point[row] &&
               part->table[at * column_count + 1] == part->replication[row]) {
            at++;
        }
        sources[row] = (struct source){.point = part->point[row],
                                       .replication = part->replication[row],
                                       .part = number,
                                       .row = row,
                                       .table_first = first,
                                       .table_count = at - first};
    }
}

static int check_complete(const struct source *sources, size_t count,
                          const struct result_layout *layout, struct error *err) {
    for (size_t i = 0; i < count; i++) {
        const struct source *s = &sources[i];
        const char *point = layout->points[s->point].name;
        bool same_point = i > 0 && sources[i - 1].point == s->point;
        uint32_t expected = same_point ? sources[i - 1].replication + 1 : 0;
        if (same_point && s->replication == sources[i - 1].replication) {
            return error_set(err, ERROR_INPUT,
                             "replication %u of point '%s' is in two of the parts: give each "
                             "shard once",
                             s->replication, point);
        }
        if (s->replication != expected) {
            return error_set(err, ERROR_INPUT,
                             "replication %u of point '%s' is in none of the parts: a shard is "
                             "missing or was interrupted",
                             expected, point);
        }
    }
    return 0;
}

static int check_parts(const struct result *const *parts, uint32_t count,
                       const struct result_layout *layout, struct error *err) {
    for (uint32_t i = 0; i < count; i++) {
        const struct result_layout *expected = layout != NULL ? layout : &parts[0]->layout;
        enum result_compare what = layout != NULL ? RESULT_COMPARE_SHAPE : RESULT_COMPARE_ALL;
        if (result_check(parts[i], err) != 0 ||
            result_compare_layouts(expected, &parts[i]->layout, what, err) != 0) {
            return -1;
        }
    }
    return 0;
}

/* All rows in order, in `scratch`; `table_row_count` gets the sum over the parts. */
static struct source *sort_sources(const struct result *const *parts, uint32_t count,
                                   size_t *source_count, uint64_t *table_row_count,
                                   struct arena *scratch) {
    size_t total = 0;
    for (uint32_t i = 0; i < count; i++) {
        total += parts[i]->replication_count;
        *table_row_count += parts[i]->table_row_count;
    }
    struct source *sources = ARENA_ARRAY(scratch, struct source, total);
    size_t used = 0;
    for (uint32_t i = 0; i < count; i++) {
        list_sources(parts[i], i, sources + used);
        used += parts[i]->replication_count;
    }
    qsort(sources, total, sizeof *sources, compare_sources);
    *source_count = total;
    return sources;
}

static int merge_sorted(const struct result *const *parts, uint32_t count,
                        const struct source *sources, struct result_pool *pool, struct error *err) {
    for (uint32_t i = 0; i < pool->row_capacity; i++) {
        const struct source *s = &sources[i];
        const struct result *part = parts[s->part];
        size_t column_count = part->layout.table_column_count;
        const int64_t *table =
            s->table_count > 0 ? part->table + s->table_first * column_count : NULL;
        result_pool_add_row(pool, part, s->row, table, s->table_count);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (result_pool_add_sums(pool, parts[i], err) != 0) {
            return -1;
        }
    }
    return 0;
}

int result_merge(const struct result *const *parts, uint32_t count,
                 const struct result_layout *layout, struct result *merged, struct arena *arena,
                 struct error *err) {
    if (count == 0) {
        return error_set(err, ERROR_INPUT, "no results to merge");
    }
    if (check_parts(parts, count, layout, err) != 0) {
        return -1;
    }
    struct arena scratch = ARENA_INIT;
    size_t source_count = 0;
    uint64_t table_row_count = 0;
    struct source *sources = sort_sources(parts, count, &source_count, &table_row_count, &scratch);
    const struct result_layout *chosen = layout != NULL ? layout : &parts[0]->layout;
    struct result_pool pool;
    int status = source_count <= RESULT_CELLS_MAX
                     ? check_complete(sources, source_count, chosen, err)
                     : error_set(err, ERROR_INPUT, "too many replications for one result");
    if (status == 0) {
        status =
            result_pool_init(&pool, chosen, (uint32_t)source_count, table_row_count, arena, err);
    }
    if (status == 0) {
        status = merge_sorted(parts, count, sources, &pool, err);
    }
    if (status == 0) {
        *merged = result_pool_finish(&pool);
    }
    arena_free(&scratch);
    return status;
}
