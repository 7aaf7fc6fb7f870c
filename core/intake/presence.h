/* SPDX-License-Identifier: GPL-3.0-or-later
 * presence.h - from single reads of a tag at a portal to "it was here from then to then".
 *
 * A portal asks in cycles and misses tags that are there. The window after which a tag counts as
 * gone follows its own read rate p: ln(1 / miss) / p cycles make a tag that is still there go
 * unread with the chance `miss` (SMURF, Jeffery, Garofalakis and Franklin 2006). Fewer reads than
 * `reads_min` are a ghost or a neighbour's tag and make no presence; repeated reads within one
 * cycle count once. */
#ifndef CORE_INTAKE_PRESENCE_H
#define CORE_INTAKE_PRESENCE_H

#include <stdbool.h>
#include <stdint.h>

struct presence_rules {
    int64_t cycle_ns;
    double miss; /* chance that a tag goes unread for a window; 0.002 */
    int64_t window_min_ns, window_max_ns;
    uint32_t reads_min;
};

/* One tag at one portal; all zero at first. */
struct presence {
    int64_t first_ns, last_ns; /* reads */
    uint32_t reads;            /* cycles with a read; 0: nobody is here */
};

/* A read. Whether it makes the tag present: the first_ns of the presence is when it came. The
 * presence before must have been ended, when its time had come. */
bool presence_read(struct presence *presence, const struct presence_rules *rules, int64_t time_ns);

/* When the tag counts as gone if it is not read again; INT64_MAX: nobody is here. */
int64_t presence_due_ns(const struct presence *presence, const struct presence_rules *rules);

/* Ends it. Whether it was a presence at all; then it left at `last_ns`. */
bool presence_end(struct presence *presence, const struct presence_rules *rules, int64_t *last_ns);

/* Of several portals that read one tag at once: the one that read it most, the later reader of
 * equals; -1 when none did. A tag is in one place. */
int presence_strongest(const struct presence *portals, uint32_t count);

#endif
