/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_overlay.c - a reform put into the page that it changes; rule.h has the layout. */
#include "core/rule/rule.h"

#include <stdio.h>
#include <string.h>

struct overlaying {
    struct arena *arena;
    struct error *err;
};

const char *rule_overlay_base(const struct node *file) {
    const struct node *base = node_get(file, "overlay");
    return base != NULL && base->kind == NODE_SCALAR ? base->text : NULL;
}

static int refuse_unknown(const struct node *change, const struct node *mapping, const char *kind,
                          const char *advice, struct error *err) {
    const char *names[NODE_KEYS_MAX];
    unsigned count = 0;
    for (const struct node *child = mapping->first; child != NULL; child = child->next) {
        names[count++] = child->key;
    }
    return node_key_error(change, err, "the base has no %s '%s'%s", kind, change->key,
                          error_hint(change->key, names, count, advice).text);
}

/* Mappings merge by key, null takes away, anything else replaces. */
static void merge_into(struct overlaying *overlaying, struct node *mapping,
                       const struct node *changes) {
    for (const struct node *change = changes->first; change != NULL; change = change->next) {
        struct node *old = node_get(mapping, change->key);
        if (change->kind == NODE_NULL) {
            if (old != NULL) {
                node_remove(mapping, old);
            }
        } else if (old != NULL && old->kind == NODE_MAPPING && change->kind == NODE_MAPPING) {
            merge_into(overlaying, old, change);
        } else {
            node_put(mapping, node_copy(overlaying->arena, change), change->key);
        }
    }
}

/* ---- parameters ---- */

static const char *from_of(const struct node *dated) {
    const struct node *from = node_get(dated, "from");
    return from != NULL && from->kind == NODE_SCALAR ? from->text : "";
}

/* A list of dated values from whatever the base has; yyyy-mm-dd sorts as text. */
static void add_dated(struct overlaying *overlaying, struct node *parameter,
                      const struct node *change) {
    if (parameter->kind != NODE_SEQUENCE) {
        struct node *list = node_new(overlaying->arena, NODE_SEQUENCE, parameter);
        node_append(list, node_copy(overlaying->arena, parameter), NULL);
        node_replace(parameter, list);
    }
    struct node *before = NULL;
    for (struct node *child = parameter->first; child != NULL; child = child->next) {
        int order = strcmp(from_of(child), from_of(change));
        if (order == 0) {
            node_replace(child, node_copy(overlaying->arena, change));
            return;
        }
        before = order < 0 ? child : before;
    }
    struct node *added = node_copy(overlaying->arena, change);
    added->key = NULL;
    node_insert_after(parameter, added, before);
}

static int merge_parameters(struct overlaying *overlaying, struct node *page,
                            const struct node *changes) {
    struct node *parameters = node_get(page, "parameters");
    if (parameters == NULL) {
        node_put(page, node_copy(overlaying->arena, changes), "parameters");
        return 0;
    }
    if (parameters->kind != NODE_MAPPING) {
        return node_error(parameters, overlaying->err, "expected names here");
    }
    for (const struct node *change = changes->first; change != NULL; change = change->next) {
        struct node *old = node_get(parameters, change->key);
        if (change->kind == NODE_NULL) {
            if (old == NULL) {
                return refuse_unknown(change, parameters, "parameter", "", overlaying->err);
            }
            node_remove(parameters, old);
        } else if (old != NULL && change->kind == NODE_MAPPING && node_get(change, "from")) {
            add_dated(overlaying, old, change);
        } else {
            node_put(parameters, node_copy(overlaying->arena, change), change->key);
        }
    }
    return 0;
}

/* ---- rules ---- */

static bool is_place(const char *key) {
    return strcmp(key, "after") == 0 || strcmp(key, "before") == 0 || strcmp(key, "at") == 0;
}

/* The key that says where a rule goes, NULL when there is none. */
static const struct node *place_of(const struct node *change) {
    for (const struct node *child = change->first; child != NULL; child = child->next) {
        if (is_place(child->key)) {
            return child;
        }
    }
    return NULL;
}

/* Puts a rule that stands in no tree where the place says. */
static int put_rule(struct overlaying *overlaying, struct node *rules, struct node *rule,
                    const struct node *place) {
    if (place->kind != NODE_SCALAR) {
        return node_error(place, overlaying->err, "%s: expected the name of a rule", place->key);
    }
    if (strcmp(place->key, "at") == 0) {
        if (strcmp(place->text, "end") != 0) {
            return node_error(place, overlaying->err, "at: only 'end' can stand here");
        }
        node_insert_after(rules, rule, rules->last);
        return 0;
    }
    struct node *before = NULL;
    for (struct node *child = rules->first; child != NULL; child = child->next) {
        if (strcmp(child->key, place->text) == 0) {
            node_insert_after(rules, rule, strcmp(place->key, "after") == 0 ? child : before);
            return 0;
        }
        before = child;
    }
    const char *names[NODE_KEYS_MAX];
    unsigned count = 0;
    for (const struct node *child = rules->first; child != NULL; child = child->next) {
        names[count++] = child->key;
    }
    return node_error(place, overlaying->err, "%s: there is no rule '%s'%s", place->key,
                      place->text, error_hint(place->text, names, count, "").text);
}

static int merge_rule(struct overlaying *overlaying, struct node *rules,
                      const struct node *change) {
    struct node *old = node_get(rules, change->key);
    if (change->kind == NODE_NULL) {
        if (old == NULL) {
            return refuse_unknown(change, rules, "rule", "", overlaying->err);
        }
        node_remove(rules, old);
        return 0;
    }
    if (change->kind != NODE_MAPPING) {
        return node_error(change, overlaying->err,
                          "expected what changes in the rule, or null to take it away");
    }
    const struct node *place = place_of(change);
    if (old == NULL && place == NULL) {
        return refuse_unknown(change, rules, "rule",
                              "; a new one says 'after:', 'before:' or 'at: end'", overlaying->err);
    }
    if (old != NULL && old->kind != NODE_MAPPING) {
        return node_error(old, overlaying->err, "expected a rule with when: and then: here");
    }
    struct node *rule = old != NULL ? old : node_new(overlaying->arena, NODE_MAPPING, change);
    if (old != NULL && place != NULL) {
        node_remove(rules, old);
    }
    merge_into(overlaying, rule, change);
    for (struct node *child = rule->first, *next; child != NULL; child = next) {
        next = child->next;
        if (is_place(child->key)) {
            node_remove(rule, child);
        }
    }
    rule->key = change->key;
    return place != NULL ? put_rule(overlaying, rules, rule, place) : 0;
}

struct node *rule_overlay(const struct node *base, const struct node *overlay, struct arena *arena,
                          struct error *err) {
    struct overlaying overlaying = {arena, err};
    struct node *page = node_copy(arena, base);
    struct node *rules = node_get(page, "rules");
    const struct node *changes = node_get(overlay, "rules");
    const struct node *parameters = node_get(overlay, "parameters");
    if (base->kind != NODE_MAPPING || rules == NULL || rules->kind != NODE_MAPPING) {
        node_error(base, err, "this is no page of rules that could be changed");
        return NULL;
    }
    if (overlay->kind != NODE_MAPPING) {
        node_error(overlay, err, "this is no page of changes");
        return NULL;
    }
    if ((changes != NULL && changes->kind != NODE_MAPPING) ||
        (parameters != NULL && parameters->kind != NODE_MAPPING)) {
        node_error(changes != NULL && changes->kind != NODE_MAPPING ? changes : parameters, err,
                   "expected names here");
        return NULL;
    }
    for (const struct node *change = changes == NULL ? NULL : changes->first; change != NULL;
         change = change->next) {
        if (merge_rule(&overlaying, rules, change) < 0) {
            return NULL;
        }
    }
    if (parameters != NULL && merge_parameters(&overlaying, page, parameters) < 0) {
        return NULL;
    }
    struct node *rest = node_copy(arena, overlay);
    static const char *const settled[] = {"clearlab", "overlay", "rules", "parameters"};
    for (size_t i = 0; i < sizeof settled / sizeof *settled; i++) {
        struct node *done = node_get(rest, settled[i]);
        if (done != NULL) {
            node_remove(rest, done);
        }
    }
    merge_into(&overlaying, page, rest);
    return page;
}
