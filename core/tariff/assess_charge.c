/* SPDX-License-Identifier: GPL-3.0-or-later
 * assess_charge.c - what a base bears: shares, amounts per unit, tiers, slices. */
#include "core/tariff/assess_work.h"

static int too_large(struct assess_work *work) {
    return assess_fail(work, ASSESS_too_large, LEVY_NO_SLOT);
}

/* ---- sums ---- */

static int trace_factor(struct assess_work *work, enum trace_operation operation, unsigned slot,
                        struct exact number) {
    struct trace_step *step = assess_step(work, operation);
    if (step == NULL) {
        return -1;
    }
    step->slot = (uint16_t)slot;
    step->b = number;
    return 0;
}

static int sum_term(struct assess_work *work, const struct levy_term *term, bool is_traced,
                    struct exact *result) {
    *result = term->coefficient;
    for (unsigned i = 0; i < term->factor_count; i++) {
        const struct exact *number = assess_read(work, term->factors[i], ASSESS_missing_fact);
        if (number == NULL) {
            return -1;
        }
        if (is_traced && i > 0 && trace_factor(work, TRACE_times, term->factors[i], *number) != 0) {
            return -1;
        }
        if (is_traced && i == 0) {
            if (trace_factor(work, TRACE_term, term->factors[0], *number) != 0) {
                return -1;
            }
            work->result->trace.steps[work->result->trace.count - 1].a = term->coefficient;
        }
        if (exact_multiply(*result, *number, result) != 0) {
            return too_large(work);
        }
    }
    if (is_traced && term->factor_count == 0) {
        struct trace_step *step = assess_step(work, TRACE_term);
        if (step == NULL) {
            return -1;
        }
        step->a = term->coefficient;
    }
    for (unsigned i = 0; i < term->divisor_count; i++) {
        const struct exact *number = assess_read(work, term->divisors[i], ASSESS_missing_fact);
        if (number == NULL) {
            return -1;
        }
        if (exact_sign(*number) == 0) {
            return assess_fail(work, ASSESS_division_by_zero, term->divisors[i]);
        }
        if (is_traced && trace_factor(work, TRACE_over, term->divisors[i], *number) != 0) {
            return -1;
        }
        if (exact_divide(*result, *number, result) != 0) {
            return too_large(work);
        }
    }
    return 0;
}

int assess_sum(struct assess_work *work, const struct levy_sum *sum, bool is_traced,
               struct exact *result) {
    *result = exact_integer(0);
    for (uint32_t i = 0; i < sum->count; i++) {
        struct exact term;
        if (sum_term(work, &sum->terms[i], is_traced, &term) != 0) {
            return -1;
        }
        if (i == 0) {
            *result = term;
        } else if (exact_add(*result, term, result) != 0) {
            return too_large(work);
        }
    }
    return 0;
}

/* ---- duties ---- */

static int share_of(struct assess_work *work, const struct levy_component *component,
                    struct exact base, struct exact *item) {
    struct trace_step *step = assess_step(work, TRACE_share);
    if (step == NULL) {
        return -1;
    }
    step->verb = component->verb;
    step->a = component->amount;
    if (component->share_of != LEVY_NO_SLOT) {
        const struct exact *value = assess_read(work, component->share_of, ASSESS_missing_fact);
        if (value == NULL) {
            return -1;
        }
        step->slot = component->share_of;
        step->b = base = *value;
    }
    return exact_multiply(component->amount, base, item) != 0 ? too_large(work) : 0;
}

static int apply_factor(struct assess_work *work, const struct levy_component *component,
                        struct exact *item) {
    struct trace_step *step = assess_step(work, TRACE_factor);
    if (step == NULL) {
        return -1;
    }
    step->a = component->factor;
    return exact_multiply(*item, component->factor, item) != 0 ? too_large(work) : 0;
}

/* The amount per stated unit in the tariff's currency, then per single unit. */
static int convert(struct assess_work *work, const struct levy_component *component,
                   struct exact *item) {
    const struct exchange *exchange = &work->plan->exchange;
    const struct exact *rate = component->currency == EXCHANGE_UNKNOWN
                                   ? NULL
                                   : exchange_on(exchange, component->currency, work->goods_day);
    if (rate == NULL) {
        return assess_fail(work, ASSESS_no_exchange_rate, LEVY_NO_SLOT);
    }
    struct trace_step *step = assess_step(work, TRACE_exchange);
    if (step == NULL) {
        return -1;
    }
    step->mode = (uint8_t)exchange->rounding.mode;
    step->a = *rate;
    step->b = exchange->rounding.step;
    return exact_multiply(*item, *rate, item) != 0 ||
                   exact_round(*item, exchange->rounding, item) != 0
               ? too_large(work)
               : apply_factor(work, component, item);
}

static int money_of(struct assess_work *work, const struct levy_component *component,
                    struct exact *item) {
    struct trace_step *step = assess_step(work, TRACE_money);
    if (step == NULL) {
        return -1;
    }
    step->verb = component->verb <= DUTY_MAX ? component->verb : (uint8_t)DUTY_PLUS;
    *item = component->per_unit;
    if (component->looked_up != LEVY_NO_SLOT) {
        const struct exact *amount =
            assess_read(work, component->looked_up, ASSESS_missing_quantity);
        if (amount == NULL) {
            return -1;
        }
        step->slot = component->looked_up;
        *item = step->b = *amount; /* per unit of its own quantities */
    } else if (component->currency != EXCHANGE_OWN) {
        *item = component->amount;
    }
    step->a = *item;
    if (component->currency != EXCHANGE_OWN && convert(work, component, item) != 0) {
        return -1;
    }
    if (component->looked_up != LEVY_NO_SLOT && apply_factor(work, component, item) != 0) {
        return -1;
    }
    for (unsigned i = 0; i < component->quantity_count; i++) {
        unsigned slot = component->quantities[i];
        const struct exact *quantity = assess_read(work, slot, ASSESS_missing_quantity);
        if (quantity == NULL || trace_factor(work, TRACE_quantity, slot, *quantity) != 0) {
            return -1;
        }
        if (exact_multiply(*item, *quantity, item) != 0) {
            return too_large(work);
        }
    }
    return 0;
}

/* A duty under way: what stands before the last MIN or MAX, and the sum behind it. */
struct folding {
    struct exact bound, sum;
    uint8_t pending;
};

static struct exact folded(const struct folding *fold) {
    if (fold->pending == DUTY_PLUS) {
        return fold->sum;
    }
    int order = exact_compare(fold->sum, fold->bound);
    bool is_sum = fold->pending == DUTY_MIN ? order > 0 : order < 0;
    return is_sum ? fold->sum : fold->bound;
}

static int component_amount(struct assess_work *work, const struct levy_row *row,
                            const struct levy_component *component, struct exact base,
                            struct exact *item) {
    bool is_share = component->basis == DUTY_SHARE && component->looked_up == LEVY_NO_SLOT;
    if ((is_share ? share_of(work, component, base, item) : money_of(work, component, item)) != 0) {
        return -1;
    }
    if (row->component_round.mode == ROUNDING_NONE) {
        return 0;
    }
    struct trace_step *step = assess_step(work, TRACE_component_round);
    if (step == NULL) {
        return -1;
    }
    step->mode = (uint8_t)row->component_round.mode;
    step->a = row->component_round.step;
    return exact_round(*item, row->component_round, item) != 0 ? too_large(work) : 0;
}

int assess_duty(struct assess_work *work, const struct levy_row *row, const struct levy_duty *duty,
                struct exact base, struct exact *amount) {
    struct folding fold = {.sum = exact_integer(0), .pending = DUTY_PLUS};
    if (duty->unresolved != NULL) {
        work->line->reason = duty->unresolved;
        return assess_fail(work, ASSESS_unresolved, LEVY_NO_SLOT);
    }
    for (uint32_t i = 0; i < duty->count; i++) {
        const struct levy_component *component = &duty->components[i];
        struct exact item;
        if (component->verb == DUTY_NIL || component->verb == DUTY_SUPPLEMENTARY) {
            continue;
        }
        if (component_amount(work, row, component, base, &item) != 0) {
            return -1;
        }
        if (component->verb == DUTY_MIN || component->verb == DUTY_MAX) {
            fold.bound = folded(&fold);
            fold.pending = component->verb;
            fold.sum = item;
        } else if ((component->verb == DUTY_MINUS ? exact_subtract : exact_add)(fold.sum, item,
                                                                                &fold.sum) != 0) {
            return too_large(work);
        }
    }
    *amount = folded(&fold);
    return 0;
}

/* ---- prices ---- */

/* The trigger price of all units of the goods, in the tariff's currency. */
static int whole_trigger(struct assess_work *work, const struct tariff_trigger *trigger,
                         struct exact *whole) {
    const struct exchange *exchange = &work->plan->exchange;
    int currency = exchange_find(exchange, trigger->price->currency);
    const struct exact one = exact_integer(1);
    const struct exact *rate = currency == EXCHANGE_OWN ? &one
                               : currency == EXCHANGE_UNKNOWN
                                   ? NULL
                                   : exchange_on(exchange, currency, work->goods_day);
    const struct exact *quantity = assess_read(work, trigger->quantity, ASSESS_missing_quantity);
    if (quantity == NULL) {
        return -1;
    }
    if (rate == NULL) {
        return assess_fail(work, ASSESS_no_exchange_rate, LEVY_NO_SLOT);
    }
    struct trace_step *step = assess_step(work, TRACE_trigger);
    if (step == NULL) {
        return -1;
    }
    step->slot = trigger->quantity;
    step->b = *quantity;
    if (exact_multiply(trigger->price->trigger_price, *rate, whole) != 0 ||
        (currency != EXCHANGE_OWN && exact_round(*whole, exchange->rounding, whole) != 0) ||
        exact_divide(*whole, trigger->unit_size, whole) != 0 ||
        exact_multiply(*whole, *quantity, whole) != 0) {
        return too_large(work);
    }
    step->a = *whole;
    return 0;
}

int assess_gap(struct assess_work *work, const struct tariff_trigger *trigger, struct exact base,
               struct exact *amount) {
    struct exact whole, gap, from = exact_integer(0);
    *amount = exact_integer(0);
    if (whole_trigger(work, trigger, &whole) != 0) {
        return -1;
    }
    if (exact_subtract(whole, base, &gap) != 0) {
        return too_large(work);
    }
    for (unsigned i = 0; i < trigger->price->bracket_count; i++) {
        const struct surge_bracket *bracket = &trigger->price->brackets[i];
        struct exact to = gap, part, item;
        if (bracket->up_to.denominator != 0 && exact_multiply(whole, bracket->up_to, &to) != 0) {
            return too_large(work);
        }
        to = exact_compare(gap, to) < 0 ? gap : to;
        if (exact_compare(to, from) <= 0) {
            break;
        }
        struct trace_step *step = assess_step(work, TRACE_slice);
        if (step == NULL) {
            return -1;
        }
        if (exact_subtract(to, from, &part) != 0 ||
            exact_multiply(part, bracket->rate, &item) != 0 ||
            exact_add(*amount, item, amount) != 0) {
            return too_large(work);
        }
        step->verb = DUTY_PLUS;
        step->a = bracket->rate;
        step->b = part;
        from = to;
    }
    return 0;
}

/* ---- tables ---- */

static int tier_amount(struct assess_work *work, const struct levy_row *row, struct exact base,
                       struct exact *amount) {
    for (unsigned i = 0; i < row->tier_count; i++) {
        const struct levy_tier *tier = &row->tiers[i];
        if (!tier->is_open && exact_compare(base, tier->to) > 0) {
            continue;
        }
        struct trace_step *step = assess_step(work, tier->has_amount ? TRACE_money : TRACE_share);
        if (step == NULL) {
            return -1;
        }
        step->verb = DUTY_PLUS;
        step->a = *amount = tier->has_amount ? tier->amount : tier->rate;
        return !tier->has_amount && exact_multiply(tier->rate, base, amount) != 0 ? too_large(work)
                                                                                  : 0;
    }
    return assess_fail(work, ASSESS_not_due, LEVY_NO_SLOT);
}

/* Each slice bears its own rate; its ends are shares of `slices_of`. */
static int slice_amount(struct assess_work *work, const struct levy_row *row, struct exact base,
                        struct exact *amount) {
    struct exact whole;
    if (assess_sum(work, &row->slices_of, false, &whole) != 0) {
        return -1;
    }
    *amount = exact_integer(0);
    for (unsigned i = 0; i < row->tier_count; i++) {
        const struct levy_tier *slice = &row->tiers[i];
        struct exact from, to, end = base, part, item;
        if (exact_multiply(whole, slice->from, &from) != 0 ||
            exact_multiply(whole, slice->to, &to) != 0) {
            return too_large(work);
        }
        if (exact_compare(base, from) <= 0) {
            break;
        }
        if (!slice->is_open && exact_compare(to, base) < 0) {
            end = to;
        }
        struct trace_step *step = assess_step(work, TRACE_slice);
        if (step == NULL) {
            return -1;
        }
        if (exact_subtract(end, from, &part) != 0 ||
            exact_multiply(part, slice->rate, &item) != 0 ||
            exact_add(*amount, item, amount) != 0) {
            return too_large(work);
        }
        step->verb = DUTY_PLUS;
        step->a = slice->rate;
        step->b = part;
    }
    return 0;
}

int assess_charge(struct assess_work *work, const struct levy_row *row, struct exact base,
                  struct exact *amount) {
    switch (row->charge) {
    case LEVY_AS_BASE: {
        struct trace_step *step = assess_step(work, TRACE_as_base);
        if (step == NULL) {
            return -1;
        }
        step->verb = DUTY_PLUS;
        *amount = base;
        return 0;
    }
    case LEVY_RATE:
        return assess_duty(work, row, &row->duty, base, amount);
    case LEVY_MEASURES:
        return assess_measures(work, row, base, amount);
    case LEVY_TIERS:
        return tier_amount(work, row, base, amount);
    case LEVY_SLICES:
        return slice_amount(work, row, base, amount);
    }
    return -1;
}
