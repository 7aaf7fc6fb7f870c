/* SPDX-License-Identifier: GPL-3.0-or-later
 * journal_record.h - a layout and a replication as the bytes that a journal keeps, and back.
 *
 *   layout   texts experiment resolved version revision, u64 seed, varint base_point,
 *            points: varint count, then texts name system levels each,
 *            metrics, histograms, series, table columns: varint count, then 7 texts each,
 *            varint series_bin_count, signed series_bin_ns, texts: one a table column,
 *            and the path of the result that the run extends, where it does
 *   payload  u32 table_row_count, u64 fingerprint, u64 event_count, metrics as u64 bits each,
 *            a histogram: varint number of counts that are not 0, then varint (buckets skipped),
 *            varint count; series and table cells as signed varints
 *
 * The same replication always gives the same bytes. What is read is checked as if it came from an
 * enemy: no count is believed before the bytes that it announces are there. */
#ifndef SIM_RECORD_JOURNAL_RECORD_H
#define SIM_RECORD_JOURNAL_RECORD_H

#include "sim/record/bytes.h"
#include "sim/record/result.h"

void journal_record_put_layout(struct bytes *bytes, const struct result_layout *layout);

/* Texts and arrays go to the arena; -1 when the bytes are not exactly one layout within limits. */
int journal_record_take_layout(const uint8_t *data, size_t size, struct result_layout *layout,
                               struct arena *arena, struct error *err);

/* The payload. REQUIREs that table rows begin with the point and replication that they belong to.
 */
void journal_record_put(struct bytes *bytes, const struct result_layout *layout,
                        const struct result_replication *replication);

/* Where a payload is unpacked: arrays of the layout's size, used again for each. */
struct journal_unpacked {
    double *metrics;
    uint32_t *histograms;
    int64_t *series;
    int64_t *table;
    size_t table_capacity; /* cells */
    struct arena *arena;
};

void journal_record_prepare(struct journal_unpacked *unpacked, const struct result_layout *layout,
                            struct arena *arena);

/* Rows of the table that a payload holds, without unpacking it. */
uint32_t journal_record_table_rows(const uint8_t *data, size_t size);

/* Fills all of `replication` but point and replication; its arrays are `unpacked`'s. -1 when the
 * bytes are not exactly one payload of this layout. */
int journal_record_take(const uint8_t *data, size_t size, const struct result_layout *layout,
                        struct journal_unpacked *unpacked, struct result_replication *replication,
                        struct error *err);

#endif
