/* SPDX-License-Identifier: GPL-3.0-or-later
 * us_schedule_column.h - what both American readers share: columns of rates become measures. */
#ifndef CORE_TARIFF_US_SCHEDULE_COLUMN_H
#define CORE_TARIFF_US_SCHEDULE_COLUMN_H

#include "core/tariff/duty_special.h"
#include "core/tariff/schedule_build.h"
#include "core/tariff/us_schedule.h"

enum { US_EXCLUSIONS_MAX = 8 };

/* What a column or a programme means. */
struct us_schedule_column {
    const char *symbol; /* of a programme */
    bool is_read;
    struct measure measure; /* type, area, scheme and dates */
    uint16_t exclusions[US_EXCLUSIONS_MAX];
    unsigned exclusion_count;
};

struct us_schedule_reader {
    struct schedule_builder builder;
    struct us_schedule_column general, column_2, additional;
    struct us_schedule_column *programmes;
    unsigned programme_count;
    struct us_schedule_notes *notes; /* may be NULL */
    const char *name;
    uint16_t source;
    /* Special texts read: their numbers in step with the entries. */
    struct schedule_names special_texts;
    struct us_schedule_special *specials;
    size_t special_capacity;
};

/* Duties of one special text, made ready. */
struct us_schedule_special {
    unsigned count;
    struct us_schedule_share {
        uint32_t duty;
        uint16_t programme; /* index */
    } * shares;
};

/* A row whose rates become measures on its line, once there is a tree. */
struct us_schedule_rates {
    uint32_t row;
    int line; /* of the file */
    int column_general, column_special, column_2, column_additional;
    const char *general, *special, *column_2_text, *additional; /* NULL for none */
    const char *unresolved;                                     /* why general is not to be read */
    uint32_t special_number; /* of its special text, set when rows become measures */
    int32_t valid_from, valid_to;
    const char *excluded; /* codes of two letters each, that the programme A* leaves out */
};

/* Reads the section `american` and everything it refers to. -1 and an error. */
int us_schedule_column_begin(struct us_schedule_reader *reader, const struct node *document,
                             const char *name, struct arena *arena, struct us_schedule_notes *notes,
                             struct error *err);

/* Adds the measures of rows, once there is a tree. */
void us_schedule_column_rates(struct us_schedule_reader *reader, struct us_schedule_rates *rates,
                              size_t count);

/* The index of a programme, or -1. */
int us_schedule_column_programme(const struct us_schedule_reader *reader, const char *symbol);

void us_schedule_column_note(struct us_schedule_reader *reader, int line, int column,
                             const char *rule, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif
