/* SPDX-License-Identifier: GPL-3.0-or-later
 * table.c - rows are kept as texts until all are known, because widths depend on all of them. */
#include "analysis/tables/table.h"

#include "analysis/tables/number.h"
#include "core/base/require.h"

#include <stdbool.h>
#include <string.h>

enum { GAP = 2, FIRST_WIDTH_MIN = 12 };

struct row {
    const char *section; /* NULL for a row of cells */
    const char *cells[TABLE_COLUMNS_MAX];
};

struct table {
    struct arena *arena;
    unsigned width, column_count;
    const char *heads[TABLE_COLUMNS_MAX];
    struct row *rows;
    size_t row_count, row_capacity;
    unsigned filled; /* cells of the last row */
};

/* What a column needs: room before the point and from the point on, so that points line up. */
struct measure {
    unsigned before, after, width;
    bool used;
};

struct table *table_create(struct arena *arena, unsigned width, unsigned column_count,
                           const char *const *heads) {
    REQUIRE(column_count > 0 && column_count <= TABLE_COLUMNS_MAX);
    struct table *table = ARENA_NEW(arena, struct table);
    *table = (struct table){.arena = arena, .width = width, .column_count = column_count};
    table->filled = column_count;
    for (unsigned i = 0; i < column_count; i++) {
        table->heads[i] = arena_text(arena, heads[i], strlen(heads[i]));
    }
    return table;
}

static struct row *row_add(struct table *table) {
    REQUIRE(table->filled == table->column_count);
    table->rows = (struct row *)arena_grow(table->arena, table->rows, table->row_count,
                                           &table->row_capacity, sizeof *table->rows);
    struct row *row = &table->rows[table->row_count++];
    *row = (struct row){0};
    return row;
}

void table_section(struct table *table, const char *text) {
    row_add(table)->section = arena_text(table->arena, text, strlen(text));
}

void table_text(struct table *table, const char *text) {
    if (table->filled == table->column_count) {
        row_add(table);
        table->filled = 0;
    }
    table->rows[table->row_count - 1].cells[table->filled++] =
        arena_text(table->arena, text, strlen(text));
}

void table_number(struct table *table, double value, unsigned decimals) {
    char text[NUMBER_TEXT_SIZE];
    number_print(value, decimals, text);
    table_text(table, text);
}

void table_percent(struct table *table, double share, unsigned decimals) {
    char text[NUMBER_TEXT_SIZE];
    number_print(100 * share, decimals, text);
    table_text(table, share == share ? arena_format(table->arena, "%s %%", text) : text);
}

/* Reads one character and moves past it; a byte that starts none counts as a character. */
static uint32_t next_character(const char **text) {
    const unsigned char *bytes = (const unsigned char *)*text;
    unsigned extra = bytes[0] >= 0xf0 ? 3 : bytes[0] >= 0xe0 ? 2 : bytes[0] >= 0xc0 ? 1 : 0;
    uint32_t character = extra == 0 ? bytes[0] : bytes[0] & (0x3fu >> extra);
    unsigned used = 1;
    for (; used <= extra && (bytes[used] & 0xc0) == 0x80; used++) {
        character = character << 6 | (bytes[used] & 0x3fu);
    }
    *text += used;
    return character;
}

static unsigned character_width(uint32_t c) {
    static const struct {
        uint32_t first, last;
        unsigned width;
    } ranges[] = {
        {0x0300, 0x036f, 0}, {0x1ab0, 0x1aff, 0}, {0x200b, 0x200f, 0},   {0x20d0, 0x20ff, 0},
        {0xfe00, 0xfe0f, 0}, {0xfe20, 0xfe2f, 0}, {0x1100, 0x115f, 2},   {0x2e80, 0x303e, 2},
        {0x3041, 0xa4cf, 2}, {0xac00, 0xd7a3, 2}, {0xf900, 0xfaff, 2},   {0xfe30, 0xfe6f, 2},
        {0xff00, 0xff60, 2}, {0xffe0, 0xffe6, 2}, {0x1f300, 0x1faff, 2}, {0x20000, 0x3fffd, 2}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last) {
            return ranges[i].width;
        }
    }
    return 1;
}

unsigned table_display_width(const char *text) {
    unsigned width = 0;
    while (*text != '\0') {
        width += character_width(next_character(&text));
    }
    return width;
}

/* Percentages line up by their sign instead. */
static unsigned digits_from_point(const char *text) {
    const char *point = strrchr(text, '.');
    return point == NULL || strchr(point, '%') != NULL ? 0 : table_display_width(point);
}

static struct measure column_measure(const struct table *table, unsigned column) {
    struct measure measure = {.used = column == 0};
    for (size_t i = 0; i < table->row_count; i++) {
        const char *cell = table->rows[i].cells[column];
        if (table->rows[i].section != NULL || cell == NULL) {
            continue;
        }
        unsigned all = table_display_width(cell);
        unsigned after = column == 0 ? 0 : digits_from_point(cell);
        measure.before = all - after > measure.before ? all - after : measure.before;
        measure.after = after > measure.after ? after : measure.after;
        measure.used |= strcmp(cell, "") != 0 && strcmp(cell, NUMBER_NONE) != 0;
    }
    unsigned head = table_display_width(table->heads[column]);
    measure.width = measure.before + measure.after;
    measure.width = head > measure.width ? head : measure.width;
    return measure;
}

static void print_spaces(unsigned count, FILE *file) {
    fprintf(file, "%*s", (int)count, "");
}

/* At most `width` columns, an ellipsis for what does not fit, filled up with spaces. */
static void print_left(const char *text, unsigned width, FILE *file) {
    unsigned all = table_display_width(text), used = 0;
    const char *end = text;
    if (all <= width) {
        fputs(text, file);
        print_spaces(width - all, file);
        return;
    }
    for (const char *next = text;;) {
        unsigned wide = character_width(next_character(&next));
        if (used + wide > width - 1) {
            break;
        }
        used += wide;
        end = next;
    }
    fprintf(file, "%.*s…", (int)(end - text), text);
    print_spaces(width - 1 - used, file);
}

/* Trailing spaces are kept back in `pending` until something follows. */
static void print_number(const char *text, const struct measure *measure, unsigned *pending,
                         FILE *file) {
    unsigned right = measure->after - digits_from_point(text);
    unsigned all = table_display_width(text) + right;
    unsigned left = *pending + GAP + (measure->width > all ? measure->width - all : 0);
    if (*text == '\0') {
        *pending += GAP + measure->width;
        return;
    }
    print_spaces(left, file);
    fputs(text, file);
    *pending = right;
}

static void print_row(const struct table *table, const char *const *cells,
                      const struct measure *measures, bool head, FILE *file) {
    unsigned pending = 0;
    print_left(cells[0], measures[0].width, file);
    for (unsigned i = 1; i < table->column_count; i++) {
        if (measures[i].used && cells[i] != NULL) {
            struct measure measure = measures[i];
            measure.after = head ? 0 : measure.after;
            print_number(cells[i], &measure, &pending, file);
        }
    }
    fputc('\n', file);
}

void table_print(const struct table *table, FILE *file) {
    struct measure measures[TABLE_COLUMNS_MAX];
    unsigned total = 0;
    for (unsigned i = 0; i < table->column_count; i++) {
        measures[i] = column_measure(table, i);
        total += measures[i].used ? measures[i].width + (i > 0 ? GAP : 0) : 0;
    }
    if (total > table->width) {
        unsigned excess = total - table->width, room = measures[0].width;
        measures[0].width = room > excess + FIRST_WIDTH_MIN ? room - excess
                            : room > FIRST_WIDTH_MIN        ? FIRST_WIDTH_MIN
                                                            : room;
    }
    print_row(table, table->heads, measures, true, file);
    for (size_t i = 0; i < table->row_count; i++) {
        if (table->rows[i].section != NULL) {
            fprintf(file, "%s\n", table->rows[i].section);
        } else {
            print_row(table, table->rows[i].cells, measures, false, file);
        }
    }
}
