/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/contract/contract_call.h"

static void copy_code(const struct codec_blob *text, char code[CONTRACT_CODE_MAX + 1]) {
    if (text->size > 0) {
        memcpy(code, text->bytes, text->size);
    }
    code[text->size] = '\0';
}

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static void gather_case(const struct contract_case *about, int64_t day,
                        struct contract_facts *facts) {
    int64_t due_e4 = contract_state_due_e4(about);
    facts->value_e4 = about->value_e4;
    facts->duty_e4 = about->is_assessed ? about->duty_e4 : CONTRACT_UNKNOWN;
    facts->due_e4 = about->is_assessed ? (due_e4 > 0 ? due_e4 : 0) : CONTRACT_UNKNOWN;
    facts->paid_e4 = about->paid_e4;
    facts->overpaid_e4 = due_e4 < 0 ? least(-due_e4, about->paid_e4) : 0;
    facts->escrow_e4 = about->escrow_e4;
    facts->guaranteed_e4 = about->guaranteed_e4;
    facts->risk_score = about->has_score ? about->score : CONTRACT_UNKNOWN;
    facts->rank = about->rank;
    facts->days_since_lodging = day - about->lodged_day;
    facts->days_since_release = about->is_released ? day - about->released_day : CONTRACT_UNKNOWN;
    facts->category = about->category;
    facts->end_use = about->end_use;
    facts->channel = about->channel;
    facts->assessed = about->is_assessed;
    facts->approved = about->is_approved;
    facts->licensed = about->is_licensed;
    facts->inspected = about->is_inspected;
    facts->released = about->is_released;
    copy_code(&about->chapter, facts->chapter);
    copy_code(&about->origin, facts->origin);
    copy_code(&about->purpose, facts->purpose);
}

/* The class that the owner of the contract gave the declarant, or who calls where there is no case;
 * who has none is new. */
static void gather_trader(struct contract_call *call, uint32_t member) {
    struct execution_key key = contract_state_key_pair(ENTRY_TRADER, call->head.owner, member);
    struct contract_trader_entry entry;
    call->facts.trader = TRADER_NEW;
    call->facts.days_as_trader = 0;
    if (contract_state_get(call->work->execution, ENTRY_TRADER, &key, &entry)) {
        call->facts.trader = entry.trader;
        call->facts.days_as_trader = call->work->day - entry.since_day;
    }
}

/* A share that nobody chooses: the first bytes of the call's hash. */
static int64_t draw_e9(const struct hash *hash) {
    uint64_t number = 0;
    for (int i = 0; i < 8; i++) {
        number = number << 8 | hash->bytes[i];
    }
    return (int64_t)(number % 1000000000);
}

void contract_gather(struct contract_call *call, const struct contract *contract) {
    struct contract_facts *facts = &call->facts;
    const struct contract_type *type = contract_type_of(contract);
    uint32_t trader = type->has_case ? call->about.declarant : call->work->sender;
    facts->balance_e4 = facts->claimed_e4 = facts->guarantee_left_e4 = CONTRACT_UNKNOWN;
    facts->price_e4 = facts->instalments_asked = facts->inspection_days = CONTRACT_UNKNOWN;
    facts->licence_days_left = facts->guarantee_days_left = facts->covered_e9 = CONTRACT_UNKNOWN;
    facts->value_e4 = facts->duty_e4 = facts->due_e4 = CONTRACT_UNKNOWN;
    facts->days_since_lodging = facts->days_since_release = CONTRACT_UNKNOWN;
    facts->risk_score = CONTRACT_UNKNOWN;
    facts->draw_e9 = draw_e9(&call->work->transaction->id);
    if (type->has_case) {
        gather_case(&call->about, call->work->day, facts);
    }
    if (contract_asks(contract, offsetof(struct contract_facts, trader)) ||
        contract_asks(contract, offsetof(struct contract_facts, days_as_trader))) {
        gather_trader(call, trader);
    }
    if (call->head.bank != 0 &&
        contract_asks(contract, offsetof(struct contract_facts, balance_e4))) {
        facts->balance_e4 =
            contract_state_balance(call->work->execution, call->head.bank, call->work->sender);
    }
}
