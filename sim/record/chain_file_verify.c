/* SPDX-License-Identifier: GPL-3.0-or-later
 * chain_file_verify.c - see chain_file_verify.h.
 *
 * Signatures take nine tenths of the time and don't wait for each other, execution does. So while
 * one thread executes a batch of blocks, all others verify the signatures of the next, and their
 * answers are kept for the one who executes it then. An answer is about a key: where the list of
 * members has changed in between, the one who executes asks anew. */
#include "sim/record/chain_file_verify.h"

#include "core/contract/contract_kinds.h"
#include "core/ledger/foreign.h"

#include <omp.h>
#include <stdio.h>

enum { BATCH_BLOCKS = 64, BATCH_SIZE = 1 << 20, GROUP_SIGNATURES = 16, ANSWERS = 1 << 12 };

/* A signature to be verified. */
struct job {
    struct public_key key;
    struct hash hash;
    struct signature signature;
    bool is_good;
};

struct slot {
    const struct chain_record *record;
    struct arena arena;
    bool is_whole, is_decoded;
    struct block block;
    struct consensus_certificate certificate;
    struct codec_fault fault;
    uint32_t job_count;
    struct job *jobs;
};

struct group {
    struct job *jobs;
    uint32_t count;
};

struct batch {
    struct arena arena;
    uint32_t count, group_count;
    struct slot slots[BATCH_BLOCKS];
    struct group *groups;
};

/* One file being verified. */
struct inspection {
    struct chain_file *file;
    int thread_count;
    struct hasher **hashers; /* by thread */
    struct batch *batches[2];
    struct chain_report *report;
    /* Of the chain at work: */
    uint32_t chain;
    struct arena arena;
    struct ledger_pool *pool;
    struct ledger *ledger;
    bool is_damaged;
};

/* ---- damage --------------------------------------------------------------------------------- */

static void keep_damage(struct chain_report *report, const struct chain_fault *fault) {
    if (report->damage_count < CHAIN_DAMAGES_MAX) {
        report->damages[report->damage_count] = *fault;
    }
    report->damage_count++;
}

static void tell(struct inspection *inspection, const struct chain_record *record,
                 const char *field, size_t within, const char *reason) {
    struct chain_fault fault;
    chain_file_fault(inspection->file, inspection->chain, &record->height, field,
                     chain_file_offset(inspection->file, record, within), reason, &fault);
    keep_damage(inspection->report, &fault);
    inspection->is_damaged = true;
}

/* A reason of the ledger is "field: why". */
static void tell_reason(struct inspection *inspection, const struct chain_record *record,
                        const char *reason) {
    char field[sizeof((struct chain_fault *)NULL)->field];
    const char *colon = strstr(reason, ": ");
    snprintf(field, sizeof field, "%.*s", colon == NULL ? 0 : (int)(colon - reason), reason);
    tell(inspection, record, colon == NULL ? "block" : field, 0,
         colon == NULL ? reason : colon + 2);
}

/* ---- by all threads ------------------------------------------------------------------------- */

static void add_job(struct slot *slot, const struct public_key *key, const struct hash *hash,
                    const struct signature *signature) {
    if (key != NULL) { /* who has none is found when the block is executed */
        slot->jobs[slot->job_count++] =
            (struct job){.key = *key, .hash = *hash, .signature = *signature};
    }
}

static void list_jobs(struct slot *slot, const struct members *members, const struct hash *ledger,
                      struct hasher *hasher) {
    const struct block *block = &slot->block;
    const struct consensus_certificate *certificate = &slot->certificate;
    uint64_t height = block->header.height;
    uint32_t count = block->header.transaction_count;
    slot->jobs = ARENA_ARRAY(&slot->arena, struct job, (size_t)count + certificate->count);
    for (uint32_t i = 0; i < count; i++) {
        const struct transaction *transaction = &block->transactions[i];
        add_job(slot, members_key(members, transaction->sender, height), &transaction->id,
                &transaction->signature);
    }
    struct consensus_vote vote = {.kind = CONSENSUS_PRECOMMIT,
                                  .height = certificate->height,
                                  .round = certificate->round,
                                  .valid_round = -1,
                                  .value = certificate->value};
    struct hash hash = ballot_hash(ledger, &vote, hasher);
    for (uint32_t i = 0; i < certificate->count; i++) {
        const struct member *voter = members_voter(members, certificate->members[i]);
        add_job(slot, voter == NULL ? NULL : members_key(members, voter->number, height), &hash,
                &certificate->signatures[i]);
    }
}

static void decode(struct slot *slot, const struct members *members, const struct hash *ledger,
                   struct hasher *hasher) {
    const struct codec_blob *bytes = &slot->record->bytes;
    slot->is_whole = chain_file_is_whole(slot->record);
    slot->job_count = 0;
    slot->is_decoded = block_decode(bytes->bytes, bytes->size, hasher, &slot->arena, &slot->block,
                                    &slot->certificate, &slot->fault) == 0;
    if (slot->is_decoded) {
        list_jobs(slot, members, ledger, hasher);
    }
}

static void verify(const struct group *group) {
    for (uint32_t i = 0; i < group->count; i++) {
        struct job *job = &group->jobs[i];
        job->is_good = signature_verify(&job->key, job->hash.bytes, HASH_SIZE, &job->signature);
    }
}

static void make_groups(struct batch *batch) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < batch->count; i++) {
        count += (batch->slots[i].job_count + GROUP_SIGNATURES - 1) / GROUP_SIGNATURES;
    }
    batch->groups = ARENA_ARRAY(&batch->arena, struct group, count);
    batch->group_count = 0;
    for (uint32_t i = 0; i < batch->count; i++) {
        const struct slot *slot = &batch->slots[i];
        for (uint32_t k = 0; k < slot->job_count; k += GROUP_SIGNATURES) {
            uint32_t left = slot->job_count - k;
            batch->groups[batch->group_count++] = (struct group){
                .jobs = slot->jobs + k, .count = left < GROUP_SIGNATURES ? left : GROUP_SIGNATURES};
        }
    }
}

/* ---- by one --------------------------------------------------------------------------------- */

/* Somebody abroad who knows the members at that block. */
static struct foreign_trust trust_at(struct inspection *inspection,
                                     const struct block_header *header,
                                     const struct members *members) {
    return (struct foreign_trust){.ledger = header->ledger,
                                  .members = *members,
                                  .height = header->height,
                                  .time_ns = header->time_ns,
                                  .hasher = ledger_pool_hasher(inspection->pool),
                                  .verifier = ledger_pool_verifier(inspection->pool)};
}

static const char *prove_act(struct inspection *inspection, struct slot *slot,
                             const struct members *members) {
    const struct block_header *header = &slot->block.header;
    struct foreign_trust trust = trust_at(inspection, header, members);
    uint32_t index = (uint32_t)(header->height % header->transaction_count);
    struct codec_blob proof =
        foreign_prove_act(&slot->block, &slot->certificate, index, trust.hasher, &slot->arena);
    struct foreign_act act;
    const char *reason =
        foreign_check_act(&trust, header->time_ns, proof.bytes, proof.size, &slot->arena, &act);
    return reason != NULL || !hash_equal(&act.transaction.id, &slot->block.transactions[index].id)
               ? "proof: a transaction of the block cannot be proved"
               : NULL;
}

/* The state that the header names has what the ledger reads under a key, or nothing. */
static const char *prove_entry(struct inspection *inspection, struct slot *slot, uint64_t sender) {
    struct execution_key key = execution_key_number(SPACE_SEQUENCE, sender);
    struct codec_blob value;
    struct state_proof proof;
    bool is_there = ledger_read(inspection->ledger, &key, &value);
    return ledger_prove(inspection->ledger, &key, &slot->arena, &proof) &&
                   state_verify(ledger_pool_hasher(inspection->pool),
                                &slot->block.header.state_root, key.bytes, key.size,
                                is_there ? &value : NULL, &proof)
               ? NULL
               : "proof: an entry of the state, or its absence, cannot be proved";
}

/* The list that decides next, proved to those who know the list before. */
static const char *prove_members(struct inspection *inspection, struct slot *slot,
                                 const struct members *members) {
    const struct block_header *header = &slot->block.header;
    struct foreign_trust trust = trust_at(inspection, header, members);
    struct codec_blob proof =
        foreign_prove_members(inspection->ledger, &slot->block, &slot->certificate, &slot->arena);
    if (foreign_follow(&trust, proof.bytes, proof.size, &slot->arena) != NULL) {
        return "proof: the list of members cannot be proved";
    }
    struct hash proved = members_hash(&trust.members, trust.hasher);
    struct hash known = members_hash(ledger_members(inspection->ledger), trust.hasher);
    return hash_equal(&proved, &known) ? NULL : "proof: another list of members";
}

static const char *prove_all(struct inspection *inspection, struct slot *slot,
                             const struct members *members) {
    const struct block_header *header = &slot->block.header;
    const char *reason = prove_entry(inspection, slot, UINT64_MAX); /* nobody's: absent */
    if (reason == NULL && header->transaction_count > 0) {
        reason = prove_act(inspection, slot, members);
    }
    if (reason == NULL && header->transaction_count > 0) {
        reason = prove_entry(inspection, slot, slot->block.transactions[0].sender);
    }
    bool is_last = header->height == chain_file_height(inspection->file, inspection->chain);
    return reason == NULL && is_last ? prove_members(inspection, slot, members) : reason;
}

static const char *commit(struct inspection *inspection, struct slot *slot) {
    struct verifier *verifier = ledger_pool_verifier(inspection->pool);
    for (uint32_t i = 0; i < slot->job_count; i++) {
        const struct job *job = &slot->jobs[i];
        verifier_note(verifier, &job->key, &job->hash, &job->signature, job->is_good);
    }
    struct members members = *ledger_members(inspection->ledger);
    const char *reason = ledger_commit(inspection->ledger, &slot->block, &slot->certificate);
    return reason != NULL ? reason : prove_all(inspection, slot, &members);
}

static void execute_block(struct inspection *inspection, struct slot *slot) {
    struct chain_report *report = inspection->report;
    const char *reason = slot->is_decoded ? commit(inspection, slot) : NULL;
    report->signature_count += slot->job_count;
    if (!slot->is_decoded) {
        tell(inspection, slot->record, slot->fault.field, slot->fault.offset, slot->fault.reason);
    } else if (reason != NULL) {
        tell_reason(inspection, slot->record, reason);
    } else if (!slot->is_whole) {
        tell(inspection, slot->record, "checksum", 0, "not that of the block");
    } else {
        report->block_count++;
        report->transaction_count += slot->block.header.transaction_count;
    }
}

static void execute(struct inspection *inspection, struct batch *batch) {
    for (uint32_t i = 0; i < batch->count && !inspection->is_damaged; i++) {
        execute_block(inspection, &batch->slots[i]);
    }
}

/* ---- batches -------------------------------------------------------------------------------- */

static void clear(struct batch *batch) {
    for (uint32_t i = 0; i < batch->count; i++) {
        arena_free(&batch->slots[i].arena);
    }
    batch->count = batch->group_count = 0;
    arena_free(&batch->arena);
}

/* The blocks from `height` on, as many as make a batch. */
static void read_batch(struct inspection *inspection, uint64_t height, struct batch *batch) {
    struct chain_fault fault;
    struct chain_record *records;
    int32_t count = chain_file_read(inspection->file, inspection->chain, height, BATCH_BLOCKS,
                                    BATCH_SIZE, &batch->arena, &records, &fault);
    if (count < 0) {
        keep_damage(inspection->report, &fault);
        inspection->is_damaged = true;
    }
    for (int32_t i = 0; i < count; i++) {
        batch->slots[batch->count++].record = &records[i];
    }
}

/* Executes one batch and makes the next ready for it. */
static void work(struct inspection *inspection, struct batch *now, struct batch *next) {
    struct members members = *ledger_members(inspection->ledger);
    struct hash ledger = ledger_pool_id(inspection->pool);
#pragma omp parallel for schedule(dynamic) num_threads(inspection->thread_count)
    for (uint32_t i = 0; i < next->count; i++) {
        decode(&next->slots[i], &members, &ledger, inspection->hashers[omp_get_thread_num()]);
    }
    make_groups(next);
#pragma omp parallel for schedule(dynamic) num_threads(inspection->thread_count)
    for (uint32_t i = 0; i <= next->group_count; i++) {
        if (i == 0) {
            execute(inspection, now);
        } else {
            verify(&next->groups[i - 1]);
        }
    }
}

static void verify_blocks(struct inspection *inspection) {
    struct batch *now = inspection->batches[0], *next = inspection->batches[1];
    uint64_t height = 1;
    do {
        read_batch(inspection, height, next);
        work(inspection, now, next);
        clear(now);
        height += next->count;
        struct batch *done = now;
        now = next;
        next = done;
    } while (now->count > 0 && !inspection->is_damaged);
    clear(now);
}

/* ---- chains --------------------------------------------------------------------------------- */

static bool read_genesis(struct inspection *inspection, struct chain_genesis *genesis) {
    struct chain_fault damage;
    struct chain_record *record;
    struct codec_fault fault;
    int32_t count = chain_file_read(inspection->file, inspection->chain, 0, 1, BATCH_SIZE,
                                    &inspection->arena, &record, &damage);
    if (count != 1) {
        keep_damage(inspection->report, &damage);
        return false;
    }
    if (chain_file_genesis(record, &inspection->arena, genesis, &fault) != 0) {
        tell(inspection, record, fault.field, fault.offset, fault.reason);
    } else if (!chain_file_is_whole(record)) {
        tell(inspection, record, "genesis", 0, "it does not have its checksum");
    }
    return !inspection->is_damaged;
}

static void verify_chain(struct inspection *inspection, uint32_t chain) {
    struct chain_genesis genesis;
    inspection->chain = chain;
    inspection->is_damaged = false;
    if (read_genesis(inspection, &genesis)) {
        struct contract_engine *engine = contract_kinds_open(&inspection->arena);
        inspection->pool = ledger_pool_open(&genesis.ledger, contract_kinds_list(engine), ANSWERS,
                                            &inspection->arena);
        inspection->ledger =
            ledger_create(inspection->pool, &ledger_type_chain, &inspection->arena);
        verify_blocks(inspection);
        if (!inspection->is_damaged) {
            inspection->report->head = ledger_head(inspection->ledger);
        }
        inspection->report->signature_count +=
            verifier_verified(ledger_pool_verifier(inspection->pool));
        ledger_free(inspection->ledger);
        ledger_pool_close(inspection->pool);
        contract_kinds_close(engine);
    }
    arena_free(&inspection->arena);
}

static void verify_file(struct chain_file *file, int thread_count, struct chain_report *report) {
    struct arena arena = ARENA_INIT;
    struct inspection inspection = {.file = file, .thread_count = thread_count, .report = report};
    inspection.hashers = ARENA_ARRAY(&arena, struct hasher *, (size_t)thread_count);
    for (int i = 0; i < thread_count; i++) {
        inspection.hashers[i] = hash_open();
    }
    inspection.batches[0] = ARENA_NEW(&arena, struct batch);
    inspection.batches[1] = ARENA_NEW(&arena, struct batch);
    for (uint32_t i = 0; i < report->chain_count; i++) {
        verify_chain(&inspection, i);
    }
    for (int i = 0; i < thread_count; i++) {
        hash_close(inspection.hashers[i]);
    }
    arena_free(&arena);
}

int chain_file_verify(const char *path, int thread_count, struct chain_report *report,
                      struct error *err) {
    struct arena arena = ARENA_INIT;
    struct chain_fault fault = {.field = ""};
    *report = (struct chain_report){.chain_count = 0};
    struct chain_file *file = chain_file_open(path, &arena, &fault, err);
    if (file != NULL) {
        report->chain_count = chain_file_count(file);
        verify_file(file, thread_count > 0 ? thread_count : omp_get_max_threads(), report);
        if (report->damage_count == 0 && chain_file_check_rest(file, &fault) != 0) {
            keep_damage(report, &fault);
        }
    } else if (fault.field[0] != '\0') {
        keep_damage(report, &fault);
    }
    chain_file_free(file);
    arena_free(&arena);
    return file != NULL || report->damage_count > 0 ? 0 : -1;
}
