/* SPDX-License-Identifier: GPL-3.0-or-later
 * capacity.c - see capacity.h.
 *
 * Each unit of a resource that can break down fails and is repaired on its own, in elapsed time. A
 * breakdown hits one of the open units, each alike: when that one is at work, its holder is
 * interrupted by the breakdown's rule. */
#include "sim/run/capacity.h"

#include "sim/run/walk.h"

enum { UNIT_BITS = 16 };

static uint32_t breakdown_purpose(const struct resource_type *type) {
    return random_purpose("breakdown", random_purpose(type->name, 0));
}

static int32_t open_units(const struct replication *rep, uint32_t resource) {
    const struct resource_type *type = &rep->scenario->resources[resource];
    int32_t units = 0;
    for (uint32_t i = 0; i < type->shift_count; i++) {
        units +=
            calendar_is_open(type->shifts[i].calendar, rep->now_ns) ? type->shifts[i].units : 0;
    }
    units -= rep->down_units[resource];
    return units > 0 ? units : 0;
}

static void schedule_shift(struct replication *rep, uint32_t resource) {
    const struct resource_type *type = &rep->scenario->resources[resource];
    int64_t next_ns = INT64_MAX;
    for (uint32_t i = 0; i < type->shift_count; i++) {
        int64_t change_ns = calendar_next_change_ns(type->shifts[i].calendar, rep->now_ns);
        next_ns = change_ns < next_ns ? change_ns : next_ns;
    }
    if (next_ns != INT64_MAX) {
        event_queue_push(&rep->queue, next_ns, EVENT_SHIFT, resource, resource);
    }
}

/* Draws are numbered over the resource, in the order in which its units fail and are repaired. */
static int64_t draw_ns(struct replication *rep, uint32_t resource, uint32_t unit, bool repair) {
    const struct resource_type *type = &rep->scenario->resources[resource];
    uint32_t *count = &rep->breakdown_counts[resource];
    struct draw draw = {.key = rep->key,
                        .entity = (uint64_t)unit << 32 | (*count)++,
                        .purpose = breakdown_purpose(type)};
    return distribution_draw_ns(repair ? &type->breakdown.repair : &type->breakdown.after, &draw);
}

static void schedule_breakdown(struct replication *rep, uint32_t resource, uint32_t unit) {
    event_queue_push(&rep->queue, rep->now_ns + draw_ns(rep, resource, unit, false),
                     EVENT_BREAKDOWN, resource << UNIT_BITS | unit, resource << UNIT_BITS | unit);
}

/* Sets the capacity that is open now. On the way down holders in excess are dealt with by `rule`.
 */
static void change(struct replication *rep, uint32_t resource, enum interruption rule) {
    resource_set_capacity(&rep->pool, resource, open_units(rep, resource), rep->now_ns);
    if (rule != INTERRUPT_FINISH) {
        walk_interrupt_excess(rep, resource, rule);
    }
    resource_serve_all(&rep->pool, rep->now_ns);
}

void capacity_start(struct replication *rep) {
    const struct scenario *scenario = rep->scenario;
    rep->pool.count = scenario->resource_count;
    rep->pool.statistics = scenario->study.statistics;
    resource_pool_reset(&rep->pool);
    for (uint32_t i = 0; i < scenario->resource_count; i++) {
        const struct resource_type *type = &scenario->resources[i];
        struct resource *resource = &rep->pool.resources[i];
        resource->waiting_count_max = type->waiting_count_max;
        resource->interruptible = type->interruptible;
        rep->down_units[i] = 0;
        rep->breakdown_counts[i] = 0;
        resource->capacity_units = open_units(rep, i);
        schedule_shift(rep, i);
        for (uint32_t unit = 0; type->breakdown.exists && unit < (uint32_t)type->units_most;
             unit++) {
            schedule_breakdown(rep, i, unit);
        }
    }
}

void capacity_on_shift(struct replication *rep, const struct event *event) {
    schedule_shift(rep, event->subject);
    change(rep, event->subject, rep->scenario->resources[event->subject].at_shift_end);
}

void capacity_on_breakdown(struct replication *rep, const struct event *event) {
    uint32_t resource = event->subject >> UNIT_BITS, unit = event->subject & ((1 << UNIT_BITS) - 1);
    const struct resource_type *type = &rep->scenario->resources[resource];
    int32_t open = open_units(rep, resource);
    int64_t repair_ns = draw_ns(rep, resource, unit, true);
    rep->down_units[resource]++;
    resource_set_capacity(&rep->pool, resource, open_units(rep, resource), rep->now_ns);
    if (open > 0) {
        struct draw draw = {.key = rep->key,
                            .entity = (uint64_t)unit << 32 | rep->breakdown_counts[resource]++,
                            .purpose = breakdown_purpose(type)};
        double u = random_uniform(draw.key, draw.entity, draw.purpose, 0);
        uint32_t holder = resource_holder(&rep->pool, resource, (uint32_t)(u * open));
        if (holder != 0) {
            walk_interrupt(rep, token_at(rep, holder), type->breakdown.rule);
        }
    }
    resource_serve_all(&rep->pool, rep->now_ns);
    event_queue_push(&rep->queue, rep->now_ns + repair_ns, EVENT_REPAIR, event->subject,
                     event->subject);
}

void capacity_on_repair(struct replication *rep, const struct event *event) {
    uint32_t resource = event->subject >> UNIT_BITS, unit = event->subject & ((1 << UNIT_BITS) - 1);
    rep->down_units[resource]--;
    schedule_breakdown(rep, resource, unit);
    change(rep, resource, INTERRUPT_FINISH);
}
