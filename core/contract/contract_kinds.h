/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_kinds.h - the transactions about contracts, and their bodies.
 *
 *     by whom        transaction
 *     anybody        deploy     brings a contract; its owner replaces it, version by version
 *     bank           issue      money to a member; redeem takes it back
 *     declarant      lodge      a case, deposit and withdraw what is in escrow for it
 *     customs        assess     the duty; enrol a trader; claim on a guarantee
 *     declarant      settle     what is due, or the next instalment
 *     agency         license    and revoke
 *     guarantor      pledge     a guarantee for a trader
 *     seller         offer      a title against payment
 *     customs        trust      a ledger abroad; anybody follows its list of members
 *     see type       call       a contract
 *
 * Days are those of the block's time in UTC. Amounts are positive. */
#ifndef CORE_CONTRACT_CONTRACT_KINDS_H
#define CORE_CONTRACT_CONTRACT_KINDS_H

#include "core/contract/contract_state.h"
#include "core/ledger/title.h"

enum contract_kind {
    KIND_DEPLOY = KIND_CONTRACT,
    KIND_CALL,
    KIND_ISSUE,
    KIND_REDEEM,
    KIND_LODGE,
    KIND_ASSESS,
    KIND_DEPOSIT,
    KIND_WITHDRAW,
    KIND_SETTLE,
    KIND_CLAIM,
    KIND_LICENSE,
    KIND_REVOKE,
    KIND_PLEDGE,
    KIND_ENROL,
    KIND_OFFER,
    KIND_TRUST,
    KIND_FOLLOW,
    CONTRACT_KINDS_END
};

struct contract_deploy_body {
    struct codec_blob name, type; /* of the contract, of a contract_type */
    uint32_t version;             /* 1, or that of the ledger plus 1 */
    uint32_t bank, partner;       /* see contract_head */
    struct codec_blob page;
};

struct contract_call_body {
    struct codec_blob contract;
    uint32_t version;        /* that the caller has read */
    uint32_t cost_max;       /* that he agrees to */
    struct hash number;      /* of the case; of a sale: of the title */
    struct hash object;      /* number of the licence or guarantee; the model that made a score */
    int64_t amount_e4;       /* claimed back */
    int64_t count;           /* the score; instalments asked for */
    struct codec_blob proof; /* of the foreign inspection, as by foreign_prove_act */
};

struct contract_issue_body {
    uint32_t member;
    struct codec_blob currency;
    int64_t amount_e4;
};

struct contract_redeem_body {
    uint32_t bank;
    int64_t amount_e4;
};

struct contract_lodge_body {
    struct hash number;
    uint32_t customs, bank; /* that decides; whose money is paid with */
    uint8_t category, end_use;
    struct codec_blob chapter, origin, purpose;
    int64_t value_e4, quantity;
};

struct contract_assess_body {
    struct hash number;
    uint8_t category;
    int64_t duty_e4;
};

struct contract_payment_body { /* deposit, withdraw (of all: amount 0), settle, claim */
    struct hash number;
    int64_t amount_e4;
};

struct contract_license_body {
    struct hash number;
    uint32_t holder;
    uint8_t category;
    int64_t first_day, last_day;
    int64_t quantity;
};

struct contract_revoke_body {
    struct hash number;
};

struct contract_pledge_body {
    struct hash number;
    uint32_t principal, customs, bank;
    int64_t limit_e4, last_day;
};

struct contract_enrol_body {
    uint32_t member;
    uint8_t trader;
};

struct contract_offer_body {
    struct codec_blob contract; /* of type sale, by which it is sold */
    struct hash number;
    uint64_t acts; /* of the title */
    uint32_t buyer;
    int64_t price_e4;
};

struct contract_trust_body {
    struct codec_blob contract;
    struct contract_trust trust;
};

struct contract_follow_body {
    struct codec_blob contract;
    struct codec_blob proof; /* as by foreign_prove_members */
};

/* What foreign customs write into a record of their ledger, under any key. */
struct contract_inspection {
    struct hash number; /* of the case here */
    uint8_t result;     /* word */
};

/* The note of a call's receipt. */
struct contract_note {
    struct codec_blob contract;
    uint32_t version;
    struct hash page;
    struct codec_blob rule, reference, decision; /* cut where they are long */
};

/* Of the body of a kind. */
const struct codec_row *contract_kinds_rows(enum contract_kind kind);
extern const struct codec_row contract_kinds_inspection_rows[], contract_kinds_note_rows[];

/* Keeps compiled pages, and what they are compiled in. For one pool of ledgers. */
struct contract_engine;
struct contract_engine *contract_kinds_open(struct arena *arena);
void contract_kinds_close(struct contract_engine *engine);

/* All kinds of transactions, those of the ledger first, NULL at the end. They live in the engine's
 * arena, which outlives the pool that is opened with them. */
const struct transaction_kind *const *contract_kinds_list(const struct contract_engine *engine);

/* A page as text, compiled for a type, kept until others push it out. NULL and an error. */
const struct contract *contract_kinds_page(struct contract_engine *engine, unsigned type,
                                           const struct hash *page, const char *text, size_t size,
                                           struct error *err);

#endif
