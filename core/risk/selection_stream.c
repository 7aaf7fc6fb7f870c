/* SPDX-License-Identifier: GPL-3.0-or-later
 * selection_stream.c - see selection_stream.h. */
#include "core/risk/selection_stream.h"

#include <string.h>

/* How many declarations a debt is spread over. */
static const double patience = 40.0;

void selection_stream_open(struct selection_stream *stream, struct random_key key) {
    memset(stream, 0, sizeof *stream);
    stream->key = key;
    stream->random_block = UINT64_MAX;
}

static uint32_t filled_of(const struct selection_stream *stream) {
    return stream->seen < SELECTION_MEMORY ? (uint32_t)stream->seen : SELECTION_MEMORY;
}

/* The first place in sorted[] whose value is not below. */
static uint32_t lower_bound(const struct selection_stream *stream, uint32_t filled, float value) {
    uint32_t low = 0, high = filled;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (stream->sorted[middle] < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The share of the last declarations that have a higher priority; of equals, a part by chance. */
static double rank_of(const struct selection_stream *stream, float value, uint64_t number) {
    uint32_t filled = filled_of(stream);
    uint32_t first = lower_bound(stream, filled, value), last = first;
    while (last < filled && stream->sorted[last] == value) {
        last++;
    }
    double u = random_uniform(stream->key, number, random_purpose("rank", 0), 0);
    return ((double)(filled - last) + u * (double)(last - first + 1)) / (filled + 1.0);
}

static void remember(struct selection_stream *stream, float value) {
    uint32_t filled = filled_of(stream);
    float *recent = &stream->recent[stream->seen % SELECTION_MEMORY];
    if (filled == SELECTION_MEMORY) {
        uint32_t old = lower_bound(stream, filled, *recent);
        memmove(stream->sorted + old, stream->sorted + old + 1,
                (filled - old - 1) * sizeof *stream->sorted);
        filled--;
    }
    uint32_t place = lower_bound(stream, filled, value);
    memmove(stream->sorted + place + 1, stream->sorted + place,
            (filled - place) * sizeof *stream->sorted);
    stream->sorted[place] = *recent = value;
    stream->seen++;
}

/* Whether the random declaration of this block comes now. A block is as long as makes one due; its
 * place is drawn, and whoever has a channel already leaves it to the next. */
static bool is_random_due(struct selection_stream *stream, double share) {
    if (share <= 0.0) {
        return false;
    }
    double blocks = (double)stream->seen * share;
    uint64_t block = (uint64_t)blocks;
    double u = random_uniform(stream->key, block, random_purpose("random block", 0), 0);
    if (block == stream->random_block || blocks - (double)block < u - share) {
        return false;
    }
    stream->random_block = block;
    return true;
}

static double clipped(double share) {
    return share < 0.0 ? 0.0 : share > 1.0 ? 1.0 : share;
}

/* The arm that looks at this declaration, and the share of inspections drawn at random. */
static const struct strategy *arm_of(const struct selection_stream *stream,
                                     const struct selection_rules *rules,
                                     const struct strategy_state *state,
                                     struct selection_item *item, double *random_share) {
    double shares[STRATEGY_ARMS];
    item->arm = STRATEGY_EXPLOIT;
    *random_share = rules->random_share;
    if (rules->strategy->divide == NULL) {
        return rules->strategy;
    }
    rules->strategy->divide(state, shares);
    *random_share += (1.0 - rules->random_share) * shares[STRATEGY_RANDOM];
    double u = random_uniform(stream->key, item->number, random_purpose("arm", 0), 0);
    if (u * (1.0 - shares[STRATEGY_RANDOM]) < shares[STRATEGY_THOMPSON]) {
        item->arm = STRATEGY_THOMPSON;
        return &strategy_thompson;
    }
    return &strategy_exploit;
}

/* The channel of a declaration of which neither profile nor policy makes a red one. */
static void choose(struct selection_stream *stream, const struct selection_rules *rules,
                   double random_share, float value, struct selection_item *item) {
    double random = rules->red_share * random_share;
    double red = clipped(rules->red_share - random + stream->owed.red / patience);
    double yellow = clipped(rules->yellow_share + stream->owed.yellow / patience);
    double rank = rank_of(stream, value, item->number);
    bool is_random = is_random_due(stream, random);
    item->channel = is_random || rank < red ? CHANNEL_RED
                    : rank < red + yellow   ? CHANNEL_YELLOW
                                            : CHANNEL_GREEN;
    item->reason = is_random                        ? SELECTION_RANDOM
                   : item->channel == CHANNEL_GREEN ? SELECTION_NOTHING
                                                    : SELECTION_MODEL;
    if (item->channel == CHANNEL_GREEN && item->least == CHANNEL_YELLOW) {
        item->channel = CHANNEL_YELLOW;
        item->reason = SELECTION_POLICY;
    }
}

void selection_stream_choose(struct selection_stream *stream, const struct selection_rules *rules,
                             const struct strategy_state *state, struct selection_item *item) {
    struct candidate candidate = {item->number, item->probability, item->evidence,
                                  selection_value(rules, item)};
    double random_share;
    const struct strategy *strategy = arm_of(stream, rules, state, item, &random_share);
    float value = (float)strategy->priority(&candidate, stream->key);
    stream->owed.red += rules->red_share;
    stream->owed.yellow += rules->yellow_share;
    if (item->profile != CHANNEL_NONE) {
        item->channel = item->profile;
        item->reason = SELECTION_PROFILE;
    } else if (item->least == CHANNEL_RED) {
        item->channel = CHANNEL_RED;
        item->reason = SELECTION_POLICY;
    } else {
        choose(stream, rules, random_share, value, item);
    }
    stream->owed.red -= item->channel == CHANNEL_RED;
    stream->owed.yellow -= item->channel == CHANNEL_YELLOW;
    remember(stream, value);
}
