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

#include "core/ledger/evidence.h"
#include "sim/consensus/checker.h"

enum {
    TRIAL_MEMBERS_MAX = 16,
    TRIAL_HEIGHTS_MAX = 8,
    TRIAL_MESSAGES_MIN = 100,  /* a schedule with fewer goes on for another height */
    TRIAL_ROUNDS_TO_LIVE = 24, /* the most rounds a height may take once the network has healed */
    TRIAL_ROUNDS_MAX = 8,      /* of a schedule of partitions by round */
};

enum trial_lies {
    LIES_ANY,       /* a liar sends whatever may do harm, to whom it may harm */
    LIES_SLEEPER,   /* it keeps the rules, but votes to some only and proposes against all locks */
    LIES_TWINS,     /* a liar is two correct members with one key (Bano et al., "Twins", 2020) */
    LIES_FORGETFUL, /* it keeps the rules, but forgets its locks, and at times its votes */
};

/* Rare schedules, made on purpose. All else is left to chance. */
enum trial_hunt {
    HUNT_NONE,
    HUNT_LOCKS, /* one member decides alone and is cut off; then the liars propose anything else */
    HUNT_LAGGARD, /* one member is cut off while the liars let round after round come to nothing */
};

struct trial_plan {
    uint64_t seed;
    uint32_t member_count, liar_count;
    uint32_t first_liar; /* the liars are this member and those after it, round about */
    uint64_t height_count;
    enum trial_lies lies;
    /* During the chaos, 0 .. 1 each: */
    double loss, doubling, crash, partition;
    bool is_deaf;       /* of many phases of rounds some members hear nothing, and no help comes */
    bool skewed_clocks; /* each runs at its own rate, from a half to 1.6 of the true one */
    bool broken_disks;
    bool is_hasty;     /* timers begin shorter than any message takes */
    bool falls_silent; /* the liars, when the chaos ends */
    bool stays_parted; /* f members never come back: the others are just enough */
    bool is_overheard; /* what members hear is traced, so who keeps quiet about it is found */
    uint32_t chaos_ms;
    /* With `has_groups`: no other chaos; messages of round r pass only within the two halves that
     * the bits of groups[r] make of the members and twins. */
    bool has_groups;
    uint32_t groups[TRIAL_ROUNDS_MAX];
    enum trial_hunt hunt; /* of the first correct member after the liars */
    uint64_t hunt_height;
    int32_t hunt_round; /* in which it decides; in those before nobody hears 2f + 1 prevotes */
    bool hunt_is_close; /* only f others lock, and the liars' precommits decide */
    /* With `has_sides`: the liars are too many, and first one side of the correct members, then the
     * other, hears only itself and them. */
    bool has_sides;
    uint32_t side;   /* bits: the correct members on one side */
    bool keeps_logs; /* for trial_inquire */
};

struct trial_outcome {
    struct checker_verdict verdict;
    uint64_t delivered_count; /* messages that reached a member */
    uint64_t height_count;    /* how far it went */
    int32_t round_max;        /* highest round that a correct member committed in */
    int32_t rounds_to_live;   /* most rounds that a height took after the chaos had ended */
    uint32_t commit_count, accusation_count, crash_count;
};

/* What an inquiry into the logs of members comes to; members as bits. */
struct trial_inquiry {
    bool is_complete; /* false when there was more to remember than fits */
    bool is_fork;     /* two correct members have committed different blocks */
    uint32_t correct, guilty;
    uint32_t question_count, answer_count;
    uint32_t charge_counts[EVIDENCE_KIND_COUNT]; /* of those that stand */
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

/* A plan in which more than a third lie and two sides may come to different ends. */
struct trial_plan trial_draw_fork_plan(uint64_t seed);

/* What the checker saw of the last run. */
const struct checker_entry *trial_entries(const struct trial *trial, size_t *count);

struct trial_outcome trial_run(struct trial *trial, const struct trial_plan *plan);

/* After a run that kept logs: who is guilty. Of a fork by the logs of one member of each side, and
 * what the accused answer from theirs; else by the logs of two correct members, and of all. Liars
 * answer from everybody's. */
struct trial_inquiry trial_inquire(struct trial *trial);

#endif
