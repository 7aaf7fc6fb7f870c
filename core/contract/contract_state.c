/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/contract/contract_state.h"

#include "core/base/require.h"

#ifndef PLANTED
#define PLANTED(bug) false
#endif

static const struct codec_row head_rows[] = {
    CODEC(struct contract_head, owner, CODEC_U32),
    CODEC(struct contract_head, version, CODEC_U32),
    CODEC(struct contract_head, type, CODEC_U8),
    CODEC(struct contract_head, bank, CODEC_U32),
    CODEC(struct contract_head, partner, CODEC_U32),
    CODEC_BYTES(struct contract_head, page),
    CODEC_ROWS_END,
};

static const struct codec_row bank_rows[] = {
    CODEC(struct contract_bank, currency, CODEC_TEXT, .max = CONTRACT_CURRENCY_SIZE),
    CODEC(struct contract_bank, issued_e4, CODEC_I64),
    CODEC_ROWS_END,
};

static const struct codec_row account_rows[] = {
    CODEC(struct contract_account, balance_e4, CODEC_I64),
    CODEC_ROWS_END,
};

static const struct codec_row case_rows[] = {
    CODEC(struct contract_case, declarant, CODEC_U32),
    CODEC(struct contract_case, customs, CODEC_U32),
    CODEC(struct contract_case, bank, CODEC_U32),
    CODEC(struct contract_case, lodged_day, CODEC_I64),
    CODEC(struct contract_case, category, CODEC_U8, .max = CATEGORIES - 1),
    CODEC(struct contract_case, end_use, CODEC_U8, .max = END_USES - 1),
    CODEC(struct contract_case, chapter, CODEC_TEXT, .max = CONTRACT_CODE_MAX),
    CODEC(struct contract_case, origin, CODEC_TEXT, .max = CONTRACT_CODE_MAX),
    CODEC(struct contract_case, purpose, CODEC_TEXT, .max = CONTRACT_CODE_MAX),
    CODEC(struct contract_case, value_e4, CODEC_I64),
    CODEC(struct contract_case, quantity, CODEC_I64),
    CODEC(struct contract_case, is_assessed, CODEC_FLAG),
    CODEC(struct contract_case, duty_e4, CODEC_I64),
    CODEC(struct contract_case, relief_e4, CODEC_I64),
    CODEC(struct contract_case, surcharge_e4, CODEC_I64),
    CODEC(struct contract_case, paid_e4, CODEC_I64),
    CODEC(struct contract_case, escrow_e4, CODEC_I64),
    CODEC(struct contract_case, channel, CODEC_U8, .max = CHANNELS - 1),
    CODEC(struct contract_case, has_score, CODEC_FLAG),
    CODEC(struct contract_case, score, CODEC_I64),
    CODEC_BYTES(struct contract_case, model),
    CODEC(struct contract_case, is_approved, CODEC_FLAG),
    CODEC(struct contract_case, is_inspected, CODEC_FLAG),
    CODEC(struct contract_case, is_licensed, CODEC_FLAG),
    CODEC(struct contract_case, agency, CODEC_U32),
    CODEC_BYTES(struct contract_case, licence),
    CODEC(struct contract_case, guaranteed_e4, CODEC_I64),
    CODEC_BYTES(struct contract_case, guarantee),
    CODEC(struct contract_case, term_day, CODEC_I64),
    CODEC(struct contract_case, instalments, CODEC_U32),
    CODEC(struct contract_case, instalments_paid, CODEC_U32),
    CODEC(struct contract_case, plan_e4, CODEC_I64),
    CODEC(struct contract_case, rank, CODEC_U32),
    CODEC(struct contract_case, is_released, CODEC_FLAG),
    CODEC(struct contract_case, released_height, CODEC_U64),
    CODEC(struct contract_case, released_day, CODEC_I64),
    CODEC_ROWS_END,
};

static const struct codec_row licence_rows[] = {
    CODEC(struct contract_licence, holder, CODEC_U32),
    CODEC(struct contract_licence, category, CODEC_U8, .max = CATEGORIES - 1),
    CODEC(struct contract_licence, first_day, CODEC_I64),
    CODEC(struct contract_licence, last_day, CODEC_I64),
    CODEC(struct contract_licence, quantity_left, CODEC_I64),
    CODEC(struct contract_licence, is_revoked, CODEC_FLAG),
    CODEC_ROWS_END,
};

static const struct codec_row guarantee_rows[] = {
    CODEC(struct contract_guarantee, guarantor, CODEC_U32),
    CODEC(struct contract_guarantee, principal, CODEC_U32),
    CODEC(struct contract_guarantee, customs, CODEC_U32),
    CODEC(struct contract_guarantee, bank, CODEC_U32),
    CODEC(struct contract_guarantee, limit_e4, CODEC_I64),
    CODEC(struct contract_guarantee, used_e4, CODEC_I64),
    CODEC(struct contract_guarantee, last_day, CODEC_I64),
    CODEC_ROWS_END,
};

static const struct codec_row trader_rows[] = {
    CODEC(struct contract_trader_entry, trader, CODEC_U8, .max = TRADERS - 1),
    CODEC(struct contract_trader_entry, since_day, CODEC_I64),
    CODEC_ROWS_END,
};

static const struct codec_row offer_rows[] = {
    CODEC(struct contract_offer, contract, CODEC_TEXT, .max = CONTRACT_NAME_MAX),
    CODEC(struct contract_offer, seller, CODEC_U32),
    CODEC(struct contract_offer, buyer, CODEC_U32),
    CODEC(struct contract_offer, acts, CODEC_U64),
    CODEC(struct contract_offer, price_e4, CODEC_I64),
    CODEC_ROWS_END,
};

static const struct codec_row trust_rows[] = {
    CODEC_BYTES(struct contract_trust, ledger),
    CODEC(struct contract_trust, members, CODEC_BLOB, .max = STATE_VALUE_MAX / 2),
    CODEC(struct contract_trust, height, CODEC_U64),
    CODEC(struct contract_trust, time_ns, CODEC_I64),
    CODEC(struct contract_trust, age_max_ns, CODEC_I64),
    CODEC_ROWS_END,
};

const struct codec_row *const contract_state_rows[ENTRIES] = {
    [ENTRY_HEAD] = head_rows,       [ENTRY_BANK] = bank_rows,
    [ENTRY_ACCOUNT] = account_rows, [ENTRY_CASE] = case_rows,
    [ENTRY_LICENCE] = licence_rows, [ENTRY_GUARANTEE] = guarantee_rows,
    [ENTRY_TRADER] = trader_rows,   [ENTRY_OFFER] = offer_rows,
    [ENTRY_TRUST] = trust_rows,
};

/* ---- keys ----------------------------------------------------------------------------------- */

struct execution_key contract_state_key(enum contract_entry entry, const void *name, size_t size) {
    uint8_t bytes[EXECUTION_KEY_MAX - 1] = {(uint8_t)entry};
    REQUIRE(size < sizeof bytes);
    if (size > 0) {
        memcpy(bytes + 1, name, size);
    }
    return execution_key(SPACE_CONTRACT, bytes, size + 1);
}

struct execution_key contract_state_key_hash(enum contract_entry entry, const struct hash *number) {
    return contract_state_key(entry, number->bytes, HASH_SIZE);
}

static void write_member(uint32_t member, uint8_t bytes[4]) {
    for (int i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(member >> 8 * (3 - i));
    }
}

struct execution_key contract_state_key_pair(enum contract_entry entry, uint32_t a, uint32_t b) {
    uint8_t bytes[8];
    write_member(a, bytes);
    write_member(b, bytes + 4);
    return contract_state_key(entry, bytes, sizeof bytes);
}

struct execution_key contract_state_key_licence(uint32_t agency, const struct hash *number) {
    uint8_t bytes[4 + HASH_SIZE];
    write_member(agency, bytes);
    memcpy(bytes + 4, number->bytes, HASH_SIZE);
    return contract_state_key(ENTRY_LICENCE, bytes, sizeof bytes);
}

bool contract_state_get(struct execution *execution, enum contract_entry entry,
                        const struct execution_key *key, void *value) {
    return execution_get_value(execution, key, contract_state_rows[entry], value);
}

const char *contract_state_put(struct execution *execution, enum contract_entry entry,
                               const struct execution_key *key, const void *value) {
    return execution_put_value(execution, key, contract_state_rows[entry], value);
}

/* ---- accounts ------------------------------------------------------------------------------- */

int64_t contract_state_balance(struct execution *execution, uint32_t bank, uint32_t member) {
    struct execution_key key = contract_state_key_pair(ENTRY_ACCOUNT, bank, member);
    struct contract_account account = {.balance_e4 = 0};
    contract_state_get(execution, ENTRY_ACCOUNT, &key, &account);
    return account.balance_e4;
}

static const char *set_balance(struct execution *execution, uint32_t bank, uint32_t member,
                               int64_t balance_e4) {
    struct execution_key key = contract_state_key_pair(ENTRY_ACCOUNT, bank, member);
    struct contract_account account = {.balance_e4 = balance_e4};
    return contract_state_put(execution, ENTRY_ACCOUNT, &key, &account);
}

const char *contract_state_credit(struct execution *execution, uint32_t bank, uint32_t member,
                                  int64_t amount_e4) {
    int64_t balance_e4 = contract_state_balance(execution, bank, member);
    REQUIRE(amount_e4 >= 0);
    return amount_e4 == 0 ? NULL : set_balance(execution, bank, member, balance_e4 + amount_e4);
}

const char *contract_state_debit(struct execution *execution, uint32_t bank, uint32_t member,
                                 int64_t amount_e4) {
    int64_t balance_e4 = contract_state_balance(execution, bank, member);
    REQUIRE(amount_e4 >= 0);
    if (balance_e4 < amount_e4 && !PLANTED(overdraw)) {
        return "there is not enough money in the account";
    }
    return amount_e4 == 0 ? NULL : set_balance(execution, bank, member, balance_e4 - amount_e4);
}

/* ---- what follows from entries -------------------------------------------------------------- */

int64_t contract_state_due_e4(const struct contract_case *about) {
    return about->duty_e4 + about->surcharge_e4 - about->relief_e4 - about->paid_e4;
}

enum contract_licence_status contract_state_licence(const struct contract_licence *licence,
                                                    int64_t day) {
    if (licence->is_revoked && !PLANTED(revoked_counts)) {
        return LICENCE_REVOKED;
    }
    return day >= licence->first_day && day <= licence->last_day ? LICENCE_VALID : LICENCE_EXPIRED;
}
