/* SPDX-License-Identifier: GPL-3.0-or-later
 * merge_step.c - see merge_step.h. */
#include "sim/scenario/merge_step.h"

#include <string.h>

const char *merge_step_name(const struct node *item) {
    return item->kind == NODE_MAPPING && item->count == 1 ? item->first->key : NULL;
}

static bool is_fork(const struct node *keys) {
    const struct node *type = node_get(keys, "type");
    const char *name = type != NULL && type->kind == NODE_SCALAR ? type->text : keys->key;
    return keys->kind == NODE_MAPPING && strcmp(name, "fork") == 0;
}

bool merge_step_find(struct node *procedure, const char *name, struct merge_step *found) {
    for (struct node *item = procedure->first; item != NULL; item = item->next) {
        const char *item_name = merge_step_name(item);
        if (item_name == NULL) {
            continue;
        }
        struct node *keys = item->first;
        if (strcmp(item_name, name) == 0) {
            *found = (struct merge_step){procedure, item, keys};
            return true;
        }
        for (struct node *branch = is_fork(keys) ? keys->first : NULL; branch != NULL;
             branch = branch->next) {
            if (branch->kind == NODE_SEQUENCE && merge_step_find(branch, name, found)) {
                return true;
            }
        }
    }
    return false;
}

unsigned merge_step_count(const struct node *procedure) {
    unsigned count = procedure->count;
    for (const struct node *item = procedure->first; item != NULL; item = item->next) {
        bool has_branches = merge_step_name(item) != NULL && is_fork(item->first);
        const struct node *branch = has_branches ? item->first->first : NULL;
        for (; branch != NULL; branch = branch->next) {
            count += branch->kind == NODE_SEQUENCE ? merge_step_count(branch) : 0;
        }
    }
    return count;
}

struct names {
    struct arena *arena;
    const char **items;
    size_t count, capacity;
};

static void add_name(struct names *names, const char *name) {
    names->items = arena_grow(names->arena, names->items, names->count, &names->capacity,
                              sizeof *names->items);
    names->items[names->count++] = name;
}

static void add_steps(struct names *names, const struct node *procedure) {
    for (const struct node *item = procedure->first; item != NULL; item = item->next) {
        const char *name = merge_step_name(item);
        if (name == NULL) {
            continue;
        }
        add_name(names, name);
        if (!is_fork(item->first)) {
            continue;
        }
        for (const struct node *branch = item->first->first; branch != NULL;
             branch = branch->next) {
            if (branch->kind == NODE_SEQUENCE) {
                add_steps(names, branch);
            }
        }
    }
}

enum { LISTED_MAX = 12 };

static const char *hint(struct names *names, const char *wrong) {
    const char *nearest = error_nearest_name(wrong, names->items, (unsigned)names->count);
    if (nearest != NULL) {
        return arena_format(names->arena, "; did you mean '%s'?", nearest);
    }
    if (names->count == 0 || names->count > LISTED_MAX) {
        return "";
    }
    const char *list = names->items[0];
    for (size_t i = 1; i < names->count; i++) {
        list = arena_format(names->arena, "%s, %s", list, names->items[i]);
    }
    return arena_format(names->arena, "; known are %s", list);
}

const char *merge_step_hint(struct arena *arena, const char *wrong, const struct node *procedure) {
    struct names names = {.arena = arena};
    add_steps(&names, procedure);
    return hint(&names, wrong);
}

const char *merge_step_key_hint(struct arena *arena, const char *wrong,
                                const struct node *mapping) {
    struct names names = {.arena = arena};
    for (const struct node *child = mapping->first; child != NULL; child = child->next) {
        add_name(&names, child->key);
    }
    return hint(&names, wrong);
}
