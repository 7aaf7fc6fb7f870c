/* SPDX-License-Identifier: GPL-3.0-or-later
 * merge_set.c - see merge.h: one value by its path, for the command line. */
#include "core/base/node_text.h"
#include "sim/scenario/merge.h"
#include "sim/scenario/merge_scale.h"
#include "sim/scenario/merge_step.h"

#include <string.h>

struct setting {
    struct arena *arena;
    struct error *err;
    const struct source *source; /* the assignment */
    const struct node *value;
};

/* A name of the path and where it begins. */
struct name {
    const char *text;
    int column;
    bool is_last;
};

/* What the children of a node are: keys of something that may hold a system, whose blocks are met
 * on the way; names that must exist; steps of a procedure; or keys below those. */
enum level { LEVEL_OUTSIDE, LEVEL_PARAMETERS, LEVEL_PROCEDURES, LEVEL_STEPS, LEVEL_INSIDE };

static enum level level_below(enum level level, const char *name) {
    if (level == LEVEL_OUTSIDE) {
        return strcmp(name, "parameters") == 0   ? LEVEL_PARAMETERS
               : strcmp(name, "procedures") == 0 ? LEVEL_PROCEDURES
                                                 : LEVEL_OUTSIDE;
    }
    return level == LEVEL_PROCEDURES ? LEVEL_STEPS : LEVEL_INSIDE;
}

static void take_source(struct node *node, const struct source *source) {
    node->source = source;
    for (struct node *child = node->first; child != NULL; child = child->next) {
        take_source(child, source);
    }
}

/* Blanks in place of the path give the value the columns that it has in the assignment. */
static struct node *read_yaml(struct arena *arena, const struct source *source, size_t at,
                              struct error *err) {
    char *text = arena_text(arena, source->text, source->length);
    memset(text, ' ', at);
    struct node *value = node_read_text(arena, source->name, text, source->length, err);
    if (value != NULL) {
        take_source(value, source);
    } else if (err->line == 1 && err->excerpt[0] != '\0') {
        error_excerpt(err, source->text, (unsigned)source->length);
    }
    return value;
}

/* Reads what stands from `at` on: YAML where a bracket or a quotation mark says so, else text as it
 * is, so that "lognormal(mean: 20 h, cv: 1)" needs no second pair of quotes. */
static struct node *read_value(struct arena *arena, const struct source *source, size_t at,
                               struct error *err) {
    static const char blanks[] = " \t\r\n";
    const char *text = source->text + at + strspn(source->text + at, blanks);
    size_t length = strlen(text);
    while (length > 0 && strchr(blanks, text[length - 1]) != NULL) {
        length--;
    }
    if (length == 0) {
        node_source_error(source, 1, (int)at + 1, err, "expected a value behind '='");
        return NULL;
    }
    if (strchr("[{\"'", text[0]) != NULL) {
        return read_yaml(arena, source, at, err);
    }
    struct node place = {.source = source, .line = 1, .column = (int)(text - source->text) + 1};
    text = arena_text(arena, text, length);
    return node_text_is_null(text) ? node_new(arena, NODE_NULL, &place)
                                   : node_scalar(arena, &place, text);
}

/* Takes the name at `*at` from the path that ends at `end`, and moves behind its dot. */
static int next_name(struct setting *setting, size_t *at, size_t end, struct name *name) {
    const char *start = setting->source->text + *at;
    const char *dot = memchr(start, '.', end - *at);
    size_t length = dot != NULL ? (size_t)(dot - start) : end - *at;
    *name = (struct name){.column = (int)*at + 1, .is_last = dot == NULL};
    if (length == 0 || length > NODE_KEY_LENGTH_MAX) {
        return node_source_error(setting->source, 1, name->column, setting->err,
                                 "expected a name of 1 to %d bytes", NODE_KEY_LENGTH_MAX);
    }
    name->text = arena_text(setting->arena, start, length);
    *at += length + 1;
    return 0;
}

static int set_step(struct setting *setting, const struct merge_step *step) {
    const struct node *value = setting->value;
    if (value->kind == NODE_NULL) {
        node_remove(step->list, step->item);
        return 0;
    }
    if (value->kind != NODE_MAPPING) {
        return node_error(value, setting->err,
                          "expected a mapping with the keys of step '%s', or null to take it away",
                          step->keys->key);
    }
    node_replace(step->keys, value);
    return 0;
}

/* Sets the step, or goes on to its keys. */
static int enter_step(struct setting *setting, struct node **node, const struct name *name) {
    struct merge_step step;
    struct node *procedure = *node;
    if (!merge_step_find(procedure, name->text, &step)) {
        return node_source_error(setting->source, 1, name->column, setting->err,
                                 "no step '%s' in procedure '%s'%s", name->text, procedure->key,
                                 merge_step_hint(setting->arena, name->text, procedure));
    }
    if (name->is_last) {
        return set_step(setting, &step);
    }
    if (step.keys->kind == NODE_NULL) {
        node_replace(step.keys, node_new(setting->arena, NODE_MAPPING, step.keys));
    }
    *node = step.keys;
    return 0;
}

/* What is known about a parameter beside its value stays. */
static void set_key(struct setting *setting, struct node *mapping, struct node *old,
                    const struct name *name, enum level level) {
    if (level == LEVEL_PARAMETERS && setting->value->kind == NODE_SCALAR &&
        node_get(old, "value") != NULL) {
        merge_scale_forget(old);
        node_put(old, node_copy(setting->arena, setting->value), "value");
    } else if (setting->value->kind != NODE_NULL) {
        struct node *value = node_copy(setting->arena, setting->value);
        value->key_line = 1;
        value->key_column = name->column;
        node_put(mapping, value, name->text);
    } else if (old != NULL) {
        node_remove(mapping, old);
    }
}

/* Sets the key, or goes on to what stands under it. */
static int enter_key(struct setting *setting, struct node **node, const struct name *name,
                     enum level level) {
    struct node *mapping = *node;
    if (mapping->kind != NODE_MAPPING) {
        return node_source_error(setting->source, 1, name->column, setting->err,
                                 "no key '%s' here: what stands above it in the path is %s",
                                 name->text,
                                 mapping->kind == NODE_SEQUENCE ? "a list" : "a single value");
    }
    struct node *child = node_get(mapping, name->text);
    bool may_be_new = name->is_last && (level == LEVEL_OUTSIDE || level == LEVEL_INSIDE);
    if (child == NULL && !may_be_new) {
        return node_source_error(setting->source, 1, name->column, setting->err, "no '%s' there%s",
                                 name->text,
                                 merge_step_key_hint(setting->arena, name->text, mapping));
    }
    if (name->is_last) {
        set_key(setting, mapping, child, name, level);
    } else {
        *node = child;
    }
    return 0;
}

static int set(struct setting *setting, struct node *root, size_t path_length) {
    struct node *node = root;
    enum level level = LEVEL_OUTSIDE;
    struct name name = {.is_last = false};
    for (size_t at = 0; !name.is_last;) {
        if (next_name(setting, &at, path_length, &name) < 0) {
            return -1;
        }
        bool is_step = level == LEVEL_STEPS && node->kind == NODE_SEQUENCE;
        int result =
            is_step ? enter_step(setting, &node, &name) : enter_key(setting, &node, &name, level);
        if (result < 0) {
            return -1;
        }
        level = level_below(level, name.text);
    }
    return 0;
}

/* The assignment, its value read; `path_length` bytes stand before its '='. */
static int read_setting(struct arena *arena, const char *assignment, struct setting *setting,
                        size_t *path_length, struct error *err) {
    struct source *source = ARENA_NEW(arena, struct source);
    source->name = "--set";
    source->length = strlen(assignment);
    source->text = arena_text(arena, assignment, source->length);
    if (node_text_check(source, err) < 0) {
        return -1;
    }
    const char *equals = strchr(source->text, '=');
    if (equals == NULL) {
        return node_source_error(source, 1, 1, err, "expected path=value, with dots in the path");
    }
    *path_length = (size_t)(equals - source->text);
    *setting =
        (struct setting){arena, err, source, read_value(arena, source, *path_length + 1, err)};
    return setting->value == NULL ? -1 : 0;
}

int merge_set(struct arena *arena, struct node *root, const char *assignment, struct error *err) {
    struct setting setting;
    size_t path_length;
    return read_setting(arena, assignment, &setting, &path_length, err) < 0
               ? -1
               : set(&setting, root, path_length);
}

int merge_set_parameter(struct arena *arena, struct node *parameters, const char *assignment,
                        struct error *err) {
    struct setting setting;
    size_t path_length;
    if (read_setting(arena, assignment, &setting, &path_length, err) < 0) {
        return -1;
    }
    const char *name = arena_text(arena, assignment, path_length);
    if (setting.value->kind == NODE_NULL) {
        node_remove(parameters, node_get(parameters, name));
        return 0;
    }
    return merge_scale_set(arena, parameters, name, setting.value, err);
}
