/* SPDX-License-Identifier: GPL-3.0-or-later
 * json.h - JSON, written as it comes: one member a line, indented. */
#ifndef SIM_SCENARIO_JSON_H
#define SIM_SCENARIO_JSON_H

#include <stdbool.h>
#include <stdio.h>

struct json {
    FILE *file;
    int depth;
    bool is_first; /* of its object or array */
};

#define JSON_INIT(file_) \
    { .file = (file_), .is_first = true }

/* Members of an object have a `key`; elements of an array and the whole have NULL. */
void json_enter(struct json *json, const char *key, char bracket); /* '{' or '[' */
void json_leave(struct json *json, char bracket);                  /* '}' or ']' */
void json_text(struct json *json, const char *key, const char *value);
void json_number(struct json *json, const char *key, double value); /* finite; 15 digits */

/* JSON as it stands: true, a whole number of any size, a short object. */
void json_raw(struct json *json, const char *key, const char *value);

/* The key alone; the caller prints the value. */
void json_begin(struct json *json, const char *key);

#endif
