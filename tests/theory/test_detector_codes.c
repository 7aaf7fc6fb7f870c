/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: what the detectors of wrong codes, wrong origins, duplicates and splits find is at least 90
 * % of what can be found.
 * Method: made data whose truth and chances are known. The best score is the logarithm of the
 * posterior odds under those chances, by Bayes' rule; the detectors see the declarations alone and
 * learn from all of them, false ones included. */
#include "tests/test.h"
#include "tests/theory/detector_data.h"

#include <math.h>

static const double share_found = 0.9;

/* Ten codes in each of four chapters; each code has words of its own beside those of the language.
 * One in ten declares a code of the chapter that pays less, if there is one. */
enum { CHAPTERS = 4, CODES = 10, OWN_WORDS = 30, GENERAL_WORDS = 500, WORDS = 4 };
static const double general_share = 0.6;

struct language {
    double duty_shares[CHAPTERS][CODES], popularity[CHAPTERS][CODES];
    uint32_t own_words[CHAPTERS][CODES][OWN_WORDS]; /* neighbours share some */
    double own_weights[OWN_WORDS], own_total;
};

static void make_language(struct draws *draws, struct language *language) {
    static const double duties[] = {0.0, 0.03, 0.08, 0.13};
    language->own_total = 0.0;
    for (unsigned w = 0; w < OWN_WORDS; w++) {
        language->own_total += language->own_weights[w] = 1.0 / (1.0 + w);
    }
    for (unsigned c = 0; c < CHAPTERS; c++) {
        for (unsigned h = 0; h < CODES; h++) {
            language->duty_shares[c][h] = duties[draw_below(draws, 4)];
            language->popularity[c][h] = numeric_exp(draw_normal(draws));
            for (unsigned w = 0; w < OWN_WORDS; w++) {
                language->own_words[c][h][w] = 1 + GENERAL_WORDS + c * 150 + draw_below(draws, 150);
            }
        }
    }
}

static double word_chance(const struct language *language, unsigned c, unsigned h, uint32_t word) {
    if (word <= GENERAL_WORDS) {
        return general_share / GENERAL_WORDS;
    }
    double weight = 0.0;
    for (unsigned w = 0; w < OWN_WORDS; w++) {
        weight += language->own_words[c][h][w] == word ? language->own_weights[w] : 0.0;
    }
    return (1.0 - general_share) * weight / language->own_total;
}

static unsigned cheaper_codes(const double *duty_shares, unsigned h, unsigned *cheaper) {
    unsigned count = 0;
    for (unsigned other = 0; other < CODES; other++) {
        if (duty_shares[other] < duty_shares[h]) {
            cheaper[count++] = other;
        }
    }
    return count;
}

static double best_code_score(const struct language *language, unsigned c, unsigned declared,
                              const uint32_t *words, double false_share) {
    double falses = 0.0, honest = 0.0;
    for (unsigned h = 0; h < CODES; h++) {
        unsigned cheaper[CODES], count = cheaper_codes(language->duty_shares[c], h, cheaper);
        double chance = language->popularity[c][h];
        for (unsigned w = 0; w < WORDS; w++) {
            chance *= word_chance(language, c, h, words[w]);
        }
        if (h == declared) {
            honest = chance * (count > 0 ? 1.0 - false_share : 1.0);
        } else if (language->duty_shares[c][declared] < language->duty_shares[c][h]) {
            falses += chance * false_share / count;
        }
    }
    return log(falses + 1e-300) - log(honest + 1e-300);
}

static void test_misclassification(void) {
    enum { LEARN = 20000, COUNT = 40000 };
    static const double false_share = 0.1;
    struct arena arena = ARENA_INIT;
    struct draws draws = draws_of(21);
    struct language *language = ARENA_NEW(&arena, struct language);
    make_language(&draws, language);
    struct contest contest = contest_begin(&arena, COUNT);
    void *state = detector_create(&detector_misclassification, NULL, &arena);
    for (unsigned i = 0; i < LEARN + COUNT; i++) {
        unsigned c = draw_below(&draws, CHAPTERS), cheaper[CODES];
        unsigned h = draw_weighted(&draws, language->popularity[c], CODES), declared = h;
        unsigned count = cheaper_codes(language->duty_shares[c], h, cheaper);
        bool is_false = count > 0 && draw_uniform(&draws) < false_share;
        declared = is_false ? cheaper[draw_below(&draws, count)] : h;
        uint32_t words[WORDS];
        for (unsigned w = 0; w < WORDS; w++) {
            words[w] = draw_uniform(&draws) < general_share
                           ? 1 + draw_below(&draws, GENERAL_WORDS)
                           : language->own_words[c][h][draw_weighted(&draws, language->own_weights,
                                                                     OWN_WORDS)];
        }
        struct declaration declaration = {.goods = 840000 + c * 10000 + declared,
                                          .duty_share = language->duty_shares[c][declared],
                                          .words = words,
                                          .word_count = WORDS};
        if (i >= LEARN) {
            contest_add(&contest, detector_misclassification.score(state, &declaration),
                        best_code_score(language, c, declared, words, false_share), is_false);
        }
        detector_misclassification.learn(state, &declaration);
    }
    CHECK(contest_end(&contest, "misclassification") >= share_found);
    arena_free(&arena);
}

/* Goods come from eight origins, by their own shares; a seller has a home, where most of what he
 * sells is made; most goods leave from their origin, the others from a hub. One in ten names an
 * origin that pays less, if there is one, but route and seller stay. */
enum { KINDS = 30, LANDS = 8, SELLERS = 200 };

struct trade {
    double duty_shares[KINDS][LANDS], shares[KINDS][LANDS];
    unsigned homes[SELLERS];
};

static const double home_share = 0.7, direct_share = 0.6;

/* P(true origin and departure | goods, seller). */
static double origin_chance(const struct trade *trade, unsigned kind, unsigned seller,
                            unsigned origin, unsigned departure) {
    double total = 0.0;
    for (unsigned o = 0; o < LANDS; o++) {
        total += trade->shares[kind][o];
    }
    double chance = (1.0 - home_share) * trade->shares[kind][origin] / total +
                    (trade->homes[seller] == origin ? home_share : 0.0);
    double hub = (1.0 - direct_share) / 2.0; /* two hubs: 0 and 1 */
    return chance * ((departure == origin ? direct_share : 0.0) + (departure < 2 ? hub : 0.0));
}

static unsigned cheaper_lands(const double *duty_shares, unsigned origin, unsigned *cheaper) {
    unsigned count = 0;
    for (unsigned other = 0; other < LANDS; other++) {
        if (duty_shares[other] < duty_shares[origin]) {
            cheaper[count++] = other;
        }
    }
    return count;
}

static double best_origin_score(const struct trade *trade, unsigned kind, unsigned seller,
                                unsigned declared, unsigned departure, double false_share) {
    double falses = 0.0, honest = 0.0;
    for (unsigned o = 0; o < LANDS; o++) {
        unsigned cheaper[LANDS], count = cheaper_lands(trade->duty_shares[kind], o, cheaper);
        double chance = origin_chance(trade, kind, seller, o, departure);
        if (o == declared) {
            honest = chance * (count > 0 ? 1.0 - false_share : 1.0);
        } else if (trade->duty_shares[kind][declared] < trade->duty_shares[kind][o]) {
            falses += chance * false_share / count;
        }
    }
    return log(falses + 1e-300) - log(honest + 1e-300);
}

static void make_trade(struct draws *draws, struct trade *trade) {
    static const double duties[] = {0.0, 0.04, 0.1, 0.25};
    for (unsigned k = 0; k < KINDS; k++) {
        for (unsigned o = 0; o < LANDS; o++) {
            trade->duty_shares[k][o] = duties[draw_below(draws, 4)];
            trade->shares[k][o] = numeric_exp(1.5 * draw_normal(draws));
        }
    }
    for (unsigned s = 0; s < SELLERS; s++) {
        trade->homes[s] = draw_below(draws, LANDS);
    }
}

static void test_origin_shopping(void) {
    enum { LEARN = 30000, COUNT = 60000 };
    static const double false_share = 0.1;
    struct arena arena = ARENA_INIT;
    struct draws draws = draws_of(22);
    struct trade *trade = ARENA_NEW(&arena, struct trade);
    make_trade(&draws, trade);
    struct contest contest = contest_begin(&arena, COUNT);
    void *state = detector_create(&detector_origin_shopping, NULL, &arena);
    for (unsigned i = 0; i < LEARN + COUNT; i++) {
        unsigned seller = draw_below(&draws, SELLERS), cheaper[LANDS];
        unsigned kind = (seller * 7 + draw_below(&draws, 4)) % KINDS; /* each sells four kinds */
        unsigned origin = draw_uniform(&draws) < home_share
                              ? trade->homes[seller]
                              : draw_weighted(&draws, trade->shares[kind], LANDS);
        unsigned departure = draw_uniform(&draws) < direct_share ? origin : draw_below(&draws, 2);
        unsigned count = cheaper_lands(trade->duty_shares[kind], origin, cheaper);
        bool is_false = count > 0 && draw_uniform(&draws) < false_share;
        unsigned declared = is_false ? cheaper[draw_below(&draws, count)] : origin;
        uint16_t first = declaration_country("AA");
        struct declaration declaration = {.goods = 100000 + kind,
                                          .seller = seller + 1,
                                          .origin = (uint16_t)(first + declared),
                                          .departure = (uint16_t)(first + departure),
                                          .duty_share = trade->duty_shares[kind][declared]};
        if (i >= LEARN) {
            contest_add(&contest, detector_origin_shopping.score(state, &declaration),
                        best_origin_score(trade, kind, seller, declared, departure, false_share),
                        is_false);
        }
        detector_origin_shopping.learn(state, &declaration);
    }
    CHECK(contest_end(&contest, "origin shopping") >= share_found);
    arena_free(&arena);
}

int main(void) {
    test_misclassification();
    test_origin_shopping();
    return test_summary();
}
