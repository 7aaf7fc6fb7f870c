/* SPDX-License-Identifier: GPL-3.0-or-later
 * trial_inquiry.c - logs, and who is guilty by them. */
#include "sim/consensus/trial_parts.h"

static struct log_entry *log_next(struct trial *trial, const struct node *node) {
    if (!trial->plan.keeps_logs || trial->log_count == LOG_MAX) {
        return NULL;
    }
    struct log_entry *entry = &trial->log[trial->log_count++];
    *entry = (struct log_entry){.node = (uint32_t)(node - trial->nodes)};
    return entry;
}

void trial_log_vote(struct trial *trial, const struct node *node, const struct consensus_vote *vote,
                    const struct consensus_certificate *proof) {
    struct log_entry *entry = log_next(trial, node);
    if (entry != NULL) {
        entry->vote = *vote;
        entry->proof = proof;
    }
}

void trial_log_decision(struct trial *trial, const struct node *node,
                        const struct consensus_certificate *decision) {
    struct log_entry *entry = log_next(trial, node);
    if (entry != NULL) {
        entry->proof = decision;
        entry->is_decision = true;
    }
}

uint32_t trial_correct(const struct trial *trial) {
    uint32_t correct = 0;
    for (uint32_t i = 0; i < trial->plan.member_count; i++) {
        correct |= (uint32_t)!trial->nodes[i].is_liar << i;
    }
    return correct;
}

void trial_note_commit(struct trial *trial, const struct node *node, uint64_t height,
                       const struct hash *value) {
    for (uint32_t i = 0; i < trial->plan.member_count && trial->fork.height == 0; i++) {
        const struct node *other = &trial->nodes[i];
        const struct consensus_certificate *decision =
            other->is_liar || height > TRIAL_HEIGHTS_MAX ? NULL : other->decisions[height];
        if (decision != NULL && !hash_equal(&decision->value, value)) {
            trial->fork =
                (struct fork){.height = height, .members = {(uint32_t)(node - trial->nodes), i}};
        }
    }
}

/* ---- the inquiry ---------------------------------------------------------------------------- */

struct inquest {
    struct trial *trial;
    uint64_t height;
    struct arena arena;
    struct evidence *known;
    struct evidence *own[TRIAL_MEMBERS_MAX]; /* what each member can answer from, once asked */
    struct evidence_charge *charges;
    uint32_t charge_count;
};

/* Adds the logs of the members in `members`. */
static struct evidence *read_logs(struct inquest *inquest, uint32_t members) {
    const struct trial *trial = inquest->trial;
    struct evidence *evidence =
        evidence_create(&inquest->arena, trial->plan.member_count, inquest->height);
    for (uint32_t i = 0; i < trial->log_count; i++) {
        const struct log_entry *entry = &trial->log[i];
        if ((members >> trial->nodes[entry->node].identity & 1) == 0) {
            continue;
        }
        if (entry->is_decision) {
            evidence_add_certificate(evidence, CONSENSUS_PRECOMMIT, entry->proof);
        } else {
            struct consensus_message message = {.vote = entry->vote, .proof = entry->proof};
            evidence_add_message(evidence, &message);
        }
    }
    return evidence;
}

/* Puts every charge to the accused. Whether there was an answer to any. */
static bool ask_all(struct inquest *inquest, struct trial_inquiry *inquiry) {
    bool is_any = false;
    for (uint32_t i = 0; i < inquest->charge_count; i++) {
        const struct evidence_charge *charge = &inquest->charges[i];
        uint32_t accused = charge->vote.member;
        if (charge->kind != EVIDENCE_UNFOUNDED && charge->kind != EVIDENCE_AMNESIA) {
            continue;
        }
        if (inquest->own[accused] == NULL) {
            bool is_liar = inquest->trial->nodes[accused].is_liar;
            inquest->own[accused] = read_logs(inquest, is_liar ? UINT32_MAX : 1u << accused);
        }
        struct consensus_certificate answer;
        inquiry->question_count++;
        if (evidence_answer(inquest->own[accused], charge, &answer) &&
            evidence_is_answered(charge, inquest->trial->plan.member_count, &answer)) {
            evidence_add_certificate(inquest->known, CONSENSUS_PREVOTE, &answer);
            inquiry->answer_count++;
            is_any = true;
        }
    }
    return is_any;
}

/* Every answer shows prevotes that were not known, so this ends. */
static void inquire_height(struct trial *trial, uint64_t height, uint32_t witnesses,
                           struct trial_inquiry *inquiry) {
    struct inquest inquest = {.trial = trial, .height = height};
    inquest.known = read_logs(&inquest, witnesses);
    do {
        inquest.charges = evidence_charges(inquest.known, &inquest.arena, &inquest.charge_count);
    } while (ask_all(&inquest, inquiry));
    for (uint32_t i = 0; i < inquest.charge_count; i++) {
        inquiry->guilty |= 1u << inquest.charges[i].vote.member;
        inquiry->charge_counts[inquest.charges[i].kind]++;
    }
    arena_free(&inquest.arena);
}

struct trial_inquiry trial_inquire(struct trial *trial) {
    struct trial_inquiry inquiry = {.is_complete = trial->log_count < LOG_MAX,
                                    .is_fork = trial->fork.height != 0,
                                    .correct = trial_correct(trial)};
    if (inquiry.is_fork) {
        uint32_t sides = 1u << trial->fork.members[0] | 1u << trial->fork.members[1];
        inquire_height(trial, trial->fork.height, sides, &inquiry);
        return inquiry;
    }
    uint32_t first = inquiry.correct & -inquiry.correct;
    uint32_t second = (inquiry.correct & ~first) & -(inquiry.correct & ~first);
    for (uint64_t height = 1; height <= trial->goal; height++) {
        inquire_height(trial, height, first | second, &inquiry);
        inquire_height(trial, height, inquiry.correct, &inquiry);
    }
    return inquiry;
}
