/* SPDX-License-Identifier: GPL-3.0-or-later
 * expression_check.c - what every name stands for, and that types and dimensions fit.
 *
 * A name that is no input, bare digits and a text in quotes mean a symbol where the neighbour holds
 * symbols; so of two neighbours the one that is sure of its type is checked first. */
#include "core/rule/expression_tree.h"

#include <string.h>

/* Which symbols are due at a node: those that `input` can hold, or any when it is NULL. */
struct symbols_due {
    bool is_due;
    const struct expression_input *input;
};

static const struct symbols_due no_symbols = {false, NULL};

static void check(struct expression_tree *tree, uint16_t index, struct symbols_due due);

static struct expression_node *node_at(struct expression_tree *tree, uint16_t index) {
    return &tree->nodes[index];
}

enum { QUOTE_MAX = 40, LISTED_MAX = 12, NAMES_MAX = 256 };

#define QUOTED(tree, node) \
    (int)((node)->length < QUOTE_MAX ? (node)->length : QUOTE_MAX), (tree)->text + (node)->offset

/* "a number", "money", "true or false": what a node gives. */
static const char *kind_of(const struct expression_node *node) {
    static const char *const kinds[] = {
        [VALUE_MISSING] = "nothing",       [VALUE_DECIMAL] = "a number",
        [VALUE_BOOLEAN] = "true or false", [VALUE_SYMBOL] = "a symbol",
        [VALUE_DATE] = "a date",           [VALUE_TEXT] = "a text"};
    if (node->type == VALUE_DECIMAL && node->dimension > DIMENSION_NONE) {
        return units_dimension_name((enum dimension)node->dimension);
    }
    return kinds[node->type];
}

/* Appends to a text of fixed size; what does not fit is left out. */
static void append(char *text, size_t size, const char *more) {
    size_t used = strlen(text);
    if (used + strlen(more) + 1 <= size) {
        memcpy(text + used, more, strlen(more) + 1);
    }
}

static bool is_digits(const char *text, unsigned length) {
    for (unsigned i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
    }
    return true;
}

/* "; did you mean 'red'?", else "; KNOWN green, yellow, red". */
static const char *suggestion(const char *wrong, const char *known, const char *const *names,
                              unsigned count, char text[400]) {
    /* Between short numbers such as chapters everything is near. */
    bool is_slip = strlen(wrong) > 1 && !is_digits(wrong, (unsigned)strlen(wrong));
    const char *nearest = is_slip ? error_nearest_name(wrong, names, count) : NULL;
    text[0] = '\0';
    append(text, 400, nearest != NULL ? "; did you mean '" : known);
    append(text, 400, nearest != NULL ? nearest : "");
    append(text, 400, nearest != NULL ? "'?" : "");
    for (unsigned i = 0; nearest == NULL && i < count && i < LISTED_MAX; i++) {
        append(text, 400, i == 0 ? " " : ", ");
        append(text, 400, names[i]);
    }
    append(text, 400, nearest == NULL && count > LISTED_MAX ? ", ..." : "");
    return text;
}

/* Of a text in quotes: with what \n and the like stand for. */
static char *text_of(const struct expression_tree *tree, const struct expression_node *node) {
    char *text = arena_text(tree->arena, tree->text + node->offset, node->length);
    if (node->kind == NODE_TEXT) {
        char *to = text;
        for (const char *from = text; *from != '\0'; from++) {
            if (*from == '\\') {
                from++;
                *to++ = *from == 'n' ? '\n' : *from == 'r' ? '\r' : *from == 't' ? '\t' : *from;
            } else {
                *to++ = *from;
            }
        }
        *to = '\0';
    }
    return text;
}

/* ---- names, digits and texts ---- */

static void become_symbol(struct expression_tree *tree, struct expression_node *node,
                          struct symbols_due due) {
    const char *choices = due.input == NULL ? NULL : due.input->choices;
    const char *text = text_of(tree, node);
    if (*text == '\0') {
        expression_fail(tree, node->offset - 1u, "an empty text is no symbol");
        return;
    }
    if (choices != NULL && !expression_choice_has(choices, text, strlen(text))) {
        const char *names[NAMES_MAX];
        char hint[400];
        expression_fail(
            tree, node->offset, "'%.*s' is no symbol of %s%s", QUOTED(tree, node), due.input->name,
            suggestion(text, "; its symbols are", names,
                       expression_choice_list(choices, tree->arena, names, NAMES_MAX), hint));
        return;
    }
    node->kind = NODE_CONSTANT;
    node->type = VALUE_SYMBOL;
    node->dimension = DIMENSION_NONE;
    node->value = (struct value){.type = VALUE_SYMBOL,
                                 .symbol = expression_symbol(tree->names, tree->arena, text)};
}

static void refuse_name(struct expression_tree *tree, const struct expression_node *node) {
    const char *names[NAMES_MAX];
    unsigned count = 0;
    for (; count < tree->names->input_count && count < NAMES_MAX; count++) {
        names[count] = tree->names->inputs[count].name;
    }
    char hint[400];
    expression_fail(
        tree, node->offset, "unknown name '%.*s'%s", QUOTED(tree, node),
        count == 0 ? "" : suggestion(text_of(tree, node), "; known are", names, count, hint));
}

static void check_name(struct expression_tree *tree, struct expression_node *node,
                       struct symbols_due due) {
    int input = expression_find_input(tree->names, tree->text + node->offset, node->length);
    if (input >= 0) {
        const struct expression_input *found = &tree->names->inputs[input];
        node->kind = NODE_INPUT;
        node->input = (uint16_t)input;
        node->type = found->type;
        node->dimension = found->dimension == DIMENSION_SHARE ? DIMENSION_NONE : found->dimension;
    } else if (due.is_due) {
        become_symbol(tree, node, due);
    } else {
        refuse_name(tree, node);
    }
}

/* One digit is more often a slip than a symbol, unless the input lists it. */
static bool may_be_symbol(const struct expression_tree *tree, const struct expression_node *node,
                          struct symbols_due due) {
    bool has_choices = due.input != NULL && due.input->choices != NULL;
    return due.is_due && !node->has_unit && is_digits(tree->text + node->offset, node->length) &&
           (node->length > 1 || has_choices);
}

static void check_number(struct expression_tree *tree, struct expression_node *node,
                         struct symbols_due due) {
    if (may_be_symbol(tree, node, due)) {
        become_symbol(tree, node, due);
        return;
    }
    node->kind = NODE_CONSTANT;
    node->type = VALUE_DECIMAL;
    if (!node->has_unit && node->value.decimal.coefficient == 0) {
        node->dimension = DIMENSION_ANY;
    }
}

static void check_text(struct expression_tree *tree, struct expression_node *node,
                       struct symbols_due due) {
    if (due.is_due) {
        become_symbol(tree, node, due);
    } else {
        const char *text = text_of(tree, node);
        node->kind = NODE_CONSTANT;
        node->type = VALUE_TEXT;
        node->value = (struct value){.type = VALUE_TEXT, .text = {text, (uint32_t)strlen(text)}};
    }
}

static bool is_texty(const struct expression_node *node) {
    return node->type == VALUE_TEXT || node->type == VALUE_SYMBOL;
}

/* Texts are made of symbols, and of texts, only where there is room for them. */
static void require_room(struct expression_tree *tree, const struct expression_node *node,
                         const char *what) {
    if (!expression_failed(tree) && !tree->names->has_room) {
        expression_fail(tree, node->offset,
                        "%s here: a value is a number, a date, true or false, or a name that is "
                        "written in the page",
                        what);
    }
}

/* ---- neighbours ---- */

/* Whether a node may mean a symbol, depending on its neighbour. */
static bool is_unsure(struct expression_tree *tree, uint16_t index) {
    const struct expression_node *node = node_at(tree, index);
    return node->kind == NODE_TEXT || (node->kind == NODE_NUMBER && !node->has_unit) ||
           (node->kind == NODE_NAME &&
            expression_find_input(tree->names, tree->text + node->offset, node->length) < 0);
}

static struct symbols_due due_beside(struct expression_tree *tree, uint16_t index) {
    const struct expression_node *node = node_at(tree, index);
    struct symbols_due due = {node->type == VALUE_SYMBOL, NULL};
    if (due.is_due && node->kind == NODE_INPUT) {
        due.input = &tree->names->inputs[node->input];
    }
    return due;
}

/* Which of the two is written wrongly, for the message: a bare number beside a unit. */
static bool needs_unit(const struct expression_node *node) {
    return node->kind == NODE_CONSTANT && node->type == VALUE_DECIMAL && !node->has_unit;
}

static void refuse_dimensions(struct expression_tree *tree, const struct expression_node *a,
                              const struct expression_node *b, const char *verb) {
    const struct expression_node *bare = needs_unit(a) ? a : b, *other = needs_unit(a) ? b : a;
    if (needs_unit(bare) && !needs_unit(other)) {
        expression_fail(tree, bare->offset, "'%.*s' needs a unit of %s, %s", QUOTED(tree, bare),
                        units_dimension_name((enum dimension)other->dimension),
                        units_examples((enum dimension)other->dimension));
    } else {
        expression_fail(tree, b->offset, "cannot %s '%.*s' (%s) and '%.*s' (%s)", verb,
                        QUOTED(tree, a), kind_of(a), QUOTED(tree, b), kind_of(b));
    }
}

/* Two nodes of one type and dimension, which is returned. */
static int unify(struct expression_tree *tree, uint16_t first, uint16_t second, const char *verb) {
    const struct expression_node *a = node_at(tree, first), *b = node_at(tree, second);
    if (expression_failed(tree)) {
        return DIMENSION_NONE;
    }
    if (a->type != b->type && is_texty(a) && is_texty(b)) {
        require_room(tree, b, "a symbol cannot be compared with a text");
        return DIMENSION_NONE;
    }
    if (a->type == VALUE_MISSING || b->type == VALUE_MISSING) {
        expression_fail(tree, a->type == VALUE_MISSING ? a->offset : b->offset,
                        "write 'x is missing' to ask whether x is known");
        return DIMENSION_NONE;
    }
    if (a->type != b->type) {
        bool is_hidden = (a->type == VALUE_SYMBOL && b->kind == NODE_INPUT) ||
                         (b->type == VALUE_SYMBOL && a->kind == NODE_INPUT);
        expression_fail(tree, b->offset, "cannot %s '%.*s' (%s) and '%.*s' (%s)%s", verb,
                        QUOTED(tree, a), kind_of(a), QUOTED(tree, b), kind_of(b),
                        is_hidden ? "; a symbol that is also the name of an input stands in quotes"
                                  : "");
        return DIMENSION_NONE;
    }
    if (a->dimension == DIMENSION_ANY || b->dimension == DIMENSION_ANY) {
        return a->dimension == DIMENSION_ANY ? b->dimension : a->dimension;
    }
    if (a->dimension != b->dimension) {
        refuse_dimensions(tree, a, b, verb);
    }
    return a->dimension;
}

/* Checks both, the sure one first. */
static int check_pair(struct expression_tree *tree, uint16_t first, uint16_t second,
                      const char *verb) {
    bool is_swapped = is_unsure(tree, first) && !is_unsure(tree, second);
    uint16_t sure = is_swapped ? second : first, other = is_swapped ? first : second;
    check(tree, sure, no_symbols);
    check(tree, other, due_beside(tree, sure));
    return unify(tree, first, second, verb);
}

static void require_is(struct expression_tree *tree, uint16_t index, enum value_type type,
                       const char *expected) {
    const struct expression_node *node = node_at(tree, index);
    if (!expression_failed(tree) && node->type != type) {
        expression_fail(tree, node->offset, "expected %s, but '%.*s' is %s", expected,
                        QUOTED(tree, node), kind_of(node));
    }
}

static void check_is(struct expression_tree *tree, uint16_t index, enum value_type type,
                     const char *expected) {
    check(tree, index, no_symbols);
    require_is(tree, index, type, expected);
}

static void check_order(struct expression_tree *tree, const struct expression_node *at) {
    const struct expression_node *node = node_at(tree, at->first);
    bool has_order = node->type == VALUE_DECIMAL || node->type == VALUE_DATE ||
                     node->type == VALUE_TEXT ||
                     (node->type == VALUE_SYMBOL && node_at(tree, at->second)->type == VALUE_TEXT);
    if (!expression_failed(tree) && !has_order) {
        expression_fail(tree, at->offset, "'%.*s' is %s, which has no order: use ==, != or a list",
                        QUOTED(tree, node), kind_of(node));
    }
}

/* ---- operators ---- */

/* What a product of dimensions is. */
static int product_dimension(int a, int b) {
    static const int products[][3] = {
        {DIMENSION_RATE, DIMENSION_TIME, DIMENSION_NONE},
        {DIMENSION_MONEY_PER_TIME, DIMENSION_TIME, DIMENSION_MONEY},
        {DIMENSION_MONEY_PER_MASS, DIMENSION_MASS, DIMENSION_MONEY},
    };
    if (a <= DIMENSION_NONE) {
        return b;
    }
    if (b <= DIMENSION_NONE) {
        return a;
    }
    for (size_t i = 0; i < sizeof products / sizeof *products; i++) {
        if ((products[i][0] == a && products[i][1] == b) ||
            (products[i][0] == b && products[i][1] == a)) {
            return products[i][2];
        }
    }
    return DIMENSION_SENSELESS;
}

static int quotient_dimension(int a, int b) {
    if (b <= DIMENSION_NONE) {
        return a;
    }
    if (a == b) {
        return DIMENSION_NONE;
    }
    for (int dimension = DIMENSION_NONE + 1; dimension < DIMENSION_COUNT; dimension++) {
        int whole = a <= DIMENSION_NONE ? DIMENSION_NONE : a;
        if (product_dimension(dimension, b) == whole) {
            return dimension;
        }
    }
    return DIMENSION_SENSELESS;
}

static int check_product(struct expression_tree *tree, struct expression_node *node) {
    bool divides = node->kind == NODE_DIVIDE;
    check_is(tree, node->first, VALUE_DECIMAL, "a number");
    check_is(tree, node->second, VALUE_DECIMAL, "a number");
    const struct expression_node *a = node_at(tree, node->first), *b = node_at(tree, node->second);
    int dimension = divides ? quotient_dimension(a->dimension, b->dimension)
                            : product_dimension(a->dimension, b->dimension);
    if (!expression_failed(tree) && dimension == DIMENSION_SENSELESS) {
        expression_fail(tree, b->offset, "cannot %s '%.*s' (%s) and '%.*s' (%s)",
                        divides ? "divide" : "multiply", QUOTED(tree, a), kind_of(a),
                        QUOTED(tree, b), kind_of(b));
    }
    return dimension;
}

static int check_power(struct expression_tree *tree, struct expression_node *node) {
    check_is(tree, node->first, VALUE_DECIMAL, "a number");
    check_is(tree, node->second, VALUE_DECIMAL, "a number");
    const struct expression_node *a = node_at(tree, node->first), *b = node_at(tree, node->second);
    const struct expression_node *wrong = a->dimension > DIMENSION_NONE ? a : b;
    if (!expression_failed(tree) && wrong->dimension > DIMENSION_NONE) {
        expression_fail(tree, wrong->offset, "a power has no units, but '%.*s' is %s",
                        QUOTED(tree, wrong), kind_of(wrong));
    }
    return DIMENSION_NONE;
}

/* A sum in which a text stands puts texts together. */
static bool is_join(const struct expression_tree *tree, const struct expression_node *node) {
    const struct expression_node *a = &tree->nodes[node->first], *b = &tree->nodes[node->second];
    return node->kind == NODE_ADD && is_texty(a) && is_texty(b) &&
           (a->type == VALUE_TEXT || b->type == VALUE_TEXT);
}

static int check_sum(struct expression_tree *tree, struct expression_node *node) {
    static const char *const verbs[] = {[NODE_ADD] = "add",
                                        [NODE_SUBTRACT] = "subtract",
                                        [NODE_MIN] = "take the least of",
                                        [NODE_MAX] = "take the greatest of"};
    check(tree, node->first, no_symbols);
    check(tree, node->second, no_symbols);
    if (is_join(tree, node)) {
        require_room(tree, node, "texts cannot be put together");
        node->kind = NODE_JOIN;
        node->type = VALUE_TEXT;
        return DIMENSION_NONE;
    }
    require_is(tree, node->first, VALUE_DECIMAL, "a number");
    require_is(tree, node->second, VALUE_DECIMAL, "a number");
    return unify(tree, node->first, node->second, verbs[node->kind]);
}

static void check_list(struct expression_tree *tree, const struct expression_node *node) {
    check(tree, node->first, no_symbols);
    for (uint16_t item = node->second; item != 0; item = node_at(tree, item)->next) {
        check(tree, item, due_beside(tree, node->first));
        unify(tree, node->first, item, "compare");
        if (!expression_failed(tree) && node_at(tree, item)->kind != NODE_CONSTANT) {
            expression_fail(tree, node_at(tree, item)->offset,
                            "a list holds plain values: join comparisons with 'or' for '%.*s'",
                            QUOTED(tree, node_at(tree, item)));
        }
    }
}

static void check_comparison(struct expression_tree *tree, const struct expression_node *node) {
    if (node->kind == NODE_IN_LIST) {
        check_list(tree, node);
    } else if (node->kind == NODE_IN_RANGE) {
        check_pair(tree, node->first, node->second, "compare");
        check_order(tree, node);
        check(tree, node->third, no_symbols);
        unify(tree, node->first, node->third, "compare");
    } else {
        check_pair(tree, node->first, node->second, "compare");
        if (node->relation != RELATION_EQUAL && node->relation != RELATION_DIFFERENT) {
            check_order(tree, node);
        } else if (!expression_failed(tree) &&
                   expression_choice_is_open(tree, node->first, node->second)) {
            expression_fail(tree, node->offset,
                            "two texts of any kind cannot be compared here, for names that nothing "
                            "mentions are all alike: give one of them its choices");
        }
    }
}

static bool is_missing(const struct expression_node *node) {
    return node->kind == NODE_CONSTANT && node->value.type == VALUE_MISSING;
}

/* Sets type and dimension. */
static void check_choice(struct expression_tree *tree, struct expression_node *node,
                         struct symbols_due due) {
    const struct expression_node *a = node_at(tree, node->second), *b = node_at(tree, node->third);
    check_is(tree, node->first, VALUE_BOOLEAN, "true or false after 'if'");
    if (due.is_due || is_missing(a) || is_missing(b)) {
        check(tree, node->second, due);
        check(tree, node->third, due);
        const struct expression_node *known = is_missing(a) ? b : a;
        node->dimension = is_missing(a) || is_missing(b)
                              ? known->dimension
                              : unify(tree, node->second, node->third, "choose between");
        node->type = known->type;
    } else {
        node->dimension = check_pair(tree, node->second, node->third, "choose between");
        node->type = a->type == VALUE_SYMBOL ? b->type : a->type;
    }
}

static void check_operator(struct expression_tree *tree, struct expression_node *node,
                           struct symbols_due due) {
    node->type = VALUE_BOOLEAN;
    if (node->kind >= NODE_NEGATE && node->kind <= NODE_MAX) {
        node->type = VALUE_DECIMAL;
    }
    switch ((enum node_kind)node->kind) {
    case NODE_NEGATE:
    case NODE_ABS:
        check_is(tree, node->first, VALUE_DECIMAL, "a number");
        node->dimension = node_at(tree, node->first)->dimension;
        break;
    case NODE_MULTIPLY:
    case NODE_DIVIDE:
        node->dimension = check_product(tree, node);
        break;
    case NODE_POWER:
        node->dimension = check_power(tree, node);
        break;
    case NODE_IS_MISSING:
        check(tree, node->first, no_symbols);
        break;
    case NODE_NOT:
        check_is(tree, node->first, VALUE_BOOLEAN, "true or false after 'not'");
        break;
    case NODE_AND:
    case NODE_OR:
        check_is(tree, node->first, VALUE_BOOLEAN, "true or false beside 'and' and 'or'");
        check_is(tree, node->second, VALUE_BOOLEAN, "true or false beside 'and' and 'or'");
        break;
    case NODE_IF:
        check_choice(tree, node, due);
        break;
    default:
        if (node->type == VALUE_DECIMAL) {
            node->dimension = check_sum(tree, node);
        } else {
            check_comparison(tree, node);
        }
    }
}

static void check(struct expression_tree *tree, uint16_t index, struct symbols_due due) {
    struct expression_node *node = node_at(tree, index);
    if (expression_failed(tree)) {
        return;
    }
    if (node->kind == NODE_NAME) {
        check_name(tree, node, due);
    } else if (node->kind == NODE_NUMBER) {
        check_number(tree, node, due);
    } else if (node->kind == NODE_TEXT) {
        check_text(tree, node, due);
    } else if (node->kind == NODE_CONSTANT) {
        node->type = node->value.type;
    } else {
        check_operator(tree, node, due);
    }
}

void expression_check(struct expression_tree *tree, enum value_type type) {
    static const char *const expected[] = {[VALUE_DECIMAL] = "a number",
                                           [VALUE_BOOLEAN] = "true or false",
                                           [VALUE_SYMBOL] = "a symbol",
                                           [VALUE_DATE] = "a date",
                                           [VALUE_TEXT] = "a text"};
    tree->type = type;
    check(tree, tree->root, (struct symbols_due){type == VALUE_SYMBOL, NULL});
    const struct expression_node *root = node_at(tree, tree->root);
    if (type == VALUE_TEXT && root->type == VALUE_SYMBOL) {
        require_room(tree, root, "a symbol is no text");
    } else if (!expression_failed(tree) && root->type != type && root->type != VALUE_MISSING) {
        expression_fail(tree, root->offset, "expected %s, but '%.*s' is %s", expected[type],
                        QUOTED(tree, root), kind_of(root));
    }
}
