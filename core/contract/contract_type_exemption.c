/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_type_exemption.c - relief from all of the duty, or from the share that the page says. */
#include "core/contract/contract_call.h"

static const char *gather_exemption(struct contract_call *call) {
    const struct contract_case *about = &call->about;
    if (!about->is_assessed) {
        return "customs have not assessed the duty";
    }
    return about->is_released || about->instalments > 0 || about->relief_e4 > 0
               ? "an exemption comes once, before release and instalments"
               : NULL;
}

static const char *do_exemption(struct contract_call *call) {
    call->about.relief_e4 = contract_facts_part(call->about.duty_e4, call->decision.outcome.relief);
    return NULL;
}

const struct contract_type contract_type_exemption = {
    .name = "exemption",
    .doc = "Exempts goods from a share of the duty.",
    .grant = "exempt",
    .callers = CALLER_DECLARANT | CALLER_OWNER,
    .outcomes = 1u << OUTCOME_RELIEF,
    .has_case = true,
    .gather = gather_exemption,
    .act = do_exemption,
};
