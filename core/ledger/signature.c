/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ledger/signature.h"

#include "core/base/require.h"

#include <sodium.h>
#include <string.h>

struct signing_key signature_key_from_seed(const uint8_t seed[SIGNATURE_SEED_SIZE]) {
    struct signing_key key;
    struct public_key ignored;
    REQUIRE(crypto_sign_seed_keypair(ignored.bytes, key.bytes, seed) == 0);
    return key;
}

struct public_key signature_public_key(const struct signing_key *key) {
    struct public_key public_key;
    memcpy(public_key.bytes, key->bytes + SIGNATURE_SEED_SIZE, SIGNATURE_KEY_SIZE);
    return public_key;
}

struct signature signature_sign(const struct signing_key *key, const void *bytes, size_t size) {
    struct signature signature;
    REQUIRE(crypto_sign_detached(signature.bytes, NULL, bytes, size, key->bytes) == 0);
    return signature;
}

bool signature_verify(const struct public_key *key, const void *bytes, size_t size,
                      const struct signature *signature) {
    return crypto_sign_verify_detached(signature->bytes, bytes, size, key->bytes) == 0;
}

bool signature_verify_bytes(const uint8_t *key, size_t key_size, const void *bytes, size_t size,
                            const uint8_t *signature, size_t signature_size) {
    return key_size == SIGNATURE_KEY_SIZE && signature_size == SIGNATURE_SIZE &&
           crypto_sign_verify_detached(signature, bytes, size, key) == 0;
}
