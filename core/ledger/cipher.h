/* SPDX-License-Identifier: GPL-3.0-or-later
 * cipher.h - payloads that only named parties can read.
 *
 * The ledger seals with XChaCha20-Poly1305: its nonce is long enough to be derived. The others
 * stand in the same table for what is exchanged with systems outside. */
#ifndef CORE_LEDGER_CIPHER_H
#define CORE_LEDGER_CIPHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CIPHER_TAG_SIZE = 16, CIPHER_KEY_SIZE = 32 };

#define CIPHERS(X) X(xchacha20_poly1305) X(chacha20_poly1305) X(aes_gcm)

enum cipher {
#define X(name) CIPHER_##name,
    CIPHERS(X)
#undef X
        CIPHER_COUNT
};

/* What is not secret but may not be altered either. */
struct cipher_input {
    const uint8_t *key;
    size_t key_size;
    const uint8_t *nonce;
    size_t nonce_size;
    const uint8_t *associated;
    size_t associated_size;
};

/* Seals `size` bytes into as many and a tag. -1 for a key or nonce of a size that the cipher does
 * not have. `sealed` may be `text`. */
int cipher_seal(enum cipher cipher, const struct cipher_input *input, const uint8_t *text,
                size_t size, uint8_t *sealed, uint8_t tag[CIPHER_TAG_SIZE]);

/* -1, and nothing in `text`, for those and when anything was altered. */
int cipher_open(enum cipher cipher, const struct cipher_input *input, const uint8_t *sealed,
                size_t size, const uint8_t tag[CIPHER_TAG_SIZE], uint8_t *text);

/* X25519 (RFC 7748): the secret that two parties share. -1 for a public key of small order, which
 * makes the secret known to all. */
int cipher_agree(const uint8_t private_key[CIPHER_KEY_SIZE],
                 const uint8_t public_key[CIPHER_KEY_SIZE], uint8_t shared[CIPHER_KEY_SIZE]);

/* The public key to a private one. */
void cipher_public_key(const uint8_t private_key[CIPHER_KEY_SIZE],
                       uint8_t public_key[CIPHER_KEY_SIZE]);

#endif
