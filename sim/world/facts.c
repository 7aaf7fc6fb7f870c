/* SPDX-License-Identifier: GPL-3.0-or-later
 * facts.c - see facts.h. */
#include "sim/world/facts.h"

static struct value boolean(bool truth) {
    return (struct value){.type = VALUE_BOOLEAN, .boolean = truth};
}

static struct value whole(int64_t number) {
    return (struct value){.type = VALUE_DECIMAL, .decimal = {.coefficient = number}};
}

static struct value symbol(uint32_t index) {
    return (struct value){.type = VALUE_SYMBOL, .symbol = index};
}

static const struct value missing = {.type = VALUE_MISSING};

static struct value clock_fact(const struct replication *rep, enum scenario_input input) {
    int64_t day = rep->now_ns / CALENDAR_DAY_NS;
    if (input == INPUT_weekday) {
        return whole(units_weekday(rep->scenario->world.start_day + day) + 1);
    }
    return whole((rep->now_ns - day * CALENDAR_DAY_NS) / (CALENDAR_DAY_NS / 24));
}

static struct value fact(const struct replication *rep, const struct consignment *consignment,
                         const struct token *token, enum scenario_input input) {
    bool has_goods = consignment->chapter != 0;
    switch (input) {
    case INPUT_channel:
        return symbol(rep->scenario->channel_symbols[consignment->channel]);
    case INPUT_trader_class:
        return rep->scenario->world.class_count == 0
                   ? missing
                   : symbol(rep->scenario->class_symbols[consignment->trader_class]);
    case INPUT_trusted:
        return boolean(consignment->trusted);
    case INPUT_willing:
        return boolean(consignment->willing);
    case INPUT_lodged_before_arrival:
        return boolean(consignment->lodged_before_arrival);
    case INPUT_chapter:
        return has_goods ? symbol(rep->scenario->chapter_symbols[consignment->chapter - 1])
                         : missing;
    case INPUT_value:
        return has_goods ? value_decimal_from_real(consignment->value) : missing;
    case INPUT_mass:
        return has_goods ? value_decimal_from_real(consignment->mass_kg) : missing;
    case INPUT_duty:
        return value_decimal_from_money(consignment->duty);
    case INPUT_permit:
        return boolean(consignment->permit);
    case INPUT_deficient:
        return boolean(consignment->deficient);
    case INPUT_found:
        return boolean(consignment->found);
    case INPUT_examined:
        return boolean(consignment->examined);
    case INPUT_visits:
        return whole(token == NULL ? 0 : token->visits);
    case INPUT_waiting:
        return value_decimal_from_real(
            (double)(rep->now_ns - consignment->data[MILESTONE_CREATED]) * 1e-9);
    case INPUT_hour:
    case INPUT_weekday:
        return clock_fact(rep, input);
    case INPUT_COUNT:
        break;
    }
    return missing;
}

/* Fills the inputs that the expression reads. */
static void fill(struct replication *rep, const struct consignment *consignment,
                 const struct token *token, const struct expression *expression) {
    unsigned count;
    const uint16_t *inputs = expression_inputs(expression, &count);
    for (unsigned i = 0; i < count; i++) {
        rep->facts[inputs[i]] = fact(rep, consignment, token, (enum scenario_input)inputs[i]);
    }
}

bool facts_hold(struct replication *rep, const struct consignment *consignment,
                const struct token *token, const struct expression *condition) {
    fill(rep, consignment, token, condition);
    return expression_holds(condition, rep->facts);
}

uint32_t facts_priority(struct replication *rep, const struct consignment *consignment,
                        const struct token *token, const struct expression *expression) {
    fill(rep, consignment, token, expression);
    struct value value = expression_evaluate(expression, rep->facts);
    if (value.type != VALUE_DECIMAL) {
        return 0;
    }
    struct decimal most = {.coefficient = PRIORITY_COUNT - 1}, least = {0};
    if (decimal_compare(value.decimal, least) <= 0) {
        return 0;
    }
    if (decimal_compare(value.decimal, most) >= 0) {
        return PRIORITY_COUNT - 1;
    }
    int64_t whole_part = value.decimal.coefficient;
    for (int32_t i = 0; i < value.decimal.scale; i++) {
        whole_part /= 10;
    }
    return (uint32_t)whole_part;
}
