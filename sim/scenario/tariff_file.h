/* SPDX-License-Identifier: GPL-3.0-or-later
 * tariff_file.h - tariffs from the files that users name.
 *
 * The CSV files that a tariff names stand beside it. Files compressed by gzip are read as they are.
 */
#ifndef SIM_SCENARIO_TARIFF_FILE_H
#define SIM_SCENARIO_TARIFF_FILE_H

#include "core/base/arena.h"
#include "core/base/error.h"
#include "core/tariff/claim.h"
#include "core/tariff/us_schedule.h"

enum { TARIFF_FILE_SIZE_MAX = 256 * 1024 * 1024 };

/* A YAML file of our own layout with its CSV files. NULL and an error. */
const struct tariff *tariff_file_load(struct arena *arena, const char *path, struct error *err);

/* The same from the document of the file at `path`, which is read already. */
const struct tariff *tariff_file_of(struct arena *arena, const char *path,
                                    const struct node *document, struct error *err);

/* The sections `schemes`, with the tables of rules that they name, `quotas` and `surges` of that
 * document. -1 and an error. */
int tariff_file_claims(struct arena *arena, const char *path, const struct node *document,
                       struct claim_law *law, struct error *err);

/* What came in, for the surges of that law: CSV with the columns date, surge and quantity, in order
 * of date. -1 and an error. */
int tariff_file_imports(struct arena *arena, const char *path, struct claim_law *law,
                        struct error *err);

enum tariff_file_kind { TARIFF_FILE_US_SCHEDULE, TARIFF_FILE_US_DATABASE, TARIFF_FILE_SEASONS };

/* A file in somebody else's layout, read with a document of ours that says what its columns mean.
 * `notes` may be NULL. NULL and an error. */
const struct tariff *tariff_file_foreign(struct arena *arena, enum tariff_file_kind kind,
                                         const char *document_path, const char *path,
                                         struct us_schedule_notes *notes, struct error *err);

#endif
