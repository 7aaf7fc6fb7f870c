/* SPDX-License-Identifier: GPL-3.0-or-later
 * bench_rule.c - the cases of `bench rule`: calls of a table of five inputs and twenty rules, cost
 * counted, as written and in the worst order; and what loading it takes. */
#include "core/rule/rule_analysis.h"
#include "sim/commands/bench.h"

#include <string.h>

enum { RULES = 20, INPUTS = 5, QUESTIONS = 1024, DAY = 17167 };

enum { CALLS = 200 * QUESTIONS };

/* A selection profile: rules by risk score, each for one class of trader, with limits of value and
 * mass and a list of chapters; the last takes what is left. */
static const char *rule_text(struct arena *arena, unsigned number) {
    static const char *const traders[] = {"authorised", "known", "new", "unknown"};
    if (number == RULES - 1) {
        return "  rest: {then: {channel: green, share: 0}}\n";
    }
    unsigned low = number * 5;
    return arena_format(
        arena,
        "  rule_%u: {when: {score: %u .. %u, trader: not(%s), chapter: [%02u, %02u, "
        "%02u], value: more than %u USD, mass: at most %u kg}, then: {channel: %s, "
        "share: %u %%}}\n",
        number, low, low + 40, traders[number % 4], number + 1, number + 21, number + 41,
        number * 150, 30000 - number * 1000, number % 3 == 0 ? "red" : "yellow", number);
}

static const char *page_text(struct arena *arena, bool in_worst_order) {
    const char *text = "clearlab: 1\n"
                       "table: bench\n"
                       "hit: first\n"
                       "currency: USD\n"
                       "inputs:\n"
                       "  score: {type: integer, range: 0 .. 150}\n"
                       "  trader: {type: text, choices: [authorised, known, new, unknown]}\n"
                       "  chapter: text\n"
                       "  value: {type: money, range: 0 USD ..}\n"
                       "  mass: {type: mass, optional: true}\n"
                       "outputs:\n"
                       "  channel: {type: text, choices: [red, yellow, green]}\n"
                       "  share: share\n"
                       "rules:\n";
    for (unsigned i = 0; i < RULES; i++) {
        /* Whoever walks a table from the top finds the rule that takes what is left at its end. */
        unsigned number = in_worst_order && i < RULES - 1 ? RULES - 2 - i : i;
        text = arena_format(arena, "%s%s", text, rule_text(arena, number));
    }
    return text;
}

static uint64_t pick(uint64_t *state, uint64_t count) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (*state >> 33) % count;
}

static void draw_questions(const struct rule *rule, struct arena *arena, bool at_the_end,
                           struct value (*questions)[INPUTS]) {
    static const char *const traders[] = {"authorised", "known", "new", "unknown"};
    uint64_t state = 7;
    for (unsigned q = 0; q < QUESTIONS; q++) {
        struct value *values = questions[q];
        unsigned chapter = at_the_end ? 99 : (unsigned)pick(&state, 70);
        values[0] =
            (struct value){.type = VALUE_DECIMAL, .decimal = {(int64_t)pick(&state, 150), 0}};
        values[1] = rule_symbol(rule, traders[pick(&state, 4)]);
        values[2] = rule_symbol(rule, arena_format(arena, "%02u", chapter));
        values[3] =
            (struct value){.type = VALUE_DECIMAL, .decimal = {(int64_t)pick(&state, 100000000), 4}};
        values[4] =
            (struct value){.type = VALUE_DECIMAL, .decimal = {(int64_t)pick(&state, 30000000), 3}};
    }
}

/* Nanoseconds a call. */
static double time_calls(bool in_worst_order, bool at_the_end, struct error *err) {
    static struct value questions[QUESTIONS][INPUTS];
    static struct rule_result result;
    struct arena arena = ARENA_INIT;
    const char *text = page_text(&arena, in_worst_order);
    const struct rule *rule = rule_compile_text("bench", text, strlen(text), &arena, err);
    double ns = 0;
    if (rule != NULL) {
        volatile uint64_t sink;
        uint64_t cost = 0;
        draw_questions(rule, &arena, at_the_end, questions);
        double began_s = bench_now_s();
        for (unsigned i = 0; i < CALLS; i++) {
            rule_evaluate(rule, questions[i % QUESTIONS], DAY, &result);
            cost += result.cost;
        }
        ns = (bench_now_s() - began_s) * 1e9 / CALLS;
        sink = cost;
        (void)sink;
    }
    arena_free(&arena);
    return ns;
}

static int measure_calls(double values[BENCH_KEYS_MAX], struct error *err) {
    values[0] = time_calls(false, false, err);
    values[1] = time_calls(true, false, err);
    values[2] = time_calls(true, true, err);
    return err->code == ERROR_NONE ? 0 : -1;
}

/* Parse, compile and analyse. */
static int measure_load(double values[BENCH_KEYS_MAX], struct error *err) {
    struct arena arena = ARENA_INIT;
    double began_s = bench_now_s();
    const char *text = page_text(&arena, false);
    const struct rule *rule = rule_compile_text("bench", text, strlen(text), &arena, err);
    int status = rule == NULL ? -1 : rule_analysis_check(rule, &arena, err);
    values[0] = (bench_now_s() - began_s) * 1e3;
    arena_free(&arena);
    return status;
}

static const struct bench_case calls = {
    .keys = {{"rule_call_ns", "ns", "five inputs, twenty rules, cost counted", 100, false},
             {"rule_call_reversed_ns", "ns", "the rules the other way round", 100, false},
             {"rule_call_last_ns", "ns", "every call falls through to the last rule", 100, false}},
    .measure = measure_calls};

static const struct bench_case load = {
    .keys = {{"rule_load_ms", "ms", "read, compile and analyse that table", 20, false}},
    .measure = measure_load};

const struct bench_case *const bench_rule_cases[] = {&calls, &load, NULL};
