/* SPDX-License-Identifier: GPL-3.0-or-later
 * resource.h - servers, berths, slots: who holds units of them and who waits, in which order.
 *
 * A token asks for units of one or several resources at once and gets all or none. Waiters are
 * served by priority (15 first), then by who came first; one that cannot have all it asked for is
 * passed over, so nobody who could work stands idle behind it. Granted tokens are queued in `ready`
 * and picked up by the event loop before time moves on: nothing here calls back.
 *
 * Capacity is set from outside (shifts, breakdowns). When less is open than is busy, the caller
 * takes victims until it fits, or lets them finish. Time integrals are exact (128-bit nanoseconds).
 */
#ifndef SIM_KERNEL_RESOURCE_H
#define SIM_KERNEL_RESOURCE_H

#include "core/base/arena.h"
#include "core/base/wide.h"

#include <stdbool.h>
#include <stdint.h>

enum { PRIORITY_COUNT = 16, REQUESTS_MAX = 1 << 24, USES_MAX = 8 };

/* What one step needs of one resource. */
struct resource_use {
    uint32_t resource;
    uint32_t units;
};

enum request_state { REQUEST_WAITING = 1, REQUEST_HOLDING };

struct request {
    uint32_t next, prev; /* in the resource's list of its state and priority; 0 ends it */
    uint32_t head;       /* first request of the chain that was asked for together */
    uint32_t sibling;    /* next one of the chain; 0 ends it */
    uint32_t token;
    uint32_t resource;
    uint16_t units;
    uint8_t priority;
    uint8_t state;
    int64_t since_ns; /* when it began to wait or to hold */
};

struct request_list {
    uint32_t first, last;
};

/* Waits that have ended. */
struct wait_sum {
    int64_t count;
    int128 sum;
};

/* The integral of a number over time is the number times now, less each of its changes times when
 * it happened. So a change costs one addition, and the integral is made when it is asked for. */
struct resource_changes {
    int128 waiting_ns, busy_ns, capacity_ns; /* sums of change times its instant */
};

struct resource {
    int32_t capacity_units; /* open now */
    int32_t busy_units;     /* may exceed capacity while holders finish after a shift's end */
    uint32_t waiting_count, waiting_most;
    uint32_t waiting_count_max;          /* beyond it arrivals balk; UINT32_MAX for no limit */
    uint16_t waiting_mask, holding_mask; /* bit p: list p is not empty */
    uint16_t waiting_units_most;         /* of one request that ever waited */
    bool interruptible;                  /* holders are listed, so that victims can be found */
    int64_t asked, granted;
    struct wait_sum wait_ns; /* of granted requests */
    int128 held_ns;          /* unit time of ended holdings: with those that last, busy_ns */
    struct resource_changes changes;
    struct request_list waiting[PRIORITY_COUNT], holding[PRIORITY_COUNT];

    int128 waiting_ns, busy_ns, capacity_ns; /* integrals, by the last resource_account */
    int128 given_up_ns; /* waits of withdrawn ones: with those of granted ones, waiting_ns */
    int64_t balked, withdrawn, interrupted;
};

struct resource_pool {
    struct resource *resources; /* [count], from 0 */
    uint32_t count;
    struct slab requests;
    struct slab ready; /* ring of token indices */
    uint32_t ready_first, ready_last;
    bool statistics; /* off: no integrals, no tallies */
};

enum ask_result { ASK_GRANTED, ASK_WAITING, ASK_BALKED };

void resource_pool_init(struct resource_pool *pool, struct resource *resources, uint32_t count);
void resource_pool_free(struct resource_pool *pool);

/* Forgets holders, waiters, integrals; capacities are the caller's to set again. */
void resource_pool_reset(struct resource_pool *pool);

/* Asks for all of `uses` for `token`. `*requests` becomes the first of its chain (0 when balked).
 * A granted token is NOT put into `ready`: the caller goes on with it at once. */
enum ask_result resource_ask(struct resource_pool *pool, uint32_t token,
                             const struct resource_use *uses, uint32_t use_count, uint32_t priority,
                             int64_t now_ns, uint32_t *requests);

/* Ends the whole chain, waiting or holding, and serves who can now be served. */
void resource_give_back(struct resource_pool *pool, uint32_t requests, int64_t now_ns);

/* The same, but nobody is served yet. */
void resource_withdraw(struct resource_pool *pool, uint32_t requests, int64_t now_ns);

/* Ends one request of a chain that holds; returns the chain without it. */
uint32_t resource_give_back_one(struct resource_pool *pool, uint32_t requests, uint32_t request,
                                int64_t now_ns);

/* An interrupted holder goes to the front of its waiting lines with its whole chain. Nobody is
 * served yet: the caller first takes what it interrupted for, then calls resource_serve for the
 * rest. */
void resource_interrupt(struct resource_pool *pool, uint32_t requests, int64_t now_ns);

/* The request that must yield after `after` (0: first) among those that hold with a priority below
 * `below` (PRIORITY_COUNT for all): lowest priority first, of equals the last to begin; 0 when
 * there is none. */
uint32_t resource_victim(const struct resource_pool *pool, uint32_t resource, uint32_t below,
                         uint32_t after);

/* True when somebody waits for this resource with `priority` or a higher one who could have all it
 * asked for if as many units more of each resource were free as `freed` says. */
typedef int32_t resource_freed(const void *user, uint32_t resource);
bool resource_is_awaited(const struct resource_pool *pool, uint32_t resource, uint32_t priority,
                         resource_freed *freed, const void *user);

/* The token that holds the n-th unit in order of priority and beginning, or 0. */
uint32_t resource_holder(const struct resource_pool *pool, uint32_t resource, uint32_t unit);

/* Grants whoever waits for this resource, or for any, and can have all it asked for. */
void resource_serve(struct resource_pool *pool, uint32_t resource, int64_t now_ns);
void resource_serve_all(struct resource_pool *pool, int64_t now_ns);

/* Changes capacity; serving or interrupting is the caller's next step. */
void resource_set_capacity(struct resource_pool *pool, uint32_t resource, int32_t capacity_units,
                           int64_t now_ns);

/* Makes the integrals up to now. */
void resource_account(struct resource_pool *pool, uint32_t resource, int64_t now_ns);

/* The ring of tokens to go on with. */
void resource_ready_push(struct resource_pool *pool, uint32_t token);
uint32_t resource_ready_pop(struct resource_pool *pool); /* 0 when empty */
void resource_ready_remove(struct resource_pool *pool, uint32_t token);

static inline struct request *request_at(const struct resource_pool *pool, uint32_t request) {
    return (struct request *)(void *)pool->requests.slots + request;
}

#endif
