/* SPDX-License-Identifier: GPL-3.0-or-later
 * made_tariff.h - tariffs of any size by chance: areas, groups, types, and measures on the lines of
 * a tree, with every kind of restriction that a lookup looks at. */
#ifndef TESTS_UNIT_MADE_TARIFF_H
#define TESTS_UNIT_MADE_TARIFF_H

#include "core/tariff/schedule_build.h"
#include "tests/test.h"

enum { MADE_COUNTRIES = 20, MADE_GROUPS = 5, MADE_TYPES = 8, MADE_CODES = 3, MADE_DAYS = 2000 };

struct made_chance {
    uint64_t state;
};

/* Vigna's splitmix64. */
static inline uint32_t made_below(struct made_chance *chance, uint32_t bound) {
    uint64_t z = chance->state += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ z >> 31) >> 11) % bound;
}

static inline void made_registers(struct schedule_builder *builder, struct made_chance *chance) {
    struct error err = ERROR_INIT;
    struct place place = {"made", 0, 0};
    struct arena *arena = builder->arena;
    static const enum measure_kind kinds[] = {MEASURE_KIND_duty, MEASURE_KIND_preference,
                                              MEASURE_KIND_vat, MEASURE_KIND_anti_dumping};
    schedule_build_source(builder, "made");
    for (unsigned i = 0; i < 3; i++) {
        schedule_build_name(builder, REGISTER_SERIES, arena_format(arena, "S%u", i), place);
    }
    for (unsigned i = 0; i < MADE_CODES; i++) {
        schedule_build_name(builder, REGISTER_ADDITIONAL_CODES, arena_format(arena, "X%u", i),
                            place);
    }
    for (unsigned i = 0; i < MADE_TYPES; i++) {
        struct measure_type type = {.id = arena_format(arena, "T%u", i),
                                    .description = "",
                                    .kind = kinds[i % 4],
                                    .movement = i == 7 ? MOVEMENT_EXPORT : MOVEMENT_IMPORT,
                                    .series = (uint16_t)(1 + i * 2 % 3),
                                    .level = 10,
                                    .valid_from = NOMENCLATURE_EVER,
                                    .valid_to = NOMENCLATURE_FOREVER};
        schedule_build_type(builder, &type, &err);
    }
    for (unsigned i = 0; i < 1 + MADE_COUNTRIES + MADE_GROUPS; i++) {
        struct tariff_area area = {.id = arena_format(arena, "A%u", i), .is_everyone = i == 0};
        schedule_build_area(builder, &area, &err);
    }
    for (unsigned i = 0; i < MADE_GROUPS; i++) {
        for (unsigned country = 0; country < MADE_COUNTRIES; country++) {
            int32_t from = (int32_t)made_below(chance, MADE_DAYS);
            struct tariff_member member = {(uint16_t)(2 + country), from,
                                           from + (int32_t)made_below(chance, 900)};
            if (made_below(chance, 3) == 0) {
                schedule_build_member(builder, 2 + MADE_COUNTRIES + i, &member);
            }
        }
    }
    CHECK_INT(err.code, ERROR_NONE);
}

static inline int32_t made_end(struct made_chance *chance, int32_t from, int32_t open) {
    return made_below(chance, 2) == 0 ? open : from + (int32_t)made_below(chance, 700);
}

/* Adds a measure on a line (the first version of its code and suffix). */
static inline void made_measure(struct schedule_builder *builder, struct made_chance *chance,
                                uint32_t line, uint32_t duty) {
    struct measure measure = {.line = line,
                              .type = (uint16_t)(1 + made_below(chance, MADE_TYPES)),
                              .area = (uint16_t)(1 + made_below(chance, 26)),
                              .duty = duty};
    measure.valid_from = (int32_t)made_below(chance, MADE_DAYS);
    measure.valid_to = made_end(chance, measure.valid_from, NOMENCLATURE_FOREVER);
    measure.known_from = (int32_t)made_below(chance, MADE_DAYS);
    measure.known_to = made_end(chance, measure.known_from, NOMENCLATURE_FOREVER);
    if (made_below(chance, 4) == 0) {
        measure.additional_code = (uint16_t)(1 + made_below(chance, MADE_CODES));
    }
    if (made_below(chance, 5) == 0) {
        measure.season_from =
            (uint16_t)measure_day_of_year(1 + made_below(chance, 12), 1 + made_below(chance, 28));
        measure.season_to =
            (uint16_t)measure_day_of_year(1 + made_below(chance, 12), 1 + made_below(chance, 28));
    }
    for (unsigned i = made_below(chance, 6); i < 2; i++) {
        uint32_t index = schedule_build_exclusion(builder, (uint16_t)(2 + made_below(chance, 25)));
        measure.exclusion = measure.exclusion_count == 0 ? index : measure.exclusion;
        measure.exclusion_count++;
    }
    struct tariff_record record = {.line = builder->records.count, .source = 1, .column = 1};
    measure.record = schedule_build_record(builder, &record, NULL);
    schedule_build_measure(builder, &measure);
}

/* A query about a line by chance; `declared` holds the additional codes. */
static inline struct schedule_query
made_query(struct made_chance *chance, const struct nomenclature_line *line, uint16_t declared[2]) {
    declared[0] = (uint16_t)(1 + made_below(chance, MADE_CODES));
    declared[1] = (uint16_t)(1 + made_below(chance, MADE_CODES));
    return (struct schedule_query){
        .code = line->code,
        .suffix = line->suffix,
        .origin = made_below(chance, 22) == 0 ? 0 : 2 + made_below(chance, MADE_COUNTRIES),
        .goods_day = (int64_t)made_below(chance, MADE_DAYS + 500),
        .known_day = (int64_t)made_below(chance, MADE_DAYS + 500),
        .additional_codes = declared,
        .additional_code_count = made_below(chance, 3)};
}

#endif
