/* SPDX-License-Identifier: GPL-3.0-or-later
 * made_chain.h - chains for tests, drawn from a seed: records kept, altered, refused and removed, a
 * title on its way, a member who changes its key at height 3. Blocks of a seed are the same
 * everywhere. */
#ifndef TESTS_UNIT_MADE_CHAIN_H
#define TESTS_UNIT_MADE_CHAIN_H

#include "core/ledger/payload.h"
#include "core/ledger/title.h"
#include "sim/record/chain_file_verify.h"
#include "tests/unit/made_ledger.h"

#include <stdio.h>
#include <stdlib.h>

static const struct transaction_kind *const made_chain_kinds[] = {
    &execution_kind_record, &execution_kind_members, &title_kind, &payload_kind, NULL};

struct made_chain {
    struct made_ledger ledger;
    uint64_t random;
    uint64_t sequences[MADE_MEMBERS]; /* of 10, 20, ... */
    unsigned voters;                  /* bits of those who sign certificates */
    uint32_t block_count;
    const struct block **blocks;
    struct consensus_certificate *certificates;
};

static inline uint32_t made_draw(struct made_chain *chain, uint32_t below) {
    chain->random = chain->random * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(chain->random >> 33) % below;
}

/* Signed by the key that the member has at the next height: 50 has key 51 from height 3 on. */
static inline struct transaction *made_chain_sign(struct made_chain *chain, uint32_t sender,
                                                  uint32_t kind, const struct codec_row *rows,
                                                  const void *body) {
    struct made_ledger *made = &chain->ledger;
    uint64_t *sequence = &chain->sequences[sender / 10 - 1];
    struct transaction *transaction =
        made_transaction(made, sender, (*sequence)++, kind, rows, body);
    if (sender == 50 && ledger_height(made->nodes[0]) + 1 >= 3) {
        struct signing_key secret = made_secret(51);
        transaction_sign(transaction, &secret, made->hasher, made->arena);
    }
    return transaction;
}

static inline struct transaction *made_chain_record(struct made_chain *chain) {
    char key[16], value[64];
    snprintf(key, sizeof key, "entry %02u", made_draw(chain, 40));
    snprintf(value, sizeof value, "%08x of %u", (unsigned)(chain->random >> 32),
             chain->block_count);
    struct record_body body = {.key = made_text(key), .value = made_text(value)};
    if (made_draw(chain, 8) == 0) {
        body.is_removed = true;
        body.value.size = 0;
    }
    return made_chain_sign(chain, 10 + 10 * made_draw(chain, MADE_MEMBERS), KIND_RECORD,
                           execution_record_body_rows, &body);
}

static inline struct transaction *made_chain_title(struct made_chain *chain) {
    struct title_body body = {.act = TITLE_issue,
                              .number = {.bytes = {(uint8_t)(chain->block_count + 1), 7}},
                              .party = 20,
                              .beneficiary = 30,
                              .content = {.bytes = {9}}};
    return made_chain_sign(chain, 10, KIND_TITLE, title_body_rows, &body);
}

static inline struct transaction *made_chain_rotation(struct made_chain *chain) {
    struct made_ledger *made = &chain->ledger;
    struct members_change change = {
        .act = MEMBERS_ROTATE, .member = 50, .key = made_key(51), .from_height = 3};
    struct hash statement =
        members_change_hash(ledger_members(made->nodes[0]), &change, &made->id, made->hasher);
    struct signing_key secret = made_secret(51);
    change.possession = signature_sign(&secret, statement.bytes, HASH_SIZE);
    return made_chain_sign(chain, 50, KIND_MEMBERS, members_change_rows, &change);
}

/* Makes and commits the next block of `count` transactions; nothing when it cannot. */
static inline bool made_chain_grow(struct made_chain *chain, uint32_t count) {
    struct made_ledger *made = &chain->ledger;
    struct transaction **list = ARENA_ARRAY(made->arena, struct transaction *, count);
    for (uint32_t i = 0; i < count; i++) {
        list[i] = chain->block_count == 1 && i == 0 ? made_chain_rotation(chain)
                  : i == 1                          ? made_chain_title(chain)
                                                    : made_chain_record(chain);
    }
    struct ledger_batch batch = made_batch(made, list, count);
    const struct block *block = ledger_make(made->nodes[0], &batch, made->arena);
    struct consensus_certificate all = made_certificate(made, block, 15);
    chain->blocks[chain->block_count] = block;
    chain->certificates[chain->block_count] = made_certificate(made, block, chain->voters);
    chain->block_count++;
    return block->header.transaction_count == count &&
           ledger_commit(made->nodes[0], block, &all) == NULL;
}

/* `heights` blocks of up to `count` transactions. From height `fork` on it goes another way, and
 * the voters in `liars` alone sign what the file is to have; 0 for no fork. To be closed. */
static inline struct made_chain made_chain_forked(struct arena *arena, uint64_t seed,
                                                  uint32_t heights, uint32_t count, uint32_t fork,
                                                  unsigned liars) {
    struct made_chain chain = {.ledger = made_ledger(arena, &ledger_type_chain, made_chain_kinds),
                               .random = seed,
                               .voters = 7,
                               .blocks = ARENA_ARRAY(arena, const struct block *, heights),
                               .certificates =
                                   ARENA_ARRAY(arena, struct consensus_certificate, heights)};
    for (uint32_t i = 0; i < heights; i++) {
        if (i + 1 == fork) {
            chain.random ^= 1 | (uint64_t)liars << 40;
            chain.voters = liars;
        }
        if (!made_chain_grow(&chain, i == 1 ? count : made_draw(&chain, count + 1))) {
            fprintf(stderr, "a chain for tests cannot be made\n");
            abort();
        }
    }
    return chain;
}

static inline struct made_chain made_chain(struct arena *arena, uint64_t seed, uint32_t heights,
                                           uint32_t count) {
    return made_chain_forked(arena, seed, heights, count, 0, 0);
}

static inline void made_chain_close(struct made_chain *chain) {
    for (int i = 0; i < MADE_VOTERS; i++) {
        ledger_free(chain->ledger.nodes[i]);
    }
    ledger_pool_close(chain->ledger.pool);
}

/* Adds a chain to a file, its first `count` blocks. */
static inline int made_chain_write(const struct made_chain *chain, struct chain_writer *writer,
                                   uint32_t point, uint32_t replication, uint32_t count,
                                   struct error *err) {
    struct ledger_genesis genesis = {.name = made_text("port community"),
                                     .time_ns = 1000,
                                     .members = made_members(chain->ledger.arena)};
    int status = chain_file_begin(writer, point, replication, &genesis, "timeout: 1 s\n", err);
    for (uint32_t i = 0; i < count && status == 0; i++) {
        status = chain_file_add(writer, chain->blocks[i], &chain->certificates[i], err);
    }
    return status;
}

/* A file of that chain alone. */
static inline int made_chain_file(const struct made_chain *chain, const char *path,
                                  struct error *err) {
    struct arena arena = ARENA_INIT;
    struct chain_writer *writer = chain_file_create(path, NULL, &arena, err);
    int status =
        writer == NULL ? -1 : made_chain_write(chain, writer, 0, 0, chain->block_count, err);
    if (status == 0) {
        status = chain_file_close(writer, err);
    } else {
        chain_file_abandon(writer);
    }
    arena_free(&arena);
    return status;
}

#endif
