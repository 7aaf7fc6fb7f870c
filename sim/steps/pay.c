/* SPDX-License-Identifier: GPL-3.0-or-later
 * pay.c - the assessed duty is paid. */
#include "sim/run/walk.h"
#include "sim/scenario/builder.h"

struct params {
    struct reference to;
    uint32_t organisation;
};

static const struct field fields[] = {FIELD(struct params, to, FIELD_REFERENCE,
                                            .text_default = "customs",
                                            .doc = "The organisation that receives the duty."),
                                      FIELD_END};

static int resolve(struct builder *builder, struct step *step, void *params, struct error *err) {
    (void)step;
    struct params *pay = params;
    return builder_organisation(builder, &pay->to, &pay->organisation, err);
}

static void end(struct replication *rep, const struct step *step, struct token *token) {
    const struct params *params = step->params;
    struct consignment *consignment = consignment_at(rep, token->consignment);
    walk_pay(rep, consignment, params->organisation, consignment->duty);
}

const struct step_type step_type_pay = {
    .name = "pay",
    .doc = "The importer pays the assessed duty; the duration is what the payment takes.",
    .fields = fields,
    .params_size = sizeof(struct params),
    .resolve = resolve,
    .end = end,
};
