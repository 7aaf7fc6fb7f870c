/* SPDX-License-Identifier: GPL-3.0-or-later
 * node_write.c - see node.h: the tree as canonical YAML.
 *
 *     key: plain text             a scalar
 *     other: "with: colon"        double quotes where they must be; never folded
 *     list:
 *       - item
 *       - name: a mapping in a list begins beside the dash
 *     empty: {}                   also [] and null */
#include "core/base/node.h"
#include "core/base/node_text.h"

#include <stdio.h>
#include <string.h>

struct writing {
    struct arena *arena;
    char *text;
    size_t length, capacity;
};

enum { FIRST_CAPACITY = 4096 };

static void put_bytes(struct writing *writing, const char *bytes, size_t count) {
    if (count > writing->capacity - writing->length) {
        size_t capacity = writing->capacity == 0 ? FIRST_CAPACITY : writing->capacity;
        while (count > capacity - writing->length) {
            capacity *= 2;
        }
        char *text = arena_alloc(writing->arena, capacity);
        if (writing->length > 0) {
            memcpy(text, writing->text, writing->length);
        }
        writing->text = text;
        writing->capacity = capacity;
    }
    memcpy(writing->text + writing->length, bytes, count);
    writing->length += count;
}

static void put(struct writing *writing, const char *text) {
    put_bytes(writing, text, strlen(text));
}

static void put_indent(struct writing *writing, unsigned indent) {
    for (unsigned i = 0; i < indent; i++) {
        put_bytes(writing, " ", 1);
    }
}

/* A first character that no indicator of YAML is, in any context. A dash and a dot may begin a
 * number. */
static bool may_begin(const char *text) {
    if (text[0] == '-' || text[0] == '.') {
        return (text[1] >= '0' && text[1] <= '9') || (text[0] == '-' && text[1] == '.');
    }
    return strchr(" \t?:,[]{}#&*!|>'\"%@`=", text[0]) == NULL;
}

bool node_write_is_plain(const char *text) {
    size_t length = strlen(text);
    if (node_text_is_null(text) || strcmp(text, "<<") == 0 || !may_begin(text)) {
        return false;
    }
    if (text[length - 1] == ' ' || text[length - 1] == ':') {
        return false;
    }
    if (strstr(text, ": ") != NULL || strstr(text, " #") != NULL) {
        return false;
    }
    for (size_t at = 0; at < length;) {
        uint32_t code;
        unsigned size = node_text_decode(text + at, length - at, &code);
        if (size == 0 || code < 0x20 || !node_text_is_printable(code)) {
            return false;
        }
        at += size;
    }
    return true;
}

/* One character in double quotes. A byte that is no UTF-8 becomes the character of its number, so
 * that whatever is written can be read. */
static unsigned put_quoted_character(struct writing *writing, const char *at, size_t length) {
    uint32_t code;
    unsigned size = node_text_decode(at, length, &code);
    if (size == 0) {
        code = (unsigned char)at[0];
    }
    char escape[12];
    if (code == '"' || code == '\\') {
        snprintf(escape, sizeof escape, "\\%c", (char)code);
    } else if (code == '\n') {
        snprintf(escape, sizeof escape, "\\n");
    } else if (code == '\t') {
        snprintf(escape, sizeof escape, "\\t");
    } else if (size == 0 || code < 0x20 || !node_text_is_printable(code)) {
        snprintf(escape, sizeof escape, code <= 0xFF ? "\\x%02X" : "\\u%04X", (unsigned)code);
    } else {
        put_bytes(writing, at, size);
        return size;
    }
    put(writing, escape);
    return size == 0 ? 1 : size;
}

static void put_scalar(struct writing *writing, const char *text, bool quoted) {
    if (!quoted && node_write_is_plain(text)) {
        put(writing, text);
        return;
    }
    size_t length = strlen(text);
    put(writing, "\"");
    for (size_t at = 0; at < length;) {
        at += put_quoted_character(writing, text + at, length - at);
    }
    put(writing, "\"");
}

static void put_leaf(struct writing *writing, const struct node *node) {
    switch (node->kind) {
    case NODE_NULL:
        put(writing, "null");
        break;
    case NODE_SCALAR:
        put_scalar(writing, node->text, node->quoted);
        break;
    case NODE_MAPPING:
        put(writing, "{}");
        break;
    case NODE_SEQUENCE:
        put(writing, "[]");
        break;
    }
    put(writing, "\n");
}

/* Writes a node whose first line is already indented. */
static void put_node(struct writing *writing, const struct node *node, unsigned indent) {
    if (node->first == NULL) {
        put_leaf(writing, node);
        return;
    }
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        if (child != node->first) {
            put_indent(writing, indent);
        }
        if (node->kind == NODE_SEQUENCE) {
            put(writing, "- ");
        } else {
            put_scalar(writing, child->key, false);
            put(writing, child->first == NULL ? ": " : ":\n");
        }
        if (node->kind == NODE_MAPPING && child->first != NULL) {
            put_indent(writing, indent + 2);
        }
        put_node(writing, child, indent + 2);
    }
}

char *node_write(struct arena *arena, const struct node *node) {
    struct writing writing = {.arena = arena};
    put_node(&writing, node, 0);
    put_bytes(&writing, "", 1);
    return writing.text;
}
