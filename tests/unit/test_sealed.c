/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: the named parties read a payload, nobody else does, and the auditor not without the
 * trustee. Method: each key tried at each lock; every bit altered; the text looked for in the
 * bytes; keys of small order. */
#include "core/ledger/sealed.h"
#include "tests/test.h"

static struct arena arena;
static const struct sealed_sender sender = {.secret = {.bytes = {5, 5}},
                                            .document = {.bytes = {4, 2}}};
static const char invoice[] = "invoice 2291: 480 laptops at 311.25 EUR, seller Delta, buyer Quay";

static void private_of(uint32_t number, uint8_t key[CIPHER_KEY_SIZE]) {
    memset(key, 0, CIPHER_KEY_SIZE);
    key[0] = (uint8_t)number;
    key[1] = 99;
}

static struct sealed_party party(uint32_t number) {
    struct sealed_party made = {.number = number};
    uint8_t key[CIPHER_KEY_SIZE];
    private_of(number, key);
    cipher_public_key(key, made.public_key);
    return made;
}

static const char *open_as(const struct codec_blob *sealed, uint32_t number, uint32_t key_of,
                           struct codec_blob *text) {
    uint8_t key[CIPHER_KEY_SIZE];
    private_of(key_of, key);
    const char *reason = sealed_open(sealed, &sender.document, number, key, &arena, text);
    return reason == NULL ? "open" : reason;
}

static struct codec_blob seal(void) {
    struct sealed_party parties[] = {party(30), party(10), party(20)};
    struct sealed_audit audit = {.auditor = party(40), .trustee = party(5)};
    struct codec_blob text = {.bytes = (const uint8_t *)invoice, .size = sizeof invoice};
    return sealed_make(&sender, &text, parties, 3, &audit, &arena);
}

static void test_parties(void) {
    struct codec_blob sealed = seal(), text;
    for (uint32_t number = 10; number <= 30; number += 10) {
        CHECK_TEXT(open_as(&sealed, number, number, &text), "open");
        CHECK(text.size == sizeof invoice && memcmp(text.bytes, invoice, sizeof invoice) == 0);
        CHECK_TEXT(open_as(&sealed, number, 50, &text), "key: not that of the party");
        CHECK_TEXT(open_as(&sealed, number, number % 30 + 10, &text), "key: not that of the party");
    }
    CHECK_TEXT(open_as(&sealed, 50, 50, &text), "party: not one it is sealed to");
    CHECK_TEXT(open_as(&sealed, 40, 40, &text), "text: altered, or another key"); /* the auditor */
    CHECK_TEXT(open_as(&sealed, 5, 5, &text), "text: altered, or another key");   /* the trustee */
    unsigned seen = 0;
    for (uint32_t at = 0; at + 8 <= sealed.size; at++) {
        for (uint32_t part = 0; part + 8 <= sizeof invoice; part++) {
            seen += memcmp(sealed.bytes + at, invoice + part, 8) == 0;
        }
    }
    CHECK_INT(seen, 0);
}

static void test_audit(void) {
    struct codec_blob sealed = seal(), text;
    uint8_t auditor[CIPHER_KEY_SIZE], trustee[CIPHER_KEY_SIZE], share[CIPHER_KEY_SIZE];
    private_of(40, auditor);
    private_of(5, trustee);
    CHECK(sealed_share(&sealed, &sender.document, 5, auditor, &arena, share) != NULL);
    CHECK(sealed_share(&sealed, &sender.document, 5, trustee, &arena, share) == NULL);
    CHECK(sealed_audit(&sealed, &sender.document, 40, auditor, share, &arena, &text) == NULL);
    CHECK(text.size == sizeof invoice && memcmp(text.bytes, invoice, sizeof invoice) == 0);
    share[3] ^= 1;
    CHECK(sealed_audit(&sealed, &sender.document, 40, auditor, share, &arena, &text) != NULL);
}

/* The text is safe from every alteration; a lock from all of its own. */
static void test_altered(void) {
    struct codec_blob sealed = seal(), altered = sealed, text;
    uint8_t *bytes = arena_alloc(&arena, sealed.size);
    struct arena scratch = ARENA_INIT;
    uint8_t key[CIPHER_KEY_SIZE];
    unsigned accepted = 0, wrong = 0;
    private_of(20, key);
    memcpy(bytes, sealed.bytes, sealed.size);
    altered.bytes = bytes;
    for (uint32_t bit = 0; bit < 8 * sealed.size; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (sealed_open(&altered, &sender.document, 20, key, &scratch, &text) == NULL) {
            accepted++;
            wrong += text.size != sizeof invoice || memcmp(text.bytes, invoice, text.size) != 0;
        }
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        arena_free(&scratch);
    }
    CHECK_INT(wrong, 0);
    CHECK(accepted <= 4 * (4 + 48) * 8); /* other parties' locks are theirs to mind */
    struct hash other = {.bytes = {4, 3}};
    CHECK(sealed_open(&sealed, &other, 20, key, &scratch, &text) != NULL);
    arena_free(&scratch);
}

static void test_makers(void) {
    struct codec_blob one = seal(), two = seal();
    CHECK(one.size == two.size && memcmp(one.bytes, two.bytes, one.size) == 0);
    struct codec_blob text = {.bytes = (const uint8_t *)invoice, .size = sizeof invoice - 1};
    struct sealed_party parties[] = {party(10), party(10)};
    CHECK(sealed_make(&sender, &text, parties, 2, NULL, &arena).bytes == NULL);
    two = sealed_make(&sender, &text, parties, 1, NULL, &arena);
    CHECK(memcmp(one.bytes + 32, two.bytes + 32, CIPHER_KEY_SIZE) != 0); /* another text */
    memset(parties[0].public_key, 0, CIPHER_KEY_SIZE);                   /* of small order */
    CHECK(sealed_make(&sender, &text, parties, 1, NULL, &arena).bytes == NULL);
}

int main(void) {
    struct hasher *hasher = hash_open(); /* prepares libsodium */
    test_parties();
    test_audit();
    test_altered();
    test_makers();
    hash_close(hasher);
    arena_free(&arena);
    return test_summary();
}
