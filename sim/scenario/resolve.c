/* SPDX-License-Identifier: GPL-3.0-or-later
 * resolve.c - see resolve.h. */
#include "sim/scenario/resolve.h"

#include "sim/scenario/input_file.h"
#include "sim/scenario/merge.h"
#include "sim/scenario/rule_page.h"

#include <string.h>

static const char *const kinds[] = {"experiment", "world", "system", "patch"};

const char *resolve_kind(const struct node *root, struct error *err) {
    if (root->kind != NODE_MAPPING) {
        node_error(root, err, "a scenario file is a mapping that begins with `clearlab: 1`");
        return NULL;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const struct node *name = node_get(root, kinds[i]);
        if (name != NULL && name->kind == NODE_SCALAR) {
            return kinds[i];
        }
    }
    node_error(
        root, err,
        "this is no scenario file: expected a key `experiment`, `world`, `system` or `patch` "
        "with a name");
    return NULL;
}

static struct node *read_kind(struct arena *arena, const struct node *reference, const char *kind,
                              struct error *err) {
    if (reference->kind != NODE_SCALAR || reference->text[0] == '\0') {
        node_error(reference, err, "expected the name of a %s file", kind);
        return NULL;
    }
    const char *path = input_file_beside(arena, reference->source->name, reference->text);
    struct error missing = ERROR_INIT;
    struct node *root = input_file_node(arena, path, &missing);
    if (root == NULL) {
        if (missing.line == 0) { /* it could not be opened: that is said where it was named */
            node_error(reference, err, "%s: %s", path, missing.text);
        } else if (err->code == ERROR_NONE) {
            *err = missing;
        }
        return NULL;
    }
    const char *found = resolve_kind(root, err);
    if (found != NULL && strcmp(found, kind) != 0) {
        node_error(reference, err, "'%s' is a %s file, not a %s file", path, found, kind);
        return NULL;
    }
    return found == NULL ? NULL : root;
}

static void replace(struct node *parent, struct node *old, struct node *by) {
    by->key = old->key;
    by->key_line = old->key_line;
    by->key_column = old->key_column;
    node_insert_after(parent, by, old);
    node_remove(parent, old);
}

static void remove_key(struct node *mapping, const char *key) {
    struct node *child = node_get(mapping, key);
    if (child != NULL) {
        node_remove(mapping, child);
    }
}

/* A patch whose needs are not among those merged before it changes nothing; that is kept in the
 * resolved system, so that `check` and `run` can say it. */
static bool is_inert(const struct node *patch, const struct node *merged) {
    const struct node *needs = node_get(patch, "requires");
    if (needs == NULL || needs->kind != NODE_SEQUENCE) {
        return false;
    }
    for (const struct node *need = needs->first; need != NULL; need = need->next) {
        bool found = false;
        for (const struct node *name = merged->first; name != NULL; name = name->next) {
            found = found || (need->text != NULL && strcmp(name->text, need->text) == 0);
        }
        if (!found) {
            return true;
        }
    }
    return false;
}

int resolve_check_patch(const struct node *patch, struct error *err) {
    static const char *const keys[] = {"clearlab",      "patch",  "summary",    "requires",
                                       "organisations", "ledger", "procedures", "parameters"};
    for (const struct node *child = patch->first; child != NULL; child = child->next) {
        bool known = false;
        for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
            known = known || strcmp(child->key, keys[i]) == 0;
        }
        if (!known) {
            return node_key_error(
                child, err, "unknown key '%s' in a patch%s", child->key,
                error_hint(child->key, keys, sizeof keys / sizeof keys[0], "").text);
        }
    }
    const struct node *needs = node_get(patch, "requires");
    if (needs != NULL && needs->kind != NODE_SEQUENCE && needs->kind != NODE_NULL) {
        return node_error(needs, err, "requires: expected a list of patches");
    }
    return 0;
}

static int apply_patch(struct arena *arena, struct node *system, const struct node *reference,
                       struct node *merged, struct node *inert, struct error *err) {
    struct node *patch = read_kind(arena, reference, "patch", err);
    if (patch == NULL || resolve_check_patch(patch, err) != 0) {
        return -1;
    }
    const struct node *name = node_get(patch, "patch");
    if (is_inert(patch, merged)) {
        node_append(inert, node_scalar(arena, reference, name->text), NULL);
        return 0;
    }
    node_append(merged, node_scalar(arena, reference, name->text), NULL);
    static const char *const about[] = {"clearlab", "patch", "summary", "requires"};
    for (size_t i = 0; i < sizeof about / sizeof about[0]; i++) {
        remove_key(patch, about[i]);
    }
    return merge_patch(arena, system, patch, err);
}

/* {base: FILE, patches: [FILE, ...]} becomes the system itself. */
static int resolve_system(struct arena *arena, struct node *systems, struct node *entry,
                          struct error *err) {
    if (entry->kind != NODE_MAPPING) {
        return node_error(entry, err,
                          "system '%s': expected `base: FILE` and perhaps `patches: [FILE, ...]`",
                          entry->key);
    }
    if (node_get(entry, "system") != NULL) {
        return 0; /* resolved already */
    }
    for (const struct node *child = entry->first; child != NULL; child = child->next) {
        if (strcmp(child->key, "base") != 0 && strcmp(child->key, "patches") != 0) {
            return node_key_error(
                child, err, "unknown key '%s'; a system has `base` and `patches` here", child->key);
        }
    }
    const struct node *base = node_get(entry, "base");
    if (base == NULL) {
        return node_key_error(entry, err, "system '%s': missing key 'base'", entry->key);
    }
    struct node *system = read_kind(arena, base, "system", err);
    if (system == NULL) {
        return -1;
    }
    struct node *merged = node_new(arena, NODE_SEQUENCE, entry);
    struct node *inert = node_new(arena, NODE_SEQUENCE, entry);
    const struct node *patches = node_get(entry, "patches");
    if (patches != NULL && patches->kind != NODE_SEQUENCE) {
        return node_error(patches, err, "patches: expected a list of files");
    }
    for (const struct node *patch = patches ? patches->first : NULL; patch != NULL;
         patch = patch->next) {
        if (apply_patch(arena, system, patch, merged, inert, err) != 0) {
            return -1;
        }
    }
    if (merged->count > 0) {
        node_append(system, merged, "patches");
    }
    if (inert->count > 0) {
        node_append(system, inert, "inert");
    }
    replace(systems, entry, system);
    return 0;
}

/* In a world or a system, where that declares it. */
static int set_parameter(struct arena *arena, struct node *tree, const char *name,
                         const char *setting, bool *found, struct error *err) {
    struct node *parameters = node_get(tree, "parameters");
    if (node_get(parameters, name) == NULL) {
        return 0;
    }
    *found = true;
    return merge_set_parameter(arena, parameters, setting, err);
}

/* A setting without a dot that is no key of the experiment sets the parameter of that name wherever
 * it is declared. */
static int apply_setting(struct arena *arena, struct node *root, const char *setting,
                         struct error *err) {
    const char *equals = strchr(setting, '=');
    size_t length = equals == NULL ? 0 : (size_t)(equals - setting);
    const char *name = arena_text(arena, setting, length);
    if (length == 0 || strchr(name, '.') != NULL || node_get(root, name) != NULL ||
        strcmp(name, "seed") == 0 || strcmp(name, "replications") == 0) {
        return merge_set(arena, root, setting, err);
    }
    bool found = false;
    if (set_parameter(arena, node_get(root, "world"), name, setting, &found, err) != 0) {
        return -1;
    }
    const struct node *systems = node_get(root, "systems");
    for (struct node *system = systems ? systems->first : NULL; system != NULL;
         system = system->next) {
        if (set_parameter(arena, system, name, setting, &found, err) != 0) {
            return -1;
        }
    }
    return found ? 0 : merge_set(arena, root, setting, err);
}

/* Where a world names a file of data, its place is made independent of the file that named it. */
static void place_data(struct arena *arena, struct node *world) {
    struct node *arrivals = node_get(world, "arrivals");
    for (struct node *stream = arrivals ? arrivals->first : NULL; stream != NULL;
         stream = stream->next) {
        struct node *csv = node_get(node_get(stream, "declarations"), "csv");
        if (csv != NULL && csv->text != NULL) {
            csv->text = input_file_beside(arena, csv->source->name, csv->text);
        }
    }
}

int resolve_settings(struct arena *arena, struct node *root, const char *const *settings,
                     unsigned setting_count, struct error *err) {
    for (unsigned i = 0; i < setting_count; i++) {
        if (apply_setting(arena, root, settings[i], err) != 0) {
            return -1;
        }
    }
    return 0;
}

struct node *resolve_file(const char *path, const char *const *settings, unsigned setting_count,
                          struct arena *arena, struct error *err) {
    struct node *root = input_file_node(arena, path, err);
    const char *kind = root == NULL ? NULL : resolve_kind(root, err);
    if (kind == NULL) {
        return NULL;
    }
    if (strcmp(kind, "experiment") != 0) {
        node_error(root, err, "this is a %s file; only an experiment can be planned and run", kind);
        return NULL;
    }
    struct node *world = node_get(root, "world");
    if (world != NULL && world->kind == NODE_SCALAR) {
        struct node *file = read_kind(arena, world, "world", err);
        if (file == NULL) {
            return NULL;
        }
        replace(root, world, file);
        place_data(arena, file);
    }
    struct node *systems = node_get(root, "systems");
    if (systems != NULL && systems->kind == NODE_MAPPING) {
        for (struct node *entry = systems->first, *next; entry != NULL; entry = next) {
            next = entry->next;
            if (resolve_system(arena, systems, entry, err) != 0) {
                return NULL;
            }
        }
        if (rule_page_insert(arena, systems, err) != 0) {
            return NULL;
        }
    }
    return resolve_settings(arena, root, settings, setting_count, err) == 0 ? root : NULL;
}
