/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: a field that is shown is believed, one that is not can't be guessed. Method: documents of 1
 * to 40 fields, each field shown, altered in every bit and put to another root; a guessing attack
 * on a commodity code of ten digits by one who knows its heading and all else that is public,
 * against the field without salt (it must succeed) and with (it must fail). */
#include "core/ledger/disclosure.h"
#include "tests/test.h"

static struct arena arena;
static struct hasher *hasher;

static struct codec_blob blob(const char *text) {
    return (struct codec_blob){.bytes = (const uint8_t *)text, .size = (uint32_t)strlen(text)};
}

static const struct disclosure_owner owner = {.secret = {.bytes = {7, 7, 7}},
                                              .document = {.bytes = {1, 2}}};

static struct disclosure_field *make_fields(uint32_t count) {
    struct disclosure_field *fields = ARENA_ARRAY(&arena, struct disclosure_field, count);
    for (uint32_t i = 0; i < count; i++) {
        fields[i] =
            (struct disclosure_field){.name = blob(arena_format(&arena, "field %u", i)),
                                      .value = blob(arena_format(&arena, "%u", 1000 * (i % 3)))};
    }
    return fields;
}

static void test_fields(void) {
    for (uint32_t count = 1; count <= 40; count += count < 6 ? 1 : 11) {
        struct disclosure_field *fields = make_fields(count), shown;
        struct hash root = disclosure_root(&owner, fields, count, hasher), other = root;
        other.bytes[9] ^= 1;
        for (uint32_t i = 0; i < count; i++) {
            struct codec_blob bytes = disclosure_show(&owner, fields, count, i, hasher, &arena);
            CHECK(disclosure_check(&root, count, bytes.bytes, bytes.size, hasher, &arena, &shown) ==
                  NULL);
            CHECK(shown.value.size == fields[i].value.size &&
                  memcmp(shown.value.bytes, fields[i].value.bytes, shown.value.size) == 0);
            CHECK(disclosure_check(&other, count, bytes.bytes, bytes.size, hasher, &arena,
                                   &shown) != NULL);
            uint8_t *altered = arena_alloc(&arena, bytes.size);
            memcpy(altered, bytes.bytes, bytes.size);
            unsigned accepted = 0;
            for (uint32_t bit = 0; bit < 8 * bytes.size; bit++) {
                altered[bit / 8] ^= (uint8_t)(1 << bit % 8);
                accepted += disclosure_check(&root, count, altered, bytes.size, hasher, &arena,
                                             &shown) == NULL;
                altered[bit / 8] ^= (uint8_t)(1 << bit % 8);
            }
            CHECK_INT(accepted, 0);
        }
        arena_free(&arena);
    }
}

/* Fields of equal value must not look equal, nor name and value run into each other. */
static void test_salts(void) {
    struct disclosure_owner second = owner, third = owner;
    second.document.bytes[0]++;
    third.secret.bytes[0]++;
    struct hash salts[] = {disclosure_salt(&owner, 0), disclosure_salt(&owner, 1),
                           disclosure_salt(&owner, 256), disclosure_salt(&second, 0),
                           disclosure_salt(&third, 0)};
    for (int i = 0; i < 5; i++) {
        for (int k = 0; k < i; k++) {
            CHECK(!hash_equal(&salts[i], &salts[k]));
        }
    }
    struct disclosure_field one = {.name = blob("ab"), .value = blob("c")};
    struct disclosure_field two = {.name = blob("a"), .value = blob("bc")};
    struct hash a = disclosure_commit(&salts[0], &one, hasher);
    struct hash b = disclosure_commit(&salts[0], &two, hasher);
    CHECK(!hash_equal(&a, &b));
}

/* The code that gives the commitment under that salt, of the million in heading 8471 whose last
 * three digits are zero; -1 when none does. */
static int64_t guess(const struct hash *commitment, const struct hash *salt) {
    char digits[] = "8471300000";
    struct disclosure_field field = {.name = blob("commodity_code"),
                                     .value = {.bytes = (const uint8_t *)digits, .size = 10}};
    for (int64_t code = 8471000000; code < 8472000000; code += 1000) {
        int64_t rest = code;
        for (int i = 9; i >= 0; i--, rest /= 10) {
            digits[i] = (char)('0' + rest % 10);
        }
        struct hash hash = disclosure_commit(salt, &field, hasher);
        if (hash_equal(&hash, commitment)) {
            return code;
        }
    }
    return -1;
}

static void test_guessing(void) {
    static const struct hash none;
    struct disclosure_field field = {.name = blob("commodity_code"), .value = blob("8471300000")};
    struct hash salt = disclosure_salt(&owner, 0);
    struct hash bare = disclosure_commit(&none, &field, hasher);
    struct hash salted = disclosure_commit(&salt, &field, hasher);
    CHECK_INT(guess(&bare, &none), 8471300000);
    CHECK_INT(guess(&salted, &none), -1);
    CHECK_INT(guess(&salted, &owner.document), -1);                 /* public */
    struct disclosure_owner guessed = {.document = owner.document}; /* without the secret */
    salt = disclosure_salt(&guessed, 0);
    CHECK_INT(guess(&salted, &salt), -1);
    salt = disclosure_salt(&owner, 1); /* of a field that has been shown */
    CHECK_INT(guess(&salted, &salt), -1);
}

int main(void) {
    hasher = hash_open();
    test_fields();
    test_salts();
    test_guessing();
    hash_close(hasher);
    arena_free(&arena);
    return test_summary();
}
