/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ledger/title.h"

const struct codec_row title_rows[] = {
    CODEC_BYTES(struct title, content),
    CODEC(struct title, stage, CODEC_U8, .max = TITLE_STAGES - 1),
    CODEC(struct title, issuer, CODEC_U32),
    CODEC(struct title, beneficiary, CODEC_U32),
    CODEC(struct title, holder, CODEC_U32),
    CODEC(struct title, nominee, CODEC_U32),
    CODEC(struct title, previous_beneficiary, CODEC_U32),
    CODEC(struct title, previous_holder, CODEC_U32),
    CODEC(struct title, acts, CODEC_U64),
    CODEC_ROWS_END,
};

const struct codec_row title_body_rows[] = {
    CODEC(struct title_body, act, CODEC_U8, .max = TITLE_ACT_COUNT - 1),
    CODEC_BYTES(struct title_body, number),
    CODEC(struct title_body, acts, CODEC_U64),
    CODEC(struct title_body, party, CODEC_U32),
    CODEC(struct title_body, beneficiary, CODEC_U32),
    CODEC_BYTES(struct title_body, content),
    CODEC_ROWS_END,
};

const char *title_act_name(enum title_act act) {
    static const char *const names[] = {
#define X(name) #name,
        TITLE_ACTS(X)
#undef X
    };
    return names[act];
}

/* ---- acts: each changes `title`, or says why not -------------------------------------------- */

static const char *do_nominate(struct title *title, uint32_t sender, uint32_t party) {
    if (sender != title->holder || sender != title->beneficiary) {
        return "only a beneficiary who is holder nominates";
    }
    if (party == 0 || party == title->beneficiary) {
        return "a nominee is somebody else";
    }
    title->nominee = party;
    return NULL;
}

static const char *do_transfer(struct title *title, uint32_t sender, uint32_t party) {
    if (sender != title->holder) {
        return "only the holder transfers";
    }
    if (party == 0 || party == title->holder) {
        return "a transfer goes to somebody else";
    }
    title->previous_holder = title->holder;
    title->holder = party;
    return NULL;
}

static const char *do_endorse(struct title *title, uint32_t sender, uint32_t party) {
    if (sender != title->holder) {
        return "only the holder endorses";
    }
    if (party == 0 || party == title->beneficiary) {
        return "an endorsement goes to somebody else";
    }
    if (title->nominee != 0 ? party != title->nominee : sender != title->beneficiary) {
        return title->nominee != 0 ? "another is nominated" : "nobody is nominated";
    }
    title->previous_beneficiary = title->beneficiary;
    title->beneficiary = party;
    title->nominee = 0;
    return NULL;
}

static const char *do_transfer_all(struct title *title, uint32_t sender, uint32_t party) {
    if (sender != title->holder || sender != title->beneficiary) {
        return "only a beneficiary who is holder transfers all";
    }
    if (party == 0 || party == sender) {
        return "a transfer goes to somebody else";
    }
    title->previous_holder = title->previous_beneficiary = sender;
    title->holder = title->beneficiary = party;
    title->nominee = 0;
    return NULL;
}

/* `before`: with what the last act has left. */
static const char *do_reject(struct title *title, const struct title *before, uint32_t sender) {
    bool is_holder = before->previous_holder != 0 && sender == before->holder;
    bool is_beneficiary = before->previous_beneficiary != 0 && sender == before->beneficiary;
    if (before->previous_holder == 0 && before->previous_beneficiary == 0) {
        return "the act before was no transfer";
    }
    if (!is_holder && !is_beneficiary) {
        return "only who was given it rejects";
    }
    if (before->previous_holder != 0) {
        title->holder = before->previous_holder;
    }
    if (before->previous_beneficiary != 0) {
        title->beneficiary = before->previous_beneficiary;
    }
    return NULL;
}

static const char *do_surrender(struct title *title, uint32_t sender) {
    if (sender != title->holder || sender != title->beneficiary) {
        return "only a beneficiary who is holder surrenders";
    }
    title->nominee = 0;
    title->stage = TITLE_SURRENDERED;
    return NULL;
}

static const char *do_answer(struct title *title, uint32_t sender, enum title_stage stage) {
    if (sender != title->issuer) {
        return "only the issuer answers a surrender";
    }
    title->stage = (uint8_t)stage;
    return NULL;
}

static const char *do_issue(const struct title_body *body, uint32_t sender, struct title *next) {
    if (body->party == 0 || body->beneficiary == 0 || sender == 0) {
        return "a title has an issuer, a holder and a beneficiary";
    }
    *next = (struct title){.content = body->content,
                           .stage = TITLE_HELD,
                           .issuer = sender,
                           .beneficiary = body->beneficiary,
                           .holder = body->party,
                           .acts = 1};
    return NULL;
}

static const char *do_act(struct title *title, const struct title *before,
                          const struct title_body *body, uint32_t sender) {
    switch ((enum title_act)body->act) {
    case TITLE_nominate:
        return do_nominate(title, sender, body->party);
    case TITLE_transfer:
        return do_transfer(title, sender, body->party);
    case TITLE_endorse:
        return do_endorse(title, sender, body->party);
    case TITLE_transfer_all:
        return do_transfer_all(title, sender, body->party);
    case TITLE_reject:
        return do_reject(title, before, sender);
    case TITLE_surrender:
        return do_surrender(title, sender);
    case TITLE_accept:
        return do_answer(title, sender, TITLE_ACCEPTED);
    case TITLE_restore:
        return do_answer(title, sender, TITLE_HELD);
    case TITLE_to_paper:
        return do_answer(title, sender, TITLE_ON_PAPER);
    default:
        return "there is no such act";
    }
}

static bool answers_surrender(uint8_t act) {
    return act == TITLE_accept || act == TITLE_restore || act == TITLE_to_paper;
}

const char *title_apply(const struct title *title, const struct title_body *body, uint32_t sender,
                        struct title *next) {
    if (title == NULL) {
        return body->act == TITLE_issue ? do_issue(body, sender, next) : "there is no such title";
    }
    if (body->act == TITLE_issue) {
        return "the title was issued before";
    }
    if (body->acts != title->acts) {
        return "the title has moved on";
    }
    if (title->stage == TITLE_ACCEPTED || title->stage == TITLE_ON_PAPER) {
        return "the title has ended";
    }
    if (answers_surrender(body->act) != (title->stage == TITLE_SURRENDERED)) {
        return title->stage == TITLE_SURRENDERED ? "the title is surrendered"
                                                 : "the title is not surrendered";
    }
    *next = *title;
    next->previous_holder = next->previous_beneficiary = 0; /* only the next act rejects */
    next->acts++;
    return do_act(next, title, body, sender);
}

/* ---- on the ledger -------------------------------------------------------------------------- */

struct execution_key title_key(const struct hash *number) {
    return execution_key(SPACE_TITLE, number->bytes, HASH_SIZE);
}

static bool is_member(const struct execution *execution, uint32_t number) {
    return number == 0 || members_find(&execution->members, number) != NULL;
}

static const char *execute(struct execution *execution, const struct transaction *transaction,
                           struct receipt *receipt) {
    struct title_body body;
    struct title title, next;
    const char *reason = execution_body(execution, title_body_rows, transaction, &body);
    if (reason != NULL) {
        return reason;
    }
    if (!is_member(execution, body.party) || !is_member(execution, body.beneficiary)) {
        return "a title goes to members only";
    }
    struct execution_key key = title_key(&body.number);
    bool is_there = execution_get_value(execution, &key, title_rows, &title);
    reason = title_apply(is_there ? &title : NULL, &body, transaction->sender, &next);
    if (reason != NULL) {
        return reason;
    }
    const char *name = title_act_name(body.act);
    receipt->reason =
        (struct codec_blob){.bytes = (const uint8_t *)name, .size = (uint32_t)strlen(name)};
    return execution_put_value(execution, &key, title_rows, &next);
}

const struct transaction_kind title_kind = {
    .kind = KIND_TITLE,
    .name = "title",
    .doc = "Issues, transfers and ends transferable records.",
    .execute = execute,
};
