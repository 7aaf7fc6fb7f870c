/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/ledger/message.h"

#include "core/base/require.h"
#include "core/ledger/ballot.h"

#include <string.h>

/* ---- as it is written ----------------------------------------------------------------------- */

struct written_vote {
    uint8_t kind;
    uint32_t member;
    uint64_t height;
    uint32_t round;
    int64_t valid_round;
    struct hash value;
    struct signature signature;
};

static const struct codec_row vote_rows[] = {
    CODEC(struct written_vote, kind, CODEC_U8, .max = CONSENSUS_PRECOMMIT),
    CODEC(struct written_vote, member, CODEC_U32, .max = CONSENSUS_MEMBERS_MAX - 1),
    CODEC(struct written_vote, height, CODEC_U64),
    CODEC(struct written_vote, round, CODEC_U32, .max = INT32_MAX),
    CODEC(struct written_vote, valid_round, CODEC_I64),
    CODEC_BYTES(struct written_vote, value),
    CODEC_BYTES(struct written_vote, signature),
    CODEC_ROWS_END,
};

/* Every kind of message has some of these. */
struct written {
    uint8_t kind, offence;
    uint64_t height;
    uint32_t round;
    struct hash value;
    struct codec_list votes, signers;
};

#define ROW_KIND CODEC(struct written, kind, CODEC_U8)
#define ROW_OFFENCE CODEC(struct written, offence, CODEC_U8, .max = EVIDENCE_KIND_COUNT - 1)
#define ROW_HEIGHT CODEC(struct written, height, CODEC_U64)
#define ROW_ROUND CODEC(struct written, round, CODEC_U32, .max = INT32_MAX)
#define ROW_VOTES                                                                           \
    CODEC(struct written, votes, CODEC_LIST, .size = sizeof(struct written_vote), .max = 2, \
          .inner = vote_rows)
#define ROW_SIGNERS                                                                 \
    CODEC(struct written, signers, CODEC_SET, .size = sizeof(struct ballot_signer), \
          .max = CONSENSUS_MEMBERS_MAX, .inner = ballot_signer_rows)

static const struct codec_row rows[MESSAGE_KIND_COUNT][8] = {
    [MESSAGE_VOTE] = {ROW_KIND, ROW_VOTES, ROW_SIGNERS, CODEC_ROWS_END},
    [MESSAGE_ASK] = {ROW_KIND, ROW_HEIGHT, CODEC_ROWS_END},
    [MESSAGE_DECISION] = {ROW_KIND, ROW_HEIGHT, ROW_ROUND, CODEC_BYTES(struct written, value),
                          ROW_SIGNERS, CODEC_ROWS_END},
    [MESSAGE_CHARGE] = {ROW_KIND, ROW_OFFENCE, ROW_VOTES, CODEC_ROWS_END},
    [MESSAGE_ANSWER] = {ROW_KIND, ROW_OFFENCE, ROW_VOTES, ROW_ROUND, ROW_SIGNERS, CODEC_ROWS_END},
};

static bool has_two_votes(enum evidence_kind offence) {
    return offence == EVIDENCE_DOUBLE_VOTE || offence == EVIDENCE_AMNESIA;
}

/* What the signers sign, when the rows do not say it; the votes have been read. */
static void complete(struct written *written) {
    const struct written_vote *vote = written->votes.items;
    if (written->kind == MESSAGE_VOTE) {
        written->round = (uint32_t)vote->valid_round;
    }
    if (written->kind == MESSAGE_VOTE || written->kind == MESSAGE_ANSWER) {
        written->height = vote->height;
        written->value = vote->value;
    }
}

/* ---- writing -------------------------------------------------------------------------------- */

static struct written_vote write_vote(const struct consensus_vote *vote) {
    return (struct written_vote){.kind = (uint8_t)vote->kind,
                                 .member = vote->member,
                                 .height = vote->height,
                                 .round = (uint32_t)vote->round,
                                 .valid_round = vote->valid_round,
                                 .value = vote->value,
                                 .signature = vote->signature};
}

static void write_certificate(struct written *written,
                              const struct consensus_certificate *certificate,
                              struct arena *arena) {
    struct ballot_record record = ballot_record_of(certificate, arena);
    if (written->kind == MESSAGE_DECISION) {
        written->height = record.height;
        written->value = record.value;
    }
    if (written->kind != MESSAGE_VOTE) {
        written->round = record.round;
    }
    REQUIRE(record.height == written->height && record.round == written->round);
    REQUIRE(hash_equal(&record.value, &written->value));
    written->signers = record.votes;
}

struct codec_blob message_encode(const struct message *message, struct arena *arena) {
    bool is_vote = message->kind == MESSAGE_VOTE;
    const struct evidence_charge *charge = &message->charge;
    struct written_vote votes[2] = {write_vote(is_vote ? &message->vote : &charge->vote),
                                    write_vote(&charge->other)};
    struct written written = {.kind = (uint8_t)message->kind,
                              .offence = (uint8_t)charge->kind,
                              .height = message->height};
    written.votes.items = votes;
    written.votes.count = is_vote || !has_two_votes(charge->kind) ? 1 : 2;
    complete(&written);
    if (message->certificate != NULL) {
        write_certificate(&written, message->certificate, arena);
    }
    size_t size = codec_encode(rows[message->kind], &written, NULL, 0);
    uint8_t *bytes = arena_alloc(arena, size);
    codec_encode(rows[message->kind], &written, bytes, size);
    return (struct codec_blob){.bytes = bytes, .size = (uint32_t)size};
}

/* ---- reading -------------------------------------------------------------------------------- */

/* Bytes that the rows take but that are no message: which field, and why. */
static const char *find_fault(const struct written *written, const char **field) {
    const struct written_vote *votes = written->votes.items;
    bool has_votes = written->kind != MESSAGE_ASK && written->kind != MESSAGE_DECISION;
    uint32_t wanted = !has_votes                                                         ? 0
                      : written->kind != MESSAGE_VOTE && has_two_votes(written->offence) ? 2
                                                                                         : 1;
    *field = "votes";
    if (written->votes.count != wanted) {
        return "too many or too few";
    }
    *field = "valid_round";
    for (uint32_t i = 0; i < wanted; i++) {
        int64_t end = votes[i].kind == CONSENSUS_PROPOSAL ? votes[i].round : 0;
        if (votes[i].valid_round < -1 || votes[i].valid_round >= end) {
            return "-1, or a round before that of a proposal";
        }
    }
    *field = "signers";
    bool has_signers = written->kind == MESSAGE_DECISION || written->kind == MESSAGE_ANSWER ||
                       (written->kind == MESSAGE_VOTE && votes->valid_round >= 0);
    if ((written->signers.count > 0) != has_signers) {
        return "none where some are due, or the other way round";
    }
    return NULL;
}

static struct consensus_vote read_vote(const struct written_vote *written) {
    return (struct consensus_vote){.kind = (enum consensus_kind)written->kind,
                                   .member = written->member,
                                   .height = written->height,
                                   .round = (int32_t)written->round,
                                   .valid_round = (int32_t)written->valid_round,
                                   .value = written->value,
                                   .signature = written->signature};
}

static int read_certificate(struct written *written, struct arena *arena, struct message *message) {
    struct ballot_record record = {.votes = written->signers};
    struct consensus_certificate *certificate = ARENA_NEW(arena, struct consensus_certificate);
    complete(written);
    record.height = written->height;
    record.round = written->round;
    record.value = written->value;
    message->certificate = certificate;
    return ballot_record_read(&record, certificate);
}

int message_decode(const uint8_t *bytes, size_t size, struct arena *arena, struct message *message,
                   struct codec_fault *fault) {
    struct written written = {.kind = MESSAGE_ASK};
    if (size == 0 || bytes[0] >= MESSAGE_KIND_COUNT) {
        *fault = (struct codec_fault){.field = "kind", .reason = "no kind of message"};
        return -1;
    }
    if (codec_decode(rows[bytes[0]], bytes, size, arena, &written, fault) != 0) {
        return -1;
    }
    const char *field, *reason = find_fault(&written, &field);
    if (reason != NULL) {
        *fault = (struct codec_fault){.field = field, .reason = reason};
        return -1;
    }
    const struct written_vote *votes = written.votes.items;
    *message = (struct message){.kind = (enum message_kind)written.kind, .height = written.height};
    if (message->kind == MESSAGE_VOTE) {
        message->vote = read_vote(votes);
    } else if (message->kind == MESSAGE_CHARGE || message->kind == MESSAGE_ANSWER) {
        message->charge.kind = (enum evidence_kind)written.offence;
        message->charge.vote = read_vote(votes);
        if (written.votes.count == 2) {
            message->charge.other = read_vote(votes + 1);
        }
    }
    if (written.signers.count > 0 && read_certificate(&written, arena, message) != 0) {
        *fault = (struct codec_fault){.field = "signers", .reason = "one of them twice"};
        return -1;
    }
    return 0;
}
