/* SPDX-License-Identifier: GPL-3.0-or-later
 * expression_choice.c - the symbols that an input can hold. */
#include "core/rule/expression_tree.h"

#include <string.h>

unsigned expression_choice_list(const char *choices, struct arena *arena, const char **names,
                                unsigned max) {
    unsigned count = 0;
    while (count < max && *choices != '\0') {
        size_t length = strcspn(choices, "|");
        names[count++] = arena_text(arena, choices, length);
        choices += length + (choices[length] == '|');
    }
    return count;
}

bool expression_choice_has(const char *choices, const char *text, size_t length) {
    while (*choices != '\0') {
        size_t choice_length = strcspn(choices, "|");
        if (choice_length == length && memcmp(choices, text, length) == 0) {
            return true;
        }
        choices += choice_length + (choices[choice_length] == '|');
    }
    return false;
}

static bool is_open(const struct expression_tree *tree, const struct expression_node *node) {
    return node->kind == NODE_INPUT && node->type == VALUE_SYMBOL &&
           tree->names->inputs[node->input].choices == NULL;
}

bool expression_choice_is_open(const struct expression_tree *tree, uint16_t first,
                               uint16_t second) {
    const struct expression_node *a = &tree->nodes[first], *b = &tree->nodes[second];
    if (a->kind == NODE_IF) {
        return expression_choice_is_open(tree, a->second, second) ||
               expression_choice_is_open(tree, a->third, second);
    }
    if (b->kind == NODE_IF) {
        return expression_choice_is_open(tree, b->second, first) ||
               expression_choice_is_open(tree, b->third, first);
    }
    return is_open(tree, a) && is_open(tree, b) && a->input != b->input;
}
