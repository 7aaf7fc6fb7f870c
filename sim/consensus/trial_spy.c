/* SPDX-License-Identifier: GPL-3.0-or-later
 * trial_spy.c - what liars make of the votes of others. Together they know of every vote; with
 * their own some of those are a true proof, and all make a false one. */
#include "sim/consensus/trial_parts.h"

static struct spied *find_spied(struct trial *trial, const struct consensus_vote *vote) {
    uint32_t count = trial->spied_count < SPIED_MAX ? trial->spied_count : SPIED_MAX;
    for (uint32_t i = 0; i < count; i++) {
        struct spied *spied = &trial->spied[i];
        if (spied->kind == vote->kind && spied->round == vote->round &&
            spied->height == vote->height && hash_equal(&spied->value, &vote->value)) {
            return spied;
        }
    }
    return NULL;
}

/* Keeps it as long as there is room left for what correct members have to say. */
static const struct consensus_certificate *keep(struct trial *trial,
                                                const struct consensus_certificate *certificate) {
    return trial->proof_count < PROOFS_MAX / 2 ? trial_keep_proof(trial, certificate) : NULL;
}

/* The votes of `members`, as bits; the trial can sign for all of them again. */
static const struct consensus_certificate *certify(struct trial *trial, const struct spied *spied,
                                                   uint32_t members) {
    struct consensus_certificate proof = {
        .height = spied->height, .round = spied->round, .value = spied->value};
    for (uint32_t i = 0; i < trial->plan.member_count; i++) {
        if ((members >> i & 1) != 0) {
            struct consensus_vote vote = {.kind = spied->kind,
                                          .member = i,
                                          .height = spied->height,
                                          .round = spied->round,
                                          .valid_round = -1,
                                          .value = spied->value};
            proof.members[proof.count] = i;
            proof.signatures[proof.count++] = trial_sign(&vote, false);
        }
    }
    return keep(trial, &proof);
}

static uint32_t liars_of(const struct trial *trial) {
    return ~trial_correct(trial) & ((1u << trial->plan.member_count) - 1);
}

void trial_spy(struct trial *trial, const struct consensus_vote *vote) {
    struct spied *spied = find_spied(trial, vote);
    if (spied == NULL) {
        spied = &trial->spied[trial->spied_count++ % SPIED_MAX];
        *spied = (struct spied){.kind = vote->kind,
                                .height = vote->height,
                                .round = vote->round,
                                .value = vote->value,
                                .members = liars_of(trial)};
    }
    uint32_t before = spied->members;
    spied->members |= 1u << vote->member;
    uint32_t count = (uint32_t)__builtin_popcount(spied->members);
    static const struct hash no_block;
    bool is_useful = (vote->kind == CONSENSUS_PREVOTE) != hash_equal(&vote->value, &no_block);
    if (is_useful && spied->members != before &&
        count == consensus_quorum(trial->plan.member_count)) {
        certify(trial, spied, spied->members);
    }
}

/* What 2f + 1 members voted for in some round of a height; rather an older one, and not `known`. */
static const struct consensus_certificate *draw_true(struct trial *trial, enum consensus_kind kind,
                                                     uint64_t height, const struct hash *known) {
    for (uint32_t i = 0; i < trial->proof_count; i++) {
        const struct consensus_certificate *proof = &trial->proofs[i];
        if (proof->height == height && !hash_equal(&proof->value, known) &&
            trial_is_certified(proof, kind) && trial_draw_chance(trial, 0.7)) {
            return proof;
        }
    }
    return NULL;
}

/* Some who voted, liars among them, but too few; NULL when there is nothing. */
static const struct consensus_certificate *draw_few(struct trial *trial, enum consensus_kind kind,
                                                    uint64_t height) {
    uint32_t count = trial->spied_count < SPIED_MAX ? trial->spied_count : SPIED_MAX;
    const struct spied *spied = count > 0 ? &trial->spied[trial_draw_below(trial, count)] : NULL;
    if (spied == NULL || spied->kind != kind || spied->height != height) {
        return NULL;
    }
    uint32_t members = spied->members;
    while ((uint32_t)__builtin_popcount(members) >= consensus_quorum(trial->plan.member_count)) {
        members &= members - 1;
    }
    return certify(trial, spied, members);
}

/* What the liars sign, once or as often as it takes. */
static const struct consensus_certificate *draw_own(struct trial *trial, enum consensus_kind kind,
                                                    uint64_t height, int32_t round,
                                                    const struct hash *value) {
    struct spied spied = {.kind = kind, .height = height, .round = round, .value = *value};
    const struct consensus_certificate *once = certify(trial, &spied, liars_of(trial));
    if (once == NULL || trial_draw_chance(trial, 0.5)) {
        return once;
    }
    struct consensus_certificate often = *once;
    while (often.count < consensus_quorum(trial->plan.member_count)) {
        often.members[often.count] = often.members[often.count % once->count];
        often.signatures[often.count] = often.signatures[often.count % once->count];
        often.count++;
    }
    return keep(trial, &often);
}

const struct consensus_certificate *
trial_draw_proof(struct trial *trial, struct consensus_vote *proposal, const struct hash *known) {
    static const struct hash no_block;
    uint32_t choice = trial_draw_below(trial, 8);
    bool is_about_another = choice == 0 || choice == 2; /* height; block */
    uint64_t height = proposal->height - (choice == 0 && proposal->height > 1);
    const struct consensus_certificate *proof =
        choice == 1 ? draw_few(trial, CONSENSUS_PREVOTE, height)
        : choice < 6
            ? draw_true(trial, CONSENSUS_PREVOTE, height, is_about_another ? &no_block : known)
            : NULL;
    if (proof == NULL || proof->round >= proposal->round) {
        proposal->valid_round = proposal->round - 1;
        return draw_own(trial, CONSENSUS_PREVOTE, proposal->height, proposal->valid_round,
                        &proposal->value);
    }
    /* Choice 2: for another block; 3 and 4: as if it had been just now; else as it is. */
    proposal->value = choice == 2 ? proposal->value : proof->value;
    proposal->valid_round = choice == 3 || choice == 4 ? proposal->round - 1 : proof->round;
    return proof;
}

const struct consensus_certificate *trial_draw_decision(struct trial *trial, uint64_t height,
                                                        const struct hash *value) {
    static const struct hash any = {.bytes = {1}};
    const struct consensus_certificate *decision = NULL;
    uint32_t choice = trial_draw_below(trial, 3);
    if (choice == 0) { /* for no block, and true */
        decision = draw_true(trial, CONSENSUS_PRECOMMIT, height, &any);
    } else if (choice == 1) {
        decision = draw_few(trial, CONSENSUS_PRECOMMIT, height);
    }
    return decision != NULL ? decision : draw_own(trial, CONSENSUS_PRECOMMIT, height, 0, value);
}
