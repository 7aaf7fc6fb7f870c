/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_parse.h - worked examples about the text of duties: its components, or why it is none. */
#ifndef TESTS_VECTORS_TARIFF_PARSE_H
#define TESTS_VECTORS_TARIFF_PARSE_H

#include "core/tariff/duty.h"
#include "core/tariff/duty_units.h"
#include "tests/vectors/tariff_case.h"

static const char *parse_field(const struct node *component, const char *key) {
    const struct node *node = node_get(component, key);
    return node != NULL && node->kind == NODE_SCALAR ? node->text : "";
}

static const char *parse_verb(const struct duty_component *component) {
    switch (component->verb) {
    case DUTY_PLUS:
        return "+";
    case DUTY_MINUS:
        return "-";
    case DUTY_MIN:
        return "MIN";
    case DUTY_MAX:
        return "MAX";
    case DUTY_NIL:
        return "NIHIL";
    case DUTY_SUPPLEMENTARY:
        return "SUPP";
    case DUTY_REFERENCE:
        return "REF";
    default:
        return component->name != NULL ? component->name : "UNRESOLVED";
    }
}

/* "100 kg", "1000", "kg"; empty for none. */
static const char *parse_per(struct arena *arena, const struct duty_component *component) {
    char scale[96];
    bool is_one = exact_compare(component->scale, exact_integer(1)) == 0;
    const char *unit = component->unit != 0 ? duty_units[component->unit].text : "";
    exact_print(component->scale, scale);
    return is_one || component->scale.numerator == 0
               ? unit
               : arena_format(arena, "%s%s%s", scale, unit[0] != '\0' ? " " : "", unit);
}

static bool parse_same_amount(const struct duty_component *component, const char *text) {
    struct exact want, have = component->amount;
    if (component->basis == DUTY_NO_AMOUNT) {
        return text[0] == '\0';
    }
    if (component->basis == DUTY_SHARE && exact_multiply(have, exact_integer(100), &have) != 0) {
        return false;
    }
    return exact_parse(text, &want) == 0 && exact_compare(want, have) == 0;
}

/* The unit of the examples is the percent sign or a currency; a word of the text is a unit by any
 * of its names. */
static bool parse_same_unit(struct arena *arena, const struct duty_component *component,
                            const struct node *want) {
    const char *unit = parse_field(want, "unit"), *per = parse_field(want, "per");
    const char *have = component->basis == DUTY_SHARE   ? "%"
                       : component->basis == DUTY_MONEY ? component->currency
                                                        : "";
    if (strcmp(unit, have) != 0) {
        return false;
    }
    if (strcmp(per, parse_per(arena, component)) == 0) {
        return true;
    }
    struct duty_measurement measurement = {0};
    const char *end = per, *name = per + strspn(per, "0123456789. ");
    struct exact scale = exact_integer(1);
    if (name != per) {
        size_t length = (size_t)(name - per);
        while (length > 0 && per[length - 1] == ' ') {
            length--;
        }
        if (exact_parse(arena_text(arena, per, length), &scale) != 0) {
            return false;
        }
    }
    struct exact all;
    if (*name == '\0') { /* "1000": of the things themselves */
        return component->unit == DUTY_UNIT_NAR && exact_compare(scale, component->scale) == 0;
    }
    return duty_units_match(name, &measurement, &end) && *end == '\0' &&
           measurement.unit == component->unit &&
           exact_multiply(scale, exact_integer(measurement.scale), &all) == 0 &&
           exact_compare(all, component->scale) == 0;
}

static bool parse_same_qualifier(const struct duty_component *component, const struct node *want) {
    const char *qualifier = parse_field(want, "qualifier");
    if (qualifier[0] == '\0') {
        return component->qualifier == 0 && component->part == NULL;
    }
    const char *end = qualifier;
    struct duty_measurement measurement = {.unit = component->unit, .scale = 1};
    return (component->part != NULL && strcmp(component->part, qualifier) == 0) ||
           (component->qualifier != 0 &&
            (strcmp(duty_units_qualifiers[component->qualifier].text, qualifier) == 0 ||
             duty_units_match_qualifier(qualifier, measurement, &end) == component->qualifier));
}

static bool parse_same(struct arena *arena, const struct duty_component *component,
                       const struct node *want) {
    const char *op = parse_field(want, "op"), *verb = parse_verb(component);
    return strcmp(op, verb) == 0 && parse_same_amount(component, parse_field(want, "amount")) &&
           parse_same_unit(arena, component, want) && parse_same_qualifier(component, want);
}

/* Parses, compares, prints and parses again. */
static bool parse_check(struct case_run *run, const struct node *inputs,
                        const struct node *expected, struct arena *arena) {
    struct duty duty, again;
    enum duty_fault fault = DUTY_FAULT_NONE;
    struct error err = ERROR_INIT;
    struct place place = {.source = "text"};
    const char *text = parse_field(inputs, "text");
    const struct node *error = node_get(expected, "error");
    const struct node *components = node_get(expected, "components");
    int status = duty_parse(text, arena, place, &duty, &fault, &err);
    if (error != NULL) {
        const char *got = status == 0 ? "no error" : duty_fault_name(fault);
        return strcmp(got, error->text) == 0
                   ? true
                   : case_fail(run, "expected the error %s, got %s", error->text, got);
    }
    if (status != 0) {
        return case_fail(run, "is refused: %s%s", err.text, "");
    }
    const char *printed = duty_print(&duty, arena);
    if (duty.count != components->count) {
        return case_fail(run, "has another number of components: %s%s", printed, "");
    }
    const struct node *want = components->first;
    for (unsigned i = 0; i < duty.count; i++, want = want->next) {
        if (!parse_same(arena, &duty.components[i], want)) {
            return case_fail(run, "a component differs: %s (%s)", printed,
                             parse_field(want, "amount"));
        }
    }
    struct error wrong = ERROR_INIT;
    return duty_parse(printed, arena, place, &again, NULL, &wrong) == 0 &&
                   duty_is_equal(&duty, &again)
               ? true
               : case_fail(run, "'%s' doesn't read back the same%s", printed, "");
}

#endif
