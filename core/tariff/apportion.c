/* SPDX-License-Identifier: GPL-3.0-or-later
 * apportion.c - asks every item what it owes, levy by levy, and gives each its part. */
#include "core/tariff/apportion.h"

#include <string.h>

/* What the items of a declaration owe of one levy. */
struct owed {
    bool is_known;
    uint16_t row; /* LEVY_ROWS_MAX: none with limits */
    struct exact amount, base;
};

struct apportioning {
    const struct levy_plan *plan;
    int64_t known_day;
    struct assessment *assessment;
    unsigned count; /* items of the present declaration */
    const struct reassess_entry *entries;
    struct tariff_part **parts; /* of each item, by levy */
    struct owed *owed;
    struct exact *weights;
};

static bool has_limits(const struct levy_row *row) {
    return row->has_entry_minimum || row->has_entry_maximum;
}

static bool levy_has_limits(const struct levy *levy) {
    for (unsigned i = 0; i < levy->row_count; i++) {
        if (has_limits(&levy->rows[i])) {
            return true;
        }
    }
    return false;
}

static void ask(struct apportioning *at, unsigned levy) {
    for (unsigned i = 0; i < at->count; i++) {
        const struct reassess_entry *entry = &at->entries[i];
        const struct assess_line *line = &at->assessment->lines[levy];
        struct owed *owed = &at->owed[i];
        at->parts[i][levy].state = TARIFF_PART_ASKED;
        assess(at->plan, entry->facts, entry->goods_day, at->known_day, at->assessment);
        *owed = (struct owed){.is_known = line->is_known && !entry->has_open_items,
                              .row = LEVY_ROWS_MAX,
                              .amount = line->amount,
                              .base = line->base};
        if (line->row < at->plan->levies[levy].row_count &&
            has_limits(&at->plan->levies[levy].rows[line->row])) {
            owed->row = line->row;
        }
    }
}

/* Weights of the items of a row: what they owe, or their bases, or all alike. Their sum, or -1. */
static int weigh(struct apportioning *at, unsigned row, struct exact *total) {
    for (int by = 0; by < 3; by++) {
        bool is_negative = false;
        *total = exact_integer(0);
        for (unsigned i = 0; i < at->count; i++) {
            const struct owed *owed = &at->owed[i];
            at->weights[i] = owed->row != row ? exact_integer(0)
                             : by == 0        ? owed->amount
                             : by == 1        ? owed->base
                                              : exact_integer(1);
            is_negative = is_negative || exact_sign(at->weights[i]) < 0;
            if (exact_add(*total, at->weights[i], total) != 0) {
                return -1;
            }
        }
        if (!is_negative && exact_sign(*total) > 0) {
            return 0;
        }
    }
    return -1;
}

/* r(bound c(i) / T) - r(bound c(i - 1) / T); the last c(i) is T, for which that is the bound. */
static int give(struct apportioning *at, unsigned levy, unsigned row, struct exact bound) {
    struct rounding rounding = at->plan->levies[levy].rows[row].round;
    struct exact total, up_to = exact_integer(0), before = exact_integer(0);
    if (weigh(at, row, &total) != 0) {
        return -1;
    }
    for (unsigned i = 0; i < at->count; i++) {
        struct tariff_part *part = &at->parts[i][levy];
        struct exact share, given = bound;
        if (at->owed[i].row != row) {
            continue;
        }
        if (exact_add(up_to, at->weights[i], &up_to) != 0) {
            return -1;
        }
        if (exact_compare(up_to, total) != 0 &&
            (exact_divide(up_to, total, &share) != 0 || exact_multiply(bound, share, &given) != 0 ||
             exact_round(given, rounding, &given) != 0)) {
            return -1;
        }
        part->state = TARIFF_PART_GIVEN;
        if (exact_subtract(given, before, &part->amount) != 0) {
            return -1;
        }
        part->amount = exact_reduced(part->amount);
        before = given;
    }
    return 0;
}

/* Holds what all items owe by a row against its limits. */
static int settle_row(struct apportioning *at, unsigned levy, unsigned index) {
    const struct levy_row *row = &at->plan->levies[levy].rows[index];
    struct exact total = exact_integer(0);
    bool is_charged = false;
    for (unsigned i = 0; i < at->count; i++) {
        if (at->owed[i].row == index) {
            is_charged = true;
            if (exact_add(total, at->owed[i].amount, &total) != 0) {
                return -1;
            }
        }
    }
    if (is_charged && row->has_entry_minimum && exact_compare(total, row->entry_minimum) < 0) {
        return give(at, levy, index, row->entry_minimum);
    }
    if (is_charged && row->has_entry_maximum && exact_compare(total, row->entry_maximum) > 0) {
        return give(at, levy, index, row->entry_maximum);
    }
    return 0;
}

static int settle_levy(struct apportioning *at, unsigned levy) {
    bool is_known = true;
    ask(at, levy);
    for (unsigned i = 0; i < at->count; i++) {
        is_known = is_known && at->owed[i].is_known;
    }
    for (unsigned i = 0; i < at->count && !is_known; i++) {
        at->parts[i][levy].state = TARIFF_PART_OPEN;
    }
    for (unsigned row = 0; row < at->plan->levies[levy].row_count && is_known; row++) {
        if (has_limits(&at->plan->levies[levy].rows[row]) && settle_row(at, levy, row) != 0) {
            return -1;
        }
    }
    return 0;
}

static unsigned count_items(const struct reassess_entry *entries, unsigned count) {
    unsigned items = 1;
    while (items < count && entries[0].declaration != 0 &&
           entries[items].declaration == entries[0].declaration) {
        items++;
    }
    return items;
}

const struct reassess_entry *apportion(const struct levy_plan *plan,
                                       const struct reassess_entry *entries, unsigned count,
                                       int64_t known_day, struct arena *arena, struct error *err) {
    if (!plan->has_entry_limits) {
        return entries;
    }
    struct reassess_entry *copies = ARENA_ARRAY(arena, struct reassess_entry, count + 1);
    struct apportioning at = {.plan = plan,
                              .known_day = known_day,
                              .assessment = ARENA_NEW(arena, struct assessment),
                              .parts = ARENA_ARRAY(arena, struct tariff_part *, count + 1),
                              .owed = ARENA_ARRAY(arena, struct owed, count + 1),
                              .weights = ARENA_ARRAY(arena, struct exact, count + 1)};
    for (unsigned first = 0; first < count; first += at.count) {
        at.count = count_items(&entries[first], count - first);
        at.entries = &copies[first];
        for (unsigned i = 0; i < at.count; i++) {
            struct tariff_facts *facts = ARENA_NEW(arena, struct tariff_facts);
            at.parts[i] = ARENA_ARRAY(arena, struct tariff_part, plan->levy_count + 1);
            copies[first + i] = entries[first + i];
            *facts = *entries[first + i].facts;
            facts->parts = at.parts[i];
            copies[first + i].facts = facts;
        }
        for (unsigned levy = 0; levy < plan->levy_count; levy++) {
            if (levy_has_limits(&plan->levies[levy]) && settle_levy(&at, levy) != 0) {
                error_set(err, ERROR_RUN, "%s: what all items owe has too many digits",
                          entries[first].id);
                return NULL;
            }
        }
    }
    return copies;
}
