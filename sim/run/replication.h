/* SPDX-License-Identifier: GPL-3.0-or-later
 * replication.h - the only mutable state of a simulation, and its main loop.
 *
 * One thread owns one replication and uses it again and again: memory grows to what was ever in
 * flight and is kept. */
#ifndef SIM_RUN_REPLICATION_H
#define SIM_RUN_REPLICATION_H

#include "core/base/require.h"
#include "sim/kernel/event_queue.h"
#include "sim/kernel/resource.h"
#include "sim/record/recorder.h"
#include "sim/scenario/scenario.h"

/* Event kinds, in the order in which simultaneous events happen: what ends, ends before what takes
 * capacity away; patience runs out after units came free; who arrives finds all that settled. */
enum event_kind {
    EVENT_CLOCK,     /* a mark of the study: warm-up, end, a bin of the time series */
    EVENT_FINISH,    /* subject: token */
    EVENT_TIMER,     /* subject: token parked until an hour, or a batch's step state */
    EVENT_REPAIR,    /* subject: resource */
    EVENT_SHIFT,     /* subject: resource */
    EVENT_BREAKDOWN, /* subject: resource and unit */
    EVENT_RENEGE,    /* subject: token */
    EVENT_ARRIVAL,   /* subject: stream; never in the queue, after all that is */
    EVENT_LEDGER,    /* subject: task of the ledger */
    EVENT_KIND_COUNT
};

enum token_phase {
    PHASE_ENTERING,  /* about to enter token->step */
    PHASE_WAITING,   /* for the resources of the step */
    PHASE_BUSY,      /* its duration runs; token->event ends it */
    PHASE_SUSPENDED, /* interrupted; waits for its resources again, remaining_ns is left */
    PHASE_PARKED,    /* until woken */
    PHASE_WOKEN,     /* to go on from PARKED */
    PHASE_JOINING,   /* at a join, before its siblings */
};

/* One line of progress through a procedure. */
struct token {
    uint32_t next;        /* next token of the consignment; the slab's while free */
    uint32_t consignment; /* 0: the slot is free */
    uint32_t self;
    uint32_t requests;    /* chain held or awaited for this step */
    uint32_t held;        /* chain kept across steps */
    uint32_t waiter_next; /* in the list of those that wait for a milestone or in a batch */
    uint16_t step;
    uint8_t phase;
    uint8_t visits;         /* times sent back */
    uint8_t party;          /* slot of the party whose time runs */
    uint8_t branch;         /* number within the innermost fork */
    uint16_t steps_at_once; /* steps taken without time passing, to catch endless loops */
    event_handle event;     /* the end of its duration, or of its patience */
    int64_t since_ns;       /* party times are up to here */
    int64_t mark_ns;        /* busy: when this stretch began; suspended: what is left to do */
    int64_t times[];        /* [party_count], then [snapshot_count][party_count] */
};

/* The thing itself: what is true, what was declared, and when it reached each milestone. What every
 * step touches comes first: one line of the cache holds it. */
struct consignment {
    uint32_t first_token; /* of the live ones; 0 ends; the slab's while free */
    uint32_t entity;
    uint32_t vessel;  /* consignment index of the vessel that carries it; 0 for none */
    uint32_t waiters; /* tokens parked until a milestone of this one, the last to come first */
    uint32_t trader;
    uint16_t token_count;
    uint16_t chapter; /* index + 1; 0 for none */
    uint8_t procedure, subject, trader_class, channel;
    uint8_t outcome;
    bool trusted : 1, willing : 1, lodged_before_arrival : 1, permit : 1;
    bool illicit : 1, deficient : 1, examined : 1, found : 1, in_cohort : 1;
    uint8_t stream;
    uint32_t carried_count;  /* of a vessel: entities after its own, reserved for what it carries */
    uint32_t carried_inside; /* those made that have not ended */
    uint32_t carried_missing; /* and those that have not reached the awaited milestone */
    uint32_t reached;         /* bit m: milestone m */
    double resource_cost;
    struct money paid, duty;
    double value, mass_kg, duty_share;
    int64_t data[]; /* milestone_ns[], interval party times [interval][party], joins */
};

/* Tokens that came to a join before the last one. */
struct join_state {
    uint32_t best; /* the one that would go on; 0 while none came */
    uint32_t pending;
    int64_t came_ns[BRANCHES_MAX]; /* by branch */
};

/* State of a step that keeps one (batch). */
struct step_state {
    uint32_t first; /* of the tokens that wait; the first one has the timer */
    uint32_t count;
    int64_t deadline_ns; /* 0 for none */
};

/* Draws of a step's duration for RANDOM_ENTITIES successive entities: who comes next to a step is
 * often a neighbour of who came before, and then drawing for all at once takes little longer than
 * for two. */
struct draw_cache {
    uint32_t block;        /* first entity / RANDOM_ENTITIES + 1; 0 for none */
    uint32_t missed_block; /* of the last one who drew for itself alone */
    bool exponential;
    double draws[RANDOM_ENTITIES];
};

struct ledger_service; /* sim/actors/ledger_service.h */

struct replication {
    const struct scenario *scenario;
    int64_t now_ns;
    struct event_queue queue;
    struct resource_pool pool;
    struct slab tokens, consignments;
    struct random_key key;
    uint64_t fingerprint, event_count;
    uint32_t number;
    uint32_t cohort_inside;
    bool failed;  /* err says why; the loop stops */
    bool records; /* there is a recorder, and the study wants statistics */
    struct error *err;
    struct arrival_stream *streams;
    int64_t *stream_next_ns; /* [stream] its next arrival; INT64_MAX for none */
    int64_t next_arrival_ns; /* the first of them, and whose it is */
    uint32_t next_stream;
    uint32_t *stream_next_entity;
    uint32_t *stream_next_row;
    int32_t *down_units;        /* [resource] broken */
    uint32_t *breakdown_counts; /* [resource] draws so far */
    struct step_state *step_states;
    struct draw_cache *draw_caches;           /* [step->number] */
    int64_t *received_e4;                     /* [organisation] charges and duty */
    uint32_t interval_offset, join_offset;    /* in consignment.data */
    uint32_t party_intervals[MILESTONES_MAX]; /* bit i: interval i begins or ends there, and party
                                                 times are kept of it */
    struct value *facts;                      /* [INPUT_COUNT], filled on demand */
    uint32_t *channel_symbols, *class_symbols, *chapter_symbols;
    int64_t created[2], ended[OUTCOME_COUNT]; /* by subject; of consignments */
    int64_t paid_e4;                          /* by consignments that have left */
    struct recorder *recorder;
    struct ledger_service *ledger; /* NULL when no scenario has one */
    struct trace *trace;           /* NULL unless events are written */
    struct require_context context;
    struct arena arena;
};

/* `scenarios` are all the points that it may run: sizes are the largest of them. */
struct replication *replication_create(const struct scenario *const *scenarios, uint32_t count,
                                       const struct recorder_plan *plan);
void replication_free(struct replication *rep);

/* Runs replication `number` of a scenario from start to end. What it recorded is in rep->recorder.
 * -1 and an error when a balance is violated, something can never wake, or a limit is exceeded. */
int replication_run(struct replication *rep, const struct scenario *scenario, uint32_t number,
                    struct error *err);

/* The same in three parts, for those who look at it on the way. */
void replication_start(struct replication *rep, const struct scenario *scenario, uint32_t number,
                       struct error *err);
void replication_advance(struct replication *rep, int64_t until_ns); /* events up to that time */
int replication_stop(struct replication *rep);

static inline struct token *token_at(const struct replication *rep, uint32_t token) {
    return (struct token *)slab_at(&rep->tokens, token);
}

static inline struct consignment *consignment_at(const struct replication *rep, uint32_t index) {
    return (struct consignment *)slab_at(&rep->consignments, index);
}

#endif
