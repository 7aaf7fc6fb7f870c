/* SPDX-License-Identifier: GPL-3.0-or-later
 * expression.c - compiles expressions; see expression.h for the language. */
#include "core/rule/expression.h"

#include "core/base/require.h"
#include "core/rule/expression_tree.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

uint32_t expression_symbol(struct expression_names *names, struct arena *arena, const char *text) {
    for (uint32_t i = 0; i < names->symbol_count; i++) {
        if (strcmp(names->symbols[i], text) == 0) {
            return i;
        }
    }
    names->symbols = arena_grow(arena, names->symbols, names->symbol_count, &names->symbol_capacity,
                                sizeof *names->symbols);
    names->symbols[names->symbol_count] = arena_text(arena, text, strlen(text));
    return names->symbol_count++;
}

int expression_find_input(const struct expression_names *names, const char *text, unsigned length) {
    for (unsigned i = 0; i < names->input_count; i++) {
        if (strlen(names->inputs[i].name) == length &&
            memcmp(names->inputs[i].name, text, length) == 0) {
            return (int)i;
        }
    }
    return -1;
}

void expression_fail(struct expression_tree *tree, unsigned offset, const char *format, ...) {
    char text[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    struct place place = tree->place;
    place.column = (place.column > 0 ? place.column : 1) + (int)offset;
    error_at(tree->err, place, "%s", text);
    tree->token = (struct expression_token){.kind = TOKEN_END, .offset = offset};
}

bool expression_failed(const struct expression_tree *tree) {
    return tree->err->code != ERROR_NONE;
}

const struct expression *expression_compile(const char *text, enum value_type type,
                                            struct expression_names *names, struct arena *arena,
                                            struct place place, struct error *err) {
    REQUIRE(type != VALUE_MISSING);
    REQUIRE(names->input_count <= UINT16_MAX);
    struct expression_tree tree;
    tree.text = text;
    tree.place = place;
    tree.err = err;
    tree.names = names;
    tree.arena = arena;
    tree.token = (struct expression_token){.kind = TOKEN_END};
    tree.offset = tree.end = tree.depth = 0;
    tree.root = 0;
    tree.nodes[0] = (struct expression_node){0};
    if (strlen(text) > EXPRESSION_LENGTH_MAX) {
        expression_fail(&tree, 0, "the expression is longer than %d bytes", EXPRESSION_LENGTH_MAX);
    }
    expression_parse(&tree);
    if (!expression_failed(&tree)) {
        expression_check(&tree, type);
    }
    return expression_failed(&tree) ? NULL : expression_emit(&tree);
}

const uint16_t *expression_inputs(const struct expression *expression, unsigned *count) {
    *count = expression->input_count;
    return expression->inputs;
}

unsigned expression_cost(const struct expression *expression) {
    return expression->cost;
}
