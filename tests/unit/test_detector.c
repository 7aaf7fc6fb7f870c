/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: detector.h's promises: every detector stands missing and unknown values, keeps to the
 * memory it began with, and says in words what it found. */
#include "tests/test.h"
#include "tests/theory/detector_data.h"

static const struct declaration usual = {
    .number = 4711,
    .trader = 5,
    .seller = 6,
    .goods = 851712,
    .document = 77,
    .mass_kg = 20.0,
    .value = 3000.0,
    .duty_share = 0.03,
};

static struct declaration of_china(void) {
    struct declaration declaration = usual;
    declaration.origin = declaration.departure = declaration_country("CN");
    return declaration;
}

static void test_list(void) {
    CHECK(detector_find("splitting") == &detector_splitting);
    CHECK(detector_find("nothing") == NULL);
    for (unsigned i = 0; detector_all[i] != NULL; i++) {
        CHECK(detector_find(detector_all[i]->name) == detector_all[i]);
    }
}

/* Nothing declared at all, odd numbers, and a hundred thousand different declarations. */
static void test_any_input(void) {
    for (unsigned i = 0; detector_all[i] != NULL; i++) {
        const struct detector *detector = detector_all[i];
        struct arena arena = ARENA_INIT;
        struct draws draws = draws_of(61);
        void *state = detector_create(detector, NULL, &arena);
        size_t size = arena.total_size;
        char text[DETECTOR_TEXT_MAX];
        for (unsigned n = 0; n < 100000; n++) {
            struct declaration declaration = {0};
            uint32_t words[3] = {draw_below(&draws, 5000), draw_below(&draws, 9), 3};
            if (n % 4 != 0) {
                declaration = (struct declaration){
                    .time_ns = n * 1000000000LL,
                    .trader = draw_below(&draws, 90000),
                    .seller = draw_below(&draws, 9000),
                    .goods = draw_below(&draws, 1000000),
                    .origin = (uint16_t)draw_below(&draws, 65536),
                    .departure = (uint16_t)draw_below(&draws, 3),
                    .document = draw_below(&draws, 50000),
                    .mass_kg =
                        n % 3 == 0 ? numeric_from_bits(0x7ff8000000000000) : draw_normal(&draws),
                    .value = n % 5 == 0 ? 1e308 : draw_uniform(&draws) * 1e4,
                    .duty_share = n % 7 == 0 ? numeric_from_bits(0x7ff8000000000000) : 0.1,
                    .words = words,
                    .word_count = n % 2 == 0 ? 3 : 0,
                };
            }
            double score = detector->score(state, &declaration);
            CHECK(score == score && score < 1e300 && score > -1e300);
            if (n % 100 == 1) {
                detector->explain(state, &declaration, text, sizeof text);
                CHECK(strlen(text) < sizeof text - 1);
            }
            detector->learn(state, &declaration);
        }
        CHECK_INT(arena.total_size, size);
        arena_free(&arena);
    }
}

static void says(const struct detector *detector, const struct declaration *past, unsigned count,
                 const struct declaration *now, const char *expected) {
    struct arena arena = ARENA_INIT;
    char text[DETECTOR_TEXT_MAX];
    void *state = detector_create(detector, NULL, &arena);
    detector->explain(state, now, text, sizeof text);
    CHECK_TEXT(text, ""); /* nothing is known */
    for (unsigned round = 0; round < 30; round++) {
        for (unsigned i = 0; i < count; i++) {
            detector->learn(state, &past[i]);
        }
    }
    detector->explain(state, now, text, sizeof text);
    CHECK_TEXT(text, expected);
    arena_free(&arena);
}

static void test_words(void) {
    struct declaration now = of_china(), past[3] = {now, now, now};
    now.value = 930.0;
    says(&detector_undervaluation, past, 1, &now,
         "unit value 0.31 of the usual for HS 851712 from CN");
    says(&detector_none, past, 1, &now, "");

    uint32_t phone[] = {1, 2}, toy[] = {3, 4};
    past[0].words = phone, past[0].word_count = 2;
    past[1].goods = 851799, past[1].duty_share = 0.0;
    past[1].words = toy, past[1].word_count = 2;
    now = past[1];
    now.words = phone;
    says(&detector_misclassification, past, 2, &now,
         "described like HS 851712 (duty 3.0 %), declared as HS 851799 (0.0 %)");

    past[0] = past[1] = of_china();
    past[1].origin = declaration_country("VN"), past[1].duty_share = 0.0;
    past[1].seller = 9, past[1].departure = declaration_country("VN");
    now = of_china();
    now.origin = declaration_country("VN"), now.duty_share = 0.0;
    says(&detector_origin_shopping, past, 2, &now,
         "HS 851712 of this seller and route is usually from CN, which pays more");
}

static void test_streams(void) {
    struct arena arena = ARENA_INIT;
    char text[DETECTOR_TEXT_MAX];
    struct draws draws = draws_of(62);
    void *duplicates = detector_create(&detector_duplicate, NULL, &arena);
    void *splits = detector_create(&detector_splitting, NULL, &arena);
    struct declaration one = of_china();
    for (unsigned i = 0; i < 50; i++) {
        one.number++, one.document++;
        one.mass_kg = numeric_exp(draw_normal(&draws));
        one.value = 800.0 * numeric_exp(draw_normal(&draws));
        one.time_ns += 40 * 86400LL * 1000000000;
        detector_duplicate.learn(duplicates, &one);
        detector_splitting.learn(splits, &one);
    }
    struct declaration again = one;
    again.number = 1, again.value *= 1.3;
    detector_duplicate.explain(duplicates, &again, text, sizeof text);
    CHECK_TEXT(text, "7 of 8 fields as in declaration 4761");
    for (unsigned i = 0; i < 3; i++) {
        one.time_ns += i == 0 ? 20 * 86400LL * 1000000000 : 3600LL * 1000000000;
        one.value = 850.0 + i;
        detector_splitting.explain(splits, &one, text, sizeof text);
        CHECK_TEXT(
            text, i == 0   ? ""
                  : i == 1 ? "2 declarations of about the same value within 3 days, 1701 together"
                           : "3 declarations of about the same value within 3 days, 2553 together");
        detector_splitting.learn(splits, &one);
    }
    arena_free(&arena);
}

int main(void) {
    test_list();
    test_any_input();
    test_words();
    test_streams();
    return test_summary();
}
