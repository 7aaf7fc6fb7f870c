/* SPDX-License-Identifier: GPL-3.0-or-later
 * selection.c - see selection.h. */
#include "core/risk/selection.h"

#include "core/base/numeric.h"

double selection_value(const struct selection_rules *rules, const struct selection_item *item) {
    if (rules->revenue_weight == 0.0) {
        return item->probability;
    }
    double revenue = item->revenue > 0.0 ? item->revenue : 0.0;
    return item->probability * (revenue == 0.0 ? 0.0 : numeric_pow(revenue, rules->revenue_weight));
}

/* Whole declarations that are owed; sums of shares are a little off. */
static uint32_t whole(double owed) {
    return owed > 0.0 ? (uint32_t)(owed + 1e-9) : 0;
}

/* Channels that are not the model's to choose. Returns how many are red. */
static uint32_t settle(struct selection_item *items, uint32_t count) {
    uint32_t red = 0;
    for (uint32_t i = 0; i < count; i++) {
        items[i].channel = CHANNEL_NONE;
        items[i].reason = SELECTION_NOTHING;
        items[i].arm = STRATEGY_EXPLOIT;
        if (items[i].profile != CHANNEL_NONE) {
            items[i].channel = items[i].profile;
            items[i].reason = SELECTION_PROFILE;
        }
        if (items[i].least == CHANNEL_RED && items[i].channel == CHANNEL_NONE) {
            items[i].channel = CHANNEL_RED;
            items[i].reason = SELECTION_POLICY;
        }
        red += items[i].channel == CHANNEL_RED;
    }
    return red;
}

/* Those whose channel is open, as candidates; returns how many, and which items they are. */
static uint32_t gather(const struct selection_rules *rules, const struct selection_item *items,
                       uint32_t count, struct candidate *candidates, uint32_t *which) {
    uint32_t open = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (items[i].channel == CHANNEL_NONE) {
            which[open] = i;
            candidates[open++] =
                (struct candidate){items[i].number, items[i].probability, items[i].evidence,
                                   selection_value(rules, &items[i])};
        }
    }
    return open;
}

/* The rest: yellow where the value is highest or the policy wants it, else green. */
static void finish(const struct selection_rules *rules, struct selection_lane *lane,
                   struct selection_item *items, uint32_t count, struct random_key key,
                   struct arena *scratch) {
    struct candidate *candidates = ARENA_ARRAY(scratch, struct candidate, count);
    uint32_t *which = ARENA_ARRAY(scratch, uint32_t, count);
    uint32_t *order = ARENA_ARRAY(scratch, uint32_t, count);
    uint8_t *arms = ARENA_ARRAY(scratch, uint8_t, count);
    uint32_t open = gather(rules, items, count, candidates, which);
    lane->yellow += rules->yellow_share * count;
    strategy_rank(&strategy_exploit, NULL, candidates, open, open, key, scratch, order, arms);
    uint32_t wanted = whole(lane->yellow);
    for (uint32_t i = 0; i < open; i++) {
        struct selection_item *item = &items[which[order[i]]];
        bool is_valued = i < wanted, is_least = item->least == CHANNEL_YELLOW;
        item->channel = is_valued || is_least ? CHANNEL_YELLOW : CHANNEL_GREEN;
        item->reason = is_valued  ? SELECTION_MODEL
                       : is_least ? SELECTION_POLICY
                                  : SELECTION_NOTHING;
        lane->yellow -= item->channel == CHANNEL_YELLOW;
    }
}

static void mark(struct selection_item *item, enum selection_reason reason) {
    item->channel = CHANNEL_RED;
    item->reason = reason;
}

void selection_choose(const struct selection_rules *rules, const struct strategy_state *state,
                      struct selection_lane *lane, struct selection_item *items, uint32_t count,
                      struct random_key key, struct arena *scratch) {
    if (count == 0) {
        return;
    }
    struct candidate *candidates = ARENA_ARRAY(scratch, struct candidate, count);
    uint32_t *which = ARENA_ARRAY(scratch, uint32_t, count);
    uint32_t *order = ARENA_ARRAY(scratch, uint32_t, count);
    uint8_t *arms = ARENA_ARRAY(scratch, uint8_t, count);
    uint32_t red = settle(items, count);
    lane->red += rules->red_share * count;
    lane->random += rules->red_share * rules->random_share * count;
    lane->red -= red;
    uint32_t open = gather(rules, items, count, candidates, which);
    uint32_t budget = whole(lane->red) < open ? whole(lane->red) : open;
    uint32_t random = whole(lane->random) < budget ? whole(lane->random) : budget;
    strategy_rank(&strategy_random, NULL, candidates, open, random, key, scratch, order, arms);
    for (uint32_t i = 0; i < random; i++) {
        mark(&items[which[order[i]]], SELECTION_RANDOM);
    }
    open = gather(rules, items, count, candidates, which);
    strategy_rank(rules->strategy, state, candidates, open, budget - random, key, scratch, order,
                  arms);
    for (uint32_t i = 0; i < budget - random; i++) {
        mark(&items[which[order[i]]], SELECTION_MODEL);
        items[which[order[i]]].arm = arms[order[i]];
    }
    lane->red -= budget;
    lane->random -= random;
    finish(rules, lane, items, count, key, scratch);
}
