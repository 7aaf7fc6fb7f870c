/* SPDX-License-Identifier: GPL-3.0-or-later
 * read_reference.c - names of what is declared elsewhere: "port.handler", "port.handler x 2". */
#include "sim/scenario/read_parts.h"

#include <string.h>

enum { COUNT_MAX = 10000 };

/* The length of names with dots between them, at the beginning of `text`. */
static size_t dotted_length(const char *text) {
    size_t used = 0;
    for (;;) {
        size_t part = strspn(text + used, "abcdefghijklmnopqrstuvwxyz0123456789_");
        if (!read_is_name(text + used, part, true)) {
            return 0;
        }
        used += part;
        if (text[used] != '.') {
            return used;
        }
        used++;
    }
}

/* The number behind " x "; -1 when the text is something else, COUNT_MAX + 1 when it is larger. */
static int parse_count(const char *text) {
    if (*text == '\0') {
        return 1;
    }
    text += strspn(text, " ");
    if (*text != 'x') {
        return -1;
    }
    text += 1 + strspn(text + 1, " ");
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || text[digits] != '\0') {
        return -1;
    }
    int count = 0;
    for (; *text != '\0'; text++) {
        count = count > COUNT_MAX ? count : count * 10 + (*text - '0');
    }
    return count <= COUNT_MAX ? count : COUNT_MAX + 1;
}

int read_reference(struct reader *reader, const char *label, const struct node *node,
                   struct reference *reference, struct error *err) {
    size_t length = node->kind == NODE_SCALAR ? dotted_length(node->text) : 0;
    int count = length > 0 ? parse_count(node->text + length) : -1;
    if (count < 0) {
        char got[READ_DESCRIPTION_SIZE];
        return node_error(node, err,
                          "%s: expected a name (e.g. port.handler, or port.handler x 2 for two), "
                          "got %s",
                          label, read_describe(node, got));
    }
    if (count < 1 || count > COUNT_MAX) {
        return node_error(node, err, "%s: the number in '%s' is not within 1..%d", label,
                          node->text, COUNT_MAX);
    }
    *reference = (struct reference){arena_text(reader->arena, node->text, length), node, -1, count};
    return 0;
}

int read_reference_list(struct reader *reader, const char *label, const struct node *node,
                        struct references *references, struct error *err) {
    bool is_list = node->kind == NODE_SEQUENCE;
    references->count = is_list ? node->count : 1;
    references->items = ARENA_ARRAY(reader->arena, struct reference, references->count);
    if (!is_list) {
        return read_reference(reader, label, node, &references->items[0], err);
    }
    struct reference *reference = references->items;
    for (const struct node *item = node->first; item != NULL; item = item->next) {
        if (read_reference(reader, label, item, reference++, err) < 0) {
            return -1;
        }
    }
    return 0;
}
