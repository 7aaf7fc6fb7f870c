/* SPDX-License-Identifier: GPL-3.0-or-later
 * node.c - see node.h: the tree itself, and errors that show the line they are about. */
#include "core/base/node.h"

#include "core/base/require.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct node *node_get(const struct node *mapping, const char *key) {
    if (mapping == NULL || mapping->kind != NODE_MAPPING) {
        return NULL;
    }
    for (struct node *child = mapping->first; child != NULL; child = child->next) {
        if (strcmp(child->key, key) == 0) {
            return child;
        }
    }
    return NULL;
}

/* Lines end where libyaml ends them in a checked text: at \n, \r\n or \r. */
static const char *find_line(const struct source *source, int line) {
    const char *at = source->text, *end = source->text + source->length;
    for (int now = 1; now < line && at < end; at++) {
        now += *at == '\n' || (*at == '\r' && (at + 1 == end || at[1] != '\n'));
    }
    return at;
}

static int set_error(const struct source *source, int line, int column, struct error *err,
                     const char *format, va_list args) {
    if (err->code != ERROR_NONE) {
        return -1;
    }
    char text[sizeof err->text];
    vsnprintf(text, sizeof text, format, args);
    struct place place = {source != NULL ? source->name : NULL, line, column};
    error_at(err, place, "%s", text);
    if (source != NULL && line > 0) {
        const char *start = find_line(source, line);
        size_t rest = source->length - (size_t)(start - source->text);
        error_excerpt(err, start, (unsigned)rest);
    }
    return -1;
}

int node_source_error(const struct source *source, int line, int column, struct error *err,
                      const char *format, ...) {
    va_list args;
    va_start(args, format);
    set_error(source, line, column, err, format, args);
    va_end(args);
    return -1;
}

bool node_is_verbatim(const struct node *scalar) {
    const struct source *source = scalar->source;
    if (source == NULL || scalar->line <= 0) {
        return false;
    }
    const char *at = source->text, *end = at + source->length;
    for (int line = 1; line < scalar->line && at < end; at++) {
        line += *at == '\n';
    }
    size_t before = (size_t)(scalar->column - 1) + scalar->quoted, length = strlen(scalar->text);
    return (size_t)(end - at) >= before + length && memcmp(at + before, scalar->text, length) == 0;
}

int node_error(const struct node *node, struct error *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    set_error(node->source, node->line, node->column, err, format, args);
    va_end(args);
    return -1;
}

int node_key_error(const struct node *node, struct error *err, const char *format, ...) {
    bool has_key = node->key_line > 0;
    va_list args;
    va_start(args, format);
    set_error(node->source, has_key ? node->key_line : node->line,
              has_key ? node->key_column : node->column, err, format, args);
    va_end(args);
    return -1;
}

struct node *node_new(struct arena *arena, enum node_kind kind, const struct node *at) {
    struct node *node = ARENA_NEW(arena, struct node);
    if (at != NULL) {
        node->source = at->source;
        node->line = at->line;
        node->column = at->column;
        node->key_line = at->key_line;
        node->key_column = at->key_column;
    }
    node->kind = kind;
    return node;
}

struct node *node_scalar(struct arena *arena, const struct node *at, const char *text) {
    struct node *node = node_new(arena, NODE_SCALAR, at);
    node->text = arena_text(arena, text, strlen(text));
    return node;
}

struct node *node_copy(struct arena *arena, const struct node *node) {
    struct node *copy = ARENA_NEW(arena, struct node);
    *copy = *node;
    copy->first = copy->last = copy->next = NULL;
    copy->count = 0;
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        node_append(copy, node_copy(arena, child), child->key);
    }
    return copy;
}

void node_append(struct node *parent, struct node *child, const char *key) {
    REQUIRE(parent->kind == NODE_SEQUENCE || (parent->kind == NODE_MAPPING && key != NULL));
    child->key = key;
    node_insert_after(parent, child, parent->last);
}

void node_insert_after(struct node *parent, struct node *child, struct node *before) {
    struct node **link = before != NULL ? &before->next : &parent->first;
    child->next = *link;
    *link = child;
    if (parent->last == before) {
        parent->last = child;
    }
    parent->count++;
}

void node_remove(struct node *parent, struct node *child) {
    struct node *before = NULL;
    struct node **link = &parent->first;
    while (*link != child) {
        REQUIRE(*link != NULL);
        before = *link;
        link = &before->next;
    }
    *link = child->next;
    if (parent->last == child) {
        parent->last = before;
    }
    child->next = NULL;
    parent->count--;
}

void node_replace(struct node *child, const struct node *with) {
    struct node *next = child->next;
    const char *key = child->key;
    *child = *with;
    child->next = next;
    child->key = key;
}

void node_put(struct node *mapping, struct node *child, const char *key) {
    struct node *old = node_get(mapping, key);
    if (old != NULL) {
        node_replace(old, child);
    } else {
        node_append(mapping, child, key);
    }
}

static bool same_text(const char *a, const char *b) {
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

bool node_equal(const struct node *a, const struct node *b) {
    if (a->kind != b->kind || a->count != b->count || !same_text(a->key, b->key) ||
        !same_text(a->text, b->text)) {
        return false;
    }
    if (a->quoted != b->quoted && node_write_is_plain(a->text)) {
        return false;
    }
    const struct node *of_b = b->first;
    for (const struct node *of_a = a->first; of_a != NULL; of_a = of_a->next) {
        if (!node_equal(of_a, of_b)) {
            return false;
        }
        of_b = of_b->next;
    }
    return true;
}
