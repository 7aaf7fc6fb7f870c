/* SPDX-License-Identifier: GPL-3.0-or-later
 * result_pool.h - a result being put together, row by row in order of point and replication.
 *
 * Counts and sums are whole numbers and are added exactly, so the order of the parts is not in the
 * result; a sum that no longer fits is an error, never a wrong number. */
#ifndef SIM_RECORD_RESULT_POOL_H
#define SIM_RECORD_RESULT_POOL_H

#include "sim/record/result.h"

struct result_pool {
    struct result_layout layout;
    uint32_t row_count, row_capacity;
    uint32_t *point, *replication;
    uint64_t *fingerprint, *event_count;
    double *metrics;
    uint64_t *histograms;
    int64_t *series;
    uint32_t table_row_count, table_row_capacity;
    int64_t *table;
};

/* Room for that many rows, in the arena; an error when that is beyond the limits of result.h. */
int result_pool_init(struct result_pool *pool, const struct result_layout *layout,
                     uint32_t row_count, uint64_t table_row_count, struct arena *arena,
                     struct error *err);

/* One more replication, whole. */
int result_pool_add(struct result_pool *pool, const struct result_replication *replication,
                    struct error *err);

/* The two halves of adding an earlier result: all its pooled numbers, and one of its rows with
 * `table_row_count` rows of its table. */
int result_pool_add_sums(struct result_pool *pool, const struct result *part, struct error *err);
void result_pool_add_row(struct result_pool *pool, const struct result *part, uint32_t row,
                         const int64_t *table, uint32_t table_row_count);

/* What was put together; points into the pool's arrays. */
struct result result_pool_finish(const struct result_pool *pool);

#endif
