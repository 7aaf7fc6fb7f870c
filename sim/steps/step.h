/* SPDX-License-Identifier: GPL-3.0-or-later
 * step.h - what a step type is, and the list of all of them.
 *
 * Every step has the same frame: `when` on entry -> queue for its resources -> begin -> duration ->
 * end -> resources back -> next. A type adds what happens at begin and end. To add one, write one
 * file here with a `const struct step_type step_type_NAME` and put NAME into the list. */
#ifndef SIM_STEPS_STEP_H
#define SIM_STEPS_STEP_H

#include "core/base/field.h"
#include "sim/scenario/scenario.h"

struct replication;
struct token;
struct builder; /* sim/scenario/builder.h: resolves names while a scenario is compiled */

enum progress {
    GO,   /* the duration runs, then end */
    SKIP, /* the step does nothing more: neither duration nor end nor milestone */
    PARK, /* until somebody calls walk_wake; then the duration runs, then end */
};

struct step_type {
    const char *name, *doc;
    const struct field *fields; /* its YAML keys */
    size_t params_size;
    bool keeps_state; /* one struct step_state a replication */
    /* Resolves references in the parameters; may be NULL. */
    int (*resolve)(struct builder *builder, struct step *step, void *params, struct error *err);
    /* Both may be NULL: then the step only takes time. */
    enum progress (*begin)(struct replication *rep, const struct step *step, struct token *token);
    void (*end)(struct replication *rep, const struct step *step, struct token *token);
};

/* clang-format off */
#define STEP_TYPES(X)                                        \
    X(work) X(lodge) X(select) X(assess) X(pay) X(examine)   \
    X(release) X(fork) X(join) X(goto) X(wait_for) X(spawn)  \
    X(batch) X(cancel) X(record) X(end)
/* clang-format on */

#define X(name) extern const struct step_type step_type_##name;
STEP_TYPES(X)
#undef X

/* The table of all types; `count` may be NULL. */
const struct step_type *const *step_types(unsigned *count);

#endif
