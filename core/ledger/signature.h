/* SPDX-License-Identifier: GPL-3.0-or-later
 * signature.h - Ed25519 (RFC 8032), by libsodium, and one answer to its edge cases.
 *
 * Libraries disagree on signatures that nobody makes by accident. A ledger on which one node
 * accepts what another refuses has forked, so the answer is written down, every path takes it, and
 * there is no batch verification, which answers differently. Accepted is what satisfies the
 * equation without cofactor, [S]B = R + [k]A computed and compared as bytes, and
 *   - S is below the order of the group (no second S for one signature),
 *   - A and R are encoded canonically as far as the comparison of bytes makes R so,
 *   - neither A nor R is of small order (eight points with all their encodings).
 * Points of mixed order are accepted when the equation holds. */
#ifndef CORE_LEDGER_SIGNATURE_H
#define CORE_LEDGER_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SIGNATURE_SIZE = 64, SIGNATURE_KEY_SIZE = 32, SIGNATURE_SEED_SIZE = 32 };

struct signature {
    uint8_t bytes[SIGNATURE_SIZE];
};

struct public_key {
    uint8_t bytes[SIGNATURE_KEY_SIZE];
};

/* Seed and public key, as libsodium keeps them. */
struct signing_key {
    uint8_t bytes[SIGNATURE_SEED_SIZE + SIGNATURE_KEY_SIZE];
};

/* The same seed gives the same pair. */
struct signing_key signature_key_from_seed(const uint8_t seed[SIGNATURE_SEED_SIZE]);
struct public_key signature_public_key(const struct signing_key *key);

/* Deterministic, as RFC 8032 has it. */
struct signature signature_sign(const struct signing_key *key, const void *bytes, size_t size);

bool signature_verify(const struct public_key *key, const void *bytes, size_t size,
                      const struct signature *signature);

/* The same for what came from outside, in any length. */
bool signature_verify_bytes(const uint8_t *key, size_t key_size, const void *bytes, size_t size,
                            const uint8_t *signature, size_t signature_size);

#endif
