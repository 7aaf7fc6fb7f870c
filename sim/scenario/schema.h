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

/* JSON Schema draft 7 for a file of any of the kinds in `files`. Where a FIELD_NODE row is named
 * "procedures", its steps are described by `frame` (keys of every step) and `steps` (keys by type).
 */
void schema_write_json(FILE *file, const struct schema_section *files, unsigned file_count,
                       const struct field *frame, const struct schema_section *steps,
                       unsigned step_count);

/* The same as a page of Markdown tables: key, kind, unit, default, range, meaning. */
void schema_write_reference(FILE *file, const struct schema_section *files, unsigned file_count,
                            const struct field *frame, const struct schema_section *steps,
                            unsigned step_count);

#endif
