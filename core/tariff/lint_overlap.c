/* SPDX-License-Identifier: GPL-3.0-or-later
 * lint_overlap.c - rules about measures that say things about the same goods on the same day. */
#include "core/tariff/lint_work.h"
#include "core/tariff/schedule_read.h"

enum { PAIRS_MAX = 512 }; /* measures of a line that are held against each other */

/* Whether two seasons, each all year or crossing the year end or not, have a day in common. */
static bool shares_season(const struct measure *a, const struct measure *b) {
    if (a->season_from == 0 || b->season_from == 0) {
        return true;
    }
    bool a_has_b = a->season_from <= a->season_to
                       ? a->season_from <= b->season_from && b->season_from <= a->season_to
                       : a->season_from <= b->season_from || b->season_from <= a->season_to;
    bool b_has_a = b->season_from <= b->season_to
                       ? b->season_from <= a->season_from && a->season_from <= b->season_to
                       : b->season_from <= a->season_from || a->season_from <= b->season_to;
    return a_has_b || b_has_a;
}

/* Whether both apply to the same goods on some day, seen from the same day. */
static bool collides(const struct measure *a, const struct measure *b) {
    return a->type == b->type && a->area == b->area && a->additional_code == b->additional_code &&
           a->order_number == b->order_number &&
           lint_overlaps(a->valid_from, a->valid_to, b->valid_from, b->valid_to) &&
           lint_overlaps(a->known_from, a->known_to, b->known_from, b->known_to) &&
           shares_season(a, b);
}

static bool is_same(const struct measure *a, const struct measure *b) {
    return a->duty == b->duty && a->valid_from == b->valid_from && a->valid_to == b->valid_to &&
           a->known_from == b->known_from && a->known_to == b->known_to &&
           a->season_from == b->season_from && a->season_to == b->season_to &&
           a->condition_count == b->condition_count && a->exclusion_count == b->exclusion_count;
}

static void check_pair(struct lint *lint, const struct measure *measure,
                       const struct measure *earlier) {
    if (!collides(measure, earlier)) {
        return;
    }
    struct place place = schedule_place(lint->tariff, earlier, -1);
    if (is_same(measure, earlier)) {
        lint_add_measure(lint, measure, -1, LINT_M4, "the measure stands in line %d already",
                         place.line);
    } else {
        lint_add_measure(lint, measure, -1, LINT_M3,
                         "for the same goods the measure in line %d says otherwise", place.line);
    }
}

static bool is_inherited_twice(const struct tariff *tariff, const struct measure *measure,
                               const struct nomenclature_line *above) {
    uint32_t count = above->measure_count < PAIRS_MAX ? above->measure_count : PAIRS_MAX;
    for (uint32_t i = 0; i < count; i++) {
        if (collides(measure, &tariff->measures[above->measure_first + i])) {
            return true;
        }
    }
    return false;
}

static void check_above(struct lint *lint, const struct measure *measure) {
    const struct nomenclature_line *lines = lint->tariff->nomenclature.lines;
    for (uint32_t above = lines[measure->line].chain; above != 0; above = lines[above].chain) {
        if (is_inherited_twice(lint->tariff, measure, &lines[above])) {
            lint_add_measure(
                lint, measure, -1, LINT_M5, "a measure of type %s is inherited from %010llu",
                lint->tariff->types[measure->type].id, (unsigned long long)lines[above].code);
            return;
        }
    }
}

void lint_overlap(struct lint *lint) {
    const struct tariff *tariff = lint->tariff;
    for (uint32_t i = 1; i < tariff->measure_count; i++) {
        const struct measure *measure = &tariff->measures[i];
        uint32_t first = tariff->nomenclature.lines[measure->line].measure_first;
        first = i - first > PAIRS_MAX ? i - PAIRS_MAX : first;
        for (uint32_t k = i; k-- > first && tariff->measures[k].type == measure->type;) {
            check_pair(lint, measure, &tariff->measures[k]);
        }
        check_above(lint, measure);
    }
}
