/* SPDX-License-Identifier: GPL-3.0-or-later
 * presence.c - see presence.h. */
#include "core/intake/presence.h"

#include "core/base/numeric.h"
#include "core/base/require.h"

/* A tag begins as one that is read in every fifth cycle, so that it is not given up too soon. */
static const double prior_reads = 2.0, prior_cycles = 10.0;

bool presence_read(struct presence *presence, const struct presence_rules *rules, int64_t time_ns) {
    if (presence->reads == 0) {
        *presence = (struct presence){time_ns, time_ns, 1};
        return rules->reads_min <= 1;
    }
    REQUIRE(time_ns >= presence->last_ns);
    int64_t cycles = (time_ns - presence->first_ns) / rules->cycle_ns;
    int64_t before = (presence->last_ns - presence->first_ns) / rules->cycle_ns;
    presence->last_ns = time_ns;
    if (cycles == before) {
        return false;
    }
    presence->reads++;
    return presence->reads == rules->reads_min;
}

int64_t presence_due_ns(const struct presence *presence, const struct presence_rules *rules) {
    if (presence->reads == 0) {
        return INT64_MAX;
    }
    int64_t cycles = (presence->last_ns - presence->first_ns) / rules->cycle_ns + 1;
    double rate = ((double)presence->reads + prior_reads) / ((double)cycles + prior_cycles);
    double window = -numeric_log(rules->miss) / rate * (double)rules->cycle_ns;
    int64_t window_ns =
        window >= (double)rules->window_max_ns ? rules->window_max_ns : (int64_t)window;
    return presence->last_ns +
           (window_ns < rules->window_min_ns ? rules->window_min_ns : window_ns);
}

bool presence_end(struct presence *presence, const struct presence_rules *rules, int64_t *last_ns) {
    bool was_here = presence->reads >= rules->reads_min;
    *last_ns = presence->last_ns;
    *presence = (struct presence){0};
    return was_here;
}

int presence_strongest(const struct presence *portals, uint32_t count) {
    int best = -1;
    for (uint32_t i = 0; i < count; i++) {
        const struct presence *portal = &portals[i];
        if (portal->reads > 0 &&
            (best < 0 || portal->reads > portals[best].reads ||
             (portal->reads == portals[best].reads && portal->last_ns > portals[best].last_ns))) {
            best = (int)i;
        }
    }
    return best;
}
