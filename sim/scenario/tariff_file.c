/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/scenario/tariff_file.h"
#include "core/base/csv.h"
#include "core/base/units.h"
#include "core/tariff/schedule_read.h"
#include "core/tariff/schedule_season.h"
#include "sim/scenario/input_file.h"

#include <string.h>

enum { ORIGIN_TABLES_MAX = 16 };

/* Names in errors are paths as the user can open them. */
static int read_files(struct arena *arena, const char *path, const struct node *document,
                      struct schedule_file *files, struct error *err) {
    const char *names[SCHEDULE_FILES_MAX];
    unsigned count = schedule_read_files(document, names);
    for (unsigned i = 0; i < count; i++) {
        size_t length;
        files[i].name = names[i];
        files[i].shown = input_file_beside(arena, path, names[i]);
        files[i].text = input_file_read(arena, files[i].shown, TARIFF_FILE_SIZE_MAX, &length, err);
        if (files[i].text == NULL) {
            return -1;
        }
    }
    return (int)count;
}

const struct tariff *tariff_file_of(struct arena *arena, const char *path,
                                    const struct node *document, struct error *err) {
    struct schedule_file files[SCHEDULE_FILES_MAX] = {{0}};
    int count = read_files(arena, path, document, files, err);
    return count < 0 ? NULL : schedule_read(document, files, (unsigned)count, arena, err);
}

const struct tariff *tariff_file_load(struct arena *arena, const char *path, struct error *err) {
    const struct node *document = input_file_node(arena, path, err);
    return document == NULL ? NULL : tariff_file_of(arena, path, document, err);
}

static int read_origin(struct arena *arena, const char *path, const struct node *schemes,
                       struct origin *origin, struct error *err) {
    const char *names[ORIGIN_TABLES_MAX];
    struct origin_table tables[ORIGIN_TABLES_MAX];
    unsigned count = origin_table_names(schemes, names, ORIGIN_TABLES_MAX);
    if (count > ORIGIN_TABLES_MAX) {
        return node_error(schemes, err, "at most %d tables of rules of origin", ORIGIN_TABLES_MAX);
    }
    for (unsigned i = 0; i < count; i++) {
        size_t length;
        const char *shown = input_file_beside(arena, path, names[i]);
        char *text = input_file_read(arena, shown, TARIFF_FILE_SIZE_MAX, &length, err);
        tables[i] = (struct origin_table){.name = names[i], .text = text};
        if (text == NULL) {
            return -1;
        }
    }
    return origin_read(schemes, tables, count, arena, origin, err);
}

int tariff_file_claims(struct arena *arena, const char *path, const struct node *document,
                       struct claim_law *law, struct error *err) {
    const struct node *schemes = node_get(document, "schemes");
    const struct node *section = node_get(document, "quotas");
    const struct node *triggers = node_get(document, "surges");
    *law = (struct claim_law){NULL, NULL, NULL, NULL};
    if (schemes != NULL) {
        struct origin *origin = ARENA_NEW(arena, struct origin);
        law->origin = origin;
        if (read_origin(arena, path, schemes, origin, err) != 0) {
            return -1;
        }
    }
    if (section != NULL) {
        struct quotas *quotas = ARENA_NEW(arena, struct quotas);
        law->quotas = quotas;
        if (quota_read(section, arena, quotas, err) != 0) {
            return -1;
        }
    }
    if (triggers != NULL) {
        struct surges *surges = ARENA_NEW(arena, struct surges);
        law->surges = surges;
        return surge_read(triggers, arena, surges, err);
    }
    return 0;
}

/* One row; `*last_day` is that of the row before. */
static int record_import(const struct csv *csv, const int columns[3], struct surge_book *book,
                         int64_t *last_day, struct error *err) {
    unsigned at[3];
    struct exact quantity;
    int64_t day;
    for (int i = 0; i < 3; i++) {
        at[i] = (unsigned)columns[i];
        if (at[i] >= csv->count) {
            return csv_error(csv, at[i], err, "expected date, surge and quantity");
        }
    }
    struct place place = {csv->source, csv->lines[at[0]], csv->columns[at[0]]};
    int surge = surge_find(book->surges, csv->fields[at[1]]);
    if (units_parse_date(csv->fields[at[0]], &day, place, err) != 0) {
        return -1;
    }
    if (day < *last_day) {
        return csv_error(csv, at[0], err, "the row before has a later date");
    }
    if (surge < 0) {
        return csv_error(csv, at[1], err, "the tariff has no surge '%s'", csv->fields[at[1]]);
    }
    if (exact_parse(csv->fields[at[2]], &quantity) != 0) {
        return csv_error(csv, at[2], err, "expected a number");
    }
    *last_day = day;
    return surge_record(book, surge, day, quantity, err) < 0 ? -1 : 0;
}

int tariff_file_imports(struct arena *arena, const char *path, struct claim_law *law,
                        struct error *err) {
    static const char *const names[] = {"date", "surge", "quantity"};
    size_t length;
    struct csv csv;
    int columns[3], more;
    int64_t last_day = UNITS_DAY_MIN;
    char *text = input_file_read(arena, path, TARIFF_FILE_SIZE_MAX, &length, err);
    if (law->surges == NULL || text == NULL) {
        return text == NULL ? -1
                            : error_set(err, ERROR_INPUT, "the tariff has no section `surges`");
    }
    struct surge_book *book = ARENA_NEW(arena, struct surge_book);
    surge_book_open(book, law->surges, last_day, arena);
    law->imports = book;
    csv_init(&csv, path, text, ',');
    more = csv_next(&csv, err);
    for (int i = 0; i < 3 && more > 0; i++) {
        columns[i] = csv_find(&csv, names[i]);
        if (columns[i] < 0) {
            return csv_error(&csv, 0, err, "the column '%s' is missing", names[i]);
        }
    }
    while (more > 0 && (more = csv_next(&csv, err)) > 0) {
        if (record_import(&csv, columns, book, &last_day, err) != 0) {
            return -1;
        }
    }
    return more;
}

const struct tariff *tariff_file_foreign(struct arena *arena, enum tariff_file_kind kind,
                                         const char *document_path, const char *path,
                                         struct us_schedule_notes *notes, struct error *err) {
    size_t length;
    const struct node *document = input_file_node(arena, document_path, err);
    char *text =
        document == NULL ? NULL : input_file_read(arena, path, TARIFF_FILE_SIZE_MAX, &length, err);
    if (text == NULL) {
        return NULL;
    }
    switch (kind) {
    case TARIFF_FILE_US_SCHEDULE:
        return us_schedule_read(document, path, text, arena, notes, err);
    case TARIFF_FILE_US_DATABASE:
        return us_schedule_read_database(document, path, text, arena, notes, err);
    case TARIFF_FILE_SEASONS:
        break;
    }
    return schedule_season_read(document, path, text, arena, err);
}
