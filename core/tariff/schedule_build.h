/* SPDX-License-Identifier: GPL-3.0-or-later
 * schedule_build.h - putting a tariff together: readers add what they read, finish makes it fast.
 *
 * Order: sources and registers, then rows, schedule_build_tree, then measures on its lines, then
 * schedule_build_finish. What stays is in the arena, what is needed while building in a scratch
 * arena that finish (or drop, after an error) gives back. */
#ifndef CORE_TARIFF_SCHEDULE_BUILD_H
#define CORE_TARIFF_SCHEDULE_BUILD_H

#include "core/tariff/schedule.h"

/* A growing array in the scratch arena; entry 0 is none. */
struct schedule_list {
    void *items;
    uint32_t count;
    size_t capacity;
};

struct schedule_entries {
    struct schedule_list list; /* of struct tariff_entry */
    struct schedule_names names;
};

enum schedule_register {
    REGISTER_SERIES,
    REGISTER_ADDITIONAL_CODES,
    REGISTER_CERTIFICATES,
    REGISTER_FOOTNOTES,
    REGISTER_ACTS,
    REGISTER_ORDER_NUMBERS,
    REGISTER_SCHEMES,
    REGISTER_TRIGGERS,
    REGISTER_COUNT
};

enum { SCHEDULE_AREAS_MAX = 4096, SCHEDULE_ENTRIES_MAX = 65535 };

struct schedule_builder {
    struct arena *arena, scratch;
    struct tariff *tariff;
    struct schedule_list rows, measures, records, record_fields, conditions, exclusions, footnotes,
        types, areas, members, sources, units, unit_ranges, duties, text_duties;
    struct schedule_names type_names, area_names, unit_lists, texts, canonical;
    struct schedule_entries registers[REGISTER_COUNT];
    uint32_t *row_lines; /* the line of each row, once there is a tree */
    /* Where room was made: in the arena, to stay there unless more come than were foreseen. */
    const void *reserved_measures, *reserved_records;
};

/* `document` may be NULL. */
void schedule_build_init(struct schedule_builder *builder, struct arena *arena,
                         const struct node *document);
void schedule_build_drop(struct schedule_builder *builder);

/* The index of a file's name, which has to live as long as the tariff. */
uint16_t schedule_build_source(struct schedule_builder *builder, const char *name);

/* Each adds one thing and returns its index. An id, and every other text, has to live as long as
 * the tariff. -1 and an error for an id that is there, or too many. */
int schedule_build_type(struct schedule_builder *builder, const struct measure_type *type,
                        struct error *err);
int schedule_build_area(struct schedule_builder *builder, const struct tariff_area *area,
                        struct error *err);
int schedule_build_entry(struct schedule_builder *builder, enum schedule_register which,
                         const struct tariff_entry *entry, struct error *err);

/* Adds a member to an area; members of one area are added one after another. */
void schedule_build_member(struct schedule_builder *builder, unsigned area,
                           const struct tariff_member *member);

/* The index of an entry, which is added with no more than its id when there is none (order numbers,
 * schemes, triggers). 0 when there are too many. */
uint16_t schedule_build_name(struct schedule_builder *builder, enum schedule_register which,
                             const char *id, struct place place);

/* Sets the units of a row: names between bars, "kg|No.". */
void schedule_build_units(struct schedule_builder *builder, struct nomenclature_line *row,
                          const char *list);
uint32_t schedule_build_row(struct schedule_builder *builder, const struct nomenclature_line *row);

/* Makes the tree; from here on the nomenclature of builder->tariff can be asked. */
void schedule_build_tree(struct schedule_builder *builder);
uint32_t schedule_build_line(const struct schedule_builder *builder, uint32_t row);

/* The index of a duty; equal texts are parsed once and equal duties are one. -1 and an error. */
int schedule_build_duty(struct schedule_builder *builder, const char *text, struct place place,
                        uint32_t *duty, struct error *err);
uint32_t schedule_build_duty_of(struct schedule_builder *builder, const struct duty *duty);

/* Each returns its index; a measure refers to the first of its own, which stand together. */
uint32_t schedule_build_condition(struct schedule_builder *builder,
                                  const struct condition *condition);
uint32_t schedule_build_exclusion(struct schedule_builder *builder, uint16_t area);
uint32_t schedule_build_footnote(struct schedule_builder *builder, uint16_t footnote);
uint32_t schedule_build_record(struct schedule_builder *builder, const struct tariff_record *record,
                               const struct tariff_record_fields *fields);

/* Makes room for as many measures, which are then not copied; without, room is made as they come.
 */
void schedule_build_reserve(struct schedule_builder *builder, uint32_t measure_count);

/* Adds a measure on a line of the tree; its record has to be the one added last. */
void schedule_build_measure(struct schedule_builder *builder, const struct measure *measure);

/* Sorts and indexes. The builder is empty afterwards. */
const struct tariff *schedule_build_finish(struct schedule_builder *builder);

#endif
