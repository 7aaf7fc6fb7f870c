/* SPDX-License-Identifier: GPL-3.0-or-later
 * walk.c - see walk.h; here is the frame of a step. */
#include "sim/record/trace.h"
#include "sim/run/walk_parts.h"
#include "sim/world/facts.h"

#include <inttypes.h>
#include <stdio.h>

enum { STEPS_AT_ONCE_MAX = 10000, VISIT_INDEX_STRIDE = 1 << 12 };

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

void walk_otherwise(struct replication *rep, struct token *token, enum outcome outcome) {
    uint32_t otherwise = walk_step(rep, token)->otherwise;
    if (otherwise == 0) {
        walk_cancel_siblings(rep, token);
        walk_end(rep, token, outcome);
        return;
    }
    token->step = (uint16_t)otherwise;
    token->phase = PHASE_ENTERING;
    resource_ready_push(&rep->pool, token->self);
}

/* The first of a neighbourhood to come draws for itself alone; the second for all, unless another
 * neighbourhood was between them: then neighbours do not come one after another here. */
static __attribute__((noinline)) double draw_uncached(struct draw_cache *cache,
                                                      struct random_key key, uint32_t purpose,
                                                      uint32_t entity, bool exponential) {
    uint32_t block = entity / RANDOM_ENTITIES + 1;
    uint64_t first = entity & ~(uint64_t)(RANDOM_ENTITIES - 1);
    if (cache->missed_block != block) {
        cache->missed_block = block;
        return exponential ? random_exponential(key, entity, purpose, 0)
                           : random_uniform(key, entity, purpose, 0);
    }
    cache->block = block;
    cache->exponential = exponential;
    if (exponential) {
        random_exponential_entities(key, first, purpose, cache->draws);
    } else {
        random_uniform_entities(key, first, purpose, cache->draws);
    }
    return cache->draws[entity % RANDOM_ENTITIES];
}

/* A draw of index 0 for the step's duration, from the cache of the entity's neighbourhood. */
INLINE double cached_draw(struct replication *rep, const struct step *step, uint32_t entity,
                          bool exponential) {
    struct draw_cache *cache = &rep->draw_caches[step->number];
    if (cache->block != entity / RANDOM_ENTITIES + 1 || cache->exponential != exponential) {
        return draw_uncached(cache, rep->key, step->purpose_duration, entity, exponential);
    }
    return cache->draws[entity % RANDOM_ENTITIES];
}

INLINE int64_t draw_duration_ns(struct replication *rep, const struct step *step,
                                const struct consignment *consignment, const struct token *token) {
    if (step->duration_source == DURATION_NONE) {
        return 0;
    }
    const struct distribution *duration = &step->duration;
    if (step->duration_source == DURATION_CONDUCT) {
        duration = &rep->scenario->world.classes[consignment->trader_class].conducts[step->conduct];
    }
    if (token->visits == 0 && duration->kind == DISTRIBUTION_EXPONENTIAL) {
        double draw = cached_draw(rep, step, consignment->entity, true);
        return distribution_ns_from_exponential(duration, draw);
    }
    if (token->visits == 0 && distribution_takes_one_uniform(duration)) {
        double draw = cached_draw(rep, step, consignment->entity, false);
        return distribution_ns_from_uniform(duration, draw);
    }
    struct draw draw = walk_draw(rep, token, step->purpose_duration);
    return distribution_draw_ns(duration, &draw);
}

int64_t walk_draw_duration_ns(struct replication *rep, const struct step *step,
                              const struct token *token) {
    return draw_duration_ns(rep, step, consignment_at(rep, token->consignment), token);
}

/* Runs the duration. False when it is over at once. */
INLINE bool run_for(struct replication *rep, const struct step *step,
                    const struct consignment *consignment, struct token *token,
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
    walk_change_party(rep, token, step->party);
    token->event =
        event_queue_push(&rep->queue, end_ns, EVENT_FINISH, consignment->entity, token->self);
    return true;
}

/* What is given back by name leaves the chain of kept requests; its charge runs over its stay. */
static int64_t give_back_kept(struct replication *rep, const struct step *step,
                              struct consignment *consignment, struct token *token) {
    int64_t stay_ns = 0;
    for (uint32_t r = 0; r < step->release_count; r++) {
        for (uint32_t i = token->held, next; i != 0; i = next) {
            const struct request *request = request_at(&rep->pool, i);
            next = request->sibling;
            if (request->resource == step->releases[r]) {
                stay_ns = rep->now_ns - request->since_ns;
                walk_add_unit_cost(rep, consignment, request);
                token->held = resource_give_back_one(&rep->pool, token->held, i, rep->now_ns);
            }
        }
    }
    return stay_ns;
}

/* The duration is over: effect, resources back, charge, milestone; then the token stands before the
 * next step, or where the effect sent it. False when the token is gone. */
INLINE bool complete(struct replication *rep, const struct step *step,
                     struct consignment *consignment, struct token *token) {
    uint32_t index = token->consignment;
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
        walk_add_cost(rep, consignment, requests);
        token->requests = 0;
        resource_give_back(&rep->pool, requests, rep->now_ns);
    }
    if (step->release_count > 0) {
        stay_ns = give_back_kept(rep, step, consignment, token);
    }
    if (step->charge >= 0) {
        walk_pay_charge(rep, consignment, &rep->scenario->charges[step->charge], stay_ns);
    }
    if (step->milestone >= 0) {
        walk_reach(rep, consignment, token, (uint32_t)step->milestone);
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
INLINE bool begin(struct replication *rep, const struct step *step, struct consignment *consignment,
                  struct token *token) {
    if (step->seize_count > 0 && token->phase != PHASE_WOKEN) {
        keep_seized(rep, step, token);
    }
    if (rep->trace != NULL) {
        trace_step(rep->trace, rep, consignment, step, "begin");
    }
    enum progress progress = GO;
    if (step->type->begin != NULL) {
        uint32_t index = token->consignment;
        progress = step->type->begin(rep, step, token);
        if (token->consignment != index) {
            return false;
        }
    }
    if (progress == PARK) {
        token->phase = PHASE_PARKED;
        token->steps_at_once = 0;
        walk_change_party(rep, token, step->party);
        return false;
    }
    if (progress == SKIP) {
        skip(rep, step, token);
        return true;
    }
    int64_t duration_ns = draw_duration_ns(rep, step, consignment, token);
    return !run_for(rep, step, consignment, token, duration_ns) &&
           complete(rep, step, consignment, token);
}

/* It must wait: for as long as it has patience. */
INLINE void wait_in_line(struct replication *rep, const struct step *step,
                         const struct consignment *consignment, struct token *token) {
    token->phase = PHASE_WAITING;
    token->steps_at_once = 0;
    walk_change_party(rep, token, step->wait_party);
    if (step->has_patience) {
        struct draw draw = walk_draw(rep, token, step->purpose_patience);
        int64_t patience_ns = distribution_draw_ns(&step->patience, &draw);
        token->event = event_queue_push(&rep->queue, rep->now_ns + patience_ns, EVENT_RENEGE,
                                        consignment->entity, token->self);
    }
}

/* Asks for the resources of a step. True when it has them. */
INLINE bool ask(struct replication *rep, const struct step *step,
                const struct consignment *consignment, struct token *token) {
    uint32_t priority = 0;
    if (step->priority != NULL) {
        priority = facts_priority(rep, consignment, token, step->priority);
    }
    uint32_t discarded = step->preempt ? walk_preempt(rep, step, token, priority) : 0;
    enum ask_result result =
        resource_ask(&rep->pool, token->self, step->uses, step->use_count + step->seize_count,
                     priority, rep->now_ns, &token->requests);
    if (step->preempt) {
        walk_discard(rep, discarded);
        resource_serve_all(&rep->pool, rep->now_ns); /* what else the victims held */
    }
    if (result == ASK_WAITING) {
        wait_in_line(rep, step, consignment, token);
    } else if (result == ASK_BALKED) {
        walk_otherwise(rep, token, OUTCOME_BALKED);
    }
    return result == ASK_GRANTED;
}

static COLD void fail_endless(struct replication *rep, const struct consignment *consignment,
                              const struct step *step) {
    walk_fail(rep, "step '%s' of procedure '%s' was reached %d times without time passing",
              step->name, walk_procedure(rep, consignment)->name, STEPS_AT_ONCE_MAX);
}

/* Walks from where the token stands until it must wait or has ended. */
static void walk_on(struct replication *rep, struct consignment *consignment, struct token *token) {
    const struct step *steps = walk_procedure(rep, consignment)->steps;
    while (token->step != 0) {
        const struct step *step = &steps[token->step];
        if (++token->steps_at_once > STEPS_AT_ONCE_MAX) {
            fail_endless(rep, consignment, step);
            return;
        }
        if (step->when != NULL && !facts_hold(rep, consignment, token, step->when)) {
            token->step = (uint16_t)step->next;
            continue;
        }
        if (step->use_count + step->seize_count > 0 && !ask(rep, step, consignment, token)) {
            return;
        }
        if (!begin(rep, step, consignment, token)) {
            return;
        }
    }
    walk_end(rep, token, OUTCOME_COMPLETED);
}

INLINE void go_on(struct replication *rep, struct consignment *consignment, struct token *token) {
    if (token->step != 0) {
        walk_on(rep, consignment, token);
    } else {
        walk_end(rep, token, OUTCOME_COMPLETED);
    }
}

/* Begins the step that the token stands at, having all it asked for, and goes on when that is over
 * at once. */
INLINE void begin_and_go_on(struct replication *rep, struct consignment *consignment,
                            struct token *token) {
    if (begin(rep, walk_step_of(rep, consignment, token), consignment, token)) {
        go_on(rep, consignment, token);
    }
}

static void resume(struct replication *rep, struct consignment *consignment, struct token *token) {
    const struct step *step = walk_step_of(rep, consignment, token);
    int64_t left_ns = token->mark_ns;
    if (!run_for(rep, step, consignment, token, left_ns) &&
        complete(rep, step, consignment, token)) {
        go_on(rep, consignment, token);
    }
}

void walk_ready(struct replication *rep, uint32_t index) {
    struct token *token = token_at(rep, index);
    struct consignment *consignment = consignment_at(rep, token->consignment);
    if (token->phase == PHASE_ENTERING) {
        go_on(rep, consignment, token);
        return;
    }
    switch ((enum token_phase)token->phase) {
    case PHASE_WAITING:
        if (token->event != 0) { /* its patience was not tried */
            event_queue_cancel(&rep->queue, token->event);
            token->event = 0;
        }
        begin_and_go_on(rep, consignment, token);
        return;
    case PHASE_SUSPENDED:
        resume(rep, consignment, token);
        return;
    case PHASE_WOKEN:
        begin_and_go_on(rep, consignment, token);
        return;
    case PHASE_ENTERING:
    case PHASE_BUSY:
    case PHASE_PARKED:
    case PHASE_JOINING:
        require_failed("a token in the ring has something to go on with", __FILE__, __LINE__);
    }
}

void walk_finish(struct replication *rep, uint32_t index) {
    struct token *token = token_at(rep, index);
    struct consignment *consignment = consignment_at(rep, token->consignment);
    if (complete(rep, walk_step_of(rep, consignment, token), consignment, token)) {
        go_on(rep, consignment, token);
    }
}

void walk_renege(struct replication *rep, uint32_t index) {
    struct token *token = token_at(rep, index);
    uint32_t requests = token->requests;
    token->requests = 0;
    token->event = 0;
    resource_give_back(&rep->pool, requests, rep->now_ns);
    walk_otherwise(rep, token, OUTCOME_RENEGED);
}

void walk_wake(struct replication *rep, struct token *token) {
    token->phase = PHASE_WOKEN;
    resource_ready_push(&rep->pool, token->self);
}
