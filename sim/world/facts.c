/* SPDX-License-Identifier: GPL-3.0-or-later
 * facts.c - see facts.h. */
#include "sim/world/facts.h"

/* Each is written where it is read: a value of many kinds made elsewhere would be copied. */
static inline void put_boolean(struct value *fact, bool truth) {
    fact->type = VALUE_BOOLEAN;
    fact->boolean = truth;
}

static inline void put_whole(struct value *fact, int64_t number) {
    fact->type = VALUE_DECIMAL;
    fact->decimal = (struct decimal){.coefficient = number};
}

static inline void put_symbol(struct value *fact, uint32_t index) {
    fact->type = VALUE_SYMBOL;
    fact->symbol = index;
}

static void put_class(const struct replication *rep, const struct consignment *consignment,
                      struct value *fact) {
    if (rep->scenario->world.class_count == 0) {
        fact->type = VALUE_MISSING;
        return;
    }
    put_symbol(fact, rep->scenario->class_symbols[consignment->trader_class]);
}

static void put_goods(const struct replication *rep, const struct consignment *consignment,
                      enum scenario_input input, struct value *fact) {
    if (consignment->chapter == 0) {
        fact->type = VALUE_MISSING;
    } else if (input == INPUT_chapter) {
        put_symbol(fact, rep->scenario->chapter_symbols[consignment->chapter - 1]);
    } else {
        *fact = value_decimal_from_real(input == INPUT_value ? consignment->value
                                                             : consignment->mass_kg);
    }
}

static void put_clock(const struct replication *rep, enum scenario_input input,
                      struct value *fact) {
    int64_t day = rep->now_ns / CALENDAR_DAY_NS;
    put_whole(fact, input == INPUT_weekday
                        ? units_weekday(rep->scenario->world.start_day + day) + 1
                        : (rep->now_ns - day * CALENDAR_DAY_NS) / (CALENDAR_DAY_NS / 24));
}

static void put(const struct replication *rep, const struct consignment *consignment,
                const struct token *token, enum scenario_input input, struct value *fact) {
    switch (input) {
    case INPUT_channel:
        put_symbol(fact, rep->scenario->channel_symbols[consignment->channel]);
        break;
    case INPUT_trader_class:
        put_class(rep, consignment, fact);
        break;
    case INPUT_trusted:
        put_boolean(fact, consignment->trusted);
        break;
    case INPUT_willing:
        put_boolean(fact, consignment->willing);
        break;
    case INPUT_lodged_before_arrival:
        put_boolean(fact, consignment->lodged_before_arrival);
        break;
    case INPUT_chapter:
    case INPUT_value:
    case INPUT_mass:
        put_goods(rep, consignment, input, fact);
        break;
    case INPUT_duty:
        *fact = value_decimal_from_money(consignment->duty);
        break;
    case INPUT_permit:
        put_boolean(fact, consignment->permit);
        break;
    case INPUT_deficient:
        put_boolean(fact, consignment->deficient);
        break;
    case INPUT_found:
        put_boolean(fact, consignment->found);
        break;
    case INPUT_examined:
        put_boolean(fact, consignment->examined);
        break;
    case INPUT_visits:
        put_whole(fact, token == NULL ? 0 : token->visits);
        break;
    case INPUT_waiting:
        *fact = value_decimal_from_real(
            (double)(rep->now_ns - consignment->data[MILESTONE_CREATED]) * 1e-9);
        break;
    case INPUT_hour:
    case INPUT_weekday:
        put_clock(rep, input, fact);
        break;
    case INPUT_COUNT:
        fact->type = VALUE_MISSING;
        break;
    }
}

/* Fills the inputs that the expression reads. */
static void fill(struct replication *rep, const struct consignment *consignment,
                 const struct token *token, const struct expression *expression) {
    unsigned count;
    const uint16_t *inputs = expression_inputs(expression, &count);
    for (unsigned i = 0; i < count; i++) {
        put(rep, consignment, token, (enum scenario_input)inputs[i], &rep->facts[inputs[i]]);
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
