/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: a block's bytes say one thing, and its hash commits to all of it. Method: a block with a
 * certificate there and back; every bit altered in turn must be refused, or else, for signatures
 * of the certificate, fail as a quorum; receipts and transactions proved in their trees; headers
 * that can't follow. */
#include "core/ledger/block.h"
#include "tests/test.h"
#include "tests/unit/made_ledger.h"

static const struct transaction_kind *const kinds[] = {&execution_kind_record,
                                                       &execution_kind_members, NULL};
static struct arena arena;

static const struct block *make_block(struct made_ledger *made) {
    struct transaction *transactions[] = {made_record(made, 50, 0, "manifest 7", "12 containers"),
                                          made_record(made, 20, 0, "manifest 7", "13 containers"),
                                          made_record(made, 20, 1, "seal 4711", "whole")};
    const struct block *block;
    const char *reason = made_commit(made, transactions, 3, &block);
    CHECK(reason == NULL);
    return block;
}

static bool is_decided(struct made_ledger *made, const struct members *members,
                       const struct consensus_certificate *certificate) {
    struct ballot_judge judge = {.ledger = made->id,
                                 .members = members,
                                 .hasher = made->hasher,
                                 .verifier = ledger_pool_verifier(made->pool)};
    return ballot_check_certificate(&judge, CONSENSUS_PRECOMMIT, certificate);
}

static void test_bytes(void) {
    struct made_ledger made = made_ledger(&arena, &ledger_type_chain, kinds);
    const struct block *block = make_block(&made);
    struct consensus_certificate certificate = made_certificate(&made, block, 7), read;
    struct codec_blob encoded = block_encode(block, &certificate, &arena);
    uint8_t *bytes = arena_alloc(&arena, encoded.size);
    memcpy(bytes, encoded.bytes, encoded.size);
    struct arena scratch = ARENA_INIT;
    struct block again;
    struct codec_fault fault;
    CHECK_INT(block_decode(bytes, encoded.size, made.hasher, &scratch, &again, &read, &fault), 0);
    CHECK(hash_equal(&again.hash, &block->hash));
    CHECK_INT(again.header.transaction_count, 3);
    CHECK(again.receipts[1].is_refused && !again.receipts[2].is_refused);
    CHECK(is_decided(&made, ledger_members(made.nodes[0]), &read));
    struct codec_blob twice = block_encode(&again, &read, &scratch);
    CHECK(twice.size == encoded.size && memcmp(twice.bytes, bytes, encoded.size) == 0);
    unsigned decoded = 0, accepted = 0, bad_offsets = 0;
    for (size_t i = 0; i < encoded.size; i++) {
        for (int bit = 0; bit < 8; bit++) {
            bytes[i] ^= (uint8_t)(1 << bit);
            if (block_decode(bytes, encoded.size, made.hasher, &scratch, &again, &read, &fault) ==
                0) {
                decoded++;
                accepted += is_decided(&made, ledger_members(made.nodes[0]), &read);
            } else {
                bad_offsets += fault.field == NULL || fault.offset > encoded.size;
            }
            bytes[i] ^= (uint8_t)(1 << bit);
        }
        arena_free(&scratch);
    }
    CHECK_INT(bad_offsets, 0);
    CHECK_INT(accepted, 0);
    CHECK(decoded > 3 * 64 * 8 / 2); /* other signatures and rounds of the certificate */
    for (size_t size = 0; size < encoded.size; size++) {
        CHECK(block_decode(bytes, size, made.hasher, &scratch, &again, &read, &fault) != 0);
    }
    arena_free(&scratch);
    ledger_pool_close(made.pool);
}

/* A certificate without votes would be a second way to write that there is none. */
static void test_certificates(void) {
    struct made_ledger made = made_ledger(&arena, &ledger_type_chain, kinds);
    const struct block *block = make_block(&made);
    struct consensus_certificate certificate = made_certificate(&made, block, 7), read;
    struct block again;
    struct codec_fault fault;
    struct codec_blob bytes = block_encode(block, NULL, &arena);
    CHECK_INT(block_decode(bytes.bytes, bytes.size, made.hasher, &arena, &again, &read, &fault), 0);
    CHECK_INT(read.count, 0);
    struct consensus_certificate wrong = certificate;
    wrong.count = 0;
    bytes = block_encode(block, &wrong, &arena);
    CHECK(block_decode(bytes.bytes, bytes.size, made.hasher, &arena, &again, &read, &fault) != 0);
    CHECK_TEXT(fault.field, "certificate");
    wrong = certificate;
    wrong.members[1] = wrong.members[0];
    bytes = block_encode(block, &wrong, &arena);
    CHECK(block_decode(bytes.bytes, bytes.size, made.hasher, &arena, &again, &read, &fault) != 0);
    wrong = certificate;
    wrong.value.bytes[0] ^= 1;
    bytes = block_encode(block, &wrong, &arena);
    CHECK(block_decode(bytes.bytes, bytes.size, made.hasher, &arena, &again, &read, &fault) != 0);
    wrong = made_certificate(&made, block, 3); /* two of four */
    CHECK(!is_decided(&made, ledger_members(made.nodes[0]), &wrong));
    wrong = made_certificate(&made, block, 15);
    CHECK(is_decided(&made, ledger_members(made.nodes[0]), &wrong));
    wrong.round = 1; /* signed for round 0 */
    CHECK(!is_decided(&made, ledger_members(made.nodes[0]), &wrong));
    struct ballot_judge judge = {.ledger = made.id,
                                 .members = ledger_members(made.nodes[0]),
                                 .hasher = made.hasher,
                                 .verifier = ledger_pool_verifier(made.pool)};
    CHECK(ballot_check_certificate(&judge, CONSENSUS_PRECOMMIT, &certificate));
    CHECK(!ballot_check_certificate(&judge, CONSENSUS_PREVOTE, &certificate));
    judge.ledger.bytes[5] ^= 1;
    CHECK(!ballot_check_certificate(&judge, CONSENSUS_PRECOMMIT, &certificate));
    ledger_pool_close(made.pool);
}

static void test_trees(void) {
    struct made_ledger made = made_ledger(&arena, &ledger_type_chain, kinds);
    const struct block *block = make_block(&made);
    struct hash leaves[3], proof[MERKLE_PROOF_MAX];
    for (uint32_t i = 0; i < 3; i++) {
        leaves[i] = transaction_leaf(&block->transactions[i], made.hasher);
    }
    for (uint32_t i = 0; i < 3; i++) {
        unsigned length = merkle_prove_inclusion(made.hasher, leaves, 3, i, proof);
        for (uint32_t k = 0; k < 3; k++) {
            CHECK(merkle_verify_inclusion(made.hasher, 0, 3, k, &leaves[i],
                                          &block->header.transactions_root, proof,
                                          length) == (k == i));
        }
    }
    struct block other = *block;
    struct receipt receipts[3];
    memcpy(receipts, block->receipts, sizeof receipts);
    receipts[2].cost++;
    other.receipts = receipts;
    struct hash root = block_receipts_root(&other, made.hasher, &arena);
    CHECK(!hash_equal(&root, &block->header.receipts_root));
    ledger_pool_close(made.pool);
}

static void follows(const struct block_header *header, const struct block *below,
                    const char *expected) {
    const char *reason = block_follows(header, &below->header, &below->hash);
    CHECK_TEXT(reason == NULL ? "follows" : reason, expected);
}

static void test_order(void) {
    struct made_ledger made = made_ledger(&arena, &ledger_type_chain, kinds);
    const struct block *below = make_block(&made);
    struct block_header good = below->header;
    good.height++;
    good.previous = below->hash;
    follows(&good, below, "follows");
    struct block_header wrong = good;
    wrong.height++;
    follows(&wrong, below, "height: not the next");
    wrong = good;
    wrong.previous.bytes[7] ^= 1;
    follows(&wrong, below, "previous: another block");
    wrong = good;
    wrong.ledger.bytes[7] ^= 1;
    follows(&wrong, below, "ledger: another one");
    wrong = good;
    wrong.time_ns--;
    follows(&wrong, below, "time: before the block below");
    CHECK(block_follows(&below->header, NULL, &made.id) == NULL);
    CHECK(block_follows(&good, NULL, &made.id) != NULL);
    ledger_pool_close(made.pool);
}

int main(void) {
    test_bytes();
    test_certificates();
    test_trees();
    test_order();
    arena_free(&arena);
    return test_summary();
}
