/* SPDX-License-Identifier: GPL-3.0-or-later
 * nomenclature_build.h - from rows as files have them to a tree.
 *
 * A row without a number gets the code of the first numbered row below it. A suffix of 0 is filled
 * in: the deepest of the rows with one code is 80, those above it are 10, 20, ... Headings and
 * chapters without a row of their own are put in. A row never hangs below a numbered one whose code
 * it doesn't continue, whatever its indent says. */
#ifndef CORE_TARIFF_NOMENCLATURE_BUILD_H
#define CORE_TARIFF_NOMENCLATURE_BUILD_H

#include "core/base/arena.h"
#include "core/tariff/nomenclature.h"

/* Row 0 is none. Rows are changed: codes and suffixes are filled in; a row of digits 0 and suffix 0
 * has no number. `row_lines` (row_count entries) gets the line of each row. The lines and the hash
 * table are in the arena. */
void nomenclature_build(struct nomenclature_line *rows, uint32_t row_count, struct arena *arena,
                        struct nomenclature *nomenclature, uint32_t *row_lines);

#endif
