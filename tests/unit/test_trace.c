/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goal: a trace gives its amount by itself, and one that makes no sense gives none.
 * Method: steps written by hand with the amount worked out beside them; each step changed or
 * taken away must change the amount or be refused. */
#include "core/tariff/trace.h"
#include "tests/test.h"

#define STEP(name, ...) \
    { .operation = TRACE_##name, .slot = TRACE_NO_SLOT, __VA_ARGS__ }

/* Base 1,200 + 34.567 cut to whole: 1,234. 10 % is 123.4; not less than 2 a kilo of 70: 140;
 * not more than 200 - 7 = 193. A second measure adds 1.5 EUR at 0.8333, down to 1.24, times 3 /
 * 100: 0.0372. Together 140.0372, up to 140.04; at least 150 makes it 150. */
static const struct trace_step steps[] = {
    {.operation = TRACE_levy, .slot = 9},
    {.operation = TRACE_term, .slot = 0, .a = {1, 1}, .b = {1200, 1}},
    {.operation = TRACE_term, .slot = 1, .a = {1, 1000}, .b = {69134, 1}},
    STEP(over, .b = {2, 1}),
    STEP(base_round, .mode = ROUNDING_DOWN, .a = {1, 1}),
    STEP(measure, .measure = 4),
    STEP(share, .verb = DUTY_PLUS, .a = {1, 10}),
    STEP(money, .verb = DUTY_MIN, .a = {2, 1}),
    STEP(quantity, .b = {70, 1}),
    STEP(money, .verb = DUTY_MAX, .a = {200, 1}),
    STEP(money, .verb = DUTY_MINUS, .a = {7, 1}),
    STEP(measure, .measure = 5),
    STEP(money, .verb = DUTY_PLUS, .a = {3, 2}),
    STEP(exchange, .mode = ROUNDING_DOWN, .a = {8333, 10000}, .b = {1, 100}),
    STEP(factor, .a = {1, 100}),
    STEP(quantity, .b = {3, 1}),
    STEP(round, .mode = ROUNDING_UP, .a = {1, 100}),
    STEP(floor, .a = {150, 1}),
    STEP(end, .a = {150, 1}),
};
enum { STEPS = sizeof steps / sizeof steps[0] };

static void test_replay(void) {
    struct exact amount;
    unsigned count;
    CHECK_INT(trace_replay(steps, STEPS, &count, &amount), 0);
    CHECK_INT(count, STEPS);
    CHECK_INT(exact_compare(amount, exact_integer(150)), 0);
    struct trace_step without_floor[STEPS];
    memcpy(without_floor, steps, sizeof steps);
    without_floor[STEPS - 2] = steps[STEPS - 1];
    CHECK_INT(trace_replay(without_floor, STEPS - 1, &count, &amount), 0);
    CHECK_INT(exact_compare(amount, exact_ratio(14004, 100)), 0);
    without_floor[STEPS - 2] = (struct trace_step)STEP(waive, .a = {200, 1});
    without_floor[STEPS - 1] = steps[STEPS - 1];
    CHECK_INT(trace_replay(without_floor, STEPS, &count, &amount), 0);
    CHECK_INT(exact_sign(amount), 0);
}

static void test_nonsense(void) {
    struct exact amount;
    unsigned count;
    CHECK_INT(trace_replay(steps + 1, STEPS - 1, &count, &amount), -1); /* no begin */
    CHECK_INT(trace_replay(steps, STEPS - 1, &count, &amount), -1);     /* no end */
    CHECK_INT(trace_replay(steps, 0, &count, &amount), -1);
    struct trace_step wrong[STEPS];
    memcpy(wrong, steps, sizeof steps);
    wrong[3].b = exact_integer(0); /* division by zero */
    CHECK_INT(trace_replay(wrong, STEPS, &count, &amount), -1);
    memcpy(wrong, steps, sizeof steps);
    wrong[8] = steps[1]; /* a term of the base behind a component */
    CHECK_INT(trace_replay(wrong, STEPS, &count, &amount), -1);
    memcpy(wrong, steps, sizeof steps);
    wrong[16].a = exact_integer(0); /* rounded to nothing */
    CHECK_INT(trace_replay(wrong, STEPS, &count, &amount), -1);
}

static void test_agreement(void) {
    static struct trace trace;
    memcpy(trace.steps, steps, sizeof steps);
    trace.steps[STEPS] = (struct trace_step){.operation = TRACE_levy, .slot = 10};
    trace.steps[STEPS + 1] =
        (struct trace_step){.operation = TRACE_term, .slot = 9, .a = {1, 1}, .b = {150, 1}};
    trace.steps[STEPS + 2] = (struct trace_step)STEP(share, .a = {1, 5});
    trace.steps[STEPS + 3] = (struct trace_step)STEP(end, .a = {30, 1});
    trace.count = STEPS + 4;
    CHECK(trace_agrees(&trace));
    trace.steps[STEPS + 3].a = exact_integer(31);
    CHECK(!trace_agrees(&trace));
    trace.steps[STEPS + 1].b = exact_integer(155); /* not what levy 9 came to */
    CHECK(!trace_agrees(&trace));
    CHECK_TEXT(trace_operation_name(TRACE_base_round), "base_round");
}

int main(void) {
    test_replay();
    test_nonsense();
    test_agreement();
    return test_summary();
}
