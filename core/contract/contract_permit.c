/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_permit.c - what others bring that contracts go by: licences, guarantees, classes of
 * traders, offers of titles, and whom abroad to believe. */
#include "core/base/units.h"
#include "core/contract/contract_call.h"
#include "core/ledger/foreign.h"

#ifndef PLANTED
#define PLANTED(bug) false
#endif

/* Days that differ by less than the numbers they are counted in. */
static bool is_day(int64_t day) {
    return day >= UNITS_DAY_MIN && day <= UNITS_DAY_MAX;
}

/* ---- licences ------------------------------------------------------------------------------- */

static const char *license(const struct contract_work *work, const void *bytes) {
    const struct contract_license_body *body = bytes;
    struct execution_key key = contract_state_key_licence(work->sender, &body->number);
    struct contract_licence licence;
    if (contract_state_get(work->execution, ENTRY_LICENCE, &key, &licence)) {
        return "the licence was issued before";
    }
    if (!contract_case_is_member(work, body->holder) || body->category == 0 || body->quantity < 0 ||
        !is_day(body->first_day) || !is_day(body->last_day) || body->first_day > body->last_day) {
        return "a licence has a holder, a category, a quantity and its days in order";
    }
    licence = (struct contract_licence){.holder = body->holder,
                                        .category = body->category,
                                        .first_day = body->first_day,
                                        .last_day = body->last_day,
                                        .quantity_left = body->quantity};
    return contract_state_put(work->execution, ENTRY_LICENCE, &key, &licence);
}

static const char *revoke(const struct contract_work *work, const void *bytes) {
    const struct contract_revoke_body *body = bytes;
    struct execution_key key = contract_state_key_licence(work->sender, &body->number);
    struct contract_licence licence;
    if (!contract_state_get(work->execution, ENTRY_LICENCE, &key, &licence)) {
        return "only the agency that issued a licence revokes it";
    }
    if (licence.is_revoked) {
        return "the licence was revoked before";
    }
    licence.is_revoked = true;
    return contract_state_put(work->execution, ENTRY_LICENCE, &key, &licence);
}

/* ---- guarantees and classes ----------------------------------------------------------------- */

/* The same number again raises or lowers the limit, and lengthens it: never below what is used. */
static const char *pledge(const struct contract_work *work, const void *bytes) {
    const struct contract_pledge_body *body = bytes;
    struct execution_key key = contract_state_key_hash(ENTRY_GUARANTEE, &body->number);
    struct contract_guarantee guarantee = {.last_day = UNITS_DAY_MIN};
    if (!contract_case_is_member(work, body->principal) || work->sender == 0 ||
        !contract_case_is_member(work, body->customs) ||
        !contract_case_is_member(work, body->bank)) {
        return "guarantor, principal, customs and bank are members other than 0";
    }
    if (body->limit_e4 <= 0 || body->limit_e4 > CONTRACT_AMOUNT_MAX_E4 || !is_day(body->last_day)) {
        return "an amount is positive, and a day one of the calendar";
    }
    if (contract_state_get(work->execution, ENTRY_GUARANTEE, &key, &guarantee) &&
        (guarantee.guarantor != work->sender || guarantee.principal != body->principal ||
         guarantee.customs != body->customs || guarantee.bank != body->bank)) {
        return "the guarantee is another's";
    }
    if (body->limit_e4 < guarantee.used_e4 || body->last_day < guarantee.last_day) {
        return "a guarantee is not taken back while it is used";
    }
    guarantee = (struct contract_guarantee){.guarantor = work->sender,
                                            .principal = body->principal,
                                            .customs = body->customs,
                                            .bank = body->bank,
                                            .limit_e4 = body->limit_e4,
                                            .used_e4 = guarantee.used_e4,
                                            .last_day = body->last_day};
    return contract_state_put(work->execution, ENTRY_GUARANTEE, &key, &guarantee);
}

static const char *enrol(const struct contract_work *work, const void *bytes) {
    const struct contract_enrol_body *body = bytes;
    struct execution_key key = contract_state_key_pair(ENTRY_TRADER, work->sender, body->member);
    struct contract_trader_entry entry = {.trader = body->trader, .since_day = work->day};
    if (!contract_case_is_member(work, body->member) || body->trader == 0) {
        return "a trader is a member and has a class";
    }
    return contract_state_put(work->execution, ENTRY_TRADER, &key, &entry);
}

/* ---- titles --------------------------------------------------------------------------------- */

static const char *offer(const struct contract_work *work, const void *bytes) {
    const struct contract_offer_body *body = bytes;
    struct execution_key key = contract_state_key_hash(ENTRY_OFFER, &body->number);
    struct execution_key title = title_key(&body->number);
    struct title held;
    if (body->price_e4 <= 0 || body->price_e4 > CONTRACT_AMOUNT_MAX_E4) {
        return "an amount is positive";
    }
    if (!execution_get_value(work->execution, &title, title_rows, &held) ||
        held.holder != work->sender || held.beneficiary != work->sender ||
        held.stage != TITLE_HELD) {
        return "only a beneficiary who is holder offers a title";
    }
    if (held.acts != body->acts) {
        return "the title has moved on";
    }
    if (!contract_case_is_member(work, body->buyer) || body->buyer == work->sender) {
        return "a title is offered to another member";
    }
    struct contract_offer entry = {.contract = body->contract,
                                   .seller = work->sender,
                                   .buyer = body->buyer,
                                   .acts = body->acts,
                                   .price_e4 = body->price_e4};
    return contract_state_put(work->execution, ENTRY_OFFER, &key, &entry);
}

/* ---- ledgers abroad ------------------------------------------------------------------------- */

static const char *trust(const struct contract_work *work, const void *bytes) {
    const struct contract_trust_body *body = bytes;
    struct execution_key key =
        contract_state_key(ENTRY_HEAD, body->contract.bytes, body->contract.size);
    struct contract_head head;
    struct members members;
    struct codec_fault fault;
    if (!contract_state_get(work->execution, ENTRY_HEAD, &key, &head) ||
        head.owner != work->sender) {
        return "only the owner of a contract says whom it believes";
    }
    if (codec_decode(members_rows, body->trust.members.bytes, body->trust.members.size,
                     work->execution->scratch, &members, &fault) != 0 ||
        members_voter_count(&members) == 0) {
        return "it is no list of members who decide";
    }
    if (body->trust.time_ns < 0 || body->trust.age_max_ns < 0) {
        return "times are not negative";
    }
    key = contract_state_key(ENTRY_TRUST, body->contract.bytes, body->contract.size);
    return contract_state_put(work->execution, ENTRY_TRUST, &key, &body->trust);
}

static const char *follow(const struct contract_work *work, const void *bytes) {
    const struct contract_follow_body *body = bytes;
    struct execution *execution = work->execution;
    struct execution_key key =
        contract_state_key(ENTRY_TRUST, body->contract.bytes, body->contract.size);
    struct contract_trust entry;
    struct codec_fault fault;
    if (!contract_state_get(execution, ENTRY_TRUST, &key, &entry)) {
        return "the contract believes nobody abroad";
    }
    struct foreign_trust moved = {.ledger = entry.ledger,
                                  .height = entry.height,
                                  .time_ns = entry.time_ns,
                                  .age_max_ns = entry.age_max_ns,
                                  .hasher = execution->hasher,
                                  .verifier = execution->verifier};
    if (codec_decode(members_rows, entry.members.bytes, entry.members.size, execution->scratch,
                     &moved.members, &fault) != 0) {
        return "it is no list of members who decide";
    }
    const char *reason =
        foreign_follow(&moved, body->proof.bytes, body->proof.size, execution->scratch);
    if (reason != NULL) {
        return reason;
    }
    size_t size = codec_encode(members_rows, &moved.members, NULL, 0);
    if (size > STATE_VALUE_MAX / 2) {
        return "a value is too long";
    }
    uint8_t *members = arena_alloc(execution->scratch, size);
    codec_encode(members_rows, &moved.members, members, size);
    entry.members = (struct codec_blob){.bytes = members, .size = (uint32_t)size};
    entry.height = moved.height;
    entry.time_ns = moved.time_ns;
    return contract_state_put(execution, ENTRY_TRUST, &key, &entry);
}

/* ---- bodies --------------------------------------------------------------------------------- */

static const struct codec_row license_rows[] = {
    CODEC_BYTES(struct contract_license_body, number),
    CODEC(struct contract_license_body, holder, CODEC_U32),
    CODEC(struct contract_license_body, category, CODEC_U8, .max = CATEGORIES - 1),
    CODEC(struct contract_license_body, first_day, CODEC_I64),
    CODEC(struct contract_license_body, last_day, CODEC_I64),
    CODEC(struct contract_license_body, quantity, CODEC_I64),
    CODEC_ROWS_END,
};

static const struct codec_row revoke_rows[] = {
    CODEC_BYTES(struct contract_revoke_body, number),
    CODEC_ROWS_END,
};

static const struct codec_row pledge_rows[] = {
    CODEC_BYTES(struct contract_pledge_body, number),
    CODEC(struct contract_pledge_body, principal, CODEC_U32),
    CODEC(struct contract_pledge_body, customs, CODEC_U32),
    CODEC(struct contract_pledge_body, bank, CODEC_U32),
    CODEC(struct contract_pledge_body, limit_e4, CODEC_I64),
    CODEC(struct contract_pledge_body, last_day, CODEC_I64),
    CODEC_ROWS_END,
};

static const struct codec_row enrol_rows[] = {
    CODEC(struct contract_enrol_body, member, CODEC_U32),
    CODEC(struct contract_enrol_body, trader, CODEC_U8, .max = TRADERS - 1),
    CODEC_ROWS_END,
};

static const struct codec_row offer_body_rows[] = {
    CODEC(struct contract_offer_body, contract, CODEC_TEXT, .max = CONTRACT_NAME_MAX),
    CODEC_BYTES(struct contract_offer_body, number),
    CODEC(struct contract_offer_body, acts, CODEC_U64),
    CODEC(struct contract_offer_body, buyer, CODEC_U32),
    CODEC(struct contract_offer_body, price_e4, CODEC_I64),
    CODEC_ROWS_END,
};

static const struct codec_row trust_body_rows[] = {
    CODEC(struct contract_trust_body, contract, CODEC_TEXT, .max = CONTRACT_NAME_MAX),
    CODEC_BYTES(struct contract_trust_body, trust.ledger),
    CODEC(struct contract_trust_body, trust.members, CODEC_BLOB, .max = STATE_VALUE_MAX / 2),
    CODEC(struct contract_trust_body, trust.height, CODEC_U64),
    CODEC(struct contract_trust_body, trust.time_ns, CODEC_I64),
    CODEC(struct contract_trust_body, trust.age_max_ns, CODEC_I64),
    CODEC_ROWS_END,
};

static const struct codec_row follow_rows[] = {
    CODEC(struct contract_follow_body, contract, CODEC_TEXT, .max = CONTRACT_NAME_MAX),
    CODEC(struct contract_follow_body, proof, CODEC_BLOB, .max = TRANSACTION_BODY_MAX),
    CODEC_ROWS_END,
};

const struct contract_act contract_permit_acts[] = {
    {KIND_LICENSE, "license", "An agency issues a licence.", license_rows,
     sizeof(struct contract_license_body), license},
    {KIND_REVOKE, "revoke", "An agency revokes a licence.", revoke_rows,
     sizeof(struct contract_revoke_body), revoke},
    {KIND_PLEDGE, "pledge", "A guarantor stands for what a trader owes customs.", pledge_rows,
     sizeof(struct contract_pledge_body), pledge},
    {KIND_ENROL, "enrol", "Customs give a trader a class.", enrol_rows,
     sizeof(struct contract_enrol_body), enrol},
    {KIND_OFFER, "offer", "The holder of a title offers it at a price.", offer_body_rows,
     sizeof(struct contract_offer_body), offer},
    {KIND_TRUST, "trust", "The owner of a contract says whom abroad it believes.", trust_body_rows,
     sizeof(struct contract_trust_body), trust},
    {KIND_FOLLOW, "follow", "Moves that trust on to the present list of members.", follow_rows,
     sizeof(struct contract_follow_body), follow},
    {.name = NULL},
};
