/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_text.c - the scalars of a page: names, dates, expressions, and where errors in them stand.
 */
#include "core/rule/rule_table.h"

#include <stdio.h>
#include <string.h>

int rule_text_error(struct rule *rule, const struct node *node, size_t offset, const char *format,
                    ...) {
    char text[700];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!node_is_verbatim(node)) {
        return node_error(node, rule->err, "%s", text);
    }
    return node_source_error(node->source, node->line, node->column + node->quoted + (int)offset,
                             rule->err, "%s", text);
}

const char *rule_text_hint(struct rule *rule, const char *wrong, const char *known,
                           const char *const *names, unsigned count) {
    enum { LISTED_MAX = 12 };
    const char *nearest = strlen(wrong) > 2 ? error_nearest_name(wrong, names, count) : NULL;
    if (nearest != NULL) {
        return arena_format(rule->arena, "; did you mean '%s'?", nearest);
    }
    const char *text = count == 0 ? "" : arena_format(rule->arena, "; %s", known);
    for (unsigned i = 0; i < count && i < LISTED_MAX; i++) {
        text = arena_format(rule->arena, "%s%s%s", text, i == 0 ? " " : ", ", names[i]);
    }
    return count > LISTED_MAX ? arena_format(rule->arena, "%s, ...", text) : text;
}

bool rule_text_is_name(const char *text) {
    static const char *const words[] = {"and", "or",   "not",   "in",  "is",  "then", "else",
                                        "if",  "true", "false", "min", "max", "abs",  "missing"};
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    if (length == 0 || text[length] != '\0' || (text[0] >= '0' && text[0] <= '9')) {
        return false;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i], text) == 0) {
            return false;
        }
    }
    return true;
}

int rule_text_check_keys(struct rule *rule, const struct node *mapping, const char *const *keys) {
    if (mapping->kind != NODE_MAPPING) {
        return node_error(mapping, rule->err, "expected keys and values here");
    }
    unsigned count = 0;
    while (keys[count] != NULL) {
        count++;
    }
    for (const struct node *child = mapping->first; child != NULL; child = child->next) {
        unsigned i = 0;
        while (i < count && strcmp(keys[i], child->key) != 0) {
            i++;
        }
        if (i == count) {
            return node_key_error(child, rule->err, "unknown key '%s'%s", child->key,
                                  rule_text_hint(rule, child->key, "known are", keys, count));
        }
    }
    return 0;
}

const struct node *rule_text_scalar(struct rule *rule, const struct node *mapping,
                                    const char *key) {
    const struct node *node = node_get(mapping, key);
    if (node != NULL && node->kind != NODE_SCALAR) {
        node_error(node, rule->err, "%s: expected one value here", key);
        return NULL;
    }
    return node;
}

int rule_text_date(struct rule *rule, const struct node *mapping, const char *key, int64_t *day) {
    const struct node *node = rule_text_scalar(rule, mapping, key);
    if (node == NULL) {
        return rule->err->code == ERROR_NONE ? 0 : -1;
    }
    struct error why = ERROR_INIT;
    struct place place = {NULL, 0, 0};
    return units_parse_date(node->text, day, place, &why) == 0
               ? 0
               : node_error(node, rule->err, "%s: %s", key, why.text);
}

/* Compiles with so many names known; errors go where the text stands. */
static const struct expression *compile(struct rule *rule, const struct node *node,
                                        const char *text, size_t offset, enum value_type type,
                                        unsigned known) {
    enum { FAR = 100 };
    struct error why = ERROR_INIT;
    struct place place = {NULL, 1, FAR};
    rule->names.input_count = known;
    const struct expression *expression =
        expression_compile(text, type, &rule->names, rule->arena, place, &why);
    if (expression == NULL) {
        rule_text_error(rule, node, offset + (size_t)(why.column - FAR), "%s", why.text);
    }
    return expression;
}

/* That it can be compared with its namesake shows that the dimension is right. 0, or -1. */
static int check_dimension(struct rule *rule, const struct node *node, const char *text,
                           size_t offset, unsigned name, unsigned known) {
    const struct expression_input *like = &rule->all_names[name];
    const char *comparison = arena_format(rule->arena, "(%s) == %s", text, like->name);
    struct error why = ERROR_INIT;
    struct place place = {NULL, 1, 1};
    rule->names.input_count = known > name ? known : name + 1;
    if (expression_compile(comparison, VALUE_BOOLEAN, &rule->names, rule->arena, place, &why) !=
        NULL) {
        return 0;
    }
    size_t column = (size_t)why.column - 1;
    if (column > strlen(text)) {
        return rule_text_error(rule, node, offset, "'%s' is %s%s, which '%s' is not", like->name,
                               like->dimension == DIMENSION_NONE ? "a plain " : "",
                               units_dimension_name((enum dimension)like->dimension), text);
    }
    return rule_text_error(rule, node, offset + (column > 0 ? column - 1 : 0), "%s", why.text);
}

const struct expression *rule_text_compile(struct rule *rule, const struct node *node,
                                           const char *text, size_t offset, unsigned name,
                                           unsigned known) {
    enum value_type type = rule->all_names[name].type;
    const struct expression *expression = compile(rule, node, text, offset, type, known);
    if (expression != NULL && type == VALUE_DECIMAL &&
        check_dimension(rule, node, text, offset, name, known) < 0) {
        return NULL;
    }
    return expression;
}

const struct expression *rule_text_condition(struct rule *rule, const struct node *node) {
    return compile(rule, node, node->text, 0, VALUE_BOOLEAN,
                   rule->input_count + rule->parameter_count);
}

int rule_text_value(struct rule *rule, const struct node *node, unsigned name,
                    struct value *value) {
    const struct expression_input *like = &rule->all_names[name];
    if (node->kind != NODE_SCALAR) {
        return node_error(node, rule->err, "expected one value here");
    }
    if (like->type == VALUE_SYMBOL) {
        *value = (struct value){.type = VALUE_SYMBOL,
                                .symbol = expression_symbol(&rule->names, rule->arena, node->text)};
        return 0;
    }
    const struct expression *expression = rule_text_compile(rule, node, node->text, 0, name, 0);
    if (expression == NULL) {
        return -1;
    }
    *value = expression_evaluate(expression, NULL);
    return value->type != VALUE_MISSING
               ? 0
               : node_error(node, rule->err, "'%s' has no value", node->text);
}
