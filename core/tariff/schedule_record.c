/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tariff/schedule_record.h"
#include "core/base/csv.h"
#include "core/base/units.h"

#include <stdio.h>
#include <string.h>

struct place schedule_record_place(const struct schedule_record *record, int field) {
    struct place place = {record->file, record->line, record->column};
    if (field >= 0 && record->fields[field].line > 0) {
        place.line = record->fields[field].line;
        place.column = record->fields[field].column;
    }
    return place;
}

int schedule_record_error(const struct schedule_record *record, int field, struct error *err,
                          const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct place place = schedule_record_place(record, field);
    if (record->source != NULL) {
        return node_source_error(record->source, place.line, place.column, err, "%s", text);
    }
    return error_at(err, place, "%s", text);
}

int schedule_record_unknown(const struct schedule_record *record, int field, const char *what,
                            const char *wrong, const char *const *names, unsigned count,
                            struct error *err) {
    return schedule_record_error(record, field, err, "'%.80s' is no %s%s", wrong, what,
                                 error_hint(wrong, names, count, "").text);
}

int schedule_record_day(const struct schedule_record *record, int field, int32_t otherwise,
                        int32_t *day, struct error *err) {
    int64_t parsed;
    struct error inner = ERROR_INIT;
    *day = otherwise;
    if (record->fields[field].text[0] == '\0') {
        return 0;
    }
    if (units_parse_date(record->fields[field].text, &parsed, (struct place){0}, &inner) < 0) {
        return schedule_record_error(record, field, err, "%s", inner.text);
    }
    *day = (int32_t)parsed;
    return 0;
}

int schedule_record_number(const struct schedule_record *record, int field, unsigned max,
                           unsigned otherwise, unsigned *number, struct error *err) {
    const char *text = record->fields[field].text;
    unsigned value = 0;
    *number = otherwise;
    if (text[0] == '\0') {
        return 0;
    }
    for (; *text >= '0' && *text <= '9' && value <= max; text++) {
        value = value * 10 + (unsigned)(*text - '0');
    }
    if (*text != '\0' || value > max) {
        return schedule_record_error(record, field, err,
                                     "expected a whole number from 0 to %u, got '%.40s'", max,
                                     record->fields[field].text);
    }
    *number = value;
    return 0;
}

static int check_required(const struct schedule_table *table, const struct schedule_record *record,
                          struct error *err) {
    for (unsigned i = 0; i < table->required; i++) {
        if (record->fields[i].text[0] == '\0') {
            return schedule_record_error(record, -1, err, "%s needs '%s'", table->what,
                                         table->fields[i]);
        }
    }
    return 0;
}

static int find_field(const struct schedule_table *table, const char *name) {
    for (unsigned i = 0; i < table->field_count; i++) {
        if (strcmp(table->fields[i], name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

/* The text of a field's value: a scalar, or the items of a sequence with blanks between them. */
static const char *field_text(const struct node *value, struct arena *arena, struct error *err) {
    if (value->kind == NODE_SCALAR) {
        return value->text;
    }
    if (value->kind == NODE_NULL) {
        return "";
    }
    size_t length = 1;
    const struct node *item = value->kind == NODE_SEQUENCE ? value->first : value;
    for (; item != NULL && item->kind == NODE_SCALAR; item = item->next) {
        length += strlen(item->text) + 1;
    }
    if (item != NULL) {
        node_error(item, err, "expected a text or a list of texts");
        return NULL;
    }
    char *text = arena_alloc(arena, length), *end = text;
    for (item = value->first; item != NULL; item = item->next) {
        size_t item_length = strlen(item->text);
        memcpy(end, item->text, item_length);
        end += item_length;
        *end++ = item->next != NULL ? ' ' : '\0';
    }
    return text;
}

static int take_mapping(const struct node *row, const struct schedule_table *table,
                        struct arena *arena, void *context, struct error *err) {
    struct schedule_record record = {
        .source = row->source, .file = row->source->name, .line = row->line, .column = row->column};
    for (unsigned i = 0; i < table->field_count; i++) {
        record.fields[i].text = "";
    }
    for (const struct node *child = row->first; child != NULL; child = child->next) {
        int field = find_field(table, child->key);
        if (field < 0) {
            return node_key_error(
                child, err, "'%.80s' is no field of %s%s", child->key, table->what,
                error_hint(child->key, table->fields, table->field_count, "").text);
        }
        const char *text = field_text(child, arena, err);
        if (text == NULL) {
            return -1;
        }
        record.fields[field] = (struct schedule_field){text, child->line, child->column};
    }
    return check_required(table, &record, err) < 0 ? -1 : table->take(context, &record, err);
}

/* Which field each column holds. */
static int read_header(struct csv *csv, const struct schedule_table *table,
                       signed char columns[CSV_COLUMNS_MAX], struct error *err) {
    bool is_there[SCHEDULE_FIELDS_MAX] = {false};
    if (csv_next(csv, err) <= 0) {
        return err->code != ERROR_NONE ? -1 : csv_error(csv, 0, err, "the file is empty");
    }
    for (unsigned i = 0; i < csv->count; i++) {
        int field = find_field(table, csv->fields[i]);
        if (field < 0) {
            return csv_error(
                csv, i, err, "'%.80s' is no column of %s%s", csv->fields[i], table->what,
                error_hint(csv->fields[i], table->fields, table->field_count, "").text);
        }
        if (is_there[field]) {
            return csv_error(csv, i, err, "the column '%s' is there already", csv->fields[i]);
        }
        is_there[field] = true;
        columns[i] = (signed char)field;
    }
    for (unsigned i = 0; i < table->required; i++) {
        if (!is_there[i]) {
            return csv_error(csv, 0, err, "the column '%s' is missing", table->fields[i]);
        }
    }
    return (int)csv->count;
}

static int take_file(const struct schedule_file *file, const struct schedule_table *table,
                     void *context, struct error *err) {
    struct csv csv;
    signed char columns[CSV_COLUMNS_MAX];
    const char *name = file->shown != NULL ? file->shown : file->name;
    csv_init(&csv, name, file->text, ',');
    int column_count = read_header(&csv, table, columns, err);
    if (column_count < 0) {
        return -1;
    }
    int more;
    while ((more = csv_next(&csv, err)) > 0) {
        struct schedule_record record = {.file = name, .line = csv.row_line, .column = 1};
        for (unsigned i = 0; i < table->field_count; i++) {
            record.fields[i].text = "";
        }
        if (csv.count != (unsigned)column_count) {
            return csv_error(&csv, csv.count, err, "%u columns instead of %d", csv.count,
                             column_count);
        }
        for (unsigned i = 0; i < csv.count; i++) {
            bool is_written = csv.fields[i][0] != '\0';
            record.fields[(unsigned char)columns[i]] = (struct schedule_field){
                csv.fields[i], is_written ? csv.lines[i] : 0, is_written ? csv.columns[i] : 0};
        }
        if (check_required(table, &record, err) < 0 || table->take(context, &record, err) < 0) {
            return -1;
        }
    }
    return more;
}

static int take_named(const struct node *name, const struct schedule_table *table,
                      struct schedule_file *files, unsigned file_count, void *context,
                      struct error *err) {
    for (unsigned i = 0; i < file_count; i++) {
        if (strcmp(files[i].name, name->text) == 0 && files[i].is_read) {
            return node_error(name, err, "the file is read already");
        }
        if (strcmp(files[i].name, name->text) == 0) {
            files[i].is_read = true;
            return take_file(&files[i], table, context, err);
        }
    }
    return node_error(name, err, "the file '%.200s' was not read", name->text);
}

int schedule_record_each(const struct node *section, const struct schedule_table *table,
                         struct schedule_file *files, unsigned file_count, struct arena *arena,
                         void *context, struct error *err) {
    if (section->kind == NODE_SCALAR) {
        return take_named(section, table, files, file_count, context, err);
    }
    if (section->kind != NODE_SEQUENCE) {
        return node_error(section, err, "expected a list of rows and of names of CSV files");
    }
    for (const struct node *item = section->first; item != NULL; item = item->next) {
        int result = item->kind == NODE_MAPPING ? take_mapping(item, table, arena, context, err)
                     : item->kind == NODE_SCALAR
                         ? take_named(item, table, files, file_count, context, err)
                         : node_error(item, err, "expected a row or the name of a CSV file");
        if (result < 0) {
            return -1;
        }
    }
    return 0;
}

unsigned schedule_record_files(const struct node *section, const char **names, unsigned max) {
    unsigned count = 0;
    if (section != NULL && section->kind == NODE_SCALAR && max > 0) {
        names[count++] = section->text;
    } else if (section != NULL && section->kind == NODE_SEQUENCE) {
        for (const struct node *item = section->first; item != NULL; item = item->next) {
            if (item->kind == NODE_SCALAR && count < max) {
                names[count++] = item->text;
            }
        }
    }
    return count;
}
