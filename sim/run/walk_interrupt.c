/* SPDX-License-Identifier: GPL-3.0-or-later
 * walk_interrupt.c - work that is taken away from a token before it is done. */
#include "sim/run/walk_parts.h"

/* The end of the current stretch is no longer due; what is left of the work is in mark_ns. */
static void stop_work(struct replication *rep, struct token *token, enum interruption rule) {
    const struct step *step = walk_step(rep, token);
    int64_t end_ns = token->mark_ns;
    walk_add_cost(rep, consignment_at(rep, token->consignment), token->requests);
    event_queue_cancel(&rep->queue, token->event);
    token->event = 0;
    if (rule == INTERRUPT_RESTART) {
        token->mark_ns =
            walk_draw_duration_ns(rep, step, token); /* the same draw: all of it again */
    } else if (step->work_calendar == NULL) {
        token->mark_ns = end_ns - rep->now_ns;
    } else {
        token->mark_ns = calendar_open_between_ns(step->work_calendar, rep->now_ns, end_ns);
    }
    token->phase = PHASE_SUSPENDED;
    walk_change_party(rep, token, step->wait_party);
}

/* Whether it has something that it can yield now: not when it is parked or just woken. */
static bool may_be_interrupted(const struct replication *rep, const struct token *token,
                               enum interruption rule) {
    bool works = token->phase == PHASE_BUSY;
    bool granted = token->phase == PHASE_WAITING || token->phase == PHASE_SUSPENDED;
    return rule != INTERRUPT_FINISH && token->requests != 0 && (works || granted) &&
           request_at(&rep->pool, token->requests)->state == REQUEST_HOLDING;
}

/* Its units are free; it stands first in line, or is to be discarded. */
static void take_units(struct replication *rep, struct token *token, enum interruption rule) {
    uint32_t requests = token->requests;
    if (token->phase == PHASE_BUSY) {
        stop_work(rep, token, rule);
    } else {
        resource_ready_remove(&rep->pool,
                              token->self); /* granted at this very instant, not begun */
    }
    if (rule == INTERRUPT_DISCARD) {
        token->requests = 0;
        resource_withdraw(&rep->pool, requests, rep->now_ns);
        event_queue_cancel(&rep->queue, token->event);
        token->event = 0;
    } else {
        resource_interrupt(&rep->pool, requests, rep->now_ns);
    }
}

bool walk_interrupt(struct replication *rep, struct token *token, enum interruption rule) {
    if (!may_be_interrupted(rep, token, rule)) {
        return false;
    }
    take_units(rep, token, rule);
    if (rule == INTERRUPT_DISCARD) {
        walk_otherwise(rep, token, OUTCOME_DISCARDED);
    }
    return true;
}

/* The first of those who hold that can be interrupted, whatever the others do. */
static bool interrupt_one(struct replication *rep, uint32_t index, enum interruption rule) {
    uint32_t victim = resource_victim(&rep->pool, index, PRIORITY_COUNT, 0);
    while (victim != 0) {
        uint32_t next = resource_victim(&rep->pool, index, PRIORITY_COUNT, victim);
        if (walk_interrupt(rep, token_at(rep, request_at(&rep->pool, victim)->token), rule)) {
            return true;
        }
        victim = next;
    }
    return false;
}

void walk_interrupt_excess(struct replication *rep, uint32_t index, enum interruption rule) {
    const struct resource *resource = &rep->pool.resources[index];
    while (resource->busy_units > resource->capacity_units && interrupt_one(rep, index, rule)) {
    }
}

/* ---- preemption ---------------------------------------------------------------------------- */

/* Who would have to yield for a step, chained by waiter_next, which only those use who are parked;
 * a list a use, in the order in which they yield. */
struct victims {
    const struct replication *rep;
    uint32_t use_count;
    uint32_t first[USES_MAX], last[USES_MAX];
};

static bool is_victim(const struct victims *victims, uint32_t token) {
    for (uint32_t i = 0; i < victims->use_count; i++) {
        for (uint32_t t = victims->first[i]; t != 0; t = token_at(victims->rep, t)->waiter_next) {
            if (t == token) {
                return true;
            }
        }
    }
    return false;
}

/* Units of a resource that the victims would free. */
static int32_t freed_units(const void *user, uint32_t resource) {
    const struct victims *victims = user;
    const struct resource_pool *pool = &victims->rep->pool;
    int32_t units = 0;
    for (uint32_t i = 0; i < victims->use_count; i++) {
        for (uint32_t t = victims->first[i]; t != 0; t = token_at(victims->rep, t)->waiter_next) {
            for (uint32_t r = token_at(victims->rep, t)->requests; r != 0;
                 r = request_at(pool, r)->sibling) {
                const struct request *request = request_at(pool, r);
                units += request->resource == resource ? request->units : 0;
            }
        }
    }
    return units;
}

/* Finds who must yield until the step can have the units of one use. Nobody throws out its own
 * sibling: that would be its own end too. */
static bool find_victims(const struct replication *rep, const struct resource_use *use,
                         const struct token *token, uint32_t priority, struct victims *victims) {
    const struct resource *resource = &rep->pool.resources[use->resource];
    enum interruption rule = rep->scenario->resources[use->resource].when_preempted;
    int32_t units = (int32_t)use->units, victim_list = (int32_t)victims->use_count++;
    uint32_t request = 0;
    if (resource->capacity_units < units) {
        return false; /* closed */
    }
    while (resource->capacity_units - resource->busy_units + freed_units(victims, use->resource) <
           units) {
        request = resource_victim(&rep->pool, use->resource, priority, request);
        if (request == 0) {
            return false;
        }
        struct token *holder = token_at(rep, request_at(&rep->pool, request)->token);
        bool is_own = holder->consignment == token->consignment && rule == INTERRUPT_DISCARD;
        if (!is_own && may_be_interrupted(rep, holder, rule) && !is_victim(victims, holder->self)) {
            uint32_t last = victims->last[victim_list];
            *(last == 0 ? &victims->first[victim_list] : &token_at(rep, last)->waiter_next) =
                holder->self;
            victims->last[victim_list] = holder->self;
        }
    }
    return true;
}

/* Whether all that the step asks for can be freed, and nobody stands before it who would get it. */
static bool may_preempt(const struct replication *rep, const struct step *step,
                        const struct token *token, uint32_t priority, struct victims *victims) {
    uint32_t count = step->use_count + step->seize_count;
    for (uint32_t i = 0; i < count; i++) {
        if (!find_victims(rep, &step->uses[i], token, priority, victims)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        if (resource_is_awaited(&rep->pool, step->uses[i].resource, priority, freed_units,
                                victims)) {
            return false;
        }
    }
    return true;
}

uint32_t walk_preempt(struct replication *rep, const struct step *step, const struct token *token,
                      uint32_t priority) {
    struct victims victims = {.rep = rep};
    bool preempts = may_preempt(rep, step, token, priority, &victims);
    uint32_t discarded = 0, *link = &discarded;
    for (uint32_t i = 0; i < victims.use_count; i++) {
        enum interruption rule = rep->scenario->resources[step->uses[i].resource].when_preempted;
        for (uint32_t t = victims.first[i], next; t != 0; t = next) {
            struct token *victim = token_at(rep, t);
            next = victim->waiter_next;
            victim->waiter_next = 0;
            if (preempts) {
                take_units(rep, victim, rule);
            }
            if (preempts && rule == INTERRUPT_DISCARD) {
                *link = t;
                link = &victim->waiter_next;
            }
        }
    }
    return discarded;
}

/* Who ends may take others of the list with it, as branches of one consignment. */
void walk_discard(struct replication *rep, uint32_t victims) {
    for (uint32_t t = victims, next; t != 0; t = next) {
        struct token *victim = token_at(rep, t);
        next = victim->waiter_next;
        victim->waiter_next = 0;
        if (victim->consignment != 0) {
            walk_otherwise(rep, victim, OUTCOME_DISCARDED);
        }
    }
}
