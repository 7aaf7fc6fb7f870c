/* SPDX-License-Identifier: GPL-3.0-or-later
 * goto.c - back to an earlier step for rework, or ahead past some. */
#include "sim/run/walk.h"
#include "sim/scenario/builder.h"

struct params {
    struct reference to;
    uint32_t step;
    double share;
    int64_t at_most;
};

static const struct field fields[] = {
    FIELD(struct params, to, FIELD_REFERENCE, .required = true,
          .doc = "The step to go to, in the same list of steps."),
    FIELD(struct params, share, FIELD_SHARE, .text_default = "100 %",
          .doc = "Share of those who come here that go; the others pass."),
    FIELD(struct params, at_most, FIELD_INTEGER, .min = 1, .max = 200, .text_default = "10",
          .doc = "How often one token may be sent by any goto before it passes."),
    FIELD_END};

static int resolve(struct builder *builder, struct step *step, void *params, struct error *err) {
    (void)step;
    struct params *go = params;
    return builder_neighbour(builder, &go->to, &go->step, err);
}

static void end(struct replication *rep, const struct step *step, struct token *token) {
    const struct params *params = step->params;
    struct draw draw = walk_draw(rep, token, step->purpose);
    if (token->visits >= params->at_most ||
        random_uniform(draw.key, draw.entity, draw.purpose, draw.index) >= params->share) {
        return;
    }
    token->visits++;
    token->step = (uint16_t)params->step;
    consignment_at(rep, token->consignment)->deficient = false; /* what was sent back is mended */
}

const struct step_type step_type_goto = {
    .name = "goto",
    .doc = "Goes to another step of the same branch; papers that are sent back come back mended.",
    .fields = fields,
    .params_size = sizeof(struct params),
    .resolve = resolve,
    .end = end,
};
