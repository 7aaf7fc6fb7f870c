/* SPDX-License-Identifier: GPL-3.0-or-later
 * dmn_decide.c - decides: in their order, each decision from inputs and earlier results. */
#include "core/base/require.h"
#include "core/rule/dmn_model.h"

#include <string.h>

enum { ROOM_SIZE = 65536 };

static struct value value_as_text(const char *text) {
    return (struct value){.type = VALUE_TEXT, .text = {text, (uint32_t)strlen(text)}};
}

/* Pages hold texts as symbols. */
static struct value to_page(const struct rule *rule, struct value value, struct arena *arena) {
    return value.type == VALUE_TEXT
               ? rule_symbol(rule, arena_text(arena, value.text.bytes, value.text.length))
               : value;
}

static struct value from_page(const struct rule *rule, struct value value) {
    uint32_t count;
    return value.type == VALUE_SYMBOL ? value_as_text(rule_symbols(rule, &count)[value.symbol])
                                      : value;
}

static struct dmn_value simple(struct value value) {
    return (struct dmn_value){.shape = DMN_SIMPLE, .value = value};
}

struct deciding {
    const struct dmn_logic *logic;
    const struct value *slots, *values; /* of the model, of the page */
    struct arena *arena;
    const struct rule_result *result;
};

static struct value evaluate(const struct deciding *deciding, const struct expression *expression) {
    struct expression_room room = {NULL, arena_alloc(deciding->arena, ROOM_SIZE), ROOM_SIZE, 0};
    return expression_evaluate_in(expression, deciding->slots, &room);
}

/* What the rule that fired as number `hit` gives; or with hit -1 what is no rule's own: a default,
 * an aggregate. One output is the value itself, several are a context. */
static struct dmn_value item(const struct deciding *deciding, int hit,
                             const struct value *outputs) {
    const struct dmn_logic *logic = deciding->logic;
    unsigned count;
    (void)rule_output_list(logic->rule, &count);
    struct dmn_value *items = ARENA_ARRAY(deciding->arena, struct dmn_value, count);
    for (unsigned i = 0; i < count; i++) {
        const struct expression *text =
            hit < 0 ? NULL : logic->texts[deciding->result->fired[hit] * count + i];
        items[i] =
            simple(text != NULL ? evaluate(deciding, text) : from_page(logic->rule, outputs[i]));
        items[i].name = count == 1 ? NULL : logic->output_names[i];
    }
    return count == 1 ? items[0]
                      : (struct dmn_value){.shape = DMN_CONTEXT, .items = items, .count = count};
}

static struct dmn_value list(const struct deciding *deciding) {
    const struct rule_result *result = deciding->result;
    bool is_default = result->status == RULE_DEFAULT;
    unsigned count = is_default ? 1 : result->fired_count;
    struct dmn_value *items = ARENA_ARRAY(deciding->arena, struct dmn_value, count);
    struct value outputs[RULE_OUTPUTS_MAX];
    for (unsigned i = 0; i < count; i++) {
        if (!is_default) {
            rule_outputs(deciding->logic->rule, result->fired[i], deciding->values, 0, outputs);
        }
        items[i] = item(deciding, is_default ? -1 : (int)i, is_default ? result->outputs : outputs);
    }
    return (struct dmn_value){.shape = DMN_LIST, .items = items, .count = count};
}

static struct dmn_value decide_table(const struct dmn_model *model, const struct dmn_logic *logic,
                                     struct value *slots, struct arena *arena) {
    unsigned count;
    (void)rule_inputs(logic->rule, &count);
    for (unsigned i = 0; i < logic->text_test_count; i++) {
        struct deciding before = {.slots = slots, .arena = arena};
        slots[logic->text_tests[i].slot] = evaluate(&before, logic->text_tests[i].expression);
    }
    struct value *values = ARENA_ARRAY(arena, struct value, count);
    for (unsigned i = 0; i < count; i++) {
        REQUIRE(logic->rule_slots[i] < model->slot_count);
        values[i] = to_page(logic->rule, slots[logic->rule_slots[i]], arena);
    }
    struct rule_result *result = ARENA_NEW(arena, struct rule_result);
    rule_evaluate(logic->rule, values, 0, result);
    enum rule_hit hit = rule_hit(logic->rule);
    bool is_list =
        hit == RULE_HIT_RULE_ORDER || hit == RULE_HIT_OUTPUT_ORDER || hit == RULE_HIT_COLLECT;
    struct deciding deciding = {logic, slots, values, arena, result};
    if (result->status == RULE_FIRED || result->status == RULE_DEFAULT) {
        bool is_own = result->status == RULE_FIRED && hit < RULE_HIT_SUM;
        return is_list ? list(&deciding) : item(&deciding, is_own ? 0 : -1, result->outputs);
    }
    struct value none = {.type = VALUE_MISSING};
    if (result->status == RULE_NONE && hit == RULE_HIT_COUNT) {
        none = (struct value){.type = VALUE_DECIMAL, .decimal = {0, 0}};
    }
    return result->status == RULE_NONE && hit == RULE_HIT_COLLECT
               ? (struct dmn_value){.shape = DMN_LIST}
               : simple(none);
}

static struct dmn_value decide_one(const struct dmn_model *model, const struct dmn_logic *logic,
                                   struct value *slots, struct arena *arena) {
    if (logic->rule != NULL) {
        return decide_table(model, logic, slots, arena);
    }
    struct deciding deciding = {.slots = slots, .arena = arena};
    return simple(evaluate(&deciding, logic->expression));
}

/* The slots of a result: its value, or its components; missing where there is none. */
static void keep(const struct dmn_logic *logic, const struct dmn_value *value,
                 struct value *slots) {
    for (unsigned i = 0; i < logic->slot_count; i++) {
        struct value *slot = &slots[logic->first_slot + i];
        *slot = (struct value){.type = VALUE_MISSING};
        if (value->shape == DMN_CONTEXT) {
            *slot = value->items[i].value;
        } else if (logic->slot_count == 1) {
            *slot = value->value;
        }
    }
}

/* Allowed values are a part of the type. */
static bool is_allowed(const struct dmn_type *type, const struct value *value) {
    char text[1000];
    if (type->allowed_count == 0 || value->type == VALUE_MISSING) {
        return true;
    }
    unsigned length = value_print(*value, NULL, text, sizeof text);
    for (unsigned i = 0; i < type->allowed_count && length < sizeof text; i++) {
        const struct feel_part *allowed = &type->allowed[i];
        const char *other = allowed->literal != NULL ? allowed->literal : allowed->text;
        if (allowed->type == value->type && strcmp(other, text) == 0) {
            return true;
        }
    }
    return false;
}

struct dmn_value dmn_decide(const struct dmn_model *model, unsigned decision,
                            const struct value *inputs, struct arena *arena) {
    REQUIRE(decision < model->decision_count);
    REQUIRE(model->decisions[decision].state == DMN_TAKEN);
    struct value *slots = ARENA_ARRAY(arena, struct value, model->slot_count);
    for (unsigned i = 0; i < model->input_count; i++) {
        bool is_right =
            inputs[i].type == model->slots[i].type && is_allowed(&model->slot_types[i], &inputs[i]);
        slots[i] = is_right ? inputs[i] : (struct value){.type = VALUE_MISSING};
    }
    struct dmn_value value = simple((struct value){.type = VALUE_MISSING});
    for (unsigned i = 0; i <= decision; i++) {
        if (model->decisions[i].state == DMN_TAKEN) {
            value = decide_one(model, &model->logics[i], slots, arena);
            keep(&model->logics[i], &value, slots);
        }
    }
    return value;
}
