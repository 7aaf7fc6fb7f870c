/* SPDX-License-Identifier: GPL-3.0-or-later
 * trace.h - how an amount came about, in steps that give it again by themselves.
 *
 * Each step holds its own numbers: nothing is looked up when a trace is replayed. The steps of a
 * levy work on five registers:
 *
 *     item      the term or component under way      base     the sum of terms
 *     sum       components behind the last MIN/MAX    bound    what stands before that
 *     charged   the measures before the present one
 *
 *     LEVY name    TERM 110% x customs_value   TERM 1 x duty   BASE_ROUND down 1000
 *     MEASURE 4711 SHARE + 8%   MONEY + 12.3  EXCHANGE 0.8571  FACTOR 1/100  QUANTITY 1850 kg
 *     ROUND half_up 0.01   FLOOR 25   END 346.40 */
#ifndef CORE_TARIFF_TRACE_H
#define CORE_TARIFF_TRACE_H

#include "core/tariff/duty.h"

#include <stdbool.h>
#include <stdint.h>

/* `a` and `b` are the numbers of a step; where there is a rounding, the step is in `a`, of an
 * exchange in `b`. */
#define TRACE_OPERATIONS(X)                                                         \
    X(levy, "begins: slot is the levy, measure its row")                            \
    X(term, "base += a * b, b being what the slot holds; a alone without slot")     \
    X(times, "the term times b")                                                    \
    X(over, "the term over b")                                                      \
    X(base_round, "the base is rounded")                                            \
    X(measure, "a measure of the schedule begins")                                  \
    X(as_base, "the base is the amount")                                            \
    X(share, "a of the base, or of b where a slot is named")                        \
    X(money, "a")                                                                   \
    X(exchange, "times the rate a, rounded to a multiple of b")                     \
    X(factor, "times a")                                                            \
    X(quantity, "times b of the slot")                                              \
    X(slice, "a of the part b")                                                     \
    X(component_round, "the component is rounded")                                  \
    X(trigger, "slices are of the gap to a in all: b of the slot, at its price")    \
    X(round, "the levy is rounded")                                                 \
    X(floor, "not less than a")                                                     \
    X(ceiling, "not more than a")                                                   \
    X(entry, "a instead: the item's part of what all items of the declaration pay") \
    X(waive, "not collected: within the limit a")                                   \
    X(end, "a is the amount")

enum trace_operation {
#define X(name, doc) TRACE_##name,
    TRACE_OPERATIONS(X)
#undef X
        TRACE_OPERATION_COUNT
};
const char *trace_operation_name(enum trace_operation operation);

enum { TRACE_STEPS_MAX = 512, TRACE_NO_SLOT = 0xffff };

struct trace_step {
    uint8_t operation;
    uint8_t verb; /* of a component: enum duty_verb, PLUS, MINUS, MIN or MAX */
    uint8_t mode; /* of a rounding: enum rounding_mode */
    uint16_t slot;
    uint32_t measure; /* index in the schedule; of a levy its row */
    struct exact a, b;
};

struct trace {
    unsigned count;
    struct trace_step steps[TRACE_STEPS_MAX];
};

/* The amount of one levy from its steps, the first being its LEVY; `*count` becomes the number of
 * its steps, END included. -1 when they make no sense or numbers don't fit. */
int trace_replay(const struct trace_step *steps, unsigned limit, unsigned *count,
                 struct exact *amount);

/* Whether every levy's steps give what its END says, and what is taken from a former levy is what
 * that one came to. */
bool trace_agrees(const struct trace *trace);

#endif
