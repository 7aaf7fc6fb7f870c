/* SPDX-License-Identifier: GPL-3.0-or-later
 * trial.h - one schedule of a ledger's consensus under attack, by seed: members that lie, messages
 * that are lost, doubled, late and forged, partitions, clocks that run wrong, crashes at any point
 * of any step with torn and misdirected writes.
 *
 * After a time of chaos the network heals; then every correct member must reach the last height.
 * What happened is written into a trace, which checker.h judges without knowing the protocol. The
 * same plan gives the same trace. Signatures are stand-ins that only their owner can make. */
#ifndef SIM_CONSENSUS_TRIAL_H
#define SIM_CONSENSUS_TRIAL_H

#include "core/ledger/consensus.h"
#include "sim/consensus/checker.h"

enum {
    TRIAL_MEMBERS_MAX = 16,
    TRIAL_HEIGHTS_MAX = 4,
    TRIAL_ROUNDS_MAX = 8, /* of a schedule of partitions by round */
};

enum trial_lies {
    LIES_ANY,     /* a liar sends whatever may do harm, to whom it may harm */
    LIES_SLEEPER, /* it keeps the rules, but votes to some only and proposes against all locks */
    LIES_TWINS,   /* a liar is two correct members with one key (Bano et al., "Twins", 2020) */
};

struct trial_plan {
    uint64_t seed;
    uint32_t member_count, liar_count;
    uint32_t first_liar; /* the liars are this member and those after it, round about */
    uint64_t height_count;
    enum trial_lies lies;
    /* During the chaos, 0 .. 1 each: */
    double loss, doubling, crash, partition;
    bool is_deaf; /* of many phases of rounds some members hear nothing, and no help comes */
    bool skewed_clocks, broken_disks;
    /* With `has_groups`: no other chaos; messages of round r pass only within the two halves that
     * the bits of groups[r] make of the members and twins. */
    bool has_groups;
    uint32_t groups[TRIAL_ROUNDS_MAX];
};

struct trial_outcome {
    struct checker_verdict verdict;
    uint64_t delivered_count; /* messages that reached a member */
    int32_t round_max;        /* highest round that a correct member committed in */
    int32_t rounds_to_live;   /* most rounds that a height took after the chaos had ended */
    uint32_t commit_count, accusation_count, crash_count;
};

struct trial; /* memory that trials use one after another; for one thread */

struct trial *trial_open(struct arena *arena);
void trial_close(struct trial *trial);

/* A plan for every seed: 4, 7 or 10 members, at most a third of them liars, chaos of all kinds. */
struct trial_plan trial_draw_plan(uint64_t seed);

/* The plan number `index` of all schedules of four members, one with a twin, in which the
 * messages of three rounds pass only within the halves; see trial_twins_count. */
struct trial_plan trial_twins_plan(uint64_t index);
uint64_t trial_twins_count(void);

struct trial_outcome trial_run(struct trial *trial, const struct trial_plan *plan);

#endif
