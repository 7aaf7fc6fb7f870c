/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: what the detectors of low prices find is what can be found.
 * Method: made data. Log unit values of goods and origins are normal around a hidden market; false
 * ones are lower by a known factor. With the market known the score of a declaration is its
 * distance, whose area under the curve is Phi(|ln factor| / (sigma sqrt 2)); of a trader it is the
 * likelihood ratio of all his declarations. The detectors learn the market from the same stream,
 * false prices included. */
#include "tests/test.h"
#include "tests/theory/detector_data.h"

#include "core/risk/market.h"

#include <math.h>

enum { GOODS = 40, ORIGINS = 5 };

static void draw_market(struct draws *draws, double market[GOODS][ORIGINS]) {
    for (unsigned g = 0; g < GOODS; g++) {
        double level = 2.0 + draw_normal(draws);
        for (unsigned o = 0; o < ORIGINS; o++) {
            market[g][o] = level + 0.3 * draw_normal(draws);
        }
    }
}

static struct declaration draw_goods(struct draws *draws, unsigned *g, unsigned *o) {
    *g = draw_below(draws, GOODS), *o = draw_below(draws, ORIGINS);
    return (struct declaration){.goods = 840000 + *g,
                                .origin = declaration_country("AA") + (uint16_t)*o,
                                .mass_kg = numeric_exp(3.0 + draw_normal(draws))};
}

static void undervaluation(double sigma, double factor, double *ours_share) {
    enum { LEARN = 20000, COUNT = 150000 };
    struct arena arena = ARENA_INIT;
    struct draws draws = draws_of(11);
    double market[GOODS][ORIGINS];
    draw_market(&draws, market);
    struct contest contest = contest_begin(&arena, COUNT);
    void *state = detector_create(&detector_undervaluation, NULL, &arena);
    for (unsigned i = 0; i < LEARN + COUNT; i++) {
        unsigned g, o;
        struct declaration declaration = draw_goods(&draws, &g, &o);
        bool is_false = draw_uniform(&draws) < 0.1;
        double price =
            market[g][o] + sigma * draw_normal(&draws) + (is_false ? numeric_log(factor) : 0.0);
        declaration.value = declaration.mass_kg * numeric_exp(price);
        if (i >= LEARN) {
            contest_add(&contest, detector_undervaluation.score(state, &declaration),
                        market[g][o] - price, is_false);
        }
        detector_undervaluation.learn(state, &declaration);
    }
    char name[64];
    snprintf(name, sizeof name, "undervaluation, sigma %.1f, x %.1f", sigma, factor);
    *ours_share = contest_end(&contest, name);
    double closed_form = 0.5 * erfc(numeric_log(factor) / sigma / 2.0); /* Phi(d / sqrt 2) */
    double standard_error = 0.5 / sqrt(0.1 * COUNT);                    /* at most */
    CHECK_NEAR(area_under_curve(contest.best, contest.count), closed_form, 3.3 * standard_error);
    double ours = area_under_curve(contest.ours, contest.count);
    CHECK(ours - 0.5 >= 0.95 * (closed_form - 0.5) - 3.3 * standard_error);
    arena_free(&arena);
}

static void test_undervaluation(void) {
    const double sigmas[] = {0.3, 0.5, 0.8}, factors[] = {0.3, 0.5, 0.7};
    for (unsigned i = 0; i < 9; i++) {
        double share;
        undervaluation(sigmas[i / 3], factors[i % 3], &share);
        CHECK(share >= 0.95);
    }
}

static void test_trader_bias(void) {
    enum { TRADERS = 3000, COUNT = 250000 };
    static const double sigma = 0.5, bias = 0.1;
    static double best[TRADERS], last[TRADERS];
    struct arena arena = ARENA_INIT;
    struct draws draws = draws_of(12);
    double market[GOODS][ORIGINS], weights[TRADERS], total = 0.0;
    draw_market(&draws, market);
    for (unsigned t = 0; t < TRADERS; t++) {
        weights[t] = total += numeric_exp(0.7 * draw_normal(&draws));
    }
    void *state = detector_create(&detector_trader_bias, NULL, &arena);
    for (unsigned i = 0; i < COUNT; i++) {
        unsigned g, o, t = 0;
        struct declaration declaration = draw_goods(&draws, &g, &o);
        double at = draw_uniform(&draws) * total;
        for (unsigned step = 2048; step > 0; step /= 2) {
            t += t + step <= TRADERS && weights[t + step - 1] <= at ? step : 0;
        }
        bool is_false = t % 5 == 0;
        double price = market[g][o] + sigma * draw_normal(&draws) - (is_false ? bias : 0.0);
        declaration.trader = t + 1;
        declaration.value = declaration.mass_kg * numeric_exp(price);
        double step = bias / sigma;
        best[t] += step * (market[g][o] - price) / sigma - 0.5 * step * step;
        last[t] = detector_trader_bias.score(state, &declaration);
        detector_trader_bias.learn(state, &declaration);
    }
    struct contest contest = contest_begin(&arena, TRADERS);
    for (unsigned t = 0; t < TRADERS; t++) {
        contest_add(&contest, last[t], best[t], t % 5 == 0);
    }
    CHECK(contest_end(&contest, "trader's long-run bias of 10 %") >= 0.9);
    arena_free(&arena);
}

/* The market itself: location and scale of a normal, with a tenth of the values far off. */
static void test_market(void) {
    struct arena arena = ARENA_INIT;
    struct market market;
    struct draws draws = draws_of(13);
    market_init(&market, 64, &arena);
    struct declaration one = {.goods = 851712, .origin = declaration_country("CN"), .mass_kg = 2.0};
    CHECK_INT(market_ask(&market, one.goods, one.origin).count, 0);
    for (unsigned i = 0; i < 20000; i++) {
        double x = 3.0 + 0.4 * draw_normal(&draws) - (draw_uniform(&draws) < 0.1 ? 2.0 : 0.0);
        one.value = one.mass_kg * numeric_exp(x);
        market_learn(&market, &one);
    }
    struct market_price price = market_ask(&market, one.goods, one.origin);
    CHECK_NEAR(price.location, 3.0, 0.09); /* a mean would lie at 2.8 */
    CHECK_NEAR(price.scale, 0.45, 0.08);   /* a standard deviation at 0.72 */
    CHECK(market_ask(&market, one.goods, declaration_country("KR")).count > 0); /* from anywhere */
    CHECK_INT(market_ask(&market, 999999, one.origin).count, 0);
    one.mass_kg = 0.0;
    CHECK(isnan(market_shortfall(&market, &one)));
    arena_free(&arena);
}

int main(void) {
    test_market();
    test_undervaluation();
    test_trader_bias();
    return test_summary();
}
