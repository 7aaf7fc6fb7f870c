/* SPDX-License-Identifier: GPL-3.0-or-later
 * us_schedule.h - readers of the American schedule and of the annual tariff database, as the trade
 * commission publishes them in CSV.
 *
 * A document of our own layout says what the columns mean: areas, types of measures, and a section
 *
 *     american:
 *       general: {type: "103", area: all, exclude: [column_2]}
 *       column_2: {type: "103", area: column_2}
 *       additional: {type: "551", area: all}
 *       programmes:
 *         A: {type: "142", area: gsp, scheme: gsp, to: 2020-12-31}
 *         C: {type: "117", area: all}
 *
 * In the schedule a rate stands on a line of 8 digits, or of 10 below which none of 8 stands. The
 * column of general rates carries the last rate down: on headings, dashes and statistical lines it
 * means nothing. In chapters 98 and 99 even lines of 8 digits may have no rate of their own, so a
 * text that repeats the row above stays unresolved there: never a rate by guess. */
#ifndef CORE_TARIFF_US_SCHEDULE_H
#define CORE_TARIFF_US_SCHEDULE_H

#include "core/tariff/schedule.h"

/* What a reader passes over or cannot resolve, for lint. */
struct us_schedule_note {
    struct place place;
    const char *rule; /* "US1", see lint.h */
    const char *text;
};

struct us_schedule_notes {
    struct us_schedule_note *notes;
    uint32_t count;
    size_t capacity;
};

/* Reads the schedule ("HTS Number", "Indent", ...). The text is cut up and has to live as long as
 * the tariff, as the document has. `notes` (may be NULL) gets what is odd. NULL and an error. */
const struct tariff *us_schedule_read(const struct node *document, const char *name, char *text,
                                      struct arena *arena, struct us_schedule_notes *notes,
                                      struct error *err);

/* Reads the database ("hts8", "mfn_text_rate", ...), the same way. Programmes are taken from the
 * special column; what the columns of each programme say, is held against it in the notes. */
const struct tariff *us_schedule_read_database(const struct node *document, const char *name,
                                               char *text, struct arena *arena,
                                               struct us_schedule_notes *notes, struct error *err);

#endif
