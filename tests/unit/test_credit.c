/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: credit.h's promises. Method: outcomes with awkward days, compared with the formula, with
 * one another in other orders, and with traders whose honesty is known. */
#include "tests/test.h"
#include "tests/theory/detector_data.h"

#include "core/risk/credit.h"

#include <math.h>

static struct credit_parts after(const struct credit_rules *rules, const enum credit_outcome *kinds,
                                 const int64_t *days, unsigned count, int64_t day) {
    struct credit credit = credit_begin(rules, 0);
    for (unsigned i = 0; i < count; i++) {
        credit_record(&credit, rules, kinds[i], days[i]);
    }
    credit_fade(&credit, rules, day);
    return credit_explain(&credit, rules);
}

static void test_formula(void) {
    struct credit_rules rules = credit_rules_usual();
    const enum credit_outcome kinds[] = {CREDIT_clean, CREDIT_fraud, CREDIT_clean};
    const int64_t days[] = {100, 200, 465};
    struct credit_parts parts = after(&rules, kinds, days, 3, 465);
    double good = 4.0 + 0.5 + 1.0; /* the first is a year old */
    double fraud = 10.0 * pow(0.5, 265.0 / 365.0);
    CHECK_NEAR(parts.score, 1000.0 * good / (good + 1.0 + fraud), 1e-9);
    CHECK_NEAR(parts.taken[CREDIT_fraud], 1000.0 * fraud / (good + 1.0 + fraud), 1e-9);
    double sum = parts.score + parts.unknown;
    for (unsigned i = 0; i < CREDIT_OUTCOME_COUNT; i++) {
        sum += parts.taken[i];
    }
    CHECK_NEAR(sum, 1000.0, 1e-9);
    const enum credit_outcome reordered[] = {CREDIT_clean, CREDIT_clean, CREDIT_fraud};
    const int64_t reordered_days[] = {465, 100, 200};
    CHECK_NEAR(after(&rules, reordered, reordered_days, 3, 465).score, parts.score, 1e-9);
}

static void test_appeal(void) {
    struct credit_rules rules = credit_rules_usual();
    struct credit credit = credit_begin(&rules, 0), innocent = credit;
    credit_record(&credit, &rules, CREDIT_undeclared, 17);
    credit_record(&innocent, &rules, CREDIT_clean, 17);
    credit_fade(&credit, &rules, 123);
    credit_fade(&innocent, &rules, 123);
    CHECK(credit_explain(&credit, &rules).score + 100.0 < credit_explain(&innocent, &rules).score);
    credit_appeal(&credit, &rules, CREDIT_undeclared, 17);
    CHECK_NEAR(credit_explain(&credit, &rules).score, credit_explain(&innocent, &rules).score,
               1e-9);
    CHECK(credit.weights[CREDIT_undeclared] == 0.0);
}

static void test_classes(void) {
    struct credit_rules rules = credit_rules_usual();
    struct credit credit = credit_begin(&rules, 0);
    CHECK_INT(credit.class, 2); /* 800 is the floor of B, not 10 above it */
    int rises = 0;
    for (int64_t day = 1; day <= 120; day++) {
        unsigned before = credit.class;
        credit_record(&credit, &rules, CREDIT_clean, day);
        CHECK(credit.class <= before);
        rises += credit.class < before;
    }
    CHECK_INT(rises, 2);
    CHECK_INT(credit.class, 0);
    credit_record(&credit, &rules, CREDIT_fraud, 121);
    CHECK_INT(credit.class, 1);
    char text[200];
    credit_print(&credit, &rules, text, sizeof text);
    CHECK_TEXT(text, "score 910 of 1000, class B: 82 for frauds, 8 for want of knowledge");
    credit_fade(&credit, &rules, 121 + 40 * 365);
    CHECK_NEAR(credit_explain(&credit, &rules).score, 800.0, 1e-6); /* all is forgotten */
    CHECK_INT(credit.class, 1); /* and the class kept: at its floor, not below */
    char small[20];
    credit_print(&credit, &rules, small, sizeof small);
    CHECK_INT(strlen(small), sizeof small - 1);
}

/* Traders who cheat in 2 % or in 15 % of the inspected consignments, 5 to 60 of them: the order by
 * score against the order by the likelihood ratio. */
static void test_order(void) {
    enum { TRADERS = 4000 };
    struct arena arena = ARENA_INIT;
    struct draws draws = draws_of(41);
    struct credit_rules rules = credit_rules_usual();
    rules.half_life_days = 1e9;
    struct contest contest = contest_begin(&arena, TRADERS);
    for (unsigned t = 0; t < TRADERS; t++) {
        bool is_false = draw_uniform(&draws) < 0.3;
        unsigned count = 5 + draw_below(&draws, 56), frauds = 0;
        struct credit credit = credit_begin(&rules, 0);
        for (unsigned i = 0; i < count; i++) {
            bool fraud = draw_uniform(&draws) < (is_false ? 0.15 : 0.02);
            frauds += fraud;
            credit_record(&credit, &rules, fraud ? CREDIT_fraud : CREDIT_clean, i);
        }
        double ratio =
            frauds * numeric_log(0.15 / 0.02) + (count - frauds) * numeric_log(0.85 / 0.98);
        contest_add(&contest, -credit_explain(&credit, &rules).score, ratio, is_false);
    }
    CHECK(contest_end(&contest, "trader credit") >= 0.95);
    arena_free(&arena);
}

int main(void) {
    test_formula();
    test_appeal();
    test_classes();
    test_order();
    return test_summary();
}
