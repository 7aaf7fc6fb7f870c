/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: limits of a declaration are kept exactly, and their parts are fair. Method: 2,000 random
 * declarations of 1 to 12 items; the parts add up to the limit, each lies within a step of its
 * share, computed here in whole cents; replayed traces agree. What a change of the law does to
 * them is in the tests of the command line. */
#include "core/tariff/apportion.h"

#include "tests/test.h"

static const char FEES[] = "currency: USD\n"
                           "facts: {value: money}\n"
                           "levies:\n"
                           "  fee: {kind: fee, base: value, rate: 0.5 %, round: half_even 0.01,\n"
                           "        entry_minimum: 30.01, entry_maximum: 99.97}\n"
                           "  vat: {kind: tax, base: value + fee, rate: 20%}\n";
enum { ITEMS_MAX = 12, LEAST = 3001, MOST = 9997 };

static uint64_t mix(uint64_t *state) { /* splitmix64 */
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* 0.5 % of whole cents, half to even. */
static int64_t fee_of(int64_t cents) {
    int64_t whole = cents / 200, rest = cents % 200;
    return whole + (rest > 100 || (rest == 100 && whole % 2 != 0));
}

static int64_t cents_of(struct exact amount) {
    CHECK(exact_multiply(amount, exact_integer(100), &amount) == 0);
    amount = exact_reduced(amount);
    CHECK_INT(amount.denominator, 1); /* whole cents */
    return (int64_t)amount.numerator;
}

static void check_parts(const struct levy_plan *plan, const struct reassess_entry *entries,
                        const int64_t *values, unsigned count, struct assessment *assessment) {
    int64_t owed = 0, given = 0;
    for (unsigned i = 0; i < count; i++) {
        owed += fee_of(values[i]);
    }
    int64_t bound = owed < LEAST ? LEAST : owed > MOST ? MOST : owed;
    for (unsigned i = 0; i < count; i++) {
        CHECK_INT(assess(plan, entries[i].facts, 0, 0, assessment), 0);
        CHECK(trace_agrees(&assessment->trace));
        int64_t part = cents_of(assess_line_of(assessment, "fee")->amount);
        given += part;
        /* |part - bound * owed(i) / owed| <= 1, both ends being rounded by a half */
        int64_t off = owed > 0 ? part * owed - bound * fee_of(values[i]) : 0;
        CHECK(off <= owed);
        CHECK(-off <= owed);
        struct exact vat = assess_line_of(assessment, "vat")->amount; /* on the part */
        CHECK_INT(exact_compare(vat, exact_ratio(values[i] + part, 500)), 0);
    }
    CHECK_INT(given, bound);
}

static void play(const struct levy_plan *plan, uint64_t *state, unsigned *least, unsigned *most) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct reassess_entry entries[ITEMS_MAX];
    int64_t values[ITEMS_MAX], owed = 0;
    unsigned count = 1 + (unsigned)(mix(state) % ITEMS_MAX);
    uint64_t size = 1 + mix(state) % 600000;
    for (unsigned i = 0; i < count; i++) {
        struct tariff_facts *facts = ARENA_NEW(&arena, struct tariff_facts);
        assess_facts_init(plan, &arena, facts);
        values[i] = (int64_t)(mix(state) % size);
        owed += fee_of(values[i]);
        assess_facts_number(plan, facts, levy_slot(plan, "value"), exact_ratio(values[i], 100));
        entries[i] = (struct reassess_entry){.id = "made", .facts = facts, .declaration = 1};
    }
    *least += owed < LEAST;
    *most += owed > MOST;
    const struct reassess_entry *parts = apportion(plan, entries, count, 0, &arena, &err);
    CHECK(parts != NULL);
    check_parts(plan, parts, values, count, ARENA_NEW(&arena, struct assessment));
    arena_free(&arena);
}

int main(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    uint64_t state = 30019997;
    unsigned least = 0, most = 0;
    const struct node *document = node_read_text(&arena, "fees", FEES, strlen(FEES), &err);
    const struct levy_plan *plan = levy_read(document, NULL, &arena, &err);
    CHECK_TEXT(err.text, "");
    for (unsigned i = 0; i < 2000 && plan != NULL; i++) {
        play(plan, &state, &least, &most);
    }
    printf("2000 declarations, %u below the least and %u above the greatest amount\n", least, most);
    CHECK(least > 200);
    CHECK(most > 200);
    arena_free(&arena);
    return test_summary();
}
