/* SPDX-License-Identifier: GPL-3.0-or-later
 * replication.c - see replication.h. */
#include "sim/run/replication.h"

#include "sim/actors/ledger_service.h"
#include "sim/run/balance.h"
#include "sim/run/capacity.h"
#include "sim/run/walk.h"
#include "sim/steps/step.h"
#include "sim/world/make.h"

#include <string.h>

enum { TOKENS_MAX = 1 << 24, CONSIGNMENTS_MAX = 1 << 24, CACHE_LINE = 64 };

/* ---- events -------------------------------------------------------------------------------- */

static void on_clock(struct replication *rep, const struct event *event) {
    recorder_mark(rep->recorder, rep, event->subject);
}

static void on_finish(struct replication *rep, const struct event *event) {
    walk_finish(rep, event->subject);
}

static void on_timer(struct replication *rep, const struct event *event) {
    struct token *token = token_at(rep, event->subject);
    token->event = 0;
    walk_wake(rep, token);
}

static void on_renege(struct replication *rep, const struct event *event) {
    walk_renege(rep, event->subject);
}

/* Each stream has one arrival to come, and arrivals happen after all else at an instant, so they
 * wait beside the queue instead of in it. Among streams the lower number goes first. */
static void find_next_arrival(struct replication *rep) {
    rep->next_arrival_ns = INT64_MAX;
    for (uint32_t i = 0; i < rep->scenario->world.stream_count; i++) {
        if (rep->stream_next_ns[i] < rep->next_arrival_ns) {
            rep->next_arrival_ns = rep->stream_next_ns[i];
            rep->next_stream = i;
        }
    }
}

static void on_arrival(struct replication *rep, const struct event *event) {
    uint32_t stream = event->subject;
    make_arrival(rep, stream);
    rep->stream_next_ns[stream] = make_next_arrival_ns(rep, stream);
    find_next_arrival(rep);
}

static void on_ledger(struct replication *rep, const struct event *event) {
    ledger_service_event(rep->ledger, event->subject);
}

typedef void event_handler(struct replication *rep, const struct event *event);

static event_handler *const event_handlers[EVENT_KIND_COUNT] = {
    [EVENT_CLOCK] = on_clock,          [EVENT_FINISH] = on_finish,
    [EVENT_TIMER] = on_timer,          [EVENT_REPAIR] = capacity_on_repair,
    [EVENT_SHIFT] = capacity_on_shift, [EVENT_BREAKDOWN] = capacity_on_breakdown,
    [EVENT_RENEGE] = on_renege,        [EVENT_ARRIVAL] = on_arrival,
    [EVENT_LEDGER] = on_ledger,
};

/* ---- the main loop ------------------------------------------------------------------------- */

/* Every event leaves its mark, so two runs that agree here agree in all that happened. */
static inline void mark_event(struct replication *rep, const struct event *event) {
    uint64_t mixed = (rep->fingerprint ^ (uint64_t)event->time_ns) * UINT64_C(0x9E3779B97F4A7C15);
    mixed ^= mixed >> 32 ^ (uint64_t)event->kind << 32 ^ event->entity;
    rep->fingerprint = mixed * UINT64_C(0xD6E8FEB86659FD93);
    rep->event_count++;
}

static inline void drain_ready(struct replication *rep) {
    for (uint32_t token; (token = resource_ready_pop(&rep->pool)) != 0;) {
        walk_ready(rep, token);
    }
}

static inline bool study_is_over(const struct replication *rep) {
    return rep->failed || (rep->cohort_inside == 0 && rep->now_ns >= rep->scenario->study.end_ns);
}

/* The first of what is in the queue and of what arrives, when it happens by `until_ns`. */
static inline bool next_event(struct replication *rep, int64_t until_ns, struct event *event) {
    int64_t arrival_ns = rep->next_arrival_ns;
    if (event_queue_pop_until(&rep->queue, arrival_ns < until_ns ? arrival_ns : until_ns, event)) {
        return true;
    }
    *event = (struct event){arrival_ns, EVENT_ARRIVAL, rep->next_stream, rep->next_stream};
    return arrival_ns <= until_ns;
}

void replication_advance(struct replication *rep, int64_t until_ns) {
    struct event event;
    while (!study_is_over(rep) && next_event(rep, until_ns, &event)) {
        rep->now_ns = event.time_ns;
        __builtin_prefetch(token_at(rep, event_queue_foresee(&rep->queue))); /* most are tokens */
        mark_event(rep, &event);
        event_handlers[event.kind](rep, &event);
        drain_ready(rep);
    }
}

/* ---- before and after ---------------------------------------------------------------------- */

static uint32_t most(uint32_t a, uint32_t b) {
    return a > b ? a : b;
}

/* Whole lines of the cache, so that what stands together in a struct comes together. */
static size_t in_lines(size_t size) {
    return (size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
}

static size_t token_size(const struct scenario *scenario) {
    return in_lines(sizeof(struct token) +
                    sizeof(int64_t) * scenario->party_count * (1 + scenario->snapshot_count));
}

static uint32_t join_count_most(const struct scenario *scenario) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < scenario->procedure_count; i++) {
        count = most(count, scenario->procedures[i].join_count);
    }
    return count;
}

static size_t consignment_size(const struct scenario *scenario) {
    return in_lines(sizeof(struct consignment) +
                    sizeof(int64_t) *
                        (scenario->milestone_count +
                         (size_t)scenario->party_interval_count * scenario->party_count) +
                    sizeof(struct join_state) * join_count_most(scenario));
}

struct replication *replication_create(const struct scenario *const *scenarios, uint32_t count,
                                       const struct recorder_plan *plan) {
    struct arena arena = ARENA_INIT;
    struct replication *rep = ARENA_NEW(&arena, struct replication);
    size_t token_bytes = 0, consignment_bytes = 0;
    bool has_ledger = false;
    uint32_t resources = 1, streams = 1, states = 1, organisations = 1, steps = 1;
    for (uint32_t i = 0; i < count; i++) {
        size_t t = token_size(scenarios[i]), c = consignment_size(scenarios[i]);
        token_bytes = t > token_bytes ? t : token_bytes;
        consignment_bytes = c > consignment_bytes ? c : consignment_bytes;
        has_ledger = has_ledger || scenarios[i]->ledger != NULL;
        resources = most(resources, scenarios[i]->resource_count);
        streams = most(streams, scenarios[i]->world.stream_count);
        states = most(states, scenarios[i]->state_count);
        steps = most(steps, scenarios[i]->step_count);
        organisations = most(organisations, scenarios[i]->organisation_count);
    }
    event_queue_init(&rep->queue);
    resource_pool_init(&rep->pool, ARENA_ARRAY(&arena, struct resource, resources), resources);
    slab_init(&rep->tokens, token_bytes, TOKENS_MAX);
    slab_init(&rep->consignments, consignment_bytes, CONSIGNMENTS_MAX);
    rep->streams = ARENA_ARRAY(&arena, struct arrival_stream, streams);
    rep->stream_next_entity = ARENA_ARRAY(&arena, uint32_t, streams);
    rep->stream_next_ns = ARENA_ARRAY(&arena, int64_t, streams);
    rep->stream_next_row = ARENA_ARRAY(&arena, uint32_t, streams);
    rep->down_units = ARENA_ARRAY(&arena, int32_t, resources);
    rep->breakdown_counts = ARENA_ARRAY(&arena, uint32_t, resources);
    rep->step_states = ARENA_ARRAY(&arena, struct step_state, states);
    rep->draw_caches = ARENA_ARRAY(&arena, struct draw_cache, steps);
    rep->received_e4 = ARENA_ARRAY(&arena, int64_t, organisations);
    rep->facts = ARENA_ARRAY(&arena, struct value, INPUT_COUNT);
    rep->recorder = plan == NULL ? NULL : recorder_create(plan, &arena);
    rep->ledger = has_ledger ? ledger_service_create(&arena) : NULL;
    rep->arena = arena;
    return rep;
}

void replication_free(struct replication *rep) {
    event_queue_free(&rep->queue);
    resource_pool_free(&rep->pool);
    slab_free(&rep->tokens);
    slab_free(&rep->consignments);
    if (rep->ledger != NULL) {
        ledger_service_free(rep->ledger);
    }
    struct arena arena = rep->arena;
    arena_free(&arena);
}

static void find_party_intervals(struct replication *rep) {
    memset(rep->party_intervals, 0, sizeof rep->party_intervals);
    for (uint32_t i = 0; i < rep->scenario->interval_count; i++) {
        const struct interval *interval = &rep->scenario->intervals[i];
        if (interval->party_number >= 0) {
            rep->party_intervals[interval->from] |= 1u << i;
            rep->party_intervals[interval->to] |= 1u << i;
        }
    }
}

static void reset(struct replication *rep, const struct scenario *scenario, uint32_t number) {
    rep->scenario = scenario;
    rep->number = number;
    rep->now_ns = 0;
    rep->fingerprint = scenario->seed ^ (uint64_t)number << 32;
    rep->event_count = 0;
    rep->cohort_inside = 0;
    rep->failed = false;
    rep->records = rep->recorder != NULL && scenario->study.statistics;
    rep->paid_e4 = 0;
    memset(rep->created, 0, sizeof rep->created);
    memset(rep->ended, 0, sizeof rep->ended);
    memset(rep->received_e4, 0, sizeof(int64_t) * scenario->organisation_count);
    memset(rep->step_states, 0, sizeof(struct step_state) * scenario->state_count);
    for (uint32_t i = 0; i < scenario->step_count; i++) {
        rep->draw_caches[i].block = rep->draw_caches[i].missed_block = 0;
    }
    rep->key = random_key_make(scenario->seed, number);
    rep->interval_offset = scenario->milestone_count;
    rep->join_offset =
        scenario->milestone_count + scenario->party_interval_count * scenario->party_count;
    find_party_intervals(rep);
    event_queue_reset(&rep->queue);
    slab_reset(&rep->tokens);
    slab_reset(&rep->consignments);
    rep->context = (struct require_context){scenario->name, scenario->seed, number, &rep->now_ns};
}

static void start_streams(struct replication *rep) {
    for (uint32_t i = 0; i < rep->scenario->world.stream_count; i++) {
        const struct stream *stream = &rep->scenario->world.streams[i];
        rep->stream_next_entity[i] = (i << STREAM_ENTITY_SHIFT) + 1;
        rep->stream_next_row[i] = 0;
        arrival_start(&rep->streams[i], &stream->pattern, rep->key,
                      (uint64_t)i << STREAM_ENTITY_SHIFT, stream->purpose);
        rep->stream_next_ns[i] = make_next_arrival_ns(rep, i);
    }
    find_next_arrival(rep);
}

void replication_start(struct replication *rep, const struct scenario *scenario, uint32_t number,
                       struct error *err) {
    rep->err = err;
    reset(rep, scenario, number);
    require_set_context(&rep->context);
    capacity_start(rep);
    recorder_start(rep->recorder, rep);
    start_streams(rep);
    if (rep->ledger != NULL) {
        ledger_service_start(rep->ledger, rep);
    }
}

int replication_stop(struct replication *rep) {
    if (rep->ledger != NULL) {
        ledger_service_stop(rep->ledger);
    }
    recorder_stop(rep->recorder, rep);
    if (!rep->failed) {
        balance_check(rep);
    }
    require_set_context(NULL);
    return rep->failed ? -1 : 0;
}

int replication_run(struct replication *rep, const struct scenario *scenario, uint32_t number,
                    struct error *err) {
    replication_start(rep, scenario, number, err);
    replication_advance(rep, scenario->study.limit_ns);
    return replication_stop(rep);
}
