/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: a retroactive change lists the entries it affects, each levy with its amount and sign.
 * Method: a duty that rises and one that falls, both known later than in force, over entries
 * before, on and behind the days; the differences worked out by hand. */
#include "core/base/units.h"
#include "core/tariff/reassess.h"
#include "tests/test.h"

static int64_t day_of(const char *text) {
    int64_t day = 0;
    struct error err = ERROR_INIT;
    struct place place = {.source = "test"};
    units_parse_date(text, &day, place, &err);
    return day;
}

static const char text[] = "facts: {value: money, missing: money}\n"
                           "levies:\n"
                           "  duty:\n    kind: duty\n    base: value\n    rows:\n"
                           "      - {from: 2025-06-04, known_from: 2025-06-06, rate: 50%}\n"
                           "      - {from: 2025-05-01, to: 2025-05-31, known_from: 2025-07-01, "
                           "rate: 10%}\n"
                           "      - {rate: 25%}\n"
                           "  vat: {kind: tax, base: value + duty, rate: 20%}\n"
                           "  total: {kind: total, base: duty + vat}\n";

static void test_change(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    const struct node *document = node_read_text(&arena, "law", text, sizeof text - 1, &err);
    const struct levy_plan *plan = levy_read(document, NULL, &arena, &err);
    static const char *const days[] = {"2025-05-10", "2025-06-03", "2025-06-04", "2025-06-30"};
    struct reassess_entry entries[4];
    struct tariff_facts facts[4];
    struct reassess_list list;
    for (int i = 0; i < 4; i++) {
        assess_facts_init(plan, &arena, &facts[i]);
        assess_facts_number(plan, &facts[i], 0, exact_integer(1000 * (i + 1)));
        entries[i] = (struct reassess_entry){
            .id = days[i], .facts = &facts[i], .goods_day = day_of(days[i])};
    }
    CHECK_INT(
        reassess(plan, entries, 4, day_of("2025-06-05"), day_of("2025-07-31"), &arena, &list, &err),
        0);
    CHECK(list.is_complete);
    CHECK_INT(list.entry_count, 3);
    CHECK_INT(list.change_count, 9);
    CHECK_INT(list.changes[0].entry, 0);
    CHECK_INT(exact_compare(list.changes[0].difference, exact_integer(-150)), 0);
    CHECK_INT(exact_compare(list.changes[1].difference, exact_integer(-30)), 0); /* its tax */
    CHECK_INT(list.changes[3].entry, 2);
    CHECK_INT(exact_compare(list.changes[3].difference, exact_integer(750)), 0);
    CHECK_INT(exact_compare(list.owed, exact_integer(750 + 150 + 1000 + 200)), 0);
    CHECK_INT(exact_compare(list.returned, exact_integer(180)), 0); /* totals count once */

    CHECK_INT(
        reassess(plan, entries, 4, day_of("2025-07-01"), day_of("2025-07-31"), &arena, &list, &err),
        0);
    CHECK_INT(list.change_count, 0);

    facts[3].known[0] = false; /* then there is nothing to ask for */
    CHECK_INT(
        reassess(plan, entries, 4, day_of("2025-06-05"), day_of("2025-07-31"), &arena, &list, &err),
        0);
    CHECK(!list.is_complete);
    CHECK_INT(list.entry_count, 2);
    CHECK_INT(exact_compare(list.owed, exact_integer(900)), 0);
    arena_free(&arena);
}

int main(void) {
    test_change();
    return test_summary();
}
