/* SPDX-License-Identifier: GPL-3.0-or-later
 * rule_evaluate.c - one mask an input, joined; what is left is asked its condition. */
#include "core/base/require.h"
#include "core/rule/rule_table.h"

#include <string.h>

/* clang-format off */
static const int64_t powers[DECIMAL_SCALE_MAX + 1] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000,
    100000000000, 1000000000000, 10000000000000, 100000000000000, 1000000000000000,
    10000000000000000, 100000000000000000, 1000000000000000000};
/* clang-format on */

static inline int128 key_of(const struct value *value) {
    switch (value->type) {
    case VALUE_DECIMAL:
        return (int128)value->decimal.coefficient *
               powers[DECIMAL_SCALE_MAX - value->decimal.scale];
    case VALUE_DATE:
        return value->date_day;
    case VALUE_SYMBOL:
        return value->symbol;
    default:
        return value->boolean;
    }
}

int128 rule_key(const struct value *value) {
    return key_of(value);
}

bool rule_is_whole(struct decimal decimal) {
    return decimal.scale == 0 || decimal.coefficient % powers[decimal.scale] == 0;
}

/* The number of starts that are at most the key. Halves by arithmetic, as no branch predictor could
 * guess the way. */
static inline unsigned count_short(const int64_t *starts, unsigned count, int64_t key) {
    const int64_t *at = starts;
    while (count > 1) {
        size_t half = count / 2;
        at += half & (0 - (size_t)(at[half - 1] <= key));
        count -= (unsigned)half;
    }
    return (unsigned)(at - starts) + (count == 1 && *at <= key);
}

unsigned rule_axis_segment(const struct rule_axis *axis, int128 key) {
    const int128 *at = axis->starts;
    unsigned count = axis->start_count;
    while (count > 1) {
        size_t half = count / 2;
        at += half & (0 - (size_t)(at[half - 1] <= key));
        count -= (unsigned)half;
    }
    return count == 0 ? 0 : (unsigned)(at - axis->starts) + (*at <= key);
}

/* The value in units of the short starts; false when it is no whole number of them. */
static inline bool short_key(const struct rule_axis *axis, const struct value *value,
                             int64_t *key) {
    if (value->type == VALUE_DECIMAL) {
        return value->decimal.scale <= axis->short_scale &&
               !__builtin_mul_overflow(value->decimal.coefficient,
                                       powers[axis->short_scale - value->decimal.scale], key);
    }
    *key = value->type == VALUE_DATE ? value->date_day : value->boolean;
    return true;
}

static inline unsigned segment_of(const struct rule_axis *axis, const struct value *value) {
    int64_t key;
    if (axis->type == VALUE_SYMBOL) {
        uint32_t symbol = value->symbol;
        return axis->symbol_segments[symbol < axis->symbol_count ? symbol : axis->symbol_count];
    }
    if (axis->has_short_starts && short_key(axis, value, &key)) {
        return count_short(axis->short_starts, axis->start_count, key);
    }
    return rule_axis_segment(axis, key_of(value));
}

static inline const struct rule_epoch *epoch_of(const struct rule *rule, int64_t day) {
    unsigned low = 0, high = rule->epoch_count;
    while (high - low > 1) {
        unsigned middle = (low + high) / 2;
        if (rule->epochs[middle].first_day <= day) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return &rule->epochs[low];
}

const struct rule_epoch *rule_epoch_of(const struct rule *rule, int64_t day) {
    return epoch_of(rule, day);
}

/* The mask of a value, NULL where the input cannot hold it. */
static inline const uint64_t *mask_of(const struct rule_axis *axis, const struct value *value,
                                      unsigned words) {
    unsigned segment = axis->start_count + 1;
    if (value->type == axis->type) {
        segment = segment_of(axis, value);
        if (axis->is_outside[segment] || (axis->is_integer && !rule_is_whole(value->decimal))) {
            return NULL;
        }
    } else if (value->type != VALUE_MISSING || !axis->is_optional) {
        return NULL;
    }
    return axis->masks + (size_t)segment * words;
}

/* Joins the masks of all inputs. The number of inputs, or that of the first one refused. */
static inline unsigned join_masks(const struct rule *rule, const struct rule_epoch *epoch,
                                  const struct value *values, unsigned words, uint64_t *mask) {
    for (unsigned w = 0; w < words; w++) {
        mask[w] = epoch->active[w];
    }
    for (unsigned i = 0; i < rule->input_count; i++) {
        const uint64_t *of_input = mask_of(&epoch->axes[i], &values[i], words);
        if (of_input == NULL) {
            return i;
        }
        for (unsigned w = 0; w < words; w++) {
            mask[w] &= of_input[w];
        }
    }
    return rule->input_count;
}

/* What an evaluation works on. Expressions read inputs and parameters from one array, which is
 * made when the first one is met. */
struct evaluation {
    const struct rule *rule;
    const struct rule_epoch *epoch;
    const struct value *values;
    struct rule_result *result;
    bool has_all;
    struct value all[RULE_INPUTS_MAX + RULE_PARAMETERS_MAX];
};

static const struct value *all_values(struct evaluation *evaluation) {
    const struct rule *rule = evaluation->rule;
    if (!evaluation->has_all) {
        memcpy(evaluation->all, evaluation->values, rule->input_count * sizeof(struct value));
        memcpy(evaluation->all + rule->input_count, evaluation->epoch->parameters,
               rule->parameter_count * sizeof(struct value));
        evaluation->has_all = true;
    }
    return evaluation->all;
}

static bool is_provided(struct evaluation *evaluation, const struct rule_row *row) {
    evaluation->result->cost++;
    if (row->provided == NULL) {
        return true;
    }
    evaluation->result->cost += expression_cost(row->provided);
    return expression_holds(row->provided, all_values(evaluation));
}

/* Returns the cost. */
static unsigned put_outputs(struct evaluation *evaluation, unsigned index, struct value *outputs) {
    const struct rule *rule = evaluation->rule;
    const struct rule_entry *entries = rule->rows[index].entries;
    unsigned cost = rule->output_count;
    for (unsigned o = 0; o < rule->output_count; o++) {
        if (entries[o].expression == NULL) {
            outputs[o] = entries[o].value;
        } else {
            outputs[o] = expression_evaluate(entries[o].expression, all_values(evaluation));
            cost += expression_cost(entries[o].expression);
        }
    }
    return cost;
}

static bool is_same(const struct value *a, const struct value *b) {
    return a->type == b->type && (a->type == VALUE_MISSING || key_of(a) == key_of(b));
}

static void clear_outputs(const struct rule *rule, struct rule_result *result) {
    for (unsigned o = 0; o < rule->output_count; o++) {
        result->outputs[o].type = VALUE_MISSING;
    }
}

static void conflict(const struct rule *rule, struct rule_result *result) {
    result->status = RULE_CONFLICT;
    clear_outputs(rule, result);
}

static void agree(struct evaluation *evaluation) {
    const struct rule *rule = evaluation->rule;
    struct rule_result *result = evaluation->result;
    struct value outputs[RULE_OUTPUTS_MAX];
    for (unsigned i = 1; i < result->fired_count && result->status == RULE_FIRED; i++) {
        result->cost += put_outputs(evaluation, result->fired[i], outputs);
        for (unsigned o = 0; o < rule->output_count; o++) {
            if (!is_same(&outputs[o], &result->outputs[o])) {
                conflict(rule, result);
                return;
            }
        }
    }
}

/* Sum, least or greatest of what fired; one missing value makes it missing. */
static void aggregate(struct evaluation *evaluation) {
    struct rule_result *result = evaluation->result;
    struct value *total = &result->outputs[0], next;
    for (unsigned i = 1; i < result->fired_count; i++) {
        result->cost += put_outputs(evaluation, result->fired[i], &next);
        if (next.type == VALUE_MISSING || total->type == VALUE_MISSING) {
            total->type = VALUE_MISSING;
        } else if (evaluation->rule->hit == RULE_HIT_SUM) {
            if (decimal_add(total->decimal, next.decimal, &total->decimal) < 0) {
                total->type = VALUE_MISSING;
            }
        } else if ((decimal_compare(next.decimal, total->decimal) < 0) ==
                   (evaluation->rule->hit == RULE_HIT_MIN)) {
            *total = next;
        }
    }
}

static void put_defaults(const struct rule *rule, struct rule_result *result) {
    result->status = RULE_NONE;
    for (unsigned o = 0; o < rule->output_count; o++) {
        result->outputs[o] = rule->outputs[o].default_value;
        result->status = result->outputs[o].type != VALUE_MISSING ? RULE_DEFAULT : result->status;
    }
    result->cost += rule->output_count;
}

static void conclude(struct evaluation *evaluation) {
    const struct rule *rule = evaluation->rule;
    struct rule_result *result = evaluation->result;
    if (rule->hit == RULE_HIT_COUNT) {
        result->status = result->fired_count > 0 ? RULE_FIRED : RULE_NONE;
        result->outputs[0] =
            (struct value){.type = VALUE_DECIMAL, .decimal = {(int64_t)result->fired_count, 0}};
        return;
    }
    if (result->fired_count == 0) {
        put_defaults(rule, result);
        return;
    }
    result->status = RULE_FIRED;
    if (rule->hit == RULE_HIT_UNIQUE && result->fired_count > 1) {
        conflict(rule, result);
        return;
    }
    result->cost += put_outputs(evaluation, result->fired[0], result->outputs);
    if (rule->hit == RULE_HIT_ANY) {
        agree(evaluation);
    } else if (rule->hit >= RULE_HIT_SUM) {
        aggregate(evaluation);
    }
}

/* Those of a mask whose condition holds, in the order of the bits. */
static void fire(struct evaluation *evaluation, const uint64_t *mask) {
    const struct rule *rule = evaluation->rule;
    struct rule_result *result = evaluation->result;
    bool takes_one = rule->hit == RULE_HIT_FIRST || rule->hit == RULE_HIT_PRIORITY;
    for (unsigned w = 0; w < rule->word_count; w++) {
        for (uint64_t left = mask[w]; left != 0; left &= left - 1) {
            unsigned index = rule->order[w * 64 + (unsigned)__builtin_ctzll(left)];
            if (is_provided(evaluation, &rule->rows[index])) {
                result->fired[result->fired_count++] = (uint16_t)index;
                if (takes_one) {
                    return;
                }
            }
        }
    }
}

static void refuse(const struct rule *rule, unsigned input, struct rule_result *result) {
    result->status = RULE_REFUSED;
    result->refused = input;
    clear_outputs(rule, result);
}

void rule_evaluate(const struct rule *rule, const struct value *values, int64_t day,
                   struct rule_result *result) {
    struct evaluation evaluation;
    uint64_t mask[RULE_WORDS_MAX];
    result->fired_count = 0;
    result->cost = 1;
    if (day < rule->first_day || day > rule->last_day) {
        result->status = RULE_NOT_IN_FORCE;
        clear_outputs(rule, result);
        return;
    }
    const struct rule_epoch *epoch = epoch_of(rule, day);
    result->cost = epoch->cost;
    /* One word is what most tables have; with the constant the loops over words go. */
    unsigned words = rule->word_count;
    unsigned joined = words == 1 ? join_masks(rule, epoch, values, 1, mask)
                                 : join_masks(rule, epoch, values, words, mask);
    if (joined < rule->input_count) {
        refuse(rule, joined, result);
        return;
    }
    evaluation.rule = rule;
    evaluation.epoch = epoch;
    evaluation.values = values;
    evaluation.result = result;
    evaluation.has_all = false;
    fire(&evaluation, mask);
    conclude(&evaluation);
}

unsigned rule_outputs(const struct rule *rule, unsigned index, const struct value *values,
                      int64_t day, struct value *outputs) {
    struct evaluation evaluation;
    REQUIRE(index < rule->row_count);
    evaluation.rule = rule;
    evaluation.epoch = epoch_of(rule, day);
    evaluation.values = values;
    evaluation.has_all = false;
    return put_outputs(&evaluation, index, outputs);
}
