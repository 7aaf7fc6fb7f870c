/* SPDX-License-Identifier: GPL-3.0-or-later
 * declarations.c - a file of real declarations becomes a stream of arrivals.
 *
 * Comma-separated with one header line, UTF-8; fields may be quoted ("" is a quote). Rows stand in
 * order of date; those of one day arrive evenly over it, the first half a gap after midnight. */
#include "sim/scenario/compile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS_MAX = 256, LINE_SIZE_MAX = 65536, ROWS_MAX = 50000000, IMPORTERS_MAX = 1 << 22 };

enum role { DATE, IMPORTER, CHAPTER, VALUE, MASS, DUTY_RATE, ILLICIT, ROLE_COUNT };

struct table {
    const struct declaration_file *file;
    const char *path;
    FILE *stream;
    char *line;
    const char *fields[COLUMNS_MAX];
    int columns[COLUMNS_MAX]; /* of each field in the line, from 1 */
    unsigned field_count;
    unsigned index[ROLE_COUNT];
    const char *names[ROLE_COUNT];
    int line_number;
};

static int table_error(const struct table *table, unsigned field, struct error *err,
                       const char *text, const char *value) {
    struct place place = {.source = table->path,
                          .line = table->line_number,
                          .column = field < table->field_count ? table->columns[field] : 1};
    return error_at(err, place, text, value);
}

/* Cuts the line into fields, in place. */
static int split(struct table *table, struct error *err) {
    char *read = table->line;
    table->field_count = 0;
    for (bool more = true; more;) {
        if (table->field_count == COLUMNS_MAX) {
            return table_error(table, 0, err, "more than 256 columns%s", "");
        }
        char *write = read;
        table->fields[table->field_count] = read;
        table->columns[table->field_count++] = (int)(read - table->line) + 1;
        if (*read == '"') {
            read++;
            while (*read != '\0' && !(read[0] == '"' && read[1] != '"')) {
                read += *read == '"';
                *write++ = *read++;
            }
            if (*read != '"') {
                return table_error(table, table->field_count - 1, err,
                                   "a quoted field does not end on its line%s", "");
            }
            read++;
        }
        while (*read != '\0' && *read != ',' && *read != '\n' && *read != '\r') {
            *write++ = *read++;
        }
        more = *read == ',';
        read++;
        *write = '\0';
    }
    return 0;
}

/* 1 when there was a line, 0 at the end of the file. */
static int next_line(struct table *table, struct error *err) {
    if (fgets(table->line, LINE_SIZE_MAX, table->stream) == NULL) {
        return 0;
    }
    table->line_number++;
    if (strlen(table->line) == LINE_SIZE_MAX - 1) {
        return table_error(table, COLUMNS_MAX, err, "the line is too long%s", "");
    }
    return split(table, err) == 0 ? 1 : -1;
}

static int read_header(struct table *table, struct error *err) {
    int status = next_line(table, err);
    if (status <= 0) {
        return status < 0 ? -1 : table_error(table, COLUMNS_MAX, err, "the file is empty%s", "");
    }
    if (strncmp(table->fields[0], "\xEF\xBB\xBF", 3) == 0) {
        table->fields[0] += 3;
    }
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        table->index[role] = COLUMNS_MAX;
        for (unsigned i = 0; i < table->field_count; i++) {
            if (strcmp(table->fields[i], table->names[role]) == 0) {
                table->index[role] = i;
            }
        }
        if (table->index[role] == COLUMNS_MAX) {
            struct place place = {.source = table->path, .line = 1, .column = 1};
            return error_at(
                err, place,
                "there is no column '%s'%s; name the file's columns "
                "under `declarations`",
                table->names[role],
                error_hint(table->names[role], table->fields, table->field_count, "").text);
        }
    }
    return 0;
}

static int read_number(const struct table *table, enum role role, double *number,
                       struct error *err) {
    const char *text = table->fields[table->index[role]];
    struct quantity quantity;
    struct place place = {.source = table->path,
                          .line = table->line_number,
                          .column = table->columns[table->index[role]]};
    if (units_parse(text, &quantity, place, err) != 0) {
        return -1;
    }
    if (quantity.dimension != DIMENSION_NONE || quantity.value < 0) {
        return table_error(table, table->index[role], err, "'%s' is no plain number of at least 0",
                           text);
    }
    *number = quantity.value;
    return 0;
}

/* Importers are numbered in the order in which they first appear. */
struct importer_names {
    char (*names)[24];
    uint32_t *slots;
    uint32_t count, slot_count;
};

static uint32_t importer_number(struct importer_names *importers, const char *name) {
    uint32_t slot = random_purpose(name[0] != '\0' ? name : "-", 0) & (importers->slot_count - 1);
    while (importers->slots[slot] != 0) {
        if (strncmp(importers->names[importers->slots[slot] - 1], name, 23) == 0) {
            return importers->slots[slot] - 1;
        }
        slot = (slot + 1) & (importers->slot_count - 1);
    }
    if (importers->count == importers->slot_count / 2) {
        return importers->count - 1; /* more importers than we tell apart */
    }
    snprintf(importers->names[importers->count], sizeof importers->names[0], "%.23s", name);
    importers->slots[slot] = ++importers->count;
    return importers->count - 1;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* The chapter as a number. */
static int read_chapter(const struct table *table, uint32_t *chapter, struct error *err) {
    const char *code = table->fields[table->index[CHAPTER]];
    if (!is_digit(code[0]) || !is_digit(code[1])) {
        return table_error(table, table->index[CHAPTER], err,
                           "'%s' does not begin with the two digits of an HS chapter", code);
    }
    *chapter = (uint32_t)(10 * (code[0] - '0') + code[1] - '0');
    return 0;
}

static int read_row(struct table *table, struct importer_names *importers, struct declared *row,
                    int64_t *day, struct error *err) {
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        if (table->index[role] >= table->field_count) {
            return table_error(table, COLUMNS_MAX, err, "the row has no column '%s'",
                               table->names[role]);
        }
    }
    struct place place = {.source = table->path,
                          .line = table->line_number,
                          .column = table->columns[table->index[DATE]]};
    double duty_rate, illicit;
    if (units_parse_date(table->fields[table->index[DATE]], day, place, err) != 0 ||
        read_number(table, VALUE, &row->value, err) != 0 ||
        read_number(table, MASS, &row->mass_kg, err) != 0 ||
        read_number(table, DUTY_RATE, &duty_rate, err) != 0 ||
        read_number(table, ILLICIT, &illicit, err) != 0 ||
        read_chapter(table, &row->chapter, err) != 0) {
        return -1;
    }
    row->value *= table->file->exchange;
    row->duty = duty_rate / 100;
    row->illicit = illicit > 0;
    row->trader = importer_number(importers, table->fields[table->index[IMPORTER]]);
    return 0;
}

/* Spreads rows first .. last - 1 over their day. */
static void spread_day(struct declared *rows, size_t first, size_t last, int64_t day_ns) {
    int64_t count = (int64_t)(last - first);
    for (size_t i = first; i < last; i++) {
        rows[i].time_ns = day_ns + (2 * (int64_t)(i - first) + 1) * CALENDAR_DAY_NS / (2 * count);
    }
}

/* The world's list goes on with the chapters that only the rows have: nobody draws them, and no
 * permit is known for them. The rows' numbers become indices of the list. */
static void list_chapters(struct world *world, struct declared *rows, size_t count,
                          struct arena *arena) {
    enum { NUMBERS = 100 };
    bool present[NUMBERS] = {0};
    uint32_t index[NUMBERS];
    for (size_t i = 0; i < count; i++) {
        present[rows[i].chapter] = true;
    }
    struct goods_chapter *chapters =
        ARENA_ARRAY(arena, struct goods_chapter, world->chapter_count + NUMBERS);
    for (uint32_t i = 0; i < world->chapter_count; i++) {
        chapters[i] = world->chapters[i];
    }
    for (uint32_t number = 0; number < NUMBERS; number++) {
        const char *name = arena_format(arena, "%02u", number);
        uint32_t at = 0;
        while (at < world->chapter_count && strcmp(chapters[at].name, name) != 0) {
            at++;
        }
        if (present[number] && at == world->chapter_count) {
            chapters[world->chapter_count++].name = name;
        }
        index[number] = at;
    }
    for (size_t i = 0; i < count; i++) {
        rows[i].chapter = index[rows[i].chapter];
    }
    world->chapters = chapters;
}

static int read_rows(struct table *table, struct world *world, struct stream *stream,
                     struct arena *arena, struct error *err) {
    struct declared *rows = NULL;
    size_t count = 0, capacity = 0, first_of_day = 0;
    int64_t last_day = INT64_MIN;
    struct importer_names importers = {.slot_count = 1 << 18};
    importers.slots = ARENA_ARRAY(arena, uint32_t, importers.slot_count);
    importers.names = arena_alloc_array(arena, importers.slot_count / 2, sizeof importers.names[0]);
    int status;
    while ((status = next_line(table, err)) > 0) {
        int64_t day;
        rows = arena_grow(arena, rows, count, &capacity, sizeof *rows);
        if (read_row(table, &importers, &rows[count], &day, err) != 0) {
            return -1;
        }
        if (day < world->start_day || day < last_day) {
            return table_error(table, table->index[DATE], err,
                               day < last_day
                                   ? "'%s' comes after a later date; sort the rows by date"
                                   : "'%s' is before the start of the world",
                               table->fields[table->index[DATE]]);
        }
        if (day != last_day && count > 0) {
            spread_day(rows, first_of_day, count, (last_day - world->start_day) * CALENDAR_DAY_NS);
            first_of_day = count;
        }
        last_day = day;
        if (++count > ROWS_MAX) {
            return table_error(table, COLUMNS_MAX, err, "more than 50 million rows%s", "");
        }
    }
    if (status < 0 || count == 0) {
        return status < 0 ? -1 : table_error(table, COLUMNS_MAX, err, "there are no rows%s", "");
    }
    spread_day(rows, first_of_day, count, (last_day - world->start_day) * CALENDAR_DAY_NS);
    list_chapters(world, rows, count, arena);
    stream->declared = rows;
    stream->declared_count = (uint32_t)count;
    return 0;
}

/* The file itself, or the one of that name below the folder that CLEARLAB_DATA names. */
static FILE *open_data(const char *name, const char **path, struct arena *arena) {
    FILE *stream = fopen(name, "r");
    *path = name;
    const char *folder = getenv("CLEARLAB_DATA");
    if (stream != NULL || folder == NULL) {
        return stream;
    }
    for (const char *part = name; part != NULL && stream == NULL;) {
        *path = arena_format(arena, "%s/%s", folder, part);
        stream = fopen(*path, "r");
        part = strchr(part, '/');
        part = part == NULL ? NULL : part + 1;
    }
    return stream;
}

int declarations_read(const struct declaration_file *file, const struct node *node,
                      struct world *world, struct stream *stream, struct arena *arena,
                      struct error *err) {
    struct table table = {.file = file,
                          .names = {file->date, file->importer, file->chapter, file->value,
                                    file->mass, file->duty_rate, file->illicit}};
    table.stream = open_data(file->csv, &table.path, arena);
    if (table.stream == NULL) {
        return node_error(
            node, err,
            "the file of declarations '%s' cannot be opened: %s (set CLEARLAB_DATA to "
            "the folder that holds it)",
            file->csv, strerror(errno));
    }
    table.line = arena_alloc(arena, LINE_SIZE_MAX);
    int status = read_header(&table, err);
    if (status == 0) {
        status = read_rows(&table, world, stream, arena, err);
    }
    fclose(table.stream);
    return status;
}
