/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_money.c - money that a bank owes: issued, redeemed, put into escrow and paid. */
#include "core/base/wide.h"
#include "core/contract/contract_call.h"

#ifndef PLANTED
#define PLANTED(bug) false
#endif

/* So that no sum of accounts can overflow. */
#define ISSUED_MAX_E4 ((int64_t)4000000000000000000)

static bool is_amount(int64_t amount_e4) {
    return amount_e4 > 0 && amount_e4 <= CONTRACT_AMOUNT_MAX_E4;
}

static bool is_currency(const struct codec_blob *text) {
    for (uint32_t i = 0; i < text->size; i++) {
        if (text->bytes[i] < 'A' || text->bytes[i] > 'Z') {
            return false;
        }
    }
    return text->size == CONTRACT_CURRENCY_SIZE;
}

static const char *issue(const struct contract_work *work, const void *bytes) {
    const struct contract_issue_body *body = bytes;
    struct execution_key key = contract_state_key_pair(ENTRY_BANK, work->sender, 0);
    struct contract_bank bank = {.currency = body->currency};
    if (!is_amount(body->amount_e4) || !is_currency(&body->currency)) {
        return "an amount is positive, and a currency three letters";
    }
    if (work->sender == 0 || !contract_case_is_member(work, body->member)) {
        return "a bank and who has an account there are members other than 0";
    }
    contract_state_get(work->execution, ENTRY_BANK, &key, &bank);
    if (memcmp(bank.currency.bytes, body->currency.bytes, CONTRACT_CURRENCY_SIZE) != 0) {
        return "the bank has another currency";
    }
    if (bank.issued_e4 > ISSUED_MAX_E4 - body->amount_e4) {
        return "the bank has issued all that it can";
    }
    bank.issued_e4 += body->amount_e4;
    const char *reason = contract_state_put(work->execution, ENTRY_BANK, &key, &bank);
    return reason != NULL ? reason
                          : contract_state_credit(work->execution, work->sender, body->member,
                                                  body->amount_e4);
}

static const char *redeem(const struct contract_work *work, const void *bytes) {
    const struct contract_redeem_body *body = bytes;
    struct execution_key key = contract_state_key_pair(ENTRY_BANK, body->bank, 0);
    struct contract_bank bank;
    if (!is_amount(body->amount_e4)) {
        return "an amount is positive";
    }
    if (!contract_state_get(work->execution, ENTRY_BANK, &key, &bank)) {
        return "there is no such bank";
    }
    const char *reason =
        contract_state_debit(work->execution, body->bank, work->sender, body->amount_e4);
    bank.issued_e4 -= body->amount_e4;
    return reason != NULL ? reason : contract_state_put(work->execution, ENTRY_BANK, &key, &bank);
}

/* ---- for a case ----------------------------------------------------------------------------- */

static const char *deposit(const struct contract_work *work, const void *bytes) {
    const struct contract_payment_body *body = bytes;
    struct contract_case about;
    if (!is_amount(body->amount_e4)) {
        return "an amount is positive";
    }
    if (!contract_case_get(work, &body->number, &about) || about.declarant != work->sender) {
        return "only the declarant of a case deposits for it";
    }
    if (about.is_released || about.instalments > 0) {
        return about.is_released ? "the goods are released" : "the duty is paid by instalments";
    }
    const char *reason =
        contract_state_debit(work->execution, about.bank, work->sender, body->amount_e4);
    if (reason != NULL) {
        return reason;
    }
    if (about.escrow_e4 > CONTRACT_AMOUNT_MAX_E4) {
        return "there is more than enough in escrow";
    }
    about.escrow_e4 += body->amount_e4;
    return contract_case_keep(work, &body->number, &about);
}

/* All of it, since nothing has been decided on it. */
static const char *withdraw(const struct contract_work *work, const void *bytes) {
    const struct contract_payment_body *body = bytes;
    struct contract_case about;
    if (body->amount_e4 != 0) {
        return "what is in escrow is withdrawn as a whole";
    }
    if (!contract_case_get(work, &body->number, &about) || about.declarant != work->sender) {
        return "only the declarant of a case withdraws from it";
    }
    if (about.escrow_e4 == 0) {
        return "nothing is in escrow";
    }
    const char *reason =
        contract_state_credit(work->execution, about.bank, work->sender, about.escrow_e4);
    if (!PLANTED(withdraw_again)) {
        about.escrow_e4 = 0;
    }
    return reason != NULL ? reason : contract_case_keep(work, &body->number, &about);
}

/* The next part of a plan: parts differ by the rounding only, and add up to the plan exactly. */
static int64_t next_part_e4(const struct contract_case *about) {
    int64_t due_e4 = contract_state_due_e4(about), count = about->instalments;
    int64_t after = (int64_t)((int128)about->plan_e4 * (about->instalments_paid + 1) / count);
    int64_t before = (int64_t)((int128)about->plan_e4 * about->instalments_paid / count);
    return after - before < due_e4 ? after - before : due_e4;
}

static const char *pay(const struct contract_work *work, const struct hash *number,
                       struct contract_case *about, uint32_t payer, int64_t amount_e4) {
    const char *reason = contract_state_debit(work->execution, about->bank, payer, amount_e4);
    if (reason == NULL && !PLANTED(customs_forgotten)) {
        reason = contract_state_credit(work->execution, about->bank, about->customs, amount_e4);
    }
    about->paid_e4 += amount_e4;
    return reason != NULL ? reason : contract_case_keep(work, number, about);
}

static const char *settle(const struct contract_work *work, const void *bytes) {
    const struct contract_payment_body *body = bytes;
    struct contract_case about;
    if (!is_amount(body->amount_e4)) {
        return "an amount is positive";
    }
    if (!contract_case_get(work, &body->number, &about) || about.declarant != work->sender) {
        return "only the declarant of a case settles it";
    }
    if (!about.is_assessed || body->amount_e4 > contract_state_due_e4(&about)) {
        return about.is_assessed ? "less is due" : "customs have not assessed the duty";
    }
    if (about.instalments > 0) {
        if (body->amount_e4 != next_part_e4(&about)) {
            return "not the next instalment";
        }
        about.instalments_paid++;
    }
    return pay(work, &body->number, &about, work->sender, body->amount_e4);
}

static const char *claim(const struct contract_work *work, const void *bytes) {
    const struct contract_payment_body *body = bytes;
    struct contract_case about;
    struct contract_guarantee guarantee;
    if (!is_amount(body->amount_e4)) {
        return "an amount is positive";
    }
    if (!contract_case_get(work, &body->number, &about) || about.customs != work->sender) {
        return "only customs claim on a guarantee";
    }
    if (!about.is_released || (work->day <= about.term_day && !PLANTED(claim_early))) {
        return about.is_released ? "the term is not over" : "the goods are not released";
    }
    if (body->amount_e4 > about.guaranteed_e4) {
        return "less is guaranteed";
    }
    struct execution_key key = contract_state_key_hash(ENTRY_GUARANTEE, &about.guarantee);
    if (!contract_state_get(work->execution, ENTRY_GUARANTEE, &key, &guarantee)) {
        return "there is no such guarantee";
    }
    return pay(work, &body->number, &about, guarantee.guarantor, body->amount_e4);
}

static const struct codec_row issue_rows[] = {
    CODEC(struct contract_issue_body, member, CODEC_U32),
    CODEC(struct contract_issue_body, currency, CODEC_TEXT, .max = CONTRACT_CURRENCY_SIZE),
    CODEC(struct contract_issue_body, amount_e4, CODEC_I64),
    CODEC_ROWS_END,
};

static const struct codec_row redeem_rows[] = {
    CODEC(struct contract_redeem_body, bank, CODEC_U32),
    CODEC(struct contract_redeem_body, amount_e4, CODEC_I64),
    CODEC_ROWS_END,
};

static const struct codec_row payment_rows[] = {
    CODEC_BYTES(struct contract_payment_body, number),
    CODEC(struct contract_payment_body, amount_e4, CODEC_I64),
    CODEC_ROWS_END,
};

const struct contract_act contract_money_acts[] = {
    {KIND_ISSUE, "issue", "A bank issues money to a member.", issue_rows,
     sizeof(struct contract_issue_body), issue},
    {KIND_REDEEM, "redeem", "A member gives money back to its bank.", redeem_rows,
     sizeof(struct contract_redeem_body), redeem},
    {KIND_DEPOSIT, "deposit", "The declarant puts money into escrow for a case.", payment_rows,
     sizeof(struct contract_payment_body), deposit},
    {KIND_WITHDRAW, "withdraw", "The declarant takes back what is in escrow.", payment_rows,
     sizeof(struct contract_payment_body), withdraw},
    {KIND_SETTLE, "settle", "The declarant pays what is due, or the next instalment.", payment_rows,
     sizeof(struct contract_payment_body), settle},
    {KIND_CLAIM, "claim", "Customs take from the guarantor what was not paid in time.",
     payment_rows, sizeof(struct contract_payment_body), claim},
    {.name = NULL},
};
