/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tariff/us_schedule_column.h"
#include "core/tariff/entry.h"
#include "core/tariff/schedule_read.h"

#include <stdio.h>
#include <string.h>

void us_schedule_column_note(struct us_schedule_reader *reader, int line, int column,
                             const char *rule, const char *format, ...) {
    struct us_schedule_notes *notes = reader->notes;
    if (notes == NULL) {
        return;
    }
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct arena *arena = reader->builder.arena;
    notes->notes =
        arena_grow(arena, notes->notes, notes->count, &notes->capacity, sizeof *notes->notes);
    notes->notes[notes->count++] = (struct us_schedule_note){
        {reader->name, line, column}, rule, arena_text(arena, text, strlen(text))};
}

int us_schedule_column_programme(const struct us_schedule_reader *reader, const char *symbol) {
    for (unsigned i = 0; i < reader->programme_count; i++) {
        if (strcmp(reader->programmes[i].symbol, symbol) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* The index that a key's text has among names; 0 where an optional key is missing, -1 and an error.
 */
static int find_named(const struct node *at, const struct schedule_names *names, const char *what,
                      struct error *err) {
    const char *text;
    if (at == NULL || entry_text(at, &text, err) < 0) {
        return -1;
    }
    uint32_t index = schedule_names_find(names, text);
    return index != 0 ? (int)index
                      : entry_unknown(at, what, text, schedule_names_list(names),
                                      schedule_names_list_count(names), err);
}

static int read_day(const struct node *node, int32_t otherwise, int32_t *day, struct error *err) {
    int64_t read = otherwise;
    if (node != NULL && entry_day(node, &read, err) < 0) {
        return -1;
    }
    *day = (int32_t)read;
    return 0;
}

static int read_exclusions(struct us_schedule_reader *reader, const struct node *list,
                           struct us_schedule_column *column, struct error *err) {
    if (list == NULL) {
        return 0;
    }
    if (list->kind != NODE_SEQUENCE || list->count > US_EXCLUSIONS_MAX) {
        return node_error(list, err, "expected a list of at most %d areas", US_EXCLUSIONS_MAX);
    }
    for (const struct node *item = list->first; item != NULL; item = item->next) {
        int area = find_named(item, &reader->builder.area_names, "area", err);
        if (area < 0) {
            return -1;
        }
        column->exclusions[column->exclusion_count++] = (uint16_t)area;
    }
    return 0;
}

static int read_column(struct us_schedule_reader *reader, const struct node *node,
                       struct us_schedule_column *column, struct error *err) {
    struct measure *measure = &column->measure;
    if (entry_keys(node, "type|area|exclude|scheme|from|to", "a column of rates", err) < 0) {
        return -1;
    }
    int type = find_named(entry_need(node, "type", err), &reader->builder.type_names,
                          "type of measures", err);
    int area = type < 0 ? -1
                        : find_named(entry_need(node, "area", err), &reader->builder.area_names,
                                     "area", err);
    const struct node *scheme = node_get(node, "scheme");
    const char *scheme_text = NULL;
    if (area < 0 || (scheme != NULL && entry_text(scheme, &scheme_text, err) < 0) ||
        read_day(node_get(node, "from"), NOMENCLATURE_EVER, &measure->valid_from, err) < 0 ||
        read_day(node_get(node, "to"), NOMENCLATURE_FOREVER, &measure->valid_to, err) < 0 ||
        read_exclusions(reader, node_get(node, "exclude"), column, err) < 0) {
        return -1;
    }
    measure->type = (uint16_t)type;
    measure->area = (uint16_t)area;
    measure->known_from = NOMENCLATURE_EVER;
    measure->known_to = NOMENCLATURE_FOREVER;
    if (scheme_text != NULL) {
        measure->scheme =
            schedule_build_name(&reader->builder, REGISTER_SCHEMES, scheme_text,
                                (struct place){scheme->source->name, scheme->line, scheme->column});
    }
    column->is_read = true;
    return 0;
}

static int read_programmes(struct us_schedule_reader *reader, const struct node *programmes,
                           struct error *err) {
    if (programmes == NULL) {
        return 0;
    }
    if (programmes->kind != NODE_MAPPING) {
        return node_error(programmes, err, "expected programmes by symbol");
    }
    reader->programmes =
        ARENA_ARRAY(reader->builder.arena, struct us_schedule_column, programmes->count + 1);
    for (const struct node *node = programmes->first; node != NULL; node = node->next) {
        struct us_schedule_column *programme = &reader->programmes[reader->programme_count];
        if (read_column(reader, node, programme, err) < 0) {
            return -1;
        }
        programme->symbol = node->key;
        reader->programme_count++;
    }
    return 0;
}

int us_schedule_column_begin(struct us_schedule_reader *reader, const struct node *document,
                             const char *name, struct arena *arena, struct us_schedule_notes *notes,
                             struct error *err) {
    *reader = (struct us_schedule_reader){.name = name, .notes = notes};
    schedule_build_init(&reader->builder, arena, document);
    if (schedule_read_begin(&reader->builder, document, err) < 0) {
        return -1;
    }
    reader->source = schedule_build_source(&reader->builder, name);
    const struct node *section = entry_need(document, "american", err);
    if (section == NULL || entry_keys(section, "general|column_2|additional|programmes",
                                      "the section 'american'", err) < 0) {
        return -1;
    }
    struct us_schedule_column *const columns[] = {&reader->general, &reader->column_2,
                                                  &reader->additional};
    static const char *const keys[] = {"general", "column_2", "additional"};
    for (int i = 0; i < 3; i++) {
        const struct node *node = node_get(section, keys[i]);
        if (node != NULL && read_column(reader, node, columns[i], err) < 0) {
            return -1;
        }
    }
    return read_programmes(reader, node_get(section, "programmes"), err);
}

static uint32_t unresolved_duty(struct us_schedule_reader *reader, const char *reason) {
    struct duty_component *component = ARENA_NEW(reader->builder.arena, struct duty_component);
    *component = (struct duty_component){.verb = DUTY_UNRESOLVED,
                                         .amount = exact_integer(0),
                                         .scale = exact_integer(1),
                                         .name = reason,
                                         .part = reason}; /* printed for the text itself */
    struct duty duty = {.count = 1, .components = component};
    return schedule_build_duty_of(&reader->builder, &duty);
}

/* Adds one measure on the row's line. */
static void add_measure(struct us_schedule_reader *reader, const struct us_schedule_rates *rates,
                        const struct us_schedule_column *column, uint32_t duty, int at) {
    struct schedule_builder *builder = &reader->builder;
    struct measure measure = column->measure;
    measure.line = schedule_build_line(builder, rates->row);
    measure.duty = duty;
    measure.valid_from =
        measure.valid_from > rates->valid_from ? measure.valid_from : rates->valid_from;
    measure.valid_to = measure.valid_to < rates->valid_to ? measure.valid_to : rates->valid_to;
    if (measure.valid_from > measure.valid_to) {
        return;
    }
    for (unsigned i = 0; i < column->exclusion_count; i++) {
        uint32_t index = schedule_build_exclusion(builder, column->exclusions[i]);
        measure.exclusion = measure.exclusion_count++ == 0 ? index : measure.exclusion;
    }
    bool is_narrowed =
        rates->excluded != NULL && column->symbol != NULL && strcmp(column->symbol, "A*") == 0;
    for (const char *code = is_narrowed ? rates->excluded : ""; code[0] != '\0' && code[1] != '\0';
         code += 2) {
        uint32_t area =
            schedule_names_find(&builder->area_names, (const char[]){code[0], code[1], '\0'});
        if (area != 0 && measure.exclusion_count < UINT8_MAX) {
            uint32_t index = schedule_build_exclusion(builder, (uint16_t)area);
            measure.exclusion = measure.exclusion_count++ == 0 ? index : measure.exclusion;
        }
    }
    struct tariff_record record = {
        .line = (uint32_t)rates->line, .source = reader->source, .column = (uint16_t)at};
    measure.record = schedule_build_record(builder, &record, NULL);
    schedule_build_measure(builder, &measure);
}

/* A column with one duty. */
static void add_rate(struct us_schedule_reader *reader, const struct us_schedule_rates *rates,
                     const struct us_schedule_column *column, const char *text, int at) {
    if (text == NULL || *text == '\0' || !column->is_read) {
        return;
    }
    uint32_t duty;
    struct error err = ERROR_INIT;
    if (schedule_build_duty(&reader->builder, text, (struct place){reader->name, rates->line, at},
                            &duty, &err) < 0) {
        us_schedule_column_note(reader, rates->line, at, "US2", "%s", err.text);
        duty = unresolved_duty(reader, "a text that is no expression");
    }
    add_measure(reader, rates, column, duty, at);
}

/* Reads a special text once, the duty of each programme that the document has; its number. */
static uint32_t read_special(struct us_schedule_reader *reader,
                             const struct us_schedule_rates *rates) {
    struct schedule_builder *builder = &reader->builder;
    uint32_t known = schedule_names_find(&reader->special_texts, rates->special);
    if (known != 0) {
        return known;
    }
    if (reader->specials == NULL) { /* number 0 is none */
        reader->specials = arena_grow(&builder->scratch, NULL, 0, &reader->special_capacity,
                                      sizeof *reader->specials);
    }
    known = schedule_names_add(&reader->special_texts, &builder->scratch, rates->special);
    reader->specials = arena_grow(&builder->scratch, reader->specials, known,
                                  &reader->special_capacity, sizeof *reader->specials);
    struct us_schedule_special *special = &reader->specials[known];
    struct duty_special read;
    struct error err = ERROR_INIT;
    struct place place = {reader->name, rates->line, rates->column_special};
    if (duty_special_parse(rates->special, builder->arena, place, &read, NULL, &err) < 0) {
        us_schedule_column_note(reader, rates->line, err.column, "US3", "%s", err.text);
        return known;
    }
    special->shares = ARENA_ARRAY(&builder->scratch, struct us_schedule_share,
                                  (size_t)DUTY_SPECIAL_PROGRAMMES_MAX * (read.count + 1));
    for (unsigned i = 0; i < read.count; i++) {
        const struct duty_special_entry *entry = &read.entries[i];
        uint32_t duty = schedule_build_duty_of(builder, &entry->duty);
        for (unsigned k = 0; k < entry->programme_count; k++) {
            int programme = us_schedule_column_programme(reader, entry->programmes[k]);
            if (programme < 0) {
                us_schedule_column_note(reader, rates->line, rates->column_special, "US4",
                                        "no programme has the symbol '%s'", entry->programmes[k]);
                continue;
            }
            special->shares[special->count++] =
                (struct us_schedule_share){duty, (uint16_t)programme};
        }
        if (entry->programme_count == 0) {
            us_schedule_column_note(reader, rates->line, rates->column_special, "US5",
                                    "a special rate without a list of programmes");
        }
    }
    return known;
}

static void add_rates(struct us_schedule_reader *reader, const struct us_schedule_rates *rates) {
    if (rates->unresolved != NULL && rates->general != NULL && reader->general.is_read) {
        add_measure(reader, rates, &reader->general, unresolved_duty(reader, rates->unresolved),
                    rates->column_general);
    } else {
        add_rate(reader, rates, &reader->general, rates->general, rates->column_general);
    }
    if (rates->special_number != 0) {
        const struct us_schedule_special *special = &reader->specials[rates->special_number];
        for (unsigned i = 0; i < special->count; i++) {
            const struct us_schedule_share *share = &special->shares[i];
            add_measure(reader, rates, &reader->programmes[share->programme], share->duty,
                        rates->column_special);
        }
    }
    add_rate(reader, rates, &reader->column_2, rates->column_2_text, rates->column_2);
    add_rate(reader, rates, &reader->additional, rates->additional, rates->column_additional);
}

void us_schedule_column_rates(struct us_schedule_reader *reader, struct us_schedule_rates *rates,
                              size_t count) {
    uint32_t measure_count = 0;
    for (size_t i = 0; i < count; i++) {
        measure_count += 3;
        if (rates[i].special != NULL && *rates[i].special != '\0') {
            rates[i].special_number = read_special(reader, &rates[i]);
            measure_count += reader->specials[rates[i].special_number].count;
        }
    }
    schedule_build_reserve(&reader->builder, measure_count);
    for (size_t i = 0; i < count; i++) {
        add_rates(reader, &rates[i]);
    }
}
