/* SPDX-License-Identifier: GPL-3.0-or-later
 * trace.c - replays traces; knows nothing of schedules, plans and facts. */
#include "core/tariff/trace.h"

static const char *const names[] = {
#define X(name, doc) #name,
    TRACE_OPERATIONS(X)
#undef X
};

const char *trace_operation_name(enum trace_operation operation) {
    return names[operation];
}

/* Where the item under way belongs. */
enum target { TARGET_NONE, TARGET_BASE, TARGET_SUM };

struct registers {
    struct exact item, base, sum, bound, charged;
    enum target target;
    uint8_t sign;    /* PLUS or MINUS, of the item */
    uint8_t pending; /* PLUS while there is no bound, else MIN or MAX */
    bool is_charged; /* item and sums are of a charge, not of the base */
};

static int flush(struct registers *at) {
    enum target target = at->target;
    at->target = TARGET_NONE;
    if (target == TARGET_BASE) {
        return exact_add(at->base, at->item, &at->base);
    }
    if (target == TARGET_SUM) {
        return (at->sign == DUTY_MINUS ? exact_subtract : exact_add)(at->sum, at->item, &at->sum);
    }
    return 0;
}

/* min(max(a, b), c): what has come so far is held against the sum behind MIN or MAX. */
static struct exact fold(const struct registers *at) {
    if (at->pending == DUTY_PLUS) {
        return at->sum;
    }
    int order = exact_compare(at->bound, at->sum);
    return (at->pending == DUTY_MIN ? order < 0 : order > 0) ? at->sum : at->bound;
}

static int begin_component(struct registers *at, const struct trace_step *step) {
    if (flush(at) != 0) {
        return -1;
    }
    at->is_charged = true;
    at->target = TARGET_SUM;
    at->sign = step->verb == DUTY_MINUS ? DUTY_MINUS : DUTY_PLUS;
    if (step->verb == DUTY_MIN || step->verb == DUTY_MAX) {
        at->bound = fold(at);
        at->pending = step->verb;
        at->sum = exact_integer(0);
    }
    return 0;
}

static int end_measure(struct registers *at) {
    if (flush(at) != 0) {
        return -1;
    }
    struct exact amount = fold(at);
    at->sum = exact_integer(0);
    at->pending = DUTY_PLUS;
    return exact_add(at->charged, amount, &at->charged);
}

static int round_to(struct exact *number, const struct trace_step *step, struct exact multiple) {
    struct rounding rounding = {.mode = (enum rounding_mode)step->mode, .step = multiple};
    return exact_sign(multiple) <= 0 ? -1 : exact_round(*number, rounding, number);
}

static int replay_base(struct registers *at, const struct trace_step *step) {
    switch (step->operation) {
    case TRACE_term:
        if (flush(at) != 0) {
            return -1;
        }
        at->target = TARGET_BASE;
        at->item = step->a;
        return step->slot == TRACE_NO_SLOT ? 0 : exact_multiply(step->a, step->b, &at->item);
    case TRACE_times:
        return exact_multiply(at->item, step->b, &at->item);
    case TRACE_over:
        return exact_divide(at->item, step->b, &at->item);
    default:
        return flush(at) != 0 ? -1 : round_to(&at->base, step, step->a);
    }
}

static int replay_component(struct registers *at, const struct trace_step *step) {
    switch (step->operation) {
    case TRACE_as_base:
    case TRACE_share:
        if (begin_component(at, step) != 0) {
            return -1;
        }
        at->item = at->base;
        return step->operation == TRACE_as_base
                   ? 0
                   : exact_multiply(step->slot == TRACE_NO_SLOT ? at->base : step->b, step->a,
                                    &at->item);
    case TRACE_money:
        if (begin_component(at, step) != 0) {
            return -1;
        }
        at->item = step->a;
        return 0;
    case TRACE_slice:
        return begin_component(at, step) != 0 ? -1 : exact_multiply(step->b, step->a, &at->item);
    case TRACE_exchange:
        return exact_multiply(at->item, step->a, &at->item) != 0
                   ? -1
                   : round_to(&at->item, step, step->b);
    case TRACE_factor:
        return exact_multiply(at->item, step->a, &at->item);
    case TRACE_quantity:
        return exact_multiply(at->item, step->b, &at->item);
    default:
        return round_to(&at->item, step, step->a);
    }
}

static int replay_end(struct registers *at, const struct trace_step *step) {
    switch (step->operation) {
    case TRACE_measure:
        return end_measure(at);
    case TRACE_waive:
        if (end_measure(at) != 0) {
            return -1;
        }
        at->charged = exact_integer(0);
        return 0;
    case TRACE_round:
        return end_measure(at) != 0 ? -1 : round_to(&at->charged, step, step->a);
    case TRACE_floor:
    case TRACE_ceiling:
        if (end_measure(at) != 0) {
            return -1;
        }
        int order = exact_compare(at->charged, step->a);
        if (step->operation == TRACE_floor ? order < 0 : order > 0) {
            at->charged = step->a;
        }
        return 0;
    case TRACE_entry:
        if (end_measure(at) != 0) {
            return -1;
        }
        at->charged = step->a;
        return 0;
    default:
        return end_measure(at);
    }
}

int trace_replay(const struct trace_step *steps, unsigned limit, unsigned *count,
                 struct exact *amount) {
    struct exact zero = exact_integer(0);
    struct registers at = {.item = zero, .base = zero, .sum = zero, .bound = zero, .charged = zero};
    if (limit == 0 || steps[0].operation != TRACE_levy) {
        return -1;
    }
    for (unsigned i = 1; i < limit; i++) {
        const struct trace_step *step = &steps[i];
        int status;
        if (step->operation == TRACE_levy) {
            return -1;
        }
        if (step->operation >= TRACE_term && step->operation <= TRACE_base_round) {
            status = at.is_charged ? -1 : replay_base(&at, step);
        } else if (step->operation >= TRACE_as_base && step->operation <= TRACE_component_round) {
            status = replay_component(&at, step);
        } else {
            status = replay_end(&at, step);
        }
        if (status != 0) {
            return -1;
        }
        if (step->operation == TRACE_end) {
            *count = i + 1;
            *amount = at.charged;
            return 0;
        }
    }
    return -1;
}

/* What the levy of a slot came to, by its END before `before`; NULL when it is none. */
static const struct exact *amount_of(const struct trace *trace, unsigned slot, unsigned before) {
    const struct exact *amount = NULL;
    bool is_inside = false;
    for (unsigned i = 0; i < before; i++) {
        if (trace->steps[i].operation == TRACE_levy) {
            is_inside = trace->steps[i].slot == slot;
        } else if (is_inside && trace->steps[i].operation == TRACE_end) {
            amount = &trace->steps[i].a;
        }
    }
    return amount;
}

bool trace_agrees(const struct trace *trace) {
    for (unsigned i = 0; i < trace->count;) {
        unsigned count;
        struct exact amount;
        if (trace_replay(&trace->steps[i], trace->count - i, &count, &amount) != 0 ||
            exact_compare(amount, trace->steps[i + count - 1].a) != 0) {
            return false;
        }
        for (unsigned k = i + 1; k < i + count; k++) {
            const struct trace_step *step = &trace->steps[k];
            const struct exact *before =
                step->slot != TRACE_NO_SLOT ? amount_of(trace, step->slot, i) : NULL;
            if (before != NULL && exact_compare(*before, step->b) != 0) {
                return false;
            }
        }
        i += count;
    }
    return true;
}
