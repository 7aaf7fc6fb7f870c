/* SPDX-License-Identifier: GPL-3.0-or-later
 * assess.c - the duty that is due: the chapter's share of the declared value. */
#include "sim/run/walk.h"
#include "sim/steps/step.h"

static const struct field fields[] = {FIELD_END};

static void end(struct replication *rep, const struct step *step, struct token *token) {
    (void)step;
    struct consignment *consignment = consignment_at(rep, token->consignment);
    consignment->duty = money_from_real(consignment->value * consignment->duty_share);
}

const struct step_type step_type_assess = {
    .name = "assess",
    .doc = "Assesses the duty: the chapter's duty share of the declared value.",
    .fields = fields,
    .end = end,
};
