/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_epoch.c - cuts time and every input's line, and makes the masks of rule_table.h. */
#include "core/rule/rule_table.h"

#include <stdlib.h>
#include <string.h>

static int by_day(const void *a, const void *b) {
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

struct day_list {
    int64_t *days;
    unsigned count;
    size_t capacity;
};

static void add_day(struct rule *rule, struct day_list *list, int64_t day) {
    list->days =
        arena_grow(rule->arena, list->days, list->count, &list->capacity, sizeof *list->days);
    list->days[list->count++] = day;
}

int rule_epoch_days(struct rule *rule, int64_t days[RULE_EPOCHS_MAX]) {
    struct day_list list = {NULL, 0, 0};
    add_day(rule, &list, RULE_DAY_MIN);
    for (unsigned r = 0; r < rule->row_count; r++) {
        const struct rule_row *row = &rule->rows[r];
        add_day(rule, &list, row->first_day);
        if (row->last_day != RULE_DAY_MAX) {
            add_day(rule, &list, row->last_day + 1);
        }
    }
    for (unsigned p = 0; p < rule->parameter_count; p++) {
        for (unsigned i = 0; i < rule->parameters[p].count; i++) {
            add_day(rule, &list, rule->parameters[p].first_days[i]);
        }
    }
    qsort(list.days, list.count, sizeof *list.days, by_day);
    unsigned count = 0;
    for (unsigned i = 0; i < list.count; i++) {
        if (i > 0 && list.days[i] == list.days[i - 1]) {
            continue;
        }
        if (count == RULE_EPOCHS_MAX) {
            return node_error(rule->file, rule->err,
                              "rules and parameters change on more than %d days",
                              RULE_EPOCHS_MAX - 1);
        }
        days[count++] = list.days[i];
    }
    return (int)count;
}

/* ---- one input ---- */

static int by_key(const void *a, const void *b) {
    const int128 *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

struct cutting {
    struct rule *rule;
    const struct rule_epoch *epoch;
    unsigned input;
    struct rule_set *sets; /* one a bit; of rows that have no cell here, none */
    int128 *starts;
    unsigned count;
    size_t capacity;
};

static const struct rule_cell *cell_of(const struct cutting *cutting, unsigned bit) {
    return cutting->rule->rows[cutting->rule->order[bit]].cells[cutting->input];
}

static bool is_active(const struct rule_epoch *epoch, unsigned bit) {
    return (epoch->active[bit / 64] >> (bit % 64) & 1) != 0;
}

static void add_starts(struct cutting *cutting, const struct rule_set *set) {
    for (unsigned i = 0; i < set->count; i++) {
        int128 ends[2] = {set->intervals[i].low, set->intervals[i].high + 1};
        for (unsigned e = 0; e < 2; e++) {
            if (ends[e] <= -RULE_KEY_MAX || ends[e] > RULE_KEY_MAX) {
                continue;
            }
            cutting->starts = arena_grow(cutting->rule->arena, cutting->starts, cutting->count,
                                         &cutting->capacity, sizeof *cutting->starts);
            cutting->starts[cutting->count++] = ends[e];
        }
    }
}

static void sort_starts(struct cutting *cutting) {
    unsigned kept = 0;
    if (cutting->count > 1) {
        qsort(cutting->starts, cutting->count, sizeof *cutting->starts, by_key);
    }
    for (unsigned i = 0; i < cutting->count; i++) {
        if (i == 0 || cutting->starts[i] != cutting->starts[kept - 1]) {
            cutting->starts[kept++] = cutting->starts[i];
        }
    }
    cutting->count = kept;
}

/* A key of segment s, all of whose keys are alike. */
static int128 key_in(const struct cutting *cutting, unsigned segment) {
    return segment == 0 ? -RULE_KEY_MAX : cutting->starts[segment - 1];
}

static void fill_masks(const struct cutting *cutting, uint64_t *masks) {
    unsigned words = cutting->rule->word_count;
    for (unsigned bit = 0; bit < cutting->rule->row_count; bit++) {
        uint64_t one = UINT64_C(1) << (bit % 64);
        if (!is_active(cutting->epoch, bit)) {
            continue;
        }
        bool is_anything = cell_of(cutting, bit) == NULL;
        const struct rule_set *set = &cutting->sets[bit];
        for (unsigned s = 0; s <= cutting->count; s++) {
            bool is_met = is_anything || rule_set_contains(set, key_in(cutting, s));
            masks[s * words + bit / 64] |= is_met ? one : 0;
        }
        masks[(cutting->count + 1) * words + bit / 64] |= is_anything || set->has_missing ? one : 0;
    }
}

static unsigned steps_of(unsigned count) {
    unsigned steps = 0;
    for (; count > 0; count /= 2) {
        steps++;
    }
    return steps;
}

/* Most amounts have four decimals, most other numbers at most nine. */
static void add_short_starts(const struct rule *rule, unsigned input, struct rule_axis *axis) {
    bool is_decimal = axis->type == VALUE_DECIMAL;
    int dimension = rule->all_names[input].dimension;
    axis->short_scale = !is_decimal ? 0 : dimension == DIMENSION_MONEY ? 4 : 9;
    int128 unit = 1;
    for (int i = axis->short_scale; is_decimal && i < DECIMAL_SCALE_MAX; i++) {
        unit *= 10;
    }
    int64_t *starts = ARENA_ARRAY(rule->arena, int64_t, axis->start_count + 1u);
    axis->has_short_starts = true;
    for (unsigned i = 0; i < axis->start_count; i++) {
        int128 start = axis->starts[i];
        int128 rounded = start / unit + (start > 0 && start % unit != 0);
        axis->has_short_starts =
            axis->has_short_starts && rounded >= INT64_MIN && rounded <= INT64_MAX;
        starts[i] = axis->has_short_starts ? (int64_t)rounded : 0;
    }
    axis->short_starts = starts;
}

static void add_symbol_segments(const struct rule *rule, struct rule_axis *axis) {
    axis->symbol_count = rule->names.symbol_count;
    uint32_t *segments = ARENA_ARRAY(rule->arena, uint32_t, axis->symbol_count + 1u);
    for (uint32_t i = 0; i <= axis->symbol_count; i++) {
        segments[i] = rule_axis_segment(axis, i);
    }
    axis->symbol_segments = segments;
}

static int make_axis(struct rule *rule, const struct rule_epoch *epoch, unsigned input,
                     size_t *masks_size, struct rule_axis *axis) {
    struct cutting cutting = {.rule = rule, .epoch = epoch, .input = input};
    unsigned words = rule->word_count;
    cutting.sets = ARENA_ARRAY(rule->arena, struct rule_set, rule->row_count + 1u);
    add_starts(&cutting, &rule->inputs[input].domain);
    for (unsigned bit = 0; bit < rule->row_count; bit++) {
        if (is_active(epoch, bit) && cell_of(&cutting, bit) != NULL) {
            cutting.sets[bit] =
                rule_cell_set(rule, cell_of(&cutting, bit), epoch->parameters, rule->arena);
            add_starts(&cutting, &cutting.sets[bit]);
        }
    }
    sort_starts(&cutting);
    bool is_text = rule->all_names[input].type == VALUE_SYMBOL;
    *masks_size += sizeof(uint64_t) * words * (cutting.count + 2u) +
                   (is_text ? sizeof(uint32_t) * rule->names.symbol_count : 0);
    if (*masks_size > RULE_MASKS_SIZE_MAX) {
        return node_error(rule->file, rule->err,
                          "the table is too large: its masks take more than %d MiB",
                          RULE_MASKS_SIZE_MAX / (1024 * 1024));
    }
    uint64_t *masks = ARENA_ARRAY(rule->arena, uint64_t, words * (cutting.count + 2u) + 1);
    uint8_t *is_outside = ARENA_ARRAY(rule->arena, uint8_t, cutting.count + 1u);
    fill_masks(&cutting, masks);
    for (unsigned s = 0; s <= cutting.count; s++) {
        is_outside[s] = !rule_set_contains(&rule->inputs[input].domain, key_in(&cutting, s));
    }
    *axis = (struct rule_axis){.type = rule->all_names[input].type,
                               .is_optional = rule->inputs[input].is_optional,
                               .is_integer = rule->inputs[input].is_integer,
                               .starts = cutting.starts,
                               .start_count = cutting.count,
                               .cost = 1 + steps_of(cutting.count) + words,
                               .is_outside = is_outside,
                               .masks = masks};
    add_short_starts(rule, input, axis);
    if (is_text) {
        add_symbol_segments(rule, axis);
    }
    return 0;
}

/* ---- epochs ---- */

static const struct value *parameters_on(struct rule *rule, int64_t day) {
    struct value *values = ARENA_ARRAY(rule->arena, struct value, rule->parameter_count + 1u);
    for (unsigned p = 0; p < rule->parameter_count; p++) {
        const struct rule_parameter *parameter = &rule->parameters[p];
        for (unsigned i = 0; i < parameter->count && parameter->first_days[i] <= day; i++) {
            values[p] = parameter->values[i];
        }
    }
    return values;
}

static const uint64_t *active_on(struct rule *rule, int64_t day) {
    uint64_t *active = ARENA_ARRAY(rule->arena, uint64_t, rule->word_count + 1u);
    for (unsigned bit = 0; bit < rule->row_count; bit++) {
        const struct rule_row *row = &rule->rows[rule->order[bit]];
        if (row->first_day <= day && day <= row->last_day) {
            active[bit / 64] |= UINT64_C(1) << (bit % 64);
        }
    }
    return active;
}

/* Every condition and every output may be evaluated, each once. */
static unsigned cost_of_expressions(const struct rule *rule) {
    unsigned cost = 0;
    for (unsigned r = 0; r < rule->row_count; r++) {
        const struct rule_row *row = &rule->rows[r];
        cost += 1 + (row->provided != NULL ? expression_cost(row->provided) : 0);
        for (unsigned o = 0; o < rule->output_count; o++) {
            const struct expression *expression = row->entries[o].expression;
            cost += 1 + (expression != NULL ? expression_cost(expression) : 0);
        }
    }
    return cost;
}

int rule_epoch_make(struct rule *rule) {
    int64_t days[RULE_EPOCHS_MAX];
    int count = rule_epoch_days(rule, days);
    if (count < 0) {
        return -1;
    }
    struct rule_epoch *epochs = ARENA_ARRAY(rule->arena, struct rule_epoch, (unsigned)count);
    size_t masks_size = 0;
    unsigned cost_max = 0;
    for (int e = 0; e < count; e++) {
        struct rule_axis *axes = ARENA_ARRAY(rule->arena, struct rule_axis, rule->input_count + 1u);
        epochs[e] = (struct rule_epoch){.first_day = days[e],
                                        .parameters = parameters_on(rule, days[e]),
                                        .active = active_on(rule, days[e]),
                                        .axes = axes,
                                        .cost = 1};
        for (unsigned i = 0; i < rule->input_count; i++) {
            if (make_axis(rule, &epochs[e], i, &masks_size, &axes[i]) < 0) {
                return -1;
            }
            epochs[e].cost += axes[i].cost;
        }
        cost_max = epochs[e].cost > cost_max ? epochs[e].cost : cost_max;
    }
    rule->epochs = epochs;
    rule->epoch_count = (unsigned)count;
    rule->cost = cost_max + cost_of_expressions(rule) + rule->output_count;
    return 0;
}
