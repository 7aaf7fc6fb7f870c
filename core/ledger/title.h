/* SPDX-License-Identifier: GPL-3.0-or-later
 * title.h - transferable records (bills of lading, warehouse receipts): whoever holds one can claim
 * the goods, so there is exactly one, with one holder, at every height.
 *
 * The holder has control in the sense of the Model Law on Electronic Transferable Records (UNCITRAL
 * 2017, article 11), the beneficiary has the title; as with bills that a bank holds, they differ.
 *
 *     issue         whoever becomes its issuer makes it, for a beneficiary and a holder
 *     nominate      beneficiary who is holder names the next beneficiary
 *     transfer      holder gives control to another
 *     endorse       holder gives the title to the nominee; where none is named, only if it is his
 *     transfer_all  beneficiary who is holder gives both to another
 *     reject        who was given something gives it back, as the very next act only
 *     surrender     beneficiary who is holder offers it back to the issuer; who answers by
 *     accept        ends it: the goods are delivered
 *     restore       gives it back
 *     to_paper      ends it: a paper takes its place
 *
 * A nomination ends when it is used, by surrender and by a transfer of all. Ended titles stay, so
 * that none is issued twice. */
#ifndef CORE_LEDGER_TITLE_H
#define CORE_LEDGER_TITLE_H

#include "core/ledger/execution_kinds.h"

/* clang-format off */
#define TITLE_ACTS(X) \
    X(issue) X(nominate) X(transfer) X(endorse) X(transfer_all) X(reject) \
    X(surrender) X(accept) X(restore) X(to_paper)
/* clang-format on */

enum title_act {
#define X(name) TITLE_##name,
    TITLE_ACTS(X)
#undef X
        TITLE_ACT_COUNT
};

enum title_stage { TITLE_HELD, TITLE_SURRENDERED, TITLE_ACCEPTED, TITLE_ON_PAPER, TITLE_STAGES };

/* 0 stands for nobody; members who deal in titles have other numbers. */
struct title {
    struct hash content; /* of the document */
    uint8_t stage;
    uint32_t issuer, beneficiary, holder;
    uint32_t nominee;                               /* next beneficiary, 0 for none */
    uint32_t previous_beneficiary, previous_holder; /* to whom a rejection goes back, 0 for none */
    uint64_t acts;                                  /* done so far, 1 for the issue */
};

struct title_body {
    uint8_t act;
    struct hash number;   /* names the title */
    uint64_t acts;        /* as the sender has seen them: an act on what has moved on is refused */
    uint32_t party;       /* whom it goes to; of issue: the holder. 0 where none is needed */
    uint32_t beneficiary; /* of issue */
    struct hash content;  /* of issue */
};

extern const struct codec_row title_rows[];
extern const struct codec_row title_body_rows[];
extern const struct transaction_kind title_kind;

/* What an act makes of a title; NULL `title`: there is none yet. NULL; or why it is refused. */
const char *title_apply(const struct title *title, const struct title_body *body, uint32_t sender,
                        struct title *next);

struct execution_key title_key(const struct hash *number);

/* The name of an act. */
const char *title_act_name(enum title_act act);

#endif
