/* SPDX-License-Identifier: GPL-3.0-or-later
 * hash.c - SHA-256 by OpenSSL, which uses the processor's own instructions; the rest by libsodium.
 *
 * Of OpenSSL's interfaces the old one, without EVP: what EVP does around each hash takes 50 ns more
 * (65 bytes 131 and 178 ns, 321 bytes 331 and 387 ns), and most of what is hashed here is short. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "core/ledger/hash.h"

#include "core/base/require.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <sodium.h>

struct hasher {
    SHA256_CTX context;
};

struct hasher *hash_open(void) {
    REQUIRE(sodium_init() >= 0); /* chooses the fastest code; any number of times */
    struct hasher *hasher = OPENSSL_zalloc(sizeof *hasher);
    REQUIRE(hasher != NULL);
    return hasher;
}

void hash_close(struct hasher *hasher) {
    OPENSSL_free(hasher);
}

void hash_begin(struct hasher *hasher, enum hash_domain domain) {
    SHA256_Init(&hasher->context);
    if (domain != HASH_PLAIN) {
        uint8_t byte = (uint8_t)domain;
        hash_add(hasher, &byte, 1);
    }
}

void hash_add(struct hasher *hasher, const void *bytes, size_t size) {
    SHA256_Update(&hasher->context, bytes, size);
}

struct hash hash_end(struct hasher *hasher) {
    struct hash hash;
    SHA256_Final(hash.bytes, &hasher->context);
    return hash;
}

struct hash hash_bytes(struct hasher *hasher, enum hash_domain domain, const void *bytes,
                       size_t size) {
    hash_begin(hasher, domain);
    hash_add(hasher, bytes, size);
    return hash_end(hasher);
}

struct hash hash_pair(struct hasher *hasher, const struct hash *left, const struct hash *right) {
    uint8_t both[2 * HASH_SIZE];
    memcpy(both, left->bytes, HASH_SIZE);
    memcpy(both + HASH_SIZE, right->bytes, HASH_SIZE);
    return hash_bytes(hasher, HASH_NODE, both, sizeof both);
}

void hash_sha512(const void *bytes, size_t size, uint8_t digest[HASH_WIDE_SIZE]) {
    crypto_hash_sha512(digest, bytes, size);
}

void hash_blake2b(const void *bytes, size_t size, uint8_t digest[HASH_WIDE_SIZE]) {
    REQUIRE(crypto_generichash(digest, HASH_WIDE_SIZE, bytes, size, NULL, 0) == 0);
}

struct hash hash_keyed(const void *key, size_t key_size, const void *bytes, size_t size) {
    crypto_auth_hmacsha256_state state;
    struct hash tag;
    crypto_auth_hmacsha256_init(&state, key, key_size);
    crypto_auth_hmacsha256_update(&state, bytes, size);
    crypto_auth_hmacsha256_final(&state, tag.bytes);
    return tag;
}

bool hash_keyed_verify(const void *key, size_t key_size, const void *bytes, size_t size,
                       const uint8_t *tag, size_t tag_size) {
    if (tag_size < HASH_SIZE / 2 || tag_size > HASH_SIZE) {
        return false;
    }
    struct hash expected = hash_keyed(key, key_size, bytes, size);
    return sodium_memcmp(expected.bytes, tag, tag_size) == 0;
}

int hash_derive(const void *secret, size_t secret_size, const void *salt, size_t salt_size,
                const void *info, size_t info_size, uint8_t *key, size_t size) {
    if (size > 255 * (size_t)HASH_SIZE) {
        return -1;
    }
    struct hash extracted = hash_keyed(salt, salt_size, secret, secret_size), block;
    size_t block_size = 0; /* the first block has none before it */
    uint8_t counter = 0;
    for (size_t done = 0; done < size; done += HASH_SIZE) {
        crypto_auth_hmacsha256_state state;
        crypto_auth_hmacsha256_init(&state, extracted.bytes, HASH_SIZE);
        crypto_auth_hmacsha256_update(&state, block.bytes, block_size);
        crypto_auth_hmacsha256_update(&state, info, info_size);
        counter++;
        crypto_auth_hmacsha256_update(&state, &counter, 1);
        crypto_auth_hmacsha256_final(&state, block.bytes);
        block_size = HASH_SIZE;
        memcpy(key + done, block.bytes, size - done < HASH_SIZE ? size - done : HASH_SIZE);
    }
    return 0;
}
