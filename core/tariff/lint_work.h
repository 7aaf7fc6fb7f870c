/* SPDX-License-Identifier: GPL-3.0-or-later
 * lint_work.h - what the files of rules share. */
#ifndef CORE_TARIFF_LINT_WORK_H
#define CORE_TARIFF_LINT_WORK_H

#include "core/tariff/exchange.h"
#include "core/tariff/lint.h"

struct lint {
    const struct tariff *tariff;
    struct arena *arena;
    struct lint_finding *findings;
    uint32_t count;
    size_t capacity;
};

void lint_add(struct lint *lint, struct place place, enum lint_rule rule, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* At a measure's field, or at the measure where that is not written or -1. */
void lint_add_measure(struct lint *lint, const struct measure *measure, int field,
                      enum lint_rule rule, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Whether two ranges of days, both ends included, have a day in common. */
static inline bool lint_overlaps(int32_t from, int32_t to, int32_t other_from, int32_t other_to) {
    return from <= other_to && other_from <= to;
}

/* One function a family of rules. */
void lint_nomenclature(struct lint *lint);
void lint_register(struct lint *lint);
void lint_measure(struct lint *lint);
void lint_overlap(struct lint *lint);
void lint_condition(struct lint *lint);
void lint_duty(struct lint *lint);
void lint_cover(struct lint *lint);

#endif
