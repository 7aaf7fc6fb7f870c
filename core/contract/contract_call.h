/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_call.h - an act on contracts being carried out: what the files of this folder share. */
#ifndef CORE_CONTRACT_CONTRACT_CALL_H
#define CORE_CONTRACT_CONTRACT_CALL_H

#include "core/contract/contract_kinds.h"

/* One transaction. Acts read and write through the execution, so that what they have written is
 * forgotten when one refuses. */
struct contract_work {
    struct execution *execution;
    struct contract_engine *engine;
    const struct transaction *transaction;
    struct receipt *receipt;
    uint32_t sender;
    int64_t day; /* of the block, in UTC */
};

/* A call of a contract, handed from its facts to what is done. */
struct contract_call {
    const struct contract_work *work;
    const struct contract_call_body *body;
    struct contract_head head;
    struct contract_case about; /* written when the act is done */
    struct contract_facts facts;
    struct contract_decision decision;
    /* What a type has gathered besides. */
    struct contract_licence licence;
    struct contract_guarantee guarantee;
    struct contract_offer offer;
    struct title title;
};

/* An act other than a call: what stands in its body, and what it does. */
struct contract_act {
    uint32_t kind;
    const char *name, *doc;
    const struct codec_row *rows;
    size_t body_size;
    /* NULL; or why it is refused. */
    const char *(*execute)(const struct contract_work *work, const void *body);
};

/* NULL-named at the end. contract_money.c, contract_case.c, contract_permit.c. */
extern const struct contract_act contract_money_acts[], contract_case_acts[],
    contract_permit_acts[];

/* ---- contract_gather.c ---- */

/* The facts about the case and the caller, as far as the page asks for them. */
void contract_gather(struct contract_call *call, const struct contract *contract);

/* ---- contract_case.c ---- */

/* The entry of a case; false when there is none. */
bool contract_case_get(const struct contract_work *work, const struct hash *number,
                       struct contract_case *about);

/* Writes it. What is no longer due is no longer guaranteed. */
const char *contract_case_keep(const struct contract_work *work, const struct hash *number,
                               struct contract_case *about);

/* Whether it is a member, and not 0. */
bool contract_case_is_member(const struct contract_work *work, uint32_t member);

#endif
