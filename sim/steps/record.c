/* SPDX-License-Identifier: GPL-3.0-or-later
 * record.c - a document is put on the ledger; the token waits until it is committed, or goes on at
 * once. */
#include "sim/actors/ledger_service.h"
#include "sim/run/walk.h"
#include "sim/scenario/builder.h"

struct params {
    struct reference at;
    int64_t size;
    bool wait;
    uint32_t node;
};

static const struct field fields[] = {
    FIELD(struct params, at, FIELD_REFERENCE,
          .doc = "The organisation at whose node it is submitted; absent: the first one with a "
                 "node."),
    FIELD(struct params, size, FIELD_INTEGER, .min = 32, .max = LEDGER_PLAN_DOCUMENT_MAX,
          .text_default = "200", .doc = "Bytes of the document."),
    FIELD(struct params, wait, FIELD_BOOLEAN, .text_default = "true",
          .doc = "Whether the token waits until the submitter's node has committed it."),
    FIELD_END};

/* Waiting for the ledger is the technology's time, unless the step says otherwise. */
static int resolve(struct builder *builder, struct step *step, void *params, struct error *err) {
    struct params *record = params;
    const struct ledger_plan *plan = builder->scenario->ledger;
    uint32_t organisation;
    if (node_get(step->node, "party") == NULL && node_get(step->node, "by") == NULL) {
        step->party = step->wait_party = PARTY_technology;
        builder->parties_used |= 1u << PARTY_technology;
    }
    if (record->at.name == NULL) {
        return 0;
    }
    if (builder_organisation(builder, &record->at, &organisation, err) != 0) {
        return -1;
    }
    if (plan != NULL && plan->node_of[organisation] < 0) {
        return node_error(record->at.node, err, "'%s' has no node in the ledger", record->at.name);
    }
    record->node = plan != NULL ? (uint32_t)plan->node_of[organisation] : 0;
    return 0;
}

static enum progress begin(struct replication *rep, const struct step *step, struct token *token) {
    const struct params *params = step->params;
    if (rep->scenario->ledger == NULL) {
        return SKIP;
    }
    if (token->phase == PHASE_WOKEN) {
        return GO;
    }
    ledger_service_submit(rep->ledger, token, step, params->node, (uint32_t)params->size,
                          params->wait);
    return params->wait ? PARK : GO;
}

const struct step_type step_type_record = {
    .name = "record",
    .doc = "A document about the consignment is put on the ledger; without a ledger the step is "
           "passed over.",
    .fields = fields,
    .params_size = sizeof(struct params),
    .keeps_state = true, /* whoever waits here is woken by the ledger, by no other token */
    .resolve = resolve,
    .begin = begin,
};
