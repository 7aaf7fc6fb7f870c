/* SPDX-License-Identifier: GPL-3.0-or-later
 * made_ledger.h - a ledger of four voters 10, 20, 30, 40 and a carrier 50 for tests: keys made from
 * their numbers, one node a voter, certificates by whoever is asked. */
#ifndef TESTS_UNIT_MADE_LEDGER_H
#define TESTS_UNIT_MADE_LEDGER_H

#include "core/ledger/execution_kinds.h"
#include "core/ledger/ledger.h"

#include <string.h>

enum { MADE_VOTERS = 4, MADE_MEMBERS = 5 };

struct made_ledger {
    struct arena *arena;
    struct ledger_pool *pool;
    struct ledger *nodes[MADE_VOTERS];
    struct hash id;
    struct hasher *hasher;
};

static inline struct signing_key made_secret(unsigned number) {
    uint8_t seed[SIGNATURE_SEED_SIZE] = {(uint8_t)number, (uint8_t)(number >> 8), 11};
    return signature_key_from_seed(seed);
}

static inline struct public_key made_key(unsigned number) {
    struct signing_key secret = made_secret(number);
    return signature_public_key(&secret);
}

static inline struct codec_blob made_text(const char *text) {
    return (struct codec_blob){.bytes = (const uint8_t *)text, .size = (uint32_t)strlen(text)};
}

static inline struct members made_members(struct arena *arena) {
    struct member *list = ARENA_ARRAY(arena, struct member, MADE_MEMBERS);
    for (uint32_t i = 0; i < MADE_MEMBERS; i++) {
        struct member_key *key = ARENA_NEW(arena, struct member_key);
        *key = (struct member_key){.key = made_key(10 * (i + 1)), .to_height = MEMBER_KEY_OPEN};
        list[i] = (struct member){.number = 10 * (i + 1),
                                  .name = made_text("somebody"),
                                  .is_voter = i < MADE_VOTERS,
                                  .keys = {.count = 1, .items = key}};
    }
    return (struct members){.list = {.count = MADE_MEMBERS, .items = list}};
}

static inline struct made_ledger made_ledger(struct arena *arena, const struct ledger_type *type,
                                             const struct transaction_kind *const *kinds) {
    struct ledger_genesis genesis = {
        .name = made_text("port community"), .time_ns = 1000, .members = made_members(arena)};
    struct made_ledger made = {.arena = arena};
    made.pool = ledger_pool_open(&genesis, kinds, 4096, arena);
    made.id = ledger_pool_id(made.pool);
    made.hasher = ledger_pool_hasher(made.pool);
    for (int i = 0; i < MADE_VOTERS; i++) {
        made.nodes[i] = ledger_create(made.pool, type, arena);
    }
    return made;
}

/* A signed transaction with the rows of its body; NULL for one without. */
static inline struct transaction *made_transaction(struct made_ledger *made, uint32_t sender,
                                                   uint64_t sequence, uint32_t kind,
                                                   const struct codec_row *rows, const void *body) {
    struct transaction *transaction = ARENA_NEW(made->arena, struct transaction);
    *transaction = (struct transaction){
        .ledger = made->id, .sender = sender, .sequence = sequence, .kind = kind};
    if (rows != NULL) {
        size_t size = codec_encode(rows, body, NULL, 0);
        uint8_t *bytes = arena_alloc(made->arena, size);
        codec_encode(rows, body, bytes, size);
        transaction->body = (struct codec_blob){.bytes = bytes, .size = (uint32_t)size};
    }
    struct signing_key secret = made_secret(sender);
    transaction_sign(transaction, &secret, made->hasher, made->arena);
    return transaction;
}

static inline struct transaction *made_record(struct made_ledger *made, uint32_t sender,
                                              uint64_t sequence, const char *key,
                                              const char *value) {
    struct record_body body = {.key = made_text(key),
                               .is_removed = value == NULL,
                               .value = made_text(value == NULL ? "" : value)};
    return made_transaction(made, sender, sequence, KIND_RECORD, execution_record_body_rows, &body);
}

static inline struct execution_key made_record_key(const char *key) {
    return execution_key(SPACE_RECORD, key, strlen(key));
}

/* The next block of node 0, made by whoever's turn it is in round 0. */
static inline struct ledger_batch
made_batch(struct made_ledger *made, struct transaction *const *transactions, uint32_t count) {
    uint64_t height = ledger_height(made->nodes[0]) + 1;
    const struct members *members = ledger_members(made->nodes[0]);
    uint32_t voter = consensus_proposer(height, 0, members_voter_count(members));
    return (struct ledger_batch){.transactions = (const struct transaction *const *)transactions,
                                 .count = count,
                                 .count_max = 500,
                                 .time_ns = 1000 * (int64_t)(height + 1),
                                 .proposer = members_voter(members, voter)->number};
}

/* Precommits by the voters whose bits are set in `who`. */
static inline struct consensus_certificate
made_certificate(struct made_ledger *made, const struct block *block, unsigned who) {
    struct consensus_certificate certificate = {.height = block->header.height,
                                                .value = block->hash};
    for (uint32_t i = 0; i < MADE_VOTERS; i++) {
        if ((who >> i & 1) != 0) {
            struct signing_key secret = made_secret(10 * (i + 1));
            struct consensus_vote vote = {.kind = CONSENSUS_PRECOMMIT,
                                          .member = i,
                                          .height = block->header.height,
                                          .valid_round = -1,
                                          .value = block->hash};
            ballot_sign(&vote, &made->id, &secret, made->hasher);
            certificate.members[certificate.count] = i;
            certificate.signatures[certificate.count++] = vote.signature;
        }
    }
    return certificate;
}

/* The block of those transactions, made by node 0 and committed by all. Why not, or NULL. */
static inline const char *made_commit(struct made_ledger *made,
                                      struct transaction *const *transactions, uint32_t count,
                                      const struct block **block) {
    struct ledger_batch batch = made_batch(made, transactions, count);
    *block = ledger_make(made->nodes[0], &batch, made->arena);
    struct consensus_certificate certificate = made_certificate(made, *block, 7);
    for (int i = MADE_VOTERS - 1; i >= 0; i--) {
        const char *reason = ledger_commit(made->nodes[i], *block, &certificate);
        if (reason != NULL) {
            return reason;
        }
    }
    return NULL;
}

#endif
