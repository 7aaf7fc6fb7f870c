/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_parse.c - what a duty expression says: its canonical text and its components. */
#include "core/tariff/duty.h"
#include "core/tariff/duty_units.h"
#include "sim/commands/tariff.h"
#include "sim/scenario/json.h"

#include <stdio.h>
#include <string.h>

/* A component in words; empty where there is nothing to say. */
struct described {
    const char *sign, *amount, *unit; /* "+"; "93.1"; "EUR" or "%" */
    const char *per, *code;           /* "100 kg"; "DTN" */
    const char *qualifier, *of;       /* "net eda", "drained weight"; what a share is of */
    const char *multiplied;           /* "kg / 100" */
};

static const char *sign_of(const struct duty_component *component) {
    static const char *const signs[] = {[DUTY_PLUS] = "+",
                                        [DUTY_MINUS] = "-",
                                        [DUTY_MIN] = "MIN",
                                        [DUTY_MAX] = "MAX",
                                        [DUTY_NIL] = "NIHIL",
                                        [DUTY_AGRICULTURAL] = "+",
                                        [DUTY_REFERENCE] = "REF",
                                        [DUTY_SUPPLEMENTARY] = "SUPP",
                                        [DUTY_UNRESOLVED] = "UNRESOLVED"};
    return component->verb == DUTY_AGRICULTURAL ? component->name : signs[component->verb];
}

static const char *exact_text(struct exact value, struct arena *arena) {
    char text[96];
    unsigned length = exact_print(value, text);
    return arena_text(arena, text, length);
}

static const char *multiplied_text(const struct duty_component *component, struct arena *arena) {
    const char *names[DUTY_FACTORS_MAX];
    struct exact factor;
    unsigned count = duty_factor(component, arena, names, &factor);
    const char *text = "";
    for (unsigned i = 0; i < count; i++) {
        text = arena_format(arena, "%s%s%s", text, i > 0 ? " x " : "", names[i]);
    }
    struct exact one = exact_integer(1), inverse = one;
    if (count == 0 || exact_compare(factor, one) == 0) {
        return text;
    }
    return exact_divide(one, factor, &inverse) == 0 && exact_compare(inverse, one) > 0
               ? arena_format(arena, "%s / %s", text, exact_text(inverse, arena))
               : arena_format(arena, "%s x %s", text, exact_text(factor, arena));
}

static struct described describe(const struct duty_component *component, struct arena *arena) {
    struct described row = {.sign = sign_of(component),
                            .amount = "",
                            .unit = "",
                            .per = "",
                            .code = "",
                            .qualifier = "",
                            .of = "",
                            .multiplied = ""};
    if (component->basis == DUTY_SHARE) {
        struct exact percent = component->amount;
        (void)exact_multiply(component->amount, exact_integer(100), &percent);
        row.amount = exact_text(percent, arena);
        row.unit = "%";
        row.of = component->part != NULL ? component->part : "";
        row.multiplied = component->part != NULL ? component->part : "the value";
    } else if (component->basis == DUTY_MONEY) {
        row.amount = exact_text(component->amount, arena);
        row.unit = component->currency;
        row.multiplied = component->unit != 0 ? multiplied_text(component, arena) : "1";
    }
    if (component->unit != 0) {
        bool is_one = exact_compare(component->scale, exact_integer(1)) == 0;
        const char *scale = is_one ? "" : exact_text(component->scale, arena);
        row.per = arena_format(arena, "%s%s%s", scale, is_one ? "" : " ",
                               duty_units[component->unit].text);
        const char *code = duty_units_code(component->unit, (int64_t)component->scale.numerator);
        row.code = arena_format(arena, "%s%s", code != NULL ? code : "",
                                duty_units_qualifiers[component->qualifier].code);
        row.qualifier = component->qualifier != 0 ? duty_units_qualifiers[component->qualifier].text
                        : component->part != NULL ? component->part
                                                  : "";
    }
    return row;
}

static void print_table(const struct duty *duty, struct arena *arena) {
    printf("%-10s %12s %-5s %-14s %-6s %-24s %s\n", "sign", "amount", "unit", "per", "code",
           "qualifier or value", "multiplied with");
    for (unsigned i = 0; i < duty->count; i++) {
        const struct duty_component *component = &duty->components[i];
        struct described row = describe(component, arena);
        printf("%-10s %12s %-5s %-14s %-6s %-24s %s\n", row.sign, row.amount, row.unit, row.per,
               row.code, *row.of != '\0' ? row.of : row.qualifier, row.multiplied);
    }
    for (unsigned i = 0; i < duty->count; i++) {
        const struct duty_component *component = &duty->components[i];
        if (component->verb == DUTY_REFERENCE) {
            printf("needs another provision: %s\n", component->name);
        } else if (component->verb == DUTY_UNRESOLVED) {
            printf("needs a person: %s\n", component->name);
        } else if (!duty_knows_part(component)) {
            printf("needs a person: no list knows what it is on: %s\n", component->part);
        } else if (component->verb == DUTY_PLUS && component->name != NULL) {
            printf("on conditions: %s\n", component->name);
        }
    }
}

/* A member that is left out where there is nothing to say. */
static void print_member(struct json *json, const char *key, const char *value) {
    if (*value != '\0') {
        json_text(json, key, value);
    }
}

static void print_json(const struct duty *duty, struct arena *arena) {
    struct json json = JSON_INIT(stdout);
    json_enter(&json, NULL, '{');
    json_text(&json, "canonical", duty_print(duty, arena));
    json_raw(&json, "computable", duty_is_computable(duty) ? "true" : "false");
    json_enter(&json, "components", '[');
    for (unsigned i = 0; i < duty->count; i++) {
        const struct duty_component *component = &duty->components[i];
        struct described row = describe(component, arena);
        json_enter(&json, NULL, '{');
        json_text(&json, "op", row.sign);
        print_member(&json, "amount", row.amount);
        print_member(&json, "unit", row.unit);
        print_member(&json, "per", row.per);
        print_member(&json, "code", row.code);
        print_member(&json, "qualifier", row.qualifier);
        print_member(&json, "of", row.of);
        print_member(&json, "multiplied", row.multiplied);
        bool has_name = component->verb != DUTY_AGRICULTURAL && component->name != NULL;
        print_member(&json, "text", has_name ? component->name : "");
        json_leave(&json, '}');
    }
    json_leave(&json, ']');
    json_leave(&json, '}');
    fputc('\n', stdout);
}

static void print_json_error(enum duty_fault fault, const struct error *err) {
    struct json json = JSON_INIT(stdout);
    json_enter(&json, NULL, '{');
    json_text(&json, "error", duty_fault_name(fault));
    json_number(&json, "column", err->column);
    json_text(&json, "message", err->text);
    json_leave(&json, '}');
    fputc('\n', stdout);
}

int tariff_parse(const struct invocation *invocation, struct error *err) {
    const char *text = invocation->positionals[1];
    bool is_json = command_option(invocation, "json") != NULL;
    struct place place = {.source = "TEXT", .line = 1, .column = 1};
    struct duty duty;
    enum duty_fault fault;
    if (duty_parse(text, invocation->arena, place, &duty, &fault, err) != 0) {
        error_excerpt(err, text, (unsigned)strlen(text));
        if (is_json) {
            print_json_error(fault, err);
        }
        return 2;
    }
    if (is_json) {
        print_json(&duty, invocation->arena);
        return 0;
    }
    printf("%s\n\n", duty_print(&duty, invocation->arena));
    print_table(&duty, invocation->arena);
    return 0;
}
