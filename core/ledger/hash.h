/* SPDX-License-Identifier: GPL-3.0-or-later
 * hash.h - SHA-256 with a domain in front of everything, so that no value of one kind can pass for
 * one of another.
 *
 * What is hashed is one byte, the domain, and the bytes. Leaves and nodes of Merkle trees have the
 * bytes of RFC 6962. Other digests and their keyed forms stand here too, for keys that are derived
 * and for known answers.
 *
 * A hasher is a context that is used again and again. It belongs to one thread. It is not one of
 * EVP: fetched once and copied, those took .57 us for a transaction of 320 bytes in a tree, and
 * this takes .46. */
#ifndef CORE_LEDGER_HASH_H
#define CORE_LEDGER_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { HASH_SIZE = 32, HASH_WIDE_SIZE = 64 };

struct hash {
    uint8_t bytes[HASH_SIZE];
};

enum hash_domain {
    HASH_LEAF = 0x00, /* RFC 6962, section 2.1 */
    HASH_NODE = 0x01,
    HASH_TRANSACTION = 0x02,
    HASH_BLOCK = 0x03,
    HASH_RECEIPT = 0x04,
    HASH_STATE_LEAF = 0x05,
    HASH_STATE_NODE = 0x06,
    HASH_VOTE = 0x07,
    HASH_PROPOSAL = 0x08,
    HASH_COMMITMENT = 0x09,
    HASH_MEMBERS = 0x0a,
    HASH_RULE = 0x0b,
    HASH_EVIDENCE = 0x0c,
    HASH_PLAIN = 0x100, /* no byte in front: plain SHA-256, for files and known answers */
};

struct hasher; /* OpenSSL's context */

/* To be closed. */
struct hasher *hash_open(void);
void hash_close(struct hasher *hasher); /* NULL is fine */

/* The whole in one call. */
struct hash hash_bytes(struct hasher *hasher, enum hash_domain domain, const void *bytes,
                       size_t size);

/* In parts: begin, any number of adds, end. */
void hash_begin(struct hasher *hasher, enum hash_domain domain);
void hash_add(struct hasher *hasher, const void *bytes, size_t size);
struct hash hash_end(struct hasher *hasher);

/* An inner node of a Merkle tree. */
struct hash hash_pair(struct hasher *hasher, const struct hash *left, const struct hash *right);

static inline bool hash_equal(const struct hash *a, const struct hash *b) {
    return memcmp(a->bytes, b->bytes, HASH_SIZE) == 0;
}

/* SHA-512 and BLAKE2b of 64 bytes, without a domain. */
void hash_sha512(const void *bytes, size_t size, uint8_t digest[HASH_WIDE_SIZE]);
void hash_blake2b(const void *bytes, size_t size, uint8_t digest[HASH_WIDE_SIZE]);

/* HMAC-SHA-256 (RFC 2104). */
struct hash hash_keyed(const void *key, size_t key_size, const void *bytes, size_t size);

/* Whether `tag` is the first `tag_size` (16 .. 32) bytes of it; takes the same time either way. */
bool hash_keyed_verify(const void *key, size_t key_size, const void *bytes, size_t size,
                       const uint8_t *tag, size_t tag_size);

/* HKDF-SHA-256 (RFC 5869): `size` bytes of a secret, a salt and a purpose. -1 above 255 * 32. Keys
 * and salts of the ledger come from here, never from the system's randomness. */
int hash_derive(const void *secret, size_t secret_size, const void *salt, size_t salt_size,
                const void *info, size_t info_size, uint8_t *key, size_t size);

#endif
