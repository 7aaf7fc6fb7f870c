/* SPDX-License-Identifier: GPL-3.0-or-later
 * ballot.h - what members sign when they vote, and quorums of it.
 *
 *     ledger       32 bytes   so that no vote counts on another ledger
 *     kind         U8         enum consensus_kind
 *     height       U64
 *     round        U32
 *     valid_round  I64        of a proposal, else -1
 *     value        32 bytes   the block, zero for none
 *
 * Signed is the hash of these bytes, HASH_PROPOSAL for proposals and HASH_VOTE for votes, with the
 * key that the member has at that height. Who voted stands beside the vote: the key says it. */
#ifndef CORE_LEDGER_BALLOT_H
#define CORE_LEDGER_BALLOT_H

#include "core/ledger/members.h"

/* What it takes to judge votes. */
struct ballot_judge {
    struct hash ledger;
    const struct members *members; /* those who decide the height */
    struct hasher *hasher;
    struct verifier *verifier;
};

struct hash ballot_hash(const struct hash *ledger, const struct consensus_vote *vote,
                        struct hasher *hasher);

/* Fills the signature. */
void ballot_sign(struct consensus_vote *vote, const struct hash *ledger,
                 const struct signing_key *key, struct hasher *hasher);

/* Whether the voter that it names has signed it. */
bool ballot_check(const struct ballot_judge *judge, const struct consensus_vote *vote);

/* Whether a quorum has signed votes of that kind for the value of the certificate. */
bool ballot_check_certificate(const struct ballot_judge *judge, enum consensus_kind kind,
                              const struct consensus_certificate *certificate);

/* One vote of a certificate as it is written. */
struct ballot_signer {
    uint32_t voter; /* number in consensus */
    struct signature signature;
};

extern const struct codec_row ballot_signer_rows[];

/* A certificate as it is written. */
struct ballot_record {
    uint64_t height;
    uint32_t round;
    struct hash value;
    struct codec_list votes; /* a set of struct ballot_signer */
};

extern const struct codec_row ballot_record_rows[];

struct ballot_record ballot_record_of(const struct consensus_certificate *certificate,
                                      struct arena *arena);

/* -1 when no certificate looks like that. No signature is looked at. */
int ballot_record_read(const struct ballot_record *record,
                       struct consensus_certificate *certificate);

#endif
