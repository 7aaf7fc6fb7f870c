/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: the list of members changes only as members.h says. Method: a ledger of four voters and a
 * carrier; each act once as it should be, then with one thing wrong at a time and the reason
 * compared; which key is valid is read off at each height around a change. */
#include "core/ledger/members.h"
#include "tests/test.h"

static struct arena arena;
static struct hasher *hasher;
static struct verifier *verifier;
static const struct hash ledger = {.bytes = {1, 2, 3}};

static struct signing_key secret_of(unsigned number) {
    uint8_t seed[SIGNATURE_SEED_SIZE] = {(uint8_t)number, (uint8_t)(number >> 8), 11};
    return signature_key_from_seed(seed);
}

static struct public_key key_of(unsigned number) {
    struct signing_key secret = secret_of(number);
    return signature_public_key(&secret);
}

/* Voters 10, 20, 30, 40 and carrier 50; each number is also its first key. */
static struct members start(void) {
    struct member *list = ARENA_ARRAY(&arena, struct member, 5);
    for (uint32_t i = 0; i < 5; i++) {
        struct member_key *key = ARENA_NEW(&arena, struct member_key);
        *key = (struct member_key){
            .key = key_of(10 * (i + 1)), .from_height = 0, .to_height = MEMBER_KEY_OPEN};
        list[i] = (struct member){.number = 10 * (i + 1),
                                  .name = {.bytes = (const uint8_t *)"somebody", .size = 8},
                                  .is_voter = i < 4,
                                  .keys = {.count = 1, .items = key}};
    }
    return (struct members){.list = {.count = 5, .items = list}};
}

/* A change approved by the first `approvals` voters, with the new key's own signature. */
static struct members_change change_of(const struct members *members, enum members_act act,
                                       uint32_t member, unsigned key, uint64_t from_height,
                                       uint32_t approvals) {
    struct members_change change = {.act = (uint8_t)act,
                                    .member = member,
                                    .name = {.bytes = (const uint8_t *)"newcomer", .size = 8},
                                    .is_voter = true,
                                    .key = key_of(key),
                                    .from_height = from_height};
    struct hash statement = members_change_hash(members, &change, &ledger, hasher);
    struct signing_key secret = secret_of(key);
    change.possession = signature_sign(&secret, statement.bytes, HASH_SIZE);
    struct members_approval *list = ARENA_ARRAY(&arena, struct members_approval, approvals);
    for (uint32_t i = 0; i < approvals; i++) {
        secret = secret_of(10 * (i + 1));
        list[i] = (struct members_approval){
            .voter = 10 * (i + 1),
            .signature = signature_sign(&secret, statement.bytes, HASH_SIZE)};
    }
    change.approvals = (struct codec_list){.count = approvals, .items = list};
    return change;
}

static const char *apply(const struct members *members, const struct members_change *change,
                         uint32_t sender, struct members *next) {
    struct members_case about = {
        .ledger = ledger, .sender = sender, .height = 100, .hasher = hasher, .verifier = verifier};
    const char *reason = members_apply(members, change, &about, &arena, next);
    return reason == NULL ? "done" : reason;
}

static bool signs_with(const struct members *members, uint32_t member, uint64_t height,
                       unsigned key) {
    const struct public_key *valid = members_key(members, member, height);
    struct public_key expected = key_of(key);
    return valid != NULL && memcmp(valid->bytes, expected.bytes, SIGNATURE_KEY_SIZE) == 0;
}

static void test_add(void) {
    struct members members = start(), next;
    struct members_change change = change_of(&members, MEMBERS_ADD, 25, 77, 105, 3);
    CHECK_TEXT(apply(&members, &change, 50, &next), "done");
    CHECK_INT(next.list.count, 6);
    CHECK_INT(members_voter_count(&next), 5);
    CHECK_INT(members_voter_index(&next, 25), 2);
    CHECK_INT(members_voter(&next, 3)->number, 30);
    CHECK(members_voter(&next, 5) == NULL && members_voter_index(&next, 50) == -1);
    CHECK(members_key(&next, 25, 104) == NULL && signs_with(&next, 25, 105, 77));
    CHECK_INT(members_voter_count(&members), 4); /* the list before is as it was */

    CHECK_TEXT(apply(&next, &change, 50, &next), "no quorum approves"); /* good once */
    change = change_of(&members, MEMBERS_ADD, 25, 77, 105, 2);
    CHECK_TEXT(apply(&members, &change, 10, &next), "no quorum approves");
    change = change_of(&members, MEMBERS_ADD, 20, 77, 105, 3);
    CHECK_TEXT(apply(&members, &change, 10, &next), "the number is taken");
    change = change_of(&members, MEMBERS_ADD, 25, 77, 100, 3);
    CHECK_TEXT(apply(&members, &change, 10, &next), "a key begins after the block that brings it");
    change = change_of(&members, MEMBERS_ADD, 25, 30, 105, 3);
    CHECK_TEXT(apply(&members, &change, 10, &next), "the key was used before");
    change = change_of(&members, MEMBERS_ADD, 25, 77, 105, 3);
    change.possession.bytes[3] ^= 1;
    CHECK_TEXT(apply(&members, &change, 10, &next), "nobody shows that he has the key");
}

/* Three approvals that are no quorum. */
static void test_approvals(void) {
    struct members members = start(), next;
    struct members_change change = change_of(&members, MEMBERS_RETIRE, 40, 40, 0, 3);
    struct members_approval *approvals = change.approvals.items, kept = approvals[2];
    approvals[2] = approvals[1];
    CHECK_TEXT(apply(&members, &change, 10, &next), "no quorum approves");
    struct signing_key secret = secret_of(50);
    struct hash statement = members_change_hash(&members, &change, &ledger, hasher);
    approvals[2] = (struct members_approval){
        .voter = 50, .signature = signature_sign(&secret, statement.bytes, HASH_SIZE)};
    CHECK_TEXT(apply(&members, &change, 10, &next), "no quorum approves");
    /* by another's signature */
    approvals[2] = (struct members_approval){.voter = 30, .signature = approvals[2].signature};
    CHECK_TEXT(apply(&members, &change, 10, &next), "no quorum approves");
    approvals[2] = kept;
    change.member = 30; /* another change than the one approved */
    CHECK_TEXT(apply(&members, &change, 10, &next), "no quorum approves");
    change.member = 40;
    CHECK_TEXT(apply(&members, &change, 10, &next), "done");
    CHECK_INT(members_voter_count(&next), 3);
    CHECK(members_key(&next, 40, 100) != NULL && members_key(&next, 40, 101) == NULL);
    CHECK(members_find(&next, 40) != NULL); /* its number is not given again */
}

static void test_rotate_and_revoke(void) {
    struct members members = start(), next, later;
    struct members_change change = change_of(&members, MEMBERS_ROTATE, 50, 51, 110, 0);
    CHECK_TEXT(apply(&members, &change, 20, &next), "no quorum approves");
    CHECK_TEXT(apply(&members, &change, 50, &next), "done");
    CHECK(signs_with(&next, 50, 109, 50) && signs_with(&next, 50, 110, 51));
    CHECK(signs_with(&next, 50, 99, 50)); /* old signatures can still be checked */
    change = change_of(&next, MEMBERS_REVOKE, 50, 50, 0, 0);
    CHECK_TEXT(apply(&next, &change, 50, &later), "done");
    CHECK(signs_with(&later, 50, 100, 50));
    CHECK_INT(members_find(&later, 50)->keys.count, 1); /* the second never began */
    CHECK(members_key(&later, 50, 101) == NULL && members_key(&later, 50, 110) == NULL);
    change = change_of(&later, MEMBERS_ROTATE, 50, 50, 120, 3); /* a revoked key stays revoked */
    CHECK_TEXT(apply(&later, &change, 10, &next), "the key was used before");
    change = change_of(&later, MEMBERS_ROTATE, 50, 52, 120, 3); /* a quorum gives it another */
    CHECK_TEXT(apply(&later, &change, 10, &next), "done");
    CHECK_TEXT(apply(&next, &change, 10, &later), "no quorum approves"); /* not once more */
    CHECK(members_key(&next, 50, 119) == NULL && signs_with(&next, 50, 120, 52));
    change = change_of(&next, MEMBERS_REVOKE, 60, 60, 0, 3);
    CHECK_TEXT(apply(&next, &change, 10, &later), "there is no such member");
}

static void test_hash(void) {
    struct members members = start(), read;
    struct hash hash = members_hash(&members, hasher);
    struct member *list = members.list.items;
    struct codec_fault fault;
    uint8_t bytes[4096];
    size_t size = codec_encode(members_rows, &members, bytes, sizeof bytes);
    CHECK_INT(codec_decode(members_rows, bytes, size, &arena, &read, &fault), 0);
    unsigned same = 0, decoded = 0;
    for (size_t i = 0; i <= size; i++) { /* the last time unaltered */
        bytes[i] ^= 1;
        if (codec_decode(members_rows, bytes, size, &arena, &read, &fault) == 0) {
            struct hash other = members_hash(&read, hasher);
            decoded++;
            same += hash_equal(&hash, &other);
        }
        bytes[i] ^= 1;
    }
    CHECK_INT(same, 1);
    CHECK(decoded > 200);
    list[0].is_voter = false;
    struct hash other = members_hash(&members, hasher);
    CHECK(!hash_equal(&hash, &other));
}

int main(void) {
    hasher = hash_open();
    verifier = verifier_create(&arena, 1024);
    test_add();
    test_approvals();
    test_rotate_and_revoke();
    test_hash();
    hash_close(hasher);
    arena_free(&arena);
    return test_summary();
}
