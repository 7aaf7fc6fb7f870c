/* SPDX-License-Identifier: GPL-3.0-or-later
 * levy_regime.c - the decision table that says under which regime goods come in. */
#include "core/rule/rule.h"
#include "core/tariff/levy_build.h"

#include <string.h>

static int link_inputs(struct levy_builder *builder, const struct node *section) {
    struct levy_plan *plan = builder->plan;
    unsigned count;
    const struct expression_input *inputs = rule_inputs(plan->regimes, &count);
    uint16_t *slots = ARENA_ARRAY(builder->arena, uint16_t, count + 1);
    for (unsigned i = 0; i < count; i++) {
        unsigned slot = levy_build_slot(builder, inputs[i].name);
        if (slot >= plan->fact_count ||
            plan->expression_names.inputs[slot].type != inputs[i].type) {
            return node_error(section, builder->err,
                              "regimes: the input '%s' is no fact of the same type",
                              inputs[i].name);
        }
        slots[i] = (uint16_t)slot;
    }
    plan->regime_inputs = slots;
    return 0;
}

static int link_outputs(struct levy_builder *builder, const struct node *section,
                        struct levy_fact *facts) {
    struct levy_plan *plan = builder->plan;
    unsigned count;
    const struct rule_output *outputs = rule_output_list(plan->regimes, &count);
    for (unsigned i = 0; i < count; i++) {
        unsigned slot = levy_build_slot(builder, outputs[i].name);
        if (slot >= plan->fact_count || outputs[i].type == VALUE_DECIMAL ||
            plan->expression_names.inputs[slot].type != outputs[i].type) {
            return node_error(section, builder->err,
                              "regimes: the output '%s' is no text or boolean fact",
                              outputs[i].name);
        }
        facts[slot].is_decided = true;
        facts[slot].decision = (uint8_t)i;
    }
    return 0;
}

/* Both number their symbols on their own; what the other doesn't know stays a symbol of its own. */
static void link_symbols(struct levy_builder *builder) {
    struct levy_plan *plan = builder->plan;
    uint32_t rule_count;
    const char *const *texts = rule_symbols(plan->regimes, &rule_count);
    uint32_t *of_rule = ARENA_ARRAY(builder->arena, uint32_t, rule_count + 1);
    for (uint32_t i = 0; i < rule_count; i++) {
        of_rule[i] = expression_symbol(&plan->expression_names, builder->arena, texts[i]);
    }
    plan->symbol_count = plan->expression_names.symbol_count;
    uint32_t *to_rule = ARENA_ARRAY(builder->arena, uint32_t, plan->symbol_count + 1);
    for (uint32_t i = 0; i < plan->symbol_count; i++) {
        to_rule[i] = rule_symbol(plan->regimes, plan->expression_names.symbols[i]).symbol;
    }
    plan->symbol_of_rule = of_rule;
    plan->symbol_to_rule = to_rule;
}

int levy_build_regimes(struct levy_builder *builder, const struct node *section,
                       struct levy_fact *facts) {
    if (section == NULL) {
        return 0;
    }
    builder->plan->regimes = rule_compile(section, builder->arena, builder->err);
    if (builder->plan->regimes == NULL || link_inputs(builder, section) != 0 ||
        link_outputs(builder, section, facts) != 0) {
        return -1;
    }
    link_symbols(builder);
    return 0;
}
