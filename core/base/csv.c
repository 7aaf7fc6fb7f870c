/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/base/csv.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

void csv_init(struct csv *csv, const char *source, char *text, char separator) {
    *csv = (struct csv){.source = source, .separator = separator, .next = text, .line = 1};
    if (strncmp(text, "\xEF\xBB\xBF", 3) == 0) {
        csv->next += 3;
    }
}

int csv_error(const struct csv *csv, unsigned field, struct error *err, const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    bool is_known = field < csv->count;
    struct place place = {.source = csv->source,
                          .line = is_known ? csv->lines[field] : csv->row_line,
                          .column = is_known ? csv->columns[field] : 1};
    return error_at(err, place, "%s", text);
}

static bool ends_row(const char *at) {
    return *at == '\n' || *at == '\0' || (at[0] == '\r' && (at[1] == '\n' || at[1] == '\0'));
}

/* Unquotes a field in place. Returns what stands behind its closing quote, or NULL. */
static char *take_quoted(struct csv *csv, char *at, char **row_start) {
    char *write = at++;
    while (!(at[0] == '"' && at[1] != '"')) {
        if (*at == '\0') {
            return NULL;
        }
        if (*at == '\n') {
            csv->line++;
            *row_start = at + 1;
        }
        at += *at == '"';
        *write++ = *at++;
    }
    *write = '\0';
    return at + 1;
}

/* Reads the field at `at`; returns what stands behind it, a separator or the end of the row. */
static char *take_field(struct csv *csv, char *at, char **row_start, struct error *err) {
    unsigned field = csv->count++;
    csv->fields[field] = at;
    csv->lines[field] = csv->line;
    csv->columns[field] = (int)(at - *row_start) + 1;
    if (*at != '"') {
        while (*at != csv->separator && !ends_row(at)) {
            at++;
        }
        return at;
    }
    at = take_quoted(csv, at, row_start);
    if (at == NULL) {
        csv_error(csv, field, err, "the quote that opens here is never closed");
        return NULL;
    }
    if (*at != csv->separator && !ends_row(at)) {
        csv_error(csv, field, err, "text follows the closing quote; write a quote inside as \"\"");
        return NULL;
    }
    return at;
}

/* Cuts the line end off and steps to the next line. */
static void end_row(struct csv *csv, char *at) {
    char *end = at;
    at += *at == '\r';
    at += *at == '\n';
    *end = '\0';
    csv->next = at;
    csv->line++;
}

int csv_next(struct csv *csv, struct error *err) {
    while (*csv->next != '\0' && ends_row(csv->next)) {
        end_row(csv, csv->next);
    }
    csv->count = 0;
    csv->row_line = csv->line;
    char *at = csv->next, *row_start = at;
    if (*at == '\0') {
        return 0;
    }
    for (;;) {
        if (csv->count == CSV_COLUMNS_MAX) {
            return csv_error(csv, csv->count, err, "more than %d columns", CSV_COLUMNS_MAX);
        }
        at = take_field(csv, at, &row_start, err);
        if (at == NULL) {
            return -1;
        }
        if (*at != csv->separator) {
            break;
        }
        *at++ = '\0';
    }
    end_row(csv, at);
    return 1;
}

int csv_find(const struct csv *csv, const char *name) {
    for (unsigned i = 0; i < csv->count; i++) {
        if (strcmp(csv->fields[i], name) == 0) {
            return (int)i;
        }
    }
    return -1;
}
