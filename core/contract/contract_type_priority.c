/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_type_priority.c - the rank of a case in queues. */
#include "core/contract/contract_call.h"

enum { RANK_MAX = 1000 };

static const char *do_priority(struct contract_call *call) {
    if (call->decision.outcome.rank > RANK_MAX) {
        return "there are ranks up to 1000";
    }
    call->about.rank = (uint32_t)call->decision.outcome.rank;
    return NULL;
}

const struct contract_type contract_type_priority = {
    .name = "priority",
    .doc = "Gives a case its rank in queues.",
    .callers = CALLER_DECLARANT | CALLER_OWNER,
    .outcomes = 1u << OUTCOME_RANK,
    .has_case = true,
    .act = do_priority,
};
