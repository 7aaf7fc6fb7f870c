/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_type_sale.c - a title against payment: the money goes to the seller and the title to the
 * buyer, or neither. The seller has offered it by a transaction of his own, for this contract and
 * as the title stood then; the buyer calls. */
#include "core/contract/contract_call.h"

#ifndef PLANTED
#define PLANTED(bug) false
#endif

static const char *gather_sale(struct contract_call *call) {
    struct execution *execution = call->work->execution;
    const struct contract_call_body *body = call->body;
    struct contract_offer *offer = &call->offer;
    struct execution_key key = contract_state_key_hash(ENTRY_OFFER, &body->number);
    struct execution_key title = title_key(&body->number);
    if (!contract_state_get(execution, ENTRY_OFFER, &key, offer) ||
        offer->buyer != call->work->sender) {
        return "the title is not offered to the caller";
    }
    if (offer->contract.size != body->contract.size ||
        memcmp(offer->contract.bytes, body->contract.bytes, body->contract.size) != 0) {
        return "the title is offered by another contract";
    }
    if (!execution_get_value(execution, &title, title_rows, &call->title) ||
        call->title.acts != offer->acts) {
        return "the title has moved on";
    }
    call->facts.price_e4 = offer->price_e4;
    return NULL;
}

static const char *do_sale(struct contract_call *call) {
    struct execution *execution = call->work->execution;
    const struct contract_offer *offer = &call->offer;
    struct execution_key key = title_key(&call->body->number);
    struct execution_key offer_key = contract_state_key_hash(ENTRY_OFFER, &call->body->number);
    struct title_body body = {.act = TITLE_transfer_all,
                              .number = call->body->number,
                              .acts = offer->acts,
                              .party = offer->buyer};
    struct title next;
    const char *reason = title_apply(&call->title, &body, offer->seller, &next);
    if (reason == NULL) {
        next.previous_holder = next.previous_beneficiary = 0; /* it was paid: no rejection */
        reason = contract_state_debit(execution, call->head.bank, offer->buyer, offer->price_e4);
    }
    if (reason == NULL && !PLANTED(seller_unpaid)) {
        reason = contract_state_credit(execution, call->head.bank, offer->seller, offer->price_e4);
    }
    if (reason == NULL && !PLANTED(title_stays)) {
        reason = execution_put_value(execution, &key, title_rows, &next);
    }
    return reason != NULL ? reason : execution_remove(execution, &offer_key);
}

const struct contract_type contract_type_sale = {
    .name = "sale",
    .doc = "Transfers a title against payment.",
    .grant = "transfer",
    .callers = CALLER_ANYBODY,
    .has_bank = true,
    .gather = gather_sale,
    .act = do_sale,
};
