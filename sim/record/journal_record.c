/* SPDX-License-Identifier: GPL-3.0-or-later
 * journal_record.c - see journal_record.h. */
#include "sim/record/journal_record.h"

#include "core/base/estimate.h"
#include "core/base/require.h"

#include <string.h>

static void put_columns(struct bytes *bytes, const struct result_column *columns, uint32_t count) {
    bytes_put_varint(bytes, count);
    for (uint32_t i = 0; i < count; i++) {
        bytes_put_text(bytes, columns[i].name);
        bytes_put_text(bytes, columns[i].unit);
        bytes_put_text(bytes, columns[i].doc);
        bytes_put_text(bytes, columns[i].kind);
        bytes_put_text(bytes, columns[i].subject);
        bytes_put_text(bytes, columns[i].group);
        bytes_put_text(bytes, columns[i].statistic);
    }
}

void journal_record_put_layout(struct bytes *bytes, const struct result_layout *layout) {
    bytes_put_text(bytes, layout->experiment);
    bytes_put_text(bytes, layout->resolved);
    bytes_put_text(bytes, layout->version);
    bytes_put_text(bytes, layout->revision);
    bytes_put_u64(bytes, layout->seed);
    bytes_put_varint(bytes, layout->base_point);
    bytes_put_varint(bytes, layout->point_count);
    for (uint32_t i = 0; i < layout->point_count; i++) {
        bytes_put_text(bytes, layout->points[i].name);
        bytes_put_text(bytes, layout->points[i].system);
        bytes_put_text(bytes, layout->points[i].levels);
    }
    put_columns(bytes, layout->metrics, layout->metric_count);
    put_columns(bytes, layout->histograms, layout->histogram_count);
    put_columns(bytes, layout->series, layout->series_count);
    put_columns(bytes, layout->table_columns, layout->table_column_count);
    bytes_put_varint(bytes, layout->series_bin_count);
    bytes_put_signed(bytes, layout->series_bin_ns);
    for (uint32_t i = 0; i < layout->table_column_count; i++) {
        bytes_put_text(bytes, layout->texts[i]);
    }
    if (layout->extends != NULL) {
        bytes_put_text(bytes, layout->extends);
    }
}

/* A count of things that take at least `size` bytes each of what is left. */
static uint32_t take_count(struct bytes_reader *reader, uint32_t max, size_t size) {
    uint32_t count = bytes_take_count(reader, max);
    if (count > bytes_left(reader) / size) {
        reader->failed = true;
        return 0;
    }
    return count;
}

static const char *take_name(struct bytes_reader *reader, struct arena *arena) {
    return bytes_take_text(reader, RESULT_NAME_SIZE_MAX, arena);
}

static const struct result_column *take_columns(struct bytes_reader *reader, uint32_t *count,
                                                struct arena *arena) {
    enum { COLUMN_SIZE_MIN = 7 };
    *count = take_count(reader, RESULT_COLUMNS_MAX, COLUMN_SIZE_MIN);
    struct result_column *columns = ARENA_ARRAY(arena, struct result_column, *count);
    for (uint32_t i = 0; i < *count; i++) {
        columns[i].name = take_name(reader, arena);
        columns[i].unit = take_name(reader, arena);
        columns[i].doc = take_name(reader, arena);
        columns[i].kind = take_name(reader, arena);
        columns[i].subject = take_name(reader, arena);
        columns[i].group = take_name(reader, arena);
        columns[i].statistic = take_name(reader, arena);
    }
    return columns;
}

static const struct result_point *take_points(struct bytes_reader *reader, uint32_t *count,
                                              struct arena *arena) {
    enum { POINT_SIZE_MIN = 3 };
    *count = take_count(reader, RESULT_POINTS_MAX, POINT_SIZE_MIN);
    struct result_point *points = ARENA_ARRAY(arena, struct result_point, *count);
    for (uint32_t i = 0; i < *count; i++) {
        points[i].name = take_name(reader, arena);
        points[i].system = take_name(reader, arena);
        points[i].levels = take_name(reader, arena);
    }
    return points;
}

int journal_record_take_layout(const uint8_t *data, size_t size, struct result_layout *layout,
                               struct arena *arena, struct error *err) {
    struct bytes_reader reader = {.data = data, .size = size};
    *layout = (struct result_layout){0};
    layout->experiment = take_name(&reader, arena);
    layout->resolved = bytes_take_text(&reader, RESULT_RESOLVED_SIZE_MAX, arena);
    layout->version = take_name(&reader, arena);
    layout->revision = take_name(&reader, arena);
    layout->seed = bytes_take_u64(&reader);
    layout->base_point = bytes_take_count(&reader, RESULT_POINTS_MAX);
    layout->points = take_points(&reader, &layout->point_count, arena);
    layout->metrics = take_columns(&reader, &layout->metric_count, arena);
    layout->histograms = take_columns(&reader, &layout->histogram_count, arena);
    layout->series = take_columns(&reader, &layout->series_count, arena);
    layout->table_columns = take_columns(&reader, &layout->table_column_count, arena);
    layout->series_bin_count = bytes_take_count(&reader, RESULT_BINS_MAX);
    layout->series_bin_ns = bytes_take_signed(&reader);
    const char **texts = ARENA_ARRAY(arena, const char *, layout->table_column_count);
    for (uint32_t i = 0; i < layout->table_column_count; i++) {
        texts[i] = take_name(&reader, arena);
    }
    layout->texts = texts;
    if (bytes_left(&reader) > 0) {
        layout->extends = take_name(&reader, arena);
    }
    if (reader.failed || bytes_left(&reader) != 0) {
        return error_set(err, ERROR_RUN, "the layout is not well formed");
    }
    return result_check_layout(layout, err);
}

static void put_histogram(struct bytes *bytes, const uint32_t *counts) {
    uint32_t used = 0;
    for (uint32_t b = 0; b < HISTOGRAM_BUCKETS; b++) {
        used += counts[b] != 0;
    }
    bytes_put_varint(bytes, used);
    uint32_t next = 0;
    for (uint32_t b = 0; b < HISTOGRAM_BUCKETS; b++) {
        if (counts[b] != 0) {
            bytes_put_varint(bytes, b - next);
            bytes_put_varint(bytes, counts[b]);
            next = b + 1;
        }
    }
}

static void take_histogram(struct bytes_reader *reader, uint32_t *counts) {
    memset(counts, 0, HISTOGRAM_BUCKETS * sizeof *counts);
    uint32_t used = bytes_take_count(reader, HISTOGRAM_BUCKETS);
    uint32_t bucket = 0;
    for (uint32_t i = 0; i < used && !reader->failed; i++) {
        bucket += bytes_take_count(reader, HISTOGRAM_BUCKETS);
        uint32_t count = bytes_take_count(reader, UINT32_MAX);
        if (bucket >= HISTOGRAM_BUCKETS || count == 0) {
            reader->failed = true;
            return;
        }
        counts[bucket++] = count;
    }
}

void journal_record_put(struct bytes *bytes, const struct result_layout *layout,
                        const struct result_replication *replication) {
    bytes_put_u32(bytes, replication->table_row_count);
    bytes_put_u64(bytes, replication->fingerprint);
    bytes_put_u64(bytes, replication->event_count);
    for (uint32_t i = 0; i < layout->metric_count; i++) {
        bytes_put_real(bytes, replication->metrics[i]);
    }
    for (size_t i = 0; i < layout->histogram_count; i++) {
        put_histogram(bytes, replication->histograms + i * HISTOGRAM_BUCKETS);
    }
    size_t series_cells = (size_t)layout->series_count * layout->series_bin_count;
    for (size_t i = 0; i < series_cells; i++) {
        bytes_put_signed(bytes, replication->series[i]);
    }
    for (size_t row = 0; row < replication->table_row_count; row++) {
        const int64_t *cells = replication->table + row * layout->table_column_count;
        REQUIRE(cells[0] == replication->point);
        REQUIRE(cells[1] == replication->replication);
        for (uint32_t i = 0; i < layout->table_column_count; i++) {
            bytes_put_signed(bytes, cells[i]);
        }
    }
}

void journal_record_prepare(struct journal_unpacked *unpacked, const struct result_layout *layout,
                            struct arena *arena) {
    *unpacked = (struct journal_unpacked){
        .metrics = ARENA_ARRAY(arena, double, layout->metric_count),
        .histograms =
            ARENA_ARRAY(arena, uint32_t, (size_t)layout->histogram_count * HISTOGRAM_BUCKETS),
        .series =
            ARENA_ARRAY(arena, int64_t, (size_t)layout->series_count * layout->series_bin_count),
        .arena = arena,
    };
}

uint32_t journal_record_table_rows(const uint8_t *data, size_t size) {
    struct bytes_reader reader = {.data = data, .size = size};
    return bytes_take_u32(&reader);
}

/* A cell takes at least one byte, so the rows announced cannot be more than the bytes left. */
static uint32_t take_table(struct bytes_reader *reader, uint32_t row_count, uint32_t column_count,
                           struct journal_unpacked *unpacked) {
    size_t cell_count = (size_t)row_count * column_count;
    if (cell_count > bytes_left(reader) || (column_count == 0 && row_count > 0)) {
        reader->failed = true;
        return 0;
    }
    if (cell_count > unpacked->table_capacity) {
        unpacked->table_capacity = 2 * cell_count;
        unpacked->table = ARENA_ARRAY(unpacked->arena, int64_t, unpacked->table_capacity);
    }
    for (size_t i = 0; i < cell_count; i++) {
        unpacked->table[i] = bytes_take_signed(reader);
    }
    return row_count;
}

int journal_record_take(const uint8_t *data, size_t size, const struct result_layout *layout,
                        struct journal_unpacked *unpacked, struct result_replication *replication,
                        struct error *err) {
    struct bytes_reader reader = {.data = data, .size = size};
    uint32_t table_row_count = bytes_take_u32(&reader);
    replication->fingerprint = bytes_take_u64(&reader);
    replication->event_count = bytes_take_u64(&reader);
    for (uint32_t i = 0; i < layout->metric_count; i++) {
        unpacked->metrics[i] = bytes_take_real(&reader);
    }
    for (size_t i = 0; i < layout->histogram_count; i++) {
        take_histogram(&reader, unpacked->histograms + i * HISTOGRAM_BUCKETS);
    }
    size_t series_cells = (size_t)layout->series_count * layout->series_bin_count;
    for (size_t i = 0; i < series_cells && !reader.failed; i++) {
        unpacked->series[i] = bytes_take_signed(&reader);
    }
    replication->table_row_count =
        take_table(&reader, table_row_count, layout->table_column_count, unpacked);
    replication->metrics = unpacked->metrics;
    replication->histograms = unpacked->histograms;
    replication->series = unpacked->series;
    replication->table = unpacked->table;
    if (reader.failed || bytes_left(&reader) != 0) {
        return error_set(err, ERROR_RUN, "a replication is not well formed");
    }
    return 0;
}
