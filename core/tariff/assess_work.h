/* SPDX-License-Identifier: GPL-3.0-or-later
 * assess_work.h - what the files of an assessment share while it is under way. */
#ifndef CORE_TARIFF_ASSESS_WORK_H
#define CORE_TARIFF_ASSESS_WORK_H

#include "core/tariff/assess.h"

struct assess_work {
    const struct levy_plan *plan;
    const struct tariff_facts *facts;
    int64_t goods_day, known_day;
    struct assessment *result;
    bool is_too_large;        /* a number doesn't fit into a condition */
    unsigned levy;            /* the present one */
    struct assess_line *line; /* and its line */
};

/* Says why the present levy has no amount. Returns -1. */
static inline int assess_fail(struct assess_work *work, enum assess_outcome outcome,
                              unsigned detail) {
    work->line->outcome = outcome;
    work->line->detail = (uint16_t)detail;
    return -1;
}

/* What a slot holds; NULL, and the outcome is set, when that isn't known. */
static inline const struct exact *assess_read(struct assess_work *work, unsigned slot,
                                              enum assess_outcome otherwise) {
    unsigned levy = levy_of_slot(work->plan, slot);
    if (levy != LEVY_MAX) {
        const struct assess_line *line = &work->result->lines[levy];
        if (line->is_known) {
            return &line->amount;
        }
        assess_fail(work, ASSESS_depends, slot);
        return NULL;
    }
    if (slot < work->plan->slot_count && work->facts->known[slot]) {
        return &work->facts->numbers[slot];
    }
    assess_fail(work, otherwise, slot);
    return NULL;
}

/* A new step of the trace, its numbers to be filled in; NULL, and the outcome is set, when there
 * is no room. */
static inline struct trace_step *assess_step(struct assess_work *work,
                                             enum trace_operation operation) {
    struct trace *trace = &work->result->trace;
    if (__builtin_expect(trace->count == TRACE_STEPS_MAX, 0)) {
        assess_fail(work, ASSESS_too_long, LEVY_NO_SLOT);
        return NULL;
    }
    struct trace_step *step = &trace->steps[trace->count++];
    step->operation = (uint8_t)operation;
    step->slot = TRACE_NO_SLOT;
    return step;
}

/* Evaluates a sum; `is_traced`: as terms of the base. */
int assess_sum(struct assess_work *work, const struct levy_sum *sum, bool is_traced,
               struct exact *result);

/* The amount that a row charges on a base, before its rounding and limits. */
int assess_charge(struct assess_work *work, const struct levy_row *row, struct exact base,
                  struct exact *amount);

/* What the gap between a base and the trigger price of its goods bears. */
int assess_gap(struct assess_work *work, const struct tariff_trigger *trigger, struct exact base,
               struct exact *amount);

/* The amount of a duty on a base; `measure` for the trace. */
int assess_duty(struct assess_work *work, const struct levy_row *row, const struct levy_duty *duty,
                struct exact base, struct exact *amount);

/* Finds the measures and judges their conditions; sets notices. */
void assess_find(struct assess_work *work);

/* Adds a notice; beyond the most there can be, the last is replaced. */
void assess_note(struct assess_work *work, enum assess_outcome outcome,
                 const struct measure *measure, unsigned detail);

/* The measures that feed the present levy. */
int assess_measures(struct assess_work *work, const struct levy_row *row, struct exact base,
                    struct exact *amount);

/* The row of a levy that is in force, known and met; -1 for none. */
int assess_row(struct assess_work *work, unsigned levy);

/* Solves the present levy and those later ones that its base holds: their amounts, before any
 * rounding, are put into their lines as known. -1 and the outcome. */
int assess_solve(struct assess_work *work);

/* Forgets the amounts that assess_solve put into later lines. */
void assess_unsolve(struct assess_work *work);

#endif
