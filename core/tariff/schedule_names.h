/* SPDX-License-Identifier: GPL-3.0-or-later
 * schedule_names.h - texts numbered from 1 as they are met, and found again by hashing. */
#ifndef CORE_TARIFF_SCHEDULE_NAMES_H
#define CORE_TARIFF_SCHEDULE_NAMES_H

#include "core/base/arena.h"

#include <stddef.h>
#include <stdint.h>

/* All zero is empty. */
struct schedule_names {
    const char **texts; /* texts[0] is NULL */
    uint32_t count;     /* including 0 */
    size_t capacity;
    uint32_t *slots;
    uint32_t slot_count; /* a power of two */
};

/* The number of a text; 0 when it has none. */
uint32_t schedule_names_find(const struct schedule_names *names, const char *text);

/* The same, numbered now when it is new. The text has to live as long as the names. */
uint32_t schedule_names_add(struct schedule_names *names, struct arena *arena, const char *text);

/* The texts themselves, for messages; none are NULL and 0. */
static inline const char *const *schedule_names_list(const struct schedule_names *names) {
    return names->count == 0 ? NULL : names->texts + 1;
}
static inline unsigned schedule_names_list_count(const struct schedule_names *names) {
    return names->count == 0 ? 0 : names->count - 1;
}

/* A copy without room to spare. */
struct schedule_names schedule_names_copy(const struct schedule_names *names, struct arena *arena);

#endif
