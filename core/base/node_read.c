/* SPDX-License-Identifier: GPL-3.0-or-later
 * node_read.c - see node.h: from bytes to the tree.
 *
 * The text is checked byte by byte before libyaml sees it, so that its lines are ours, its
 * characters are printable and every later error can show its line. libyaml's events are then
 * composed here: its own composer knows neither duplicate keys nor limits. */
#include "core/base/node.h"
#include "core/base/node_text.h"
#include "core/base/node_wording.h"

#include <yaml.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct anchor {
    const char *name;
    const struct node *node;
    unsigned size; /* nodes in it; 0 while it is being read */
};

struct reading {
    struct arena *arena;
    const struct source *source;
    struct error *err;
    yaml_parser_t parser;
    yaml_event_t event; /* the current one */
    unsigned node_count;
    struct anchor anchors[NODE_ANCHORS_MAX];
    unsigned anchor_count;
    /* How far marks were turned into columns of bytes; they come in order, so that the whole costs
     * one walk over the text. */
    size_t cursor, cursor_line_start, cursor_line, cursor_column;
};

/* libyaml's marks count lines and characters from 0; ours count lines and bytes from 1. */
static void locate(struct reading *reading, yaml_mark_t mark, int *line, int *column) {
    const char *text = reading->source->text;
    if (mark.line < reading->cursor_line ||
        (mark.line == reading->cursor_line && mark.column < reading->cursor_column)) {
        reading->cursor = reading->cursor_line_start = 0;
        reading->cursor_line = reading->cursor_column = 0;
    }
    size_t at = reading->cursor;
    while (at < reading->source->length &&
           (reading->cursor_line < mark.line || reading->cursor_column < mark.column)) {
        char c = text[at++];
        if (c == '\n' || (c == '\r' && text[at] != '\n')) {
            reading->cursor_line++;
            reading->cursor_column = 0;
            reading->cursor_line_start = at;
            continue;
        }
        while (((unsigned char)text[at] & 0xC0) == 0x80) {
            at++;
        }
        reading->cursor_column++;
    }
    reading->cursor = at;
    *line = (int)reading->cursor_line + 1; /* libyaml ends a last line that has no end */
    *column = (int)(at - reading->cursor_line_start) + 1;
}

#define FAIL_AT(reading, mark, ...)                                                                \
    do {                                                                                           \
        int fail_line, fail_column;                                                                \
        locate((reading), (mark), &fail_line, &fail_column);                                       \
        node_source_error((reading)->source, fail_line, fail_column, (reading)->err, __VA_ARGS__); \
    } while (0)

/* Sets the error for what libyaml could not read. Returns -1. */
static int reword(struct reading *reading) {
    const yaml_parser_t *parser = &reading->parser;
    if (parser->error == YAML_MEMORY_ERROR || parser->problem == NULL) {
        return error_set(reading->err, ERROR_RUN, "out of memory while reading %s",
                         reading->source->name);
    }
    int line, column;
    locate(reading, parser->problem_mark, &line, &column);
    bool is_one_line = parser->context_mark.line == parser->problem_mark.line;
    char at = is_one_line ? reading->source->text[reading->cursor] : '\0';
    bool at_context;
    const char *text = node_wording(parser->problem, parser->context, at, &at_context);
    if (at_context) {
        locate(reading, parser->context_mark, &line, &column);
    }
    return node_source_error(
        reading->source, line, column, reading->err, "%s%s",
        text != NULL ? "" : "not YAML: ", text != NULL ? text : parser->problem);
}

static int advance(struct reading *reading) {
    yaml_event_delete(&reading->event);
    if (yaml_parser_parse(&reading->parser, &reading->event) != 0) {
        return 0;
    }
    memset(&reading->event, 0, sizeof reading->event);
    return reword(reading);
}

/* A node at the current event; NULL and an error when there are too many. */
static struct node *new_node(struct reading *reading, enum node_kind kind) {
    if (++reading->node_count > NODE_COUNT_MAX) {
        FAIL_AT(reading, reading->event.start_mark, "more than %d values", NODE_COUNT_MAX);
        return NULL;
    }
    struct node *node = ARENA_NEW(reading->arena, struct node);
    node->kind = kind;
    node->source = reading->source;
    locate(reading, reading->event.start_mark, &node->line, &node->column);
    return node;
}

static struct anchor *find_anchor(struct reading *reading, const char *name) {
    for (unsigned i = 0; i < reading->anchor_count; i++) {
        if (strcmp(reading->anchors[i].name, name) == 0) {
            return &reading->anchors[i];
        }
    }
    return NULL;
}

/* Notes the anchor of the current event, if it has one: `node` is still to be filled. A name that
 * is used again stands for the new value from here on. Returns its index, -1 for no anchor, -2 and
 * an error. */
static int open_anchor(struct reading *reading, const yaml_char_t *yaml_name,
                       const struct node *node) {
    if (yaml_name == NULL) {
        return -1;
    }
    const char *name = (const char *)yaml_name;
    struct anchor *anchor = find_anchor(reading, name);
    if (anchor == NULL) {
        if (reading->anchor_count == NODE_ANCHORS_MAX) {
            FAIL_AT(reading, reading->event.start_mark, "more than %d anchors", NODE_ANCHORS_MAX);
            return -2;
        }
        anchor = &reading->anchors[reading->anchor_count++];
        anchor->name = arena_text(reading->arena, name, strlen(name));
    }
    anchor->node = node;
    anchor->size = 0;
    return (int)(anchor - reading->anchors);
}

/* The name may have been used again inside: then it stands for that. */
static void close_anchor(struct reading *reading, int index, const struct node *node,
                         unsigned size) {
    if (index >= 0 && reading->anchors[index].node == node) {
        reading->anchors[index].size = size;
    }
}

static unsigned height_of(const struct node *node) {
    unsigned height = 0;
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        unsigned of_child = height_of(child);
        height = of_child > height ? of_child : height;
    }
    return height + 1;
}

/* Aliases are expanded here, so that nobody after this knows of them. */
static struct node *read_alias(struct reading *reading, unsigned depth) {
    const char *name = (const char *)reading->event.data.alias.anchor;
    yaml_mark_t mark = reading->event.start_mark;
    const struct anchor *anchor = find_anchor(reading, name);
    if (anchor == NULL) {
        FAIL_AT(reading, mark, "nothing above is called '&%s'", name);
    } else if (anchor->size == 0) {
        FAIL_AT(reading, mark, "'*%s' stands inside the value that it names", name);
    } else if (anchor->size > NODE_COUNT_MAX - reading->node_count) {
        FAIL_AT(reading, mark, "aliases expand to more than %d values", NODE_COUNT_MAX);
    } else if (depth + height_of(anchor->node) > NODE_DEPTH_MAX + 1) {
        FAIL_AT(reading, mark, "aliases expand to more than %d levels", NODE_DEPTH_MAX);
    } else {
        reading->node_count += anchor->size;
        return node_copy(reading->arena, anchor->node);
    }
    return NULL;
}

static int refuse_tag(struct reading *reading, const yaml_char_t *tag) {
    if (tag == NULL) {
        return 0;
    }
    FAIL_AT(reading, reading->event.start_mark,
            "tags ('!') are not allowed; quotes make text of any value");
    return -1;
}

/* The text of the current scalar event; NULL and an error when C cannot hold it. */
static const char *scalar_text(struct reading *reading) {
    const char *value = (const char *)reading->event.data.scalar.value;
    size_t length = reading->event.data.scalar.length;
    if (memchr(value, '\0', length) != NULL) {
        FAIL_AT(reading, reading->event.start_mark, "text cannot contain the character '\\0'");
        return NULL;
    }
    return arena_text(reading->arena, value, length);
}

static bool is_quoted(const yaml_event_t *scalar) {
    return scalar->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
}

static struct node *read_scalar(struct reading *reading) {
    struct node *node = new_node(reading, NODE_SCALAR);
    if (node == NULL || refuse_tag(reading, reading->event.data.scalar.tag) != 0) {
        return NULL;
    }
    node->text = scalar_text(reading);
    if (node->text == NULL) {
        return NULL;
    }
    node->quoted = is_quoted(&reading->event);
    if (!node->quoted && node_text_is_null(node->text)) {
        node->kind = NODE_NULL;
        node->text = NULL;
    }
    int anchor = open_anchor(reading, reading->event.data.scalar.anchor, node);
    close_anchor(reading, anchor, node, 1);
    return anchor == -2 ? NULL : node;
}

/* Reads the value whose first event is the current one; its last event is current afterwards. */
static struct node *read_value(struct reading *reading, unsigned depth);

static struct node *read_sequence(struct reading *reading, unsigned depth) {
    struct node *node = new_node(reading, NODE_SEQUENCE);
    if (node == NULL || refuse_tag(reading, reading->event.data.sequence_start.tag) != 0) {
        return NULL;
    }
    unsigned count_before = reading->node_count - 1;
    int anchor = open_anchor(reading, reading->event.data.sequence_start.anchor, node);
    if (anchor == -2) {
        return NULL;
    }
    for (;;) {
        if (advance(reading) != 0) {
            return NULL;
        }
        if (reading->event.type == YAML_SEQUENCE_END_EVENT) {
            break;
        }
        struct node *child = read_value(reading, depth + 1);
        if (child == NULL) {
            return NULL;
        }
        node_append(node, child, NULL);
    }
    close_anchor(reading, anchor, node, reading->node_count - count_before);
    return node;
}

/* The key that the current event is, and its place; NULL and an error when it cannot be one. */
static const char *read_key(struct reading *reading, int *line, int *column) {
    const yaml_event_t *event = &reading->event;
    locate(reading, event->start_mark, line, column);
    if (event->type != YAML_SCALAR_EVENT) {
        FAIL_AT(reading, event->start_mark, "a key must be text%s",
                event->type == YAML_ALIAS_EVENT ? ", not an alias" : ", not a list or a mapping");
        return NULL;
    }
    if (refuse_tag(reading, event->data.scalar.tag) != 0) {
        return NULL;
    }
    const char *key = scalar_text(reading);
    if (key == NULL) {
        return NULL;
    }
    if (event->data.scalar.anchor != NULL) {
        FAIL_AT(reading, event->start_mark, "a key cannot have an anchor ('&')");
    } else if (!is_quoted(event) && key[0] == '\0') {
        FAIL_AT(reading, event->start_mark, "a key is missing before ':'");
    } else if (!is_quoted(event) && strcmp(key, "<<") == 0) {
        FAIL_AT(reading, event->start_mark, "the merge key '<<' is not supported; use a patch");
    } else if (event->data.scalar.length > NODE_KEY_LENGTH_MAX) {
        FAIL_AT(reading, event->start_mark, "a key of more than %d bytes", NODE_KEY_LENGTH_MAX);
    } else {
        return key;
    }
    return NULL;
}

static int compare_keys(const void *a_pointer, const void *b_pointer) {
    const struct node *a = *(const struct node *const *)a_pointer;
    const struct node *b = *(const struct node *const *)b_pointer;
    int order = strcmp(a->key, b->key);
    if (order != 0) {
        return order;
    }
    order = (a->key_line > b->key_line) - (a->key_line < b->key_line);
    return order != 0 ? order : (a->key_column > b->key_column) - (a->key_column < b->key_column);
}

/* Names the first key that stood before. Sorting keeps large mappings from costing a square. */
static int refuse_duplicates(struct reading *reading, const struct node *mapping) {
    const struct node **children = ARENA_ARRAY(reading->arena, const struct node *, mapping->count);
    unsigned count = 0;
    for (const struct node *child = mapping->first; child != NULL; child = child->next) {
        children[count++] = child;
    }
    qsort(children, count, sizeof *children, compare_keys);
    const struct node *second = NULL, *first = NULL;
    for (unsigned i = 1; i < count; i++) {
        const struct node *a = children[i - 1], *b = children[i];
        if (strcmp(a->key, b->key) == 0 &&
            (second == NULL || b->key_line < second->key_line ||
             (b->key_line == second->key_line && b->key_column < second->key_column))) {
            first = a;
            second = b;
        }
    }
    if (second == NULL) {
        return 0;
    }
    return node_key_error(second, reading->err, "key '%s' stands here twice; first at %d:%d",
                          second->key, first->key_line, first->key_column);
}

static int read_pair(struct reading *reading, struct node *mapping, unsigned depth) {
    int line, column;
    const char *key = read_key(reading, &line, &column);
    if (key == NULL || advance(reading) != 0) {
        return -1;
    }
    struct node *child = read_value(reading, depth + 1);
    if (child == NULL) {
        return -1;
    }
    child->key_line = line;
    child->key_column = column;
    if (mapping->count == NODE_KEYS_MAX) {
        return node_source_error(reading->source, line, column, reading->err,
                                 "more than %d keys in one mapping", NODE_KEYS_MAX);
    }
    node_append(mapping, child, key);
    return 0;
}

static struct node *read_mapping(struct reading *reading, unsigned depth) {
    struct node *node = new_node(reading, NODE_MAPPING);
    if (node == NULL || refuse_tag(reading, reading->event.data.mapping_start.tag) != 0) {
        return NULL;
    }
    unsigned count_before = reading->node_count - 1;
    int anchor = open_anchor(reading, reading->event.data.mapping_start.anchor, node);
    if (anchor == -2) {
        return NULL;
    }
    for (;;) {
        if (advance(reading) != 0) {
            return NULL;
        }
        if (reading->event.type == YAML_MAPPING_END_EVENT) {
            break;
        }
        if (read_pair(reading, node, depth) != 0) {
            return NULL;
        }
    }
    if (node->count > 1 && refuse_duplicates(reading, node) != 0) {
        return NULL;
    }
    close_anchor(reading, anchor, node, reading->node_count - count_before);
    return node;
}

static struct node *read_value(struct reading *reading, unsigned depth) {
    if (depth > NODE_DEPTH_MAX) {
        FAIL_AT(reading, reading->event.start_mark, "more than %d levels", NODE_DEPTH_MAX);
        return NULL;
    }
    switch (reading->event.type) {
    case YAML_ALIAS_EVENT:
        return read_alias(reading, depth);
    case YAML_SCALAR_EVENT:
        return read_scalar(reading);
    case YAML_SEQUENCE_START_EVENT:
        return read_sequence(reading, depth);
    default:
        return read_mapping(reading, depth);
    }
}

/* stream start, document start, the value, document end, stream end. */
static struct node *read_document(struct reading *reading) {
    if (advance(reading) != 0 || advance(reading) != 0) {
        return NULL;
    }
    if (reading->event.type == YAML_STREAM_END_EVENT) {
        node_source_error(reading->source, 1, 1, reading->err, "the file holds nothing to read");
        return NULL;
    }
    if (advance(reading) != 0) {
        return NULL;
    }
    struct node *root = read_value(reading, 1);
    if (root == NULL || advance(reading) != 0 || advance(reading) != 0) {
        return NULL;
    }
    if (reading->event.type != YAML_STREAM_END_EVENT) {
        FAIL_AT(reading, reading->event.start_mark,
                "a second document begins here; a file holds one");
        return NULL;
    }
    return root;
}

/* libyaml compares each %TAG line with all before it, and reads them before it gives any event. As
 * tags are refused anyway, so are these lines, wherever one seems to stand. */
static int refuse_tag_lines(const struct source *source, struct error *err) {
    const char *text = source->text;
    for (const char *at = text; (at = strstr(at, "%TAG")) != NULL; at++) {
        if (at > text && at[-1] != '\n' && at[-1] != '\r') {
            continue;
        }
        int line = 1;
        for (const char *before = text; before < at; before++) {
            line += *before == '\n' || (*before == '\r' && before[1] != '\n');
        }
        return node_source_error(source, line, 1, err, "tags ('!') are not allowed");
    }
    return 0;
}

static struct node *read_checked(struct arena *arena, const struct source *source,
                                 struct error *err) {
    if (node_text_check(source, err) != 0 || refuse_tag_lines(source, err) != 0) {
        return NULL;
    }
    struct reading reading = {.arena = arena, .source = source, .err = err};
    if (yaml_parser_initialize(&reading.parser) == 0) {
        error_set(err, ERROR_RUN, "out of memory while reading %s", source->name);
        return NULL;
    }
    yaml_parser_set_encoding(&reading.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reading.parser, (const unsigned char *)source->text,
                                 source->length);
    struct node *root = read_document(&reading);
    yaml_event_delete(&reading.event);
    yaml_parser_delete(&reading.parser);
    return root;
}

struct node *node_read_text(struct arena *arena, const char *name, const char *text, size_t length,
                            struct error *err) {
    name = arena_text(arena, name, strlen(name));
    if (length > NODE_FILE_SIZE_MAX) {
        error_at(err, (struct place){.source = name}, "larger than %d MiB",
                 NODE_FILE_SIZE_MAX / (1024 * 1024));
        return NULL;
    }
    bool has_mark = length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0;
    size_t skipped = has_mark ? 3 : 0; /* a byte order mark is no column of line 1 */
    struct source *source = ARENA_NEW(arena, struct source);
    source->name = name;
    source->length = length - skipped;
    source->text = arena_text(arena, text + skipped, source->length);
    return read_checked(arena, source, err);
}
