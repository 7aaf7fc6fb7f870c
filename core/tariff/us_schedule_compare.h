/* SPDX-License-Identifier: GPL-3.0-or-later
 * us_schedule_compare.h - the database has each rate twice: as a text, and taken apart. Where the
 * two disagree one of them is wrong.
 *
 * Type 0 is free; 1, 2 and 3 are a specific rate on the first, the second, both quantities; 4, 5
 * and 6 the same and a share of the value; 7 a share of the value. Other types say: read the text.
 */
#ifndef CORE_TARIFF_US_SCHEDULE_COMPARE_H
#define CORE_TARIFF_US_SCHEDULE_COMPARE_H

#include "core/base/csv.h"
#include "core/tariff/us_schedule_column.h"

/* Columns of one rate taken apart; -1 for one that the file lacks. */
struct us_schedule_stored {
    int text, type, share, specific, other, indicator;
};

enum { US_SCHEDULE_STORED_MAX = 32 };

struct us_schedule_compare {
    struct us_schedule_stored general, column_2;
    struct us_schedule_stored programmes[US_SCHEDULE_STORED_MAX];
    unsigned programme_count;
    int special;
};

/* Finds the columns in a header just read. */
void us_schedule_compare_header(struct us_schedule_compare *compare, const struct csv *csv);

/* Notes what disagrees in the row just read. */
void us_schedule_compare_row(struct us_schedule_compare *compare, struct us_schedule_reader *reader,
                             const struct csv *csv);

#endif
