/* SPDX-License-Identifier: GPL-3.0-or-later
 * foreign.h - what convinces customs abroad, offline and without the chain.
 *
 * They keep a list of members that they trust to decide (fewer than a third of them lie), from some
 * height on. Proofs are bytes that anybody may carry:
 *
 *     act       header, quorum of precommits, a transaction and its receipt with their paths
 *     members   header, quorum, and the proof that its state names the list that decides next; with
 *               that list
 *
 * An act proves what stands in a block decided by the trusted list. A members proof moves the trust
 * on: over every change of the list, and in time when there was none. A key that is revoked counts
 * until the trust has moved past the revocation; since nothing is believed on a list that is older
 * than `age_max_ns`, that is the delay within which it stops, partitions or not. */
#ifndef CORE_LEDGER_FOREIGN_H
#define CORE_LEDGER_FOREIGN_H

#include "core/ledger/ledger.h"

struct foreign_trust {
    struct hash ledger;
    struct members members; /* who decide */
    uint64_t height;        /* from this height on */
    int64_t time_ns;        /* of the block that said so, or the beginning of the ledger */
    int64_t age_max_ns;
    struct hasher *hasher; /* not owned, nor is the verifier */
    struct verifier *verifier;
};

struct foreign_act {
    struct block_header header;
    struct transaction transaction;
    struct receipt receipt;
};

/* The proof of one transaction of a committed block, in the arena. */
struct codec_blob foreign_prove_act(const struct block *block,
                                    const struct consensus_certificate *certificate, uint32_t index,
                                    struct hasher *hasher, struct arena *arena);

/* What the bytes prove at a time; they must live as long as `act`. NULL; or why they prove
 * nothing. */
const char *foreign_check_act(const struct foreign_trust *trust, int64_t now_ns,
                              const uint8_t *bytes, size_t size, struct arena *arena,
                              struct foreign_act *act);

/* The proof of who decides after the last block of a chain, which is this one. */
struct codec_blob foreign_prove_members(struct ledger *ledger, const struct block *block,
                                        const struct consensus_certificate *certificate,
                                        struct arena *arena);

/* Moves the trust on. NULL; or why not, and it stays. The list is put into the arena, and its names
 * are of `bytes`. A trust that is too old can still be moved. */
const char *foreign_follow(struct foreign_trust *trust, const uint8_t *bytes, size_t size,
                           struct arena *arena);

#endif
