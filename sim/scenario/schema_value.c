/* SPDX-License-Identifier: GPL-3.0-or-later
 * schema_value.c - see schema_value.h. */
#include "sim/scenario/schema_value.h"

#include "sim/scenario/read_parts.h"

#include <stdio.h>

enum dimension schema_value_dimension(const struct field *field) {
    switch (field->kind) {
    case FIELD_SHARE:
        return DIMENSION_SHARE;
    case FIELD_TIME:
        return DIMENSION_TIME;
    case FIELD_MONEY:
        return DIMENSION_MONEY;
    case FIELD_REAL:
    case FIELD_DISTRIBUTION:
        return (enum dimension)field->dimension;
    default:
        return DIMENSION_NONE;
    }
}

const char *schema_value_range(const struct field *field, char text[SCHEMA_VALUE_TEXT_SIZE]) {
    text[0] = '\0';
    if (field->min == 0 && field->max == 0) {
        return text;
    }
    char low[READ_DESCRIPTION_SIZE], high[READ_DESCRIPTION_SIZE];
    enum dimension dimension = schema_value_dimension(field);
    read_quantity_print(field->min, dimension, "", low);
    read_quantity_print(field->max, dimension, "", high);
    bool is_count = field->kind == FIELD_MAP || field->kind == FIELD_LIST;
    const char *items = is_count ? " items" : "";
    if (__builtin_isinf(field->max)) {
        snprintf(text, SCHEMA_VALUE_TEXT_SIZE, "at least %s%s", low, items);
    } else if (is_count && field->min == field->max) {
        snprintf(text, SCHEMA_VALUE_TEXT_SIZE, "%s%s", low, items);
    } else if (is_count && field->min == 0) {
        snprintf(text, SCHEMA_VALUE_TEXT_SIZE, "at most %s%s", high, items);
    } else {
        snprintf(text, SCHEMA_VALUE_TEXT_SIZE, "%s..%s%s", low, high, items);
    }
    return text;
}
