/* SPDX-License-Identifier: GPL-3.0-or-later
 * assess_solve.c - taxes in the price: amounts that solve each other's bases.
 *
 * A levy's charge is a share of its base and a constant; both are found by charging bases of 0 and
 * of 1, so that measures of the schedule may have a say. */
#include "core/tariff/assess_work.h"
#include "core/tariff/levy_circle.h"

/* The levies whose amounts are not known yet that the base of `row` holds, and those in theirs. */
static int gather(struct assess_work *work, struct levy_circle *circle, const int rows[LEVY_MAX],
                  unsigned from) {
    const struct levy_plan *plan = work->plan;
    if (rows[from] < 0) {
        return 0;
    }
    const struct levy_sum *base = &plan->levies[from].rows[rows[from]].base;
    for (unsigned t = 0; t < base->count; t++) {
        for (unsigned f = 0; f < base->terms[t].factor_count; f++) {
            unsigned levy = levy_of_slot(plan, base->terms[t].factors[f]);
            if (levy == LEVY_MAX || levy < work->levy || levy_circle_index(circle, levy) >= 0) {
                continue;
            }
            if (circle->count == LEVY_CIRCLE_MAX) {
                return assess_fail(work, ASSESS_too_long, LEVY_NO_SLOT);
            }
            circle->levies[circle->count++] = (uint8_t)levy;
        }
    }
    return 0;
}

/* share * base + constant; without a trace. */
static int linear_charge(struct assess_work *work, const struct levy_row *row, struct exact *share,
                         struct exact *constant) {
    struct trace *trace = &work->result->trace;
    unsigned mark = trace->count;
    struct exact at_one;
    int status = assess_charge(work, row, exact_integer(0), constant) != 0 ||
                 assess_charge(work, row, exact_integer(1), &at_one) != 0;
    trace->count = mark;
    if (status != 0) {
        return -1;
    }
    return exact_subtract(at_one, *constant, share) != 0
               ? assess_fail(work, ASSESS_too_large, LEVY_NO_SLOT)
               : 0;
}

/* A term without the one amount in it that is not known; `*column` is that one's, or the last. */
static int term_of(struct assess_work *work, const struct levy_circle *circle,
                   const struct levy_term *term, unsigned *column, struct exact *part) {
    struct levy_term known = *term;
    struct levy_sum sum = {.count = 1, .terms = &known};
    known.factor_count = 0;
    *column = circle->count;
    for (unsigned f = 0; f < term->factor_count; f++) {
        int at = levy_circle_index(circle, levy_of_slot(work->plan, term->factors[f]));
        if (at >= 0) {
            *column = (unsigned)at;
        } else {
            known.factors[known.factor_count++] = term->factors[f];
        }
    }
    return assess_sum(work, &sum, false, part);
}

static int fill_line(struct assess_work *work, struct levy_circle *circle, unsigned line, int row) {
    struct exact share, constant, part;
    struct exact *to = circle->matrix[line];
    for (unsigned c = 0; c <= circle->count; c++) {
        to[c] = exact_integer(c == line ? 1 : 0);
    }
    if (row < 0) {
        return 0; /* nothing is due there: the amount is 0 */
    }
    const struct levy_row *of = &work->plan->levies[circle->levies[line]].rows[row];
    if (linear_charge(work, of, &share, &constant) != 0) {
        return -1;
    }
    to[circle->count] = constant;
    for (unsigned t = 0; t < of->base.count; t++) {
        unsigned column;
        if (term_of(work, circle, &of->base.terms[t], &column, &part) != 0) {
            return -1;
        }
        if (exact_multiply(part, share, &part) != 0 ||
            (column == circle->count ? exact_add : exact_subtract)(to[column], part, &to[column]) !=
                0) {
            return assess_fail(work, ASSESS_too_large, LEVY_NO_SLOT);
        }
    }
    return 0;
}

static int fill(struct assess_work *work, struct levy_circle *circle) {
    int rows[LEVY_MAX];
    for (unsigned i = work->levy; i < work->plan->levy_count; i++) {
        rows[i] = assess_row(work, i);
    }
    circle->count = 1;
    circle->levies[0] = (uint8_t)work->levy;
    for (unsigned i = 0; i < circle->count; i++) {
        if (gather(work, circle, rows, circle->levies[i]) != 0) {
            return -1;
        }
    }
    unsigned present = work->levy;
    for (unsigned i = 0; i < circle->count; i++) {
        work->levy = circle->levies[i]; /* whose measures are charged */
        int status = fill_line(work, circle, i, rows[circle->levies[i]]);
        work->levy = present;
        if (status != 0) {
            return -1;
        }
    }
    return 0;
}

int assess_solve(struct assess_work *work) {
    struct levy_circle circle;
    if (fill(work, &circle) != 0) {
        return -1;
    }
    switch (levy_circle_solve(&circle)) {
    case LEVY_CIRCLE_SINGULAR:
        return assess_fail(work, ASSESS_singular, LEVY_NO_SLOT);
    case LEVY_CIRCLE_TOO_LARGE:
        return assess_fail(work, ASSESS_too_large, LEVY_NO_SLOT);
    case LEVY_CIRCLE_SOLVED:
        break;
    }
    for (unsigned i = 0; i < circle.count; i++) {
        struct assess_line *line = &work->result->lines[circle.levies[i]];
        line->amount = exact_reduced(circle.solution[i]);
        line->is_known = true;
    }
    return 0;
}

void assess_unsolve(struct assess_work *work) {
    for (unsigned i = work->levy; i < work->plan->levy_count; i++) {
        work->result->lines[i].is_known = false;
    }
}
