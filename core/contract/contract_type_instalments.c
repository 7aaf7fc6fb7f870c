/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_type_instalments.c - what is due is paid in parts, perhaps with a surcharge. They are
 * agreed on before release, which then needs a guarantee for all of it. */
#include "core/contract/contract_call.h"

enum { INSTALMENTS_MAX = 120 };

static const char *gather_instalments(struct contract_call *call) {
    const struct contract_case *about = &call->about;
    if (!about->is_assessed) {
        return "customs have not assessed the duty";
    }
    if (about->is_released || about->instalments > 0 || about->escrow_e4 > 0) {
        return "instalments are agreed on once, before release, with nothing in escrow";
    }
    call->facts.instalments_asked = call->body->count;
    return NULL;
}

static const char *do_instalments(struct contract_call *call) {
    struct contract_case *about = &call->about;
    const struct contract_outcome *outcome = &call->decision.outcome;
    if (outcome->count < 2 || outcome->count > INSTALMENTS_MAX) {
        return "there are two instalments or more, and 120 at most";
    }
    if (contract_state_due_e4(about) < outcome->count) {
        return "too little is due to be paid in parts";
    }
    about->surcharge_e4 += contract_facts_part(contract_state_due_e4(about), outcome->surcharge);
    about->instalments = (uint32_t)outcome->count;
    about->plan_e4 = contract_state_due_e4(about);
    return NULL;
}

const struct contract_type contract_type_instalments = {
    .name = "instalments",
    .doc = "Lets what is due be paid in parts.",
    .grant = "agree",
    .callers = CALLER_DECLARANT,
    .outcomes = 1u << OUTCOME_COUNT,
    .has_case = true,
    .has_bank = true,
    .gather = gather_instalments,
    .act = do_instalments,
};
