/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_page.c - see rule_page.h. */
#include "sim/scenario/rule_page.h"

#include "core/rule/rule_analysis.h"
#include "sim/scenario/input_file.h"
#include "sim/scenario/rule_file.h"

#include <string.h>

static int insert_page(struct arena *arena, struct node *name, struct error *err) {
    struct error missing = ERROR_INIT;
    const char *path = input_file_beside(arena, name->source->name, name->text);
    const struct node *page = rule_file_read(arena, path, &missing);
    if (page == NULL && missing.line == 0) { /* it could not be opened: said where it was named */
        return node_error(name, err, "%s: %s", path, missing.text);
    }
    if (page == NULL) {
        *err = missing;
        return -1;
    }
    node_replace(name, page);
    return 0;
}

int rule_page_insert(struct arena *arena, struct node *tree, struct error *err) {
    for (struct node *child = tree->first; child != NULL; child = child->next) {
        bool is_name =
            child->kind == NODE_SCALAR && child->key != NULL && strcmp(child->key, "profile") == 0;
        if (is_name ? insert_page(arena, child, err) < 0
                    : rule_page_insert(arena, child, err) < 0) {
            return -1;
        }
    }
    return 0;
}

const struct profile *rule_page_bind(struct arena *arena, const struct node *page,
                                     struct error *err) {
    const struct rule *rule = rule_compile(page, arena, err);
    if (rule == NULL || rule_analysis_check(rule, arena, err) < 0) {
        return NULL;
    }
    struct error why = ERROR_INIT; /* without a place */
    const struct profile *profile = profile_bind(rule, arena, &why);
    if (profile == NULL) {
        node_error(page, err, "%s", why.text);
    }
    return profile;
}
