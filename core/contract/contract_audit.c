/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/contract/contract_audit.h"

#include "core/ledger/title.h"

enum { BANKS_MAX = 8 };

/* What the writes add, by bank: to accounts and escrows, less what is issued. */
struct audit {
    struct execution *execution;
    int64_t day;
    unsigned bank_count;
    uint32_t banks[BANKS_MAX];
    int64_t sums_e4[BANKS_MAX];
    int64_t used_e4; /* of guarantees, less what cases have of them */
};

static const char *add(struct audit *audit, uint32_t bank, int64_t amount_e4) {
    unsigned i = 0;
    while (i < audit->bank_count && audit->banks[i] != bank) {
        i++;
    }
    if (i == BANKS_MAX) {
        return "a transaction moves the money of too many banks";
    }
    audit->bank_count += i == audit->bank_count;
    audit->banks[i] = bank;
    audit->sums_e4[i] += amount_e4;
    return NULL;
}

/* An entry before and after; false and zeros where there is none. */
static bool decode(struct audit *audit, const struct codec_row *rows, struct codec_blob bytes,
                   void *value) {
    struct codec_fault fault;
    return codec_decode(rows, bytes.bytes, bytes.size, audit->execution->scratch, value, &fault) ==
           0;
}

static bool decode_old(struct audit *audit, const struct codec_row *rows,
                       const struct execution_write *write, void *value) {
    struct codec_blob bytes;
    return state_get(&audit->execution->state, write->key, write->key_size, &bytes) &&
           decode(audit, rows, bytes, value);
}

static uint32_t member_in(const struct execution_write *write) {
    uint32_t member = 0;
    for (int i = 2; i < 6; i++) {
        member = member << 8 | write->key[i];
    }
    return member;
}

static const char *audit_account(struct audit *audit, const struct execution_write *write) {
    struct contract_account old = {0}, new = {0};
    const struct codec_row *rows = contract_state_rows[ENTRY_ACCOUNT];
    decode_old(audit, rows, write, &old);
    if (!decode(audit, rows, write->value, &new) || new.balance_e4 < 0) {
        return "an account is overdrawn";
    }
    return add(audit, member_in(write), new.balance_e4 - old.balance_e4);
}

static const char *audit_bank(struct audit *audit, const struct execution_write *write) {
    struct contract_bank old = {.issued_e4 = 0}, new = {.issued_e4 = 0};
    const struct codec_row *rows = contract_state_rows[ENTRY_BANK];
    decode_old(audit, rows, write, &old);
    if (!decode(audit, rows, write->value, &new) || new.issued_e4 < 0) {
        return "more money is redeemed than was issued";
    }
    return add(audit, member_in(write), old.issued_e4 - new.issued_e4);
}

static bool is_licence_valid(struct audit *audit, const struct contract_case *about) {
    struct contract_licence licence;
    if (about->category == CATEGORY_UNRESTRICTED || !about->is_licensed) {
        return about->category == CATEGORY_UNRESTRICTED;
    }
    struct execution_key key = contract_state_key_licence(about->agency, &about->licence);
    return contract_state_get(audit->execution, ENTRY_LICENCE, &key, &licence) &&
           contract_state_licence(&licence, audit->day) == LICENCE_VALID;
}

static const char *audit_release(struct audit *audit, const struct contract_case *old,
                                 const struct contract_case *new) {
    if (!new->is_released) {
        return old->is_released ? "goods that were released are not any more" : NULL;
    }
    if (!new->is_assessed || new->escrow_e4 != 0) {
        return "goods are released unassessed, or with money in escrow";
    }
    if (contract_state_due_e4(new) > new->guaranteed_e4) {
        return "goods are released that are neither paid, exempt nor guaranteed";
    }
    if (old->is_released) {
        return new->released_height == old->released_height ? NULL : "goods are released again";
    }
    return is_licence_valid(audit, new) && new->released_height == audit->execution->height
               ? NULL
               : "restricted goods are released without a licence that is valid at this height";
}

static const char *audit_case(struct audit *audit, const struct execution_write *write) {
    struct contract_case old = {.escrow_e4 = 0}, new = {.escrow_e4 = 0};
    const struct codec_row *rows = contract_state_rows[ENTRY_CASE];
    bool was_there = decode_old(audit, rows, write, &old);
    if (!decode(audit, rows, write->value, &new) || new.escrow_e4 < 0 || new.paid_e4 < 0 ||
        new.guaranteed_e4 < 0 || new.surcharge_e4 < 0 || new.relief_e4 < 0 ||
        new.relief_e4 > new.duty_e4) {
        return "an amount of a case is negative, or more is exempt than due";
    }
    if (was_there && (old.bank != new.bank || old.declarant != new.declarant)) {
        return "a case changes hands";
    }
    const char *reason = add(audit, new.bank, new.escrow_e4 - old.escrow_e4);
    audit->used_e4 -= new.guaranteed_e4 - old.guaranteed_e4;
    return reason != NULL ? reason : audit_release(audit, &old, &new);
}

static const char *audit_guarantee(struct audit *audit, const struct execution_write *write) {
    struct contract_guarantee old = {.used_e4 = 0}, new = {.used_e4 = 0};
    const struct codec_row *rows = contract_state_rows[ENTRY_GUARANTEE];
    decode_old(audit, rows, write, &old);
    if (!decode(audit, rows, write->value, &new) || new.used_e4 < 0 || new.used_e4 > new.limit_e4) {
        return "a guarantee covers more than its limit";
    }
    audit->used_e4 += new.used_e4 - old.used_e4;
    return NULL;
}

static const char *audit_title(struct audit *audit, const struct execution_write *write) {
    struct title old, new;
    bool was_there = decode_old(audit, title_rows, write, &old);
    if (!decode(audit, title_rows, write->value, &new) || new.holder == 0 ||
        new.acts != (was_there ? old.acts + 1 : 1)) {
        return "a title has not one holder after one act";
    }
    return NULL;
}

static const char *audit_write(struct audit *audit, const struct execution_write *write) {
    if (write->key[0] == SPACE_TITLE) {
        return audit_title(audit, write);
    }
    if (write->key[0] != SPACE_CONTRACT) {
        return NULL;
    }
    if (write->is_removed && write->key[1] != ENTRY_OFFER) {
        return "an entry is removed that stays";
    }
    switch (write->key[1]) {
    case ENTRY_ACCOUNT:
        return audit_account(audit, write);
    case ENTRY_BANK:
        return audit_bank(audit, write);
    case ENTRY_CASE:
        return audit_case(audit, write);
    case ENTRY_GUARANTEE:
        return audit_guarantee(audit, write);
    default:
        return NULL;
    }
}

const char *contract_audit(struct execution *execution, int64_t day) {
    struct audit audit = {.execution = execution, .day = day};
    for (uint32_t i = 0; i < execution->write_count; i++) {
        const char *reason = audit_write(&audit, &execution->writes[i]);
        if (reason != NULL) {
            return reason;
        }
    }
    for (unsigned i = 0; i < audit.bank_count; i++) {
        if (audit.sums_e4[i] != 0) {
            return "money is made or lost";
        }
    }
    return audit.used_e4 == 0 ? NULL : "guarantees don't add up to what they cover";
}
