/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_rule_overlay.c - goal: a reform changes what it names and nothing else, and the comparison
 * says where the outcome differs.
 *
 * Method: one base page, small overlays, the resolved page as canonical YAML; pairs of pages whose
 * differences can be read off them. Wrong overlays are in tests/scenarios/rules_invalid. */
#include "core/rule/rule_diff.h"
#include "tests/test.h"

static const char base[] = "clearlab: 1\n"
                           "table: base\n"
                           "inputs:\n"
                           "  x: number\n"
                           "parameters:\n"
                           "  limit: 5\n"
                           "outputs:\n"
                           "  o: number\n"
                           "rules:\n"
                           "  small:\n"
                           "    when:\n"
                           "      x: at most limit\n"
                           "    then: 1\n"
                           "  large:\n"
                           "    when:\n"
                           "      x: more than limit\n"
                           "    then: 3\n";

static struct node *read(struct arena *arena, const char *text) {
    struct error err = ERROR_INIT;
    struct node *node = node_read_text(arena, "page.yml", text, strlen(text), &err);
    CHECK_TEXT(err.text, "");
    return node;
}

/* The part of the page from `parameters:` on, with the overlay in it; the base stays as it was. */
static void resolves(const char *overlay, const char *expected) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct node *page = read(&arena, base);
    const char *text = arena_format(&arena, "clearlab: 1\noverlay: base.yml\n%s", overlay);
    struct node *change = read(&arena, text);
    CHECK_TEXT(rule_overlay_base(change), "base.yml");
    CHECK(rule_overlay_base(page) == NULL);
    const struct node *resolved = rule_overlay(page, change, &arena, &err);
    CHECK_TEXT(err.text, "");
    const char *written =
        resolved == NULL ? "" : strstr(node_write(&arena, resolved), "parameters:");
    CHECK_TEXT(written == NULL ? "" : written, expected);
    CHECK_TEXT(node_write(&arena, page), base);
    arena_free(&arena);
}

#define OUTPUTS "outputs:\n  o: number\n"
#define SMALL "  small:\n    when:\n      x: at most limit\n    then: 1\n"
#define LARGE "  large:\n    when:\n      x: more than limit\n    then: 3\n"

static void test_rules(void) {
    resolves("", "parameters:\n  limit: 5\n" OUTPUTS "rules:\n" SMALL LARGE);
    resolves("rules:\n  small: null\n", "parameters:\n  limit: 5\n" OUTPUTS "rules:\n" LARGE);
    resolves("rules:\n  large: {then: 4, to: 2018-12-31}\n",
             "parameters:\n  limit: 5\n" OUTPUTS "rules:\n" SMALL
             "  large:\n    when:\n      x: more than limit\n    then: 4\n    to: 2018-12-31\n");
    resolves("rules:\n  new: {before: small, then: 9}\n",
             "parameters:\n  limit: 5\n" OUTPUTS "rules:\n  new:\n    then: 9\n" SMALL LARGE);
    resolves("rules:\n  new: {after: small, then: 9}\n  other: {at: end, then: 8}\n",
             "parameters:\n  limit: 5\n" OUTPUTS "rules:\n" SMALL "  new:\n    then: 9\n" LARGE
             "  other:\n    then: 8\n");
    resolves("rules:\n  small: {after: large}\n",
             "parameters:\n  limit: 5\n" OUTPUTS "rules:\n" LARGE SMALL);
    resolves("rules:\n  small: {when: {x: null}}\n",
             "parameters:\n  limit: 5\n" OUTPUTS
             "rules:\n  small:\n    when: {}\n    then: 1\n" LARGE);
    /* A new rule may be the place of the next. */
    resolves("rules:\n  a: {at: end, then: 1}\n  b: {before: a, then: 2}\n",
             "parameters:\n  limit: 5\n" OUTPUTS "rules:\n" SMALL LARGE
             "  b:\n    then: 2\n  a:\n    then: 1\n");
}

static void test_parameters(void) {
    resolves("parameters: {limit: 6}\n",
             "parameters:\n  limit: 6\n" OUTPUTS "rules:\n" SMALL LARGE);
    resolves("parameters: {limit: {from: 2019-01-01, value: 7}, other: 1}\n",
             "parameters:\n  limit:\n    - 5\n    - from: 2019-01-01\n      value: 7\n  other: "
             "1\n" OUTPUTS "rules:\n" SMALL LARGE);
    resolves("parameters: {limit: [{from: 2019-01-01, value: 7}]}\n",
             "parameters:\n  limit:\n    - from: 2019-01-01\n      value: 7\n" OUTPUTS
             "rules:\n" SMALL LARGE);
    resolves("parameters: {limit: null}\n", "parameters: {}\n" OUTPUTS "rules:\n" SMALL LARGE);
}

/* A base that is no page in places where a reform changes it. */
static void refuses(const char *page, const char *overlay, const char *expected) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    CHECK(rule_overlay(read(&arena, page), read(&arena, overlay), &arena, &err) == NULL);
    CHECK_TEXT(err.text, expected);
    arena_free(&arena);
}

static void test_odd_bases(void) {
    refuses("rules: {small: word}\n", "rules: {small: {then: 4}}\n",
            "expected a rule with when: and then: here");
    refuses("rules: {}\n", "- rules\n", "this is no page of changes");
    refuses("rules: word\n", "rules: {small: {then: 4}}\n",
            "this is no page of rules that could be changed");
    refuses("rules: {}\nparameters: word\n", "parameters: {limit: 4}\n", "expected names here");
}

/* Reforms one upon another keep their dates in order, and the same date replaces. */
static void test_dated_twice(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    static const char *const dates[] = {"2019", "2017", "2021", "2019"};
    struct node *page = read(&arena, base);
    for (int i = 0; i < 4; i++) {
        page =
            rule_overlay(page,
                         read(&arena, arena_format(&arena,
                                                   "overlay: base.yml\nparameters: {limit: {from: "
                                                   "%s-01-01, value: %d}}\n",
                                                   dates[i], i + 10)),
                         &arena, &err);
    }
    const char *written = node_write(&arena, node_get(node_get(page, "parameters"), "limit"));
    CHECK_TEXT(written, "- 5\n- from: 2017-01-01\n  value: 11\n- from: 2019-01-01\n  value: 13\n"
                        "- from: 2021-01-01\n  value: 12\n");
    arena_free(&arena);
}

/* ---- comparison ---- */

static const struct rule *compile(struct arena *arena, const char *text) {
    struct error err = ERROR_INIT;
    const struct rule *rule = rule_compile_text("page.yml", text, strlen(text), arena, &err);
    CHECK_TEXT(err.text, "");
    return rule;
}

/* "REGION | EXAMPLE | OLD -> NEW" a line. */
static void differ(const char *old_text, const char *new_text, const char *expected) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct rule_diff diff;
    const char *text = "";
    const struct rule *rules[2] = {compile(&arena, old_text), compile(&arena, new_text)};
    if (rules[0] == NULL || rules[1] == NULL) {
        return;
    }
    if (rule_diff_make(rules[0], rules[1], 0, &arena, &diff, &err) < 0) {
        CHECK_TEXT(err.text, expected);
        arena_free(&arena);
        return;
    }
    for (unsigned i = 0; i < diff.change_count; i++) {
        const struct rule_change *change = &diff.changes[i];
        text = arena_format(&arena, "%s%s | %s | %s -> %s\n", text, change->region, change->inputs,
                            change->outcomes[0], change->outcomes[1]);
    }
    CHECK_TEXT(text, expected);
    arena_free(&arena);
}

#define PAGE(hit, inputs, rules)                                                                   \
    "clearlab: 1\ntable: page\ncomplete: false\nhit: " hit "\ninputs: {" inputs "}\noutputs: {o: " \
    "number}\nrules:\n" rules

static void test_single(void) {
    const char *page = PAGE("unique", "x: number, f: boolean",
                            "  a: {when: {x: less than 5}, then: 1}\n"
                            "  b: {when: {x: at least 5, f: true}, then: 2}\n");
    differ(page, page, "");
    /* Another name for the same outcome is no change. */
    differ(page,
           PAGE("unique", "x: number, f: boolean",
                "  c: {when: {x: less than 5}, then: 1.0}\n"
                "  b: {when: {x: at least 5, f: true}, then: 2}\n"),
           "");
    differ(page,
           PAGE("unique", "x: number, f: boolean",
                "  a: {when: {x: at most 5.5}, then: 1}\n"
                "  b: {when: {x: more than 5.5, f: true}, then: 2}\n"),
           "x: 5 to 5.5; f: false | x = 5, f = false | no rule -> o = 1 (rule a)\n"
           "x: 5 to 5.5; f: true | x = 5, f = true | o = 2 (rule b) -> o = 1 (rule a)\n");
    /* Two places where the outcome changes in the same way are one box only where they touch. */
    differ(PAGE("unique", "x: number", "  a: {then: 1}\n"),
           PAGE("unique", "x: number",
                "  a: {when: {x: not(3)}, then: 1}\n  b: {when: {x: 3}, then: 2}\n"),
           "x: 3 | x = 3 | o = 1 (rule a) -> o = 2 (rule b)\n");
    differ(PAGE("unique", "c: text", "  a: {then: 1}\n"),
           PAGE("unique", "c: text",
                "  a: {when: {c: \"not(u, v)\"}, then: 1}\n  b: {when: {c: [u, v]}, then: 2}\n"),
           "c: u, v | c = u | o = 1 (rule a) -> o = 2 (rule b)\n");
}

static void test_shapes(void) {
    /* An input that only the new page has. */
    differ(PAGE("unique", "x: number", "  a: {then: 1}\n"),
           PAGE("unique", "x: number, f: boolean",
                "  a: {when: {f: false}, then: 1}\n  b: {when: {f: true}, then: 2}\n"),
           "f: true | x = 0, f = true | o = 1 (rule a) -> o = 2 (rule b)\n");
    differ(PAGE("unique", "x: number", "  a: {then: 1}\n"),
           PAGE("unique", "x: mass", "  a: {then: 1}\n"), "'x' has another type in page.yml");
    differ(PAGE("rule order", "x: number", "  a: {then: 1}\n  b: {when: {x: 1 ..}, then: 2}\n"),
           PAGE("rule order", "x: number", "  b: {when: {x: 1 ..}, then: 2}\n  a: {then: 1}\n"),
           "x: at least 1 | x = 1 | o = 1 | o = 2 (rules a, b) -> o = 2 | o = 1 (rules b, a)\n");
    differ(PAGE("rule order", "x: number", "  a: {then: 1}\n  b: {when: {x: 1 ..}, then: 2}\n"),
           PAGE("rule order", "x: number", "  a: {then: 1}\n  b: {when: {x: 1 ..}, then: 1 + 1}\n"),
           "");
    differ(PAGE("rule order", "x: number", "  a: {then: 1}\n  b: {when: {x: 1 ..}, then: 2}\n"),
           PAGE("rule order", "x: number", "  a: {then: 1}\n  b: {when: {x: 1 ..}, then: 3}\n"),
           "x: at least 1 | x = 1 | o = 1 | o = 2 (rules a, b) -> o = 1 | o = 3 (rules a, b)\n");
    differ(PAGE("collect count", "x: number", "  a: {then: 1}\n"),
           PAGE("collect count", "x: number", "  a: {when: {x: .. 0}, then: 1}\n"),
           "x: more than 0 | x = 1 | o = 1 (rule a) -> o = 0\n");
    differ(PAGE("first", "x: number", "  a: {then: x * 2}\n"),
           PAGE("first", "x: number", "  a: {provided: x > 1, then: x + x}\n  b: {then: 2 * x}\n"),
           "");
}

int main(void) {
    test_rules();
    test_parameters();
    test_odd_bases();
    test_dated_twice();
    test_single();
    test_shapes();
    return test_summary();
}
