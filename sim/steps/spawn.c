/* SPDX-License-Identifier: GPL-3.0-or-later
 * spawn.c - what a vessel carries begins to walk its own procedure. */
#include "sim/scenario/builder.h"
#include "sim/steps/step.h"
#include "sim/world/make.h"

struct params {
    struct reference procedure;
    uint32_t number;
};

static const struct field fields[] = {
    FIELD(struct params, procedure, FIELD_REFERENCE, .required = true,
          .doc = "The procedure that each consignment on board walks."),
    FIELD_END};

static int resolve(struct builder *builder, struct step *step, void *params, struct error *err) {
    (void)step;
    struct params *spawn = params;
    return builder_procedure(builder, &spawn->procedure, &spawn->number, err);
}

static void end(struct replication *rep, const struct step *step, struct token *token) {
    const struct params *params = step->params;
    make_carried(rep, token->consignment, params->number);
}

const struct step_type step_type_spawn = {
    .name = "spawn",
    .doc = "The consignments that a vessel carries begin to walk a procedure of their own.",
    .fields = fields,
    .params_size = sizeof(struct params),
    .resolve = resolve,
    .end = end,
};
