/* SPDX-License-Identifier: GPL-3.0-or-later
 * ledger_chain.c - blocks that every node checks and a quorum commits. */
#include "core/ledger/ledger_parts.h"

/* ---- verdicts ------------------------------------------------------------------------------- */

static struct ledger_verdict *find_verdict(struct ledger_pool *pool, const struct hash *hash) {
    for (uint32_t i = 0; i < LEDGER_VERDICTS; i++) {
        struct ledger_verdict *verdict = &pool->verdicts[i];
        if (verdict->is_known && hash_equal(&verdict->hash, hash)) {
            return verdict;
        }
    }
    return NULL;
}

/* A place for one; the oldest is forgotten. */
static struct ledger_verdict *take_verdict(struct ledger_pool *pool) {
    struct ledger_verdict *verdict = &pool->verdicts[pool->next_verdict];
    pool->next_verdict = (pool->next_verdict + 1) % LEDGER_VERDICTS;
    if (verdict->is_known) {
        state_drop(&verdict->state);
    }
    *verdict = (struct ledger_verdict){.state = state_empty(pool->store)};
    return verdict;
}

/* ---- making and checking -------------------------------------------------------------------- */

/* What the node's own head and list say of a header. */
static const char *check_header(const struct ledger *ledger, const struct block_header *header) {
    struct ledger_pool *pool = ledger->pool;
    const char *reason =
        block_follows(header, ledger->has_head ? &ledger->head : NULL, &ledger->head_hash);
    if (reason != NULL) {
        return reason;
    }
    if (!ledger->has_head && header->time_ns < pool->time_ns) {
        return "time: before the ledger began";
    }
    struct hash members = members_hash(&ledger->members, pool->hasher);
    if (!hash_equal(&members, &header->members_hash)) {
        return "members_hash: another list";
    }
    uint32_t count = members_voter_count(&ledger->members);
    uint32_t index = consensus_proposer(header->height, (int32_t)header->round, count);
    return members_voter(&ledger->members, index)->number == header->proposer
               ? NULL
               : "proposer: not whose turn it is";
}

static const struct block *make(struct ledger *ledger, const struct ledger_batch *batch,
                                struct arena *arena) {
    struct ledger_pool *pool = ledger->pool;
    struct ledger_verdict *verdict = take_verdict(pool);
    struct block *block = ledger_execute_batch(ledger, batch, true, arena, verdict);
    block->header.members_hash = members_hash(&ledger->members, pool->hasher);
    block->header.state_root = state_root(&verdict->state);
    block_seal(block, pool->hasher, &pool->scratch);
    arena_free(&pool->scratch);
    verdict->hash = block->hash;
    verdict->reason = check_header(ledger, &block->header);
    return block;
}

/* Executes all; the receipts must come out as the block has them. */
static const char *execute(struct ledger *ledger, const struct block *block,
                           struct ledger_verdict *verdict) {
    struct ledger_pool *pool = ledger->pool;
    uint32_t count = block->header.transaction_count;
    struct execution *execution =
        ledger_begin_execution(ledger, block->header.height, block->header.time_ns, &pool->scratch);
    struct block again = *block;
    struct receipt *receipts = ARENA_ARRAY(&pool->scratch, struct receipt, count);
    const char *reason = NULL;
    for (uint32_t i = 0; i < count && reason == NULL; i++) {
        reason = execution_admits(execution, &block->transactions[i], true);
        if (reason == NULL) {
            execution_run(execution, &block->transactions[i], &receipts[i]);
        }
    }
    verdict->state = execution->state;
    verdict->members = execution->next;
    if (reason != NULL) {
        return reason;
    }
    again.receipts = receipts;
    struct hash root = block_receipts_root(&again, pool->hasher, &pool->scratch);
    if (!hash_equal(&root, &block->header.receipts_root)) {
        return "receipts_root: something else comes out";
    }
    root = state_root(&verdict->state);
    return hash_equal(&root, &block->header.state_root) ? NULL
                                                        : "state_root: another state comes out";
}

/* Whether transactions and receipts are those of the header: what a verdict under its hash is
 * about. */
static const char *check_body(struct ledger_pool *pool, const struct block *block) {
    struct hash hash = block_hash(&block->header, pool->hasher);
    if (!hash_equal(&hash, &block->hash)) {
        return "hash: not that of the header";
    }
    struct hash root = block_transactions_root(block, pool->hasher, &pool->scratch);
    if (!hash_equal(&root, &block->header.transactions_root)) {
        return "transactions_root: other transactions";
    }
    root = block_receipts_root(block, pool->hasher, &pool->scratch);
    return hash_equal(&root, &block->header.receipts_root) ? NULL : "receipts_root: other receipts";
}

static const char *judge(struct ledger *ledger, const struct block *block,
                         struct ledger_verdict **found) {
    struct ledger_pool *pool = ledger->pool;
    struct ledger_verdict *verdict = find_verdict(pool, &block->hash);
    if (!hash_equal(&block->header.previous, &ledger->head_hash)) {
        return check_header(ledger, &block->header);
    }
    const char *reason =
        verdict != NULL && verdict->block == block ? NULL : check_body(pool, block);
    if (reason == NULL && verdict == NULL) {
        reason = check_header(ledger, &block->header);
        verdict = take_verdict(pool);
        verdict->reason = reason != NULL ? reason : execute(ledger, block, verdict);
        verdict->is_known = true;
        verdict->hash = block->hash;
        verdict->block = block;
    }
    arena_free(&pool->scratch);
    *found = verdict;
    return reason != NULL ? reason : verdict->reason;
}

static const char *check(struct ledger *ledger, const struct block *block) {
    struct ledger_verdict *verdict;
    return judge(ledger, block, &verdict);
}

static const char *commit(struct ledger *ledger, const struct block *block,
                          const struct consensus_certificate *certificate) {
    struct ledger_verdict *verdict;
    const char *reason = judge(ledger, block, &verdict);
    if (reason != NULL) {
        return reason;
    }
    struct ballot_judge ballot_judge = {.ledger = ledger->pool->id,
                                        .members = &ledger->members,
                                        .hasher = ledger->pool->hasher,
                                        .verifier = ledger->pool->verifier};
    if (certificate == NULL || certificate->height != block->header.height ||
        !hash_equal(&certificate->value, &block->hash) ||
        !ballot_check_certificate(&ballot_judge, CONSENSUS_PRECOMMIT, certificate)) {
        return "certificate: no quorum for this block";
    }
    ledger_advance(ledger, block, verdict);
    return NULL;
}

static bool read(const struct ledger *ledger, const struct execution_key *key,
                 struct codec_blob *value) {
    return state_get(&ledger->state, key->bytes, key->size, value);
}

static bool prove(struct ledger *ledger, const struct execution_key *key, struct arena *arena,
                  struct state_proof *proof) {
    *proof = state_prove(&ledger->state, key->bytes, key->size, arena);
    return true;
}

const struct ledger_type ledger_type_chain = {
    .name = "chain",
    .doc = "Every node checks every block, and a quorum of voters commits it.",
    .decides_alone = false,
    .make = make,
    .check = check,
    .commit = commit,
    .read = read,
    .prove = prove,
};
