/* SPDX-License-Identifier: GPL-3.0-or-later
 * ledger_store.c - transactions and blocks in flight: made once for all nodes, forgotten when the
 * last node is done with them. */
#include "sim/actors/ledger_service_parts.h"

#include "core/ledger/verifier.h"
#include "sim/run/walk.h"

#include <inttypes.h>

/* ---- signatures ----------------------------------------------------------------------------- */

static struct signature stand_in(const struct public_key *key, const struct hash *hash) {
    struct signature signature;
    memcpy(signature.bytes, key->bytes, SIGNATURE_KEY_SIZE);
    memcpy(signature.bytes + SIGNATURE_KEY_SIZE, hash->bytes, HASH_SIZE);
    return signature;
}

struct signature ledger_store_seal(struct ledger_service *service, const struct ledger_node *node,
                                   const struct hash *hash) {
    if (!service->plan->has_stand_ins) {
        return signature_sign(&node->key, hash->bytes, HASH_SIZE);
    }
    struct signature signature = stand_in(&node->public_key, hash);
    verifier_note(ledger_pool_verifier(service->pool), &node->public_key, hash, &signature, true);
    return signature;
}

static void note_transaction(struct ledger_service *service,
                             const struct transaction *transaction) {
    if (service->plan->has_stand_ins) {
        ledger_store_seal(service, &service->nodes[transaction->sender], &transaction->id);
    }
}

void ledger_store_note_block(struct ledger_service *service, const struct block *block) {
    for (uint32_t i = 0; i < block->header.transaction_count; i++) {
        note_transaction(service, &block->transactions[i]);
    }
}

void ledger_store_note(struct ledger_service *service, enum consensus_kind kind,
                       const struct consensus_certificate *certificate) {
    if (!service->plan->has_stand_ins) {
        return;
    }
    struct consensus_vote vote = {.kind = kind,
                                  .height = certificate->height,
                                  .round = certificate->round,
                                  .valid_round = -1,
                                  .value = certificate->value};
    struct hash id = ledger_pool_id(service->pool);
    struct hash hash = ballot_hash(&id, &vote, ledger_pool_hasher(service->pool));
    for (uint32_t i = 0; i < certificate->count; i++) {
        ledger_store_seal(service, &service->nodes[certificate->members[i]], &hash);
    }
}

/* ---- transactions --------------------------------------------------------------------------- */

/* As transaction_sign does it, but in the entry's own memory and with either kind of signature. */
static void seal_transaction(struct ledger_service *service, const struct ledger_node *node,
                             struct ledger_entry *entry) {
    struct transaction *transaction = &entry->transaction;
    size_t size = codec_encode(transaction_rows, transaction, entry->encoding, LEDGER_ENCODING_MAX);
    REQUIRE(size <= LEDGER_ENCODING_MAX);
    transaction->id = hash_bytes(ledger_pool_hasher(service->pool), HASH_TRANSACTION,
                                 entry->encoding, size - SIGNATURE_SIZE);
    transaction->signature = ledger_store_seal(service, node, &transaction->id);
    memcpy(entry->encoding + size - SIGNATURE_SIZE, transaction->signature.bytes, SIGNATURE_SIZE);
    transaction->encoding = (struct codec_blob){.bytes = entry->encoding, .size = (uint32_t)size};
}

uint32_t ledger_store_submit(struct ledger_service *service, struct ledger_node *node,
                             const struct codec_blob *key, const struct codec_blob *value) {
    uint32_t index = slab_take(&service->entries);
    REQUIRE(index != 0); /* more transactions in flight than the slab holds */
    struct ledger_entry *entry = ledger_entry_at(service, index);
    *entry = (struct ledger_entry){
        .origin = node->number, .ticket = ++service->tickets, .submitted_ns = service->rep->now_ns};
    struct record_body body = {.key = *key, .value = *value};
    size_t size = codec_encode(execution_record_body_rows, &body, entry->body, LEDGER_BODY_MAX);
    REQUIRE(size <= LEDGER_BODY_MAX);
    entry->transaction = (struct transaction){
        .ledger = ledger_pool_id(service->pool),
        .sender = node->number,
        .sequence = node->sequence++,
        .kind = KIND_RECORD,
        .body = {.bytes = entry->body, .size = (uint32_t)size},
    };
    seal_transaction(service, node, entry);
    node->own_count++;
    service->submitted++;
    service->window_submitted += ledger_in_window(service, entry->submitted_ns);
    return index;
}

/* The last of the pool has just come. A sender's transactions have room in blocks by their numbers
 * only, so among themselves they stand in that order, however they came. */
static void sort_last(const struct ledger_service *service, const struct ledger_node *node) {
    size_t place = node->pool_count - 1;
    const struct transaction *last = &ledger_entry_at(service, node->pool[place])->transaction;
    for (size_t i = place; i-- > 0;) {
        const struct transaction *other = &ledger_entry_at(service, node->pool[i])->transaction;
        if (other->sender != last->sender) {
            continue;
        }
        if (other->sequence < last->sequence) {
            return;
        }
        uint32_t index = node->pool[i];
        node->pool[i] = node->pool[place];
        node->pool[place] = index;
        place = i;
    }
}

bool ledger_store_hold(struct ledger_service *service, struct ledger_node *node, uint32_t index) {
    struct ledger_entry *entry = ledger_entry_at(service, index);
    if (ledger_bit(entry->held, node->number)) {
        return false;
    }
    ledger_set_bit(entry->held, node->number);
    if (!ledger_bit(entry->done, node->number)) {
        node->pool = arena_grow(&service->run, node->pool, node->pool_count, &node->pool_capacity,
                                sizeof *node->pool);
        node->pool[node->pool_count++] = index;
        sort_last(service, node);
    }
    return true;
}

bool ledger_store_has_work(const struct ledger_service *service, const struct ledger_node *node) {
    for (size_t i = 0; i < node->pool_count; i++) {
        const struct ledger_entry *entry = ledger_entry_at(service, node->pool[i]);
        if (entry->transaction.sequence == node->committed_of[entry->origin]) {
            return true;
        }
    }
    return false;
}

void ledger_store_done(struct ledger_service *service, struct ledger_node *node,
                       struct ledger_entry *entry) {
    int64_t latency_ns = node->clock_ns - entry->submitted_ns;
    node->own_count--;
    if (ledger_in_window(service, entry->submitted_ns)) {
        tally_add(&service->latency_ns, latency_ns);
        service->latency_histogram[histogram_bucket((uint64_t)latency_ns)]++;
    }
    if (entry->token != 0) {
        struct ledger_task task = {.kind = TASK_DONE,
                                   .from = node->number,
                                   .to = node->number,
                                   .index = entry->token,
                                   .ticket = entry->ticket};
        ledger_network_post(service, &task, node->clock_ns);
    }
}

void ledger_store_release_entry(struct ledger_service *service, uint32_t index) {
    ledger_entry_at(service, index)->ticket = 0;
    slab_give(&service->entries, index);
}

void ledger_store_release_proof(struct ledger_service *service, uint32_t index) {
    struct ledger_proof *proof = slab_at(&service->proofs, index);
    if (--proof->references == 0) {
        slab_give(&service->proofs, index);
    }
}

/* ---- blocks --------------------------------------------------------------------------------- */

static void empty_shelf(struct ledger_service *service, struct ledger_shelf *shelf) {
    arena_free(&shelf->arena);
    shelf->block_count = 0;
    shelf->next_free = service->free_shelves;
    service->free_shelves = shelf;
}

/* The shelf that is being filled is emptied only when another takes its place. */
static struct ledger_shelf *take_shelf(struct ledger_service *service) {
    struct ledger_shelf *shelf = service->shelf;
    if (shelf != NULL && shelf->block_count == LEDGER_SHELF_BLOCKS && shelf->live_count == 0) {
        empty_shelf(service, shelf);
    }
    if (shelf == NULL || shelf->block_count == LEDGER_SHELF_BLOCKS || shelf->block_count == 0) {
        shelf = service->free_shelves;
        if (shelf != NULL) {
            service->free_shelves = shelf->next_free;
        } else {
            shelf = ARENA_NEW(&service->run, struct ledger_shelf);
        }
        service->shelf = shelf;
    }
    shelf->block_count++;
    shelf->live_count++;
    return shelf;
}

static void leave_shelf(struct ledger_service *service, struct ledger_shelf *shelf) {
    if (--shelf->live_count == 0 && shelf != service->shelf) {
        empty_shelf(service, shelf);
    }
}

static uint32_t size_of(const struct block *block) {
    size_t size = BLOCK_HEADER_SIZE;
    for (uint32_t i = 0; i < block->header.transaction_count; i++) {
        size += block->transactions[i].encoding.size +
                codec_encode(receipt_rows, &block->receipts[i], NULL, 0);
    }
    return (uint32_t)size;
}

/* Which of the candidates are in the block: it has them in their order. */
static uint32_t *match_entries(const struct ledger_service *service, const struct block *block,
                               const uint32_t *candidates, struct arena *arena) {
    uint32_t *entries = ARENA_ARRAY(arena, uint32_t, block->header.transaction_count + 1);
    for (uint32_t i = 0, c = 0; i < block->header.transaction_count; c++) {
        const struct ledger_entry *entry = ledger_entry_at(service, candidates[c]);
        if (entry->transaction.encoding.bytes == block->transactions[i].encoding.bytes) {
            entries[i++] = candidates[c];
        }
    }
    return entries;
}

uint32_t ledger_store_make(struct ledger_service *service, struct ledger_node *node,
                           uint32_t round) {
    uint32_t index = slab_take(&service->blocks);
    REQUIRE(index != 0); /* more blocks in flight than the slab holds */
    struct ledger_block *block = ledger_block_at(service, index);
    *block = (struct ledger_block){
        .next = service->first_block, .ticket = ++service->tickets, .shelf = take_shelf(service)};
    service->first_block = index;
    struct arena scratch = ARENA_INIT;
    uint32_t count = (uint32_t)node->pool_count, count_max = 2 * service->plan->block_size;
    count = count < count_max ? count : count_max;
    const struct transaction **transactions =
        ARENA_ARRAY(&scratch, const struct transaction *, count + 1);
    for (uint32_t i = count; i-- > 0;) { /* the first ones last: their answers stay */
        transactions[i] = &ledger_entry_at(service, node->pool[i])->transaction;
        note_transaction(service, transactions[i]);
    }
    struct ledger_batch batch = {.transactions = transactions,
                                 .count = count,
                                 .count_max = service->plan->block_size,
                                 .time_ns = node->clock_ns,
                                 .round = round,
                                 .proposer = node->number};
    block->block = ledger_make(node->ledger, &batch, &block->shelf->arena);
    block->entries = match_entries(service, block->block, node->pool, &block->shelf->arena);
    arena_free(&scratch);
    block->size = size_of(block->block);
    block->made_ns = node->clock_ns;
    ledger_set_bit(block->held, node->number);
    return index;
}

uint32_t ledger_store_find(const struct ledger_service *service, const struct hash *hash) {
    for (uint32_t i = service->first_block; i != 0; i = ledger_block_at(service, i)->next) {
        if (hash_equal(&ledger_block_at(service, i)->block->hash, hash)) {
            return i;
        }
    }
    return 0;
}

uint32_t ledger_store_at_height(const struct ledger_service *service, uint64_t height) {
    for (uint32_t i = service->first_block; i != 0; i = ledger_block_at(service, i)->next) {
        const struct ledger_block *block = ledger_block_at(service, i);
        if (block->certificate != NULL && block->block->header.height == height) {
            return i;
        }
    }
    return 0;
}

static void release_block(struct ledger_service *service, uint32_t index) {
    struct ledger_block *block = ledger_block_at(service, index);
    uint32_t count = block->certificate != NULL ? block->block->header.transaction_count : 0;
    for (uint32_t i = 0; i < count; i++) {
        ledger_store_release_entry(service, block->entries[i]);
    }
    leave_shelf(service, block->shelf);
    block->ticket = 0;
    slab_give(&service->blocks, index);
}

/* All nodes have passed the height: nobody needs its blocks any more. */
static void release_height(struct ledger_service *service, uint64_t height) {
    uint32_t *link = &service->first_block;
    while (*link != 0) {
        struct ledger_block *block = ledger_block_at(service, *link);
        if (block->block->header.height <= height) {
            uint32_t index = *link;
            *link = block->next;
            release_block(service, index);
        } else {
            link = &block->next;
        }
    }
}

/* ---- commits -------------------------------------------------------------------------------- */

/* What a run does must show in its fingerprint, the content of blocks included. */
static void mark(struct replication *rep, const struct block *block) {
    uint64_t content = 0;
    for (int i = 0; i < 8; i++) {
        content = content << 8 | block->hash.bytes[i];
    }
    rep->fingerprint = (rep->fingerprint ^ content ^ (uint64_t)block->header.time_ns ^
                        block->header.height << 40) *
                       UINT64_C(0xD6E8FEB86659FD93);
}

static void count_block(struct ledger_service *service, const struct ledger_node *node,
                        struct ledger_block *block,
                        const struct consensus_certificate *certificate) {
    uint32_t count = block->block->header.transaction_count;
    mark(service->rep, block->block);
    service->committed += count;
    if (certificate != NULL) {
        struct consensus_certificate *kept =
            ARENA_NEW(&block->shelf->arena, struct consensus_certificate);
        *kept = *certificate;
        block->certificate = kept;
    }
    if (service->writer != NULL &&
        chain_file_add(service->writer, block->block, certificate, service->rep->err) != 0) {
        service->rep->failed = true;
    }
    if (!ledger_in_window(service, node->clock_ns)) {
        return;
    }
    service->window_committed += count;
    service->block_count++;
    service->empty_count += count == 0;
    service->round_count += certificate != NULL ? certificate->round + 1 : 1;
    tally_add(&service->agreement_ns, node->clock_ns - block->made_ns);
}

/* What the node has committed waits no longer. */
static void thin_pool(struct ledger_service *service, struct ledger_node *node) {
    size_t kept = 0;
    for (size_t i = 0; i < node->pool_count; i++) {
        if (!ledger_bit(ledger_entry_at(service, node->pool[i])->done, node->number)) {
            node->pool[kept++] = node->pool[i];
        }
    }
    node->pool_count = kept;
}

void ledger_store_commit(struct ledger_service *service, struct ledger_node *node, uint32_t index,
                         const struct consensus_certificate *certificate) {
    struct ledger_block *block = ledger_block_at(service, index);
    if (block->committed_count++ == 0) {
        count_block(service, node, block, certificate);
    }
    for (uint32_t i = 0; i < block->block->header.transaction_count; i++) {
        struct ledger_entry *entry = ledger_entry_at(service, block->entries[i]);
        ledger_set_bit(entry->done, node->number);
        node->committed_of[entry->origin]++;
        entry->is_committed = true;
        if (entry->origin == node->number && certificate != NULL) {
            ledger_store_done(service, node, entry);
        }
    }
    thin_pool(service, node);
    node->height = block->block->header.height;
    node->committed_ns = node->clock_ns;
    if (certificate == NULL || block->committed_count == service->plan->node_count) {
        release_height(service, node->height);
    }
}

/* ---- the end -------------------------------------------------------------------------------- */

static void check_nodes(struct ledger_service *service) {
    for (uint32_t i = 1; i < service->plan->node_count; i++) {
        for (uint32_t k = 0; k < i; k++) {
            struct ledger *a = service->nodes[i].ledger, *b = service->nodes[k].ledger;
            if (ledger_height(a) != ledger_height(b)) {
                continue;
            }
            struct hash head_a = ledger_head(a), head_b = ledger_head(b);
            struct hash root_a = ledger_state_root(a), root_b = ledger_state_root(b);
            if (!hash_equal(&head_a, &head_b) || !hash_equal(&root_a, &root_b)) {
                walk_fail(service->rep,
                          "ledger: nodes %" PRIu32 " and %" PRIu32 " differ at height "
                          "%" PRIu64,
                          k, i, ledger_height(a));
            }
            break; /* those at one height need be compared with one of them only */
        }
    }
}

void ledger_store_stop(struct ledger_service *service) {
    int64_t waiting = 0;
    for (uint32_t i = 1; i < service->entries.used; i++) {
        const struct ledger_entry *entry = ledger_entry_at(service, i);
        waiting += entry->ticket != 0 && !entry->is_committed;
    }
    if (service->submitted != service->committed + waiting) {
        walk_fail(service->rep,
                  "balance of the ledger: %" PRId64 " submitted, %" PRId64 " committed, %" PRId64
                  " waiting",
                  service->submitted, service->committed, waiting);
    }
    if (!service->plan->type->decides_alone) {
        check_nodes(service);
    }
}
