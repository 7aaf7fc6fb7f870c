/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_rows.c - the rules of a page: when, provided, then, reference, dates. */
#include "core/rule/rule_table.h"

#include <stdlib.h>
#include <string.h>

/* The index of the input or output that a key names, -1 and an error when there is none. */
static int find_named(struct rule *rule, const struct node *key, unsigned first, unsigned count,
                      const char *kind) {
    const char *names[RULE_NAMES_MAX];
    for (unsigned i = 0; i < count; i++) {
        names[i] = rule->all_names[first + i].name;
        if (strcmp(names[i], key->key) == 0) {
            return (int)i;
        }
    }
    return node_key_error(key, rule->err, "there is no %s '%s'%s", kind, key->key,
                          rule_text_hint(rule, key->key, "there are", names, count));
}

static int read_when(struct rule *rule, const struct node *when, const struct rule_cell **cells) {
    if (when->kind != NODE_MAPPING) {
        return node_error(when, rule->err, "when: expected inputs and their tests");
    }
    for (const struct node *child = when->first; child != NULL; child = child->next) {
        int input = find_named(rule, child, 0, rule->input_count, "input");
        if (input < 0) {
            return -1;
        }
        const struct rule_cell *cell = rule_cell_read(rule, (unsigned)input, child);
        if (cell == NULL) {
            return -1;
        }
        bool is_anything = cell->test_count == 1 && cell->tests[0].kind == RULE_TEST_ANY;
        cells[input] = is_anything ? NULL : cell;
    }
    return 0;
}

/* ---- then ---- */

static int check_choice(struct rule *rule, const struct node *node, unsigned output,
                        const struct value *value) {
    const struct rule_output *of = &rule->outputs[output];
    const char *texts[RULE_CHOICES_MAX];
    for (unsigned i = 0; i < of->choice_count; i++) {
        char text[100];
        if (rule_key(&of->choices[i]) == rule_key(value)) {
            return 0;
        }
        value_print(of->choices[i], rule->names.symbols, text, sizeof text);
        texts[i] = arena_text(rule->arena, text, strlen(text));
    }
    return of->choice_count == 0
               ? 0
               : rule_text_error(
                     rule, node, 0, "'%s' is no choice of '%s'%s", node->text, of->name,
                     rule_text_hint(rule, node->text, "its choices are", texts, of->choice_count));
}

/* An expression over inputs and parameters; a plain value where it reads none. */
static int read_expression(struct rule *rule, const struct node *node, size_t offset,
                           unsigned output, struct rule_entry *entry) {
    unsigned known = rule->input_count + rule->parameter_count, count;
    const struct expression *expression =
        rule_text_compile(rule, node, node->text + offset, offset, known + output, known);
    if (expression == NULL) {
        return -1;
    }
    expression_inputs(expression, &count);
    if (count > 0) {
        entry->expression = expression;
        return 0;
    }
    entry->value = expression_evaluate(expression, NULL);
    if (entry->value.type == VALUE_MISSING) {
        return node_error(node, rule->err, "'%s' has no value", node->text);
    }
    if (rule->outputs[output].is_integer && !rule_is_whole(entry->value.decimal)) {
        return node_error(node, rule->err, "'%s' is an integer, which '%s' is not",
                          rule->outputs[output].name, node->text);
    }
    return check_choice(rule, node, output, &entry->value);
}

static int read_entry(struct rule *rule, const struct node *node, unsigned output,
                      struct rule_entry *entry) {
    if (node->kind != NODE_SCALAR) {
        return node_error(node, rule->err, "expected one value here");
    }
    entry->node = node;
    if (!node->quoted && strcmp(node->text, "missing") == 0) {
        return 0;
    }
    bool is_text = rule->outputs[output].type == VALUE_SYMBOL;
    if (node->text[0] == '=' || !is_text) {
        return read_expression(rule, node, node->text[0] == '=', output, entry);
    }
    entry->value = (struct value){
        .type = VALUE_SYMBOL, .symbol = expression_symbol(&rule->names, rule->arena, node->text)};
    return check_choice(rule, node, output, &entry->value);
}

static int read_then(struct rule *rule, const struct node *row, struct rule_entry *entries) {
    const struct node *then = node_get(row, "then");
    unsigned first = rule->input_count + rule->parameter_count;
    if (then == NULL) {
        return node_key_error(row, rule->err, "rule '%s' has no 'then:'", row->key);
    }
    if (then->kind == NODE_SCALAR && rule->output_count == 1) {
        return read_entry(rule, then, 0, &entries[0]);
    }
    if (then->kind != NODE_MAPPING) {
        return node_error(then, rule->err, "then: expected outputs and their values");
    }
    for (const struct node *child = then->first; child != NULL; child = child->next) {
        int output = find_named(rule, child, first, rule->output_count, "output");
        if (output < 0 || read_entry(rule, child, (unsigned)output, &entries[output]) < 0) {
            return -1;
        }
    }
    for (unsigned i = 0; i < rule->output_count; i++) {
        if (entries[i].node == NULL && !rule->outputs[i].is_optional) {
            return node_key_error(then, rule->err,
                                  "rule '%s' gives no '%s': write 'missing', or 'optional: true' "
                                  "of the output",
                                  row->key, rule->outputs[i].name);
        }
    }
    return 0;
}

/* ---- a rule ---- */

static int read_row(struct rule *rule, const struct node *node, struct rule_row *row) {
    static const char *const keys[] = {"when", "provided", "then", "reference",
                                       "from", "to",       "doc",  NULL};
    struct arena *arena = rule->arena;
    if (rule_text_check_keys(rule, node, keys) < 0) {
        return -1;
    }
    const struct rule_cell **cells =
        ARENA_ARRAY(arena, const struct rule_cell *, rule->input_count + 1u);
    struct rule_entry *entries = ARENA_ARRAY(arena, struct rule_entry, rule->output_count);
    *row = (struct rule_row){.name = node->key,
                             .reference = rule->reference,
                             .node = node,
                             .first_day = RULE_DAY_MIN,
                             .last_day = RULE_DAY_MAX,
                             .cells = cells,
                             .entries = entries};
    const struct node *when = node_get(node, "when");
    const struct node *provided = rule_text_scalar(rule, node, "provided");
    const struct node *reference = rule_text_scalar(rule, node, "reference");
    if (rule->err->code != ERROR_NONE || (when != NULL && read_when(rule, when, cells) < 0) ||
        read_then(rule, node, entries) < 0 ||
        rule_text_date(rule, node, "from", &row->first_day) < 0 ||
        rule_text_date(rule, node, "to", &row->last_day) < 0) {
        return -1;
    }
    if (row->first_day > row->last_day) {
        return node_error(node_get(node, "to"), rule->err, "rule '%s' ends before it begins",
                          node->key);
    }
    row->reference = reference != NULL ? reference->text : row->reference;
    if (provided != NULL) {
        row->provided = rule_text_condition(rule, provided);
    }
    return rule->err->code == ERROR_NONE ? 0 : -1;
}

/* ---- order ---- */

static bool is_by_priority(const struct rule *rule) {
    return rule->hit == RULE_HIT_PRIORITY || rule->hit == RULE_HIT_OUTPUT_ORDER;
}

/* The place of a plain value among the choices; the number of choices for a missing one. */
static unsigned rank_of(const struct rule_output *output, const struct rule_entry *entry) {
    for (unsigned i = 0; i < output->choice_count; i++) {
        if (entry->value.type != VALUE_MISSING &&
            rule_key(&output->choices[i]) == rule_key(&entry->value)) {
            return i;
        }
    }
    return output->choice_count;
}

bool rule_row_is_before(const struct rule *rule, unsigned a, unsigned b) {
    for (unsigned i = 0; is_by_priority(rule) && i < rule->output_count; i++) {
        unsigned rank_a = rank_of(&rule->outputs[i], &rule->rows[a].entries[i]);
        unsigned rank_b = rank_of(&rule->outputs[i], &rule->rows[b].entries[i]);
        if (rank_a != rank_b) {
            return rank_a < rank_b;
        }
    }
    return a < b;
}

/* Priority is known before anything is evaluated, so those outputs are plain values. */
static int check_priorities(struct rule *rule) {
    unsigned ranked = 0;
    for (unsigned i = 0; i < rule->output_count; i++) {
        ranked += rule->outputs[i].choice_count > 0;
        for (unsigned r = 0; rule->outputs[i].choice_count > 0 && r < rule->row_count; r++) {
            const struct rule_entry *entry = &rule->rows[r].entries[i];
            if (entry->expression != NULL) {
                return node_error(entry->node, rule->err,
                                  "with priorities, an output with choices is a plain value");
            }
        }
    }
    return ranked > 0 ? 0
                      : node_error(node_get(rule->file, "hit"), rule->err,
                                   "hit: priorities are the order of 'choices:', which no output "
                                   "has");
}

static void sort_rows(struct rule *rule) {
    uint16_t *order = ARENA_ARRAY(rule->arena, uint16_t, rule->row_count + 1u);
    for (unsigned r = 0; r < rule->row_count; r++) {
        unsigned at = r;
        for (; at > 0 && rule_row_is_before(rule, r, order[at - 1]); at--) {
            order[at] = order[at - 1];
        }
        order[at] = (uint16_t)r;
    }
    rule->order = order;
}

static int check_aggregate(struct rule *rule) {
    if (rule->hit < RULE_HIT_SUM) {
        return 0;
    }
    const struct node *hit = node_get(rule->file, "hit");
    if (rule->output_count != 1) {
        return node_error(hit, rule->err, "hit: '%s' takes a page with one output", hit->text);
    }
    if (rule->hit != RULE_HIT_COUNT && rule->outputs[0].type != VALUE_DECIMAL) {
        return node_error(hit, rule->err, "hit: '%s' takes an output that is a number", hit->text);
    }
    return 0;
}

int rule_read_rows(struct rule *rule) {
    const struct node *rows = node_get(rule->file, "rules");
    if (rows == NULL || rows->kind != NODE_MAPPING) {
        return node_error(rows != NULL ? rows : rule->file, rule->err,
                          "the page needs 'rules:' and under it each rule by its name");
    }
    if (rows->count > RULE_RULES_MAX) {
        return node_key_error(rows, rule->err, "%u rules; at most %d are allowed", rows->count,
                              RULE_RULES_MAX);
    }
    rule->cell_names = rule->input_count + rule->parameter_count;
    rule->row_count = rows->count;
    rule->word_count = (rows->count + 63) / 64;
    rule->rows = ARENA_ARRAY(rule->arena, struct rule_row, rows->count + 1u);
    unsigned index = 0;
    for (const struct node *node = rows->first; node != NULL; node = node->next) {
        if (read_row(rule, node, &rule->rows[index++]) < 0) {
            return -1;
        }
    }
    if (check_aggregate(rule) < 0 || (is_by_priority(rule) && check_priorities(rule) < 0)) {
        return -1;
    }
    sort_rows(rule);
    return 0;
}
