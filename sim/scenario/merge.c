/* SPDX-License-Identifier: GPL-3.0-or-later
 * merge.c - see merge.h: a patch walks down the base beside it. */
#include "sim/scenario/merge.h"
#include "sim/scenario/merge_scale.h"
#include "sim/scenario/merge_step.h"

#include <string.h>

struct merging {
    struct arena *arena;
    struct error *err;
};

/* Whose children are names that a patch cannot make up by changing them. */
enum level { LEVEL_ANY, LEVEL_PARAMETERS };

static int merge_mapping(struct merging *merging, struct node *base, const struct node *patch,
                         enum level level);

/* ---- scale ---- */

static bool is_scaling(const struct node *patch) {
    const struct node *scale = node_get(patch, "scale");
    return scale != NULL && scale->kind != NODE_NULL && node_get(patch, "value") == NULL;
}

/* A patch that says something about a value without giving another one. */
static bool is_annotation(const struct node *patch) {
    static const char *const keys[] = {"scale", "evidence", "source", "range"};
    unsigned known = 0;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        known += node_get(patch, keys[i]) != NULL;
    }
    return known > 0 && known == patch->count;
}

/* A bare scalar becomes {value: scalar}, so that something can be said about it. */
static void lift(struct merging *merging, struct node *scalar) {
    struct node *mapping = node_new(merging->arena, NODE_MAPPING, scalar);
    node_append(mapping, node_copy(merging->arena, scalar), "value");
    node_replace(scalar, mapping);
}

/* `parameter` is a mapping with a value. */
static int scale(struct merging *merging, struct node *parameter, const struct node *patch,
                 enum level level) {
    if (merge_scale(merging->arena, parameter, patch, level == LEVEL_PARAMETERS, merging->err) <
        0) {
        return -1;
    }
    static const char *const of_old_value[] = {"evidence", "source"};
    for (size_t i = 0; i < sizeof of_old_value / sizeof *of_old_value; i++) {
        struct node *old = node_get(parameter, of_old_value[i]);
        if (old != NULL && node_get(patch, of_old_value[i]) == NULL) {
            node_remove(parameter, old);
        }
    }
    struct node *rest = node_copy(merging->arena, patch);
    node_remove(rest, node_get(rest, "scale"));
    if (node_get(rest, "range") != NULL) {
        node_remove(rest, node_get(rest, "range"));
    }
    return merge_mapping(merging, parameter, rest, LEVEL_ANY);
}

/* ---- mappings ---- */

/* What a patch adds where nothing was: its nulls take away nothing. */
static struct node *fresh(struct merging *merging, const struct node *patch) {
    if (patch->kind != NODE_MAPPING) {
        return node_copy(merging->arena, patch);
    }
    struct node *added = node_new(merging->arena, NODE_MAPPING, patch);
    for (const struct node *child = patch->first; child != NULL; child = child->next) {
        if (child->kind != NODE_NULL) {
            node_append(added, fresh(merging, child), child->key);
        }
    }
    return added;
}

/* `level` is that of the mapping in which `base` stands. */
static int merge_value(struct merging *merging, struct node *base, const struct node *patch,
                       enum level level) {
    if (patch->kind != NODE_MAPPING) {
        node_replace(base, node_copy(merging->arena, patch));
        return 0;
    }
    if (base->kind == NODE_SCALAR && (is_scaling(patch) || is_annotation(patch))) {
        lift(merging, base);
    }
    if (is_scaling(patch) && node_get(base, "value") != NULL) {
        return scale(merging, base, patch, level);
    }
    if (base->kind == NODE_MAPPING) {
        if (level == LEVEL_PARAMETERS && node_get(patch, "value") != NULL) {
            merge_scale_forget(base);
        }
        return merge_mapping(merging, base, patch, LEVEL_ANY);
    }
    node_replace(base, fresh(merging, patch));
    return 0;
}

/* Whether a patch may say this about a parameter; `old` is NULL where there is none. */
static int check_parameter(struct merging *merging, const struct node *parameters,
                           const struct node *old, const struct node *patch) {
    const struct node *by = node_get(patch, "scale");
    if (by != NULL && node_get(patch, "value") != NULL) {
        return node_key_error(by, merging->err, "give either value or scale");
    }
    if (!is_scaling(patch)) {
        return 0;
    }
    if (old == NULL) {
        return node_key_error(patch, merging->err, "no parameter '%s' to scale%s", patch->key,
                              merge_step_key_hint(merging->arena, patch->key, parameters));
    }
    if (old->kind != NODE_SCALAR && node_get(old, "value") == NULL) {
        return node_key_error(patch, merging->err, "parameter '%s' has no value to scale",
                              patch->key);
    }
    return 0;
}

/* Merges what a patch says about one key of `base`. */
static int merge_child(struct merging *merging, struct node *base, const struct node *patch,
                       enum level level) {
    struct node *old = node_get(base, patch->key);
    if (level == LEVEL_PARAMETERS && check_parameter(merging, base, old, patch) < 0) {
        return -1;
    }
    if (old == NULL && patch->kind != NODE_NULL) {
        node_append(base, fresh(merging, patch), patch->key);
    } else if (old != NULL && patch->kind == NODE_NULL) {
        node_remove(base, old);
    } else if (old != NULL) {
        return merge_value(merging, old, patch, level);
    }
    return 0;
}

static int merge_mapping(struct merging *merging, struct node *base, const struct node *patch,
                         enum level level) {
    for (const struct node *child = patch->first; child != NULL; child = child->next) {
        if (merge_child(merging, base, child, level) < 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- steps ---- */

struct group {
    const char **names; /* of the steps in it, in the order of the list */
    size_t count, capacity;
};

/* The first and the newest are the likeliest. */
static bool is_in_group(const struct group *group, const char *name) {
    if (group->count > 0 && strcmp(group->names[0], name) == 0) {
        return true;
    }
    for (size_t i = group->count; i > 1; i--) {
        if (strcmp(group->names[i - 1], name) == 0) {
            return true;
        }
    }
    return false;
}

/* Behind this, what patches put after the step `at` stands in patch order: the last of those that
 * were put after it, or after one of those. Only what was put in front of one of them can stand
 * between. */
static struct node *last_placed_after(struct merging *merging, struct node *at) {
    struct group group = {0};
    struct node *last = at;
    for (struct node *item = at; item != NULL; item = item->next) {
        if (item == at || (item->placed_after != NULL && is_in_group(&group, item->placed_after))) {
            group.names = arena_grow(merging->arena, group.names, group.count, &group.capacity,
                                     sizeof *group.names);
            group.names[group.count++] = merge_step_name(item);
            last = item;
        }
    }
    return last;
}

static struct node *previous(const struct node *list, const struct node *item) {
    struct node *before = NULL;
    for (struct node *other = list->first; other != item; other = other->next) {
        before = other;
    }
    return before;
}

/* Puts an item that stands in no list beside the step that `target` names. */
static int place(struct merging *merging, struct node *procedure, struct node *item,
                 const struct node *target) {
    const char *name = merge_step_name(item);
    struct merge_step at;
    if (!merge_step_find(procedure, target->text, &at)) {
        if (strcmp(target->text, name) == 0) {
            return node_error(target, merging->err, "step '%s' cannot stand beside itself", name);
        }
        struct node *alone = node_new(merging->arena, NODE_SEQUENCE, item);
        node_append(alone, item, NULL);
        if (merge_step_find(alone, target->text, &at)) {
            return node_error(target, merging->err, "step '%s' stands inside '%s' itself",
                              target->text, name);
        }
        return node_error(target, merging->err, "no step '%s' in procedure '%s'%s", target->text,
                          procedure->key, merge_step_hint(merging->arena, target->text, procedure));
    }
    bool is_after = strcmp(target->key, "after") == 0;
    item->placed_after = is_after ? target->text : NULL;
    node_insert_after(at.list, item,
                      is_after ? last_placed_after(merging, at.item) : previous(at.list, at.item));
    return 0;
}

/* Finds the `after` or `before` of a patch's step; NULL where it has none. */
static int find_target(struct merging *merging, const struct node *patch,
                       const struct node **target) {
    const struct node *after = node_get(patch, "after"), *before = node_get(patch, "before");
    if (after != NULL && before != NULL) {
        return node_key_error(before, merging->err, "give either after or before");
    }
    *target = after != NULL ? after : before;
    if (*target != NULL && (*target)->kind != NODE_SCALAR) {
        return node_error(*target, merging->err, "expected the name of a step");
    }
    return 0;
}

/* Merges the keys of a patch's step, its place aside. */
static int merge_keys(struct merging *merging, struct node *keys, const struct node *patch,
                      const struct node *target) {
    if (keys->kind != NODE_MAPPING && keys->kind != NODE_NULL) {
        return node_error(keys, merging->err, "expected a mapping with the keys of step '%s'",
                          keys->key);
    }
    if (keys->kind == NODE_NULL) {
        node_replace(keys, node_new(merging->arena, NODE_MAPPING, keys));
    }
    struct node *rest = node_copy(merging->arena, patch);
    if (target != NULL) {
        node_remove(rest, node_get(rest, target->key));
    }
    return merge_mapping(merging, keys, rest, LEVEL_ANY);
}

static int merge_step(struct merging *merging, struct node *procedure, const struct node *patch) {
    struct merge_step step;
    bool exists = merge_step_find(procedure, patch->key, &step);
    if (patch->kind == NODE_NULL) {
        if (exists) {
            node_remove(step.list, step.item);
        }
        return 0;
    }
    if (patch->kind != NODE_MAPPING) {
        return node_error(patch, merging->err,
                          "expected a mapping with the keys of step '%s', or null to take it away",
                          patch->key);
    }
    const struct node *target = NULL;
    if (find_target(merging, patch, &target) < 0) {
        return -1;
    }
    if (!exists && target == NULL) {
        return node_key_error(patch, merging->err,
                              "no step '%s' in procedure '%s'%s (a new step needs after: or "
                              "before:)",
                              patch->key, procedure->key,
                              merge_step_hint(merging->arena, patch->key, procedure));
    }
    if (!exists) {
        step.item = node_new(merging->arena, NODE_MAPPING, patch);
        step.keys = node_new(merging->arena, NODE_MAPPING, patch);
        node_append(step.item, step.keys, patch->key);
    } else if (target != NULL) {
        node_remove(step.list, step.item);
    }
    if (merge_keys(merging, step.keys, patch, target) < 0) {
        return -1;
    }
    return target != NULL ? place(merging, procedure, step.item, target) : 0;
}

/* ---- procedures ---- */

/* A patch that takes away steps of a procedure that is not there changes nothing. */
static int refuse_changes(struct merging *merging, const struct node *procedures,
                          const struct node *patch) {
    for (const struct node *child = patch->first; child != NULL; child = child->next) {
        if (child->kind != NODE_NULL) {
            return node_key_error(patch, merging->err, "no procedure '%s' to change%s", patch->key,
                                  merge_step_key_hint(merging->arena, patch->key, procedures));
        }
    }
    return 0;
}

static int merge_procedure(struct merging *merging, struct node *procedures,
                           const struct node *patch) {
    struct node *old = node_get(procedures, patch->key);
    if (patch->kind == NODE_NULL) {
        if (old != NULL) {
            node_remove(procedures, old);
        }
        return 0;
    }
    if (patch->kind == NODE_SEQUENCE) {
        node_put(procedures, node_copy(merging->arena, patch), patch->key);
        return 0;
    }
    if (patch->kind != NODE_MAPPING) {
        return node_error(patch, merging->err, "expected a list of steps, or steps by name");
    }
    if (old == NULL) {
        return refuse_changes(merging, procedures, patch);
    }
    if (old->kind != NODE_SEQUENCE) {
        return node_error(old, merging->err, "expected a list of steps");
    }
    if (merge_step_count(old) > NODE_KEYS_MAX) {
        return node_error(old, merging->err, "more than %d steps in procedure '%s'", NODE_KEYS_MAX,
                          old->key);
    }
    for (const struct node *child = patch->first; child != NULL; child = child->next) {
        if (merge_step(merging, old, child) < 0) {
            return -1;
        }
    }
    return 0;
}

static int merge_procedures(struct merging *merging, struct node *procedures,
                            const struct node *patch) {
    for (const struct node *child = patch->first; child != NULL; child = child->next) {
        if (merge_procedure(merging, procedures, child) < 0) {
            return -1;
        }
    }
    return 0;
}

/* ---- the whole ---- */

/* The mapping that a block of the base is, made where it is missing or empty. */
static struct node *open_block(struct merging *merging, struct node *base,
                               const struct node *patch) {
    struct node *block = node_get(base, patch->key);
    if (block == NULL || block->kind == NODE_NULL) {
        node_put(base, node_new(merging->arena, NODE_MAPPING, patch), patch->key);
        block = node_get(base, patch->key);
    }
    if (block->kind != NODE_MAPPING) {
        node_error(block, merging->err, "expected a mapping");
        return NULL;
    }
    return block;
}

static int merge_block(struct merging *merging, struct node *base, const struct node *patch) {
    struct node *block = open_block(merging, base, patch);
    if (block == NULL) {
        return -1;
    }
    if (strcmp(patch->key, "procedures") == 0) {
        return merge_procedures(merging, block, patch);
    }
    return merge_mapping(merging, block, patch, LEVEL_PARAMETERS);
}

/* Whether a part of a patch has rules of its own: elsewhere only mappings are merged. */
static bool is_block(const struct node *patch) {
    return patch->kind == NODE_MAPPING &&
           (strcmp(patch->key, "procedures") == 0 || strcmp(patch->key, "parameters") == 0);
}

int merge_patch(struct arena *arena, struct node *base, const struct node *patch,
                struct error *err) {
    struct merging merging = {arena, err};
    if (base->kind != NODE_MAPPING) {
        return node_error(base, err, "expected a mapping");
    }
    if (patch->kind != NODE_MAPPING) {
        return node_error(patch, err, "expected a mapping");
    }
    for (const struct node *child = patch->first; child != NULL; child = child->next) {
        int result = is_block(child) ? merge_block(&merging, base, child)
                                     : merge_child(&merging, base, child, LEVEL_ANY);
        if (result < 0) {
            return -1;
        }
    }
    return 0;
}
