/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tariff/schedule.h"

/* A membership that does not last for ever. */
static bool is_member_on(const struct tariff *tariff, unsigned area, unsigned origin, int64_t day) {
    const struct tariff_area *group = &tariff->areas[area];
    for (uint32_t i = 0; i < group->member_count; i++) {
        const struct tariff_member *member = &tariff->members[group->member_first + i];
        if (member->member == origin && member->valid_from <= day && day <= member->valid_to) {
            return true;
        }
    }
    return false;
}

bool schedule_area_has(const struct tariff *tariff, unsigned area, unsigned origin, int64_t day) {
    size_t word = (size_t)area * tariff->membership_stride + origin / 64;
    uint64_t bit = (uint64_t)1 << origin % 64;
    if ((tariff->membership[word] & bit) == 0) {
        return false;
    }
    return (tariff->membership_dated[word] & bit) == 0 || is_member_on(tariff, area, origin, day);
}

static bool is_excluded(const struct tariff *tariff, const struct measure *measure,
                        const struct schedule_query *query) {
    for (unsigned i = 0; i < measure->exclusion_count; i++) {
        if (schedule_area_has(tariff, tariff->exclusions[measure->exclusion + i], query->origin,
                              query->goods_day)) {
            return true;
        }
    }
    return false;
}

static bool is_declared(const struct schedule_query *query, uint16_t additional_code) {
    for (unsigned i = 0; i < query->additional_code_count; i++) {
        if (query->additional_codes[i] == additional_code) {
            return true;
        }
    }
    return false;
}

static bool applies(const struct tariff *tariff, const struct measure *measure,
                    const struct schedule_query *query, unsigned movement) {
    int64_t day = query->goods_day;
    return measure->valid_from <= day && day <= measure->valid_to &&
           measure->known_from <= query->known_day && query->known_day <= measure->known_to &&
           schedule_area_has(tariff, measure->area, query->origin, day) &&
           (tariff->types[measure->type].movement & movement) != 0 &&
           (measure->additional_code == 0 || is_declared(query, measure->additional_code)) &&
           measure_in_season(measure->season_from, measure->season_to, day) &&
           !is_excluded(tariff, measure, query);
}

static uint64_t rank(const struct tariff *tariff, const struct measure *measure) {
    return (uint64_t)tariff->types[measure->type].order << 32 | measure->record;
}

/* Those found on one line are in order; what is found above them is sorted in. */
static void insert(const struct tariff *tariff, const struct measure *measure,
                   const struct measure **matches, unsigned count) {
    uint64_t own = rank(tariff, measure);
    for (; count > 0 && rank(tariff, matches[count - 1]) > own; count--) {
        matches[count] = matches[count - 1];
    }
    matches[count] = measure;
}

int schedule_find(const struct tariff *tariff, const struct schedule_query *query,
                  const struct measure **matches, unsigned max) {
    const struct nomenclature *nomenclature = &tariff->nomenclature;
    unsigned movement = query->movement == 0 ? MOVEMENT_IMPORT : query->movement;
    unsigned count = 0;
    uint32_t line = nomenclature_find(nomenclature, query->code,
                                      query->suffix == 0 ? NOMENCLATURE_SUFFIX : query->suffix,
                                      query->goods_day);
    if (line == 0) {
        return SCHEDULE_NO_CODE;
    }
    for (; line != 0; line = nomenclature->lines[line].chain) {
        const struct nomenclature_line *at = &nomenclature->lines[line];
        const struct measure *measure = tariff->measures + at->measure_first;
        for (const struct measure *end = measure + at->measure_count; measure < end; measure++) {
            if (!applies(tariff, measure, query, movement)) {
                continue;
            }
            if (count == max) {
                return SCHEDULE_TOO_MANY;
            }
            insert(tariff, measure, matches, count++);
        }
    }
    return (int)count;
}

unsigned schedule_area(const struct tariff *tariff, const char *id) {
    return schedule_names_find(&tariff->area_names, id);
}

unsigned schedule_entry(const struct tariff_register *entries, const char *id) {
    return schedule_names_find(&entries->names, id);
}

struct place schedule_place(const struct tariff *tariff, const struct measure *measure, int field) {
    const struct tariff_record *record = &tariff->records[measure->record];
    struct place place = {tariff->sources[record->source], (int)record->line, record->column};
    if (field >= 0 && record->fields != 0) {
        const struct tariff_record_fields *fields = &tariff->record_fields[record->fields];
        if (fields->column[field] != 0) {
            place.line += fields->below[field];
            place.column = fields->column[field];
        }
    }
    return place;
}
