/* SPDX-License-Identifier: GPL-3.0-or-later
 * cancel.c - ends the sibling branches, as a refusal does. */
#include "sim/run/walk.h"
#include "sim/steps/step.h"

static const struct field fields[] = {FIELD_END};

static void end(struct replication *rep, const struct step *step, struct token *token) {
    (void)step;
    walk_cancel_siblings(rep, token);
}

const struct step_type step_type_cancel = {
    .name = "cancel",
    .doc = "Ends all other branches of the consignment; joins ahead do not wait for them.",
    .fields = fields,
    .end = end,
};
