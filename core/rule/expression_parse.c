/* SPDX-License-Identifier: GPL-3.0-or-later
 * expression_parse.c - the grammar of expression.h by recursive descent, one function a rule.
 *
 * After an error every token is the end, so each rule comes back by itself; node 0, which nobody
 * reads, takes what no longer fits. */
#include "core/rule/expression_tree.h"

#include <string.h>

static uint16_t parse_expression(struct expression_tree *tree);
static uint16_t parse_factor(struct expression_tree *tree);

static bool take(struct expression_tree *tree, const char *word) {
    bool is_there = expression_token_is(tree, word);
    if (is_there) {
        expression_token_next(tree);
    }
    return is_there;
}

static void got_instead(struct expression_tree *tree, const char *expected) {
    const struct expression_token *token = &tree->token;
    if (token->kind == TOKEN_END) {
        expression_fail(tree, token->offset, "expected %s, but the expression ends", expected);
    } else {
        unsigned shown = token->length < 40 ? token->length : 40;
        expression_fail(tree, token->offset, "expected %s, got '%.*s'", expected, (int)shown,
                        tree->text + token->offset);
    }
}

static void expect(struct expression_tree *tree, const char *word, const char *expected) {
    if (!take(tree, word)) {
        got_instead(tree, expected);
    }
}

static struct expression_node *node_at(struct expression_tree *tree, uint16_t index) {
    return &tree->nodes[index];
}

static uint16_t add_node(struct expression_tree *tree, enum node_kind kind, unsigned offset) {
    if (tree->node_count == EXPRESSION_NODES_MAX) {
        expression_fail(tree, offset,
                        "the expression has more than %d names, numbers and operators",
                        EXPRESSION_NODES_MAX - 1);
        return 0;
    }
    uint16_t index = tree->node_count++;
    *node_at(tree, index) =
        (struct expression_node){.kind = (uint8_t)kind,
                                 .offset = (uint16_t)offset,
                                 .length = (uint16_t)(tree->end > offset ? tree->end - offset : 0)};
    return index;
}

/* A node over operands that have been parsed: it spans from the first to here. */
static uint16_t add_over(struct expression_tree *tree, enum node_kind kind, uint16_t first,
                         uint16_t second) {
    uint16_t index = add_node(tree, kind, node_at(tree, first)->offset);
    node_at(tree, index)->first = first;
    node_at(tree, index)->second = second;
    return index;
}

static bool enter(struct expression_tree *tree) {
    if (tree->depth == EXPRESSION_DEPTH_MAX) {
        expression_fail(tree, tree->token.offset, "the expression is nested more than %d deep",
                        EXPRESSION_DEPTH_MAX);
        return false;
    }
    tree->depth++;
    return true;
}

static uint16_t parse_literal(struct expression_tree *tree) {
    struct expression_token token = tree->token;
    static const enum node_kind kinds[] = {[TOKEN_NAME] = NODE_NAME,
                                           [TOKEN_NUMBER] = NODE_NUMBER,
                                           [TOKEN_DATE] = NODE_CONSTANT,
                                           [TOKEN_TEXT] = NODE_TEXT};
    expression_token_next(tree);
    uint16_t index = add_node(tree, kinds[token.kind], token.offset);
    struct expression_node *node = node_at(tree, index);
    node->length = (uint16_t)token.length;
    node->has_unit = token.has_unit;
    node->dimension = token.dimension;
    node->value = token.value;
    return index;
}

static uint16_t parse_boolean(struct expression_tree *tree, bool truth) {
    uint16_t index = parse_literal(tree);
    node_at(tree, index)->kind = NODE_CONSTANT;
    node_at(tree, index)->value = (struct value){.type = VALUE_BOOLEAN, .boolean = truth};
    return index;
}

static uint16_t parse_call(struct expression_tree *tree, enum node_kind kind) {
    unsigned offset = tree->token.offset;
    expression_token_next(tree);
    expect(tree, "(", "'(' after the name of a function");
    uint16_t index = parse_expression(tree);
    unsigned count = 1;
    for (; kind != NODE_ABS && take(tree, ","); count++) {
        index = add_over(tree, kind, index, parse_expression(tree));
    }
    if (kind == NODE_ABS) {
        index = add_over(tree, kind, index, 0);
    } else if (count == 1 && !expression_failed(tree)) {
        expression_fail(tree, offset, "min and max take two values or more");
    }
    expect(tree, ")", kind == NODE_ABS ? "')'" : "',' or ')'");
    return index;
}

static uint16_t parse_name(struct expression_tree *tree) {
    static const struct {
        const char *word, *advice;
    } reserved[] = {
        {"if", "put the 'if' into parentheses"},  {"not", "put the 'not' into parentheses"},
        {"and", "expected a value, got 'and'"},   {"or", "expected a value, got 'or'"},
        {"in", "expected a value, got 'in'"},     {"is", "expected a value, got 'is'"},
        {"then", "expected a value, got 'then'"}, {"else", "expected a value, got 'else'"},
    };
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        if (expression_token_is(tree, reserved[i].word)) {
            expression_fail(tree, tree->token.offset, "%s", reserved[i].advice);
            return 0;
        }
    }
    if (expression_token_is(tree, "true") || expression_token_is(tree, "false")) {
        return parse_boolean(tree, expression_token_is(tree, "true"));
    }
    if (expression_token_is(tree, "missing")) {
        uint16_t index = parse_literal(tree);
        node_at(tree, index)->kind = NODE_CONSTANT;
        node_at(tree, index)->value = (struct value){.type = VALUE_MISSING};
        return index;
    }
    if (expression_token_is(tree, "min")) {
        return parse_call(tree, NODE_MIN);
    }
    if (expression_token_is(tree, "max")) {
        return parse_call(tree, NODE_MAX);
    }
    return expression_token_is(tree, "abs") ? parse_call(tree, NODE_ABS) : parse_literal(tree);
}

static uint16_t parse_negative(struct expression_tree *tree) {
    unsigned offset = tree->token.offset;
    expression_token_next(tree);
    bool is_literal = tree->token.kind == TOKEN_NUMBER;
    uint16_t index = parse_factor(tree);
    struct expression_node *node = node_at(tree, index);
    if (is_literal &&
        node->kind == NODE_NUMBER) { /* -5 is a literal, so that it can stand in a list */
        node->value.decimal = decimal_negate(node->value.decimal);
    } else {
        index = add_over(tree, NODE_NEGATE, index, 0);
        node = node_at(tree, index);
    }
    node->offset = (uint16_t)offset;
    node->length = (uint16_t)(tree->end - offset);
    return index;
}

static uint16_t parse_primary(struct expression_tree *tree) {
    uint16_t index = 0;
    if (tree->token.kind == TOKEN_NAME) {
        index = parse_name(tree);
    } else if (tree->token.kind != TOKEN_MARK && tree->token.kind != TOKEN_END) {
        index = parse_literal(tree);
    } else if (take(tree, "(")) {
        index = parse_expression(tree);
        expect(tree, ")", "')'");
    } else {
        got_instead(tree, "a value");
    }
    return index;
}

static uint16_t parse_exponent(struct expression_tree *tree) {
    unsigned offset = tree->token.offset;
    bool is_negative = take(tree, "-");
    uint16_t index = parse_primary(tree);
    if (is_negative) {
        index = add_over(tree, NODE_NEGATE, index, 0);
        node_at(tree, index)->offset = (uint16_t)offset;
        node_at(tree, index)->length = (uint16_t)(tree->end - offset);
    }
    return index;
}

static uint16_t parse_power(struct expression_tree *tree) {
    uint16_t index = parse_primary(tree);
    if (take(tree, "**")) {
        index = add_over(tree, NODE_POWER, index, parse_exponent(tree));
        if (expression_token_is(tree, "**")) {
            expression_fail(tree, tree->token.offset,
                            "put one of the two powers into parentheses: (a ** b) ** c");
        }
    }
    return index;
}

static uint16_t parse_factor(struct expression_tree *tree) {
    if (!enter(tree)) {
        return 0;
    }
    uint16_t index = expression_token_is(tree, "-") ? parse_negative(tree) : parse_power(tree);
    tree->depth--;
    return index;
}

static uint16_t parse_product(struct expression_tree *tree) {
    uint16_t index = parse_factor(tree);
    for (;;) {
        if (take(tree, "*")) {
            index = add_over(tree, NODE_MULTIPLY, index, parse_factor(tree));
        } else if (take(tree, "/")) {
            index = add_over(tree, NODE_DIVIDE, index, parse_factor(tree));
        } else {
            return index;
        }
    }
}

static uint16_t parse_sum(struct expression_tree *tree) {
    uint16_t index = parse_product(tree);
    for (;;) {
        if (take(tree, "+")) {
            index = add_over(tree, NODE_ADD, index, parse_product(tree));
        } else if (take(tree, "-")) {
            index = add_over(tree, NODE_SUBTRACT, index, parse_product(tree));
        } else {
            return index;
        }
    }
}

static uint16_t parse_range(struct expression_tree *tree, uint16_t value, uint16_t low,
                            bool low_open) {
    uint16_t high = parse_sum(tree);
    bool high_open = take(tree, ")");
    if (!high_open) {
        expect(tree, "]", "']' or ')' after a range");
    }
    uint16_t index = add_over(tree, NODE_IN_RANGE, value, low);
    struct expression_node *node = node_at(tree, index);
    node->third = high;
    node->low_open = low_open;
    node->high_open = high_open;
    return index;
}

/* What follows `in`: a list or a range. */
static uint16_t parse_in(struct expression_tree *tree, uint16_t value) {
    bool is_round = take(tree, "(");
    if (!is_round) {
        expect(tree, "[", "'[' after 'in', e.g. in [02, 03] or in [1..5]");
    }
    uint16_t first = parse_sum(tree), last = first;
    if (take(tree, "..")) {
        return parse_range(tree, value, first, is_round);
    }
    if (is_round && !expression_failed(tree)) {
        got_instead(tree, "'..' in a range that begins with '(' (lists are written with '[')");
    }
    while (take(tree, ",")) {
        uint16_t item = parse_sum(tree);
        node_at(tree, last)->next = item;
        last = item;
    }
    expect(tree, "]", "',', '..' or ']'");
    return add_over(tree, NODE_IN_LIST, value, first);
}

static enum relation relation_here(const struct expression_tree *tree) {
    static const struct {
        const char *mark;
        enum relation relation;
    } relations[] = {
        {"==", RELATION_EQUAL},   {"!=", RELATION_DIFFERENT}, {"<", RELATION_LESS},
        {"<=", RELATION_AT_MOST}, {">", RELATION_GREATER},    {">=", RELATION_AT_LEAST},
    };
    for (size_t i = 0; i < sizeof relations / sizeof *relations; i++) {
        if (expression_token_is(tree, relations[i].mark)) {
            return relations[i].relation;
        }
    }
    return 0;
}

static uint16_t parse_not_over(struct expression_tree *tree, bool is_negated, uint16_t index) {
    return is_negated ? add_over(tree, NODE_NOT, index, 0) : index;
}

static uint16_t parse_comparison(struct expression_tree *tree) {
    uint16_t index = parse_sum(tree);
    enum relation relation = relation_here(tree);
    if (relation != 0) {
        expression_token_next(tree);
        index = add_over(tree, NODE_COMPARE, index, parse_sum(tree));
        node_at(tree, index)->relation = (uint8_t)relation;
    } else if (take(tree, "is")) {
        bool is_negated = take(tree, "not");
        expect(tree, "missing", "'missing' or 'not missing' after 'is'");
        index = parse_not_over(tree, is_negated, add_over(tree, NODE_IS_MISSING, index, 0));
    } else if (take(tree, "not")) {
        expect(tree, "in", "'in' after 'not'");
        index = parse_not_over(tree, true, parse_in(tree, index));
    } else if (take(tree, "in")) {
        index = parse_in(tree, index);
    }
    if (relation_here(tree) != 0) {
        expression_fail(tree, tree->token.offset,
                        "comparisons do not chain: join two of them with 'and'");
    }
    return index;
}

static uint16_t parse_negation(struct expression_tree *tree) {
    unsigned offset = tree->token.offset;
    if (!expression_token_is(tree, "not")) {
        return parse_comparison(tree);
    }
    if (!enter(tree)) {
        return 0;
    }
    expression_token_next(tree);
    uint16_t index = add_over(tree, NODE_NOT, parse_negation(tree), 0);
    node_at(tree, index)->offset = (uint16_t)offset;
    tree->depth--;
    return index;
}

static uint16_t parse_conjunction(struct expression_tree *tree) {
    uint16_t index = parse_negation(tree);
    while (take(tree, "and")) {
        index = add_over(tree, NODE_AND, index, parse_negation(tree));
    }
    return index;
}

static uint16_t parse_choice(struct expression_tree *tree) {
    unsigned offset = tree->token.offset;
    expression_token_next(tree);
    uint16_t condition = parse_expression(tree);
    expect(tree, "then", "'then'");
    uint16_t if_true = parse_expression(tree);
    expect(tree, "else", "'else': every 'if' has one");
    uint16_t if_false = parse_expression(tree);
    uint16_t index = add_node(tree, NODE_IF, offset);
    node_at(tree, index)->first = condition;
    node_at(tree, index)->second = if_true;
    node_at(tree, index)->third = if_false;
    return index;
}

static uint16_t parse_expression(struct expression_tree *tree) {
    if (!enter(tree)) {
        return 0;
    }
    uint16_t index;
    if (expression_token_is(tree, "if")) {
        index = parse_choice(tree);
    } else {
        index = parse_conjunction(tree);
        while (take(tree, "or")) {
            index = add_over(tree, NODE_OR, index, parse_conjunction(tree));
        }
    }
    tree->depth--;
    return index;
}

void expression_parse(struct expression_tree *tree) {
    tree->node_count = 1;
    expression_token_next(tree);
    tree->root = parse_expression(tree);
    if (tree->token.kind != TOKEN_END) {
        got_instead(tree, "an operator or the end");
    }
}
