/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_type_licence.c - restricted goods go through with a licence of the contract's partner,
 * an agency. The quantity is written off the licence at once, so that it covers nothing twice. */
#include "core/base/wide.h"
#include "core/contract/contract_call.h"

#ifndef PLANTED
#define PLANTED(bug) false
#endif

static const struct hash no_licence;

static struct execution_key licence_key(const struct contract_call *call) {
    return contract_state_key_licence(call->head.partner, &call->body->object);
}

/* The licence named, in the eyes of the page; one of another holder or category is none. */
static const char *gather_licence(struct contract_call *call) {
    struct contract_facts *facts = &call->facts;
    struct contract_licence *licence = &call->licence;
    struct execution_key key = licence_key(call);
    if (call->about.is_licensed) {
        return "the licence was checked before";
    }
    if (hash_equal(&call->body->object, &no_licence) ||
        !contract_state_get(call->work->execution, ENTRY_LICENCE, &key, licence) ||
        licence->holder != call->about.declarant || licence->category != call->about.category) {
        return NULL;
    }
    facts->licence = (uint8_t)contract_state_licence(licence, call->work->day);
    facts->licence_days_left = licence->last_day - call->work->day;
    facts->covered_e9 = 1000000000;
    if (licence->quantity_left < call->about.quantity) {
        facts->covered_e9 =
            (int64_t)((int128)licence->quantity_left * 1000000000 / call->about.quantity);
    }
    return NULL;
}

static const char *do_licence(struct contract_call *call) {
    struct contract_licence *licence = &call->licence;
    struct execution_key key = licence_key(call);
    call->about.is_licensed = true;
    if (call->about.category == CATEGORY_UNRESTRICTED) {
        return NULL;
    }
    if (call->facts.licence != LICENCE_VALID ||
        (licence->quantity_left < call->about.quantity && !PLANTED(quantity_again))) {
        return "restricted goods need a valid licence for their quantity, whatever the page says";
    }
    if (!PLANTED(quantity_again)) {
        licence->quantity_left -= call->about.quantity;
    }
    call->about.agency = call->head.partner;
    call->about.licence = call->body->object;
    return contract_state_put(call->work->execution, ENTRY_LICENCE, &key, licence);
}

const struct contract_type contract_type_licence = {
    .name = "licence",
    .doc = "Lets restricted goods through with a licence.",
    .grant = "release",
    .callers = CALLER_DECLARANT | CALLER_OWNER,
    .has_case = true,
    .gather = gather_licence,
    .act = do_licence,
};
