/* SPDX-License-Identifier: GPL-3.0-or-later
 * schedule_build_finish.c - what was read becomes what is looked up. */
#include "core/tariff/schedule_build.h"

#include <string.h>

/* A copy of a list in the arena, at least the zeroed entry 0. */
static void *keep(struct schedule_builder *builder, const struct schedule_list *list, size_t size) {
    void *copy = arena_alloc_array(builder->arena, list->count == 0 ? 1 : list->count, size);
    if (list->count > 0) {
        memcpy(copy, list->items, list->count * size);
    }
    return copy;
}

static uint32_t count_of(const struct schedule_list *list) {
    return list->count == 0 ? 1 : list->count;
}

enum { IN_PLACE_MAX = 64 }; /* measures of a line */

/* Ranks types by series, then as they stand. */
static void order_types(struct measure_type *types, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        unsigned order = 0;
        for (uint32_t k = 0; k < count; k++) {
            order +=
                types[k].series < types[i].series || (types[k].series == types[i].series && k < i);
        }
        types[i].order = (uint16_t)order;
    }
}

/* Sorts the indices `from` into `to` by keys below key_count; equals keep their order. */
static void sort_stable(const uint32_t *from, uint32_t *to, const uint32_t *keys, uint32_t count,
                        uint32_t key_count, struct arena *scratch) {
    uint32_t *starts = ARENA_ARRAY(scratch, uint32_t, key_count + 1);
    for (uint32_t i = 0; i < count; i++) {
        starts[keys[from[i]] + 1]++;
    }
    for (uint32_t key = 0; key < key_count; key++) {
        starts[key + 1] += starts[key];
    }
    for (uint32_t i = 0; i < count; i++) {
        to[starts[keys[from[i]]]++] = from[i];
    }
}

/* Sorts where they stand, when they were read line by line and lines have few. */
static bool sort_in_place(const struct tariff *tariff, struct measure *measures, uint32_t count) {
    uint32_t first = 1;
    for (uint32_t i = 1; i < count; i++) {
        first = measures[i].line != measures[first].line ? i : first;
        if ((i > 1 && measures[i].line < measures[i - 1].line) || i - first > IN_PLACE_MAX) {
            return false;
        }
    }
    for (uint32_t i = 2; i < count; i++) {
        struct measure measure = measures[i];
        unsigned order = tariff->types[measure.type].order;
        uint32_t at = i;
        for (; at > 1 && measures[at - 1].line == measure.line &&
               tariff->types[measures[at - 1].type].order > order;
             at--) {
            measures[at] = measures[at - 1];
        }
        if (at < i) {
            measures[at] = measure;
        }
    }
    return true;
}

/* By line, then by type, then as they were read. */
static void sort_measures(struct schedule_builder *builder, struct tariff *tariff) {
    if (builder->reserved_measures != NULL &&
        builder->reserved_measures == builder->measures.items &&
        sort_in_place(tariff, builder->measures.items, builder->measures.count)) {
        tariff->measures = builder->measures.items;
        tariff->measure_count = builder->measures.count;
        return;
    }
    const struct measure *read = builder->measures.items;
    uint32_t count = count_of(&builder->measures);
    struct arena *scratch = &builder->scratch;
    uint32_t *keys = ARENA_ARRAY(scratch, uint32_t, count);
    uint32_t *one = ARENA_ARRAY(scratch, uint32_t, count);
    uint32_t *other = ARENA_ARRAY(scratch, uint32_t, count);
    struct measure *sorted = ARENA_ARRAY(builder->arena, struct measure, count);
    tariff->measures = sorted;
    tariff->measure_count = count;
    for (uint32_t i = 1; i < count; i++) {
        one[i - 1] = i;
        keys[i] = tariff->types[read[i].type].order;
    }
    sort_stable(one, other, keys, count - 1, tariff->type_count, scratch);
    for (uint32_t i = 1; i < count; i++) {
        keys[i] = read[i].line;
    }
    sort_stable(other, one, keys, count - 1, tariff->nomenclature.count, scratch);
    for (uint32_t i = 1; i < count; i++) {
        sorted[i] = read[one[i - 1]];
    }
}

/* Gives every line the range of its measures and the nearest line above it that has some. */
static void chain_lines(struct tariff *tariff) {
    struct nomenclature_line *lines = tariff->nomenclature.lines;
    for (uint32_t i = 1; i < tariff->measure_count; i++) {
        struct nomenclature_line *line = &lines[tariff->measures[i].line];
        line->measure_first = line->measure_count == 0 ? i : line->measure_first;
        line->measure_count++;
    }
    for (uint32_t i = 1; i < tariff->nomenclature.count; i++) {
        if (lines[i].version != 0) {
            lines[lines[i].version].measure_first = lines[i].measure_first;
            lines[lines[i].version].measure_count = lines[i].measure_count;
        }
    }
    for (uint32_t i = 1; i < tariff->nomenclature.count; i++) {
        uint32_t parent = lines[i].parent;
        lines[i].chain = lines[parent].measure_count > 0 ? parent : lines[parent].chain;
    }
}

static void fill_area(struct tariff *tariff, uint32_t area, uint64_t *has, uint64_t *dated) {
    for (uint32_t origin = 0; origin < tariff->area_count; origin++) {
        bool is_in = tariff->areas[area].is_everyone || (origin == area && area != 0);
        has[origin / 64] |= (uint64_t)is_in << origin % 64;
    }
    for (uint32_t i = 0; i < tariff->areas[area].member_count; i++) {
        const struct tariff_member *member = &tariff->members[tariff->areas[area].member_first + i];
        uint64_t bit = (uint64_t)1 << member->member % 64;
        uint32_t word = member->member / 64;
        bool is_dated =
            member->valid_from != NOMENCLATURE_EVER || member->valid_to != NOMENCLATURE_FOREVER;
        if ((has[word] & bit) == 0 && is_dated) {
            dated[word] |= bit;
        } else if (!is_dated) {
            dated[word] &= ~bit;
        }
        has[word] |= bit;
    }
}

static void fill_membership(struct schedule_builder *builder, struct tariff *tariff) {
    uint32_t stride = (tariff->area_count + 63) / 64;
    size_t words = (size_t)stride * tariff->area_count;
    uint64_t *has = ARENA_ARRAY(builder->arena, uint64_t, words);
    uint64_t *dated = ARENA_ARRAY(builder->arena, uint64_t, words);
    for (uint32_t area = 1; area < tariff->area_count; area++) {
        size_t row = (size_t)area * stride;
        fill_area(tariff, area, has + row, dated + row);
    }
    tariff->membership = has;
    tariff->membership_dated = dated;
    tariff->membership_stride = stride;
}

static void keep_registers(struct schedule_builder *builder, struct tariff *tariff) {
    struct tariff_register *const registers[REGISTER_COUNT] = {
        &tariff->series, &tariff->additional_codes, &tariff->certificates, &tariff->footnotes,
        &tariff->acts,   &tariff->order_numbers,    &tariff->schemes,      &tariff->triggers,
    };
    for (unsigned i = 0; i < REGISTER_COUNT; i++) {
        struct schedule_entries *entries = &builder->registers[i];
        *registers[i] = (struct tariff_register){
            .entries = keep(builder, &entries->list, sizeof(struct tariff_entry)),
            .count = count_of(&entries->list),
            .names = schedule_names_copy(&entries->names, builder->arena),
        };
    }
}

static void keep_lists(struct schedule_builder *builder, struct tariff *tariff) {
    struct measure_type *types = keep(builder, &builder->types, sizeof *types);
    tariff->type_count = count_of(&builder->types);
    order_types(types, tariff->type_count);
    tariff->types = types;
    tariff->areas = keep(builder, &builder->areas, sizeof(struct tariff_area));
    tariff->area_count = count_of(&builder->areas);
    tariff->area_names = schedule_names_copy(&builder->area_names, builder->arena);
    tariff->members = keep(builder, &builder->members, sizeof(struct tariff_member));
    tariff->member_count = count_of(&builder->members);
    tariff->line_units = keep(builder, &builder->units, sizeof(const char *));
    tariff->line_unit_count = count_of(&builder->units);
    tariff->duties = keep(builder, &builder->duties, sizeof(struct duty));
    tariff->duty_count = count_of(&builder->duties);
    tariff->duty_texts = schedule_names_copy(&builder->canonical, builder->arena).texts;
    tariff->conditions = keep(builder, &builder->conditions, sizeof(struct condition));
    tariff->condition_count = count_of(&builder->conditions);
    tariff->exclusions = keep(builder, &builder->exclusions, sizeof(uint16_t));
    tariff->measure_footnotes = keep(builder, &builder->footnotes, sizeof(uint16_t));
    bool stays =
        builder->reserved_records != NULL && builder->reserved_records == builder->records.items;
    tariff->records = stays ? builder->records.items
                            : keep(builder, &builder->records, sizeof(struct tariff_record));
    tariff->record_count = count_of(&builder->records);
    tariff->record_fields =
        keep(builder, &builder->record_fields, sizeof(struct tariff_record_fields));
    tariff->sources = keep(builder, &builder->sources, sizeof(const char *));
    tariff->source_count = count_of(&builder->sources);
}

const struct tariff *schedule_build_finish(struct schedule_builder *builder) {
    struct tariff *tariff = builder->tariff;
    keep_lists(builder, tariff);
    keep_registers(builder, tariff);
    fill_membership(builder, tariff);
    sort_measures(builder, tariff);
    chain_lines(tariff);
    schedule_build_drop(builder);
    return tariff;
}
