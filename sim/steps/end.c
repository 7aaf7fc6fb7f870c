/* SPDX-License-Identifier: GPL-3.0-or-later
 * end.c - the consignment leaves, whatever its other branches were doing. */
#include "sim/run/walk.h"
#include "sim/steps/step.h"

struct params {
    int outcome;
};

static const struct field fields[] = {FIELD(struct params, outcome, FIELD_CHOICE,
                                            .choices = "completed|refused",
                                            .text_default = "completed", .doc = "How it ends."),
                                      FIELD_END};

static void end(struct replication *rep, const struct step *step, struct token *token) {
    const struct params *params = step->params;
    walk_cancel_siblings(rep, token);
    walk_end(rep, token, params->outcome == 0 ? OUTCOME_COMPLETED : OUTCOME_REFUSED);
}

const struct step_type step_type_end = {
    .name = "end",
    .doc = "Ends the consignment and all its branches.",
    .fields = fields,
    .params_size = sizeof(struct params),
    .end = end,
};
