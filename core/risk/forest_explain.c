/* SPDX-License-Identifier: GPL-3.0-or-later
 * forest_explain.c - how the features of a row made its margin.
 *
 * In a tree, a coalition of known features sends the row where its cells say, and at splits on
 * unknown features both ways, by the shares of the covers. Let a leaf of value v ask for the
 * columns 1..m; o_j is 1 where the row fulfils what the way there asks of column j, else 0, and z_j
 * the product of the shares. The Shapley value of column i in the game v prod(j known: o_j,
 * unknown: z_j) is, because the weight s! (m - 1 - s)! / m! of a coalition of s others is the
 * integral of t^s (1 - t)^(m - 1 - s),
 *
 *     v (o_i - z_i) integral over t = 0..1 of prod(j != i) (z_j (1 - t) + o_j t).
 *
 * The product is a polynomial of degree m - 1 in t, so Gauss-Legendre quadrature with m / 2 points
 * is exact, and at each point the products of all leaves come from one walk over the tree: down
 * with the product so far, up with the sum of the leaves below. (The polynomials are those of Yu,
 * Xu, Zhang, Lin and Wang 2022, "Linear TreeSHAP"; points t keep every term positive.) */
#include "core/risk/forest_parts.h"

enum { POINTS_MAX = (TREE_DEPTH_MAX + 1) / 2 };

/* ---- quadrature ---------------------------------------------------------------------------- */

/* Legendre's P_n and its derivative at x, by the recurrence. */
static double legendre(uint32_t n, double x, double *derivative) {
    double before = 1.0, now = x;
    for (uint32_t k = 2; k <= n; k++) {
        double next = ((2.0 * k - 1.0) * x * now - (k - 1.0) * before) / k;
        before = now;
        now = next;
    }
    *derivative = n * (x * now - before) / (x * x - 1.0);
    return now;
}

void forest_fill_quadrature(struct forest *forest, struct arena *arena) {
    static const double pi = 3.14159265358979323846;
    uint32_t n = forest->depth < 2 ? 1 : (forest->depth + 1) / 2;
    forest->abscissas = ARENA_ARRAY(arena, double, n);
    forest->weights = ARENA_ARRAY(arena, double, n);
    for (uint32_t i = 0; i < n; i++) {
        double x = numeric_cos(pi * (i + 0.75) / (n + 0.5)), derivative;
        for (int round = 0; round < 8; round++) { /* Newton's doubles the digits each time */
            double value = legendre(n, x, &derivative);
            x -= value / derivative;
        }
        legendre(n, x, &derivative);
        forest->abscissas[i] = 0.5 * (1.0 - x);
        forest->weights[i] = 1.0 / ((1.0 - x * x) * derivative * derivative);
    }
}

/* ---- exact --------------------------------------------------------------------------------- */

/* Points go by twos, so that trees of depth 4 take one step for each sum. */
typedef double pair __attribute__((vector_size(16)));

enum { PAIRS_MAX = (POINTS_MAX + 1) / 2 };

/* An edge on the way from the root: what the row and the covers say about its column so far, and
 * at each point the factor z (1 - t) + o t, (o - z) / factor, the product of all columns, and the
 * sum of the leaves below. Level 0 stands for the root: no column, known. */
struct edge {
    uint32_t node, column;
    uint32_t above; /* the level of the last edge with the same column; 0: none */
    bool open;      /* the row fulfils all that was asked of the column */
    double share;
    pair factors[PAIRS_MAX], ratios[PAIRS_MAX], products[PAIRS_MAX], sums[PAIRS_MAX];
};

struct walk {
    const struct forest *forest;
    const uint32_t *cells;
    double *parts;
    uint32_t pair_count;
    pair points[PAIRS_MAX], weights[PAIRS_MAX];
    struct edge edges[TREE_DEPTH_MAX + 1];
};

/* Goes to a child of the node at level - 1. False where nothing below counts in any coalition. */
static inline bool enter(struct walk *walk, uint32_t level, uint32_t child, bool open) {
    const struct forest *forest = walk->forest;
    struct edge *edge = &walk->edges[level];
    uint32_t left = edge[-1].node + forest_step(forest->nodes[edge[-1].node]);
    edge->above = forest->repeats[left];
    const struct edge *above = &walk->edges[edge->above];
    edge->node = child;
    edge->open = above->open && open;
    edge->share = above->share * forest_share(forest, left, child);
    if (!edge->open && edge->share == 0.0) {
        return false;
    }
    double one = edge->open ? 1.0 : 0.0, share = edge->share;
    for (uint32_t q = 0; q < walk->pair_count; q++) {
        edge->factors[q] = share + (one - share) * walk->points[q];
        edge->ratios[q] = (one - share) / edge->factors[q];
        edge->products[q] = edge[-1].products[q] * edge->factors[q];
        if (edge->above > 0) {
            edge->products[q] /= above->factors[q];
        }
    }
    return true;
}

/* Credits the edge's column with the leaves below it: they count with what this edge says instead
 * of what the last one on the same column said. */
static inline void credit(struct walk *walk, uint32_t level) {
    const struct edge *edge = &walk->edges[level], *above = &walk->edges[edge->above];
    pair part = {0.0, 0.0};
    for (uint32_t q = 0; q < walk->pair_count; q++) {
        part += walk->weights[q] * edge->sums[q] * (edge->ratios[q] - above->ratios[q]);
    }
    walk->parts[edge->column] += part[0] + part[1];
}

/* Sums up what is below the node at a level. */
static void walk_below(struct walk *walk, uint32_t level) {
    const struct forest *forest = walk->forest;
    struct edge *edge = &walk->edges[level], *below = edge + 1;
    struct forest_node node = forest->nodes[edge->node];
    if (forest_is_leaf(node)) {
        double value = (double)forest_value(node);
        for (uint32_t q = 0; q < walk->pair_count; q++) {
            edge->sums[q] = value * edge->products[q];
        }
        return;
    }
    bool goes_right = walk->cells[forest_slot(node)] >= node.threshold;
    for (uint32_t q = 0; q < walk->pair_count; q++) {
        edge->sums[q] = (pair){0.0, 0.0};
    }
    for (uint32_t side = 0; side < 2; side++) {
        if (!enter(walk, level + 1, edge->node + forest_step(node) + side,
                   goes_right == (side == 1))) {
            continue;
        }
        below->column = forest_slot(node) >> 1;
        walk_below(walk, level + 1);
        credit(walk, level + 1);
        for (uint32_t q = 0; q < walk->pair_count; q++) {
            edge->sums[q] += below->sums[q];
        }
    }
}

static void start_walk(struct walk *walk, const struct forest *forest, const uint32_t *cells,
                       double *parts) {
    uint32_t n = forest->depth < 2 ? 1 : (forest->depth + 1) / 2;
    walk->forest = forest;
    walk->cells = cells;
    walk->parts = parts;
    walk->pair_count = (n + 1) / 2;
    for (uint32_t q = 0; q < walk->pair_count; q++) {
        bool both = 2 * q + 1 < n; /* an odd number is filled up with a point of no weight */
        walk->points[q] =
            (pair){forest->abscissas[2 * q], both ? forest->abscissas[2 * q + 1] : 0.5};
        walk->weights[q] = (pair){forest->weights[2 * q], both ? forest->weights[2 * q + 1] : 0};
        walk->weights[q] *= forest->scale;
        walk->edges[0].factors[q] = walk->edges[0].products[q] = (pair){1.0, 1.0};
        walk->edges[0].ratios[q] = (pair){0.0, 0.0};
    }
    walk->edges[0].open = true;
    walk->edges[0].share = 1.0;
}

static double explain_exactly(const struct forest *forest, const uint32_t *cells, double *parts) {
    struct walk walk;
    start_walk(&walk, forest, cells, parts);
    for (uint32_t t = 0; t < forest->tree_count; t++) {
        walk.edges[0].node = forest->roots[t];
        walk_below(&walk, 0);
    }
    return forest->base + forest->expectation;
}

/* ---- by path ------------------------------------------------------------------------------- */

static double explain_path(const struct forest *forest, const uint32_t *cells, double *parts) {
    double sum = 0.0;
    for (uint32_t t = 0; t < forest->tree_count; t++) {
        uint32_t at = forest->roots[t];
        sum += (double)forest->values[at];
        while (!forest_is_leaf(forest->nodes[at])) {
            struct forest_node node = forest->nodes[at];
            uint32_t slot = forest_slot(node);
            uint32_t next = at + forest_step(node) + (cells[slot] >= node.threshold);
            parts[slot >> 1] +=
                forest->scale * ((double)forest->values[next] - (double)forest->values[at]);
            at = next;
        }
    }
    return forest->base + forest->scale * sum;
}

double forest_explain(const struct forest *forest, const float *row, enum learner_explanation how,
                      double *parts) {
    uint32_t cells[FOREST_CELLS];
    forest_lay_out(forest, row, cells);
    return how == LEARNER_EXACT ? explain_exactly(forest, cells, parts)
                                : explain_path(forest, cells, parts);
}
