/* SPDX-License-Identifier: GPL-3.0-or-later
 * schema_write_json.c - field rows as a JSON Schema, so that an editor completes and checks keys.
 *
 * JSON Schema sees texts, not quantities: units are checked by pattern, ranges of quantities are
 * told in the description. What it refuses the reader of fields refuses too, not the other way. */
#include "core/base/require.h"
#include "sim/scenario/read_parts.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/schema_value.h"

#include <string.h>

#define NAME_PATTERN "^[a-z][a-z0-9_]*$"
#define KEY_PATTERN "^[a-z0-9_]{1,63}$"
#define NUMBER "-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)? *"
#define TIMES "(ns|us|ms|s|min|h|d|week)"

static const char *const quantity_patterns[DIMENSION_COUNT] = {
    [DIMENSION_NONE] = "^" NUMBER "$",
    [DIMENSION_TIME] = "^" NUMBER TIMES "$",
    [DIMENSION_MASS] = "^" NUMBER "(g|kg|t)$",
    [DIMENSION_SHARE] = "^" NUMBER "%$",
    [DIMENSION_MONEY] = "^" NUMBER "[A-Z]{3}$",
    [DIMENSION_RATE] = "^" NUMBER "/" TIMES "$",
    [DIMENSION_MONEY_PER_TIME] = "^" NUMBER "[A-Z]{3}/" TIMES "$",
    [DIMENSION_MONEY_PER_MASS] = "^" NUMBER "[A-Z]{3}/(g|kg|t)$",
    [DIMENSION_LENGTH] = "^" NUMBER "(m|km)$",
};

/* ---- JSON text ----------------------------------------------------------------------------- */

struct writer {
    FILE *file;
    int depth;
    bool is_first; /* of its object or array */
};

static void write_text(const struct writer *writer, const char *text) {
    fputc('"', writer->file);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            fprintf(writer->file, "\\%c", c);
        } else if (c < 0x20) {
            fprintf(writer->file, "\\u%04x", c);
        } else {
            fputc(c, writer->file);
        }
    }
    fputc('"', writer->file);
}

static void new_line(const struct writer *writer) {
    fprintf(writer->file, "\n%*s", 2 * writer->depth, "");
}

/* Begins a member of an object, or an element of an array where `key` is NULL. */
static void begin(struct writer *writer, const char *key) {
    if (!writer->is_first) {
        fputc(',', writer->file);
    }
    if (writer->depth > 0) {
        new_line(writer);
    }
    writer->is_first = false;
    if (key != NULL) {
        write_text(writer, key);
        fputs(": ", writer->file);
    }
}

static void enter(struct writer *writer, const char *key, char bracket) {
    begin(writer, key);
    fputc(bracket, writer->file);
    writer->depth++;
    writer->is_first = true;
}

static void leave(struct writer *writer, char bracket) {
    writer->depth--;
    if (!writer->is_first) {
        new_line(writer);
    }
    writer->is_first = false;
    fputc(bracket, writer->file);
}

static void text(struct writer *writer, const char *key, const char *value) {
    begin(writer, key);
    write_text(writer, value);
}

/* JSON as it stands: a number, true, a short object. */
static void raw(struct writer *writer, const char *key, const char *json) {
    begin(writer, key);
    fputs(json, writer->file);
}

static void number(struct writer *writer, const char *key, double value) {
    begin(writer, key);
    fprintf(writer->file, "%.15g", value);
}

static void reference(struct writer *writer, const char *key, const char *prefix,
                      const char *definition) {
    begin(writer, key);
    fprintf(writer->file, "{\"$ref\": \"#/definitions/%s%s\"}", prefix, definition);
}

static void pattern(struct writer *writer, const char *key, const char *expression) {
    enter(writer, key, '{');
    text(writer, "type", "string");
    text(writer, "pattern", expression);
    leave(writer, '}');
}

/* ---- rows ---------------------------------------------------------------------------------- */

static void write_field(struct writer *writer, const struct field *field);

static void limits(struct writer *writer, const struct field *field, const char *min_key,
                   const char *max_key) {
    if (field->min == 0 && field->max == 0) {
        return;
    }
    number(writer, min_key, field->min);
    if (!__builtin_isinf(field->max)) {
        number(writer, max_key, field->max);
    }
}

static void bare_number(struct writer *writer, const struct field *field, const char *type) {
    enter(writer, NULL, '{');
    text(writer, "type", type);
    if (field->kind == FIELD_SHARE && field->min == 0 && field->max == 0) {
        raw(writer, "minimum", "0");
        raw(writer, "maximum", "1");
    }
    limits(writer, field, "minimum", "maximum");
    leave(writer, '}');
}

static void choices(struct writer *writer, const struct field *field) {
    enter(writer, NULL, '{');
    enter(writer, "enum", '[');
    for (const char *name = field->choices; name != NULL;) {
        const char *bar = strchr(name, '|');
        begin(writer, NULL);
        fprintf(writer->file, "\"%.*s\"", (int)(bar != NULL ? bar - name : (int)strlen(name)),
                name);
        name = bar != NULL ? bar + 1 : NULL;
    }
    leave(writer, ']');
    leave(writer, '}');
}

static void quantity(struct writer *writer, const struct field *field) {
    enum dimension dimension = schema_value_dimension(field);
    bool may_be_bare = dimension == DIMENSION_NONE || dimension == DIMENSION_SHARE;
    if (may_be_bare && field->kind != FIELD_DISTRIBUTION) {
        bare_number(writer, field, "number");
    } else if (may_be_bare) {
        raw(writer, NULL, "{\"type\": \"number\"}");
    }
    if (dimension != DIMENSION_NONE) {
        pattern(writer, NULL, quantity_patterns[dimension]);
    }
}

/* The ways in which a scalar may be written, as elements of an `anyOf`. */
static void scalar_alternatives(struct writer *writer, const struct field *field) {
    switch (field->kind) {
    case FIELD_TEXT:
        raw(writer, NULL, "{\"type\": [\"string\", \"number\", \"boolean\"]}");
        break;
    case FIELD_NAME:
        pattern(writer, NULL, NAME_PATTERN);
        break;
    case FIELD_BOOLEAN:
        raw(writer, NULL, "{\"type\": \"boolean\"}");
        break;
    case FIELD_INTEGER:
        bare_number(writer, field, "integer");
        reference(writer, NULL, "", "parameter_name");
        break;
    case FIELD_REAL:
    case FIELD_SHARE:
    case FIELD_TIME:
    case FIELD_MONEY:
        quantity(writer, field);
        reference(writer, NULL, "", "parameter_name");
        break;
    case FIELD_DISTRIBUTION:
        quantity(writer, field);
        reference(writer, NULL, "", "distribution");
        break;
    case FIELD_CHOICE:
        choices(writer, field);
        break;
    case FIELD_DATE:
        reference(writer, NULL, "", "date");
        break;
    case FIELD_DATES:
        reference(writer, NULL, "", "date");
        raw(writer, NULL,
            "{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/date\"}, "
            "\"uniqueItems\": true}");
        break;
    case FIELD_CONDITION:
        raw(writer, NULL, "{\"type\": [\"string\", \"boolean\"]}");
        break;
    case FIELD_EXPRESSION:
        raw(writer, NULL, "{\"type\": [\"string\", \"number\"]}");
        break;
    case FIELD_REFERENCE:
        reference(writer, NULL, "", "reference");
        break;
    case FIELD_REFERENCES:
        reference(writer, NULL, "", "reference");
        raw(writer, NULL,
            "{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/reference\"}}");
        break;
    default:
        REQUIRE(field->kind == FIELD_HOURS);
        raw(writer, NULL, "{\"type\": \"string\"}");
    }
    reference(writer, NULL, "", "with_evidence");
}

static void properties(struct writer *writer, const struct field *fields) {
    for (; fields->kind != FIELD_LAST; fields++) {
        write_field(writer, fields);
    }
}

static bool has_required(const struct field *fields) {
    for (; fields->kind != FIELD_LAST; fields++) {
        if (fields->required) {
            return true;
        }
    }
    return false;
}

static void required(struct writer *writer, const struct field *first, const struct field *second) {
    const struct field *tables[] = {first, second};
    if (!has_required(first) && !has_required(second)) {
        return;
    }
    enter(writer, "required", '[');
    for (int i = 0; i < 2; i++) {
        for (const struct field *field = tables[i]; field->kind != FIELD_LAST; field++) {
            if (field->required) {
                text(writer, NULL, field->name);
            }
        }
    }
    leave(writer, ']');
}

/* The members of a schema of a mapping; where a key is required, null is not enough. */
static void mapping(struct writer *writer, const struct field *fields) {
    static const struct field none[] = {FIELD_END};
    raw(writer, "type", has_required(fields) ? "\"object\"" : "[\"object\", \"null\"]");
    enter(writer, "properties", '{');
    properties(writer, fields);
    leave(writer, '}');
    required(writer, fields, none);
    raw(writer, "additionalProperties", "false");
}

/* What a group is, or one item of a map or list. */
static void inner_members(struct writer *writer, const struct field *field) {
    if (!field->has_short_form) {
        mapping(writer, field->inner);
        return;
    }
    enter(writer, "anyOf", '[');
    scalar_alternatives(writer, field->inner);
    enter(writer, NULL, '{');
    mapping(writer, field->inner);
    leave(writer, '}');
    leave(writer, ']');
}

static void inner_schema(struct writer *writer, const char *key, const struct field *field) {
    enter(writer, key, '{');
    inner_members(writer, field);
    leave(writer, '}');
}

static void node_members(struct writer *writer, const struct field *field) {
    bool is_known =
        strcmp(field->name, "parameters") == 0 || strcmp(field->name, "procedures") == 0;
    if (is_known) {
        enter(writer, "allOf", '[');
        reference(writer, NULL, "", field->name);
        leave(writer, ']');
    }
}

static void write_default(struct writer *writer, const struct field *field) {
    const char *value = field->text_default;
    if (value == NULL || value[0] == '[' || value[0] == '{') {
        return; /* a list is in the description */
    }
    bool is_json = field->kind == FIELD_BOOLEAN || field->kind == FIELD_INTEGER;
    if (is_json) {
        raw(writer, "default", value);
    } else {
        text(writer, "default", value);
    }
}

static void description(struct writer *writer, const struct field *field) {
    char range[SCHEMA_VALUE_TEXT_SIZE], all[1024];
    schema_value_range(field, range);
    bool is_list = field->text_default != NULL && field->text_default[0] == '[';
    snprintf(all, sizeof all, "%s%s%s%s%s%s%s", field->doc != NULL ? field->doc : "",
             range[0] != '\0' ? " (" : "", range, range[0] != '\0' ? ")" : "",
             is_list ? " Default: " : "", is_list ? field->text_default : "", is_list ? "." : "");
    text(writer, "description", all);
}

static void write_field(struct writer *writer, const struct field *field) {
    REQUIRE(writer->depth < 60); /* rows that contain themselves would never end */
    enter(writer, field->name, '{');
    description(writer, field);
    write_default(writer, field);
    switch (field->kind) {
    case FIELD_GROUP:
        inner_members(writer, field);
        break;
    case FIELD_MAP:
        raw(writer, "type", field->min > 0 ? "\"object\"" : "[\"object\", \"null\"]");
        limits(writer, field, "minProperties", "maxProperties");
        raw(writer, "propertyNames", "{\"pattern\": \"" KEY_PATTERN "\"}");
        inner_schema(writer, "additionalProperties", field);
        break;
    case FIELD_LIST:
        raw(writer, "type", field->min > 0 ? "\"array\"" : "[\"array\", \"null\"]");
        limits(writer, field, "minItems", "maxItems");
        inner_schema(writer, "items", field);
        break;
    case FIELD_NODE:
        node_members(writer, field);
        break;
    default:
        enter(writer, "anyOf", '[');
        scalar_alternatives(writer, field);
        leave(writer, ']');
    }
    leave(writer, '}');
}

/* ---- steps --------------------------------------------------------------------------------- */

static void step_definition(struct writer *writer, const struct field *frame,
                            const struct schema_section *step) {
    static const struct field none[] = {FIELD_END};
    char name[128];
    snprintf(name, sizeof name, "step_%s", step->name);
    bool is_fork = strcmp(step->name, "fork") == 0;
    frame = is_fork ? none : frame;
    enter(writer, name, '{');
    text(writer, "description", step->doc);
    raw(writer, "type", has_required(step->fields) ? "\"object\"" : "[\"object\", \"null\"]");
    enter(writer, "properties", '{');
    reference(writer, "type", "", "step_type");
    properties(writer, frame);
    properties(writer, step->fields);
    leave(writer, '}');
    required(writer, frame, step->fields);
    if (is_fork) {
        reference(writer, "additionalProperties", "", "steps");
    } else {
        raw(writer, "additionalProperties", "false");
    }
    leave(writer, '}');
}

/* A step whose type is written, or `work`. */
static void step_by_type(struct writer *writer, const struct schema_section *steps,
                         unsigned count) {
    enter(writer, "step_type", '{');
    enter(writer, "enum", '[');
    for (unsigned i = 0; i < count; i++) {
        text(writer, NULL, steps[i].name);
    }
    leave(writer, ']');
    leave(writer, '}');
    enter(writer, "step_by_type", '{');
    raw(writer, "properties", "{\"type\": {\"$ref\": \"#/definitions/step_type\"}}");
    enter(writer, "allOf", '[');
    for (unsigned i = 0; i < count; i++) {
        enter(writer, NULL, '{');
        enter(writer, "if", '{');
        raw(writer, "type", "\"object\"");
        raw(writer, "required", "[\"type\"]");
        begin(writer, "properties");
        fprintf(writer->file, "{\"type\": {\"const\": \"%s\"}}", steps[i].name);
        leave(writer, '}');
        reference(writer, "then", "step_", steps[i].name);
        leave(writer, '}');
    }
    raw(writer, NULL,
        "{\"if\": {\"type\": \"object\", \"required\": [\"type\"]}, \"else\": {\"$ref\": "
        "\"#/definitions/step_work\"}}");
    leave(writer, ']');
    leave(writer, '}');
}

static void procedure_definitions(struct writer *writer, const struct field *frame,
                                  const struct schema_section *steps, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        step_definition(writer, frame, &steps[i]);
    }
    step_by_type(writer, steps, count);
    enter(writer, "steps", '{');
    raw(writer, "type", "\"array\"");
    enter(writer, "items", '{');
    raw(writer, "type", "\"object\"");
    raw(writer, "minProperties", "1");
    raw(writer, "maxProperties", "1");
    enter(writer, "properties", '{');
    for (unsigned i = 0; i < count; i++) {
        enter(writer, steps[i].name, '{');
        raw(writer, "if", "{\"type\": \"object\", \"required\": [\"type\"]}");
        reference(writer, "then", "", "step_by_type");
        reference(writer, "else", "step_", steps[i].name);
        leave(writer, '}');
    }
    leave(writer, '}');
    reference(writer, "additionalProperties", "", "step_by_type");
    leave(writer, '}');
    leave(writer, '}');
    enter(writer, "step_patch", '{');
    text(writer, "description",
         "Keys to change in a step, or with a place a new step; null takes the step away.");
    raw(writer, "type", "[\"object\", \"null\"]");
    enter(writer, "properties", '{');
    reference(writer, "after", "", "reference");
    reference(writer, "before", "", "reference");
    leave(writer, '}');
    leave(writer, '}');
    enter(writer, "procedures", '{');
    raw(writer, "type", "[\"object\", \"null\"]");
    enter(writer, "additionalProperties", '{');
    enter(writer, "anyOf", '[');
    reference(writer, NULL, "", "steps");
    raw(writer, NULL,
        "{\"type\": [\"object\", \"null\"], \"additionalProperties\": {\"$ref\": "
        "\"#/definitions/step_patch\"}}");
    leave(writer, ']');
    leave(writer, '}');
    leave(writer, '}');
}

/* ---- the whole ----------------------------------------------------------------------------- */

static void value_definitions(struct writer *writer) {
    pattern(writer, "parameter_name", NAME_PATTERN);
    pattern(writer, "distribution", "^[a-z][a-z0-9_]*(\\(.*\\))?$");
    pattern(writer, "date", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
    pattern(writer, "reference", "^[a-z0-9_]+(\\.[a-z0-9_]+)*( +x *[0-9]+)?$");
    enter(writer, "with_evidence", '{');
    text(writer, "description", "A value with what is known about it.");
    mapping(writer, read_parameter_fields);
    leave(writer, '}');
    enter(writer, "scaled", '{');
    text(writer, "description", "In a patch: multiplies the value that is there.");
    raw(writer, "type", "\"object\"");
    enter(writer, "properties", '{');
    raw(writer, "scale", "{\"type\": [\"number\", \"string\"]}");
    for (const struct field *field = read_parameter_fields; field->kind != FIELD_LAST; field++) {
        if (!field->required) {
            write_field(writer, field);
        }
    }
    leave(writer, '}');
    raw(writer, "required", "[\"scale\"]");
    raw(writer, "additionalProperties", "false");
    leave(writer, '}');
    enter(writer, "parameters", '{');
    raw(writer, "type", "[\"object\", \"null\"]");
    raw(writer, "propertyNames", "{\"pattern\": \"" NAME_PATTERN "\"}");
    enter(writer, "additionalProperties", '{');
    enter(writer, "anyOf", '[');
    raw(writer, NULL, "{\"type\": [\"string\", \"number\", \"null\"]}");
    reference(writer, NULL, "", "with_evidence");
    reference(writer, NULL, "", "scaled");
    leave(writer, ']');
    leave(writer, '}');
    leave(writer, '}');
}

void schema_write_json(FILE *file, const struct schema_section *files, unsigned file_count,
                       const struct field *frame, const struct schema_section *steps,
                       unsigned step_count) {
    struct writer writer = {file, 0, true};
    enter(&writer, NULL, '{');
    text(&writer, "$schema", "http://json-schema.org/draft-07/schema#");
    text(&writer, "title", "Clearlab scenario file");
    enter(&writer, "anyOf", '[');
    for (unsigned i = 0; i < file_count; i++) {
        reference(&writer, NULL, "file_", files[i].name);
    }
    leave(&writer, ']');
    enter(&writer, "definitions", '{');
    for (unsigned i = 0; i < file_count; i++) {
        char name[128];
        snprintf(name, sizeof name, "file_%s", files[i].name);
        enter(&writer, name, '{');
        text(&writer, "description", files[i].doc);
        mapping(&writer, files[i].fields);
        leave(&writer, '}');
    }
    procedure_definitions(&writer, frame, steps, step_count);
    value_definitions(&writer);
    leave(&writer, '}');
    leave(&writer, '}');
    fputc('\n', file);
}
