/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: a payload is purged when all holders have said so, with a proof; the audit key is used on
 * record; a node says what it never had. Method: one payload from announcement to purge on a chain
 * of four, each act also by those who may not; the proof checked against the header alone; the
 * memory of a purged copy looked at. */
#include "core/ledger/payload.h"
#include "tests/test.h"
#include "tests/unit/made_ledger.h"

static const struct transaction_kind *const kinds[] = {&payload_kind, NULL};
static struct arena arena;
static struct made_ledger made;
static uint64_t sequences[MADE_MEMBERS + 1];
static const struct hash document = {.bytes = {3, 1, 4}};
static const struct block *block;

/* Commits an act alone, and what became of it. */
static void act(uint32_t sender, struct payload_body body, const char *expected) {
    struct transaction *transaction = made_transaction(&made, sender, sequences[sender / 10]++,
                                                       KIND_PAYLOAD, payload_body_rows, &body);
    CHECK(made_commit(&made, &transaction, 1, &block) == NULL);
    const struct codec_blob *reason = &block->receipts[0].reason;
    char text[RECEIPT_TEXT_MAX + 1] = "done";
    if (block->receipts[0].is_refused) {
        memcpy(text, reason->bytes, reason->size);
        text[reason->size] = '\0';
    }
    CHECK_TEXT(text, expected);
}

static struct payload_entry read_entry(void) {
    struct execution_key key = payload_key(&document);
    struct payload_entry entry = {.stage = 99};
    struct codec_blob value;
    struct codec_fault fault;
    CHECK(ledger_read(made.nodes[2], &key, &value));
    CHECK_INT(codec_decode(payload_entry_rows, value.bytes, value.size, &arena, &entry, &fault), 0);
    return entry;
}

static struct codec_blob seal(void) {
    struct sealed_sender sender = {.secret = {.bytes = {1}}, .document = document};
    struct sealed_party parties[2] = {{.number = 20}, {.number = 50}};
    for (int i = 0; i < 2; i++) {
        uint8_t key[CIPHER_KEY_SIZE] = {(uint8_t)parties[i].number, 9};
        cipher_public_key(key, parties[i].public_key);
    }
    struct codec_blob text = made_text("480 laptops at 311.25 EUR");
    return sealed_make(&sender, &text, parties, 2, NULL, &arena);
}

static void test_life(const struct codec_blob *sealed) {
    struct payload_holder holders[] = {{.member = 20}, {.member = 50}};
    struct payload_holder twice[] = {{.member = 20}, {.member = 20, .purged_height = 1}};
    struct payload_body announce = {
        .act = PAYLOAD_ANNOUNCE,
        .document = document,
        .content = hash_bytes(made.hasher, HASH_PLAIN, sealed->bytes, sealed->size),
        .holders = {.count = 2, .items = holders}};
    struct payload_body wrong = announce, demand = {.act = PAYLOAD_DEMAND, .document = document};
    struct payload_body purged = {.act = PAYLOAD_PURGED, .document = document};
    act(10, demand, "there is no such payload");
    wrong.holders.items = twice;
    act(10, wrong, "holders are members, each once, who have purged nothing");
    wrong.holders.count = 0;
    act(10, wrong, "a payload has a holder");
    act(10, announce, "done");
    act(10, announce, "the payload was announced before");
    act(20, purged, "no purge is demanded");
    act(30, demand, "only owner and holders demand a purge");
    act(10, demand, "done");
    act(50, demand, "a purge was demanded before");
    act(10, purged, "not a holder that still has it");
    act(50, purged, "done");
    CHECK_INT(read_entry().stage, PAYLOAD_DEMANDED);
    act(50, purged, "not a holder that still has it");
    act(20, purged, "done");
    CHECK_INT(read_entry().stage, PAYLOAD_GONE);
    CHECK_INT(((struct payload_holder *)read_entry().holders.items)[0].purged_height,
              block->header.height);
}

static void test_proof_of_purge(void) {
    struct execution_key key = payload_key(&document);
    struct codec_blob value;
    struct state_proof proof;
    CHECK(ledger_read(made.nodes[0], &key, &value));
    CHECK(ledger_prove(made.nodes[0], &key, &arena, &proof));
    CHECK(
        state_verify(made.hasher, &block->header.state_root, key.bytes, key.size, &value, &proof));
}

static void test_audit(void) {
    struct payload_body use = {.act = PAYLOAD_AUDIT, .document = document};
    act(30, use, "a use of the audit key has a reason");
    use.reason = made_text("suspicion of undervaluation");
    act(30, use, "done");
    act(30, use, "done");
    struct execution_key key = payload_audit_key(&document, 30);
    struct execution_key other = payload_audit_key(&document, 40);
    struct codec_blob value;
    struct payload_audit audit;
    struct codec_fault fault;
    CHECK(!ledger_read(made.nodes[1], &other, &value));
    CHECK(ledger_read(made.nodes[1], &key, &value));
    CHECK_INT(codec_decode(payload_audit_rows, value.bytes, value.size, &arena, &audit, &fault), 0);
    CHECK_INT(audit.uses, 2);
    CHECK_INT(audit.height, block->header.height);
    use.document.bytes[0]++;
    act(30, use, "there is no such payload");
}

static void test_store(const struct codec_blob *sealed) {
    struct payload_store *store = payload_store_create(&arena, 2), *empty;
    struct payload_entry entry = read_entry();
    struct codec_blob other = {.bytes = sealed->bytes, .size = sealed->size - 1}, kept, gone;
    struct hash second = {.bytes = {3, 1, 4, 0, 1}}, third = {.bytes = {3, 1, 4, 0, 2}};
    empty = payload_store_create(&arena, 2);
    CHECK_TEXT(payload_store_put(store, &entry, &document, &other, made.hasher),
               "not what was announced");
    CHECK(payload_store_put(store, &entry, &document, sealed, made.hasher) == NULL);
    CHECK_TEXT(payload_store_put(store, &entry, &document, sealed, made.hasher), "here already");
    CHECK(payload_store_put(store, &entry, &second, sealed, made.hasher) == NULL);
    CHECK_TEXT(payload_store_put(store, &entry, &third, sealed, made.hasher), "no more room");
    CHECK(payload_store_get(store, &document, &kept) == NULL);
    CHECK(kept.size == sealed->size && memcmp(kept.bytes, sealed->bytes, kept.size) == 0);
    CHECK_TEXT(payload_store_get(empty, &document, &gone), "never received");
    CHECK_TEXT(payload_store_get(store, &third, &gone), "never received");
    CHECK(payload_store_purge(store, &document) == NULL);
    CHECK_TEXT(payload_store_get(store, &document, &gone), "purged");
    CHECK_TEXT(payload_store_purge(store, &document), "purged");
    CHECK_TEXT(payload_store_put(store, &entry, &document, sealed, made.hasher), "purged");
    CHECK(payload_store_get(store, &second, &gone) == NULL);
    for (uint32_t i = 0; i < kept.size; i++) {
        CHECK_INT(kept.bytes[i], 0);
    }
}

int main(void) {
    made = made_ledger(&arena, &ledger_type_chain, kinds);
    struct codec_blob sealed = seal();
    test_life(&sealed);
    test_proof_of_purge();
    test_audit();
    test_store(&sealed);
    ledger_pool_close(made.pool);
    arena_free(&arena);
    return test_summary();
}
