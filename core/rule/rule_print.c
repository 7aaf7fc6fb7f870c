/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_print.c - values of a table as people write them. */
#include "core/rule/rule_table.h"

#include <stdio.h>

unsigned rule_print_value(const struct rule *rule, struct value value, int dimension, char *text,
                          unsigned size) {
    const char *currency = rule->currency[0] != '\0' ? rule->currency : "XXX"; /* ISO 4217: none */
    char unit[24] = "";
    if (value.type == VALUE_DATE &&
        (value.date_day < UNITS_DAY_MIN || value.date_day > UNITS_DAY_MAX)) {
        return (unsigned)snprintf(text, size, "a day beyond the calendar");
    }
    if (value.type == VALUE_DECIMAL) {
        struct decimal hundred = {100, 0};
        switch (dimension) {
        case DIMENSION_SHARE:
            if (decimal_multiply(value.decimal, hundred, &value.decimal) == 0) {
                snprintf(unit, sizeof unit, " %%");
            }
            break;
        case DIMENSION_TIME:
            snprintf(unit, sizeof unit, " s");
            break;
        case DIMENSION_MASS:
            snprintf(unit, sizeof unit, " kg");
            break;
        case DIMENSION_LENGTH:
            snprintf(unit, sizeof unit, " m");
            break;
        case DIMENSION_RATE:
            snprintf(unit, sizeof unit, "/s");
            break;
        case DIMENSION_MONEY:
            snprintf(unit, sizeof unit, " %s", currency);
            break;
        case DIMENSION_MONEY_PER_TIME:
            snprintf(unit, sizeof unit, " %s/s", currency);
            break;
        case DIMENSION_MONEY_PER_MASS:
            snprintf(unit, sizeof unit, " %s/kg", currency);
            break;
        default:
            break;
        }
    }
    char printed[600];
    value_print(value, rule->names.symbols, printed, sizeof printed);
    return (unsigned)snprintf(text, size, "%s%s", printed, unit);
}

const char *rule_print_inputs(const struct rule *rule, const struct value *values,
                              struct arena *arena) {
    const char *text = "";
    for (unsigned i = 0; i < rule->input_count; i++) {
        char printed[620];
        rule_print_value(rule, values[i], rule->all_names[i].dimension, printed, sizeof printed);
        text = arena_format(arena, "%s%s%s = %s", text, i == 0 ? "" : ", ", rule->all_names[i].name,
                            printed);
    }
    return text;
}
