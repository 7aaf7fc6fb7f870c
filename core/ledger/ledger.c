/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ledger/ledger.h"

#include "core/base/require.h"
#include "core/ledger/ledger_parts.h"

const struct ledger_type *ledger_type_find(const char *name) {
#define X(type)                     \
    if (strcmp(name, #type) == 0) { \
        return &ledger_type_##type; \
    }
    LEDGER_TYPES(X)
#undef X
    return NULL;
}

/* ---- pools ---------------------------------------------------------------------------------- */

struct written_genesis {
    struct codec_blob name;
    int64_t time_ns;
    struct hash members;
};

static const struct codec_row genesis_rows[] = {
    CODEC(struct written_genesis, name, CODEC_TEXT),
    CODEC(struct written_genesis, time_ns, CODEC_I64),
    CODEC_BYTES(struct written_genesis, members),
    CODEC_ROWS_END,
};

static struct hash identity(const struct ledger_genesis *genesis, struct hasher *hasher,
                            struct arena *arena) {
    struct written_genesis written = {.name = genesis->name,
                                      .time_ns = genesis->time_ns,
                                      .members = members_hash(&genesis->members, hasher)};
    size_t size = codec_encode(genesis_rows, &written, NULL, 0);
    uint8_t *bytes = arena_alloc(arena, size);
    codec_encode(genesis_rows, &written, bytes, size);
    return hash_bytes(hasher, HASH_BLOCK, bytes, size);
}

struct ledger_pool *ledger_pool_open(const struct ledger_genesis *genesis,
                                     const struct transaction_kind *const *kinds,
                                     uint32_t signatures, struct arena *arena) {
    struct ledger_pool *pool = ARENA_NEW(arena, struct ledger_pool);
    REQUIRE(members_voter_count(&genesis->members) > 0);
    pool->arena = arena;
    pool->hasher = hash_open();
    pool->verifier = verifier_create(arena, signatures);
    pool->store = state_store_create(arena, pool->hasher);
    pool->kinds = kinds;
    pool->id = identity(genesis, pool->hasher, arena);
    pool->time_ns = genesis->time_ns;
    pool->members = genesis->members;
    return pool;
}

void ledger_pool_close(struct ledger_pool *pool) {
    hash_close(pool->hasher);
    arena_free(&pool->scratch);
}

struct hasher *ledger_pool_hasher(struct ledger_pool *pool) {
    return pool->hasher;
}

struct verifier *ledger_pool_verifier(struct ledger_pool *pool) {
    return pool->verifier;
}

struct hash ledger_pool_id(const struct ledger_pool *pool) {
    return pool->id;
}

struct ledger *ledger_create(struct ledger_pool *pool, const struct ledger_type *type,
                             struct arena *arena) {
    struct ledger *ledger = ARENA_NEW(arena, struct ledger);
    ledger->type = type;
    ledger->pool = pool;
    ledger->head_hash = pool->id;
    ledger->members = pool->members;
    ledger->state = state_empty(pool->store);
    ledger->pending.state = state_empty(pool->store);
    struct hash members = members_hash(&pool->members, pool->hasher);
    struct execution_key key = execution_key(SPACE_MEMBERS, NULL, 0);
    state_put(&ledger->state, key.bytes, key.size, members.bytes, HASH_SIZE);
    return ledger;
}

void ledger_free(struct ledger *ledger) {
    state_drop(&ledger->state);
    state_drop(&ledger->pending.state);
}

/* ---- what types share ----------------------------------------------------------------------- */

struct execution *ledger_begin_execution(struct ledger *ledger, uint64_t height, int64_t time_ns,
                                         struct arena *arena) {
    struct ledger_pool *pool = ledger->pool;
    struct execution *execution = &pool->execution;
    execution->state = state_copy(&ledger->state);
    execution->members = execution->next = ledger->members;
    execution->ledger = pool->id;
    execution->height = height;
    execution->time_ns = time_ns;
    execution->hasher = pool->hasher;
    execution->verifier = pool->verifier;
    execution->kinds = pool->kinds;
    execution->arena = arena;
    execution->lists = pool->arena;
    execution->scratch = &pool->scratch;
    execution->write_count = 0;
    return execution;
}

struct block *ledger_execute_batch(struct ledger *ledger, const struct ledger_batch *batch,
                                   bool checks_signatures, struct arena *arena,
                                   struct ledger_verdict *verdict) {
    uint32_t count_max = batch->count < batch->count_max ? batch->count : batch->count_max;
    REQUIRE(count_max <= BLOCK_TRANSACTIONS_MAX);
    struct block *block = ARENA_NEW(arena, struct block);
    struct transaction *transactions = ARENA_ARRAY(arena, struct transaction, count_max);
    struct receipt *receipts = ARENA_ARRAY(arena, struct receipt, count_max);
    struct execution *execution =
        ledger_begin_execution(ledger, ledger_height(ledger) + 1, batch->time_ns, arena);
    uint32_t count = 0;
    for (uint32_t i = 0; i < batch->count && count < count_max; i++) {
        if (execution_admits(execution, batch->transactions[i], checks_signatures) == NULL) {
            transactions[count] = *batch->transactions[i];
            execution_run(execution, &transactions[count], &receipts[count]);
            count++;
        }
    }
    block->header = (struct block_header){.ledger = ledger->pool->id,
                                          .height = execution->height,
                                          .round = batch->round,
                                          .time_ns = batch->time_ns,
                                          .previous = ledger->head_hash,
                                          .proposer = batch->proposer,
                                          .transaction_count = count};
    block->transactions = transactions;
    block->receipts = receipts;
    state_drop(&verdict->state);
    *verdict = (struct ledger_verdict){
        .is_known = true, .block = block, .state = execution->state, .members = execution->next};
    arena_free(&ledger->pool->scratch);
    return block;
}

void ledger_advance(struct ledger *ledger, const struct block *block,
                    const struct ledger_verdict *verdict) {
    state_drop(&ledger->state);
    ledger->state = state_copy(&verdict->state);
    ledger->members = verdict->members;
    ledger->head = block->header;
    ledger->head_hash = block->hash;
    ledger->has_head = true;
}

/* ---- the interface -------------------------------------------------------------------------- */

const struct block *ledger_make(struct ledger *ledger, const struct ledger_batch *batch,
                                struct arena *arena) {
    return ledger->type->make(ledger, batch, arena);
}

const char *ledger_check(struct ledger *ledger, const struct block *block) {
    return ledger->type->check(ledger, block);
}

const char *ledger_commit(struct ledger *ledger, const struct block *block,
                          const struct consensus_certificate *certificate) {
    return ledger->type->commit(ledger, block, certificate);
}

bool ledger_read(const struct ledger *ledger, const struct execution_key *key,
                 struct codec_blob *value) {
    return ledger->type->read(ledger, key, value);
}

bool ledger_prove(struct ledger *ledger, const struct execution_key *key, struct arena *arena,
                  struct state_proof *proof) {
    return ledger->type->prove(ledger, key, arena, proof);
}

uint64_t ledger_height(const struct ledger *ledger) {
    return ledger->has_head ? ledger->head.height : 0;
}

struct hash ledger_head(const struct ledger *ledger) {
    return ledger->head_hash;
}

struct hash ledger_state_root(struct ledger *ledger) {
    return state_root(&ledger->state);
}

const struct members *ledger_members(const struct ledger *ledger) {
    return &ledger->members;
}

uint64_t ledger_sequence(const struct ledger *ledger, uint32_t sender) {
    return execution_sequence(&ledger->state, sender);
}
