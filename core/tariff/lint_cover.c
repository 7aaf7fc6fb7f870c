/* SPDX-License-Identifier: GPL-3.0-or-later
 * lint_cover.c - rules about what goods need: a duty, a tax where others have it, a preference that
 * is one. */
#include "core/tariff/lint_work.h"
#include "core/tariff/schedule_read.h"

/* Whether the duty is one share and nothing else. */
static bool is_share(const struct duty *duty) {
    return duty->count == 1 && duty->components[0].verb == DUTY_PLUS &&
           duty->components[0].basis == DUTY_SHARE && duty->components[0].part == NULL;
}

/* Whether the measure is of the kind, for everyone, all year, whatever the additional code. */
static bool is_general(const struct tariff *tariff, const struct measure *measure,
                       enum measure_kind kind) {
    return tariff->types[measure->type].kind == kind && tariff->areas[measure->area].is_everyone &&
           measure->additional_code == 0 && measure->season_from == 0;
}

/* The first measure of the kind for everyone, on the line or above it; NULL without one. */
static const struct measure *find_general(const struct tariff *tariff, uint32_t line,
                                          enum measure_kind kind) {
    const struct nomenclature_line *lines = tariff->nomenclature.lines;
    for (; line != 0; line = lines[line].chain) {
        for (uint32_t i = 0; i < lines[line].measure_count; i++) {
            const struct measure *measure = &tariff->measures[lines[line].measure_first + i];
            if (is_general(tariff, measure, kind)) {
                return measure;
            }
        }
    }
    return NULL;
}

static bool has_kind(const struct tariff *tariff, enum measure_kind kind) {
    for (uint32_t i = 1; i < tariff->measure_count; i++) {
        if (tariff->types[tariff->measures[i].type].kind == kind) {
            return true;
        }
    }
    return false;
}

static void check_goods(struct lint *lint) {
    const struct tariff *tariff = lint->tariff;
    bool has_vat = has_kind(tariff, MEASURE_KIND_vat);
    bool has_duty = has_kind(tariff, MEASURE_KIND_duty);
    for (uint32_t i = 1; i < tariff->nomenclature.count; i++) {
        const struct nomenclature_line *line = &tariff->nomenclature.lines[i];
        if (line->has_choices || line->suffix != NOMENCLATURE_SUFFIX || line->is_implied ||
            line->code == 0) {
            continue;
        }
        struct place place = {tariff->sources[line->place_source], (int)line->place_line,
                              line->place_column};
        if (has_vat && find_general(tariff, i, MEASURE_KIND_vat) == NULL) {
            lint_add(lint, place, LINT_V1, "%010llu has no value added tax",
                     (unsigned long long)line->code);
        }
        if (has_duty && find_general(tariff, i, MEASURE_KIND_duty) == NULL) {
            lint_add(lint, place, LINT_V2, "%010llu has no duty that everybody pays",
                     (unsigned long long)line->code);
        }
    }
}

static void check_preferences(struct lint *lint) {
    const struct tariff *tariff = lint->tariff;
    for (uint32_t i = 1; i < tariff->measure_count; i++) {
        const struct measure *measure = &tariff->measures[i];
        const struct duty *duty = &tariff->duties[measure->duty];
        if (tariff->types[measure->type].kind != MEASURE_KIND_preference || !is_share(duty)) {
            continue;
        }
        const struct measure *general = find_general(tariff, measure->line, MEASURE_KIND_duty);
        const struct duty *own = general == NULL ? duty : &tariff->duties[general->duty];
        if (is_share(own) &&
            exact_compare(duty->components[0].amount, own->components[0].amount) > 0) {
            lint_add_measure(lint, measure, SCHEDULE_FIELD_duty, LINT_P5,
                             "the preference of %s is dearer than %s",
                             tariff->duty_texts[measure->duty], tariff->duty_texts[general->duty]);
        }
    }
}

void lint_cover(struct lint *lint) {
    check_goods(lint);
    check_preferences(lint);
}
