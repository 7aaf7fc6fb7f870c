/* SPDX-License-Identifier: GPL-3.0-or-later
 * trial_parts.h - what the files of a trial share: members, the network between them, chance. */
#ifndef SIM_CONSENSUS_TRIAL_PARTS_H
#define SIM_CONSENSUS_TRIAL_PARTS_H

#include "core/base/random.h"
#include "sim/consensus/trial.h"
#include "sim/kernel/event_queue.h"

enum {
    NODES_MAX = 2 * TRIAL_MEMBERS_MAX, /* members and twins */
    PARCELS_MAX = 1 << 14,
    ALARMS_MAX = 1 << 12,
    PROOFS_MAX = 512,
    TRACE_MAX = 1 << 14,
    SPIED_MAX = 32,
    BODIES_MAX = 64,
    OLD_VOTES_MAX = 64,
    LOG_MAX = 1 << 15,
};

#define MILLISECONDS(count) ((int64_t)(count)*1000000)

/* Simultaneous events go by this order. */
enum event_kind { EVENT_HEAL, EVENT_PARTITION, EVENT_RESTART, EVENT_MESSAGE, EVENT_ALARM };

enum parcel_kind {
    PARCEL_VOTE,
    PARCEL_ASK,      /* for the decision of vote.height */
    PARCEL_DECISION, /* proof holds it */
    PARCEL_FETCH,    /* to itself: look for the block vote.value once more */
    PARCEL_BEGIN,    /* to itself: there is work for vote.height */
};

struct parcel {
    enum parcel_kind kind;
    uint32_t from, to; /* nodes */
    bool has_block;    /* a proposal brings the block along */
    struct consensus_vote vote;
    const struct consensus_certificate *proof;
};

struct alarm {
    uint32_t node, generation;
    enum consensus_timer timer;
    uint64_t height;
    int32_t round;
};

/* One of two places on disk where records go by turns. */
struct disk_slot {
    uint64_t sequence; /* 0: empty */
    uint32_t place;    /* where the record was to go */
    bool is_torn;
    struct consensus_record record;
};

/* One running copy of a member; a liar's twin is another with the same identity. */
struct node {
    uint32_t identity;
    bool is_liar, is_up, has_lost_record;
    uint32_t generation; /* counts crashes: timers of an earlier life are void */
    uint32_t skew_percent;
    uint32_t forget_count;
    uint32_t hunted_rounds, hunted_proposals; /* as bits: a hunter has acted there */
    struct consensus *consensus;              /* one of the machines */
    struct disk_slot slots[2];
    uint64_t sequence;
    uint64_t height; /* of the last block in its chain */
    const struct consensus_certificate *decisions[TRIAL_HEIGHTS_MAX + 1];
    struct hash bodies[BODIES_MAX]; /* blocks that it has, the last ones */
    uint32_t body_count;
};

/* Votes for one block in one round, whoever sent them to whom. */
struct spied {
    enum consensus_kind kind;
    uint64_t height;
    int32_t round;
    struct hash value;
    uint32_t members; /* bits */
};

/* What one node heard; nothing that it acts on is missing here, crashes or not. */
struct log_entry {
    uint32_t node;
    struct consensus_vote vote;
    const struct consensus_certificate *proof;
    bool is_decision; /* only `proof`, of precommits */
};

/* Two correct members with different blocks at one height. */
struct fork {
    uint64_t height; /* 0: none */
    uint32_t members[2];
};

struct trial {
    struct arena *arena;
    struct trial_plan plan;
    struct random_key key;
    uint32_t draws;
    struct event_queue queue;
    int64_t now_ns;
    bool is_chaos;
    uint32_t node_count, block_count;
    uint64_t goal;                               /* the height that ends it */
    struct hash hunted;                          /* what the lonely member decides */
    uint32_t absent;                             /* cut off to the end: members as bits */
    int32_t healed_round[TRIAL_HEIGHTS_MAX + 1]; /* the highest round when the chaos ended */
    uint64_t side_bits;                          /* a partition: nodes on one side */
    bool is_one_way;                             /* only messages to that side are lost */
    struct node nodes[NODES_MAX];
    struct consensus *machines[2][NODES_MAX]; /* patient and hasty ones */
    struct spied spied[SPIED_MAX];
    uint32_t spied_count;
    struct arena scratch;
    struct slab parcels, alarms;
    struct consensus_certificate *proofs;
    uint32_t proof_count;
    struct consensus_vote old_votes[OLD_VOTES_MAX]; /* signed by liars or heard, to repeat */
    uint32_t old_vote_count;
    struct checker_entry *trace;
    uint32_t trace_count;
    struct log_entry *log; /* NULL until a plan wants it */
    uint32_t log_count;
    struct fork fork;
    struct trial_outcome outcome;
};

/* Chance, in the order of the calls. */
uint64_t trial_draw_bits(struct trial *trial);
uint32_t trial_draw_below(struct trial *trial, uint32_t below);
bool trial_draw_chance(struct trial *trial, double probability);

/* A block of somebody's own, valid or not. */
struct hash trial_make_block(struct trial *trial, uint32_t maker, bool is_valid);
bool trial_is_valid_block(const struct hash *value);
void trial_hold_block(struct node *node, const struct hash *value);
bool trial_has_block(const struct node *node, const struct hash *value);

/* Stand-ins: only who has the member's secret can make one, and the trial gives it to its owner. */
struct signature trial_sign(const struct consensus_vote *vote, bool is_forged);
bool trial_is_signed(const struct consensus_vote *vote);

/* The same for every vote of a certificate. */
bool trial_is_certified(const struct consensus_certificate *certificate, enum consensus_kind kind);

/* What happened, for the checker; to be filled in. Of liars nothing is kept. */
struct checker_entry *trial_trace(struct trial *trial, const struct node *node,
                                  enum checker_kind kind);

/* Puts a parcel on its way: delayed, doubled or lost after the plan. */
void trial_send(struct trial *trial, const struct parcel *parcel);

/* The same to every copy of a member; without loss; and how long it takes. */
void trial_send_to_member(struct trial *trial, struct parcel *parcel, uint32_t member);
void trial_post(struct trial *trial, const struct parcel *parcel, int64_t delay_ns);
int64_t trial_draw_latency_ns(struct trial *trial);

/* Whether nothing gets from its sender to its receiver now. */
bool trial_is_parted(const struct trial *trial, const struct parcel *parcel);

/* trial_member.c. Does what a machine wants, in order, and no further than the next crash. */
void trial_carry_out(struct trial *trial, struct node *node, const struct consensus_output *output);

/* Begins the next height soon; comes back from a crash; takes what has arrived. */
void trial_begin_later(struct trial *trial, struct node *node);
void trial_restart(struct trial *trial, struct node *node);
void trial_take_parcel(struct trial *trial, struct node *node, const struct parcel *parcel);

/* A forgetful liar goes back behind its lock, or even its decision; whether it did. */
bool trial_start_again(struct trial *trial, struct node *liar);

/* trial_disk.c. A spoilt write is one in the middle of which the member crashes. What is read is
 * the newest record that is whole; NULL for none, and `*is_lost` when there was one. */
void trial_write_record(struct trial *trial, struct node *node,
                        const struct consensus_record *record);
void trial_spoil_write(struct trial *trial, struct node *node,
                       const struct consensus_record *record);
const struct consensus_record *trial_read_record(struct node *node, bool *is_lost);

/* The same certificate, kept for the rest of the trial; NULL when there are too many. */
const struct consensus_certificate *
trial_keep_proof(struct trial *trial, const struct consensus_certificate *certificate);

/* trial_inquiry.c: what a node hears and has verified, and what a correct one commits. */
void trial_log_vote(struct trial *trial, const struct node *node, const struct consensus_vote *vote,
                    const struct consensus_certificate *proof);
void trial_log_decision(struct trial *trial, const struct node *node,
                        const struct consensus_certificate *decision);
void trial_note_commit(struct trial *trial, const struct node *node, uint64_t height,
                       const struct hash *value);

uint32_t trial_correct(const struct trial *trial); /* the members that are no liars, as bits */

/* trial_liar.c: what a liar does with what it hears. */
void trial_lie(struct trial *trial, struct node *liar, const struct parcel *heard);

/* Whether a sleeper sends its vote to a member at all. */
bool trial_favours(struct trial *trial, const struct parcel *parcel);

/* Takes a forgetful liar back to where it had no lock at its height. False when it had not voted.
 */
bool trial_forget(struct trial *trial, struct node *liar, struct consensus_output *output);

/* The member that is hunted. */
uint32_t trial_prey(const struct trial *trial);

/* What a sleeper prepares while it votes. */
void trial_plot(struct trial *trial, struct node *liar, const struct consensus_vote *now);

/* trial_spy.c: liars hear of every vote. */
void trial_spy(struct trial *trial, const struct consensus_vote *vote);

/* A proof for a liar's proposal, true or false, rather for another block than `known`; fills in the
 * valid round and, where the proof is about a block, that. */
const struct consensus_certificate *
trial_draw_proof(struct trial *trial, struct consensus_vote *proposal, const struct hash *known);

/* A decision that nobody made; NULL when there is none. */
const struct consensus_certificate *trial_draw_decision(struct trial *trial, uint64_t height,
                                                        const struct hash *value);

#endif
