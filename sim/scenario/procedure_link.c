/* SPDX-License-Identifier: GPL-3.0-or-later
 * procedure_link.c - see procedure_link.h. */
#include "sim/scenario/procedure_link.h"

#include <string.h>

const char *procedure_link_type_name(const struct step_entry *entry) {
    const struct node *type = node_get(entry->node, "type");
    return type != NULL && type->text != NULL ? type->text : entry->name;
}

static bool is_type(const struct step_entry *entry, const char *name) {
    return strcmp(procedure_link_type_name(entry), name) == 0;
}

static int add_entry(struct builder *builder, const struct node *item, const struct node *list,
                     struct error *err) {
    if (item->kind != NODE_MAPPING || item->count != 1) {
        return node_error(item, err, "a step is one name with its keys, such as `- check: {...}`");
    }
    const struct node *value = item->first;
    if (value->kind != NODE_MAPPING && value->kind != NODE_NULL) {
        return node_error(value, err, "step '%s': expected its keys as a mapping", value->key);
    }
    for (uint32_t i = 1; i <= builder->entry_count; i++) {
        if (strcmp(builder->entries[i].name, value->key) == 0 && strcmp(value->key, "join") != 0) {
            return node_key_error(value, err,
                                  "two steps '%s' in procedure '%s'; names are unique within a "
                                  "procedure, branches included (give one of them `type: %s`)",
                                  value->key, builder->procedure,
                                  procedure_link_type_name(&builder->entries[i]));
        }
    }
    if (builder->entry_count + 1 >= STEPS_MAX) {
        return node_error(item, err, "more than %d steps in procedure '%s'", STEPS_MAX - 2,
                          builder->procedure);
    }
    builder->entries[++builder->entry_count] =
        (struct step_entry){.name = value->key, .node = value, .list = list};
    return 0;
}

static int declare_list(struct builder *builder, struct step *steps, const struct node *list,
                        uint32_t branch, uint32_t depth, uint32_t *first, uint32_t *last,
                        struct error *err);

static int declare_fork(struct builder *builder, struct step *steps, uint32_t fork, uint32_t depth,
                        uint32_t lasts[BRANCHES_MAX], struct error *err) {
    const struct node *node = builder->entries[fork].node;
    uint32_t *branches = ARENA_ARRAY(builder->arena, uint32_t, BRANCHES_MAX);
    const char **names = ARENA_ARRAY(builder->arena, const char *, BRANCHES_MAX);
    uint32_t count = 0;
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        if (strcmp(child->key, "type") == 0) {
            continue;
        }
        if (count == BRANCHES_MAX) {
            return node_key_error(child, err, "a fork has at most %d branches", BRANCHES_MAX);
        }
        if (child->kind != NODE_SEQUENCE) {
            return node_error(child, err, "branch '%s': expected a list of steps", child->key);
        }
        names[count] = child->key;
        if (declare_list(builder, steps, child, count, depth + 1, &branches[count], &lasts[count],
                         err) != 0) {
            return -1;
        }
        count++;
    }
    if (count < 2) {
        return node_key_error(node, err, "a fork needs at least two branches, '%s' has %u",
                              node->key, count);
    }
    steps[fork].branches = branches;
    steps[fork].branch_names = names;
    steps[fork].branch_count = count;
    return 0;
}

/* The branches of `fork` end at `join`. */
static int link_join(struct builder *builder, struct step *steps, uint32_t fork, uint32_t join,
                     const uint32_t *lasts, struct error *err) {
    struct step *fork_step = &steps[fork];
    uint32_t *branches = ARENA_ARRAY(builder->arena, uint32_t, BRANCHES_MAX);
    if (builder->join_count == JOINS_MAX) {
        return node_key_error(builder->entries[fork].node, err,
                              "more than %d forks in procedure '%s'", JOINS_MAX,
                              builder->procedure);
    }
    for (uint32_t i = 0; i < fork_step->branch_count; i++) {
        branches[i] = fork_step->branches[i] == 0 ? join : fork_step->branches[i];
        if (lasts[i] != 0) {
            steps[lasts[i]].next = join;
        }
    }
    fork_step->branches = branches;
    fork_step->join = steps[join].join = builder->join_count++;
    steps[join].branch_count = fork_step->branch_count;
    steps[join].branch_names = fork_step->branch_names;
    return 0;
}

/* Numbers the steps of a list and of the forks in it, and links each to the next. */
static int declare_list(struct builder *builder, struct step *steps, const struct node *list,
                        uint32_t branch, uint32_t depth, uint32_t *first, uint32_t *last,
                        struct error *err) {
    uint32_t fork = 0, lasts[BRANCHES_MAX] = {0};
    *first = *last = 0;
    if (depth > 8) {
        return node_error(list, err, "forks are nested more than 8 deep");
    }
    for (const struct node *item = list->first; item != NULL; item = item->next) {
        if (add_entry(builder, item, list, err) != 0) {
            return -1;
        }
        uint32_t entry = builder->entry_count;
        bool joins = is_type(&builder->entries[entry], "join");
        steps[entry].branch = branch;
        if (joins != (fork != 0)) {
            const struct node *where = joins ? item->first : builder->entries[fork].node;
            return node_key_error(where, err,
                                  joins ? "there is no fork before this join"
                                        : "a fork must be followed by a join");
        }
        if (*last != 0 && fork == 0) {
            steps[*last].next = entry;
        }
        if (joins && link_join(builder, steps, fork, entry, lasts, err) != 0) {
            return -1;
        }
        fork = 0;
        if (is_type(&builder->entries[entry], "fork")) {
            memset(lasts, 0, sizeof lasts);
            if (declare_fork(builder, steps, entry, depth, lasts, err) != 0) {
                return -1;
            }
            fork = entry;
        }
        *first = *first == 0 ? entry : *first;
        *last = entry;
    }
    if (fork != 0) {
        return node_key_error(builder->entries[fork].node, err,
                              "a fork must be followed by a join");
    }
    return 0;
}

int procedure_link(struct builder *builder, struct step *steps, const struct node *list,
                   uint32_t *first, struct error *err) {
    uint32_t last;
    return declare_list(builder, steps, list, 0, 0, first, &last, err);
}
