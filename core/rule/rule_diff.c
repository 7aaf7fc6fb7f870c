/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_diff.c - see rule_diff.h. */
#include "core/rule/rule_diff.h"

#include "core/rule/rule_grid.h"

#include <stdlib.h>
#include <string.h>

#define WORK_MAX UINT64_C(20000000)
enum { VARIED_INPUTS_MAX = 4 };

struct diffing {
    struct arena *arena;
    const struct rule *tables[2];
    const struct rule_grid *grid;
    int64_t first_day, last_day, day;
    unsigned picks[RULE_GRID_INPUTS_MAX];
    uint64_t work, work_max;
    bool is_plain; /* no conditions and nothing computed */
    struct rule_grid_seen seen;
    struct rule_change *changes;
    size_t capacity;
    struct rule_diff *diff;
};

/* ---- outcomes ---- */

static const char *fired_text(const struct rule *rule, const struct rule_result *result,
                              struct arena *arena) {
    const char *text = "";
    for (unsigned i = 0; i < result->fired_count; i++) {
        text = arena_format(arena, "%s%s%s", text, i == 0 ? "" : ", ",
                            rule_name_of(rule, result->fired[i]));
    }
    return arena_format(arena, " (rule%s %s)", result->fired_count == 1 ? "" : "s", text);
}

/* The values of all that fired, which is what is compared, and behind them who fired. */
static const char *outcome(const struct rule *rule, const struct rule_result *result,
                           const struct value *values, int64_t day, struct arena *arena) {
    bool is_list = rule_hit(rule) >= RULE_HIT_RULE_ORDER && rule_hit(rule) <= RULE_HIT_COLLECT;
    const char *text = "";
    switch (result->status) {
    case RULE_REFUSED:
        return arena_format(arena, "refused: %s", rule->all_names[result->refused].name);
    case RULE_NOT_IN_FORCE:
        return "not in force";
    case RULE_CONFLICT:
        return "conflict";
    case RULE_NONE:
        return rule_hit(rule) == RULE_HIT_COUNT ? rule_print_outputs(rule, result->outputs, arena)
                                                : "no rule";
    default:
        break;
    }
    if (!is_list || result->fired_count < 2) {
        return rule_print_outputs(rule, result->outputs, arena);
    }
    for (unsigned i = 0; i < result->fired_count; i++) {
        struct value outputs[RULE_OUTPUTS_MAX];
        rule_outputs(rule, result->fired[i], values, day, outputs);
        text = arena_format(arena, "%s%s%s", text, i == 0 ? "" : " | ",
                            rule_print_outputs(rule, outputs, arena));
    }
    return text;
}

static bool same_value(const struct diffing *diffing, const struct value *a,
                       const struct value *b) {
    if (a->type != b->type || a->type == VALUE_MISSING) {
        return a->type == b->type;
    }
    return a->type == VALUE_SYMBOL ? strcmp(diffing->tables[0]->names.symbols[a->symbol],
                                            diffing->tables[1]->names.symbols[b->symbol]) == 0
                                   : rule_key(a) == rule_key(b);
}

/* Of one row of outputs, those that both tables have. */
static bool same_outputs(const struct diffing *diffing, const struct value *a,
                         const struct value *b) {
    const struct rule *old_rule = diffing->tables[0], *new_rule = diffing->tables[1];
    for (unsigned o = 0; o < old_rule->output_count; o++) {
        for (unsigned n = 0; n < new_rule->output_count; n++) {
            if (strcmp(old_rule->outputs[o].name, new_rule->outputs[n].name) == 0 &&
                !same_value(diffing, &a[o], &b[n])) {
                return false;
            }
        }
    }
    return true;
}

static bool is_many(enum rule_hit hit) {
    return hit >= RULE_HIT_RULE_ORDER && hit <= RULE_HIT_COLLECT;
}

static bool gives_outputs(const struct rule_result *result) {
    return result->status == RULE_FIRED || result->status == RULE_DEFAULT ||
           result->status == RULE_NONE;
}

static bool same_results(const struct diffing *diffing, const struct rule_result results[2],
                         struct value (*values)[RULE_INPUTS_MAX]) {
    if (!gives_outputs(&results[0]) || !gives_outputs(&results[1])) {
        return results[0].status == results[1].status;
    }
    if (!is_many(diffing->tables[0]->hit) && !is_many(diffing->tables[1]->hit)) {
        return same_outputs(diffing, results[0].outputs, results[1].outputs);
    }
    if (results[0].fired_count != results[1].fired_count) {
        return false;
    }
    bool is_same =
        results[0].fired_count > 0 || same_outputs(diffing, results[0].outputs, results[1].outputs);
    for (unsigned i = 0; i < results[0].fired_count && is_same; i++) {
        struct value outputs[2][RULE_OUTPUTS_MAX];
        for (unsigned t = 0; t < 2; t++) {
            rule_outputs(diffing->tables[t], results[t].fired[i], values[t], diffing->day,
                         outputs[t]);
        }
        is_same = same_outputs(diffing, outputs[0], outputs[1]);
    }
    return is_same;
}

/* ---- changes ---- */

static const struct value *kept(struct diffing *diffing, const struct value *values,
                                unsigned count) {
    struct value *copy = ARENA_ARRAY(diffing->arena, struct value, count + 1u);
    memcpy(copy, values, count * sizeof *values);
    return copy;
}

/* All inputs of both tables. A text that the old one does not know has its name in the new one. */
static const char *example_text(struct diffing *diffing, struct value (*values)[RULE_INPUTS_MAX]) {
    const char *text = "";
    for (unsigned i = 0; i < diffing->grid->input_count; i++) {
        const int *of = diffing->grid->inputs[i].of;
        const struct value *old_value = of[0] < 0 ? NULL : &values[0][of[0]];
        bool is_unknown =
            old_value == NULL || (old_value->type == VALUE_SYMBOL &&
                                  old_value->symbol == diffing->tables[0]->other_symbol);
        unsigned table = is_unknown && of[1] >= 0 ? 1 : 0;
        const struct expression_input *like = &diffing->tables[table]->all_names[of[table]];
        char printed[640];
        rule_print_value(diffing->tables[table], values[table][of[table]], like->dimension, printed,
                         sizeof printed);
        text = arena_format(diffing->arena, "%s%s%s = %s", text, i == 0 ? "" : ", ", like->name,
                            printed);
    }
    return text;
}

static void note(struct diffing *diffing, const struct rule_result results[2],
                 struct value (*values)[RULE_INPUTS_MAX]) {
    const char *outcomes[2];
    struct rule_diff *diff = diffing->diff;
    for (unsigned t = 0; t < 2; t++) {
        outcomes[t] = arena_format(
            diffing->arena, "%s%s",
            outcome(diffing->tables[t], &results[t], values[t], diffing->day, diffing->arena),
            results[t].fired_count > 0 ? fired_text(diffing->tables[t], &results[t], diffing->arena)
                                       : "");
    }
    for (unsigned i = 0; i < diff->change_count; i++) {
        struct rule_change *change = &diffing->changes[i];
        if (strcmp(change->outcomes[0], outcomes[0]) == 0 &&
            strcmp(change->outcomes[1], outcomes[1]) == 0 &&
            (change->last_day == diffing->last_day || change->last_day + 1 == diffing->first_day)) {
            change->last_day = diffing->last_day;
            return;
        }
    }
    if (diff->change_count == RULE_DIFF_CHANGES_MAX) {
        diff->is_bounded = true;
        return;
    }
    diffing->changes = arena_grow(diffing->arena, diffing->changes, diff->change_count,
                                  &diffing->capacity, sizeof *diffing->changes);
    diffing->changes[diff->change_count++] = (struct rule_change){
        .region = rule_grid_print(diffing->grid, diffing->picks, diffing->arena),
        .inputs = example_text(diffing, values),
        .outcomes = {outcomes[0], outcomes[1]},
        .first_day = diffing->first_day,
        .last_day = diffing->last_day,
        .day = diffing->day,
        .values = {kept(diffing, values[0], diffing->tables[0]->input_count),
                   kept(diffing, values[1], diffing->tables[1]->input_count)}};
}

/* ---- the walk over all combinations ---- */

static void compare_here(struct diffing *diffing) {
    unsigned inputs = diffing->grid->input_count;
    unsigned varied = diffing->is_plain            ? 0
                      : inputs < VARIED_INPUTS_MAX ? inputs
                                                   : VARIED_INPUTS_MAX;
    for (uint64_t high = 0; high < UINT64_C(1) << varied; high++) {
        struct value values[2][RULE_INPUTS_MAX];
        struct rule_result results[2];
        for (unsigned t = 0; t < 2; t++) {
            rule_grid_values(diffing->grid, diffing->picks, t, high, values[t]);
            rule_evaluate(diffing->tables[t], values[t], diffing->day, &results[t]);
        }
        diffing->work += 64;
        if (!same_results(diffing, results, values)) {
            note(diffing, results, values);
            return;
        }
    }
}

static void walk(struct diffing *diffing, unsigned depth, const uint64_t *mask) {
    if (diffing->work++ > diffing->work_max) {
        diffing->diff->is_bounded = true;
    }
    if (diffing->diff->is_bounded || rule_grid_enter(&diffing->seen, depth, mask)) {
        return;
    }
    if (depth == diffing->grid->input_count) {
        compare_here(diffing);
        return;
    }
    const struct rule_grid_input *input = &diffing->grid->inputs[depth];
    for (unsigned c = 0; c < input->class_count; c++) {
        uint64_t next[RULE_GRID_WORDS_MAX];
        for (unsigned w = 0; w < diffing->grid->words; w++) {
            next[w] = mask[w] & input->classes[c].mask[w];
        }
        diffing->work += diffing->grid->words;
        diffing->picks[depth] = c;
        walk(diffing, depth + 1, next);
    }
}

static int diff_days(struct diffing *diffing, int64_t first, int64_t last, struct error *err) {
    const struct rule *a = diffing->tables[0], *b = diffing->tables[1];
    uint64_t mask[RULE_GRID_WORDS_MAX];
    enum { SOME_DAY = 17167 }; /* 2017-01-01 */
    diffing->first_day = first;
    diffing->last_day = last;
    diffing->day = first != RULE_DAY_MIN ? first : last != RULE_DAY_MAX ? last : SOME_DAY;
    const struct rule_epoch *epochs[2] = {rule_epoch_of(a, diffing->day),
                                          rule_epoch_of(b, diffing->day)};
    diffing->grid = rule_grid_make(a, epochs[0], b, epochs[1], diffing->arena, err);
    if (diffing->grid == NULL) {
        return -1;
    }
    memcpy(mask, epochs[0]->active, a->word_count * sizeof *mask);
    memcpy(mask + a->word_count, epochs[1]->active, b->word_count * sizeof *mask);
    mask[diffing->grid->words - 1] = 3;
    rule_grid_forget(&diffing->seen, diffing->grid->words, diffing->arena);
    walk(diffing, 0, mask);
    return 0;
}

/* ---- the whole ---- */

/* On one day a parameter is a plain value. */
static bool reads_inputs(const struct rule *rule, const struct expression *expression) {
    unsigned count = 0;
    const uint16_t *inputs = expression == NULL ? NULL : expression_inputs(expression, &count);
    return count > 0 && inputs[0] < rule->input_count;
}

static bool is_plain(const struct rule *rule) {
    for (unsigned r = 0; r < rule->row_count; r++) {
        if (rule->rows[r].provided != NULL) {
            return false;
        }
        for (unsigned o = 0; o < rule->output_count; o++) {
            if (reads_inputs(rule, rule->rows[r].entries[o].expression)) {
                return false;
            }
        }
    }
    return true;
}

static int by_day(const void *a, const void *b) {
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

int rule_diff_make(const struct rule *old_rule, const struct rule *new_rule, uint64_t work_max,
                   struct arena *arena, struct rule_diff *diff, struct error *err) {
    struct diffing *diffing = ARENA_NEW(arena, struct diffing);
    diffing->arena = arena;
    diffing->tables[0] = old_rule;
    diffing->tables[1] = new_rule;
    diffing->work_max = work_max > 0 ? work_max : WORK_MAX;
    diffing->is_plain = is_plain(old_rule) && is_plain(new_rule);
    diffing->diff = diff;
    *diff = (struct rule_diff){.is_sampled = !diffing->is_plain};
    unsigned count = 0;
    int64_t *days = ARENA_ARRAY(arena, int64_t, old_rule->epoch_count + new_rule->epoch_count + 4u);
    for (unsigned t = 0; t < 2; t++) {
        const struct rule *rule = diffing->tables[t];
        for (unsigned e = 0; e < rule->epoch_count; e++) {
            days[count++] = rule->epochs[e].first_day;
        }
        days[count++] = rule->first_day;
        days[count++] = rule->last_day == RULE_DAY_MAX ? RULE_DAY_MIN : rule->last_day + 1;
    }
    qsort(days, count, sizeof *days, by_day);
    for (unsigned i = 0; i < count; i++) {
        if (i + 1 < count && days[i] == days[i + 1]) {
            continue;
        }
        int64_t last = i + 1 < count ? days[i + 1] - 1 : RULE_DAY_MAX;
        if (diff_days(diffing, days[i], last, err) < 0) {
            return -1;
        }
    }
    diff->changes = diffing->changes;
    return 0;
}
