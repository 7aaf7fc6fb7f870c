/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_type_channel.c - the channel of a declaration. The score of a risk model comes with the
 * call, as a whole number that its operator signs, and with the hash of the model; both stay in
 * the case, so that anybody who has the model can compute the score again. */
#include "core/contract/contract_call.h"

static const struct hash no_model;

static const char *gather_channel(struct contract_call *call) {
    const struct contract_call_body *body = call->body;
    if (call->about.channel != 0) {
        return "the channel was chosen before";
    }
    if (hash_equal(&body->object, &no_model)) {
        return "a score comes with the hash of its model";
    }
    if (body->count == CONTRACT_UNKNOWN) {
        return "a score is a number";
    }
    call->facts.risk_score = body->count;
    return NULL;
}

static const char *do_channel(struct contract_call *call) {
    call->about.channel = call->decision.outcome.channel;
    call->about.has_score = true;
    call->about.score = call->body->count;
    call->about.model = call->body->object;
    return NULL;
}

const struct contract_type contract_type_channel = {
    .name = "channel",
    .doc = "Sends a declaration through a channel, by the score of a risk model among others.",
    .callers = CALLER_OWNER | CALLER_PARTNER,
    .outcomes = 1u << OUTCOME_CHANNEL,
    .has_case = true,
    .gather = gather_channel,
    .act = do_channel,
};
