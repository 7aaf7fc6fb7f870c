/* SPDX-License-Identifier: GPL-3.0-or-later
 * resource.c - see resource.h. */
#include "sim/kernel/resource.h"

#include "core/base/require.h"

#include <string.h>

enum { READY_SIZE = 1 << 24 };

void resource_pool_init(struct resource_pool *pool, struct resource *resources, uint32_t count) {
    *pool = (struct resource_pool){.resources = resources, .count = count, .statistics = true};
    slab_init(&pool->requests, sizeof(struct request), REQUESTS_MAX);
    slab_init(&pool->ready, 8, READY_SIZE / 2);
}

void resource_pool_free(struct resource_pool *pool) {
    slab_free(&pool->requests);
    slab_free(&pool->ready);
}

void resource_pool_reset(struct resource_pool *pool) {
    slab_reset(&pool->requests);
    pool->ready_first = pool->ready_last = 0;
    for (uint32_t i = 0; i < pool->count; i++) {
        struct resource *resource = &pool->resources[i];
        uint32_t waiting_count_max = resource->waiting_count_max;
        bool interruptible = resource->interruptible;
        memset(resource, 0, sizeof *resource);
        resource->waiting_count_max = waiting_count_max;
        resource->interruptible = interruptible;
    }
}

void resource_ready_push(struct resource_pool *pool, uint32_t token) {
    uint32_t *ring = (uint32_t *)(void *)pool->ready.slots, last = pool->ready_last;
    REQUIRE(last - pool->ready_first < READY_SIZE - 1);
    ring[last & (READY_SIZE - 1)] = token;
    pool->ready_last = last + 1;
}

uint32_t resource_ready_pop(struct resource_pool *pool) {
    const uint32_t *ring = (const uint32_t *)(const void *)pool->ready.slots;
    while (pool->ready_first != pool->ready_last) {
        uint32_t token = ring[pool->ready_first++ & (READY_SIZE - 1)];
        if (pool->ready_first == pool->ready_last) {
            /* Starting over keeps the ring in one page instead of walking through all of them. */
            pool->ready_first = pool->ready_last = 0;
        }
        if (token != 0) { /* 0: removed */
            return token;
        }
    }
    return 0;
}

void resource_ready_remove(struct resource_pool *pool, uint32_t token) {
    uint32_t *ring = (uint32_t *)(void *)pool->ready.slots;
    for (uint32_t i = pool->ready_first; i != pool->ready_last; i++) {
        if (ring[i & (READY_SIZE - 1)] == token) {
            ring[i & (READY_SIZE - 1)] = 0;
        }
    }
}

/* `change` more units are busy, or requests wait, from now on; fewer when negative. */
static inline void change_busy(const struct resource_pool *pool, struct resource *resource,
                               int32_t change, int64_t now_ns) {
    resource->busy_units += change;
    if (pool->statistics) {
        resource->changes.busy_ns += (int128)change * now_ns;
    }
}

static inline void one_more_waits(const struct resource_pool *pool, struct resource *resource,
                                  uint16_t units, int64_t now_ns) {
    if (units > resource->waiting_units_most) {
        resource->waiting_units_most = units;
    }
    if (++resource->waiting_count > resource->waiting_most) {
        resource->waiting_most = resource->waiting_count;
    }
    if (pool->statistics) {
        resource->changes.waiting_ns += now_ns;
    }
}

static inline void one_less_waits(const struct resource_pool *pool, struct resource *resource,
                                  int64_t now_ns) {
    resource->waiting_count--;
    if (pool->statistics) {
        resource->changes.waiting_ns -= now_ns;
    }
}

void resource_account(struct resource_pool *pool, uint32_t index, int64_t now_ns) {
    struct resource *resource = &pool->resources[index];
    const struct resource_changes *changes = &resource->changes;
    if (!pool->statistics) {
        return;
    }
    resource->waiting_ns = (int128)now_ns * resource->waiting_count - changes->waiting_ns;
    resource->busy_ns = (int128)now_ns * resource->busy_units - changes->busy_ns;
    resource->capacity_ns = (int128)now_ns * resource->capacity_units - changes->capacity_ns;
}

/* The list that a request of this state and priority stands in, and the mask of lists in use. */
static inline struct request_list *list_of(struct resource *resource, enum request_state state,
                                           uint32_t priority, uint16_t **mask) {
    *mask = state == REQUEST_WAITING ? &resource->waiting_mask : &resource->holding_mask;
    return state == REQUEST_WAITING ? &resource->waiting[priority] : &resource->holding[priority];
}

static inline void link_last(struct resource_pool *pool, struct resource *resource, uint32_t index,
                             struct request *request) {
    uint16_t *mask;
    struct request_list *list = list_of(resource, request->state, request->priority, &mask);
    request->next = 0;
    request->prev = list->last;
    if (list->last != 0) {
        request_at(pool, list->last)->next = index;
    } else {
        list->first = index;
        *mask |= (uint16_t)(1u << request->priority);
    }
    list->last = index;
}

static inline void link_first(struct resource_pool *pool, struct resource *resource, uint32_t index,
                              struct request *request) {
    uint16_t *mask;
    struct request_list *list = list_of(resource, request->state, request->priority, &mask);
    request->prev = 0;
    request->next = list->first;
    if (list->first != 0) {
        request_at(pool, list->first)->prev = index;
    } else {
        list->last = index;
        *mask |= (uint16_t)(1u << request->priority);
    }
    list->first = index;
}

static inline void unlink_request(struct resource_pool *pool, struct resource *resource,
                                  const struct request *request) {
    uint16_t *mask;
    struct request_list *list = list_of(resource, request->state, request->priority, &mask);
    if (request->prev != 0) {
        request_at(pool, request->prev)->next = request->next;
    } else {
        list->first = request->next;
    }
    if (request->next != 0) {
        request_at(pool, request->next)->prev = request->prev;
    } else {
        list->last = request->prev;
    }
    if (list->first == 0) {
        *mask &= (uint16_t) ~(1u << request->priority);
    }
}

static inline int32_t free_units(const struct resource *resource) {
    return resource->capacity_units - resource->busy_units;
}

static inline void hold(struct resource_pool *pool, struct resource *resource, uint32_t index,
                        struct request *request, int64_t now_ns) {
    change_busy(pool, resource, request->units, now_ns);
    resource->granted++;
    if (pool->statistics) {
        resource->wait_ns.count++;
        resource->wait_ns.sum += now_ns - request->since_ns;
    }
    request->state = REQUEST_HOLDING;
    request->since_ns = now_ns;
    if (resource->interruptible) {
        link_last(pool, resource, index, request);
    }
}

static inline void wait_in_line(struct resource_pool *pool, struct resource *resource,
                                uint32_t index, struct request *request, int64_t now_ns) {
    link_last(pool, resource, index, request);
    one_more_waits(pool, resource, request->units, now_ns);
}

/* One that waits gets its units. */
static inline void serve(struct resource_pool *pool, struct resource *resource, uint32_t index,
                         struct request *request, int64_t now_ns) {
    unlink_request(pool, resource, request);
    one_less_waits(pool, resource, now_ns);
    hold(pool, resource, index, request, now_ns);
}

static inline bool can_have(const struct resource_pool *pool, uint32_t chain) {
    for (uint32_t i = chain; i != 0; i = request_at(pool, i)->sibling) {
        const struct request *request = request_at(pool, i);
        if (free_units(&pool->resources[request->resource]) < request->units) {
            return false;
        }
    }
    return true;
}

static inline uint32_t make_one(struct resource_pool *pool, uint32_t token,
                                const struct resource_use *use, uint32_t priority, int64_t now_ns) {
    uint32_t index = slab_take(&pool->requests);
    REQUIRE(index != 0); /* more than REQUESTS_MAX at once */
    struct request *request = request_at(pool, index);
    request->head = index;
    request->sibling = 0;
    request->token = token;
    request->resource = use->resource;
    request->units = (uint16_t)use->units;
    request->priority = (uint8_t)priority;
    request->state = REQUEST_WAITING;
    request->since_ns = now_ns;
    return index;
}

static uint32_t make_chain(struct resource_pool *pool, uint32_t token,
                           const struct resource_use *uses, uint32_t use_count, uint32_t priority,
                           int64_t now_ns) {
    uint32_t chain = 0;
    for (uint32_t i = use_count; i-- > 0;) {
        uint32_t index = make_one(pool, token, &uses[i], priority, now_ns);
        request_at(pool, index)->sibling = chain;
        chain = index;
    }
    for (uint32_t i = chain; i != 0; i = request_at(pool, i)->sibling) {
        request_at(pool, i)->head = chain;
    }
    return chain;
}

static void free_chain(struct resource_pool *pool, uint32_t chain) {
    for (uint32_t i = chain, next; i != 0; i = next) {
        next = request_at(pool, i)->sibling;
        slab_give(&pool->requests, i);
    }
}

/* Invariant: whoever waits cannot have all it asked for, since waiters were tried whenever units
 * came free. So a newcomer who can is passing nobody who could. */
static enum ask_result ask_several(struct resource_pool *pool, uint32_t token,
                                   const struct resource_use *uses, uint32_t use_count,
                                   uint32_t priority, int64_t now_ns, uint32_t *requests) {
    bool open = true, full = false;
    for (uint32_t i = 0; i < use_count; i++) {
        struct resource *resource = &pool->resources[uses[i].resource];
        resource->asked++;
        open = open && free_units(resource) >= (int32_t)uses[i].units;
        full = full || resource->waiting_count >= resource->waiting_count_max;
    }
    if (!open && full) {
        for (uint32_t i = 0; i < use_count; i++) {
            pool->resources[uses[i].resource].balked++;
        }
        *requests = 0;
        return ASK_BALKED;
    }
    *requests = make_chain(pool, token, uses, use_count, priority, now_ns);
    for (uint32_t i = *requests; i != 0; i = request_at(pool, i)->sibling) {
        struct request *request = request_at(pool, i);
        struct resource *resource = &pool->resources[request->resource];
        if (open) {
            hold(pool, resource, i, request, now_ns);
        } else {
            wait_in_line(pool, resource, i, request, now_ns);
        }
    }
    return open ? ASK_GRANTED : ASK_WAITING;
}

/* The same for the most common case, one resource. */
static inline enum ask_result ask_one(struct resource_pool *pool, uint32_t token,
                                      const struct resource_use *use, uint32_t priority,
                                      int64_t now_ns, uint32_t *requests) {
    struct resource *resource = &pool->resources[use->resource];
    bool open = free_units(resource) >= (int32_t)use->units;
    resource->asked++;
    if (!open && resource->waiting_count >= resource->waiting_count_max) {
        resource->balked++;
        *requests = 0;
        return ASK_BALKED;
    }
    uint32_t index = make_one(pool, token, use, priority, now_ns);
    *requests = index;
    if (open) {
        hold(pool, resource, index, request_at(pool, index), now_ns);
        return ASK_GRANTED;
    }
    wait_in_line(pool, resource, index, request_at(pool, index), now_ns);
    return ASK_WAITING;
}

enum ask_result resource_ask(struct resource_pool *pool, uint32_t token,
                             const struct resource_use *uses, uint32_t use_count, uint32_t priority,
                             int64_t now_ns, uint32_t *requests) {
    return use_count == 1 ? ask_one(pool, token, uses, priority, now_ns, requests)
                          : ask_several(pool, token, uses, use_count, priority, now_ns, requests);
}

static inline void grant(struct resource_pool *pool, uint32_t chain, int64_t now_ns) {
    for (uint32_t i = chain; i != 0; i = request_at(pool, i)->sibling) {
        struct request *request = request_at(pool, i);
        serve(pool, &pool->resources[request->resource], i, request, now_ns);
    }
    resource_ready_push(pool, request_at(pool, chain)->token);
}

void resource_serve(struct resource_pool *pool, uint32_t index, int64_t now_ns) {
    struct resource *resource = &pool->resources[index];
    uint32_t lists = resource->waiting_mask;
    while (lists != 0 && free_units(resource) > 0) {
        uint32_t priority = 31 - (uint32_t)__builtin_clz(lists);
        lists &= ~(1u << priority);
        for (uint32_t i = resource->waiting[priority].first, next; i != 0; i = next) {
            next = request_at(pool, i)->next;
            if (free_units(resource) <= 0) {
                return;
            }
            if (can_have(pool, request_at(pool, i)->head)) {
                grant(pool, request_at(pool, i)->head, now_ns);
            }
        }
    }
}

/* Takes one request out of its resource's books, without serving anybody. */
static inline void leave(struct resource_pool *pool, struct resource *resource,
                         const struct request *request, int64_t now_ns) {
    if (request->state == REQUEST_WAITING) {
        unlink_request(pool, resource, request);
        one_less_waits(pool, resource, now_ns);
        resource->withdrawn++;
        resource->given_up_ns += now_ns - request->since_ns;
        return;
    }
    if (pool->statistics) {
        resource->held_ns += (int128)(now_ns - request->since_ns) * request->units;
    }
    change_busy(pool, resource, -(int32_t)request->units, now_ns);
    if (resource->interruptible) {
        unlink_request(pool, resource, request);
    }
}

void resource_serve_all(struct resource_pool *pool, int64_t now_ns) {
    for (uint32_t i = 0; i < pool->count; i++) {
        if (pool->resources[i].waiting_mask != 0) {
            resource_serve(pool, i, now_ns);
        }
    }
}

void resource_withdraw(struct resource_pool *pool, uint32_t requests, int64_t now_ns) {
    for (uint32_t i = requests; i != 0; i = request_at(pool, i)->sibling) {
        const struct request *request = request_at(pool, i);
        leave(pool, &pool->resources[request->resource], request, now_ns);
    }
    free_chain(pool, requests);
}

/* The first in line, asking for this alone, most often can have what was given back: no need to
 * look at the rest unless something is left. */
static inline void serve_first(struct resource_pool *pool, struct resource *resource,
                               int64_t now_ns) {
    uint32_t priority = 31 - (uint32_t)__builtin_clz(resource->waiting_mask);
    uint32_t first = resource->waiting[priority].first;
    struct request *request = request_at(pool, first);
    if (request->sibling == 0 && request->head == first && request->units <= free_units(resource)) {
        serve(pool, resource, first, request, now_ns);
        resource_ready_push(pool, request->token);
    }
    if (free_units(resource) > 0 && resource->waiting_mask != 0) {
        resource_serve(pool, (uint32_t)(resource - pool->resources), now_ns);
    }
}

static __attribute__((noinline)) void give_back_several(struct resource_pool *pool,
                                                        uint32_t requests, int64_t now_ns) {
    uint32_t resources[USES_MAX], count = 0;
    for (uint32_t i = requests; i != 0; i = request_at(pool, i)->sibling) {
        REQUIRE(count < USES_MAX);
        resources[count++] = request_at(pool, i)->resource;
    }
    resource_withdraw(pool, requests, now_ns);
    for (uint32_t i = 0; i < count; i++) {
        resource_serve(pool, resources[i], now_ns);
    }
}

void resource_give_back(struct resource_pool *pool, uint32_t requests, int64_t now_ns) {
    const struct request *request = request_at(pool, requests);
    struct resource *resource = &pool->resources[request->resource];
    if (request->sibling != 0) {
        give_back_several(pool, requests, now_ns);
        return;
    }
    leave(pool, resource, request, now_ns);
    slab_give(&pool->requests, requests);
    if (resource->waiting_mask != 0) {
        serve_first(pool, resource, now_ns);
    }
}

uint32_t resource_give_back_one(struct resource_pool *pool, uint32_t requests, uint32_t request,
                                int64_t now_ns) {
    uint32_t index = request_at(pool, request)->resource;
    struct resource *resource = &pool->resources[index];
    /* When all who wait could have had their units of this one, they wait for another. */
    bool is_awaited = free_units(resource) < resource->waiting_units_most;
    leave(pool, resource, request_at(pool, request), now_ns);
    uint32_t rest = requests == request ? request_at(pool, request)->sibling : requests;
    for (uint32_t i = rest; i != 0; i = request_at(pool, i)->sibling) {
        if (request_at(pool, i)->sibling == request) {
            request_at(pool, i)->sibling = request_at(pool, request)->sibling;
        }
        request_at(pool, i)->head = rest;
    }
    slab_give(&pool->requests, request);
    if (is_awaited) {
        resource_serve(pool, index, now_ns);
    }
    return rest;
}

void resource_interrupt(struct resource_pool *pool, uint32_t requests, int64_t now_ns) {
    for (uint32_t i = requests; i != 0; i = request_at(pool, i)->sibling) {
        struct request *request = request_at(pool, i);
        struct resource *resource = &pool->resources[request->resource];
        leave(pool, resource, request, now_ns);
        resource->interrupted++;
        request->state = REQUEST_WAITING;
        request->since_ns = now_ns;
        link_first(pool, resource, i, request);
        one_more_waits(pool, resource, request->units, now_ns);
    }
}

uint32_t resource_victim(const struct resource_pool *pool, uint32_t index, uint32_t below,
                         uint32_t after) {
    const struct resource *resource = &pool->resources[index];
    uint32_t lists = resource->holding_mask & ((1u << below) - 1);
    if (after != 0) {
        const struct request *request = request_at(pool, after);
        if (request->prev != 0) {
            return request->prev;
        }
        lists &= ~((2u << request->priority) - 1);
    }
    return lists == 0 ? 0 : resource->holding[__builtin_ctz(lists)].last;
}

static bool could_have(const struct resource_pool *pool, uint32_t chain, resource_freed *freed,
                       const void *user) {
    for (uint32_t i = chain; i != 0; i = request_at(pool, i)->sibling) {
        const struct request *request = request_at(pool, i);
        const struct resource *resource = &pool->resources[request->resource];
        if (free_units(resource) + freed(user, request->resource) < request->units) {
            return false;
        }
    }
    return true;
}

bool resource_is_awaited(const struct resource_pool *pool, uint32_t index, uint32_t priority,
                         resource_freed *freed, const void *user) {
    const struct resource *resource = &pool->resources[index];
    for (uint32_t p = priority; p < PRIORITY_COUNT && resource->waiting_mask >> p != 0; p++) {
        for (uint32_t i = resource->waiting[p].first; i != 0; i = request_at(pool, i)->next) {
            if (could_have(pool, request_at(pool, i)->head, freed, user)) {
                return true;
            }
        }
    }
    return false;
}

uint32_t resource_holder(const struct resource_pool *pool, uint32_t index, uint32_t unit) {
    const struct resource *resource = &pool->resources[index];
    for (uint32_t priority = PRIORITY_COUNT; priority-- > 0;) {
        for (uint32_t i = resource->holding[priority].first; i != 0;
             i = request_at(pool, i)->next) {
            if (unit < request_at(pool, i)->units) {
                return request_at(pool, i)->token;
            }
            unit -= request_at(pool, i)->units;
        }
    }
    return 0;
}

void resource_set_capacity(struct resource_pool *pool, uint32_t index, int32_t capacity_units,
                           int64_t now_ns) {
    struct resource *resource = &pool->resources[index];
    if (pool->statistics) {
        resource->changes.capacity_ns +=
            (int128)(capacity_units - resource->capacity_units) * now_ns;
    }
    resource->capacity_units = capacity_units;
}
