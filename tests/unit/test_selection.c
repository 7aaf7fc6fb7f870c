/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: selection.h's order of precedence, and rates that hold.
 * Method: days of two offices with made scores. Within a week each lane's inspected share is within
 * 0.2 points of its budget, whether it chooses day by day or one by one; the random share is exact
 * to one declaration, and who is drawn does not depend on the score. */
#include "tests/test.h"
#include "tests/theory/detector_data.h"

#include "core/risk/selection_stream.h"

static const struct selection_rules usual = {
    .red_share = 0.05, .yellow_share = 0.12, .random_share = 0.1, .strategy = &strategy_exploit};

static void test_order_of_reasons(void) {
    struct arena arena = ARENA_INIT;
    struct selection_lane lane = {0};
    struct selection_item items[40];
    for (uint64_t i = 0; i < 40; i++) {
        items[i] = (struct selection_item){.number = i, .probability = 0.01 * (double)i};
    }
    items[3].profile = CHANNEL_RED;
    items[39].profile = CHANNEL_GREEN; /* the likeliest, but a rule says not to look */
    items[38].profile = CHANNEL_GREEN, items[38].least = CHANNEL_RED;
    items[4].least = CHANNEL_RED;
    items[5].least = CHANNEL_YELLOW;
    struct selection_rules rules = usual;
    rules.red_share = 0.1, rules.random_share = 0.0;
    selection_choose(&rules, NULL, &lane, items, 40, random_key_make(71, 0), &arena);
    CHECK(items[3].channel == CHANNEL_RED && items[3].reason == SELECTION_PROFILE);
    CHECK(items[39].channel == CHANNEL_GREEN && items[39].reason == SELECTION_PROFILE);
    CHECK(items[38].channel == CHANNEL_GREEN && items[38].reason == SELECTION_PROFILE);
    CHECK(items[4].channel == CHANNEL_RED && items[4].reason == SELECTION_POLICY);
    CHECK(items[5].channel == CHANNEL_YELLOW && items[5].reason == SELECTION_POLICY);
    CHECK(items[37].channel == CHANNEL_RED && items[37].reason == SELECTION_MODEL);
    CHECK(items[36].channel == CHANNEL_RED && items[35].channel == CHANNEL_YELLOW);
    CHECK(items[6].channel == CHANNEL_GREEN && items[6].reason == SELECTION_NOTHING);
    unsigned red = 0;
    for (unsigned i = 0; i < 40; i++) {
        red += items[i].channel == CHANNEL_RED;
    }
    CHECK_INT(red, 4);
    CHECK_NEAR(lane.red, 0.0, 1e-9);
    arena_free(&arena);
}

static void test_value(void) {
    struct selection_rules rules = usual;
    struct selection_item item = {.probability = 0.3, .revenue = 400.0};
    CHECK_NEAR(selection_value(&rules, &item), 0.3, 0.0);
    rules.revenue_weight = 1.0;
    CHECK_NEAR(selection_value(&rules, &item), 120.0, 1e-9);
    rules.revenue_weight = 0.5;
    CHECK_NEAR(selection_value(&rules, &item), 6.0, 1e-12);
    item.revenue = -1.0;
    CHECK_NEAR(selection_value(&rules, &item), 0.0, 0.0);
}

struct week {
    double count, red, yellow, random, random_rank;
};

static void check_week(const struct week *week) {
    CHECK_NEAR(week->red / week->count, usual.red_share, 0.002);
    CHECK_NEAR(week->yellow / week->count, usual.yellow_share, 0.004);
    CHECK_NEAR(week->random, usual.red_share * usual.random_share * week->count, 1.0 + 1e-6);
}

static struct selection_item draw_item(struct draws *draws, uint64_t number, unsigned week) {
    double z = draw_normal(draws) + 0.1 * week; /* scores drift upwards */
    return (struct selection_item){
        .number = number,
        .probability = 1.0 / (1.0 + numeric_exp(3.0 - z)),
        .profile = draw_uniform(draws) < 0.01   ? CHANNEL_RED
                   : draw_uniform(draws) < 0.05 ? CHANNEL_GREEN
                                                : CHANNEL_NONE,
    };
}

static void count_item(struct week *week, const struct selection_item *item) {
    week->count++;
    week->red += item->channel == CHANNEL_RED;
    week->yellow += item->channel == CHANNEL_YELLOW;
    week->random += item->reason == SELECTION_RANDOM;
    week->random_rank += item->reason == SELECTION_RANDOM ? item->probability : 0.0;
}

static void test_days(void) {
    enum { WEEKS = 12 };
    struct arena arena = ARENA_INIT;
    struct draws draws = draws_of(72);
    struct selection_lane lanes[2] = {{.red = 0.0}, {.red = 0.0}};
    uint64_t number = 0;
    struct selection_item *items = ARENA_ARRAY(&arena, struct selection_item, 400);
    for (unsigned week = 0; week < WEEKS; week++) {
        struct week weeks[2] = {{.count = 0.0}, {.count = 0.0}};
        for (unsigned day = 0; day < 14; day++) {
            unsigned office = day % 2, count = (office ? 90 : 10) + draw_below(&draws, 300);
            for (unsigned i = 0; i < count; i++) {
                items[i] = draw_item(&draws, ++number, week);
            }
            struct arena scratch = ARENA_INIT;
            selection_choose(&usual, NULL, &lanes[office], items, count,
                             random_key_make(73, week * 14 + day), &scratch);
            arena_free(&scratch);
            for (unsigned i = 0; i < count; i++) {
                CHECK(items[i].channel != CHANNEL_NONE);
                count_item(&weeks[office], &items[i]);
            }
        }
        check_week(&weeks[0]);
        check_week(&weeks[1]);
    }
    arena_free(&arena);
}

static void stream(const struct strategy *strategy, double random_expected) {
    enum { WEEKS = 12, WEEK = 2500 };
    static struct selection_stream lane;
    struct draws draws = draws_of(74);
    struct selection_rules rules = usual;
    struct strategy_state state = {{0}};
    rules.strategy = strategy;
    selection_stream_open(&lane, random_key_make(75, 0));
    double all = 0.0, drawn = 0.0, drawn_count = 0.0;
    for (unsigned week = 0; week < WEEKS; week++) {
        struct week counts = {0};
        for (unsigned i = 0; i < WEEK; i++) {
            struct selection_item item = draw_item(&draws, (uint64_t)week * WEEK + i, week);
            selection_stream_choose(&lane, &rules, &state, &item);
            count_item(&counts, &item);
            all += item.probability / (WEEKS * WEEK);
        }
        CHECK_NEAR(counts.red / WEEK, rules.red_share, 0.002);
        CHECK_NEAR(counts.yellow / WEEK, rules.yellow_share, 0.004);
        CHECK_NEAR(counts.random, random_expected * WEEK, 2.0); /* one a block, at any place */
        drawn += counts.random_rank;
        drawn_count += counts.random;
    }
    CHECK_NEAR(drawn / drawn_count, all, 0.03); /* the random are like everybody */
}

int main(void) {
    test_order_of_reasons();
    test_value();
    test_days();
    stream(&strategy_exploit, 0.05 * 0.1);
    stream(&strategy_thompson, 0.05 * 0.1);
    stream(&strategy_adaptive, 0.05 * (0.1 + 0.9 * (0.008 + 0.98 / 3.0)));
    return test_summary();
}
