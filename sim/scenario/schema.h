/* SPDX-License-Identifier: GPL-3.0-or-later
 * schema.h - the scenario language described by its own field rows: JSON Schema and reference page.
 */
#ifndef SIM_SCENARIO_SCHEMA_H
#define SIM_SCENARIO_SCHEMA_H

#include "core/base/field.h"

#include <stdio.h>

/* One kind of scenario file (world, system, patch, experiment), or one step type. */
struct schema_section {
    const char *name, *doc;
    const struct field *fields;
};

/* JSON Schema draft 7 for a file of any of the kinds in `files`. Rows of kind FIELD_NODE named
 * "procedures" hold steps, described by `frame` (keys of every step) and `steps` (keys by type; a
 * "fork" has branches of steps instead of the frame, and "work" is the type of a step whose name is
 * none and that has no `type`); rows named "parameters" hold scalars with evidence. */
void schema_write_json(FILE *file, const struct schema_section *files, unsigned file_count,
                       const struct field *frame, const struct schema_section *steps,
                       unsigned step_count);

/* The same as a page of Markdown: a table of keys for each file and step type, and how values are
 * written. */
void schema_write_reference(FILE *file, const struct schema_section *files, unsigned file_count,
                            const struct field *frame, const struct schema_section *steps,
                            unsigned step_count);

#endif
