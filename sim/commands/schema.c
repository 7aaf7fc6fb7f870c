/* SPDX-License-Identifier: GPL-3.0-or-later
 * schema.c - the scenario language, for editors and for people. */
#include "sim/scenario/schema.h"
#include "sim/commands/command.h"
#include "sim/scenario/compile.h"
#include "sim/steps/step.h"

#include <stdio.h>

static const struct option options[] = {
    {"reference", NULL, "prints the reference page in Markdown instead"}, {NULL, NULL, NULL}};

static int run(const struct invocation *invocation, struct error *err) {
    (void)err;
    static const struct schema_section files[] = {
        {"experiment", "A table of systems, levels and replications in one world.",
         experiment_fields},
        {"world", "What every system faces: people, goods, arrivals.", world_fields},
        {"system", "What is compared: organisations and procedures.", system_fields},
        {"patch", "One reform: what it changes in a system.", patch_fields},
    };
    unsigned count;
    const struct step_type *const *types = step_types(&count);
    struct schema_section *steps = ARENA_ARRAY(invocation->arena, struct schema_section, count);
    for (unsigned i = 0; i < count; i++) {
        steps[i] = (struct schema_section){types[i]->name, types[i]->doc, types[i]->fields};
    }
    unsigned file_count = sizeof files / sizeof files[0];
    if (command_option(invocation, "reference") != NULL) {
        schema_write_reference(stdout, files, file_count, step_frame_fields, steps, count);
    } else {
        schema_write_json(stdout, files, file_count, step_frame_fields, steps, count);
    }
    return 0;
}

const struct command command_schema = {
    .name = "schema",
    .arguments = "[--reference]",
    .doc = "Prints a JSON Schema of scenario files, from which editors complete keys.",
    .options = options,
    .run = run,
};
