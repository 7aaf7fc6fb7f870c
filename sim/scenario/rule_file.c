/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_file.c - see rule_file.h. */
#include "sim/scenario/rule_file.h"

#include "core/rule/rule_analysis.h"
#include "sim/scenario/input_file.h"

struct node *rule_file_read(struct arena *arena, const char *path, struct error *err) {
    struct node *overlays[RULE_FILE_OVERLAYS_MAX];
    unsigned count = 0;
    struct node *page = input_file_node(arena, path, err);
    for (const char *base; page != NULL && (base = rule_overlay_base(page)) != NULL;) {
        if (count == RULE_FILE_OVERLAYS_MAX) {
            node_error(node_get(page, "overlay"), err,
                       "more than %d overlays upon another; is one the base of its base?",
                       RULE_FILE_OVERLAYS_MAX);
            return NULL;
        }
        overlays[count++] = page;
        path = input_file_beside(arena, path, base);
        struct error why = ERROR_INIT;
        const struct node *reference = node_get(page, "overlay");
        page = input_file_node(arena, path, &why);
        if (page == NULL && why.line == 0) {
            node_error(reference, err, "%s: %s", path, why.text);
        } else if (page == NULL) {
            *err = why;
        }
    }
    while (page != NULL && count > 0) {
        page = rule_overlay(page, overlays[--count], arena, err);
    }
    return page;
}

const struct rule *rule_file_load(struct arena *arena, const char *path, struct error *err) {
    const struct node *page = rule_file_read(arena, path, err);
    const struct rule *rule = page == NULL ? NULL : rule_compile(page, arena, err);
    return rule != NULL && rule_analysis_check(rule, arena, err) == 0 ? rule : NULL;
}
