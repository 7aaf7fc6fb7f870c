/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_case.c - a declaration on the ledger, and what customs say of it. */
#include "core/contract/contract_call.h"

#include "core/base/require.h"

#ifndef PLANTED
#define PLANTED(bug) false
#endif

bool contract_case_get(const struct contract_work *work, const struct hash *number,
                       struct contract_case *about) {
    struct execution_key key = contract_state_key_hash(ENTRY_CASE, number);
    return contract_state_get(work->execution, ENTRY_CASE, &key, about);
}

bool contract_case_is_member(const struct contract_work *work, uint32_t member) {
    return member != 0 && members_find(&work->execution->members, member) != NULL;
}

/* Gives back to the guarantee what is no longer due. */
static const char *free_guarantee(const struct contract_work *work, struct contract_case *about) {
    int64_t due_e4 = contract_state_due_e4(about);
    int64_t freed_e4 = about->guaranteed_e4 - (due_e4 > 0 ? due_e4 : 0);
    struct contract_guarantee guarantee;
    if (freed_e4 <= 0) {
        return NULL;
    }
    struct execution_key key = contract_state_key_hash(ENTRY_GUARANTEE, &about->guarantee);
    bool is_there = contract_state_get(work->execution, ENTRY_GUARANTEE, &key, &guarantee);
    REQUIRE(is_there);
    guarantee.used_e4 -= freed_e4;
    if (!PLANTED(guarantee_stays)) {
        about->guaranteed_e4 -= freed_e4;
    }
    return contract_state_put(work->execution, ENTRY_GUARANTEE, &key, &guarantee);
}

const char *contract_case_keep(const struct contract_work *work, const struct hash *number,
                               struct contract_case *about) {
    struct execution_key key = contract_state_key_hash(ENTRY_CASE, number);
    const char *reason = free_guarantee(work, about);
    return reason != NULL ? reason : contract_state_put(work->execution, ENTRY_CASE, &key, about);
}

static bool is_in_bounds(int64_t amount_e4) {
    return amount_e4 >= 0 && amount_e4 <= CONTRACT_AMOUNT_MAX_E4;
}

static const char *lodge(const struct contract_work *work, const void *bytes) {
    const struct contract_lodge_body *body = bytes;
    struct contract_case about;
    if (contract_case_get(work, &body->number, &about)) {
        return "the case was lodged before";
    }
    if (work->sender == 0 || !contract_case_is_member(work, body->customs) ||
        !contract_case_is_member(work, body->bank)) {
        return "declarant, customs and bank are members other than 0";
    }
    if (!is_in_bounds(body->value_e4) || body->quantity < 0 || body->category == 0) {
        return "a case has a category, and no negative value or quantity";
    }
    about = (struct contract_case){.declarant = work->sender,
                                   .customs = body->customs,
                                   .bank = body->bank,
                                   .lodged_day = work->day,
                                   .category = body->category,
                                   .end_use = body->end_use,
                                   .chapter = body->chapter,
                                   .origin = body->origin,
                                   .purpose = body->purpose,
                                   .value_e4 = body->value_e4,
                                   .quantity = body->quantity};
    return contract_case_keep(work, &body->number, &about);
}

/* Duty once more: lower for goods that are released or paid in parts, for these stand on it. */
static const char *assess(const struct contract_work *work, const void *bytes) {
    const struct contract_assess_body *body = bytes;
    struct contract_case about;
    if (!contract_case_get(work, &body->number, &about) || about.customs != work->sender) {
        return "only the customs of a case assess it";
    }
    if (!is_in_bounds(body->duty_e4) || body->category == 0) {
        return "a case has a category, and no negative duty";
    }
    if ((about.is_released || about.instalments > 0) &&
        (body->duty_e4 > about.duty_e4 || body->category != about.category)) {
        return "after release and agreement on instalments only a lower duty is assessed";
    }
    if (body->category != about.category) {
        about.category = body->category;
        about.is_licensed = false;
        about.agency = 0;
    }
    about.is_assessed = true;
    about.duty_e4 = body->duty_e4;
    about.relief_e4 = about.relief_e4 < about.duty_e4 ? about.relief_e4 : about.duty_e4;
    return contract_case_keep(work, &body->number, &about);
}

static const struct codec_row lodge_rows[] = {
    CODEC_BYTES(struct contract_lodge_body, number),
    CODEC(struct contract_lodge_body, customs, CODEC_U32),
    CODEC(struct contract_lodge_body, bank, CODEC_U32),
    CODEC(struct contract_lodge_body, category, CODEC_U8, .max = CATEGORIES - 1),
    CODEC(struct contract_lodge_body, end_use, CODEC_U8, .max = END_USES - 1),
    CODEC(struct contract_lodge_body, chapter, CODEC_TEXT, .max = CONTRACT_CODE_MAX),
    CODEC(struct contract_lodge_body, origin, CODEC_TEXT, .max = CONTRACT_CODE_MAX),
    CODEC(struct contract_lodge_body, purpose, CODEC_TEXT, .max = CONTRACT_CODE_MAX),
    CODEC(struct contract_lodge_body, value_e4, CODEC_I64),
    CODEC(struct contract_lodge_body, quantity, CODEC_I64),
    CODEC_ROWS_END,
};

static const struct codec_row assess_rows[] = {
    CODEC_BYTES(struct contract_assess_body, number),
    CODEC(struct contract_assess_body, category, CODEC_U8, .max = CATEGORIES - 1),
    CODEC(struct contract_assess_body, duty_e4, CODEC_I64),
    CODEC_ROWS_END,
};

const struct contract_act contract_case_acts[] = {
    {KIND_LODGE, "lodge", "The declarant brings a case.", lodge_rows,
     sizeof(struct contract_lodge_body), lodge},
    {KIND_ASSESS, "assess", "Customs say what the duty is.", assess_rows,
     sizeof(struct contract_assess_body), assess},
    {.name = NULL},
};
