/* SPDX-License-Identifier: GPL-3.0-or-later
 * cipher.c - libsodium's ciphers, and Nettle's AES-GCM, which takes keys and nonces of all sizes.
 */
#include "core/ledger/cipher.h"

#include "core/base/require.h"

#include <nettle/aes.h>
#include <nettle/gcm.h>
#include <nettle/nettle-meta.h>
#include <sodium.h>
#include <string.h>

struct cipher_type {
    bool (*has_sizes)(const struct cipher_input *input);
    int (*seal)(const struct cipher_input *input, const uint8_t *text, size_t size, uint8_t *sealed,
                uint8_t *tag);
    int (*open)(const struct cipher_input *input, const uint8_t *sealed, size_t size,
                const uint8_t *tag, uint8_t *text);
};

static bool xchacha20_has_sizes(const struct cipher_input *input) {
    return input->key_size == crypto_aead_xchacha20poly1305_ietf_KEYBYTES &&
           input->nonce_size == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
}

static int xchacha20_seal(const struct cipher_input *input, const uint8_t *text, size_t size,
                          uint8_t *sealed, uint8_t *tag) {
    return crypto_aead_xchacha20poly1305_ietf_encrypt_detached(
        sealed, tag, NULL, text, size, input->associated, input->associated_size, NULL,
        input->nonce, input->key);
}

static int xchacha20_open(const struct cipher_input *input, const uint8_t *sealed, size_t size,
                          const uint8_t *tag, uint8_t *text) {
    return crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
        text, NULL, sealed, size, tag, input->associated, input->associated_size, input->nonce,
        input->key);
}

static bool chacha20_has_sizes(const struct cipher_input *input) {
    return input->key_size == crypto_aead_chacha20poly1305_ietf_KEYBYTES &&
           input->nonce_size == crypto_aead_chacha20poly1305_ietf_NPUBBYTES;
}

static int chacha20_seal(const struct cipher_input *input, const uint8_t *text, size_t size,
                         uint8_t *sealed, uint8_t *tag) {
    return crypto_aead_chacha20poly1305_ietf_encrypt_detached(
        sealed, tag, NULL, text, size, input->associated, input->associated_size, NULL,
        input->nonce, input->key);
}

static int chacha20_open(const struct cipher_input *input, const uint8_t *sealed, size_t size,
                         const uint8_t *tag, uint8_t *text) {
    return crypto_aead_chacha20poly1305_ietf_decrypt_detached(
        text, NULL, sealed, size, tag, input->associated, input->associated_size, input->nonce,
        input->key);
}

static bool aes_has_sizes(const struct cipher_input *input) {
    return (input->key_size == 16 || input->key_size == 24 || input->key_size == 32) &&
           input->nonce_size > 0;
}

/* All of it on the stack: a schedule of round keys, the tables of a key, the state of a message. */
struct aes_gcm {
    const struct nettle_cipher *cipher;
    union {
        struct aes128_ctx aes128;
        struct aes192_ctx aes192;
        struct aes256_ctx aes256;
    } block;
    struct gcm_key key;
    struct gcm_ctx message;
};

static void aes_begin(struct aes_gcm *aes, const struct cipher_input *input) {
    aes->cipher = input->key_size == 16   ? &nettle_aes128
                  : input->key_size == 24 ? &nettle_aes192
                                          : &nettle_aes256;
    aes->cipher->set_encrypt_key(&aes->block, input->key);
    gcm_set_key(&aes->key, &aes->block, aes->cipher->encrypt);
    gcm_set_iv(&aes->message, &aes->key, input->nonce_size, input->nonce);
    gcm_update(&aes->message, &aes->key, input->associated_size, input->associated);
}

static void aes_end(struct aes_gcm *aes, uint8_t *tag) {
    gcm_digest(&aes->message, &aes->key, &aes->block, aes->cipher->encrypt, CIPHER_TAG_SIZE, tag);
}

static int aes_seal(const struct cipher_input *input, const uint8_t *text, size_t size,
                    uint8_t *sealed, uint8_t *tag) {
    struct aes_gcm aes;
    aes_begin(&aes, input);
    gcm_encrypt(&aes.message, &aes.key, &aes.block, aes.cipher->encrypt, size, sealed, text);
    aes_end(&aes, tag);
    return 0;
}

static int aes_open(const struct cipher_input *input, const uint8_t *sealed, size_t size,
                    const uint8_t *tag, uint8_t *text) {
    struct aes_gcm aes;
    uint8_t expected[CIPHER_TAG_SIZE];
    aes_begin(&aes, input);
    gcm_decrypt(&aes.message, &aes.key, &aes.block, aes.cipher->encrypt, size, text, sealed);
    aes_end(&aes, expected);
    return sodium_memcmp(expected, tag, CIPHER_TAG_SIZE);
}

static const struct cipher_type types[CIPHER_COUNT] = {
    [CIPHER_xchacha20_poly1305] = {xchacha20_has_sizes, xchacha20_seal, xchacha20_open},
    [CIPHER_chacha20_poly1305] = {chacha20_has_sizes, chacha20_seal, chacha20_open},
    [CIPHER_aes_gcm] = {aes_has_sizes, aes_seal, aes_open},
};

int cipher_seal(enum cipher cipher, const struct cipher_input *input, const uint8_t *text,
                size_t size, uint8_t *sealed, uint8_t tag[CIPHER_TAG_SIZE]) {
    return types[cipher].has_sizes(input) ? types[cipher].seal(input, text, size, sealed, tag) : -1;
}

int cipher_open(enum cipher cipher, const struct cipher_input *input, const uint8_t *sealed,
                size_t size, const uint8_t tag[CIPHER_TAG_SIZE], uint8_t *text) {
    if (!types[cipher].has_sizes(input)) {
        return -1;
    }
    if (types[cipher].open(input, sealed, size, tag, text) != 0) {
        memset(text, 0, size);
        return -1;
    }
    return 0;
}

int cipher_agree(const uint8_t private_key[CIPHER_KEY_SIZE],
                 const uint8_t public_key[CIPHER_KEY_SIZE], uint8_t shared[CIPHER_KEY_SIZE]) {
    return crypto_scalarmult_curve25519(shared, private_key, public_key);
}

void cipher_public_key(const uint8_t private_key[CIPHER_KEY_SIZE],
                       uint8_t public_key[CIPHER_KEY_SIZE]) {
    REQUIRE(crypto_scalarmult_curve25519_base(public_key, private_key) == 0);
}
