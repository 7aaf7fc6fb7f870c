/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tariff/us_schedule.h"
#include "core/base/csv.h"
#include "core/tariff/us_schedule_column.h"

#include <string.h>

enum { NUMBER, INDENT, DESCRIPTION, UNITS, GENERAL, SPECIAL, COLUMN_2, ADDITIONAL, COLUMN_COUNT };

static const char *const column_names[COLUMN_COUNT] = {"HTS Number",
                                                       "Indent",
                                                       "Description",
                                                       "Unit of Quantity",
                                                       "General Rate of Duty",
                                                       "Special Rate of Duty",
                                                       "Column 2 Rate of Duty",
                                                       "Additional Duties"};

/* The file while it is read. */
struct rows {
    struct us_schedule_reader *reader;
    struct csv csv;
    unsigned columns[COLUMN_COUNT];
    struct us_schedule_rates *rates;
    size_t rates_count, rates_capacity;
    uint64_t rate_code;             /* the latest line of 8 digits, without its zeros */
    bool has_special, has_column_2; /* of that line */
    const char *general_before;     /* of the row above */
};

static int read_header(struct rows *rows, struct error *err) {
    int more = csv_next(&rows->csv, err);
    if (more <= 0) {
        return more < 0 ? -1 : csv_error(&rows->csv, 0, err, "the file is empty");
    }
    for (int i = 0; i < COLUMN_COUNT; i++) {
        int column = csv_find(&rows->csv, column_names[i]);
        if (column < 0) {
            return csv_error(&rows->csv, 0, err, "the column '%s' is missing", column_names[i]);
        }
        rows->columns[i] = (unsigned)column;
    }
    return (int)rows->csv.count;
}

static const char *field(const struct rows *rows, int column) {
    return rows->csv.fields[rows->columns[column]];
}

/* A list such as ["No.","kg"] as No.|kg. */
static void read_units(struct us_schedule_reader *reader, struct nomenclature_line *row,
                       const char *json) {
    char list[128];
    size_t length = 0;
    bool is_quoted = false;
    for (; *json != '\0' && length + 2 < sizeof list; json++) {
        if (*json == '"') {
            is_quoted = !is_quoted;
        } else if (is_quoted) {
            list[length++] = *json;
        } else if (*json == ',') {
            list[length++] = '|';
        }
    }
    list[length] = '\0';
    schedule_build_units(&reader->builder, row, list);
}

/* Keeps the row's texts where it has rates of its own. */
static void keep_rates(struct rows *rows, const struct nomenclature_line *line, uint32_t row) {
    bool is_rate = line->digits == 8 || line->code / 100 != rows->rate_code;
    const char *special = field(rows, SPECIAL), *column_2 = field(rows, COLUMN_2);
    const char *additional = field(rows, ADDITIONAL), *general = field(rows, GENERAL);
    if (line->digits == 8) {
        rows->rate_code = line->code / 100;
        rows->has_special = *special != '\0';
        rows->has_column_2 = *column_2 != '\0';
    } else if (!is_rate) { /* said again below the line */
        special = rows->has_special ? "" : special;
        column_2 = rows->has_column_2 ? "" : column_2;
    }
    if (line->digits < 8 || (!is_rate && *special == '\0' && *column_2 == '\0')) {
        return;
    }
    const struct csv *csv = &rows->csv;
    bool may_be_carried =
        line->code / 100000000 >= 98 && strcmp(general, rows->general_before) == 0;
    rows->rates = arena_grow(&rows->reader->builder.scratch, rows->rates, rows->rates_count,
                             &rows->rates_capacity, sizeof *rows->rates);
    rows->rates[rows->rates_count++] = (struct us_schedule_rates){
        .row = row,
        .line = csv->row_line,
        .column_general = csv->columns[rows->columns[GENERAL]],
        .column_special = csv->columns[rows->columns[SPECIAL]],
        .column_2 = csv->columns[rows->columns[COLUMN_2]],
        .column_additional = csv->columns[rows->columns[ADDITIONAL]],
        .general = is_rate ? general : NULL,
        .special = special,
        .column_2_text = column_2,
        .additional = additional,
        .unresolved =
            may_be_carried ? "repeats the row above, from which it may be carried down" : NULL,
        .valid_from = NOMENCLATURE_EVER,
        .valid_to = NOMENCLATURE_FOREVER,
    };
}

static int read_row(struct rows *rows, struct error *err) {
    struct us_schedule_reader *reader = rows->reader;
    struct nomenclature_line row = {.description = field(rows, DESCRIPTION),
                                    .valid_from = NOMENCLATURE_EVER,
                                    .valid_to = NOMENCLATURE_FOREVER,
                                    .place_line = (uint32_t)rows->csv.row_line,
                                    .place_column = 1,
                                    .place_source = reader->source};
    unsigned digits = 0, indent = 0;
    const char *number = field(rows, NUMBER), *depth = field(rows, INDENT);
    if (*number != '\0' && nomenclature_code(number, &row.code, &digits) < 0) {
        return csv_error(&rows->csv, rows->columns[NUMBER], err,
                         "expected a code of 4 to 10 digits, got '%.40s'", number);
    }
    for (const char *at = depth; *at >= '0' && *at <= '9' && indent < 100; at++) {
        indent = indent * 10 + (unsigned)(*at - '0');
    }
    if (*depth < '0' || *depth > '9' || indent > NOMENCLATURE_DEPTH_MAX - 3) {
        return csv_error(&rows->csv, rows->columns[INDENT], err,
                         "expected an indent from 0 to %d, got '%.40s'", NOMENCLATURE_DEPTH_MAX - 3,
                         depth);
    }
    row.digits = (uint8_t)digits;
    row.indent = (uint8_t)indent;
    read_units(reader, &row, field(rows, UNITS));
    keep_rates(rows, &row, schedule_build_row(&reader->builder, &row));
    rows->general_before = field(rows, GENERAL);
    return 0;
}

static int read_rows(struct rows *rows, struct error *err) {
    int column_count = read_header(rows, err), more;
    if (column_count < 0) {
        return -1;
    }
    while ((more = csv_next(&rows->csv, err)) > 0) {
        if (rows->csv.count != (unsigned)column_count) {
            return csv_error(&rows->csv, rows->csv.count, err, "%u columns instead of %d",
                             rows->csv.count, column_count);
        }
        if (read_row(rows, err) < 0) {
            return -1;
        }
    }
    return more;
}

const struct tariff *us_schedule_read(const struct node *document, const char *name, char *text,
                                      struct arena *arena, struct us_schedule_notes *notes,
                                      struct error *err) {
    struct us_schedule_reader reader;
    struct rows rows = {.reader = &reader, .general_before = ""};
    csv_init(&rows.csv, name, text, ',');
    if (us_schedule_column_begin(&reader, document, name, arena, notes, err) < 0 ||
        read_rows(&rows, err) < 0) {
        schedule_build_drop(&reader.builder);
        return NULL;
    }
    schedule_build_tree(&reader.builder);
    us_schedule_column_rates(&reader, rows.rates, rows.rates_count);
    return schedule_build_finish(&reader.builder);
}
