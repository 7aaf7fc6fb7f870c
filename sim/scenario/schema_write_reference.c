/* SPDX-License-Identifier: GPL-3.0-or-later
 * schema_write_reference.c - field rows as a page of Markdown tables. */
#include "sim/kernel/distribution.h"
#include "sim/scenario/read_parts.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/schema_value.h"

#include <string.h>

enum { PATH_SIZE = 256, SHOWN_MAX = 64 };

/* One table of the page. Rows that several keys share are shown under the first of them. */
struct table {
    FILE *file;
    unsigned shown_count;
    struct {
        const struct field *rows;
        char path[PATH_SIZE];
    } shown[SHOWN_MAX];
};

/* Text in a cell: a bar would end it. */
static void cell(FILE *file, const char *text) {
    for (; *text != '\0'; text++) {
        if (*text == '|') {
            fputc('\\', file);
        }
        fputc(*text, file);
    }
}

static const char *kind_words(const struct field *field) {
    switch (field->kind) {
    case FIELD_TEXT:
        return "text";
    case FIELD_NAME:
        return "name";
    case FIELD_BOOLEAN:
        return "true or false";
    case FIELD_INTEGER:
        return "whole number";
    case FIELD_DATE:
        return "date";
    case FIELD_DATES:
        return "dates";
    case FIELD_HOURS:
        return "hours";
    case FIELD_CONDITION:
        return "condition";
    case FIELD_EXPRESSION:
        return "expression";
    case FIELD_REFERENCE:
        return "reference";
    case FIELD_REFERENCES:
        return "references";
    case FIELD_GROUP:
        return "the keys below";
    case FIELD_MAP:
        return "names, each with the keys below";
    case FIELD_LIST:
        return "a list, each with the keys below";
    case FIELD_NODE:
        return strcmp(field->name, "parameters") == 0 ? "[parameters](#parameters)"
               : strcmp(field->name, "procedures") == 0
                   ? "names, each with a list of [steps](#steps)"
                   : "";
    default:
        return units_dimension_name(schema_value_dimension(field));
    }
}

static void value_cell(FILE *file, const struct field *field) {
    if (field->kind == FIELD_CHOICE) {
        for (const char *at = field->choices; *at != '\0'; at++) {
            fputs(at == field->choices ? "`" : "", file);
            fputs(*at == '|' ? "`, `" : "", file);
            if (*at != '|') {
                fputc(*at, file);
            }
        }
        fputc('`', file);
        return;
    }
    if (field->kind == FIELD_DISTRIBUTION) {
        fputs("distribution of ", file);
    }
    if (field->kind == FIELD_REFERENCES) {
        fputs("one or several ", file);
    }
    bool is_plain = field->kind == FIELD_DISTRIBUTION && field->dimension == DIMENSION_NONE;
    fputs(is_plain ? "numbers" : kind_words(field), file);
}

static void rows(struct table *table, const struct field *fields, const char *prefix);

/* The path under which the inner rows were shown before in this table, or NULL: then they are now
 * known to be shown under `path`. */
static const char *shown_before(struct table *table, const struct field *inner, const char *path) {
    for (unsigned i = 0; i < table->shown_count; i++) {
        if (table->shown[i].rows == inner) {
            return table->shown[i].path;
        }
    }
    if (table->shown_count < SHOWN_MAX) {
        table->shown[table->shown_count].rows = inner;
        snprintf(table->shown[table->shown_count++].path, PATH_SIZE, "%s", path);
    }
    return NULL;
}

static void row(struct table *table, const struct field *field, const char *prefix) {
    FILE *file = table->file;
    bool has_inner =
        field->kind == FIELD_GROUP || field->kind == FIELD_MAP || field->kind == FIELD_LIST;
    const char *item = field->kind == FIELD_MAP ? ".NAME" : field->kind == FIELD_LIST ? "[]" : "";
    char path[PATH_SIZE], range[SCHEMA_VALUE_TEXT_SIZE];
    snprintf(path, sizeof path, "%s%s%s", prefix, field->name, item);
    const char *before = has_inner ? shown_before(table, field->inner, path) : NULL;
    fprintf(file, "| `%s%s` | ", prefix, field->name);
    if (before != NULL) {
        fprintf(file, "as `%s`", before);
    } else {
        value_cell(file, field);
    }
    fputs(" | ", file);
    if (field->required) {
        fputs("required", file);
    } else if (field->text_default != NULL && field->text_default[0] != '\0') {
        fputc('`', file);
        cell(file, field->text_default);
        fputc('`', file);
    }
    fprintf(file, " | %s | ", schema_value_range(field, range));
    cell(file, field->doc != NULL ? field->doc : "");
    if (has_inner && field->has_short_form) {
        fprintf(file, " The value of `%s` may stand alone.", field->inner->name);
    }
    fputs(" |\n", file);
    if (has_inner && before == NULL) {
        snprintf(path, sizeof path, "%s%s%s.", prefix, field->name, item);
        rows(table, field->inner, path);
    }
}

static void rows(struct table *table, const struct field *fields, const char *prefix) {
    for (; fields->kind != FIELD_LAST; fields++) {
        row(table, fields, prefix);
    }
}

static void write_table(FILE *file, const struct field *fields) {
    if (fields->kind == FIELD_LAST) {
        return;
    }
    struct table table = {.file = file};
    fputs("\n| key | value | default | range | meaning |\n|---|---|---|---|---|\n", file);
    rows(&table, fields, "");
}

static void step_sections(FILE *file, const struct field *frame, const struct schema_section *steps,
                          unsigned count) {
    fputs(
        "\n## Steps\n\n"
        "A procedure is a list of steps, each a name with its keys. The name tells the type where "
        "there is a\ntype of that name; else `type` does, and without it the step is `work`. "
        "A `fork` has branches instead of keys: names, each with a list of steps. Every other step "
        "has "
        "these keys:\n",
        file);
    write_table(file, frame);
    for (unsigned i = 0; i < count; i++) {
        fprintf(file, "\n### %s\n\n%s\n", steps[i].name, steps[i].doc);
        write_table(file, steps[i].fields);
    }
}

static void value_section(FILE *file) {
    fputs("\n## Values\n\n"
          "A quantity carries its unit; a bare number where a unit is due is an error. Where a "
          "quantity or a\ndistribution is due, the name of a parameter will do.\n\n"
          "| value | written |\n|---|---|\n",
          file);
    for (int i = 0; i < DIMENSION_COUNT; i++) {
        fprintf(file, "| %s | %s |\n", units_dimension_name((enum dimension)i),
                units_examples((enum dimension)i));
    }
    fputs("| date | e.g. 2017-01-28 |\n"
          "| hours | e.g. 08:00-17:00 mon-fri, 08:00-12:00 sat; always; never |\n"
          "| name | small letters, digits and _, a letter first |\n"
          "| reference | a name declared elsewhere, e.g. port.handler; port.handler x 2 for two |\n"
          "| condition | e.g. channel == red and value > 50000 USD |\n"
          "| distribution | a quantity, or one of those below with its arguments, e.g. "
          "\"lognormal(mean: 20 h, cv: 0.8)\" |\n",
          file);
    fputs(
        "\n## Parameters\n\n"
        "A mapping from names to quantities or distributions, to be used by name elsewhere; a "
        "distribution may\nname quantities declared before or after it. A parameter, and any other "
        "single value, may be written\nwith what is known about it:\n",
        file);
    write_table(file, read_parameter_fields);
}

static void distribution_section(FILE *file) {
    fputs("\n## Distributions\n\n| name | arguments and meaning |\n|---|---|\n", file);
    for (int i = 0; i < DISTRIBUTION_KIND_COUNT; i++) {
        enum distribution_kind kind = (enum distribution_kind)i;
        fprintf(file, "| `%s` | ", distribution_kind_name(kind));
        cell(file, distribution_kind_doc(kind));
        fputs(" |\n", file);
    }
}

static void input_section(FILE *file) {
    static const struct {
        const char *name, *doc;
    } inputs[] = {
#define X(name, type, dimension, doc) {#name, doc},
        SCENARIO_INPUTS(X)
#undef X
    };
    fputs("\n## What conditions can read\n\n| name | meaning |\n|---|---|\n", file);
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        fprintf(file, "| `%s` | ", inputs[i].name);
        cell(file, inputs[i].doc);
        fputs(" |\n", file);
    }
}

void schema_write_reference(FILE *file, const struct schema_section *files, unsigned file_count,
                            const struct field *frame, const struct schema_section *steps,
                            unsigned step_count) {
    fputs("# The scenario language\n\n"
          "Printed by the program from the rows it reads by; change those, not this page.\n\n"
          "In keys, `NAME` stands for a name of your own and `[]` for an item of a list.\n",
          file);
    for (unsigned i = 0; i < file_count; i++) {
        fprintf(file, "\n## %s\n\n%s\n", files[i].name, files[i].doc);
        write_table(file, files[i].fields);
    }
    step_sections(file, frame, steps, step_count);
    value_section(file);
    distribution_section(file);
    input_section(file);
}
