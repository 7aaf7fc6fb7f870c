/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: what the detectors of duplicates and of split consignments find is at least 90 % of what
 * can be found by whoever sees the same stream up to the declaration.
 * Method: made data whose chances are known. The best score of a duplicate is the likelihood ratio
 * over all earlier declarations; that of a part is the posterior over all ways to group the last
 * declarations of a trader into single and split consignments. */
#include "tests/test.h"
#include "tests/theory/detector_data.h"

#include <math.h>

static const double share_found = 0.9;

/* Traders have some usual orders (seller, goods, origin, departure), of a lognormal mass and a
 * nearly fixed price. A duplicate repeats an earlier declaration of the last MEMORY; each of
 * trader, seller, goods, mass, value and document is altered with a chance of its own. */
enum { TRADERS = 100, ORDERS = 4, MEMORY = 4000, ALTERED = 6 };
static const double altered_chance[ALTERED] = {0.05, 0.2, 0.1, 0.2, 0.3, 0.5};
static const double duplicate_share = 0.05, mass_deviation = 0.5, price_deviation = 0.1;

struct made {
    unsigned trader, seller, goods;
    double log_mass, log_value;
    uint64_t document;
    bool is_false;
};

static double normal_density(double x, double deviation) {
    return exp(-0.5 * x * x / (deviation * deviation)) / (deviation * 2.5066282746310002);
}

/* Masses are rounded to a thousandth of their logarithm, so that equal ones have a chance. */
static double rounded(double x) {
    return floor(x * 1000.0 + 0.5) / 1000.0;
}

static struct made draw_order(struct draws *draws, uint64_t *documents) {
    struct made made = {.trader = draw_below(draws, TRADERS)};
    unsigned order = draw_below(draws, ORDERS);
    made.seller = (made.trader * 13 + order * 5) % 150;
    made.goods = (made.trader * 3 + order) % 60;
    made.log_mass = rounded(made.goods % 5 + mass_deviation * draw_normal(draws));
    made.log_value = rounded(made.log_mass + made.goods % 7 + price_deviation * draw_normal(draws));
    made.document = ++*documents;
    return made;
}

static struct made alter(struct draws *draws, const struct made *original, uint64_t *documents) {
    struct made made = *original;
    bool altered[ALTERED];
    for (unsigned f = 0; f < ALTERED; f++) {
        altered[f] = draw_uniform(draws) < altered_chance[f];
    }
    made.trader = altered[0] ? draw_below(draws, TRADERS) : made.trader;
    made.seller = altered[1] ? draw_below(draws, 150) : made.seller;
    made.goods = altered[2] ? draw_below(draws, 60) : made.goods;
    made.log_mass = altered[3] ? rounded(made.log_mass + 0.2 * draw_normal(draws)) : made.log_mass;
    made.log_value =
        altered[4] ? rounded(made.log_value + 0.2 * draw_normal(draws)) : made.log_value;
    made.document = altered[5] ? ++*documents : made.document;
    made.is_false = true;
    return made;
}

/* Densities are of a cell of rounding, 0.001 wide. */
static double honest_chance(const struct made *made) {
    double orders = 0.0;
    for (unsigned order = 0; order < ORDERS; order++) {
        orders += made->seller == (made->trader * 13 + order * 5) % 150 &&
                  made->goods == (made->trader * 3 + order) % 60;
    }
    double mass = normal_density(made->log_mass - made->goods % 5, mass_deviation);
    double value =
        normal_density(made->log_value - made->log_mass - made->goods % 7, price_deviation);
    return orders / ORDERS / TRADERS * mass * value * 1e-6;
}

static double copy_chance(const struct made *made, const struct made *original) {
    const bool same[ALTERED] = {
        made->trader == original->trader,       made->seller == original->seller,
        made->goods == original->goods,         made->log_mass == original->log_mass,
        made->log_value == original->log_value, made->document == original->document};
    const double other[ALTERED] = {
        1.0 / TRADERS,
        1.0 / 150,
        1.0 / 60,
        normal_density(made->log_mass - original->log_mass, 0.2) * 1e-3,
        normal_density(made->log_value - original->log_value, 0.2) * 1e-3,
        same[5] ? 0.0 : 1.0, /* a new number is as new as an honest one */
    };
    double chance = 1.0;
    for (unsigned f = 0; f < ALTERED; f++) {
        chance *= altered_chance[f] * other[f] + (same[f] ? 1.0 - altered_chance[f] : 0.0);
    }
    return chance;
}

static double best_duplicate_score(const struct made *made, const struct made *all, size_t count) {
    size_t first = count > MEMORY ? count - MEMORY : 0;
    double copies = 0.0;
    bool is_known = false;
    for (size_t i = first; i < count; i++) {
        copies += copy_chance(made, &all[i]);
        is_known |= made->document == all[i].document;
    }
    double honest = is_known ? 0.0 : honest_chance(made);
    return log(copies / (double)(count - first) + 1e-300) - log(honest + 1e-300);
}

static void test_duplicate(void) {
    enum { LEARN = 4000, COUNT = 12000 };
    struct arena arena = ARENA_INIT;
    struct draws draws = draws_of(31);
    struct made *all = ARENA_ARRAY(&arena, struct made, LEARN + COUNT);
    struct contest contest = contest_begin(&arena, COUNT);
    void *state = detector_create(&detector_duplicate, NULL, &arena);
    uint64_t documents = 0;
    for (size_t i = 0; i < LEARN + COUNT; i++) {
        size_t first = i > MEMORY ? i - MEMORY : 0;
        bool is_false = i > 0 && draw_uniform(&draws) < duplicate_share;
        all[i] = is_false ? alter(&draws, &all[first + draw_below(&draws, (unsigned)(i - first))],
                                  &documents)
                          : draw_order(&draws, &documents);
        struct declaration declaration = {.number = i + 1,
                                          .trader = all[i].trader + 1,
                                          .seller = all[i].seller + 1,
                                          .goods = 200000 + all[i].goods,
                                          .mass_kg = numeric_exp(all[i].log_mass),
                                          .value = numeric_exp(all[i].log_value),
                                          .document = all[i].document};
        if (i >= LEARN) {
            contest_add(&contest, detector_duplicate.score(state, &declaration),
                        best_duplicate_score(&all[i], all, i), is_false);
        }
        detector_duplicate.learn(state, &declaration);
    }
    CHECK(contest_end(&contest, "duplicates, one field in five altered") >= share_found);
    arena_free(&arena);
}

/* A trader's consignments come as a Poisson process and have lognormal values. Of those above the
 * threshold a share is declared in k = floor(V / (.9 threshold)) + 1 parts V / k exp(.03 Z): the
 * first at once, the others at uniform times within WINDOW days. */
enum { SPLITTERS = 200, WINDOW_MAX = 7, PARTS_MAX = 12 };
static const double threshold = 1000.0, window_days = 2.0, part_deviation = 0.03;
static const double split_share = 0.3;

struct habits {
    double rate_per_day, mean, deviation;
};

struct lodged {
    double day, log_value;
    bool is_part;
};

static unsigned parts_for(double value) {
    return 1 + (unsigned)(value / (0.9 * threshold));
}

/* Intensity of a group of declarations, oldest first, seen up to `now`: one consignment alone, or
 * the parts so far of one that is split. */
static double group_chance(const struct habits *habits, const struct lodged *const *group,
                           unsigned count, double now, bool *is_single) {
    double single = 0.0, mean = 0.0, squares = 0.0;
    if (count == 1) {
        double value = exp(group[0]->log_value);
        single = habits->rate_per_day *
                 normal_density(group[0]->log_value - habits->mean, habits->deviation) *
                 (value > threshold ? 1.0 - split_share : 1.0);
    }
    for (unsigned i = 0; i < count; i++) {
        mean += group[i]->log_value / count;
    }
    for (unsigned i = 0; i < count; i++) {
        squares += (group[i]->log_value - mean) * (group[i]->log_value - mean);
    }
    double elapsed = (now - group[0]->day) / window_days, parts = 0.0;
    elapsed = elapsed < 1.0 ? elapsed : 1.0;
    for (unsigned k = count > 2 ? count : 2; k <= PARTS_MAX; k++) {
        double whole = mean + log(k);
        if (exp(whole) <= threshold || parts_for(exp(whole)) != k) {
            continue;
        }
        double chance = habits->rate_per_day * split_share *
                        normal_density(whole - habits->mean, habits->deviation) / sqrt(count) *
                        exp(-0.5 * squares / (part_deviation * part_deviation)) *
                        pow(part_deviation * 2.5066282746310002, -(double)(count - 1));
        for (unsigned i = 1; i < count; i++) {
            chance *= (double)(k - i) / window_days; /* which of them, and when */
        }
        parts += chance * pow(1.0 - elapsed, (double)(k - count));
    }
    *is_single = single > 0.0;
    return count == 1 ? single : parts;
}

struct grouping {
    const struct habits *habits;
    const struct lodged *const *all;
    unsigned count;
    double now, part, alone;
    unsigned group_of[WINDOW_MAX];
};

static double part_alone(const struct habits *habits, const struct lodged *lodged, double now) {
    double elapsed = (now - lodged->day) / window_days, chance = 0.0;
    elapsed = elapsed < 1.0 ? elapsed : 1.0;
    for (unsigned k = 2; k <= PARTS_MAX; k++) {
        double whole = lodged->log_value + log(k);
        if (exp(whole) > threshold && parts_for(exp(whole)) == k) {
            chance += habits->rate_per_day * split_share *
                      normal_density(whole - habits->mean, habits->deviation) *
                      pow(1.0 - elapsed, (double)(k - 1));
        }
    }
    return chance;
}

/* The chance of one way to group, with the last declaration a part and with it alone. */
static void weigh(struct grouping *grouping, unsigned groups) {
    double part = 1.0, alone = 1.0;
    for (unsigned g = 0; g < groups; g++) {
        const struct lodged *members[WINDOW_MAX] = {NULL};
        unsigned count = 0;
        for (unsigned i = 0; i < grouping->count; i++) {
            if (grouping->group_of[i] == g) {
                members[count++] = grouping->all[i];
            }
        }
        bool is_single, has_last = members[count - 1] == grouping->all[grouping->count - 1];
        double chance = group_chance(grouping->habits, members, count, grouping->now, &is_single);
        double first_of_more =
            count == 1 ? part_alone(grouping->habits, members[0], grouping->now) : 0.0;
        if (has_last) {
            part *= count == 1 ? first_of_more : chance;
            alone *= count == 1 ? chance : 0.0;
        } else {
            part *= chance + first_of_more;
            alone *= chance + first_of_more;
        }
    }
    grouping->part += part;
    grouping->alone += alone;
}

static void group_from(struct grouping *grouping, unsigned next, unsigned groups) {
    if (next == grouping->count) {
        weigh(grouping, groups);
        return;
    }
    for (unsigned g = 0; g <= groups; g++) {
        grouping->group_of[next] = g;
        group_from(grouping, next + 1, groups + (g == groups));
    }
}

static double best_split_score(const struct habits *habits, const struct lodged *lodged,
                               unsigned last) {
    const struct lodged *window[WINDOW_MAX];
    unsigned first = last, count = 0;
    while (first > 0 && lodged[last].day - lodged[first - 1].day <= window_days &&
           last - first + 1 < WINDOW_MAX) {
        first--;
    }
    for (unsigned i = first; i <= last; i++) {
        window[count++] = &lodged[i];
    }
    struct grouping grouping = {habits, window, count, lodged[last].day, 0.0, 0.0, {0}};
    group_from(&grouping, 0, 0);
    return log(grouping.part + 1e-300) - log(grouping.alone + 1e-300);
}

static int by_day(const void *a_, const void *b_) {
    const struct lodged *a = a_, *b = b_;
    return (a->day > b->day) - (a->day < b->day);
}

/* One trader's year and more; returns how many declarations. */
static unsigned draw_trader(struct draws *draws, const struct habits *habits, double days,
                            struct lodged *lodged, unsigned room) {
    unsigned count = 0;
    for (double day = 0.0; count + PARTS_MAX < room;) {
        day -= log(draw_uniform(draws)) / habits->rate_per_day;
        if (day > days) {
            break;
        }
        double value = exp(habits->mean + habits->deviation * draw_normal(draws));
        unsigned parts = 1;
        if (value > threshold && parts_for(value) <= PARTS_MAX &&
            draw_uniform(draws) < split_share) {
            parts = parts_for(value);
        }
        for (unsigned i = 0; i < parts; i++) {
            double later = i == 0 ? 0.0 : window_days * draw_uniform(draws);
            double blur = parts == 1 ? 0.0 : part_deviation * draw_normal(draws);
            lodged[count++] = (struct lodged){day + later, log(value / parts) + blur, parts > 1};
        }
    }
    qsort(lodged, count, sizeof *lodged, by_day);
    return count;
}

static void test_splitting(void) {
    enum { ROOM = 2000 };
    /* of window and spread the detector is not told the truth */
    static const double values[] = {1000.0, 3.0, 0.05, 4096};
    struct arena arena = ARENA_INIT;
    struct draws draws = draws_of(32);
    struct contest contest = contest_begin(&arena, (size_t)SPLITTERS * ROOM);
    struct lodged *lodged = ARENA_ARRAY(&arena, struct lodged, ROOM);
    void *state = detector_create(&detector_splitting, values, &arena);
    for (unsigned t = 0; t < SPLITTERS; t++) {
        struct habits habits = {0.05 * exp(2.0 * draw_uniform(&draws)),
                                log(600.0) + 0.5 * draw_normal(&draws), 0.9};
        unsigned count = draw_trader(&draws, &habits, 700.0, lodged, ROOM);
        for (unsigned i = 0; i < count; i++) {
            struct declaration declaration = {.number = i + 1,
                                              .trader = t + 1,
                                              .goods = 620000,
                                              .time_ns = (int64_t)(lodged[i].day * 86400e9),
                                              .value = exp(lodged[i].log_value)};
            if (lodged[i].day > 150.0 && declaration.value < threshold) {
                contest_add(&contest, detector_splitting.score(state, &declaration),
                            best_split_score(&habits, lodged, i), lodged[i].is_part);
            }
            detector_splitting.learn(state, &declaration);
        }
    }
    CHECK(contest_end(&contest, "splitting below a threshold") >= share_found);
    arena_free(&arena);
}

int main(void) {
    test_duplicate();
    test_splitting();
    return test_summary();
}
