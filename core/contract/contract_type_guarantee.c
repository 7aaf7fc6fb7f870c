/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_type_guarantee.c - what is due is covered by a pledge, and paid within some days; after
 * these customs may claim it from the guarantor. */
#include "core/contract/contract_call.h"

#ifndef PLANTED
#define PLANTED(bug) false
#endif

enum { TERM_DAYS_MAX = 3660 };

static struct execution_key guarantee_key(const struct contract_call *call) {
    return contract_state_key_hash(ENTRY_GUARANTEE, &call->body->object);
}

static const char *gather_guarantee(struct contract_call *call) {
    const struct contract_case *about = &call->about;
    struct contract_guarantee *guarantee = &call->guarantee;
    struct execution_key key = guarantee_key(call);
    if (!about->is_assessed || about->is_released) {
        return about->is_released ? "the goods were released before"
                                  : "customs have not assessed the duty";
    }
    if (!contract_state_get(call->work->execution, ENTRY_GUARANTEE, &key, guarantee) ||
        guarantee->principal != about->declarant || guarantee->customs != about->customs ||
        guarantee->bank != about->bank) {
        return "there is no such guarantee for this trader, customs and bank";
    }
    if (about->guaranteed_e4 > 0 && !hash_equal(&about->guarantee, &call->body->object)) {
        return "another guarantee covers the case";
    }
    call->facts.guarantee_left_e4 = guarantee->limit_e4 - guarantee->used_e4;
    call->facts.guarantee_days_left = guarantee->last_day - call->work->day;
    return NULL;
}

/* All that is due, of which some may be covered already. */
static const char *do_guarantee(struct contract_call *call) {
    struct contract_case *about = &call->about;
    struct contract_guarantee *guarantee = &call->guarantee;
    struct execution_key key = guarantee_key(call);
    int64_t due_e4 = contract_state_due_e4(about), more_e4 = due_e4 - about->guaranteed_e4;
    int64_t days = call->decision.outcome.days;
    if (more_e4 <= 0) {
        return "nothing more is due";
    }
    if (more_e4 > guarantee->limit_e4 - guarantee->used_e4 && !PLANTED(guarantee_overrun)) {
        return "the guarantee does not cover what is due";
    }
    if (days > TERM_DAYS_MAX || call->work->day + days > guarantee->last_day) {
        return "the guarantee ends before the term";
    }
    guarantee->used_e4 += more_e4;
    about->guaranteed_e4 = due_e4;
    about->guarantee = call->body->object;
    about->term_day = call->work->day + days;
    return contract_state_put(call->work->execution, ENTRY_GUARANTEE, &key, guarantee);
}

const struct contract_type contract_type_guarantee = {
    .name = "guarantee",
    .doc = "Covers what is due by a guarantee.",
    .grant = "accept",
    .callers = CALLER_DECLARANT | CALLER_OWNER,
    .outcomes = 1u << OUTCOME_DAYS,
    .has_case = true,
    .has_bank = true,
    .gather = gather_guarantee,
    .act = do_guarantee,
};
