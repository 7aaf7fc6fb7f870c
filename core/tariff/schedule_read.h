/* SPDX-License-Identifier: GPL-3.0-or-later
 * schedule_read.h - the layout of our own: one YAML document, and the CSV files it names.
 *
 *     clearlab: 1
 *     tariff: seaport
 *     summary: What it is and where its figures are from.
 *     countries: [JP, KR]             # areas of which nothing more is said
 *     areas:                          # others and groups; one may be everyone
 *       all: {everyone: true, description: erga omnes}
 *       CN: China
 *       island: {members: [CN, {area: SG, from: 2020-01-01, to: 2024-12-31}]}
 *     series: {C: duties, P: taxes}   # their order is the order of measures
 *     measure_types:
 *       "103": {series: C, kind: duty, levy: duty, description: third country duty}
 *     additional_codes: {B999: {description: other makers, from: 2020-01-01}}
 *     certificates: {N853: veterinary document}
 *     footnotes: {TN1: a remark}
 *     acts: {R1: {description: the regulation, from: 2020-01-01, to: 2024-12-31}}
 *     nomenclature: seaport-codes.csv
 *     measures: seaport-measures.csv
 *
 * nomenclature and measures are lists whose items are rows or names of CSV files, or one name; see
 * scenarios/tariffs/README.md for their fields. Other sections belong to other readers. */
#ifndef CORE_TARIFF_SCHEDULE_READ_H
#define CORE_TARIFF_SCHEDULE_READ_H

#include "core/tariff/schedule_build.h"
#include "core/tariff/schedule_record.h"

enum {
    SCHEDULE_FILES_MAX = 32,
    SCHEDULE_ROWS_MAX = 1000000,
    SCHEDULE_MEASURES_MAX = 4000000,
};

/* Fields of measures, in the order of their names in a file; for schedule_place. */
#define SCHEDULE_FIELDS(X) \
    X(code)                \
    X(type)                \
    X(area)                \
    X(id)                  \
    X(suffix)              \
    X(exclude)             \
    X(duty)                \
    X(additional_code)     \
    X(order_number)        \
    X(scheme)              \
    X(trigger)             \
    X(act)                 \
    X(footnotes)           \
    X(conditions)          \
    X(season)              \
    X(from)                \
    X(to)                  \
    X(known_from)          \
    X(known_to)

enum schedule_field_index {
#define X(name) SCHEDULE_FIELD_##name,
    SCHEDULE_FIELDS(X)
#undef X
        SCHEDULE_FIELD_COUNT
};

/* The names of the CSV files that the document wants, as it writes them. Returns their number. */
unsigned schedule_read_files(const struct node *document, const char *names[SCHEDULE_FILES_MAX]);

/* Reads a document. The document and the files' texts have to live as long as the tariff. NULL and
 * an error with its place. */
const struct tariff *schedule_read(const struct node *document, struct schedule_file *files,
                                   unsigned file_count, struct arena *arena, struct error *err);

/* The parts, for readers of other layouts that take areas, types and the like from a document:
 * begin reads every section but nomenclature and measures; -1 and an error. */
int schedule_read_begin(struct schedule_builder *builder, const struct node *document,
                        struct error *err);
int schedule_read_areas(struct schedule_builder *builder, const struct node *countries,
                        const struct node *section, struct error *err);
int schedule_read_nomenclature(struct schedule_builder *builder, const struct node *section,
                               struct schedule_file *files, unsigned file_count, struct error *err);
int schedule_read_measures(struct schedule_builder *builder, const struct node *section,
                           struct schedule_file *files, unsigned file_count, struct error *err);

#endif
