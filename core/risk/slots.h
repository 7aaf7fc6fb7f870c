/* SPDX-License-Identifier: GPL-3.0-or-later
 * slots.h - a fixed number of places that are found by keys, so that a stream of any length is
 * remembered in constant memory.
 *
 * Each key may stand in one of SLOTS_WAYS places, its set; where all are taken, the one that was
 * asked for least recently goes. What is kept of a key is the caller's array with an entry a place.
 */
#ifndef CORE_RISK_SLOTS_H
#define CORE_RISK_SLOTS_H

#include "core/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { SLOTS_WAYS = 8 };

struct slots {
    uint64_t *keys;  /* 0: free */
    uint64_t *times; /* of the last slots_take(), counted */
    uint64_t clock;
    uint32_t set_mask;
};

/* Room for at least `count` keys: a power of two. */
void slots_init(struct slots *slots, uint32_t count, struct arena *arena);

uint32_t slots_count(const struct slots *slots);

/* A key of numbers, never 0: slots_key(slots_key(0, goods), origin). A bijection of `next` for each
 * `key`, mixed well (Steele, Lea and Flood 2014, the finaliser of SplitMix64). */
static inline uint64_t slots_key(uint64_t key, uint64_t next) {
    uint64_t z = (key ^ next) + 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    z ^= z >> 31;
    return z != 0 ? z : 1;
}

/* The place of a key; -1 when it has none. */
int64_t slots_find(const struct slots *slots, uint64_t key);

/* The place of a key, given to it if need be; then `is_new` is set, and what the caller keeps there
 * is about some other key. */
uint32_t slots_take(struct slots *slots, uint64_t key, bool *is_new);

#endif
