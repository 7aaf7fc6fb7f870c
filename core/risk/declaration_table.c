/* SPDX-License-Identifier: GPL-3.0-or-later
 * declaration_table.c - see declaration_table.h. */
#include "core/risk/declaration_table.h"

#include "core/base/csv.h"
#include "core/base/node_text.h"
#include "core/base/units.h"
#include "core/risk/evaluate.h"
#include "core/risk/slots.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GOODS_DIGITS_MIN = 4, GOODS_DIGITS_MAX = 10, NUMBER_LENGTH_MAX = 40 };

struct reading {
    struct declaration_table *table;
    const struct column_map *map;
    enum declaration_labels labels;
    struct csv csv;
    int fields[COLUMN_ROLE_COUNT]; /* -1: no such column */
    struct arena *arena;
};

uint64_t declaration_table_hash(const char *text, size_t length) {
    uint64_t hash = 0xcbf29ce484222325;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3;
    }
    return length == 0 ? 0 : slots_key(hash, length);
}

static bool is_category(int role) {
    return role >= COLUMN_CATEGORY_FIRST && role <= COLUMN_CATEGORY_LAST;
}

/* ---- the header ---------------------------------------------------------------------------- */

static int missing_column(struct reading *reading, int role, struct error *err) {
    const char *name = reading->map->columns[role];
    const char *hint = reading->csv.count == 1
                           ? "; the row has one field only: is the separator right?"
                           : "; name it in the map of columns, or null where there is none";
    return csv_error(&reading->csv, CSV_COLUMNS_MAX, err, "there is no column '%s' (%s)%s", name,
                     column_map_role((enum column_role)role),
                     error_hint(name, reading->csv.fields, reading->csv.count, hint).text);
}

static int read_header(struct reading *reading, struct error *err) {
    int status = csv_next(&reading->csv, err);
    if (status <= 0) {
        return status < 0 ? -1
                          : error_at(err, (struct place){reading->csv.source, 1, 1},
                                     "expected a line with the names of the columns");
    }
    for (int role = 0; role < COLUMN_ROLE_COUNT; role++) {
        const char *name = reading->map->columns[role];
        int field = name == NULL ? -1 : csv_find(&reading->csv, name);
        bool needed = role != COLUMN_label || reading->labels == DECLARATION_LABELS_REQUIRED;
        if (name == NULL && role == COLUMN_label && needed) {
            return csv_error(&reading->csv, 0, err, "the map of columns names no label");
        }
        if (name != NULL && field < 0 && needed) {
            return missing_column(reading, role, err);
        }
        for (unsigned other = (unsigned)(field + 1); field >= 0 && other < reading->csv.count;
             other++) {
            if (strcmp(reading->csv.fields[other], name) == 0) {
                return csv_error(&reading->csv, other, err, "column '%s' is there twice", name);
            }
        }
        reading->fields[role] = field;
    }
    return 0;
}

/* ---- cells --------------------------------------------------------------------------------- */

static int cell_error(struct reading *reading, int role, const char *expected, struct error *err) {
    unsigned field = (unsigned)reading->fields[role];
    return csv_error(&reading->csv, field, err, "%s: expected %s, got '%.80s'",
                     reading->map->columns[role], expected, reading->csv.fields[field]);
}

static const char *cell(const struct reading *reading, int role) {
    int field = reading->fields[role];
    return field < 0 ? "" : reading->csv.fields[field];
}

/* A decimal number that is not negative; NaN for an empty cell. */
static int read_number(struct reading *reading, int role, double *number, struct error *err) {
    const char *text = cell(reading, role);
    char plain[NUMBER_LENGTH_MAX + 1];
    size_t length = strlen(text), digits = 0, points = 0;
    *number = (double)NAN;
    if (length == 0) {
        return 0;
    }
    if (length > NUMBER_LENGTH_MAX) {
        return cell_error(reading, role, "a number", err);
    }
    for (size_t i = 0; i <= length; i++) {
        plain[i] = text[i] == reading->map->decimal ? '.' : text[i];
        digits += plain[i] >= '0' && plain[i] <= '9';
        points += text[i] == reading->map->decimal;
    }
    if (digits == 0 || points > 1 || digits + points != length) {
        return cell_error(reading, role, "a number that is not negative", err);
    }
    *number = strtod(plain, NULL);
    return 0;
}

static int read_goods(struct reading *reading, uint32_t row, struct error *err) {
    const char *text = cell(reading, COLUMN_goods);
    char digits[GOODS_DIGITS_MAX + 2] = "0";
    size_t count = 0;
    for (; *text != '\0'; text++) {
        if (*text == '.' || *text == ' ') {
            continue;
        }
        if (*text < '0' || *text > '9' || count == GOODS_DIGITS_MAX) {
            return cell_error(reading, COLUMN_goods, "four to ten digits", err);
        }
        digits[++count] = *text;
    }
    if (count == 0) {
        reading->table->texts[COLUMN_goods][row] = "";
        return 0;
    }
    size_t begin = count % 2 == 0; /* the zero in front is used for an odd number of digits */
    if (count + 1 - begin < GOODS_DIGITS_MIN) {
        return cell_error(reading, COLUMN_goods, "four to ten digits", err);
    }
    reading->table->texts[COLUMN_goods][row] =
        arena_text(reading->arena, digits + begin, count + 1 - begin);
    return 0;
}

static int read_label(struct reading *reading, uint32_t row, struct error *err) {
    const char *text = cell(reading, COLUMN_label);
    bool known = strcmp(text, "0") == 0 || strcmp(text, "1") == 0;
    if (!known && text[0] != '\0') {
        return cell_error(reading, COLUMN_label, "0 or 1", err);
    }
    if (!known && reading->labels == DECLARATION_LABELS_REQUIRED) {
        return csv_error(&reading->csv, (unsigned)reading->fields[COLUMN_label], err,
                         "%s: the label is empty, so nothing can be learnt from this row",
                         reading->map->columns[COLUMN_label]);
    }
    reading->table->labels[row] = known ? (int8_t)(text[0] == '1') : DECLARATION_LABEL_MISSING;
    return 0;
}

static int read_day(struct reading *reading, uint32_t row, struct error *err) {
    const char *text = cell(reading, COLUMN_date);
    int field = reading->fields[COLUMN_date];
    int64_t day = 0;
    if (field >= 0) {
        struct place place = {reading->csv.source, reading->csv.lines[field],
                              reading->csv.columns[field]};
        if (units_parse_date(text, &day, place, err) < 0) {
            return -1;
        }
    }
    reading->table->days[row] = (int32_t)day;
    return 0;
}

static int read_row(struct reading *reading, uint32_t row, unsigned columns, struct error *err) {
    struct declaration_table *table = reading->table;
    double rate;
    if (reading->csv.count != columns) {
        return csv_error(&reading->csv, columns, err, "expected %u fields as in line 1, got %u",
                         columns, reading->csv.count);
    }
    table->names[row] = cell(reading, COLUMN_declaration);
    table->places[row] = (struct place){reading->csv.source, reading->csv.row_line, 1};
    if (table->names[row][0] == '\0') {
        return csv_error(&reading->csv, (unsigned)reading->fields[COLUMN_declaration], err,
                         "%s: the declaration has no number",
                         reading->map->columns[COLUMN_declaration]);
    }
    for (int role = COLUMN_CATEGORY_FIRST; role <= COLUMN_CATEGORY_LAST; role++) {
        table->texts[role][row] = cell(reading, role);
    }
    if (read_day(reading, row, err) < 0 || read_label(reading, row, err) < 0 ||
        read_goods(reading, row, err) < 0 || read_number(reading, COLUMN_rate, &rate, err) < 0 ||
        read_number(reading, COLUMN_mass, &table->masses_kg[row], err) < 0 ||
        read_number(reading, COLUMN_value, &table->values[row], err) < 0) {
        return -1;
    }
    table->rates[row] = (float)rate;
    if (table->masses_kg[row] == 0) {
        table->masses_kg[row] = (double)NAN;
    }
    if (table->values[row] == 0) {
        table->values[row] = (double)NAN;
    }
    for (int role = COLUMN_CATEGORY_FIRST; role <= COLUMN_CATEGORY_LAST; role++) {
        const char *text = table->texts[role][row];
        table->codes[role][row] = declaration_table_hash(text, strlen(text));
    }
    return 0;
}

/* ---- tables -------------------------------------------------------------------------------- */

static struct declaration_table make(uint32_t rows, struct arena *arena) {
    struct declaration_table table = {.names = ARENA_ARRAY(arena, const char *, rows),
                                      .places = ARENA_ARRAY(arena, struct place, rows),
                                      .days = ARENA_ARRAY(arena, int32_t, rows),
                                      .rates = ARENA_ARRAY(arena, float, rows),
                                      .masses_kg = ARENA_ARRAY(arena, double, rows),
                                      .values = ARENA_ARRAY(arena, double, rows),
                                      .labels = ARENA_ARRAY(arena, int8_t, rows)};
    for (int role = 0; role < COLUMN_ROLE_COUNT; role++) {
        if (is_category(role)) {
            table.texts[role] = ARENA_ARRAY(arena, const char *, rows);
            table.codes[role] = ARENA_ARRAY(arena, uint64_t, rows);
        }
    }
    return table;
}

static int check_text(const struct declaration_source *source, struct error *err) {
    size_t mark = strncmp(source->text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* of byte order */
    struct source text = {source->name, source->text + mark, source->length - mark};
    return node_text_check(&text, err);
}

static int read_source(struct reading *reading, const struct declaration_source *source,
                       uint32_t room, struct error *err) {
    struct declaration_table *table = reading->table;
    csv_init(&reading->csv, source->name, source->text, reading->map->separator);
    if (read_header(reading, err) < 0) {
        return -1;
    }
    table->has_labels |= reading->fields[COLUMN_label] >= 0;
    unsigned columns = reading->csv.count;
    int status;
    while ((status = csv_next(&reading->csv, err)) > 0) {
        if (table->row_count == room) {
            return csv_error(&reading->csv, 0, err, "more than %u declarations", room);
        }
        if (read_row(reading, table->row_count, columns, err) < 0) {
            return -1;
        }
        table->row_count++;
    }
    return status;
}

int declaration_table_read(struct declaration_table *table, const struct column_map *map,
                           enum declaration_labels labels, const struct declaration_source *sources,
                           unsigned source_count, struct arena *arena, struct error *err) {
    uint64_t room = 1;
    for (unsigned i = 0; i < source_count; i++) {
        if (check_text(&sources[i], err) < 0) {
            return -1;
        }
        for (size_t at = 0; at < sources[i].length; at++) {
            room += sources[i].text[at] == '\n';
        }
        room++;
    }
    room = room < DECLARATION_ROWS_MAX ? room : DECLARATION_ROWS_MAX;
    *table = make((uint32_t)room, arena);
    table->label_column = map->columns[COLUMN_label];
    struct reading *reading = ARENA_NEW(arena, struct reading);
    *reading = (struct reading){.table = table, .map = map, .labels = labels, .arena = arena};
    for (unsigned i = 0; i < source_count; i++) {
        uint32_t before = table->row_count;
        if (read_source(reading, &sources[i], (uint32_t)room, err) < 0) {
            return -1;
        }
        if (table->row_count == before) {
            return error_at(err, (struct place){sources[i].name, 1, 1},
                            "there are no declarations under the names of the columns");
        }
    }
    return 0;
}

int declaration_table_check_classes(const struct declaration_table *table, struct error *err) {
    uint32_t counts[2] = {0, 0};
    for (uint32_t row = 0; row < table->row_count; row++) {
        if (table->labels[row] >= 0) {
            counts[table->labels[row]]++;
        }
    }
    if (counts[0] > 0 && counts[1] > 0) {
        return 0;
    }
    return error_at(err, (struct place){table->row_count > 0 ? table->places[0].source : "", 1, 1},
                    "%s: all %u labels are %d; what is a finding can only be learnt where both "
                    "occur",
                    table->label_column != NULL ? table->label_column : "label",
                    counts[0] + counts[1], counts[1] > 0);
}

struct declaration_table declaration_table_pick(const struct declaration_table *table,
                                                const uint32_t *rows, uint32_t count,
                                                struct arena *arena) {
    struct declaration_table picked = make(count, arena);
    picked.row_count = count;
    picked.has_labels = table->has_labels;
    picked.label_column = table->label_column;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t row = rows[i];
        picked.names[i] = table->names[row];
        picked.places[i] = table->places[row];
        picked.days[i] = table->days[row];
        picked.rates[i] = table->rates[row];
        picked.masses_kg[i] = table->masses_kg[row];
        picked.values[i] = table->values[row];
        picked.labels[i] = table->labels[row];
        for (int role = COLUMN_CATEGORY_FIRST; role <= COLUMN_CATEGORY_LAST; role++) {
            picked.texts[role][i] = table->texts[role][row];
            picked.codes[role][i] = table->codes[role][row];
        }
    }
    return picked;
}

uint32_t *declaration_table_by_day(const struct declaration_table *table, struct arena *arena) {
    double *earliness = ARENA_ARRAY(arena, double, table->row_count + 1u);
    for (uint32_t row = 0; row < table->row_count; row++) {
        earliness[row] = -(double)table->days[row];
    }
    return evaluate_order(earliness, table->row_count, arena);
}

double declaration_table_unit_value(const struct declaration_table *table, uint32_t row) {
    return table->values[row] / table->masses_kg[row];
}

double declaration_table_stake(const struct declaration_table *table, uint32_t row) {
    double stake = table->values[row] * (double)table->rates[row] / 100.0;
    return stake >= 0 ? stake : 0.0;
}
