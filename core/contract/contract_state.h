/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_state.h - what contracts keep on the ledger, and how it is read and written.
 *
 *     key: SPACE_CONTRACT (1) | entry (1) | name
 *     HEAD       name of the contract               who may replace it, and which page holds
 *     PAGE       hash of its text                   the text
 *     BANK       member                             currency, and how much it has issued
 *     ACCOUNT    bank (4) | member (4)              what the member has there
 *     CASE       number (32)                        a declaration, its duty and its goods
 *     LICENCE    agency (4) | number (32)
 *     GUARANTEE  number (32)
 *     TRADER     customs (4) | member (4)           the class that customs gave him
 *     OFFER      number of the title (32)           at which price it may be bought
 *     TRUST      name of the contract               whom abroad it believes
 *
 * Money is what a bank owes: the accounts and the escrows with it add up to what it has issued. */
#ifndef CORE_CONTRACT_CONTRACT_STATE_H
#define CORE_CONTRACT_CONTRACT_STATE_H

#include "core/contract/contract.h"
#include "core/ledger/execution_kinds.h"

enum contract_entry {
    ENTRY_HEAD,
    ENTRY_PAGE,
    ENTRY_BANK,
    ENTRY_ACCOUNT,
    ENTRY_CASE,
    ENTRY_LICENCE,
    ENTRY_GUARANTEE,
    ENTRY_TRADER,
    ENTRY_OFFER,
    ENTRY_TRUST,
    ENTRIES
};

enum { CONTRACT_NAME_MAX = 40, CONTRACT_CURRENCY_SIZE = 3 };

struct contract_head {
    uint32_t owner, version;
    uint8_t type;     /* index of contract_type_at */
    uint32_t bank;    /* whose money it moves, 0 for none */
    uint32_t partner; /* agency, inspection service abroad or risk service; 0 for none */
    struct hash page;
};

struct contract_bank {
    struct codec_blob currency;
    int64_t issued_e4;
};

struct contract_account {
    int64_t balance_e4;
};

/* Members 0 are nobody. */
struct contract_case {
    uint32_t declarant, customs, bank;
    int64_t lodged_day;
    uint8_t category, end_use; /* words, see contract_facts.h */
    struct codec_blob chapter, origin, purpose;
    int64_t value_e4, quantity; /* quantity in units of the licence */
    bool is_assessed;
    int64_t duty_e4, relief_e4, surcharge_e4, paid_e4, escrow_e4;
    uint8_t channel; /* 0: not yet */
    bool has_score;
    int64_t score;
    struct hash model; /* that made the score */
    bool is_approved, is_inspected;
    bool is_licensed;
    uint32_t agency;
    struct hash licence; /* of that agency; agency 0: none was needed */
    int64_t guaranteed_e4;
    struct hash guarantee;
    int64_t term_day; /* after this day customs may claim on the guarantee */
    uint32_t instalments, instalments_paid;
    int64_t plan_e4; /* what the instalments add up to */
    uint32_t rank;
    bool is_released;
    uint64_t released_height;
    int64_t released_day;
};

struct contract_licence {
    uint32_t holder;
    uint8_t category;
    int64_t first_day, last_day; /* both included */
    int64_t quantity_left;
    bool is_revoked;
};

struct contract_guarantee {
    uint32_t guarantor, principal, customs, bank;
    int64_t limit_e4, used_e4;
    int64_t last_day;
};

struct contract_trader_entry {
    uint8_t trader; /* word */
    int64_t since_day;
};

struct contract_offer {
    struct codec_blob contract;
    uint32_t seller, buyer;
    uint64_t acts; /* of the title: the offer ends when it moves */
    int64_t price_e4;
};

struct contract_trust {
    struct hash ledger;
    struct codec_blob members; /* encoded with members_rows */
    uint64_t height;
    int64_t time_ns, age_max_ns;
};

/* By enum contract_entry; NULL for pages, which are text. */
extern const struct codec_row *const contract_state_rows[ENTRIES];

struct execution_key contract_state_key(enum contract_entry entry, const void *name, size_t size);
struct execution_key contract_state_key_hash(enum contract_entry entry, const struct hash *number);
struct execution_key contract_state_key_pair(enum contract_entry entry, uint32_t a, uint32_t b);
struct execution_key contract_state_key_licence(uint32_t agency, const struct hash *number);

/* False when there is none; texts of the value lie in the execution's scratch memory. */
bool contract_state_get(struct execution *execution, enum contract_entry entry,
                        const struct execution_key *key, void *value);

/* NULL, or that it is too much. */
const char *contract_state_put(struct execution *execution, enum contract_entry entry,
                               const struct execution_key *key, const void *value);

/* What a member has at a bank. */
int64_t contract_state_balance(struct execution *execution, uint32_t bank, uint32_t member);

/* Adds to an account, or takes from it. NULL; or that there is not enough. */
const char *contract_state_credit(struct execution *execution, uint32_t bank, uint32_t member,
                                  int64_t amount_e4);
const char *contract_state_debit(struct execution *execution, uint32_t bank, uint32_t member,
                                 int64_t amount_e4);

/* Duty and surcharge less relief and payments: negative when too much was paid. */
int64_t contract_state_due_e4(const struct contract_case *about);

/* The status of a licence on a day. */
enum contract_licence_status contract_state_licence(const struct contract_licence *licence,
                                                    int64_t day);

#endif
