/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_rule.c - goal: each hit policy does what DMN 1.3 (8.2.10) says, and the rest of rule.h
 * holds.
 *
 * Method: small pages by hand, asked at points whose answer can be read off the page. The answer is
 * printed as "STATUS outputs | rules". */
#include "core/rule/rule.h"

#include "core/base/units.h"
#include "tests/test.h"

#include <stdarg.h>

static const struct rule *compile(const char *text, struct arena *arena) {
    struct error err = ERROR_INIT;
    const struct rule *rule = rule_compile_text("page.yml", text, strlen(text), arena, &err);
    char printed[2000] = "";
    if (rule == NULL) {
        error_print(&err, printed, sizeof printed);
        CHECK_TEXT(printed, "");
        exit(test_summary());
    }
    return rule;
}

/* Sets inputs from "a=1; b=red". */
static void set_values(const struct rule *rule, const char *settings, struct value *values,
                       struct arena *arena) {
    unsigned count;
    const struct expression_input *inputs = rule_inputs(rule, &count);
    for (unsigned i = 0; i < count; i++) {
        values[i] = (struct value){.type = VALUE_MISSING};
    }
    while (*settings != '\0') {
        size_t name_length = strcspn(settings, "="), length = strcspn(settings, ";");
        char *text = arena_text(arena, settings + name_length + 1, length - name_length - 1);
        for (unsigned i = 0; i < count; i++) {
            struct error err = ERROR_INIT;
            if (strlen(inputs[i].name) == name_length &&
                memcmp(inputs[i].name, settings, name_length) == 0) {
                CHECK_INT(rule_parse_input(rule, i, text, &values[i], arena, &err), 0);
                CHECK_TEXT(err.text, "");
            }
        }
        settings += length;
        settings += strspn(settings, "; ");
    }
}

static const char *ask(const struct rule *rule, const char *settings, const char *date) {
    static const char *const statuses[] = {"fired",    "default", "none",
                                           "conflict", "refused", "not in force"};
    static struct rule_result result;
    static char text[1000];
    struct arena arena = ARENA_INIT;
    struct value values[RULE_INPUTS_MAX];
    struct error err = ERROR_INIT;
    int64_t day;
    unsigned output_count, used;
    CHECK_INT(units_parse_date(date, &day, (struct place){0}, &err), 0);
    set_values(rule, settings, values, &arena);
    rule_evaluate(rule, values, day, &result);
    rule_output_list(rule, &output_count);
    used = (unsigned)snprintf(text, sizeof text, "%s %s |", statuses[result.status],
                              rule_print_outputs(rule, result.outputs, &arena));
    for (unsigned i = 0; i < result.fired_count; i++) {
        used += (unsigned)snprintf(text + used, sizeof text - used, " %s",
                                   rule_name_of(rule, result.fired[i]));
    }
    CHECK(result.cost > 0 && result.cost <= rule_cost(rule));
    arena_free(&arena);
    return text;
}

static void gives(const struct rule *rule, const char *settings, const char *expected) {
    CHECK_TEXT(ask(rule, settings, "2020-02-29"), expected);
}

/* ---- hit policies ---- */

/* Four rules that overlap from 10 on: low 0-19, middle 10-29, high 20-39, all of them from 5 to 35
 * but 12. Compound outputs of which `level` has priority b, a, c. */
static const struct rule *overlapping(const char *hit, const char *outputs, struct arena *arena) {
    bool is_single = outputs != NULL;
    const char *then[4] = {
        is_single ? "3" : "{level: a, amount: 3}", is_single ? "1.5" : "{level: c, amount: 1.5}",
        is_single ? "4" : "{level: b, amount: 4}", is_single ? "-2" : "{level: a, amount: -2}"};
    return compile(arena_format(arena,
                                "clearlab: 1\n"
                                "table: overlapping\n"
                                "hit: %s\n"
                                "inputs: {x: number}\n"
                                "outputs: %s\n"
                                "rules:\n"
                                "  low: {when: {x: \"[0 .. 20)\"}, then: %s}\n"
                                "  middle: {when: {x: \"[10 .. 30)\"}, then: %s}\n"
                                "  high: {when: {x: \"[20 .. 40)\"}, then: %s}\n"
                                "  wide: {when: {x: \"[5 .. 12), (12 .. 35]\"}, then: %s}\n",
                                hit,
                                is_single ? outputs
                                          : "{level: {type: text, choices: [b, a, c]}, amount: "
                                            "number}",
                                then[0], then[1], then[2], then[3]),
                   arena);
}

static void test_single_hits(void) {
    struct arena arena = ARENA_INIT;
    const struct rule *rule = overlapping("unique", NULL, &arena);
    gives(rule, "x=3", "fired level = a, amount = 3 | low");
    gives(rule, "x=7", "conflict level = missing, amount = missing | low wide");
    gives(rule, "x=40", "none level = missing, amount = missing |");
    rule = overlapping("first", NULL, &arena);
    gives(rule, "x=25", "fired level = c, amount = 1.5 | middle");
    gives(rule, "x=12", "fired level = a, amount = 3 | low");
    rule = overlapping("priority", NULL, &arena);
    gives(rule, "x=25", "fired level = b, amount = 4 | high");
    gives(rule, "x=15", "fired level = a, amount = 3 | low"); /* low and wide are equal */
    gives(rule, "x=32", "fired level = b, amount = 4 | high");
    gives(rule, "x=12", "fired level = a, amount = 3 | low");
    gives(rule, "x=-0.5", "none level = missing, amount = missing |");
    arena_free(&arena);
}

static void test_multiple_hits(void) {
    struct arena arena = ARENA_INIT;
    const struct rule *rule = overlapping("rule order", NULL, &arena);
    gives(rule, "x=25", "fired level = c, amount = 1.5 | middle high wide");
    rule = overlapping("output order", NULL, &arena);
    gives(rule, "x=25", "fired level = b, amount = 4 | high wide middle");
    gives(rule, "x=15", "fired level = a, amount = 3 | low wide middle");
    rule = overlapping("collect", NULL, &arena);
    gives(rule, "x=25", "fired level = c, amount = 1.5 | middle high wide");
    rule = overlapping("collect sum", "{amount: number}", &arena);
    gives(rule, "x=25", "fired amount = 3.5 | middle high wide");
    gives(rule, "x=99", "none amount = missing |");
    rule = overlapping("collect sum", "{amount: {type: number, default: 0}}", &arena);
    gives(rule, "x=99", "default amount = 0 |");
    rule = overlapping("collect min", "{amount: number}", &arena);
    gives(rule, "x=25", "fired amount = -2 | middle high wide");
    gives(rule, "x=12", "fired amount = 1.5 | low middle");
    rule = overlapping("collect max", "{amount: number}", &arena);
    gives(rule, "x=25", "fired amount = 4 | middle high wide");
    rule = overlapping("collect count", "{amount: number}", &arena);
    gives(rule, "x=25", "fired amount = 3 | middle high wide");
    gives(rule, "x=99", "none amount = 0 |");
    arena_free(&arena);
}

static void test_any(void) {
    struct arena arena = ARENA_INIT;
    const struct rule *rule = compile("clearlab: 1\n"
                                      "table: any\n"
                                      "hit: any\n"
                                      "inputs: {x: number, y: number}\n"
                                      "outputs: {amount: number}\n"
                                      "rules:\n"
                                      "  a: {when: {x: at least 1}, then: x + y}\n"
                                      "  b: {when: {y: at least 1}, then: y * 2}\n",
                                      &arena);
    gives(rule, "x=3; y=0", "fired amount = 3 | a");
    gives(rule, "x=3; y=3.0", "fired amount = 6 | a b");
    gives(rule, "x=3; y=2", "conflict amount = missing | a b");
    arena_free(&arena);
}

/* ---- missing values ---- */

static void test_missing(void) {
    struct arena arena = ARENA_INIT;
    const struct rule *rule =
        compile("clearlab: 1\n"
                "table: missing\n"
                "hit: rule order\n"
                "inputs:\n"
                "  x: {type: number, optional: true}\n"
                "  c: {type: text, choices: [red, green], optional: true}\n"
                "  must: {type: boolean}\n"
                "outputs: {o: {type: number, optional: true}}\n"
                "rules:\n"
                "  anything: {when: {x: \"-\"}, then: 1}\n"
                "  small: {when: {x: less than 5}, then: 2}\n"
                "  not_small: {when: {x: not(less than 5)}, then: 3}\n"
                "  absent: {when: {x: missing}, then: 4}\n"
                "  present: {when: {x: not(missing)}, then: 5}\n"
                "  absent_or_nine: {when: {x: [9, missing]}, then: 6}\n"
                "  red: {when: {c: red}, then: 7}\n"
                "  other: {when: {c: not(red)}, then: 8}\n"
                "  either: {provided: x > 7 or must, then: 9}\n"
                "  computed: {when: {must: true}, then: x * 2}\n"
                "  nothing: {when: {must: true, x: \"not(missing, 9)\"}, then: missing}\n",
                &arena);
    gives(rule, "must=true", "fired o = 1 | anything absent absent_or_nine either computed");
    gives(rule, "must=false", "fired o = 1 | anything absent absent_or_nine");
    gives(rule, "must=false; x=9; c=red",
          "fired o = 1 | anything not_small present absent_or_nine red either");
    gives(rule, "must=true; x=4.9; c=green",
          "fired o = 1 | anything small present other either computed nothing");
    gives(rule, "x=1", "refused o = missing |");
    arena_free(&arena);
}

/* ---- types, ranges, dates ---- */

static void test_types(void) {
    struct arena arena = ARENA_INIT;
    const struct rule *rule =
        compile("clearlab: 1\n"
                "table: types\n"
                "hit: rule order\n"
                "currency: CNY\n"
                "inputs:\n"
                "  value: {type: money, range: 0 CNY ..}\n"
                "  wait: {type: time, optional: true}\n"
                "  flow: {type: rate, optional: true}\n"
                "  share: {type: share, optional: true}\n"
                "  count: {type: integer, range: 1 .. 10, optional: true}\n"
                "  day: {type: date, optional: true}\n"
                "  chapter: {type: text, optional: true}\n"
                "parameters: {limit: 5000 CNY, part: 20 %}\n"
                "outputs: {tax: money}\n"
                "rules:\n"
                "  limit: {when: {value: at most limit}, then: 0}\n"
                "  above: {when: {value: more than 2 * limit}, then: value * part - 1 CNY}\n"
                "  hours: {when: {wait: 90 min .. 2 h}, then: 1 CNY}\n"
                "  rate: {when: {flow: at least 3/h}, then: 2 CNY}\n"
                "  share: {when: {share: \"(10 % .. 12.5 %]\"}, then: 3 CNY}\n"
                "  count: {when: {count: [\"<= 2\", 5, 7 ..]}, then: 4 CNY}\n"
                "  day: {when: {day: 2017-01-28 .. 2017-02-01}, then: 5 CNY}\n"
                "  chapter: {when: {chapter: [01, \"36\", \"'a, (b)'\", two words]}, then: 6 CNY}\n"
                "  tax: {when: {chapter: \"!= 84\"}, then: 7 CNY}\n",
                &arena);
    gives(rule, "value=5000 CNY", "fired tax = 0 CNY | limit");
    gives(rule, "value=10000.0001 CNY", "fired tax = 1999.00002 CNY | above");
    gives(rule, "value=10000 CNY", "none tax = missing |");
    gives(rule, "value=-0.01 CNY", "refused tax = missing |");
    gives(rule, "value=6000 CNY; wait=2 h", "fired tax = 1 CNY | hours");
    gives(rule, "value=6000 CNY; wait=1.49 h", "none tax = missing |");
    gives(rule, "value=6000 CNY; flow=0.05/min", "fired tax = 2 CNY | rate");
    gives(rule, "value=6000 CNY; flow=2.9/h", "none tax = missing |");
    gives(rule, "value=6000 CNY; share=10 %", "none tax = missing |");
    gives(rule, "value=6000 CNY; share=0.10000000001", "fired tax = 3 CNY | share");
    gives(rule, "value=6000 CNY; count=2", "fired tax = 4 CNY | count");
    gives(rule, "value=6000 CNY; count=6", "none tax = missing |");
    gives(rule, "value=6000 CNY; count=10", "fired tax = 4 CNY | count");
    gives(rule, "value=6000 CNY; count=11", "refused tax = missing |");
    gives(rule, "value=6000 CNY; count=2.5", "refused tax = missing |");
    gives(rule, "value=6000 CNY; day=2017-02-01", "fired tax = 5 CNY | day");
    gives(rule, "value=6000 CNY; day=2017-02-02", "none tax = missing |");
    gives(rule, "value=6000 CNY; chapter=a, (b)", "fired tax = 6 CNY | chapter tax");
    gives(rule, "value=6000 CNY; chapter=two words", "fired tax = 6 CNY | chapter tax");
    gives(rule, "value=6000 CNY; chapter=36", "fired tax = 6 CNY | chapter tax");
    gives(rule, "value=6000 CNY; chapter=84", "none tax = missing |");
    gives(rule, "value=6000 CNY; chapter=never heard of", "fired tax = 7 CNY | tax");
    arena_free(&arena);
}

/* Limits and values that do not fit 64 bits in any common unit. */
static void test_extremes(void) {
    struct arena arena = ARENA_INIT;
    const struct rule *rule =
        compile("clearlab: 1\n"
                "table: extremes\n"
                "inputs: {x: number}\n"
                "outputs: {o: number}\n"
                "rules:\n"
                "  tiny: {when: {x: \"(0 .. 0.000000000000000001]\"}, then: 1}\n"
                "  vast: {when: {x: at least 9000000000000000000}, then: 2}\n"
                "  deep: {when: {x: at most -9000000000000000000}, then: 3}\n",
                &arena);
    gives(rule, "x=0.000000000000000001", "fired o = 1 | tiny");
    gives(rule, "x=0", "none o = missing |");
    gives(rule, "x=0.000000000000000002", "none o = missing |");
    gives(rule, "x=9000000000000000000", "fired o = 2 | vast");
    gives(rule, "x=8999999999999999999", "none o = missing |");
    gives(rule, "x=-9223372036854775807", "fired o = 3 | deep");
    arena_free(&arena);
}

static void test_dates(void) {
    struct arena arena = ARENA_INIT;
    const struct rule *rule = compile(
        "clearlab: 1\n"
        "table: dates\n"
        "from: 2016-04-08\n"
        "to: 2025-12-31\n"
        "inputs: {x: number}\n"
        "parameters:\n"
        "  limit:\n"
        "    - {from: 2016-04-08, value: 2000}\n"
        "    - {from: 2019-01-01, value: 5000}\n"
        "  late: [{from: 2020-01-01, value: 1}]\n"
        "outputs: {o: number}\n"
        "rules:\n"
        "  below: {when: {x: at most limit}, then: limit - x}\n"
        "  above: {when: {x: more than limit}, to: 2018-12-31, then: 1}\n"
        "  new: {when: {x: more than limit}, from: 2019-01-01, then: 2, reference: Art. 9}\n"
        "  unknown: {when: {x: less than -1 * late}, then: 3, to: 2019-12-31}\n",
        &arena);
    CHECK_TEXT(ask(rule, "x=2000", "2016-04-07"), "not in force o = missing |");
    CHECK_TEXT(ask(rule, "x=2000", "2016-04-08"), "fired o = 0 | below");
    CHECK_TEXT(ask(rule, "x=2000.5", "2018-12-31"), "fired o = 1 | above");
    CHECK_TEXT(ask(rule, "x=2000.5", "2019-01-01"), "fired o = 2999.5 | below");
    CHECK_TEXT(ask(rule, "x=5001", "2025-12-31"), "fired o = 2 | new");
    CHECK_TEXT(ask(rule, "x=5001", "2026-01-01"), "not in force o = missing |");
    /* A missing parameter makes the test unknown. */
    CHECK_TEXT(ask(rule, "x=-5", "2018-01-01"), "fired o = 2005 | below");
    CHECK_TEXT(rule_reference_of(rule, 2), "Art. 9");
    CHECK_TEXT(rule_reference_of(rule, 1), "");
    int64_t day;
    struct error err = ERROR_INIT;
    units_parse_date("2020-01-01", &day, (struct place){0}, &err);
    CHECK_INT(rule_last_change(rule), day);
    arena_free(&arena);
}

static void test_computed_texts(void) {
    struct arena arena = ARENA_INIT;
    const struct rule *rule = compile("clearlab: 1\n"
                                      "table: texts\n"
                                      "inputs: {x: number, name: text}\n"
                                      "outputs: {o: text, p: text, ok: boolean, when: date}\n"
                                      "rules:\n"
                                      "  all:\n"
                                      "    then:\n"
                                      "      o: a text, as it is (see 3.1)\n"
                                      "      p: \"= if x > 1 then name else small\"\n"
                                      "      ok: x > 1\n"
                                      "      when: 2017-01-28\n",
                                      &arena);
    gives(rule, "x=2; name=small",
          "fired o = a text, as it is (see 3.1), p = small, ok = true, when = 2017-01-28 | all");
    gives(rule, "x=1; name=unheard",
          "fired o = a text, as it is (see 3.1), p = small, ok = false, when = 2017-01-28 | all");
    arena_free(&arena);
}

/* ---- more rules than a word has bits ---- */

static void test_many_rules(void) {
    struct arena arena = ARENA_INIT;
    const char *text = "clearlab: 1\ntable: many\nhit: collect count\ninputs: {x: integer}\n"
                       "outputs: {n: number}\nrules:\n";
    for (int i = 0; i < 200; i++) {
        text = arena_format(&arena, "%s  r%d: {when: {x: at least %d}, then: 1}\n", text, i, i);
    }
    const struct rule *rule = compile(text, &arena);
    struct value value = {.type = VALUE_DECIMAL};
    static struct rule_result result;
    for (int x = -1; x < 203; x++) {
        value.decimal.coefficient = x;
        rule_evaluate(rule, &value, 0, &result);
        CHECK_INT(result.fired_count, x < 0 ? 0 : x < 200 ? x + 1 : 200);
        CHECK_INT(result.outputs[0].decimal.coefficient, result.fired_count);
    }
    arena_free(&arena);
}

int main(void) {
    test_single_hits();
    test_multiple_hits();
    test_any();
    test_missing();
    test_types();
    test_extremes();
    test_dates();
    test_computed_texts();
    test_many_rules();
    return test_summary();
}
