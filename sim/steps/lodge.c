/* SPDX-License-Identifier: GPL-3.0-or-later
 * lodge.c - the declaration is handed in, before the goods arrive or once they have. */
#include "sim/run/walk.h"
#include "sim/scenario/builder.h"

struct params {
    const char *on;        /* paper, single_window, ...: kept for the reader of the procedure */
    double before_arrival; /* of the willing, who may */
    struct reference arrival;
    uint32_t arrival_milestone;
};

static const struct field fields[] = {
    FIELD(struct params, on, FIELD_NAME, .text_default = "paper",
          .doc = "What the declaration is lodged on; for the reader, it has no effect of its own."),
    FIELD(struct params, before_arrival, FIELD_SHARE, .text_default = "0 %",
          .doc =
              "Share of the willing importers who lodge before the goods arrive; the others wait "
              "for the arrival."),
    FIELD(struct params, arrival, FIELD_REFERENCE, .text_default = "arrival",
          .doc = "The milestone that counts as arrival."),
    FIELD_END};

static int resolve(struct builder *builder, struct step *step, void *params, struct error *err) {
    (void)step;
    struct params *lodge = params;
    return builder_milestone(builder, &lodge->arrival, &lodge->arrival_milestone, err);
}

static enum progress begin(struct replication *rep, const struct step *step, struct token *token) {
    const struct params *params = step->params;
    struct consignment *consignment = consignment_at(rep, token->consignment);
    bool arrived = consignment->reached >> params->arrival_milestone & 1;
    if (arrived) {
        return GO;
    }
    struct draw draw = walk_draw(rep, token, step->purpose);
    double u = random_uniform(draw.key, draw.entity, draw.purpose, 0);
    if (consignment->willing && u < params->before_arrival) {
        consignment->lodged_before_arrival = true;
        return GO;
    }
    walk_wait_for_milestone(rep, token, token->consignment);
    return PARK;
}

const struct step_type step_type_lodge = {
    .name = "lodge",
    .doc = "The declaration is handed in: before arrival by some of those who are willing and may, "
           "else once the goods have arrived.",
    .fields = fields,
    .params_size = sizeof(struct params),
    .resolve = resolve,
    .begin = begin,
};
