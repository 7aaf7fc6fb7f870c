/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_print.c - values of a table as people write them. */
#include "core/rule/rule_table.h"

#include <stdio.h>
#include <string.h>

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

static const char *add_named(const struct rule *rule, const char *text, const char *name,
                             struct value value, int dimension, struct arena *arena) {
    char printed[620];
    rule_print_value(rule, value, dimension, printed, sizeof printed);
    return arena_format(arena, "%s%s%s = %s", text, text[0] == '\0' ? "" : ", ", name, printed);
}

const char *rule_print_inputs(const struct rule *rule, const struct value *values,
                              struct arena *arena) {
    const char *text = "";
    for (unsigned i = 0; i < rule->input_count; i++) {
        text = add_named(rule, text, rule->all_names[i].name, values[i],
                         rule->all_names[i].dimension, arena);
    }
    return rule->input_count > 0 ? text : "there are no inputs";
}

const char *rule_print_outputs(const struct rule *rule, const struct value *outputs,
                               struct arena *arena) {
    const char *text = "";
    for (unsigned o = 0; o < rule->output_count; o++) {
        text = add_named(rule, text, rule->outputs[o].name, outputs[o], rule->outputs[o].dimension,
                         arena);
    }
    return text;
}

/* ---- reading ---- */

static int refuse_choice(const struct rule *rule, unsigned input, const char *text,
                         struct error *err) {
    const char *choices = rule->all_names[input].choices;
    return error_set(err, ERROR_INPUT, "'%s' is no choice of '%s'%s%s", text,
                     rule->all_names[input].name, choices != NULL ? "; there are " : "",
                     choices != NULL ? choices : "");
}

int rule_parse_input(const struct rule *rule, unsigned input, const char *text, struct value *value,
                     struct arena *arena, struct error *err) {
    const struct expression_input *like = &rule->all_names[input];
    value->type = VALUE_MISSING;
    if (strcmp(text, "missing") == 0) {
        return 0;
    }
    if (like->type == VALUE_SYMBOL) {
        *value = rule_symbol(rule, text);
        return rule_set_contains(&rule->inputs[input].domain, value->symbol)
                   ? 0
                   : refuse_choice(rule, input, text, err);
    }
    struct expression_names names = {.inputs = like, .input_count = 0, .currency = rule->currency};
    struct error why = ERROR_INIT;
    struct place place = {NULL, 0, 0};
    const struct expression *expression =
        expression_compile(text, like->type, &names, arena, place, &why);
    if (expression != NULL && like->type == VALUE_DECIMAL) {
        names.input_count = 1;
        const char *comparison = arena_format(arena, "(%s) == %s", text, like->name);
        expression =
            expression_compile(comparison, VALUE_BOOLEAN, &names, arena, place, &why) != NULL
                ? expression
                : NULL;
    }
    if (expression == NULL) {
        return error_set(err, ERROR_INPUT, "%s: %s", like->name, why.text);
    }
    *value = expression_evaluate(expression, NULL);
    return 0;
}
