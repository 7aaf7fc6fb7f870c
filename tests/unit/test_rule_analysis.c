/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_rule_analysis.c - goal: clashes, gaps and rules that never fire are found, all of them and
 * none besides.
 *
 * Method: random tables over domains so small that every input on every day can be tried: an
 * integer from 0 to 3, a text of three choices, a boolean that may be missing, a number from 0 to
 * 2 whose limits are whole (so that halves are all there is), and six days. What the analysis says
 * must be what the trials show. With conditions, what it calls an error must be one, and what the
 * trials show must at least be a warning. Then pages by hand for the wording and for the bound. */
#include "core/rule/rule_analysis.h"

#include "core/rule/rule_diff.h"
#include "tests/test.h"

#include <stdarg.h>

enum { TABLES = 4000, ROWS_MAX = 6, DAY = 17167, DAYS = 6, INPUTS = 4 };

static uint64_t state = 19;

static int pick(int count) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (int)((state >> 33) % (unsigned)count);
}

static char page[20000];
static size_t used;

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void put(const char *format, ...) {
    va_list args;
    va_start(args, format);
    used += (size_t)vsnprintf(page + used, sizeof page - used, format, args);
    va_end(args);
}

static const char *either(const char *const *tests, int count) {
    return pick(2) == 0 ? "\"-\"" : tests[pick(count)];
}

static void put_row(int number, bool has_conditions) {
    static const char *const counts[] = {"\"-\"",        "at most 1", "at least 2", "not(2)",
                                         "\"[1 .. 3)\"", "3",         "[0, 3]",     "\"> 2\""};
    static const char *const words[] = {"\"-\"", "a", "[a, b]", "not(b)", "c", "[a, b, c]"};
    static const char *const flags[] = {"\"-\"",   "true",         "false",
                                        "missing", "not(missing)", "[true, missing]"};
    static const char *const numbers[] = {"\"-\"",      "at most 1", "more than 1",  "less than 1",
                                          "at least 1", "1",         "\"(0 .. 2)\"", "more than 0"};
    put("  r%d: {when: {n: %s, w: %s, f: %s, x: %s}", number, either(counts, 8), either(words, 6),
        either(flags, 6), either(numbers, 8));
    if (pick(3) == 0) {
        put(", from: 2017-01-0%d", 1 + pick(3));
    }
    if (pick(3) == 0) {
        put(", to: 2017-01-0%d", 4 + pick(3));
    }
    if (has_conditions && pick(3) == 0) {
        put(", provided: %s", pick(2) == 0 ? "n + x > 2" : "x > 3 or f");
    }
    put(", then: {o: %c, p: %d}}\n", 'x' + pick(3), pick(2));
}

static const char *const hits[] = {"unique", "any", "first", "priority"};

static void write_page(int hit, int rows, bool has_conditions) {
    used = 0;
    put("clearlab: 1\ntable: small\nhit: %s\nfrom: 2017-01-01\nto: 2017-01-06\ninputs:\n"
        "  n: {type: integer, range: 0 .. 3}\n"
        "  w: {type: text, choices: [a, b, c]}\n"
        "  f: {type: boolean, optional: true}\n"
        "  x: {type: number, range: 0 .. 2}\n"
        "outputs: {o: {type: text, choices: [y, x, z]}, p: number}\n"
        "rules:\n",
        hits[hit]);
    for (int r = 0; r < rows; r++) {
        put_row(r, has_conditions);
    }
}

/* ---- every input on every day ---- */

struct shown {
    bool clash[ROWS_MAX][ROWS_MAX], has_gap, has_fired[ROWS_MAX];
};

static void set_point(const struct rule *rule, int point, struct value *values) {
    const char *words[] = {"a", "b", "c"};
    values[0] = (struct value){.type = VALUE_DECIMAL, .decimal = {point % 4, 0}};
    point /= 4;
    values[1] = rule_symbol(rule, words[point % 3]);
    point /= 3;
    values[2] = point % 3 == 2 ? (struct value){.type = VALUE_MISSING}
                               : (struct value){.type = VALUE_BOOLEAN, .boolean = point % 3 == 1};
    point /= 3;
    values[3] = (struct value){.type = VALUE_DECIMAL, .decimal = {5 * (point % 5), 1}};
}

enum { POINTS = 4 * 3 * 3 * 5 };

/* Whether what two rules give differs. */
static bool differs(const struct rule *rule, unsigned a, unsigned b, const struct value *values,
                    int64_t day) {
    struct value x[2], y[2];
    rule_outputs(rule, a, values, day, x);
    rule_outputs(rule, b, values, day, y);
    return x[0].symbol != y[0].symbol || decimal_compare(x[1].decimal, y[1].decimal) != 0;
}

static void try_all(const struct rule *rule, struct shown *shown) {
    static struct rule_result result;
    memset(shown, 0, sizeof *shown);
    for (int64_t day = DAY; day < DAY + DAYS; day++) {
        for (int point = 0; point < POINTS; point++) {
            struct value values[INPUTS];
            set_point(rule, point, values);
            rule_evaluate(rule, values, day, &result);
            shown->has_gap = shown->has_gap || result.fired_count == 0;
            for (unsigned i = 0; i < result.fired_count; i++) {
                unsigned row = result.fired[i];
                shown->has_fired[row] = true;
                for (unsigned k = 0; k < result.fired_count; k++) {
                    unsigned other = result.fired[k];
                    bool is_clash =
                        rule_hit(rule) == RULE_HIT_UNIQUE || differs(rule, row, other, values, day);
                    shown->clash[row][other] = shown->clash[row][other] || is_clash;
                }
            }
        }
    }
}

/* ---- what the analysis says ---- */

struct said {
    bool clash[ROWS_MAX][ROWS_MAX], has_gap, never_fires[ROWS_MAX];
};

/* An example does what its finding says. */
static bool is_true_example(const struct rule *rule, const struct rule_finding *finding) {
    static struct rule_result result;
    rule_evaluate(rule, finding->example, finding->day, &result);
    if (finding->kind == RULE_FINDING_GAP) {
        return result.status != RULE_REFUSED && result.fired_count == 0;
    }
    bool has[2] = {false, false};
    for (unsigned i = 0; i < result.fired_count; i++) {
        has[0] = has[0] || result.fired[i] == finding->rules[0];
        has[1] = has[1] || result.fired[i] == finding->rules[1];
    }
    return has[0] && has[1] && result.status == RULE_CONFLICT;
}

static void read_findings(const struct rule *rule, const struct rule_analysis *analysis,
                          bool only_errors, struct said *said) {
    memset(said, 0, sizeof *said);
    for (unsigned i = 0; i < analysis->finding_count; i++) {
        const struct rule_finding *finding = &analysis->findings[i];
        unsigned a = finding->rules[0], b = finding->rules[1];
        if (finding->is_error) {
            CHECK(is_true_example(rule, finding));
        }
        if (finding->kind == RULE_FINDING_MASKED || finding->kind == RULE_FINDING_IDLE) {
            said->never_fires[a] = true;
        } else if (finding->is_error || !only_errors) {
            said->has_gap = said->has_gap || finding->kind == RULE_FINDING_GAP;
            if (finding->kind == RULE_FINDING_OVERLAP) {
                said->clash[a][b] = said->clash[b][a] = true;
            }
        }
    }
}

static unsigned seen[4]; /* clashes, gaps, masked rules, clean tables */

static void compare(const struct shown *shown, const struct said *said, int rows, bool is_exact) {
    bool is_clean = !said->has_gap;
    CHECK(is_exact ? said->has_gap == shown->has_gap : said->has_gap || !shown->has_gap);
    for (int a = 0; a < rows; a++) {
        CHECK(is_exact ? said->never_fires[a] == !shown->has_fired[a]
                       : !said->never_fires[a] || !shown->has_fired[a]);
        seen[2] += said->never_fires[a];
        for (int b = 0; b < a; b++) {
            CHECK(is_exact ? said->clash[a][b] == shown->clash[a][b]
                           : said->clash[a][b] || !shown->clash[a][b]);
            seen[0] += said->clash[a][b];
            is_clean = is_clean && !said->clash[a][b];
        }
    }
    seen[1] += said->has_gap;
    seen[3] += is_clean;
}

static void test_random(int number) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    bool has_conditions = number % 4 == 3;
    int rows = 1 + pick(ROWS_MAX), hit = pick(4);
    unsigned failures = test_failures;
    write_page(hit, rows, has_conditions);
    const struct rule *rule = rule_compile_text("small.yml", page, used, &arena, &err);
    CHECK_TEXT(err.text, "");
    if (rule == NULL) {
        return;
    }
    struct shown shown;
    struct said said;
    struct rule_analysis analysis = rule_analysis_make(rule, 0, &arena);
    bool can_clash = rule_hit(rule) == RULE_HIT_UNIQUE || rule_hit(rule) == RULE_HIT_ANY;
    CHECK(!analysis.is_bounded);
    try_all(rule, &shown);
    if (!can_clash) {
        memset(shown.clash, 0, sizeof shown.clash);
    }
    read_findings(rule, &analysis, !has_conditions, &said);
    compare(&shown, &said, rows, !has_conditions);
    if (test_failures > failures) {
        printf("%s", page);
        exit(test_summary());
    }
    arena_free(&arena);
}

/* ---- a comparison finds a change just when there is one ---- */

static bool same_answer(const struct rule *a, const struct rule *b, int point, int64_t day) {
    static struct rule_result x, y;
    struct value values[2][INPUTS];
    set_point(a, point, values[0]);
    set_point(b, point, values[1]);
    rule_evaluate(a, values[0], day, &x);
    rule_evaluate(b, values[1], day, &y);
    if (x.status != RULE_FIRED || y.status != RULE_FIRED) {
        return x.status == y.status;
    }
    uint32_t count;
    return strcmp(rule_symbols(a, &count)[x.outputs[0].symbol],
                  rule_symbols(b, &count)[y.outputs[0].symbol]) == 0 &&
           decimal_compare(x.outputs[1].decimal, y.outputs[1].decimal) == 0;
}

/* A short page and the same with its last rule changed: so that often nothing changes. */
static void test_random_diff(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    int rows = 2 + pick(ROWS_MAX - 2), hit = pick(4);
    const struct rule *rules[2];
    uint64_t start = state;
    for (int version = 0; version < 2; version++) {
        state = start;
        write_page(hit, rows, false);
        state += version == 1 ? 12345 : 0;
        put_row(rows, false);
        rules[version] = rule_compile_text("small.yml", page, used, &arena, &err);
    }
    bool has_change = false;
    for (int64_t day = DAY; day < DAY + DAYS; day++) {
        for (int point = 0; point < POINTS; point++) {
            has_change = has_change || !same_answer(rules[0], rules[1], point, day);
        }
    }
    struct rule_diff diff;
    CHECK_INT(rule_diff_make(rules[0], rules[1], 0, &arena, &diff, &err), 0);
    CHECK(!diff.is_bounded && !diff.is_sampled);
    CHECK((diff.change_count > 0) == has_change);
    static unsigned counts[2];
    counts[has_change]++;
    for (unsigned i = 0; i < diff.change_count; i++) {
        static struct rule_result x, y;
        rule_evaluate(rules[0], diff.changes[i].values[0], diff.changes[i].day, &x);
        rule_evaluate(rules[1], diff.changes[i].values[1], diff.changes[i].day, &y);
        CHECK(strcmp(diff.changes[i].outcomes[0], diff.changes[i].outcomes[1]) != 0);
        CHECK(x.status != RULE_REFUSED && y.status != RULE_REFUSED);
    }
    arena_free(&arena);
}

/* ---- by hand ---- */

static void finds(const char *text, const char *expected) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    const struct rule *rule = rule_compile_text("page.yml", text, strlen(text), &arena, &err);
    CHECK_TEXT(err.text, "");
    static char found[4000];
    size_t length = 0;
    found[0] = '\0';
    struct rule_analysis analysis = rule_analysis_make(rule, 0, &arena);
    for (unsigned i = 0; i < analysis.finding_count; i++) {
        const struct error *message = &analysis.findings[i].message;
        length += (size_t)snprintf(
            found + length, sizeof found - length, "%d:%d: %s: %s\n", message->line,
            message->column, analysis.findings[i].is_error ? "error" : "warning", message->text);
    }
    CHECK_TEXT(found, expected);
    arena_free(&arena);
}

#define HEAD "clearlab: 1\ntable: page\n"

static void test_wording(void) {
    finds(HEAD "inputs: {x: number}\noutputs: {o: number}\nrules:\n"
               "  a: {when: {x: at most 1.5}, then: 1}\n"
               "  b: {when: {x: at least 1.5}, then: 2}\n",
          "7:3: error: rules 'a' and 'b' both match: x = 1.5; under 'hit: unique' one rule may "
          "match\n");
    finds(HEAD "inputs: {x: integer}\noutputs: {o: number}\nrules:\n"
               "  a: {when: {x: less than 2}, then: 1}\n"
               "  b: {when: {x: more than 1}, then: 2}\n",
          "");
    finds(HEAD "inputs: {x: number}\noutputs: {o: number}\nrules:\n"
               "  a: {when: {x: less than 2}, then: 1}\n"
               "  b: {when: {x: more than 2}, then: 2}\n",
          "5:1: error: no rule covers this input: x = 2; add a rule, a default, or "
          "'complete: false'\n");
    finds(HEAD "complete: false\ninputs: {x: number}\noutputs: {o: number}\nrules:\n"
               "  a: {when: {x: less than 2}, then: 1}\n"
               "  b: {when: {x: more than 2}, then: 2}\n",
          "");
    finds(HEAD "inputs: {x: number, y: number}\noutputs: {o: number}\nrules:\n"
               "  a: {provided: x > 1, then: 1}\n"
               "  b: {when: {x: at most 1}, then: 2}\n",
          "7:3: warning: rules 'a' and 'b' may both match (conditions and computed values are not "
          "analysed): x = 1, y = 0; under 'hit: unique' one rule may match\n"
          "5:1: warning: only rules with conditions, which are not analysed, cover this input: "
          "x = 2, y = 0; add a rule, a default, or 'complete: false'\n");
    finds(HEAD "hit: first\ninputs: {x: {type: number, range: 0 .. 9}}\noutputs: {o: number}\n"
               "rules:\n"
               "  a: {when: {x: at most 5}, then: 1}\n"
               "  b: {when: {x: more than 3}, then: 2}\n"
               "  c: {when: {x: 2 .. 7}, then: 3}\n"
               "  d: {when: {x: more than 9}, then: 4}\n"
               "  e: {then: 5, from: 2020-01-01}\n",
          "9:3: warning: rule 'c' never fires: rules that come first take all that it covers\n"
          "10:3: warning: rule 'd' never fires: nothing can meet its cells\n"
          "11:3: warning: rule 'e' never fires: rules that come first take all that it covers\n");
    finds(HEAD "hit: any\ninputs: {x: number}\noutputs: {o: number}\nrules:\n"
               "  a: {then: x * 2}\n"
               "  b: {then: x + x}\n"
               "  c: {then: x * 3, when: {x: at least 1}}\n",
          "8:3: warning: rules 'a' and 'b' may both match and differ, perhaps (conditions and "
          "computed values are not analysed): x = 0; under 'hit: any' rules that match give the "
          "same\n"
          "9:3: error: rules 'a' and 'c' both match and differ: x = 1; under 'hit: any' rules that "
          "match give the same\n"
          "9:3: error: rules 'b' and 'c' both match and differ: x = 1; under 'hit: any' rules that "
          "match give the same\n");
}

/* Gaps among boxes are as hard as satisfiability: twelve inputs, forty random narrow rules. */
static void test_bound(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    const char *text = HEAD "hit: first\ninputs:\n";
    for (int i = 0; i < 16; i++) {
        text = arena_format(&arena, "%s  b%d: boolean\n", text, i);
    }
    text = arena_format(&arena, "%soutputs: {o: number}\nrules:\n", text);
    for (int r = 0; r < 120; r++) {
        int a = pick(16), b = (a + 1 + pick(15)) % 16, c = (b + 1 + pick(14)) % 16;
        c = c == a ? (c + 1) % 16 : c;
        c = c == b ? (c + 1) % 16 : c;
        c = c == a ? (c + 1) % 16 : c;
        text = arena_format(&arena, "%s  r%d: {when: {b%d: %s, b%d: %s, b%d: %s}, then: 1}\n", text,
                            r, a, pick(2) ? "true" : "false", b, pick(2) ? "true" : "false", c,
                            pick(2) ? "true" : "false");
    }
    const struct rule *rule = rule_compile_text("page.yml", text, strlen(text), &arena, &err);
    CHECK_TEXT(err.text, "");
    struct rule_analysis analysis = rule_analysis_make(rule, 10000, &arena);
    CHECK(analysis.is_bounded);
    CHECK_TEXT(analysis.findings[analysis.finding_count - 1].message.text,
               "the table is too entangled to be analysed to the end: there may be overlaps and "
               "gaps that are not reported");
    arena_free(&arena);
}

int main(void) {
    for (int i = 0; i < TABLES; i++) {
        test_random(i);
    }
    for (int i = 0; i < 4; i++) {
        CHECK(seen[i] > 100);
    }
    for (int i = 0; i < TABLES / 8; i++) {
        test_random_diff();
    }
    test_wording();
    test_bound();
    return test_summary();
}
