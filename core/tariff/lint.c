/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tariff/lint_work.h"

#include <stdio.h>
#include <string.h>

const char *lint_rule_name(enum lint_rule rule) {
    static const char *const names[] = {
#define X(id, doc) #id,
        LINT_RULES(X)
#undef X
    };
    return names[rule];
}

const char *lint_rule_doc(enum lint_rule rule) {
    static const char *const docs[] = {
#define X(id, doc) doc,
        LINT_RULES(X)
#undef X
    };
    return docs[rule];
}

static void add(struct lint *lint, struct place place, enum lint_rule rule, const char *text) {
    lint->findings = arena_grow(lint->arena, lint->findings, lint->count, &lint->capacity,
                                sizeof *lint->findings);
    lint->findings[lint->count++] =
        (struct lint_finding){place, rule, arena_text(lint->arena, text, strlen(text))};
}

void lint_add(struct lint *lint, struct place place, enum lint_rule rule, const char *format, ...) {
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    add(lint, place, rule, text);
}

void lint_add_measure(struct lint *lint, const struct measure *measure, int field,
                      enum lint_rule rule, const char *format, ...) {
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    add(lint, schedule_place(lint->tariff, measure, field), rule, text);
}

static int compare_places(const struct lint_finding *a, const struct lint_finding *b) {
    int source = a->place.source == b->place.source ? 0 : strcmp(a->place.source, b->place.source);
    if (source != 0) {
        return source;
    }
    return a->place.line != b->place.line       ? a->place.line - b->place.line
           : a->place.column != b->place.column ? a->place.column - b->place.column
                                                : (int)a->rule - (int)b->rule;
}

/* Merges two sorted runs, the first before the second where equal. */
static void merge(const struct lint_finding *from, struct lint_finding *to, uint32_t first,
                  uint32_t middle, uint32_t end) {
    uint32_t left = first, right = middle;
    for (uint32_t i = first; i < end; i++) {
        bool is_left =
            left < middle && (right >= end || compare_places(&from[left], &from[right]) <= 0);
        to[i] = from[is_left ? left++ : right++];
    }
}

static struct lint_finding *sort_findings(struct lint *lint) {
    struct lint_finding *from = lint->findings;
    struct lint_finding *to = ARENA_ARRAY(lint->arena, struct lint_finding, lint->count + 1);
    for (uint64_t width = 1; width < lint->count; width *= 2) {
        for (uint64_t first = 0; first < lint->count; first += 2 * width) {
            uint64_t middle = first + width < lint->count ? first + width : lint->count;
            uint64_t end = first + 2 * width < lint->count ? first + 2 * width : lint->count;
            merge(from, to, (uint32_t)first, (uint32_t)middle, (uint32_t)end);
        }
        struct lint_finding *sorted = to;
        to = from;
        from = sorted;
    }
    return from;
}

static void add_notes(struct lint *lint, const struct us_schedule_notes *notes) {
    for (uint32_t i = 0; notes != NULL && i < notes->count; i++) {
        for (int rule = 0; rule < LINT_RULE_COUNT; rule++) {
            if (strcmp(notes->notes[i].rule, lint_rule_name((enum lint_rule)rule)) == 0) {
                add(lint, notes->notes[i].place, (enum lint_rule)rule, notes->notes[i].text);
            }
        }
    }
}

struct lint_report lint_tariff(const struct tariff *tariff, const struct us_schedule_notes *notes,
                               struct arena *arena) {
    struct lint lint = {.tariff = tariff, .arena = arena};
    lint_nomenclature(&lint);
    lint_register(&lint);
    lint_measure(&lint);
    lint_overlap(&lint);
    lint_condition(&lint);
    lint_duty(&lint);
    lint_cover(&lint);
    add_notes(&lint, notes);
    struct lint_report report = {.findings = sort_findings(&lint), .count = lint.count};
    for (uint32_t i = 0; i < lint.count; i++) {
        report.counts[report.findings[i].rule]++;
    }
    return report;
}
