/* SPDX-License-Identifier: GPL-3.0-or-later
 * json_read.h - JSON (RFC 8259) as a tree, strictly: no comments, no comma too many, no NaN, no key
 * twice in an object. Every value knows where it stands. */
#ifndef CORE_BASE_JSON_READ_H
#define CORE_BASE_JSON_READ_H

#include "core/base/arena.h"
#include "core/base/error.h"

#include <stddef.h>

enum json_kind { JSON_NULL, JSON_BOOLEAN, JSON_NUMBER, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };

enum { JSON_READ_DEPTH_MAX = 64 };

struct json {
    enum json_kind kind;
    size_t offset;
    const char *key;          /* within an object; else NULL */
    const struct json *next;  /* the next value of the same array or object */
    const struct json *first; /* of an array or object; NULL when empty, and where `numbers` is */
    size_t count;             /* values within */
    const double *numbers;    /* of an array that holds numbers only */
    double number;            /* of a number; a boolean is 0 or 1 */
    const char *text;
};

struct json_document {
    const char *source, *text; /* not owned */
    struct json root;
};

/* Reads a text that ends in '\0'. All lives in `arena`, texts with their escapes resolved. 0, or -1
 * and an error with line and column. */
int json_read(struct json_document *document, const char *source, const char *text, size_t length,
              struct arena *arena, struct error *err);

/* The value of a key, or NULL; also where `json` is NULL or no object. */
const struct json *json_read_get(const struct json *json, const char *key);

/* Sets an error at a value of the document; NULL: at its begin. Returns -1. */
int json_read_error(const struct json_document *document, const struct json *json,
                    struct error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
