/* SPDX-License-Identifier: GPL-3.0-or-later
 * message.h - what members send each other to agree, as bytes: one byte string for every message,
 * everything else refused (codec.h).
 *
 *     kind   U8, then
 *       0 vote       votes (one), signers               a proposal, a prevote or a precommit
 *       1 ask        height U64                         "what was decided there?"
 *       2 decision   height U64, round U32, value 32 bytes, signers
 *       3 charge     offence U8, votes                  "answer for this"
 *       4 answer     offence U8, votes, round U32, signers
 *
 *     votes     a list of kind U8, member U32, height U64, round U32, valid_round I64, value 32
 *               bytes, signature 64 bytes; of a charge the offence and then what it contradicts
 *     signers   a set of member U32 and signature 64 bytes, each member once. With a vote: who
 *               prevoted a proposal's block in its valid round; none where that is -1. Of a
 *               decision: who precommitted. Of an answer: who prevoted the offence's block in that
 *               round
 *
 * Signatures are not looked at here, and whether votes make out a charge is evidence.h's to say. */
#ifndef CORE_LEDGER_MESSAGE_H
#define CORE_LEDGER_MESSAGE_H

#include "core/ledger/codec.h"
#include "core/ledger/evidence.h"

enum message_kind {
    MESSAGE_VOTE,
    MESSAGE_ASK,
    MESSAGE_DECISION,
    MESSAGE_CHARGE,
    MESSAGE_ANSWER,
    MESSAGE_KIND_COUNT
};

struct message {
    enum message_kind kind;
    uint64_t height;                                 /* of ask */
    struct consensus_vote vote;                      /* of vote */
    struct evidence_charge charge;                   /* of charge and answer */
    const struct consensus_certificate *certificate; /* proof, decision, answer; NULL for none */
};

/* In the arena. REQUIREs a message that can be read again: a certificate where the drawing has
 * signers, about what they sign there. */
struct codec_blob message_encode(const struct message *message, struct arena *arena);

/* 0; -1 and the fault. The certificate is in the arena. */
int message_decode(const uint8_t *bytes, size_t size, struct arena *arena, struct message *message,
                   struct codec_fault *fault);

#endif
