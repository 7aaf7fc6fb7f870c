/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: a surge is found on the day the law says, raises the rate after its notice and until its
 * term; a low price costs what its brackets say. Method: cases by hand with exact limits; 200
 * random worlds against a model that sums all records again each time; the price duty against the
 * integral of its rates. */
#include "core/tariff/surge.h"

#include "core/base/units.h"
#include "tests/test.h"

static int64_t day_of(const char *text) {
    int64_t day = 0;
    struct error err = ERROR_INIT;
    CHECK(units_parse_date(text, &day, (struct place){0}, &err) == 0);
    return day;
}

static int read_surges(struct arena *arena, const char *text, struct surges *surges,
                       struct error *err) {
    const struct node *node = node_read_text(arena, "surges.yml", text, strlen(text), err);
    return node == NULL ? -1 : surge_read(node, arena, surges, err);
}

static void open_book(struct arena *arena, const char *text, struct surges *surges,
                      struct surge_book *book, const char *day) {
    struct error err = ERROR_INIT;
    if (read_surges(arena, text, surges, &err) < 0) {
        printf("%d:%d: %s\n", err.line, err.column, err.text);
        CHECK(false);
        exit(1);
    }
    surge_book_open(book, surges, day_of(day), arena);
}

static int record(struct surge_book *book, const char *day, struct exact quantity) {
    struct error err = ERROR_INIT;
    return surge_record(book, 0, day_of(day), quantity, &err);
}

static const char BEEF[] =
    "beef:\n  volume: {unit: kg, window: 30, reference: 1000, above: 125 %, notice: 14, term: 90,\n"
    "           pause: 10, spares_in_transit: true}\n";

static void test_rolling_window(void) {
    struct arena arena = ARENA_INIT;
    struct surges surges;
    struct surge_book book;
    open_book(&arena, BEEF, &surges, &book, "2024-01-01");
    CHECK_INT(surge_find(&surges, "beef"), 0);
    CHECK_INT(surge_find(&surges, "veal"), -1);
    CHECK_INT(record(&book, "2024-01-02", exact_integer(1000)), 0);
    CHECK_INT(record(&book, "2024-01-31", exact_integer(250)), 0);  /* 1,250 is not above */
    CHECK_INT(record(&book, "2024-02-01", exact_integer(1000)), 0); /* the first fell out */
    CHECK_INT(record(&book, "2024-02-01", exact_ratio(1, 1000)), 1);
    CHECK_INT(record(&book, "2024-02-02", exact_integer(5000)), 0); /* found already */
    int64_t found = day_of("2024-02-01");
    CHECK(surge_applies(&book, 0, found + 13, INT64_MAX) == NULL);
    CHECK(surge_applies(&book, 0, found + 14, INT64_MAX) != NULL);
    CHECK(surge_applies(&book, 0, found + 14, found - 1) == NULL); /* was at sea */
    CHECK(surge_applies(&book, 0, found + 14, found) != NULL);
    CHECK(surge_applies(&book, 0, found + 103, INT64_MAX) != NULL);
    CHECK(surge_applies(&book, 0, found + 104, INT64_MAX) == NULL);
    /* the pause: 10 days after the last dear day */
    struct error err = ERROR_INIT;
    CHECK_INT(surge_record(&book, 0, found + 113, exact_integer(5000), &err), 0);
    CHECK_INT(surge_record(&book, 0, found + 114, exact_integer(0), &err), 1);
    CHECK(surge_applies(&book, 0, found + 128, INT64_MAX) != NULL);
    CHECK(surge_applies(&book, 0, found + 50, INT64_MAX) != NULL); /* the first is remembered */
    arena_free(&arena);
}

static void test_year(void) {
    struct arena arena = ARENA_INIT;
    struct surges surges;
    struct surge_book book;
    open_book(&arena,
              "milk:\n  volume:\n    unit: kg\n    window: year\n    at_least: 100 %\n"
              "    term: year\n    notice: 1\n    reference:\n"
              "    - {from: 2023-01-01, volume: 10}\n    - {from: 2024-01-01, volume: 20}\n",
              &surges, &book, "2022-06-01");
    CHECK_INT(record(&book, "2022-12-31", exact_integer(500)), 0); /* no reference yet */
    CHECK_INT(record(&book, "2023-01-01", exact_integer(9)), 0);
    CHECK_INT(record(&book, "2022-12-31", exact_integer(500)), 0); /* late, and of another year */
    CHECK_INT(record(&book, "2023-11-30", exact_integer(1)), 1);
    CHECK(surge_applies(&book, 0, day_of("2023-12-01"), INT64_MIN) != NULL);
    CHECK(surge_applies(&book, 0, day_of("2023-12-31"), INT64_MIN) != NULL);
    CHECK(surge_applies(&book, 0, day_of("2024-01-01"), INT64_MIN) == NULL);
    CHECK_INT(record(&book, "2024-02-28", exact_ratio(19999, 1000)), 0);
    CHECK_INT(record(&book, "2024-01-05", exact_ratio(1, 1000)), 1); /* late, of this year */
    CHECK_INT(book.states[0].episodes[1].to_day, day_of("2024-12-31"));
    arena_free(&arena);
}

static void test_bad_quantities(void) {
    struct arena arena = ARENA_INIT;
    struct surges surges;
    struct surge_book book;
    struct error err = ERROR_INIT;
    open_book(&arena, BEEF, &surges, &book, "2024-01-01");
    CHECK_INT(record(&book, "2024-01-02", exact_integer(-1)), -1);
    CHECK_INT(record(&book, "2024-01-02", exact_ratio(1, 3)), -1);
    CHECK_INT(surge_record(&book, 0, 0, exact_integer(SURGE_VOLUME_MAX + 1), &err), -1);
    CHECK_TEXT(err.text, "surge beef: what came in is no quantity from 0 to 1000000000000 with at "
                         "most three decimal places");
    CHECK_INT(exact_sign(book.states[0].sum), 0);
    arena_free(&arena);
}

/* --- random worlds --- */

static uint64_t mix(uint64_t *state) { /* splitmix64 */
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

enum { RECORDS = 400 };

/* All records again: what came in within the window that ends on the last day. */
static int64_t window_sum(const int64_t *days, const int64_t *quantities, unsigned count,
                          int64_t last, int window) {
    int64_t sum = 0;
    for (unsigned i = 0; i < count; i++) {
        sum += days[i] > last - window && days[i] <= last ? quantities[i] : 0;
    }
    return sum;
}

static unsigned play(uint64_t seed) {
    struct arena arena = ARENA_INIT;
    struct surges surges;
    struct surge_book book;
    uint64_t state = seed;
    char text[400];
    int window = 1 + (int)(mix(&state) % 40), notice = (int)(mix(&state) % 20);
    int term = 1 + (int)(mix(&state) % 60), pause = (int)(mix(&state) % 10);
    int64_t limit = 1 + (int64_t)(mix(&state) % 4000);
    snprintf(text, sizeof text,
             "x:\n  volume: {unit: kg, window: %d, reference: %lld, above: 100 %%, notice: %d, "
             "term: %d, pause: %d}\n",
             window, (long long)limit, notice, term, pause);
    open_book(&arena, text, &surges, &book, "1969-12-01");
    int64_t days[RECORDS], quantities[RECORDS], last = day_of("1969-12-01"), quiet_after = 0;
    int64_t from = 1, to = 0;
    unsigned found = 0;
    for (unsigned i = 0; i < RECORDS; i++) {
        struct error err = ERROR_INIT;
        int64_t step = (int64_t)(mix(&state) % 5) - 1; /* late ones too */
        days[i] = i % 50 == 49 ? last + 100 : last + step;
        quantities[i] = (int64_t)(mix(&state) % 500);
        bool is_old = days[i] <= last - window;
        last = days[i] > last ? days[i] : last;
        int64_t sum = window_sum(days, quantities, i + 1, last, window);
        bool expected = !is_old && sum > limit && (found == 0 || last > quiet_after);
        int got = surge_record(&book, 0, days[i], exact_integer(quantities[i]), &err);
        CHECK_INT(got, expected);
        CHECK_INT(exact_compare(book.states[0].sum, exact_integer(sum)), 0);
        if (expected) {
            found++;
            from = last + notice;
            to = from + term - 1;
            quiet_after = to + pause;
        }
        CHECK((surge_applies(&book, 0, last, INT64_MAX) != NULL) == (last >= from && last <= to));
        CHECK((surge_applies(&book, 0, to, INT64_MAX) != NULL) == (found > 0));
    }
    arena_free(&arena);
    return found;
}

static void test_random_worlds(void) {
    unsigned found = 0;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        found += play(seed);
    }
    CHECK(found > 500);
    printf("%u surges found in 200 worlds\n", found);
}

/* --- prices --- */

static const char SUGAR[] =
    "sugar:\n  price:\n    trigger: 100\n    per: t\n    currency: EUR\n    brackets:\n"
    "    - {up_to: 10 %, rate: 0 %}\n    - {up_to: 40 %, rate: 30 %}\n"
    "    - {up_to: 60 %, rate: 50 %}\n    - {up_to: 75 %, rate: 70 %}\n"
    "    - {rate: 90 %}\n";

static void test_price(void) {
    struct arena arena = ARENA_INIT;
    struct surges surges;
    struct error err = ERROR_INIT;
    CHECK_INT(read_surges(&arena, SUGAR, &surges, &err), 0);
    const struct surge *sugar = &surges.items[0];
    struct exact duty;
    /* Regulation (EC) 504/2007: at half the trigger price, 30 % of 30 and 50 % of 10. */
    CHECK_INT(surge_price_duty(sugar, exact_integer(50), &duty), 0);
    CHECK_INT(exact_compare(duty, exact_integer(14)), 0);
    CHECK_INT(surge_price_duty(sugar, exact_integer(90), &duty), 0);
    CHECK_INT(exact_sign(duty), 0); /* 10 % below costs nothing */
    CHECK_INT(surge_price_duty(sugar, exact_integer(120), &duty), 0);
    CHECK_INT(exact_sign(duty), 0);
    CHECK_INT(surge_price_duty(sugar, exact_integer(0), &duty), 0);
    CHECK_INT(exact_compare(duty, exact_integer(52)), 0); /* 9 + 10 + 10.5 + 22.5 */
    /* The integral of the rates, by thousandths of the trigger price. */
    int64_t integral = 0; /* in 1/1,000 EUR: 0.1 EUR at a rate in tenths is 10 of them */
    for (int64_t gap = 0; gap <= 1000; gap++) {
        CHECK_INT(surge_price_duty(sugar, exact_ratio(1000 - gap, 10), &duty), 0);
        CHECK_INT(exact_compare(duty, exact_ratio(integral, 1000)), 0);
        int64_t tenths = gap < 100 ? 0 : gap < 400 ? 3 : gap < 600 ? 5 : gap < 750 ? 7 : 9;
        integral += tenths * 10;
    }
    arena_free(&arena);
}

static void refuses(const char *text, const char *expected) {
    struct arena arena = ARENA_INIT;
    struct surges surges;
    struct error err = ERROR_INIT;
    char message[1100];
    CHECK_INT(read_surges(&arena, text, &surges, &err), -1);
    snprintf(message, sizeof message, "%d:%d: %s", err.line, err.column, err.text);
    CHECK_TEXT(message, expected);
    arena_free(&arena);
}

static void test_mistakes(void) {
    refuses("[x]\n", "1:1: surges is a mapping of names");
    refuses("x: {}\n", "1:4: a surge has a volume, a price, or both");
    refuses("x: {volumes: {}}\n", "1:5: 'volumes' is no key of a surge; did you mean 'volume'?");
    refuses("x: {volume: {unit: kg, window: 30}}\n", "1:13: the key 'reference' is missing");
    refuses("x: {volume: {unit: kg, window: 0, reference: 5, term: 5, above: 5 %}}\n",
            "1:32: at least 1 day");
    refuses("x: {volume: {unit: kg, window: 1.5, reference: 5, term: 5, above: 5 %}}\n",
            "1:32: 1.5 has more than 0 decimal places");
    refuses("x: {volume: {unit: kg, window: 5, reference: 5, term: 5}}\n",
            "1:13: expected one of the keys above and at_least");
    refuses("x: {volume: {unit: kg, window: 5, term: 5, above: 5 %, reference: "
            "[{from: 2024-01-01, volume: 5}, {from: 2024-01-01, volume: 6}]}}\n",
            "1:106: references are in the order of their days");
    refuses(
        "x: {price: {trigger: 5, per: kg, currency: EUR, brackets: [{rate: 5 %}, {rate: 6 %}]}}\n",
        "1:60: every bracket but the last has the key up_to");
    refuses("x: {price: {trigger: 5, currency: EUR, brackets: [{rate: 5 %}]}}\n",
            "1:12: the key 'per' is missing");
    refuses("x: {price: {trigger: 0, per: kg, currency: EUR, brackets: [{rate: 5 %}]}}\n",
            "1:22: a price of 0 triggers nothing");
    refuses("x: {price: {trigger: 5, per: kg, currency: EU, brackets: [{rate: 5 %}]}}\n",
            "1:44: expected a currency of three letters, e.g. EUR");
    refuses("x: {price: {trigger: 5, per: kg, currency: EUR, brackets: [{up_to: 0 %, rate: 5 %}, "
            "{rate: 6 %}]}}\n",
            "1:68: a bracket ends above the one before");
}

int main(void) {
    test_rolling_window();
    test_year();
    test_bad_quantities();
    test_random_worlds();
    test_price();
    test_mistakes();
    return test_summary();
}
