/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tariff/schedule_season.h"
#include "core/base/csv.h"
#include "core/tariff/entry.h"
#include "core/tariff/schedule_read.h"

#include <string.h>

enum { AREA, CODE, TYPE, FROM, TO, DUTY, COLUMN_COUNT };

static const char *const column_names[COLUMN_COUNT] = {
    "geographical_area_id", "goods_nomenclature_item_id", "measure_type_id", "from", "to", "duty"};

struct season_row {
    struct measure measure;
    uint64_t code;
    int line, column;
};

struct table {
    struct schedule_builder builder;
    struct csv csv;
    unsigned columns[COLUMN_COUNT];
    const struct node *schemes;
    struct season_row *rows;
    size_t count, capacity;
    uint64_t *codes; /* sorted, once each */
    size_t code_count, code_capacity;
    uint16_t source;
};

static const char *field(const struct table *table, int column) {
    return table->csv.fields[table->columns[column]];
}

static int read_header(struct table *table, struct error *err) {
    int more = csv_next(&table->csv, err);
    if (more <= 0) {
        return more < 0 ? -1 : csv_error(&table->csv, 0, err, "the file is empty");
    }
    for (int i = 0; i < COLUMN_COUNT; i++) {
        int column = csv_find(&table->csv, column_names[i]);
        if (column < 0) {
            return csv_error(&table->csv, 0, err, "the column '%s' is missing", column_names[i]);
        }
        table->columns[i] = (unsigned)column;
    }
    return (int)table->csv.count;
}

static int read_name(struct table *table, int column, const struct schedule_names *names,
                     const char *what, uint16_t *index, struct error *err) {
    *index = (uint16_t)schedule_names_find(names, field(table, column));
    return *index != 0 ? 0
                       : csv_error(&table->csv, table->columns[column], err, "'%.40s' is no %s",
                                   field(table, column), what);
}

static int read_scheme(struct table *table, struct measure *measure, struct error *err) {
    const struct node *scheme = node_get(table->schemes, field(table, AREA));
    const char *text;
    if (scheme == NULL) {
        return 0;
    }
    if (entry_text(scheme, &text, err) < 0) {
        return -1;
    }
    measure->scheme =
        schedule_build_name(&table->builder, REGISTER_SCHEMES, text,
                            (struct place){scheme->source->name, scheme->line, scheme->column});
    return 0;
}

static int read_measure(struct table *table, struct season_row *row, struct error *err) {
    struct measure *measure = &row->measure;
    struct csv *csv = &table->csv;
    static const int days[2] = {FROM, TO};
    uint16_t *const seasons[2] = {&measure->season_from, &measure->season_to};
    if (read_name(table, TYPE, &table->builder.type_names, "type of measures", &measure->type,
                  err) < 0 ||
        read_name(table, AREA, &table->builder.area_names, "area", &measure->area, err) < 0 ||
        read_scheme(table, measure, err) < 0) {
        return -1;
    }
    for (int i = 0; i < 2; i++) {
        if (measure_season(field(table, days[i]), seasons[i]) < 0) {
            return csv_error(csv, table->columns[days[i]], err,
                             "expected a day and a month such as 15/05, got '%.40s'",
                             field(table, days[i]));
        }
    }
    unsigned duty = table->columns[DUTY];
    return schedule_build_duty(&table->builder, field(table, DUTY),
                               (struct place){csv->source, csv->lines[duty], csv->columns[duty]},
                               &measure->duty, err);
}

static void keep_code(struct table *table, uint64_t code) {
    size_t low = 0, high = table->code_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (table->codes[middle] < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low < table->code_count && table->codes[low] == code) {
        return;
    }
    table->codes = arena_grow(&table->builder.scratch, table->codes, table->code_count,
                              &table->code_capacity, sizeof *table->codes);
    memmove(table->codes + low + 1, table->codes + low,
            (table->code_count - low) * sizeof *table->codes);
    table->codes[low] = code;
    table->code_count++;
}

static int read_row(struct table *table, struct error *err) {
    struct season_row row = {.measure = {.valid_from = NOMENCLATURE_EVER,
                                         .valid_to = NOMENCLATURE_FOREVER,
                                         .known_from = NOMENCLATURE_EVER,
                                         .known_to = NOMENCLATURE_FOREVER},
                             .line = table->csv.row_line,
                             .column = table->csv.columns[table->columns[CODE]]};
    unsigned digits;
    if (nomenclature_code(field(table, CODE), &row.code, &digits) < 0) {
        return csv_error(&table->csv, table->columns[CODE], err,
                         "expected a code of 2 to 10 digits, got '%.40s'", field(table, CODE));
    }
    keep_code(table, row.code);
    if (read_measure(table, &row, err) < 0) {
        return -1;
    }
    table->rows = arena_grow(&table->builder.scratch, table->rows, table->count, &table->capacity,
                             sizeof *table->rows);
    table->rows[table->count++] = row;
    return 0;
}

/* Whether a code continues another. */
static bool continues(uint64_t code, uint64_t above) {
    uint64_t unit = 1;
    for (unsigned digits = nomenclature_level(above); digits < 10; digits++) {
        unit *= 10;
    }
    return code / unit == above / unit;
}

/* The codes of the table as a tree: each below the longest that it continues. */
static void add_lines(struct table *table) {
    uint64_t above[6]; /* codes have at most five pairs of digits */
    unsigned depth = 0;
    for (size_t i = 0; i < table->code_count; i++) {
        uint64_t code = table->codes[i];
        while (depth > 0 && !continues(code, above[depth - 1])) {
            depth--;
        }
        struct nomenclature_line line = {.code = code,
                                         .description = "not described by the table",
                                         .valid_from = NOMENCLATURE_EVER,
                                         .valid_to = NOMENCLATURE_FOREVER,
                                         .place_source = table->source,
                                         .place_line = 1,
                                         .place_column = 1,
                                         .suffix = NOMENCLATURE_SUFFIX,
                                         .digits = (uint8_t)nomenclature_level(code),
                                         .indent = (uint8_t)depth};
        above[depth++] = code;
        schedule_build_row(&table->builder, &line);
    }
}

static int add_measures(struct table *table, struct error *err) {
    for (size_t i = 0; i < table->count; i++) {
        struct season_row *row = &table->rows[i];
        row->measure.line = nomenclature_first(&table->builder.tariff->nomenclature, row->code,
                                               NOMENCLATURE_SUFFIX);
        if (row->measure.line == 0) {
            return error_at(err, (struct place){table->csv.source, row->line, row->column},
                            "the nomenclature has no line %010llu", (unsigned long long)row->code);
        }
        struct tariff_record record = {
            .line = (uint32_t)row->line, .source = table->source, .column = (uint16_t)row->column};
        row->measure.record = schedule_build_record(&table->builder, &record, NULL);
        schedule_build_measure(&table->builder, &row->measure);
    }
    return 0;
}

static int read_table(struct table *table, const struct node *document, struct error *err) {
    const struct node *nomenclature = node_get(document, "nomenclature");
    int column_count, more;
    if (schedule_read_begin(&table->builder, document, err) < 0) {
        return -1;
    }
    table->source = schedule_build_source(&table->builder, table->csv.source);
    table->schemes = node_get(node_get(document, "seasons"), "schemes");
    if ((column_count = read_header(table, err)) < 0) {
        return -1;
    }
    while ((more = csv_next(&table->csv, err)) > 0) {
        if (table->csv.count != (unsigned)column_count) {
            return csv_error(&table->csv, table->csv.count, err, "%u columns instead of %d",
                             table->csv.count, column_count);
        }
        if (read_row(table, err) < 0) {
            return -1;
        }
    }
    if (nomenclature == NULL) {
        add_lines(table);
    }
    if (more < 0 || schedule_read_nomenclature(&table->builder, nomenclature, NULL, 0, err) < 0) {
        return -1;
    }
    return add_measures(table, err);
}

const struct tariff *schedule_season_read(const struct node *document, const char *name, char *text,
                                          struct arena *arena, struct error *err) {
    struct table table = {.count = 0};
    csv_init(&table.csv, name, text, ',');
    schedule_build_init(&table.builder, arena, document);
    if (read_table(&table, document, err) < 0) {
        schedule_build_drop(&table.builder);
        return NULL;
    }
    return schedule_build_finish(&table.builder);
}
