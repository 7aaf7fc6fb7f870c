/* SPDX-License-Identifier: GPL-3.0-or-later
 * levy_circle.c - levies in their own base: a linear system, and which ones are refused. */
#include "core/tariff/levy_circle.h"

#include <string.h>

/* ---- elimination ---- */

static void swap_rows(struct levy_circle *circle, unsigned a, unsigned b) {
    for (unsigned c = 0; c <= circle->count; c++) {
        struct exact kept = circle->matrix[a][c];
        circle->matrix[a][c] = circle->matrix[b][c];
        circle->matrix[b][c] = kept;
    }
}

/* Takes from `row` what makes its entry in the pivot's column zero. */
static int eliminate(struct levy_circle *circle, unsigned pivot, unsigned row) {
    struct exact factor;
    if (exact_divide(circle->matrix[row][pivot], circle->matrix[pivot][pivot], &factor) != 0) {
        return -1;
    }
    for (unsigned c = pivot; c <= circle->count; c++) {
        struct exact part;
        if (exact_multiply(circle->matrix[pivot][c], factor, &part) != 0 ||
            exact_subtract(circle->matrix[row][c], part, &circle->matrix[row][c]) != 0) {
            return -1;
        }
        circle->matrix[row][c] = exact_reduced(circle->matrix[row][c]);
    }
    return 0;
}

enum levy_circle_status levy_circle_solve(struct levy_circle *circle) {
    for (unsigned p = 0; p < circle->count; p++) {
        unsigned row = p;
        while (row < circle->count && exact_sign(circle->matrix[row][p]) == 0) {
            row++;
        }
        if (row == circle->count) {
            return LEVY_CIRCLE_SINGULAR;
        }
        swap_rows(circle, p, row);
        for (unsigned r = 0; r < circle->count; r++) {
            if (r != p && eliminate(circle, p, r) != 0) {
                return LEVY_CIRCLE_TOO_LARGE;
            }
        }
    }
    for (unsigned p = 0; p < circle->count; p++) {
        if (exact_divide(circle->matrix[p][circle->count], circle->matrix[p][p],
                         &circle->solution[p]) != 0) {
            return LEVY_CIRCLE_TOO_LARGE;
        }
    }
    return LEVY_CIRCLE_SOLVED;
}

int levy_circle_index(const struct levy_circle *circle, unsigned levy) {
    for (unsigned i = 0; i < circle->count; i++) {
        if (circle->levies[i] == levy) {
            return (int)i;
        }
    }
    return -1;
}

/* ---- what is refused when a jurisdiction is read ---- */

static bool is_linear_duty(const struct levy_duty *duty) {
    for (uint32_t i = 0; i < duty->count; i++) {
        if (duty->components[i].verb == DUTY_MIN || duty->components[i].verb == DUTY_MAX) {
            return false;
        }
    }
    return true;
}

bool levy_circle_is_linear(const struct levy_duty *duty) {
    return is_linear_duty(duty);
}

static const char *fault_of(const struct levy_row *row) {
    if (row->has_minimum || row->has_maximum || row->has_entry_minimum || row->has_entry_maximum ||
        row->waive != LEVY_COLLECT) {
        return "has a limit";
    }
    if (row->base_round.mode != ROUNDING_NONE || row->component_round.mode != ROUNDING_NONE) {
        return "rounds before its end";
    }
    if (row->charge == LEVY_TIERS || row->charge == LEVY_SLICES) {
        return "has a table";
    }
    return row->charge == LEVY_RATE && !is_linear_duty(&row->duty) ? "has a MIN or MAX" : NULL;
}

static int check_member(struct levy_builder *builder, const struct levy_row *circular,
                        unsigned levy) {
    const struct levy *of = &builder->plan->levies[levy];
    for (unsigned i = 0; i < of->row_count; i++) {
        const char *fault = fault_of(&of->rows[i]);
        if (fault != NULL) {
            return node_error(circular->node, builder->err,
                              "the base holds '%s', which %s: then there may be no one solution",
                              of->name, fault);
        }
    }
    return 0;
}

/* Every term holds at most one levy that has no amount yet, and as a factor. */
static int check_terms(struct levy_builder *builder, const struct levy_row *row, unsigned levy,
                       bool members[LEVY_MAX]) {
    const struct levy_plan *plan = builder->plan;
    for (unsigned t = 0; t < row->base.count; t++) {
        const struct levy_term *term = &row->base.terms[t];
        unsigned open = 0;
        for (unsigned f = 0; f < term->factor_count; f++) {
            unsigned of = levy_of_slot(plan, term->factors[f]);
            if (of != LEVY_MAX && of >= levy) {
                members[of] = true;
                open++;
            }
        }
        for (unsigned d = 0; d < term->divisor_count; d++) {
            unsigned of = levy_of_slot(plan, term->divisors[d]);
            open += of != LEVY_MAX && of >= levy ? 2 : 0;
        }
        if (open > 1) {
            return node_error(row->node, builder->err,
                              "the base multiplies or divides amounts that aren't known yet");
        }
    }
    return 0;
}

/* The share of its own base that a row takes; false where declarations or measures decide. */
static bool constant_share(const struct levy_row *row, struct exact *share) {
    *share = exact_integer(row->charge == LEVY_AS_BASE ? 1 : 0);
    for (uint32_t i = 0; row->charge == LEVY_RATE && i < row->duty.count; i++) {
        const struct levy_component *component = &row->duty.components[i];
        bool is_own = component->basis == DUTY_SHARE && component->share_of == LEVY_NO_SLOT;
        if (is_own && (component->verb == DUTY_MINUS ? exact_subtract : exact_add)(
                          *share, component->amount, share) != 0) {
            return false;
        }
    }
    return row->charge != LEVY_MEASURES;
}

/* One line of the matrix: the identity less what the levy takes of each member. */
static bool constant_line(const struct levy_plan *plan, struct levy_circle *circle, unsigned line) {
    const struct levy *levy = &plan->levies[circle->levies[line]];
    struct exact share;
    if (levy->row_count != 1 || levy->rows[0].when != NULL ||
        !constant_share(&levy->rows[0], &share)) {
        return false;
    }
    for (unsigned c = 0; c <= circle->count; c++) {
        circle->matrix[line][c] = exact_integer(c == line ? 1 : 0);
    }
    for (unsigned t = 0; t < levy->rows[0].base.count; t++) {
        const struct levy_term *term = &levy->rows[0].base.terms[t];
        for (unsigned f = 0; f < term->factor_count; f++) {
            int column = levy_circle_index(circle, levy_of_slot(plan, term->factors[f]));
            struct exact part;
            if (column < 0) {
                continue;
            }
            if (term->factor_count > 1 || term->divisor_count > 0 ||
                exact_multiply(share, term->coefficient, &part) != 0 ||
                exact_subtract(circle->matrix[line][column], part, &circle->matrix[line][column]) !=
                    0) {
                return false;
            }
        }
    }
    return true;
}

static int check_singular(struct levy_builder *builder, const struct levy_row *row,
                          const bool members[LEVY_MAX]) {
    struct levy_circle circle = {.count = 0};
    for (unsigned i = 0; i < builder->plan->levy_count; i++) {
        if (members[i]) {
            if (circle.count == LEVY_CIRCLE_MAX) {
                return node_error(row->node, builder->err,
                                  "more than %d levies stand in each other's base",
                                  LEVY_CIRCLE_MAX);
            }
            circle.levies[circle.count++] = (uint8_t)i;
        }
    }
    for (unsigned i = 0; i < circle.count; i++) {
        if (!constant_line(builder->plan, &circle, i)) {
            return 0; /* seen when goods are assessed */
        }
    }
    return levy_circle_solve(&circle) == LEVY_CIRCLE_SINGULAR
               ? node_error(row->node, builder->err,
                            "singular: the taxes in this price take all of it, so no base fits")
               : 0;
}

static int check_row(struct levy_builder *builder, const struct levy_row *row, unsigned levy) {
    bool members[LEVY_MAX] = {false};
    members[levy] = true;
    for (bool grows = true; grows;) { /* a member's base may hold further members */
        grows = false;
        for (unsigned m = levy; m < builder->plan->levy_count; m++) {
            bool before[LEVY_MAX];
            memcpy(before, members, sizeof before);
            for (unsigned r = 0; members[m] && r < builder->plan->levies[m].row_count; r++) {
                if (check_terms(builder, &builder->plan->levies[m].rows[r], levy, members) != 0) {
                    return -1;
                }
            }
            grows = grows || memcmp(before, members, sizeof before) != 0;
        }
    }
    for (unsigned m = levy; m < builder->plan->levy_count; m++) {
        if (members[m] && check_member(builder, row, m) != 0) {
            return -1;
        }
    }
    return check_singular(builder, row, members);
}

int levy_build_circles(struct levy_builder *builder) {
    for (unsigned i = 0; i < builder->plan->levy_count; i++) {
        for (unsigned r = 0; r < builder->plan->levies[i].row_count; r++) {
            const struct levy_row *row = &builder->plan->levies[i].rows[r];
            if (row->is_circular && check_row(builder, row, i) != 0) {
                return -1;
            }
        }
    }
    return 0;
}
