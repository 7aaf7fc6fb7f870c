/* SPDX-License-Identifier: GPL-3.0-or-later
 * duty.c - what can be asked of a duty, and its canonical text. */
#include "core/tariff/duty.h"

#include "core/tariff/duty_number.h"
#include "core/tariff/duty_prose.h"
#include "core/tariff/duty_units.h"

#include <string.h>

const char *duty_fault_name(enum duty_fault fault) {
    static const char *const names[] = {
        [DUTY_FAULT_NONE] = "none",
        [DUTY_FAULT_AMOUNT_REQUIRED] = "amount-required",
        [DUTY_FAULT_UNKNOWN_EXPRESSION] = "unknown-expression",
        [DUTY_FAULT_UNKNOWN_MONEY] = "unknown-money",
        [DUTY_FAULT_UNKNOWN_UNIT] = "unknown-unit",
        [DUTY_FAULT_UNKNOWN_QUALIFIER] = "unknown-qualifier",
        [DUTY_FAULT_QUALIFIER_NOT_PERMITTED] = "qualifier-not-permitted",
        [DUTY_FAULT_EXPRESSION_USED_TWICE] = "expression-used-twice",
        [DUTY_FAULT_EXPRESSION_OUT_OF_ORDER] = "expression-out-of-order",
        [DUTY_FAULT_AMOUNT_NOT_PERMITTED] = "amount-not-permitted",
        [DUTY_FAULT_UNIT_NOT_PERMITTED] = "unit-not-permitted",
        [DUTY_FAULT_TOO_LARGE] = "too-large",
    };
    return names[fault];
}

static bool is_same_text(const char *a, const char *b) {
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool is_same_component(const struct duty_component *a, const struct duty_component *b) {
    return a->verb == b->verb && a->basis == b->basis && exact_compare(a->amount, b->amount) == 0 &&
           strcmp(a->currency, b->currency) == 0 && exact_compare(a->scale, b->scale) == 0 &&
           a->unit == b->unit && a->qualifier == b->qualifier && is_same_text(a->name, b->name) &&
           is_same_text(a->part, b->part);
}

bool duty_is_equal(const struct duty *a, const struct duty *b) {
    if (a->count != b->count) {
        return false;
    }
    for (unsigned i = 0; i < a->count; i++) {
        if (!is_same_component(&a->components[i], &b->components[i])) {
            return false;
        }
    }
    return true;
}

bool duty_is_computable(const struct duty *duty) {
    for (unsigned i = 0; i < duty->count; i++) {
        enum duty_verb verb = duty->components[i].verb;
        if (verb == DUTY_REFERENCE || verb == DUTY_UNRESOLVED ||
            !duty_knows_part(&duty->components[i])) {
            return false;
        }
    }
    return true;
}

bool duty_knows_part(const struct duty_component *component) {
    return component->verb == DUTY_UNRESOLVED || component->part == NULL ||
           duty_prose_knows_part(component->part);
}

bool duty_is_of_line(const struct duty_component *component) {
    return component->verb == DUTY_REFERENCE && duty_prose_names_line(component->name);
}

/* The declared quantity of a unit, narrowed: "kg of lead content", "jewel over 7". */
static const char *quantity_name(const struct duty_component *component, struct arena *arena) {
    const char *name = duty_units[component->unit].quantity;
    const char *of = duty_units_qualifiers[component->qualifier].of;
    if (of != NULL) {
        name = arena_format(arena, "%s of %s", name, of);
    }
    if (component->part == NULL) {
        return name;
    }
    bool is_kept = duty_units_keeps_preposition(component->part);
    return arena_format(arena, is_kept ? "%s %s" : "%s of %s", name, component->part);
}

unsigned duty_factor(const struct duty_component *component, struct arena *arena,
                     const char *names[DUTY_FACTORS_MAX], struct exact *factor) {
    *factor = exact_integer(1);
    if (component->basis == DUTY_SHARE || component->unit == DUTY_UNIT_NONE) {
        return 0;
    }
    const struct duty_unit *unit = &duty_units[component->unit];
    const struct duty_qualifier *qualifier = &duty_units_qualifiers[component->qualifier];
    names[0] = quantity_name(component, arena);
    unsigned count = 1;
    while (count < DUTY_FACTORS_MAX && qualifier->times[count - 1] != NULL) {
        names[count] = qualifier->times[count - 1];
        count++;
    }
    factor->numerator = (int128)unit->denominator * component->scale.denominator;
    factor->denominator = (int128)unit->numerator * qualifier->divisor * component->scale.numerator;
    *factor = exact_reduced(*factor);
    return count;
}

const char *duty_share_of(const struct duty_component *component) {
    return component->basis == DUTY_SHARE ? component->part : NULL;
}

/* A decimal that the parser takes, else a whole number and a fraction: "33 1/3". */
static const char *print_number(struct exact value, struct arena *arena) {
    char text[96];
    exact_print(value, text);
    int digits = 0, decimals = 0;
    bool is_fraction = false, is_behind_point = false;
    for (const char *at = text; *at != '\0'; at++) {
        is_fraction |= *at == '/';
        is_behind_point |= *at == '.';
        decimals += is_behind_point && *at != '.';
        digits += *at != '.' && (digits > 0 || *at != '0');
    }
    if (!is_fraction && digits <= DUTY_NUMBER_DIGITS_MAX && decimals <= DUTY_NUMBER_DIGITS_MAX) {
        return arena_text(arena, text, strlen(text));
    }
    value = exact_reduced(value);
    long long whole = (long long)(value.numerator / value.denominator);
    long long rest = (long long)(value.numerator % value.denominator);
    if (whole == 0) {
        return arena_format(arena, "%lld/%lld", rest, (long long)value.denominator);
    }
    return arena_format(arena, "%lld %lld/%lld", whole, rest, (long long)value.denominator);
}

static const char *print_measurement(const struct duty_component *component, struct arena *arena) {
    const struct duty_qualifier *qualifier = &duty_units_qualifiers[component->qualifier];
    const char *scale = exact_compare(component->scale, exact_integer(1)) == 0
                            ? ""
                            : arena_format(arena, "%s ", print_number(component->scale, arena));
    bool is_kept = component->part != NULL && duty_units_keeps_preposition(component->part);
    return arena_format(arena, "%s%s%s%s%s%s", scale, duty_units[component->unit].text,
                        component->qualifier != 0 ? " / " : "", qualifier->text,
                        component->part == NULL ? ""
                        : is_kept               ? " "
                                                : " on ",
                        component->part == NULL ? "" : component->part);
}

/* A component without its sign. */
static const char *print_amount(const struct duty_component *component, struct arena *arena) {
    struct exact percent = {0, 1};
    switch (component->basis) {
    case DUTY_SHARE:
        if (component->name != NULL) {
            bool is_bracketed = component->name[0] == '(';
            return arena_format(arena, "Free%s %s", is_bracketed ? "" : ",", component->name);
        }
        (void)exact_multiply(component->amount, exact_integer(100), &percent);
        return arena_format(arena, "%s%%%s%s", print_number(percent, arena),
                            component->part != NULL ? " on " : "",
                            component->part != NULL ? component->part : "");
    case DUTY_MONEY:
        return arena_format(arena, "%s %s%s%s", print_number(component->amount, arena),
                            component->currency, component->unit != 0 ? " / " : "",
                            component->unit != 0 ? print_measurement(component, arena) : "");
    default:
        break;
    }
    switch (component->verb) {
    case DUTY_NIL:
        return "NIHIL";
    case DUTY_AGRICULTURAL:
        return component->unit == 0 ? component->name
                                    : arena_format(arena, "%s / %s", component->name,
                                                   print_measurement(component, arena));
    case DUTY_SUPPLEMENTARY:
        return print_measurement(component, arena);
    default:
        return component->verb == DUTY_UNRESOLVED ? component->part : component->name;
    }
}

const char *duty_print(const struct duty *duty, struct arena *arena) {
    static const char *const signs[] = {[DUTY_PLUS] = "+ ",
                                        [DUTY_MINUS] = "- ",
                                        [DUTY_MIN] = "MIN ",
                                        [DUTY_MAX] = "MAX ",
                                        [DUTY_AGRICULTURAL] = "+ "};
    const char *text = "";
    for (unsigned i = 0; i < duty->count; i++) {
        const struct duty_component *component = &duty->components[i];
        bool has_sign = component->verb <= DUTY_MAX || component->verb == DUTY_AGRICULTURAL;
        bool is_first_plus =
            i == 0 && (component->verb == DUTY_PLUS || component->verb == DUTY_AGRICULTURAL);
        text = arena_format(arena, "%s%s%s%s", text, i > 0 ? " " : "",
                            has_sign && !is_first_plus ? signs[component->verb] : "",
                            print_amount(component, arena));
    }
    return text;
}
