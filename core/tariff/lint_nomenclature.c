/* SPDX-License-Identifier: GPL-3.0-or-later
 * lint_nomenclature.c - rules about the tree of codes. */
#include "core/tariff/duty_units.h"
#include "core/tariff/lint_work.h"

#include <string.h>

static struct place place_of(const struct lint *lint, const struct nomenclature_line *line) {
    return (struct place){lint->tariff->sources[line->place_source], (int)line->place_line,
                          line->place_column};
}

static void check_life(struct lint *lint, uint32_t index) {
    const struct nomenclature *tree = &lint->tariff->nomenclature;
    const struct nomenclature_line *line = &tree->lines[index];
    const struct nomenclature_line *above = &tree->lines[line->parent];
    if (line->valid_from > line->valid_to) {
        lint_add(lint, place_of(lint, line), LINT_N1, "the line ends before it begins");
        return;
    }
    int32_t from = above->valid_from, to = above->valid_to;
    uint32_t version = nomenclature_first(tree, above->code, above->suffix);
    for (; above->code != 0 && version != 0; version = tree->lines[version].version) {
        from = tree->lines[version].valid_from < from ? tree->lines[version].valid_from : from;
        to = tree->lines[version].valid_to > to ? tree->lines[version].valid_to : to;
    }
    if (line->parent != 0 && (line->valid_from < from || line->valid_to > to)) {
        lint_add(lint, place_of(lint, line), LINT_N6,
                 "the line is valid when %010llu, which it hangs below, is not",
                 (unsigned long long)above->code);
    }
    for (uint32_t next = line->version; next != 0; next = tree->lines[next].version) {
        if (lint_overlaps(line->valid_from, line->valid_to, tree->lines[next].valid_from,
                          tree->lines[next].valid_to)) {
            lint_add(lint, place_of(lint, &tree->lines[next]), LINT_N4,
                     "%010llu %u is valid on the same day in line %u",
                     (unsigned long long)line->code, line->suffix, line->place_line);
        }
    }
}

/* What the indent says it hangs below: the nearest row before it with a smaller one. */
static void check_indent(struct lint *lint, uint32_t index, uint32_t before) {
    const struct nomenclature_line *lines = lint->tariff->nomenclature.lines;
    const struct nomenclature_line *line = &lines[index];
    if (line->indent > lines[before].indent + 1u) {
        lint_add(lint, place_of(lint, line), LINT_N3, "indent %u follows indent %u", line->indent,
                 lines[before].indent);
    }
    const struct nomenclature_line *above = &lines[line->parent];
    if (line->indent > 0 && line->code != 0 &&
        (above->is_implied || line->parent == 0 || above->indent + 1u != line->indent) &&
        line->indent <= lines[before].indent + 1u) {
        lint_add(lint, place_of(lint, line), LINT_N5, "%010llu does not continue the code above it",
                 (unsigned long long)line->code);
    }
}

static void check_units(struct lint *lint, const struct nomenclature_line *line) {
    for (unsigned i = 0; i < line->unit_count; i++) {
        const char *unit = lint->tariff->line_units[line->unit_first + i], *end;
        struct duty_measurement measurement;
        if (!duty_units_match(unit, &measurement, &end) || *end != '\0') {
            lint_add(lint, place_of(lint, line), LINT_N10, "the unit '%.40s' is unknown", unit);
        }
    }
}

/* Distinct lines just below; versions of one count once. */
static unsigned count_children(const struct nomenclature *tree, uint32_t index) {
    unsigned count = 0;
    uint64_t code = 0;
    for (uint32_t child = index + 1; child < tree->lines[index].end;
         child = tree->lines[child].end) {
        count += tree->lines[child].code != code || code == 0;
        code = tree->lines[child].code;
    }
    return count;
}

void lint_nomenclature(struct lint *lint) {
    const struct nomenclature *tree = &lint->tariff->nomenclature;
    uint32_t before = 0;
    uint64_t code_before = 0;
    for (uint32_t i = 1; i < tree->count; i++) {
        const struct nomenclature_line *line = &tree->lines[i];
        if (line->is_implied) {
            bool is_heading = line->digits == 4;
            if (is_heading) {
                lint_add(lint, place_of(lint, line), LINT_N8, "%04u has no row of its own",
                         (unsigned)(line->code / 1000000));
            }
            continue;
        }
        check_life(lint, i);
        check_indent(lint, i, before);
        check_units(lint, line);
        if (line->description[0] == '\0') {
            lint_add(lint, place_of(lint, line), LINT_N2, "the line has no description");
        }
        if (line->code == 0) {
            lint_add(lint, place_of(lint, line), LINT_N7, "no number, and none below: '%.60s'",
                     line->description);
        } else if (line->code < code_before) {
            lint_add(lint, place_of(lint, line), LINT_N9, "%010llu stands behind %010llu",
                     (unsigned long long)line->code, (unsigned long long)code_before);
        }
        if (line->indent > 0 && line->suffix == NOMENCLATURE_SUFFIX &&
            count_children(tree, i) == 1) {
            lint_add(lint, place_of(lint, line), LINT_N11, "%010llu has a single line below it",
                     (unsigned long long)line->code);
        }
        code_before = line->code != 0 ? line->code : code_before;
        before = i;
    }
}
