/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_grid_print.c - classes of values in words. */
#include "core/rule/rule_grid.h"

#include <stdio.h>
#include <string.h>

enum { PARTS_SHOWN_MAX = 6 };

static struct value value_at(enum value_type type, int128 key) {
    struct value value = {.type = type};
    if (type == VALUE_DATE) {
        value.date_day = (int64_t)key;
    } else if (type == VALUE_BOOLEAN) {
        value.boolean = key == 1;
    } else if (type == VALUE_SYMBOL) {
        value.symbol = (uint32_t)key;
    } else {
        int32_t scale = DECIMAL_SCALE_MAX;
        for (; scale > 0 && (key % 10 == 0 || key > INT64_MAX || key < -INT64_MAX); scale--) {
            key /= 10;
        }
        value.decimal = (struct decimal){(int64_t)key, scale};
    }
    return value;
}

/* Whether the key reads better than its neighbour: it has fewer decimals. */
static bool is_rounder(int128 key, int128 neighbour) {
    int128 unit = RULE_KEY_ONE;
    for (; unit > 1; unit /= 10) {
        if (key % unit == 0 || neighbour % unit == 0) {
            return key % unit == 0;
        }
    }
    return true;
}

struct printing {
    const struct rule *table;
    const struct expression_input *like;
    struct arena *arena;
};

static const char *key_text(const struct printing *printing, int128 key) {
    char text[640];
    rule_print_value(printing->table, value_at(printing->like->type, key),
                     printing->like->dimension, text, sizeof text);
    return arena_text(printing->arena, text, strlen(text));
}

static const char *part_text(const struct printing *printing, const struct rule_interval *part) {
    bool has_low = part->low > -RULE_KEY_MAX, has_high = part->high < RULE_KEY_MAX;
    if (part->low == part->high) {
        return key_text(printing, part->low);
    }
    bool is_decimal = printing->like->type == VALUE_DECIMAL;
    bool is_above = is_decimal && !is_rounder(part->low, part->low - 1);
    bool is_below = is_decimal && !is_rounder(part->high, part->high + 1);
    const char *low = has_low ? key_text(printing, part->low - is_above) : "";
    const char *high = has_high ? key_text(printing, part->high + is_below) : "";
    if (has_low && has_high) {
        return arena_format(printing->arena, "%s%s %s %s", is_above ? "more than " : "", low,
                            is_below ? "to less than" : "to", high);
    }
    if (has_low) {
        return arena_format(printing->arena, "%s %s", is_above ? "more than" : "at least", low);
    }
    return has_high
               ? arena_format(printing->arena, "%s %s", is_below ? "less than" : "at most", high)
               : "any";
}

static const char *class_text(const struct printing *printing, const struct rule_grid_class *of) {
    const char *text = of->has_missing ? "missing" : "";
    bool is_other = printing->like->type == VALUE_SYMBOL && of->part_count > 0 &&
                    of->parts[0].low == printing->table->other_symbol;
    unsigned count = is_other ? 1 : of->part_count;
    for (unsigned i = 0; i < count && i < PARTS_SHOWN_MAX; i++) {
        text = arena_format(printing->arena, "%s%s%s", text, text[0] == '\0' ? "" : ", ",
                            part_text(printing, &of->parts[i]));
    }
    return count > PARTS_SHOWN_MAX ? arena_format(printing->arena, "%s, ...", text) : text;
}

/* ---- the box around a choice of classes ----
 *
 * A class may join those of its input when it meets all rules that are met so far, and when joining
 * it leaves no other rule that every input meets somewhere in the box. Then each choice within the
 * box meets the same rules. */

struct box {
    const struct rule_grid *grid;
    uint64_t met[RULE_GRID_WORDS_MAX];
    uint64_t joined[RULE_GRID_INPUTS_MAX][RULE_GRID_WORDS_MAX]; /* met by some class of an input */
};

static bool may_join(const struct box *box, unsigned input, const uint64_t *mask) {
    for (unsigned w = 0; w < box->grid->words; w++) {
        uint64_t all = box->joined[input][w] | mask[w];
        for (unsigned i = 0; i < box->grid->input_count; i++) {
            all &= i == input ? UINT64_MAX : box->joined[i][w];
        }
        if ((box->met[w] & ~mask[w]) != 0 || all != box->met[w]) {
            return false;
        }
    }
    return true;
}

static void begin_box(struct box *box, const unsigned *picks) {
    size_t size = box->grid->words * sizeof(uint64_t);
    memset(box->met, 0xff, size);
    for (unsigned i = 0; i < box->grid->input_count; i++) {
        const uint64_t *mask = box->grid->inputs[i].classes[picks[i]].mask;
        memcpy(box->joined[i], mask, size);
        for (unsigned w = 0; w < box->grid->words; w++) {
            box->met[w] &= mask[w];
        }
    }
}

static void add_parts(struct rule_grid_class *all, const struct rule_grid_class *more,
                      struct arena *arena) {
    all->has_missing = all->has_missing || more->has_missing;
    all->part_table = more->part_count > 0 ? more->part_table : all->part_table;
    for (unsigned i = 0; i < more->part_count; i++) {
        all->parts =
            arena_grow(arena, all->parts, all->part_count, &all->part_capacity, sizeof *all->parts);
        all->parts[all->part_count++] = more->parts[i];
    }
}

/* Whether all classes joined; else what did is in `all`. */
static bool widen(struct box *box, unsigned input, unsigned pick, struct rule_grid_class *all,
                  struct arena *arena) {
    const struct rule_grid_input *of = &box->grid->inputs[input];
    bool is_symbol = of->classes[pick].low[of->of[0] >= 0 ? 0 : 1].type == VALUE_SYMBOL;
    unsigned joined = 0;
    for (unsigned c = 0; c < of->class_count; c++) {
        const uint64_t *mask = of->classes[c].mask;
        /* Texts of two tables do not mix. */
        bool is_alike = !is_symbol || of->classes[c].part_count == 0 ||
                        of->classes[c].part_table == of->classes[pick].part_table;
        if (c != pick && !(is_alike && may_join(box, input, mask))) {
            continue;
        }
        for (unsigned w = 0; w < box->grid->words; w++) {
            box->joined[input][w] |= mask[w];
        }
        add_parts(all, &of->classes[c], arena);
        joined++;
    }
    if (!is_symbol) {
        struct rule_set set = rule_set_join(all->parts, all->part_count);
        all->part_count = set.count;
    }
    return joined == of->class_count;
}

const char *rule_grid_print(const struct rule_grid *grid, const unsigned *picks,
                            struct arena *arena) {
    const char *text = "";
    struct box *box = ARENA_NEW(arena, struct box);
    box->grid = grid;
    begin_box(box, picks);
    for (unsigned i = 0; i < grid->input_count; i++) {
        const struct rule_grid_input *input = &grid->inputs[i];
        struct rule_grid_class all = {.part_count = 0};
        unsigned owner = input->of[0] >= 0 ? 0 : 1;
        if (widen(box, i, picks[i], &all, arena)) {
            continue;
        }
        const struct expression_input *like = &grid->tables[owner]->all_names[input->of[owner]];
        /* Texts are symbols of the table that they came from. */
        const struct printing printing = {
            grid->tables[like->type == VALUE_SYMBOL ? all.part_table : owner], like, arena};
        text = arena_format(arena, "%s%s%s: %s", text, text[0] == '\0' ? "" : "; ", like->name,
                            class_text(&printing, &all));
    }
    return text[0] == '\0' ? "whatever the inputs" : text;
}
