/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tariff/schedule_build.h"
#include "core/tariff/nomenclature_build.h"

#include <string.h>

/* Adds an item and returns its index; index 0 is left zero for none. */
static uint32_t push(struct schedule_builder *builder, struct schedule_list *list, size_t size,
                     const void *item) {
    if (list->count == 0) {
        list->items = arena_grow(&builder->scratch, list->items, 0, &list->capacity, size);
        list->count = 1;
    }
    list->items = arena_grow(&builder->scratch, list->items, list->count, &list->capacity, size);
    memcpy((char *)list->items + list->count * size, item, size);
    return list->count++;
}

void schedule_build_init(struct schedule_builder *builder, struct arena *arena,
                         const struct node *document) {
    *builder = (struct schedule_builder){.arena = arena, .tariff = ARENA_NEW(arena, struct tariff)};
    builder->tariff->document = document;
    builder->tariff->name = "";
    builder->tariff->summary = "";
}

void schedule_build_drop(struct schedule_builder *builder) {
    arena_free(&builder->scratch);
}

uint16_t schedule_build_source(struct schedule_builder *builder, const char *name) {
    const char **sources = builder->sources.items;
    for (uint32_t i = 1; i < builder->sources.count; i++) {
        if (strcmp(sources[i], name) == 0) {
            return (uint16_t)i;
        }
    }
    return (uint16_t)push(builder, &builder->sources, sizeof name, &name);
}

/* Numbers a new id, or complains. */
static int number_id(struct schedule_builder *builder, struct schedule_names *names, const char *id,
                     struct place place, unsigned max, struct error *err) {
    if (schedule_names_find(names, id) != 0) {
        return error_at(err, place, "'%s' is there already", id);
    }
    if (names->count >= max) {
        return error_at(err, place, "more than %u of a kind", max);
    }
    return (int)schedule_names_add(names, &builder->scratch, id);
}

int schedule_build_type(struct schedule_builder *builder, const struct measure_type *type,
                        struct error *err) {
    int index =
        number_id(builder, &builder->type_names, type->id, type->place, SCHEDULE_ENTRIES_MAX, err);
    return index < 0 ? -1 : (int)push(builder, &builder->types, sizeof *type, type);
}

int schedule_build_area(struct schedule_builder *builder, const struct tariff_area *area,
                        struct error *err) {
    int index =
        number_id(builder, &builder->area_names, area->id, area->place, SCHEDULE_AREAS_MAX, err);
    return index < 0 ? -1 : (int)push(builder, &builder->areas, sizeof *area, area);
}

void schedule_build_member(struct schedule_builder *builder, unsigned group,
                           const struct tariff_member *member) {
    struct tariff_area *areas = builder->areas.items;
    struct tariff_area *area = &areas[group];
    uint32_t index = push(builder, &builder->members, sizeof *member, member);
    area->member_first = area->member_count == 0 ? index : area->member_first;
    area->member_count++;
}

int schedule_build_entry(struct schedule_builder *builder, enum schedule_register which,
                         const struct tariff_entry *entry, struct error *err) {
    struct schedule_entries *entries = &builder->registers[which];
    int index =
        number_id(builder, &entries->names, entry->id, entry->place, SCHEDULE_ENTRIES_MAX, err);
    return index < 0 ? -1 : (int)push(builder, &entries->list, sizeof *entry, entry);
}

uint16_t schedule_build_name(struct schedule_builder *builder, enum schedule_register which,
                             const char *id, struct place place) {
    struct schedule_entries *entries = &builder->registers[which];
    uint32_t index = schedule_names_find(&entries->names, id);
    if (index == 0 && entries->names.count < SCHEDULE_ENTRIES_MAX) {
        struct tariff_entry entry = {.id = id,
                                     .description = "",
                                     .valid_from = NOMENCLATURE_EVER,
                                     .valid_to = NOMENCLATURE_FOREVER,
                                     .place = place};
        index = schedule_names_add(&entries->names, &builder->scratch, id);
        push(builder, &entries->list, sizeof entry, &entry);
    }
    return (uint16_t)index;
}

/* Lists are shared: unit_lists numbers them in step with pairs of first and count. */
struct unit_list {
    uint16_t first;
    uint8_t count;
};

static struct unit_list add_unit_list(struct schedule_builder *builder, const char *list) {
    struct unit_list added = {.first =
                                  (uint16_t)(builder->units.count == 0 ? 1 : builder->units.count)};
    for (const char *at = list, *end; *at != '\0'; at = *end == '\0' ? end : end + 1) {
        end = at + strcspn(at, "|");
        if (end > at) {
            const char *unit = arena_text(builder->arena, at, (size_t)(end - at));
            push(builder, &builder->units, sizeof unit, &unit);
            added.count++;
        }
    }
    return added;
}

void schedule_build_units(struct schedule_builder *builder, struct nomenclature_line *row,
                          const char *list) {
    uint32_t known = schedule_names_find(&builder->unit_lists, list);
    if (known == 0) {
        struct unit_list added = add_unit_list(builder, list);
        const char *copy = arena_text(&builder->scratch, list, strlen(list));
        schedule_names_add(&builder->unit_lists, &builder->scratch, copy);
        push(builder, &builder->unit_ranges, sizeof added, &added);
        known = builder->unit_ranges.count - 1;
    }
    const struct unit_list *lists = builder->unit_ranges.items;
    row->unit_first = lists[known].first;
    row->unit_count = lists[known].count;
}

uint32_t schedule_build_row(struct schedule_builder *builder, const struct nomenclature_line *row) {
    return push(builder, &builder->rows, sizeof *row, row);
}

void schedule_build_tree(struct schedule_builder *builder) {
    uint32_t row_count = builder->rows.count == 0 ? 1 : builder->rows.count;
    builder->row_lines = ARENA_ARRAY(&builder->scratch, uint32_t, row_count);
    nomenclature_build(builder->rows.items, row_count, builder->arena,
                       &builder->tariff->nomenclature, builder->row_lines);
}

uint32_t schedule_build_line(const struct schedule_builder *builder, uint32_t row) {
    const struct nomenclature *tree = &builder->tariff->nomenclature;
    const struct nomenclature_line *line = &tree->lines[builder->row_lines[row]];
    return line->code == 0 ? builder->row_lines[row]
                           : nomenclature_first(tree, line->code, line->suffix);
}

uint32_t schedule_build_duty_of(struct schedule_builder *builder, const struct duty *duty) {
    const char *text = duty_print(duty, builder->arena);
    uint32_t known = schedule_names_find(&builder->canonical, text);
    if (known == 0) {
        known = schedule_names_add(&builder->canonical, &builder->scratch, text);
        push(builder, &builder->duties, sizeof *duty, duty);
    }
    return known;
}

int schedule_build_duty(struct schedule_builder *builder, const char *text, struct place place,
                        uint32_t *duty, struct error *err) {
    uint32_t known = schedule_names_find(&builder->texts, text);
    if (known == 0) {
        struct duty parsed;
        if (duty_parse(text, builder->arena, place, &parsed, NULL, err) != 0) {
            return -1;
        }
        uint32_t index = schedule_build_duty_of(builder, &parsed);
        known = schedule_names_add(&builder->texts, &builder->scratch, text);
        push(builder, &builder->text_duties, sizeof index, &index);
    }
    *duty = ((const uint32_t *)builder->text_duties.items)[known];
    return 0;
}

uint32_t schedule_build_condition(struct schedule_builder *builder,
                                  const struct condition *condition) {
    return push(builder, &builder->conditions, sizeof *condition, condition);
}

uint32_t schedule_build_exclusion(struct schedule_builder *builder, uint16_t area) {
    return push(builder, &builder->exclusions, sizeof area, &area);
}

uint32_t schedule_build_footnote(struct schedule_builder *builder, uint16_t footnote) {
    return push(builder, &builder->footnotes, sizeof footnote, &footnote);
}

uint32_t schedule_build_record(struct schedule_builder *builder, const struct tariff_record *record,
                               const struct tariff_record_fields *fields) {
    uint32_t index = push(builder, &builder->records, sizeof *record, record);
    if (fields != NULL) {
        struct tariff_record *records = builder->records.items;
        records[index].fields = push(builder, &builder->record_fields, sizeof *fields, fields);
    }
    return index;
}

void schedule_build_measure(struct schedule_builder *builder, const struct measure *measure) {
    push(builder, &builder->measures, sizeof *measure, measure);
}

static void *reserve(struct schedule_builder *builder, struct schedule_list *list, size_t size,
                     uint32_t count) {
    size_t capacity = (size_t)list->count + count + 1;
    void *items = arena_alloc_array(builder->arena, capacity, size);
    if (list->count > 0) {
        memcpy(items, list->items, list->count * size);
    }
    list->items = items;
    list->count = list->count == 0 ? 1 : list->count;
    list->capacity = capacity;
    return items;
}

void schedule_build_reserve(struct schedule_builder *builder, uint32_t measure_count) {
    builder->reserved_measures =
        reserve(builder, &builder->measures, sizeof(struct measure), measure_count);
    builder->reserved_records =
        reserve(builder, &builder->records, sizeof(struct tariff_record), measure_count);
}
