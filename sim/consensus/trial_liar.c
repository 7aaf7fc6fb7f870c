/* SPDX-License-Identifier: GPL-3.0-or-later
 * trial_liar.c - a member that sends whatever may do harm: two proposals, votes for everything,
 * proposals without proof or with a false one, blocks that are invalid or that nobody gets, old and
 * future messages, other members' names, decisions that nobody made. */
#include "sim/consensus/trial_parts.h"

#include "core/ledger/message.h"

#include <string.h>

/* A vote of the liar's own or, forged, of another, to one node. */
static void send_vote(struct trial *trial, struct node *liar, uint32_t to,
                      struct consensus_vote vote, const struct consensus_certificate *proof) {
    bool is_forged = vote.member != liar->identity;
    struct parcel parcel = {.kind = PARCEL_VOTE,
                            .from = (uint32_t)(liar - trial->nodes),
                            .to = to,
                            .has_block = trial_draw_chance(trial, 0.8),
                            .vote = vote,
                            .proof = proof};
    parcel.vote.signature = trial_sign(&parcel.vote, is_forged);
    trial_send(trial, &parcel);
}

/* A value that is being voted on, nothing, or a block of its own. */
static struct hash draw_value(struct trial *trial, struct node *liar) {
    uint32_t choice = trial_draw_below(trial, 8);
    if (choice == 0) {
        return (struct hash){.bytes = {0}};
    }
    if (choice <= 3 || trial->old_vote_count == 0) {
        struct hash value = trial_make_block(trial, liar->identity, choice != 1);
        trial_hold_block(liar, &value);
        return value;
    }
    uint32_t count = trial->old_vote_count < OLD_VOTES_MAX ? trial->old_vote_count : OLD_VOTES_MAX;
    return trial->old_votes[trial_draw_below(trial, count)].value;
}

/* What a side wants to hear: votes for whatever comes from there. */
static void agree_with_side(struct trial *trial, struct node *liar, const struct parcel *heard) {
    uint64_t bits = trial->side_bits, side = bits >> heard->from & 1;
    for (uint32_t to = 0; to < trial->node_count; to++) {
        struct consensus_vote vote = heard->vote;
        vote.member = liar->identity;
        vote.valid_round = -1;
        for (int kind = CONSENSUS_PREVOTE; kind <= CONSENSUS_PRECOMMIT; kind++) {
            vote.kind = (enum consensus_kind)kind;
            if ((bits >> to & 1) == side) {
                send_vote(trial, liar, to, vote, NULL);
            }
        }
    }
}

/* Prevotes and precommits, another value for everyone. */
static void vote_for_everything(struct trial *trial, struct node *liar,
                                const struct consensus_vote *heard) {
    struct hash values[2] = {draw_value(trial, liar), heard->value};
    for (uint32_t to = 0; to < trial->node_count; to++) {
        for (int kind = CONSENSUS_PREVOTE; kind <= CONSENSUS_PRECOMMIT; kind++) {
            struct consensus_vote vote = {.kind = (enum consensus_kind)kind,
                                          .member = liar->identity,
                                          .height = heard->height,
                                          .round = heard->round,
                                          .valid_round = -1,
                                          .value = values[trial_draw_below(trial, 2)]};
            if (trial_draw_chance(trial, 0.7)) {
                send_vote(trial, liar, to, vote, NULL);
            }
        }
    }
}

/* The next round in which it may propose, and now and then one in which it may not. */
static int32_t draw_round(struct trial *trial, const struct node *liar,
                          const struct consensus_vote *heard) {
    int32_t round = heard->round;
    if (trial_draw_chance(trial, 0.1)) {
        return round;
    }
    while (consensus_proposer(heard->height, round, trial->plan.member_count) != liar->identity) {
        round++;
    }
    return round;
}

/* Two proposals where it may make one, or one that unlocks everybody without reason. */
static void propose(struct trial *trial, struct node *liar, const struct consensus_vote *heard) {
    struct consensus_vote vote = {.kind = CONSENSUS_PROPOSAL,
                                  .member = liar->identity,
                                  .height = heard->height,
                                  .round = draw_round(trial, liar, heard),
                                  .valid_round = -1};
    struct hash values[2] = {draw_value(trial, liar), draw_value(trial, liar)};
    bool is_old = vote.round > 0 && trial_draw_chance(trial, 0.7);
    uint32_t choices = trial_draw_chance(trial, 0.5) ? 1 : 2;
    for (uint32_t to = 0; to < trial->node_count; to++) {
        const struct consensus_certificate *proof = NULL;
        vote.value = values[trial_draw_below(trial, choices)];
        vote.valid_round = -1;
        if (is_old) {
            proof = trial_draw_proof(trial, &vote, &heard->value);
        }
        send_vote(trial, liar, to, vote, proof);
    }
}

/* The bytes of a message with some bits flipped, where they still are a message. */
static void alter(struct trial *trial, struct node *liar, const struct parcel *heard, uint32_t to) {
    struct message message = {.vote = heard->vote, .certificate = heard->proof};
    struct codec_blob blob = message_encode(&message, &trial->scratch);
    uint8_t *bytes = arena_alloc(&trial->scratch, blob.size);
    memcpy(bytes, blob.bytes, blob.size);
    for (uint32_t flips = 1 + trial_draw_below(trial, 2); flips > 0; flips--) {
        bytes[trial_draw_below(trial, blob.size)] ^= (uint8_t)(1u << trial_draw_below(trial, 8));
    }
    struct codec_fault fault;
    if (message_decode(bytes, blob.size, &trial->scratch, &message, &fault) == 0 &&
        message.kind == MESSAGE_VOTE) {
        struct parcel parcel = {.kind = PARCEL_VOTE,
                                .from = (uint32_t)(liar - trial->nodes),
                                .to = to,
                                .vote = message.vote};
        bool has_room = message.certificate != NULL && trial->proof_count < PROOFS_MAX / 2;
        parcel.proof = has_room ? trial_keep_proof(trial, message.certificate) : NULL;
        trial_send(trial, &parcel);
    }
    arena_free(&trial->scratch);
}

/* Messages from another time, in another's name, or as they were. */
static void disturb(struct trial *trial, struct node *liar, const struct parcel *parcel) {
    const struct consensus_vote *heard = &parcel->vote;
    struct consensus_vote vote = *heard;
    uint32_t to = trial_draw_below(trial, trial->node_count);
    switch (trial_draw_below(trial, 5)) {
    case 4:
        alter(trial, liar, parcel, to);
        return;
    case 0:
        vote.height += trial_draw_below(trial, 3);
        vote.round += (int32_t)trial_draw_below(trial, 5);
        vote.member = liar->identity;
        break;
    case 1:
        vote.member = trial_draw_below(trial, trial->plan.member_count);
        vote.value = draw_value(trial, liar);
        break;
    case 2:
        vote.round = vote.round > 0 ? vote.round - 1 : 0;
        vote.member = liar->identity;
        break;
    default: {
        struct parcel replay = {
            .kind = PARCEL_VOTE, .from = (uint32_t)(liar - trial->nodes), .to = to, .vote = *heard};
        trial_send(trial, &replay);
        return;
    }
    }
    send_vote(trial, liar, to, vote, NULL);
}

/* "This is what was decided". */
static void invent_decision(struct trial *trial, struct node *liar,
                            const struct consensus_vote *heard) {
    struct hash value = draw_value(trial, liar);
    struct parcel parcel = {.kind = PARCEL_DECISION,
                            .from = (uint32_t)(liar - trial->nodes),
                            .to = trial_draw_below(trial, trial->node_count),
                            .proof = trial_draw_decision(trial, heard->height, &value)};
    if (parcel.proof != NULL) {
        trial_send(trial, &parcel);
    }
}

/* The same votes of both kinds to everyone, but for the prey another precommit. */
static void vote_openly(struct trial *trial, struct node *liar, const struct consensus_vote *about,
                        const struct hash values[3]) {
    struct consensus_vote vote = {.member = liar->identity,
                                  .height = about->height,
                                  .round = about->round,
                                  .valid_round = -1};
    for (uint32_t to = 0; to < trial->node_count; to++) {
        vote.kind = CONSENSUS_PREVOTE;
        vote.value = values[0];
        send_vote(trial, liar, to, vote, NULL);
        vote.kind = CONSENSUS_PRECOMMIT;
        vote.value = values[to == trial_prey(trial) ? 2 : 1];
        send_vote(trial, liar, to, vote, NULL);
    }
}

/* In the round that follows: a block of its own, or one that had prevotes, with a proof of sorts.
 */
static void propose_anything_else(struct trial *trial, struct node *liar,
                                  const struct consensus_vote *heard) {
    struct consensus_vote vote = {.kind = CONSENSUS_PROPOSAL,
                                  .member = liar->identity,
                                  .height = heard->height,
                                  .round = heard->round + 1,
                                  .valid_round = -1};
    vote.value = trial_make_block(trial, liar->identity, true);
    const struct consensus_certificate *proof =
        trial_draw_chance(trial, 0.4) ? NULL : trial_draw_proof(trial, &vote, &trial->hunted);
    for (uint32_t to = 0; to < trial->node_count; to++) {
        send_vote(trial, liar, to, vote, proof);
    }
    struct hash values[3] = {vote.value, vote.value, vote.value};
    vote_openly(trial, liar, &vote, values);
}

/* Votes on a proposal: for no block until the prey has decided; then for anything else. */
static void answer_in_hunt(struct trial *trial, struct node *liar,
                           const struct consensus_vote *proposal) {
    const struct trial_plan *plan = &trial->plan;
    struct hash values[3] = {{{0}}, {{0}}, {{0}}};
    if (plan->hunt == HUNT_LOCKS && proposal->round == plan->hunt_round) {
        trial->hunted = proposal->value;
        values[plan->hunt_is_close ? 2 : 0] = proposal->value;
    } else if (plan->hunt == HUNT_LOCKS && !hash_equal(&proposal->value, &trial->hunted)) {
        bool is_late = proposal->round > plan->hunt_round;
        values[0] = proposal->value;
        values[1] = values[2] = is_late ? proposal->value : values[1];
    }
    vote_openly(trial, liar, proposal, values);
}

/* What a liar does to the hunted in every round; again now and then, for those that were down. */
static void hunt(struct trial *trial, struct node *liar, const struct consensus_vote *heard) {
    static const struct hash nothing[3];
    const struct trial_plan *plan = &trial->plan;
    uint32_t bit = heard->round < 31 ? 1u << heard->round : 0, next_bit = bit << 1;
    bool is_known = (liar->hunted_rounds & bit) != 0;
    bool has_answered = (liar->hunted_proposals & bit) != 0;
    if (heard->kind == CONSENSUS_PROPOSAL && (!has_answered || trial_draw_chance(trial, 0.3))) {
        liar->hunted_proposals |= bit;
        liar->hunted_rounds |= bit;
        answer_in_hunt(trial, liar, heard);
    } else if (heard->kind == CONSENSUS_PREVOTE && !is_known) {
        liar->hunted_rounds |= bit;
        vote_openly(trial, liar, heard, nothing);
    }
    uint32_t next = consensus_proposer(heard->height, heard->round + 1, plan->member_count);
    if (plan->hunt == HUNT_LOCKS && heard->kind == CONSENSUS_PRECOMMIT &&
        heard->round >= plan->hunt_round && next == liar->identity &&
        (liar->hunted_proposals & next_bit) == 0) {
        liar->hunted_proposals |= next_bit;
        liar->hunted_rounds |= next_bit;
        propose_anything_else(trial, liar, heard);
    }
}

void trial_lie(struct trial *trial, struct node *liar, const struct parcel *heard) {
    const struct consensus_vote *vote = &heard->vote;
    if (heard->kind != PARCEL_VOTE || trial->nodes[heard->from].is_liar) {
        return;
    }
    trial->old_votes[trial->old_vote_count++ % OLD_VOTES_MAX] = *vote;
    if (vote->kind == CONSENSUS_PROPOSAL) {
        trial_hold_block(liar, &vote->value);
    }
    if (trial->plan.hunt != HUNT_NONE && trial->is_chaos &&
        vote->height == trial->plan.hunt_height) {
        hunt(trial, liar, vote);
        return;
    }
    if (trial->plan.has_sides && trial_draw_chance(trial, 0.3)) {
        agree_with_side(trial, liar, heard);
        return;
    }
    switch (trial_draw_below(trial, 16)) {
    case 0:
    case 1:
        vote_for_everything(trial, liar, vote);
        break;
    case 2:
        propose(trial, liar, vote);
        break;
    case 3:
        disturb(trial, liar, heard);
        break;
    case 4:
        invent_decision(trial, liar, vote);
        break;
    default:
        break;
    }
}

/* To some members: so some lock and some do not, and one may decide alone. */
bool trial_favours(struct trial *trial, const struct parcel *parcel) {
    return parcel->vote.kind == CONSENSUS_PROPOSAL || trial_draw_chance(trial, 0.6);
}

/* Ahead of time, for the next round in which it may propose: another block than everybody is locked
 * on, as if 2f + 1 members had just prevoted it, and its votes for it. */
void trial_plot(struct trial *trial, struct node *liar, const struct consensus_vote *now) {
    struct consensus_vote vote = *now;
    vote.kind = CONSENSUS_PROPOSAL;
    do {
        vote.round++;
    } while (consensus_proposer(vote.height, vote.round, trial->plan.member_count) !=
             liar->identity);
    vote.value = trial_make_block(trial, liar->identity, true);
    const struct consensus_certificate *proof = trial_draw_proof(trial, &vote, &now->value);
    int32_t valid_round = vote.valid_round;
    for (uint32_t to = 0; to < trial->node_count; to++) {
        vote.kind = CONSENSUS_PROPOSAL;
        vote.valid_round = valid_round;
        send_vote(trial, liar, to, vote, proof);
        vote.valid_round = -1;
        vote.kind = CONSENSUS_PREVOTE;
        send_vote(trial, liar, to, vote, NULL);
        vote.kind = CONSENSUS_PRECOMMIT;
        send_vote(trial, liar, to, vote, NULL);
    }
}

bool trial_forget(struct trial *trial, struct node *liar, struct consensus_output *output) {
    bool is_lost;
    const struct consensus_record *newest = trial_read_record(liar, &is_lost);
    if (newest == NULL || newest->height != liar->height + 1) {
        return false;
    }
    struct consensus_record record = *newest;
    record.locked_round = record.valid_round = record.valid_proof.round = -1;
    record.locked_value = record.valid_value = (struct hash){.bytes = {0}};
    record.step = CONSENSUS_PRECOMMITTED;
    bool votes_again = record.round > 0 && trial_draw_chance(trial, 0.3);
    record.round -= votes_again;
    for (int i = 0; i < CONSENSUS_OWN_ROUNDS && votes_again; i++) {
        record.own[i] = (struct consensus_own){.round = -1};
    }
    liar->generation++; /* its timers are void */
    consensus_restore(liar->consensus, record.height, &record, output);
    consensus_timeout(liar->consensus, TIMER_PRECOMMIT, record.height, record.round, output);
    return true;
}
