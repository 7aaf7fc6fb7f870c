/* SPDX-License-Identifier: GPL-3.0-or-later
 * evidence.h - who broke the rules of a height, from what members have signed.
 *
 * Agreement fails only when f + 1 members lie, and then it can be shown who. Logs of what members
 * sent and heard are put together; every charge that they make out is put to the accused, whose own
 * log holds the answer if it kept the rules; the charges that stay unanswered stand.
 *
 *     charge        made out by                           answered by 2f + 1 prevotes
 *     double vote   two votes in one place                -
 *     out of turn   a proposal in another's round         -
 *     unfounded     a precommit for a block               for it in the same round
 *     amnesia       a precommit for a block, and a        for the other one, in a round from the
 *                   prevote for another in a later round  precommit's on, before the prevote's
 *
 * A correct member answers: it precommits only what it has seen 2f + 1 prevotes for, is locked on
 * it from then on, and prevotes another block only on such a proof (consensus.h).
 *
 * Where correct members have committed a in round r and b in round r' >= r, at least f + 1 are
 * named. If r = r', the two quorums share f + 1 who voted twice. Else, if nobody shows prevotes for
 * one of the two decisions, all of its 2f + 1 precommits are unfounded. Else take the first round s
 * after r with 2f + 1 known prevotes for anything but a: f + 1 of those voters precommitted a, and
 * only prevotes for the same block in round r itself could answer for them; those share f + 1
 * voters with the prevotes for a in that round. (After Buchman, Kwon and Milosevic 2018, section 4;
 * each answer lowers s, so asking ends.)
 *
 * Nothing here looks at signatures: what is added has been verified. */
#ifndef CORE_LEDGER_EVIDENCE_H
#define CORE_LEDGER_EVIDENCE_H

#include "core/ledger/consensus.h"

enum evidence_kind {
    EVIDENCE_DOUBLE_VOTE,
    EVIDENCE_OUT_OF_TURN,
    EVIDENCE_UNFOUNDED,
    EVIDENCE_AMNESIA,
    EVIDENCE_KIND_COUNT
};

/* Good by itself: whoever reads it needs only the number of members and their keys. */
struct evidence_charge {
    enum evidence_kind kind;
    struct consensus_vote vote;  /* the offence; its voter is the accused */
    struct consensus_vote other; /* what it contradicts; empty where one vote is enough */
};

struct evidence; /* what is known to have been signed at one height; lives in its arena */

struct evidence *evidence_create(struct arena *arena, uint32_t member_count, uint64_t height);

/* A vote; with a message the prevotes that prove it as well; the votes of a certificate. What is of
 * another height or of no member is left aside. Memory grows with the different votes. */
void evidence_add(struct evidence *evidence, const struct consensus_vote *vote);
void evidence_add_message(struct evidence *evidence, const struct consensus_message *message);
void evidence_add_certificate(struct evidence *evidence, enum consensus_kind kind,
                              const struct consensus_certificate *certificate);

/* Every charge that is made out and that nothing known answers; in the arena, in a fixed order. */
struct evidence_charge *evidence_charges(const struct evidence *evidence, struct arena *arena,
                                         uint32_t *count);

/* What of all this answers a charge; false when nothing does. */
bool evidence_answer(const struct evidence *evidence, const struct evidence_charge *charge,
                     struct consensus_certificate *answer);

/* Whether the votes of a charge make it out. */
bool evidence_is_made_out(const struct evidence_charge *charge, uint32_t member_count);

/* Whether a certificate of prevotes answers it. */
bool evidence_is_answered(const struct evidence_charge *charge, uint32_t member_count,
                          const struct consensus_certificate *answer);

#endif
