/* SPDX-License-Identifier: GPL-3.0-or-later
 * table.h - a text table for a terminal: aligned by display width, numbers by their points. */
#ifndef ANALYSIS_TABLES_TABLE_H
#define ANALYSIS_TABLES_TABLE_H

#include "core/base/arena.h"

#include <stdio.h>

enum { TABLE_COLUMNS_MAX = 24 };

struct table; /* in an arena */

/* The first column is text and gives way when the table is wider than `width` terminal columns;
 * the others are numbers. `heads` has `column_count` texts, which are copied. */
struct table *table_create(struct arena *arena, unsigned width, unsigned column_count,
                           const char *const *heads);

/* Fills the current row from left to right; the next cell after the last opens a new row. */
void table_text(struct table *table, const char *text);
/* A dash when the value is not a number. */
void table_number(struct table *table, double value, unsigned decimals);
void table_percent(struct table *table, double share, unsigned decimals);

/* A line across all columns, set apart from the rows above it. */
void table_section(struct table *table, const char *text);

/* Prints heads, sections and rows. A column without any number is left out. */
void table_print(const struct table *table, FILE *file);

/* Terminal columns of a UTF-8 text: 0 for combining marks, 2 for East Asian wide characters. */
unsigned table_display_width(const char *text);

#endif
