/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: a transaction is what its sender signed and nothing else, and its signature is verified
 * once. Method: there and back; every byte altered in turn, and every transaction still accepted is
 * counted (none may be); the verifier against bare verification on drawn requests. */
#include "core/ledger/transaction.h"
#include "core/ledger/verifier.h"
#include "tests/test.h"

static struct arena arena;
static struct hasher *hasher;

static struct signing_key key_of(uint8_t number) {
    uint8_t seed[SIGNATURE_SEED_SIZE] = {number, 7};
    return signature_key_from_seed(seed);
}

static struct transaction make(const struct signing_key *key, uint64_t sequence) {
    struct transaction transaction = {
        .ledger = {.bytes = {9, 8, 7}},
        .sender = 3,
        .sequence = sequence,
        .kind = 1,
        .body = {.bytes = (const uint8_t *)"declaration 24GB-0017", .size = 21}};
    transaction_sign(&transaction, key, hasher, &arena);
    return transaction;
}

static void test_round_trip(void) {
    struct signing_key key = key_of(1);
    struct public_key public_key = signature_public_key(&key);
    struct transaction made = make(&key, 5), read;
    struct codec_fault fault;
    CHECK_INT(made.encoding.size, 32 + 4 + 8 + 4 + 4 + 21 + 64);
    CHECK_INT(
        transaction_decode(made.encoding.bytes, made.encoding.size, hasher, &arena, &read, &fault),
        0);
    CHECK(hash_equal(&read.id, &made.id));
    CHECK_INT(read.sender, 3);
    CHECK_INT(read.sequence, 5);
    CHECK_INT(read.body.size, 21);
    CHECK(signature_verify(&public_key, read.id.bytes, HASH_SIZE, &read.signature));
    /* the identity, worked out by hand: domain byte and all but the last 64 bytes */
    uint8_t bytes[1 + 73] = {HASH_TRANSACTION};
    memcpy(bytes + 1, made.encoding.bytes, 73);
    struct hash expected = hash_bytes(hasher, HASH_PLAIN, bytes, sizeof bytes);
    CHECK(hash_equal(&made.id, &expected));
}

static void test_altered_bytes(void) {
    struct signing_key key = key_of(1);
    struct public_key public_key = signature_public_key(&key);
    struct transaction made = make(&key, 5);
    struct hash leaf = transaction_leaf(&made, hasher);
    uint8_t bytes[256];
    memcpy(bytes, made.encoding.bytes, made.encoding.size);
    unsigned decoded = 0, accepted = 0, same_leaf = 0;
    for (uint32_t at = 0; at < made.encoding.size; at++) {
        for (int bit = 0; bit < 8; bit++) {
            bytes[at] ^= (uint8_t)(1 << bit);
            struct transaction read;
            struct codec_fault fault;
            if (transaction_decode(bytes, made.encoding.size, hasher, &arena, &read, &fault) == 0) {
                struct hash other = transaction_leaf(&read, hasher);
                decoded++;
                accepted +=
                    signature_verify(&public_key, read.id.bytes, HASH_SIZE, &read.signature);
                same_leaf += hash_equal(&leaf, &other);
            }
            bytes[at] ^= (uint8_t)(1 << bit);
        }
    }
    CHECK_INT(decoded, (137 - 4) * 8); /* all but those with another length of the body */
    CHECK_INT(accepted, 0);
    CHECK_INT(same_leaf, 0);
}

/* Few keys, hashes and signatures in a small verifier, so that places are fought for. */
static void test_verifier(void) {
    enum { COUNT = 40, REQUESTS = 4000 };
    struct verifier *verifier = verifier_create(&arena, 64);
    struct public_key keys[COUNT];
    struct transaction signed_by[COUNT];
    for (uint8_t i = 0; i < COUNT; i++) {
        struct signing_key key = key_of(i);
        keys[i] = signature_public_key(&key);
        signed_by[i] = make(&key, i);
    }
    uint64_t state = 5;
    unsigned good = 0;
    for (int i = 0; i < REQUESTS; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        unsigned who = (unsigned)(state >> 33) % COUNT;
        unsigned what = state >> 63 ? who : (unsigned)(state >> 40) % COUNT;
        unsigned by = (state >> 62 & 1) != 0 ? what : who;
        bool is_good =
            verifier_check(verifier, &keys[who], &signed_by[what].id, &signed_by[by].signature);
        CHECK(is_good == (who == what && what == by));
        good += is_good;
    }
    CHECK(good > 500 && good < REQUESTS);
    CHECK_INT(verifier_asked(verifier), REQUESTS);
    CHECK(verifier_verified(verifier) < REQUESTS);
    struct verifier *roomy = verifier_create(&arena, 4096);
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < COUNT; i++) {
            CHECK(verifier_check(roomy, &keys[i], &signed_by[i].id, &signed_by[i].signature));
        }
    }
    CHECK_INT(verifier_verified(roomy), COUNT);
}

int main(void) {
    hasher = hash_open();
    test_round_trip();
    test_altered_bytes();
    test_verifier();
    hash_close(hasher);
    arena_free(&arena);
    return test_summary();
}
