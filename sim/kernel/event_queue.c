/* SPDX-License-Identifier: GPL-3.0-or-later
 * event_queue.c - see event_queue.h. */
#include "sim/kernel/event_queue.h"

#include "core/base/require.h"

enum { WIDTH = 4, ROOT_OFFSET = WIDTH - 1, SLOT_BITS = 24, KIND_SHIFT = 56 };
static const uint64_t SLOT_MASK = ((uint64_t)1 << SLOT_BITS) - 1;

struct event_slot {
    uint32_t subject; /* of a free slot: the next free one */
    uint32_t generation;
    uint64_t sequence; /* twice that of scheduling, and 1 when cancelled */
};

static inline struct event_entry *entries_of(const struct event_queue *queue) {
    return (struct event_entry *)(void *)queue->entries.slots + ROOT_OFFSET;
}

static inline struct event_slot *slot_of(const struct event_queue *queue, uint64_t order) {
    return (struct event_slot *)(void *)queue->slots.slots + (order & SLOT_MASK);
}

static inline bool is_cancelled(const struct event_queue *queue, uint64_t order) {
    return slot_of(queue, order)->sequence & 1;
}

static inline uint32_t take_slot(struct event_queue *queue) {
    uint32_t index = queue->first_free;
    if (__builtin_expect(index != 0, 1)) {
        queue->first_free = slot_of(queue, index)->subject;
        return index;
    }
    REQUIRE(queue->slots_used < EVENTS_MAX); /* events to come */
    return queue->slots_used++;
}

static inline void give_slot(struct event_queue *queue, uint64_t order) {
    slot_of(queue, order)->subject = queue->first_free;
    queue->first_free = (uint32_t)(order & SLOT_MASK);
}

void event_queue_init(struct event_queue *queue) {
    *queue = (struct event_queue){0};
    slab_init(&queue->entries, sizeof(struct event_entry), EVENTS_MAX + ROOT_OFFSET + WIDTH);
    slab_init(&queue->slots, sizeof(struct event_slot), EVENTS_MAX);
    event_queue_reset(queue);
}

void event_queue_free(struct event_queue *queue) {
    slab_free(&queue->entries);
    slab_free(&queue->slots);
}

void event_queue_reset(struct event_queue *queue) {
    queue->slots_used = 1;
    queue->first_free = 0;
    queue->entry_count = 0;
    queue->cancelled_count = 0;
    queue->root_is_vacant = false;
    queue->sequence = 0;
}

/* Same time: kind and entity, then who was scheduled first. */
static __attribute__((noinline)) bool tie_is_before(const struct event_queue *queue,
                                                    struct event_entry a, struct event_entry b) {
    uint64_t a_rank = a.order >> SLOT_BITS, b_rank = b.order >> SLOT_BITS;
    if (a_rank != b_rank) {
        return a_rank < b_rank;
    }
    return slot_of(queue, a.order)->sequence < slot_of(queue, b.order)->sequence;
}

static inline bool is_before(const struct event_queue *queue, struct event_entry a,
                             struct event_entry b) {
    if (__builtin_expect(a.time_ns != b.time_ns, 1)) {
        return a.time_ns < b.time_ns;
    }
    return tie_is_before(queue, a, b);
}

/* The first of the siblings from `child` on, one by one. */
static __attribute__((noinline)) uint32_t first_of_tied(const struct event_queue *queue,
                                                        uint32_t child) {
    const struct event_entry *entries = entries_of(queue);
    uint32_t first = child;
    for (uint32_t i = child + 1; i < child + WIDTH && i < queue->entry_count; i++) {
        first = is_before(queue, entries[i], entries[first]) ? i : first;
    }
    return first;
}

/* Fills the vacant `node` with `entry`, moving children up while they come first. The comparisons
 * of times compile without branches; ties, which are rare, are settled one by one. */
static void sift_down(struct event_queue *queue, uint32_t node, struct event_entry entry) {
    struct event_entry *entries = entries_of(queue);
    uint32_t count = queue->entry_count;
    for (uint32_t child = WIDTH * node + 1; child < count; child = WIDTH * node + 1) {
        const struct event_entry *siblings = entries + child;
        const struct event_entry *grandchildren = entries + (WIDTH * (size_t)child + 1);
        for (int i = 0; i < WIDTH; i++) {
            __builtin_prefetch(grandchildren + WIDTH * i);
        }
        int64_t t0 = siblings[0].time_ns, t1 = siblings[1].time_ns;
        int64_t t2 = siblings[2].time_ns, t3 = siblings[3].time_ns;
        int64_t low_ns = t1 < t0 ? t1 : t0, high_ns = t3 < t2 ? t3 : t2;
        int64_t first_ns = high_ns < low_ns ? high_ns : low_ns;
        uint32_t low = t1 < t0, high = 2 + (t3 < t2), is_high = 0 - (uint32_t)(high_ns < low_ns);
        uint32_t first = child + (low ^ ((low ^ high) & is_high));
        if (first_ns > entry.time_ns) {
            break;
        }
        if (__builtin_expect(
                (t0 == t1) | (t2 == t3) | (low_ns == high_ns) | (first_ns == entry.time_ns), 0)) {
            first = first_of_tied(queue, child);
            if (is_before(queue, entry, entries[first])) {
                break;
            }
        }
        entries[node] = entries[first];
        node = first;
    }
    entries[node] = entry;
}

/* Fills the vacant root. A queue of an arrival and a finish is worth a way of its own. */
static inline void sift_from_root(struct event_queue *queue, struct event_entry entry) {
    struct event_entry *entries = entries_of(queue);
    if (queue->entry_count > 2) {
        sift_down(queue, 0, entry);
    } else if (queue->entry_count == 2 && is_before(queue, entries[1], entry)) {
        entries[0] = entries[1];
        entries[1] = entry;
    } else {
        entries[0] = entry;
    }
}

/* Adds `entry` at the end and moves it up. The first of new siblings finds the others missing. */
static void add_last(struct event_queue *queue, struct event_entry entry) {
    struct event_entry *entries = entries_of(queue);
    uint32_t node = queue->entry_count++;
    if (node % WIDTH == 1) {
        for (uint32_t i = 0; i < WIDTH; i++) {
            entries[node + i].time_ns = INT64_MAX;
        }
    }
    while (node > 0) {
        uint32_t parent = (node - 1) / WIDTH;
        if (!is_before(queue, entry, entries[parent])) {
            break;
        }
        entries[node] = entries[parent];
        node = parent;
    }
    entries[node] = entry;
}

/* The last entry goes to the root. */
static void fill_root(struct event_queue *queue) {
    uint32_t last = --queue->entry_count;
    struct event_entry entry = entries_of(queue)[last];
    queue->root_is_vacant = false;
    entries_of(queue)[last].time_ns = INT64_MAX;
    if (last > 0) {
        sift_from_root(queue, entry);
    }
}

event_handle event_queue_push(struct event_queue *queue, int64_t time_ns, uint32_t kind,
                              uint32_t entity, uint32_t subject) {
    uint32_t index = take_slot(queue);
    struct event_slot *slot = slot_of(queue, index);
    event_handle handle = (uint64_t)++slot->generation << 32 | index;
    slot->subject = subject;
    slot->sequence = queue->sequence;
    queue->sequence += 2;
    struct event_entry entry = {time_ns, (uint64_t)kind << KIND_SHIFT |
                                             (uint64_t)entity << SLOT_BITS | index};
    if (!queue->root_is_vacant) {
        add_last(queue, entry);
        return handle;
    }
    queue->root_is_vacant = false;
    sift_from_root(queue, entry);
    __builtin_prefetch(slot_of(queue, entries_of(queue)[0].order)); /* the next to be popped */
    return handle;
}

/* Makes the first entry one that was not cancelled; false when there is none. */
static inline bool settle(struct event_queue *queue) {
    if (queue->root_is_vacant) {
        fill_root(queue);
    }
    while (queue->entry_count > 0) {
        uint64_t order = entries_of(queue)[0].order;
        if (__builtin_expect(!is_cancelled(queue, order), 1)) {
            return true;
        }
        give_slot(queue, order);
        queue->cancelled_count--;
        fill_root(queue);
    }
    return false;
}

bool event_queue_pop(struct event_queue *queue, struct event *event) {
    return event_queue_pop_until(queue, INT64_MAX, event);
}

bool event_queue_pop_until(struct event_queue *queue, int64_t time_ns, struct event *event) {
    if (!settle(queue)) {
        return false;
    }
    struct event_entry entry = entries_of(queue)[0];
    if (entry.time_ns > time_ns) {
        return false;
    }
    struct event_slot *slot = slot_of(queue, entry.order);
    event->time_ns = entry.time_ns;
    event->kind = (uint32_t)(entry.order >> KIND_SHIFT);
    event->entity = (uint32_t)(entry.order >> SLOT_BITS);
    event->subject = slot->subject;
    slot->generation++;
    give_slot(queue, entry.order);
    queue->root_is_vacant = true;
    return true;
}

uint32_t event_queue_foresee(const struct event_queue *queue) {
    const struct event_entry *entries = entries_of(queue);
    uint32_t first = 0;
    if (queue->entry_count <= queue->root_is_vacant) {
        return 0;
    }
    if (queue->root_is_vacant) {
        uint32_t low = entries[2].time_ns < entries[1].time_ns ? 2 : 1;
        uint32_t high = entries[4].time_ns < entries[3].time_ns ? 4 : 3;
        first = entries[high].time_ns < entries[low].time_ns ? high : low;
    }
    return slot_of(queue, entries[first].order)->subject;
}

int64_t event_queue_next_ns(struct event_queue *queue) {
    return settle(queue) ? entries_of(queue)[0].time_ns : INT64_MAX;
}

/* Drops all marked entries and restores the heap; the order being total, nobody can tell. */
static void compact(struct event_queue *queue) {
    struct event_entry *entries = entries_of(queue);
    uint32_t kept = 0, count = queue->entry_count;
    for (uint32_t i = 0; i < count; i++) {
        if (is_cancelled(queue, entries[i].order)) {
            give_slot(queue, entries[i].order);
        } else {
            entries[kept++] = entries[i];
        }
    }
    for (uint32_t i = kept; i < count; i++) {
        entries[i].time_ns = INT64_MAX;
    }
    queue->entry_count = kept;
    queue->cancelled_count = 0;
    for (uint32_t node = kept / WIDTH + 1; node-- > 0;) {
        if (node < kept) {
            sift_down(queue, node, entries[node]);
        }
    }
}

bool event_queue_cancel(struct event_queue *queue, event_handle handle) {
    uint32_t index = (uint32_t)handle;
    if (index == 0) {
        return false;
    }
    struct event_slot *slot = slot_of(queue, index);
    if (slot->generation != handle >> 32 || slot->sequence & 1) {
        return false;
    }
    slot->sequence |= 1;
    queue->cancelled_count++;
    if (queue->cancelled_count > 64 && queue->cancelled_count > queue->entry_count / 2) {
        if (queue->root_is_vacant) {
            fill_root(queue);
        }
        compact(queue);
    }
    return true;
}

uint32_t event_queue_count(const struct event_queue *queue) {
    return queue->entry_count - queue->cancelled_count - queue->root_is_vacant;
}
