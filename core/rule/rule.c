/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule.c - compiles a page of rules, and says what is in it. */
#include "core/rule/rule.h"

#include "core/base/require.h"
#include "core/rule/rule_table.h"

#include <string.h>

const struct rule *rule_compile(const struct node *file, struct arena *arena, struct error *err) {
    struct rule *rule = ARENA_NEW(arena, struct rule);
    rule->file = file;
    rule->arena = arena;
    rule->err = err;
    if (rule_overlay_base(file) != NULL) {
        node_error(node_get(file, "overlay"), err, "an overlay is put into its base first");
        return NULL;
    }
    if (rule_read(rule) < 0 || rule_read_rows(rule) < 0) {
        return NULL;
    }
    rule->names.input_count = rule->input_count + rule->parameter_count;
    rule->other_symbol = expression_symbol(&rule->names, arena, "any other");
    if (rule_epoch_make(rule) < 0) {
        return NULL;
    }
    rule->err = NULL;
    return rule;
}

const struct rule *rule_compile_text(const char *name, const char *text, size_t length,
                                     struct arena *arena, struct error *err) {
    const struct node *file = node_read_text(arena, name, text, length, err);
    return file == NULL ? NULL : rule_compile(file, arena, err);
}

unsigned rule_cost(const struct rule *rule) {
    return rule->cost;
}

const char *rule_name(const struct rule *rule) {
    return rule->name;
}

enum rule_hit rule_hit(const struct rule *rule) {
    return rule->hit;
}

const struct expression_input *rule_inputs(const struct rule *rule, unsigned *count) {
    *count = rule->input_count;
    return rule->all_names;
}

const struct rule_output *rule_output_list(const struct rule *rule, unsigned *count) {
    *count = rule->output_count;
    return rule->outputs;
}

unsigned rule_count(const struct rule *rule) {
    return rule->row_count;
}

const char *rule_name_of(const struct rule *rule, unsigned index) {
    REQUIRE(index < rule->row_count);
    return rule->rows[index].name;
}

const char *rule_reference_of(const struct rule *rule, unsigned index) {
    REQUIRE(index < rule->row_count);
    return rule->rows[index].reference;
}

struct value rule_symbol(const struct rule *rule, const char *text) {
    struct value value = {.type = VALUE_SYMBOL, .symbol = rule->other_symbol};
    for (uint32_t i = 0; i < rule->names.symbol_count; i++) {
        if (strcmp(rule->names.symbols[i], text) == 0) {
            value.symbol = i;
        }
    }
    return value;
}

const char *const *rule_symbols(const struct rule *rule, uint32_t *count) {
    *count = rule->names.symbol_count;
    return rule->names.symbols;
}

int64_t rule_last_change(const struct rule *rule) {
    int64_t day = rule->epochs[rule->epoch_count - 1].first_day;
    day = day > rule->first_day ? day : rule->first_day;
    return day < rule->last_day || rule->last_day == RULE_DAY_MAX ? day : rule->last_day;
}
