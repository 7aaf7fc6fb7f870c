/* SPDX-License-Identifier: GPL-3.0-or-later
 * reassess.c - assesses entries on two days of knowledge and lists what differs. */
#include "core/tariff/reassess.h"

#include "core/tariff/apportion.h"

struct comparing {
    const struct levy_plan *plan;
    struct arena *arena;
    struct reassess_list *list;
    struct reassess_change *changes;
    size_t capacity;
};

static void keep(struct comparing *at, const struct reassess_change *change) {
    at->changes = arena_grow(at->arena, at->changes, at->list->change_count, &at->capacity,
                             sizeof *at->changes);
    at->changes[at->list->change_count++] = *change;
    at->list->changes = at->changes;
}

/* Values and totals are listed too, but money is counted once: where it is levied. */
static int add_up(struct comparing *at, const struct reassess_change *change) {
    struct exact *sum = exact_sign(change->difference) > 0 ? &at->list->owed : &at->list->returned;
    if (at->plan->levies[change->levy].kind < LEVY_DUTY) {
        return 0;
    }
    return (exact_sign(change->difference) > 0 ? exact_add
                                               : exact_subtract)(*sum, change->difference, sum);
}

static int compare(struct comparing *at, unsigned entry, const struct assessment *before,
                   const struct assessment *after) {
    bool is_affected = false;
    for (unsigned i = 0; i < at->plan->levy_count; i++) {
        const struct assess_line *old = &before->lines[i], *new = &after->lines[i];
        at->list->is_complete = at->list->is_complete && old->is_known && new->is_known;
        if (old->is_known == new->is_known && exact_compare(old->due, new->due) == 0 &&
            (old->outcome == new->outcome || (old->is_known && new->is_known))) {
            continue;
        }
        struct reassess_change change = {.entry = entry,
                                         .levy = i,
                                         .outcome_before = old->outcome,
                                         .outcome_after = new->outcome,
                                         .was_known = old->is_known,
                                         .is_known = new->is_known,
                                         .before = old->due,
                                         .after = new->due,
                                         .difference = exact_integer(0)};
        /* Where one side isn't known there is nothing to ask for yet. */
        if (old->is_known && new->is_known &&
            (exact_subtract(new->due, old->due, &change.difference) != 0 ||
             add_up(at, &change) != 0)) {
            return -1;
        }
        keep(at, &change);
        is_affected = true;
    }
    at->list->entry_count += is_affected;
    return 0;
}

int reassess(const struct levy_plan *plan, const struct reassess_entry *entries, unsigned count,
             int64_t before_day, int64_t after_day, struct arena *arena, struct reassess_list *list,
             struct error *err) {
    struct assessment *before = ARENA_NEW(arena, struct assessment);
    struct assessment *after = ARENA_NEW(arena, struct assessment);
    struct comparing at = {.plan = plan, .arena = arena, .list = list};
    *list = (struct reassess_list){
        .owed = exact_integer(0), .returned = exact_integer(0), .is_complete = true};
    const struct reassess_entry *old = apportion(plan, entries, count, before_day, arena, err);
    const struct reassess_entry *new = apportion(plan, entries, count, after_day, arena, err);
    if (old == NULL || new == NULL) {
        return -1;
    }
    for (unsigned i = 0; i < count; i++) {
        assess(plan, old[i].facts, old[i].goods_day, before_day, before);
        assess(plan, new[i].facts, new[i].goods_day, after_day, after);
        if (compare(&at, i, before, after) != 0) {
            return error_set(err, ERROR_RUN, "entry %s: the difference has too many digits",
                             entries[i].id);
        }
    }
    return 0;
}
