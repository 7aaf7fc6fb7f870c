/* SPDX-License-Identifier: GPL-3.0-or-later
 * error.c - see error.h. */
#include "core/base/error.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static void set_text(struct error *err, enum error_code code, const char *format, va_list args) {
    err->code = code;
    vsnprintf(err->text, sizeof err->text, format, args);
}

int error_set(struct error *err, enum error_code code, const char *format, ...) {
    if (err->code != ERROR_NONE) {
        return -1;
    }
    va_list args;
    va_start(args, format);
    set_text(err, code, format, args);
    va_end(args);
    return -1;
}

int error_at(struct error *err, struct place place, const char *format, ...) {
    if (err->code != ERROR_NONE) {
        return -1;
    }
    va_list args;
    va_start(args, format);
    set_text(err, ERROR_INPUT, format, args);
    va_end(args);
    snprintf(err->source, sizeof err->source, "%s", place.source ? place.source : "");
    err->line = place.line;
    err->column = place.column;
    return -1;
}

void error_excerpt(struct error *err, const char *line, unsigned length) {
    unsigned used = 0;
    while (used < length && used + 1 < sizeof err->excerpt && line[used] != '\n' &&
           line[used] != '\r' && line[used] != '\0') {
        unsigned char c = (unsigned char)line[used];
        err->excerpt[used++] = c < 0x20 ? ' ' : (char)c;
    }
    /* A cut in the middle of a UTF-8 sequence would print as rubbish: step back to its start. */
    if (used < length && used + 1 == sizeof err->excerpt) {
        while (used > 0 && ((unsigned char)err->excerpt[used - 1] & 0xC0) == 0x80) {
            used--;
        }
        if (used > 0 && (unsigned char)err->excerpt[used - 1] >= 0xC0) {
            used--;
        }
    }
    err->excerpt[used] = '\0';
}

/* How far `column` is to the right on a terminal: continuation bytes of UTF-8 take no room. */
static int caret_indent(const char *excerpt, int column) {
    int indent = 0;
    for (int i = 0; i < column - 1 && excerpt[i] != '\0'; i++) {
        indent += ((unsigned char)excerpt[i] & 0xC0) != 0x80;
    }
    return indent;
}

unsigned error_print(const struct error *err, char *text, unsigned size) {
    if (size == 0) {
        return 0;
    }
    int used;
    if (err->line > 0) {
        used = snprintf(text, size, "%s:%d:%d: error: %s\n", err->source, err->line, err->column,
                        err->text);
    } else if (err->source[0] != '\0') {
        used = snprintf(text, size, "%s: error: %s\n", err->source, err->text);
    } else {
        used = snprintf(text, size, "error: %s\n", err->text);
    }
    if (used >= 0 && (unsigned)used < size && err->line > 0 && err->excerpt[0] != '\0') {
        int more = snprintf(text + used, size - (unsigned)used, "  %s\n  %*s^\n", err->excerpt,
                            caret_indent(err->excerpt, err->column), "");
        used = more < 0 ? used : used + more;
    }
    return (unsigned)used < size ? (unsigned)used : size - 1;
}

enum { NAME_LENGTH_MAX = 63 };

/* Levenshtein distance with one row; names longer than the limit never count as near. */
static unsigned edit_distance(const char *a, const char *b) {
    unsigned row[NAME_LENGTH_MAX + 1];
    size_t a_length = strlen(a), b_length = strlen(b);
    if (a_length > NAME_LENGTH_MAX || b_length > NAME_LENGTH_MAX) {
        return UINT_MAX;
    }
    for (unsigned j = 0; j <= b_length; j++) {
        row[j] = j;
    }
    for (unsigned i = 1; i <= a_length; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= b_length; j++) {
            unsigned replaced = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            unsigned best = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
            row[j] = replaced < best ? replaced : best;
        }
    }
    return row[b_length];
}

const char *error_nearest_name(const char *wrong, const char *const *names, unsigned count) {
    const char *nearest = NULL;
    unsigned nearest_distance = (unsigned)strlen(wrong) / 3 + 2;
    for (unsigned i = 0; i < count; i++) {
        unsigned distance = edit_distance(wrong, names[i]);
        if (distance < nearest_distance) {
            nearest_distance = distance;
            nearest = names[i];
        }
    }
    return nearest;
}

struct error_hint error_hint(const char *wrong, const char *const *names, unsigned count,
                             const char *otherwise) {
    struct error_hint hint;
    const char *nearest = error_nearest_name(wrong, names, count);
    if (nearest != NULL) {
        snprintf(hint.text, sizeof hint.text, "; did you mean '%.160s'?", nearest);
    } else {
        snprintf(hint.text, sizeof hint.text, "%s", otherwise);
    }
    return hint;
}
