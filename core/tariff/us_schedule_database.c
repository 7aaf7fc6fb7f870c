/* SPDX-License-Identifier: GPL-3.0-or-later
 * us_schedule_database.c - the annual tariff database: one row a line of 8 digits, with its dates.
 */
#include "core/base/csv.h"
#include "core/base/units.h"
#include "core/tariff/us_schedule_column.h"
#include "core/tariff/us_schedule_compare.h"

#include <string.h>

enum {
    HTS8,
    DESCRIPTION,
    QUANTITY_1,
    QUANTITY_2,
    GENERAL,
    SPECIAL,
    COLUMN_2,
    BEGIN,
    END,
    EXCLUDED,
    COLUMN_COUNT
};

static const char *const column_names[COLUMN_COUNT] = {"hts8",
                                                       "brief_description",
                                                       "quantity_1_code",
                                                       "quantity_2_code",
                                                       "mfn_text_rate",
                                                       "col1_special_text",
                                                       "col2_text_rate",
                                                       "begin_effect_date",
                                                       "end_effective_date",
                                                       "gsp_ctry_excluded"};

struct database {
    struct us_schedule_reader *reader;
    struct csv csv;
    unsigned columns[COLUMN_COUNT];
    struct us_schedule_compare compare;
    struct us_schedule_rates *rates;
    size_t rates_count, rates_capacity;
};

static const char *field(const struct database *database, int column) {
    return database->csv.fields[database->columns[column]];
}

static int read_header(struct database *database, struct error *err) {
    int more = csv_next(&database->csv, err);
    if (more <= 0) {
        return more < 0 ? -1 : csv_error(&database->csv, 0, err, "the file is empty");
    }
    for (int i = 0; i < COLUMN_COUNT; i++) {
        int column = csv_find(&database->csv, column_names[i]);
        if (column < 0) {
            return csv_error(&database->csv, 0, err, "the column '%s' is missing", column_names[i]);
        }
        database->columns[i] = (unsigned)column;
    }
    us_schedule_compare_header(&database->compare, &database->csv);
    return (int)database->csv.count;
}

static int read_day(struct database *database, int column, int32_t otherwise, int32_t *day,
                    struct error *err) {
    const char *text = field(database, column);
    int64_t read = otherwise;
    struct error inner = ERROR_INIT;
    if (*text != '\0' && units_parse_date(text, &read, (struct place){0}, &inner) < 0) {
        return csv_error(&database->csv, database->columns[column], err, "%s", inner.text);
    }
    *day = (int32_t)read;
    return 0;
}

static int read_line(struct database *database, struct nomenclature_line *row, struct error *err) {
    unsigned digits;
    const char *code = field(database, HTS8);
    if (strlen(code) != 8 || nomenclature_code(code, &row->code, &digits) < 0) {
        return csv_error(&database->csv, database->columns[HTS8], err,
                         "expected a code of 8 digits, got '%.40s'", code);
    }
    const char *units[2] = {field(database, QUANTITY_1), field(database, QUANTITY_2)};
    char list[64] = "";
    for (int i = 0; i < 2; i++) {
        if (strlen(units[i]) <= 16 && strcmp(units[i], "NA") != 0 && *units[i] != '\0') {
            strcat(strcat(list, *list != '\0' ? "|" : ""), units[i]);
        }
    }
    schedule_build_units(&database->reader->builder, row, list);
    row->digits = 8;
    row->description = field(database, DESCRIPTION);
    row->place_line = (uint32_t)database->csv.row_line;
    row->place_column = 1;
    row->place_source = database->reader->source;
    return read_day(database, BEGIN, NOMENCLATURE_EVER, &row->valid_from, err) < 0 ||
                   read_day(database, END, NOMENCLATURE_FOREVER, &row->valid_to, err) < 0
               ? -1
               : 0;
}

static int read_row(struct database *database, struct error *err) {
    struct us_schedule_reader *reader = database->reader;
    struct nomenclature_line row = {.code = 0};
    if (read_line(database, &row, err) < 0) {
        return -1;
    }
    const struct csv *csv = &database->csv;
    database->rates = arena_grow(&reader->builder.scratch, database->rates, database->rates_count,
                                 &database->rates_capacity, sizeof *database->rates);
    database->rates[database->rates_count++] = (struct us_schedule_rates){
        .row = schedule_build_row(&reader->builder, &row),
        .line = csv->row_line,
        .column_general = csv->columns[database->columns[GENERAL]],
        .column_special = csv->columns[database->columns[SPECIAL]],
        .column_2 = csv->columns[database->columns[COLUMN_2]],
        .general = field(database, GENERAL),
        .special = field(database, SPECIAL),
        .column_2_text = field(database, COLUMN_2),
        .valid_from = row.valid_from,
        .valid_to = row.valid_to,
        .excluded = field(database, EXCLUDED),
    };
    if (reader->notes != NULL) {
        us_schedule_compare_row(&database->compare, reader, csv);
    }
    return 0;
}

const struct tariff *us_schedule_read_database(const struct node *document, const char *name,
                                               char *text, struct arena *arena,
                                               struct us_schedule_notes *notes, struct error *err) {
    struct us_schedule_reader reader;
    struct database database = {.reader = &reader};
    csv_init(&database.csv, name, text, ',');
    if (us_schedule_column_begin(&reader, document, name, arena, notes, err) < 0) {
        schedule_build_drop(&reader.builder);
        return NULL;
    }
    int column_count = read_header(&database, err), more = column_count < 0 ? -1 : 1;
    while (more > 0 && (more = csv_next(&database.csv, err)) > 0) {
        if (database.csv.count != (unsigned)column_count) {
            more = csv_error(&database.csv, database.csv.count, err, "%u columns instead of %d",
                             database.csv.count, column_count);
        } else if (read_row(&database, err) < 0) {
            more = -1;
        }
    }
    if (more < 0) {
        schedule_build_drop(&reader.builder);
        return NULL;
    }
    schedule_build_tree(&reader.builder);
    us_schedule_column_rates(&reader, database.rates, database.rates_count);
    return schedule_build_finish(&reader.builder);
}
