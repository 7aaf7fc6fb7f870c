/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_type_refund.c - customs give back what was paid above what is due, out of their account;
 * by bringing the contract they have agreed to it. */
#include "core/contract/contract_call.h"

#ifndef PLANTED
#define PLANTED(bug) false
#endif

static const char *gather_refund(struct contract_call *call) {
    if (call->body->amount_e4 <= 0 || call->body->amount_e4 > CONTRACT_AMOUNT_MAX_E4) {
        return "an amount is positive";
    }
    call->facts.claimed_e4 = call->body->amount_e4;
    return NULL;
}

static const char *do_refund(struct contract_call *call) {
    struct execution *execution = call->work->execution;
    struct contract_case *about = &call->about;
    int64_t amount_e4 = call->decision.outcome.amount_e4;
    if (amount_e4 == 0 ||
        ((amount_e4 > call->facts.claimed_e4 || amount_e4 > call->facts.overpaid_e4) &&
         !PLANTED(refund_unbounded))) {
        return "nothing is given back that was not claimed, or not paid too much";
    }
    const char *reason = contract_state_debit(execution, about->bank, about->customs, amount_e4);
    if (reason == NULL) {
        reason = contract_state_credit(execution, about->bank, about->declarant, amount_e4);
    }
    about->paid_e4 -= amount_e4;
    return reason;
}

const struct contract_type contract_type_refund = {
    .name = "refund",
    .doc = "Gives back what was paid too much.",
    .grant = "refund",
    .callers = CALLER_DECLARANT | CALLER_OWNER,
    .outcomes = 1u << OUTCOME_AMOUNT,
    .has_case = true,
    .has_bank = true,
    .gather = gather_refund,
    .act = do_refund,
};
