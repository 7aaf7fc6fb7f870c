/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_grid.h - all inputs of one or two tables on one day, as few classes of values an input; for
 * the files rule_*.c only.
 *
 * Values of one input that meet the same cells are one class. What holds for one choice of classes
 * holds for all values in them, conditions (`provided`) and computed outputs aside. A mask has the
 * words of the first table, those of the second, and one word that says which tables accept the
 * value at all (bit 0 and bit 1). */
#ifndef CORE_RULE_RULE_GRID_H
#define CORE_RULE_RULE_GRID_H

#include "core/rule/rule_table.h"

enum { RULE_GRID_INPUTS_MAX = 2 * RULE_INPUTS_MAX, RULE_GRID_WORDS_MAX = 2 * RULE_WORDS_MAX + 1 };

struct rule_grid_class {
    const uint64_t *mask;
    struct rule_interval *parts; /* all its keys; of texts: symbols of table part_table */
    unsigned part_count, part_table;
    size_t part_capacity;
    bool has_missing;
    struct value low[2], high[2]; /* two of its values, in the symbols of each table */
};

struct rule_grid_input {
    int of[2]; /* the input's index in each table, -1 where it has none */
    struct rule_grid_class *classes;
    unsigned class_count;
};

struct rule_grid {
    const struct rule *tables[2]; /* the second may be NULL */
    unsigned words;               /* of a mask */
    unsigned input_count;
    struct rule_grid_input inputs[RULE_GRID_INPUTS_MAX];
};

/* The second table may be NULL; else inputs of one name must have one type. NULL and an error. */
struct rule_grid *rule_grid_make(const struct rule *first, const struct rule_epoch *first_epoch,
                                 const struct rule *second, const struct rule_epoch *second_epoch,
                                 struct arena *arena, struct error *err);

/* The values of table number `table` for one class an input; bit i of `high` takes the other of
 * the two values of input i. */
void rule_grid_values(const struct rule_grid *grid, const unsigned *picks, unsigned table,
                      uint64_t high, struct value *values);

/* "value: more than 2000 CNY to 5000 CNY; trusted: true": a box around the choice in which the same
 * rules are met everywhere; inputs that do not matter are left out. In the arena. */
const char *rule_grid_print(const struct rule_grid *grid, const unsigned *picks,
                            struct arena *arena);

/* ---- states that a search has been in ---- */

struct rule_grid_seen {
    struct arena *arena;
    uint64_t *states; /* slots of words + 1: depth + 1, mask */
    unsigned words, capacity, count;
};

void rule_grid_forget(struct rule_grid_seen *seen, unsigned words, struct arena *arena);

/* Whether this state was entered before; enters it. */
bool rule_grid_enter(struct rule_grid_seen *seen, unsigned depth, const uint64_t *mask);

#endif
