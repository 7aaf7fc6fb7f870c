/* SPDX-License-Identifier: GPL-3.0-or-later
 * compile.h - from merged trees to one scenario: world, then system, then procedures.
 *
 * The row tables are public because the schema is printed from them. */
#ifndef SIM_SCENARIO_COMPILE_H
#define SIM_SCENARIO_COMPILE_H

#include "sim/scenario/builder.h"

extern const struct field world_fields[];
extern const struct field system_fields[];
extern const struct field patch_fields[];
extern const struct field experiment_fields[];
extern const struct field step_frame_fields[];

/* Fills scenario->world and adds the world's parameters to the reader. Streams get their procedures
 * later, by compile_streams. */
int compile_world(struct builder *builder, const struct node *node, struct error *err);

/* Organisations, resources, charges, procedures; adds the system's parameters. */
int compile_system(struct builder *builder, const struct node *node, struct error *err);
int compile_procedures(struct builder *builder, const struct node *node, struct error *err);

/* The procedures that the world's streams begin. */
int compile_streams(struct builder *builder, struct error *err);

/* Reads the rows of a file of declarations named by the stream; chapters that the world lacks are
 * added to it. */
struct declaration_file {
    const char *csv;
    const char *date, *importer, *chapter, *value, *mass, *duty_rate, *illicit;
    double exchange; /* accounting currency units a unit of the file */
};
int declarations_read(const struct declaration_file *file, const struct node *node,
                      struct world *world, struct stream *stream, struct arena *arena,
                      struct error *err);

/* "+08:00" in nanoseconds. */
int compile_utc_offset(const char *text, const struct node *node, int64_t *offset_ns,
                       struct error *err);

#endif
