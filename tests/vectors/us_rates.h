/* SPDX-License-Identifier: GPL-3.0-or-later
 * us_rates.h - the parts of a rate as the American tariff database stores them, and the same from
 * its text. */
#ifndef TESTS_VECTORS_US_RATES_H
#define TESTS_VECTORS_US_RATES_H

#include "core/tariff/duty.h"
#include "core/tariff/duty_units.h"
#include "sim/scenario/input_file.h"
#include "tests/test.h"

enum { US_RATES_FILE_SIZE_MAX = 64 * 1024 * 1024 };

/* The codes of quantities: a unit, or the content that a rate is on. */
static const struct us_rates_quantity {
    const char *code;
    unsigned unit;
    int64_t scale;
    bool is_content;
} us_rates_quantities[] = {
    {"NO", DUTY_UNIT_NAR, 1, false},     {"PCS", DUTY_UNIT_NAR, 1, false},
    {"KG", DUTY_UNIT_KGM, 1, false},     {"GM", DUTY_UNIT_GRM, 1, false},
    {"T", DUTY_UNIT_T, 1, false},        {"CKG", DUTY_UNIT_KGM, 1, true},
    {"KTS", DUTY_UNIT_KGM, 1, true},     {"CYK", DUTY_UNIT_CYK, 1, false},
    {"L", DUTY_UNIT_LTR, 1, false},      {"PFL", DUTY_UNIT_PFL, 1, false},
    {"BBL", DUTY_UNIT_BBL, 1, false},    {"DOZ", DUTY_UNIT_DOZ, 1, false},
    {"GRS", DUTY_UNIT_GRS, 1, false},    {"GRL", DUTY_UNIT_GRL, 1, false},
    {"THS", DUTY_UNIT_NAR, 1000, false}, {"PRS", DUTY_UNIT_NPR, 1, false},
    {"DPR", DUTY_UNIT_DPR, 1, false},    {"JWL", DUTY_UNIT_JWL, 1, false},
    {"PK", DUTY_UNIT_PK, 1, false},      {"M", DUTY_UNIT_MTR, 1, false},
    {"LNM", DUTY_UNIT_MTR, 1, false},    {"M2", DUTY_UNIT_MTK, 1, false},
    {"M3", DUTY_UNIT_MTQ, 1, false},     {"CAR", DUTY_UNIT_CTM, 1, false},
};

static inline const struct us_rates_quantity *us_rates_find_quantity(const char *code) {
    for (size_t i = 0; i < sizeof us_rates_quantities / sizeof us_rates_quantities[0]; i++) {
        if (strcmp(us_rates_quantities[i].code, code) == 0) {
            return &us_rates_quantities[i];
        }
    }
    return NULL;
}

/* What the text gives: the share, and amounts per unit of the first and second quantity. */
struct us_rates_parts {
    struct exact share, specific, other;
};

static inline void us_rates_add(struct exact *sum, struct exact term, enum duty_verb verb) {
    struct exact before = *sum;
    CHECK(exact_add(before, verb == DUTY_MINUS ? exact_negate(term) : term, sum) == 0);
}

/* An amount of money per unit of a quantity of the line; false where it is of another kind. */
static inline bool us_rates_per_quantity(const struct duty_component *component,
                                         const struct us_rates_quantity *quantity,
                                         struct exact *amount) {
    if (quantity == NULL || component->unit == 0 ||
        strcmp(duty_units[component->unit].quantity, duty_units[quantity->unit].quantity) != 0) {
        return false;
    }
    struct arena arena = ARENA_INIT;
    const char *names[DUTY_FACTORS_MAX];
    struct exact factor, rate = {0, 1};
    struct exact unit = exact_ratio(duty_units[quantity->unit].numerator * quantity->scale,
                                    duty_units[quantity->unit].denominator);
    unsigned count = duty_factor(component, &arena, names, &factor);
    bool ok = count == 1 && exact_multiply(component->amount, factor, &rate) == 0 &&
              exact_multiply(rate, unit, amount) == 0;
    arena_free(&arena);
    return ok;
}

static inline bool us_rates_equal(struct exact a, const char *text) {
    struct exact b;
    return exact_parse(*text != '\0' ? text : "0", &b) == 0 && exact_compare(a, b) == 0;
}

/* One rate of one line of the database. */
struct us_rates_official {
    const char *line, *column, *text, *quantities[2], *share, *specific, *other;
    char type;
};

/* The part that an amount of money belongs to by the type and the quantities. "NA" or nothing for a
 * quantity says nothing about units: then the amount stands as it is. */
static inline bool us_rates_add_money(const struct us_rates_official *official,
                                      const struct duty_component *component,
                                      struct us_rates_parts *parts) {
    bool uses[2] = {strchr("1346", official->type) != NULL, strchr("2356", official->type) != NULL};
    bool has_two = official->type == '3' || official->type == '6';
    for (int i = 0; i < 2; i++) {
        struct exact amount = component->amount;
        bool is_unnamed = !has_two && (*official->quantities[i] == '\0' ||
                                       strcmp(official->quantities[i], "NA") == 0);
        if (uses[i] && (is_unnamed ||
                        us_rates_per_quantity(
                            component, us_rates_find_quantity(official->quantities[i]), &amount))) {
            us_rates_add(i == 1 && has_two ? &parts->other : &parts->specific, amount,
                         component->verb);
            return true;
        }
    }
    return false;
}

static inline bool us_rates_sum(const struct us_rates_official *official, const struct duty *duty,
                                struct us_rates_parts *parts) {
    *parts = (struct us_rates_parts){{0, 1}, {0, 1}, {0, 1}};
    for (unsigned i = 0; i < duty->count; i++) {
        const struct duty_component *component = &duty->components[i];
        if (component->basis == DUTY_SHARE) {
            us_rates_add(&parts->share, component->amount, component->verb);
        } else if (component->verb != DUTY_NIL && !us_rates_add_money(official, component, parts)) {
            return false;
        }
    }
    return true;
}

static inline char *us_rates_read(struct arena *arena, const char *name) {
    struct error err = ERROR_INIT;
    size_t length;
    char *text = input_file_read(arena, input_file_data_path(arena, name), US_RATES_FILE_SIZE_MAX,
                                 &length, &err);
    if (text == NULL) {
        printf("%s\n", err.text);
    }
    return text;
}

#endif
