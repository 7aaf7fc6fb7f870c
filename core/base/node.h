/* SPDX-License-Identifier: GPL-3.0-or-later
 * node.h - YAML as a tree in which every key and value knows where it stands.
 *
 * YAML 1.2 core scalars only: `no` is text. Duplicate keys, alias cycles, aliases that expand to
 * too much, depth, size and bad UTF-8 are errors with a place. Text of all nodes lives in the
 * arena. */
#ifndef CORE_BASE_NODE_H
#define CORE_BASE_NODE_H

#include "core/base/arena.h"
#include "core/base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    NODE_DEPTH_MAX = 64,
    NODE_COUNT_MAX = 1000000, /* aliases expanded */
    NODE_KEYS_MAX = 4096,     /* of one mapping */
    NODE_KEY_LENGTH_MAX = 128,
    NODE_ANCHORS_MAX = 256,
    NODE_FILE_SIZE_MAX = 16 * 1024 * 1024,
};

enum node_kind { NODE_NULL, NODE_SCALAR, NODE_MAPPING, NODE_SEQUENCE };

/* One input; kept so that errors can show the line. */
struct source {
    const char *name; /* as the user gave it */
    const char *text;
    size_t length;
};

struct node {
    enum node_kind kind;
    bool quoted;      /* a scalar in quotes is text, never a number or null */
    int line, column; /* of the value, from 1 */
    int key_line, key_column;
    const struct source *source;
    const char *key;           /* in a mapping; else NULL */
    const char *text;          /* of a scalar; else NULL */
    struct node *first, *last; /* children of a mapping or sequence, in order */
    struct node *next;         /* the next sibling */
    unsigned count;            /* number of children */
    const char *placed_after;  /* of a step: the step that a patch put it behind, see merge.c */
};

/* Reads one document; columns count bytes. NULL and an error when it cannot; text without any value
 * is an error too. `name` and `text` are copied. */
struct node *node_read_text(struct arena *arena, const char *name, const char *text, size_t length,
                            struct error *err);

/* The child of a mapping under `key`, or NULL; NULL also when `mapping` is NULL or no mapping. */
struct node *node_get(const struct node *mapping, const char *key);

/* Sets an error at the node's value (or at its key) with the source line as excerpt. Returns -1. */
int node_error(const struct node *node, struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int node_key_error(const struct node *node, struct error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same at any place of an input; line 0 for none. */
int node_source_error(const struct source *source, int line, int column, struct error *err,
                      const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Whether the text of a scalar stands in its source as it is, so that columns inside it can be
 * counted. */
bool node_is_verbatim(const struct node *scalar);

/* Building trees: new nodes take the place of `at` (may be NULL). */
struct node *node_new(struct arena *arena, enum node_kind kind, const struct node *at);
struct node *node_scalar(struct arena *arena, const struct node *at, const char *text);
struct node *node_copy(struct arena *arena, const struct node *node); /* deep, without siblings */

/* Adds a child that stands in no tree. `key`, NULL in sequences, must live as long as the arena. */
void node_append(struct node *parent, struct node *child, const char *key);
void node_remove(struct node *parent, struct node *child);
/* Puts a child that stands in no tree behind the child `before`; NULL: first. Keeps its key. */
void node_insert_after(struct node *parent, struct node *child, struct node *before);

/* `child` becomes `with`, a node in no tree that is not used again; it keeps its key and its seat
 * among its siblings. */
void node_replace(struct node *child, const struct node *with);
/* Replaces what a mapping has under `key`, or adds it. */
void node_put(struct node *mapping, struct node *child, const char *key);

/* Canonical YAML: block style, two spaces, keys in order; a scalar is in quotes where it was read
 * in quotes or cannot stand without. Reading it back gives an equal tree. The text is in the arena,
 * '\0'-terminated. */
char *node_write(struct arena *arena, const struct node *node);

/* Whether the text would be read back as the same scalar without quotes. */
bool node_write_is_plain(const char *text);

/* Places aside. Quotes count where the text could stand without them: 12 is not "12". */
bool node_equal(const struct node *a, const struct node *b);

#endif
