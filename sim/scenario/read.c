/* SPDX-License-Identifier: GPL-3.0-or-later
 * read.c - see read.h: walks rows and mappings; single values are read in read_scalar.c. */
#include "sim/scenario/read.h"

#include "core/base/require.h"
#include "sim/scenario/read_parts.h"

#include <stdio.h>
#include <string.h>

enum { TABLES_MAX = 2, KEYS_MAX = 128, KEYS_LISTED_MAX = 12 };

/* Rows and the struct they describe. */
struct table {
    const struct field *fields;
    unsigned char *target;
};

const char *read_describe(const struct node *node, char text[READ_DESCRIPTION_SIZE]) {
    enum { SHOWN_MAX = 60 };
    switch (node->kind) {
    case NODE_NULL:
        snprintf(text, READ_DESCRIPTION_SIZE, "nothing");
        break;
    case NODE_MAPPING:
        snprintf(text, READ_DESCRIPTION_SIZE, "a mapping");
        break;
    case NODE_SEQUENCE:
        snprintf(text, READ_DESCRIPTION_SIZE, "a list");
        break;
    case NODE_SCALAR: {
        size_t length = strlen(node->text), shown = length;
        if (length > SHOWN_MAX) {
            shown = SHOWN_MAX;
            while (shown > 0 && ((unsigned char)node->text[shown] & 0xC0) == 0x80) {
                shown--; /* not in the middle of a character */
            }
        }
        snprintf(text, READ_DESCRIPTION_SIZE, "'%.*s%s'", (int)shown, node->text,
                 shown < length ? "..." : "");
        break;
    }
    }
    return text;
}

bool read_is_name(const char *text, size_t length, bool digit_first) {
    if (length == 0 || length > READ_NAME_LENGTH_MAX) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        bool letter = text[i] >= 'a' && text[i] <= 'z';
        bool other = (text[i] >= '0' && text[i] <= '9') || text[i] == '_';
        if (!letter && !(other && (i > 0 || digit_first))) {
            return false;
        }
    }
    return true;
}

struct place read_text_place(const struct node *node) {
    const char *name = node->source != NULL ? node->source->name : NULL;
    return (struct place){name, node->line, node->column + node->quoted};
}

int read_text_error(const struct node *node, const char *label, const struct error *found,
                    struct error *err) {
    if (!node_is_verbatim(node)) {
        return node_error(node, err, "%s: %s", label, found->text);
    }
    return node_source_error(node->source, found->line, found->column, err, "%s: %s", label,
                             found->text);
}

static bool is_listed(const char *const *names, const char *name) {
    for (; names != NULL && *names != NULL; names++) {
        if (strcmp(*names, name) == 0) {
            return true;
        }
    }
    return false;
}

static int unknown_key(const struct node *child, const char *const *keys, unsigned count,
                       struct error *err) {
    const char *nearest = error_nearest_name(child->key, keys, count);
    if (nearest != NULL) {
        return node_key_error(child, err, "unknown key '%s'; did you mean '%s'?", child->key,
                              nearest);
    }
    if (count == 0) {
        return node_key_error(child, err, "unknown key '%s'; no key may stand here", child->key);
    }
    char list[512] = "";
    size_t used = 0;
    unsigned shown = count > KEYS_LISTED_MAX ? KEYS_LISTED_MAX : count;
    for (unsigned i = 0; i < shown && used < sizeof list; i++) {
        used +=
            (size_t)snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", keys[i]);
    }
    return node_key_error(child, err, "unknown key '%s'; the keys are %s%s", child->key, list,
                          shown < count ? ", ..." : "");
}

static int refuse_unknown_keys(const struct node *node, const struct table *tables, unsigned count,
                               const char *const *ignored, struct error *err) {
    const char *keys[KEYS_MAX + 1];
    unsigned key_count = 0;
    for (unsigned i = 0; i < count; i++) {
        for (const struct field *f = tables[i].fields; f->kind != FIELD_LAST; f++) {
            REQUIRE(key_count < KEYS_MAX);
            keys[key_count++] = f->name;
        }
    }
    for (const char *const *key = ignored; key != NULL && *key != NULL; key++) {
        REQUIRE(key_count < KEYS_MAX);
        keys[key_count++] = *key;
    }
    keys[key_count] = NULL;
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        if (!is_listed(keys, child->key)) {
            return unknown_key(child, keys, key_count, err);
        }
    }
    return 0;
}

static int missing_key(const struct reader *reader, const struct node *at, const char *key,
                       struct error *err) {
    at = at != NULL ? at : reader->root;
    if (at == NULL) {
        return error_set(err, ERROR_INPUT, "missing key '%s'", key);
    }
    return node_error(at, err, "missing key '%s'", key);
}

static int read_tables(struct reader *reader, const struct node *node, const struct node *at,
                       const struct table *tables, unsigned count, const char *const *ignored,
                       struct error *err);

/* The default as a node, so that the code that reads values reads it too. */
static const struct node *default_node(struct reader *reader, const struct field *field,
                                       struct error *err) {
    const char *name = arena_format(reader->arena, "default of %s", field->name);
    size_t length = strlen(field->text_default);
    if (field->text_default[0] == '[' || field->text_default[0] == '{') {
        struct node *node = node_read_text(reader->arena, name, field->text_default, length, err);
        if (node != NULL) {
            node->key = field->name;
        }
        return node;
    }
    struct source *source = ARENA_NEW(reader->arena, struct source);
    *source = (struct source){name, field->text_default, length};
    struct node *node = ARENA_NEW(reader->arena, struct node);
    *node = (struct node){.kind = NODE_SCALAR,
                          .line = 1,
                          .column = 1,
                          .source = source,
                          .key = field->name,
                          .text = field->text_default};
    return node;
}

/* Whether `node` gives the first inner row only. With evidence it is a mapping all the same, which
 * shows by its key `value`. */
static bool is_short_form(const struct field *field, const struct node *node) {
    if (!field->has_short_form || node->kind == NODE_NULL) {
        return false;
    }
    if (node->kind != NODE_MAPPING) {
        return true;
    }
    for (const struct field *inner = field->inner; inner->kind != FIELD_LAST; inner++) {
        if (strcmp(inner->name, "value") == 0) {
            return false;
        }
    }
    return node_get(node, "value") != NULL;
}

static int read_default(struct reader *reader, const struct field *field, void *member,
                        struct error *err);
static int read_member(struct reader *reader, const struct field *field, const char *label,
                       const struct node *node, void *member, struct error *err);

static int read_inner(struct reader *reader, const struct field *field, const char *label,
                      const struct node *node, void *target, struct error *err) {
    if (!is_short_form(field, node)) {
        return read_tables(reader, node, node, &(struct table){field->inner, target}, 1, NULL, err);
    }
    const struct field *inner = field->inner;
    if (read_member(reader, inner, label, node, (unsigned char *)target + inner->offset, err) < 0) {
        return -1;
    }
    for (inner++; inner->kind != FIELD_LAST; inner++) {
        if (inner->required) {
            return missing_key(reader, node, inner->name, err);
        }
        if (read_default(reader, inner, (unsigned char *)target + inner->offset, err) < 0) {
            return -1;
        }
    }
    return 0;
}

static int check_item_count(const struct field *field, const struct node *node, struct error *err) {
    double count = node->count;
    if ((field->min == 0 && field->max == 0) || (count >= field->min && count <= field->max)) {
        return 0;
    }
    if (count < field->min) {
        return node_error(node, err, "%s: at least %.0f due, got %u", field->name, field->min,
                          node->count);
    }
    return node_error(node, err, "%s: at most %.0f may stand here, got %u", field->name, field->max,
                      node->count);
}

static int read_items(struct reader *reader, const struct field *field, const struct node *node,
                      struct field_items *items, struct error *err) {
    bool is_map = field->kind == FIELD_MAP;
    if (node->kind != NODE_NULL && node->kind != (is_map ? NODE_MAPPING : NODE_SEQUENCE)) {
        char got[READ_DESCRIPTION_SIZE];
        return node_error(node, err, "%s: expected a %s, got %s", field->name,
                          is_map ? "mapping" : "list", read_describe(node, got));
    }
    if (check_item_count(field, node, err) < 0) {
        return -1;
    }
    unsigned char *at = ARENA_ARRAY(reader->arena, unsigned char, field->inner_size * node->count);
    *items = (struct field_items){node->count, at};
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        if (is_map && !read_is_name(child->key, strlen(child->key), true)) {
            return node_key_error(child, err,
                                  "'%s' is no name: it may have small letters, digits and _, at "
                                  "most %d of them",
                                  child->key, READ_NAME_LENGTH_MAX);
        }
        *(struct field_item *)(void *)at = (struct field_item){child->key, child};
        if (read_inner(reader, field, is_map ? child->key : field->name, child, at, err) < 0) {
            return -1;
        }
        at += field->inner_size;
    }
    return 0;
}

static int read_member(struct reader *reader, const struct field *field, const char *label,
                       const struct node *node, void *member, struct error *err) {
    switch (field->kind) {
    case FIELD_GROUP:
        return read_inner(reader, field, label, node, member, err);
    case FIELD_MAP:
    case FIELD_LIST:
        return read_items(reader, field, node, member, err);
    case FIELD_NODE:
        *(const struct node **)member = node;
        return 0;
    default:
        if (read_parameter_unwrap(reader, &node, err) < 0) {
            return -1;
        }
        return read_scalar(reader, field, label, node, member, err);
    }
}

/* An absent group has its rows' defaults, and asks for nothing. */
static int read_default(struct reader *reader, const struct field *field, void *member,
                        struct error *err) {
    if (field->text_default != NULL) {
        const struct node *node = default_node(reader, field, err);
        return node == NULL ? -1 : read_member(reader, field, field->name, node, member, err);
    }
    if (field->kind == FIELD_REFERENCE) {
        ((struct reference *)member)->index = -1;
    }
    if (field->kind == FIELD_GROUP) {
        for (const struct field *inner = field->inner; inner->kind != FIELD_LAST; inner++) {
            if (read_default(reader, inner, (unsigned char *)member + inner->offset, err) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

static int read_tables(struct reader *reader, const struct node *node, const struct node *at,
                       const struct table *tables, unsigned count, const char *const *ignored,
                       struct error *err) {
    if (node != NULL && node->kind != NODE_MAPPING && node->kind != NODE_NULL) {
        char got[READ_DESCRIPTION_SIZE];
        return node_error(node, err, "%s%sexpected a mapping, got %s", node->key ? node->key : "",
                          node->key ? ": " : "", read_describe(node, got));
    }
    if (node != NULL && refuse_unknown_keys(node, tables, count, ignored, err) < 0) {
        return -1;
    }
    for (unsigned i = 0; i < count; i++) {
        for (const struct field *f = tables[i].fields; f->kind != FIELD_LAST; f++) {
            const struct node *child = node_get(node, f->name);
            void *member = tables[i].target + f->offset;
            if (child == NULL && f->required) {
                return missing_key(reader, at, f->name, err);
            }
            int result = child != NULL ? read_member(reader, f, f->name, child, member, err)
                                       : read_default(reader, f, member, err);
            if (result < 0) {
                return -1;
            }
        }
    }
    return 0;
}

int read_fields(struct reader *reader, const struct node *node, const struct field *fields,
                const char *const *ignored, void *target, struct error *err) {
    return read_tables(reader, node, node, &(struct table){fields, target}, 1, ignored, err);
}

int read_fields_of_two(struct reader *reader, const struct node *node, const struct field *first,
                       void *first_target, const struct field *second, void *second_target,
                       const char *const *ignored, struct error *err) {
    const struct table tables[TABLES_MAX] = {{first, first_target}, {second, second_target}};
    return read_tables(reader, node, node, tables, TABLES_MAX, ignored, err);
}
