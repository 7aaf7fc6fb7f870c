/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: a quota gives out what it has, to whom the law says, and never more.
 * Method: the published cases; small books worked out by hand; 10^6 random events with all balances
 * recomputed from the draws beside the book, and each date settled again in another order. */
#include "core/tariff/quota.h"

#include "core/base/units.h"
#include "tests/test.h"

#include <stdarg.h>

static int64_t day_of(const char *text) {
    int64_t day = 0;
    struct error err = ERROR_INIT;
    CHECK(units_parse_date(text, &day, (struct place){0}, &err) == 0);
    return day;
}

static struct exact number(const char *text) {
    struct exact value = exact_integer(0);
    CHECK(exact_parse(text, &value) == 0);
    return value;
}

static void is_exactly(struct exact value, const char *expected) {
    char text[96];
    exact_print(exact_reduced(value), text);
    CHECK_TEXT(text, expected);
}

static int read_quotas(struct arena *arena, const char *text, struct quotas *quotas,
                       struct error *err) {
    const struct node *node = node_read_text(arena, "quotas.yml", text, strlen(text), err);
    return node == NULL ? -1 : quota_read(node, arena, quotas, err);
}

static void open_book(struct arena *arena, const char *text, struct quotas *quotas,
                      struct quota_book *book) {
    struct error err = ERROR_INIT;
    if (read_quotas(arena, text, quotas, &err) < 0) {
        printf("%d:%d: %s\n", err.line, err.column, err.text);
        CHECK(false);
        exit(1);
    }
    quota_book_open(book, quotas, arena);
}

static struct quota_draw draw_of(const struct quotas *quotas, const char *order_number,
                                 const char *day, const char *asked) {
    int64_t accepted = day_of(day);
    return (struct quota_draw){.definition = quota_find(quotas, order_number, accepted),
                               .accepted_day = accepted,
                               .asked = number(asked),
                               .licence_left = exact_integer(0)};
}

static int allocate(struct quota_book *book, struct quota_draw *draws, unsigned count,
                    const char *today) {
    struct error err = ERROR_INIT;
    return quota_allocate(book, draws, count, day_of(today), &err);
}

/* "052016" of the British quota pages: 22,000 kg, 1,727.2 kg left, critical at 90 %. */
static void test_published_critical(void) {
    struct arena arena = ARENA_INIT;
    struct quotas quotas;
    struct quota_book book;
    open_book(&arena,
              "\"052016\":\n  unit: kg\n  definitions:\n"
              "  - {from: 2021-01-01, to: 2021-12-31, volume: 22000.0, balance: 1727.2}\n",
              &quotas, &book);
    struct exact percent, rounded;
    CHECK(exact_multiply(quota_used_share(&book, 0), exact_integer(100), &percent) == 0);
    CHECK(exact_round(percent, (struct rounding){ROUNDING_HALF_UP, exact_ratio(1, 10000)},
                      &rounded) == 0);
    is_exactly(rounded, "92.1491");
    CHECK(quota_is_critical(&book, 0, day_of("2021-06-01")));
    arena_free(&arena);
}

/* 60 of 100 tonnes of beef fit: the goods are split in the middle of a draw. */
static void test_published_split(void) {
    struct arena arena = ARENA_INIT;
    struct quotas quotas;
    struct quota_book book;
    struct error err = ERROR_INIT;
    open_book(&arena,
              "beef:\n  unit: kg\n  definitions:\n"
              "  - {from: 2024-01-01, to: 2024-12-31, volume: 1000000, balance: 60000}\n",
              &quotas, &book);
    struct quota_draw draw = draw_of(&quotas, "beef", "2024-05-02", "100000");
    CHECK(quota_preview(&book, &draw, day_of("2024-05-02"), &err) == 0);
    is_exactly(draw.granted, "60000");
    CHECK_INT(draw.outcome, QUOTA_PART);
    is_exactly(book.balances[0].balance, "60000"); /* nothing happened yet */
    draw.outcome = QUOTA_WAITING;
    CHECK_INT(allocate(&book, &draw, 1, "2024-05-02"), 1);
    is_exactly(draw.granted, "60000");
    CHECK_INT(draw.outcome, QUOTA_PART);
    struct quota_draw late = draw_of(&quotas, "beef", "2024-05-03", "1");
    CHECK_INT(allocate(&book, &late, 1, "2024-05-03"), 1);
    CHECK_INT(late.outcome, QUOTA_EMPTY);
    arena_free(&arena);
}

/* Carcass counts one for one, boneless mutton 1.81: 55.5 t and 12.25 t draw 77.6725 t. */
static void test_published_coefficient(void) {
    struct arena arena = ARENA_INIT;
    struct quotas quotas;
    struct quota_book book;
    open_book(&arena,
              "carcass:\n  unit: t\n  definitions:\n"
              "  - {from: 2021-01-01, to: 2021-12-31, volume: 100}\n"
              "mutton:\n  unit: t\n  part_of: {quota: carcass, relation: equivalent, "
              "coefficient: 1.81}\n  definitions:\n  - {from: 2021-01-01, to: 2021-12-31}\n",
              &quotas, &book);
    struct quota_draw draws[] = {draw_of(&quotas, "carcass", "2021-02-03", "55.5"),
                                 draw_of(&quotas, "mutton", "2021-02-03", "12.25")};
    CHECK_INT(allocate(&book, draws, 2, "2021-02-03"), 2);
    int carcass = quota_find(&quotas, "carcass", day_of("2021-02-03"));
    int mutton = quota_find(&quotas, "mutton", day_of("2021-02-03"));
    is_exactly(book.balances[carcass].drawn, "77.6725");
    is_exactly(book.balances[mutton].drawn, "12.25");
    /* 22.3275 / 1.81 = 12.3356..., and a step down */
    is_exactly(quota_available(&book, mutton), "12.335");
    is_exactly(quota_used_share(&book, mutton), "0.776725");
    arena_free(&arena);
}

/* 320 are claimed of a part with 300 left, whose main has 1,000: 300, and 700 stay for others. */
static void test_published_part_binds(void) {
    struct arena arena = ARENA_INIT;
    struct quotas quotas;
    struct quota_book book;
    const char *text = "main:\n  unit: kg\n  definitions:\n"
                       "  - {from: 2021-01-01, to: 2021-12-31, volume: 1000}\n"
                       "part:\n  unit: kg\n  part_of: {quota: main}\n  definitions:\n"
                       "  - {from: 2021-01-01, to: 2021-06-30, volume: 300}\n"
                       "  - {from: 2021-07-01, to: 2021-12-31, volume: 900}\n";
    open_book(&arena, text, &quotas, &book);
    struct quota_draw draw = draw_of(&quotas, "part", "2021-02-03", "320");
    CHECK_INT(allocate(&book, &draw, 1, "2021-02-03"), 1);
    is_exactly(draw.granted, "300");
    is_exactly(book.balances[draw.definition].balance, "0");
    is_exactly(book.balances[quota_find(&quotas, "main", draw.accepted_day)].balance, "700");
    struct quota_draw second = draw_of(&quotas, "part", "2021-08-01", "800");
    CHECK_INT(allocate(&book, &second, 1, "2021-08-01"), 1);
    is_exactly(second.granted, "700"); /* here the main binds */
    is_exactly(book.balances[second.definition].balance, "200");
    arena_free(&arena);
}

/* A main is asked only for what its parts can give: 600 of a part with 300 and 700 beside it. */
static void test_part_before_main(void) {
    struct arena arena = ARENA_INIT;
    struct quotas quotas;
    struct quota_book book;
    open_book(&arena,
              "main:\n  unit: kg\n  definitions:\n"
              "  - {from: 2021-01-01, to: 2021-12-31, volume: 1000}\n"
              "part:\n  unit: kg\n  part_of: {quota: main}\n  definitions:\n"
              "  - {from: 2021-01-01, to: 2021-12-31, volume: 300}\n",
              &quotas, &book);
    struct quota_draw draws[] = {draw_of(&quotas, "main", "2021-02-03", "700"),
                                 draw_of(&quotas, "part", "2021-02-03", "400"),
                                 draw_of(&quotas, "part", "2021-02-03", "200")};
    CHECK_INT(allocate(&book, draws, 3, "2021-02-03"), 3);
    is_exactly(draws[0].granted, "700");
    is_exactly(draws[1].granted, "200");
    is_exactly(draws[2].granted, "100");
    arena_free(&arena);
}

static const char WINE[] = "wine:\n  unit: hl\n  step: 1\n  definitions:\n"
                           "  - from: 2022-01-01\n    to: 2022-12-31\n    volume: 100\n"
                           "    blocked: [{from: 2022-01-01, to: 2022-01-10}]\n"
                           "    suspended: [{from: 2022-05-01, to: 2022-05-31}]\n"
                           "    carry_over: {share: 50 %, max: 30, on: 2023-02-01}\n"
                           "  - {from: 2023-01-01, to: 2023-12-31, volume: 200}\n";

static void test_dates(void) {
    struct arena arena = ARENA_INIT;
    struct quotas quotas;
    struct quota_book book;
    open_book(&arena, WINE, &quotas, &book);
    struct quota_draw draws[] = {
        draw_of(&quotas, "wine", "2022-01-04", "50"), draw_of(&quotas, "wine", "2022-01-03", "60"),
        draw_of(&quotas, "wine", "2022-05-31", "1"),  draw_of(&quotas, "wine", "2022-01-04", "30"),
        draw_of(&quotas, "wine", "2022-01-05", "1"),  draw_of(&quotas, "wine", "2022-06-01", "1")};
    draws[5].definition = 1;                               /* not yet open */
    CHECK_INT(allocate(&book, draws, 6, "2022-01-10"), 0); /* blocked, or to come */
    CHECK_INT(draws[1].outcome, QUOTA_WAITING);
    CHECK_INT(allocate(&book, draws, 6, "2022-01-11"), 4);
    is_exactly(draws[1].granted, "60"); /* the earlier date first */
    is_exactly(draws[0].granted, "25"); /* 40 left for 80: half each */
    is_exactly(draws[3].granted, "15");
    CHECK_INT(draws[3].outcome, QUOTA_PART);
    CHECK_INT(draws[4].outcome, QUOTA_EMPTY);
    CHECK_INT(allocate(&book, draws, 6, "2022-06-01"), 2);
    CHECK_INT(draws[2].outcome, QUOTA_SUSPENDED);
    CHECK_INT(draws[5].outcome, QUOTA_CLOSED);
    CHECK_INT(allocate(&book, draws, 6, "2022-06-02"), 0); /* settled once */
    CHECK_INT(quota_find(&quotas, "wine", day_of("2021-12-31")), -1);
    CHECK_INT(quota_find(&quotas, "wine", day_of("2022-12-31")), 0);
    CHECK_INT(quota_find(&quotas, "wine", day_of("2023-01-01")), 1);
    CHECK_INT(quota_find(&quotas, "vine", day_of("2023-01-01")), -1);
    CHECK_TEXT(quota_outcome_name(draws[2].outcome), "suspended");
    arena_free(&arena);
}

static void test_return_and_carry_over(void) {
    struct arena arena = ARENA_INIT;
    struct quotas quotas;
    struct quota_book book;
    struct error err = ERROR_INIT;
    open_book(&arena, WINE, &quotas, &book);
    struct quota_draw draw = draw_of(&quotas, "wine", "2022-04-01", "90");
    int64_t today = day_of("2022-04-02");
    CHECK_INT(allocate(&book, &draw, 1, "2022-04-02"), 1);
    CHECK(quota_is_critical(&book, 0, today));      /* exactly 90 % */
    CHECK(!quota_is_critical(&book, 0, today - 1)); /* accepted before it was known */
    CHECK(quota_return(&book, &draw, number("90.5"), today, &err) < 0);
    err = (struct error)ERROR_INIT;
    CHECK(quota_return(&book, &draw, number("0.5"), today, &err) < 0);
    CHECK_TEXT(err.text, "quota wine: a return of less than its step");
    CHECK(quota_return(&book, &draw, number("45"), today + 9, &err) == 0);
    CHECK(quota_return(&book, &draw, number("46"), today + 9, &err) < 0);
    is_exactly(book.balances[0].balance, "55");
    CHECK(!quota_is_critical(&book, 0, today + 9)); /* no longer */
    CHECK_INT(quota_carry_over(&book, 0, day_of("2023-01-31")), 0);
    CHECK_INT(quota_carry_over(&book, 0, day_of("2023-02-01")), 1);
    CHECK_INT(quota_carry_over(&book, 0, day_of("2023-02-02")), 0); /* once */
    is_exactly(book.balances[0].balance, "28");                     /* 27.5, a step down: 27 */
    is_exactly(book.balances[1].balance, "227");
    is_exactly(book.balances[1].transferred_in, "27");
    CHECK(quota_transfer(&book, 1, 0, number("228"), today, &err) < 0);
    CHECK(quota_transfer(&book, 1, 0, number("227"), today, &err) == 0);
    CHECK_INT(exact_sign(book.balances[1].balance), 0);
    is_exactly(quota_used_share(&book, 1), "1"); /* no volume is left to it */
    arena_free(&arena);
}

static void test_licence_and_order(void) {
    struct arena arena = ARENA_INIT;
    struct quotas quotas;
    struct quota_book book;
    open_book(&arena,
              "rice:\n  unit: kg\n  ties: in_order\n  licensed: true\n"
              "  critical: {at: 75 %, from_opening: true}\n  definitions:\n"
              "  - {from: 2022-01-01, to: 2022-12-31, volume: 100}\n"
              "sugar:\n  unit: kg\n  critical: {at: 75 %, stays: true}\n  definitions:\n"
              "  - {from: 2022-01-01, to: 2022-12-31, volume: 100}\n",
              &quotas, &book);
    struct quota_draw draws[4];
    for (int i = 0; i < 4; i++) {
        draws[i] = draw_of(&quotas, "rice", "2022-01-04", "60");
        draws[i].licence_left = exact_integer(i == 1 ? 35 : i == 2 ? 0 : 60);
    }
    CHECK_INT(allocate(&book, draws, 4, "2022-01-04"), 4);
    is_exactly(draws[0].granted, "60"); /* as they stand, not by shares */
    is_exactly(draws[1].granted, "35"); /* as far as the licence goes */
    CHECK_INT(draws[2].outcome, QUOTA_UNLICENSED);
    is_exactly(draws[3].granted, "5");
    CHECK(quota_is_critical(&book, 0, day_of("2022-01-01")));

    struct quota_draw sugar = draw_of(&quotas, "sugar", "2022-01-04", "75");
    struct error err = ERROR_INIT;
    CHECK(!quota_is_critical(&book, 1, day_of("2022-01-04")));
    CHECK_INT(allocate(&book, &sugar, 1, "2022-01-04"), 1);
    CHECK(quota_is_critical(&book, 1, day_of("2022-01-04")));
    CHECK(quota_return(&book, &sugar, number("75"), day_of("2022-01-05"), &err) == 0);
    CHECK(quota_is_critical(&book, 1, day_of("2022-01-06"))); /* stays */
    arena_free(&arena);
}

static void test_bad_draws(void) {
    struct arena arena = ARENA_INIT;
    struct quotas quotas;
    struct quota_book book;
    struct error err = ERROR_INIT;
    open_book(&arena, WINE, &quotas, &book);
    struct quota_draw draws[2] = {draw_of(&quotas, "wine", "2022-04-01", "5"),
                                  draw_of(&quotas, "wine", "2022-04-01", "-1")};
    CHECK_INT(quota_allocate(&book, draws, 2, day_of("2022-04-01"), &err), -1);
    CHECK_INT(draws[0].outcome, QUOTA_WAITING); /* nothing was settled */
    draws[1].asked = exact_integer(QUOTA_VOLUME_MAX + 1);
    CHECK_INT(quota_allocate(&book, draws, 2, day_of("2022-04-01"), &err), -1);
    draws[1].definition = 2;
    err = (struct error)ERROR_INIT;
    CHECK_INT(quota_preview(&book, &draws[1], day_of("2022-04-01"), &err), -1);
    CHECK_TEXT(err.text, "a draw on a quota definition that doesn't exist");
    arena_free(&arena);
}

/* --- 10^6 random events --- */

static const char FOREST[] =
    "a0:\n  unit: kg\n  definitions:\n"
    "  - {from: 2022-01-01, to: 2022-12-31, volume: 900000000.123, "
    "carry_over: {share: 33.3 %, on: 2023-01-05}}\n"
    "  - {from: 2023-01-01, to: 2024-12-31, volume: 1}\n"
    "a1:\n  unit: kg\n  part_of: {quota: a0, coefficient: 1.5}\n  definitions:\n"
    "  - {from: 2022-01-01, to: 2022-12-31, volume: 200000000.5, "
    "blocked: [{from: 2022-02-01, to: 2022-02-05}]}\n"
    "a2:\n  unit: kg\n  part_of: {quota: a0, coefficient: 0.7031}\n  definitions:\n"
    "  - {from: 2022-01-01, to: 2022-12-31, volume: 300000000.999}\n"
    "a3:\n  unit: kg\n  part_of: {quota: a2, relation: equivalent, coefficient: 1.81}\n"
    "  definitions:\n  - {from: 2022-01-01, to: 2022-12-31}\n"
    "b0:\n  unit: kg\n  ties: in_order\n  step: 1\n  definitions:\n"
    "  - {from: 2022-01-01, to: 2022-12-31, volume: 150000000}\n"
    "b1:\n  unit: kg\n  step: 0.01\n  part_of: {quota: b0}\n  definitions:\n"
    "  - {from: 2022-01-01, to: 2022-12-31, volume: 120000000}\n";

static uint64_t mix(uint64_t *state) { /* splitmix64 */
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static struct exact plus(struct exact a, struct exact b) {
    CHECK(exact_add(a, b, &a) == 0);
    return exact_reduced(a);
}

static struct exact times(struct exact a, struct exact b) {
    CHECK(exact_multiply(a, b, &a) == 0);
    return exact_reduced(a);
}

enum { DEFINITIONS = 7, DAYS = 400, PER_DATE_MAX = 40 };

/* What each definition granted and got back, from the draws alone; mains from their parts. */
static void check_conservation(const struct quota_book *book, const struct exact granted[],
                               const struct exact returned[]) {
    for (unsigned i = 0; i < DEFINITIONS; i++) {
        const struct quota_balance *balance = &book->balances[i];
        struct exact drawn = granted[i], back = returned[i];
        for (unsigned j = 0; j < DEFINITIONS; j++) {
            const struct quota_definition *part = &book->quotas->definitions[j];
            if (part->main == (int)i) {
                drawn = plus(drawn, times(book->balances[j].drawn, part->coefficient));
                back = plus(back, times(book->balances[j].returned, part->coefficient));
            }
        }
        CHECK_INT(exact_compare(drawn, balance->drawn), 0);
        CHECK_INT(exact_compare(back, balance->returned), 0);
        CHECK(exact_sign(balance->balance) >= 0);
        if (book->quotas->definitions[i].relation != QUOTA_EQUIVALENT) {
            struct exact in = plus(plus(balance->opening, balance->transferred_in), back);
            struct exact out = plus(plus(drawn, balance->transferred_out), balance->balance);
            CHECK_INT(exact_compare(in, out), 0);
        }
    }
}

/* Settles copies of one date's draws backwards on a copy of the book: the same grants, where ties
 * are shared. */
static void check_order(const struct quota_book *book, const struct quota_draw *draws,
                        const struct quota_draw *settled, unsigned count, int64_t day) {
    struct quota_balance balances[DEFINITIONS];
    struct quota_book copy = {.quotas = book->quotas, .balances = balances};
    struct quota_draw backwards[PER_DATE_MAX];
    struct error err = ERROR_INIT;
    memcpy(balances, book->balances, sizeof balances);
    for (unsigned i = 0; i < count; i++) {
        backwards[count - 1 - i] = draws[i];
    }
    CHECK(quota_allocate(&copy, backwards, count, day, &err) >= 0);
    for (unsigned i = 0; i < count; i++) {
        bool in_order = book->quotas->definitions[draws[i].definition].in_order;
        const struct quota_draw *again = &backwards[count - 1 - i];
        CHECK(in_order || (exact_compare(again->granted, settled[i].granted) == 0 &&
                           again->outcome == settled[i].outcome));
    }
}

static void random_returns(struct quota_book *book, struct quota_draw *draws, unsigned count,
                           int64_t day, uint64_t *state, struct exact returned[]) {
    for (unsigned i = 0; i < 10 && count > 0; i++) {
        struct quota_draw *draw = &draws[count - 1 - mix(state) % (count < 2000 ? count : 2000)];
        struct exact half = times(draw->granted, exact_ratio(1, (int64_t)(mix(state) % 4) + 1));
        struct rounding step = {ROUNDING_FLOOR, book->quotas->definitions[draw->definition].step};
        struct error err = ERROR_INIT;
        CHECK(exact_round(half, step, &half) == 0);
        if (exact_sign(draw->returned) == 0 && draw->outcome != QUOTA_WAITING) {
            CHECK(quota_return(book, draw, half, day, &err) == 0);
            returned[draw->definition] = plus(returned[draw->definition], half);
        }
    }
}

/* One year's book from its opening; days after the year are closed. Returns the number of events.
 */
static unsigned play_year(const struct quotas *quotas, uint64_t *state, unsigned outcomes[]) {
    struct arena arena = ARENA_INIT;
    struct quota_book book;
    struct error err = ERROR_INIT;
    quota_book_open(&book, quotas, &arena);
    struct quota_draw *draws = ARENA_ARRAY(&arena, struct quota_draw, DAYS * PER_DATE_MAX);
    struct exact granted[DEFINITIONS], returned[DEFINITIONS];
    for (int i = 0; i < DEFINITIONS; i++) {
        granted[i] = returned[i] = exact_integer(0);
    }
    unsigned count = 0, events = 0;
    int64_t first = day_of("2022-01-01");
    for (int64_t day = first; day < first + DAYS; day++) {
        unsigned today = 1 + (unsigned)(mix(state) % PER_DATE_MAX);
        uint64_t size = day % 5 == 0 ? 2500000000 : 300000;
        struct quota_draw before[PER_DATE_MAX], *new = &draws[count];
        for (unsigned i = 0; i < today; i++) {
            new[i] = (struct quota_draw){.definition = (int)(mix(state) % DEFINITIONS),
                                         .accepted_day = day,
                                         .asked = exact_ratio((int64_t)(mix(state) % size), 1000),
                                         .licence_left = exact_integer(0)};
            before[i] = new[i];
        }
        struct quota_balance balances[DEFINITIONS];
        struct quota_book was = {.quotas = quotas, .balances = balances};
        memcpy(balances, book.balances, sizeof balances);
        CHECK(quota_allocate(&book, new, today, day, &err) >= 0);
        check_order(&was, before, new, today, day);
        for (unsigned i = 0; i < today; i++) {
            outcomes[new[i].outcome]++;
            granted[new[i].definition] = plus(granted[new[i].definition], new[i].granted);
        }
        count += today;
        random_returns(&book, draws, count, day, state, returned);
        quota_transfer(&book, 0, 1, exact_integer((int64_t)(mix(state) % 1000)), day, &err);
        events += today + 11 + (unsigned)quota_carry_over(&book, 0, day);
        check_conservation(&book, granted, returned);
    }
    arena_free(&arena);
    return events;
}

static void test_conservation(void) {
    struct arena arena = ARENA_INIT;
    struct quotas quotas;
    struct quota_book book;
    open_book(&arena, FOREST, &quotas, &book);
    CHECK_INT(quotas.count, DEFINITIONS);
    uint64_t state = 20220101;
    unsigned events = 0, outcomes[QUOTA_UNLICENSED + 1] = {0};
    while (events < 1000000) {
        events += play_year(&quotas, &state, outcomes);
    }
    for (int outcome = QUOTA_WAITING; outcome <= QUOTA_CLOSED; outcome++) {
        CHECK(outcomes[outcome] > 500); /* nothing goes untested */
        printf("%u %s, ", outcomes[outcome], quota_outcome_name((enum quota_outcome)outcome));
    }
    printf("%u events\n", events);
    arena_free(&arena);
}

/* --- mistakes in the section --- */

static void refuses(const char *text, const char *expected) {
    struct arena arena = ARENA_INIT;
    struct quotas quotas;
    struct error err = ERROR_INIT;
    char message[1100];
    CHECK_INT(read_quotas(&arena, text, &quotas, &err), -1);
    snprintf(message, sizeof message, "%d:%d: %s", err.line, err.column, err.text);
    CHECK_TEXT(message, expected);
    arena_free(&arena);
}

#define A_YEAR "{from: 2021-01-01, to: 2021-12-31, volume: 5"

static void test_mistakes(void) {
    refuses("[a]\n", "1:1: quotas is a mapping of order numbers");
    refuses("a:\n  unit: kg\n  definition: []\n",
            "3:3: 'definition' is no key of a quota; did you mean 'definitions'?");
    refuses("a:\n  definitions: []\n", "2:3: the key 'unit' is missing");
    refuses("a:\n  unit: kg\n  definitions:\n  - {from: 2021-02-30, to: 2021-12-31, volume: 5}\n",
            "4:12: '2021-02-30': that month has 28 days");
    refuses("a:\n  unit: kg\n  definitions:\n  - {from: 2021-02-03, to: 2021-02-02, volume: 5}\n",
            "4:28: the end is before the begin");
    refuses("a:\n  unit: kg\n  definitions:\n  - " A_YEAR ", balance: 6}\n",
            "4:60: the balance is above the volume");
    refuses("a:\n  unit: kg\n  definitions:\n  - " A_YEAR ".0001}\n",
            "4:48: 5.0001 has more than 3 decimal places");
    refuses("a:\n  unit: kg\n  critical: {at: 0.9}\n  definitions: []\n",
            "3:18: expected a share in percent, such as 90 %, got '0.9'");
    refuses("a:\n  unit: kg\n  definitions:\n  - " A_YEAR "}\n  - " A_YEAR "}\n",
            "5:5: begins before the former definition of a ends on 2021-12-31");
    refuses("a:\n  unit: kg\n  definitions:\n  - " A_YEAR ", carry_over: {share: 5 %}}\n",
            "4:63: there is no next definition to carry over to");
    refuses("a:\n  unit: kg\n  step: 0\n  definitions: []\n", "3:9: a step is above zero");
}

static void test_mistakes_of_parts(void) {
    refuses("first:\n  unit: kg\n  definitions:\n  - " A_YEAR "}\n"
            "b:\n  unit: kg\n  part_of: {quota: frist}\n  definitions:\n  - " A_YEAR "}\n",
            "7:20: 'frist' is no quota; did you mean 'first'?");
    refuses("a:\n  unit: kg\n  definitions:\n  - {from: 2021-02-01, to: 2021-12-31, volume: 5}\n"
            "b:\n  unit: kg\n  part_of: {quota: a}\n  definitions:\n  - " A_YEAR "}\n",
            "9:5: no definition of a, its main quota, has all of its days");
    refuses("a:\n  unit: l\n  definitions:\n  - " A_YEAR "}\n"
            "b:\n  unit: kg\n  part_of: {quota: a}\n  definitions:\n  - " A_YEAR "}\n",
            "7:12: b counts kg, its main quota a counts l");
    refuses("a:\n  unit: kg\n  part_of: {quota: a}\n  definitions:\n  - " A_YEAR "}\n",
            "3:12: quotas within quotas go no deeper than 3, and never in a circle");
    refuses("a:\n  unit: kg\n  definitions:\n  - " A_YEAR "}\n"
            "b:\n  unit: kg\n  part_of: {quota: a}\n  definitions:\n  - " A_YEAR "}\n"
            "c:\n  unit: kg\n  part_of: {quota: a, relation: equivalent}\n  definitions:\n"
            "  - " A_YEAR "}\n",
            "12:12: the parts of a are all normal or all equivalent; b is not as this");
    refuses("a:\n  unit: kg\n  definitions:\n  - " A_YEAR "}\n"
            "b:\n  unit: kg\n  part_of: {quota: a, relation: equivalent}\n  definitions:\n"
            "  - {from: 2021-01-01, to: 2021-12-31, volume: 4}\n",
            "9:48: an equivalent quota has the volume of its main");
    refuses("a:\n  unit: kg\n  part_of: {quota: a, coefficient: 0}\n  definitions: []\n",
            "3:36: a coefficient is above zero");
    refuses("a:\n  unit: kg\n  part_of: {quota: a, relation: eq}\n  definitions: []\n",
            "3:33: 'eq' is no choice here; there is normal, equivalent");
}

int main(void) {
    test_published_critical();
    test_published_split();
    test_published_coefficient();
    test_published_part_binds();
    test_part_before_main();
    test_dates();
    test_return_and_carry_over();
    test_licence_and_order();
    test_bad_draws();
    test_conservation();
    test_mistakes();
    test_mistakes_of_parts();
    return test_summary();
}
