/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_type_approval.c - a declaration is approved without an officer, where the page says so.
 * Whatever else it says leaves the case to people. */
#include "core/contract/contract_call.h"

static const char *do_approval(struct contract_call *call) {
    if (call->about.is_approved) {
        return "the declaration was approved before";
    }
    call->about.is_approved = true;
    return NULL;
}

const struct contract_type contract_type_approval = {
    .name = "approval",
    .doc = "Approves a declaration.",
    .grant = "approve",
    .callers = CALLER_DECLARANT | CALLER_OWNER,
    .has_case = true,
    .act = do_approval,
};
