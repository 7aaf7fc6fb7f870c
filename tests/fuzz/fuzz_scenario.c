/* SPDX-License-Identifier: GPL-3.0-or-later
 * fuzz_scenario.c - goal: no bytes make the loader crash, hang or lose what it read.
 *
 * Method: the input is a base and, behind a line "---8<---", a patch, and behind another one a
 * --set assignment. Whatever can be read is written, read again and compared; then the patch and
 * the assignment are merged into the base and the result goes the same way. Every refusal must
 * carry a message, and a place inside the text. */
#include "sim/scenario/merge.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static _Noreturn void fail(const char *what, const char *text) {
    fprintf(stderr, "%s:\n%s\n", what, text);
    abort();
}

static int count_lines(const char *text, size_t length) {
    int lines = 1;
    for (size_t i = 0; i < length; i++) {
        lines += text[i] == '\n' || (text[i] == '\r' && (i + 1 == length || text[i + 1] != '\n'));
    }
    return lines;
}

static void check_error(const struct error *err, int line_count) {
    char message[1200];
    error_print(err, message, sizeof message);
    if (err->code != ERROR_INPUT || err->text[0] == '\0') {
        fail("no message", message);
    }
    if (err->line < 0 || err->line > line_count || (err->line > 0 && err->column < 1)) {
        fail("a place outside the text", message);
    }
    if (strncmp(err->text, "not YAML: ", strlen("not YAML: ")) == 0) {
        fail("libyaml's own words", message);
    }
}

static struct node *read_part(struct arena *arena, const char *name, const char *text,
                              size_t length) {
    struct error err = ERROR_INIT;
    struct node *node = node_read_text(arena, name, text, length, &err);
    if (node == NULL) {
        check_error(&err, count_lines(text, length));
    }
    return node;
}

/* What merging made may be deeper or longer than what may be read; nothing else may be refused. */
static void check_round_trip(struct arena *arena, const struct node *node, bool is_merged) {
    struct error err = ERROR_INIT;
    char *text = node_write(arena, node);
    if (strlen(text) > NODE_FILE_SIZE_MAX) {
        return; /* aliases made a small file large */
    }
    const struct node *again = node_read_text(arena, "again", text, strlen(text), &err);
    if (again == NULL) {
        if (is_merged && strncmp(err.text, "more than", strlen("more than")) == 0) {
            return;
        }
        fail(err.text, text);
    }
    if (!node_equal(node, again) || strcmp(node_write(arena, again), text) != 0) {
        fail("reading back gives another tree", text);
    }
}

static void check_merged(struct arena *arena, const struct node *base, int result,
                         const struct error *err, int line_count) {
    if (result == 0) {
        check_round_trip(arena, base, true);
    } else {
        check_error(err, line_count);
    }
}

/* The text before the next cut, and where the text behind it begins; NULL for none. */
static const char *cut(const char *text, const char *end, size_t *length) {
    static const char line[] = "\n---8<---\n";
    size_t cut_length = sizeof line - 1;
    for (const char *at = text; (size_t)(end - at) >= cut_length; at++) {
        if (memcmp(at, line, cut_length) == 0) {
            *length = (size_t)(at - text);
            return at + cut_length;
        }
    }
    *length = (size_t)(end - text);
    return NULL;
}

static void check_parts(struct arena *arena, const char *text, const char *end) {
    size_t length;
    int line_count = count_lines(text, (size_t)(end - text));
    const char *patch_text = cut(text, end, &length);
    struct node *base = read_part(arena, "base", text, length);
    if (base != NULL) {
        check_round_trip(arena, base, false);
    }
    if (patch_text == NULL) {
        return;
    }
    const char *set_text = cut(patch_text, end, &length);
    struct node *patch = read_part(arena, "patch", patch_text, length);
    if (base != NULL && patch != NULL) {
        struct error err = ERROR_INIT;
        struct node *merged = node_copy(arena, base), *kept = node_copy(arena, patch);
        int result = merge_patch(arena, merged, patch, &err);
        check_merged(arena, merged, result, &err, line_count);
        if (!node_equal(patch, kept)) {
            fail("the patch was changed", patch_text);
        }
    }
    if (base != NULL && set_text != NULL) {
        struct error err = ERROR_INIT;
        char *assignment = arena_text(arena, set_text, (size_t)(end - set_text));
        int result = merge_set(arena, base, assignment, &err);
        check_merged(arena, base, result, &err, line_count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct arena arena = ARENA_INIT;
    const char *text = arena_text(&arena, (const char *)data, size);
    check_parts(&arena, text, text + size);
    arena_free(&arena);
    return 0;
}
