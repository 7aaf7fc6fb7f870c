/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_set.c - sets of keys as sorted intervals; see rule_table.h. */
#include "core/rule/rule_table.h"

#include <stdlib.h>

struct rule_set rule_set_all(struct arena *arena) {
    struct rule_set set = {ARENA_NEW(arena, struct rule_interval), 1, false};
    set.intervals[0] = (struct rule_interval){-RULE_KEY_MAX, RULE_KEY_MAX};
    return set;
}

struct rule_set rule_set_complement(struct rule_set set, struct arena *arena) {
    struct rule_set result = {ARENA_ARRAY(arena, struct rule_interval, set.count + 1u), 0, false};
    int128 from = -RULE_KEY_MAX;
    for (unsigned i = 0; i < set.count; i++) {
        if (set.intervals[i].low > from) {
            result.intervals[result.count++] =
                (struct rule_interval){from, set.intervals[i].low - 1};
        }
        from = set.intervals[i].high + 1;
    }
    if (from <= RULE_KEY_MAX) {
        result.intervals[result.count++] = (struct rule_interval){from, RULE_KEY_MAX};
    }
    return result;
}

static int by_low(const void *a, const void *b) {
    const struct rule_interval *x = a, *y = b;
    return (x->low > y->low) - (x->low < y->low);
}

struct rule_set rule_set_join(struct rule_interval *intervals, unsigned count) {
    struct rule_set set = {intervals, 0, false};
    if (count > 1) {
        qsort(intervals, count, sizeof *intervals, by_low);
    }
    for (unsigned i = 0; i < count; i++) {
        struct rule_interval next = intervals[i];
        if (next.low > next.high) {
            continue;
        }
        struct rule_interval *last = set.count > 0 ? &intervals[set.count - 1] : NULL;
        if (last != NULL && next.low <= last->high + 1) {
            last->high = next.high > last->high ? next.high : last->high;
        } else {
            intervals[set.count++] = next;
        }
    }
    return set;
}

bool rule_set_contains(const struct rule_set *set, int128 key) {
    unsigned low = 0, high = set->count;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (set->intervals[middle].high < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < set->count && set->intervals[low].low <= key;
}
