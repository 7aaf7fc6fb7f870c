/* SPDX-License-Identifier: GPL-3.0-or-later
 * csv.h - comma-separated values after RFC 4180, row by row, in the memory of the text.
 *
 * Fields may be quoted ("" is a quote) and then hold separators and line ends. Lines end in LF or
 * CR LF. Every field knows where it stands, so that a reader can say what is wrong where. */
#ifndef CORE_BASE_CSV_H
#define CORE_BASE_CSV_H

#include "core/base/error.h"

#include <stddef.h>

enum { CSV_COLUMNS_MAX = 512 };

struct csv {
    const char *source; /* for errors; not owned */
    char separator;
    char *next; /* the rest of the text */
    int line;   /* where the next row begins */
    int row_line;
    unsigned count; /* fields of the row */
    const char *fields[CSV_COLUMNS_MAX];
    int lines[CSV_COLUMNS_MAX], columns[CSV_COLUMNS_MAX]; /* of each field; columns count bytes */
};

/* `text` ends in '\0', is cut up in place and lives as long as the fields are used; a byte order
 * mark is passed over. */
void csv_init(struct csv *csv, const char *source, char *text, char separator);

/* The next row that is not empty: 1; 0 at the end; -1 and an error for a quote that never ends,
 * text behind a closing quote, or too many fields. */
int csv_next(struct csv *csv, struct error *err);

/* The index of the column with that name in the row just read (the header), or -1. */
int csv_find(const struct csv *csv, const char *name);

/* Sets an error at a field of the row; at the row's begin where it has no such field. Returns -1.
 */
int csv_error(const struct csv *csv, unsigned field, struct error *err, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
