/* SPDX-License-Identifier: GPL-3.0-or-later
 * schedule_read_rows.c - rows of the nomenclature and of the table of measures. */
#include "core/tariff/schedule_read_rows.h"

#include <stdio.h>
#include <string.h>

enum { ROW_indent, ROW_code, ROW_description, ROW_suffix, ROW_units, ROW_from, ROW_to, ROW_COUNT };

static int take_row(void *context, const struct schedule_record *record, struct error *err) {
    struct schedule_builder *builder = context;
    struct nomenclature_line row = {.description = record->fields[ROW_description].text,
                                    .place_line = (uint32_t)record->line,
                                    .place_column = (uint16_t)record->column,
                                    .place_source = schedule_build_source(builder, record->file)};
    unsigned digits = 0, suffix, indent;
    const char *code = record->fields[ROW_code].text;
    if (*code != '\0' && nomenclature_code(code, &row.code, &digits) < 0) {
        return schedule_record_error(record, ROW_code, err,
                                     "expected a code of 2 to 10 digits, got '%.40s'", code);
    }
    if (schedule_record_number(record, ROW_suffix, 99, 0, &suffix, err) < 0 ||
        schedule_record_number(record, ROW_indent, NOMENCLATURE_DEPTH_MAX - 3, 0, &indent, err) <
            0 ||
        schedule_record_day(record, ROW_from, NOMENCLATURE_EVER, &row.valid_from, err) < 0 ||
        schedule_record_day(record, ROW_to, NOMENCLATURE_FOREVER, &row.valid_to, err) < 0) {
        return -1;
    }
    if (builder->rows.count == SCHEDULE_ROWS_MAX) {
        return schedule_record_error(record, -1, err, "more than %d rows", SCHEDULE_ROWS_MAX);
    }
    row.digits = (uint8_t)digits;
    row.suffix = (uint8_t)suffix;
    row.indent = (uint8_t)indent;
    schedule_build_units(builder, &row, record->fields[ROW_units].text);
    schedule_build_row(builder, &row);
    return 0;
}

int schedule_read_nomenclature(struct schedule_builder *builder, const struct node *section,
                               struct schedule_file *files, unsigned file_count,
                               struct error *err) {
    static const char *const fields[ROW_COUNT] = {"indent", "code", "description", "suffix",
                                                  "units",  "from", "to"};
    static const struct schedule_table table = {.what = "a row of the nomenclature",
                                                .fields = fields,
                                                .field_count = ROW_COUNT,
                                                .required = 1,
                                                .take = take_row};
    if (section != NULL && schedule_record_each(section, &table, files, file_count, builder->arena,
                                                builder, err) < 0) {
        return -1;
    }
    schedule_build_tree(builder);
    return 0;
}

int schedule_read_unknown(const struct schedule_builder *builder,
                          const struct schedule_record *record, int field,
                          enum schedule_register which, const char *wrong, struct error *err) {
    static const char *const whats[REGISTER_COUNT] = {
        "series", "additional code", "certificate", "footnote",
        "act",    "order number",    "scheme",      "trigger"};
    const struct schedule_names *names = &builder->registers[which].names;
    return schedule_record_unknown(record, field, whats[which], wrong, schedule_names_list(names),
                                   schedule_names_list_count(names), err);
}

/* A name that one of the document's registers declares; 0 where it is not written. */
static int read_declared(struct schedule_builder *builder, const struct schedule_record *record,
                         int field, enum schedule_register which, uint16_t *index,
                         struct error *err) {
    const char *text = record->fields[field].text;
    if (*text == '\0') {
        return 0;
    }
    *index = (uint16_t)schedule_names_find(&builder->registers[which].names, text);
    return *index != 0 ? 0 : schedule_read_unknown(builder, record, field, which, text, err);
}

/* A name that other sections declare. */
static int read_name(struct schedule_builder *builder, const struct schedule_record *record,
                     int field, enum schedule_register which, uint16_t *index, struct error *err) {
    const char *text = record->fields[field].text;
    if (*text == '\0') {
        return 0;
    }
    *index = schedule_build_name(builder, which, text, schedule_record_place(record, field));
    return *index != 0 ? 0
                       : schedule_record_error(record, field, err, "more than %d of a kind",
                                               SCHEDULE_ENTRIES_MAX);
}

static int read_line(struct schedule_builder *builder, const struct schedule_record *record,
                     uint32_t *line, struct error *err) {
    uint64_t code;
    unsigned digits, suffix;
    const char *text = record->fields[SCHEDULE_FIELD_code].text;
    if (nomenclature_code(text, &code, &digits) < 0) {
        return schedule_record_error(record, SCHEDULE_FIELD_code, err,
                                     "expected a code of 2 to 10 digits, got '%.40s'", text);
    }
    if (schedule_record_number(record, SCHEDULE_FIELD_suffix, 99, NOMENCLATURE_SUFFIX, &suffix,
                               err) < 0) {
        return -1;
    }
    *line = nomenclature_first(&builder->tariff->nomenclature, code, suffix);
    if (*line == 0) {
        return schedule_record_error(record, SCHEDULE_FIELD_code, err,
                                     "the nomenclature has no line %010llu %u",
                                     (unsigned long long)code, suffix);
    }
    return 0;
}

static int read_type_and_area(struct schedule_builder *builder,
                              const struct schedule_record *record, struct measure *measure,
                              struct error *err) {
    const struct schedule_names *types = &builder->type_names, *areas = &builder->area_names;
    const char *type = record->fields[SCHEDULE_FIELD_type].text;
    const char *area = record->fields[SCHEDULE_FIELD_area].text;
    measure->type = (uint16_t)schedule_names_find(types, type);
    if (measure->type == 0) {
        return schedule_record_unknown(record, SCHEDULE_FIELD_type, "type of measures", type,
                                       schedule_names_list(types), schedule_names_list_count(types),
                                       err);
    }
    measure->area = (uint16_t)schedule_names_find(areas, area);
    if (measure->area == 0) {
        return schedule_record_unknown(record, SCHEDULE_FIELD_area, "area", area,
                                       schedule_names_list(areas), schedule_names_list_count(areas),
                                       err);
    }
    return 0;
}

/* Calls `take` for each word of a list. */
static int each_word(struct schedule_builder *builder, const struct schedule_record *record,
                     int field, uint8_t *count,
                     int (*take)(struct schedule_builder *, const struct schedule_record *,
                                 const char *, struct error *),
                     struct error *err) {
    const char *at = record->fields[field].text;
    for (at += strspn(at, " "); *at != '\0'; at += strspn(at, " ")) {
        size_t length = strcspn(at, " ");
        if (*count == UINT8_MAX) {
            return schedule_record_error(record, field, err, "more than %d in a list", UINT8_MAX);
        }
        if (take(builder, record, arena_text(&builder->scratch, at, length), err) < 0) {
            return -1;
        }
        ++*count;
        at += length;
    }
    return 0;
}

static int take_exclusion(struct schedule_builder *builder, const struct schedule_record *record,
                          const char *word, struct error *err) {
    const struct schedule_names *areas = &builder->area_names;
    uint32_t area = schedule_names_find(areas, word);
    if (area == 0) {
        return schedule_record_unknown(record, SCHEDULE_FIELD_exclude, "area", word,
                                       schedule_names_list(areas), schedule_names_list_count(areas),
                                       err);
    }
    schedule_build_exclusion(builder, (uint16_t)area);
    return 0;
}

static int take_footnote(struct schedule_builder *builder, const struct schedule_record *record,
                         const char *word, struct error *err) {
    uint32_t footnote = schedule_names_find(&builder->registers[REGISTER_FOOTNOTES].names, word);
    if (footnote == 0) {
        return schedule_read_unknown(builder, record, SCHEDULE_FIELD_footnotes, REGISTER_FOOTNOTES,
                                     word, err);
    }
    schedule_build_footnote(builder, (uint16_t)footnote);
    return 0;
}

static int read_lists(struct schedule_builder *builder, const struct schedule_record *record,
                      struct measure *measure, struct error *err) {
    measure->exclusion = builder->exclusions.count == 0 ? 1 : builder->exclusions.count;
    measure->footnote = builder->footnotes.count == 0 ? 1 : builder->footnotes.count;
    if (each_word(builder, record, SCHEDULE_FIELD_exclude, &measure->exclusion_count,
                  take_exclusion, err) < 0 ||
        each_word(builder, record, SCHEDULE_FIELD_footnotes, &measure->footnote_count,
                  take_footnote, err) < 0) {
        return -1;
    }
    measure->exclusion = measure->exclusion_count == 0 ? 0 : measure->exclusion;
    measure->footnote = measure->footnote_count == 0 ? 0 : measure->footnote;
    return schedule_read_conditions(builder, record, measure, err);
}

/* "15/05..31/10" */
static int read_season(const struct schedule_record *record, struct measure *measure,
                       struct error *err) {
    const char *text = record->fields[SCHEDULE_FIELD_season].text;
    const char *dots = strstr(text, "..");
    char from[16];
    if (*text == '\0') {
        return 0;
    }
    if (dots != NULL && (size_t)(dots - text) < sizeof from) {
        snprintf(from, sizeof from, "%.*s", (int)(dots - text), text);
        if (measure_season(from, &measure->season_from) == 0 &&
            measure_season(dots + 2, &measure->season_to) == 0) {
            return 0;
        }
    }
    return schedule_record_error(record, SCHEDULE_FIELD_season, err,
                                 "expected a season such as '15/05..31/10', got '%.40s'", text);
}

static int read_dates(const struct schedule_record *record, struct measure *measure,
                      struct error *err) {
    return schedule_record_day(record, SCHEDULE_FIELD_from, NOMENCLATURE_EVER, &measure->valid_from,
                               err) < 0 ||
                   schedule_record_day(record, SCHEDULE_FIELD_to, NOMENCLATURE_FOREVER,
                                       &measure->valid_to, err) < 0 ||
                   schedule_record_day(record, SCHEDULE_FIELD_known_from, NOMENCLATURE_EVER,
                                       &measure->known_from, err) < 0 ||
                   schedule_record_day(record, SCHEDULE_FIELD_known_to, NOMENCLATURE_FOREVER,
                                       &measure->known_to, err) < 0
               ? -1
               : 0;
}

static uint32_t add_record(struct schedule_builder *builder, const struct schedule_record *record) {
    struct tariff_record kept = {.line = (uint32_t)record->line,
                                 .source = schedule_build_source(builder, record->file),
                                 .column = (uint16_t)record->column};
    struct tariff_record_fields fields = {.below = {0}};
    for (int i = 0; i < SCHEDULE_FIELD_COUNT; i++) {
        int below = record->fields[i].line - record->line, column = record->fields[i].column;
        if (record->fields[i].line > 0 && below >= 0 && below <= UINT8_MAX &&
            column <= UINT16_MAX) {
            fields.below[i] = (uint8_t)below;
            fields.column[i] = (uint16_t)column;
        }
    }
    return schedule_build_record(builder, &kept, &fields);
}

static int take_measure(void *context, const struct schedule_record *record, struct error *err) {
    struct schedule_builder *builder = context;
    const char *duty = record->fields[SCHEDULE_FIELD_duty].text;
    const char *id = record->fields[SCHEDULE_FIELD_id].text;
    struct measure measure = {.id = *id == '\0' ? NULL : id};
    if (builder->measures.count == SCHEDULE_MEASURES_MAX) {
        return schedule_record_error(record, -1, err, "more than %d measures",
                                     SCHEDULE_MEASURES_MAX);
    }
    if (read_line(builder, record, &measure.line, err) < 0 ||
        read_type_and_area(builder, record, &measure, err) < 0 ||
        read_declared(builder, record, SCHEDULE_FIELD_additional_code, REGISTER_ADDITIONAL_CODES,
                      &measure.additional_code, err) < 0 ||
        read_declared(builder, record, SCHEDULE_FIELD_act, REGISTER_ACTS, &measure.act, err) < 0 ||
        read_name(builder, record, SCHEDULE_FIELD_order_number, REGISTER_ORDER_NUMBERS,
                  &measure.order_number, err) < 0 ||
        read_name(builder, record, SCHEDULE_FIELD_scheme, REGISTER_SCHEMES, &measure.scheme, err) <
            0 ||
        read_name(builder, record, SCHEDULE_FIELD_trigger, REGISTER_TRIGGERS, &measure.trigger,
                  err) < 0 ||
        read_season(record, &measure, err) < 0 || read_dates(record, &measure, err) < 0) {
        return -1;
    }
    if (*duty != '\0' &&
        schedule_build_duty(builder, duty, schedule_record_place(record, SCHEDULE_FIELD_duty),
                            &measure.duty, err) < 0) {
        return -1;
    }
    if (read_lists(builder, record, &measure, err) < 0) {
        return -1;
    }
    measure.record = add_record(builder, record);
    schedule_build_measure(builder, &measure);
    return 0;
}

int schedule_read_measures(struct schedule_builder *builder, const struct node *section,
                           struct schedule_file *files, unsigned file_count, struct error *err) {
    static const char *const fields[SCHEDULE_FIELD_COUNT] = {
#define X(name) #name,
        SCHEDULE_FIELDS(X)
#undef X
    };
    static const struct schedule_table table = {.what = "a measure",
                                                .fields = fields,
                                                .field_count = SCHEDULE_FIELD_COUNT,
                                                .required = 3,
                                                .take = take_measure};
    return section == NULL ? 0
                           : schedule_record_each(section, &table, files, file_count,
                                                  builder->arena, builder, err);
}
