/* SPDX-License-Identifier: GPL-3.0-or-later
 * walk.c - see walk.h. */
#include "sim/run/walk.h"

#include "sim/record/trace.h"
#include "sim/world/facts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { STEPS_AT_ONCE_MAX = 10000, VISIT_INDEX_STRIDE = 1 << 12 };

static inline const struct procedure *procedure_of(const struct replication *rep,
                                                   const struct consignment *consignment) {
    return &rep->scenario->procedures[consignment->procedure];
}

static inline const struct step *step_of(const struct replication *rep, const struct token *token) {
    return &procedure_of(rep, consignment_at(rep, token->consignment))->steps[token->step];
}

int64_t *walk_milestones(struct consignment *consignment) {
    return consignment->data;
}

struct join_state *walk_joins(const struct replication *rep, struct consignment *consignment) {
    return (struct join_state *)(void *)(consignment->data + rep->join_offset);
}

void walk_fail(struct replication *rep, const char *format, ...) {
    if (rep->failed) {
        return;
    }
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    rep->failed = true;
    error_set(
        rep->err, ERROR_RUN, "%s: seed %" PRIu64 ", replication %" PRIu32 ", %.6f d into it: %s",
        rep->scenario->name, rep->scenario->seed, rep->number, (double)rep->now_ns / 86400e9, text);
}

struct draw walk_draw(const struct replication *rep, const struct token *token, uint32_t purpose) {
    return (struct draw){.key = rep->key,
                         .entity = consignment_at(rep, token->consignment)->entity,
                         .purpose = purpose,
                         .index = (uint32_t)token->visits * VISIT_INDEX_STRIDE};
}

/* ---- whose time it is ---------------------------------------------------------------------- */

/* Brings the token's party times up to now. */
static inline void account(const struct replication *rep, struct token *token) {
    token->times[token->party] += rep->now_ns - token->since_ns;
    token->since_ns = rep->now_ns;
}

static inline void change_party(const struct replication *rep, struct token *token,
                                enum party party) {
    account(rep, token);
    token->party = (uint8_t)rep->scenario->party_slot[party];
}

static int64_t *snapshot(const struct replication *rep, struct token *token, int32_t slot) {
    return token->times + rep->scenario->party_count * (uint32_t)(slot + 1);
}

/* The time between the two milestones of an interval by party, once both are reached. The later one
 * is now, on this token; the earlier one was kept when it was reached. */
static void keep_interval(const struct replication *rep, struct consignment *consignment,
                          struct token *token, uint32_t number, uint32_t milestone) {
    const struct scenario *scenario = rep->scenario;
    const struct interval *interval = &scenario->intervals[number];
    bool forward = interval->to == milestone;
    uint32_t other = forward ? interval->from : interval->to;
    if (!(consignment->reached >> other & 1)) {
        return;
    }
    const int64_t *then = snapshot(rep, token, forward ? interval->from_slot : interval->to_slot);
    int64_t *times = consignment->data + rep->interval_offset + number * scenario->party_count;
    for (uint32_t party = 0; party < scenario->party_count; party++) {
        int64_t elapsed_ns = token->times[party] - then[party];
        times[party] = forward ? elapsed_ns : -elapsed_ns;
    }
}

static void keep_party_times(const struct replication *rep, struct consignment *consignment,
                             struct token *token, uint32_t milestone) {
    const struct scenario *scenario = rep->scenario;
    for (uint32_t t = consignment->first_token; t != 0; t = token_at(rep, t)->next) {
        struct token *each = token_at(rep, t);
        account(rep, each);
        memcpy(snapshot(rep, each, scenario->snapshot_slot[milestone]), each->times,
               scenario->party_count * sizeof(int64_t));
    }
    for (uint32_t i = 0; token != NULL && i < scenario->interval_count; i++) {
        const struct interval *interval = &scenario->intervals[i];
        if (interval->from == milestone || interval->to == milestone) {
            keep_interval(rep, consignment, token, i, milestone);
        }
    }
}

/* ---- milestones ---------------------------------------------------------------------------- */

static void wake_waiters(struct replication *rep, struct consignment *consignment) {
    uint32_t token = consignment->waiters;
    consignment->waiters = 0;
    while (token != 0) {
        struct token *waiter = token_at(rep, token);
        token = waiter->waiter_next;
        waiter->waiter_next = 0;
        walk_wake(rep, waiter); /* looks again at what it waits for, and may park again */
    }
}

static void reach_for_vessel(struct replication *rep, const struct consignment *consignment) {
    struct consignment *vessel = consignment_at(rep, consignment->vessel);
    if (--vessel->carried_missing == 0 && vessel->waiters != 0) {
        wake_waiters(rep, vessel);
    }
}

void walk_milestone(struct replication *rep, uint32_t index, struct token *token,
                    uint32_t milestone) {
    struct consignment *consignment = consignment_at(rep, index);
    if (consignment->reached >> milestone & 1) {
        return; /* the first time counts: rework does not move a milestone */
    }
    walk_milestones(consignment)[milestone] = rep->now_ns;
    if (rep->scenario->snapshot_mask >> milestone & 1) {
        keep_party_times(rep, consignment, token, milestone);
    }
    consignment->reached |= 1u << milestone;
    if (rep->trace != NULL) {
        trace_milestone(rep->trace, rep, consignment, milestone);
    }
    if (consignment->waiters != 0) {
        wake_waiters(rep, consignment);
    }
    if (consignment->vessel != 0 && (int32_t)milestone == rep->scenario->carried_milestone) {
        reach_for_vessel(rep, consignment);
    }
}

void walk_wait_for_milestone(struct replication *rep, struct token *token, uint32_t index) {
    /* Kept in order of coming, so that those who wake are served in that order. */
    uint32_t *link = &consignment_at(rep, index)->waiters;
    while (*link != 0) {
        link = &token_at(rep, *link)->waiter_next;
    }
    *link = token->self;
    token->waiter_next = 0;
}

/* ---- money --------------------------------------------------------------------------------- */

void walk_pay(struct replication *rep, struct consignment *consignment, uint32_t organisation,
              struct money amount) {
    consignment->paid = money_add(consignment->paid, amount);
    rep->received_e4[organisation] += amount.e4;
}

static void pay_charge(struct replication *rep, struct consignment *consignment,
                       const struct charge *charge, int64_t elapsed_ns) {
    struct money amount = charge->amount;
    if (charge->per_ns > 0) {
        int64_t charged_ns = elapsed_ns - charge->free_ns;
        if (charged_ns <= 0) {
            return;
        }
        int64_t periods = (charged_ns + charge->per_ns - 1) / charge->per_ns; /* begun ones count */
        amount = money_scale(amount, periods, 1);
    }
    walk_pay(rep, consignment, charge->organisation, amount);
}

/* What the units at work have cost since they were taken. */
static void add_resource_cost(struct replication *rep, struct consignment *consignment,
                              uint32_t chain) {
    for (uint32_t i = chain; i != 0; i = request_at(&rep->pool, i)->sibling) {
        const struct request *request = request_at(&rep->pool, i);
        double cost_per_s = rep->scenario->resources[request->resource].cost_per_s;
        if (cost_per_s > 0) {
            consignment->resource_cost +=
                cost_per_s * request->units * ((double)(rep->now_ns - request->since_ns) * 1e-9);
        }
    }
}

/* ---- the end of tokens --------------------------------------------------------------------- */

/* A vessel stays known while something that it carried is inside. */
static void leave_vessel(struct replication *rep, const struct consignment *consignment) {
    struct consignment *vessel = consignment_at(rep, consignment->vessel);
    int32_t awaited = rep->scenario->carried_milestone;
    if (awaited >= 0 && !(consignment->reached >> awaited & 1)) {
        reach_for_vessel(rep, consignment);
    }
    if (--vessel->carried_inside == 0 && vessel->token_count == 0) {
        slab_give(&rep->consignments, consignment->vessel);
    }
}

static void end_consignment(struct replication *rep, uint32_t index,
                            struct consignment *consignment, enum outcome outcome) {
    consignment->outcome = (uint8_t)outcome;
    rep->fingerprint =
        (rep->fingerprint ^ (uint64_t)outcome ^ (uint64_t)consignment->paid.e4 << 8) *
        UINT64_C(0x9E3779B97F4A7C15);
    if (consignment->subject == SUBJECT_CONSIGNMENT) {
        rep->ended[outcome]++;
        rep->paid_e4 += consignment->paid.e4;
        rep->cohort_inside -= consignment->in_cohort;
        recorder_ended(rep->recorder, rep, consignment);
    }
    if (rep->trace != NULL) {
        trace_ended(rep->trace, rep, consignment);
    }
    if (consignment->vessel != 0) {
        leave_vessel(rep, consignment);
    }
    if (consignment->carried_inside == 0) {
        slab_give(&rep->consignments, index);
    }
}

static void unlink_token(const struct replication *rep, struct consignment *consignment,
                         const struct token *token) {
    uint32_t *link = &consignment->first_token;
    while (*link != token->self) {
        link = &token_at(rep, *link)->next;
    }
    *link = token->next;
    consignment->token_count--;
}

static bool unlink_waiter(const struct replication *rep, uint32_t *first,
                          const struct token *token) {
    for (uint32_t *link = first; *link != 0; link = &token_at(rep, *link)->waiter_next) {
        if (*link == token->self) {
            *link = token->waiter_next;
            return true;
        }
    }
    return false;
}

/* Takes a parked token out of the list it waits in, whichever that is. */
static void unpark(struct replication *rep, struct consignment *consignment,
                   const struct token *token) {
    const struct step *step = step_of(rep, token);
    if (unlink_waiter(rep, &consignment->waiters, token)) {
        return;
    }
    if (consignment->vessel != 0 &&
        unlink_waiter(rep, &consignment_at(rep, consignment->vessel)->waiters, token)) {
        return;
    }
    if (step->type->keeps_state) {
        struct step_state *state = &rep->step_states[step->state];
        bool had_timer = state->first == token->self;
        state->count -= unlink_waiter(rep, &state->first, token);
        if (had_timer && state->first != 0 && state->deadline_ns > 0) {
            struct token *heir = token_at(rep, state->first);
            heir->event =
                event_queue_push(&rep->queue, state->deadline_ns, EVENT_TIMER,
                                 consignment_at(rep, heir->consignment)->entity, heir->self);
        }
    }
}

/* Lets go of everything a token has, but does not end its consignment. */
static inline void drop_token(struct replication *rep, struct consignment *consignment,
                              struct token *token) {
    if (token->event != 0) {
        event_queue_cancel(&rep->queue, token->event);
    }
    if (token->phase == PHASE_PARKED) {
        unpark(rep, consignment, token);
    }
    uint32_t requests = token->requests, held = token->held;
    unlink_token(rep, consignment, token);
    token->consignment = 0;
    slab_give(&rep->tokens, token->self);
    if (requests != 0) {
        resource_give_back(&rep->pool, requests, rep->now_ns);
    }
    if (held != 0) {
        resource_give_back(&rep->pool, held, rep->now_ns);
    }
}

void walk_end(struct replication *rep, struct token *token, enum outcome outcome) {
    uint32_t index = token->consignment;
    struct consignment *consignment = consignment_at(rep, index);
    if (consignment->token_count == 1) {
        walk_milestone(rep, index, token, MILESTONE_ENDED);
    }
    drop_token(rep, consignment, token);
    if (consignment->token_count == 0) {
        end_consignment(rep, index, consignment, outcome);
    }
}

void walk_cancel_siblings(struct replication *rep, struct token *token) {
    struct consignment *consignment = consignment_at(rep, token->consignment);
    for (uint32_t t = consignment->first_token, next; t != 0; t = next) {
        next = token_at(rep, t)->next;
        if (t != token->self) {
            ready_remove(&rep->pool, t);
            drop_token(rep, consignment, token_at(rep, t));
        }
    }
    struct join_state *joins = walk_joins(rep, consignment);
    for (uint32_t i = 0; i < procedure_of(rep, consignment)->join_count; i++) {
        joins[i].best = 0;
        for (uint32_t branch = 0; branch < BRANCHES_MAX; branch++) {
            joins[i].came_ns[branch] = -1;
        }
        joins[i].pending = joins[i].pending > 1 ? 1 : joins[i].pending;
    }
}

struct token *walk_spawn(struct replication *rep, uint32_t index, uint32_t step) {
    uint32_t self = slab_take(&rep->tokens);
    REQUIRE(self != 0); /* more tokens in flight than the slab holds */
    struct consignment *consignment = consignment_at(rep, index);
    struct token *token = token_at(rep, self);
    *token = (struct token){.consignment = index,
                            .self = self,
                            .step = (uint16_t)step,
                            .phase = PHASE_ENTERING,
                            .since_ns = rep->now_ns,
                            .next = consignment->first_token};
    token->times[0] = 0;
    uint32_t times = rep->scenario->party_count * (1 + rep->scenario->snapshot_count);
    if (times > 1) {
        memset(token->times, 0, times * sizeof(int64_t));
    }
    consignment->first_token = self;
    consignment->token_count++;
    ready_push(&rep->pool, self);
    return token;
}

/* ---- the frame of a step ------------------------------------------------------------------- */

static void go_on(struct replication *rep, struct token *token);

static void go_otherwise(struct replication *rep, struct token *token, enum outcome outcome) {
    uint32_t otherwise = step_of(rep, token)->otherwise;
    if (otherwise == 0) {
        walk_cancel_siblings(rep, token);
        walk_end(rep, token, outcome);
        return;
    }
    token->step = (uint16_t)otherwise;
    token->phase = PHASE_ENTERING;
    ready_push(&rep->pool, token->self);
}

/* A draw of index 0 for the step's duration, from the cache of the entity's neighbourhood. */
static inline double cached_draw(struct replication *rep, const struct step *step, uint32_t entity,
                                 bool exponential) {
    struct draw_cache *cache = &rep->draw_caches[step->number];
    uint32_t block = entity / RANDOM_ENTITIES + 1;
    if (__builtin_expect(cache->block != block || cache->exponential != exponential, 0)) {
        uint64_t first = entity & ~(uint64_t)(RANDOM_ENTITIES - 1);
        cache->block = block;
        cache->exponential = exponential;
        if (exponential) {
            random_exponential_entities(rep->key, first, step->purpose_duration, cache->draws);
        } else {
            random_uniform_entities(rep->key, first, step->purpose_duration, cache->draws);
        }
    }
    return cache->draws[entity % RANDOM_ENTITIES];
}

static int64_t draw_duration_ns(struct replication *rep, const struct step *step,
                                const struct token *token) {
    if (step->duration_source == DURATION_NONE) {
        return 0;
    }
    const struct consignment *consignment = consignment_at(rep, token->consignment);
    const struct distribution *duration = &step->duration;
    if (step->duration_source == DURATION_CONDUCT) {
        duration = &rep->scenario->world.classes[consignment->trader_class].conducts[step->conduct];
    }
    if (token->visits == 0 && distribution_takes_one_uniform(duration)) {
        bool exponential = duration->kind == DISTRIBUTION_EXPONENTIAL;
        double draw = cached_draw(rep, step, consignment->entity, exponential);
        return exponential ? distribution_ns_from_exponential(duration, draw)
                           : distribution_ns_from_uniform(duration, draw);
    }
    struct draw draw = walk_draw(rep, token, step->purpose_duration);
    return distribution_draw_ns(duration, &draw);
}

/* Runs the duration. False when it is over at once. */
static bool run_for(struct replication *rep, const struct step *step, struct token *token,
                    int64_t duration_ns) {
    if (duration_ns == 0) {
        return false;
    }
    int64_t end_ns = rep->now_ns + duration_ns;
    if (step->work_calendar != NULL) {
        end_ns = calendar_after_work_ns(step->work_calendar, rep->now_ns, duration_ns);
    }
    token->phase = PHASE_BUSY;
    token->mark_ns = end_ns;
    token->steps_at_once = 0;
    change_party(rep, token, step->party);
    token->event = event_queue_push(&rep->queue, end_ns, EVENT_FINISH,
                                    consignment_at(rep, token->consignment)->entity, token->self);
    return true;
}

/* What is given back by name leaves the chain of kept requests; its charge runs over its stay. */
static int64_t give_back_kept(struct replication *rep, const struct step *step,
                              struct token *token) {
    int64_t stay_ns = 0;
    for (uint32_t r = 0; r < step->release_count; r++) {
        for (uint32_t i = token->held, next; i != 0; i = next) {
            const struct request *request = request_at(&rep->pool, i);
            next = request->sibling;
            if (request->resource == step->releases[r]) {
                stay_ns = rep->now_ns - request->since_ns;
                token->held = resource_give_back_one(&rep->pool, token->held, i, rep->now_ns);
            }
        }
    }
    return stay_ns;
}

/* The duration is over: effect, resources back, charge, milestone; then the token stands before the
 * next step, or where the effect sent it. False when the token is gone. */
static bool complete(struct replication *rep, const struct step *step, struct token *token) {
    uint32_t index = token->consignment;
    struct consignment *consignment = consignment_at(rep, index);
    account(rep, token);
    token->event = 0;
    token->phase = PHASE_ENTERING;
    token->step = (uint16_t)step->next;
    if (step->type->end != NULL) {
        step->type->end(rep, step, token);
        if (token->consignment != index) {
            return false;
        }
    }
    int64_t stay_ns = 0;
    if (token->requests != 0) {
        uint32_t requests = token->requests;
        stay_ns = rep->now_ns - request_at(&rep->pool, requests)->since_ns;
        add_resource_cost(rep, consignment, requests);
        token->requests = 0;
        resource_give_back(&rep->pool, requests, rep->now_ns);
    }
    if (step->release_count > 0) {
        stay_ns = give_back_kept(rep, step, token);
    }
    if (step->charge >= 0) {
        pay_charge(rep, consignment, &rep->scenario->charges[step->charge], stay_ns);
    }
    if (step->milestone >= 0) {
        walk_milestone(rep, index, token, (uint32_t)step->milestone);
    }
    if (rep->trace != NULL) {
        trace_step(rep->trace, rep, consignment, step, "end");
    }
    return true;
}

/* The seized ones were asked for together with the rest; they stay when the rest goes. */
static void keep_seized(const struct replication *rep, const struct step *step,
                        struct token *token) {
    uint32_t *link = &token->requests;
    for (uint32_t i = 0; i < step->use_count; i++) {
        link = &request_at(&rep->pool, *link)->sibling;
    }
    uint32_t seized = *link, last = seized;
    *link = 0;
    while (request_at(&rep->pool, last)->sibling != 0) {
        last = request_at(&rep->pool, last)->sibling;
    }
    request_at(&rep->pool, last)->sibling = token->held;
    token->held = seized;
}

static void skip(struct replication *rep, const struct step *step, struct token *token) {
    uint32_t requests = token->requests;
    token->requests = 0;
    token->phase = PHASE_ENTERING;
    token->step = (uint16_t)step->next;
    if (requests != 0) {
        resource_give_back(&rep->pool, requests, rep->now_ns);
    }
}

/* The token has its resources, or was woken: begins the step. True when it can go on to the next
 * at once. */
static bool begin(struct replication *rep, const struct step *step, struct token *token) {
    if (step->seize_count > 0 && token->phase != PHASE_WOKEN) {
        keep_seized(rep, step, token);
    }
    if (rep->trace != NULL) {
        trace_step(rep->trace, rep, consignment_at(rep, token->consignment), step, "begin");
    }
    enum progress progress = GO;
    if (step->type->begin != NULL) {
        uint32_t consignment = token->consignment;
        progress = step->type->begin(rep, step, token);
        if (token->consignment != consignment) {
            return false;
        }
    }
    if (progress == PARK) {
        token->phase = PHASE_PARKED;
        token->steps_at_once = 0;
        change_party(rep, token, step->party);
        return false;
    }
    if (progress == SKIP) {
        skip(rep, step, token);
        return true;
    }
    if (run_for(rep, step, token, draw_duration_ns(rep, step, token))) {
        return false;
    }
    return complete(rep, step, token);
}

static uint32_t priority_of(struct replication *rep, const struct step *step,
                            const struct token *token) {
    if (step->priority == NULL) {
        return 0;
    }
    return facts_priority(rep, consignment_at(rep, token->consignment), token, step->priority);
}

/* Takes units from holders of lower priority, as many as are missing. */
static void preempt_for(struct replication *rep, const struct step *step, uint32_t priority) {
    for (uint32_t i = 0; i < step->use_count; i++) {
        const struct resource_use *use = &step->uses[i];
        const struct resource *resource = &rep->pool.resources[use->resource];
        enum interruption rule = rep->scenario->resources[use->resource].when_preempted;
        while (resource->capacity_units - resource->busy_units < (int32_t)use->units) {
            uint32_t victim = resource_victim(&rep->pool, use->resource, priority);
            if (victim == 0 || !walk_interrupt(rep, token_at(rep, victim), rule)) {
                break;
            }
        }
    }
}

/* Asks for the resources of a step. True when it has them. */
static bool ask(struct replication *rep, const struct step *step, struct token *token) {
    uint32_t priority = priority_of(rep, step, token);
    if (step->preempt) {
        preempt_for(rep, step, priority);
    }
    enum ask_result result =
        resource_ask(&rep->pool, token->self, step->uses, step->use_count + step->seize_count,
                     priority, rep->now_ns, &token->requests);
    if (step->preempt) {
        resource_serve_all(&rep->pool, rep->now_ns); /* what else the victims held */
    }
    if (result == ASK_GRANTED) {
        return true;
    }
    if (result == ASK_BALKED) {
        go_otherwise(rep, token, OUTCOME_BALKED);
        return false;
    }
    token->phase = PHASE_WAITING;
    token->steps_at_once = 0;
    change_party(rep, token, step->wait_party);
    if (step->has_patience) {
        struct draw draw = walk_draw(rep, token, step->purpose_patience);
        int64_t patience_ns = distribution_draw_ns(&step->patience, &draw);
        token->event =
            event_queue_push(&rep->queue, rep->now_ns + patience_ns, EVENT_RENEGE,
                             consignment_at(rep, token->consignment)->entity, token->self);
    }
    return false;
}

/* Walks from where the token stands until it must wait or has ended. */
static void go_on(struct replication *rep, struct token *token) {
    struct consignment *consignment = consignment_at(rep, token->consignment);
    const struct step *steps = procedure_of(rep, consignment)->steps;
    for (;;) {
        if (token->step == 0) {
            walk_end(rep, token, OUTCOME_COMPLETED);
            return;
        }
        const struct step *step = &steps[token->step];
        if (++token->steps_at_once > STEPS_AT_ONCE_MAX) {
            walk_fail(rep, "step '%s' of procedure '%s' was reached %d times without time passing",
                      step->name, procedure_of(rep, consignment_at(rep, token->consignment))->name,
                      STEPS_AT_ONCE_MAX);
            return;
        }
        if (step->when != NULL && !facts_hold(rep, consignment, token, step->when)) {
            token->step = (uint16_t)step->next;
            continue;
        }
        if (step->use_count + step->seize_count > 0 && !ask(rep, step, token)) {
            return;
        }
        if (!begin(rep, step, token)) {
            return;
        }
    }
}

static void resume(struct replication *rep, const struct step *step, struct token *token) {
    int64_t left_ns = token->mark_ns;
    if (!run_for(rep, step, token, left_ns) && complete(rep, step, token)) {
        go_on(rep, token);
    }
}

void walk_ready(struct replication *rep, uint32_t index) {
    struct token *token = token_at(rep, index);
    const struct step *step;
    switch ((enum token_phase)token->phase) {
    case PHASE_ENTERING:
        go_on(rep, token);
        return;
    case PHASE_WAITING:
        step = step_of(rep, token);
        event_queue_cancel(&rep->queue, token->event);
        token->event = 0;
        if (begin(rep, step, token)) {
            go_on(rep, token);
        }
        return;
    case PHASE_SUSPENDED:
        resume(rep, step_of(rep, token), token);
        return;
    case PHASE_WOKEN:
        step = step_of(rep, token);
        if (begin(rep, step, token)) {
            go_on(rep, token);
        }
        return;
    case PHASE_BUSY:
    case PHASE_PARKED:
    case PHASE_JOINING:
        REQUIRE(!"a token that waits for nothing is in the ring");
    }
}

void walk_finish(struct replication *rep, uint32_t index) {
    struct token *token = token_at(rep, index);
    if (complete(rep, step_of(rep, token), token)) {
        go_on(rep, token);
    }
}

void walk_renege(struct replication *rep, uint32_t index) {
    struct token *token = token_at(rep, index);
    uint32_t requests = token->requests;
    token->requests = 0;
    token->event = 0;
    account(rep, token);
    resource_give_back(&rep->pool, requests, rep->now_ns);
    go_otherwise(rep, token, OUTCOME_RENEGED);
}

void walk_wake(struct replication *rep, struct token *token) {
    account(rep, token);
    token->phase = PHASE_WOKEN;
    ready_push(&rep->pool, token->self);
}

/* ---- interruptions ------------------------------------------------------------------------- */

/* The end of the current stretch is no longer due; what is left of the work is in mark_ns. */
static void stop_work(struct replication *rep, struct token *token, enum interruption rule) {
    const struct step *step = step_of(rep, token);
    int64_t end_ns = token->mark_ns;
    account(rep, token);
    add_resource_cost(rep, consignment_at(rep, token->consignment), token->requests);
    event_queue_cancel(&rep->queue, token->event);
    token->event = 0;
    if (rule == INTERRUPT_RESTART) {
        token->mark_ns = draw_duration_ns(rep, step, token); /* the same draw: all of it again */
    } else if (step->work_calendar == NULL) {
        token->mark_ns = end_ns - rep->now_ns;
    } else {
        token->mark_ns = calendar_open_between_ns(step->work_calendar, rep->now_ns, end_ns);
    }
    token->phase = PHASE_SUSPENDED;
    change_party(rep, token, step->wait_party);
}

bool walk_interrupt(struct replication *rep, struct token *token, enum interruption rule) {
    uint32_t requests = token->requests;
    if (rule == INTERRUPT_FINISH || requests == 0 ||
        request_at(&rep->pool, requests)->state != REQUEST_HOLDING) {
        return false;
    }
    if (token->phase == PHASE_BUSY) {
        stop_work(rep, token, rule);
    } else if (token->phase == PHASE_WAITING || token->phase == PHASE_SUSPENDED) {
        ready_remove(&rep->pool, token->self); /* granted at this very instant, not begun */
    } else {
        return false;
    }
    if (rule == INTERRUPT_DISCARD) {
        token->requests = 0;
        resource_withdraw(&rep->pool, requests, rep->now_ns);
        event_queue_cancel(&rep->queue, token->event);
        token->event = 0;
        go_otherwise(rep, token, OUTCOME_DISCARDED);
    } else {
        resource_interrupt(&rep->pool, requests, rep->now_ns);
    }
    return true;
}

void walk_interrupt_excess(struct replication *rep, uint32_t index, enum interruption rule) {
    const struct resource *resource = &rep->pool.resources[index];
    while (resource->busy_units > resource->capacity_units) {
        uint32_t victim = resource_victim(&rep->pool, index, PRIORITY_COUNT);
        if (victim == 0 || !walk_interrupt(rep, token_at(rep, victim), rule)) {
            return;
        }
    }
}
