/* SPDX-License-Identifier: GPL-3.0-or-later
 * schedule.h - a tariff in memory: what was read from its files, and which measures apply.
 *
 * Immutable once loaded; everything lives in the arena that it was loaded into. The layout of the
 * files is in scenarios/tariffs/README.md; schedule_read.h reads it. Days count from 1970-01-01. */
#ifndef CORE_TARIFF_SCHEDULE_H
#define CORE_TARIFF_SCHEDULE_H

#include "core/base/node.h"
#include "core/tariff/measure.h"
#include "core/tariff/nomenclature.h"
#include "core/tariff/schedule_names.h"

/* An area: a country, or a group of them. */
struct tariff_area {
    const char *id, *description;
    bool is_everyone; /* erga omnes: all origins, known or not */
    bool is_group;    /* a list of members is written, be it empty */
    uint32_t member_first, member_count;
    struct place place;
};

/* `member` belongs to a group from one day to another, both included. */
struct tariff_member {
    uint16_t member;
    int32_t valid_from, valid_to;
};

/* Anything else that measures refer to by name. */
struct tariff_entry {
    const char *id, *description;
    int32_t valid_from, valid_to;
    struct place place;
};

/* Entry 0 is none. Registers that no section declares (order numbers, schemes and triggers belong
 * to others) hold the names that measures use. */
struct tariff_register {
    const struct tariff_entry *entries;
    uint32_t count; /* including entry 0 */
    struct schedule_names names;
};

/* Where a measure was written; for lint, which wants the place of a field, in our own layout. */
struct tariff_record {
    uint32_t line;
    uint16_t source, column;
    uint32_t fields; /* index in the tariff's record_fields, 0 for none */
};

enum { RECORD_FIELDS_MAX = 20 };
struct tariff_record_fields {
    uint8_t below[RECORD_FIELDS_MAX];   /* lines below the record's first */
    uint16_t column[RECORD_FIELDS_MAX]; /* 0 where the field is not written */
};

struct tariff {
    const char *name, *summary;
    const struct node *document; /* the YAML, for the sections of others */
    struct nomenclature nomenclature;
    const char *const *line_units; /* names of units to declare with lines */
    uint32_t line_unit_count;
    const struct measure *measures; /* sorted by line, then as they are found; measure 0 is none */
    uint32_t measure_count;
    const struct measure_type *types; /* type 0 is none */
    uint32_t type_count;
    const struct tariff_area *areas; /* area 0 is none: an origin that is not known */
    uint32_t area_count;
    struct schedule_names area_names;
    const struct tariff_member *members;
    uint32_t member_count;
    /* Bits of area_count by area_count: whom an area includes on some day (itself, its members,
     * everyone), and whom not on every day. */
    const uint64_t *membership, *membership_dated;
    uint32_t membership_stride; /* words an area */
    struct tariff_register series, additional_codes, certificates, footnotes, acts, order_numbers,
        schemes, triggers;
    const struct duty *duties; /* duty 0 is none; equal ones are one */
    const char *const *duty_texts;
    uint32_t duty_count;
    const struct condition *conditions;
    uint32_t condition_count;
    const uint16_t *exclusions, *measure_footnotes;
    const struct tariff_record *records; /* in the order of the files */
    uint32_t record_count;
    const struct tariff_record_fields *record_fields;
    const char *const *sources; /* names of files */
    uint32_t source_count;
};

struct schedule_query {
    uint64_t code;                    /* ten digits */
    unsigned suffix;                  /* 0 is 80 */
    unsigned origin;                  /* index of an area, 0 for not known */
    enum measure_movement movement;   /* 0 is import */
    int64_t goods_day;                /* when the goods are declared */
    int64_t known_day;                /* as whose law */
    const uint16_t *additional_codes; /* declared */
    unsigned additional_code_count;
};

enum { SCHEDULE_NO_CODE = -1, SCHEDULE_TOO_MANY = -2 };

/* The measures that apply before their conditions are judged: on the code or a line above it, in
 * force and known, in season, for the origin, without an additional code or with a declared one. In
 * the order of series, then of types, then of the file. Returns their number, or SCHEDULE_NO_CODE
 * when the code is not valid on the day, or SCHEDULE_TOO_MANY. Allocates nothing. */
int schedule_find(const struct tariff *tariff, const struct schedule_query *query,
                  const struct measure **matches, unsigned max);

/* Whether an area includes an origin on a day; a country includes itself. */
bool schedule_area_has(const struct tariff *tariff, unsigned area, unsigned origin, int64_t day);

/* Indices by name; 0 when there is none. */
unsigned schedule_area(const struct tariff *tariff, const char *id);
unsigned schedule_entry(const struct tariff_register *entries, const char *id);

/* Where a measure was written: its record, or one of its fields (enum schedule_field of
 * schedule_read.h) where that is written. */
struct place schedule_place(const struct tariff *tariff, const struct measure *measure, int field);

#endif
