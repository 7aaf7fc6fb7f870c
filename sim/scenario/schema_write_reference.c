/* SPDX-License-Identifier: GPL-3.0-or-later
 * schema_write_reference.c - field rows as a page of Markdown tables. */
#include "sim/kernel/distribution.h"
#include "sim/scenario/read_parts.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/schema_value.h"

#include <string.h>

enum { PATH_SIZE = 256 };

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
        return "keys below";
    case FIELD_MAP:
        return "names, each with";
    case FIELD_LIST:
        return "list, each with";
    case FIELD_NODE:
        return "see below";
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
    fputs(kind_words(field), file);
}

static void rows(FILE *file, const struct field *fields, const char *prefix);

/* The rows inside, under the path that leads to them; a short form says so. */
static void inner_rows(FILE *file, const struct field *field, const char *prefix) {
    char path[PATH_SIZE];
    const char *item = field->kind == FIELD_MAP ? ".NAME" : field->kind == FIELD_LIST ? "[]" : "";
    snprintf(path, sizeof path, "%s%s%s.", prefix, field->name, item);
    rows(file, field->inner, path);
}

static void row(FILE *file, const struct field *field, const char *prefix) {
    char range[SCHEMA_VALUE_TEXT_SIZE];
    bool has_inner =
        field->kind == FIELD_GROUP || field->kind == FIELD_MAP || field->kind == FIELD_LIST;
    fprintf(file, "| `%s%s` | ", prefix, field->name);
    value_cell(file, field);
    fputs(" | ", file);
    if (field->required) {
        fputs("required", file);
    } else if (field->text_default != NULL) {
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
    if (has_inner) {
        inner_rows(file, field, prefix);
    }
}

static void rows(FILE *file, const struct field *fields, const char *prefix) {
    for (; fields->kind != FIELD_LAST; fields++) {
        row(file, fields, prefix);
    }
}

static void table(FILE *file, const struct field *fields) {
    if (fields->kind == FIELD_LAST) {
        return;
    }
    fputs("\n| key | value | default | range | meaning |\n|---|---|---|---|---|\n", file);
    rows(file, fields, "");
}

static void step_sections(FILE *file, const struct field *frame, const struct schema_section *steps,
                          unsigned count) {
    fputs(
        "\n## Steps\n\n"
        "A procedure is a list of steps, each a name with its keys. The name tells the type where "
        "there is a\ntype of that name; else `type` does, and without it the step is `work`. "
        "Every step has these keys:\n",
        file);
    table(file, frame);
    for (unsigned i = 0; i < count; i++) {
        fprintf(file, "\n### %s\n\n%s\n", steps[i].name, steps[i].doc);
        table(file, steps[i].fields);
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
    fputs("\nAny single value may be written with what is known about it, as a mapping:\n", file);
    table(file, read_parameter_fields);
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
        table(file, files[i].fields);
    }
    step_sections(file, frame, steps, step_count);
    value_section(file);
    distribution_section(file);
    input_section(file);
}
