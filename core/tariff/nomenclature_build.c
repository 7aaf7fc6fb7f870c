/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tariff/nomenclature_build.h"

#include <string.h>

static uint64_t chapter_of(uint64_t code) {
    return code - code % 100000000;
}

static uint64_t heading_of(uint64_t code) {
    return code - code % 1000000;
}

static bool is_numbered(const struct nomenclature_line *row) {
    return row->suffix == 0 ? row->digits > 0 : row->suffix == NOMENCLATURE_SUFFIX;
}

static void number_rows(struct nomenclature_line *rows, uint32_t row_count) {
    for (uint32_t i = row_count; i-- > 1;) {
        if (rows[i].code == 0 && i + 1 < row_count && rows[i + 1].indent > rows[i].indent) {
            rows[i].code = rows[i + 1].code;
        }
    }
}

/* The rows from `first` to `end` have one code; those at the deepest indent bear it by themselves.
 */
static void suffix_rows(struct nomenclature_line *rows, uint32_t first, uint32_t end) {
    unsigned suffix = 10;
    for (uint32_t i = first; i < end; i++) {
        if (i > first && rows[i].indent != rows[i - 1].indent) {
            suffix += suffix < 70 ? 10 : 1;
        }
        if (rows[i].suffix == 0) {
            bool is_deepest = rows[i].digits > 0 && rows[i].indent == rows[end - 1].indent;
            rows[i].suffix = (uint8_t)(is_deepest ? NOMENCLATURE_SUFFIX : suffix);
        }
    }
}

static void fill_suffixes(struct nomenclature_line *rows, uint32_t row_count) {
    for (uint32_t first = 1, end; first < row_count; first = end) {
        for (end = first + 1; end < row_count && rows[end].code == rows[first].code; end++) {
        }
        suffix_rows(rows, first, end);
    }
}

struct growth {
    struct nomenclature *tree;
    uint32_t stack[NOMENCLATURE_DEPTH_MAX]; /* lines of the heading that may get more below them */
    bool numbered[NOMENCLATURE_DEPTH_MAX];
    unsigned depth;
    uint32_t chapter, heading; /* the lines to hang things below */
};

static uint32_t add_line(struct growth *growth, const struct nomenclature_line *row,
                         uint32_t parent) {
    uint32_t index = growth->tree->count++;
    struct nomenclature_line *line = &growth->tree->lines[index];
    *line = *row;
    line->parent = parent;
    line->end = index + 1;
    line->version = line->chain = line->measure_first = line->measure_count = 0;
    line->has_choices = false;
    return index;
}

static uint32_t add_implied(struct growth *growth, const struct nomenclature_line *row,
                            uint64_t code, uint8_t digits, uint32_t parent) {
    struct nomenclature_line implied = {.code = code,
                                        .description = "",
                                        .valid_from = NOMENCLATURE_EVER,
                                        .valid_to = NOMENCLATURE_FOREVER,
                                        .place_line = row->place_line,
                                        .place_source = row->place_source,
                                        .place_column = row->place_column,
                                        .suffix = NOMENCLATURE_SUFFIX,
                                        .digits = digits,
                                        .is_implied = true};
    return add_line(growth, &implied, parent);
}

/* Whether `row` may hang below the line: deeper, and a continuation of its number. */
static bool may_hang(const struct growth *growth, unsigned depth,
                     const struct nomenclature_line *row) {
    const struct nomenclature_line *above = &growth->tree->lines[growth->stack[depth]];
    if (above->indent >= row->indent) {
        return false;
    }
    if (!growth->numbered[depth] || row->code == 0) {
        return true;
    }
    uint64_t unit = 1;
    for (unsigned digits = nomenclature_level(above->code); digits < 10; digits++) {
        unit *= 10;
    }
    return above->code / unit == row->code / unit;
}

static uint32_t find_parent(struct growth *growth, const struct nomenclature_line *row) {
    const struct nomenclature_line *lines = growth->tree->lines;
    while (growth->depth > 0 && !may_hang(growth, growth->depth - 1, row)) {
        growth->depth--;
    }
    if (growth->depth > 0) {
        return growth->stack[growth->depth - 1];
    }
    if (row->code == 0 || row->code == heading_of(row->code)) {
        return growth->chapter;
    }
    if (growth->heading == 0 || lines[growth->heading].code != heading_of(row->code)) {
        growth->heading = add_implied(growth, row, heading_of(row->code), 4, growth->chapter);
    }
    return growth->heading;
}

static uint32_t hang_row(struct growth *growth, const struct nomenclature_line *row,
                         bool numbered) {
    if (row->code != 0 && row->code == chapter_of(row->code)) {
        growth->depth = 0;
        growth->heading = 0;
        growth->chapter = add_line(growth, row, 0);
        return growth->chapter;
    }
    if (row->code != 0 && (growth->chapter == 0 ||
                           growth->tree->lines[growth->chapter].code != chapter_of(row->code))) {
        growth->depth = 0;
        growth->heading = 0;
        growth->chapter = add_implied(growth, row, chapter_of(row->code), 2, 0);
    }
    uint32_t parent = find_parent(growth, row);
    uint32_t line = add_line(growth, row, parent);
    if (row->code == heading_of(row->code) && numbered) {
        growth->heading = line;
    }
    if (growth->depth < NOMENCLATURE_DEPTH_MAX) {
        growth->stack[growth->depth] = line;
        growth->numbered[growth->depth++] = numbered;
    }
    return line;
}

static void close_tree(struct nomenclature *tree) {
    struct nomenclature_line *lines = tree->lines;
    for (uint32_t i = tree->count; i-- > 1;) {
        uint32_t parent = lines[i].parent;
        if (lines[i].end > lines[parent].end) {
            lines[parent].end = lines[i].end;
        }
        lines[parent].has_choices = true;
    }
    lines[0] = (struct nomenclature_line){.description = ""};
    for (uint32_t i = 1; i < tree->count; i++) {
        if (lines[i].code == 0) {
            continue;
        }
        uint32_t *slot = nomenclature_slot(tree, lines[i].code, lines[i].suffix);
        if (*slot == 0) {
            *slot = i;
            continue;
        }
        uint32_t last = lines[*slot].chain != 0 ? lines[*slot].chain : *slot;
        lines[last].version = i;
        lines[*slot].chain = i; /* the last version, while they are linked */
    }
    for (uint32_t i = 1; i < tree->count; i++) {
        lines[i].chain = 0;
    }
    for (uint32_t i = tree->count; i-- > 1;) {
        if (lines[i].version != 0 && lines[lines[i].version].has_choices) {
            lines[i].has_choices = true;
        }
    }
}

void nomenclature_build(struct nomenclature_line *rows, uint32_t row_count, struct arena *arena,
                        struct nomenclature *nomenclature, uint32_t *row_lines) {
    number_rows(rows, row_count);
    fill_suffixes(rows, row_count);
    /* Implied lines: at most a chapter and a heading a row. They are few; count the headings. */
    uint32_t capacity = row_count + 1;
    for (uint32_t i = 1; i < row_count; i++) {
        capacity += heading_of(rows[i].code) != heading_of(rows[i - 1].code) || i == 1;
        capacity += chapter_of(rows[i].code) != chapter_of(rows[i - 1].code) || i == 1;
        capacity += rows[i].code == 0 ? 2 : 0;
    }
    uint32_t slot_count = 16;
    while (slot_count < 2 * capacity) {
        slot_count *= 2;
    }
    *nomenclature = (struct nomenclature){
        .lines = ARENA_ARRAY(arena, struct nomenclature_line, capacity),
        .count = 1,
        .slots = ARENA_ARRAY(arena, uint32_t, slot_count),
        .slot_mask = slot_count - 1,
    };
    struct growth growth = {.tree = nomenclature};
    for (uint32_t i = 1; i < row_count; i++) {
        row_lines[i] = hang_row(&growth, &rows[i], is_numbered(&rows[i]));
    }
    close_tree(nomenclature);
}
