/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ledger/ballot.h"

#include "core/ledger/votes.h"

struct ballot {
    struct hash ledger;
    uint8_t kind;
    uint64_t height;
    uint32_t round;
    int64_t valid_round;
    struct hash value;
};

static const struct codec_row ballot_rows[] = {
    CODEC_BYTES(struct ballot, ledger),
    CODEC(struct ballot, kind, CODEC_U8),
    CODEC(struct ballot, height, CODEC_U64),
    CODEC(struct ballot, round, CODEC_U32),
    CODEC(struct ballot, valid_round, CODEC_I64),
    CODEC_BYTES(struct ballot, value),
    CODEC_ROWS_END,
};

struct hash ballot_hash(const struct hash *ledger, const struct consensus_vote *vote,
                        struct hasher *hasher) {
    struct ballot ballot = {.ledger = *ledger,
                            .kind = (uint8_t)vote->kind,
                            .height = vote->height,
                            .round = (uint32_t)vote->round,
                            .valid_round = vote->valid_round,
                            .value = vote->value};
    uint8_t bytes[128];
    size_t size = codec_encode(ballot_rows, &ballot, bytes, sizeof bytes);
    return hash_bytes(hasher, vote->kind == CONSENSUS_PROPOSAL ? HASH_PROPOSAL : HASH_VOTE, bytes,
                      size);
}

void ballot_sign(struct consensus_vote *vote, const struct hash *ledger,
                 const struct signing_key *key, struct hasher *hasher) {
    struct hash hash = ballot_hash(ledger, vote, hasher);
    vote->signature = signature_sign(key, hash.bytes, HASH_SIZE);
}

/* The key of a voter; NULL when there is no such voter or it has none. */
static const struct public_key *key_of(const struct ballot_judge *judge, uint32_t index,
                                       uint64_t height) {
    const struct member *voter = members_voter(judge->members, index);
    return voter == NULL ? NULL : members_key(judge->members, voter->number, height);
}

bool ballot_check(const struct ballot_judge *judge, const struct consensus_vote *vote) {
    const struct public_key *key = key_of(judge, vote->member, vote->height);
    if (key == NULL) {
        return false;
    }
    struct hash hash = ballot_hash(&judge->ledger, vote, judge->hasher);
    return verifier_check(judge->verifier, key, &hash, &vote->signature);
}

bool ballot_check_certificate(const struct ballot_judge *judge, enum consensus_kind kind,
                              const struct consensus_certificate *certificate) {
    uint32_t count = members_voter_count(judge->members);
    if (!votes_is_quorum(certificate, count, consensus_quorum(count))) {
        return false;
    }
    struct consensus_vote vote = {.kind = kind,
                                  .height = certificate->height,
                                  .round = certificate->round,
                                  .valid_round = -1,
                                  .value = certificate->value};
    struct hash hash = ballot_hash(&judge->ledger, &vote, judge->hasher);
    for (uint32_t i = 0; i < certificate->count; i++) {
        const struct public_key *key = key_of(judge, certificate->members[i], vote.height);
        if (key == NULL ||
            !verifier_check(judge->verifier, key, &hash, &certificate->signatures[i])) {
            return false;
        }
    }
    return true;
}

/* ---- records -------------------------------------------------------------------------------- */

const struct codec_row ballot_signer_rows[] = {
    CODEC(struct ballot_signer, voter, CODEC_U32, .max = CONSENSUS_MEMBERS_MAX - 1),
    CODEC_BYTES(struct ballot_signer, signature),
    CODEC_ROWS_END,
};

const struct codec_row ballot_record_rows[] = {
    CODEC(struct ballot_record, height, CODEC_U64),
    CODEC(struct ballot_record, round, CODEC_U32, .max = INT32_MAX),
    CODEC_BYTES(struct ballot_record, value),
    CODEC(struct ballot_record, votes, CODEC_SET, .size = sizeof(struct ballot_signer),
          .max = CONSENSUS_MEMBERS_MAX, .inner = ballot_signer_rows),
    CODEC_ROWS_END,
};

struct ballot_record ballot_record_of(const struct consensus_certificate *certificate,
                                      struct arena *arena) {
    struct ballot_signer *votes = ARENA_ARRAY(arena, struct ballot_signer, certificate->count);
    for (uint32_t i = 0; i < certificate->count; i++) {
        votes[i] = (struct ballot_signer){.voter = certificate->members[i],
                                          .signature = certificate->signatures[i]};
    }
    return (struct ballot_record){.height = certificate->height,
                                  .round = (uint32_t)certificate->round,
                                  .value = certificate->value,
                                  .votes = {.count = certificate->count, .items = votes}};
}

int ballot_record_read(const struct ballot_record *record,
                       struct consensus_certificate *certificate) {
    const struct ballot_signer *votes = record->votes.items;
    if (record->votes.count == 0) {
        return -1;
    }
    certificate->height = record->height;
    certificate->round = (int32_t)record->round;
    certificate->value = record->value;
    certificate->count = record->votes.count;
    for (uint32_t i = 0; i < record->votes.count; i++) {
        if (i > 0 && votes[i].voter == votes[i - 1].voter) {
            return -1; /* two signatures by one */
        }
        certificate->members[i] = votes[i].voter;
        certificate->signatures[i] = votes[i].signature;
    }
    return 0;
}
