/* SPDX-License-Identifier: GPL-3.0-or-later
 * schedule_record.h - rows of a tariff's tables, from YAML or from CSV files that the YAML names.
 *
 * A section is a list whose items are rows (mappings) or names of CSV files, or one such name. The
 * keys of a mapping and the columns of a file are the same fields; lists in a field are written
 * with blanks between their items, in YAML as sequences too. A field left empty is not written. */
#ifndef CORE_TARIFF_SCHEDULE_RECORD_H
#define CORE_TARIFF_SCHEDULE_RECORD_H

#include "core/base/arena.h"
#include "core/base/node.h"

#include <stdbool.h>
#include <stdint.h>

enum { SCHEDULE_FIELDS_MAX = 20 };

struct schedule_field {
    const char *text; /* "" where it is not written */
    int line, column; /* 0 where it is not written */
};

struct schedule_record {
    const struct source *source; /* the YAML it stands in; NULL for CSV */
    const char *file;
    int line, column;
    struct schedule_field fields[SCHEDULE_FIELDS_MAX];
};

/* A CSV file that the caller read: its name as the YAML has it, and its text, which is cut up and
 * has to live as long as the tariff. */
struct schedule_file {
    const char *name;
    const char *shown; /* the name in errors; NULL for `name` */
    char *text;
    bool is_read; /* already; nobody may read it again */
};

/* Fields by name, and the function that takes each row: 0, or -1 and an error. */
struct schedule_table {
    const char *what; /* "a measure" */
    const char *const *fields;
    unsigned field_count;
    unsigned required; /* the first so many have to be written in every row */
    int (*take)(void *context, const struct schedule_record *record, struct error *err);
};

/* Gives every row of the section to the table. -1 and an error for unknown or missing fields, and
 * files that are not among `files`. */
int schedule_record_each(const struct node *section, const struct schedule_table *table,
                         struct schedule_file *files, unsigned file_count, struct arena *arena,
                         void *context, struct error *err);

/* The names of the files that a section wants; returns their number, at most `max`. */
unsigned schedule_record_files(const struct node *section, const char **names, unsigned max);

/* An error at a field, or at the row where the field is not written (or -1). Returns -1. */
int schedule_record_error(const struct schedule_record *record, int field, struct error *err,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The same with the nearest name: "'x' is no area; did you mean 'y'?" */
int schedule_record_unknown(const struct schedule_record *record, int field, const char *what,
                            const char *wrong, const char *const *names, unsigned count,
                            struct error *err);

struct place schedule_record_place(const struct schedule_record *record, int field);

/* A date; `otherwise` where it is not written. */
int schedule_record_day(const struct schedule_record *record, int field, int32_t otherwise,
                        int32_t *day, struct error *err);

/* A whole number from 0 to max; `otherwise` where it is not written. */
int schedule_record_number(const struct schedule_record *record, int field, unsigned max,
                           unsigned otherwise, unsigned *number, struct error *err);

#endif
