/* SPDX-License-Identifier: GPL-3.0-or-later
 * assess.c - goes through the levies in order: row, base, charge, rounding, limits, waivers. */
#include "core/tariff/assess.h"

#include "core/base/require.h"
#include "core/tariff/assess_work.h"

#include <string.h>

static const char *const outcome_names[] = {
#define X(name, doc) #name,
    ASSESS_OUTCOMES(X)
#undef X
};
static const char *const outcome_docs[] = {
#define X(name, doc) doc,
    ASSESS_OUTCOMES(X)
#undef X
};

const char *assess_outcome_name(enum assess_outcome outcome) {
    return outcome_names[outcome];
}

const char *assess_outcome_doc(enum assess_outcome outcome) {
    return outcome_docs[outcome];
}

/* ---- facts ---- */

void assess_facts_reset(const struct levy_plan *plan, struct tariff_facts *facts) {
    for (unsigned i = 0; i < plan->slot_count; i++) {
        facts->known[i] = i < plan->fact_count && plan->facts[i].has_number;
        if (facts->known[i]) {
            facts->numbers[i] = plan->facts[i].number;
        }
    }
    for (unsigned i = 0; i < plan->fact_count; i++) {
        facts->values[i] = plan->facts[i].value;
    }
}

void assess_facts_init(const struct levy_plan *plan, struct arena *arena,
                       struct tariff_facts *facts) {
    *facts = (struct tariff_facts){.movement = MOVEMENT_IMPORT};
    facts->known = ARENA_ARRAY(arena, bool, plan->slot_count + 1);
    facts->numbers = ARENA_ARRAY(arena, struct exact, plan->slot_count + 1);
    facts->values = ARENA_ARRAY(arena, struct value, plan->fact_count + 1);
    assess_facts_reset(plan, facts);
}

/* Digit by digit, as many as fit, then rounded half to even. */
struct value assess_decimal(struct exact number) {
    number = exact_reduced(number);
    bool is_negative = number.numerator < 0;
    uint128 size = (uint128)(is_negative ? -number.numerator : number.numerator);
    uint128 below = (uint128)number.denominator, rest = size % below;
    if (size / below > INT64_MAX) {
        return (struct value){.type = VALUE_MISSING};
    }
    int64_t coefficient = (int64_t)(size / below);
    int32_t scale = 0;
    while (rest != 0 && scale < DECIMAL_SCALE_MAX && coefficient <= (INT64_MAX - 10) / 10 &&
           rest <= ~(uint128)0 / 10) {
        rest *= 10;
        coefficient = coefficient * 10 + (int64_t)(rest / below);
        rest %= below;
        scale++;
    }
    coefficient += rest > below - rest || (rest == below - rest && (coefficient & 1) != 0);
    return (struct value){
        .type = VALUE_DECIMAL,
        .decimal = {.coefficient = is_negative ? -coefficient : coefficient, .scale = scale}};
}

void assess_facts_number(const struct levy_plan *plan, struct tariff_facts *facts, unsigned slot,
                         struct exact number) {
    REQUIRE(slot < plan->slot_count);
    facts->known[slot] = true;
    facts->numbers[slot] = number;
    if (slot < plan->fact_count) {
        facts->values[slot] = assess_decimal(number);
    }
}

void assess_facts_value(const struct levy_plan *plan, struct tariff_facts *facts, unsigned slot,
                        struct value value) {
    REQUIRE(slot < plan->fact_count);
    facts->values[slot] = value;
    facts->known[slot] = value.type == VALUE_DECIMAL;
    if (facts->known[slot]) {
        facts->numbers[slot] = exact_from_decimal(value.decimal);
    }
}

struct value assess_value_of(const struct tariff_facts *facts, const struct assessment *assessment,
                             unsigned slot) {
    const struct levy_fact *fact = &assessment->plan->facts[slot];
    if (!fact->is_decided) {
        return facts->values[slot];
    }
    return assessment->has_regime ? assessment->decisions[fact->decision]
                                  : (struct value){.type = VALUE_MISSING};
}

/* ---- one levy ---- */

static bool is_met(struct assess_work *work, const struct expression *when) {
    unsigned count;
    const uint16_t *inputs = expression_inputs(when, &count);
    struct assessment *result = work->result;
    for (unsigned i = 0; i < count; i++) {
        unsigned slot = inputs[i];
        if (slot < work->plan->fact_count) {
            result->values[slot] = assess_value_of(work->facts, result, slot);
        } else {
            const struct assess_line *line = &result->lines[slot - work->plan->fact_count];
            result->values[slot] = line->is_known ? assess_decimal(line->amount)
                                                  : (struct value){.type = VALUE_MISSING};
            work->is_too_large = work->is_too_large ||
                                 (line->is_known && result->values[slot].type == VALUE_MISSING);
        }
    }
    return expression_holds(when, result->values);
}

int assess_row(struct assess_work *work, unsigned levy) {
    const struct levy *of = &work->plan->levies[levy];
    for (unsigned i = 0; i < of->row_count; i++) {
        const struct levy_row *row = &of->rows[i];
        if (work->goods_day >= row->from_day && work->goods_day <= row->to_day &&
            work->known_day >= row->known_from_day && work->known_day <= row->known_to_day &&
            (row->when == NULL || is_met(work, row->when))) {
            return (int)i;
        }
    }
    return -1;
}

static int round_amount(struct assess_work *work, enum trace_operation operation,
                        struct rounding rounding, struct exact *amount) {
    if (rounding.mode == ROUNDING_NONE) {
        return 0;
    }
    struct trace_step *step = assess_step(work, operation);
    if (step == NULL) {
        return -1;
    }
    step->mode = (uint8_t)rounding.mode;
    step->a = rounding.step;
    return exact_round(*amount, rounding, amount) != 0
               ? assess_fail(work, ASSESS_too_large, LEVY_NO_SLOT)
               : 0;
}

static int limit_to(struct assess_work *work, enum trace_operation operation, struct exact bound,
                    struct exact *amount) {
    struct trace_step *step = assess_step(work, operation);
    if (step == NULL) {
        return -1;
    }
    step->a = bound;
    int order = exact_compare(*amount, bound);
    if (operation == TRACE_floor ? order < 0 : order > 0) {
        *amount = bound;
    }
    return 0;
}

static int limit_amount(struct assess_work *work, enum trace_operation operation,
                        const struct levy_sum *limit, struct exact *amount) {
    struct exact bound;
    return assess_sum(work, limit, false, &bound) != 0 ? -1
                                                       : limit_to(work, operation, bound, amount);
}

static int limit_entry(struct assess_work *work, const struct levy_row *row, struct exact *amount) {
    const struct tariff_part *parts = work->facts->parts;
    const struct tariff_part *part = parts != NULL ? &parts[work->levy] : NULL;
    if (part == NULL || part->state == TARIFF_PART_ALONE) {
        return (row->has_entry_minimum &&
                limit_to(work, TRACE_floor, row->entry_minimum, amount) != 0) ||
                       (row->has_entry_maximum &&
                        limit_to(work, TRACE_ceiling, row->entry_maximum, amount) != 0)
                   ? -1
                   : 0;
    }
    if (part->state == TARIFF_PART_OPEN) {
        return assess_fail(work, ASSESS_entry_open, LEVY_NO_SLOT);
    }
    if (part->state == TARIFF_PART_GIVEN) {
        struct trace_step *step = assess_step(work, TRACE_entry);
        if (step == NULL) {
            return -1;
        }
        step->a = *amount = part->amount;
    }
    return 0;
}

static bool is_waived(enum levy_waive waive, struct exact amount, struct exact limit) {
    int order = exact_compare(amount, limit);
    return waive == LEVY_WAIVE_BELOW ? order < 0 : order <= 0;
}

/* Rounds first, then holds against the limits, which are round amounts. */
static int finish_amount(struct assess_work *work, const struct levy_row *row,
                         struct exact *amount) {
    if (round_amount(work, TRACE_round, row->round, amount) != 0 ||
        (row->has_minimum && limit_amount(work, TRACE_floor, &row->minimum, amount) != 0) ||
        (row->has_maximum && limit_amount(work, TRACE_ceiling, &row->maximum, amount) != 0) ||
        ((row->has_entry_minimum || row->has_entry_maximum) &&
         limit_entry(work, row, amount) != 0)) {
        return -1;
    }
    if (row->waive == LEVY_COLLECT || !is_waived(row->waive, *amount, row->waive_limit)) {
        return 0;
    }
    struct trace_step *step = assess_step(work, TRACE_waive);
    if (step == NULL) {
        return -1;
    }
    step->a = row->waive_limit;
    *amount = exact_integer(0);
    work->line->outcome = ASSESS_waived;
    return 0;
}

static int assess_present(struct assess_work *work, const struct levy_row *row,
                          struct exact *amount) {
    struct assess_line *line = work->line;
    if (row->is_circular && assess_solve(work) != 0) {
        return -1;
    }
    struct trace_step *step = assess_step(work, TRACE_levy);
    if (step == NULL) {
        return -1;
    }
    step->slot = (uint16_t)(work->plan->fact_count + work->levy);
    step->measure = line->row;
    if (assess_sum(work, &row->base, true, &line->base) != 0 ||
        round_amount(work, TRACE_base_round, row->base_round, &line->base) != 0 ||
        assess_charge(work, row, line->base, amount) != 0 ||
        finish_amount(work, row, amount) != 0) {
        return -1;
    }
    step = assess_step(work, TRACE_end);
    if (step == NULL) {
        return -1;
    }
    step->a = *amount;
    return 0;
}

static void assess_levy(struct assess_work *work) {
    struct assess_line *line = work->line;
    struct trace *trace = &work->result->trace;
    struct exact amount = exact_integer(0);
    line->step_first = trace->count;
    line->base = amount;
    line->reason = NULL;
    line->measure = 0;
    line->outcome = ASSESS_due;
    work->is_too_large = false;
    int row = assess_row(work, work->levy);
    line->row = (uint16_t)row;
    if (work->is_too_large) { /* a condition looks at a number that it can't hold */
        assess_fail(work, ASSESS_too_large, LEVY_NO_SLOT);
    } else if (row < 0) {
        line->outcome = ASSESS_not_due;
        line->is_known = true;
    } else {
        const struct levy_row *chosen = &work->plan->levies[work->levy].rows[row];
        int status = assess_present(work, chosen, &amount);
        if (chosen->is_circular) {
            assess_unsolve(work);
        }
        line->is_known = status == 0;
        if (status != 0) {
            trace->count = line->step_first;
            amount = exact_integer(0);
        }
    }
    line->amount = line->due = amount;
    line->step_count = trace->count - line->step_first;
}

/* ---- all of them ---- */

static void apply_waiver(struct assess_work *work, const struct levy_waiver *waiver) {
    struct assessment *result = work->result;
    struct exact sum = exact_integer(0);
    for (unsigned i = 0; i < waiver->count; i++) {
        const struct assess_line *line = &result->lines[waiver->levies[i]];
        if (!line->is_known || exact_add(sum, line->amount, &sum) != 0) {
            return; /* what isn't known can't be small */
        }
    }
    if (!is_waived(waiver->waive, sum, waiver->limit)) {
        return;
    }
    for (unsigned i = 0; i < waiver->count; i++) {
        struct assess_line *line = &result->lines[waiver->levies[i]];
        if (exact_sign(line->amount) != 0) {
            line->outcome = ASSESS_waived;
            line->due = exact_integer(0);
        }
    }
}

static void sum_up(struct assess_work *work) {
    struct assessment *result = work->result;
    result->is_complete = true;
    for (unsigned i = 0; i < work->plan->levy_count; i++) {
        struct assess_line *line = &result->lines[i];
        if (!line->is_known) {
            result->is_complete = false;
        } else if (work->plan->levies[i].kind >= LEVY_DUTY &&
                   exact_add(result->due, line->due, &result->due) != 0) {
            line->outcome = ASSESS_too_large;
            result->is_complete = false;
        }
    }
}

/* A symbol that was declared after the plan was made is nothing the table knows. */
static struct value as_rule_value(const struct levy_plan *plan, struct value value) {
    if (value.type == VALUE_SYMBOL) {
        value =
            value.symbol < plan->symbol_count
                ? (struct value){.type = VALUE_SYMBOL, .symbol = plan->symbol_to_rule[value.symbol]}
                : rule_symbol(plan->regimes, "");
    }
    return value;
}

static void settle_regime(struct assess_work *work) {
    const struct levy_plan *plan = work->plan;
    struct assessment *result = work->result;
    struct value inputs[RULE_INPUTS_MAX];
    struct rule_result decided;
    unsigned input_count, output_count;
    rule_inputs(plan->regimes, &input_count);
    rule_output_list(plan->regimes, &output_count);
    for (unsigned i = 0; i < input_count; i++) {
        inputs[i] = as_rule_value(plan, work->facts->values[plan->regime_inputs[i]]);
    }
    rule_evaluate(plan->regimes, inputs, work->goods_day, &decided);
    result->has_regime = decided.status == RULE_FIRED || decided.status == RULE_DEFAULT;
    if (!result->has_regime) {
        assess_note(work, ASSESS_no_regime, NULL, LEVY_NO_SLOT);
        return;
    }
    result->regime_rule = decided.fired_count > 0 ? decided.fired[0] : RULE_RULES_MAX;
    for (unsigned i = 0; i < output_count; i++) {
        result->decisions[i] = decided.outputs[i];
        if (decided.outputs[i].type == VALUE_SYMBOL) {
            result->decisions[i].symbol = plan->symbol_of_rule[decided.outputs[i].symbol];
        }
    }
}

int assess(const struct levy_plan *plan, const struct tariff_facts *facts, int64_t goods_day,
           int64_t known_day, struct assessment *result) {
    struct assess_work work = {.plan = plan,
                               .facts = facts,
                               .goods_day = goods_day,
                               .known_day = known_day,
                               .result = result};
    result->plan = plan;
    result->notice_count = 0;
    result->is_blocked = false;
    result->match_count = 0;
    result->trace.count = 0;
    result->due = exact_integer(0);
    for (unsigned i = 0; i < plan->levy_count; i++) {
        result->lines[i].is_known = false;
    }
    result->has_regime = false;
    if (plan->regimes != NULL) {
        settle_regime(&work);
    }
    if (plan->tariff != NULL && facts->code != 0) {
        assess_find(&work);
    }
    for (work.levy = 0; work.levy < plan->levy_count; work.levy++) {
        work.line = &result->lines[work.levy];
        assess_levy(&work);
    }
    for (unsigned i = 0; i < plan->waiver_count; i++) {
        apply_waiver(&work, &plan->waivers[i]);
    }
    sum_up(&work);
    return result->is_complete && !result->is_blocked ? 0 : 1;
}

const struct assess_line *assess_line_of(const struct assessment *assessment, const char *levy) {
    for (unsigned i = 0; i < assessment->plan->levy_count; i++) {
        if (strcmp(assessment->plan->levies[i].name, levy) == 0) {
            return &assessment->lines[i];
        }
    }
    return NULL;
}
