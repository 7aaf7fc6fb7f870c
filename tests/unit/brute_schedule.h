/* SPDX-License-Identifier: GPL-3.0-or-later
 * brute_schedule.h - what schedule_find should give, by looking at every measure and every line. */
#ifndef TESTS_UNIT_BRUTE_SCHEDULE_H
#define TESTS_UNIT_BRUTE_SCHEDULE_H

#include "core/tariff/schedule.h"
#include "tests/test.h"

enum { BRUTE_MATCHES_MAX = 4096 };

static inline bool brute_has(const struct tariff *tariff, unsigned area, unsigned origin,
                             int64_t day) {
    const struct tariff_area *group = &tariff->areas[area];
    if (group->is_everyone || (origin != 0 && area == origin)) {
        return true;
    }
    for (uint32_t i = 0; origin != 0 && i < group->member_count; i++) {
        const struct tariff_member *member = &tariff->members[group->member_first + i];
        if (member->member == origin && member->valid_from <= day && day <= member->valid_to) {
            return true;
        }
    }
    return false;
}

static inline bool brute_applies(const struct tariff *tariff, const struct measure *measure,
                                 const struct schedule_query *query) {
    bool is_declared = measure->additional_code == 0;
    for (unsigned i = 0; i < query->additional_code_count; i++) {
        is_declared |= query->additional_codes[i] == measure->additional_code;
    }
    bool is_excluded = false;
    for (unsigned i = 0; i < measure->exclusion_count; i++) {
        is_excluded |= brute_has(tariff, tariff->exclusions[measure->exclusion + i], query->origin,
                                 query->goods_day);
    }
    return is_declared && !is_excluded && query->goods_day >= measure->valid_from &&
           query->goods_day <= measure->valid_to && query->known_day >= measure->known_from &&
           query->known_day <= measure->known_to &&
           brute_has(tariff, measure->area, query->origin, query->goods_day) &&
           (tariff->types[measure->type].movement & MOVEMENT_IMPORT) != 0 &&
           measure_in_season(measure->season_from, measure->season_to, query->goods_day);
}

/* Whether `a` comes before `b`: series, type, and as they were written. */
static inline bool brute_before(const struct tariff *tariff, const struct measure *a,
                                const struct measure *b) {
    unsigned series_a = tariff->types[a->type].series, series_b = tariff->types[b->type].series;
    if (series_a != series_b) {
        return series_a < series_b;
    }
    return a->type != b->type ? a->type < b->type : a->record < b->record;
}

/* Fills `on_line` for the line and those above it, found by code and suffix alone. */
static inline int brute_find(const struct tariff *tariff, const struct schedule_query *query,
                             const struct measure **matches) {
    const struct nomenclature_line *lines = tariff->nomenclature.lines;
    unsigned suffix = query->suffix == 0 ? 80 : query->suffix;
    uint32_t line = 0;
    for (uint32_t i = 1; i < tariff->nomenclature.count && line == 0; i++) {
        if (lines[i].code == query->code && lines[i].suffix == suffix &&
            lines[i].valid_from <= query->goods_day && query->goods_day <= lines[i].valid_to) {
            line = i;
        }
    }
    if (line == 0) {
        return SCHEDULE_NO_CODE;
    }
    int count = 0;
    for (; line != 0; line = lines[line].parent) {
        for (uint32_t m = 1; m < tariff->measure_count; m++) {
            const struct measure *measure = &tariff->measures[m];
            const struct nomenclature_line *on = &lines[measure->line];
            if (on->code != lines[line].code || on->suffix != lines[line].suffix ||
                !brute_applies(tariff, measure, query)) {
                continue;
            }
            int at = count++;
            for (; at > 0 && brute_before(tariff, measure, matches[at - 1]); at--) {
                matches[at] = matches[at - 1];
            }
            matches[at] = measure;
        }
    }
    return count;
}

/* Whether both give the same measures in the same order. */
static inline bool brute_agrees(const struct tariff *tariff, const struct schedule_query *query,
                                unsigned *found) {
    const struct measure *expected[BRUTE_MATCHES_MAX], *got[BRUTE_MATCHES_MAX];
    int expected_count = brute_find(tariff, query, expected);
    int got_count = schedule_find(tariff, query, got, BRUTE_MATCHES_MAX);
    *found += expected_count > 0 ? (unsigned)expected_count : 0;
    return expected_count == got_count &&
           (got_count <= 0 ||
            memcmp(expected, got, (size_t)got_count * sizeof(struct measure *)) == 0);
}

#endif
