/* SPDX-License-Identifier: GPL-3.0-or-later
 * schema_write_json.c - field rows as a JSON Schema, so that an editor completes and checks keys.
 *
 * JSON Schema sees texts, not quantities: units are checked by pattern, ranges of quantities are
 * told in the description. What it refuses the reader of fields refuses too, not the other way. */
#include "core/base/require.h"
#include "sim/scenario/json.h"
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

static void reference(struct json *json, const char *key, const char *prefix,
                      const char *definition) {
    json_begin(json, key);
    fprintf(json->file, "{\"$ref\": \"#/definitions/%s%s\"}", prefix, definition);
}

static void pattern(struct json *json, const char *key, const char *expression) {
    json_enter(json, key, '{');
    json_text(json, "type", "string");
    json_text(json, "pattern", expression);
    json_leave(json, '}');
}

/* ---- rows ---------------------------------------------------------------------------------- */

static void write_field(struct json *json, const struct field *field);

static void limits(struct json *json, const struct field *field, const char *min_key,
                   const char *max_key) {
    if (field->min == 0 && field->max == 0) {
        return;
    }
    json_number(json, min_key, field->min);
    if (!__builtin_isinf(field->max)) {
        json_number(json, max_key, field->max);
    }
}

static void bare_number(struct json *json, const struct field *field, const char *type) {
    json_enter(json, NULL, '{');
    json_text(json, "type", type);
    if (field->kind == FIELD_SHARE && field->min == 0 && field->max == 0) {
        json_raw(json, "minimum", "0");
        json_raw(json, "maximum", "1");
    }
    limits(json, field, "minimum", "maximum");
    json_leave(json, '}');
}

static void choices(struct json *json, const struct field *field) {
    json_enter(json, NULL, '{');
    json_enter(json, "enum", '[');
    for (const char *name = field->choices; name != NULL;) {
        const char *bar = strchr(name, '|');
        json_begin(json, NULL);
        fprintf(json->file, "\"%.*s\"", (int)(bar != NULL ? bar - name : (int)strlen(name)), name);
        name = bar != NULL ? bar + 1 : NULL;
    }
    json_leave(json, ']');
    json_leave(json, '}');
}

static void quantity(struct json *json, const struct field *field) {
    enum dimension dimension = schema_value_dimension(field);
    bool may_be_bare = dimension == DIMENSION_NONE || dimension == DIMENSION_SHARE;
    if (may_be_bare && field->kind != FIELD_DISTRIBUTION) {
        bare_number(json, field, "number");
    } else if (may_be_bare) {
        json_raw(json, NULL, "{\"type\": \"number\"}");
    }
    if (dimension != DIMENSION_NONE) {
        pattern(json, NULL, quantity_patterns[dimension]);
    }
}

/* The ways in which a scalar may be written, as elements of an `anyOf`. */
static void scalar_alternatives(struct json *json, const struct field *field) {
    switch (field->kind) {
    case FIELD_TEXT:
        json_raw(json, NULL, "{\"type\": [\"string\", \"number\", \"boolean\"]}");
        break;
    case FIELD_NAME:
        pattern(json, NULL, NAME_PATTERN);
        break;
    case FIELD_BOOLEAN:
        json_raw(json, NULL, "{\"type\": \"boolean\"}");
        break;
    case FIELD_INTEGER:
        bare_number(json, field, "integer");
        reference(json, NULL, "", "parameter_name");
        break;
    case FIELD_REAL:
    case FIELD_SHARE:
    case FIELD_TIME:
    case FIELD_MONEY:
        quantity(json, field);
        reference(json, NULL, "", "parameter_name");
        break;
    case FIELD_DISTRIBUTION:
        quantity(json, field);
        reference(json, NULL, "", "distribution");
        break;
    case FIELD_CHOICE:
        choices(json, field);
        break;
    case FIELD_DATE:
        reference(json, NULL, "", "date");
        break;
    case FIELD_DATES:
        reference(json, NULL, "", "date");
        json_raw(json, NULL,
                 "{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/date\"}, "
                 "\"uniqueItems\": true}");
        break;
    case FIELD_CONDITION:
        json_raw(json, NULL, "{\"type\": [\"string\", \"boolean\"]}");
        break;
    case FIELD_EXPRESSION:
        json_raw(json, NULL, "{\"type\": [\"string\", \"number\"]}");
        break;
    case FIELD_REFERENCE:
        reference(json, NULL, "", "reference");
        break;
    case FIELD_REFERENCES:
        reference(json, NULL, "", "reference");
        json_raw(json, NULL,
                 "{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/reference\"}}");
        break;
    default:
        REQUIRE(field->kind == FIELD_HOURS);
        json_raw(json, NULL, "{\"type\": \"string\"}");
    }
    reference(json, NULL, "", "with_evidence");
}

static void properties(struct json *json, const struct field *fields) {
    for (; fields->kind != FIELD_LAST; fields++) {
        write_field(json, fields);
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

static void required(struct json *json, const struct field *first, const struct field *second) {
    const struct field *tables[] = {first, second};
    if (!has_required(first) && !has_required(second)) {
        return;
    }
    json_enter(json, "required", '[');
    for (int i = 0; i < 2; i++) {
        for (const struct field *field = tables[i]; field->kind != FIELD_LAST; field++) {
            if (field->required) {
                json_text(json, NULL, field->name);
            }
        }
    }
    json_leave(json, ']');
}

/* The members of a schema of a mapping; where a key is required, null is not enough. */
static void mapping(struct json *json, const struct field *fields) {
    static const struct field none[] = {FIELD_END};
    json_raw(json, "type", has_required(fields) ? "\"object\"" : "[\"object\", \"null\"]");
    json_enter(json, "properties", '{');
    properties(json, fields);
    json_leave(json, '}');
    required(json, fields, none);
    json_raw(json, "additionalProperties", "false");
}

/* What a group is, or one item of a map or list. */
static void inner_members(struct json *json, const struct field *field) {
    if (!field->has_short_form) {
        mapping(json, field->inner);
        return;
    }
    json_enter(json, "anyOf", '[');
    scalar_alternatives(json, field->inner);
    json_enter(json, NULL, '{');
    mapping(json, field->inner);
    json_leave(json, '}');
    json_leave(json, ']');
}

static void inner_schema(struct json *json, const char *key, const struct field *field) {
    json_enter(json, key, '{');
    inner_members(json, field);
    json_leave(json, '}');
}

static void node_members(struct json *json, const struct field *field) {
    bool is_known =
        strcmp(field->name, "parameters") == 0 || strcmp(field->name, "procedures") == 0;
    if (is_known) {
        json_enter(json, "allOf", '[');
        reference(json, NULL, "", field->name);
        json_leave(json, ']');
    }
}

static void write_default(struct json *json, const struct field *field) {
    const char *value = field->text_default;
    if (value == NULL || value[0] == '[' || value[0] == '{') {
        return; /* a list is in the description */
    }
    bool is_json = field->kind == FIELD_BOOLEAN || field->kind == FIELD_INTEGER;
    if (is_json) {
        json_raw(json, "default", value);
    } else {
        json_text(json, "default", value);
    }
}

static void description(struct json *json, const struct field *field) {
    char range[SCHEMA_VALUE_TEXT_SIZE], all[1024];
    schema_value_range(field, range);
    bool is_list = field->text_default != NULL && field->text_default[0] == '[';
    snprintf(all, sizeof all, "%s%s%s%s%s%s%s", field->doc != NULL ? field->doc : "",
             range[0] != '\0' ? " (" : "", range, range[0] != '\0' ? ")" : "",
             is_list ? " Default: " : "", is_list ? field->text_default : "", is_list ? "." : "");
    json_text(json, "description", all);
}

static void write_field(struct json *json, const struct field *field) {
    REQUIRE(json->depth < 60); /* rows that contain themselves would never end */
    json_enter(json, field->name, '{');
    description(json, field);
    write_default(json, field);
    switch (field->kind) {
    case FIELD_GROUP:
        inner_members(json, field);
        break;
    case FIELD_MAP:
        json_raw(json, "type", field->min > 0 ? "\"object\"" : "[\"object\", \"null\"]");
        limits(json, field, "minProperties", "maxProperties");
        json_raw(json, "propertyNames", "{\"pattern\": \"" KEY_PATTERN "\"}");
        inner_schema(json, "additionalProperties", field);
        break;
    case FIELD_LIST:
        json_raw(json, "type", field->min > 0 ? "\"array\"" : "[\"array\", \"null\"]");
        limits(json, field, "minItems", "maxItems");
        inner_schema(json, "items", field);
        break;
    case FIELD_NODE:
        node_members(json, field);
        break;
    default:
        json_enter(json, "anyOf", '[');
        scalar_alternatives(json, field);
        json_leave(json, ']');
    }
    json_leave(json, '}');
}

/* ---- steps --------------------------------------------------------------------------------- */

static void step_definition(struct json *json, const struct field *frame,
                            const struct schema_section *step) {
    static const struct field none[] = {FIELD_END};
    char name[128];
    snprintf(name, sizeof name, "step_%s", step->name);
    bool is_fork = strcmp(step->name, "fork") == 0;
    frame = is_fork ? none : frame;
    json_enter(json, name, '{');
    json_text(json, "description", step->doc);
    json_raw(json, "type", has_required(step->fields) ? "\"object\"" : "[\"object\", \"null\"]");
    json_enter(json, "properties", '{');
    reference(json, "type", "", "step_type");
    properties(json, frame);
    properties(json, step->fields);
    json_leave(json, '}');
    required(json, frame, step->fields);
    if (is_fork) {
        reference(json, "additionalProperties", "", "steps");
    } else {
        json_raw(json, "additionalProperties", "false");
    }
    json_leave(json, '}');
}

/* A step whose type is written, or `work`. */
static void step_by_type(struct json *json, const struct schema_section *steps, unsigned count) {
    json_enter(json, "step_type", '{');
    json_enter(json, "enum", '[');
    for (unsigned i = 0; i < count; i++) {
        json_text(json, NULL, steps[i].name);
    }
    json_leave(json, ']');
    json_leave(json, '}');
    json_enter(json, "step_by_type", '{');
    json_raw(json, "properties", "{\"type\": {\"$ref\": \"#/definitions/step_type\"}}");
    json_enter(json, "allOf", '[');
    for (unsigned i = 0; i < count; i++) {
        json_enter(json, NULL, '{');
        json_enter(json, "if", '{');
        json_raw(json, "type", "\"object\"");
        json_raw(json, "required", "[\"type\"]");
        json_begin(json, "properties");
        fprintf(json->file, "{\"type\": {\"const\": \"%s\"}}", steps[i].name);
        json_leave(json, '}');
        reference(json, "then", "step_", steps[i].name);
        json_leave(json, '}');
    }
    json_raw(json, NULL,
             "{\"if\": {\"type\": \"object\", \"required\": [\"type\"]}, \"else\": {\"$ref\": "
             "\"#/definitions/step_work\"}}");
    json_leave(json, ']');
    json_leave(json, '}');
}

static void procedure_definitions(struct json *json, const struct field *frame,
                                  const struct schema_section *steps, unsigned count) {
    for (unsigned i = 0; i < count; i++) {
        step_definition(json, frame, &steps[i]);
    }
    step_by_type(json, steps, count);
    json_enter(json, "steps", '{');
    json_raw(json, "type", "\"array\"");
    json_enter(json, "items", '{');
    json_raw(json, "type", "\"object\"");
    json_raw(json, "minProperties", "1");
    json_raw(json, "maxProperties", "1");
    json_enter(json, "properties", '{');
    for (unsigned i = 0; i < count; i++) {
        json_enter(json, steps[i].name, '{');
        json_raw(json, "if", "{\"type\": \"object\", \"required\": [\"type\"]}");
        reference(json, "then", "", "step_by_type");
        reference(json, "else", "step_", steps[i].name);
        json_leave(json, '}');
    }
    json_leave(json, '}');
    reference(json, "additionalProperties", "", "step_by_type");
    json_leave(json, '}');
    json_leave(json, '}');
    json_enter(json, "step_patch", '{');
    json_text(json, "description",
              "Keys to change in a step, or with a place a new step; null takes the step away.");
    json_raw(json, "type", "[\"object\", \"null\"]");
    json_enter(json, "properties", '{');
    reference(json, "after", "", "reference");
    reference(json, "before", "", "reference");
    json_leave(json, '}');
    json_leave(json, '}');
    json_enter(json, "procedures", '{');
    json_raw(json, "type", "[\"object\", \"null\"]");
    json_enter(json, "additionalProperties", '{');
    json_enter(json, "anyOf", '[');
    reference(json, NULL, "", "steps");
    json_raw(json, NULL,
             "{\"type\": [\"object\", \"null\"], \"additionalProperties\": {\"$ref\": "
             "\"#/definitions/step_patch\"}}");
    json_leave(json, ']');
    json_leave(json, '}');
    json_leave(json, '}');
}

/* ---- the whole ----------------------------------------------------------------------------- */

static void value_definitions(struct json *json) {
    pattern(json, "parameter_name", NAME_PATTERN);
    pattern(json, "distribution", "^[a-z][a-z0-9_]*(\\(.*\\))?$");
    pattern(json, "date", "^[0-9]{4}-[0-9]{2}-[0-9]{2}$");
    pattern(json, "reference", "^[a-z0-9_]+(\\.[a-z0-9_]+)*( +x *[0-9]+)?$");
    json_enter(json, "with_evidence", '{');
    json_text(json, "description", "A value with what is known about it.");
    mapping(json, read_parameter_fields);
    json_leave(json, '}');
    json_enter(json, "scaled", '{');
    json_text(json, "description", "In a patch: multiplies the value that is there.");
    json_raw(json, "type", "\"object\"");
    json_enter(json, "properties", '{');
    json_raw(json, "scale", "{\"type\": [\"number\", \"string\"]}");
    for (const struct field *field = read_parameter_fields; field->kind != FIELD_LAST; field++) {
        if (!field->required) {
            write_field(json, field);
        }
    }
    json_leave(json, '}');
    json_raw(json, "required", "[\"scale\"]");
    json_raw(json, "additionalProperties", "false");
    json_leave(json, '}');
    json_enter(json, "parameters", '{');
    json_raw(json, "type", "[\"object\", \"null\"]");
    json_raw(json, "propertyNames", "{\"pattern\": \"" NAME_PATTERN "\"}");
    json_enter(json, "additionalProperties", '{');
    json_enter(json, "anyOf", '[');
    json_raw(json, NULL, "{\"type\": [\"string\", \"number\", \"null\"]}");
    reference(json, NULL, "", "with_evidence");
    reference(json, NULL, "", "scaled");
    json_leave(json, ']');
    json_leave(json, '}');
    json_leave(json, '}');
}

void schema_write_json(FILE *file, const struct schema_section *files, unsigned file_count,
                       const struct field *frame, const struct schema_section *steps,
                       unsigned step_count) {
    struct json json = JSON_INIT(file);
    json_enter(&json, NULL, '{');
    json_text(&json, "$schema", "http://json-schema.org/draft-07/schema#");
    json_text(&json, "title", "Clearlab scenario file");
    json_enter(&json, "anyOf", '[');
    for (unsigned i = 0; i < file_count; i++) {
        reference(&json, NULL, "file_", files[i].name);
    }
    json_leave(&json, ']');
    json_enter(&json, "definitions", '{');
    for (unsigned i = 0; i < file_count; i++) {
        char name[128];
        snprintf(name, sizeof name, "file_%s", files[i].name);
        json_enter(&json, name, '{');
        json_text(&json, "description", files[i].doc);
        mapping(&json, files[i].fields);
        json_leave(&json, '}');
    }
    procedure_definitions(&json, frame, steps, step_count);
    value_definitions(&json);
    json_leave(&json, '}');
    json_leave(&json, '}');
    fputc('\n', file);
}
