/* SPDX-License-Identifier: GPL-3.0-or-later
 * examine.c - somebody looks at the goods, and may find what is wrong with them. */
#include "sim/run/walk.h"
#include "sim/steps/step.h"

struct params {
    double sensitivity, false_alarm;
};

static const struct field fields[] = {
    FIELD(struct params, sensitivity, FIELD_SHARE, .text_default = "100 %",
          .doc = "Share of illicit goods that the examination finds."),
    FIELD(struct params, false_alarm, FIELD_SHARE, .text_default = "0 %",
          .doc = "Share of honest goods that it takes for illicit."),
    FIELD_END};

static void end(struct replication *rep, const struct step *step, struct token *token) {
    const struct params *params = step->params;
    struct consignment *consignment = consignment_at(rep, token->consignment);
    struct draw draw = walk_draw(rep, token, step->purpose);
    double u = random_uniform(draw.key, draw.entity, draw.purpose, draw.index);
    consignment->examined = true;
    consignment->found = u < (consignment->illicit ? params->sensitivity : params->false_alarm);
}

const struct step_type step_type_examine = {
    .name = "examine",
    .doc = "The goods are examined; sets `examined` and `found`.",
    .fields = fields,
    .params_size = sizeof(struct params),
    .end = end,
};
