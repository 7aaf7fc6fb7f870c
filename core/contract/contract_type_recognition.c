/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_type_recognition.c - an inspection abroad counts here. The caller brings the proof that
 * the ledger abroad holds a record about this very case, written by the inspection service that is
 * the contract's partner; the contract's owner has said whom abroad he believes. */
#include "core/contract/contract_call.h"
#include "core/ledger/foreign.h"

#define DAY_NS ((int64_t)86400000000000)

const struct codec_row contract_kinds_inspection_rows[] = {
    CODEC_BYTES(struct contract_inspection, number),
    CODEC(struct contract_inspection, result, CODEC_U8, .max = INSPECTION_RESULTS - 1),
    CODEC_ROWS_END,
};

static const char *read_trust(struct contract_call *call, struct foreign_trust *trust) {
    struct execution *execution = call->work->execution;
    struct execution_key key =
        contract_state_key(ENTRY_TRUST, call->body->contract.bytes, call->body->contract.size);
    struct contract_trust entry;
    struct codec_fault fault;
    if (!contract_state_get(execution, ENTRY_TRUST, &key, &entry)) {
        return "the contract believes nobody abroad";
    }
    *trust = (struct foreign_trust){.ledger = entry.ledger,
                                    .height = entry.height,
                                    .time_ns = entry.time_ns,
                                    .age_max_ns = entry.age_max_ns,
                                    .hasher = execution->hasher,
                                    .verifier = execution->verifier};
    return codec_decode(members_rows, entry.members.bytes, entry.members.size, execution->scratch,
                        &trust->members, &fault) == 0
               ? NULL
               : "it is no list of members who decide";
}

/* The inspection in an act that is proved. */
static const char *read_inspection(struct contract_call *call, const struct foreign_act *act,
                                   struct contract_inspection *inspection) {
    struct arena *scratch = call->work->execution->scratch;
    struct record_body record;
    struct codec_fault fault;
    if (act->transaction.sender != call->head.partner || act->receipt.is_refused) {
        return "the act abroad is not of the inspection service, or was refused";
    }
    if (act->transaction.kind != KIND_RECORD ||
        codec_decode(execution_record_body_rows, act->transaction.body.bytes,
                     act->transaction.body.size, scratch, &record, &fault) != 0 ||
        record.is_removed ||
        codec_decode(contract_kinds_inspection_rows, record.value.bytes, record.value.size, scratch,
                     inspection, &fault) != 0) {
        return "the act abroad is no inspection";
    }
    return hash_equal(&inspection->number, &call->body->number)
               ? NULL
               : "the inspection is of other goods";
}

static const char *gather_recognition(struct contract_call *call) {
    const struct contract_work *work = call->work;
    struct foreign_trust trust;
    struct foreign_act act;
    struct contract_inspection inspection;
    const char *reason = read_trust(call, &trust);
    if (reason == NULL && call->about.is_inspected) {
        reason = "the goods are inspected already";
    }
    if (reason == NULL) {
        reason = foreign_check_act(&trust, work->execution->time_ns, call->body->proof.bytes,
                                   call->body->proof.size, work->execution->scratch, &act);
    }
    if (reason == NULL) {
        reason = read_inspection(call, &act, &inspection);
    }
    if (reason != NULL) {
        return reason;
    }
    int64_t age_ns = work->execution->time_ns - act.header.time_ns;
    call->facts.inspection = inspection.result;
    call->facts.inspection_days = age_ns > 0 ? age_ns / DAY_NS : 0;
    return NULL;
}

static const char *do_recognition(struct contract_call *call) {
    call->about.is_inspected = true;
    return NULL;
}

const struct contract_type contract_type_recognition = {
    .name = "recognition",
    .doc = "Recognises an inspection that a ledger abroad proves.",
    .grant = "recognise",
    .callers = CALLER_DECLARANT | CALLER_OWNER,
    .has_case = true,
    .gather = gather_recognition,
    .act = do_recognition,
};
