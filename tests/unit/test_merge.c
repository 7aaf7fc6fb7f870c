/* SPDX-License-Identifier: GPL-3.0-or-later
 * test_merge.c - goal: each rule of merge.h holds, and what it refuses is refused at its place.
 *
 * Method: tables of base, patch and merged tree; decimals against products worked out by hand or by
 * whole numbers of 128 bits; properties over random patches: merging twice, merging into nothing,
 * a patch is never changed. */
#include "sim/scenario/merge.h"
#include "sim/scenario/merge_decimal.h"
#include "tests/test.h"

static struct node *parse(struct arena *arena, const char *name, const char *text) {
    struct error err = ERROR_INIT;
    struct node *node = node_read_text(arena, name, text, strlen(text), &err);
    if (node == NULL) {
        fprintf(stderr, "bad test text: %s\n%s\n", err.text, text);
        abort();
    }
    return node;
}

/* Merges the patches in order and compares with `expected`, which may be a message instead. */
static void check_patches(const char *base_text, const char *const *patches, const char *expected) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct node *base = parse(&arena, "base", base_text);
    int result = 0;
    for (; *patches != NULL && result == 0; patches++) {
        struct node *patch = parse(&arena, "patch", *patches);
        struct node *untouched = node_copy(&arena, patch);
        result = merge_patch(&arena, base, patch, &err);
        CHECK(node_equal(patch, untouched));
    }
    char message[1200];
    error_print(&err, message, sizeof message);
    if (result < 0) {
        CHECK_TEXT(message, expected);
    } else {
        CHECK_TEXT(node_write(&arena, base), node_write(&arena, parse(&arena, "-", expected)));
    }
    arena_free(&arena);
}

static void check_patch(const char *base, const char *patch, const char *expected) {
    const char *const patches[] = {patch, NULL};
    check_patches(base, patches, expected);
}

static void test_mappings(void) {
    check_patch("{a: 1, b: {c: 2, d: 3}}", "{b: {c: 4, e: 5}}", "{a: 1, b: {c: 4, d: 3, e: 5}}");
    check_patch("{a: 1, b: 2, c: 3}", "{b: null, x: null, c: ~}", "{a: 1}");
    check_patch("{a: [1, 2], b: x}", "{a: [3], b: {c: 1, d: null}}", "{a: [3], b: {c: 1}}");
    check_patch("{a: {b: 1}}", "{a: 2, n: {x: null, y: {z: null}}, l: [null, {m: null}]}",
                "{a: 2, n: {y: {}}, l: [null, {m: null}]}");
    check_patch("{a: 1}", "{}", "{a: 1}");
    check_patch("{b: '1'}", "{b: \"2\"}", "{b: '2'}");
    check_patch("[a]", "{}", "base:1:1: error: expected a mapping\n  [a]\n  ^\n");
    check_patch("{}", "a", "patch:1:1: error: expected a mapping\n  a\n  ^\n");
}

#define PROCEDURE                                                                \
    "procedures: {sea: [{fork: {documents: [{lodge: {to: customs}}, {check: }]," \
    " cargo: [{discharge: {}}, {store: {}}]}}, {join: {}}, {examine: {by: x}}, {release: {}}]}"

static void check_steps(const char *patch, const char *expected) {
    struct arena arena = ARENA_INIT;
    char *patch_text = arena_format(&arena, "procedures: {sea: {%s}}", patch);
    bool is_message = strncmp(expected, "patch:", 6) == 0;
    char *expected_text =
        arena_format(&arena, is_message ? "%s\n  %s\n  %*s^\n" : "procedures: {sea: [%s]}",
                     expected, patch_text, is_message ? atoi(expected + 8) - 1 : 0, "");
    check_patch(PROCEDURE, patch_text, expected_text);
    arena_free(&arena);
}

static void test_steps(void) {
    check_steps("lodge: {on: window, to: null}, check: {when: a}, none: null",
                "{fork: {documents: [{lodge: {on: window}}, {check: {when: a}}],"
                " cargo: [{discharge: {}}, {store: {}}]}}, {join: {}}, {examine: {by: x}},"
                " {release: {}}");
    check_steps("check: null, join: null, store: ~",
                "{fork: {documents: [{lodge: {to: customs}}], cargo: [{discharge: {}}]}},"
                " {examine: {by: x}}, {release: {}}");
    check_steps("scan: {after: discharge, by: y}, weigh: {after: discharge, type: scan},"
                " pay: {before: release}, book: {before: release}, first: {before: fork}",
                "{first: {}}, {fork: {documents: [{lodge: {to: customs}}, {check: }],"
                " cargo: [{discharge: {}}, {scan: {by: y}}, {weigh: {type: scan}}, {store: {}}]}},"
                " {join: {}}, {examine: {by: x}}, {pay: {}}, {book: {}}, {release: {}}");
    check_steps("examine: {after: check, by: null}, join: {after: release}, store: {before: lodge}",
                "{fork: {documents: [{store: {}}, {lodge: {to: customs}}, {check: },"
                " {examine: {}}], cargo: [{discharge: {}}]}}, {release: {}}, {join: {}}");
    /* A second fork, under a name of its own, and a step in it. */
    check_steps("split: {type: fork, after: join, a: [{x: {}}], b: [{z: {}}]}, y: {after: x}",
                "{fork: {documents: [{lodge: {to: customs}}, {check: }],"
                " cargo: [{discharge: {}}, {store: {}}]}}, {join: {}},"
                " {split: {type: fork, a: [{x: {}}, {y: {}}], b: [{z: {}}]}}, {examine: {by: x}},"
                " {release: {}}");
}

static void test_steps_refused(void) {
    check_steps(
        "chek: {when: a}",
        "patch:1:20: error: no step 'chek' in procedure 'sea'; did you mean 'check'? (a new "
        "step needs after: or before:)");
    check_steps("documents: {when: a}",
                "patch:1:20: error: no step 'documents' in procedure 'sea'; known are fork, lodge, "
                "check, discharge, store, join, examine, release (a new step needs after: or "
                "before:)");
    check_steps("scan: {after: dischrge}",
                "patch:1:34: error: no step 'dischrge' in procedure 'sea'; did you mean "
                "'discharge'?");
    check_steps("join: {after: join}", "patch:1:34: error: step 'join' cannot stand beside itself");
    check_steps("fork: {before: check}",
                "patch:1:35: error: step 'check' stands inside 'fork' itself");
    check_steps("join: {after: fork, before: release}",
                "patch:1:40: error: give either after or before");
    check_steps("join: {after: [fork]}", "patch:1:34: error: expected the name of a step");
    check_steps("join: {after: null}", "patch:1:34: error: expected the name of a step");
    check_steps("join: 5", "patch:1:26: error: expected a mapping with the keys of step 'join', or "
                           "null to take it away");
    check_patch("procedures: {p: [{fork: {a: {x: {y: {}}}}}]}", "procedures: {p: {y: {b: 2}}}",
                "patch:1:18: error: no step 'y' in procedure 'p'; known are fork (a new step needs "
                "after: or before:)\n  procedures: {p: {y: {b: 2}}}\n                   ^\n");
    check_patch("procedures: {p: [{a: 1}]}", "procedures: {p: {a: {b: 2}}}",
                "base:1:22: error: expected a mapping with the keys of step 'a'\n"
                "  procedures: {p: [{a: 1}]}\n                       ^\n");
}

/* Two patches put steps at the same place; steps put beside those stay beside them. */
static void test_patch_order(void) {
    static const char base[] = "procedures: {p: [{a: {}}, {z: {}}]}";
    const char *const two[] = {"procedures: {p: {b: {after: a}, c: {before: z}}}",
                               "procedures: {p: {d: {after: a}, e: {before: z}}}", NULL};
    check_patches(base, two,
                  "procedures: {p: [{a: {}}, {b: {}}, {d: {}}, {c: {}}, {e: {}}, {z: {}}]}");
    const char *const chain[] = {"procedures: {p: {b: {after: a}}}",
                                 "procedures: {p: {c: {after: b}, x: {before: b}}}",
                                 "procedures: {p: {d: {after: a}}}", NULL};
    check_patches(base, chain,
                  "procedures: {p: [{a: {}}, {x: {}}, {b: {}}, {c: {}}, {d: {}}, {z: {}}]}");
    /* A step that was moved on no longer stands in the way, nor does what was moved elsewhere. */
    const char *const moved[] = {"procedures: {p: {b: {after: a}}}",
                                 "procedures: {p: {b: {after: z}}}",
                                 "procedures: {p: {c: {after: a}, d: {after: z}}}", NULL};
    check_patches(base, moved, "procedures: {p: [{a: {}}, {c: {}}, {z: {}}, {b: {}}, {d: {}}]}");
    const char *const before[] = {"procedures: {p: {b: {after: a}, x: {after: a}}}",
                                  "procedures: {p: {b: {before: z}}}",
                                  "procedures: {p: {c: {after: a}}}", NULL};
    check_patches(base, before, "procedures: {p: [{a: {}}, {x: {}}, {c: {}}, {b: {}}, {z: {}}]}");
    const char *const other[] = {"procedures: {p: {x: {after: a}}}",
                                 "procedures: {p: {z: {before: x}}}",
                                 "procedures: {p: {c: {after: z}, y: {after: z}}}", NULL};
    check_patches(base, other, "procedures: {p: [{a: {}}, {z: {}}, {c: {}}, {y: {}}, {x: {}}]}");
}

/* Each step of a patch is looked for among all: their product is kept in bounds. */
static void test_step_limit(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct node *base = parse(&arena, "base", "procedures: {p: [{fork: {a: [{s: }], b: x}}]}");
    struct node *patch = parse(&arena, "patch", "procedures: {p: {s: {}, n: {after: s}}}");
    struct node *procedure = node_get(base, "procedures")->first;
    struct node *branch = node_get(procedure->first->first, "a");
    while (branch->count < NODE_KEYS_MAX - 1) {
        node_append(branch, node_scalar(&arena, branch, "x"), NULL);
    }
    CHECK_INT(merge_patch(&arena, base, patch, &err), 0);
    CHECK_INT(branch->count, NODE_KEYS_MAX);
    CHECK(merge_patch(&arena, base, patch, &err) < 0);
    CHECK_TEXT(err.text, "more than 4096 steps in procedure 'p'");
    arena_free(&arena);
}

static void test_procedures(void) {
    check_patch("procedures: {p: [{a: {}}]}", "procedures: {q: [{b: {}}], p: null}",
                "procedures: {q: [{b: {}}]}");
    check_patch("procedures: {p: [{a: {}}]}", "procedures: {p: [{b: {}}]}",
                "procedures: {p: [{b: {}}]}");
    check_patch("name: x", "procedures: {p: [{b: {}}], q: {second: null}}",
                "{name: x, procedures: {p: [{b: {}}]}}");
    check_patch("procedures: ", "procedures: {p: [{b: {}}]}", "procedures: {p: [{b: {}}]}");
    check_patch("procedures: {sea_import: [{a: {}}]}", "procedures: {sea_inport: {a: {b: 1}}}",
                "patch:1:14: error: no procedure 'sea_inport' to change; did you mean "
                "'sea_import'?\n  procedures: {sea_inport: {a: {b: 1}}}\n               ^\n");
    check_patch("procedures: {p: {a: 1}}", "procedures: {p: {a: {b: 1}}}",
                "base:1:17: error: expected a list of steps\n  procedures: {p: {a: 1}}\n"
                "                  ^\n");
    check_patch("procedures: {p: [a]}", "procedures: {p: 3}",
                "patch:1:17: error: expected a list of steps, or steps by name\n"
                "  procedures: {p: 3}\n                  ^\n");
    check_patch("procedures: 3", "procedures: {p: [{b: {}}]}",
                "base:1:13: error: expected a mapping\n  procedures: 3\n              ^\n");
    check_patch("procedures: {p: [{a: {}}]}", "procedures: null", "{}");
}

static void check_scale(const char *base, const char *patch, const char *expected) {
    struct arena arena = ARENA_INIT;
    char *patch_text = arena_format(&arena, "parameters: {m: %s}", patch);
    bool is_message = strncmp(expected, "patch:", 6) == 0;
    check_patch(arena_format(&arena, "parameters: {m: %s}", base), patch_text,
                arena_format(&arena, is_message ? "%s\n  %s\n  %*s^\n" : "parameters: {m: %s}",
                             expected, patch_text, is_message ? atoi(expected + 8) - 1 : 0, ""));
    arena_free(&arena);
}

static void test_scale(void) {
    check_scale("20 min", "{scale: 0.5}", "{value: 10 min, scaled: 0.5}");
    check_scale(
        "{value: 40 min, evidence: measured, source: s, range: [20 min, 80 min], unit: u}",
        "{scale: 0.35, evidence: assumed}",
        "{value: 14 min, evidence: assumed, range: [7 min, 28 min], unit: u, scaled: 0.35}");
    /* Bounds of the factor are multiplied by the old value, others are taken as they are. */
    check_scale("{value: 40 min}", "{scale: 0.5, evidence: assumed, range: [0.3, 0.8]}",
                "{value: 20 min, range: [12 min, 32 min], scaled: 0.5, evidence: assumed}");
    check_scale("{value: 40 min, range: [1 min, 2 min]}", "{scale: 50 %, range: [30 %, 1 h]}",
                "{value: 20 min, range: [12 min, 1 h], scaled: 0.5}");
    check_scale("{value: 40 min, range: [1 min, 2 min]}", "{scale: 0.5, range: null}",
                "{value: 20 min, scaled: 0.5}");
    check_scale("0.35", "{scale: 2, range: [1.5, 3]}",
                "{value: 0.7, range: [0.525, 1.05], scaled: 2}");
    check_scale("40 %", "{scale: 0.25}", "{value: 10 %, scaled: 0.25}");
    check_scale("40 %", "{scale: 0.5, range: [10 %, 0.8]}",
                "{value: 20 %, range: [10 %, 32 %], scaled: 0.5}");
    check_scale("20 min", "{range: [1 min, 2 min], source: s}",
                "{value: 20 min, range: [1 min, 2 min], source: s}");
    check_scale("20 min", "{value: 3 min, source: s}", "{value: 3 min, source: s}");
    check_scale("{value: 5, evidence: e}", "7", "7");

    const char *const twice[] = {"parameters: {m: {scale: 0.5}}", "parameters: {m: {scale: 0.3}}",
                                 NULL};
    check_patches("parameters: {m: 7 min}", twice,
                  "parameters: {m: {value: 1.05 min, scaled: 0.15}}");
    const char *const set_again[] = {"parameters: {m: {scale: 0.5}}", "parameters: {m: 9 min}",
                                     "parameters: {m: {scale: 3}}", NULL};
    check_patches("parameters: {m: 7 min}", set_again,
                  "parameters: {m: {value: 27 min, scaled: 3}}");
    const char *const given_again[] = {"parameters: {m: {scale: 0.5}}",
                                       "parameters: {m: {value: 9 min}}", NULL};
    check_patches("parameters: {m: 7 min}", given_again, "parameters: {m: {value: 9 min}}");
    check_patch("{x: 5, y: {value: 1}}", "{x: {range: 1, f: 2}, y: {value: 3, scale: 2}}",
                "{x: {range: 1, f: 2}, y: {value: 3, scale: 2}}");
    /* Elsewhere too, where there is a value. */
    check_patch("{fee: 100 USD, noise: {shape: 2}}", "{fee: {scale: 1.1}, noise: {scale: 3 m}}",
                "{fee: {value: 110 USD}, noise: {shape: 2, scale: 3 m}}");
}

static void test_scale_refused(void) {
    check_patch("parameters: {check_mean: 5 min}", "parameters: {chek_mean: {scale: 2}}",
                "patch:1:14: error: no parameter 'chek_mean' to scale; did you mean 'check_mean'?\n"
                "  parameters: {chek_mean: {scale: 2}}\n               ^\n");
    check_scale("{evidence: e}", "{scale: 2}",
                "patch:1:14: error: parameter 'm' has no value to scale");
    check_scale("5 min", "{value: 3 min, scale: 2}",
                "patch:1:32: error: give either value or scale");
    check_scale("'lognormal(mean: 20 h)'", "{scale: 2}",
                "patch:1:25: error: cannot scale 'lognormal(mean: 20 h)': only a number with its "
                "unit can be");
    check_scale("2017-01-02", "{scale: 2}",
                "patch:1:25: error: cannot scale '2017-01-02': only a number with its unit can be");
    check_scale(
        "{value: [1]}", "{scale: 2}",
        "patch:1:25: error: cannot scale '(not one value)': only a number with its unit can "
        "be");
    check_scale("5 min", "{scale: -0.5}",
                "patch:1:25: error: expected a factor of at least 0, such as 0.5 or 50 %");
    check_scale("5 min", "{scale: 2 min}",
                "patch:1:25: error: expected a factor of at least 0, such as 0.5 or 50 %");
    check_scale("1.23456789 h", "{scale: 1.23456789123}",
                "patch:1:25: error: '1.23456789 h' times '1.23456789123' has too many digits");
}

/* The errors of a scaled value show the factor that made it. */
static void test_scale_place(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct node *base = parse(&arena, "base", "parameters: {m: 5 min}");
    CHECK_INT(
        merge_patch(&arena, base, parse(&arena, "patch", "parameters: {m: {scale: 3}}"), &err), 0);
    const struct node *value = node_get(node_get(node_get(base, "parameters"), "m"), "value");
    CHECK_TEXT(value->source->name, "patch");
    CHECK_INT(value->column, 25);
    arena_free(&arena);
}

static void check_product(const char *a_text, const char *b_text, const char *expected) {
    struct arena arena = ARENA_INIT;
    struct merge_decimal a, b, product;
    CHECK(merge_decimal_read(a_text, &a) && merge_decimal_read(b_text, &b));
    bool fits = merge_decimal_multiply(&a, &b, &product);
    CHECK_TEXT(fits ? merge_decimal_print(&arena, &product) : "too many", expected);
    arena_free(&arena);
}

static void test_decimals(void) {
    check_product("0.1", "0.2", "0.02"); /* no binary fraction in between */
    check_product("-20 min", "0.35", "-7 min");
    check_product("1e3 kg", "2.50", "2500 kg");
    check_product("5EUR", "1e-2", "0.05EUR");
    check_product("12/h", "1.5", "18/h");
    check_product("-0.00", "5", "0");
    check_product("00120", "10", "1200");
    check_product("3 €", "0.5", "1.5 €");
    check_product("99999999999999999", "1", "99999999999999999");
    check_product("99999999999999999", "10", "999999999999999990");
    check_product("100000000000000000", "1", "100000000000000000");
    check_product("100000000000000000", "10", "too many");
    check_product("1e-27", "1", "0.000000000000000000000000001");
    check_product("1e-27", "0.1", "too many");
    check_product("340282366920938463463374607431768211455", "1", "too many");
    check_product("340282366920938463463374607431768211455", "2", "too many");
    static const char *const no_numbers[] = {"",       "min",
                                             "-",      ".5",
                                             "5.",     "+5",
                                             "1,000",  "5 5",
                                             "5  min", "08:00",
                                             "e3",     "1e999",
                                             "5 min ", "340282366920938463463374607431768211456"};
    for (size_t i = 0; i < sizeof no_numbers / sizeof *no_numbers; i++) {
        struct merge_decimal decimal;
        CHECK(!merge_decimal_read(no_numbers[i], &decimal));
    }
}

/* Products of two numbers of up to 8 digits, against whole numbers: value * 10^-places. */
static void test_decimals_exact(void) {
    uint64_t state = 4711;
    for (int i = 0; i < 20000; i++) {
        uint64_t part[4];
        for (int j = 0; j < 4; j++) {
            state = state * 6364136223846793005u + 1442695040888963407u;
            part[j] = (state >> 33) % (j < 2 ? 99999999u : 9u);
        }
        struct arena arena = ARENA_INIT;
        struct merge_decimal a, b, product, again;
        CHECK(merge_decimal_read(
            arena_format(&arena, "%" PRIu64 "e-%" PRIu64 " d", part[0], part[2]), &a));
        CHECK(merge_decimal_read(arena_format(&arena, "%" PRIu64 "e-%" PRIu64, part[1], part[3]),
                                 &b));
        CHECK(merge_decimal_multiply(&a, &b, &product));
        CHECK(merge_decimal_read(merge_decimal_print(&arena, &product), &again));
        uint64_t scaled = (uint64_t)again.significand;
        int places = (int)(part[2] + part[3]);
        CHECK(-again.exponent <= places); /* no digit more than the product has */
        for (int place = -again.exponent; place < places; place++) {
            scaled *= 10;
        }
        CHECK_INT(scaled, part[0] * part[1]);
        CHECK_TEXT(again.unit, " d");
        arena_free(&arena);
    }
}

typedef int setter(struct arena *arena, struct node *root, const char *assignment,
                   struct error *err);

static void check_setter(setter *make, const char *root_text, const char *assignment,
                         const char *expected) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct node *root = parse(&arena, "root", root_text);
    if (make(&arena, root, assignment, &err) < 0) {
        char message[1200];
        error_print(&err, message, sizeof message);
        CHECK_TEXT(message, err.line == 1 && err.excerpt[0] != '\0'
                                ? arena_format(&arena, "%s\n  %s\n  %*s^\n", expected, assignment,
                                               err.column - 1, "")
                                : expected);
    } else {
        CHECK_TEXT(node_write(&arena, root), node_write(&arena, parse(&arena, "-", expected)));
    }
    arena_free(&arena);
}

static void check_set(const char *root_text, const char *assignment, const char *expected) {
    check_setter(merge_set, root_text, assignment, expected);
}

static void test_set(void) {
    static const char parameters[] = "parameters: {check_mean: {value: 5 min, source: s}, b: 1}";
    check_set(parameters, "parameters.check_mean=30 min",
              "parameters: {check_mean: {value: 30 min, source: s}, b: 1}");
    check_set(parameters, "parameters.check_mean.value=a=b",
              "parameters: {check_mean: {value: a=b, source: s}, b: 1}");
    check_set(parameters, "parameters.check_mean.range=[1 min, 2 min]",
              "parameters: {check_mean: {value: 5 min, source: s, range: [1 min, 2 min]}, b: 1}");
    check_set(parameters, "parameters.b= 'a # b' ",
              "parameters: {check_mean: {value: 5 min, source: s}, b: 'a # b'}");
    check_set(parameters, "parameters.b=a # b ",
              "parameters: {check_mean: {value: 5 min, source: s}, b: \"a # b\"}");
    check_set(parameters, "parameters.b=null",
              "parameters: {check_mean: {value: 5 min, source: s}}");
    check_set(parameters, "seed=7",
              "{parameters: {check_mean: {value: 5 min, source: s}, b: 1}, seed: 7}");
    check_set(PROCEDURE, "procedures.sea.check.duration=exponential(mean: 5 min)",
              "procedures: {sea: [{fork: {documents: [{lodge: {to: customs}}, {check: {duration:"
              " 'exponential(mean: 5 min)'}}], cargo: [{discharge: {}}, {store: {}}]}}, {join: {}},"
              " {examine: {by: x}}, {release: {}}]}");
    check_set("systems: {s: {procedures: {p: [{a: {}}]}}}",
              "systems.s.procedures.p.a.parameters={procedures: 1}",
              "systems: {s: {procedures: {p: [{a: {parameters: {procedures: 1}}}]}}}");
    check_set("procedures: {p: [{a: {}}, {b: {c: 1}}]}", "procedures.p.a=null",
              "procedures: {p: [{b: {c: 1}}]}");
    check_set("procedures: {p: [{a: {}}, {b: {c: 1}}]}", "procedures.p.b={d: 2}",
              "procedures: {p: [{a: {}}, {b: {d: 2}}]}");
    check_set("procedures: {p: [{a: {}}]}", "procedures.p=[{b: {}}]", "procedures: {p: [{b: {}}]}");
}

static void test_set_refused(void) {
    static const char parameters[] = "parameters: {check_mean: {value: 5 min}, list: [1]}";
    check_set(parameters, "parameters.chek_mean=30 min",
              "--set:1:12: error: no 'chek_mean' there; did you mean 'check_mean'?");
    check_set("world: {parameters: {mean: 1}}", "world.parameters.maen=2",
              "--set:1:18: error: no 'maen' there; did you mean 'mean'?");
    check_set(parameters, "paramters.check_mean=30 min",
              "--set:1:1: error: no 'paramters' there; did you mean 'parameters'?");
    check_set(parameters, "parameters.check_mean.value.x=1",
              "--set:1:29: error: no key 'x' here: what stands above it in the path is a single "
              "value");
    check_set(parameters, "parameters.list.0=1",
              "--set:1:17: error: no key '0' here: what stands above it in the path is a list");
    check_set(parameters, "parameters",
              "--set:1:1: error: expected path=value, with dots in the path");
    check_set(parameters,
              "parameters.check_mean= ", "--set:1:23: error: expected a value behind '='");
    check_set(parameters, "parameters..x=1",
              "--set:1:12: error: expected a name of 1 to 128 bytes");
    check_set(parameters, "=1", "--set:1:1: error: expected a name of 1 to 128 bytes");
    check_set(parameters, "parameters.check_mean=[1, 2",
              "--set:1:23: error: this '[' has no ']'; items are separated by ','");
    check_set(parameters, "parameters.check_mean=\xFF",
              "--set:1:23: error: byte 0xFF is not UTF-8; save the file as UTF-8\n");
    check_set(PROCEDURE, "procedures.see.lodge.to=x",
              "--set:1:12: error: no 'see' there; did you mean 'sea'?");
    check_set(PROCEDURE, "procedures.sea.documents.lodge=x",
              "--set:1:16: error: no step 'documents' in procedure 'sea'; known are fork, lodge, "
              "check, discharge, store, join, examine, release");
    check_set(
        PROCEDURE, "procedures.sea.lodge=x",
        "--set:1:22: error: expected a mapping with the keys of step 'lodge', or null to take "
        "it away");
    check_set(PROCEDURE, "procedures.quarantine=[]",
              "--set:1:12: error: no 'quarantine' there; known are sea");
}

/* A parameter by its name: what has scaled the old value scales the new one. */
static void test_set_parameter(void) {
    static const struct {
        const char *root, *assignment, *expected;
    } cases[] = {
        {"{m: 7 min, n: 1}", "m=9 min", "{m: 9 min, n: 1}"},
        {"{m: {value: 5 min, scaled: 0.5, source: s}}", "m= 9 min",
         "{m: {value: 4.5 min, scaled: 0.5, source: s}}"},
        {"{m: {value: 5 %, scaled: 1.5}}", "m=30 %", "{m: {value: 45 %, scaled: 1.5}}"},
        {"{m: {value: 5 min, scaled: 0.5}}", "m={value: 9 min}", "{m: {value: 9 min}}"},
        {"{m: {value: 5 min, source: s}}", "m=exponential(mean: 3 min)",
         "{m: {value: 'exponential(mean: 3 min)', source: s}}"},
        {"{m: {value: 5 min, scaled: 0.5}}", "m=exponential(mean: 3 min)",
         "--set:1:3: error: cannot scale 'exponential(mean: 3 min)': only a number with its unit "
         "can be"},
        {"{m: {value: 5 min, scaled: 0.123456789}}", "m=1.23456789123 min",
         "--set:1:3: error: '1.23456789123 min' times '0.123456789' has too many digits"},
        {"{m: 7 min, n: 1}", "m=null", "{n: 1}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_setter(merge_set_parameter, cases[i].root, cases[i].assignment, cases[i].expected);
    }
    /* A dotted path says what the value is, whatever has scaled the old one. */
    check_set("parameters: {m: {value: 5 min, scaled: 0.5, source: s}}", "parameters.m=9 min",
              "parameters: {m: {value: 9 min, source: s}}");
}

/* The value of an assignment knows its place in it. */
static void test_set_place(void) {
    struct arena arena = ARENA_INIT;
    struct error err = ERROR_INIT;
    struct node *root = parse(&arena, "root", "{a: {b: 1}}");
    CHECK_INT(merge_set(&arena, root, "a.b=[x, y]", &err), 0);
    const struct node *b = node_get(node_get(root, "a"), "b");
    CHECK_TEXT(b->last->source->name, "--set");
    CHECK_INT(b->last->column, 9);
    CHECK_INT(b->key_column, 3);
    node_error(b->last, &err, "no");
    CHECK_TEXT(err.excerpt, "a.b=[x, y]");
    arena_free(&arena);
}

/* ---- properties over random mappings without parameters and procedures ---- */

static uint64_t state = 99;

static unsigned draw(unsigned below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(state >> 33) % below;
}

static struct node *draw_value(struct arena *arena, unsigned depth) {
    static const char *const keys[] = {"a", "b", "c", "d", "e"};
    unsigned kind = draw(depth > 0 ? 4 : 2);
    struct node *node = node_new(arena,
                                 kind == 0   ? NODE_NULL
                                 : kind == 1 ? NODE_SCALAR
                                             : NODE_MAPPING,
                                 NULL);
    node->text = kind == 1 ? arena_format(arena, "%u", draw(3)) : NULL;
    for (size_t i = 0; kind > 1 && i < sizeof keys / sizeof *keys; i++) {
        if (draw(2) == 0) {
            node_append(node, draw_value(arena, depth - 1), keys[i]);
        }
    }
    return node;
}

static struct node *draw_mapping(struct arena *arena) {
    for (;;) {
        struct node *node = draw_value(arena, 3);
        if (node->kind == NODE_MAPPING) {
            return node;
        }
    }
}

static bool holds_null(const struct node *node) {
    bool found = node->kind == NODE_NULL;
    for (const struct node *child = node->first; child != NULL; child = child->next) {
        found = found || holds_null(child);
    }
    return found;
}

/* The definition of RFC 7396, as short as it stands there, on sets of keys. */
static bool is_merged(const struct node *merged, const struct node *base,
                      const struct node *patch) {
    if (patch->kind != NODE_MAPPING) {
        return node_equal(merged, patch);
    }
    unsigned expected = 0;
    for (const struct node *old = base->first; old != NULL; old = old->next) {
        const struct node *child = node_get(merged, old->key);
        if (node_get(patch, old->key) == NULL) {
            expected++;
            if (child == NULL || !node_equal(child, old)) {
                return false;
            }
        }
    }
    static const struct node nothing = {.kind = NODE_MAPPING};
    for (const struct node *new = patch->first; new != NULL; new = new->next) {
        const struct node *child = node_get(merged, new->key);
        const struct node *old = node_get(base, new->key);
        old = old == NULL || old->kind != NODE_MAPPING ? &nothing : old;
        expected += new->kind != NODE_NULL;
        bool same = child == NULL ? new->kind == NODE_NULL
                                  : new->kind != NODE_NULL &&is_merged(child, old, new);
        if (!same) {
            return false;
        }
    }
    return merged->count == expected;
}

static void test_properties(void) {
    unsigned changed = 0;
    for (int i = 0; i < 5000; i++) {
        struct arena arena = ARENA_INIT;
        struct error err = ERROR_INIT;
        struct node *base = draw_mapping(&arena), *patch = draw_mapping(&arena);
        struct node *merged = node_copy(&arena, base);
        CHECK_INT(merge_patch(&arena, merged, patch, &err), 0);
        CHECK(is_merged(merged, base, patch));
        changed += !node_equal(merged, base);

        struct node *again = node_copy(&arena, merged);
        CHECK_INT(merge_patch(&arena, again, patch, &err), 0);
        CHECK(node_equal(again, merged));

        struct node *nothing = node_new(&arena, NODE_MAPPING, NULL);
        CHECK_INT(merge_patch(&arena, nothing, patch, &err), 0);
        CHECK(!holds_null(nothing));
        arena_free(&arena);
    }
    CHECK(changed > 1000);
}

int main(void) {
    test_mappings();
    test_steps();
    test_steps_refused();
    test_patch_order();
    test_step_limit();
    test_procedures();
    test_scale();
    test_scale_refused();
    test_scale_place();
    test_decimals();
    test_decimals_exact();
    test_set();
    test_set_refused();
    test_set_parameter();
    test_set_place();
    test_properties();
    return test_summary();
}
