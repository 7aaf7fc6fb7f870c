/* SPDX-License-Identifier: GPL-3.0-or-later
 * error.h - why something failed, and where.
 *
 * A function that can fail returns a negative int and fills the struct error it was given last.
 * The first failure wins: a later one never overwrites it. Nothing here prints; main does. */
#ifndef CORE_BASE_ERROR_H
#define CORE_BASE_ERROR_H

#include <stdarg.h>
#include <stdbool.h>

/* Where in an input something stands. Lines and columns count from 1; 0 means unknown. */
struct place {
    const char *source; /* file name or a description of the input; not owned */
    int line;
    int column;
};

enum error_code {
    ERROR_NONE = 0,
    ERROR_RUN = 1,   /* the run, the machine or a file failed: exit status 1 */
    ERROR_INPUT = 2, /* what the user wrote is wrong: exit status 2 */
};

struct error {
    enum error_code code;
    char source[256];
    int line;
    int column;
    char text[768];
    char excerpt[160]; /* the source line, for the caret; empty where there is none */
};

#define ERROR_INIT \
    { .code = ERROR_NONE }

/* Sets an error without a place. Returns -1, so that `return error_set(...)` reads well. */
int error_set(struct error *err, enum error_code code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Sets an error of code ERROR_INPUT at a place. Returns -1. */
int error_at(struct error *err, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds the text of the source line that the error points at; `line` need not end in '\0'. */
void error_excerpt(struct error *err, const char *line, unsigned length);

/* The error as a compiler would print it, caret line included, ending in '\n'. Writes at most
 * `size` bytes with a final '\0' and returns the length. */
unsigned error_print(const struct error *err, char *text, unsigned size);

/* The name nearest to `wrong` among `count` names by edit distance, or NULL when none is near
 * enough to be a slip of the pen (distance at most a third of the length, plus one for letters
 * swapped in a short name). The first of equals. */
const char *error_nearest_name(const char *wrong, const char *const *names, unsigned count);

/* "; did you mean 'check'?" with that name, or `otherwise` where none is near enough. Its text may
 * stand as an argument: error_at(err, place, "no '%s'%s", wrong, error_hint(...).text). */
struct error_hint {
    char text[192];
};
struct error_hint error_hint(const char *wrong, const char *const *names, unsigned count,
                             const char *otherwise);

#endif
