/* SPDX-License-Identifier: GPL-3.0-or-later
 * reassess.h - what a retroactive change of the law does to entries already assessed.
 *
 * Each entry is assessed twice for its own date: as the law was known on one day, and on another.
 * What differs is owed (above zero) or given back (below). */
#ifndef CORE_TARIFF_REASSESS_H
#define CORE_TARIFF_REASSESS_H

#include "core/tariff/assess.h"

struct reassess_entry {
    const char *id;
    const struct tariff_facts *facts;
    int64_t goods_day;
    unsigned declaration; /* from 1: entries of a number are its items, one after another */
    bool has_open_items;  /* another item of the declaration can't be assessed */
};

/* One levy of one entry whose outcome or amount is another. */
struct reassess_change {
    unsigned entry, levy;
    enum assess_outcome outcome_before, outcome_after;
    bool was_known, is_known;
    struct exact before, after, difference; /* of what is due; 0 where it isn't known */
};

struct reassess_list {
    unsigned change_count, entry_count;    /* entries with at least one change */
    const struct reassess_change *changes; /* by entry, then in the order of levies */
    struct exact owed, returned;           /* sums over duties, taxes and fees; both >= 0 */
    bool is_complete;                      /* all amounts were known, before and after */
};

/* Compares `before_day` with `after_day` for all entries; the list is in the arena. -1 and an error
 * when a sum has too many digits. */
int reassess(const struct levy_plan *plan, const struct reassess_entry *entries, unsigned count,
             int64_t before_day, int64_t after_day, struct arena *arena, struct reassess_list *list,
             struct error *err);

#endif
