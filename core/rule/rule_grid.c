/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_grid.c - see rule_grid.h. */
#include "core/rule/rule_grid.h"

#include <stdlib.h>
#include <string.h>

struct making {
    struct rule_grid *grid;
    const struct rule_epoch *epochs[2];
    struct arena *arena;
    struct rule_grid_input *input;
    size_t capacity;
};

static const struct rule_axis *axis_of(const struct making *making, unsigned table) {
    int index = making->input->of[table];
    return index < 0 ? NULL : &making->epochs[table]->axes[index];
}

static const struct rule_axis *any_axis(const struct making *making) {
    const struct rule_axis *axis = axis_of(making, 0);
    return axis != NULL ? axis : axis_of(making, 1);
}

/* ---- values that are pleasant to read ---- */

static int128 floor_to(int128 key, int128 unit) {
    int128 quotient = key / unit;
    return (quotient - (key < 0 && key % unit != 0)) * unit;
}

static int128 ceiling_to(int128 key, int128 unit) {
    return -floor_to(-key, unit);
}

/* The decimal from low to high with the fewest decimals, nearest to an end; 0 where both are
 * endless. Whole numbers only, when asked. false when there is none. */
static bool decimal_in(int128 low, int128 high, bool from_low, bool is_integer,
                       struct value *value) {
    int128 unit = RULE_KEY_ONE;
    bool is_low = low > -RULE_KEY_MAX && (from_low || high >= RULE_KEY_MAX);
    for (int scale = 0; scale <= (is_integer ? 0 : DECIMAL_SCALE_MAX); scale++, unit /= 10) {
        int128 key = is_low ? ceiling_to(low, unit) : floor_to(high, unit);
        key = low <= -RULE_KEY_MAX && high >= RULE_KEY_MAX ? 0 : key;
        int128 coefficient = key / unit;
        if (key >= low && key <= high && coefficient >= -INT64_MAX && coefficient <= INT64_MAX) {
            *value =
                (struct value){.type = VALUE_DECIMAL, .decimal = {(int64_t)coefficient, scale}};
            return true;
        }
    }
    return false;
}

static bool value_in(const struct rule_axis *axis, int128 low, int128 high, bool from_low,
                     struct value *value) {
    enum { SOME_DAY = 17167 }; /* 2017-01-01 */
    if (axis->type == VALUE_DECIMAL) {
        return decimal_in(low, high, from_low, axis->is_integer, value);
    }
    if (axis->type == VALUE_BOOLEAN) {
        *value = (struct value){.type = VALUE_BOOLEAN, .boolean = low == 1};
        return low >= 0 && low <= 1;
    }
    low = low < UNITS_DAY_MIN ? UNITS_DAY_MIN : low;
    high = high > UNITS_DAY_MAX ? UNITS_DAY_MAX : high;
    int128 day = from_low ? low : high;
    day = low <= SOME_DAY && SOME_DAY <= high ? SOME_DAY : day;
    *value = (struct value){.type = VALUE_DATE, .date_day = (int64_t)day};
    return low <= high;
}

/* ---- classes ---- */

/* The mask of one value for each table, into `mask`; false when no table accepts it. */
static bool mask_of(const struct making *making, const struct value values[2], uint64_t *mask) {
    unsigned at = 0, last = making->grid->words - 1;
    mask[last] = 0;
    bool is_accepted = false;
    for (unsigned t = 0; t < 2; t++) {
        const struct rule *table = making->grid->tables[t];
        const struct rule_axis *axis = axis_of(making, t);
        if (table == NULL) {
            continue;
        }
        unsigned segment = 0;
        bool is_held = true;
        if (axis != NULL && values[t].type == VALUE_MISSING) {
            segment = axis->start_count + 1;
            is_held = axis->is_optional;
        } else if (axis != NULL) {
            segment = rule_axis_segment(axis, rule_key(&values[t]));
            is_held = !axis->is_outside[segment];
        }
        for (unsigned w = 0; w < table->word_count; w++, at++) {
            mask[at] = axis == NULL ? making->epochs[t]->active[w]
                                    : axis->masks[(size_t)segment * table->word_count + w];
        }
        mask[last] |= is_held ? UINT64_C(1) << t : 0;
        is_accepted = is_accepted || (axis != NULL && is_held);
    }
    return is_accepted;
}

/* What of a class was added; low above high for a missing value. */
struct part {
    unsigned table;
    int128 low, high;
};

static void add_part(struct making *making, struct rule_grid_class *of, struct part part) {
    struct rule_interval *last = of->part_count > 0 ? &of->parts[of->part_count - 1] : NULL;
    if (part.low > part.high) {
        of->has_missing = true;
    } else if (last != NULL && last->high + 1 == part.low &&
               any_axis(making)->type != VALUE_SYMBOL) {
        last->high = part.high;
    } else if (of->part_count == 0 || of->part_table == part.table) {
        of->parts = arena_grow(making->arena, of->parts, of->part_count, &of->part_capacity,
                               sizeof *of->parts);
        of->part_table = part.table;
        of->parts[of->part_count++] = (struct rule_interval){part.low, part.high};
    }
}

static void add_class(struct making *making, const struct value low[2], const struct value high[2],
                      struct part part) {
    uint64_t mask[RULE_GRID_WORDS_MAX];
    struct rule_grid_input *input = making->input;
    size_t size = making->grid->words * sizeof *mask;
    if (!mask_of(making, low, mask)) {
        return;
    }
    for (unsigned c = 0; c < input->class_count; c++) {
        if (memcmp(input->classes[c].mask, mask, size) == 0) {
            add_part(making, &input->classes[c], part);
            return;
        }
    }
    input->classes = arena_grow(making->arena, input->classes, input->class_count,
                                &making->capacity, sizeof *input->classes);
    uint64_t *kept = arena_alloc(making->arena, size);
    memcpy(kept, mask, size);
    input->classes[input->class_count++] =
        (struct rule_grid_class){.mask = kept, .low = {low[0], low[1]}, .high = {high[0], high[1]}};
    add_part(making, &input->classes[input->class_count - 1], part);
}

static void add_symbols(struct making *making) {
    struct rule_grid *grid = making->grid;
    for (unsigned from = 0; from < 2 && grid->tables[from] != NULL; from++) {
        const struct rule *table = grid->tables[from];
        /* The last one, "any other", goes first: it speaks for all that no cell mentions. */
        for (unsigned i = 0; i < table->names.symbol_count; i++) {
            uint32_t index = i == 0 ? table->other_symbol : i - 1;
            struct value values[2] = {{.type = VALUE_MISSING}, {.type = VALUE_MISSING}};
            for (unsigned t = 0; t < 2 && grid->tables[t] != NULL; t++) {
                values[t] = rule_symbol(grid->tables[t], table->names.symbols[index]);
            }
            add_class(making, values, values, (struct part){from, index, index});
        }
    }
}

static int by_key(const void *a, const void *b) {
    const int128 *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void add_segments(struct making *making) {
    const struct rule_axis *axes[2] = {axis_of(making, 0), axis_of(making, 1)};
    unsigned count = 0;
    unsigned total =
        (axes[0] != NULL ? axes[0]->start_count : 0) + (axes[1] != NULL ? axes[1]->start_count : 0);
    int128 *starts = ARENA_ARRAY(making->arena, int128, total + 1u);
    for (unsigned t = 0; t < 2; t++) {
        for (unsigned i = 0; axes[t] != NULL && i < axes[t]->start_count; i++) {
            starts[count++] = axes[t]->starts[i];
        }
    }
    if (axes[0] != NULL && axes[1] != NULL && count > 1) {
        qsort(starts, count, sizeof *starts, by_key);
    }
    for (unsigned s = 0; s <= count; s++) {
        int128 low = s == 0 ? -RULE_KEY_MAX : starts[s - 1];
        int128 high = s == count ? RULE_KEY_MAX : starts[s] - 1;
        struct value from_low, from_high;
        if (low <= high && value_in(any_axis(making), low, high, true, &from_low) &&
            value_in(any_axis(making), low, high, false, &from_high)) {
            add_class(making, (struct value[]){from_low, from_low},
                      (struct value[]){from_high, from_high}, (struct part){0, low, high});
        }
    }
}

static void make_input(struct making *making) {
    static const struct value missing[2] = {{.type = VALUE_MISSING}, {.type = VALUE_MISSING}};
    if (any_axis(making)->type == VALUE_SYMBOL) {
        add_symbols(making);
    } else {
        add_segments(making);
    }
    add_class(making, missing, missing, (struct part){0, 1, 0});
}

/* ---- the grid ---- */

static int find_input(const struct rule *table, const char *name) {
    for (unsigned i = 0; table != NULL && i < table->input_count; i++) {
        if (strcmp(table->all_names[i].name, name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static int check_types(const struct rule_grid *grid, const struct rule_grid_input *input,
                       struct error *err) {
    if (input->of[0] < 0 || input->of[1] < 0) {
        return 0;
    }
    const struct expression_input *a = &grid->tables[0]->all_names[input->of[0]];
    const struct expression_input *b = &grid->tables[1]->all_names[input->of[1]];
    bool a_whole = grid->tables[0]->inputs[input->of[0]].is_integer;
    bool b_whole = grid->tables[1]->inputs[input->of[1]].is_integer;
    return a->type == b->type && a->dimension == b->dimension && a_whole == b_whole
               ? 0
               : node_key_error(grid->tables[1]->inputs[input->of[1]].node, err,
                                "'%s' has another type in %s", a->name,
                                grid->tables[0]->file->source->name);
}

struct rule_grid *rule_grid_make(const struct rule *first, const struct rule_epoch *first_epoch,
                                 const struct rule *second, const struct rule_epoch *second_epoch,
                                 struct arena *arena, struct error *err) {
    struct rule_grid *grid = ARENA_NEW(arena, struct rule_grid);
    grid->tables[0] = first;
    grid->tables[1] = second;
    grid->words = first->word_count + (second != NULL ? second->word_count : 0) + 1;
    struct making making = {.grid = grid, .epochs = {first_epoch, second_epoch}, .arena = arena};
    for (unsigned t = 0; t < 2 && grid->tables[t] != NULL; t++) {
        for (unsigned i = 0; i < grid->tables[t]->input_count; i++) {
            const char *name = grid->tables[t]->all_names[i].name;
            if (t == 1 && find_input(first, name) >= 0) {
                continue;
            }
            making.input = &grid->inputs[grid->input_count++];
            making.capacity = 0;
            *making.input =
                (struct rule_grid_input){.of = {find_input(first, name), find_input(second, name)}};
            if (check_types(grid, making.input, err) < 0) {
                return NULL;
            }
            make_input(&making);
        }
    }
    return grid;
}

void rule_grid_values(const struct rule_grid *grid, const unsigned *picks, unsigned table,
                      uint64_t high, struct value *values) {
    for (unsigned i = 0; i < grid->input_count; i++) {
        const struct rule_grid_class *of = &grid->inputs[i].classes[picks[i]];
        if (grid->inputs[i].of[table] >= 0) {
            values[grid->inputs[i].of[table]] =
                (high >> i & 1) != 0 ? of->high[table] : of->low[table];
        }
    }
}

/* ---- seen states ---- */

void rule_grid_forget(struct rule_grid_seen *seen, unsigned words, struct arena *arena) {
    if (seen->states == NULL || seen->words != words) {
        *seen = (struct rule_grid_seen){.arena = arena, .words = words, .capacity = 64};
        seen->states = ARENA_ARRAY(arena, uint64_t, (size_t)seen->capacity * (words + 1));
    } else {
        memset(seen->states, 0, sizeof(uint64_t) * seen->capacity * (words + 1));
        seen->count = 0;
    }
}

/* The slot of a state, or the empty one where it belongs. */
static uint64_t *slot_of(const struct rule_grid_seen *seen, uint64_t tag, const uint64_t *mask) {
    uint64_t hash = tag * UINT64_C(0x9e3779b97f4a7c15);
    for (unsigned w = 0; w < seen->words; w++) {
        hash = (hash ^ mask[w]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    for (unsigned i = (unsigned)hash & (seen->capacity - 1);; i = (i + 1) & (seen->capacity - 1)) {
        uint64_t *slot = seen->states + (size_t)i * (seen->words + 1);
        if (slot[0] == 0 ||
            (slot[0] == tag && memcmp(slot + 1, mask, seen->words * sizeof *mask) == 0)) {
            return slot;
        }
    }
}

static void grow(struct rule_grid_seen *seen) {
    struct rule_grid_seen larger = *seen;
    larger.capacity *= 2;
    larger.states = ARENA_ARRAY(seen->arena, uint64_t, (size_t)larger.capacity * (seen->words + 1));
    for (unsigned i = 0; i < seen->capacity; i++) {
        const uint64_t *slot = seen->states + (size_t)i * (seen->words + 1);
        if (slot[0] != 0) {
            memcpy(slot_of(&larger, slot[0], slot + 1), slot, (seen->words + 1) * sizeof *slot);
        }
    }
    *seen = larger;
}

bool rule_grid_enter(struct rule_grid_seen *seen, unsigned depth, const uint64_t *mask) {
    uint64_t *slot = slot_of(seen, depth + 1, mask);
    if (slot[0] != 0) {
        return true;
    }
    slot[0] = depth + 1;
    memcpy(slot + 1, mask, seen->words * sizeof *mask);
    seen->count++;
    if (seen->count * 2 > seen->capacity) {
        grow(seen);
    }
    return false;
}
