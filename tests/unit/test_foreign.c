/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: bytes convince customs abroad of what was decided and of nothing else, and a revoked key
 * stops counting within the stated delay. Method: acts of a block with every bit altered, cut short
 * and put to wrong trusts; a voter's key revoked while the trust is kept from hearing of it. */
#include "core/ledger/foreign.h"
#include "tests/test.h"
#include "tests/unit/made_ledger.h"

static const struct transaction_kind *const kinds[] = {&execution_kind_record,
                                                       &execution_kind_members, NULL};
static struct arena arena;

static const char *text(const char *reason) {
    return reason == NULL ? "fine" : reason;
}

static struct foreign_trust trust_in(struct made_ledger *made) {
    return (struct foreign_trust){.ledger = made->id,
                                  .members = made_members(&arena),
                                  .height = 1,
                                  .time_ns = 1000,
                                  .age_max_ns = 5000,
                                  .hasher = made->hasher,
                                  .verifier = ledger_pool_verifier(made->pool)};
}

static const struct block *make_block(struct made_ledger *made) {
    struct transaction *transactions[5];
    char key[8] = "seal 0";
    for (uint32_t i = 0; i < 5; i++) {
        key[5] = (char)('0' + i / 2);
        transactions[i] = made_record(made, 10 * (i + 1), 0, key, "whole");
    }
    const struct block *block;
    CHECK_TEXT(text(made_commit(made, transactions, 5, &block)), "fine");
    return block;
}

static void test_acts(void) {
    struct made_ledger made = made_ledger(&arena, &ledger_type_chain, kinds);
    struct foreign_trust trust = trust_in(&made);
    const struct block *block = make_block(&made);
    struct consensus_certificate certificate = made_certificate(&made, block, 13);
    struct arena scratch = ARENA_INIT;
    for (uint32_t index = 0; index < 5; index++) {
        struct codec_blob proof =
            foreign_prove_act(block, &certificate, index, made.hasher, &arena);
        struct foreign_act act;
        CHECK_TEXT(text(foreign_check_act(&trust, 2000, proof.bytes, proof.size, &arena, &act)),
                   "fine");
        CHECK(hash_equal(&act.transaction.id, &block->transactions[index].id));
        CHECK(act.receipt.is_refused == (index % 2 == 1));
        uint8_t *bytes = arena_alloc(&arena, proof.size);
        memcpy(bytes, proof.bytes, proof.size);
        unsigned accepted = 0;
        for (size_t i = 0; i < proof.size; i++) {
            for (int bit = 0; bit < 8; bit++) {
                bytes[i] ^= (uint8_t)(1 << bit);
                accepted +=
                    foreign_check_act(&trust, 2000, bytes, proof.size, &scratch, &act) == NULL;
                bytes[i] ^= (uint8_t)(1 << bit);
            }
            accepted += foreign_check_act(&trust, 2000, bytes, i, &scratch, &act) == NULL;
            arena_free(&scratch);
        }
        CHECK_INT(accepted, 0);
    }
    ledger_pool_close(made.pool);
}

static void check(const struct foreign_trust *trust, int64_t now_ns, const struct codec_blob *proof,
                  const char *expected) {
    struct foreign_act act;
    CHECK_TEXT(text(foreign_check_act(trust, now_ns, proof->bytes, proof->size, &arena, &act)),
               expected);
}

static void test_trust(void) {
    struct made_ledger made = made_ledger(&arena, &ledger_type_chain, kinds);
    struct foreign_trust good = trust_in(&made), wrong = good;
    const struct block *block = make_block(&made);
    struct consensus_certificate certificate = made_certificate(&made, block, 13);
    struct codec_blob proof = foreign_prove_act(block, &certificate, 2, made.hasher, &arena);
    check(&good, 6000, &proof, "fine");
    check(&good, 6001, &proof, "time: the list that is trusted is too old");
    check(&good, 999, &proof, "time: the list that is trusted is too old");
    wrong.height = 2;
    check(&wrong, 2000, &proof, "height: before the list that is trusted");
    wrong = good;
    wrong.ledger.bytes[0] ^= 1;
    check(&wrong, 2000, &proof, "ledger: another one");
    wrong = good;
    wrong.members.list.count--;
    check(&wrong, 2000, &proof, "members_hash: not the list that is trusted");
    certificate = made_certificate(&made, block, 6);
    proof = foreign_prove_act(block, &certificate, 2, made.hasher, &arena);
    check(&good, 2000, &proof, "certificate: no quorum for this block");
    /* a true block with another's transaction */
    struct block liar = *block;
    struct transaction transactions[5];
    memcpy(transactions, block->transactions, sizeof transactions);
    transactions[2] = *made_record(&made, 30, 0, "seal 1", "broken");
    liar.transactions = transactions;
    certificate = made_certificate(&made, block, 7);
    proof = foreign_prove_act(&liar, &certificate, 2, made.hasher, &arena);
    check(&good, 2000, &proof, "transaction: not in the block");
    struct receipt receipts[5];
    memcpy(receipts, block->receipts, sizeof receipts);
    receipts[1].is_refused = false;
    liar = *block;
    liar.receipts = receipts;
    proof = foreign_prove_act(&liar, &certificate, 1, made.hasher, &arena);
    check(&good, 2000, &proof, "receipt: not in the block");
    ledger_pool_close(made.pool);
}

/* Voter 40 revokes its key in block 2. */
static struct transaction *revocation(struct made_ledger *made) {
    struct members_change change = {.act = MEMBERS_REVOKE, .member = 40};
    return made_transaction(made, 40, 1, KIND_MEMBERS, members_change_rows, &change);
}

static void test_revocation(void) {
    struct made_ledger made = made_ledger(&arena, &ledger_type_chain, kinds);
    struct foreign_trust trust = trust_in(&made), stale = trust;
    const struct block *first = make_block(&made), *second, *third;
    struct transaction *revoke = revocation(&made);
    struct consensus_certificate by_40 = made_certificate(&made, first, 11);
    struct codec_blob members = foreign_prove_members(made.nodes[1], first, &by_40, &arena);
    CHECK_TEXT(text(foreign_follow(&trust, members.bytes, members.size, &arena)), "fine");
    CHECK_INT(trust.height, 2);
    CHECK_INT(trust.time_ns, first->header.time_ns);
    CHECK_TEXT(text(made_commit(&made, &revoke, 1, &second)), "fine");
    CHECK(!second->receipts[0].is_refused);
    by_40 = made_certificate(&made, second, 11); /* the key is good for the block that ends it */
    members = foreign_prove_members(made.nodes[1], second, &by_40, &arena);
    struct transaction *next = made_record(&made, 50, 1, "after", "revocation");
    CHECK_TEXT(text(made_commit(&made, &next, 1, &third)), "fine");
    struct consensus_certificate good = made_certificate(&made, third, 7);
    struct codec_blob act = foreign_prove_act(third, &good, 0, made.hasher, &arena);
    /* whoever has not heard of it refuses all, then believes nothing any more */
    check(&stale, 4000, &act, "members_hash: not the list that is trusted");
    check(&stale, 6001, &act, "time: the list that is trusted is too old");
    CHECK_TEXT(text(foreign_follow(&trust, members.bytes, members.size, &arena)), "fine");
    check(&trust, 4000, &act, "fine");
    by_40 = made_certificate(&made, third, 11);
    act = foreign_prove_act(third, &by_40, 0, made.hasher, &arena);
    check(&trust, 4000, &act, "certificate: no quorum for this block");
    CHECK_TEXT(text(foreign_follow(&trust, members.bytes, members.size, &arena)),
               "height: before the list that is trusted");
    ledger_pool_close(made.pool);
}

static void test_altered_members(void) {
    struct made_ledger made = made_ledger(&arena, &ledger_type_chain, kinds);
    const struct block *block = make_block(&made);
    struct consensus_certificate certificate = made_certificate(&made, block, 14);
    struct codec_blob proof = foreign_prove_members(made.nodes[3], block, &certificate, &arena);
    uint8_t *bytes = arena_alloc(&arena, proof.size);
    struct foreign_trust start = trust_in(&made);
    struct arena scratch = ARENA_INIT;
    memcpy(bytes, proof.bytes, proof.size);
    unsigned accepted = 0;
    for (size_t i = 0; i < proof.size; i++) {
        for (int bit = 0; bit < 8; bit++) {
            struct foreign_trust trust = start;
            bytes[i] ^= (uint8_t)(1 << bit);
            accepted += foreign_follow(&trust, bytes, proof.size, &scratch) == NULL;
            bytes[i] ^= (uint8_t)(1 << bit);
        }
        arena_free(&scratch);
    }
    CHECK_INT(accepted, 0);
    ledger_pool_close(made.pool);
}

int main(void) {
    test_acts();
    test_trust();
    test_revocation();
    test_altered_members();
    arena_free(&arena);
    return test_summary();
}
