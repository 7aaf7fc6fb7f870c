/* SPDX-License-Identifier: GPL-3.0-or-later
 * slots.c - see slots.h. */
#include "core/risk/slots.h"

#include "core/base/require.h"

void slots_init(struct slots *slots, uint32_t count, struct arena *arena) {
    REQUIRE(count > 0 && count <= UINT32_MAX / 2);
    uint32_t size = SLOTS_WAYS;
    while (size < count) {
        size *= 2;
    }
    slots->keys = ARENA_ARRAY(arena, uint64_t, size);
    slots->times = ARENA_ARRAY(arena, uint64_t, size);
    slots->clock = 0;
    slots->set_mask = size / SLOTS_WAYS - 1;
}

uint32_t slots_count(const struct slots *slots) {
    return (slots->set_mask + 1) * SLOTS_WAYS;
}

static uint32_t first_of(const struct slots *slots, uint64_t key) {
    return (uint32_t)(key >> 32 & slots->set_mask) * SLOTS_WAYS;
}

int64_t slots_find(const struct slots *slots, uint64_t key) {
    uint32_t first = first_of(slots, key);
    for (uint32_t i = first; i < first + SLOTS_WAYS; i++) {
        if (slots->keys[i] == key) {
            return i;
        }
    }
    return -1;
}

uint32_t slots_take(struct slots *slots, uint64_t key, bool *is_new) {
    int64_t found = slots_find(slots, key);
    uint32_t place = (uint32_t)found;
    *is_new = found < 0;
    if (found < 0) {
        place = first_of(slots, key); /* a free place has time 0, the least there is */
        for (uint32_t i = place + 1; i % SLOTS_WAYS != 0; i++) {
            place = slots->times[i] < slots->times[place] ? i : place;
        }
        slots->keys[place] = key;
    }
    slots->times[place] = ++slots->clock;
    return place;
}
