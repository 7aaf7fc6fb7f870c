/* SPDX-License-Identifier: GPL-3.0-or-later
 * levy_duty.c - duties made ready for assessment: no names left, only slots and factors. */
#include "core/tariff/levy_build.h"

#include <string.h>

static void resolve_money(struct levy_builder *builder, const struct duty_component *from,
                          struct levy_component *to) {
    const char *names[DUTY_FACTORS_MAX];
    struct exact factor = exact_integer(1);
    to->quantity_count = (uint8_t)duty_factor(from, builder->arena, names, &factor);
    for (unsigned i = 0; i < to->quantity_count; i++) {
        to->quantities[i] = (uint16_t)levy_build_quantity(builder, names[i]);
    }
    to->factor = factor;
    to->currency = (int8_t)exchange_find(&builder->plan->exchange, from->currency);
}

/* What a component is on may also be a fact or levy of the jurisdiction: "5 % on cif". */
static const char *check_part(struct levy_builder *builder, const struct duty_component *from) {
    bool is_known =
        duty_knows_part(from) || (from->basis == DUTY_SHARE &&
                                  levy_build_slot(builder, duty_share_of(from)) != LEVY_NO_SLOT);
    return is_known ? NULL
                    : arena_format(builder->arena, "no list knows what it is on: %s", from->part);
}

/* Why a component that is no plain amount cannot be computed from quantities alone, or NULL. */
static const char *resolve_special(struct levy_builder *builder, const struct duty_component *from,
                                   struct levy_component *to) {
    switch (from->verb) {
    case DUTY_AGRICULTURAL:
    case DUTY_REFERENCE:
        to->looked_up = (uint16_t)levy_build_quantity(
            builder, from->verb == DUTY_REFERENCE ? "applicable duty" : from->name);
        return NULL;
    case DUTY_UNRESOLVED:
        return from->name != NULL ? from->name : "prose";
    default:
        return from->name; /* Free on conditions that a person has to read */
    }
}

int levy_build_duty(struct levy_builder *builder, const struct duty *duty,
                    struct levy_duty *result) {
    struct levy_component *components =
        ARENA_ARRAY(builder->arena, struct levy_component, duty->count + 1);
    *result = (struct levy_duty){.count = duty->count, .components = components};
    for (unsigned i = 0; i < duty->count; i++) {
        const struct duty_component *from = &duty->components[i];
        struct levy_component *to = &components[i];
        *to = (struct levy_component){.verb = (uint8_t)from->verb,
                                      .basis = (uint8_t)from->basis,
                                      .currency = EXCHANGE_OWN,
                                      .share_of = LEVY_NO_SLOT,
                                      .looked_up = LEVY_NO_SLOT,
                                      .amount = from->amount,
                                      .factor = exact_integer(1)};
        const char *why = check_part(builder, from);
        why = why != NULL ? why : resolve_special(builder, from, to);
        if (why != NULL && result->unresolved == NULL) {
            result->unresolved = why;
        }
        if (to->amount.denominator == 0) {
            to->amount = exact_integer(0);
        }
        const char *share_of = from->basis == DUTY_SHARE ? duty_share_of(from) : NULL;
        if (share_of != NULL) {
            to->share_of = (uint16_t)levy_build_quantity(builder, share_of);
        }
        if (from->basis == DUTY_MONEY || from->verb == DUTY_AGRICULTURAL ||
            from->verb == DUTY_SUPPLEMENTARY) {
            resolve_money(builder, from, to);
        }
        if (exact_multiply(to->amount, to->factor, &to->per_unit) != 0) {
            return error_set(builder->err, ERROR_INPUT, "a duty has too many digits");
        }
    }
    return 0;
}

struct levy_threshold levy_build_threshold(struct levy_builder *builder,
                                           const struct duty_component *component) {
    struct levy_threshold threshold = {.quantity = LEVY_NO_SLOT, .factor = exact_integer(1)};
    const char *names[DUTY_FACTORS_MAX];
    struct duty_component money = *component;
    money.basis = DUTY_MONEY;
    money.verb = DUTY_PLUS;
    if (duty_factor(&money, builder->arena, names, &threshold.factor) > 0) {
        threshold.quantity = (uint16_t)levy_build_quantity(builder, names[0]);
    }
    return threshold;
}
