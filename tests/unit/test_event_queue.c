/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_event_queue.c - the queue against a sorted list, operation by operation.
 *
 * The oracle keeps all events sorted by (time, kind, entity, sequence) and finds each handle by
 * search. Random pushes, pops and cancellations run on both, with few distinct keys so that nearly
 * everything ties, and with keys at the ends of their ranges. */
#include "sim/kernel/event_queue.h"
#include "tests/test.h"

enum { EVENTS = 1 << 16 };

static uint64_t state;

static uint64_t pick(uint64_t count) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (state >> 20) % count;
}

struct known {
    struct event event;
    uint64_t sequence;
    event_handle handle;
};

/* Events to come, the first one last. */
struct oracle {
    struct known *events;
    int count;
    uint64_t sequence;
};

static bool is_before(const struct known *a, const struct known *b) {
    if (a->event.time_ns != b->event.time_ns) {
        return a->event.time_ns < b->event.time_ns;
    }
    if (a->event.kind != b->event.kind) {
        return a->event.kind < b->event.kind;
    }
    if (a->event.entity != b->event.entity) {
        return a->event.entity < b->event.entity;
    }
    return a->sequence < b->sequence;
}

static void oracle_add(struct oracle *oracle, struct event event, event_handle handle) {
    struct known known = {event, oracle->sequence++, handle};
    int low = 0, high = oracle->count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (is_before(&oracle->events[middle], &known)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    memmove(&oracle->events[low + 1], &oracle->events[low],
            (size_t)(oracle->count - low) * sizeof known);
    oracle->events[low] = known;
    oracle->count++;
}

static void oracle_remove(struct oracle *oracle, int at) {
    oracle->count--;
    memmove(&oracle->events[at], &oracle->events[at + 1],
            (size_t)(oracle->count - at) * sizeof *oracle->events);
}

static bool is_same(struct event a, struct event b) {
    return a.time_ns == b.time_ns && a.kind == b.kind && a.entity == b.entity &&
           a.subject == b.subject;
}

/* How keys are picked: below `*_count`, or anywhere when that is 0. */
struct mix {
    uint64_t time_count, kind_count, entity_count;
    int grow_percent; /* of operations that push while the queue grows */
};

static struct event pick_event(const struct mix *mix) {
    struct event event = {.subject = (uint32_t)pick(UINT32_MAX)};
    event.time_ns = (int64_t)pick(mix->time_count ? mix->time_count : 1000000000000);
    if (mix->time_count == 0 && pick(16) == 0) {
        event.time_ns = pick(2) ? INT64_MAX : INT64_MIN;
    }
    event.kind = (uint32_t)pick(mix->kind_count ? mix->kind_count : 256);
    event.entity = (uint32_t)pick(mix->entity_count ? mix->entity_count : UINT32_MAX);
    return event;
}

static int pop_both(struct event_queue *queue, struct oracle *oracle) {
    struct event event;
    int wrong = 0;
    if (pick(4) == 0) {
        wrong += event_queue_next_ns(queue) !=
                 (oracle->count ? oracle->events[oracle->count - 1].event.time_ns : INT64_MAX);
    }
    if (pick(8) == 0 && oracle->count > 0) {
        int64_t time_ns = oracle->events[oracle->count - 1].event.time_ns;
        wrong += time_ns > INT64_MIN && event_queue_pop_until(queue, time_ns - 1, &event);
        wrong += !event_queue_pop_until(queue, time_ns, &event);
    } else if (event_queue_pop(queue, &event) != (oracle->count > 0)) {
        return 1;
    }
    if (oracle->count > 0) {
        wrong += !is_same(event, oracle->events[oracle->count - 1].event);
        oracle->count--;
    }
    return wrong;
}

/* Of an event to come, or of one of the last thousand handles, mostly stale. */
static int cancel_both(struct event_queue *queue, struct oracle *oracle, event_handle recent) {
    int at = -1;
    event_handle handle = recent;
    if (oracle->count > 0 && pick(2)) {
        at = (int)pick((uint64_t)oracle->count);
        handle = oracle->events[at].handle;
    }
    for (int i = 0; i < oracle->count && at < 0; i++) {
        at = oracle->events[i].handle == handle ? i : -1;
    }
    bool cancelled = event_queue_cancel(queue, handle);
    if (at >= 0) {
        oracle_remove(oracle, at);
    }
    return cancelled != (at >= 0);
}

static void run_mix(struct event_queue *queue, const struct mix *mix, int operations) {
    static struct known events[EVENTS];
    struct oracle oracle = {events, 0, 0};
    event_handle recent[1024] = {0};
    int wrong = 0;
    for (int i = 0; i < operations; i++) {
        bool grows = i / 4000 % 2 == 0;
        int dice = (int)pick(100), push_below = grows ? mix->grow_percent : 25;
        if (dice < push_below && oracle.count < EVENTS - 1) {
            struct event event = pick_event(mix);
            event_handle handle =
                event_queue_push(queue, event.time_ns, event.kind, event.entity, event.subject);
            wrong += handle == 0;
            recent[pick(1024)] = handle;
            oracle_add(&oracle, event, handle);
        } else if (dice < push_below + (100 - push_below) * 2 / 3) {
            wrong += pop_both(queue, &oracle);
        } else {
            wrong += cancel_both(queue, &oracle, recent[pick(1024)]);
        }
        wrong += event_queue_count(queue) != (uint32_t)oracle.count;
    }
    while (oracle.count > 0) {
        wrong += pop_both(queue, &oracle);
    }
    struct event event;
    wrong += event_queue_pop(queue, &event);
    CHECK_INT(wrong, 0);
}

static void test_against_sorted_list(struct event_queue *queue) {
    static const struct mix mixes[] = {
        {1, 1, 1, 60},    /* all equal: first come, first served */
        {3, 2, 2, 60},    /* massive ties */
        {50, 4, 1, 70},   /* ties settled by kind */
        {20, 1, 0, 55},   /* ties settled by entity */
        {0, 0, 0, 60},    /* no ties but at the ends of time */
        {1000, 3, 5, 45}, /* mostly small */
    };
    for (size_t i = 0; i < sizeof mixes / sizeof *mixes; i++) {
        state = 20170102 + i;
        run_mix(queue, &mixes[i], 60000);
        event_queue_reset(queue);
    }
}

/* Handles of what has happened or was cancelled do no harm to whoever has the slot now. */
static void test_stale_handles(struct event_queue *queue) {
    struct event event;
    event_handle popped = event_queue_push(queue, 5, 1, 2, 3);
    CHECK(event_queue_pop(queue, &event));
    CHECK(!event_queue_cancel(queue, popped));
    event_handle second = event_queue_push(queue, 7, 1, 2, 4);
    CHECK(!event_queue_cancel(queue, popped));
    CHECK_INT(event_queue_count(queue), 1);
    CHECK(event_queue_cancel(queue, second));
    CHECK(!event_queue_cancel(queue, second));
    CHECK_INT(event_queue_count(queue), 0);
    CHECK(!event_queue_pop(queue, &event));
    CHECK(!event_queue_cancel(queue, second));
    CHECK(!event_queue_cancel(queue, 0));
    event_handle third = event_queue_push(queue, 9, 1, 2, 5);
    CHECK(third != second && third != popped);
    CHECK(!event_queue_cancel(queue, second));
    CHECK(event_queue_pop(queue, &event));
    CHECK_INT(event.subject, 5);
    CHECK_INT(event_queue_next_ns(queue), INT64_MAX);
}

/* After a pop the root is vacant until something needs it. */
static void test_vacant_root(struct event_queue *queue) {
    struct event event;
    static const int64_t next_times[] = {0, 10, 15, 20, 25, 30, 40};
    for (size_t i = 0; i < sizeof next_times / sizeof *next_times; i++) {
        event_queue_reset(queue);
        event_queue_push(queue, 10, 0, 0, 0);
        event_handle handle = event_queue_push(queue, 20, 0, 0, 1);
        event_queue_push(queue, 30, 0, 0, 2);
        CHECK(event_queue_pop(queue, &event));
        CHECK_INT(event_queue_count(queue), 2);
        CHECK(event_queue_cancel(queue, handle));
        CHECK_INT(event_queue_count(queue), 1);
        event_queue_push(queue, next_times[i], 0, 0, 3);
        CHECK_INT(event_queue_next_ns(queue), next_times[i] < 30 ? next_times[i] : 30);
        CHECK(event_queue_pop(queue, &event));
        CHECK_INT(event.subject, next_times[i] < 30 ? 3 : 2);
        CHECK(event_queue_pop(queue, &event));
        CHECK_INT(event.subject, next_times[i] < 30 ? 2 : 3);
        CHECK(!event_queue_pop(queue, &event));
    }
}

/* Most of `count` are cancelled: their entries go, with the root vacant or not, and the rest keeps
 * its order. */
static void test_compaction(struct event_queue *queue, uint32_t count, bool vacant) {
    static event_handle handles[EVENTS];
    struct event event;
    state = count;
    event_queue_reset(queue);
    for (uint32_t i = 0; i < count; i++) {
        handles[i] = event_queue_push(queue, (int64_t)pick(500), 1, i, i);
    }
    uint32_t live = count, last_entity = 0, wrong = 0;
    int64_t last_ns = -1;
    if (vacant) {
        CHECK(event_queue_pop(queue, &event));
        live--;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (i % 16 < 11) {
            live -= event_queue_cancel(queue, handles[i]);
        }
    }
    CHECK_INT(event_queue_count(queue), live);
    CHECK(queue->entry_count <= 2 * live + 64);
    for (; event_queue_pop(queue, &event); live--) {
        wrong += event.entity % 16 < 11 || event.subject != event.entity;
        wrong +=
            event.time_ns < last_ns || (event.time_ns == last_ns && event.entity <= last_entity);
        last_ns = event.time_ns;
        last_entity = event.entity;
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(live, 0);
}

/* What was scheduled in another order, and other slots, comes out in the same order. */
static void test_order_of_scheduling(struct event_queue *queue) {
    enum { COUNT = 5000 };
    static struct event events[COUNT], first[COUNT];
    state = 7;
    for (uint32_t i = 0; i < COUNT; i++) {
        events[i] = (struct event){(int64_t)pick(40), (uint32_t)pick(3), i, i * 7919};
    }
    for (int round = 0; round < 5; round++) {
        event_queue_reset(queue);
        for (uint32_t i = COUNT; i > 1 && round > 0; i--) {
            uint32_t j = (uint32_t)pick(i);
            struct event swapped = events[j];
            events[j] = events[i - 1];
            events[i - 1] = swapped;
        }
        int wrong = 0;
        for (int i = 0; i < COUNT; i++) {
            event_queue_push(queue, events[i].time_ns, events[i].kind, events[i].entity,
                             events[i].subject);
        }
        for (int i = 0; i < COUNT; i++) {
            struct event event;
            wrong += !event_queue_pop(queue, &event);
            if (round == 0) {
                first[i] = event;
            }
            wrong += !is_same(event, first[i]);
        }
        CHECK_INT(wrong, 0);
    }
}

static void test_reset(struct event_queue *queue) {
    struct event event;
    for (int i = 0; i < 100; i++) {
        event_queue_push(queue, i, 0, 0, 0);
    }
    event_queue_reset(queue);
    CHECK_INT(event_queue_count(queue), 0);
    CHECK_INT(event_queue_next_ns(queue), INT64_MAX);
    CHECK(!event_queue_pop(queue, &event));
    CHECK(!event_queue_pop_until(queue, INT64_MAX, &event));
}

/* Without ties the guess is right, whether the root is vacant or not. */
static void test_foresee(struct event_queue *queue) {
    struct event event;
    event_queue_reset(queue);
    CHECK_INT(event_queue_foresee(queue), 0);
    for (uint32_t i = 1; i <= 2000; i++) {
        event_queue_push(queue, (int64_t)(pick(UINT64_C(1) << 40) << 12 | i), 1, i, i);
        if (pick(3) == 0) {
            event_queue_pop(queue, &event);
        }
        if (pick(2) == 0) {
            event_queue_next_ns(queue); /* fills the root */
        }
        uint32_t foreseen = event_queue_foresee(queue);
        event.subject = 0;
        event_queue_pop(queue, &event);
        CHECK_INT(foreseen, event.subject);
        event_queue_push(queue, event.time_ns, 1, event.subject, event.subject);
    }
    while (event_queue_pop(queue, &event)) {
        uint32_t foreseen = event_queue_foresee(queue);
        struct event next = {0};
        if (event_queue_pop(queue, &next)) {
            event_queue_push(queue, next.time_ns, 1, next.entity, next.subject);
        }
        CHECK_INT(foreseen, next.subject);
    }
}

int main(void) {
    struct event_queue queue;
    event_queue_init(&queue);
    test_against_sorted_list(&queue);
    test_stale_handles(&queue);
    test_vacant_root(&queue);
    for (uint32_t count = 100; count < 500; count++) {
        test_compaction(&queue, count, count % 3 == 0);
    }
    test_compaction(&queue, EVENTS, false);
    test_compaction(&queue, EVENTS, true);
    test_order_of_scheduling(&queue);
    test_reset(&queue);
    test_foresee(&queue);
    event_queue_free(&queue);
    return test_summary();
}
