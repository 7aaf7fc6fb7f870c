/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: levies come to what the law says by hand, and what stands in the way has its name.
 * Method: one small tariff with measures, conditions, currencies, taxes in the price, tables,
 * waivers and a regime; amounts worked out beside each check; every trace is replayed. */
#include "core/base/units.h"
#include "core/tariff/assess.h"
#include "core/tariff/schedule_read.h"
#include "tests/test.h"

static struct arena arena;
static struct assessment result;
static struct tariff_facts facts;
static const struct levy_plan *plan;

static int64_t day_of(const char *text) {
    int64_t day = 0;
    struct error err = ERROR_INIT;
    struct place place = {.source = "test"};
    units_parse_date(text, &day, place, &err);
    return day;
}

static void open_plan(const char *text, bool has_schedule) {
    struct error err = ERROR_INIT;
    const struct node *document = node_read_text(&arena, "tariff", text, strlen(text), &err);
    const struct tariff *tariff =
        has_schedule && document != NULL ? schedule_read(document, NULL, 0, &arena, &err) : NULL;
    plan = err.code == ERROR_NONE ? levy_read(document, tariff, &arena, &err) : NULL;
    CHECK_TEXT(err.text, "");
    assess_facts_init(plan, &arena, &facts);
}

static void number(const char *name, const char *text) {
    struct exact value;
    CHECK_INT(exact_parse(text, &value), 0);
    assess_facts_number(plan, &facts, levy_slot(plan, name), value);
}

static int run(const char *goods_day, const char *known_day) {
    int status = assess(plan, &facts, day_of(goods_day), day_of(known_day), &result);
    CHECK(trace_agrees(&result.trace));
    return status;
}

/* The amount, or the name of the outcome. */
static const char *of(const char *levy) {
    const struct assess_line *line = assess_line_of(&result, levy);
    char text[96];
    if (!line->is_known) {
        return assess_outcome_name(line->outcome);
    }
    exact_print(line->amount, text);
    return arena_text(&arena, text, strlen(text));
}

static bool has_notice(enum assess_outcome outcome) {
    for (unsigned i = 0; i < result.notice_count; i++) {
        if (result.notices[i].outcome == outcome) {
            return true;
        }
    }
    return false;
}

static const char schedule_text[] =
    "clearlab: 1\ntariff: test\ncurrency: GBP\n"
    "exchange: {rates: {EUR: [{from: 2024-01-01, to: 2024-12-31, rate: 0.85}]}}\n"
    "countries: [AU, CN]\nareas: {all: {everyone: true}}\n"
    "series: {B: bans, C: duties, P: taxes}\n"
    "measure_types:\n"
    "  \"103\": {series: C, kind: duty, levy: duty, description: duty}\n"
    "  \"142\": {series: C, kind: preference, levy: duty, description: preference}\n"
    "  \"552\": {series: C, kind: anti_dumping, levy: dumping, description: dumping}\n"
    "  \"277\": {series: B, kind: prohibition, description: ban}\n"
    "  \"410\": {series: B, kind: licence, description: licence}\n"
    "  \"305\": {series: P, kind: vat, levy: vat, description: tax}\n"
    "certificates: {N853: veterinary document, D008: invoice}\n"
    "nomenclature:\n"
    "  - {code: \"0201000000\", indent: 1, description: meat}\n"
    "  - {code: \"0301000000\", indent: 1, description: fish}\n"
    "  - {code: \"0401000000\", indent: 1, description: milk}\n"
    "measures:\n"
    "  - {code: \"0201000000\", type: \"103\", area: all, duty: 10% + 20 EUR / 100 kg}\n"
    "  - {code: \"0201000000\", type: \"142\", area: AU, duty: 4%}\n"
    "  - {code: \"0201000000\", type: \"552\", area: CN, duty: 50%, conditions: \"A: "
    "document D008 -> apply 12%; A: otherwise -> apply\"}\n"
    "  - {code: \"0201000000\", type: \"410\", area: all, conditions: \"B: document N853 "
    "-> apply; B: otherwise -> prohibit\"}\n"
    "  - {code: \"0201000000\", type: \"305\", area: all, duty: 20%}\n"
    "  - {code: \"0301000000\", type: \"277\", area: CN}\n"
    "facts: {customs_value: money}\n"
    "levies:\n"
    "  duty: {kind: duty, base: customs_value, measures: lowest, round: half_up 0.01}\n"
    "  dumping: {kind: duty, base: customs_value, measures: sum}\n"
    "  vat: {kind: tax, base: customs_value + duty + dumping, measures: first}\n";

static void test_measures(void) {
    open_plan(schedule_text, true);
    uint16_t papers[] = {(uint16_t)schedule_entry(&plan->tariff->certificates, "N853"),
                         (uint16_t)schedule_entry(&plan->tariff->certificates, "D008")};
    facts.code = 201000000;
    facts.origin = schedule_area(plan->tariff, "AU");
    facts.documents = papers;
    facts.document_count = 1;
    number("customs_value", "1000");
    CHECK_INT(run("2024-06-01", "2024-06-01"), 1);
    CHECK_TEXT(of("duty"), "missing_quantity"); /* never a silent zero */
    CHECK_TEXT(plan->names[assess_line_of(&result, "duty")->detail], "kg");
    CHECK_TEXT(of("vat"), "depends");
    CHECK(!result.is_complete);

    number("kg", "250");
    CHECK_INT(run("2024-06-01", "2024-06-01"), 0);
    CHECK_TEXT(of("duty"), "142.5"); /* 100 + 20 * 0.85 / 100 * 250 */
    CHECK_TEXT(of("dumping"), "0");
    CHECK_INT(assess_line_of(&result, "dumping")->outcome, ASSESS_no_measure);
    CHECK_TEXT(of("vat"), "228.5");
    CHECK_INT(exact_compare(result.due, exact_integer(371)), 0);

    run("2025-01-01", "2025-06-01");
    CHECK_TEXT(of("duty"), "no_exchange_rate");

    facts.preference = true; /* 40 is lower than 142.50 */
    run("2024-06-01", "2024-06-01");
    CHECK_TEXT(of("duty"), "40");

    facts.origin = schedule_area(plan->tariff, "CN");
    run("2024-06-01", "2024-06-01");
    CHECK_TEXT(of("dumping"), "500");
    facts.document_count = 2;
    run("2024-06-01", "2024-06-01");
    CHECK_TEXT(of("dumping"), "120");

    facts.document_count = 0;
    CHECK_INT(run("2024-06-01", "2024-06-01"), 1);
    CHECK(result.is_blocked);
    CHECK(has_notice(ASSESS_licence_missing));
    facts.code = 301000000;
    CHECK_INT(run("2024-06-01", "2024-06-01"), 1);
    CHECK(has_notice(ASSESS_prohibited));
    facts.code = 999000000;
    run("2024-06-01", "2024-06-01");
    CHECK(has_notice(ASSESS_unknown_code));
}

static void test_circles(void) {
    open_plan(
        "facts: {value: money, rate: share, inner: share, never: money}\n"
        "levies:\n"
        "  excise: {kind: tax, base: value + excise + interior, rate: 30%, round: half_up 1}\n"
        "  interior: {kind: tax, base: excise, rate: 10%, round: half_up 1}\n"
        "  open: {kind: tax, base: (value + open) * rate}\n"
        "  unknown: {kind: tax, base: never + unknown, rate: 5%}\n",
        false);
    number("value", "380");
    number("rate", "1/3");
    run("2024-06-01", "2024-06-01");
    CHECK_TEXT(of("excise"), "170"); /* 380 * 0.3 / (1 - 1.1 * 0.3) = 170.149 */
    CHECK_TEXT(of("interior"), "17");
    CHECK_TEXT(of("open"), "190"); /* 380 / 3 / (1 - 1 / 3) */
    CHECK_TEXT(of("unknown"), "missing_fact");
    number("rate", "1");
    run("2024-06-01", "2024-06-01");
    CHECK_TEXT(of("open"), "singular");
}

static void test_rows(void) {
    open_plan("facts: {value: money, mode: {type: text}, parts: {type: number, default: 2}}\n"
              "levies:\n"
              "  duty:\n    kind: duty\n    base: value\n    rows:\n"
              "      - {from: 2025-06-04, known_from: 2025-06-06, rate: 50%}\n"
              "      - {from: 2020-01-01, rate: 25%}\n"
              "  harbour: {kind: fee, base: value, rate: 0.125%, when: mode == sea, round: half_up "
              "0.01, minimum: 3, maximum: 100 * parts}\n"
              "  stamp: {kind: fee, base: value, tiers: [{up_to: 1000, amount: 5}, {rate: 1 %}]}\n"
              "  spirits: {kind: tax, base: value, slices_of: \"200\", slices: [{to: 100 %, rate: "
              "1}, {from: 100 %, rate: 10 %}]}\n"
              "  small: {kind: tax, base: value, rate: 1%, waive: below 10}\n"
              "  share: {kind: number, base: value / parts / parts}\n"
              "waivers: [{levies: [stamp, small], at_most: 5}]\n",
              false);
    number("value", "1000");
    run("2025-06-05", "2025-06-05");
    CHECK_TEXT(of("duty"), "250");
    CHECK_TEXT(of("harbour"), "0");
    CHECK_INT(assess_line_of(&result, "harbour")->outcome, ASSESS_not_due);
    CHECK_TEXT(of("stamp"), "5"); /* a limit belongs to its tier */
    CHECK_TEXT(of("spirits"), "280");
    CHECK_TEXT(of("small"), "10");
    CHECK_TEXT(of("share"), "250");
    CHECK_INT(exact_compare(assess_line_of(&result, "stamp")->due, exact_integer(5)), 0);
    run("2025-06-05", "2025-06-06");
    CHECK_TEXT(of("duty"), "500");
    run("2019-12-31", "2025-06-06");
    CHECK_INT(assess_line_of(&result, "duty")->outcome, ASSESS_not_due);

    number("value", "999");
    run("2025-06-05", "2025-06-05");
    CHECK_TEXT(of("small"), "0");
    CHECK_INT(assess_line_of(&result, "small")->outcome, ASSESS_waived);
    CHECK_TEXT(of("stamp"), "5");
    CHECK_INT(exact_sign(assess_line_of(&result, "stamp")->due), 0); /* together at most 5 */

    uint32_t sea = 0;
    while (strcmp(plan->expression_names.symbols[sea], "sea") != 0) {
        sea++;
    }
    assess_facts_value(plan, &facts, levy_slot(plan, "mode"),
                       (struct value){.type = VALUE_SYMBOL, .symbol = sea});
    static const char *const values[][2] = {
        {"999", "3"}, {"10004", "12.51"}, {"10000000", "200"}}; /* 12.505 */
    for (int i = 0; i < 3; i++) {
        number("value", values[i][0]);
        run("2025-06-05", "2025-06-05");
        CHECK_TEXT(of("harbour"), values[i][1]);
    }
    number("parts", "0");
    run("2025-06-05", "2025-06-05");
    CHECK_TEXT(of("share"), "division_by_zero");
}

static void test_unresolved(void) {
    open_plan("facts: {value: money}\n"
              "levies:\n"
              "  note: {kind: duty, base: value, rate: \"See additional U.S. note 1\"}\n"
              "  plus: {kind: duty, base: value, rate: \"The duty provided in the applicable "
              "subheading + 25%\"}\n"
              "  huge: {kind: number, base: value * value * value * value}\n",
              false);
    number("value", "100000000000000");
    run("2025-06-05", "2025-06-05");
    CHECK(!assess_line_of(&result, "note")->is_known);
    CHECK_TEXT(of("plus"), "missing_quantity");
    CHECK_TEXT(of("huge"), "too_large");
    number("applicable duty", "7");
    number("value", "100");
    run("2025-06-05", "2025-06-05");
    CHECK_TEXT(of("plus"), "32");
}

static void test_decimals(void) {
    char text[28];
    decimal_print(assess_decimal(exact_ratio(-2, 3)).decimal, text);
    CHECK_TEXT(text, "-0.666666666666666667");
    decimal_print(assess_decimal(exact_ratio(123456789, 100)).decimal, text);
    CHECK_TEXT(text, "1234567.89");
    struct exact wide = {.numerator = (int128)INT64_MAX * 4, .denominator = 1};
    CHECK_INT(assess_decimal(wide).type, VALUE_MISSING);
}

int main(void) {
    test_measures();
    test_circles();
    test_rows();
    test_unresolved();
    test_decimals();
    arena_free(&arena);
    return test_summary();
}
