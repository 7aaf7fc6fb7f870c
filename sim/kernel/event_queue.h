/* SPDX-License-Identifier: GPL-3.0-or-later
 * event_queue.h - the future: a 4-ary heap of 16-byte entries in one total order.
 *
 * Events go by (time, kind, entity, sequence of scheduling): kinds are numbered in the order in
 * which simultaneous events must happen, entity is a number that means the same in every system,
 * and the sequence settles what is left. The order is total, so the shape of the heap cannot show.
 *
 *     entry     127                            64 63    56 55              24 23            0
 *               +--------------------------------+--------+------------------+---------------+
 *               |            time_ns             |  kind  |      entity      |     slot      |
 *               +--------------------------------+--------+------------------+---------------+
 *
 * The slot holds the rest of the event. A handle is (generation, slot): cancelling marks the slot,
 * and the entry is dropped when it comes up, or when more than half of all entries are marked. */
#ifndef SIM_KERNEL_EVENT_QUEUE_H
#define SIM_KERNEL_EVENT_QUEUE_H

#include "core/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { EVENTS_MAX = 1 << 24 };

struct event {
    int64_t time_ns;
    uint32_t kind; /* below 256 */
    uint32_t subject;
    uint32_t entity;
};

/* 0 is no event. Of an event that has happened or was cancelled the handle is stale, and harmless.
 */
typedef uint64_t event_handle;

struct event_entry {
    int64_t time_ns;
    uint64_t order;
};

struct event_queue {
    struct slab entries; /* used as one array: node n stands at n + 3, so siblings share a line;
                            missing ones have the time INT64_MAX */
    struct slab slots;   /* used as one array, with a list of free ones of its own */
    uint32_t slots_used, first_free;
    uint32_t entry_count; /* marked ones included */
    uint32_t cancelled_count;
    bool root_is_vacant; /* popped and not yet filled: the next push usually can */
    uint64_t sequence;
};

void event_queue_init(struct event_queue *queue);
void event_queue_free(struct event_queue *queue);
void event_queue_reset(struct event_queue *queue); /* forgets all events, keeps the memory */

event_handle event_queue_push(struct event_queue *queue, int64_t time_ns, uint32_t kind,
                              uint32_t entity, uint32_t subject);

/* Takes out the first event. False when there is none. */
bool event_queue_pop(struct event_queue *queue, struct event *event);

/* The same, but only when it happens at `time_ns` or before. */
bool event_queue_pop_until(struct event_queue *queue, int64_t time_ns, struct event *event);

/* The subject of what comes next if nothing is pushed before it, 0 when there is none: a guess for
 * prefetching, as ties and cancelled events are not looked at. */
uint32_t event_queue_foresee(const struct event_queue *queue);

/* The time of the first event, or INT64_MAX. */
int64_t event_queue_next_ns(struct event_queue *queue);

/* True when the event was still to come. */
bool event_queue_cancel(struct event_queue *queue, event_handle handle);

/* Events still to come. */
uint32_t event_queue_count(const struct event_queue *queue);

#endif
