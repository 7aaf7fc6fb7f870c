/* SPDX-License-Identifier: GPL-3.0-or-later
 * verifier.h - each distinct signature is verified once.
 *
 * All nodes of a ledger in one process share a verifier: what one has verified the others need
 * only look up, though each is charged for it in simulated time. An answer is kept under key, hash
 * and signature, all of them compared, so that a look-up can't say what verification wouldn't. The
 * memory is fixed: where four answers fall into one place the oldest gives way, and is worked out
 * again when it is asked for. */
#ifndef CORE_LEDGER_VERIFIER_H
#define CORE_LEDGER_VERIFIER_H

#include "core/base/arena.h"
#include "core/ledger/hash.h"
#include "core/ledger/signature.h"

struct verifier;

/* Room for about `capacity` answers of 136 bytes. */
struct verifier *verifier_create(struct arena *arena, uint32_t capacity);

/* Whether `signature` is that of `key` over the 32 bytes of `hash`. */
bool verifier_check(struct verifier *verifier, const struct public_key *key,
                    const struct hash *hash, const struct signature *signature);

/* Keeps an answer that another thread has worked out, so that it need not be asked for here. */
void verifier_note(struct verifier *verifier, const struct public_key *key, const struct hash *hash,
                   const struct signature *signature, bool is_good);

/* How often it was asked, and how often it had to verify. */
uint64_t verifier_asked(const struct verifier *verifier);
uint64_t verifier_verified(const struct verifier *verifier);

#endif
