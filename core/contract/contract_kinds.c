/* SPDX-License-Identifier: GPL-3.0-or-later
 * contract_kinds.c - transactions about contracts: deploying and calling them, and the acts of the
 * files beside it, each followed by the audit. */
#include "core/contract/contract_kinds.h"

#include "core/base/require.h"
#include "core/contract/contract_audit.h"
#include "core/contract/contract_call.h"
#include "core/ledger/payload.h"

#include <stdio.h>

#ifndef PLANTED
#define PLANTED(bug) false
#endif

enum {
    PAGES_KEPT = 64,
    PAGE_MEMORY_MAX = 8 * 1024 * 1024, /* of a compiled page */
    KIND_COUNT = CONTRACT_KINDS_END - KIND_CONTRACT,
    OTHER_KINDS = 4,
    NOTE_TEXT_MAX = 240,
};

#define DAY_NS ((int64_t)86400000000000)

/* A page that was compiled; under an arena of its own, so that it can be forgotten. */
struct kept_page {
    struct hash page;
    unsigned type;
    uint64_t used; /* when it was asked for last; 0: empty */
    struct arena arena;
    const struct contract *contract;
};

struct contract_engine {
    struct transaction_kind kinds[KIND_COUNT];
    const struct transaction_kind *list[OTHER_KINDS + KIND_COUNT + 1];
    const struct contract_act *acts[KIND_COUNT]; /* NULL for deploy and call */
    struct kept_page pages[PAGES_KEPT];
    uint64_t clock;
    struct rule_result result;
};

/* ---- pages ---------------------------------------------------------------------------------- */

/* Where a page is or comes to be: the one that was asked for longest ago makes room. */
static struct kept_page *find_page(struct contract_engine *engine, unsigned type,
                                   const struct hash *page) {
    struct kept_page *oldest = &engine->pages[0];
    for (unsigned i = 0; i < PAGES_KEPT; i++) {
        struct kept_page *kept = &engine->pages[i];
        if (kept->used > 0 && kept->type == type && hash_equal(&kept->page, page)) {
            return kept;
        }
        oldest = kept->used < oldest->used ? kept : oldest;
    }
    return oldest;
}

const struct contract *contract_kinds_page(struct contract_engine *engine, unsigned type,
                                           const struct hash *page, const char *text, size_t size,
                                           struct error *err) {
    struct kept_page *kept = find_page(engine, type, page);
    if (kept->used > 0 && kept->type == type && hash_equal(&kept->page, page)) {
        kept->used = ++engine->clock;
        return kept->contract;
    }
    arena_free(&kept->arena);
    kept->used = 0;
    const struct node *file = node_read_text(&kept->arena, "page", text, size, err);
    kept->contract =
        file == NULL ? NULL : contract_compile(contract_type_at(type), file, &kept->arena, err);
    if (kept->contract != NULL && kept->arena.total_size > PAGE_MEMORY_MAX) {
        error_set(err, ERROR_INPUT, "the page is too large");
        kept->contract = NULL;
    }
    if (kept->contract == NULL) {
        arena_free(&kept->arena);
        return NULL;
    }
    kept->page = *page;
    kept->type = type;
    kept->used = ++engine->clock;
    return kept->contract;
}

/* ---- receipts ------------------------------------------------------------------------------- */

/* A text of a page as receipts can hold it: printable, cut at a character. */
static struct codec_blob printable(const char *text, size_t max, struct arena *arena) {
    size_t size = strlen(text);
    if (size > max) {
        for (size = max; size > 0 && ((uint8_t)text[size] & 0xc0) == 0x80; size--) {
        }
    }
    char *copy = arena_text(arena, text, size);
    for (size_t i = 0; i < size; i++) {
        if ((uint8_t)copy[i] < 0x20 || copy[i] == 0x7f) {
            copy[i] = ' ';
        } else if ((uint8_t)copy[i] == 0xc2 && (uint8_t)copy[i + 1] < 0xa0) {
            copy[i] = copy[i + 1] = ' ';
        }
    }
    return (struct codec_blob){.bytes = (const uint8_t *)copy, .size = (uint32_t)size};
}

static const char *reason_of(const struct contract_work *work, const char *before,
                             const char *text) {
    const char *whole = arena_format(work->execution->arena, "%s%s", before, text);
    return (const char *)printable(whole, RECEIPT_TEXT_MAX, work->execution->arena).bytes;
}

const struct codec_row contract_kinds_note_rows[] = {
    CODEC(struct contract_note, contract, CODEC_TEXT, .max = CONTRACT_NAME_MAX),
    CODEC(struct contract_note, version, CODEC_U32),
    CODEC_BYTES(struct contract_note, page),
    CODEC(struct contract_note, rule, CODEC_TEXT, .max = NOTE_TEXT_MAX),
    CODEC(struct contract_note, reference, CODEC_TEXT, .max = NOTE_TEXT_MAX),
    CODEC(struct contract_note, decision, CODEC_TEXT, .max = NOTE_TEXT_MAX),
    CODEC_ROWS_END,
};

/* Which rule of which page said what, and by which law. */
static void write_receipt(const struct contract_work *work, const struct contract_call *call) {
    struct arena *arena = work->execution->arena;
    const struct contract_decision *decision = &call->decision;
    const char *said = decision->outcome.decision;
    struct contract_note note = {.contract = call->body->contract,
                                 .version = call->head.version,
                                 .page = call->head.page,
                                 .rule = printable(decision->rule, NOTE_TEXT_MAX, arena),
                                 .reference = printable(decision->reference, NOTE_TEXT_MAX, arena),
                                 .decision =
                                     printable(said != NULL ? said : "", NOTE_TEXT_MAX, arena)};
    size_t size = codec_encode(contract_kinds_note_rows, &note, NULL, 0);
    uint8_t *bytes = arena_alloc(arena, size);
    codec_encode(contract_kinds_note_rows, &note, bytes, size);
    work->receipt->cost = decision->cost;
    work->receipt->note = (struct codec_blob){.bytes = bytes, .size = (uint32_t)size};
    work->receipt->reason = printable(decision->rule, RECEIPT_TEXT_MAX, arena);
}

/* ---- deploying ------------------------------------------------------------------------------ */

/* Who may, and the version. */
static const char *check_version(const struct contract_work *work,
                                 const struct contract_deploy_body *body, unsigned type,
                                 const struct execution_key *key) {
    struct contract_head old;
    if (!contract_state_get(work->execution, ENTRY_HEAD, key, &old)) {
        return body->version == 1 ? NULL : "the first version of a contract is 1";
    }
    if (old.owner != work->sender && !PLANTED(anybody_deploys)) {
        return "the contract is another's";
    }
    if (old.type != type || old.version == UINT32_MAX) {
        return "a contract keeps its type";
    }
    return body->version == old.version + 1 ? NULL : "not the next version of the contract";
}

/* The bank of the contract must count in what the page counts in. */
static const char *check_bank(const struct contract_work *work,
                              const struct contract_deploy_body *body,
                              const struct contract *contract) {
    const char *currency = contract_currency(contract);
    struct execution_key key = contract_state_key_pair(ENTRY_BANK, body->bank, 0);
    struct contract_bank bank;
    if (body->bank == 0) {
        return contract_type_of(contract)->has_bank ? "a contract of this type names a bank"
               : currency[0] != '\0'                ? "a page with a currency goes with a bank"
                                                    : NULL;
    }
    if (!contract_state_get(work->execution, ENTRY_BANK, &key, &bank)) {
        return "there is no such bank";
    }
    return currency[0] == '\0' || memcmp(currency, bank.currency.bytes, CONTRACT_CURRENCY_SIZE) == 0
               ? NULL
               : "the page is in another currency than the bank";
}

static const char *check_page(const struct contract_work *work,
                              const struct contract_deploy_body *body, unsigned type,
                              const struct hash *page) {
    struct error err = ERROR_INIT;
    const struct contract *contract = contract_kinds_page(
        work->engine, type, page, (const char *)body->page.bytes, body->page.size, &err);
    if (contract == NULL) {
        const char *place =
            arena_format(work->execution->arena, "page:%d:%d: ", err.line, err.column);
        return reason_of(work, err.line > 0 ? place : "", err.text);
    }
    return check_bank(work, body, contract);
}

static const char *deploy(const struct contract_work *work,
                          const struct contract_deploy_body *body) {
    struct execution *execution = work->execution;
    const char *name =
        arena_text(execution->scratch, (const char *)body->type.bytes, body->type.size);
    int type = contract_type_find(name);
    if (body->name.size == 0 || work->sender == 0) {
        return "a contract has a name, and an owner other than 0";
    }
    if (type < 0) {
        return "there is no such type of contracts";
    }
    struct execution_key key = contract_state_key(ENTRY_HEAD, body->name.bytes, body->name.size);
    const char *reason = check_version(work, body, (unsigned)type, &key);
    if (reason != NULL) {
        return reason;
    }
    struct hash page = hash_bytes(execution->hasher, HASH_RULE, body->page.bytes, body->page.size);
    reason = check_page(work, body, (unsigned)type, &page);
    if (reason != NULL) {
        return reason;
    }
    struct contract_head head = {.owner = work->sender,
                                 .version = body->version,
                                 .type = (uint8_t)type,
                                 .bank = body->bank,
                                 .partner = body->partner,
                                 .page = page};
    struct execution_key page_key = contract_state_key_hash(ENTRY_PAGE, &page);
    reason = execution_put(execution, &page_key, body->page.bytes, body->page.size);
    return reason != NULL ? reason : contract_state_put(execution, ENTRY_HEAD, &key, &head);
}

static const struct codec_row deploy_rows[] = {
    CODEC(struct contract_deploy_body, name, CODEC_TEXT, .max = CONTRACT_NAME_MAX),
    CODEC(struct contract_deploy_body, type, CODEC_TEXT, .max = CONTRACT_NAME_MAX),
    CODEC(struct contract_deploy_body, version, CODEC_U32),
    CODEC(struct contract_deploy_body, bank, CODEC_U32),
    CODEC(struct contract_deploy_body, partner, CODEC_U32),
    CODEC(struct contract_deploy_body, page, CODEC_BLOB, .max = CONTRACT_PAGE_SIZE_MAX),
    CODEC_ROWS_END,
};

/* ---- calling -------------------------------------------------------------------------------- */

/* The compiled page of a contract. Deploying has shown that it compiles. */
static const struct contract *load(const struct contract_work *work,
                                   const struct contract_head *head) {
    struct error err = ERROR_INIT;
    struct kept_page *kept = find_page(work->engine, head->type, &head->page);
    if (kept->used > 0 && kept->type == head->type && hash_equal(&kept->page, &head->page)) {
        kept->used = ++work->engine->clock;
        return kept->contract;
    }
    struct codec_blob text;
    struct execution_key key = contract_state_key_hash(ENTRY_PAGE, &head->page);
    bool is_there = execution_get(work->execution, &key, &text);
    REQUIRE(is_there);
    const struct contract *contract = contract_kinds_page(
        work->engine, head->type, &head->page, (const char *)text.bytes, text.size, &err);
    REQUIRE(contract != NULL);
    return contract;
}

static const char *check_caller(const struct contract_call *call,
                                const struct contract_type *type) {
    uint32_t sender = call->work->sender;
    bool may =
        (type->callers & CALLER_ANYBODY) != 0 ||
        ((type->callers & CALLER_OWNER) != 0 && sender == call->head.owner) ||
        ((type->callers & CALLER_PARTNER) != 0 && sender == call->head.partner && sender != 0) ||
        ((type->callers & CALLER_DECLARANT) != 0 && type->has_case &&
         sender == call->about.declarant);
    return may ? NULL : "the contract is not for this caller";
}

static const char *begin_call(struct contract_call *call, const struct contract *contract) {
    const struct contract_type *type = contract_type_of(contract);
    if (type->has_case) {
        if (!contract_case_get(call->work, &call->body->number, &call->about)) {
            return "there is no such case";
        }
        if (call->about.customs != call->head.owner) {
            return "the contract is not of the customs of the case";
        }
        if (call->head.bank != 0 && call->about.bank != call->head.bank) {
            return "the contract takes the money of another bank";
        }
    }
    const char *reason = check_caller(call, type);
    if (reason == NULL) {
        contract_gather(call, contract);
        reason = type->gather == NULL ? NULL : type->gather(call);
    }
    return reason;
}

/* Why nothing is done, as the page says it. */
static const char *explain(const struct contract_call *call) {
    const struct contract_decision *decision = &call->decision;
    if (decision->fact != NULL) {
        return reason_of(call->work,
                         "missing, or outside of what the contract takes: ", decision->fact);
    }
    if (decision->refusal != NULL) {
        return decision->refusal;
    }
    if (decision->outcome.reason != NULL) {
        return reason_of(call->work, "", decision->outcome.reason);
    }
    return reason_of(call->work, "the contract decides: ",
                     decision->outcome.decision != NULL ? decision->outcome.decision : "nothing");
}

static const char *call_contract(const struct contract_work *work,
                                 const struct contract_call_body *body) {
    struct contract_call call = {.work = work, .body = body};
    struct execution_key key =
        contract_state_key(ENTRY_HEAD, body->contract.bytes, body->contract.size);
    if (!contract_state_get(work->execution, ENTRY_HEAD, &key, &call.head)) {
        return "there is no such contract";
    }
    if (call.head.version != body->version && !PLANTED(any_version)) {
        return "the contract has another version";
    }
    const struct contract *contract = load(work, &call.head);
    const struct contract_type *type = contract_type_of(contract);
    if (rule_cost(contract_rule(contract)) > body->cost_max && !PLANTED(cost_ignored)) {
        return "the contract may cost more than the caller agrees to";
    }
    const char *reason = begin_call(&call, contract);
    if (reason != NULL) {
        return reason;
    }
    contract_decide(contract, &call.facts, work->day, &work->engine->result, &call.decision);
    write_receipt(work, &call);
    if (!call.decision.is_granted) {
        return explain(&call);
    }
    reason = type->act == NULL ? NULL : type->act(&call);
    return reason != NULL || !type->has_case ? reason
                                             : contract_case_keep(work, &body->number, &call.about);
}

static const struct codec_row call_rows[] = {
    CODEC(struct contract_call_body, contract, CODEC_TEXT, .max = CONTRACT_NAME_MAX),
    CODEC(struct contract_call_body, version, CODEC_U32),
    CODEC(struct contract_call_body, cost_max, CODEC_U32),
    CODEC_BYTES(struct contract_call_body, number),
    CODEC_BYTES(struct contract_call_body, object),
    CODEC(struct contract_call_body, amount_e4, CODEC_I64),
    CODEC(struct contract_call_body, count, CODEC_I64),
    CODEC(struct contract_call_body, proof, CODEC_BLOB, .max = TRANSACTION_BODY_MAX),
    CODEC_ROWS_END,
};

/* ---- all kinds ------------------------------------------------------------------------------ */

const struct codec_row *contract_kinds_rows(enum contract_kind kind) {
    const struct contract_act *lists[] = {contract_money_acts, contract_case_acts,
                                          contract_permit_acts};
    for (unsigned i = 0; i < sizeof lists / sizeof *lists; i++) {
        for (const struct contract_act *act = lists[i]; act->name != NULL; act++) {
            if (act->kind == kind) {
                return act->rows;
            }
        }
    }
    return kind == KIND_DEPLOY ? deploy_rows : call_rows;
}

static const char *carry_out(const struct contract_work *work, const struct contract_act *act) {
    const struct transaction *transaction = work->transaction;
    struct execution *execution = work->execution;
    union {
        struct contract_deploy_body deploy;
        struct contract_call_body call;
    } body;
    const char *reason;
    if (act != NULL) {
        void *bytes = arena_alloc(execution->scratch, act->body_size);
        reason = execution_body(execution, act->rows, transaction, bytes);
        return reason != NULL ? reason : act->execute(work, bytes);
    }
    if (transaction->kind == KIND_DEPLOY) {
        reason = execution_body(execution, deploy_rows, transaction, &body.deploy);
        return reason != NULL ? reason : deploy(work, &body.deploy);
    }
    reason = execution_body(execution, call_rows, transaction, &body.call);
    return reason != NULL ? reason : call_contract(work, &body.call);
}

static int64_t day_of(int64_t time_ns) {
    return time_ns / DAY_NS - (time_ns % DAY_NS < 0);
}

static const char *execute(struct execution *execution, const struct transaction *transaction,
                           struct receipt *receipt) {
    struct contract_engine *engine = execution->context;
    struct contract_work work = {.execution = execution,
                                 .engine = engine,
                                 .transaction = transaction,
                                 .receipt = receipt,
                                 .sender = transaction->sender,
                                 .day = day_of(execution->time_ns)};
    const char *reason = carry_out(&work, engine->acts[transaction->kind - KIND_CONTRACT]);
    if (reason != NULL || PLANTED(no_audit)) {
        return reason;
    }
    reason = contract_audit(execution, work.day); /* NULL, or an act of this folder is wrong */
    return reason == NULL ? NULL : reason_of(&work, "audit: ", reason);
}

static void add_kind(struct contract_engine *engine, uint32_t kind, const char *name,
                     const char *doc, const struct contract_act *act) {
    struct transaction_kind *added = &engine->kinds[kind - KIND_CONTRACT];
    *added = (struct transaction_kind){
        .kind = kind, .name = name, .doc = doc, .execute = execute, .context = engine};
    engine->list[OTHER_KINDS + kind - KIND_CONTRACT] = added;
    engine->acts[kind - KIND_CONTRACT] = act;
}

static void add_acts(struct contract_engine *engine, const struct contract_act *acts) {
    for (; acts->name != NULL; acts++) {
        add_kind(engine, acts->kind, acts->name, acts->doc, acts);
    }
}

struct contract_engine *contract_kinds_open(struct arena *arena) {
    struct contract_engine *engine = ARENA_NEW(arena, struct contract_engine);
    engine->list[0] = &execution_kind_record;
    engine->list[1] = &execution_kind_members;
    engine->list[2] = &title_kind;
    engine->list[3] = &payload_kind;
    add_kind(engine, KIND_DEPLOY, "deploy", "Brings a contract, or its next version.", NULL);
    add_kind(engine, KIND_CALL, "call", "Calls a contract.", NULL);
    add_acts(engine, contract_money_acts);
    add_acts(engine, contract_case_acts);
    add_acts(engine, contract_permit_acts);
    for (int i = 0; i < OTHER_KINDS + KIND_COUNT; i++) {
        REQUIRE(engine->list[i] != NULL);
    }
    return engine;
}

void contract_kinds_close(struct contract_engine *engine) {
    for (unsigned i = 0; i < PAGES_KEPT; i++) {
        arena_free(&engine->pages[i].arena);
    }
}

const struct transaction_kind *const *contract_kinds_list(const struct contract_engine *engine) {
    return engine->list;
}
