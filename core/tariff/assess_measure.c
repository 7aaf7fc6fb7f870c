/* SPDX-License-Identifier: GPL-3.0-or-later
 * assess_measure.c - which measures of the schedule apply to the goods, and what they charge. */
#include "core/tariff/assess_work.h"
#include "core/tariff/levy_circle.h"

#include <string.h>

void assess_note(struct assess_work *work, enum assess_outcome outcome,
                 const struct measure *measure, unsigned detail) {
    struct assessment *result = work->result;
    unsigned at = result->notice_count < ASSESS_NOTICES_MAX ? result->notice_count++
                                                            : (unsigned)ASSESS_NOTICES_MAX - 1;
    result->notices[at] = (struct assess_notice){
        .outcome = outcome,
        .measure = measure != NULL ? (uint32_t)(measure - work->plan->tariff->measures) : 0,
        .detail = (uint16_t)detail};
    if (outcome == ASSESS_prohibited || outcome == ASSESS_licence_missing ||
        outcome == ASSESS_unknown_code || outcome == ASSESS_too_many_measures ||
        outcome == ASSESS_no_regime) {
        result->is_blocked = true;
    }
}

/* ---- conditions ---- */

static bool has_document(const struct tariff_facts *facts, unsigned certificate) {
    for (unsigned i = 0; i < facts->document_count; i++) {
        if (facts->documents[i] == certificate) {
            return true;
        }
    }
    return false;
}

static const struct exact *known_number(const struct assess_work *work, unsigned slot) {
    return slot < work->plan->slot_count && work->facts->known[slot] ? &work->facts->numbers[slot]
                                                                     : NULL;
}

/* A threshold in another currency is converted at the rate of the goods' date; false for none. */
static bool own_currency(const struct assess_work *work, const struct condition *condition,
                         struct exact *bound) {
    const struct exchange *exchange = &work->plan->exchange;
    int currency = exchange_find(exchange, condition->threshold.currency);
    if (currency == EXCHANGE_OWN) {
        return true;
    }
    const struct exact *rate =
        currency == EXCHANGE_UNKNOWN ? NULL : exchange_on(exchange, currency, work->goods_day);
    return rate != NULL && exact_multiply(*bound, *rate, bound) == 0;
}

/* Holds a value or quantity against the threshold; what isn't declared meets nothing. */
static bool is_beyond(const struct assess_work *work, uint32_t index, enum condition_test test) {
    const struct condition *condition = &work->plan->tariff->conditions[index];
    const struct levy_threshold *threshold = &work->plan->thresholds[index];
    bool is_price = test == CONDITION_PRICE_MIN || test == CONDITION_PRICE_MAX;
    bool is_quantity = test == CONDITION_QUANTITY_MIN || test == CONDITION_QUANTITY_MAX;
    bool is_min = test == CONDITION_PRICE_MIN || test == CONDITION_VALUE_MIN ||
                  test == CONDITION_QUANTITY_MIN;
    const struct exact *quantity = known_number(work, threshold->quantity);
    const struct exact *value = known_number(work, work->plan->value_slot);
    struct exact units = exact_integer(1), held, bound = condition->threshold.amount;
    if ((is_price || is_quantity) &&
        (quantity == NULL || exact_multiply(*quantity, threshold->factor, &units) != 0)) {
        return false;
    }
    if (is_quantity) {
        held = units;
    } else if (value != NULL && own_currency(work, condition, &bound) &&
               exact_multiply(bound, units, &bound) == 0) {
        held = *value;
    } else {
        return false;
    }
    int order = exact_compare(held, bound);
    return is_min ? order >= 0 : order <= 0;
}

static bool is_condition_met(const struct assess_work *work, uint32_t index) {
    const struct condition *condition = &work->plan->tariff->conditions[index];
    switch (condition->test) {
    case CONDITION_DOCUMENT:
        return has_document(work->facts, condition->certificate);
    case CONDITION_OTHERWISE:
        return true;
    default:
        return is_beyond(work, index, condition->test);
    }
}

struct verdict {
    enum condition_action action;
    uint32_t duty;
    uint16_t missing; /* the first document that was asked for and is not there */
};

/* The first condition of a group that is met decides it, else the group's last. */
static uint32_t judge_group(const struct assess_work *work, uint32_t first, uint32_t end,
                            struct verdict *verdict) {
    const struct condition *conditions = work->plan->tariff->conditions;
    uint32_t chosen = first, i = first;
    bool is_decided = false;
    for (; i < end && conditions[i].group == conditions[first].group; i++) {
        if (!is_decided) {
            chosen = i;
            is_decided = is_condition_met(work, i);
        }
        if (!is_decided && conditions[i].test == CONDITION_DOCUMENT && verdict->missing == 0) {
            verdict->missing = conditions[i].certificate;
        }
    }
    enum condition_action action = conditions[chosen].action;
    if (action > verdict->action) {
        verdict->action = action;
    }
    if (action == CONDITION_APPLY && conditions[chosen].duty != 0) {
        verdict->duty = conditions[chosen].duty;
    }
    return i;
}

static struct verdict judge(const struct assess_work *work, const struct measure *measure) {
    struct verdict verdict = {.action = CONDITION_APPLY, .duty = measure->duty};
    uint32_t end = measure->condition + measure->condition_count;
    for (uint32_t i = measure->condition; i < end;) {
        i = judge_group(work, i, end, &verdict);
    }
    return verdict;
}

/* ---- kinds of measures ---- */

static bool is_claimed(const struct tariff_facts *facts, const struct measure *measure,
                       enum measure_kind kind) {
    bool has_origin = facts->preference && (measure->scheme == 0 || facts->scheme == 0 ||
                                            measure->scheme == facts->scheme);
    bool has_quota = measure->order_number != 0 && facts->order_number == measure->order_number;
    if (measure->trigger != 0 && facts->triggers != NULL) {
        const struct tariff_trigger *trigger = &facts->triggers[measure->trigger];
        if (measure->duty != 0 ? !trigger->is_raised
                               : trigger->is_raised || trigger->price == NULL) {
            return false;
        }
    }
    switch (kind) {
    case MEASURE_KIND_preference:
        return has_origin;
    case MEASURE_KIND_quota:
        return has_quota;
    case MEASURE_KIND_preferential_quota:
        return has_origin && has_quota;
    default:
        return true;
    }
}

static void note_unit(struct assess_work *work, const struct measure *measure) {
    const struct levy_duty *duty = &work->plan->duties[measure->duty];
    for (uint32_t i = 0; i < duty->count; i++) {
        for (unsigned q = 0; q < duty->components[i].quantity_count; q++) {
            unsigned slot = duty->components[i].quantities[q];
            if (!work->facts->known[slot]) {
                assess_note(work, ASSESS_unit_missing, measure, slot);
            }
        }
    }
}

/* The duty that a measure charges once its conditions are judged; 0 when it charges none. */
static uint32_t judged_duty(struct assess_work *work, const struct measure *measure) {
    enum measure_kind kind = work->plan->tariff->types[measure->type].kind;
    if (!is_claimed(work->facts, measure, kind)) {
        return 0;
    }
    struct verdict verdict = {.action = CONDITION_APPLY, .duty = measure->duty};
    if (measure->condition_count > 0) {
        verdict = judge(work, measure);
    }
    bool is_unconditional = measure->condition_count == 0;
    switch (kind) {
    case MEASURE_KIND_prohibition:
        if (verdict.action != CONDITION_NOT) {
            assess_note(work, ASSESS_prohibited, measure, verdict.missing);
        }
        return 0;
    case MEASURE_KIND_licence:
        if (is_unconditional || verdict.action == CONDITION_PROHIBIT) {
            assess_note(work, ASSESS_licence_missing, measure, verdict.missing);
        }
        return 0;
    case MEASURE_KIND_unit:
        note_unit(work, measure);
        return 0;
    case MEASURE_KIND_statistic:
        return 0;
    default:
        break;
    }
    if (verdict.action == CONDITION_PROHIBIT) {
        assess_note(work, ASSESS_prohibited, measure, verdict.missing);
        return 0;
    }
    if (verdict.action == CONDITION_NOT) {
        if (verdict.missing != 0) {
            assess_note(work, ASSESS_document_missing, measure, verdict.missing);
        }
        return 0;
    }
    bool is_by_price = verdict.duty == 0 && measure->trigger != 0 && work->facts->triggers != NULL;
    return is_by_price ? ASSESS_DUTY_BY_PRICE : verdict.duty;
}

void assess_find(struct assess_work *work) {
    struct assessment *result = work->result;
    const struct tariff_facts *facts = work->facts;
    struct schedule_query query = {.code = facts->code,
                                   .suffix = facts->suffix,
                                   .origin = facts->origin,
                                   .movement = facts->movement,
                                   .goods_day = work->goods_day,
                                   .known_day = work->known_day,
                                   .additional_codes = facts->additional_codes,
                                   .additional_code_count = facts->additional_code_count};
    int count = schedule_find(work->plan->tariff, &query, result->matches, ASSESS_MATCHES_MAX);
    if (count < 0) {
        assess_note(work,
                    count == SCHEDULE_NO_CODE ? ASSESS_unknown_code : ASSESS_too_many_measures,
                    NULL, LEVY_NO_SLOT);
        return;
    }
    result->match_count = (unsigned)count;
    for (unsigned i = 0; i < result->match_count; i++) {
        result->match_duties[i] = judged_duty(work, result->matches[i]);
    }
}

/* ---- the measures of one levy ---- */

static bool is_better(enum levy_choice choice, struct exact amount, struct exact best) {
    int order = exact_compare(amount, best);
    return choice == LEVY_LOWEST ? order < 0 : choice == LEVY_HIGHEST && order > 0;
}

struct choosing {
    unsigned count, begin; /* steps of the best begin here */
    struct exact amount;
};

/* Adds a measure's amount, or keeps the better one and its steps. */
static void take(struct assess_work *work, enum levy_choice choice, struct choosing *chosen,
                 unsigned begin, struct exact amount, uint32_t measure) {
    struct trace *trace = &work->result->trace;
    if (chosen->count > 0 && !is_better(choice, amount, chosen->amount)) {
        trace->count = begin;
        return;
    }
    unsigned length = trace->count - begin;
    memmove(&trace->steps[chosen->begin], &trace->steps[begin], length * sizeof trace->steps[0]);
    trace->count = chosen->begin + length;
    chosen->amount = amount;
    work->line->measure = measure;
}

static int charge_measure(struct assess_work *work, const struct levy_row *row, unsigned match,
                          struct exact base, struct exact *amount) {
    const struct assessment *result = work->result;
    const struct measure *measure = result->matches[match];
    bool is_by_price = result->match_duties[match] == ASSESS_DUTY_BY_PRICE;
    const struct levy_duty *duty =
        &work->plan->duties[is_by_price ? 0 : result->match_duties[match]];
    struct trace_step *step = assess_step(work, TRACE_measure);
    if (step == NULL) {
        return -1;
    }
    step->measure = (uint32_t)(measure - work->plan->tariff->measures);
    work->line->measure = step->measure;
    if (row->is_circular &&
        (row->choice != LEVY_SUM || is_by_price || !levy_circle_is_linear(duty))) {
        return assess_fail(work, ASSESS_not_linear, LEVY_NO_SLOT);
    }
    return is_by_price ? assess_gap(work, &work->facts->triggers[measure->trigger], base, amount)
                       : assess_duty(work, row, duty, base, amount);
}

int assess_measures(struct assess_work *work, const struct levy_row *row, struct exact base,
                    struct exact *amount) {
    const struct assessment *result = work->result;
    struct choosing chosen = {.begin = result->trace.count, .amount = exact_integer(0)};
    for (unsigned i = 0; i < result->match_count; i++) {
        unsigned begin = result->trace.count;
        if (result->match_duties[i] == 0 ||
            work->plan->levy_of_type[result->matches[i]->type] != work->levy ||
            (row->choice == LEVY_FIRST && chosen.count > 0)) {
            continue;
        }
        struct exact one;
        if (charge_measure(work, row, i, base, &one) != 0) {
            return -1;
        }
        if (row->choice != LEVY_SUM) {
            take(work, row->choice, &chosen, begin, one, work->line->measure);
        } else if (exact_add(chosen.amount, one, &chosen.amount) != 0) {
            return assess_fail(work, ASSESS_too_large, LEVY_NO_SLOT);
        }
        chosen.count++;
    }
    if (chosen.count == 0) {
        work->line->outcome = ASSESS_no_measure;
    }
    *amount = chosen.amount;
    return 0;
}
