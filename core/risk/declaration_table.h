/* SPDX-License-Identifier: GPL-3.0-or-later
 * declaration_table.h - declarations and the results of their inspections, column by column.
 *
 * Categories are kept as hashes of their text, so that a model knows them again in another table;
 * 0 is missing. Numbers that are missing are NaN, and so are a mass, value or unit value of 0. */
#ifndef CORE_RISK_DECLARATION_TABLE_H
#define CORE_RISK_DECLARATION_TABLE_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/risk/column_map.h"

#include <stdbool.h>
#include <stdint.h>

enum { DECLARATION_LABEL_MISSING = -1, DECLARATION_ROWS_MAX = 1 << 26 };

struct declaration_table {
    uint32_t row_count;
    const char **names;                    /* of the declarations */
    const char **texts[COLUMN_ROLE_COUNT]; /* of the categories, "" where missing; else NULL */
    uint64_t *codes[COLUMN_ROLE_COUNT];    /* their hashes; all 0 where there is no column */
    int32_t *days;                         /* since 1970-01-01; 0 where there is no column */
    float *rates;                          /* percent */
    double *masses_kg, *values;
    int8_t *labels; /* 1, 0, or DECLARATION_LABEL_MISSING */
    bool has_labels;
    struct place *places;     /* where each stands, for errors */
    const char *label_column; /* NULL: none */
};

/* What a caller will do with the labels. */
enum declaration_labels {
    DECLARATION_LABELS_ANY,      /* a column or none, empty cells or not */
    DECLARATION_LABELS_REQUIRED, /* a column, and 0 or 1 in every row */
};

struct declaration_source {
    const char *name; /* for errors */
    char *text;       /* cut up in place; lives as long as the table */
    size_t length;
};

/* Reads the sources one after another as one table. Goods lose points and blanks, and get the zero
 * back that a spreadsheet took from an odd number of digits. Errors say file, line and column:
 * columns that are missing or there twice, rows that are too short, text that is no UTF-8, numbers,
 * dates, labels and codes that are none, no rows at all. 0 or -1. */
int declaration_table_read(struct declaration_table *table, const struct column_map *map,
                           enum declaration_labels labels, const struct declaration_source *sources,
                           unsigned source_count, struct arena *arena, struct error *err);

/* An error unless both labels occur. */
int declaration_table_check_classes(const struct declaration_table *table, struct error *err);

/* The rows with these numbers, in that order; shares the texts. */
struct declaration_table declaration_table_pick(const struct declaration_table *table,
                                                const uint32_t *rows, uint32_t count,
                                                struct arena *arena);

/* Numbers of the rows by day, equals as they stand. */
uint32_t *declaration_table_by_day(const struct declaration_table *table, struct arena *arena);

/* value / mass; NaN where either is missing. */
double declaration_table_unit_value(const struct declaration_table *table, uint32_t row);

/* Value times rate: what a finding would be worth at most; 0 where something is missing. */
double declaration_table_stake(const struct declaration_table *table, uint32_t row);

/* The hash of a text, never 0; 0 for "". FNV-1a, finished by SplitMix64's mixer. */
uint64_t declaration_table_hash(const char *text, size_t length);

#endif
