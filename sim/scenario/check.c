/* SPDX-License-Identifier: GPL-3.0-or-later
 * check.c - see check.h. */
#include "sim/scenario/check.h"

#include "sim/scenario/compile.h"
#include "sim/scenario/input_file.h"
#include "sim/scenario/resolve.h"
#include "sim/scenario/rule_page.h"

#include <string.h>

const char *check_kind(const char *path, struct arena *arena, struct error *err) {
    const struct node *root = input_file_node(arena, path, err);
    return root == NULL ? NULL : resolve_kind(root, err);
}

int check_alone(const char *path, const char *kind, struct arena *arena, struct error *err) {
    struct node *root = input_file_node(arena, path, err);
    if (root == NULL) {
        return -1;
    }
    if (strcmp(kind, "patch") == 0) {
        return resolve_check_patch(root, err);
    }
    struct builder builder;
    builder_init(&builder, arena);
    if (strcmp(kind, "world") == 0) {
        return compile_world(&builder, root, err);
    }
    builder.lone_system = true;
    return rule_page_insert(arena, root, err) != 0 ? -1 : compile_system(&builder, root, err);
}
