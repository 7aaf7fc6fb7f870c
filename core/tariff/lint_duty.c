/* SPDX-License-Identifier: GPL-3.0-or-later
 * lint_duty.c - rules about duties and the quantities and currencies they need. */
#include "core/tariff/duty_units.h"
#include "core/tariff/lint_work.h"
#include "core/tariff/schedule_read.h"

#include <string.h>

/* A share above 500 %, a floor above a ceiling, prose: what a duty says by itself. */
static void check_duty(struct lint *lint, const struct measure *measure, const struct duty *duty,
                       int field) {
    const struct duty_component *floor = NULL;
    for (unsigned i = 0; i < duty->count; i++) {
        const struct duty_component *component = &duty->components[i];
        bool is_share = component->basis == DUTY_SHARE;
        if (is_share && exact_compare(component->amount, exact_integer(5)) > 0) {
            lint_add_measure(lint, measure, field, LINT_D3, "a share of more than 500 %%");
        }
        if (component->verb == DUTY_UNRESOLVED) {
            lint_add_measure(lint, measure, field, LINT_D6, "no rule reads the duty: %.80s",
                             component->name == NULL ? "" : component->name);
        }
        if (component->verb == DUTY_MAX && floor != NULL && floor->basis == component->basis &&
            floor->unit == component->unit && strcmp(floor->currency, component->currency) == 0 &&
            exact_compare(floor->scale, component->scale) == 0 &&
            exact_compare(floor->amount, component->amount) > 0) {
            lint_add_measure(lint, measure, field, LINT_D4, "the floor is above the ceiling");
        }
        floor = component->verb == DUTY_MIN ? component : floor;
    }
}

static bool declares(const struct lint *lint, const struct nomenclature_line *line,
                     const char *quantity) {
    for (unsigned i = 0; i < line->unit_count; i++) {
        struct duty_measurement measurement;
        const char *end;
        const char *unit = lint->tariff->line_units[line->unit_first + i];
        if (duty_units_match(unit, &measurement, &end) &&
            strcmp(duty_units[measurement.unit].quantity, quantity) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether some goods below the line, itself included, cannot state the quantity. */
static bool lacks_quantity(const struct lint *lint, uint32_t line, const char *quantity) {
    const struct nomenclature_line *lines = lint->tariff->nomenclature.lines;
    if (!lines[line].has_choices) {
        return !declares(lint, &lines[line], quantity);
    }
    for (uint32_t i = line + 1; i < lines[line].end; i++) {
        if (!lines[i].has_choices && lines[i].suffix == NOMENCLATURE_SUFFIX &&
            !declares(lint, &lines[i], quantity)) {
            return true;
        }
    }
    return false;
}

/* Weight is always declared; other quantities only where the line says so. */
static void check_quantities(struct lint *lint, const struct measure *measure,
                             const struct duty *duty, int field) {
    for (unsigned i = 0; i < duty->count; i++) {
        const struct duty_component *component = &duty->components[i];
        const char *quantity = duty_units[component->unit].quantity;
        if (component->basis != DUTY_MONEY || component->unit == 0 || component->part != NULL ||
            strcmp(quantity, "kg") == 0) {
            continue;
        }
        if (lacks_quantity(lint, measure->line, quantity)) {
            lint_add_measure(lint, measure, field, LINT_D5,
                             "the duty is on %s, which the code's units do not have", quantity);
        }
    }
}

static void check_currency(struct lint *lint, const struct measure *measure,
                           const struct exchange *exchange, const char *code, int field) {
    if (exchange->own[0] == '\0' || code[0] == '\0' || strcmp(exchange->own, code) == 0) {
        return;
    }
    for (unsigned i = 0; i < exchange->count; i++) {
        const struct exchange_currency *currency = &exchange->currencies[i];
        if (strcmp(currency->code, code) != 0) {
            continue;
        }
        int64_t next = measure->valid_from;
        for (uint32_t k = 0; k < currency->count; k++) {
            const struct exchange_rate *rate = &currency->rates[k];
            next = rate->from_day <= next && rate->to_day >= next ? rate->to_day + 1 : next;
        }
        if (next <= measure->valid_to) {
            lint_add_measure(lint, measure, field, LINT_D8,
                             "%s has no rate on a day of the measure", code);
        }
        return;
    }
    lint_add_measure(lint, measure, field, LINT_D7, "the document has no rate of %s", code);
}

static void check_all(struct lint *lint, const struct measure *measure, uint32_t index,
                      const struct exchange *exchange, int field) {
    const struct duty *duty = &lint->tariff->duties[index];
    if (index == 0) {
        return;
    }
    check_duty(lint, measure, duty, field);
    check_quantities(lint, measure, duty, field);
    for (unsigned i = 0; i < duty->count; i++) {
        check_currency(lint, measure, exchange, duty->components[i].currency, field);
    }
}

void lint_duty(struct lint *lint) {
    const struct tariff *tariff = lint->tariff;
    struct exchange exchange = {.count = 0};
    struct error err = ERROR_INIT;
    if (tariff->document != NULL &&
        exchange_read(tariff->document, lint->arena, &exchange, &err) < 0) {
        exchange = (struct exchange){.count = 0}; /* its own reader says what is wrong */
    }
    for (uint32_t i = 1; i < tariff->measure_count; i++) {
        const struct measure *measure = &tariff->measures[i];
        check_all(lint, measure, measure->duty, &exchange, SCHEDULE_FIELD_duty);
        for (unsigned k = 0; k < measure->condition_count; k++) {
            const struct condition *condition = &tariff->conditions[measure->condition + k];
            check_all(lint, measure, condition->duty, &exchange, SCHEDULE_FIELD_conditions);
            check_currency(lint, measure, &exchange, condition->threshold.currency,
                           SCHEDULE_FIELD_conditions);
        }
    }
}
