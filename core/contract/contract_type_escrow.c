/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_type_escrow.c - the duty is paid out of escrow, what is left goes back, and the goods
 * are released: all three, or none. Duty that a guarantee covers is paid later. */
#include "core/contract/contract_call.h"

#ifndef PLANTED
#define PLANTED(bug) false
#endif

static const char *gather_escrow(struct contract_call *call) {
    const struct contract_case *about = &call->about;
    if (about->is_released && !PLANTED(release_again)) {
        return "the goods were released before";
    }
    return about->is_assessed ? NULL : "customs have not assessed the duty";
}

static bool is_licence_in_order(const struct contract_call *call) {
    const struct contract_case *about = &call->about;
    struct contract_licence licence;
    if (about->category == CATEGORY_UNRESTRICTED) {
        return true;
    }
    struct execution_key key = contract_state_key_licence(about->agency, &about->licence);
    return about->is_licensed &&
           contract_state_get(call->work->execution, ENTRY_LICENCE, &key, &licence) &&
           contract_state_licence(&licence, call->work->day) == LICENCE_VALID;
}

static const char *pay_out(const struct contract_call *call, int64_t duty_e4, int64_t rest_e4) {
    struct execution *execution = call->work->execution;
    const struct contract_case *about = &call->about;
    const char *reason = contract_state_credit(execution, about->bank, about->customs, duty_e4);
    if (reason == NULL && !PLANTED(rest_lost)) {
        reason = contract_state_credit(execution, about->bank, about->declarant, rest_e4);
    }
    return reason;
}

static const char *do_escrow(struct contract_call *call) {
    struct contract_case *about = &call->about;
    int64_t due_e4 = contract_state_due_e4(about);
    int64_t pay_e4 = due_e4 <= 0 ? 0 : due_e4 < about->escrow_e4 ? due_e4 : about->escrow_e4;
    if (due_e4 - pay_e4 > about->guaranteed_e4 && !PLANTED(release_unpaid)) {
        return "the duty is neither paid, exempt nor guaranteed";
    }
    if (!is_licence_in_order(call) && !PLANTED(release_unlicensed)) {
        return "restricted goods need a licence that is valid now";
    }
    const char *reason = pay_out(call, pay_e4, about->escrow_e4 - pay_e4);
    about->paid_e4 += pay_e4;
    about->escrow_e4 = 0;
    about->is_released = true;
    about->released_height = call->work->execution->height;
    about->released_day = call->work->day;
    return reason;
}

const struct contract_type contract_type_escrow = {
    .name = "escrow",
    .doc = "Pays the duty out of escrow and releases the goods, in one act.",
    .grant = "release",
    .callers = CALLER_DECLARANT | CALLER_OWNER,
    .has_case = true,
    .has_bank = true,
    .gather = gather_escrow,
    .act = do_escrow,
};
