/* SPDX-License-Identifier: GPL-3.0-or-later
 * json.c - see json.h. */
#include "sim/scenario/json.h"

static void write_text(const struct json *json, const char *text) {
    fputc('"', json->file);
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            fprintf(json->file, "\\%c", c);
        } else if (c < 0x20) {
            fprintf(json->file, "\\u%04x", c);
        } else {
            fputc(c, json->file);
        }
    }
    fputc('"', json->file);
}

static void new_line(const struct json *json) {
    fprintf(json->file, "\n%*s", 2 * json->depth, "");
}

void json_begin(struct json *json, const char *key) {
    if (!json->is_first) {
        fputc(',', json->file);
    }
    if (json->depth > 0) {
        new_line(json);
    }
    json->is_first = false;
    if (key != NULL) {
        write_text(json, key);
        fputs(": ", json->file);
    }
}

void json_enter(struct json *json, const char *key, char bracket) {
    json_begin(json, key);
    fputc(bracket, json->file);
    json->depth++;
    json->is_first = true;
}

void json_leave(struct json *json, char bracket) {
    json->depth--;
    if (!json->is_first) {
        new_line(json);
    }
    json->is_first = false;
    fputc(bracket, json->file);
}

void json_text(struct json *json, const char *key, const char *value) {
    json_begin(json, key);
    write_text(json, value);
}

void json_number(struct json *json, const char *key, double value) {
    json_begin(json, key);
    fprintf(json->file, "%.15g", value);
}

void json_raw(struct json *json, const char *key, const char *value) {
    json_begin(json, key);
    fputs(value, json->file);
}
