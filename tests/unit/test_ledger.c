/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: nodes take a block only if all that it says comes out of what it contains, and the types of
 * ledgers do the same with the same transactions. Method: blocks with one thing wrong, sealed anew
 * as a liar would, and the reason compared; drawn histories on a database, on a chain, and decoded
 * again on a chain of another pool; a change of keys through two blocks; proofs against headers. */
#include "core/ledger/ledger.h"
#include "tests/test.h"
#include "tests/unit/made_ledger.h"

/* Writes two entries and then thinks better of it when the body says so. */
static const char *execute_hesitant(struct execution *execution,
                                    const struct transaction *transaction,
                                    struct receipt *receipt) {
    struct execution_key one = made_record_key("one"), two = made_record_key("two");
    struct codec_blob value;
    receipt->cost = 2;
    execution_put(execution, &one, "written", 7);
    if (!execution_get(execution, &one, &value) || value.size != 7) {
        return "what was written is not read";
    }
    execution_put(execution, &two, "written", 7);
    execution_remove(execution, &one);
    if (execution_get(execution, &one, &value)) {
        return "what was removed is read";
    }
    return transaction->body.size > 0 ? "on second thoughts" : NULL;
}

/* Writes as many entries as the body has bytes. */
static const char *execute_wordy(struct execution *execution, const struct transaction *transaction,
                                 struct receipt *receipt) {
    (void)receipt;
    const char *reason = NULL;
    for (uint32_t i = 0; i < transaction->body.size && reason == NULL; i++) {
        struct execution_key key = execution_key_number(SPACE_RECORD, i);
        reason = execution_put(execution, &key, "", 0);
    }
    return reason;
}

static const struct transaction_kind hesitant = {.kind = 90, .execute = execute_hesitant};
static const struct transaction_kind wordy = {.kind = 91, .execute = execute_wordy};
static const struct transaction_kind *const kinds[] = {
    &execution_kind_record, &execution_kind_members, &hesitant, &wordy, NULL};

static struct arena arena;
static uint64_t random_state = 4711;

static uint32_t draw(uint32_t below) {
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % below;
}

static const char *text(const char *reason) {
    return reason == NULL ? "fine" : reason;
}

/* ---- refused blocks ------------------------------------------------------------------------- */

/* The block of three transactions that a liar alters. */
struct lie {
    struct block block;
    struct transaction transactions[3];
    struct receipt receipts[3];
};

static struct lie *start(struct made_ledger *made) {
    const struct block *block;
    *made = made_ledger(&arena, &ledger_type_chain, kinds);
    struct transaction *first[] = {made_record(made, 50, 0, "lock", "kept")};
    CHECK_TEXT(text(made_commit(made, first, 1, &block)), "fine");
    struct transaction *next[] = {made_record(made, 50, 1, "a", "1"),
                                  made_record(made, 50, 2, "b", "2"),
                                  made_record(made, 20, 0, "lock", "broken")};
    struct ledger_batch batch = made_batch(made, next, 3);
    block = ledger_make(made->nodes[1], &batch, &arena);
    CHECK_INT(block->header.transaction_count, 3);
    CHECK(block->receipts[2].is_refused);
    struct lie *lie = ARENA_NEW(&arena, struct lie);
    lie->block = *block;
    memcpy(lie->transactions, block->transactions, sizeof lie->transactions);
    memcpy(lie->receipts, block->receipts, sizeof lie->receipts);
    lie->block.transactions = lie->transactions;
    lie->block.receipts = lie->receipts;
    return lie;
}

static void refuses(struct made_ledger *made, struct lie *lie, const char *expected) {
    struct block *block = &lie->block;
    struct hash before = ledger_state_root(made->nodes[2]);
    block_seal(block, made->hasher, made->arena);
    struct consensus_certificate certificate = made_certificate(made, block, 15);
    for (int again = 0; again < 2; again++) {
        CHECK_TEXT(text(ledger_check(made->nodes[2], block)), expected);
        CHECK_TEXT(text(ledger_commit(made->nodes[2], block, &certificate)), expected);
    }
    struct hash after = ledger_state_root(made->nodes[2]);
    CHECK(hash_equal(&before, &after));
    CHECK_INT(ledger_height(made->nodes[2]), 1);
    ledger_pool_close(made->pool);
}

static void test_headers(void) {
    struct made_ledger made;
    struct lie *lie = start(&made);
    lie->block.header.state_root.bytes[0] ^= 1;
    refuses(&made, lie, "state_root: another state comes out");
    lie = start(&made);
    lie->block.header.members_hash.bytes[0] ^= 1;
    refuses(&made, lie, "members_hash: another list");
    lie = start(&made);
    lie->block.header.proposer = 40;
    refuses(&made, lie, "proposer: not whose turn it is");
    lie = start(&made);
    lie->block.header.round = 1;
    refuses(&made, lie, "proposer: not whose turn it is");
    lie = start(&made);
    lie->block.header.time_ns = 1;
    refuses(&made, lie, "time: before the block below");
    lie = start(&made);
    lie->block.header.height = 3;
    refuses(&made, lie, "height: not the next");
    lie = start(&made);
    lie->block.header.previous.bytes[0] ^= 1;
    refuses(&made, lie, "previous: another block");
}

static void test_bodies(void) {
    struct made_ledger made;
    struct lie *lie = start(&made);
    struct transaction kept = lie->transactions[0];
    lie->transactions[0] = lie->transactions[1];
    lie->transactions[1] = kept;
    refuses(&made, lie, "sequence: not the sender's next");
    lie = start(&made);
    lie->transactions[2].signature.bytes[40] ^= 1;
    refuses(&made, lie, "signature: not the sender's");
    lie = start(&made);
    lie->transactions[1] = *made_transaction(&made, 60, 0, KIND_RECORD, NULL, NULL);
    refuses(&made, lie, "sender: nobody with a key at this height");
    lie = start(&made);
    lie->transactions[1] = *made_transaction(&made, 50, 2, 77, NULL, NULL);
    refuses(&made, lie, "kind: unknown");
    lie = start(&made);
    lie->receipts[2].is_refused = false;
    refuses(&made, lie, "receipts_root: something else comes out");
    lie = start(&made);
    lie->block.header.transaction_count = 2;
    refuses(&made, lie, "state_root: another state comes out");
}

/* The hash is that of a good block, what hangs on it is not. */
static void test_swapped_bodies(void) {
    struct made_ledger made;
    struct lie *lie = start(&made);
    struct block *block = &lie->block, twin = *block;
    struct transaction others[3];
    struct receipt receipts[3];
    memcpy(others, block->transactions, sizeof others);
    memcpy(receipts, block->receipts, sizeof receipts);
    CHECK_TEXT(text(ledger_check(made.nodes[2], block)), "fine");
    others[0] = *made_record(&made, 50, 1, "a", "3");
    twin.transactions = others;
    CHECK_TEXT(text(ledger_check(made.nodes[2], &twin)), "transactions_root: other transactions");
    twin = *block;
    receipts[2].is_refused = false;
    twin.receipts = receipts;
    CHECK_TEXT(text(ledger_check(made.nodes[2], &twin)), "receipts_root: other receipts");
    twin = *block;
    twin.header.round++;
    CHECK_TEXT(text(ledger_check(made.nodes[2], &twin)), "hash: not that of the header");
    struct consensus_certificate few = made_certificate(&made, block, 3);
    CHECK_TEXT(text(ledger_commit(made.nodes[2], block, &few)),
               "certificate: no quorum for this block");
    CHECK_TEXT(text(ledger_commit(made.nodes[2], block, NULL)),
               "certificate: no quorum for this block");
    ledger_pool_close(made.pool);
}

/* What a node makes is judged like what it gets; a certificate is good for its own block. */
static void test_offers(void) {
    struct made_ledger made = made_ledger(&arena, &ledger_type_chain, kinds);
    struct transaction *transaction = made_record(&made, 50, 0, "a", "1");
    struct ledger_batch batch = made_batch(&made, &transaction, 1);
    const struct block *good = ledger_make(made.nodes[0], &batch, &arena);
    batch.time_ns++;
    const struct block *other = ledger_make(made.nodes[0], &batch, &arena);
    struct consensus_certificate certificate = made_certificate(&made, other, 15);
    CHECK_TEXT(text(ledger_check(made.nodes[2], other)), "fine");
    CHECK_TEXT(text(ledger_commit(made.nodes[2], good, &certificate)),
               "certificate: no quorum for this block");
    batch.proposer = 10;
    other = ledger_make(made.nodes[0], &batch, &arena);
    CHECK_TEXT(text(ledger_check(made.nodes[2], other)), "proposer: not whose turn it is");
    batch.proposer = 20;
    batch.time_ns = 999;
    other = ledger_make(made.nodes[0], &batch, &arena);
    CHECK_TEXT(text(ledger_check(made.nodes[2], other)), "time: before the ledger began");
    ledger_pool_close(made.pool);
}

/* ---- histories ------------------------------------------------------------------------------ */

/* Transactions of members who mostly do as they should. */
static uint32_t draw_transactions(struct made_ledger *made, struct transaction **transactions,
                                  uint32_t count_max) {
    uint64_t sequences[MADE_MEMBERS];
    uint32_t count = draw(count_max + 1);
    for (uint32_t i = 0; i < MADE_MEMBERS; i++) {
        sequences[i] = ledger_sequence(made->nodes[0], 10 * (i + 1));
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t who = draw(MADE_MEMBERS);
        char *key = arena_format(&arena, "key %u", draw(40));
        char *value = draw(4) == 0 ? NULL : arena_format(&arena, "value %u", draw(1000));
        uint64_t sequence = sequences[who] + (draw(20) == 0); /* some have no place */
        transactions[i] = made_record(made, 10 * (who + 1), sequence, key, value);
        sequences[who] += sequence == sequences[who];
    }
    return count;
}

static bool is_same(struct ledger *a, struct ledger *b) {
    struct hash one = ledger_state_root(a), other = ledger_state_root(b);
    return hash_equal(&one, &other) && ledger_height(a) == ledger_height(b);
}

static void test_histories(void) {
    struct made_ledger chain = made_ledger(&arena, &ledger_type_chain, kinds);
    struct made_ledger database = made_ledger(&arena, &ledger_type_database, kinds);
    struct made_ledger reader = made_ledger(&arena, &ledger_type_chain, kinds);
    struct transaction *transactions[60];
    unsigned refused = 0, left_out = 0, done = 0;
    for (int height = 1; height <= 150; height++) {
        uint32_t count = draw_transactions(&chain, transactions, 60);
        struct ledger_batch batch = made_batch(&chain, transactions, count);
        const struct block *block, *same = ledger_make(database.nodes[0], &batch, &arena);
        CHECK(ledger_commit(database.nodes[0], same, NULL) == NULL);
        CHECK_TEXT(text(made_commit(&chain, transactions, count, &block)), "fine");
        CHECK(is_same(chain.nodes[0], database.nodes[0]));
        for (uint32_t i = 0; i < block->header.transaction_count; i++) {
            CHECK(block->receipts[i].is_refused == same->receipts[i].is_refused);
            refused += block->receipts[i].is_refused;
        }
        done += block->header.transaction_count;
        left_out += count - block->header.transaction_count;
        struct consensus_certificate certificate = made_certificate(&chain, block, 11), read;
        struct codec_blob bytes = block_encode(block, &certificate, &arena);
        struct block *decoded = ARENA_NEW(&arena, struct block);
        struct codec_fault fault;
        CHECK_INT(
            block_decode(bytes.bytes, bytes.size, reader.hasher, &arena, decoded, &read, &fault),
            0);
        CHECK_TEXT(text(ledger_commit(reader.nodes[3], decoded, &read)), "fine");
        CHECK(is_same(chain.nodes[2], reader.nodes[3]));
    }
    printf("%u transactions, %u refused, %u without a place\n", done, refused, left_out);
    CHECK(done > 3000 && refused > 300 && left_out > 30);
    CHECK_INT(verifier_verified(ledger_pool_verifier(chain.pool)), done + 4 * 150 - 150);
    ledger_pool_close(chain.pool);
    ledger_pool_close(database.pool);
    ledger_pool_close(reader.pool);
}

static void test_database(void) {
    struct made_ledger made = made_ledger(&arena, &ledger_type_database, kinds);
    struct transaction *transaction = made_record(&made, 50, 0, "a", "1");
    transaction->signature.bytes[0] ^= 1; /* the operator knows his users otherwise */
    struct ledger_batch batch = made_batch(&made, &transaction, 1);
    const struct block *first = ledger_make(made.nodes[0], &batch, &arena);
    const struct block *second = ledger_make(made.nodes[0], &batch, &arena);
    CHECK_TEXT(text(ledger_commit(made.nodes[0], first, NULL)), "not what the operator made last");
    CHECK_TEXT(text(ledger_commit(made.nodes[0], second, NULL)), "fine");
    CHECK_TEXT(text(ledger_commit(made.nodes[0], second, NULL)), "not what the operator made last");
    struct execution_key key = made_record_key("a");
    struct codec_blob value;
    struct state_proof proof;
    CHECK(ledger_read(made.nodes[0], &key, &value));
    CHECK(!ledger_read(made.nodes[1], &key, &value)); /* another database */
    CHECK(!ledger_prove(made.nodes[0], &key, &arena, &proof));
    ledger_pool_close(made.pool);
}

static void test_none(void) {
    struct made_ledger made = made_ledger(&arena, &ledger_type_none, kinds);
    struct transaction *transaction = made_record(&made, 50, 0, "a", "1");
    struct ledger_batch batch = made_batch(&made, &transaction, 1);
    struct execution_key key = made_record_key("a");
    struct codec_blob value;
    CHECK(ledger_make(made.nodes[0], &batch, &arena) == NULL);
    CHECK(!ledger_read(made.nodes[0], &key, &value));
    ledger_pool_close(made.pool);
    CHECK(ledger_type_find("chain") == &ledger_type_chain);
    CHECK(ledger_type_find("blockchain") == NULL);
}

/* ---- execution, members, proofs ------------------------------------------------------------- */

static void test_refusal_changes_nothing(void) {
    struct made_ledger made = made_ledger(&arena, &ledger_type_chain, kinds);
    struct record_body full = {.key = made_text("not empty")};
    struct transaction *transactions[] = {
        made_transaction(&made, 50, 0, 90, execution_record_body_rows, &full),
        made_transaction(&made, 10, 0, 91, execution_record_body_rows,
                         &(struct record_body){.key = {.bytes = (const uint8_t *)kinds, .size = 0},
                                               .value = made_text("sixty-four bytes and more, all "
                                                                  "in all, since the lengths "
                                                                  "count too")})};
    const struct block *block;
    CHECK_TEXT(text(made_commit(&made, transactions, 2, &block)), "fine");
    CHECK(block->receipts[0].is_refused && block->receipts[0].cost == 2);
    CHECK_INT(block->receipts[0].reason.size, strlen("on second thoughts"));
    CHECK(block->receipts[1].is_refused);
    CHECK(memcmp(block->receipts[1].reason.bytes, "it changes too many entries", 27) == 0);
    struct execution_key one = made_record_key("one"), two = made_record_key("two");
    struct codec_blob value;
    CHECK(!ledger_read(made.nodes[0], &one, &value) && !ledger_read(made.nodes[0], &two, &value));
    CHECK_INT(ledger_sequence(made.nodes[0], 50), 1);
    struct transaction *again = made_transaction(&made, 50, 1, 90, NULL, NULL);
    CHECK_TEXT(text(made_commit(&made, &again, 1, &block)), "fine");
    CHECK(!block->receipts[0].is_refused);
    CHECK(!ledger_read(made.nodes[0], &one, &value) && ledger_read(made.nodes[0], &two, &value));
    ledger_pool_close(made.pool);
}

/* Voter 10 takes key 11 from height 3 on. */
static void test_members(void) {
    struct made_ledger made = made_ledger(&arena, &ledger_type_chain, kinds);
    struct members_change change = {
        .act = MEMBERS_ROTATE, .member = 10, .key = made_key(11), .from_height = 3};
    struct hash statement =
        members_change_hash(ledger_members(made.nodes[0]), &change, &made.id, made.hasher);
    struct signing_key secret = made_secret(11);
    change.possession = signature_sign(&secret, statement.bytes, HASH_SIZE);
    struct transaction *transaction =
        made_transaction(&made, 10, 0, KIND_MEMBERS, members_change_rows, &change);
    const struct block *block;
    struct hash before = members_hash(ledger_members(made.nodes[0]), made.hasher);
    CHECK_TEXT(text(made_commit(&made, &transaction, 1, &block)), "fine");
    CHECK(!block->receipts[0].is_refused);
    CHECK(hash_equal(&block->header.members_hash, &before));
    struct hash after = members_hash(ledger_members(made.nodes[3]), made.hasher);
    struct execution_key key = execution_key(SPACE_MEMBERS, NULL, 0);
    struct codec_blob value;
    CHECK(!hash_equal(&after, &before));
    CHECK(ledger_read(made.nodes[0], &key, &value) && memcmp(value.bytes, after.bytes, 32) == 0);
    CHECK_TEXT(text(made_commit(&made, NULL, 0, &block)), "fine"); /* height 2: the old key */
    CHECK(hash_equal(&block->header.members_hash, &after));
    CHECK_TEXT(text(made_commit(&made, NULL, 0, &block)), "certificate: no quorum for this block");
    struct consensus_certificate others = made_certificate(&made, block, 14);
    CHECK_TEXT(text(ledger_commit(made.nodes[0], block, &others)), "fine");
    transaction = made_record(&made, 10, 1, "a", "1"); /* signed with the key that has ended */
    struct ledger_batch batch = made_batch(&made, &transaction, 1);
    block = ledger_make(made.nodes[0], &batch, &arena);
    CHECK_INT(block->header.transaction_count, 0);
    ledger_pool_close(made.pool);
}

static void test_proofs(void) {
    struct made_ledger made = made_ledger(&arena, &ledger_type_chain, kinds);
    struct transaction *transactions[] = {made_record(&made, 50, 0, "a", "1"),
                                          made_record(&made, 20, 0, "b", "2")};
    const struct block *block;
    CHECK_TEXT(text(made_commit(&made, transactions, 2, &block)), "fine");
    struct execution_key key = made_record_key("a"), absent = made_record_key("c");
    struct codec_blob value;
    struct state_proof proof;
    CHECK(ledger_read(made.nodes[0], &key, &value));
    CHECK(ledger_prove(made.nodes[0], &key, &arena, &proof));
    CHECK(
        state_verify(made.hasher, &block->header.state_root, key.bytes, key.size, &value, &proof));
    CHECK(!state_verify(made.hasher, &block->header.state_root, absent.bytes, absent.size, NULL,
                        &proof));
    CHECK(ledger_prove(made.nodes[0], &absent, &arena, &proof));
    CHECK(state_verify(made.hasher, &block->header.state_root, absent.bytes, absent.size, NULL,
                       &proof));
    ledger_pool_close(made.pool);
}

int main(void) {
    test_headers();
    test_bodies();
    test_swapped_bodies();
    test_offers();
    test_histories();
    test_database();
    test_none();
    test_refusal_changes_nothing();
    test_members();
    test_proofs();
    arena_free(&arena);
    return test_summary();
}
