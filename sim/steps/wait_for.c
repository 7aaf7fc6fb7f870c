/* SPDX-License-Identifier: GPL-3.0-or-later
 * wait_for.c - until a milestone is reached, until all that a vessel carries has reached one, or
 * until an hour. */
#include "sim/run/walk.h"
#include "sim/scenario/builder.h"

struct params {
    struct reference until, vessel, carried;
    const struct calendar *open;
    uint32_t number;
    int whose;
};

enum { WHOSE_OWN, WHOSE_VESSEL, WHOSE_CARRIED, WHOSE_HOUR };

static const struct field fields[] = {
    FIELD(struct params, until, FIELD_REFERENCE,
          .doc = "A milestone of the consignment itself, reached in another branch."),
    FIELD(struct params, vessel, FIELD_REFERENCE,
          .doc = "A milestone of the vessel that carries it."),
    FIELD(struct params, carried, FIELD_REFERENCE,
          .doc = "For a vessel: a milestone that everything it carries must have reached."),
    FIELD(struct params, open, FIELD_HOURS, .doc = "Until these hours are open."), FIELD_END};

static int resolve(struct builder *builder, struct step *step, void *params, struct error *err) {
    struct params *wait = params;
    int given = (wait->until.name != NULL) + (wait->vessel.name != NULL) +
                (wait->carried.name != NULL) + (wait->open != NULL);
    if (given != 1) {
        return node_error(step->node, err,
                          "wait_for needs exactly one of until, vessel, carried and open");
    }
    if (wait->open != NULL) {
        wait->whose = WHOSE_HOUR;
        return 0;
    }
    const struct reference *reference = wait->until.name != NULL    ? &wait->until
                                        : wait->vessel.name != NULL ? &wait->vessel
                                                                    : &wait->carried;
    wait->whose = reference == &wait->until    ? WHOSE_OWN
                  : reference == &wait->vessel ? WHOSE_VESSEL
                                               : WHOSE_CARRIED;
    if (builder_milestone(builder, reference, &wait->number, err) != 0) {
        return -1;
    }
    if (wait->whose == WHOSE_CARRIED) {
        if (builder->carried_milestone >= 0 &&
            builder->carried_milestone != (int32_t)wait->number) {
            return node_error(reference->node, err,
                              "another wait_for awaits '%s' of what is carried; there can be one",
                              builder->milestones[builder->carried_milestone]);
        }
        builder->carried_milestone = (int32_t)wait->number;
    }
    return 0;
}

static enum progress wait_for_hour(struct replication *rep, const struct params *params,
                                   struct token *token) {
    int64_t open_ns = calendar_next_open_ns(params->open, rep->now_ns);
    if (open_ns <= rep->now_ns) {
        return GO;
    }
    token->event = event_queue_push(&rep->queue, open_ns, EVENT_TIMER,
                                    consignment_at(rep, token->consignment)->entity, token->self);
    return PARK;
}

static enum progress begin(struct replication *rep, const struct step *step, struct token *token) {
    const struct params *params = step->params;
    const struct consignment *consignment = consignment_at(rep, token->consignment);
    uint32_t whose = token->consignment;
    if (params->whose == WHOSE_HOUR) {
        return wait_for_hour(rep, params, token);
    }
    if (params->whose == WHOSE_CARRIED) {
        if (consignment->carried_missing == 0) {
            return GO;
        }
    } else {
        whose = params->whose == WHOSE_VESSEL ? consignment->vessel : whose;
        if (whose == 0 || consignment_at(rep, whose)->reached >> params->number & 1) {
            return GO; /* what came by itself waits for no vessel */
        }
    }
    walk_wait_for_milestone(rep, token, whose);
    return PARK;
}

const struct step_type step_type_wait_for = {
    .name = "wait_for",
    .doc = "Waits for a milestone of its own, of its vessel or of what it carries, or for an hour.",
    .fields = fields,
    .params_size = sizeof(struct params),
    .resolve = resolve,
    .begin = begin,
};
